/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Walking tables that are followed by elements. */
#include <ffabi/lists.h>

/* A reader for entries of that size: this version's, or the last one whose entries are not longer. */
static uint32_t version_of_entries(const struct ffabi_ctx *c, uint32_t size)
{
	uint32_t version = c->version;

	while (version > FFABI_V1_1 && ffabi_partition_info_size(version) > size)
		version--;
	return version;
}

static enum ffabi_rule unpack_partition(struct ffabi_ctx *c, const struct ffabi_src *src,
					uint32_t size, uint64_t at,
					struct ffabi_partition_info *out)
{
	const uint32_t version = c->version;
	enum ffabi_rule rule;

	c->version = version_of_entries(c, size);
	rule = ffabi_partition_info_unpack(c, src, at, out);
	c->version = version;
	return rule;
}

enum ffabi_rule ffabi_partition_open(struct ffabi_ctx *c, const struct ffabi_src *src,
				     const struct ffabi_entries *said,
				     struct ffabi_partition_cursor *cur)
{
	const uint32_t smallest = ffabi_partition_info_size(version_of_entries(c, 0));

	if (smallest == 0)
		return ffabi_fail(c, FFABI_E_VERSION, FFABI_F_VERSION, 0, c->version);
	cur->entries.count = said->count;
	cur->entries.size = c->version == FFABI_V1_0 ? smallest : said->size;
	if (cur->entries.size < smallest)
		return ffabi_fail(c, FFABI_E_RANGE, FFABI_F_DESCRIPTOR_SIZE, 0, said->size);
	if ((cur->entries.size & 7) != 0)
		return ffabi_fail(c, FFABI_E_ALIGN, FFABI_F_DESCRIPTOR_SIZE, 0, said->size);
	if ((uint64_t)cur->entries.size * said->count > src->len)
		return ffabi_fail(c, FFABI_E_SHORT, FFABI_F_COUNT, 0, said->count);
	cur->src.base = src->base;
	cur->src.len = src->len;
	cur->next = 0;
	return FFABI_OK;
}

enum ffabi_rule ffabi_partition_next(struct ffabi_ctx *c, struct ffabi_partition_cursor *cur,
				     struct ffabi_partition_info *out)
{
	const uint64_t at = (uint64_t)cur->entries.size * cur->next;
	enum ffabi_rule rule;

	if (cur->next >= cur->entries.count)
		return FFABI_END;
	rule = unpack_partition(c, &cur->src, cur->entries.size, at, out);
	if (rule == FFABI_OK)
		cur->next++;
	return rule;
}

enum ffabi_rule ffabi_partition_of_regs(struct ffabi_ctx *c,
					const struct ffabi_partition_info_get_regs_success *in,
					uint32_t i, struct ffabi_partition_info *out)
{
	const uint32_t words = in->descriptor_size >> 3;
	const uint32_t there = sizeof(in->descriptors) / sizeof(in->descriptors[0]);
	uint64_t entry[6];
	struct ffabi_src src;
	struct ffabi_dst dst;
	uint32_t j;

	if (words < ffabi_partition_info_size(FFABI_V1_1) >> 3 || (in->descriptor_size & 7) != 0)
		return ffabi_fail(c, FFABI_E_RANGE, FFABI_F_DESCRIPTOR_SIZE, 2, in->descriptor_size);
	if (i >= there || (i + 1) * words > there)
		return ffabi_fail(c, FFABI_E_SHORT, FFABI_F_DESCRIPTORS, 3, i);
	dst.base = (uint8_t *)entry;
	dst.len = sizeof(entry);
	for (j = 0; j < words && j < 6; j++)
		ffabi_st64(&dst, 8u * j, in->descriptors[i * words + j]);
	src.base = dst.base;
	src.len = 8u * j;
	return unpack_partition(c, &src, (uint32_t)src.len, 0, out);
}

enum ffabi_rule ffabi_message_open(struct ffabi_ctx *c, const struct ffabi_src *src,
				   struct ffabi_partition_message_header *out,
				   struct ffabi_extent *payload)
{
	const enum ffabi_rule rule = ffabi_partition_message_header_unpack(c, src, 0, out);

