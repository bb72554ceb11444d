/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* A table in memory with all that it leads to: arrays behind it, parts at an offset that it holds.
 */
#ifndef FFABI_CLI_OBJECT_H
#define FFABI_CLI_OBJECT_H

#include "record.h"

/* A single table, or the elements of an array. */
struct section {
	const char *name; /* "access"; a null pointer for the object itself */
	unsigned int table; /* NO_TABLE: 16-bit numbers */
	uint32_t version; /* whose layout the records have */
	int is_array;
	unsigned int parent; /* index of the section that leads here */
	uint64_t at; /* of the first, in the bytes */
	uint64_t stride; /* from one element to the next */
	uint64_t announced;
	uint64_t here; /* how many of them are wholly in the bytes */
};

#define MAX_SECTIONS 8
struct object {
	struct ffabi_src src; /* base is 8-byte aligned */
	uint64_t base; /* what offset 0 is shown as */
	uint64_t total; /* bytes of the whole; src.len when all of it is here */
	uint64_t fragment; /* as announced */
	uint32_t version; /* in force */
	unsigned int usage; /* enum ffabi_usage, or 0 */
	unsigned int table;
	struct section sections[MAX_SECTIONS];
	unsigned int section_count;
	int judged; /* the library has been asked, */
	struct ffabi_violation strict; /* and found this; rule is 0 when all is well */
};

/* Whole in its bytes, in one version and usage. */
void object_start(struct object *o, const uint8_t *bytes, uint64_t count, uint32_t version);

/* One table, or the elements of one up to the end of the bytes where it comes in lists. */
void object_of_table(struct object *o, unsigned int table, unsigned int usage);
/* Elements only; stride 0: that of the version. */
void object_of_elements(struct object *o, unsigned int table, uint64_t announced, uint64_t stride);

/* Element i of a section, or the single record; also one that is not wholly here. */
void object_record(const struct object *o, const struct section *s, uint64_t i, struct record *out);

/* Are the elements said to be smaller than in any version?  Then none is shown. */
int section_is_cramped(const struct section *s);

/* The first section that announces more than the bytes have, though they are all; or a null
 * pointer. */
const struct section *object_short(const struct object *o);

/* Where the last section ends: what follows is not described. */
uint64_t object_end(const struct object *o);

/* Where the constituents of a transaction begin, or 0. */
uint64_t object_ranges(const struct object *o);

#endif /* FFABI_CLI_OBJECT_H */
