/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Retrieving memory. */
#include <ffabi/caller_memory.h>

enum {
	REQUESTED,
	FRAGMENT_REQUESTED,
	RELEASING
};

static uint64_t handle_of(const struct ffabi_retrieval *r)
{
	return r->message->header->handle;
}

ffabi_result ffabi_retrieval_start(struct ffabi_ctx *c, struct ffabi_retrieval *r,
				   struct ffabi_regs *regs)
{
	struct ffabi_mem_retrieve_req args;
	enum ffabi_rule rule = ffabi_tx_needed(c, r->tx);

	r->state = REQUESTED;
	if (rule == FFABI_OK)
		rule = ffabi_rx_needed(c, r->rx);
	if (rule == FFABI_OK)
		rule = ffabi_mem_write(c, FFABI_USAGE_RETRIEVE_REQ, r->message, &r->tx->dst,
				       &args.total_length);
	if (rule != FFABI_OK)
		return ffabi_result_of(rule);
	args.fragment_length = args.total_length;
	args.buffer_address = 0;
	args.buffer_page_count = 0;
	rule = ffabi_mem_retrieve_req_pack(c, r->conv, &args, regs);
	if (rule == FFABI_OK)
		r->tx->owner = FFABI_OWNER_CALLEE;
	return ffabi_issue(rule);
}

/* The RX buffer has been handed over: whatever is in it, it goes back next. */
static ffabi_result give_back(struct ffabi_ctx *c, struct ffabi_retrieval *r, ffabi_result result,
			      struct ffabi_regs *regs)
{
	r->result = result;
	r->state = RELEASING;
	return ffabi_rx_release_start(c, r->rx, regs);
}

/* Does the reply say, in well-formed registers or not, that the RX buffer is the caller's? */
static int hands_over(const struct ffabi_regs *regs, uint32_t number, struct ffabi_rx *rx)
{
	if (((uint32_t)regs->x[0] & ~(uint32_t)FFABI_SMC64) != number)
		return 0;
	rx->owner = FFABI_OWNER_CALLER;
	return 1;
}

static ffabi_result take_first(struct ffabi_ctx *c, struct ffabi_retrieval *r,
			       const struct ffabi_mem_retrieve_resp *in)
{
	enum ffabi_rule rule = ffabi_mem_assemble(c, &r->into, in->total_length, &r->assembly);

	if (rule == FFABI_OK)
		rule = ffabi_mem_add(c, &r->assembly, &r->rx->src, in->fragment_length);
	return ffabi_result_of(rule);
}

/* A request that was paused is answered by MEM_OP_RESUME's reply: one function reads both. */
static ffabi_result step_requested(struct ffabi_ctx *c, struct ffabi_retrieval *r,
				   struct ffabi_regs *regs)
{
	const int filled = hands_over(regs, FFABI_FN_MEM_RETRIEVE_RESP, r->rx);
	struct ffabi_mem_op_resume_reply reply;
	const enum ffabi_rule rule = ffabi_mem_op_resume_reply_unpack(c, regs, &reply);
	const ffabi_result got = ffabi_settle(c, rule, &reply.kind, &reply.u.error);

	if (filled)
		return give_back(
			c, r, got != FFABI_OK ? got : take_first(c, r, &reply.u.mem_retrieve_resp),
			regs);
	if (got != FFABI_OK)
		return got;
	if (reply.kind != FFABI_CALL_MEM_OP_PAUSE)
		return ffabi_result_of(
			ffabi_fail(c, FFABI_E_FID, FFABI_F_FUNCTION_ID, 0, regs->x[0]));
	if (reply.u.mem_op_pause.handle != handle_of(r))
		return ffabi_result_of(ffabi_fail(c, FFABI_E_RULE, FFABI_F_HANDLE, 0,
						  reply.u.mem_op_pause.handle));
	return ffabi_mem_resume(c, handle_of(r), regs);
}

