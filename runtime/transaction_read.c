/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Walking a memory transaction: cursors over shared bytes, checked views of private ones. */
#include <ffabi/id_set.h>
#include <ffabi/transaction.h>

/*
 * The array of access descriptors: fixed in 1.0, said by the header since.  Later versions
 * append to them: an array of smaller ones holds those of 1.1.
 */
static void find_access(const struct ffabi_ctx *c, const struct ffabi_mem_transaction *header,
			struct ffabi_mem_places *out)
{
	out->access_layout = c->version;
	if (c->version == FFABI_V1_0) {
		out->access = ffabi_mem_transaction_size(FFABI_V1_0);
		out->access_size = ffabi_mem_access_size(FFABI_V1_0);
	} else {
		out->access = header->access_offset;
		out->access_size = header->access_size;
		if (out->access_size < ffabi_mem_access_size(c->version))
			out->access_layout = FFABI_V1_1;
	}
	out->access_count = header->access_count;
	out->composite = 0;
	out->ranges = 0;
}

static uint64_t access_end(const struct ffabi_mem_places *p)
{
	return p->access + (uint64_t)p->access_size * p->access_count;
}

/* All parts are multiples of 8 bytes long.  A broken length is reported where the bytes end. */
static enum ffabi_rule check_length(struct ffabi_ctx *c, const struct ffabi_src *src,
				    const struct ffabi_mem_length *length)
{
	const uint32_t total = length->total;
	const uint32_t fragment = length->fragment;

	if (fragment > total)
		return ffabi_fail(c, FFABI_E_RANGE, FFABI_F_FRAGMENT_LENGTH, total, fragment);
	if ((total & 7) != 0)
		return ffabi_fail(c, FFABI_E_ALIGN, FFABI_F_TOTAL_LENGTH, total, total);
	if ((fragment & 7) != 0)
		return ffabi_fail(c, FFABI_E_ALIGN, FFABI_F_FRAGMENT_LENGTH, fragment, fragment);
	if (fragment > src->len)
		return ffabi_fail(c, FFABI_E_SHORT, FFABI_F_FRAGMENT_LENGTH, (uint32_t)src->len,
				  fragment);
	return FFABI_OK;
}

/* The hypervisor's request is a table of its own: a header of which only the handle is set. */
FFABI_COLD static enum ffabi_rule unpack_hyp_header(struct ffabi_ctx *c,
						    const struct ffabi_src *src,
						    struct ffabi_mem_transaction *out)
{
	struct ffabi_mem_hyp_retrieve request;
	const enum ffabi_rule rule = ffabi_mem_hyp_retrieve_unpack(c, src, 0, &request);

	if (rule != FFABI_OK)
		return rule;
	out->sender_id = 0;
	out->memory_type = 0;
	out->cacheability = 0;
	out->device_memory = 0;
	out->shareability = 0;
	out->security = 0;
	out->flags = 0;
	out->bypass_multi_borrower_check = 0;
	out->alignment_hint_valid = 0;
	out->alignment_hint = 0;
	out->transaction_type = 0;
	out->handle = request.handle;
	out->tag = 0;
	out->access_size = 0;
	out->access_count = 0;
	out->access_offset = 0;
	return FFABI_OK;
}

static enum ffabi_rule unpack_header(struct ffabi_ctx *c, enum ffabi_usage usage,
				     const struct ffabi_src *src, struct ffabi_mem_transaction *out)
{
	if (usage == FFABI_USAGE_HYP_RETRIEVE_REQ)
		return unpack_hyp_header(c, src, out);
	return ffabi_mem_transaction_unpack(c, usage, src, 0, out);
}

enum ffabi_rule ffabi_mem_open(struct ffabi_ctx *c, enum ffabi_usage usage,
			       const struct ffabi_src *src, const struct ffabi_mem_length *length,
			       struct ffabi_mem_cursor *cur, struct ffabi_mem_transaction *out)
{
	enum ffabi_rule rule = check_length(c, src, length);

