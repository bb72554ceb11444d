/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Writing a memory transaction descriptor, whole or in fragments. */
#include <ffabi/id_set.h>
#include <ffabi/transaction.h>

/* The message as it goes out: where the parts are, and those that are not the message's own. */
struct outgoing {
	enum ffabi_usage usage;
	struct ffabi_mem_places places;
	uint32_t total;
	struct ffabi_mem_transaction header;
	uint64_t pages; /* of all constituents */
};

/* Where the parts go: one behind the other, the composite descriptor at a multiple of 16. */
static uint64_t lay_out(const struct ffabi_ctx *c, const struct ffabi_mem_message *in,
			struct ffabi_mem_places *out)
{
	uint64_t end;

	out->access = ffabi_mem_transaction_size(c->version);
	out->access_size = ffabi_mem_access_size(c->version);
	out->access_count = in->access_count;
	out->access_layout = c->version;
	end = out->access + (uint64_t)out->access_size * in->access_count;
	out->composite = in->range_count != 0 ? (uint32_t)end : 0;
	out->ranges = (uint32_t)end + FFABI_MEM_COMPOSITE_SIZE;
	if (in->range_count != 0)
		end += FFABI_MEM_COMPOSITE_SIZE +
		       (uint64_t)FFABI_MEM_CONSTITUENT_SIZE * in->range_count;
	return end;
}

static void fill_header(const struct ffabi_ctx *c, const struct ffabi_mem_message *in,
			struct outgoing *o)
{
	const struct ffabi_mem_transaction *h = in->header;
	const struct ffabi_mem_places *p = &o->places;
	struct ffabi_mem_transaction *out = &o->header;
	const int said = c->version != FFABI_V1_0; /* 1.0 fixes place and size */

	out->sender_id = h->sender_id;
	out->memory_type = h->memory_type;
	out->cacheability = h->cacheability;
	out->device_memory = h->device_memory;
	out->shareability = h->shareability;
	out->security = h->security;
	out->flags = h->flags;
	out->transaction_type = h->transaction_type;
	out->alignment_hint = h->alignment_hint;
	out->alignment_hint_valid = h->alignment_hint_valid;
	out->bypass_multi_borrower_check = h->bypass_multi_borrower_check;
	out->handle = h->handle;
	out->tag = h->tag;
	out->access_size = said ? p->access_size : 0;
	out->access_count = p->access_count;
	out->access_offset = said ? p->access : 0;
}

static void fill_access(const struct ffabi_mem_access *in, uint32_t composite,
			struct ffabi_mem_access *out)
{
	out->endpoint_id = in->endpoint_id;
	out->data_access = in->data_access;
	out->instruction_access = in->instruction_access;
	out->flags = in->flags;
	out->composite_offset = composite;
	out->implementation_defined[0] = in->implementation_defined[0];
	out->implementation_defined[1] = in->implementation_defined[1];
}

/* No endpoint is named twice. */
static enum ffabi_rule new_endpoint(struct ffabi_ctx *c, const struct ffabi_mem_message *in,
				    uint32_t i, uint64_t at)
{
	const uint16_t endpoint = in->access[i].endpoint_id;
	uint32_t j;

	for (j = 0; j < i; j++) {
		if (in->access[j].endpoint_id == endpoint)
			return ffabi_fail(c, FFABI_E_RULE, FFABI_F_ENDPOINT_ID,
					  (uint32_t)at + FFABI_MEM_ACCESS_AT_ENDPOINT_ID, endpoint);
	}
	return FFABI_OK;
}

/* What the tables with the elements cannot say of one: see the rules of the array in spec/. */
static enum ffabi_rule check_endpoint(struct ffabi_ctx *c, const struct ffabi_mem_message *in,
				      const struct outgoing *o, uint32_t i, uint64_t at)
{
	const uint16_t endpoint = in->access[i].endpoint_id;

	if (endpoint == in->header->sender_id &&
	    (o->usage & FFABI_MEM_TRANSACTION_ACCESS_DIFFERS) != 0)
		return ffabi_fail(c, FFABI_E_RULE, FFABI_F_ENDPOINT_ID,
				  (uint32_t)at + FFABI_MEM_ACCESS_AT_ENDPOINT_ID, endpoint);
	return FFABI_OK;
}

