/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Agreeing on a version.  The first two replies are those of tests/captures/
 * uboot-pass-el1.txt (a higher version than was asked for) and of tinysp-debian-... (the
 * request still in x1); the others follow the table of FFA_VERSION.
 */
#include "script.h"

static const struct ffabi_negotiation any = {FFABI_V1_2, FFABI_V1_0};
static struct ffabi_caller k;

static void test_higher_callee(void)
{
	static const struct turn turns[] = {{{0x84000063, 0x10000}, {0x10002}, NULL}};
	const struct ffabi_negotiation old = {FFABI_V1_0, FFABI_V1_0};

	SCRIPTED(&k, 0, turns);
	CHECK(ffabi_caller_negotiate(&k, &old) == FFABI_OK);
	CHECK(k.ctx.version == FFABI_V1_0 && over());
}

static void test_stale_registers(void)
{
	static const struct turn turns[] = {{{0x84000063, 0x10001}, {0x10002, 0x10001}, NULL}};
	const struct ffabi_negotiation old = {FFABI_V1_1, FFABI_V1_0};

	SCRIPTED(&k, 0, turns);
	CHECK(ffabi_caller_negotiate(&k, &old) == FFABI_OK && over());
	SCRIPTED(&k, 0, turns);
	k.waive_replies = FFABI_STRICT;
	CHECK(ffabi_caller_negotiate(&k, &old) == FFABI_E_MBZ && k.ctx.err.at == 1);
	CHECK(k.ctx.version == 0);
}

/* A lower version is offered back, so that the callee knows that it is agreed on. */
static void test_lower_callee(void)
{
	static const struct turn turns[] = {
		{{0x84000063, 0x10002}, {0x10001}, NULL},
		{{0x84000063, 0x10001}, {0x10001}, NULL},
	};

	SCRIPTED(&k, 0, turns);
	CHECK(ffabi_caller_negotiate(&k, &any) == FFABI_OK);
	CHECK(k.ctx.version == FFABI_V1_1 && over());
}

/* Some callees refuse every version above their own. */
static void test_fall_back(void)
{
	static const struct turn turns[] = {
		{{0x84000063, 0x10003}, {0xffffffff}, NULL},
		{{0x84000063, 0x10002}, {0xffffffff, 0x10002}, NULL},
		{{0x84000063, 0x10001}, {0x10001}, NULL},
	};
	const struct ffabi_negotiation all = {FFABI_V1_3, FFABI_V1_0};

	SCRIPTED(&k, 0, turns);
	CHECK(ffabi_caller_negotiate(&k, &all) == FFABI_OK);
	CHECK(k.ctx.version == FFABI_V1_1 && over());
}

/* Firmware without FF-A: SMCCC's unknown function, in 64 bits and with the arguments left. */
static void test_no_ffa(void)
{
	static const struct turn turns[] = {
		{{0x84000063, 0x10002}, {0xffffffffffffffff, 0x10002}, NULL},
		{{0x84000063, 0x10001}, {0xffffffffffffffff, 0x10001}, NULL},
		{{0x84000063, 0x10000}, {0xffffffffffffffff, 0x10000}, NULL},
	};

	SCRIPTED(&k, 0, turns);
	CHECK(ffabi_caller_negotiate(&k, &any) == FFABI_STATUS_NOT_SUPPORTED);
	CHECK(k.ctx.version == 0 && over());
}

static void test_other_answers(void)
{
	static const struct turn major[] = {
		{{0x84000063, 0x10001}, {0x20000}, NULL},
		{{0x84000063, 0x10000}, {0x20000}, NULL},
	};
	static const struct turn none[] = {
		{{0x84000063, 0x10003}, {0}, NULL}, /* the null version of 1.3 */
		{{0x84000063, 0x10002}, {0x10005}, NULL},
	};
	static const struct turn unknown[] = {{{0x84000063, 0x10002}, {0xfffffff0}, NULL}};
	static const struct turn low[] = {{{0x84000063, 0x10002}, {0x10000}, NULL}};
	const struct ffabi_negotiation two = {FFABI_V1_1, FFABI_V1_0};
	const struct ffabi_negotiation all = {FFABI_V1_3, FFABI_V1_0};
	const struct ffabi_negotiation new = {FFABI_V1_2, FFABI_V1_1};

	SCRIPTED(&k, 0, major);
	CHECK(ffabi_caller_negotiate(&k, &two) == FFABI_STATUS_NOT_SUPPORTED && over());
	SCRIPTED(&k, 0, none);
	CHECK(ffabi_caller_negotiate(&k, &all) == FFABI_OK && over());
	CHECK(k.ctx.version == FFABI_V1_2);
	SCRIPTED(&k, 0, unknown);
	CHECK(ffabi_caller_negotiate(&k, &any) == FFABI_E_ENUM && over());
	CHECK(k.ctx.err.field == FFABI_F_STATUS);
	SCRIPTED(&k, 0, low);
	CHECK(ffabi_caller_negotiate(&k, &new) == FFABI_STATUS_NOT_SUPPORTED && over());
}

