/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Memory transactions as a whole, read in either way. */
#include "memory.h"

#include <stdlib.h>
#include <string.h>

#define SCRIBBLE 0xee
#define SMALLEST 8u /* no element takes fewer bytes */

void fuzz_memory_length(const struct fuzz_input *in, struct ffabi_mem_length *length,
			struct ffabi_mem_limits *limits)
{
	static const uint32_t limit[] = {64, 0, 2, 4096};

	length->total = (in->options & 1) != 0 ? in->number : (uint32_t)in->n;
	length->fragment = (in->options & 2) != 0 ? length->total : (uint32_t)in->n;
	limits->overlap_limit = limit[in->options >> 2 & 3];
}

/* No more elements than bytes, or the reader has made some up. */
static void make_room(const struct fuzz_input *in, struct fuzz_memory *m)
{
	memset(m, SCRIBBLE, sizeof(*m));
	m->access = calloc(in->n / SMALLEST + 1, sizeof(*m->access));
	m->ranges = calloc(in->n / SMALLEST + 1, sizeof(*m->ranges));
	if (m->access == NULL || m->ranges == NULL)
		abort();
}

void fuzz_memory_release(struct fuzz_memory *m)
{
	free(m->access);
	free(m->ranges);
}

static uint64_t visible(const struct ffabi_src *src, const struct ffabi_mem_length *length)
{
	return length->fragment < src->len ? length->fragment : src->len;
}

enum ffabi_rule fuzz_memory_check(const struct fuzz_input *in, struct ffabi_ctx *c,
				  const uint8_t *data, struct fuzz_memory *found)
{
	const struct ffabi_src src = {data, in->n};
	struct ffabi_mem_length length;
	struct ffabi_mem_limits limits;
	struct ffabi_mem_view v;
	enum ffabi_rule rule;

	fuzz_memory_length(in, &length, &limits);
	memset(&v, SCRIBBLE, sizeof(v));
	fuzz_watch(&src, visible(&src, &length), FUZZ_ANY);
	rule = ffabi_mem_check(c, in->usage, &src, &length, &limits, &v);
	if (rule != FFABI_OK) {
		fuzz_judge_refusal(c, rule, length.total);
		return rule;
	}
	make_room(in, found);
	found->header = v.header;
	found->places = v.places;
	found->composite = v.composite;
	found->here = v.ranges_here;
	REQUIRE(1, v.places.access_count <= in->n / SMALLEST && v.ranges_here <= in->n / SMALLEST,
		"more parts than bytes");
	for (uint32_t i = 0; i < v.places.access_count; i++)
		ffabi_mem_view_access(&v, i, &found->access[i]);
	for (uint32_t i = 0; i < v.ranges_here; i++)
		ffabi_mem_view_range(&v, i, &found->ranges[i]);
	fuzz_unwatch();
	return rule;
}

/* One by one, or several at once; m->here is how many were taken. */
static enum ffabi_rule take_ranges(const struct fuzz_input *in, struct ffabi_ctx *c,
				   struct ffabi_mem_cursor *cur, struct fuzz_memory *m)
{
	const uint32_t room = (uint32_t)(in->n / SMALLEST), bulk = in->options >> 4 & 7;
	enum ffabi_rule rule = FFABI_OK;

	m->here = 0;
	while (rule == FFABI_OK) {
		const uint32_t left = room + 1 - m->here;
		uint32_t n = 0;

		REQUIRE(1, m->here <= room, "more parts than bytes");
		if (bulk == 0) {
			rule = ffabi_mem_next_range(c, cur, &m->ranges[m->here]);
			n = rule == FFABI_OK;
		} else {
			const uint32_t asked = bulk < left ? bulk : left;

			rule = ffabi_mem_next_ranges(c, cur, &m->ranges[m->here], asked, &n);
			REQUIRE(1, n <= asked && (rule != FFABI_OK || n != 0),
				"more than were asked for, or none");
		}
		m->here += n;
	}
	return rule;
}

/* From the header to the last constituent; what comes too early or too late says END. */
static enum ffabi_rule walk(const struct fuzz_input *in, struct ffabi_ctx *c,
			    struct ffabi_mem_cursor *cur, struct fuzz_memory *m)
{
	const uint32_t room = (uint32_t)(in->n / SMALLEST);
	enum ffabi_rule rule = FFABI_OK;
	uint32_t i;

	REQUIRE(9,
		ffabi_mem_open_composite(c, cur, &m->composite) == FFABI_END &&
			ffabi_mem_next_range(c, cur, m->ranges) == FFABI_END,
		"something is there before its time");
	for (i = 0; rule == FFABI_OK; i++) {
		REQUIRE(1, i <= room, "more parts than bytes");
		rule = ffabi_mem_next_access(c, cur, &m->access[i]);
	}
	if (rule != FFABI_END)
		return rule;
	REQUIRE(1, i - 1 == cur->places.access_count, "another count of access descriptors");
	memset(&m->composite, 0, sizeof(m->composite));
	m->here = 0;
	rule = ffabi_mem_open_composite(c, cur, &m->composite);
	if (rule == FFABI_OK)
		rule = take_ranges(in, c, cur, m);
	m->places = cur->places;
	return rule == FFABI_END ? FFABI_OK : rule;
}

enum ffabi_rule fuzz_memory_walk(const struct fuzz_input *in, struct ffabi_ctx *c,
				 const uint8_t *data, enum fuzz_pass pass,
				 struct fuzz_memory *found)
{
	const struct ffabi_src src = {data, in->n};
	struct ffabi_mem_length length;
	struct ffabi_mem_limits limits;
	struct ffabi_mem_cursor cur;
	enum ffabi_rule rule;

	fuzz_memory_length(in, &length, &limits);
	memset(&cur, SCRIBBLE, sizeof(cur));
	make_room(in, found);
	fuzz_watch(&src, visible(&src, &length), pass);
	rule = ffabi_mem_open(c, in->usage, &src, &length, &cur, &found->header);
	if (rule == FFABI_OK)
		rule = walk(in, c, &cur, found);
	fuzz_unwatch();
	if (rule != FFABI_OK) {
		fuzz_judge_refusal(c, rule, length.total);
		fuzz_memory_release(found);
	}
	return rule;
}

int fuzz_memory_same(const struct fuzz_memory *a, const struct fuzz_memory *b)
{
	const struct ffabi_mem_places *p = &a->places, *q = &b->places;

	if (p->access != q->access || p->access_size != q->access_size ||
	    p->access_count != q->access_count || p->composite != q->composite ||
	    p->ranges != q->ranges || a->here != b->here)
		return 0;
	if (a->header.sender_id != b->header.sender_id || a->header.flags != b->header.flags ||
	    a->header.handle != b->header.handle || a->header.tag != b->header.tag ||
	    a->composite.total_page_count != b->composite.total_page_count)
		return 0;
	for (uint32_t i = 0; i < p->access_count; i++) {
		if (a->access[i].endpoint_id != b->access[i].endpoint_id ||
		    a->access[i].data_access != b->access[i].data_access ||
		    a->access[i].composite_offset != b->access[i].composite_offset)
			return 0;
	}
	for (uint32_t i = 0; i < a->here; i++) {
		if (a->ranges[i].address != b->ranges[i].address ||
		    a->ranges[i].page_count != b->ranges[i].page_count)
			return 0;
	}
	return 1;
}

void fuzz_memory_message(const struct fuzz_memory *m, struct ffabi_mem_message *out)
{
	out->header = &m->header;
	out->access = m->access;
	out->ranges = m->ranges;
	out->access_count = m->places.access_count;
	out->range_count = m->here;
}