static enum ffabi_rule check_access(struct ffabi_ctx *c, const struct ffabi_mem_message *in,
				    const struct outgoing *o)
{
	const struct ffabi_mem_places *p = &o->places;
	uint64_t at = p->access;
	struct ffabi_id_set ids = {{0, 0}};
	struct ffabi_mem_access access;
	enum ffabi_rule rule = FFABI_OK;
	uint32_t i;

	for (i = 0; rule == FFABI_OK && i < in->access_count; i++, at += p->access_size) {
		fill_access(&in->access[i], p->composite, &access);
		rule = ffabi_mem_access_valid(c, o->usage, &access, at);
		if (rule == FFABI_OK)
			rule = check_endpoint(c, in, o, i, at);
		if (rule == FFABI_OK && ffabi_met(&ids, access.endpoint_id) &&
		    (o->usage & FFABI_MEM_TRANSACTION_ACCESS_UNIQUE) != 0)
			rule = new_endpoint(c, in, i, at);
	}
	return rule;
}

/* A scan accepts nothing that is not valid; what it does not accept is looked at one by one. */
static enum ffabi_rule check_ranges(struct ffabi_ctx *c, const struct ffabi_mem_message *in,
				    struct outgoing *o)
{
	uint64_t at = o->places.ranges;
	uint64_t pages;
	enum ffabi_rule rule;
	uint32_t i;

	if (!ffabi_mem_constituent_scan_values(in->ranges, in->range_count, &pages)) {
		pages = 0;
		for (i = 0; i < in->range_count; i++, at += FFABI_MEM_CONSTITUENT_SIZE) {
			rule = ffabi_mem_constituent_valid(c, &in->ranges[i], at);
			if (rule != FFABI_OK)
				return rule;
			pages += in->ranges[i].page_count;
		}
	}
	o->pages = pages;
	if (pages > UINT32_MAX)
		return ffabi_fail(c, FFABI_E_RANGE, FFABI_F_TOTAL_PAGE_COUNT, o->places.composite,
				  pages);
	return FFABI_OK;
}

/* Where the parts go, and how long that is: 32 bits have to be enough for it. */
static enum ffabi_rule place(struct ffabi_ctx *c, enum ffabi_usage usage,
			     const struct ffabi_mem_message *in, struct outgoing *o)
{
	const uint64_t end = lay_out(c, in, &o->places);

	o->usage = usage;
	if (o->places.access == 0)
		return ffabi_fail(c, FFABI_E_VERSION, FFABI_F_VERSION, 0, c->version);
	if (end > UINT32_MAX)
		return ffabi_fail(c, FFABI_E_RANGE, FFABI_F_TOTAL_LENGTH, UINT32_MAX, end);
	o->total = (uint32_t)end;
	fill_header(c, in, o);
	return FFABI_OK;
}

static int out_of_place(struct ffabi_ctx *c, enum ffabi_field field, uint64_t value)
{
	return value != 0 && ffabi_fail(c, FFABI_E_ABSENT, field, 0, value) != FFABI_OK;
}

/* A hypervisor's request has no place for anything but the handle. */
FFABI_COLD static enum ffabi_rule check_hyp_header(struct ffabi_ctx *c,
						   const struct ffabi_mem_message *in)
{
	const struct ffabi_mem_transaction *h = in->header;

	if (out_of_place(c, FFABI_F_SENDER_ID, h->sender_id) ||
	    out_of_place(c, FFABI_F_MEMORY_TYPE, h->memory_type) ||
	    out_of_place(c, FFABI_F_CACHEABILITY, h->cacheability) ||
	    out_of_place(c, FFABI_F_DEVICE_MEMORY, h->device_memory) ||
	    out_of_place(c, FFABI_F_SHAREABILITY, h->shareability) ||
	    out_of_place(c, FFABI_F_SECURITY, h->security) ||
	    out_of_place(c, FFABI_F_FLAGS, h->flags) ||
	    out_of_place(c, FFABI_F_BYPASS_MULTI_BORROWER_CHECK, h->bypass_multi_borrower_check) ||
	    out_of_place(c, FFABI_F_ALIGNMENT_HINT_VALID, h->alignment_hint_valid) ||
	    out_of_place(c, FFABI_F_ALIGNMENT_HINT, h->alignment_hint) ||
	    out_of_place(c, FFABI_F_TRANSACTION_TYPE, h->transaction_type) ||
	    out_of_place(c, FFABI_F_TAG, h->tag) ||
	    out_of_place(c, FFABI_F_ACCESS_COUNT, in->access_count) ||
	    out_of_place(c, FFABI_F_ADDRESS_RANGE_COUNT, in->range_count))
		return FFABI_E_ABSENT;
	return FFABI_OK;
}

static enum ffabi_rule check_header(struct ffabi_ctx *c, const struct ffabi_mem_message *in,
				    const struct outgoing *o)
{
	if (o->usage == FFABI_USAGE_HYP_RETRIEVE_REQ)
		return check_hyp_header(c, in);
	return ffabi_mem_transaction_valid(c, o->usage, &o->header, 0);
}

