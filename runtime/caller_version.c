/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Agreeing on a version. */
#include <ffabi/caller_setup.h>

static ffabi_result offer(struct ffabi_ctx *c, const struct ffabi_negotiation *n, uint32_t version,
			  struct ffabi_regs *regs)
{
	struct ffabi_version args;

	if (version < n->lowest || version < FFABI_V1_0)
		return FFABI_STATUS_NOT_SUPPORTED;
	c->version = version;
	args.version = version;
	args.query_type = FFABI_VERSION_QUERY_NEGOTIATE;
	return ffabi_issue(ffabi_version_pack(c, &args, regs));
}

ffabi_result ffabi_negotiation_start(struct ffabi_ctx *c, struct ffabi_negotiation *n,
				     struct ffabi_regs *regs)
{
	if (n->lowest > n->highest)
		return ffabi_result_of(ffabi_fail(c, FFABI_E_RULE, FFABI_F_VERSION, 0, n->lowest));
	return offer(c, n, n->highest, regs);
}

/* What was offered is c->version; the codec lays the reply out by it. */
ffabi_result ffabi_negotiation_step(struct ffabi_ctx *c, struct ffabi_negotiation *n,
				    struct ffabi_regs *regs)
{
	const uint32_t offered = c->version;
	struct ffabi_version_reply reply;
	enum ffabi_rule rule;
	uint32_t told;

	rule = ffabi_version_reply_unpack(c, regs, &reply);
	if (rule != FFABI_OK)
		return ffabi_result_of(rule);
	told = reply.kind == FFABI_CALL_SUCCESS ? reply.u.success.version : 0;
	if ((told ^ offered) >> 16 != 0) /* refused, none, or another major version */
		return offer(c, n, offered - 1, regs);
	return told < offered ? offer(c, n, told, regs) : FFABI_OK;
}

ffabi_result ffabi_caller_negotiate(struct ffabi_caller *k, const struct ffabi_negotiation *wanted)
{
	struct ffabi_negotiation n;
	ffabi_result r;

	if (k->locked)
		return ffabi_result_of(
			ffabi_fail(&k->ctx, FFABI_E_RULE, FFABI_F_VERSION, 0, k->ctx.version));
	ffabi_caller_begin(k);
	k->locked = 0;
	n.highest = wanted->highest;
	n.lowest = wanted->lowest;
	r = ffabi_negotiation_start(&k->ctx, &n, &k->regs);
	while (ffabi_caller_carries(k, r))
		r = ffabi_negotiation_step(&k->ctx, &n, &k->regs);
	if (r != FFABI_OK)
		k->ctx.version = 0;
	return r;
}
