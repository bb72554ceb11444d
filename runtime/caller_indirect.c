/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Indirect messages: sending from the TX buffer, receiving out of the RX buffer. */
#include <ffabi/caller_messages.h>
#include <ffabi/caller_setup.h>
#include <ffabi/lists.h>

enum ffabi_rule ffabi_indirect_pack(struct ffabi_ctx *c, const struct ffabi_indirect *in,
				    const struct ffabi_dst *tx, struct ffabi_regs *regs)
{
	struct ffabi_partition_message_header header;
	struct ffabi_msg_send2 args;
	enum ffabi_rule rule;
	uint32_t total;

	args.sender_vm_id = in->sender_vm_id;
	args.flags = in->flags;
	rule = ffabi_msg_send2_pack(c, &args, regs);
	if (rule != FFABI_OK)
		return rule;
	header.payload_offset = ffabi_partition_message_header_size(c->version);
	header.payload_size = in->size;
	header.sender_id = in->sender_id;
	header.receiver_id = in->receiver_id;
	header.protocol_uuid.lo = in->protocol_uuid.lo;
	header.protocol_uuid.hi = in->protocol_uuid.hi;
	return ffabi_message_write(c, &header, in->payload, tx, &total);
}

ffabi_result ffabi_caller_message(struct ffabi_caller *k, const struct ffabi_indirect *in)
{
	struct ffabi_msg_send2_reply reply;
	enum ffabi_rule rule;

	ffabi_caller_begin(k);
	rule = ffabi_tx_needed(&k->ctx, &k->tx);
	if (rule == FFABI_OK)
		rule = ffabi_indirect_pack(&k->ctx, in, &k->tx.dst, &k->regs);
	rule = ffabi_caller_send(k, rule);
	if (rule != FFABI_OK)
		return ffabi_result_of(rule);
	rule = ffabi_msg_send2_reply_unpack(&k->ctx, &k->regs, &reply);
	return ffabi_settle(&k->ctx, rule, &reply.kind, &reply.u.error);
}

static enum ffabi_rule copy_message(struct ffabi_caller *k,
				    struct ffabi_partition_message_header *out,
				    const struct ffabi_dst *payload)
{
	struct ffabi_extent where;
	const enum ffabi_rule rule = ffabi_message_open(&k->ctx, &k->rx.src, out, &where);

	return rule == FFABI_OK ? ffabi_snapshot(&k->ctx, &k->rx.src, &where, payload) : rule;
}

ffabi_result ffabi_caller_receive(struct ffabi_caller *k,
				  struct ffabi_partition_message_header *out,
				  const struct ffabi_dst *payload)
{
	enum ffabi_rule rule;
	ffabi_result r;

	ffabi_caller_begin(k);
	rule = ffabi_caller_rx_take(k);
	if (rule != FFABI_OK)
		return ffabi_result_of(rule);
	k->ctx.waive = (uint16_t)(k->waive | k->waive_replies);
	rule = copy_message(k, out, payload);
	r = ffabi_caller_rx_release(k);
	return rule != FFABI_OK ? ffabi_result_of(rule) : r;
}