	if (rule != FFABI_OK)
		return rule;
	cur->src.base = src->base;
	cur->src.len = length->fragment;
	cur->total = length->total;
	cur->usage = usage;
	cur->next = 0;
	cur->here = 0;
	cur->composite.total_page_count = 0;
	cur->composite.address_range_count = 0;
	cur->pages = 0;
	rule = unpack_header(c, usage, &cur->src, out);
	if (rule != FFABI_OK)
		return rule;
	cur->sender_id = out->sender_id;
	find_access(c, out, &cur->places);
	if (cur->places.access > length->fragment)
		return ffabi_fail(c, FFABI_E_SHORT, FFABI_F_ACCESS_OFFSET,
				  FFABI_MEM_TRANSACTION_AT_ACCESS_OFFSET, out->access_offset);
	if (access_end(&cur->places) > length->fragment)
		return ffabi_fail(c, FFABI_E_SHORT, FFABI_F_ACCESS_COUNT,
				  FFABI_MEM_TRANSACTION_AT_ACCESS_COUNT, out->access_count);
	return FFABI_OK;
}

static enum ffabi_rule unpack_access(struct ffabi_ctx *c, enum ffabi_usage usage,
				     const struct ffabi_src *src, const struct ffabi_mem_places *p,
				     uint32_t i, struct ffabi_mem_access *out)
{
	const uint32_t version = c->version;
	enum ffabi_rule rule;

	c->version = p->access_layout;
	rule = ffabi_mem_access_unpack(c, usage, src, p->access + (uint64_t)p->access_size * i,
				       out);
	c->version = version;
	return rule;
}

/* The composite descriptor lies in the whole, beside the header and the access descriptors. */
static enum ffabi_rule judge_offset(const struct ffabi_ctx *c, const struct ffabi_mem_cursor *cur,
				    uint32_t offset)
{
	const struct ffabi_mem_places *p = &cur->places;
	const uint32_t size = FFABI_MEM_COMPOSITE_SIZE;

	if ((cur->usage & FFABI_MEM_TRANSACTION_ACCESS_ALL_EQUAL) != 0 && cur->next != 0)
		return offset == p->composite ? FFABI_OK : FFABI_E_RULE;
	if (offset == 0) /* the codec lets it through in retrievals only */
		return FFABI_OK;
	if (!ffabi_fits(cur->total, offset, size))
		return FFABI_E_SHORT;
	if (offset < ffabi_mem_transaction_size(c->version))
		return FFABI_E_OVERLAP;
	if (offset < access_end(p) && p->access < offset + (uint64_t)size)
		return FFABI_E_OVERLAP;
	return FFABI_OK;
}

/* Where access descriptor i begins, for blaming it. */
static uint32_t access_at(const struct ffabi_mem_places *p, uint32_t i)
{
	return p->access + p->access_size * i;
}

enum ffabi_rule ffabi_mem_next_access(struct ffabi_ctx *c, struct ffabi_mem_cursor *cur,
				      struct ffabi_mem_access *out)
{
	struct ffabi_mem_places *p = &cur->places;
	enum ffabi_rule rule;

	if (cur->next >= p->access_count)
		return FFABI_END;
	rule = unpack_access(c, cur->usage, &cur->src, p, cur->next, out);
	if (rule != FFABI_OK)
		return rule;
	rule = judge_offset(c, cur, out->composite_offset);
	if (rule != FFABI_OK)
		return ffabi_fail(c, rule, FFABI_F_COMPOSITE_OFFSET,
				  access_at(p, cur->next) + FFABI_MEM_ACCESS_AT_COMPOSITE_OFFSET,
				  out->composite_offset);
	if (out->endpoint_id == cur->sender_id &&
	    (cur->usage & FFABI_MEM_TRANSACTION_ACCESS_DIFFERS) != 0)
		return ffabi_fail(c, FFABI_E_RULE, FFABI_F_ENDPOINT_ID,
				  access_at(p, cur->next) + FFABI_MEM_ACCESS_AT_ENDPOINT_ID,
				  out->endpoint_id);
	p->composite = out->composite_offset;
	cur->next++;
	return FFABI_OK;
}

