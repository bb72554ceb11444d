/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Sharing, lending, donating, relinquishing and reclaiming.  The share and its reclaim
 * are those of tests/captures/tinysp-debian-....txt, the relinquish descriptor that of
 * el3spmc-optee-sp-linux.txt; handles and fragments are varied from there.
 */
#include <ffabi/caller_memory.h>

#include "script.h"

static struct ffabi_caller k;

static const uint8_t shared[96] = {
	0,    0,    0x2f, 0,	0,    0, 0, 0, 0,    0, 0, 0, 0, 0, 0, 0, /* 00 */
	0,    0,    0,	  0,	0,    0, 0, 0, 0x10, 0, 0, 0, 1, 0, 0, 0, /* 10 */
	0x30, 0,    0,	  0,	0,    0, 0, 0, 0,    0, 0, 0, 0, 0, 0, 0, /* 20 */
	0x01, 0x80, 2,	  0,	0x40, 0, 0, 0, 0,    0, 0, 0, 0, 0, 0, 0, /* 30 */
	2,    0,    0,	  0,	1,    0, 0, 0, 0,    0, 0, 0, 0, 0, 0, 0, /* 40 */
	0,    0,    0,	  0x68, 0,    0, 0, 0, 2,    0, 0, 0, 0, 0, 0, 0, /* 50 */
};
static const struct ffabi_mem_transaction region = {
	.memory_type = FFABI_MEMORY_TYPE_NORMAL,
	.cacheability = FFABI_CACHEABILITY_WRITE_BACK,
	.shareability = FFABI_SHAREABILITY_INNER_SHAREABLE,
};
static const struct ffabi_mem_access borrower = {
	.endpoint_id = 0x8001,
	.data_access = FFABI_DATA_ACCESS_READ_WRITE,
};
static const struct ffabi_mem_constituent range = {0x68000000, 2};
static const struct ffabi_mem_message message = {&region, &borrower, &range, 1, 1};

static struct ffabi_sending sending(enum ffabi_usage usage)
{
	struct ffabi_sending s;

	memset(&s, 0xee, sizeof(s));
	s.usage = usage;
	s.conv = FFABI_SMC32;
	s.message = &message;
	return s;
}

static void sees_all(void)
{
	CHECK(memcmp(tx_page, shared, 96) == 0 && tx_page[12] == 0xeeeeeeeeeeeeeeee);
}

static void sees_first(void)
{
	CHECK(memcmp(tx_page, shared, 64) == 0);
}

static void sees_rest(void)
{
	CHECK(memcmp(tx_page, shared + 64, 32) == 0);
	CHECK(k.tx.owner == FFABI_OWNER_CALLEE);
}

static void test_share(void)
{
	static const struct turn turns[] = {
		{{0xc4000073, 0x60, 0x60}, {0x84000061, 0, 0xffffffc0}, sees_all},
	};
	struct ffabi_sending s = sending(FFABI_USAGE_SHARE);

	SCRIPTED(&k, FFABI_V1_1, turns);
	CHECK(ffabi_caller_send_memory(&k, &s) == FFABI_E_RULE && script.next == 0); /* no TX */
	mapped(&k);
	s.conv = FFABI_SMC64;
	CHECK(ffabi_caller_send_memory(&k, &s) == FFABI_OK && over());
	CHECK(s.handle == 0xffffffc0 && k.tx.owner == FFABI_OWNER_CALLER);
}

/* Handles are 64 bits: those of a hypervisor have bit 63, and 0 is one like any other. */
static void test_handles(void)
{
	static const struct turn turns[] = {
		{{0x84000072, 0x60, 0x60}, {0x84000061, 0, 0xfffffff1, 0x80000000}, NULL},
		{{0x84000071, 0x60, 0x60}, {0x84000061}, NULL},
		{{0x84000077, 0xfffffff1, 0x80000000, 1}, SUCCESS, NULL},
		{{0x84000077}, SUCCESS, NULL},
	};
	struct ffabi_mem_reclaim reclaim = {0x80000000fffffff1, 1};
	struct ffabi_sending s = sending(FFABI_USAGE_LEND);

	SCRIPTED(&k, FFABI_V1_1, turns);
	mapped(&k);
	CHECK(ffabi_caller_send_memory(&k, &s) == FFABI_OK && s.handle == 0x80000000fffffff1);
	s = sending(FFABI_USAGE_DONATE);
	CHECK(ffabi_caller_send_memory(&k, &s) == FFABI_OK && s.handle == 0);
	CHECK(ffabi_caller_reclaim(&k, &reclaim) == FFABI_OK);
	reclaim.handle = 0;
	reclaim.flags = 0;
	CHECK(ffabi_caller_reclaim(&k, &reclaim) == FFABI_OK && over());
}

