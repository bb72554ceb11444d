/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * The primitives of the wire: one pass over shared bytes into private ones, and UUIDs.  The first
 * 16 bytes of the body are offset and count, the number of the head is the room.  Seeds: extents
 */
#include "harness.h"

#include <stdlib.h>
#include <string.h>

#define FILL 0x5a

static uint64_t take64(const uint8_t *p)
{
	uint64_t value = 0;

	for (unsigned int i = 0; i < 8; i++)
		value |= (uint64_t)p[i] << 8 * i;
	return value;
}

static void check_uuid(const uint8_t bytes[16])
{
	struct ffabi_uuid uuid;
	uint8_t back[16];

	ffabi_uuid_from_bytes(&uuid, bytes);
	ffabi_uuid_to_bytes(&uuid, back);
	REQUIRE(5, !memcmp(back, bytes, sizeof(back)), "a UUID that is written differently");
}

static void run(const struct fuzz_input *in)
{
	const size_t n = in->n >= 16 ? in->n - 16 : 0;
	const uint64_t unit = (in->options & 1) != 0 ? ~0ull : 0xff;
	struct ffabi_extent what;
	struct ffabi_src src;
	struct ffabi_dst dst;
	struct ffabi_ctx c = in->c;
	enum ffabi_rule rule;
	int legal;

	if (in->n < 16)
		return;
	what.at = take64(in->body) & unit;
	what.n = take64(in->body + 8) & unit;
	src.base = fuzz_copy(in->body + 16, n);
	src.len = n;
	dst.len = in->number % 512;
	dst.base = fuzz_block(dst.len, FILL);
	legal = what.at <= n && what.n <= n - what.at && what.n <= dst.len;
	fuzz_watch(&src, n, FUZZ_HOSTILE);
	rule = ffabi_snapshot(&c, &src, &what, &dst);
	fuzz_unwatch();
	REQUIRE(3, (rule == FFABI_OK) == legal, "the verdict on an extent");
	if (legal)
		REQUIRE(2, !memcmp(dst.base, in->body + 16 + what.at, what.n), "other bytes");
	else
		fuzz_judge_refusal(&c, rule, 0xffffffff);
	REQUIRE(6, fuzz_untouched(dst.base, legal ? what.n : 0, dst.len, FILL),
		"a byte is written that should not be");
	check_uuid(in->body);
	free((void *)(uintptr_t)src.base);
	free(dst.base);
}

const struct fuzz_target fuzz_target = {"snapshot", NULL, run, NULL};
