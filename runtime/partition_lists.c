/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Partition information: entries in the RX buffer, and in registers. */
#include <ffabi/lists.h>

/* A reader for entries of that size: this version's, or the last one whose entries are not longer.
 */
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

enum ffabi_rule ffabi_partition_pack(struct ffabi_ctx *c, const struct ffabi_partition_info *in,
				     uint32_t count, const struct ffabi_dst *dst,
				     struct ffabi_entries *said)
{
	const uint32_t size = ffabi_partition_info_size(c->version);
	enum ffabi_rule rule = FFABI_OK;
	uint32_t i;

	if (size == 0)
		return ffabi_fail(c, FFABI_E_VERSION, FFABI_F_VERSION, 0, c->version);
	if ((uint64_t)size * count > dst->len)
		return ffabi_fail(c, FFABI_E_SHORT, FFABI_F_COUNT, 0, count);
	for (i = 0; rule == FFABI_OK && i < count; i++)
		rule = ffabi_partition_info_valid(c, &in[i], size * (uint64_t)i);
	for (i = 0; rule == FFABI_OK && i < count; i++)
		rule = ffabi_partition_info_pack(c, &in[i], dst, size * (uint64_t)i);
	if (rule != FFABI_OK)
		return rule;
	said->count = count;
	said->size = c->version == FFABI_V1_0 ? 0 : size;
	return FFABI_OK;
}

/* One entry as it would stand in a buffer. */
union entry {
	uint64_t words[FFABI_PARTITION_INFO_LARGEST / 8];
	uint8_t bytes[FFABI_PARTITION_INFO_LARGEST];
};

enum ffabi_rule ffabi_partition_of_regs(struct ffabi_ctx *c,
					const struct ffabi_partition_info_get_regs_success *in,
					uint32_t i, struct ffabi_partition_info *out)
{
	const uint32_t words = in->descriptor_size >> 3;
	const uint32_t there = sizeof(in->descriptors) / sizeof(in->descriptors[0]);
	union entry entry;
	struct ffabi_src src;
	struct ffabi_dst dst;

	if (i >= there || (i + 1) * words > there)
		return FFABI_END;
	dst.base = entry.bytes;
	dst.len = sizeof(entry);
	src.base = entry.bytes;
	for (src.len = 0; src.len < 8 * (uint64_t)words && src.len < dst.len; src.len += 8)
		ffabi_st64(&dst, src.len, in->descriptors[i * words + src.len / 8]);
	return unpack_partition(c, &src, (uint32_t)src.len, 0, out);
}

enum ffabi_rule ffabi_partition_to_regs(struct ffabi_ctx *c, const struct ffabi_partition_info *in,
					uint32_t i,
					struct ffabi_partition_info_get_regs_success *out)
{
	const uint32_t words = ffabi_partition_info_size(c->version) >> 3;
	const uint32_t there = sizeof(out->descriptors) / sizeof(out->descriptors[0]);
	union entry entry;
	struct ffabi_src src;
	struct ffabi_dst dst;
	enum ffabi_rule rule;
	uint32_t j;

	if (i >= there || (i + 1) * words > there)
		return FFABI_END;
	dst.base = entry.bytes;
	dst.len = sizeof(entry);
	rule = ffabi_partition_info_pack(c, in, &dst, 0);
	if (rule != FFABI_OK)
		return rule;
	src.base = entry.bytes;
	src.len = 8 * (uint64_t)words;
	for (j = 0; j < words; j++)
		out->descriptors[i * words + j] = ffabi_ld64(&src, 8 * (uint64_t)j);
	out->descriptor_size = (uint16_t)(8 * words);
	return FFABI_OK;
}
