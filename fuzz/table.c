/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* What has to be true of the codec of any table, and any bytes or values. */
#include "table.h"

#include <stdlib.h>
#include <string.h>

#define FILL 0x5a
#define OTHER 0xa5
#define LARGEST_STRUCT 512
#define NOWHERE 0xffffffffu

/* As uint64_t, so that it is aligned for any member. */
struct values {
	uint64_t words[LARGEST_STRUCT / 8];
};

/* A local variable that is not set has a value of its own, not that of the last run. */
static void blank(struct values *v, int fill)
{
	REQUIRE(1, fuzz_table.struct_size <= sizeof(*v), "a struct too large for the harness");
	memset(v, fill, sizeof(*v));
}

static uint64_t member(const struct values *v, const struct fuzz_member *m)
{
	uint64_t found = 0;

	memcpy(&found, (const uint8_t *)v + m->offset, m->size);
	return found;
}

/* Invariant 10: each value is that of its bits, and zero where it is not meant. */
static void judge_values(const struct fuzz_input *in, const struct values *v, const uint8_t *data)
{
	const struct fuzz_shape *s = fuzz_table.shape;
	const unsigned int version = fuzz_version(in->c.version);
	const unsigned int usage = s->usages ? in->usage : 0;

	for (unsigned int i = 0; i < s->field_count; i++) {
		const struct fuzz_field *f = &s->fields[i];
		const struct fuzz_member *m = &fuzz_table.members[i];
		const struct fuzz_field *here;

		if (m->size == 0)
			continue;
		here = fuzz_find(s, f->id, version, usage, data);
		if (here == NULL)
			REQUIRE(10, fuzz_untouched((const uint8_t *)v + m->offset, 0, m->size, 0),
				"a value that is not there");
		else if (here->kind == FUZZ_BYTES)
			REQUIRE(10,
				!memcmp((const uint8_t *)v + m->offset, data + here->at, m->size),
				"other bytes than those in the table");
		else
			REQUIRE(10, member(v, m) == fuzz_get(here, data),
				"not the value of its bits");
	}
}

static enum ffabi_rule unpack(const struct fuzz_input *in, struct ffabi_ctx *c, const uint8_t *data,
			      enum fuzz_pass pass, uint64_t at, struct values *v)
{
	const struct ffabi_src src = {data, in->n};
	enum ffabi_rule rule;

	blank(v, OTHER);
	fuzz_watch(&src, in->n, pass);
	rule = fuzz_table.unpack(c, in->usage, &src, at, v);
	fuzz_unwatch();
	if (rule != FFABI_OK)
		fuzz_judge_refusal(c, rule, NOWHERE);
	return rule;
}

/* Into two blocks of different content: nothing but the table is written, and all of it. */
static enum ffabi_rule pack(const struct fuzz_input *in, struct ffabi_ctx *c,
			    const struct values *v, uint64_t at, uint8_t *out)
{
	const size_t size = fuzz_table.size(c->version);
	uint8_t *other = fuzz_block(in->n, OTHER);
	const struct ffabi_dst first = {other, in->n}, second = {out, in->n};
	struct ffabi_ctx again = *c;
	const enum ffabi_rule rule = fuzz_table.pack(c, in->usage, v, &first, at);
	const size_t from = rule == FFABI_OK ? (size_t)at : in->n;
	const size_t to = rule == FFABI_OK ? (size_t)at + size : in->n;

	memset(out, FILL, in->n);
	REQUIRE(6, fuzz_table.pack(&again, in->usage, v, &second, at) == rule,
		"what was there changes the verdict");
	REQUIRE(6,
		fuzz_untouched(out, 0, from, FILL) && fuzz_untouched(out, to, in->n, FILL) &&
			fuzz_untouched(other, 0, from, OTHER) &&
			fuzz_untouched(other, to, in->n, OTHER),
		"a byte is written that should not be");
	REQUIRE(6, rule != FFABI_OK || !memcmp(out + at, other + at, size),
		"a byte is not written");
	again = *c;
	again.waive =
		FFABI_STRICT; /* what has no place in this usage is refused whatever is waived */
	if (rule != FFABI_OK)
		fuzz_judge_refusal(&again, rule, NOWHERE);
	free(other);
	return rule;
}

/* Valid values in every version, at any place: the bytes of pack, or nothing. */
static void check_store(const struct fuzz_input *in, const struct values *v, uint64_t at)
{
	static const uint32_t versions[] = {FFABI_V1_0, FFABI_V1_1, FFABI_V1_2, FFABI_V1_3, 0};
	const struct ffabi_dst dst = {fuzz_block(in->n, FILL), in->n};
	uint8_t *packed = fuzz_block(in->n, FILL);

	for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
		struct ffabi_ctx c = in->c, again;
		enum ffabi_rule rule;

		c.version = versions[i];
		c.waive = FFABI_STRICT;
		again = c;
		if (fuzz_table.size(c.version) != 0 &&
		    fuzz_table.valid(&c, in->usage, v, at) != FFABI_OK)
			continue;
		memset(dst.base, FILL, dst.len);
		rule = fuzz_table.store(&c, v, &dst, at);
		REQUIRE(4, pack(in, &again, v, at, packed) == rule,
			"valid values are stored where they cannot be packed, or not");
		REQUIRE(5, !memcmp(dst.base, packed, in->n),
			"what is stored is not what is packed");
		if (rule != FFABI_OK)
			fuzz_judge_refusal(&c, rule, NOWHERE);
	}
	free(dst.base);
	free(packed);
}

