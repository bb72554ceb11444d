/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Entries in the registers of FFA_PARTITION_INFO_GET_REGS: the body is x0 to x17, and the entry of
 * each index that the number of the head and its neighbours name is read.  Seeds: reply
 */
#include "registers.h"

#include <ffabi/lists.h>

#include <string.h>

static void run(const struct fuzz_input *in)
{
	struct ffabi_partition_info_get_regs_reply reply;
	struct ffabi_partition_info_get_regs_success any;
	struct ffabi_partition_info entry;
	struct ffabi_ctx c = in->c;
	struct ffabi_regs regs;

	fuzz_registers(in, &regs);
	memset(&any, 0, sizeof(any));
	memcpy(&any, in->body, in->n < sizeof(any) ? in->n : sizeof(any));
	if (ffabi_partition_info_get_regs_reply_unpack(&c, &regs, &reply) == FFABI_OK &&
	    reply.kind == FFABI_CALL_SUCCESS)
		any = reply.u.success;
	for (uint32_t i = 0; i < 20; i++) {
		const uint32_t index = i < 18 ? i : in->number + i;
		const enum ffabi_rule rule = ffabi_partition_of_regs(&c, &any, index, &entry);
		const uint64_t bytes = (index + (uint64_t)1) * any.descriptor_size;

		if (rule != FFABI_OK)
			fuzz_judge_refusal(&c, rule, 64);
		else
			REQUIRE(1, bytes <= sizeof(any.descriptors),
				"an entry outside the registers");
	}
	REQUIRE(8, c.version == in->c.version, "the version of the context is another");
}

const struct fuzz_target fuzz_target = {"partition_regs", NULL, run, NULL};
