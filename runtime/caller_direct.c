/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Direct requests, and running the receiver until it answers. */
#include <ffabi/caller_messages.h>

static void expect(struct ffabi_direct *d, enum ffabi_conv conv, uint32_t answer)
{
	d->answer = answer;
	d->conv = conv;
	d->target_endpoint_id = 0;
	d->target_vcpu_id = 0;
	d->timeout = 0;
}

ffabi_result ffabi_direct_start(struct ffabi_ctx *c, struct ffabi_direct *d, enum ffabi_conv conv,
				const struct ffabi_msg_send_direct_req *in, struct ffabi_regs *regs)
{
	expect(d, conv, FFABI_FN_MSG_SEND_DIRECT_RESP);
	d->sender_id = in->sender_id;
	d->receiver_id = in->receiver_id;
	return ffabi_issue(ffabi_msg_send_direct_req_pack(c, conv, in, regs));
}

ffabi_result ffabi_direct2_start(struct ffabi_ctx *c, struct ffabi_direct *d,
				 const struct ffabi_msg_send_direct_req2 *in,
				 struct ffabi_regs *regs)
{
	expect(d, FFABI_SMC64, FFABI_FN_MSG_SEND_DIRECT_RESP2);
	d->sender_id = in->sender_id;
	d->receiver_id = in->receiver_id;
	return ffabi_issue(ffabi_msg_send_direct_req2_pack(c, in, regs));
}

ffabi_result ffabi_direct_resume(struct ffabi_ctx *c, const struct ffabi_direct *d,
				 struct ffabi_regs *regs)
{
	struct ffabi_run args;
	enum ffabi_rule rule;

	args.target_endpoint_id = d->target_endpoint_id;
	args.target_vcpu_id = d->target_vcpu_id;
	rule = ffabi_run_pack(c, FFABI_SMC32, &args, regs);
	return rule == FFABI_OK ? (ffabi_result)FFABI_RESUME : ffabi_result_of(rule);
}

static ffabi_result interrupted(struct ffabi_ctx *c, struct ffabi_direct *d,
				struct ffabi_regs *regs)
{
	struct ffabi_interrupt by;
	const enum ffabi_rule rule = ffabi_interrupt_unpack(c, regs, &by);

	if (rule != FFABI_OK)
		return ffabi_result_of(rule);
	d->target_endpoint_id = by.endpoint_id;
	d->target_vcpu_id = by.vcpu_id;
	d->timeout = 0;
	return ffabi_direct_resume(c, d, regs);
}

static ffabi_result yielded(struct ffabi_ctx *c, struct ffabi_direct *d, struct ffabi_regs *regs)
{
	struct ffabi_yield by;
	const enum ffabi_rule rule = ffabi_yield_unpack(c, regs, &by);

	if (rule != FFABI_OK)
		return ffabi_result_of(rule);
	d->target_endpoint_id = by.endpoint_id;
	d->target_vcpu_id = by.vcpu_id;
	d->timeout = by.timeout;
	return ffabi_direct_resume(c, d, regs);
}

/*
 * The request and each FFA_RUN that resumes it are completed in the same ways, so one
 * function reads both: FFABI_OK when the awaited response is in regs.
 */
static ffabi_result look(struct ffabi_ctx *c, struct ffabi_direct *d, struct ffabi_regs *regs)
{
	static const enum ffabi_call failed = FFABI_CALL_ERROR;
	const uint32_t number = (uint32_t)regs->x[0] & ~(uint32_t)FFABI_SMC64;
	struct ffabi_error error;
	enum ffabi_rule rule;

	if (number == d->answer) {
		if (ffabi_conv_of(regs->x[0]) != d->conv && (c->waive & FFABI_WAIVE_CONV) == 0)
			return ffabi_result_of(
				ffabi_fail(c, FFABI_E_CONV, FFABI_F_FUNCTION_ID, 0, regs->x[0]));
		return FFABI_OK;
	}
	switch (number) {
	case FFABI_FN_ERROR:
		rule = ffabi_error_unpack(c, regs, &error);
		return ffabi_settle(c, rule, &failed, &error);
	case FFABI_FN_INTERRUPT:
		return interrupted(c, d, regs);
	case FFABI_FN_YIELD:
		return yielded(c, d, regs);
	default:
		return ffabi_result_of(
			ffabi_fail(c, FFABI_E_FID, FFABI_F_FUNCTION_ID, 0, regs->x[0]));
	}
}

