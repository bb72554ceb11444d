/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Memory transactions as a whole, read in either way. */
#ifndef FUZZ_MEMORY_H
#define FUZZ_MEMORY_H

#include "harness.h"

#include <ffabi/transaction.h>

/*
 * Options of the head: 1 the whole has as many bytes as the number says, else as many as the body;
 * 2 the fragment is said to be the whole; bits 2 and 3: how many constituents are compared;
 * bits 4 to 6: how many constituents a cursor takes at once, 0: one by one.
 */
void fuzz_memory_length(const struct fuzz_input *in, struct ffabi_mem_length *length,
			struct ffabi_mem_limits *limits);

/* What a reader found: arrays have as many elements as the counts say. */
struct fuzz_memory {
	struct ffabi_mem_transaction header;
	struct ffabi_mem_places places;
	struct ffabi_mem_composite composite;
	struct ffabi_mem_access *access;
	struct ffabi_mem_constituent *ranges;
	uint32_t here;
};

/* Each reads data, of in->n bytes; found is to be released when the verdict is OK. */
enum ffabi_rule fuzz_memory_check(const struct fuzz_input *in, struct ffabi_ctx *c,
				  const uint8_t *data, struct fuzz_memory *found);
enum ffabi_rule fuzz_memory_walk(const struct fuzz_input *in, struct ffabi_ctx *c,
				 const uint8_t *data, enum fuzz_pass pass,
				 struct fuzz_memory *found);
void fuzz_memory_release(struct fuzz_memory *m);

/* The same values in both. */
int fuzz_memory_same(const struct fuzz_memory *a, const struct fuzz_memory *b);

/* To be written again. */
void fuzz_memory_message(const struct fuzz_memory *m, struct ffabi_mem_message *out);

#endif /* FUZZ_MEMORY_H */