/* A TX buffer of 64 bytes: two fragments; the handle of the first is 0. */
static void test_fragments(void)
{
	static const struct turn turns[] = {
		{{0x84000073, 0x60, 0x40}, {0x8400007a, 0, 0, 0x40, 0x70000}, sees_first},
		{{0x8400007b, 0, 0, 0x20, 0x70000}, {0x84000061}, sees_rest},
	};
	struct ffabi_sending s = sending(FFABI_USAGE_SHARE);

	SCRIPTED(&k, FFABI_V1_1, turns);
	mapped(&k);
	k.tx.dst.len = 64;
	CHECK(ffabi_caller_send_memory(&k, &s) == FFABI_OK && over());
	CHECK(s.handle == 0 && k.tx.owner == FFABI_OWNER_CALLER);
}

/* Who sends is said at the physical instance alone: at a virtual one it is ignored, or refused. */
static void test_virtual_instance(void)
{
	static const struct turn turns[] = {
		{{0x84000073, 0x60, 0x40}, {0x8400007a, 5, 0, 0x40, 0x70000}, NULL},
		{{0x8400007b, 5, 0, 0x20}, {0x84000061, 0, 5}, NULL},
	};
	struct ffabi_sending s = sending(FFABI_USAGE_SHARE);

	SCRIPTED(&k, FFABI_V1_1, turns);
	mapped(&k);
	k.tx.dst.len = 64;
	k.ctx.instance = FFABI_NS_VIRT;
	CHECK(ffabi_caller_send_memory(&k, &s) == FFABI_OK && over());
	SCRIPTED(&k, FFABI_V1_1, turns);
	mapped(&k);
	k.tx.dst.len = 64;
	k.ctx.instance = FFABI_NS_VIRT;
	k.waive_replies = FFABI_AS_SPECIFIED;
	CHECK(ffabi_caller_send_memory(&k, &s) == FFABI_E_MBZ && script.next == 1);
	CHECK(k.ctx.err.field == FFABI_F_ENDPOINT_ID);
}

/*
 * Calls 51 and 52 of tests/captures/linux-emul-10000.txt: 256 pages in version 1.0, 0x40
 * bytes more than the TX buffer of one page holds.
 */
static void test_trace(void)
{
	static const struct turn turns[] = {
		{{0x84000073, 0x1040, 0x1000}, {0x8400007a, 0x1008, 0, 0x1000}, NULL},
		{{0x8400007b, 0x1008, 0, 0x40}, {0x84000061, 0, 0x1008}, NULL},
	};
	static struct ffabi_mem_constituent ranges[256];
	const struct ffabi_mem_message pages = {&region, &borrower, ranges, 1, 256};
	struct ffabi_sending s = sending(FFABI_USAGE_SHARE);
	unsigned int i;

	for (i = 0; i < 256; i++) {
		ranges[i].address = 0x40000000u + 0x2000u * i;
		ranges[i].page_count = 1;
	}
	SCRIPTED(&k, FFABI_V1_0, turns);
	mapped(&k);
	s.message = &pages;
	CHECK(ffabi_caller_send_memory(&k, &s) == FFABI_OK && over() && s.handle == 0x1008);
	/* the last four ranges: 252 to 255 */
	CHECK(tx_page[0] == 0x401f8000 && tx_page[1] == 1 && tx_page[6] == 0x401fe000);
}

static ffabi_result broken(const struct turn *turns, unsigned int count)
{
	struct ffabi_sending s = sending(FFABI_USAGE_SHARE);
	ffabi_result r;

	scripted(&k, FFABI_V1_1, __func__, turns, count);
	mapped(&k);
	k.tx.dst.len = 64;
	r = ffabi_caller_send_memory(&k, &s);
	CHECK(over());
	CHECK(k.tx.owner == FFABI_OWNER_CALLER);
	return r;
}

#define FIRST(...)                                                                                 \
	{                                                                                          \
		{0x84000073, 0x60, 0x40}, {__VA_ARGS__}, NULL                                      \
	}
#define SECOND(...)                                                                                \
	{                                                                                          \
		{0x8400007b, 5, 0, 0x20}, {__VA_ARGS__}, NULL                                      \
	}
