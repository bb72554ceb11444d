/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Printing on the callee's console. */
#include <ffabi/caller_console.h>

/* What the registers that the call passes hold; the first character is where chars starts. */
static uint32_t most(const struct ffabi_ctx *c, enum ffabi_conv conv)
{
	const uint32_t all = sizeof(((struct ffabi_regs *)0)->x) / sizeof(uint64_t);
	const uint32_t wide = sizeof(((struct ffabi_console_log *)0)->chars) / sizeof(uint64_t);
	const uint32_t registers = ffabi_passed(c->version, conv) - (all - wide);

	return registers * (uint32_t)(conv == FFABI_SMC64 ? sizeof(uint64_t) : sizeof(uint32_t));
}

static ffabi_result next(struct ffabi_ctx *c, struct ffabi_logging *l, struct ffabi_regs *regs)
{
	const uint32_t left = l->length - l->done;
	const uint32_t room = most(c, l->conv);
	struct ffabi_console_log args;
	volatile uint8_t *to = args.chars; /* or compilers make the loop a call of memcpy */
	uint32_t i;

	if (left == 0)
		return FFABI_OK;
	l->asked = left < room ? left : room;
	args.char_count = (uint8_t)l->asked;
	for (i = 0; i < sizeof(args.chars); i++)
		to[i] = i < l->asked ? l->chars[l->done + i] : 0;
	return ffabi_issue(ffabi_console_log_pack(c, l->conv, &args, regs));
}

ffabi_result ffabi_logging_start(struct ffabi_ctx *c, struct ffabi_logging *l,
				 struct ffabi_regs *regs)
{
	l->done = 0;
	return next(c, l, regs);
}

/* RETRY: error_arg of the characters were taken. */
static ffabi_result retry(struct ffabi_ctx *c, struct ffabi_logging *l, uint32_t taken,
			  struct ffabi_regs *regs)
{
	if (taken >= l->asked)
		return ffabi_result_of(ffabi_fail(c, FFABI_E_RANGE, FFABI_F_ERROR_ARG, 0, taken));
	if (taken == 0 && l->retries == 0)
		return FFABI_STATUS_RETRY;
	if (taken == 0)
		l->retries--;
	l->done += taken;
	return next(c, l, regs);
}

ffabi_result ffabi_logging_step(struct ffabi_ctx *c, struct ffabi_logging *l,
				struct ffabi_regs *regs)
{
	struct ffabi_console_log_reply reply;
	const enum ffabi_rule rule = ffabi_console_log_reply_unpack(c, l->conv, regs, &reply);
	const ffabi_result r = ffabi_settle(c, rule, &reply.kind, &reply.u.error);

	if (r == FFABI_STATUS_RETRY)
		return retry(c, l, reply.u.error.error_arg, regs);
	if (r != FFABI_OK)
		return r;
	l->done += l->asked;
	return next(c, l, regs);
}

ffabi_result ffabi_caller_log(struct ffabi_caller *k, struct ffabi_logging *l)
{
	ffabi_result r;

	ffabi_caller_begin(k);
	l->conv = k->conv;
	l->retries = k->bounds.retries;
	r = ffabi_logging_start(&k->ctx, l, &k->regs);
	while (ffabi_caller_carries_once(k, r))
		r = ffabi_logging_step(&k->ctx, l, &k->regs);
	return r;
}