/* Any values at all: what is packed is read back, and packs to the same bytes. */
static void check_writer(const struct fuzz_input *in, uint64_t at)
{
	struct ffabi_ctx c = in->c;
	struct values v, back;
	uint8_t *out = fuzz_block(in->n, FILL), *again = fuzz_block(in->n, FILL);
	enum ffabi_rule rule, judged;

	c.waive = FFABI_STRICT;
	blank(&v, 0);
	memcpy(&v, in->body, in->n < fuzz_table.struct_size ? in->n : fuzz_table.struct_size);
	rule = pack(in, &c, &v, at, out);
	judged = fuzz_table.valid(&c, in->usage, &v, at);
	if (rule != FFABI_E_SHORT && rule != FFABI_E_ALIGN)
		REQUIRE(4, rule == judged, "valid says something else than pack");
	if (rule == FFABI_OK) {
		const unsigned int version = fuzz_version(c.version);

		REQUIRE(4,
			fuzz_obeys(fuzz_table.shape, version,
				   fuzz_table.shape->usages ? in->usage : 0, out + at),
			"a packed table breaks a rule");
		REQUIRE(5, unpack(in, &c, out, FUZZ_ONCE, at, &back) == FFABI_OK,
			"what was packed is refused");
		REQUIRE(5, pack(in, &c, &back, at, again) == FFABI_OK && !memcmp(again, out, in->n),
			"what was packed reads differently");
	}
	free(out);
	free(again);
}

/* Changed values: what is packed is valid, wherever there is room. */
static void check_changed(const struct fuzz_input *in, struct ffabi_ctx *c,
			  const struct values *changed, uint64_t at, uint8_t *out)
{
	(void)pack(in, c, changed, at, out);
	REQUIRE(4,
		pack(in, c, changed, at + 4, out) != FFABI_OK ||
			fuzz_table.valid(c, in->usage, changed, at + 4) == FFABI_OK,
		"packed, but its values are not valid");
	(void)fuzz_table.valid(c, in->usage, changed, at);
}

/* The values with each bit of them changed, and with 3 added (the first that many enumerations do
 * not have), in all versions: all bytes or none. */
static void check_each_byte(const struct fuzz_input *in, const struct values *v, uint64_t at,
			    uint8_t *out)
{
	static const uint32_t versions[] = {FFABI_V1_0, FFABI_V1_1, FFABI_V1_2, FFABI_V1_3, 0};
	static const uint16_t waived[] = {FFABI_STRICT, FUZZ_ALL_WAIVED};
	struct ffabi_ctx c = in->c;
	struct values changed = *v;
	uint8_t *bytes = (uint8_t *)&changed;

	for (size_t k = 0; k < 2 * sizeof(versions) / sizeof(versions[0]); k++) {
		c.version = versions[k / 2];
		c.waive = waived[k % 2];
		for (size_t i = 0; i < 9 * fuzz_table.struct_size; i++) {
			const uint8_t was = bytes[i / 9];

			bytes[i / 9] = (uint8_t)(i % 9 == 8 ? was | 3u : was ^ 1u << i % 9);
			check_changed(in, &c, &changed, at, out);
			bytes[i / 9] = was;
		}
	}
}

/* Accepted strictly: all rules hold, the values are those of the bits, and packing gives the bytes.
 */
static void check_accepted(const struct fuzz_input *in, const struct values *v, uint64_t at)
{
	struct ffabi_ctx c = in->c;
	struct fuzz_input wide = *in; /* with room at places that are not aligned */
	uint8_t *out = fuzz_block(in->n, FILL);

	wide.n += 8;
	c.waive = FFABI_STRICT;
	judge_values(in, v, in->body + at);
	REQUIRE(4, fuzz_table.valid(&c, in->usage, v, at) == FFABI_OK,
		"accepted, but its values are not valid");
	REQUIRE(5,
		pack(in, &c, v, at, out) == FFABI_OK &&
			!memcmp(out + at, in->body + at, fuzz_table.size(c.version)),
		"what was accepted packs to something else");
	for (uint64_t off = 0; off <= 4; off += off + 1)
		check_store(&wide, v, at + off);
	check_store(in, v, in->n);
	if (in->options == FUZZ_EACH_BYTE)
		check_each_byte(in, v, at, out);
	free(out);
}

