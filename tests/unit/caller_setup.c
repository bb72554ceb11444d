/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Ids, features and the RX/TX pair.  r152: the size of a pair is two bits of a register
 * that holds more; r163: what the caller supports goes out with the question.
 */
#include "script.h"

static struct ffabi_caller k;

static void test_ids(void)
{
	static const struct turn turns[] = {
		{{0x84000069}, {0x84000061, 0, 0x8001}, NULL},
		{{0x84000085}, {0x84000061, 0, 0x8000}, NULL},
		{{0x84000085}, FAILED(-1), NULL},
		{{0x84000069}, {0xffffffff}, NULL},
		{{0x84000069}, {0x84000061, 0, 0x12345}, NULL},
		{{0x84000069}, {0x84000060}, NULL}, /* an error that is none */
		{{0x84000069}, FAILED(-99), NULL},
		{{0x84000069}, FAILED(0), NULL},
	};
	uint16_t id = 0;

	SCRIPTED(&k, FFABI_V1_1, turns);
	CHECK(ffabi_caller_id(&k, &id) == FFABI_OK && id == 0x8001);
	spoil(&k);
	CHECK(ffabi_caller_spm_id(&k, &id) == FFABI_OK && id == 0x8000);
	CHECK(ffabi_caller_spm_id(&k, &id) == FFABI_STATUS_NOT_SUPPORTED);
	CHECK(ffabi_caller_id(&k, &id) == FFABI_E_FID && k.ctx.err.value == 0xffffffff);
	k.waive_replies = FFABI_AS_SPECIFIED;
	CHECK(ffabi_caller_id(&k, &id) == FFABI_E_MBZ && k.ctx.err.at == 2);
	CHECK(ffabi_caller_id(&k, &id) == FFABI_E_ENUM && k.ctx.err.field == FFABI_F_STATUS);
	CHECK(ffabi_caller_id(&k, &id) == FFABI_E_ENUM);
	k.waive_replies |= FFABI_WAIVE_ENUM;
	CHECK(ffabi_caller_id(&k, &id) == FFABI_E_ENUM && over());
	CHECK(id == 0x8000);
	UNCALLED(&k, FFABI_V1_0);
	CHECK(ffabi_caller_spm_id(&k, &id) == FFABI_E_VERSION && over());
}

static const struct turn feature_turns[] = {
	{{0x84000064, 0xc4000066}, {0x84000061, 0, 0x00100001}, NULL},
	{{0x84000064, 0x84000066}, {0x84000061, 0, 2}, NULL},
	{{0x84000064, 0x84000074, 2}, {0x84000061, 0, 2, 7}, NULL},
	{{0x84000064, 0xc4000073}, {0x84000061}, NULL},
	{{0x84000064, 0x84000072}, {0x84000061}, NULL},
	{{0x84000064, 0x84000071}, {0x84000061}, NULL},
	{{0x84000064, 1}, {0x84000061, 0, 7}, NULL},
	{{0x84000064, 2}, {0x84000061, 0, 8}, NULL},
	{{0x84000064, 3}, {0x84000061, 0, 9}, NULL},
	{{0x84000064, 0x55}, {0x84000061, 0, 0x1234, 0x5678}, NULL},
	{{0x84000064, 0x84000060}, {0x84000061}, NULL},
	{{0x84000064, 0x8400008f}, FAILED(-1), NULL},
};

static ffabi_result ask(uint32_t id, uint32_t input, struct ffabi_features_answer *out)
{
	const struct ffabi_features args = {id, input};

	memset(out, 0xee, sizeof(*out));
	spoil(&k);
	return ffabi_caller_features(&k, &args, out);
}

