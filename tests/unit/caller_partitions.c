/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Listing partitions: entries of 8, 24 and 48 bytes, in the RX buffer and in registers.
 * The entry of 24 bytes and its calls are those of tests/captures/linux-pass-el1.txt.
 * r154: entries in registers are as far apart as the reply says; r157: a list that does
 * not fit goes where it has room and ends.
 */
#include <ffabi/caller_partitions.h>

#include "script.h"

static struct ffabi_caller k;
static struct ffabi_partition_info found[8];

static struct ffabi_listing all(uint32_t room)
{
	struct ffabi_listing l;

	memset(&l, 0xee, sizeof(l));
	memset(found, 0xee, sizeof(found));
	memset(&l.uuid, 0, sizeof(l.uuid));
	l.entries = found;
	l.room = room;
	return l;
}

static void fill_24(void)
{
	static const uint8_t bytes[] = {
		0x01, 0x80, 0x04, 0x00, 0x03, 0x01, 0x00, 0x00, 0x48, 0x61, 0x78, 0xe0,
		0xe7, 0xf8, 0x11, 0xe3, 0xbc, 0x5e, 0x00, 0x02, 0xa5, 0xd5, 0xc5, 0x1b,
	};

	CHECK(k.rx.owner == FFABI_OWNER_CALLEE);
	memcpy(rx_page, bytes, sizeof(bytes));
}

static void test_rx_1_1(void)
{
	static const struct turn turns[] = {
		{{0x84000068}, {0x84000061, 0, 1, 24}, fill_24},
		RELEASE,
	};
	static const struct turn count[] = {
		{{0x84000068, 0, 0, 0, 0, 1}, {0x84000061, 0, 1}, NULL},
	};
	const struct ffabi_uuid optee =
		FFABI_UUID(0x486178e0, 0xe7f8, 0x11e3, 0xbc5e, 0x0002a5d5c51b);
	struct ffabi_listing l = all(8);

	SCRIPTED(&k, FFABI_V1_1, turns);
	mapped(&k);
	CHECK(ffabi_caller_list(&k, &l) == FFABI_OK && over() && l.count == 1);
	CHECK(found[0].partition_id == 0x8001 && found[0].exec_ctx_count == 4);
	CHECK(found[0].properties == 3);
	CHECK(found[0].more_properties == FFABI_PARTITION_MORE_PROPERTIES_AARCH64);
	CHECK(found[0].protocol_uuid.lo == optee.lo && found[0].protocol_uuid.hi == optee.hi);
	CHECK(found[1].partition_id == 0xeeee && k.rx.owner == FFABI_OWNER_CALLEE);
	NEXT(count);
	l = all(0);
	CHECK(ffabi_caller_list(&k, &l) == FFABI_OK && over() && l.count == 1);
	CHECK(k.rx.owner == FFABI_OWNER_CALLEE && found[0].partition_id == 0xeeee);
}

static void fill_8(void)
{
	static const uint8_t bytes[] = {0x01, 0x80, 0x04, 0x00, 0x03, 0x00, 0x00, 0x00,
					0x02, 0x80, 0x01, 0x00, 0x01, 0x00, 0x00, 0x00};

	memcpy(rx_page, bytes, sizeof(bytes));
}

/* 1.0 says no size and cannot be asked for the count alone: RX has to be released then, too. */
static void test_rx_1_0(void)
{
	static const struct turn turns[] = {
		{{0x84000068, 0xe0786148, 0xe311f8e7, 0x02005ebc, 0x1bc5d5a5},
		 {0x84000061, 0, 2},
		 fill_8},
		RELEASE,
	};
	static const struct turn count[] = {
		{{0x84000068}, {0x84000061, 0, 2}, fill_8},
		RELEASE,
	};
	const struct ffabi_uuid optee =
		FFABI_UUID(0x486178e0, 0xe7f8, 0x11e3, 0xbc5e, 0x0002a5d5c51b);
	struct ffabi_listing l = all(8);

	SCRIPTED(&k, FFABI_V1_0, turns);
	mapped(&k);
	l.uuid = optee;
	CHECK(ffabi_caller_list(&k, &l) == FFABI_OK && over() && l.count == 2);
	CHECK(found[0].partition_id == 0x8001 && found[0].properties == 3);
	CHECK(found[1].partition_id == 0x8002 && found[1].exec_ctx_count == 1);
	NEXT(count);
	l = all(0);
	CHECK(ffabi_caller_list(&k, &l) == FFABI_OK && over() && l.count == 2);
	CHECK(k.rx.owner == FFABI_OWNER_CALLEE);
}

