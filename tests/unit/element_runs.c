/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Many constituents at once: what is good at first sight, and who is blamed otherwise.  Bytes and
 * sums are written out by hand (DEN0077A 1.0: address at 0, page count at 8, reserved at 12).
 */
#include <ffabi/fields.h>
#include <ffabi/memory_descriptors_table.h>

#include "check.h"

#define SIZE 16u

struct block {
	uint64_t align;
	uint8_t bytes[4 * SIZE];
};

/* One page at 0x80000000, then three at 0x80004000. */
static const uint8_t two[2 * SIZE] = {
	0, 0,	 0, 0x80, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0,
	0, 0x40, 0, 0x80, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0,
};

/* Byte at of the second element has the value. */
static struct ffabi_src with(struct block *b, unsigned int at, uint8_t value)
{
	const struct ffabi_src src = {b->bytes, 2 * SIZE};

	memset(b, 0, sizeof(*b));
	memcpy(b->bytes, two, sizeof(two));
	b->bytes[SIZE + at] = value;
	return src;
}

static int scanned(const struct ffabi_src *src, uint64_t at, uint32_t count, uint64_t *sum)
{
	const struct ffabi_elements run = {at, count};

	return ffabi_mem_constituent_scan(src, &run, sum);
}

static void test_scan(void)
{
	struct block b;
	struct ffabi_src src = with(&b, 0, 0);
	uint64_t sum = 99;

	CHECK(scanned(&src, 0, 2, &sum) == 1 && sum == 4);
	CHECK(scanned(&src, SIZE, 1, &sum) == 1 && sum == 3);
	CHECK(scanned(&src, 2 * SIZE, 0, &sum) == 1 && sum == 0); /* none, behind the last */
	CHECK(scanned(&src, 0, 3, &sum) == 0);
	CHECK(scanned(&src, SIZE + 8, 1, &sum) == 0);
	CHECK(scanned(&src, 0, 0xffffffff, &sum) == 0);
	CHECK(scanned(&src, 0xfffffffffffffff8, 1, &sum) == 0);
	memmove(&b.bytes[4], b.bytes, SIZE);
	CHECK(scanned(&src, 4, 1, &sum) == 0); /* it is there, and not aligned */
	src = with(&b, 1, 0x41); /* 0x80004100 is inside a page */
	CHECK(scanned(&src, 0, 2, &sum) == 0 && scanned(&src, 0, 1, &sum) == 1);
	src = with(&b, 8, 0);
	CHECK(scanned(&src, 0, 2, &sum) == 0);
	src = with(&b, 12, 1);
	CHECK(scanned(&src, 0, 2, &sum) == 0);
}

static void test_top(void)
{
	struct block b;
	struct ffabi_src src = with(&b, 7, 0xff);
	uint64_t sum = 0;

	CHECK(scanned(&src, 0, 2, &sum) == 1 && sum == 4); /* 0xff00000080004000, three pages */
	memset(&b.bytes[SIZE + 2], 0xff, 6);
	b.bytes[SIZE + 1] =
		0xf0; /* the last page: three of them would wrap; at second sight it may hold one */
	CHECK(scanned(&src, 0, 2, &sum) == 0);
}

static void test_scan_values(void)
{
	struct ffabi_mem_constituent in[] = {{0x80000000, 1}, {0x80004000, 3}};
	uint64_t sum = 99;

	CHECK(ffabi_mem_constituent_scan_values(in, 2, &sum) == 1 && sum == 4);
	CHECK(ffabi_mem_constituent_scan_values(in, 0, &sum) == 1 && sum == 0);
	in[1].address += 0x800;
	CHECK(ffabi_mem_constituent_scan_values(in, 2, &sum) == 0);
	in[1].address = 0x80004000;
	in[1].page_count = 0;
	CHECK(ffabi_mem_constituent_scan_values(in, 2, &sum) == 0);
	in[1].page_count = 3;
	in[1].address = 0xfffffffffffff000;
	CHECK(ffabi_mem_constituent_scan_values(in, 2, &sum) == 0);
}

