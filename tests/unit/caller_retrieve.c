/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Retrieving.  Request and response are those of tests/captures/el3spmc-optee-sp-linux.txt;
 * fragments, pauses and errors are varied from there.  r149: the response may not be
 * longer than the room for it.
 */
#include <ffabi/caller_memory.h>

#include "script.h"

static struct ffabi_caller k;

static const uint8_t asked[64] = {
	0,    0,    0x2f, 0, 8, 0, 0, 0, 0xc0, 0xff, 0xff, 0xff, 0, 0, 0, 0, /* 00 */
	0,    0,    0,	  0, 0, 0, 0, 0, 0x10, 0,    0,	   0,	 1, 0, 0, 0, /* 10 */
	0x30, 0,    0,	  0, 0, 0, 0, 0, 0,    0,    0,	   0,	 0, 0, 0, 0, /* 20 */
	0x01, 0x80, 2,	  0, 0, 0, 0, 0, 0,    0,    0,	   0,	 0, 0, 0, 0, /* 30 */
};
static uint8_t told[96] = {
	0,    0,    0x6f, 0,	8,    0, 0, 0, 0xc0, 0xff, 0xff, 0xff, 0, 0, 0, 0, /* 00 */
	0,    0,    0,	  0,	0,    0, 0, 0, 0x10, 0,	   0,	 0,    1, 0, 0, 0, /* 10 */
	0x30, 0,    0,	  0,	0,    0, 0, 0, 0,    0,	   0,	 0,    0, 0, 0, 0, /* 20 */
	0x01, 0x80, 2,	  0,	0x40, 0, 0, 0, 0,    0,	   0,	 0,    0, 0, 0, 0, /* 30 */
	1,    0,    0,	  0,	1,    0, 0, 0, 0,    0,	   0,	 0,    0, 0, 0, 0, /* 40 */
	0,    0x10, 0x6e, 0x40, 0,    0, 0, 0, 1,    0,	   0,	 0,    0, 0, 0, 0, /* 50 */
};
static const struct ffabi_mem_transaction header = {
	.memory_type = FFABI_MEMORY_TYPE_NORMAL,
	.cacheability = FFABI_CACHEABILITY_WRITE_BACK,
	.shareability = FFABI_SHAREABILITY_INNER_SHAREABLE,
	.transaction_type = FFABI_TRANSACTION_TYPE_SHARE,
	.handle = 0xffffffc0,
};
static const struct ffabi_mem_access self = {
	.endpoint_id = 0x8001,
	.data_access = FFABI_DATA_ACCESS_READ_WRITE,
};
static const struct ffabi_mem_message request = {&header, &self, NULL, 1, 0};
static uint64_t room[12];

static struct ffabi_retrieval retrieval(void)
{
	struct ffabi_retrieval r;

	memset(&r, 0xee, sizeof(r));
	memset(room, 0xee, sizeof(room));
	r.message = &request;
	r.into.base = (uint8_t *)room;
	r.into.len = sizeof(room);
	r.limits.overlap_limit = 0;
	r.conv = FFABI_SMC32;
	r.endpoint_id = 0;
	return r;
}

static void fill_all(void)
{
	CHECK(memcmp(tx_page, asked, 64) == 0 && tx_page[8] == 0xeeeeeeeeeeeeeeee);
	CHECK(k.tx.owner == FFABI_OWNER_CALLEE && k.rx.owner == FFABI_OWNER_CALLEE);
	memcpy(rx_page, told, 96);
}

static void fill_first(void)
{
	memcpy(rx_page, told, 40);
}

static void fill_rest(void)
{
	CHECK(k.rx.owner == FFABI_OWNER_CALLEE);
	memcpy(rx_page, told + 40, 56);
}

/* Of the whole region, whichever way it came. */
static void check_view(const struct ffabi_retrieval *r)
{
	struct ffabi_mem_constituent range;
	struct ffabi_mem_access access;

	CHECK(r->view.header.handle == 0xffffffc0);
	CHECK(r->view.header.transaction_type == FFABI_TRANSACTION_TYPE_SHARE);
	CHECK(r->view.places.access_count == 1 && r->view.ranges_here == 1);
	ffabi_mem_view_access(&r->view, 0, &access);
	CHECK(access.endpoint_id == 0x8001 && access.data_access == FFABI_DATA_ACCESS_READ_WRITE);
	ffabi_mem_view_range(&r->view, 0, &range);
	CHECK(range.address == 0x406e1000 && range.page_count == 1);
	CHECK(k.rx.owner == FFABI_OWNER_CALLEE && k.tx.owner == FFABI_OWNER_CALLER);
}

#define REQUEST                                                                                    \
	{                                                                                          \
		0x84000074, 0x40, 0x40                                                             \
	}