static void fill_48(void)
{
	memset(rx_page, 0, 96);
	rx_page[0] = 0x0000010300048001;
	rx_page[5] = 0x10003; /* byte 40: version */
	rx_page[6] = 0x0000010100018002;
}

/* Entries of another version: longer ones are stepped over, in a list that 1.2 asks for after REGS
 * failed. */
static void test_fall_back_to_rx(void)
{
	static const struct turn turns[] = {
		{{0xc400008b}, FAILED(-1), NULL},
		{{0x84000068}, {0x84000061, 0, 2, 48}, fill_48},
		RELEASE,
	};
	struct ffabi_listing l = all(2);

	SCRIPTED(&k, FFABI_V1_2, turns);
	mapped(&k);
	CHECK(ffabi_caller_list(&k, &l) == FFABI_OK && over() && l.count == 2);
	CHECK(found[0].partition_id == 0x8001 && found[1].partition_id == 0x8002);
	l = all(2);
	SCRIPTED(&k, FFABI_V1_3, turns);
	mapped(&k);
	CHECK(ffabi_caller_list(&k, &l) == FFABI_OK && over());
	CHECK(found[0].ffa_version == 0x10003 && found[1].partition_id == 0x8002);
}

/* Every reply that hands RX over is followed by a release, whatever is in it. */
static void test_released_on_errors(void)
{
	static const struct turn small[] = {{{0x84000068}, {0x84000061, 0, 1, 16}, fill_24},
					    RELEASE};
	static const struct turn many[] = {{{0x84000068}, {0x84000061, 0, 171, 24}, fill_24},
					   RELEASE};
	static const struct turn short_room[] = {{{0x84000068}, {0x84000061, 0, 2, 24}, fill_48},
						 RELEASE};
	static const struct turn malformed[] = {{{0x84000068}, {0x84000061, 0, 1, 24, 5}, fill_24},
						RELEASE};
	static const struct turn stuck[] = {{{0x84000068}, {0x84000061, 0, 1, 24}, fill_24},
					    {{0x84000065}, FAILED(-8), NULL}};
	static const struct turn freed[] = {RELEASE};
	struct ffabi_listing l = all(8);

	SCRIPTED(&k, FFABI_V1_1, small);
	mapped(&k);
	CHECK(ffabi_caller_list(&k, &l) == FFABI_E_RANGE && over());
	CHECK(k.ctx.err.field == FFABI_F_DESCRIPTOR_SIZE && k.rx.owner == FFABI_OWNER_CALLEE);
	SCRIPTED(&k, FFABI_V1_1, many);
	mapped(&k);
	CHECK(ffabi_caller_list(&k, &l) == FFABI_E_SHORT && over());
	SCRIPTED(&k, FFABI_V1_1, short_room);
	mapped(&k);
	l = all(1);
	CHECK(ffabi_caller_list(&k, &l) == FFABI_E_SHORT && over() && l.count == 2);
	CHECK(found[0].partition_id == 0x8001 && found[1].partition_id == 0xeeee);
	SCRIPTED(&k, FFABI_V1_1, malformed);
	mapped(&k);
	k.waive_replies = FFABI_AS_SPECIFIED;
	CHECK(ffabi_caller_list(&k, &l) == FFABI_E_MBZ && over() && k.ctx.err.at == 4);
	CHECK(k.rx.owner == FFABI_OWNER_CALLEE);
	/* a release that failed is owed before the buffer can be asked to be filled again */
	SCRIPTED(&k, FFABI_V1_1, stuck);
	mapped(&k);
	l = all(8);
	CHECK(ffabi_caller_list(&k, &l) == FFABI_STATUS_ABORTED && over() && l.count == 1);
	CHECK(k.rx.owner == FFABI_OWNER_CALLER);
	CHECK(ffabi_caller_list(&k, &l) == FFABI_E_RULE && k.ctx.err.field == FFABI_F_RX_ADDRESS);
	NEXT(freed);
	CHECK(ffabi_caller_rx_release(&k) == FFABI_OK && over());
}

