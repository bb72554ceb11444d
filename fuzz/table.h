/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Targets of the fixed part of a table: generated/fuzz/ has one file a table, with its functions
 * under one type. */
#ifndef FUZZ_TABLE_H
#define FUZZ_TABLE_H

#include "harness.h"

/* Where the value of a statement is in the struct; size 0: nowhere. */
struct fuzz_member {
	uint16_t offset;
	uint16_t size;
};

struct fuzz_table {
	const struct fuzz_shape *shape;
	const struct fuzz_member *members; /* one a field of the shape */
	size_t struct_size;
	enum ffabi_rule (*unpack)(struct ffabi_ctx *c, enum ffabi_usage usage,
				  const struct ffabi_src *src, uint64_t at, void *out);
	enum ffabi_rule (*pack)(struct ffabi_ctx *c, enum ffabi_usage usage, const void *in,
				const struct ffabi_dst *dst, uint64_t at);
	enum ffabi_rule (*valid)(struct ffabi_ctx *c, enum ffabi_usage usage, const void *in,
				 uint64_t at);
	enum ffabi_rule (*store)(struct ffabi_ctx *c, const void *in, const struct ffabi_dst *dst,
				 uint64_t at);
	uint32_t (*size)(uint32_t version);
};

#define FUZZ_MEMBER(type, name)                                                                    \
	{                                                                                          \
		offsetof(type, name), sizeof(((type *)0)->name)                                    \
	}

/* Each generated target defines it. */
extern const struct fuzz_table fuzz_table;

/* One table in private bytes: the whole contract of reading and writing. */
void fuzz_table_check(const struct fuzz_input *in);
/* One after the other in shared bytes, each byte loaded once while others write to them. */
void fuzz_table_cursor(const struct fuzz_input *in);

/* style: check or cursor. */
#define FUZZ_TABLE_TARGET(table, style) FUZZ_TABLE_TARGET_(table, style)
#define FUZZ_TABLE_TARGET_(table, style)                                                           \
	const struct fuzz_target fuzz_target = {#table "_" #style, &fuzz_shape_##table,            \
						fuzz_table_##style, 0}

#endif /* FUZZ_TABLE_H */
