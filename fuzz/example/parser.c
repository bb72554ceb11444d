/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Somebody's own parser of FFA_MEM_SHARE in version 1.1, as a stand-in for yours: it knows nothing
 * of ffabi.  It answers how many pages are shared, or a negative number.
 */
#include "parser.h"

#include <string.h>

struct header {
	uint16_t sender;
	uint16_t attributes;
	uint32_t flags;
	uint64_t handle;
	uint64_t tag;
	uint32_t receiver_size;
	uint32_t receiver_count;
	uint32_t receiver_offset;
	uint32_t reserved[3];
};

struct receiver {
	uint16_t id;
	uint8_t permissions;
	uint8_t flags;
	uint32_t composite_offset;
	uint64_t reserved;
};

struct composite {
	uint32_t page_count;
	uint32_t range_count;
	uint64_t reserved;
};

struct range {
	uint64_t address;
	uint32_t page_count;
	uint32_t reserved;
};

static int check_receivers(const struct header *h, const uint8_t *data, size_t n,
			   uint32_t *composite)
{
	uint64_t ids_seen = 0;

	if (h->receiver_count == 0 || h->receiver_count > 64 ||
	    h->receiver_size < sizeof(struct receiver))
		return -1;
	if ((uint64_t)h->receiver_offset + (uint64_t)h->receiver_count * h->receiver_size > n)
		return -2;
	for (uint32_t i = 0; i < h->receiver_count; i++) {
		struct receiver r;

		memcpy(&r, data + h->receiver_offset + (size_t)i * h->receiver_size, sizeof(r));
		if (i != 0 && r.composite_offset != *composite)
			return -3;
		if ((r.permissions & 3) == 3 || (r.permissions >> 2 & 3) == 3)
			return -4;
		if ((ids_seen >> r.id % 64 & 1) != 0)
			return -5;
		ids_seen |= 1ull << r.id % 64;
		*composite = r.composite_offset;
	}
	return 0;
}

static int64_t count_pages(const uint8_t *data, size_t n, uint32_t at)
{
	struct composite c;
	uint64_t pages = 0;

	if (at < sizeof(struct header) || (uint64_t)at + sizeof(c) > n)
		return -6;
	memcpy(&c, data + at, sizeof(c));
	if (c.range_count == 0 ||
	    (uint64_t)at + sizeof(c) + (uint64_t)c.range_count * sizeof(struct range) > n)
		return -7;
	for (uint32_t i = 0; i < c.range_count; i++) {
		struct range r;

		memcpy(&r, data + at + sizeof(c) + i * sizeof(r), sizeof(r));
		if (r.address % 4096 != 0 || r.page_count == 0)
			return -8;
		pages += r.page_count;
	}
	if (pages != c.page_count)
		return -9;
#ifdef EXAMPLE_BUG /* a mistake that only a whole and consistent descriptor reaches */
	static const uint8_t small[4] = {1, 2, 4, 8};

	if (c.range_count >= 3 && pages > 3)
		return small[c.range_count + 1] + (int64_t)pages;
#endif
	return (int64_t)pages;
}

int64_t example_share(const uint8_t *data, size_t n)
{
	struct header h;
	uint32_t composite = 0;
	int verdict;

	if (n < sizeof(h))
		return -10;
	memcpy(&h, data, sizeof(h));
	if (h.handle != 0 || (h.flags & ~2u) != 0 || h.attributes >> 7 != 0)
		return -11;
	verdict = check_receivers(&h, data, n, &composite);
	return verdict != 0 ? verdict : count_pages(data, n, composite);
}
