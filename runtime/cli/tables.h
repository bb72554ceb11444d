/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Finding tables by name, and asking the library whether one obeys the specification. */
#ifndef FFABI_CLI_TABLES_H
#define FFABI_CLI_TABLES_H

#include <ffabi/calls.h>
#include <ffabi/wire.h>

#include "report.h"

/* "mem_transaction" */
const char *table_key(unsigned int table);

/*
 * By key or by the name in the documents (memory_transaction_descriptor), or by a
 * part of them that only one has; reports what is wrong and returns 0.
 */
int find_table(struct report *r, const char *text, unsigned int *table);

/* "share"; a null pointer for 0. */
const char *usage_name(unsigned int usage);
int find_usage(const char *text, enum ffabi_usage *usage);

/* Strict reading of the fixed part at this offset; *done is 0 when the command cannot ask for it.
 */
enum ffabi_rule table_check(struct ffabi_ctx *c, unsigned int table, enum ffabi_usage usage,
			    const struct ffabi_src *src, uint64_t at, int *done);

#endif /* FFABI_CLI_TABLES_H */