static void test_wrong_wishes(void)
{
	const struct ffabi_negotiation upside_down = {FFABI_V1_0, FFABI_V1_2};
	const struct ffabi_negotiation unborn = {0x10007, 0x10007};

	UNCALLED(&k, 0);
	CHECK(ffabi_caller_negotiate(&k, &upside_down) == FFABI_E_RULE);
	CHECK(ffabi_caller_negotiate(&k, &unborn) == FFABI_E_VERSION);
	CHECK(over());
}

/* What ffabi_caller_init() leaves, whatever was there before. */
static void test_fresh(void)
{
	const struct ffabi_conduit conduit = {play, &script};
	unsigned int i;

	memset(&k, 0xee, sizeof(k));
	ffabi_caller_init(&k, &conduit);
	CHECK(k.conduit.call == play && k.conduit.self == &script && k.conv == FFABI_SMC64);
	CHECK(k.waive == 0 && k.waive_replies == (FFABI_AS_SPECIFIED | FFABI_WAIVE_MBZ));
	CHECK(k.bounds.retries == 0 && k.bounds.resumes == 0);
	CHECK(k.left.retries == 0 && k.left.resumes == 0 && k.locked == 0);
	CHECK(k.ctx.version == 0 && k.ctx.waive == 0 && k.ctx.instance == 0);
	CHECK(k.ctx.err.rule == 0 && k.ctx.err.field == 0 && k.ctx.err.value == 0);
	CHECK(k.tx.owner == FFABI_OWNER_NONE && k.rx.owner == FFABI_OWNER_NONE);
	CHECK(k.tx.dst.base == NULL && k.tx.dst.len == 0);
	CHECK(k.rx.src.base == NULL && k.rx.src.len == 0);
	CHECK(k.direct.answer == 0 && k.direct.conv == FFABI_SMC32 && k.direct.timeout == 0);
	CHECK(k.direct.sender_id == 0 && k.direct.receiver_id == 0);
	CHECK(k.direct.target_endpoint_id == 0 && k.direct.target_vcpu_id == 0);
	for (i = 0; i < 18; i++)
		CHECK(k.regs.x[i] == 0 && k.request.x[i] == 0);
}

/* Nothing goes before the version, and after other calls it is locked. */
static void test_lock(void)
{
	static const struct turn turns[] = {
		{{0x84000063, 0x10002}, {0x10002}, NULL},
		{{0x84000063, 0x10002}, {0x10002}, NULL},
		{{0x84000069}, {0x84000061, 0, 0x8003}, NULL},
	};
	uint16_t id = 0;

	SCRIPTED(&k, 0, turns);
	CHECK(ffabi_caller_id(&k, &id) == FFABI_E_VERSION && script.next == 0);
	SCRIPTED(&k, 0, turns);
	CHECK(ffabi_caller_negotiate(&k, &any) == FFABI_OK);
	CHECK(ffabi_caller_negotiate(&k, &any) == FFABI_OK);
	CHECK(ffabi_caller_id(&k, &id) == FFABI_OK && id == 0x8003);
	CHECK(ffabi_caller_negotiate(&k, &any) == FFABI_E_RULE);
	CHECK(k.ctx.err.field == FFABI_F_VERSION && k.ctx.version == FFABI_V1_2 && over());
}

int main(void)
{
	test_higher_callee();
	test_stale_registers();
	test_lower_callee();
	test_fall_back();
	test_no_ffa();
	test_other_answers();
	test_wrong_wishes();
	test_fresh();
	test_lock();
	return done();
}
