/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Pages: to whom they belong, and which transactions they are in. */
#include "logic.h"

struct span {
	uint64_t first; /* page number */
	uint64_t count;
};

static struct span span(uint64_t address, uint64_t page_count)
{
	struct span out;

	out.first = address / FFABI_PAGE_SIZE;
	out.count = page_count;
	return out;
}

static uint64_t end_of(const struct span *a)
{
	return a->first + a->count; /* page numbers have 52 bits, counts 32 */
}

static int meet(const struct span *a, const struct span *b)
{
	return a->first < end_of(b) && b->first < end_of(a);
}

static struct span span_of(const struct ffabi_spmc_area *a)
{
	return span(a->address, a->page_count);
}

static struct ffabi_spmc_area *area_at(const struct ffabi_spmc *s, uint64_t page)
{
	uint32_t i;

	for (i = 0; i < s->area_count; i++) {
		const struct span a = span_of(&s->areas[i]);

		if (page >= a.first && page < end_of(&a))
			return &s->areas[i];
	}
	return 0;
}

struct ffabi_spmc_area *ffabi_spmc_area(const struct ffabi_spmc *s, uint64_t address)
{
	return area_at(s, address / FFABI_PAGE_SIZE);
}

/* Every page is in an area, and in one of that owner when there is one to ask for. */
static int covered(const struct ffabi_spmc *s, const struct span *what, const uint16_t *owner)
{
	uint64_t page = what->first;

	while (page < end_of(what)) {
		const struct ffabi_spmc_area *a = area_at(s, page);
		struct span area;

		if (a == 0 || (owner != 0 && a->owner != *owner))
			return 0;
		area = span_of(a);
		page = end_of(&area);
	}
	return 1;
}

int ffabi_spmc_backed(const struct ffabi_spmc *s, uint64_t address, uint64_t page_count)
{
	const struct span what = span(address, page_count);

	return covered(s, &what, 0);
}

int ffabi_spmc_in_regions(const struct ffabi_spmc *s, uint64_t address, uint64_t page_count,
			  const struct ffabi_spmc_region *but)
{
	const struct span what = span(address, page_count);
	struct ffabi_mem_constituent range;
	uint32_t i;
	uint32_t j;

	for (i = 0; i < s->region_count; i++) {
		const struct ffabi_spmc_region *r = &s->regions[i];

		if (r->state != FFABI_SPMC_ACTIVE || r == but)
			continue;
		for (j = 0; j < r->view.ranges_here; j++) {
			struct span other;

			ffabi_mem_view_range(&r->view, j, &range);
			other = span(range.address, range.page_count);
			if (meet(&what, &other))
				return 1;
		}
	}
	return 0;
}

int ffabi_spmc_owned(const struct ffabi_spmc *s, const struct ffabi_spmc_partition *p,
		     uint64_t address, uint64_t page_count)
{
	const struct span what = span(address, page_count);

	return covered(s, &what, &p->peer.id) &&
	       !ffabi_spmc_in_regions(s, address, page_count, 0) &&
	       !ffabi_spmc_in_buffers(s, address, page_count);
}

/* Is this page the first of a range but not of its area, so that the area has to be cut? */
static int inside(const struct ffabi_spmc *s, uint64_t page)
{
	const struct ffabi_spmc_area *a = area_at(s, page);

	return a != 0 && a->address / FFABI_PAGE_SIZE != page;
}

static struct ffabi_spmc_area *unused(const struct ffabi_spmc *s)
{
	uint32_t i;

	for (i = 0; i < s->area_count; i++) {
		if (s->areas[i].page_count == 0)
			return &s->areas[i];
	}
	return 0;
}

static uint32_t unused_count(const struct ffabi_spmc *s)
{
	uint32_t n = 0;
	uint32_t i;

	for (i = 0; i < s->area_count; i++)
		n += s->areas[i].page_count == 0;
	return n;
}