static ffabi_result check_parties(struct ffabi_ctx *c, const struct ffabi_direct *d, uint16_t from,
				  uint16_t to)
{
	if (from != d->receiver_id)
		return ffabi_result_of(ffabi_fail(c, FFABI_E_RULE, FFABI_F_SENDER_ID, 0, from));
	if (to != d->sender_id)
		return ffabi_result_of(ffabi_fail(c, FFABI_E_RULE, FFABI_F_RECEIVER_ID, 0, to));
	return FFABI_OK;
}

ffabi_result ffabi_direct_step(struct ffabi_ctx *c, struct ffabi_direct *d, struct ffabi_regs *regs,
			       struct ffabi_msg_send_direct_resp *out)
{
	const ffabi_result r = look(c, d, regs);
	enum ffabi_rule rule;

	if (r != FFABI_OK)
		return r;
	rule = ffabi_msg_send_direct_resp_unpack(c, regs, out);
	if (rule != FFABI_OK)
		return ffabi_result_of(rule);
	return check_parties(c, d, out->sender_id, out->receiver_id);
}

ffabi_result ffabi_direct2_step(struct ffabi_ctx *c, struct ffabi_direct *d,
				struct ffabi_regs *regs, struct ffabi_msg_send_direct_resp2 *out)
{
	const ffabi_result r = look(c, d, regs);
	enum ffabi_rule rule;

	if (r != FFABI_OK)
		return r;
	rule = ffabi_msg_send_direct_resp2_unpack(c, regs, out);
	if (rule != FFABI_OK)
		return ffabi_result_of(rule);
	return check_parties(c, d, out->sender_id, out->receiver_id);
}

static ffabi_result run_direct(struct ffabi_caller *k, ffabi_result r,
			       struct ffabi_msg_send_direct_resp *out)
{
	while (ffabi_caller_carries(k, r))
		r = ffabi_direct_step(&k->ctx, &k->direct, &k->regs, out);
	return r;
}

ffabi_result ffabi_caller_direct(struct ffabi_caller *k, enum ffabi_conv conv,
				 const struct ffabi_msg_send_direct_req *in,
				 struct ffabi_msg_send_direct_resp *out)
{
	ffabi_caller_begin(k);
	return run_direct(k, ffabi_direct_start(&k->ctx, &k->direct, conv, in, &k->regs), out);
}

ffabi_result ffabi_caller_direct_resume(struct ffabi_caller *k,
					struct ffabi_msg_send_direct_resp *out)
{
	ffabi_caller_begin(k);
	return run_direct(k, ffabi_direct_resume(&k->ctx, &k->direct, &k->regs), out);
}

static ffabi_result run_direct2(struct ffabi_caller *k, ffabi_result r,
				struct ffabi_msg_send_direct_resp2 *out)
{
	while (ffabi_caller_carries(k, r))
		r = ffabi_direct2_step(&k->ctx, &k->direct, &k->regs, out);
	return r;
}

ffabi_result ffabi_caller_direct2(struct ffabi_caller *k,
				  const struct ffabi_msg_send_direct_req2 *in,
				  struct ffabi_msg_send_direct_resp2 *out)
{
	ffabi_caller_begin(k);
	return run_direct2(k, ffabi_direct2_start(&k->ctx, &k->direct, in, &k->regs), out);
}

ffabi_result ffabi_caller_direct2_resume(struct ffabi_caller *k,
					 struct ffabi_msg_send_direct_resp2 *out)
{
	ffabi_caller_begin(k);
	return run_direct2(k, ffabi_direct_resume(&k->ctx, &k->direct, &k->regs), out);
}
