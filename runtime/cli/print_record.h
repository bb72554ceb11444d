/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* One table in memory as text for people: a field a line, with its offset. */
#ifndef FFABI_CLI_PRINT_RECORD_H
#define FFABI_CLI_PRINT_RECORD_H

#include <stdio.h>

#include "object.h"

/* Where lines go and how far they are indented. */
struct page {
	FILE *out;
	const struct object *o;
	int indent;
};

void begin_line(const struct page *p);

/* "0x0040": an offset as it is shown */
#define PLACE_SIZE 32
void place_text(const struct object *o, uint64_t at, char text[PLACE_SIZE]);

/* Not a reserved one. */
int field_is_shown(const table_field *f);
void print_field_value(FILE *out, const struct record *r, const table_field *f);

/* n bytes from offset on, or the first few of them. */
void print_bytes(FILE *out, const struct record *r, uint64_t offset, uint64_t n);

/* Fields, unless they are shown already, and what is wrong with the bytes. */
void print_record(const struct page *p, const struct record *r, int with_fields);

/* An element can be larger than the layout that is known of it. */
void print_surplus(const struct page *p, const struct record *r);

#endif /* FFABI_CLI_PRINT_RECORD_H */
