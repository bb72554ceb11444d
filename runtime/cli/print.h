/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Decoded calls as text for people. */
#ifndef FFABI_CLI_PRINT_H
#define FFABI_CLI_PRINT_H

#include <stdio.h>

#include "follow.h"

/* "FFA_MEM_SHARE_64", "FFA_FEATURES_32: FFA_RXTX_MAP", "not an FF-A call (0x84000000)" */
void print_name(FILE *out, const struct view *v);

/* What stands behind "-> ": the name, for errors with status and meaning. */
void print_reply_name(FILE *out, const struct view *v);

/* Fields, what is wrong with them, and the verdict of the library, one a line. */
void print_fields(FILE *out, const struct view *v);

/* A call of a trace with everything that belongs to it. */
void print_call(FILE *out, const struct decoded *d, int with_buffers);

#endif /* FFABI_CLI_PRINT_H */