#define MOST 13u /* three turns of the longest loop, and one more */

/* n constituents: 1 page at 0x10000000, 2 at 0x20000000, ...; nothing behind them. */
static void fill(uint64_t words[2 * MOST + 1], struct ffabi_mem_constituent in[MOST],
		 unsigned int n)
{
	uint8_t *bytes = (uint8_t *)words;
	unsigned int i;

	memset(words, 0, sizeof(uint64_t) * (2 * MOST + 1));
	for (i = 0; i < n; i++) {
		bytes[SIZE * i + 3] = (uint8_t)((i + 1) << 4);
		bytes[SIZE * i + 8] = (uint8_t)(i + 1);
		in[i].address = (uint64_t)(i + 1) << 28;
		in[i].page_count = i + 1;
	}
}

/* Each place in a run of each length is looked at, and stored. */
static void test_every_length(void)
{
	struct ffabi_mem_constituent in[MOST];
	uint64_t words[2 * MOST + 1], stored[2 * MOST + 1];
	const struct ffabi_src src = {(uint8_t *)words, sizeof(words)};
	uint8_t *bytes = (uint8_t *)words;
	unsigned int n, i;
	uint64_t sum;

	for (n = 0; n < MOST; n++) {
		fill(words, in, n);
		CHECK(scanned(&src, 0, n, &sum) == 1 && sum == n * (n + 1) / 2);
		CHECK(ffabi_mem_constituent_scan_values(in, n, &sum) == 1 &&
		      sum == n * (n + 1) / 2);
		memset(stored, 0, sizeof(stored));
		ffabi_mem_constituent_store_run(in, n, (uint8_t *)stored);
		CHECK(memcmp(stored, words, sizeof(words)) == 0);
		CHECK(scanned(&src, 0, n + 1, &sum) == 0); /* no pages */
		for (i = 0; i < n; i++) {
			bytes[SIZE * i + 8] = 0;
			in[i].page_count = 0;
			CHECK(scanned(&src, 0, n, &sum) == 0);
			CHECK(ffabi_mem_constituent_scan_values(in, n, &sum) == 0);
			fill(words, in, n);
			bytes[SIZE * i + 1] = 1; /* inside a page */
			in[i].address |= 0x100;
			CHECK(scanned(&src, 0, n, &sum) == 0);
			CHECK(ffabi_mem_constituent_scan_values(in, n, &sum) == 0);
			fill(words, in, n);
		}
	}
}

static enum ffabi_rule unpacked(struct ffabi_ctx *c, const struct ffabi_src *src,
				struct ffabi_elements *run, struct ffabi_mem_constituent out[4],
				uint64_t *sum)
{
	memset(out, 0xa5, 4 * sizeof(*out));
	*sum = 10;
	return ffabi_mem_constituent_unpack_run(c, src, run, out, sum);
}

static int blamed(const struct ffabi_ctx *c, enum ffabi_rule rule, unsigned int field, uint32_t at,
		  uint64_t value)
{
	return c->err.rule == rule && c->err.field == field && c->err.at == at &&
	       c->err.value == value;
}

static void test_unpack_run(void)
{
	struct ffabi_ctx c = {FFABI_V1_1, FFABI_STRICT, 0, {0, 0, 0, 0}};
	struct ffabi_mem_constituent out[4];
	struct ffabi_elements run = {0, 2};
	struct block b;
	struct ffabi_src src = with(&b, 0, 0);
	uint64_t sum;

	CHECK(unpacked(&c, &src, &run, out, &sum) == FFABI_OK && sum == 14 && run.count == 2);
	CHECK(out[0].address == 0x80000000 && out[0].page_count == 1);
	CHECK(out[1].address == 0x80004000 && out[1].page_count == 3);
	run.count = 3;
	CHECK(unpacked(&c, &src, &run, out, &sum) == FFABI_E_SHORT &&
	      blamed(&c, FFABI_E_SHORT, FFABI_F_NONE, 0, 2 * SIZE));
	run.at = 4;
	run.count = 1;
	CHECK(unpacked(&c, &src, &run, out, &sum) == FFABI_E_ALIGN &&
	      blamed(&c, FFABI_E_ALIGN, FFABI_F_NONE, 4, 4));
	CHECK(sum == 10 && out[0].page_count == 0xa5a5a5a5);
}

