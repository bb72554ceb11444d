/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Lists of address ranges outside memory transactions: resources of the normal world, RX/TX buffers
 * of endpoints. */
#include <ffabi/lists.h>

#define RESOURCE(field) FFABI_NS_RESOURCE_INFO_AT_##field
#define RXTX(field) FFABI_ENDPOINT_RXTX_AT_##field
#define COMPOSITE(field) FFABI_MEM_COMPOSITE_AT_##field

enum ffabi_rule ffabi_resource_open(struct ffabi_ctx *c, const struct ffabi_src *src,
				    struct ffabi_resource_cursor *cur)
{
	struct ffabi_ns_resource_info *h = &cur->header;
	const enum ffabi_rule rule = ffabi_ns_resource_info_unpack(c, src, 0, h);

	if (rule != FFABI_OK)
		return rule;
	if (h->address_map_offset > src->len)
		return ffabi_fail(c, FFABI_E_SHORT, FFABI_F_ADDRESS_MAP_OFFSET,
				  RESOURCE(ADDRESS_MAP_OFFSET), h->address_map_offset);
	if ((uint64_t)h->address_map_size * h->address_map_count > src->len - h->address_map_offset)
		return ffabi_fail(c, FFABI_E_SHORT, FFABI_F_ADDRESS_MAP_COUNT,
				  RESOURCE(ADDRESS_MAP_COUNT), h->address_map_count);
	cur->src.base = src->base;
	cur->src.len = src->len;
	cur->next = 0;
	return FFABI_OK;
}

enum ffabi_rule ffabi_resource_next(struct ffabi_ctx *c, struct ffabi_resource_cursor *cur,
				    struct ffabi_address_map *out)
{
	const struct ffabi_ns_resource_info *h = &cur->header;
	const uint64_t at = h->address_map_offset + (uint64_t)h->address_map_size * cur->next;
	enum ffabi_rule rule;

	if (cur->next >= h->address_map_count)
		return FFABI_END;
	rule = ffabi_address_map_unpack(c, &cur->src, at, out);
	if (rule == FFABI_OK)
		cur->next++;
	return rule;
}

/* Where the bytes of a composite descriptor and its ranges end. */
static uint64_t ranges_end(const struct ffabi_ctx *c, uint64_t at,
			   const struct ffabi_mem_composite *m)
{
	return at + ffabi_mem_composite_size(c->version) +
	       (uint64_t)ffabi_mem_constituent_size(c->version) * m->address_range_count;
}

/* The composite descriptor at offset at, with room for all of its ranges. */
static enum ffabi_rule open_ranges(struct ffabi_ctx *c, const struct ffabi_src *src, uint32_t at,
				   struct ffabi_range_cursor *cur)
{
	const enum ffabi_rule rule = ffabi_mem_composite_unpack(c, src, at, &cur->composite);

	if (rule != FFABI_OK)
		return rule;
	if (ranges_end(c, at, &cur->composite) > src->len)
		return ffabi_fail(c, FFABI_E_SHORT, FFABI_F_ADDRESS_RANGE_COUNT,
				  at + COMPOSITE(ADDRESS_RANGE_COUNT),
				  cur->composite.address_range_count);
	cur->src.base = src->base;
	cur->src.len = src->len;
	cur->at = at;
	cur->next = 0;
	cur->pages = 0;
	return FFABI_OK;
}

/* What stands at tx, and reaches to tx_end, shares no byte with the RX buffer's ranges. */
static enum ffabi_rule check_apart(struct ffabi_ctx *c, const struct ffabi_range_cursor *rx,
				   uint32_t tx, uint64_t tx_end)
{
	if (tx_end <= rx->at || tx >= ranges_end(c, rx->at, &rx->composite))
		return FFABI_OK;
	return ffabi_fail(c, FFABI_E_OVERLAP, FFABI_F_TX_COMPOSITE_OFFSET,
			  RXTX(TX_COMPOSITE_OFFSET), tx);
}

enum ffabi_rule ffabi_rxtx_open(struct ffabi_ctx *c, const struct ffabi_src *src,
				struct ffabi_endpoint_rxtx *out, struct ffabi_rxtx_ranges *ranges)
{
	enum ffabi_rule rule;

	if (c->version == FFABI_V1_0)
		return ffabi_fail(c, FFABI_E_VERSION, FFABI_F_VERSION, 0, c->version);
	rule = ffabi_endpoint_rxtx_unpack(c, src, 0, out);
	if (rule == FFABI_OK)
		rule = open_ranges(c, src, out->rx_composite_offset, &ranges->rx);
	/* before its bytes are taken, which may have been already, and once its end is known */
	if (rule == FFABI_OK)
		rule = check_apart(c, &ranges->rx, out->tx_composite_offset,
				   out->tx_composite_offset +
					   (uint64_t)ffabi_mem_composite_size(c->version));
	if (rule == FFABI_OK)
		rule = open_ranges(c, src, out->tx_composite_offset, &ranges->tx);
	if (rule == FFABI_OK)
		rule = check_apart(c, &ranges->rx, ranges->tx.at,
				   ranges_end(c, ranges->tx.at, &ranges->tx.composite));
	return rule;
}

enum ffabi_rule ffabi_range_next(struct ffabi_ctx *c, struct ffabi_range_cursor *cur,
				 struct ffabi_mem_constituent *out)
{
	const struct ffabi_mem_composite *m = &cur->composite;
	const uint64_t at = (uint64_t)cur->at + ffabi_mem_composite_size(c->version) +
			    (uint64_t)ffabi_mem_constituent_size(c->version) * cur->next;
	enum ffabi_rule rule;

	if (cur->next >= m->address_range_count) {
		if (cur->pages != m->total_page_count)
			return ffabi_fail(c, FFABI_E_RULE, FFABI_F_TOTAL_PAGE_COUNT,
					  cur->at + COMPOSITE(TOTAL_PAGE_COUNT), cur->pages);
		return FFABI_END;
	}
	rule = ffabi_mem_constituent_unpack(c, &cur->src, at, out);
	if (rule != FFABI_OK)
		return rule;
	cur->pages += out->page_count;
	cur->next++;
	return FFABI_OK;
}