static void test_whole(void)
{
	static const struct turn turns[] = {
		{REQUEST, {0x84000075, 0x60, 0x60}, fill_all},
		RELEASE,
	};
	struct ffabi_retrieval r = retrieval();

	SCRIPTED(&k, FFABI_V1_1, turns);
	CHECK(ffabi_caller_retrieve(&k, &r) == FFABI_E_RULE && script.next == 0); /* not mapped */
	mapped(&k);
	CHECK(ffabi_caller_retrieve(&k, &r) == FFABI_OK && over());
	memset(rx_page, 0xdd, sizeof(rx_page)); /* the view is of a private copy */
	check_view(&r);
}

/* RX goes back between fragments, and FRAG_RX says how much has arrived. */
static const struct turn fragments[] = {
	{REQUEST, {0x84000075, 0x60, 0x28}, fill_first},
	RELEASE,
	{{0x8400007a, 0xffffffc0, 0, 0x28}, {0x8400007b, 0xffffffc0, 0, 0x38}, fill_rest},
	RELEASE,
};

static void test_fragments(void)
{
	struct ffabi_retrieval r = retrieval();

	SCRIPTED(&k, FFABI_V1_1, fragments);
	mapped(&k);
	CHECK(ffabi_caller_retrieve(&k, &r) == FFABI_OK && over());
	check_view(&r);
}

/* The same in steps. */
static void test_steps(void)
{
	struct ffabi_ctx c = {FFABI_V1_1, FFABI_AS_SPECIFIED, 0, {0, 0, 0, 0}};
	struct ffabi_retrieval r = retrieval();
	struct ffabi_regs regs;
	ffabi_result result;
	unsigned int i;

	UNCALLED(&k, FFABI_V1_1);
	mapped(&k);
	r.tx = &k.tx;
	r.rx = &k.rx;
	result = ffabi_retrieval_start(&c, &r, &regs);
	for (i = 0; result == FFABI_ISSUE && i < 4; i++) {
		CHECK(memcmp(regs.x, fragments[i].in, sizeof(regs.x)) == 0);
		if (fragments[i].act)
			fragments[i].act();
		memcpy(regs.x, fragments[i].out, sizeof(regs.x));
		result = ffabi_retrieval_step(&c, &r, &regs);
	}
	CHECK(result == FFABI_OK && i == 4 && over());
	check_view(&r);
}

static void test_pause(void)
{
	static const struct turn turns[] = {
		{REQUEST, {0x84000078, 0xffffffc0}, NULL},
		{{0x84000079, 0xffffffc0}, {0x84000078, 0xffffffc0}, NULL},
		{{0x84000079, 0xffffffc0}, {0x84000075, 0x60, 0x60}, fill_all},
		RELEASE,
	};
	static const struct turn other[] = {{REQUEST, {0x84000078, 0xffffffc1}, NULL}};
	struct ffabi_retrieval r = retrieval();

	SCRIPTED(&k, FFABI_V1_1, turns);
	mapped(&k);
	k.bounds.resumes = 1;
	CHECK(ffabi_caller_retrieve(&k, &r) == FFABI_RESUME && script.next == 2);
	CHECK(k.tx.owner == FFABI_OWNER_CALLEE);
	spoil(&k);
	CHECK(ffabi_caller_retrieve_resume(&k, &r) == FFABI_OK && over());
	check_view(&r);
	SCRIPTED(&k, FFABI_V1_1, other);
	mapped(&k);
	r = retrieval();
	CHECK(ffabi_caller_retrieve(&k, &r) == FFABI_E_RULE && over());
	CHECK(k.ctx.err.field == FFABI_F_HANDLE && k.tx.owner == FFABI_OWNER_CALLER);
}

static ffabi_result answered(const struct turn *turns, unsigned int count)
{
	struct ffabi_retrieval r = retrieval();
	ffabi_result result;

	scripted(&k, FFABI_V1_1, __func__, turns, count);
	mapped(&k);
	result = ffabi_caller_retrieve(&k, &r);
	CHECK(over());
	CHECK(k.tx.owner == FFABI_OWNER_CALLER && k.rx.owner == FFABI_OWNER_CALLEE);
	return result;
}
#define ANSWERED(t) answered(t, sizeof(t) / sizeof((t)[0]))

/* Nothing was handed over: no release. */
static void test_refused(void)
{
	static const struct turn denied[] = {{REQUEST, FAILED(-6), NULL}};
	static const struct turn success[] = {{REQUEST, SUCCESS, NULL}};
	static const struct turn wants[] = {{REQUEST, {0x8400007a, 0xffffffc0, 0, 8}, NULL}};
	static const struct turn junk[] = {{REQUEST, {0x12345678}, NULL}};
	static const struct turn gone[] = {
		{REQUEST, {0x84000075, 0x60, 0x28}, fill_first},
		RELEASE,
		{{0x8400007a, 0xffffffc0, 0, 0x28}, FAILED(-8), NULL},
	};
	static const struct turn early[] = {
		{REQUEST, {0x84000075, 0x60, 0x28}, fill_first},
		RELEASE,
		{{0x8400007a, 0xffffffc0, 0, 0x28}, SUCCESS, NULL},
	};

	CHECK(ANSWERED(denied) == FFABI_STATUS_DENIED);
	CHECK(ANSWERED(success) == FFABI_E_FID);
	CHECK(ANSWERED(wants) == FFABI_E_FID);
	CHECK(ANSWERED(junk) == FFABI_E_FID);
	CHECK(ANSWERED(gone) == FFABI_STATUS_ABORTED);
	CHECK(ANSWERED(early) == FFABI_E_FID);
}

