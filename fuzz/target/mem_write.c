/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Writing: a message is read from any bytes, with everything waived, and written in the version
 * that the number of the head chooses, whole and in fragments of any size.  Seeds: mem_transaction
 * vectors-memory
 */
#include "memory.h"
#include "shapes.h"
#include "table.h"

#include <stdlib.h>
#include <string.h>

#define FILL 0x5a

/* Invariant 6, for the whole or for a fragment of it. */
static enum ffabi_rule write_into(const struct fuzz_input *in, struct ffabi_ctx *c,
				  const struct ffabi_mem_message *m, const uint32_t *offset,
				  const struct ffabi_dst *dst, struct ffabi_mem_length *length)
{
	enum ffabi_rule rule;

	memset(dst->base, FILL, dst->len);
	length->total = 0;
	if (offset != NULL) {
		rule = ffabi_mem_fragment(c, in->usage, m, *offset, dst, length);
	} else {
		rule = ffabi_mem_write(c, in->usage, m, dst, &length->total);
		length->fragment = length->total;
	}
	if (rule != FFABI_OK)
		fuzz_judge_refusal(c, rule, 0xffffffff);
	else
		REQUIRE(1, length->fragment <= dst->len, "more bytes than there is room for");
	REQUIRE(6,
		fuzz_untouched(dst->base, rule == FFABI_OK ? length->fragment : 0, dst->len, FILL),
		"a byte is written that should not be");
	return rule;
}

/* The fragments, put together again, are the whole. */
static void check_fragments(const struct fuzz_input *in, struct ffabi_ctx *c,
			    const struct ffabi_mem_message *m, const uint8_t *whole, uint32_t total)
{
	const uint32_t room = 8 + (in->number >> 8 & 0xfff8) % 512;
	const struct ffabi_dst part = {fuzz_block(room, 0), room};
	const struct ffabi_dst all = {fuzz_block(total, 0), total};
	struct ffabi_mem_assembly a;
	struct ffabi_mem_length length;
	enum ffabi_rule rule = FFABI_OK;
	uint32_t at = 0;

	REQUIRE(9, ffabi_mem_assemble(c, &all, total, &a) == FFABI_OK,
		"the assembly does not begin");
	while (rule == FFABI_OK) {
		const struct ffabi_src sent = {part.base, part.len};

		REQUIRE(6,
			write_into(in, c, m, &at, &part, &length) == FFABI_OK &&
				length.total == total && length.fragment != 0,
			"a fragment is refused");
		fuzz_watch(&sent, length.fragment, FUZZ_HOSTILE);
		rule = ffabi_mem_add(c, &a, &sent, length.fragment);
		fuzz_unwatch();
		at += length.fragment;
	}
	REQUIRE(9, rule == FFABI_END && at == total && !memcmp(all.base, whole, total),
		"the fragments are not the whole");
	free(part.base);
	free(all.base);
}

static void check_written(const struct fuzz_input *in, struct ffabi_ctx *c,
			  const struct ffabi_mem_message *m, uint8_t *data, uint32_t total)
{
	struct fuzz_input again = *in;
	struct fuzz_memory back;
	struct ffabi_mem_message message;
	struct ffabi_mem_length length;
	struct ffabi_dst dst = {fuzz_block(total, 0), total};

	check_fragments(in, c, m, data, total);
	again.c = *c;
	again.n = total;
	again.options = 4; /* the writer does not compare ranges */
	REQUIRE(5, fuzz_memory_walk(&again, c, data, FUZZ_ONCE, &back) == FFABI_OK,
		"what was written is refused");
	fuzz_memory_message(&back, &message);
	REQUIRE(5,
		write_into(in, c, &message, NULL, &dst, &length) == FFABI_OK &&
			!memcmp(dst.base, data, total),
		"what was written reads differently");
	if (total != 0) {
		dst.len--;
		REQUIRE(6, write_into(in, c, &message, NULL, &dst, &length) == FFABI_E_SHORT,
			"a destination that is too small");
	}
	fuzz_memory_release(&back);
	free(dst.base);
}

static void write_message(const struct fuzz_input *in, const struct fuzz_memory *m)
{
	static const uint32_t versions[] = {FFABI_V1_0, FFABI_V1_1, FFABI_V1_2, FFABI_V1_3};
	struct ffabi_dst dst = {fuzz_block(2 * in->n, 0), 2 * in->n};
	struct ffabi_ctx c = in->c;
	struct ffabi_mem_message message;
	struct ffabi_mem_length length;
	uint32_t total = 0;
	enum ffabi_rule rule, measured;

	c.version = (in->number & 7) < 4 ? versions[in->number & 3] : c.version;
	c.waive = FFABI_STRICT;
	fuzz_memory_message(m, &message);
	rule = write_into(in, &c, &message, NULL, &dst, &length);
	measured = ffabi_mem_measure(&c, in->usage, &message, &total);
	REQUIRE(6,
		rule == FFABI_E_SHORT ||
			(rule == measured && (rule != FFABI_OK || total == length.total)),
		"it does not measure what it writes");
	if (rule == FFABI_OK)
		check_written(in, &c, &message, dst.base, length.total);
	free(dst.base);
}

/* A hypervisor's request has no place for anything but the handle: each other value is refused. */
static void write_for_hypervisor(const struct fuzz_input *in, const struct fuzz_memory *m)
{
#define MEMBER(name) FUZZ_MEMBER(struct ffabi_mem_transaction, name)
	static const struct fuzz_member others[] = {MEMBER(sender_id),
						    MEMBER(memory_type),
						    MEMBER(cacheability),
						    MEMBER(device_memory),
						    MEMBER(shareability),
						    MEMBER(security),
						    MEMBER(flags),
						    MEMBER(bypass_multi_borrower_check),
						    MEMBER(alignment_hint),
						    MEMBER(alignment_hint_valid),
						    MEMBER(transaction_type),
						    MEMBER(tag)};
	const struct ffabi_dst dst = {fuzz_block(64, 0), 64};
	struct fuzz_input asked = *in;
	struct ffabi_mem_length length;
	struct ffabi_mem_transaction header;
	const struct ffabi_mem_message message = {&header, NULL, NULL, 0, 0};

	asked.usage = FFABI_USAGE_HYP_RETRIEVE_REQ;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		const size_t at = others[i].offset, n = others[i].size;
		struct ffabi_ctx c = in->c;

		memset(&header, 0, sizeof(header));
		header.handle = m->header.handle;
		memcpy((uint8_t *)&header + at, (const uint8_t *)&m->header + at, n);
		if (!fuzz_untouched((const uint8_t *)&header, at, at + n, 0))
			REQUIRE(4,
				write_into(&asked, &c, &message, NULL, &dst, &length) != FFABI_OK,
				"a hypervisor asks for more than the handle");
	}
	free(dst.base);
}

static void run(const struct fuzz_input *in)
{
	uint8_t *data = fuzz_copy(in->body, in->n);
	struct fuzz_input loose = *in;
	struct ffabi_ctx c = in->c;
	struct fuzz_memory m;

	loose.options = 4;
	c.waive = FFABI_WAIVE_MBZ | FFABI_WAIVE_SBZ | FFABI_WAIVE_ENUM;
	if (fuzz_memory_walk(&loose, &c, data, FUZZ_ONCE, &m) == FFABI_OK) {
		write_message(in, &m);
		write_for_hypervisor(in, &m);
		fuzz_memory_release(&m);
	}
	free(data);
}

const struct fuzz_target fuzz_target = {"mem_write", &fuzz_shape_mem_transaction, run, NULL};
