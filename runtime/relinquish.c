/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Relinquish descriptors: a header and the ids of endpoints. */
#include <ffabi/lists.h>

#define AT_COUNT FFABI_MEM_RELINQUISH_DESCRIPTOR_AT_ENDPOINT_COUNT

/* Is one of the first n ids this one? */
static int among(const uint16_t *ids, uint32_t n, uint16_t id)
{
	uint32_t i;

	for (i = 0; i < n; i++) {
		if (ids[i] == id)
			return 1;
	}
	return 0;
}

enum ffabi_rule ffabi_relinquish_unpack(struct ffabi_ctx *c, const struct ffabi_src *src,
					struct ffabi_mem_relinquish_descriptor *out,
					const struct ffabi_ids *endpoints)
{
	const uint32_t first = ffabi_mem_relinquish_descriptor_size(c->version);
	enum ffabi_rule rule;
	uint32_t i;

	rule = ffabi_mem_relinquish_descriptor_unpack(c, src, 0, out);
	if (rule != FFABI_OK)
		return rule;
	if (!ffabi_fits(src->len, first, sizeof(uint16_t) * (uint64_t)out->endpoint_count))
		return ffabi_fail(c, FFABI_E_SHORT, FFABI_F_ENDPOINT_COUNT, AT_COUNT,
				  out->endpoint_count);
	if (out->endpoint_count > endpoints->room)
		return ffabi_fail(c, FFABI_E_RANGE, FFABI_F_ENDPOINT_COUNT, AT_COUNT,
				  out->endpoint_count);
	for (i = 0; i < out->endpoint_count; i++) {
		const uint64_t at = first + sizeof(uint16_t) * (uint64_t)i;
		const uint16_t id = ffabi_ld16(src, at);

		if (among(endpoints->ids, i, id))
			return ffabi_fail(c, FFABI_E_RULE, FFABI_F_ENDPOINT_ID, (uint32_t)at, id);
		endpoints->ids[i] = id;
	}
	return FFABI_OK;
}

enum ffabi_rule ffabi_relinquish_pack(struct ffabi_ctx *c,
				      const struct ffabi_mem_relinquish_descriptor *in,
				      const uint16_t *ids, const struct ffabi_dst *dst,
				      uint32_t *total)
{
	const uint32_t first = ffabi_mem_relinquish_descriptor_size(c->version);
	const uint64_t end = first + sizeof(uint16_t) * (uint64_t)in->endpoint_count;
	enum ffabi_rule rule;
	uint32_t i;

	if (first == 0)
		return ffabi_fail(c, FFABI_E_VERSION, FFABI_F_VERSION, 0, c->version);
	if (end > dst->len || end > UINT32_MAX)
		return ffabi_fail(c, FFABI_E_SHORT, FFABI_F_ENDPOINT_COUNT, AT_COUNT,
				  in->endpoint_count);
	for (i = 0; i < in->endpoint_count; i++) {
		if (among(ids, i, ids[i]))
			return ffabi_fail(c, FFABI_E_RULE, FFABI_F_ENDPOINT_ID,
					  first + (uint32_t)sizeof(uint16_t) * i, ids[i]);
	}
	rule = ffabi_mem_relinquish_descriptor_pack(c, in, dst, 0);
	if (rule != FFABI_OK)
		return rule;
	for (i = 0; i < in->endpoint_count; i++)
		ffabi_st16(dst, first + sizeof(uint16_t) * (uint64_t)i, ids[i]);
	*total = (uint32_t)end;
	return FFABI_OK;
}
