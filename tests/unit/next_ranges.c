/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Constituents of shared memory, several at once: who asks for none, for fewer than there are, for
 * more. Bytes are written out by hand (DEN0077A 1.1: header of 48 bytes, access descriptor of 16,
 * composite descriptor of 16, constituents of 16).
 */
#include <ffabi/fields.h>
#include <ffabi/transaction.h>

#include "check.h"

/* clang-format off */
/* FFA_MEM_SHARE of 1 + 2 + 4 pages with endpoint 0x8001. */
static const struct {
	uint64_t align;
	uint8_t bytes[128];
} share = {
	0,
	{
		0x01, 0x00, 0x2f, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, /* sender 1, normal memory: write-back, inner shareable */
		0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x10, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, /* access descriptors: 16 bytes each, one */
		0x30, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, /* at 48 */
		0x01, 0x80, 0x02, 0x00, 0x40, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, /* endpoint 0x8001, read and write; composite descriptor at 64 */
		0x07, 0x00, 0x00, 0x00, 0x03, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, /* 7 pages in 3 ranges */
		0x00, 0x10, 0x00, 0x80, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
		0x00, 0x40, 0x00, 0x80, 0x00, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
		0x00, 0x00, 0x01, 0x80, 0x00, 0x00, 0x00, 0x00, 0x04, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	},
};
/* clang-format on */

static struct ffabi_mem_cursor at_ranges(struct ffabi_ctx *c)
{
	const struct ffabi_src src = {share.bytes, sizeof(share.bytes)};
	const struct ffabi_mem_length length = {sizeof(share.bytes), sizeof(share.bytes)};
	struct ffabi_mem_transaction header;
	struct ffabi_mem_composite composite;
	struct ffabi_mem_access access;
	struct ffabi_mem_cursor cur;

	CHECK(ffabi_mem_open(c, FFABI_USAGE_SHARE, &src, &length, &cur, &header) == FFABI_OK);
	CHECK(ffabi_mem_next_access(c, &cur, &access) == FFABI_OK);
	CHECK(ffabi_mem_next_access(c, &cur, &access) == FFABI_END);
	CHECK(ffabi_mem_open_composite(c, &cur, &composite) == FFABI_OK);
	return cur;
}

/* Whoever has room for none would ask for ever if that were no refusal. */
static void test_no_room(void)
{
	struct ffabi_ctx c = {FFABI_V1_1, FFABI_STRICT, 0, {0, 0, 0, 0}};
	struct ffabi_mem_cursor cur = at_ranges(&c);
	struct ffabi_mem_constituent out = {99, 99};
	uint32_t n = 99;

	CHECK(ffabi_mem_next_ranges(&c, &cur, &out, 0, &n) == FFABI_E_SHORT && n == 0);
	CHECK(c.err.rule == FFABI_E_SHORT && c.err.field == FFABI_F_NONE && c.err.at == 80 &&
	      c.err.value == 0);
	CHECK(out.address == 99 && out.page_count == 99);
	CHECK(ffabi_mem_next_ranges(&c, &cur, &out, 1, &n) == FFABI_OK && n == 1);
	CHECK(out.address == 0x80001000 && out.page_count == 1);
}

static void test_in_pieces(void)
{
	struct ffabi_ctx c = {FFABI_V1_1, FFABI_STRICT, 0, {0, 0, 0, 0}};
	struct ffabi_mem_cursor cur = at_ranges(&c);
	struct ffabi_mem_constituent out[4];
	uint32_t n;

	CHECK(ffabi_mem_next_ranges(&c, &cur, out, 2, &n) == FFABI_OK && n == 2);
	CHECK(out[1].address == 0x80004000 && out[1].page_count == 2);
	CHECK(ffabi_mem_next_ranges(&c, &cur, out, 4, &n) == FFABI_OK && n == 1);
	CHECK(out[0].address == 0x80010000 && out[0].page_count == 4);
	CHECK(ffabi_mem_next_ranges(&c, &cur, out, 4, &n) == FFABI_END && n == 0);
	CHECK(ffabi_mem_next_ranges(&c, &cur, out, 0, &n) == FFABI_END && n == 0);
}

int main(void)
{
	test_no_room();
	test_in_pieces();
	return done();
}