	if (rule != FFABI_OK)
		return rule;
	if (!ffabi_fits(src->len, out->payload_offset, out->payload_size))
		return ffabi_fail(c, FFABI_E_SHORT, FFABI_F_PAYLOAD_SIZE, 0, out->payload_size);
	payload->at = out->payload_offset;
	payload->n = out->payload_size;
	return FFABI_OK;
}

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
	if (!ffabi_fits(src->len, first, 2 * (uint64_t)out->endpoint_count))
		return ffabi_fail(c, FFABI_E_SHORT, FFABI_F_ENDPOINT_COUNT, 0, out->endpoint_count);
	for (i = 0; i < out->endpoint_count && i < endpoints->room; i++) {
		const uint64_t at = first + 2 * (uint64_t)i;
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
	const uint64_t end = first + 2 * (uint64_t)in->endpoint_count;
	enum ffabi_rule rule;
	uint32_t i;

	if (end > dst->len || end > 0xffffffffu)
		return ffabi_fail(c, FFABI_E_SHORT, FFABI_F_ENDPOINT_COUNT, 0, in->endpoint_count);
	for (i = 0; i < in->endpoint_count; i++) {
		if (among(ids, i, ids[i]))
			return ffabi_fail(c, FFABI_E_RULE, FFABI_F_ENDPOINT_ID, first + 2 * i, ids[i]);
	}
	rule = ffabi_mem_relinquish_descriptor_pack(c, in, dst, 0);
	for (i = 0; rule == FFABI_OK && i < in->endpoint_count; i++)
		ffabi_st16(dst, first + 2 * (uint64_t)i, ids[i]);
	*total = (uint32_t)end;
	return rule;
}

enum ffabi_rule ffabi_boot_open(struct ffabi_ctx *c, const struct ffabi_src *src,
				struct ffabi_boot_cursor *cur)
{
	struct ffabi_boot_info_header *h = &cur->header;
	const enum ffabi_rule rule = ffabi_boot_info_header_unpack(c, src, 0, h);
	uint64_t bytes;

	if (rule != FFABI_OK)
		return rule;
	if (h->blob_size > src->len)
		return ffabi_fail(c, FFABI_E_SHORT, FFABI_F_BLOB_SIZE, 0, h->blob_size);
	if (h->descriptor_size < ffabi_boot_info_descriptor_size(c->version))
		return ffabi_fail(c, FFABI_E_RANGE, FFABI_F_DESCRIPTOR_SIZE, 0, h->descriptor_size);
	if (h->descriptor_offset < ffabi_boot_info_header_size(c->version))
		return ffabi_fail(c, FFABI_E_OVERLAP, FFABI_F_DESCRIPTOR_OFFSET, 0, h->descriptor_offset);
	bytes = (uint64_t)h->descriptor_size * h->descriptor_count;
	if (!ffabi_fits(h->blob_size, h->descriptor_offset, bytes))
		return ffabi_fail(c, FFABI_E_SHORT, FFABI_F_DESCRIPTOR_COUNT, 0, h->descriptor_count);
	cur->src.base = src->base;
	cur->src.len = h->blob_size;
	cur->next = 0;
	return FFABI_OK;
}

/* Characters, a zero, and nothing but zeroes behind it. */
static int ends_with_zero(const uint8_t name[16])
{
	unsigned int i = 0;

	while (i < 16 && name[i] != 0)
		i++;
	if (i == 16)
		return 0;
	while (i < 16 && name[i] == 0)
		i++;
	return i == 16;
}

static enum ffabi_rule check_contents(struct ffabi_ctx *c, const struct ffabi_boot_cursor *cur,
				      uint32_t at, const struct ffabi_boot_info_descriptor *d)
{
	if (d->name_format == FFABI_BOOT_INFO_NAME_FORMAT_STRING && !ends_with_zero(d->name))
		return ffabi_fail(c, FFABI_E_RULE, FFABI_F_NAME, at, 0);
	if (d->contents_format == FFABI_BOOT_INFO_CONTENTS_FORMAT_VALUE && (d->size == 0 || d->size > 8))
		return ffabi_fail(c, FFABI_E_RANGE, FFABI_F_SIZE, at, d->size);
	if (d->contents_format == FFABI_BOOT_INFO_CONTENTS_FORMAT_OFFSET &&
	    !ffabi_fits(cur->src.len, d->contents, d->size))
		return ffabi_fail(c, FFABI_E_SHORT, FFABI_F_CONTENTS, at, d->contents);
	return FFABI_OK;
}

enum ffabi_rule ffabi_boot_next(struct ffabi_ctx *c, struct ffabi_boot_cursor *cur,
				struct ffabi_boot_info_descriptor *out)
{
	const struct ffabi_boot_info_header *h = &cur->header;
	const uint64_t at = h->descriptor_offset + (uint64_t)h->descriptor_size * cur->next;
	enum ffabi_rule rule;

	if (cur->next >= h->descriptor_count)
		return FFABI_END;
	rule = ffabi_boot_info_descriptor_unpack(c, &cur->src, at, out);
	if (rule == FFABI_OK)
		rule = check_contents(c, cur, (uint32_t)at, out);
	if (rule == FFABI_OK)
		cur->next++;
	return rule;
}