static void test_broken_conversations(void)
{
	static const struct turn early[] = {FIRST(0x84000061, 0, 5)};
	static const struct turn behind[] = {FIRST(0x8400007a, 5, 0, 0x38)};
	static const struct turn ahead[] = {FIRST(0x8400007a, 5, 0, 0x60)};
	static const struct turn again[] = {FIRST(0x8400007a, 5, 0, 0x40),
					    SECOND(0x8400007a, 5, 0, 0x40)};
	static const struct turn beyond[] = {FIRST(0x8400007a, 5, 0, 0x40),
					     SECOND(0x8400007a, 5, 0, 0x60)};
	static const struct turn renamed[] = {FIRST(0x8400007a, 5, 0, 0x40),
					      SECOND(0x84000061, 0, 6)};
	static const struct turn other[] = {FIRST(0x8400007a, 5, 0, 0x40),
					    SECOND(0x8400007a, 5, 1, 0x60)};
	static const struct turn aborted[] = {FIRST(0x8400007a, 5, 0, 0x40),
					      SECOND(0x84000060, 0, 0xfffffff8)};
	static const struct turn response[] = {FIRST(0x84000075, 0x60, 0x60)};
	static const struct turn echo[] = {FIRST(0x84000073, 0x60, 0x40)};
	static const struct turn wide[] = {FIRST(0xc4000061, 0, 5)};

#define BROKEN(t) broken(t, sizeof(t) / sizeof((t)[0]))
	CHECK(BROKEN(early) == FFABI_E_RULE && k.ctx.err.field == FFABI_F_TOTAL_LENGTH);
	CHECK(BROKEN(behind) == FFABI_E_RULE && k.ctx.err.field == FFABI_F_FRAGMENT_OFFSET);
	CHECK(BROKEN(ahead) == FFABI_E_RULE && k.ctx.err.value == 0x60);
	CHECK(BROKEN(again) == FFABI_E_RULE && k.ctx.err.field == FFABI_F_FRAGMENT_OFFSET);
	CHECK(BROKEN(beyond) == FFABI_E_RANGE && k.ctx.err.field == FFABI_F_FRAGMENT_OFFSET);
	CHECK(BROKEN(renamed) == FFABI_E_RULE && k.ctx.err.field == FFABI_F_HANDLE);
	CHECK(BROKEN(other) == FFABI_E_RULE && k.ctx.err.field == FFABI_F_HANDLE);
	CHECK(BROKEN(aborted) == FFABI_STATUS_ABORTED);
	CHECK(BROKEN(response) == FFABI_E_FID && k.ctx.err.value == 0x84000075);
	CHECK(BROKEN(echo) == FFABI_E_FID);
	CHECK(BROKEN(wide) == FFABI_E_CONV);
}

static void test_status(void)
{
	static const struct turn turns[] = {
		{{0x84000073, 0x60, 0x60}, FAILED(-4), NULL},
		{{0x84000073, 0x60, 0x60}, FAILED(-4), NULL},
		{{0x84000073, 0x60, 0x60}, FAILED(-6), NULL},
	};
	struct ffabi_sending s = sending(FFABI_USAGE_SHARE);

	SCRIPTED(&k, FFABI_V1_1, turns);
	mapped(&k);
	k.bounds.retries = 1;
	CHECK(ffabi_caller_send_memory(&k, &s) == FFABI_STATUS_BUSY && script.next == 2);
	CHECK(ffabi_caller_send_memory(&k, &s) == FFABI_STATUS_DENIED && over());
	CHECK(k.tx.owner == FFABI_OWNER_CALLER);
}

/* What the user says wrong is refused before a call, and leaves the buffer alone. */
static void test_bad_arguments(void)
{
	struct ffabi_mem_transaction zeroing = region;
	struct ffabi_mem_message bad = message;
	struct ffabi_sending s = sending(FFABI_USAGE_SHARE);

	UNCALLED(&k, FFABI_V1_1);
	mapped(&k);
	zeroing.flags = FFABI_MEM_SEND_FLAGS_ZERO_MEMORY; /* not of memory that its owner keeps */
	bad.header = &zeroing;
	s.message = &bad;
	CHECK(ffabi_caller_send_memory(&k, &s) == FFABI_E_MBZ);
	CHECK(k.ctx.err.field == FFABI_F_FLAGS);
	s = sending(FFABI_USAGE_RETRIEVE_RESP);
	CHECK(ffabi_caller_send_memory(&k, &s) > 0);
	s = sending(FFABI_USAGE_SHARE);
	k.tx.dst.len = 4;
	CHECK(ffabi_caller_send_memory(&k, &s) == FFABI_E_SHORT && over());
	CHECK(k.tx.owner == FFABI_OWNER_CALLER);
}

