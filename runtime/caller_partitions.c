/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Listing partitions. */
#include <ffabi/caller_partitions.h>
#include <ffabi/lists.h>

enum {
	IN_REGISTERS,
	IN_RX,
	RELEASING
};

/* Does this request have the entries put into the RX buffer?  1.0 cannot ask for the count alone.
 */
static int fills_rx(const struct ffabi_ctx *c, const struct ffabi_listing *l)
{
	return l->room != 0 || c->version == FFABI_V1_0;
}

static ffabi_result ask_in_registers(struct ffabi_ctx *c, struct ffabi_listing *l, uint16_t tag,
				     struct ffabi_regs *regs)
{
	struct ffabi_partition_info_get_regs args;

	l->state = IN_REGISTERS;
	args.uuid.lo = l->uuid.lo;
	args.uuid.hi = l->uuid.hi;
	args.info_tag = tag;
	args.start_index = (uint16_t)l->filled;
	return ffabi_issue(ffabi_partition_info_get_regs_pack(c, &args, regs));
}

static ffabi_result ask_in_rx(struct ffabi_ctx *c, struct ffabi_listing *l, struct ffabi_regs *regs)
{
	struct ffabi_partition_info_get args;
	enum ffabi_rule rule;

	if (fills_rx(c, l)) {
		if (l->rx == 0)
			return ffabi_result_of(
				ffabi_fail(c, FFABI_E_RULE, FFABI_F_RX_ADDRESS, 0, 0));
		rule = ffabi_rx_needed(c, l->rx);
		if (rule != FFABI_OK)
			return ffabi_result_of(rule);
	}
	l->state = IN_RX;
	args.uuid.lo = l->uuid.lo;
	args.uuid.hi = l->uuid.hi;
	args.flags = fills_rx(c, l) ? 0 : FFABI_PARTITION_INFO_GET_FLAGS_COUNT_ONLY;
	return ffabi_issue(ffabi_partition_info_get_pack(c, &args, regs));
}

ffabi_result ffabi_listing_start(struct ffabi_ctx *c, struct ffabi_listing *l,
				 struct ffabi_regs *regs)
{
	l->count = 0;
	l->filled = 0;
	return c->version < FFABI_V1_2 ? ask_in_rx(c, l, regs) : ask_in_registers(c, l, 0, regs);
}

static ffabi_result finish(struct ffabi_ctx *c, const struct ffabi_listing *l)
{
	if (l->room != 0 && l->count > l->room)
		return ffabi_result_of(ffabi_fail(c, FFABI_E_SHORT, FFABI_F_COUNT, 0, l->count));
	return FFABI_OK;
}

/* Entries from start_index on: they follow those before, and none is beyond the last. */
FFABI_COLD static ffabi_result
take_registers(struct ffabi_ctx *c, struct ffabi_listing *l,
	       const struct ffabi_partition_info_get_regs_success *in)
{
	const uint32_t first = l->filled;
	struct ffabi_partition_info beyond;
	enum ffabi_rule rule;

	if (in->current_index < first || in->current_index > in->last_index)
		return ffabi_result_of(
			ffabi_fail(c, FFABI_E_RANGE, FFABI_F_CURRENT_INDEX, 0, in->current_index));
	if (first != 0 && in->last_index != l->last_index)
		return ffabi_result_of(
			ffabi_fail(c, FFABI_E_RULE, FFABI_F_LAST_INDEX, 0, in->last_index));
	l->last_index = in->last_index;
	l->count = (uint32_t)in->last_index + 1;
	if (l->room == 0)
		return FFABI_END;
	while (l->filled <= in->current_index) {
		rule = ffabi_partition_of_regs(c, in, l->filled - first,
					       l->filled < l->room ? &l->entries[l->filled]
								   : &beyond);
		if (rule == FFABI_END) /* the reply names more entries than its registers hold */
			return ffabi_result_of(
				ffabi_fail(c, FFABI_E_SHORT, FFABI_F_DESCRIPTORS, 0, l->filled));
		if (rule != FFABI_OK)
			return ffabi_result_of(rule);
		l->filled++;
	}
	return l->filled == l->count || l->filled >= l->room ? FFABI_END : FFABI_OK;
}

