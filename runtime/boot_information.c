/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Boot information: the blob of version 1.1 and later, and the list of 1.0. */
#include <ffabi/lists.h>

#define HEADER(field) FFABI_BOOT_INFO_HEADER_AT_##field
#define DESCRIPTOR(field) FFABI_BOOT_INFO_DESCRIPTOR_AT_##field

static uint64_t descriptors_end(const struct ffabi_boot_info_header *h)
{
	return h->descriptor_offset + (uint64_t)h->descriptor_size * h->descriptor_count;
}

/* The array lies in the blob, and the blob in len bytes. */
static enum ffabi_rule check_blob(struct ffabi_ctx *c, const struct ffabi_boot_info_header *h,
				  uint64_t len)
{
	if (h->blob_size > len)
		return ffabi_fail(c, FFABI_E_SHORT, FFABI_F_BLOB_SIZE, HEADER(BLOB_SIZE),
				  h->blob_size);
	if (h->descriptor_offset > h->blob_size)
		return ffabi_fail(c, FFABI_E_SHORT, FFABI_F_DESCRIPTOR_OFFSET,
				  HEADER(DESCRIPTOR_OFFSET), h->descriptor_offset);
	if (descriptors_end(h) > h->blob_size)
		return ffabi_fail(c, FFABI_E_SHORT, FFABI_F_DESCRIPTOR_COUNT,
				  HEADER(DESCRIPTOR_COUNT), h->descriptor_count);
	return FFABI_OK;
}

enum ffabi_rule ffabi_boot_open(struct ffabi_ctx *c, const struct ffabi_src *src,
				struct ffabi_boot_cursor *cur)
{
	enum ffabi_rule rule = ffabi_boot_info_header_unpack(c, src, 0, &cur->header);

	if (rule == FFABI_OK)
		rule = check_blob(c, &cur->header, src->len);
	if (rule != FFABI_OK)
		return rule;
	cur->src.base = src->base;
	cur->src.len = cur->header.blob_size;
	cur->next = 0;
	return FFABI_OK;
}

/* Characters, a zero, and nothing but zeroes behind it. */
static int ends_with_zero(const struct ffabi_boot_info_descriptor *d)
{
	const unsigned int size = sizeof(d->name);
	unsigned int i = 0;

	while (i < size && d->name[i] != 0)
		i++;
	if (i == size)
		return 0;
	while (i < size && d->name[i] == 0)
		i++;
	return i == size;
}

/* Do the contents share bytes with the header or the descriptors? */
static int covers_tables(const struct ffabi_ctx *c, const struct ffabi_boot_info_header *h,
			 const struct ffabi_boot_info_descriptor *d)
{
	const uint64_t end = d->contents + d->size; /* both lie in the blob */

	return d->size != 0 && (d->contents < ffabi_boot_info_header_size(c->version) ||
				(d->contents < descriptors_end(h) && end > h->descriptor_offset));
}

/* What a descriptor at offset at says of its name and of its contents. */
static enum ffabi_rule check_contents(struct ffabi_ctx *c, const struct ffabi_boot_info_header *h,
				      uint32_t at, const struct ffabi_boot_info_descriptor *d)
{
	if (d->name_format == FFABI_BOOT_INFO_NAME_FORMAT_STRING && !ends_with_zero(d))
		return ffabi_fail(c, FFABI_E_RULE, FFABI_F_NAME, at + DESCRIPTOR(NAME), 0);
	if (d->contents_format == FFABI_BOOT_INFO_CONTENTS_FORMAT_VALUE &&
	    (d->size == 0 || d->size > sizeof(d->contents)))
		return ffabi_fail(c, FFABI_E_RANGE, FFABI_F_SIZE, at + DESCRIPTOR(SIZE), d->size);
	if (d->contents_format != FFABI_BOOT_INFO_CONTENTS_FORMAT_OFFSET)
		return FFABI_OK;
	if (!ffabi_fits(h->blob_size, d->contents, d->size))
		return ffabi_fail(c, FFABI_E_SHORT, FFABI_F_CONTENTS, at + DESCRIPTOR(CONTENTS),
				  d->contents);
	if (covers_tables(c, h, d))
		return ffabi_fail(c, FFABI_E_OVERLAP, FFABI_F_CONTENTS, at + DESCRIPTOR(CONTENTS),
				  d->contents);
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
		rule = check_contents(c, h, (uint32_t)at, out);
	if (rule == FFABI_OK)
		cur->next++;
	return rule;
}

enum ffabi_rule ffabi_boot_pack(struct ffabi_ctx *c, const struct ffabi_boot_blob *in,
				const struct ffabi_dst *dst)
{
	struct ffabi_boot_info_header h;
	enum ffabi_rule rule;
	uint32_t i;

	h.version = in->version;
	h.blob_size = in->size;
	h.descriptor_size = ffabi_boot_info_descriptor_size(c->version);
	h.descriptor_count = in->count;
	h.descriptor_offset = ffabi_boot_info_header_size(c->version);
	rule = ffabi_boot_info_header_valid(c, &h, 0);
	if (rule == FFABI_OK)
		rule = check_blob(c, &h, dst->len);
	for (i = 0; rule == FFABI_OK && i < h.descriptor_count; i++) {
		const uint32_t at = h.descriptor_offset + h.descriptor_size * i;

		rule = ffabi_boot_info_descriptor_valid(c, &in->descriptors[i], at);
		if (rule == FFABI_OK)
			rule = check_contents(c, &h, at, &in->descriptors[i]);
	}
	if (rule == FFABI_OK)
		rule = ffabi_boot_info_header_pack(c, &h, dst, 0);
	for (i = 0; rule == FFABI_OK && i < h.descriptor_count; i++)
		rule = ffabi_boot_info_descriptor_pack(c, &in->descriptors[i], dst,
						       h.descriptor_offset +
							       (uint64_t)h.descriptor_size * i);
	return rule;
}

enum ffabi_rule ffabi_boot_list_open(struct ffabi_ctx *c, const struct ffabi_src *src,
				     struct ffabi_boot_list_cursor *cur)
{
	struct ffabi_boot_info_v1_0 list;
	const enum ffabi_rule rule = ffabi_boot_info_v1_0_unpack(c, src, 0, &list);

	if (rule != FFABI_OK)
		return rule;
	if (!ffabi_fits(src->len, ffabi_boot_info_v1_0_size(c->version),
			(uint64_t)list.count * ffabi_boot_info_v1_0_item_size(c->version)))
		return ffabi_fail(c, FFABI_E_SHORT, FFABI_F_COUNT, FFABI_BOOT_INFO_V1_0_AT_COUNT,
				  list.count);
	cur->src.base = src->base;
	cur->src.len = src->len;
	cur->count = list.count;
	cur->next = 0;
	return FFABI_OK;
}

enum ffabi_rule ffabi_boot_list_next(struct ffabi_ctx *c, struct ffabi_boot_list_cursor *cur,
				     struct ffabi_boot_info_v1_0_item *out)
{
	const uint64_t at = ffabi_boot_info_v1_0_size(c->version) +
			    (uint64_t)ffabi_boot_info_v1_0_item_size(c->version) * cur->next;
	enum ffabi_rule rule;

	if (cur->next >= cur->count)
		return FFABI_END;
	rule = ffabi_boot_info_v1_0_item_unpack(c, &cur->src, at, out);
	if (rule == FFABI_OK)
		cur->next++;
	return rule;
}