static void test_refused(void)
{
	static const struct turn turns[] = {
		{{0x84000068}, FAILED(-2), NULL},
		{{0x84000068}, FAILED(-4), NULL},
		{{0x84000068}, FAILED(-4), NULL},
		{{0x84000068}, {0x84000075, 1, 2}, NULL},
	};
	struct ffabi_listing l = all(8);

	SCRIPTED(&k, FFABI_V1_1, turns);
	CHECK(ffabi_caller_list(&k, &l) == FFABI_E_RULE && script.next == 0); /* no RX */
	mapped(&k);
	l.count = 9;
	CHECK(ffabi_caller_list(&k, &l) == FFABI_STATUS_INVALID_PARAMETERS && l.count == 0);
	CHECK(k.rx.owner == FFABI_OWNER_CALLEE);
	k.bounds.retries = 1;
	CHECK(ffabi_caller_list(&k, &l) == FFABI_STATUS_BUSY && script.next == 3);
	CHECK(ffabi_caller_list(&k, &l) == FFABI_E_FID && over());
	CHECK(k.rx.owner == FFABI_OWNER_CALLEE);
}

/* Six partitions of 24 bytes: five in the first reply, one in the second, which repeats the tag. */
#define SIX_FIRST                                                                                  \
	{                                                                                          \
		{0xc400008b}, {0xc4000061, 0, 24ull << 48 | 0x77ull << 32 | 4 << 16 | 5,           \
			       0x18001,	   0, 0,                                                   \
			       0x18002,	   0, 0,                                                   \
			       0x18003,	   0, 0,                                                   \
			       0x18004,	   0, 0,                                                   \
			       0x18005,	   0, 0},                                                  \
			NULL                                                                       \
	}
static void test_registers(void)
{
	static const struct turn turns[] = {
		SIX_FIRST,
		{{0xc400008b, 0, 0, 0x77 << 16 | 5},
		 {0xc4000061, 0, 24ull << 48 | 0x77ull << 32 | 5 << 16 | 5, 0x18006},
		 NULL},
	};
	static const struct turn count[] = {SIX_FIRST};
	struct ffabi_listing l = all(8);
	unsigned int i;

	SCRIPTED(&k, FFABI_V1_2, turns);
	CHECK(ffabi_caller_list(&k, &l) == FFABI_OK && over() && l.count == 6);
	for (i = 0; i < 6; i++)
		CHECK(found[i].partition_id == 0x8001 + i && found[i].exec_ctx_count == 1);
	CHECK(found[6].partition_id == 0xeeee);
	SCRIPTED(&k, FFABI_V1_2, count);
	l = all(0);
	CHECK(ffabi_caller_list(&k, &l) == FFABI_OK && over() && l.count == 6);
	SCRIPTED(&k, FFABI_V1_2, count);
	l = all(5); /* what is in the first reply */
	CHECK(ffabi_caller_list(&k, &l) == FFABI_E_SHORT && over() && l.count == 6);
	SCRIPTED(&k, FFABI_V1_2, count);
	l = all(3);
	CHECK(ffabi_caller_list(&k, &l) == FFABI_E_SHORT && over() && l.count == 6);
	CHECK(found[2].partition_id == 0x8003 && found[3].partition_id == 0xeeee);
}