static enum ffabi_rule measure(struct ffabi_ctx *c, enum ffabi_usage usage,
			       const struct ffabi_mem_message *in, struct outgoing *o)
{
	enum ffabi_rule rule = place(c, usage, in, o);

	if (rule == FFABI_OK)
		rule = check_header(c, in, o);
	if (rule == FFABI_OK)
		rule = check_access(c, in, o);
	if (rule == FFABI_OK)
		rule = check_ranges(c, in, o);
	return rule;
}

enum ffabi_rule ffabi_mem_measure(struct ffabi_ctx *c, enum ffabi_usage usage,
				  const struct ffabi_mem_message *in, uint32_t *total)
{
	struct outgoing o;
	const enum ffabi_rule rule = measure(c, usage, in, &o);

	if (rule == FFABI_OK)
		*total = o.total;
	return rule;
}

static enum ffabi_rule put_header(struct ffabi_ctx *c, const struct outgoing *o,
				  const struct ffabi_dst *dst)
{
	struct ffabi_mem_hyp_retrieve request;

	if (o->usage != FFABI_USAGE_HYP_RETRIEVE_REQ)
		return ffabi_mem_transaction_store(c, &o->header, dst, 0);
	request.handle = o->header.handle;
	return ffabi_mem_hyp_retrieve_store(c, &request, dst, 0);
}

static enum ffabi_rule put_access(struct ffabi_ctx *c, const struct ffabi_mem_message *in,
				  const struct outgoing *o, uint32_t i, const struct ffabi_dst *dst,
				  uint64_t at)
{
	struct ffabi_mem_access access;

	fill_access(&in->access[i], o->places.composite, &access);
	return ffabi_mem_access_store(c, &access, dst, at);
}

static enum ffabi_rule put_composite(struct ffabi_ctx *c, const struct ffabi_mem_message *in,
				     const struct outgoing *o, const struct ffabi_dst *dst,
				     uint64_t at)
{
	struct ffabi_mem_composite composite;

	composite.total_page_count = (uint32_t)o->pages;
	composite.address_range_count = in->range_count;
	return ffabi_mem_composite_store(c, &composite, dst, at);
}

enum ffabi_rule ffabi_mem_write(struct ffabi_ctx *c, enum ffabi_usage usage,
				const struct ffabi_mem_message *in, const struct ffabi_dst *dst,
				uint32_t *total)
{
	struct outgoing o;
	enum ffabi_rule rule = measure(c, usage, in, &o);
	uint64_t at;
	uint32_t i;

	if (rule != FFABI_OK)
		return rule;
	at = o.places.access;
	*total = o.total;
	if (o.total > dst->len)
		return ffabi_fail(c, FFABI_E_SHORT, FFABI_F_TOTAL_LENGTH, (uint32_t)dst->len,
				  o.total);
	rule = put_header(c, &o, dst);
	for (i = 0; rule == FFABI_OK && i < in->access_count; i++, at += o.places.access_size)
		rule = put_access(c, in, &o, i, dst, at);
	if (rule != FFABI_OK || in->range_count == 0)
		return rule;
	ffabi_mem_constituent_store_run(in->ranges, in->range_count, dst->base + o.places.ranges);
	return put_composite(c, in, &o, dst, o.places.composite);
}

/* Parts of one kind: which, how many lie one behind the other, and how long each is. */
enum piece_kind {
	HEADER,
	ACCESS,
	COMPOSITE,
	RANGE
};

struct piece {
	enum piece_kind kind;
	uint32_t index;
	uint32_t start;
	uint32_t size;
};

/* n / size; the sizes of access descriptors are powers of two, and not every target divides. */
static uint32_t whole_times(uint32_t n, uint32_t size)
{
	while (size > 1) {
		n >>= 1;
		size >>= 1;
	}
	return n;
}

/* The part to which the byte at offset belongs. */
static void find_piece(const struct ffabi_mem_places *p, uint32_t offset, struct piece *out)
{
	out->index = 0;
	if (offset < p->access) {
		out->kind = HEADER;
		out->start = 0;
		out->size = p->access;
	} else if (p->composite == 0 || offset < p->composite) {
		out->kind = ACCESS;
		out->index = whole_times(offset - p->access, p->access_size);
		out->start = p->access + out->index * p->access_size;
		out->size = p->access_size;
	} else if (offset < p->ranges) {
		out->kind = COMPOSITE;
		out->start = p->composite;
		out->size = p->ranges - p->composite;
	} else {
		out->kind = RANGE;
		out->index = (offset - p->ranges) / FFABI_MEM_CONSTITUENT_SIZE;
		out->start = p->ranges + out->index * FFABI_MEM_CONSTITUENT_SIZE;
		out->size = FFABI_MEM_CONSTITUENT_SIZE;
	}
}

