/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* The buffers of a call as text for people. */
#ifndef FFABI_CLI_PRINT_BUFFERS_H
#define FFABI_CLI_PRINT_BUFFERS_H

#include <stdio.h>

#include "follow.h"

/* What is known of their content: that of rx, or of the others. */
void print_buffers(FILE *out, const struct decoded *d, int received);

/* All bytes, as hexadecimal digits and characters. */
void print_hex_buffers(FILE *out, const struct trace_call *call);

#endif /* FFABI_CLI_PRINT_BUFFERS_H */