/* MEM_OP_PAUSE is answered by MEM_OP_RESUME; what comes then is as without the pause. */
static const struct turn paused[] = {
	{{0x84000073, 0x60, 0x40}, {0x84000078, 9, 0x80000000}, NULL},
	{{0x84000079, 9, 0x80000000}, {0x8400007a, 9, 0x80000000, 0x40}, NULL},
	{{0x8400007b, 9, 0x80000000, 0x20}, {0x84000078, 9, 0x80000000}, sees_rest},
	{{0x84000079, 9, 0x80000000}, {0x84000061, 0, 9, 0x80000000}, NULL},
};

static void test_pause(void)
{
	struct ffabi_sending s = sending(FFABI_USAGE_SHARE);
	struct ffabi_sending second = sending(FFABI_USAGE_SHARE);

	SCRIPTED(&k, FFABI_V1_1, paused);
	mapped(&k);
	k.tx.dst.len = 64;
	k.bounds.resumes = 2;
	CHECK(ffabi_caller_send_memory(&k, &s) == FFABI_OK && over());
	CHECK(s.handle == 0x8000000000000009);
	/* bounded: what is paused stands, and keeps the TX buffer */
	s = sending(FFABI_USAGE_SHARE);
	SCRIPTED(&k, FFABI_V1_1, paused);
	mapped(&k);
	k.tx.dst.len = 64;
	k.bounds.resumes = 1;
	CHECK(ffabi_caller_send_memory(&k, &s) == FFABI_RESUME && script.next == 3);
	CHECK(ffabi_caller_send_memory(&k, &second) == FFABI_E_RULE && script.next == 3);
	CHECK(k.ctx.err.field == FFABI_F_TX_ADDRESS);
	CHECK(ffabi_caller_unmap(&k) == FFABI_E_RULE && script.next == 3);
	spoil(&k);
	CHECK(ffabi_caller_send_memory_resume(&k, &s) == FFABI_OK && over());
	CHECK(s.handle == 0x8000000000000009 && k.tx.owner == FFABI_OWNER_CALLER);
}

static void test_pause_of_another(void)
{
	static const struct turn turns[] = {
		{{0x84000073, 0x60, 0x60}, {0x84000078, 9}, NULL},
		{{0x84000079, 9}, {0x84000078, 8}, NULL},
	};
	struct ffabi_sending s = sending(FFABI_USAGE_SHARE);

	SCRIPTED(&k, FFABI_V1_1, turns);
	mapped(&k);
	k.bounds.resumes = 9;
	CHECK(ffabi_caller_send_memory(&k, &s) == FFABI_E_RULE && over());
	CHECK(k.ctx.err.field == FFABI_F_HANDLE && k.tx.owner == FFABI_OWNER_CALLER);
}

/* The same in steps, without a conduit: the user issues what is in regs. */
static void test_steps(void)
{
	struct ffabi_ctx c = {FFABI_V1_1, FFABI_STRICT, 0, {0, 0, 0, 0}};
	struct ffabi_tx tx = {{(uint8_t *)tx_page, 64}, FFABI_OWNER_CALLER};
	struct ffabi_sending s = sending(FFABI_USAGE_SHARE);
	struct ffabi_regs regs;
	unsigned int i;
	ffabi_result r;

	s.tx = &tx;
	r = ffabi_sending_start(&c, &s, &regs);
	for (i = 0; (r == FFABI_ISSUE || r == FFABI_RESUME) && i < 4; i++) {
		CHECK(r == (i == 1 || i == 3 ? FFABI_RESUME : FFABI_ISSUE));
		CHECK(memcmp(regs.x, paused[i].in, sizeof(regs.x)) == 0);
		memcpy(regs.x, paused[i].out, sizeof(regs.x));
		r = ffabi_sending_step(&c, &s, &regs);
	}
	CHECK(r == FFABI_OK && i == 4 && s.handle == 0x8000000000000009);
}

