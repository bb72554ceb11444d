/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Sharing, lending and donating memory. */
#include <ffabi/caller_memory.h>

/* The descriptor is in the TX buffer; the three calls differ in their name alone. */
#define PACK(type, packed)                                                                         \
	do {                                                                                       \
		type args;                                                                         \
                                                                                                   \
		args.total_length = s->length.total;                                               \
		args.fragment_length = s->length.fragment;                                         \
		args.buffer_address = 0;                                                           \
		args.buffer_page_count = 0;                                                        \
		rule = packed;                                                                     \
	} while (0)

static enum ffabi_rule pack_first(struct ffabi_ctx *c, const struct ffabi_sending *s,
				  struct ffabi_regs *regs)
{
	enum ffabi_rule rule;

	switch (s->usage) {
	case FFABI_USAGE_SHARE:
		PACK(struct ffabi_mem_share, ffabi_mem_share_pack(c, s->conv, &args, regs));
		break;
	case FFABI_USAGE_LEND:
		PACK(struct ffabi_mem_lend, ffabi_mem_lend_pack(c, s->conv, &args, regs));
		break;
	case FFABI_USAGE_DONATE:
		PACK(struct ffabi_mem_donate, ffabi_mem_donate_pack(c, s->conv, &args, regs));
		break;
	case FFABI_USAGE_RETRIEVE_REQ:
	case FFABI_USAGE_RETRIEVE_RESP:
	default:
		rule = ffabi_fail(c, FFABI_E_ENUM, FFABI_F_TRANSACTION_TYPE, 0, (uint64_t)s->usage);
		break;
	}
	return rule;
}

ffabi_result ffabi_sending_start(struct ffabi_ctx *c, struct ffabi_sending *s,
				 struct ffabi_regs *regs)
{
	enum ffabi_rule rule = ffabi_tx_needed(c, s->tx);

	s->named = 0;
	if (rule == FFABI_OK)
		rule = ffabi_mem_fragment(c, s->usage, s->message, 0, &s->tx->dst, &s->length);
	if (rule == FFABI_OK)
		rule = pack_first(c, s, regs);
	if (rule != FFABI_OK)
		return ffabi_result_of(rule);
	s->sent = s->length.fragment;
	s->tx->owner = FFABI_OWNER_CALLEE;
	return FFABI_ISSUE;
}

/* The first reply that names the region decides; the others have to agree. */
static enum ffabi_rule name(struct ffabi_ctx *c, struct ffabi_sending *s, uint64_t handle)
{
	if (s->named && handle != s->handle)
		return ffabi_fail(c, FFABI_E_RULE, FFABI_F_HANDLE, 0, handle);
	s->named = 1;
	s->handle = handle;
	return FFABI_OK;
}

static int at_virtual_instance(const struct ffabi_ctx *c)
{
	return (c->instance & (FFABI_NS_VIRT | FFABI_S_VIRT)) != 0;
}

static ffabi_result send_next(struct ffabi_ctx *c, struct ffabi_sending *s,
			      const struct ffabi_mem_frag_rx *wanted, struct ffabi_regs *regs)
{
	enum ffabi_rule rule = name(c, s, wanted->handle);
	struct ffabi_mem_frag_tx args;

	if (rule == FFABI_OK && wanted->fragment_offset != s->sent)
		rule = ffabi_fail(c, FFABI_E_RULE, FFABI_F_FRAGMENT_OFFSET, 0,
				  wanted->fragment_offset);
	if (rule == FFABI_OK)
		rule = ffabi_mem_fragment(c, s->usage, s->message, s->sent, &s->tx->dst,
					  &s->length);
	if (rule != FFABI_OK)
		return ffabi_result_of(rule);
	args.handle = s->handle;
	args.fragment_length = s->length.fragment;
	/* a virtual instance has no place for it, whatever a waived MBZ lets through */
	args.endpoint_id = at_virtual_instance(c) ? 0 : wanted->endpoint_id;
	s->sent += s->length.fragment;
	return ffabi_issue(ffabi_mem_frag_tx_pack(c, &args, regs));
}

static ffabi_result done(struct ffabi_ctx *c, struct ffabi_sending *s, uint64_t handle)
{
	if (s->sent != s->length.total) /* success before the callee has seen all of it */
		return ffabi_result_of(
			ffabi_fail(c, FFABI_E_RULE, FFABI_F_TOTAL_LENGTH, 0, s->sent));
	return ffabi_result_of(name(c, s, handle));
}

ffabi_result ffabi_mem_resume(struct ffabi_ctx *c, uint64_t handle, struct ffabi_regs *regs)
{
	struct ffabi_mem_op_resume args;
	enum ffabi_rule rule;

	args.handle = handle;
	rule = ffabi_mem_op_resume_pack(c, &args, regs);
	return rule == FFABI_OK ? (ffabi_result)FFABI_RESUME : ffabi_result_of(rule);
}

/*
 * All calls of the operation are answered in the ways in which MEM_OP_RESUME is, which
 * stands for each of them after a pause; one function reads them all.
 */
static ffabi_result look(struct ffabi_ctx *c, struct ffabi_sending *s, struct ffabi_regs *regs)
{
	struct ffabi_mem_op_resume_reply reply;
	const enum ffabi_rule rule = ffabi_mem_op_resume_reply_unpack(c, regs, &reply);
	const ffabi_result r = ffabi_settle(c, rule, &reply.kind, &reply.u.error);

	if (r != FFABI_OK)
		return r;
	switch (reply.kind) {
	case FFABI_CALL_SUCCESS:
		return done(c, s, reply.u.success.handle);
	case FFABI_CALL_MEM_FRAG_RX:
		return send_next(c, s, &reply.u.mem_frag_rx, regs);
	case FFABI_CALL_MEM_OP_PAUSE:
		if (name(c, s, reply.u.mem_op_pause.handle) != FFABI_OK)
			return FFABI_E_RULE;
		return ffabi_mem_resume(c, s->handle, regs);
	default:
		return ffabi_result_of(
			ffabi_fail(c, FFABI_E_FID, FFABI_F_FUNCTION_ID, 0, regs->x[0]));
	}
}

ffabi_result ffabi_sending_step(struct ffabi_ctx *c, struct ffabi_sending *s,
				struct ffabi_regs *regs)
{
	const ffabi_result r = look(c, s, regs);

	if (r != FFABI_ISSUE && r != FFABI_RESUME)
		s->tx->owner = FFABI_OWNER_CALLER;
	return r;
}

static ffabi_result run(struct ffabi_caller *k, struct ffabi_sending *s, ffabi_result r)
{
	while (ffabi_caller_carries(k, r))
		r = ffabi_sending_step(&k->ctx, s, &k->regs);
	return r;
}

ffabi_result ffabi_caller_send_memory(struct ffabi_caller *k, struct ffabi_sending *s)
{
	ffabi_caller_begin(k);
	s->tx = &k->tx;
	return run(k, s, ffabi_sending_start(&k->ctx, s, &k->regs));
}

ffabi_result ffabi_caller_send_memory_resume(struct ffabi_caller *k, struct ffabi_sending *s)
{
	ffabi_caller_begin(k);
	return run(k, s, ffabi_mem_resume(&k->ctx, s->handle, &k->regs));
}
