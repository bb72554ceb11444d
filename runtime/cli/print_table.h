/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Tables in memory as text for people. */
#ifndef FFABI_CLI_PRINT_TABLE_H
#define FFABI_CLI_PRINT_TABLE_H

#include <stdio.h>

#include "object.h"

/* A name, which ends the line under way, then fields and parts a line each, indented by so much and
 * more. */
void print_object(FILE *out, const struct object *o, int indent);

#endif /* FFABI_CLI_PRINT_TABLE_H */