static void test_features(void)
{
	struct ffabi_features_answer a;

	SCRIPTED(&k, FFABI_V1_2, feature_turns);
	CHECK(ask(0xc4000066, 0, &a) == FFABI_OK && a.of == FFABI_CALL_FEATURES_RXTX_MAP);
	CHECK(a.u.rxtx_map.max_size == 16 && ffabi_rxtx_min_pages(&a.u.rxtx_map) == 16);
	CHECK(ask(0x84000066, 0, &a) == FFABI_OK && ffabi_rxtx_min_pages(&a.u.rxtx_map) == 4);
	a.u.rxtx_map.min_size_and_align = 0;
	CHECK(ffabi_rxtx_min_pages(&a.u.rxtx_map) == 1);
	a.u.rxtx_map.min_size_and_align = 3;
	CHECK(ffabi_rxtx_min_pages(&a.u.rxtx_map) == 0);
	CHECK(ask(0x84000074, FFABI_MEM_RETRIEVE_REQ_INPUT_NS_BIT, &a) == FFABI_OK);
	CHECK(a.of == FFABI_CALL_FEATURES_MEM_RETRIEVE_REQ);
	CHECK(a.u.mem_retrieve_req.properties == FFABI_MEM_RETRIEVE_REQ_PROPERTIES_NS_BIT);
	CHECK(a.u.mem_retrieve_req.outstanding_retrievals == 7);
	CHECK(ask(0xc4000073, 0, &a) == FFABI_OK && a.of == FFABI_CALL_FEATURES_MEM_SHARE);
	CHECK(a.u.mem_send_properties == 0);
	CHECK(ask(0x84000072, 0, &a) == FFABI_OK && a.of == FFABI_CALL_FEATURES_MEM_LEND);
	CHECK(ask(0x84000071, 0, &a) == FFABI_OK && a.of == FFABI_CALL_FEATURES_MEM_DONATE);
	CHECK(ask(1, 0, &a) == FFABI_OK && a.of == FFABI_CALL_FEATURES_NPI);
	CHECK(a.u.interrupt_id == 7);
	CHECK(ask(2, 0, &a) == FFABI_OK && a.of == FFABI_CALL_FEATURES_SRI);
	CHECK(a.u.interrupt_id == 8);
	CHECK(ask(3, 0, &a) == FFABI_OK && a.of == FFABI_CALL_FEATURES_MEI);
	CHECK(a.u.interrupt_id == 9);
	CHECK(ask(0x55, 0, &a) == FFABI_OK && a.of == FFABI_CALL_FEATURES_FEATURE);
	CHECK(a.u.feature.interface_properties == 0x1234);
	CHECK(a.u.feature.interface_properties_2 == 0x5678);
	CHECK(ask(0x84000060, 0, &a) == FFABI_OK && a.of == FFABI_CALL_FEATURES_FUNCTION);
	CHECK(ask(0x8400008f, 0, &a) == FFABI_STATUS_NOT_SUPPORTED && over());
}

static void test_features_of_1_3(void)
{
	/* w2: limits in 1:0, one count in 10:2, the other in 19:11 */
	static const struct turn turns[] = {
		{{0x84000064, 0x55}, {0x84000061, 0, 1}, NULL},
		{{0x84000064, 4}, {0x84000061, 0, 2 | 64 << 2 | 320 << 11}, NULL},
	};
	struct ffabi_features_answer a;

	SCRIPTED(&k, FFABI_V1_3, turns);
	CHECK(ask(0x55, 0, &a) == FFABI_OK && a.of == FFABI_CALL_FEATURES_FEATURE);
	CHECK(ask(4, 0, &a) == FFABI_OK && a.of == FFABI_CALL_FEATURES_NOTIFICATIONS && over());
	CHECK(a.u.notifications.count_a == 64 && a.u.notifications.count_b == 320);
	CHECK(a.u.notifications.limits == 2);
}

/* From tests/captures/tinysp-debian-tfa2.12-el3spmc.txt: TF-A leaves x1-x3 as they were. */
static const struct turn map_turns[] = {
	{{0xc4000066, 0x6000d000, 0x6000c000, 1}, {0x84000061, 0x6000d000, 0x6000c000, 1}, NULL},
};

static uint64_t tx[512], rx[512];
static const struct ffabi_buffer_pair pair = {(uint8_t *)tx, (const uint8_t *)rx, 0x6000d000,
					      0x6000c000, 1};

static void test_map(void)
{
	static const struct turn more[] = {{{0x84000067}, FAILED(-2), NULL},
					   {{0x84000067}, SUCCESS, NULL}};

	SCRIPTED(&k, FFABI_V1_1, map_turns);
	CHECK(ffabi_caller_unmap(&k) == FFABI_E_RULE);
	CHECK(ffabi_caller_map(&k, &pair) == FFABI_OK);
	CHECK(k.tx.owner == FFABI_OWNER_CALLER && k.rx.owner == FFABI_OWNER_CALLEE);
	CHECK(k.tx.dst.len == 4096 && k.rx.src.len == 4096);
	CHECK(k.tx.dst.base == (uint8_t *)tx && k.rx.src.base == (const uint8_t *)rx);
	CHECK(ffabi_caller_map(&k, &pair) == FFABI_E_RULE);
	NEXT(more);
	CHECK(ffabi_caller_unmap(&k) == FFABI_STATUS_INVALID_PARAMETERS);
	CHECK(k.tx.owner == FFABI_OWNER_CALLER);
	CHECK(ffabi_caller_unmap(&k) == FFABI_OK && over());
	CHECK(k.tx.owner == FFABI_OWNER_NONE && k.rx.owner == FFABI_OWNER_NONE);
}