/* Does strict reading accept exactly what the shape allows? */
static void check_verdict(const struct fuzz_input *in, enum ffabi_rule rule, uint64_t at)
{
	const struct fuzz_shape *s = fuzz_table.shape;
	const unsigned int version = fuzz_version(in->c.version);
	const uint32_t size = version < FUZZ_VERSIONS ? s->size[version] : 0;

	REQUIRE(10, fuzz_table.size(in->c.version) == size, "another size");
	if (size == 0)
		REQUIRE(10, rule == FFABI_E_VERSION, "a version that does not have it");
	else if (at > in->n || size > in->n - at)
		REQUIRE(1, rule == FFABI_E_SHORT, "too few bytes");
	else if (at % s->align[version] != 0)
		REQUIRE(1, rule == FFABI_E_ALIGN, "a place that is not aligned");
	else
		REQUIRE(4,
			(rule == FFABI_OK) ==
				fuzz_obeys(s, version, s->usages ? in->usage : 0, in->body + at),
			"the verdict is not that of the description");
}

/* A usage that the table does not have breaks none of its rules. */
static void check_other_usage(const struct fuzz_input *in, const uint8_t *data, uint64_t at)
{
	struct fuzz_input other = *in;
	struct ffabi_ctx c = in->c;
	struct values v;

	c.waive = FFABI_STRICT;
	other.usage = (enum ffabi_usage)0;
	REQUIRE(10, unpack(&other, &c, data, FUZZ_ONCE, at, &v) == FFABI_OK,
		"what is accepted in a usage is refused in none");
}

/* A usage that the table has. */
static struct fuzz_input known(const struct fuzz_input *in)
{
	struct fuzz_input found = *in;

	if ((fuzz_table.shape->usages & in->usage) == 0)
		found.usage = FFABI_USAGE_SHARE;
	return found;
}

void fuzz_table_check(const struct fuzz_input *given)
{
	const struct fuzz_input copy = known(given), *const in = &copy;
	const uint64_t at = in->options % 4 ? in->number % 128 : 0;
	struct ffabi_ctx strict = in->c, waived = in->c;
	struct values v, loose;
	uint8_t *data = fuzz_copy(in->body, in->n);
	enum ffabi_rule rule;

	strict.waive = FFABI_STRICT;
	rule = unpack(in, &strict, data, FUZZ_HOSTILE, at, &v);
	memcpy(data, in->body, in->n);
	check_verdict(in, rule, at);
	for (uint64_t off = 1; off <= 4; off *= 2) {
		struct ffabi_ctx other = strict;

		check_verdict(in, unpack(in, &other, data, FUZZ_ONCE, at + off, &loose), at + off);
	}
	if (rule == FFABI_OK) {
		check_accepted(in, &v, at);
		check_other_usage(in, data, at);
	}
	if (unpack(in, &waived, data, FUZZ_ONCE, at, &loose) == FFABI_OK) {
		while ((waived.waive = fuzz_more_waivers(in->c.waive, waived.waive)) != 0)
			REQUIRE(7, unpack(in, &waived, data, FUZZ_ONCE, at, &loose) == FFABI_OK,
				"a waiver refuses what was accepted");
	} else {
		REQUIRE(7, rule != FFABI_OK, "a waiver refuses what was accepted");
	}
	check_writer(in, at);
	free(data);
}

/* Record after record while the writer of the shared bytes works against the reader. */
static size_t walk(const struct fuzz_input *in, uint64_t stride, struct ffabi_ctx *c,
		   const struct ffabi_src *src, struct values *found, enum ffabi_rule *verdict)
{
	size_t count = 0;

	*verdict = FFABI_OK;
	for (uint64_t at = 0; *verdict == FFABI_OK && at < in->n; at += stride) {
		blank(&found[count], FILL);
		*verdict = fuzz_table.unpack(c, in->usage, src, at, &found[count]);
		count += *verdict == FFABI_OK;
	}
	return count;
}

void fuzz_table_cursor(const struct fuzz_input *given)
{
	const struct fuzz_input copy = known(given), *const in = &copy;
	const uint64_t size = fuzz_table.size(in->c.version);
	const uint64_t stride = (size + in->options % 8 * 8u + 7) & ~7ull;
	const size_t room = stride != 0 ? in->n / stride + 1 : 0;
	uint8_t *bytes = fuzz_copy(in->body, in->n);
	struct values *shared = calloc(room + 1, sizeof(*shared));
	struct values *quiet = calloc(room + 1, sizeof(*quiet));
	const struct ffabi_src src = {bytes, in->n}, same = {fuzz_copy(in->body, in->n), in->n};
	struct ffabi_ctx c = in->c, d = in->c;
	enum ffabi_rule first, second;
	size_t count;

	if (room != 0 && shared != NULL && quiet != NULL) {
		fuzz_watch(&src, in->n, FUZZ_HOSTILE);
		count = walk(in, stride, &c, &src, shared, &first);
		fuzz_unwatch();
		REQUIRE(2,
			count == walk(in, stride, &d, &same, quiet, &second) &&
				fuzz_same_verdict(&c, first, &d, second),
			"a writer behind the reader changes the verdict");
		REQUIRE(2, !memcmp(shared, quiet, count * sizeof(*shared)),
			"a writer behind the reader changes a value");
	}
	free(shared);
	free(quiet);
	free(bytes);
	free((void *)(uintptr_t)same.base);
}