/* The constituents lie in the whole; if before the access descriptors, they also end there. */
static enum ffabi_rule judge_ranges(const struct ffabi_mem_cursor *cur, uint32_t count)
{
	const struct ffabi_mem_places *p = &cur->places;
	const uint64_t bytes = (uint64_t)FFABI_MEM_CONSTITUENT_SIZE * count;

	if (!ffabi_fits(cur->total, p->ranges, bytes))
		return FFABI_E_SHORT;
	if (p->ranges <= p->access && p->access < p->ranges + bytes)
		return FFABI_E_OVERLAP;
	return FFABI_OK;
}

/* Constituents of which all bytes are in the fragment. */
static uint32_t whole_ranges(const struct ffabi_mem_cursor *cur)
{
	const uint64_t room = (cur->src.len - cur->places.ranges) / FFABI_MEM_CONSTITUENT_SIZE;
	const uint32_t count = cur->composite.address_range_count;

	return room < count ? (uint32_t)room : count;
}

/* Bytes behind the last part; the parts may be in any order. */
static int more_behind(const struct ffabi_mem_cursor *cur)
{
	const struct ffabi_mem_places *p = &cur->places;
	const uint64_t end = p->ranges + (uint64_t)FFABI_MEM_CONSTITUENT_SIZE *
						 cur->composite.address_range_count;

	return (cur->usage & FFABI_MEM_TRANSACTION_ACCESS_NOTHING_BEHIND) != 0 &&
	       end != cur->total && access_end(p) != cur->total;
}

enum ffabi_rule ffabi_mem_open_composite(struct ffabi_ctx *c, struct ffabi_mem_cursor *cur,
					 struct ffabi_mem_composite *out)
{
	struct ffabi_mem_places *p = &cur->places;
	enum ffabi_rule rule;

	if (p->composite == 0)
		return FFABI_END;
	rule = ffabi_mem_composite_unpack(c, &cur->src, p->composite, out);
	if (rule != FFABI_OK)
		return rule;
	p->ranges = p->composite + FFABI_MEM_COMPOSITE_SIZE;
	rule = judge_ranges(cur, out->address_range_count);
	if (rule != FFABI_OK)
		return ffabi_fail(c, rule, FFABI_F_ADDRESS_RANGE_COUNT,
				  p->composite + FFABI_MEM_COMPOSITE_AT_ADDRESS_RANGE_COUNT,
				  out->address_range_count);
	cur->composite.total_page_count = out->total_page_count;
	cur->composite.address_range_count = out->address_range_count;
	cur->next = 0;
	if (more_behind(cur))
		return ffabi_fail(c, FFABI_E_RULE, FFABI_F_TOTAL_LENGTH, cur->total, cur->total);
	cur->here = whole_ranges(cur);
	return FFABI_OK;
}

/* At the end of the fragment: all pages are counted, or at least not too many. */
static enum ffabi_rule settle_pages(struct ffabi_ctx *c, const struct ffabi_mem_cursor *cur)
{
	const uint32_t at = cur->places.composite + FFABI_MEM_COMPOSITE_AT_TOTAL_PAGE_COUNT;
	const uint32_t total = cur->composite.total_page_count;

	if (cur->pages > total ||
	    (cur->next == cur->composite.address_range_count && cur->pages != total))
		return ffabi_fail(c, FFABI_E_RULE, FFABI_F_TOTAL_PAGE_COUNT, at, cur->pages);
	return FFABI_END;
}

/* The constituents from the cursor on, as the generated readers of many take them. */
static void from_next(const struct ffabi_mem_cursor *cur, struct ffabi_elements *out)
{
	out->at = cur->places.ranges + (uint64_t)FFABI_MEM_CONSTITUENT_SIZE * cur->next;
	out->count = cur->here - cur->next;
}

