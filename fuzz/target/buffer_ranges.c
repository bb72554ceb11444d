/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Endpoint RX/TX descriptors: the ranges of both buffers, one list after the other.  Seeds: rxtx */
#include "shapes.h"
#include "walk.h"

#include <ffabi/lists.h>

/* Both lists as one. */
struct both {
	struct ffabi_endpoint_rxtx fixed;
	struct ffabi_rxtx_ranges ranges;
	unsigned int at_tx;
};

static enum ffabi_rule open_both(struct ffabi_ctx *c, const struct fuzz_input *in,
				 const struct ffabi_src *src, void *cursor)
{
	struct both *b = cursor;

	(void)in;
	b->at_tx = 0;
	return ffabi_rxtx_open(c, src, &b->fixed, &b->ranges);
}

static enum ffabi_rule next(struct ffabi_ctx *c, void *cursor, void *element)
{
	struct both *b = cursor;
	enum ffabi_rule rule = FFABI_END;

	if (!b->at_tx)
		rule = ffabi_range_next(c, &b->ranges.rx, element);
	if (rule != FFABI_END)
		return rule;
	b->at_tx = 1;
	return ffabi_range_next(c, &b->ranges.tx, element);
}

static uint64_t announced(const void *cursor)
{
	const struct both *b = cursor;

	return (uint64_t)b->ranges.rx.composite.address_range_count +
	       b->ranges.tx.composite.address_range_count;
}

/* Invariant 4: pages that exist. */
static void check_range(const struct fuzz_input *in, const void *cursor, const void *element)
{
	const struct ffabi_mem_constituent *r = element;

	(void)cursor;
	(void)in;
	REQUIRE(3,
		r->page_count != 0 &&
			r->address / FFABI_PAGE_SIZE + r->page_count <= ~0ull / FFABI_PAGE_SIZE + 1,
		"a range wraps, or is none");
}

/* Invariant 4: the lists lie in the bytes, apart, and their pages add up. */
static void check_both(const struct fuzz_input *in, const void *cursor, const void *elements,
		       uint32_t count)
{
	const struct both *b = cursor;
	const struct ffabi_range_cursor *lists[] = {&b->ranges.rx, &b->ranges.tx};
	const struct ffabi_mem_constituent *r = elements;
	uint64_t ends[2];

	for (unsigned int i = 0; i < 2; i++) {
		const struct ffabi_range_cursor *l = lists[i];
		uint64_t pages = 0;

		for (uint32_t k = 0; k < l->composite.address_range_count; k++, r++)
			pages += r->page_count;
		REQUIRE(4, pages == l->composite.total_page_count, "another sum of pages");
		ends[i] = l->at + ffabi_mem_composite_size(in->c.version) +
			  (uint64_t)ffabi_mem_constituent_size(in->c.version) *
				  l->composite.address_range_count;
		REQUIRE(1, ends[i] <= in->n, "ranges outside");
	}
	REQUIRE(1, r == (const struct ffabi_mem_constituent *)elements + count,
		"another count of ranges");
	REQUIRE(4, ends[0] <= lists[1]->at || ends[1] <= lists[0]->at, "two lists share bytes");
}

static void run(const struct fuzz_input *in)
{
	static const struct fuzz_walker walker = {
		sizeof(struct both), sizeof(struct ffabi_mem_constituent),
		open_both,	     next,
		announced,	     check_range,
		check_both};

	fuzz_walk(in, &walker);
}

const struct fuzz_target fuzz_target = {"buffer_ranges", &fuzz_shape_endpoint_rxtx, run, NULL};