/* Two of 48 bytes fill twelve registers: the second starts in x9. */
static void test_registers_1_3(void)
{
	static const struct turn turns[] = {
		{{0xc400008b},
		 {0xc4000061, 0, 48ull << 48 | 1 << 16 | 1, 0x18001, 0, 0, 0, 0, 0x10003, 0x18002,
		  0, 0, 0, 0, 0x10002},
		 NULL},
	};
	struct ffabi_listing l = all(8);

	SCRIPTED(&k, FFABI_V1_3, turns);
	CHECK(ffabi_caller_list(&k, &l) == FFABI_OK && over() && l.count == 2);
	CHECK(found[0].partition_id == 0x8001 && found[0].ffa_version == 0x10003);
	CHECK(found[1].partition_id == 0x8002 && found[1].ffa_version == 0x10002);
}

/* The list changes while it is read: from index 0 again, as often as the bound says. */
static void test_list_changes(void)
{
	static const struct turn turns[] = {
		SIX_FIRST,
		{{0xc400008b, 0, 0, 0x77 << 16 | 5}, FAILED(-7), NULL},
		{{0xc400008b}, {0xc4000061, 0, 24ull << 48, 0x18009}, NULL},
	};
	struct ffabi_listing l = all(8);

	SCRIPTED(&k, FFABI_V1_2, turns);
	k.bounds.retries = 1;
	CHECK(ffabi_caller_list(&k, &l) == FFABI_OK && over() && l.count == 1);
	CHECK(found[0].partition_id == 0x8009);
	SCRIPTED(&k, FFABI_V1_2, turns);
	CHECK(ffabi_caller_list(&k, &l) == FFABI_STATUS_RETRY && script.next == 2);
}

/* Replies that would make the walk endless, or reach beyond what is there. */
static void test_malformed_registers(void)
{
	static const struct {
		uint64_t x2;
		enum ffabi_rule rule;
		unsigned int field;
	} second[] = {
		{24ull << 48 | 4 << 16 | 5, FFABI_E_RANGE, FFABI_F_CURRENT_INDEX}, /* no progress */
		{24ull << 48 | 6 << 16 | 5, FFABI_E_RANGE,
		 FFABI_F_CURRENT_INDEX}, /* past the last */
		{24ull << 48 | 5 << 16 | 6, FFABI_E_RULE, FFABI_F_LAST_INDEX},
		{16ull << 48 | 5 << 16 | 5, FFABI_E_RANGE, FFABI_F_DESCRIPTOR_SIZE},
		{28ull << 48 | 5 << 16 | 5, FFABI_E_ALIGN, FFABI_F_DESCRIPTOR_SIZE},
		{128ull << 48 | 5 << 16 | 5, FFABI_E_SHORT, FFABI_F_DESCRIPTORS},
	};
	struct turn turns[2] = {SIX_FIRST,
				{{0xc400008b, 0, 0, 0x77 << 16 | 5}, {0xc4000061}, NULL}};
	static const struct turn too_many[] = {
		{{0xc400008b}, {0xc4000061, 0, 24ull << 48 | 5 << 16 | 5}, NULL}};
	static const struct turn narrow[] = {{{0xc400008b}, {0x84000061}, NULL}};
	struct ffabi_listing l;
	unsigned int i;

	for (i = 0; i < sizeof(second) / sizeof(second[0]); i++) {
		turns[1].out[2] = second[i].x2;
		SCRIPTED(&k, FFABI_V1_2, turns);
		l = all(8);
		CHECK(ffabi_caller_list(&k, &l) == (ffabi_result)second[i].rule && over());
		CHECK(k.ctx.err.rule == second[i].rule && k.ctx.err.field == second[i].field);
	}
	SCRIPTED(&k, FFABI_V1_2, too_many); /* six entries do not fit in fifteen registers */
	l = all(8);
	CHECK(ffabi_caller_list(&k, &l) == FFABI_E_SHORT && over());
	SCRIPTED(&k, FFABI_V1_2, narrow);
	CHECK(ffabi_caller_list(&k, &l) == FFABI_E_CONV && over());
}

int main(void)
{
	test_rx_1_1();
	test_rx_1_0();
	test_fall_back_to_rx();
	test_released_on_errors();
	test_refused();
	test_registers();
	test_registers_1_3();
	test_list_changes();
	test_malformed_registers();
	return done();
}
