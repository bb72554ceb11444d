/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* The console: 24 characters in a call of the 32-bit form, 128 in one of the 64-bit form. */
#include <ffabi/caller_console.h>

#include "script.h"

static struct ffabi_caller k;
static uint8_t text[300];

static struct ffabi_logging say(const void *chars, uint32_t length)
{
	struct ffabi_logging l;

	memset(&l, 0xee, sizeof(l));
	l.chars = chars;
	l.length = length;
	return l;
}

/* 26 letters: six registers of four, then two letters. */
static const struct turn narrow[] = {
	{{0x8400008a, 24, 0x64636261, 0x68676665, 0x6c6b6a69, 0x706f6e6d, 0x74737271, 0x78777675},
	 SUCCESS,
	 NULL},
	{{0x8400008a, 2, 0x7a79}, SUCCESS, NULL},
};

static void test_narrow(void)
{
	struct ffabi_logging l = say("abcdefghijklmnopqrstuvwxyz", 26);

	SCRIPTED(&k, FFABI_V1_2, narrow);
	k.conv = FFABI_SMC32;
	CHECK(ffabi_caller_log(&k, &l) == FFABI_OK && over() && l.done == 26);
}

static void test_wide(void)
{
	static const struct turn short_text[] = {
		{{0xc400008a, 9, 0x4847464544434241, 0x49}, SUCCESS, NULL},
	};
	struct turn turns[3];
	struct ffabi_logging l = say("ABCDEFGHI", 9);
	unsigned int i;

	SCRIPTED(&k, FFABI_V1_2, short_text);
	CHECK(ffabi_caller_log(&k, &l) == FFABI_OK && over());
	memset(text, 'x', sizeof(text));
	memset(turns, 0, sizeof(turns));
	for (i = 0; i < 3; i++) {
		turns[i].in[0] = 0xc400008a;
		turns[i].in[1] = i < 2 ? 128 : 44;
		turns[i].out[0] = 0x84000061;
	}
	for (i = 2; i < 18; i++) {
		turns[0].in[i] = 0x7878787878787878;
		turns[1].in[i] = 0x7878787878787878;
		turns[2].in[i] = i < 7 ? 0x7878787878787878 : i == 7 ? 0x78787878 : 0;
	}
	SCRIPTED(&k, FFABI_V1_2, turns);
	l = say(text, 300);
	CHECK(ffabi_caller_log(&k, &l) == FFABI_OK && over() && l.done == 300);
}

static void test_nothing(void)
{
	struct ffabi_logging l = say("", 0);

	UNCALLED(&k, FFABI_V1_2);
	CHECK(ffabi_caller_log(&k, &l) == FFABI_OK);
	UNCALLED(&k, FFABI_V1_1);
	l = say("A", 1);
	CHECK(ffabi_caller_log(&k, &l) == FFABI_E_VERSION && over());
}

/* RETRY: w3 says how many were taken; only taking none needs a bound. */
static void test_retry(void)
{
	static const struct turn turns[] = {
		{{0x8400008a, 5, 0x44434241, 0x45}, {0x84000060, 0, 0xfffffff9, 3}, NULL},
		{{0x8400008a, 2, 0x4544}, {0x84000060, 0, 0xfffffff9}, NULL},
		{{0x8400008a, 2, 0x4544}, SUCCESS, NULL},
	};
	static const struct turn lying[] = {
		{{0x8400008a, 5, 0x44434241, 0x45}, {0x84000060, 0, 0xfffffff9, 6}, NULL},
		{{0x8400008a, 5, 0x44434241, 0x45}, FAILED(-1), NULL},
		{{0x8400008a, 5, 0x44434241, 0x45}, {0x84000062}, NULL},
	};
	static const struct turn all[] = {
		{{0x8400008a, 5, 0x44434241, 0x45}, {0x84000060, 0, 0xfffffff9, 5}, NULL},
	};
	struct ffabi_logging l = say("ABCDE", 5);

	SCRIPTED(&k, FFABI_V1_2, turns);
	k.conv = FFABI_SMC32;
	k.bounds.retries = 1;
	CHECK(ffabi_caller_log(&k, &l) == FFABI_OK && over());
	SCRIPTED(&k, FFABI_V1_2, turns);
	k.conv = FFABI_SMC32;
	CHECK(ffabi_caller_log(&k, &l) == FFABI_STATUS_RETRY && script.next == 2 && l.done == 3);
	SCRIPTED(&k, FFABI_V1_2, lying);
	k.conv = FFABI_SMC32;
	CHECK(ffabi_caller_log(&k, &l) == FFABI_E_RANGE && k.ctx.err.field == FFABI_F_ERROR_ARG);
	CHECK(ffabi_caller_log(&k, &l) == FFABI_STATUS_NOT_SUPPORTED && l.done == 0);
	CHECK(ffabi_caller_log(&k, &l) == FFABI_E_FID && over());
	SCRIPTED(&k, FFABI_V1_2, all); /* all taken, and yet to be made again? */
	k.conv = FFABI_SMC32;
	CHECK(ffabi_caller_log(&k, &l) == FFABI_E_RANGE && over());
}

int main(void)
{
	test_narrow();
	test_wide();
	test_nothing();
	test_retry();
	return done();
}