enum ffabi_rule ffabi_mem_next_ranges(struct ffabi_ctx *c, struct ffabi_mem_cursor *cur,
				      struct ffabi_mem_constituent *out, uint32_t room, uint32_t *n)
{
	struct ffabi_elements run;
	enum ffabi_rule rule;

	*n = 0;
	if (cur->next >= cur->here)
		return settle_pages(c, cur);
	from_next(cur, &run);
	if (room == 0)
		return ffabi_fail(c, FFABI_E_SHORT, FFABI_F_NONE, (uint32_t)run.at, room);
	if (run.count > room)
		run.count = room;
	room = run.count;
	rule = ffabi_mem_constituent_unpack_run(c, &cur->src, &run, out, &cur->pages);
	if (rule == FFABI_OK && run.count != room) /* one with something that is waived */
		cur->pages += out[run.count++].page_count;
	cur->next += run.count;
	*n = run.count;
	return rule;
}

enum ffabi_rule ffabi_mem_next_range(struct ffabi_ctx *c, struct ffabi_mem_cursor *cur,
				     struct ffabi_mem_constituent *out)
{
	const uint64_t at = cur->places.ranges + (uint64_t)FFABI_MEM_CONSTITUENT_SIZE * cur->next;
	enum ffabi_rule rule;

	if (cur->next >= cur->here)
		return settle_pages(c, cur);
	rule = ffabi_mem_constituent_unpack(c, &cur->src, at, out);
	if (rule != FFABI_OK)
		return rule;
	cur->pages += out->page_count;
	cur->next++;
	return FFABI_OK;
}

/* Access descriptor i names an endpoint again: the bytes are private, so looking again is safe. */
FFABI_COLD static enum ffabi_rule
new_endpoint(struct ffabi_ctx *c, const struct ffabi_mem_cursor *cur, uint32_t i, uint16_t endpoint)
{
	const struct ffabi_mem_places *p = &cur->places;
	struct ffabi_mem_access other;
	uint32_t j;

	for (j = 0; j < i; j++) {
		(void)unpack_access(c, cur->usage, &cur->src, p, j, &other);
		if (other.endpoint_id == endpoint)
			return ffabi_fail(c, FFABI_E_RULE, FFABI_F_ENDPOINT_ID,
					  p->access + p->access_size * i +
						  FFABI_MEM_ACCESS_AT_ENDPOINT_ID,
					  endpoint);
	}
	return FFABI_OK;
}

static enum ffabi_rule check_access(struct ffabi_ctx *c, struct ffabi_mem_cursor *cur)
{
	struct ffabi_id_set ids = {{0, 0}};
	struct ffabi_mem_access access;
	enum ffabi_rule rule = FFABI_OK;

	while (rule == FFABI_OK && cur->next < cur->places.access_count) {
		rule = ffabi_mem_next_access(c, cur, &access);
		if (rule == FFABI_OK && ffabi_met(&ids, access.endpoint_id) &&
		    (cur->usage & FFABI_MEM_TRANSACTION_ACCESS_UNIQUE) != 0)
			rule = new_endpoint(c, cur, cur->next - 1, access.endpoint_id);
	}
	return rule;
}

/* Two ranges share a page. */
static int overlap(const struct ffabi_mem_constituent *a, const struct ffabi_mem_constituent *b)
{
	const struct ffabi_mem_constituent *low = a->address <= b->address ? a : b;
	const struct ffabi_mem_constituent *high = low == a ? b : a;

	return (high->address - low->address) / FFABI_PAGE_SIZE < low->page_count;
}

/* The next constituent, which shares no page with one before it. */
FFABI_COLD static enum ffabi_rule next_apart(struct ffabi_ctx *c, struct ffabi_mem_cursor *cur)
{
	const uint32_t size = FFABI_MEM_CONSTITUENT_SIZE;
	const uint32_t first = cur->places.ranges;
	const uint32_t i = cur->next;
	struct ffabi_mem_constituent range;
	struct ffabi_mem_constituent other;
	enum ffabi_rule rule = ffabi_mem_next_range(c, cur, &range);
	uint32_t j;

	for (j = 0; rule == FFABI_OK && j < i; j++) {
		(void)ffabi_mem_constituent_unpack(c, &cur->src, first + (uint64_t)size * j,
						   &other);
		if (overlap(&range, &other))
			rule = ffabi_fail(c, FFABI_E_OVERLAP, FFABI_F_ADDRESS, first + size * i,
					  range.address);
	}
	return rule;
}