static void cut_at(struct ffabi_spmc *s, uint64_t page)
{
	struct ffabi_spmc_area *a = area_at(s, page);
	struct ffabi_spmc_area *b = unused(s);
	uint64_t before;

	if (!inside(s, page))
		return;
	before = page - a->address / FFABI_PAGE_SIZE;
	b->address = page * FFABI_PAGE_SIZE;
	b->page_count = a->page_count - before;
	b->owner = a->owner;
	b->security = a->security;
	b->data_access = a->data_access;
	b->instruction_access = a->instruction_access;
	a->page_count = before;
}

int ffabi_spmc_cut(struct ffabi_spmc *s, const struct ffabi_mem_constituent *ranges, uint32_t count)
{
	uint32_t cuts = 0;
	uint32_t i;

	for (i = 0; i < count; i++) {
		const struct span r = span(ranges[i].address, ranges[i].page_count);

		cuts += (uint32_t)inside(s, r.first) + (uint32_t)inside(s, end_of(&r));
	}
	if (cuts > unused_count(s))
		return 0;
	for (i = 0; i < count; i++) {
		const struct span r = span(ranges[i].address, ranges[i].page_count);

		cut_at(s, r.first);
		cut_at(s, end_of(&r));
	}
	return 1;
}

void ffabi_spmc_give(struct ffabi_spmc *s, const struct ffabi_mem_constituent *ranges,
		     uint32_t count, uint16_t owner)
{
	uint32_t i;
	uint32_t j;

	for (i = 0; i < count; i++) {
		const struct span r = span(ranges[i].address, ranges[i].page_count);

		for (j = 0; j < s->area_count; j++) {
			const struct span a = span_of(&s->areas[j]);

			if (meet(&r, &a)) {
				s->areas[j].owner = owner;
				s->areas[j].data_access = FFABI_DATA_ACCESS_PERMISSION_READ_WRITE;
				s->areas[j].instruction_access =
					FFABI_INSTRUCTION_ACCESS_PERMISSION_NOT_EXECUTABLE;
			}
		}
	}
	ffabi_spmc_join(s);
}

static int alike(const struct ffabi_spmc_area *a, const struct ffabi_spmc_area *b)
{
	return a->owner == b->owner && a->security == b->security &&
	       a->data_access == b->data_access && a->instruction_access == b->instruction_access;
}

/* Areas that only a cut parted become one again. */
void ffabi_spmc_join(struct ffabi_spmc *s)
{
	uint32_t i;
	uint32_t j = 0;

	for (i = 0; i < s->area_count; i = j == s->area_count ? i + 1 : i) {
		struct ffabi_spmc_area *a = &s->areas[i];

		for (j = 0; j < s->area_count; j++) {
			struct ffabi_spmc_area *b = &s->areas[j];
			const struct span sa = span_of(a);

			if (a->page_count != 0 && b->page_count != 0 && alike(a, b) &&
			    b->address / FFABI_PAGE_SIZE == end_of(&sa)) {
				a->page_count += b->page_count;
				b->page_count = 0;
				break;
			}
		}
	}
}

int ffabi_spmc_view_ranges(struct ffabi_spmc *s, const struct ffabi_mem_view *view)
{
	uint32_t i;

	if (view->ranges_here > s->range_count)
		return 0;
	for (i = 0; i < view->ranges_here; i++)
		ffabi_mem_view_range(view, i, &s->ranges[i]);
	return 1;
}

/* Fills with zero, or only sees whether it could. */
static int zero_range(const struct ffabi_spmc *s, const struct ffabi_mem_constituent *r, int really)
{
	volatile uint8_t *bytes = s->platform.map(s->platform.self, r->address, r->page_count);
	uint64_t i;

	if (bytes == 0)
		return 0;
	for (i = 0; really && i < (uint64_t)r->page_count * FFABI_PAGE_SIZE; i++)
		bytes[i] = 0;
	if (s->platform.unmap != 0)
		s->platform.unmap(s->platform.self, r->address, r->page_count);
	return 1;
}

int ffabi_spmc_zero(const struct ffabi_spmc *s, const struct ffabi_mem_view *view)
{
	struct ffabi_mem_constituent range;
	uint32_t i;
	int really;

	for (really = 0; really < 2; really++) {
		for (i = 0; i < view->ranges_here; i++) {
			ffabi_mem_view_range(view, i, &range);
			if (!zero_range(s, &range, really))
				return 0;
		}
	}
	return 1;
}
