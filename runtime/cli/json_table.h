/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Tables in memory as JSON. */
#ifndef FFABI_CLI_JSON_TABLE_H
#define FFABI_CLI_JSON_TABLE_H

#include <stdio.h>

#include "object.h"

/* "table": "mem_transaction", ... "fields": {...}, "access": [...], "strict": null; no braces
 * around */
void json_object(FILE *out, const struct object *o);

#endif /* FFABI_CLI_JSON_TABLE_H */
