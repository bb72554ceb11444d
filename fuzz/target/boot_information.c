/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* The boot information blob, read and produced.  Seeds: blobs */
#include "shapes.h"
#include "walk.h"

#include <ffabi/lists.h>

#include <stdlib.h>
#include <string.h>

#define FILL 0x5a
#define OTHER 0xa5
#define MOST 64u /* descriptors of one blob that is produced */

static enum ffabi_rule open_blob(struct ffabi_ctx *c, const struct fuzz_input *in,
				 const struct ffabi_src *src, void *cursor)
{
	(void)in;
	return ffabi_boot_open(c, src, cursor);
}

static enum ffabi_rule next(struct ffabi_ctx *c, void *cursor, void *element)
{
	return ffabi_boot_next(c, cursor, element);
}

static uint64_t announced(const void *cursor)
{
	return ((const struct ffabi_boot_cursor *)cursor)->header.descriptor_count;
}

/* Invariant 4: what is said of a descriptor that was accepted, looked at once more. */
static void check_descriptor(const struct fuzz_input *in, const void *cursor, const void *element)
{
	const struct ffabi_boot_info_descriptor *d = element;
	const uint64_t blob = ((const struct ffabi_boot_cursor *)cursor)->header.blob_size;

	REQUIRE(1, blob <= in->n, "a blob that is larger than the bytes");
	if (d->contents_format == FFABI_BOOT_INFO_CONTENTS_FORMAT_OFFSET)
		REQUIRE(1, d->contents <= blob && d->size <= blob - d->contents,
			"contents outside the blob");
	if (d->contents_format == FFABI_BOOT_INFO_CONTENTS_FORMAT_VALUE)
		REQUIRE(4, d->size >= 1 && d->size <= sizeof(d->contents), "the size of a value");
	if (d->name_format == FFABI_BOOT_INFO_NAME_FORMAT_STRING)
		REQUIRE(4, d->name[sizeof(d->name) - 1] == 0, "a name without an end");
}

/* The tables of the blob or nothing, whatever was there; true when they are in out. */
static int pack(const struct ffabi_ctx *ctx, const struct ffabi_boot_blob *blob,
		const struct ffabi_dst *out)
{
	const struct ffabi_dst other = {fuzz_block(out->len, OTHER), out->len};
	struct ffabi_ctx c = *ctx, again = *ctx;
	const enum ffabi_rule rule = ffabi_boot_pack(&c, blob, &other);
	const size_t written =
		rule == FFABI_OK
			? ffabi_boot_info_header_size(c.version) +
				  (size_t)blob->count * ffabi_boot_info_descriptor_size(c.version)
			: 0;

	memset(out->base, FILL, out->len);
	REQUIRE(6, ffabi_boot_pack(&again, blob, out) == rule,
		"what was there changes the verdict");
	REQUIRE(6,
		!memcmp(out->base, other.base, written) &&
			fuzz_untouched(out->base, written, out->len, FILL) &&
			fuzz_untouched(other.base, written, out->len, OTHER),
		"the tables are not written as a whole, or more than them");
	if (rule != FFABI_OK)
		fuzz_judge_refusal(&c, rule, 0xffffffff);
	free(other.base);
	return rule == FFABI_OK;
}

/* What was produced is accepted, and says what it was told. */
static void check_produced(const struct ffabi_ctx *ctx, const struct ffabi_boot_blob *blob,
			   const struct ffabi_dst *out)
{
	const struct ffabi_src src = {out->base, out->len};
	struct ffabi_boot_info_descriptor back[MOST];
	struct ffabi_boot_blob same = *blob;
	const struct ffabi_dst again = {fuzz_block(out->len, 0), out->len};
	struct ffabi_boot_cursor cur;
	struct ffabi_ctx c = *ctx;

	memset(back, 0, sizeof(back));
	REQUIRE(5, ffabi_boot_open(&c, &src, &cur) == FFABI_OK,
		"a blob that was produced is refused");
	for (uint32_t i = 0; i < blob->count; i++)
		REQUIRE(5, ffabi_boot_next(&c, &cur, &back[i]) == FFABI_OK,
			"a descriptor that was produced is refused");
	REQUIRE(5,
		ffabi_boot_next(&c, &cur, &back[0]) == FFABI_END &&
			cur.header.blob_size == blob->size && cur.header.version == blob->version,
		"a blob that was produced says something else");
	same.descriptors = back;
	REQUIRE(5, pack(&c, &same, &again) && !memcmp(again.base, out->base, out->len),
		"a blob that was produced reads differently");
	free(again.base);
}

static void produce(const struct fuzz_input *in, const struct ffabi_boot_blob *blob)
{
	const size_t room = in->n + in->options % 16 * 8u;
	const struct ffabi_dst out = {fuzz_block(room, FILL), room};
	struct ffabi_ctx c = in->c;

	c.waive = FFABI_STRICT;
	if (blob->count <= MOST && pack(&c, blob, &out))
		check_produced(&c, blob, &out);
	free(out.base);
}

/* What was read strictly. */
static void produce_again(const struct fuzz_input *in, const void *cursor, const void *elements,
			  uint32_t count)
{
	const struct ffabi_boot_info_header *h =
		&((const struct ffabi_boot_cursor *)cursor)->header;
	const struct ffabi_boot_blob blob = {elements, count, h->version, h->blob_size};

	produce(in, &blob);
}

/* Values as they come. */
static void produce_any(const struct fuzz_input *in)
{
	struct ffabi_boot_info_descriptor any[4];
	const struct ffabi_boot_blob blob = {any, in->options % 8u % 5u, in->c.version, in->number};

	memset(any, 0, sizeof(any));
	memcpy(any, in->body, in->n < sizeof(any) ? in->n : sizeof(any));
	produce(in, &blob);
}

static void run(const struct fuzz_input *in)
{
	static const struct fuzz_walker walker = {sizeof(struct ffabi_boot_cursor),
						  sizeof(struct ffabi_boot_info_descriptor),
						  open_blob,
						  next,
						  announced,
						  check_descriptor,
						  produce_again};

	fuzz_walk(in, &walker);
	produce_any(in);
}

const struct fuzz_target fuzz_target = {"boot_information", &fuzz_shape_boot_info_header, run,
					NULL};
