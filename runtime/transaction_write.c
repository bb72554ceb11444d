/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Writing a memory transaction descriptor, whole or in fragments. */
#include <ffabi/transaction.h>

/* Where the parts go: one behind the other, the composite descriptor at a multiple of 16. */
static uint64_t lay_out(const struct ffabi_ctx *c, const struct ffabi_mem_message *in,
			struct ffabi_mem_places *out)
{
	uint64_t end;

	out->access = ffabi_mem_transaction_size(c->version);
	out->access_size = ffabi_mem_access_size(c->version);
	out->access_count = in->access_count;
	end = out->access + (uint64_t)out->access_size * in->access_count;
	out->composite = in->range_count != 0 ? (uint32_t)end : 0;
	out->ranges = (uint32_t)end + ffabi_mem_composite_size(c->version);
	if (in->range_count != 0)
		end += ffabi_mem_composite_size(c->version) +
		       (uint64_t)ffabi_mem_constituent_size(c->version) * in->range_count;
	return end;
}

static void fill_header(const struct ffabi_ctx *c, const struct ffabi_mem_message *in,
			const struct ffabi_mem_places *p, struct ffabi_mem_transaction *out)
{
	const struct ffabi_mem_transaction *h = in->header;
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

static enum ffabi_rule check_header(struct ffabi_ctx *c, enum ffabi_usage usage,
				    const struct ffabi_mem_message *in,
				    const struct ffabi_mem_places *p)
{
	struct ffabi_mem_transaction header;

	fill_header(c, in, p, &header);
	return ffabi_mem_transaction_valid(c, usage, &header, 0);
}

static enum ffabi_rule check_access(struct ffabi_ctx *c, enum ffabi_usage usage,
				    const struct ffabi_mem_message *in,
				    const struct ffabi_mem_places *p)
{
	struct ffabi_mem_access access;
	enum ffabi_rule rule;
	uint32_t i;
	uint32_t j;

	for (i = 0; i < in->access_count; i++) {
		const uint64_t at = p->access + (uint64_t)p->access_size * i;

		fill_access(&in->access[i], p->composite, &access);
		rule = ffabi_mem_access_valid(c, usage, &access, at);
		if (rule != FFABI_OK)
			return rule;
		for (j = 0; j < i; j++) {
			if (in->access[j].endpoint_id == access.endpoint_id)
				return ffabi_fail(c, FFABI_E_RULE, FFABI_F_ENDPOINT_ID,
						  (uint32_t)at, access.endpoint_id);
		}
	}
	return FFABI_OK;
}

static enum ffabi_rule check_ranges(struct ffabi_ctx *c, const struct ffabi_mem_message *in,
				    const struct ffabi_mem_places *p)
{
	const uint32_t size = ffabi_mem_constituent_size(c->version);
	uint64_t pages = 0;
	enum ffabi_rule rule;
	uint32_t i;

	for (i = 0; i < in->range_count; i++) {
		rule = ffabi_mem_constituent_valid(c, &in->ranges[i],
						   p->ranges + (uint64_t)size * i);
		if (rule != FFABI_OK)
			return rule;
		pages += in->ranges[i].page_count;
	}
	if (pages > UINT32_MAX)
		return ffabi_fail(c, FFABI_E_RANGE, FFABI_F_TOTAL_PAGE_COUNT, p->composite, pages);
	return FFABI_OK;
}

/* Where the parts go, and how long that is: 32 bits have to be enough for it. */
static enum ffabi_rule place(struct ffabi_ctx *c, const struct ffabi_mem_message *in,
			     struct ffabi_mem_places *p, uint32_t *total)
{
	uint64_t end;

	if (ffabi_mem_transaction_size(c->version) == 0)
		return ffabi_fail(c, FFABI_E_VERSION, FFABI_F_VERSION, 0, c->version);
	end = lay_out(c, in, p);
	if (end > UINT32_MAX)
		return ffabi_fail(c, FFABI_E_RANGE, FFABI_F_TOTAL_LENGTH, UINT32_MAX, end);
	*total = (uint32_t)end;
	return FFABI_OK;
}

static enum ffabi_rule measure(struct ffabi_ctx *c, enum ffabi_usage usage,
			       const struct ffabi_mem_message *in, struct ffabi_mem_places *p,
			       uint32_t *total)
{
	enum ffabi_rule rule = place(c, in, p, total);

	if (rule == FFABI_OK)
		rule = check_header(c, usage, in, p);
	if (rule == FFABI_OK)
		rule = check_access(c, usage, in, p);
	if (rule == FFABI_OK)
		rule = check_ranges(c, in, p);
	return rule;
}

enum ffabi_rule ffabi_mem_measure(struct ffabi_ctx *c, enum ffabi_usage usage,
				  const struct ffabi_mem_message *in, uint32_t *total)
{
	struct ffabi_mem_places p;

	return measure(c, usage, in, &p, total);
}

static enum ffabi_rule put_header(struct ffabi_ctx *c, enum ffabi_usage usage,
				  const struct ffabi_mem_message *in,
				  const struct ffabi_mem_places *p, const struct ffabi_dst *dst,
				  uint64_t at)
{
	struct ffabi_mem_transaction header;

	fill_header(c, in, p, &header);
	return ffabi_mem_transaction_pack(c, usage, &header, dst, at);
}

static enum ffabi_rule put_access(struct ffabi_ctx *c, enum ffabi_usage usage,
				  const struct ffabi_mem_message *in,
				  const struct ffabi_mem_places *p, uint32_t i,
				  const struct ffabi_dst *dst, uint64_t at)
{
	struct ffabi_mem_access access;

	fill_access(&in->access[i], p->composite, &access);
	return ffabi_mem_access_pack(c, usage, &access, dst, at);
}

static enum ffabi_rule put_composite(struct ffabi_ctx *c, const struct ffabi_mem_message *in,
				     const struct ffabi_dst *dst, uint64_t at)
{
	struct ffabi_mem_composite composite;
	uint32_t pages = 0;
	uint32_t i;

	for (i = 0; i < in->range_count; i++)
		pages += in->ranges[i].page_count;
	composite.total_page_count = pages;
	composite.address_range_count = in->range_count;
	return ffabi_mem_composite_pack(c, &composite, dst, at);
}

enum ffabi_rule ffabi_mem_write(struct ffabi_ctx *c, enum ffabi_usage usage,
				const struct ffabi_mem_message *in, const struct ffabi_dst *dst,
				uint32_t *total)
{
	const uint32_t size = ffabi_mem_constituent_size(c->version);
	struct ffabi_mem_places p;
	enum ffabi_rule rule;
	uint32_t i;

	rule = measure(c, usage, in, &p, total);
	if (rule != FFABI_OK)
		return rule;
	if (*total > dst->len)
		return ffabi_fail(c, FFABI_E_SHORT, FFABI_F_TOTAL_LENGTH, (uint32_t)dst->len,
				  *total);
	rule = put_header(c, usage, in, &p, dst, 0);
	for (i = 0; rule == FFABI_OK && i < in->access_count; i++)
		rule = put_access(c, usage, in, &p, i, dst, p.access + (uint64_t)p.access_size * i);
	if (rule == FFABI_OK && in->range_count != 0)
		rule = put_composite(c, in, dst, p.composite);
	for (i = 0; rule == FFABI_OK && i < in->range_count; i++)
		rule = ffabi_mem_constituent_pack(c, &in->ranges[i], dst,
						  p.ranges + (uint64_t)size * i);
	return rule;
}

/* A part of the descriptor that lies in one piece: which, and how long. */
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

/* n / size; sizes of table elements are powers of two, and not every target divides. */
static uint32_t whole_times(uint32_t n, uint32_t size)
{
	while (size > 1) {
		n >>= 1;
		size >>= 1;
	}
	return n;
}

/* The part to which the byte at offset belongs. */
static void find_piece(const struct ffabi_ctx *c, const struct ffabi_mem_places *p, uint32_t offset,
		       struct piece *out)
{
	const uint32_t range = ffabi_mem_constituent_size(c->version);

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
		out->index = whole_times(offset - p->ranges, range);
		out->start = p->ranges + out->index * range;
		out->size = range;
	}
}

