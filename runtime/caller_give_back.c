/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Relinquishing and reclaiming memory. */
#include <ffabi/caller_memory.h>

enum ffabi_rule ffabi_relinquish_start(struct ffabi_ctx *c,
				       const struct ffabi_mem_relinquish_descriptor *in,
				       const uint16_t *ids, const struct ffabi_dst *tx,
				       struct ffabi_regs *regs)
{
	uint32_t total;
	const enum ffabi_rule rule = ffabi_relinquish_pack(c, in, ids, tx, &total);

	return rule == FFABI_OK ? ffabi_mem_relinquish_pack(c, regs) : rule;
}

/* Both are answered in ways in which MEM_OP_RESUME is, which stands for them after a pause. */
ffabi_result ffabi_giving_step(struct ffabi_ctx *c, uint64_t handle, struct ffabi_regs *regs)
{
	struct ffabi_mem_op_resume_reply reply;
	const enum ffabi_rule rule = ffabi_mem_op_resume_reply_unpack(c, regs, &reply);
	const ffabi_result r = ffabi_settle(c, rule, &reply.kind, &reply.u.error);

	if (r != FFABI_OK)
		return r;
	switch (reply.kind) {
	case FFABI_CALL_SUCCESS:
		if (reply.u.success.handle != 0 && (c->waive & FFABI_WAIVE_MBZ) == 0)
			return ffabi_result_of(ffabi_fail(c, FFABI_E_MBZ, FFABI_F_HANDLE, 0,
							  reply.u.success.handle));
		return FFABI_OK;
	case FFABI_CALL_MEM_OP_PAUSE:
		if (reply.u.mem_op_pause.handle != handle)
			return ffabi_result_of(ffabi_fail(c, FFABI_E_RULE, FFABI_F_HANDLE, 0,
							  reply.u.mem_op_pause.handle));
		return ffabi_mem_resume(c, handle, regs);
	default:
		return ffabi_result_of(
			ffabi_fail(c, FFABI_E_FID, FFABI_F_FUNCTION_ID, 0, regs->x[0]));
	}
}

static ffabi_result run(struct ffabi_caller *k, uint64_t handle, ffabi_result r)
{
	while (ffabi_caller_carries(k, r))
		r = ffabi_giving_step(&k->ctx, handle, &k->regs);
	return r;
}

ffabi_result ffabi_caller_relinquish(struct ffabi_caller *k,
				     const struct ffabi_mem_relinquish_descriptor *in,
				     const uint16_t *ids)
{
	enum ffabi_rule rule;

	ffabi_caller_begin(k);
	rule = ffabi_tx_needed(&k->ctx, &k->tx);
	if (rule == FFABI_OK)
		rule = ffabi_relinquish_start(&k->ctx, in, ids, &k->tx.dst, &k->regs);
	return run(k, in->handle, ffabi_issue(rule));
}

ffabi_result ffabi_caller_reclaim(struct ffabi_caller *k, const struct ffabi_mem_reclaim *in)
{
	ffabi_caller_begin(k);
	return run(k, in->handle, ffabi_issue(ffabi_mem_reclaim_pack(&k->ctx, in, &k->regs)));
}

ffabi_result ffabi_caller_giving_resume(struct ffabi_caller *k, uint64_t handle)
{
	ffabi_caller_begin(k);
	return run(k, handle, ffabi_mem_resume(&k->ctx, handle, &k->regs));
}
