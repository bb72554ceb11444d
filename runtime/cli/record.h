/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* One table in memory, read by its description: what is there is shown, however wrong it is. */
#ifndef FFABI_CLI_RECORD_H
#define FFABI_CLI_RECORD_H

#include <ffabi/calls.h>
#include <ffabi/describe.h>
#include <ffabi/wire.h>

/* An element of an array that is a bare 16-bit number. */
#define NO_TABLE ((unsigned int)FFABI_TABLE_COUNT)
#define NUMBER_SIZE 2u

struct record {
	const struct ffabi_src *src;
	unsigned int table; /* enum ffabi_table */
	uint32_t version; /* whose layout is shown */
	unsigned int usage; /* enum ffabi_usage; 0 where the table has one use only */
	uint64_t at; /* offset in src */
	uint64_t room; /* bytes that belong to it */
};

typedef struct ffabi_desc_table_field table_field;

/* Bytes of the fixed part; 0 when the version does not have the table. */
uint32_t table_size(unsigned int table, uint32_t version);
/* Does the layout depend on what the table is for? */
int table_has_usages(unsigned int table);
/* The newest layout, up to that of version, that has room; 0 when none has. */
uint32_t table_layout(unsigned int table, uint32_t version, uint64_t room);

unsigned int record_field_count(const struct record *r);
/* Field i, or a null pointer when it is not meant here or its bytes are missing. */
const table_field *record_field(const struct record *r, unsigned int i);
/* By enum ffabi_field. */
const table_field *record_find(const struct record *r, unsigned int field);

/* Fields of at most 8 bytes. */
uint64_t record_value(const struct record *r, const table_field *f);
uint8_t record_byte(const struct record *r, uint64_t offset);
/* n bytes from offset on. */
uint64_t record_load(const struct record *r, uint64_t offset, unsigned int n);
int record_is_zero(const struct record *r, uint64_t offset, uint64_t n);

/* Bits that fields take. */
#define LARGEST_TABLE 256u
struct coverage {
	uint8_t bits[LARGEST_TABLE];
};
void record_cover(const struct record *r, struct coverage *out);

/*
 * Fields of another usage whose bits are free and not zero: from *i on, the next
 * one, which is covered from then on.
 */
const table_field *record_foreign(const struct record *r, struct coverage *c, unsigned int *i);

/* Bits of byte offset that are set and that no field takes. */
uint8_t record_stray(const struct record *r, const struct coverage *c, uint64_t offset);

/* Bytes of the fixed part that are there. */
uint64_t record_fixed(const struct record *r);

/* Is it one piece of its container: bits 15:0 of 2 bytes? */
int field_is_whole(const table_field *f);

#endif /* FFABI_CLI_RECORD_H */