/* The second one is not good: the first has been read, and is in the sum. */
static void test_unpack_run_blames(void)
{
	static const struct {
		unsigned int at;
		uint8_t value;
		enum ffabi_rule rule;
		unsigned int field;
		uint32_t blamed;
		uint64_t said;
	} bad[] = {
		{1, 0x41, FFABI_E_ALIGN, FFABI_F_ADDRESS, 16, 0x80004100},
		{8, 0, FFABI_E_RANGE, FFABI_F_PAGE_COUNT, 24, 0},
		{12, 1, FFABI_E_SBZ, FFABI_F_RESERVED, 28, 1},
	};
	struct ffabi_mem_constituent out[4];
	struct block b;
	unsigned int i;
	uint64_t sum;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct ffabi_ctx c = {FFABI_V1_1, FFABI_STRICT, 0, {0, 0, 0, 0}};
		const struct ffabi_src src = with(&b, bad[i].at, bad[i].value);
		struct ffabi_elements run = {0, 2};

		CHECK(unpacked(&c, &src, &run, out, &sum) == bad[i].rule);
		CHECK(blamed(&c, bad[i].rule, bad[i].field, bad[i].blamed, bad[i].said));
		CHECK(run.count == 1 && sum == 11 && out[0].page_count == 1);
	}
}

/* Waived, it is behind the others, and its pages are not in the sum yet. */
static void test_unpack_run_waived(void)
{
	struct ffabi_ctx c = {FFABI_V1_1, FFABI_WAIVE_SBZ, 0, {0, 0, 0, 0}};
	struct ffabi_mem_constituent out[4];
	struct ffabi_elements run = {0, 2};
	struct block b;
	const struct ffabi_src src = with(&b, 12, 1);
	uint64_t sum;

	CHECK(unpacked(&c, &src, &run, out, &sum) == FFABI_OK && run.count == 1 && sum == 11);
	CHECK(out[1].address == 0x80004000 && out[1].page_count == 3);
}

/* A run that ends above 2^64. */
static void test_unpack_run_wraps(void)
{
	struct ffabi_ctx c = {FFABI_V1_1, FFABI_STRICT, 0, {0, 0, 0, 0}};
	struct ffabi_mem_constituent out[4];
	struct ffabi_elements run = {0, 2};
	struct block b;
	const struct ffabi_src src = with(&b, 1, 0xf0);
	uint64_t sum;

	memset(&b.bytes[SIZE + 2], 0xff, 6);
	CHECK(unpacked(&c, &src, &run, out, &sum) == FFABI_E_RULE && run.count == 1 && sum == 11);
	CHECK(blamed(&c, FFABI_E_RULE, FFABI_F_PAGE_COUNT, 24, 3));
	b.bytes[SIZE + 8] = 1; /* the last page alone ends there */
	run.count = 2;
	CHECK(unpacked(&c, &src, &run, out, &sum) == FFABI_OK && run.count == 1 && sum == 11);
	CHECK(out[1].address == 0xfffffffffffff000 && out[1].page_count == 1);
}

static void test_store_run(void)
{
	static const struct ffabi_mem_constituent in[] = {{0x80000000, 1}, {0x80004000, 3}};
	struct block b;

	memset(&b, 0x5a, sizeof(b));
	ffabi_mem_constituent_store_run(in, 0, b.bytes);
	CHECK(b.bytes[0] == 0x5a);
	ffabi_mem_constituent_store_run(in, 2, b.bytes);
	CHECK(memcmp(b.bytes, two, sizeof(two)) == 0 && b.bytes[2 * SIZE] == 0x5a);
}

int main(void)
{
	test_scan();
	test_top();
	test_scan_values();
	test_every_length();
	test_unpack_run();
	test_unpack_run_blames();
	test_unpack_run_waived();
	test_unpack_run_wraps();
	test_store_run();
	return done();
}