/* The rest at first sight. */
static int scan_ranges(struct ffabi_mem_cursor *cur)
{
	struct ffabi_elements run;
	uint64_t pages;

	from_next(cur, &run);
	if (!ffabi_mem_constituent_scan(&cur->src, &run, &pages))
		return 0;
	cur->pages += pages;
	cur->next = cur->here;
	return 1;
}

/* A scan accepts nothing that the cursor refuses; what it does not accept, the cursor judges. */
static enum ffabi_rule check_ranges(struct ffabi_ctx *c, struct ffabi_mem_cursor *cur,
				    uint32_t limit)
{
	struct ffabi_mem_constituent range;
	enum ffabi_rule rule = FFABI_OK;

	while (rule == FFABI_OK && cur->next < limit)
		rule = next_apart(c, cur);
	if (rule == FFABI_OK && scan_ranges(cur))
		return settle_pages(c, cur);
	while (rule == FFABI_OK)
		rule = ffabi_mem_next_range(c, cur, &range);
	return rule;
}

static void keep(const struct ffabi_ctx *c, const struct ffabi_mem_cursor *cur,
		 struct ffabi_mem_view *out)
{
	out->ctx.version = c->version;
	out->ctx.waive = c->waive;
	out->ctx.instance = c->instance;
	out->usage = cur->usage;
	out->src.base = cur->src.base;
	out->src.len = cur->src.len;
	out->places.access = cur->places.access;
	out->places.access_size = cur->places.access_size;
	out->places.access_count = cur->places.access_count;
	out->places.access_layout = cur->places.access_layout;
	out->places.composite = cur->places.composite;
	out->places.ranges = cur->places.ranges;
	out->composite.total_page_count = cur->composite.total_page_count;
	out->composite.address_range_count = cur->composite.address_range_count;
	out->ranges_here = cur->next;
}

enum ffabi_rule ffabi_mem_check(struct ffabi_ctx *c, enum ffabi_usage usage,
				const struct ffabi_src *src, const struct ffabi_mem_length *length,
				const struct ffabi_mem_limits *limits, struct ffabi_mem_view *out)
{
	struct ffabi_mem_cursor cur;
	enum ffabi_rule rule;

	rule = ffabi_mem_open(c, usage, src, length, &cur, &out->header);
	if (rule == FFABI_OK)
		rule = check_access(c, &cur);
	if (rule != FFABI_OK)
		return rule;
	cur.next = 0;
	rule = ffabi_mem_open_composite(c, &cur, &out->composite);
	if (rule == FFABI_OK)
		rule = check_ranges(c, &cur, limits->overlap_limit);
	if (rule != FFABI_END)
		return rule;
	keep(c, &cur, out);
	return FFABI_OK;
}

void ffabi_mem_view_access(const struct ffabi_mem_view *v, uint32_t i, struct ffabi_mem_access *out)
{
	struct ffabi_ctx c;

	c.version = v->ctx.version;
	c.waive = v->ctx.waive;
	c.instance = v->ctx.instance;
	(void)unpack_access(&c, v->usage, &v->src, &v->places, i, out);
}

void ffabi_mem_view_range(const struct ffabi_mem_view *v, uint32_t i,
			  struct ffabi_mem_constituent *out)
{
	const uint64_t at = v->places.ranges + (uint64_t)FFABI_MEM_CONSTITUENT_SIZE * i;
	struct ffabi_ctx c;

	c.version = v->ctx.version;
	c.waive = v->ctx.waive;
	c.instance = v->ctx.instance;
	(void)ffabi_mem_constituent_unpack(&c, &v->src, at, out);
}