static enum ffabi_rule put_piece(struct ffabi_ctx *c, enum ffabi_usage usage,
				 const struct ffabi_mem_message *in,
				 const struct ffabi_mem_places *p, const struct piece *piece,
				 const struct ffabi_dst *dst, uint64_t at)
{
	switch (piece->kind) {
	case HEADER:
		return put_header(c, usage, in, p, dst, at);
	case ACCESS:
		return put_access(c, usage, in, p, piece->index, dst, at);
	case COMPOSITE:
		return put_composite(c, in, dst, at);
	case RANGE:
	default:
		return ffabi_mem_constituent_pack(c, &in->ranges[piece->index], dst, at);
	}
}

/* A part that crosses the edge of the fragment is made beside it; the bytes inside are copied. */
FFABI_COLD static enum ffabi_rule put_part(struct ffabi_ctx *c, enum ffabi_usage usage,
					   const struct ffabi_mem_message *in,
					   const struct ffabi_mem_places *p,
					   const struct piece *piece, const struct ffabi_dst *dst,
					   uint32_t offset, uint32_t end)
{
	uint64_t room[8];
	struct ffabi_dst beside;
	enum ffabi_rule rule;
	uint32_t i;

	beside.base = (uint8_t *)room;
	beside.len = sizeof(room);
	rule = put_piece(c, usage, in, p, piece, &beside, 0);
	for (i = 0; rule == FFABI_OK && i < piece->size; i++) {
		const uint32_t at = piece->start + i;

		if (at >= offset && at < end)
			ffabi_st8(dst, at - offset, beside.base[i]);
	}
	return rule;
}

enum ffabi_rule ffabi_mem_fragment(struct ffabi_ctx *c, enum ffabi_usage usage,
				   const struct ffabi_mem_message *in, uint32_t offset,
				   const struct ffabi_dst *dst, struct ffabi_mem_length *length)
{
	struct ffabi_mem_places p;
	enum ffabi_rule rule;
	struct piece piece;
	uint32_t end;
	uint32_t at;

	if (offset == 0)
		rule = measure(c, usage, in, &p, &length->total);
	else
		rule = place(c, in, &p, &length->total);
	if (rule != FFABI_OK)
		return rule;
	if (offset >= length->total)
		return ffabi_fail(c, FFABI_E_RANGE, FFABI_F_FRAGMENT_OFFSET, length->total, offset);
	if ((offset & 7) != 0)
		return ffabi_fail(c, FFABI_E_ALIGN, FFABI_F_FRAGMENT_OFFSET, offset, offset);
	if (dst->len < 8)
		return ffabi_fail(c, FFABI_E_SHORT, FFABI_F_FRAGMENT_LENGTH, offset, dst->len);
	end = length->total;
	if (end - offset > dst->len)
		end = offset + ((uint32_t)dst->len & ~7u);
	length->fragment = end - offset;
	for (at = offset; rule == FFABI_OK && at < end; at = piece.start + piece.size) {
		find_piece(c, &p, at, &piece);
		if (piece.start >= offset && piece.start + piece.size <= end)
			rule = put_piece(c, usage, in, &p, &piece, dst, piece.start - offset);
		else
			rule = put_part(c, usage, in, &p, &piece, dst, offset, end);
	}
	return rule;
}