/* RX was handed over: the release comes first, then the error. */
static void test_released_on_errors(void)
{
	static const struct turn large[] = {{REQUEST, {0x84000075, 0x100000, 0x1000}, NULL},
					    RELEASE};
	static const struct turn longer[] = {{REQUEST, {0x84000075, 0x28, 0x60}, NULL}, RELEASE};
	static const struct turn none[] = {{REQUEST, {0x84000075, 0x60, 0}, NULL}, RELEASE};
	static const struct turn odd[] = {{REQUEST, {0x84000075, 0x60, 0x2c}, NULL}, RELEASE};
	static const struct turn empty[] = {{REQUEST, {0x84000075}, NULL}, RELEASE};
	static const struct turn other[] = {
		{REQUEST, {0x84000075, 0x60, 0x28}, fill_first},
		RELEASE,
		{{0x8400007a, 0xffffffc0, 0, 0x28}, {0x8400007b, 0xffffffc0, 1, 0x38}, NULL},
		RELEASE,
	};
	static const struct turn too_much[] = {
		{REQUEST, {0x84000075, 0x60, 0x28}, fill_first},
		RELEASE,
		{{0x8400007a, 0xffffffc0, 0, 0x28}, {0x8400007b, 0xffffffc0, 0, 0x40}, NULL},
		RELEASE,
	};
	static const struct turn whole[] = {
		{REQUEST, {0x84000075, 0x60, 0x60}, fill_all},
		RELEASE,
	};

	CHECK(ANSWERED(large) == FFABI_E_SHORT && k.ctx.err.field == FFABI_F_TOTAL_LENGTH);
	CHECK(ANSWERED(longer) > 0 && k.ctx.err.field == FFABI_F_FRAGMENT_LENGTH);
	CHECK(ANSWERED(none) == FFABI_E_RANGE && k.ctx.err.field == FFABI_F_FRAGMENT_LENGTH);
	CHECK(ANSWERED(odd) == FFABI_E_ALIGN && k.ctx.err.field == FFABI_F_FRAGMENT_LENGTH);
	CHECK(ANSWERED(empty) == FFABI_E_RANGE);
	CHECK(ANSWERED(other) == FFABI_E_RULE && k.ctx.err.field == FFABI_F_HANDLE);
	CHECK(ANSWERED(too_much) == FFABI_E_RANGE);
	told[8] ^= 1; /* the response is about another region */
	CHECK(ANSWERED(whole) == FFABI_E_RULE && k.ctx.err.field == FFABI_F_HANDLE);
	told[8] ^= 1;
	told[64] = 2; /* one page is listed */
	CHECK(ANSWERED(whole) == FFABI_E_RULE && k.ctx.err.field == FFABI_F_TOTAL_PAGE_COUNT);
	told[64] = 1;
	CHECK(ANSWERED(whole) == FFABI_OK);
}

static void test_release_fails(void)
{
	static const struct turn turns[] = {
		{REQUEST, {0x84000075, 0x60, 0x60}, fill_all},
		{{0x84000065}, FAILED(-8), NULL},
	};
	struct ffabi_retrieval r = retrieval();

	SCRIPTED(&k, FFABI_V1_1, turns);
	mapped(&k);
	CHECK(ffabi_caller_retrieve(&k, &r) == FFABI_STATUS_ABORTED && over());
	CHECK(k.rx.owner == FFABI_OWNER_CALLER);
	CHECK(ffabi_caller_retrieve(&k, &r) == FFABI_E_RULE &&
	      k.ctx.err.field == FFABI_F_RX_ADDRESS);
}

static void test_not_asked(void)
{
	struct ffabi_retrieval r = retrieval();

	UNCALLED(&k, FFABI_V1_1);
	mapped(&k);
	k.tx.dst.len = 56; /* the request does not go in fragments */
	CHECK(ffabi_caller_retrieve(&k, &r) == FFABI_E_SHORT && over());
	CHECK(k.tx.owner == FFABI_OWNER_CALLER && tx_page[0] == 0xeeeeeeeeeeeeeeee);
}

int main(void)
{
	test_whole();
	test_fragments();
	test_steps();
	test_pause();
	test_refused();
	test_released_on_errors();
	test_release_fails();
	test_not_asked();
	return done();
}
