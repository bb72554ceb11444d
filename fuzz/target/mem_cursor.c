/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Memory transactions in shared bytes, with a writer behind the reader; constituents several at
 * once, and one by one.  Seeds: mem_transaction vectors-memory hypervisors
 */
#include "memory.h"
#include "shapes.h"

#include <stdlib.h>

static void run(const struct fuzz_input *in)
{
	struct fuzz_input single = *in;
	uint8_t *shared = fuzz_copy(in->body, in->n);
	uint8_t *quiet = fuzz_copy(in->body, in->n);
	struct ffabi_ctx c = in->c, d = in->c;
	struct fuzz_memory m, other;
	enum ffabi_rule first, second;

	single.options &= 0xf;
	first = fuzz_memory_walk(in, &c, shared, FUZZ_HOSTILE, &m);
	second = fuzz_memory_walk(&single, &d, quiet, FUZZ_ONCE, &other);
	REQUIRE(2, fuzz_same_verdict(&c, first, &d, second),
		"a writer behind the reader changes the verdict");
	if (first == FFABI_OK) {
		REQUIRE(2, fuzz_memory_same(&m, &other),
			"a writer behind the reader changes a value");
		fuzz_memory_release(&m);
		fuzz_memory_release(&other);
	}
	free(shared);
	free(quiet);
}

const struct fuzz_target fuzz_target = {"mem_cursor", &fuzz_shape_mem_transaction, run, NULL};
