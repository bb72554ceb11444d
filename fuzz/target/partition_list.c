/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Partition lists in shared bytes, and written again: number of the head: count in bits 15:0, size
 * of an entry in bits 31:16. Seeds: entries
 */
#include "shapes.h"
#include "walk.h"

#include <ffabi/lists.h>

#include <stdlib.h>
#include <string.h>

#define FILL 0x5a
#define OTHER 0xa5

static enum ffabi_rule open_list(struct ffabi_ctx *c, const struct fuzz_input *in,
				 const struct ffabi_src *src, void *cursor)
{
	const struct ffabi_entries said = {
		(in->options & 1) != 0 ? in->number : in->number & 0xffff, in->number >> 16};

	return ffabi_partition_open(c, src, &said, cursor);
}

static enum ffabi_rule next(struct ffabi_ctx *c, void *cursor, void *element)
{
	return ffabi_partition_next(c, cursor, element);
}

static uint64_t announced(const void *cursor)
{
	return ((const struct ffabi_partition_cursor *)cursor)->entries.count;
}

/* All entries or none, whatever was there; true when they were written to out. */
static int pack(const struct ffabi_ctx *ctx, const struct ffabi_partition_info *entries,
		uint32_t count, const struct ffabi_dst *out, struct ffabi_entries *said)
{
	const struct ffabi_dst other = {fuzz_block(out->len, OTHER), out->len};
	struct ffabi_ctx c = *ctx, again = *ctx;
	const enum ffabi_rule rule = ffabi_partition_pack(&c, entries, count, &other, said);
	const size_t written =
		rule == FFABI_OK ? (size_t)count * ffabi_partition_info_size(c.version) : 0;

	memset(out->base, FILL, out->len);
	REQUIRE(6, ffabi_partition_pack(&again, entries, count, out, said) == rule,
		"what was there changes the verdict");
	REQUIRE(6,
		!memcmp(out->base, other.base, written) &&
			fuzz_untouched(out->base, written, out->len, FILL) &&
			fuzz_untouched(other.base, written, out->len, OTHER),
		"entries are not written as a whole, or more than them");
	if (rule != FFABI_OK)
		fuzz_judge_refusal(&c, rule, 0xffffffff);
	free(other.base);
	return rule == FFABI_OK;
}

/* What was written reads as it was, and is written the same way. */
static void check_written(const struct ffabi_ctx *ctx, const struct ffabi_dst *out,
			  const struct ffabi_entries *said)
{
	const struct ffabi_src src = {out->base, out->len};
	struct ffabi_partition_info *back = calloc(said->count + 1u, sizeof(*back));
	const struct ffabi_dst again = {fuzz_block(out->len, 0), out->len};
	struct ffabi_partition_cursor cur;
	struct ffabi_ctx c = *ctx;
	struct ffabi_entries other;

	if (back == NULL)
		abort();
	REQUIRE(5, ffabi_partition_open(&c, &src, said, &cur) == FFABI_OK,
		"a list that was written is refused");
	for (uint32_t i = 0; i < said->count; i++)
		REQUIRE(5, ffabi_partition_next(&c, &cur, &back[i]) == FFABI_OK,
			"an entry that was written is refused");
	REQUIRE(5,
		pack(&c, back, said->count, &again, &other) && other.size == said->size &&
			!memcmp(again.base, out->base, out->len),
		"a list that was written reads differently");
	free(back);
	free(again.base);
}

/* Entries of any version, in the one that an option chooses; with room for all, and for less. */
static void write_list(const struct fuzz_input *in, const void *cursor, const void *elements,
		       uint32_t count)
{
	static const uint32_t versions[] = {FFABI_V1_0, FFABI_V1_1, FFABI_V1_2, FFABI_V1_3};
	struct ffabi_ctx c = in->c;
	const size_t room = (size_t)count * FFABI_PARTITION_INFO_LARGEST;
	const struct ffabi_dst out = {fuzz_block(room, FILL), room};
	struct ffabi_entries said;

	(void)cursor;
	c.waive = FFABI_STRICT;
	if ((in->options & 2) != 0)
		c.version = versions[in->options >> 2 & 3];
	if (pack(&c, elements, count, &out, &said))
		check_written(&c, &out, &said);
	for (size_t less = room; less > 0; less /= 2) {
		const struct ffabi_dst small = {fuzz_block(less - 1, FILL), less - 1};

		(void)pack(&c, elements, count, &small, &said);
		free(small.base);
	}
	free(out.base);
}

/* Values as they come. */
static void write_any(const struct fuzz_input *in)
{
	struct ffabi_partition_info *any = (struct ffabi_partition_info *)fuzz_block(
		(in->n / sizeof(*any) + 1) * sizeof(*any), 0);
	const uint32_t count = (uint32_t)(in->n / sizeof(*any) + 1);

	memcpy(any, in->body, in->n < count * sizeof(*any) ? in->n : count * sizeof(*any));
	write_list(in, NULL, any, count);
	free(any);
}

static void run(const struct fuzz_input *in)
{
	static const struct fuzz_walker walker = {sizeof(struct ffabi_partition_cursor),
						  sizeof(struct ffabi_partition_info),
						  open_list,
						  next,
						  announced,
						  NULL,
						  write_list};

	fuzz_walk(in, &walker);
	write_any(in);
}

const struct fuzz_target fuzz_target = {"partition_list", &fuzz_shape_partition_info, run, NULL};