static void test_reclaim(void)
{
	/* "while retrieved" and the last reclaim of the trace: sign-extended, x1 left */
	static const struct turn turns[] = {
		{{0x84000077, 0xffffffc0}, {0x84000060, 0, 0xfffffffffffffffa}, NULL},
		{{0x84000077, 0xffffffc0}, {0x84000061, 0xffffffc0}, NULL},
		{{0x84000077, 0xffffffc0}, {0x84000078, 0xffffffc0}, NULL},
		{{0x84000079, 0xffffffc0}, {0x84000061}, NULL},
		{{0x84000077, 0xffffffc0}, {0x84000078, 0xffffffc1}, NULL},
		{{0x84000077, 0xffffffc0}, {0x8400007a, 0xffffffc0, 0, 0x40}, NULL},
	};
	static const struct turn strict[] = {
		{{0x84000077, 0xffffffc0}, {0x84000061}, NULL},
		{{0x84000077, 0xffffffc0}, {0x84000061, 0, 0xffffffc0}, NULL},
	};
	static const struct turn stale[] = {
		{{0x84000077, 0xffffffc0}, {0x84000061, 0, 0xffffffc0}, NULL},
	};
	const struct ffabi_mem_reclaim in = {0xffffffc0, 0};
	const struct ffabi_mem_reclaim flags = {0xffffffc0, 4};

	SCRIPTED(&k, FFABI_V1_1, turns);
	CHECK(ffabi_caller_reclaim(&k, &in) == FFABI_STATUS_DENIED);
	CHECK(ffabi_caller_reclaim(&k, &in) == FFABI_OK);
	CHECK(ffabi_caller_reclaim(&k, &in) == FFABI_RESUME && script.next == 3);
	k.bounds.resumes = 1;
	CHECK(ffabi_caller_giving_resume(&k, in.handle) == FFABI_OK);
	CHECK(ffabi_caller_reclaim(&k, &in) == FFABI_E_RULE);
	CHECK(ffabi_caller_reclaim(&k, &in) == FFABI_E_FID && over());
	CHECK(ffabi_caller_reclaim(&k, &flags) == FFABI_E_MBZ && over());
	SCRIPTED(&k, FFABI_V1_1, strict);
	k.waive_replies = FFABI_AS_SPECIFIED;
	CHECK(ffabi_caller_reclaim(&k, &in) == FFABI_OK);
	CHECK(ffabi_caller_reclaim(&k, &in) == FFABI_E_MBZ && over());
	SCRIPTED(&k, FFABI_V1_1, stale);
	CHECK(ffabi_caller_reclaim(&k, &in) == FFABI_OK && over());
}

static void sees_relinquish(void)
{
	static const uint8_t bytes[] = {0xc1, 0xff, 0xff, 0xff, 0, 0, 0, 0,    0,   0,
					0,    0,    1,	  0,	0, 0, 1, 0x80, 0xee};

	CHECK(memcmp(tx_page, bytes, sizeof(bytes)) == 0);
}

static void test_relinquish(void)
{
	static const struct turn turns[] = {
		{{0x84000076}, SUCCESS, sees_relinquish},
		{{0x84000076}, FAILED(-2), NULL},
		{{0x84000076}, {0x84000078, 0xffffffc1}, NULL},
		{{0x84000079, 0xffffffc1}, SUCCESS, NULL},
	};
	const struct ffabi_mem_relinquish_descriptor in = {0xffffffc1, 0, 1};
	const struct ffabi_mem_relinquish_descriptor two = {0xffffffc1, 0, 2};
	const uint16_t ids[2] = {0x8001, 0x8001};

	SCRIPTED(&k, FFABI_V1_1, turns);
	CHECK(ffabi_caller_relinquish(&k, &in, ids) == FFABI_E_RULE);
	mapped(&k);
	CHECK(ffabi_caller_relinquish(&k, &two, ids) == FFABI_E_RULE && script.next == 0);
	CHECK(ffabi_caller_relinquish(&k, &in, ids) == FFABI_OK);
	CHECK(ffabi_caller_relinquish(&k, &in, ids) == FFABI_STATUS_INVALID_PARAMETERS);
	k.bounds.resumes = 1;
	CHECK(ffabi_caller_relinquish(&k, &in, ids) == FFABI_OK && over());
}

int main(void)
{
	test_share();
	test_handles();
	test_fragments();
	test_virtual_instance();
	test_trace();
	test_broken_conversations();
	test_status();
	test_bad_arguments();
	test_pause();
	test_pause_of_another();
	test_steps();
	test_reclaim();
	test_relinquish();
	return done();
}
