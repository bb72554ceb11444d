/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* The ffabi command in this process: text in, text out. */
#ifndef FUZZ_COMMAND_H
#define FUZZ_COMMAND_H

#include "harness.h"

#include "../runtime/cli/commands.h"

/*
 * Runs it with n bytes as standard input.  Whatever it is given, it ends with a status, never with
 * that of a bug; what it prints is harmless for a terminal, and JSON where that was asked for.
 */
void fuzz_command(enum exit_status (*command)(const struct options *o), const struct options *o,
		  const uint8_t *input, size_t n);

#endif /* FUZZ_COMMAND_H */
