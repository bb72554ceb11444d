/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Partition lists in shared bytes: number of the head: count in bits 15:0, size of an entry in bits
 * 31:16. Seeds: entries
 */
#include "harness.h"
#include "shapes.h"

#include <ffabi/lists.h>

#include <stdlib.h>
#include <string.h>

#define SCRIBBLE 0xee

static enum ffabi_rule walk(const struct fuzz_input *in, struct ffabi_ctx *c, const uint8_t *data,
			    enum fuzz_pass pass, struct ffabi_partition_info *found,
			    uint32_t *count)
{
	const struct ffabi_src src = {data, in->n};
	const struct ffabi_entries said = {
		(in->options & 1) != 0 ? in->number : in->number & 0xffff, in->number >> 16};
	struct ffabi_partition_cursor cur;
	enum ffabi_rule rule;

	*count = 0;
	memset(&cur, SCRIBBLE, sizeof(cur));
	fuzz_watch(&src, in->n, pass);
	rule = ffabi_partition_open(c, &src, &said, &cur);
	while (rule == FFABI_OK) {
		REQUIRE(1, *count <= in->n / 8, "more entries than bytes");
		memset(&found[*count], SCRIBBLE, sizeof(*found));
		rule = ffabi_partition_next(c, &cur, &found[*count]);
		*count += rule == FFABI_OK;
	}
	fuzz_unwatch();
	if (rule != FFABI_END)
		fuzz_judge_refusal(c, rule, 0xffffffff);
	else
		REQUIRE(1, *count == said.count, "another count of entries");
	return rule;
}

static void run(const struct fuzz_input *in)
{
	const size_t room = in->n / 8 + 1;
	uint8_t *shared = fuzz_copy(in->body, in->n), *quiet = fuzz_copy(in->body, in->n);
	struct ffabi_partition_info *a = calloc(room, sizeof(*a)), *b = calloc(room, sizeof(*b));
	struct ffabi_ctx c = in->c, d = in->c, strict = in->c;
	uint32_t first = 0, second = 0;
	enum ffabi_rule rule, other;

	if (a == NULL || b == NULL)
		abort();
	rule = walk(in, &c, shared, FUZZ_HOSTILE, a, &first);
	other = walk(in, &d, quiet, FUZZ_ONCE, b, &second);
	REQUIRE(2, first == second && fuzz_same_verdict(&c, rule, &d, other),
		"a writer behind the reader changes the verdict");
	REQUIRE(2, !memcmp(a, b, first * sizeof(*a)), "a writer behind the reader changes a value");
	strict.waive = FFABI_STRICT;
	if (walk(in, &strict, quiet, FUZZ_ONCE, b, &second) == FFABI_END)
		REQUIRE(7, rule == FFABI_END, "a waiver refuses what was accepted");
	REQUIRE(8, c.version == in->c.version, "the version of the context is another");
	free(a);
	free(b);
	free(shared);
	free(quiet);
}

const struct fuzz_target fuzz_target = {"partition_list", &fuzz_shape_partition_info, run, NULL};