static enum ffabi_rule put_piece(struct ffabi_ctx *c, const struct ffabi_mem_message *in,
				 const struct outgoing *o, const struct piece *piece,
				 const struct ffabi_dst *dst, uint64_t at)
{
	switch (piece->kind) {
	case HEADER:
		return put_header(c, o, dst);
	case ACCESS:
		return put_access(c, in, o, piece->index, dst, at);
	case COMPOSITE:
		return put_composite(c, in, o, dst, at);
	case RANGE:
	default:
		return ffabi_mem_constituent_store(c, &in->ranges[piece->index], dst, at);
	}
}

/* A part that crosses the edge of the fragment is made beside it; the bytes inside are copied. */
FFABI_COLD static enum ffabi_rule put_part(struct ffabi_ctx *c, const struct ffabi_mem_message *in,
					   const struct outgoing *o, const struct piece *piece,
					   const struct ffabi_dst *dst, uint32_t offset)
{
	const uint64_t end = offset + dst->len;
	uint64_t room[8];
	struct ffabi_dst beside;
	enum ffabi_rule rule;
	uint32_t i;

	beside.base = (uint8_t *)room;
	beside.len = sizeof(room);
	rule = put_piece(c, in, o, piece, &beside, 0);
	for (i = 0; rule == FFABI_OK && i < piece->size; i++) {
		const uint32_t at = piece->start + i;

		if (at >= offset && at < end)
			ffabi_st8(dst, at - offset, beside.base[i]);
	}
	return rule;
}

/* Fills dst with the bytes from offset on.  Whole constituents go out as many as there are. */
static enum ffabi_rule put_bytes(struct ffabi_ctx *c, const struct ffabi_mem_message *in,
				 const struct outgoing *o, const struct ffabi_dst *dst,
				 uint32_t offset)
{
	const uint32_t end = offset + (uint32_t)dst->len;
	enum ffabi_rule rule = FFABI_OK;
	struct piece piece;
	uint32_t at;

	for (at = offset; rule == FFABI_OK && at < end; at = piece.start + piece.size) {
		find_piece(&o->places, at, &piece);
		if (piece.start < offset || piece.size > end - piece.start) {
			rule = put_part(c, in, o, &piece, dst, offset);
		} else if (piece.kind == RANGE) {
			const uint32_t n = (end - at) / FFABI_MEM_CONSTITUENT_SIZE;

			ffabi_mem_constituent_store_run(&in->ranges[piece.index], n,
							dst->base + (at - offset));
			piece.size = n * FFABI_MEM_CONSTITUENT_SIZE;
		} else {
			rule = put_piece(c, in, o, &piece, dst, piece.start - offset);
		}
	}
	return rule;
}

static uint64_t count_pages(const struct ffabi_mem_message *in)
{
	uint64_t pages = 0;
	uint32_t i;

	for (i = 0; i < in->range_count; i++)
		pages += in->ranges[i].page_count;
	return pages;
}

enum ffabi_rule ffabi_mem_fragment(struct ffabi_ctx *c, enum ffabi_usage usage,
				   const struct ffabi_mem_message *in, uint32_t offset,
				   const struct ffabi_dst *dst, struct ffabi_mem_length *length)
{
	struct ffabi_dst part;
	struct outgoing o;
	enum ffabi_rule rule = offset == 0 ? measure(c, usage, in, &o) : place(c, usage, in, &o);

	if (rule != FFABI_OK)
		return rule;
	if (offset >= o.total)
		return ffabi_fail(c, FFABI_E_RANGE, FFABI_F_FRAGMENT_OFFSET, o.total, offset);
	if ((offset & 7) != 0)
		return ffabi_fail(c, FFABI_E_ALIGN, FFABI_F_FRAGMENT_OFFSET, offset, offset);
	if (dst->len < 8)
		return ffabi_fail(c, FFABI_E_SHORT, FFABI_F_FRAGMENT_LENGTH, offset, dst->len);
	part.base = dst->base;
	part.len = o.total - offset;
	if (part.len > dst->len)
		part.len = dst->len & ~(uint64_t)7;
	length->total = o.total;
	length->fragment = (uint32_t)part.len;
	if (offset != 0 && offset < o.places.ranges)
		o.pages = count_pages(in);
	return put_bytes(c, in, &o, &part, offset);
}
