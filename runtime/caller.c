/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* One caller: issuing calls within bounds. */
#include <ffabi/caller.h>

enum {
	REPEAT_BUSY = 1,
	REPEAT_RETRY = 2
};

/* volatile, or compilers make the loop a call of memcpy. */
static void copy_regs(struct ffabi_regs *to, const struct ffabi_regs *from)
{
	volatile uint64_t *x = to->x;
	unsigned int i;

	for (i = 0; i < sizeof(to->x) / sizeof(to->x[0]); i++)
		x[i] = from->x[i];
}

static void clear_regs(struct ffabi_regs *regs)
{
	volatile uint64_t *x = regs->x;
	unsigned int i;

	for (i = 0; i < sizeof(regs->x) / sizeof(regs->x[0]); i++)
		x[i] = 0;
}

static void init_direct(struct ffabi_direct *d)
{
	d->answer = 0;
	d->conv = FFABI_SMC32;
	d->sender_id = 0;
	d->receiver_id = 0;
	d->target_endpoint_id = 0;
	d->target_vcpu_id = 0;
	d->timeout = 0;
}

void ffabi_caller_init(struct ffabi_caller *k, const struct ffabi_conduit *conduit)
{
	k->conduit.call = conduit->call;
	k->conduit.self = conduit->self;
	k->waive = FFABI_STRICT;
	k->waive_replies = FFABI_AS_SPECIFIED | FFABI_WAIVE_MBZ;
	k->conv = FFABI_SMC64;
	k->bounds.retries = 0;
	k->bounds.resumes = 0;
	k->left.retries = 0;
	k->left.resumes = 0;
	k->ctx.version = 0;
	k->ctx.waive = k->waive;
	k->ctx.instance = 0;
	(void)ffabi_fail(&k->ctx, FFABI_OK, FFABI_F_NONE, 0, 0);
	clear_regs(&k->regs);
	clear_regs(&k->request);
	k->tx.dst.base = 0;
	k->tx.dst.len = 0;
	k->tx.owner = FFABI_OWNER_NONE;
	k->rx.src.base = 0;
	k->rx.src.len = 0;
	k->rx.owner = FFABI_OWNER_NONE;
	init_direct(&k->direct);
	k->locked = 0;
}

void ffabi_caller_begin(struct ffabi_caller *k)
{
	k->ctx.waive = k->waive;
	k->left.retries = k->bounds.retries;
	k->left.resumes = k->bounds.resumes;
	k->locked = 1;
}

/* Is the reply an FFA_ERROR after which the same call may succeed? */
static int asks_again(struct ffabi_caller *k, unsigned int repeat)
{
	struct ffabi_error error;

	if (((uint32_t)k->regs.x[0] & ~(uint32_t)FFABI_SMC64) != FFABI_FN_ERROR)
		return 0;
	if (ffabi_error_unpack(&k->ctx, &k->regs, &error) != FFABI_OK)
		return 0;
	if (error.status == FFABI_STATUS_BUSY)
		return (repeat & REPEAT_BUSY) != 0;
	return error.status == FFABI_STATUS_RETRY && (repeat & REPEAT_RETRY) != 0;
}

static void issue(struct ffabi_caller *k, unsigned int repeat)
{
	copy_regs(&k->request, &k->regs);
	k->conduit.call(k->conduit.self, &k->regs);
	k->ctx.waive = (uint16_t)(k->waive | k->waive_replies);
	while (asks_again(k, repeat) && k->left.retries != 0) {
		k->left.retries--;
		copy_regs(&k->regs, &k->request);
		k->conduit.call(k->conduit.self, &k->regs);
	}
}

enum ffabi_rule ffabi_caller_send(struct ffabi_caller *k, enum ffabi_rule packed)
{
	if (packed == FFABI_OK)
		issue(k, REPEAT_BUSY | REPEAT_RETRY);
	return packed;
}

static int carries(struct ffabi_caller *k, ffabi_result r, unsigned int repeat)
{
	if (r == FFABI_RESUME) {
		if (k->left.resumes == 0)
			return 0;
		k->left.resumes--;
	} else if (r != FFABI_ISSUE) {
		return 0;
	}
	issue(k, repeat);
	return 1;
}

int ffabi_caller_carries(struct ffabi_caller *k, ffabi_result r)
{
	return carries(k, r, REPEAT_BUSY | REPEAT_RETRY);
}

int ffabi_caller_carries_once(struct ffabi_caller *k, ffabi_result r)
{
	return carries(k, r, REPEAT_BUSY);
}

ffabi_result ffabi_settle(struct ffabi_ctx *c, enum ffabi_rule rule, const enum ffabi_call *kind,
			  const struct ffabi_error *error)
{
	if (rule != FFABI_OK || *kind != FFABI_CALL_ERROR)
		return ffabi_result_of(rule);
	if (error->status < 0)
		return error->status;
	/* ENUM was waived: an error must not be taken for success */
	return ffabi_result_of(
		ffabi_fail(c, FFABI_E_ENUM, FFABI_F_STATUS, 0, (uint32_t)error->status));
}