static void test_map_refused(void)
{
	static const struct turn turns[] = {
		{{0x84000066, 0x6000d000, 0x6000c000, 1}, FAILED(-3), NULL},
	};
	struct ffabi_buffer_pair bad = pair;

	SCRIPTED(&k, FFABI_V1_1, turns);
	k.conv = FFABI_SMC32;
	CHECK(ffabi_caller_map(&k, &pair) == FFABI_STATUS_NO_MEMORY && over());
	CHECK(k.tx.owner == FFABI_OWNER_NONE && k.rx.owner == FFABI_OWNER_NONE);
	UNCALLED(&k, FFABI_V1_1);
	bad.page_count = 0;
	CHECK(ffabi_caller_map(&k, &bad) == FFABI_E_RANGE);
	bad.page_count = 64; /* six bits */
	CHECK(ffabi_caller_map(&k, &bad) == FFABI_E_RANGE);
	bad = pair;
	bad.tx_address = 0x100000000;
	k.conv = FFABI_SMC32;
	CHECK(ffabi_caller_map(&k, &bad) == FFABI_E_RANGE);
	CHECK(k.ctx.err.field == FFABI_F_TX_ADDRESS && over());
}

static void test_rx_owner(void)
{
	static const struct turn turns[] = {
		RELEASE,
		{{0x84000065}, FAILED(-8), NULL},
		{{0x84000065}, FAILED(-6), NULL},
	};

	SCRIPTED(&k, FFABI_V1_1, turns);
	CHECK(ffabi_caller_rx_take(&k) == FFABI_E_RULE);
	CHECK(ffabi_caller_rx_release(&k) == FFABI_E_RULE);
	mapped(&k);
	CHECK(ffabi_caller_rx_release(&k) == FFABI_E_RULE);
	CHECK(ffabi_caller_rx_take(&k) == FFABI_OK && k.rx.owner == FFABI_OWNER_CALLER);
	CHECK(ffabi_caller_rx_take(&k) == FFABI_E_RULE && k.ctx.err.field == FFABI_F_RX_ADDRESS);
	CHECK(ffabi_caller_unmap(&k) == FFABI_E_RULE && script.next == 0);
	spoil(&k);
	CHECK(ffabi_caller_rx_release(&k) == FFABI_OK && k.rx.owner == FFABI_OWNER_CALLEE);
	/* a release that failed is still owed, one that was denied is not */
	CHECK(ffabi_caller_rx_take(&k) == FFABI_OK);
	CHECK(ffabi_caller_rx_release(&k) == FFABI_STATUS_ABORTED);
	CHECK(k.rx.owner == FFABI_OWNER_CALLER);
	CHECK(ffabi_caller_rx_release(&k) == FFABI_STATUS_DENIED);
	CHECK(k.rx.owner == FFABI_OWNER_CALLEE && over());
}

/* A call that has no function of its own. */
static void test_parts(void)
{
	static const struct turn turns[] = {
		{{0x84000084, 3}, FAILED(-4), NULL},
		{{0x84000084, 3}, SUCCESS, NULL},
	};
	const struct ffabi_rx_acquire args = {3};
	struct ffabi_rx_acquire_reply reply;
	enum ffabi_rule rule;

	SCRIPTED(&k, FFABI_V1_1, turns);
	k.bounds.retries = 1;
	ffabi_caller_begin(&k);
	rule = ffabi_caller_send(&k, ffabi_rx_acquire_pack(&k.ctx, &args, &k.regs));
	CHECK(rule == FFABI_OK && over() && k.locked == 1);
	rule = ffabi_rx_acquire_reply_unpack(&k.ctx, &k.regs, &reply);
	CHECK(ffabi_settle(&k.ctx, rule, &reply.kind, &reply.u.error) == FFABI_OK);
	UNCALLED(&k, FFABI_V1_0);
	ffabi_caller_begin(&k);
	rule = ffabi_caller_send(&k, ffabi_rx_acquire_pack(&k.ctx, &args, &k.regs));
	CHECK(rule == FFABI_E_VERSION && over());
}

/* BUSY and RETRY: the same registers again, as often as the bound says and no more. */
static void test_retries(void)
{
	static const struct turn turns[] = {
		{{0xc4000066, 0x6000d000, 0x6000c000, 1}, FAILED(-4), NULL},
		{{0xc4000066, 0x6000d000, 0x6000c000, 1}, FAILED(-7), NULL},
		{{0xc4000066, 0x6000d000, 0x6000c000, 1}, SUCCESS, NULL},
	};

	SCRIPTED(&k, FFABI_V1_1, turns);
	k.bounds.retries = 2;
	CHECK(ffabi_caller_map(&k, &pair) == FFABI_OK && over());
	SCRIPTED(&k, FFABI_V1_1, turns);
	k.bounds.retries = 1;
	CHECK(ffabi_caller_map(&k, &pair) == FFABI_STATUS_RETRY && script.next == 2);
	SCRIPTED(&k, FFABI_V1_1, turns);
	CHECK(ffabi_caller_map(&k, &pair) == FFABI_STATUS_BUSY && script.next == 1);
}

int main(void)
{
	test_ids();
	test_features();
	test_features_of_1_3();
	test_map();
	test_map_refused();
	test_rx_owner();
	test_parts();
	test_retries();
	return done();
}
