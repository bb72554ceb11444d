/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Transcribed by hand from DEN0077A 1.1; knows nothing of spec/. */
#include "minimal.h"

struct header {
	uint16_t sender;
	uint16_t attributes;
	uint32_t flags;
	uint64_t handle;
	uint64_t tag;
	uint32_t access_size;
	uint32_t access_count;
	uint32_t access_offset;
	uint32_t reserved;
	uint64_t reserved_40;
};

struct access {
	uint16_t endpoint;
	uint8_t permissions;
	uint8_t flags;
	uint32_t composite;
	uint64_t reserved;
};

struct composite {
	uint32_t pages;
	uint32_t ranges;
	uint64_t reserved;
};

struct range {
	uint64_t address;
	uint64_t pages; /* and 32 reserved bits above */
};

uint32_t minimal_write(const struct ffabi_mem_message *in, uint8_t *dst)
{
	const struct ffabi_mem_transaction *h = in->header;
	const struct ffabi_mem_access *a = in->access;
	const struct ffabi_mem_access *last = a + in->access_count;
	const struct ffabi_mem_constituent *r = in->ranges;
	const struct ffabi_mem_constituent *end = r + in->range_count;
	struct header *header = (struct header *)dst;
	struct access *access = (struct access *)(header + 1);
	struct composite *composite = (struct composite *)(access + in->access_count);
	struct range *range = (struct range *)(composite + 1);
	const uint32_t offset = (uint32_t)((uint8_t *)composite - dst);
	uint32_t pages = 0;

	header->sender = h->sender_id;
	header->attributes =
		(uint16_t)(h->memory_type << 4 | h->cacheability << 2 | h->shareability);
	header->flags = h->flags;
	header->handle = 0;
	header->tag = h->tag;
	header->access_size = sizeof(*access);
	header->access_count = in->access_count;
	header->access_offset = sizeof(*header);
	header->reserved = 0;
	header->reserved_40 = 0;
	composite->ranges = in->range_count;
	composite->reserved = 0;
	do {
		access->endpoint = a->endpoint_id;
		access->permissions = (uint8_t)(a->instruction_access << 2 | a->data_access);
		access->flags = a->flags;
		access->composite = offset;
		access->reserved = 0;
		access++;
		a++;
	} while (a != last);
	do {
		const uint32_t n = r->page_count;

		range->address = r->address;
		range->pages = n;
		pages += n;
		range++;
		r++;
	} while (r != end);
	composite->pages = pages;
	return (uint32_t)((uint8_t *)range - dst);
}

enum ffabi_rule minimal_read(const uint8_t *src, struct minimal_transaction *out)
{
	const struct header *header = (const struct header *)src;
	const struct access *access = (const struct access *)(src + header->access_offset);
	const struct access *last = access + header->access_count;
	const struct composite *composite = (const struct composite *)(src + access->composite);
	const struct range *range = (const struct range *)(composite + 1);
	const struct range *end = range + composite->ranges;
	struct ffabi_mem_access *a = out->access;
	struct ffabi_mem_constituent *r = out->ranges;

	out->header.sender_id = header->sender;
	out->header.memory_type = header->attributes >> 4 & 3;
	out->header.cacheability = header->attributes >> 2 & 3;
	out->header.shareability = header->attributes & 3;
	out->header.flags = header->flags;
	out->header.tag = header->tag;
	out->header.access_size = header->access_size;
	out->header.access_count = header->access_count;
	out->header.access_offset = header->access_offset;
	out->composite.total_page_count = composite->pages;
	out->composite.address_range_count = composite->ranges;
	do {
		a->endpoint_id = access->endpoint;
		a->instruction_access = access->permissions >> 2;
		a->data_access = access->permissions & 3;
		a->flags = access->flags;
		a->composite_offset = access->composite;
		access++;
		a++;
	} while (access != last);
	do {
		r->address = range->address;
		r->page_count = (uint32_t)range->pages;
		range++;
		r++;
	} while (range != end);
	return FFABI_OK;
}

enum ffabi_rule minimal_pack(const struct ffabi_mem_share *in, struct ffabi_regs *out)
{
	uint64_t *x = out->x;

	x[0] = 0xc4000073;
	x[1] = in->total_length;
	x[2] = in->fragment_length;
	x[3] = in->buffer_address;
	x[4] = in->buffer_page_count;
	x[5] = 0;
	x[6] = 0;
	x[7] = 0;
	FFABI_ZERO_8_17(x);
	return FFABI_OK;
}

/* Inlined, so that both versions are one function each. */
static inline __attribute__((always_inline)) enum ffabi_rule
unpack(const uint64_t *x, uint64_t high, struct ffabi_mem_share *out)
{
	if (x[0] != 0xc4000073 || (high | x[5] | x[6] | x[7] | (x[1] | x[2] | x[4]) >> 32) != 0)
		return FFABI_E_MBZ;
	out->total_length = (uint32_t)x[1];
	out->fragment_length = (uint32_t)x[2];
	out->buffer_address = x[3];
	out->buffer_page_count = (uint32_t)x[4];
	return FFABI_OK;
}

enum ffabi_rule minimal_unpack_1_1(const struct ffabi_regs *in, struct ffabi_mem_share *out)
{
	return unpack(in->x, 0, out);
}

enum ffabi_rule minimal_unpack_1_2(const struct ffabi_regs *in, struct ffabi_mem_share *out)
{
	const uint64_t *x = in->x;

	return unpack(x,
		      x[8] | x[9] | x[10] | x[11] | x[12] | x[13] | x[14] | x[15] | x[16] | x[17],
		      out);
}
