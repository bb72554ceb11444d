/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Entries in the registers of FFA_PARTITION_INFO_GET_REGS: the body is x0 to x17, and the entry of
 * each index that the number of the head and its neighbours name is read and set.  Seeds: reply
 */
#include "registers.h"

#include <ffabi/lists.h>

#include <string.h>

#define OTHER 0xa5
#define SUCCESS struct ffabi_partition_info_get_regs_success

static int has_room(uint32_t index, uint32_t size)
{
	return (index + (uint64_t)1) * (size / 8 * 8) <= sizeof(((SUCCESS *)0)->descriptors) &&
	       index < sizeof(((SUCCESS *)0)->descriptors) / 8;
}

/* Invariants 5 and 6: an entry is set, and no other, and is read again. */
static void check_set(const struct ffabi_ctx *ctx, const struct ffabi_partition_info *entry,
		      uint32_t index)
{
	const uint32_t size = ffabi_partition_info_size(ctx->version);
	struct ffabi_ctx c = *ctx;
	struct ffabi_partition_info back;
	SUCCESS out, again;
	uint8_t *bytes = (uint8_t *)out.descriptors;
	enum ffabi_rule rule;

	c.waive = FFABI_STRICT;
	memset(&out, OTHER, sizeof(out));
	rule = ffabi_partition_to_regs(&c, entry, index, &out);
	if (rule == FFABI_OK) {
		REQUIRE(1, has_room(index, size), "an entry outside the registers");
		REQUIRE(6,
			fuzz_untouched(bytes, 0, (size_t)index * size, OTHER) &&
				fuzz_untouched(bytes, (index + (size_t)1) * size,
					       sizeof(out.descriptors), OTHER) &&
				out.descriptor_size == size,
			"more than the entry is set");
		memcpy(&again, &out, sizeof(out));
		REQUIRE(5,
			ffabi_partition_of_regs(&c, &out, index, &back) == FFABI_OK &&
				ffabi_partition_to_regs(&c, &back, index, &again) == FFABI_OK &&
				!memcmp(&again, &out, sizeof(out)),
			"an entry that was set reads differently");
		return;
	}
	REQUIRE(6, fuzz_untouched((const uint8_t *)&out, 0, sizeof(out), OTHER),
		"an entry that is refused is set");
	if (rule == FFABI_END)
		REQUIRE(4, !has_room(index, size), "an entry is said to have no room");
	else
		fuzz_judge_refusal(&c, rule, 64);
}

static void run(const struct fuzz_input *in)
{
	struct ffabi_partition_info_get_regs_reply reply;
	struct ffabi_partition_info entry;
	struct ffabi_ctx c = in->c;
	struct ffabi_regs regs;
	SUCCESS any;

	fuzz_registers(in, &regs);
	memset(&any, 0, sizeof(any));
	memcpy(&any, in->body, in->n < sizeof(any) ? in->n : sizeof(any));
	if (ffabi_partition_info_get_regs_reply_unpack(&c, &regs, &reply) == FFABI_OK &&
	    reply.kind == FFABI_CALL_SUCCESS)
		any = reply.u.success;
	for (uint32_t i = 0; i < 20; i++) {
		const uint32_t index = i < 18 ? i : in->number + i;
		const enum ffabi_rule rule = ffabi_partition_of_regs(&c, &any, index, &entry);

		if (rule == FFABI_OK || rule == FFABI_END)
			REQUIRE(1, has_room(index, any.descriptor_size) == (rule == FFABI_OK),
				"an entry outside the registers, or one inside that is not read");
		else
			fuzz_judge_refusal(&c, rule, 64);
		if (rule == FFABI_OK)
			check_set(&in->c, &entry, index);
	}
	memset(&entry, 0, sizeof(entry));
	memcpy(&entry, in->body, in->n < sizeof(entry) ? in->n : sizeof(entry));
	check_set(&in->c, &entry, in->options);
	REQUIRE(8, c.version == in->c.version, "the version of the context is another");
}

const struct fuzz_target fuzz_target = {"partition_regs", NULL, run, NULL};
