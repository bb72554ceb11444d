/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* The RX/TX pair and who owns which half of it. */
#include <ffabi/caller_setup.h>

enum ffabi_rule ffabi_tx_needed(struct ffabi_ctx *c, const struct ffabi_tx *tx)
{
	if (tx->owner != FFABI_OWNER_CALLER)
		return ffabi_fail(c, FFABI_E_RULE, FFABI_F_TX_ADDRESS, 0, (uint64_t)tx->owner);
	return FFABI_OK;
}

enum ffabi_rule ffabi_rx_needed(struct ffabi_ctx *c, const struct ffabi_rx *rx)
{
	if (rx->owner != FFABI_OWNER_CALLEE)
		return ffabi_fail(c, FFABI_E_RULE, FFABI_F_RX_ADDRESS, 0, (uint64_t)rx->owner);
	return FFABI_OK;
}

ffabi_result ffabi_rx_release_start(struct ffabi_ctx *c, struct ffabi_rx *rx,
				    struct ffabi_regs *regs)
{
	struct ffabi_rx_release args;

	if (rx->owner != FFABI_OWNER_CALLER)
		return ffabi_result_of(
			ffabi_fail(c, FFABI_E_RULE, FFABI_F_RX_ADDRESS, 0, (uint64_t)rx->owner));
	args.vm_id = 0;
	return ffabi_issue(ffabi_rx_release_pack(c, &args, regs));
}

ffabi_result ffabi_rx_release_step(struct ffabi_ctx *c, struct ffabi_rx *rx,
				   const struct ffabi_regs *regs)
{
	struct ffabi_rx_release_reply reply;
	const enum ffabi_rule rule = ffabi_rx_release_reply_unpack(c, regs, &reply);
	const ffabi_result r = ffabi_settle(c, rule, &reply.kind, &reply.u.error);

	if (r == FFABI_OK || r == FFABI_STATUS_DENIED)
		rx->owner = FFABI_OWNER_CALLEE;
	return r;
}

enum ffabi_rule ffabi_caller_rx_take(struct ffabi_caller *k)
{
	const enum ffabi_rule rule = ffabi_rx_needed(&k->ctx, &k->rx);

	if (rule == FFABI_OK)
		k->rx.owner = FFABI_OWNER_CALLER;
	return rule;
}

ffabi_result ffabi_caller_rx_release(struct ffabi_caller *k)
{
	ffabi_result r;

	ffabi_caller_begin(k);
	r = ffabi_rx_release_start(&k->ctx, &k->rx, &k->regs);
	if (ffabi_caller_carries(k, r))
		r = ffabi_rx_release_step(&k->ctx, &k->rx, &k->regs);
	return r;
}

ffabi_result ffabi_caller_map(struct ffabi_caller *k, const struct ffabi_buffer_pair *pair)
{
	struct ffabi_rxtx_map_reply reply;
	struct ffabi_rxtx_map args;
	enum ffabi_rule rule;
	ffabi_result r;

	ffabi_caller_begin(k);
	if (k->tx.owner != FFABI_OWNER_NONE)
		return ffabi_result_of(ffabi_fail(&k->ctx, FFABI_E_RULE, FFABI_F_TX_ADDRESS, 0,
						  (uint64_t)k->tx.owner));
	if (pair->page_count == 0)
		return ffabi_result_of(
			ffabi_fail(&k->ctx, FFABI_E_RANGE, FFABI_F_PAGE_COUNT, 0, 0));
	args.tx_address = pair->tx_address;
	args.rx_address = pair->rx_address;
	args.page_count = pair->page_count;
	rule = ffabi_caller_send(k, ffabi_rxtx_map_pack(&k->ctx, k->conv, &args, &k->regs));
	if (rule != FFABI_OK)
		return ffabi_result_of(rule);
	rule = ffabi_rxtx_map_reply_unpack(&k->ctx, k->conv, &k->regs, &reply);
	r = ffabi_settle(&k->ctx, rule, &reply.kind, &reply.u.error);
	if (r != FFABI_OK)
		return r;
	k->tx.dst.base = pair->tx;
	k->tx.dst.len = (uint64_t)pair->page_count * FFABI_PAGE_SIZE;
	k->tx.owner = FFABI_OWNER_CALLER;
	k->rx.src.base = pair->rx;
	k->rx.src.len = k->tx.dst.len;
	k->rx.owner = FFABI_OWNER_CALLEE;
	return r;
}

ffabi_result ffabi_caller_unmap(struct ffabi_caller *k)
{
	struct ffabi_rxtx_unmap_reply reply;
	struct ffabi_rxtx_unmap args;
	enum ffabi_rule rule;
	ffabi_result r;

	ffabi_caller_begin(k);
	rule = ffabi_tx_needed(&k->ctx, &k->tx);
	if (rule == FFABI_OK)
		rule = ffabi_rx_needed(&k->ctx, &k->rx);
	if (rule != FFABI_OK)
		return ffabi_result_of(rule);
	args.vm_id = 0;
	rule = ffabi_caller_send(k, ffabi_rxtx_unmap_pack(&k->ctx, &args, &k->regs));
	if (rule != FFABI_OK)
		return ffabi_result_of(rule);
	rule = ffabi_rxtx_unmap_reply_unpack(&k->ctx, &k->regs, &reply);
	r = ffabi_settle(&k->ctx, rule, &reply.kind, &reply.u.error);
	if (r == FFABI_OK) {
		k->tx.owner = FFABI_OWNER_NONE;
		k->rx.owner = FFABI_OWNER_NONE;
	}
	return r;
}
