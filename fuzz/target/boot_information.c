/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* The boot information blob.  Seeds: blobs */
#include "harness.h"
#include "shapes.h"

#include <ffabi/lists.h>

#include <stdlib.h>
#include <string.h>

#define SCRIBBLE 0xee

/* Invariant 4: what is said of a descriptor that was accepted, looked at once more. */
static void check_descriptor(const struct fuzz_input *in, const struct ffabi_boot_cursor *cur,
			     const struct ffabi_boot_info_descriptor *d)
{
	const uint64_t blob = cur->header.blob_size;

	REQUIRE(1, blob <= in->n, "a blob that is larger than the bytes");
	if (d->contents_format == FFABI_BOOT_INFO_CONTENTS_FORMAT_OFFSET)
		REQUIRE(1, d->contents <= blob && d->size <= blob - d->contents,
			"contents outside the blob");
	if (d->contents_format == FFABI_BOOT_INFO_CONTENTS_FORMAT_VALUE)
		REQUIRE(4, d->size >= 1 && d->size <= sizeof(d->contents), "the size of a value");
	if (d->name_format == FFABI_BOOT_INFO_NAME_FORMAT_STRING)
		REQUIRE(4, d->name[sizeof(d->name) - 1] == 0, "a name without an end");
}

static enum ffabi_rule walk(const struct fuzz_input *in, struct ffabi_ctx *c, const uint8_t *data,
			    enum fuzz_pass pass, struct ffabi_boot_info_descriptor *found,
			    uint32_t *count)
{
	const struct ffabi_src src = {data, in->n};
	struct ffabi_boot_cursor cur;
	enum ffabi_rule rule;

	*count = 0;
	memset(&cur, SCRIBBLE, sizeof(cur));
	fuzz_watch(&src, in->n, pass);
	rule = ffabi_boot_open(c, &src, &cur);
	while (rule == FFABI_OK) {
		REQUIRE(1, *count <= in->n / 8, "more descriptors than bytes");
		memset(&found[*count], SCRIBBLE, sizeof(*found));
		rule = ffabi_boot_next(c, &cur, &found[*count]);
		if (rule == FFABI_OK)
			check_descriptor(in, &cur, &found[(*count)++]);
	}
	fuzz_unwatch();
	if (rule != FFABI_END)
		fuzz_judge_refusal(c, rule, 0xffffffff);
	else
		REQUIRE(1, *count == cur.header.descriptor_count, "another count of descriptors");
	return rule;
}

static void run(const struct fuzz_input *in)
{
	const size_t room = in->n / 8 + 2;
	uint8_t *shared = fuzz_copy(in->body, in->n), *quiet = fuzz_copy(in->body, in->n);
	struct ffabi_boot_info_descriptor *a = calloc(room, sizeof(*a)),
					  *b = calloc(room, sizeof(*b));
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
	free(a);
	free(b);
	free(shared);
	free(quiet);
}

const struct fuzz_target fuzz_target = {"boot_information", &fuzz_shape_boot_info_header, run,
					NULL};
