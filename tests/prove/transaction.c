/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Whole memory transactions, by the functions that transaction.h declares.
 * unwind: 20
 */
#include <bytes.h>
#include <ffabi/transaction.h>

#define ACCESSES 2
#define RANGES 2
/* The largest header, access descriptors of the smallest size, composite and ranges: the version
 * decides what fits. */
#define ROOM 160

static enum ffabi_usage any_usage(void)
{
	unsigned int any;

	GIVEN(any == FFABI_USAGE_SHARE || any == FFABI_USAGE_LEND || any == FFABI_USAGE_DONATE ||
	      any == FFABI_USAGE_RETRIEVE_REQ || any == FFABI_USAGE_RETRIEVE_RESP);
	return (enum ffabi_usage)any;
}

/* ffabi_mem_open; buffer up to 160 bytes */
void prove_mem_open(void)
{
	struct ffabi_ctx c = any_context();
	_Alignas(8) uint8_t buffer[ROOM];
	struct ffabi_src src = {buffer, 0};
	struct ffabi_mem_length length;
	struct ffabi_mem_cursor cur;
	struct ffabi_mem_transaction header;
	uint64_t len;

	GIVEN(len <= sizeof(buffer));
	src.len = len;
	watch(buffer, length.fragment < len ? length.fragment : len);
	if (ffabi_mem_open(&c, any_usage(), &src, &length, &cur, &header) != FFABI_OK) {
		REACHED("refused");
		return;
	}
	REACHED("opened");
	CLAIM("the fragment is here", length.fragment <= len && length.fragment <= length.total);
	CLAIM("whole access descriptors are here",
	      cur.places.access + (uint64_t)cur.places.access_size * cur.places.access_count <=
		      length.fragment);
}

/* ffabi_mem_open, ffabi_mem_next_access, ffabi_mem_open_composite, ffabi_mem_next_range; 2 access
 * descriptors, 2 ranges, buffer up to 160 bytes */
void prove_mem_cursor(void)
{
	struct ffabi_ctx c = any_context();
	_Alignas(8) uint8_t buffer[ROOM];
	struct ffabi_src src = {buffer, sizeof(buffer)};
	struct ffabi_mem_length length;
	struct ffabi_mem_cursor cur;
	struct ffabi_mem_transaction header;
	struct ffabi_mem_access access;
	struct ffabi_mem_composite composite;
	struct ffabi_mem_constituent range;
	enum ffabi_rule rule;
	uint64_t pages = 0;
	uint32_t named = 0, i;

	GIVEN(length.fragment <= sizeof(buffer));
	watch(buffer, length.fragment);
	rule = ffabi_mem_open(&c, any_usage(), &src, &length, &cur, &header);
	GIVEN(rule == FFABI_OK && header.access_count <= ACCESSES);
	for (i = 0; i <= ACCESSES; i++) {
		rule = ffabi_mem_next_access(&c, &cur, &access);
		if (rule != FFABI_OK)
			break;
		CLAIM("no more than were said", i < header.access_count);
		CLAIM("the same composite descriptor", i == 0 || access.composite_offset == named);
		named = access.composite_offset;
	}
	if (rule != FFABI_END)
		return;
	CLAIM("all that were said", i == header.access_count);
	rule = ffabi_mem_open_composite(&c, &cur, &composite);
	if (rule != FFABI_OK) {
		CLAIM("no composite descriptor, or a broken one",
		      (rule == FFABI_END) == (named == 0));
		return;
	}
	GIVEN(composite.address_range_count <= RANGES);
	for (i = 0; i <= RANGES; i++) {
		rule = ffabi_mem_next_range(&c, &cur, &range);
		if (rule != FFABI_OK)
			break;
		pages += range.page_count;
	}
	if (rule != FFABI_END)
		return;
	CLAIM("no more than were said", i <= composite.address_range_count);
	if (i == composite.address_range_count) {
		REACHED("the end");
		CLAIM("the pages add up", pages == composite.total_page_count);
	}
}
