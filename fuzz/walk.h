/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* What has to be true of any cursor: a table, then its elements, in one pass over shared bytes. */
#ifndef FUZZ_WALK_H
#define FUZZ_WALK_H

#include "harness.h"

struct fuzz_walker {
	size_t cursor_size, element_size; /* of the structs */
	enum ffabi_rule (*open)(struct ffabi_ctx *c, const struct fuzz_input *in,
				const struct ffabi_src *src, void *cursor);
	/* FFABI_END after the last element. */
	enum ffabi_rule (*next)(struct ffabi_ctx *c, void *cursor, void *element);
	/* How many elements there are to be, once it is open. */
	uint64_t (*announced)(const void *cursor);
	/* What holds of an accepted element; or a null pointer. */
	void (*judge)(const struct fuzz_input *in, const void *cursor, const void *element);
	/* Strictly accepted: count elements, in an array; or a null pointer. */
	void (*accepted)(const struct fuzz_input *in, const void *cursor, const void *elements,
			 uint32_t count);
};

/* In shared bytes under attack, in quiet ones, and strictly: the same verdicts and values. */
void fuzz_walk(const struct fuzz_input *in, const struct fuzz_walker *w);

#endif /* FUZZ_WALK_H */
