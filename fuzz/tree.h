/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* A table with what it leads to, taken apart so that it can be put together again. */
#ifndef FUZZ_TREE_H
#define FUZZ_TREE_H

#include "mutate.h"

#define FUZZ_RECORD 64u /* no table has more bytes */
#define FUZZ_LIST 8192u
#define FUZZ_TAIL 1024u

/* A fixed part; at is where it was found. */
struct fuzz_record {
	const struct fuzz_shape *shape;
	size_t at;
	uint8_t bytes[FUZZ_RECORD];
};

/* Elements: their shape, or a null pointer for 16-bit numbers. */
struct fuzz_list {
	const struct fuzz_shape *shape;
	size_t at;
	uint32_t stride, count;
	uint8_t bytes[FUZZ_LIST];
};

/* The table, its elements, the part that those lead to with its own elements, and what is left. */
struct fuzz_tree {
	struct fuzz_meaning meaning;
	struct fuzz_record head;
	struct fuzz_list list;
	int has_part;
	struct fuzz_record part;
	struct fuzz_list sub;
	uint32_t gap, part_gap; /* bytes between the parts, when it is put together */
	size_t tail_n;
	uint8_t tail[FUZZ_TAIL];
};

/* As much as the bytes have; what is missing is zero. */
void fuzz_take_apart(struct fuzz_tree *t, const struct fuzz_meaning *m, const uint8_t *data,
		     size_t n);

/* Sets counts, offsets, strides and sums to what they have to be; 0 when max is too small. */
size_t fuzz_put_together(struct fuzz_tree *t, uint8_t *out, size_t max);

/* Bytes of an element in that version, without any distance. */
uint32_t fuzz_element_size(const struct fuzz_shape *of, unsigned int version);

#endif /* FUZZ_TREE_H */