static ffabi_result step_in_registers(struct ffabi_ctx *c, struct ffabi_listing *l,
				      struct ffabi_regs *regs)
{
	struct ffabi_partition_info_get_regs_reply reply;
	const enum ffabi_rule rule = ffabi_partition_info_get_regs_reply_unpack(c, regs, &reply);
	ffabi_result r = ffabi_settle(c, rule, &reply.kind, &reply.u.error);

	if (r == FFABI_STATUS_NOT_SUPPORTED && l->filled == 0)
		return ask_in_rx(c, l, regs);
	if (r == FFABI_STATUS_RETRY && l->retries != 0) {
		l->retries--;
		l->filled = 0;
		return ask_in_registers(c, l, 0, regs);
	}
	if (r == FFABI_OK)
		r = take_registers(c, l, &reply.u.success);
	if (r == FFABI_OK)
		return ask_in_registers(c, l, reply.u.success.info_tag, regs);
	return r == FFABI_END ? finish(c, l) : r;
}

FFABI_COLD static ffabi_result take_rx(struct ffabi_ctx *c, struct ffabi_listing *l,
				       const struct ffabi_partition_info_get_success *in)
{
	struct ffabi_partition_cursor cur;
	struct ffabi_partition_info beyond;
	struct ffabi_entries said;
	enum ffabi_rule rule;

	said.count = in->count;
	said.size = in->descriptor_size;
	rule = ffabi_partition_open(c, &l->rx->src, &said, &cur);
	while (rule == FFABI_OK) {
		rule = ffabi_partition_next(c, &cur,
					    l->filled < l->room ? &l->entries[l->filled] : &beyond);
		if (rule == FFABI_OK)
			l->filled++;
	}
	return rule == FFABI_END ? finish(c, l) : ffabi_result_of(rule);
}

static ffabi_result step_in_rx(struct ffabi_ctx *c, struct ffabi_listing *l,
			       struct ffabi_regs *regs)
{
	const int filled = fills_rx(c, l) &&
			   ((uint32_t)regs->x[0] & ~(uint32_t)FFABI_SMC64) == FFABI_FN_SUCCESS;
	struct ffabi_partition_info_get_reply reply;
	const enum ffabi_rule rule = ffabi_partition_info_get_reply_unpack(c, regs, &reply);
	ffabi_result r = ffabi_settle(c, rule, &reply.kind, &reply.u.error);

	if (filled)
		l->rx->owner = FFABI_OWNER_CALLER;
	if (r == FFABI_OK) {
		l->count = reply.u.success.count;
		r = filled ? take_rx(c, l, &reply.u.success) : FFABI_OK;
	}
	if (!filled)
		return r;
	l->result = r;
	l->state = RELEASING;
	return ffabi_rx_release_start(c, l->rx, regs);
}

ffabi_result ffabi_listing_step(struct ffabi_ctx *c, struct ffabi_listing *l,
				struct ffabi_regs *regs)
{
	ffabi_result r;

	switch (l->state) {
	case IN_REGISTERS:
		return step_in_registers(c, l, regs);
	case IN_RX:
		return step_in_rx(c, l, regs);
	case RELEASING:
	default:
		r = ffabi_rx_release_step(c, l->rx, regs);
		return l->result != FFABI_OK ? l->result : r;
	}
}

ffabi_result ffabi_caller_list(struct ffabi_caller *k, struct ffabi_listing *l)
{
	ffabi_result r;

	ffabi_caller_begin(k);
	l->rx = &k->rx;
	l->retries = k->bounds.retries;
	r = ffabi_listing_start(&k->ctx, l, &k->regs);
	while (ffabi_caller_carries_once(k, r))
		r = ffabi_listing_step(&k->ctx, l, &k->regs);
	return r;
}
