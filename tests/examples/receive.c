/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* A partition manager takes a memory transaction out of a TX buffer that its sender may still write
 * to. */
#include <ffabi/transaction.h>

#include "../unit/check.h"

static uint64_t pages;
static void grant(uint16_t endpoint, const struct ffabi_mem_constituent *range)
{
	pages += range->page_count * (uint64_t)(endpoint & 0xff);
}

static enum ffabi_rule receive(struct ffabi_ctx *c, const struct ffabi_src *tx,
			       const struct ffabi_mem_length *length, const struct ffabi_dst *copy,
			       struct ffabi_mem_view *v)
{
	/* example */
	const struct ffabi_extent all = {0, length->fragment};
	const struct ffabi_src copied = {copy->base, copy->len};
	const struct ffabi_mem_limits limits = {64};
	enum ffabi_rule rule = ffabi_snapshot(c, tx, &all, copy);

	if (rule == FFABI_OK)
		rule = ffabi_mem_check(c, FFABI_USAGE_SHARE, &copied, length, &limits, v);
	return rule;
	/* end */
}

int main(void)
{
	/* that of tests/captures/tinysp-debian-tfa2.12-el3spmc.txt */
	static const uint64_t sent[12] = {
		0x2f0000,     0, 0,	      0x100000010, 0x30,       0,
		0x4000028001, 0, 0x100000002, 0,	   0x68000000, 2,
	};
	const struct ffabi_src tx = {(const uint8_t *)sent, sizeof(sent)};
	const struct ffabi_mem_length length = {96, 96};
	const struct ffabi_mem_length lie = {104, 104};
	struct ffabi_ctx c = {FFABI_V1_1, FFABI_AS_SPECIFIED, 0, {0, 0, 0, 0}};
	struct ffabi_mem_constituent range;
	struct ffabi_mem_access access;
	uint64_t room[12];
	const struct ffabi_dst copy = {(uint8_t *)room, sizeof(room)};
	struct ffabi_mem_view v;
	uint32_t i;
	uint32_t j;

	CHECK(receive(&c, &tx, &length, &copy, &v) == FFABI_OK);
	for (i = 0; i < v.places.access_count; i++) {
		ffabi_mem_view_access(&v, i, &access);
		for (j = 0; j < v.ranges_here; j++) {
			ffabi_mem_view_range(&v, j, &range);
			grant(access.endpoint_id, &range);
		}
	}
	CHECK(pages == 2 && range.address == 0x68000000);
	CHECK(receive(&c, &tx, &lie, &copy, &v) == FFABI_E_SHORT);
	return done();
}
