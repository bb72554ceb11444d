/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Fragments from a peer that may say anything: the number of the head is the total that is
 * announced; the body is pieces, each after 8 bytes: how many bytes it is said to have, how many it
 * has.  Seeds: vectors-join
 */
#include "harness.h"

#include <ffabi/transaction.h>

#include <stdlib.h>
#include <string.h>

#define FILL 0x5a
#define ROOM 4096u

struct reader {
	const uint8_t *p;
	size_t n;
};

static uint32_t take32(struct reader *r)
{
	uint32_t value = 0;

	for (unsigned int i = 0; i < 4 && r->n != 0; i++, r->p++, r->n--)
		value |= (uint32_t)*r->p << 8 * i;
	return value;
}

/* Nothing of a refused fragment stays; an accepted one adds its own bytes only. */
static enum ffabi_rule add(struct ffabi_ctx *c, struct ffabi_mem_assembly *a, const uint8_t *piece,
			   uint32_t has, uint32_t said, uint8_t *shadow)
{
	const struct ffabi_mem_assembly before = *a;
	uint8_t *bytes = fuzz_copy(piece, has);
	const struct ffabi_src src = {bytes, has};
	const int legal =
		said != 0 && said <= before.total - before.received && said % 8 == 0 && said <= has;
	enum ffabi_rule rule;

	fuzz_watch(&src, said < has ? said : has, FUZZ_HOSTILE);
	rule = ffabi_mem_add(c, a, &src, said);
	fuzz_unwatch();
	REQUIRE(9, (rule == FFABI_OK || rule == FFABI_END) == legal, "the verdict on a fragment");
	if (legal) {
		memcpy(shadow + before.received, piece, said);
		REQUIRE(9,
			a->received == before.received + said &&
				(rule == FFABI_END) == (a->received == a->total),
			"another count of bytes");
	} else {
		fuzz_judge_refusal(c, rule, 0xffffffff);
		REQUIRE(9, a->received == before.received && a->total == before.total,
			"a refused fragment leaves something behind");
	}
	REQUIRE(9, !memcmp(a->dst.base, shadow, a->dst.len), "bytes that no fragment had");
	free(bytes);
	return rule;
}

static void run(const struct fuzz_input *in)
{
	const uint32_t room = in->options % 16 != 0 ? in->options * 64u : ROOM;
	const struct ffabi_dst dst = {fuzz_block(room, FILL), room};
	uint8_t *shadow = fuzz_block(room, FILL);
	struct reader r = {in->body, in->n};
	struct ffabi_mem_assembly a;
	struct ffabi_ctx c = in->c;
	const enum ffabi_rule rule = ffabi_mem_assemble(&c, &dst, in->number, &a);
	const int legal = in->number != 0 && in->number % 8 == 0 && in->number <= room;

	REQUIRE(9, (rule == FFABI_OK) == legal, "the verdict on a total");
	while (rule == FFABI_OK && r.n != 0) {
		const uint32_t said = take32(&r), length = take32(&r);
		const uint32_t has = length < r.n ? length : (uint32_t)r.n;

		(void)add(&c, &a, r.p, has, said, shadow);
		r.p += has;
		r.n -= has;
	}
	REQUIRE(9, !memcmp(dst.base, shadow, room), "bytes that no fragment had");
	free(shadow);
	free(dst.base);
}

const struct fuzz_target fuzz_target = {"mem_fragments", NULL, run, NULL};
