/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* A bootloader shares pages with one partition: what it embeds is `make embed CALLS=mem_share
 * SIDE=caller`. */
#include <ffabi/memory_reply.h>
#include <ffabi/transaction.h>

int share(const struct ffabi_dst *tx, void (*smc)(struct ffabi_regs *), uint64_t *handle);

int share(const struct ffabi_dst *tx, void (*smc)(struct ffabi_regs *), uint64_t *handle)
{
	static const struct ffabi_mem_constituent range = {0x68000000, 2};
	struct ffabi_ctx c = {FFABI_V1_1, FFABI_AS_SPECIFIED, 0, {0, 0, 0, 0}};
	struct ffabi_mem_transaction region = {0};
	struct ffabi_mem_access borrower = {0};
	const struct ffabi_mem_message message = {&region, &borrower, &range, 1, 1};
	struct ffabi_mem_share args = {0};
	struct ffabi_mem_share_reply reply;
	struct ffabi_regs regs;

	region.memory_type = FFABI_MEMORY_TYPE_NORMAL;
	region.cacheability = FFABI_CACHEABILITY_WRITE_BACK;
	region.shareability = FFABI_SHAREABILITY_INNER_SHAREABLE;
	borrower.endpoint_id = 0x8001;
	borrower.data_access = FFABI_DATA_ACCESS_READ_WRITE;
	if (ffabi_mem_write(&c, FFABI_USAGE_SHARE, &message, tx, &args.total_length) != FFABI_OK)
		return -c.err.rule; /* c.err says which field, where, and what was there */
	args.fragment_length = args.total_length;
	if (ffabi_mem_share_pack(&c, FFABI_SMC32, &args, &regs) != FFABI_OK)
		return -c.err.rule;
	smc(&regs);
	if (ffabi_mem_share_reply_unpack(&c, FFABI_SMC32, &regs, &reply) != FFABI_OK)
		return -c.err.rule;
	if (reply.kind != FFABI_CALL_SUCCESS)
		return -1;
	*handle = reply.u.success.handle;
	return 0;
}
