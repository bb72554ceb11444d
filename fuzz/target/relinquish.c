/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Relinquish descriptors: options of the head: how many ids there is room for, 255: enough.
 * Seeds: mem_relinquish_descriptor ids
 */
#include "harness.h"
#include "shapes.h"

#include <ffabi/lists.h>

#include <stdlib.h>
#include <string.h>

#define FILL 0x5a

static enum ffabi_rule read_ids(const struct fuzz_input *in, struct ffabi_ctx *c,
				const uint8_t *data, enum fuzz_pass pass,
				struct ffabi_mem_relinquish_descriptor *out,
				const struct ffabi_ids *ids)
{
	const struct ffabi_src src = {data, in->n};
	enum ffabi_rule rule;

	memset(ids->ids, FILL, ids->room * sizeof(*ids->ids));
	fuzz_watch(&src, in->n, pass);
	rule = ffabi_relinquish_unpack(c, &src, out, ids);
	fuzz_unwatch();
	if (rule != FFABI_OK)
		fuzz_judge_refusal(c, rule, 0xffffffff);
	return rule;
}

/* All ids were read: they differ, and give the same bytes. */
static void check_accepted(const struct fuzz_input *in,
			   const struct ffabi_mem_relinquish_descriptor *d, const uint16_t *ids)
{
	struct ffabi_dst dst = {fuzz_block(in->n, FILL), in->n};
	struct ffabi_ctx c = in->c;
	uint32_t total = 0;

	c.waive = FFABI_STRICT;
	for (uint32_t i = 0; i < d->endpoint_count; i++) {
		for (uint32_t j = 0; j < i; j++)
			REQUIRE(4, ids[i] != ids[j], "an endpoint is named twice");
	}
	REQUIRE(5,
		ffabi_relinquish_pack(&c, d, ids, &dst, &total) == FFABI_OK && total <= in->n &&
			!memcmp(dst.base, in->body, total),
		"what was accepted packs to something else");
	REQUIRE(6, fuzz_untouched(dst.base, total, in->n, FILL),
		"a byte is written that should not be");
	dst.len = total - 1;
	memset(dst.base, FILL, in->n);
	REQUIRE(6,
		ffabi_relinquish_pack(&c, d, ids, &dst, &total) == FFABI_E_SHORT &&
			fuzz_untouched(dst.base, 0, in->n, FILL),
		"a destination that is too small");
	free(dst.base);
}

/* Ids as they come: the writer refuses what names one twice. */
static void check_writer(const struct fuzz_input *in)
{
	const struct ffabi_dst dst = {fuzz_block(256, FILL), 256};
	struct ffabi_mem_relinquish_descriptor d = {in->number, in->options & 7u,
						    in->n > 0 ? in->body[0] % 32u : 0};
	uint16_t ids[32] = {0};
	struct ffabi_ctx c = in->c;
	uint32_t total = 0;
	enum ffabi_rule rule;

	memcpy(ids, in->body, in->n < sizeof(ids) ? in->n : sizeof(ids));
	rule = ffabi_relinquish_pack(&c, &d, ids, &dst, &total);
	if (rule != FFABI_OK)
		fuzz_judge_refusal(&c, rule, 0xffffffff);
	REQUIRE(6, fuzz_untouched(dst.base, rule == FFABI_OK ? total : 0, dst.len, FILL),
		"a byte is written that should not be");
	free(dst.base);
}

static void run(const struct fuzz_input *in)
{
	const uint32_t room = in->options == 255 ? (uint32_t)in->n / 2 + 1 : in->options;
	uint8_t *shared = fuzz_copy(in->body, in->n), *quiet = fuzz_copy(in->body, in->n);
	uint16_t *ids = calloc(room + 1u, sizeof(*ids)), *other = calloc(room + 1u, sizeof(*other));
	const struct ffabi_ids first = {ids, room}, second = {other, room};
	struct ffabi_mem_relinquish_descriptor d, e;
	struct ffabi_ctx c = in->c, again = in->c;
	enum ffabi_rule rule;

	if (ids == NULL || other == NULL)
		abort();
	rule = read_ids(in, &c, shared, FUZZ_HOSTILE, &d, &first);
	REQUIRE(2,
		rule == read_ids(in, &again, quiet, FUZZ_ONCE, &e, &second) &&
			!memcmp(ids, other, room * sizeof(*ids)),
		"a writer behind the reader changes something");
	if (rule == FFABI_OK && in->c.waive == 0 && d.endpoint_count <= room)
		check_accepted(in, &d, ids);
	again.waive = FFABI_STRICT;
	if (read_ids(in, &again, quiet, FUZZ_ONCE, &e, &second) == FFABI_OK)
		REQUIRE(7, rule == FFABI_OK, "a waiver refuses what was accepted");
	check_writer(in);
	free(ids);
	free(other);
	free(shared);
	free(quiet);
}

const struct fuzz_target fuzz_target = {"relinquish", &fuzz_shape_mem_relinquish_descriptor, run,
					NULL};