static ffabi_result take_next(struct ffabi_ctx *c, struct ffabi_retrieval *r,
			      const struct ffabi_mem_frag_tx *in)
{
	if (in->handle != handle_of(r))
		return ffabi_result_of(ffabi_fail(c, FFABI_E_RULE, FFABI_F_HANDLE, 0, in->handle));
	return ffabi_result_of(ffabi_mem_add(c, &r->assembly, &r->rx->src, in->fragment_length));
}

static ffabi_result step_fragment(struct ffabi_ctx *c, struct ffabi_retrieval *r,
				  struct ffabi_regs *regs)
{
	const int filled = hands_over(regs, FFABI_FN_MEM_FRAG_TX, r->rx);
	struct ffabi_mem_frag_rx_reply reply;
	const enum ffabi_rule rule = ffabi_mem_frag_rx_reply_unpack(c, regs, &reply);
	const ffabi_result got = ffabi_settle(c, rule, &reply.kind, &reply.u.error);

	if (!filled)
		return got;
	return give_back(c, r, got != FFABI_OK ? got : take_next(c, r, &reply.u.mem_frag_tx), regs);
}

static ffabi_result check(struct ffabi_ctx *c, struct ffabi_retrieval *r)
{
	struct ffabi_mem_length length;
	struct ffabi_src src;
	enum ffabi_rule rule;

	length.total = r->assembly.total;
	length.fragment = length.total;
	src.base = r->assembly.dst.base;
	src.len = length.total;
	rule = ffabi_mem_check(c, FFABI_USAGE_RETRIEVE_RESP, &src, &length, &r->limits, &r->view);
	if (rule == FFABI_OK && r->view.header.handle != handle_of(r))
		return ffabi_result_of(
			ffabi_fail(c, FFABI_E_RULE, FFABI_F_HANDLE, 0, r->view.header.handle));
	return ffabi_result_of(rule);
}

static ffabi_result step_released(struct ffabi_ctx *c, struct ffabi_retrieval *r,
				  struct ffabi_regs *regs)
{
	const ffabi_result released = ffabi_rx_release_step(c, r->rx, regs);
	struct ffabi_mem_frag_rx args;

	if (r->result != FFABI_OK && r->result != FFABI_END)
		return r->result;
	if (released != FFABI_OK)
		return released;
	if (r->result == FFABI_END)
		return check(c, r);
	r->state = FRAGMENT_REQUESTED;
	args.handle = handle_of(r);
	args.fragment_offset = r->assembly.received;
	args.endpoint_id = r->endpoint_id;
	return ffabi_issue(ffabi_mem_frag_rx_pack(c, &args, regs));
}

static ffabi_result look(struct ffabi_ctx *c, struct ffabi_retrieval *r, struct ffabi_regs *regs)
{
	switch (r->state) {
	case REQUESTED:
		return step_requested(c, r, regs);
	case FRAGMENT_REQUESTED:
		return step_fragment(c, r, regs);
	case RELEASING:
	default:
		return step_released(c, r, regs);
	}
}

ffabi_result ffabi_retrieval_step(struct ffabi_ctx *c, struct ffabi_retrieval *r,
				  struct ffabi_regs *regs)
{
	const ffabi_result result = look(c, r, regs);

	if (result != FFABI_RESUME)
		r->tx->owner = FFABI_OWNER_CALLER;
	return result;
}

static ffabi_result run(struct ffabi_caller *k, struct ffabi_retrieval *r, ffabi_result result)
{
	while (ffabi_caller_carries(k, result))
		result = ffabi_retrieval_step(&k->ctx, r, &k->regs);
	return result;
}

ffabi_result ffabi_caller_retrieve(struct ffabi_caller *k, struct ffabi_retrieval *r)
{
	ffabi_caller_begin(k);
	r->tx = &k->tx;
	r->rx = &k->rx;
	return run(k, r, ffabi_retrieval_start(&k->ctx, r, &k->regs));
}

ffabi_result ffabi_caller_retrieve_resume(struct ffabi_caller *k, struct ffabi_retrieval *r)
{
	ffabi_caller_begin(k);
	return run(k, r, ffabi_mem_resume(&k->ctx, handle_of(r), &k->regs));
}
