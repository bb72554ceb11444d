/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Indirect messages: from a TX buffer to an RX buffer. */
#include "logic.h"

static int takes_messages(const struct ffabi_spmc_partition *p)
{
	return (p->properties & FFABI_PARTITION_PROPERTIES_INDIRECT_MSG) != 0;
}

/* Both ends of one copy. */
struct letter {
	struct ffabi_spmc_partition *sender;
	struct ffabi_spmc_partition *receiver;
	struct ffabi_extent payload; /* in TX */
	uint32_t offset; /* in RX */
};

static enum ffabi_status copy(struct ffabi_spmc *s, const struct letter *l)
{
	struct ffabi_dst dst;

	dst.base = l->receiver->box.rx.base + l->offset;
	dst.len = l->receiver->box.rx.len - l->offset;
	if (ffabi_snapshot(&s->ctx, &l->sender->box.tx, &l->payload, &dst) != FFABI_OK)
		return FFABI_STATUS_ABORTED;
	return FFABI_STATUS_SUCCESS;
}

/* The header is read from a private copy, and what the receiver gets is written from what was read.
 */
static enum ffabi_status open(struct ffabi_spmc *s, const struct letter *l,
			      struct ffabi_partition_message_header *header,
			      struct ffabi_extent *payload)
{
	const uint32_t size = ffabi_partition_message_header_size(l->sender->peer.version);
	const enum ffabi_status status = ffabi_spmc_snapshot(s, l->sender, 0, size);
	struct ffabi_src src;

	if (status != FFABI_STATUS_SUCCESS)
		return status;
	src.base = s->scratch.base;
	src.len = size;
	if (ffabi_partition_message_header_unpack(ffabi_spmc_speak(s, l->sender), &src, 0,
						  header) != FFABI_OK ||
	    !ffabi_fits(l->sender->box.tx.len, header->payload_offset, header->payload_size))
		return FFABI_STATUS_INVALID_PARAMETERS;
	payload->at = header->payload_offset;
	payload->n = header->payload_size;
	return FFABI_STATUS_SUCCESS;
}

static enum ffabi_status check_letter(const struct letter *l,
				      const struct ffabi_partition_message_header *header)
{
	const struct ffabi_spmc_partition *to = l->receiver;

	if (to == 0 || to == l->sender || header->sender_id != l->sender->peer.id)
		return FFABI_STATUS_INVALID_PARAMETERS;
	if (!takes_messages(l->sender) || !takes_messages(to) || to->peer.version < FFABI_V1_1)
		return FFABI_STATUS_DENIED;
	if (!ffabi_spmc_knows(to, &header->protocol_uuid))
		return FFABI_STATUS_INVALID_PARAMETERS;
	if (!ffabi_spmc_buffer_free(to))
		return FFABI_STATUS_BUSY;
	return FFABI_STATUS_SUCCESS;
}

static enum ffabi_status post(struct ffabi_spmc *s, struct letter *l,
			      struct ffabi_partition_message_header *header)
{
	const uint32_t version = l->receiver->peer.version;
	enum ffabi_status status;

	l->offset = ffabi_partition_message_header_size(version);
	if (l->payload.at % 8 == 0)
		l->offset += -l->offset & 7; /* the copy keeps alignment, so it goes by words */
	if (!ffabi_fits(l->receiver->box.rx.len, l->offset, l->payload.n))
		return FFABI_STATUS_NO_MEMORY;
	header->payload_offset = l->offset;
	if (version == FFABI_V1_1) {
		header->protocol_uuid.lo = 0;
		header->protocol_uuid.hi = 0;
	}
	status = copy(s, l);
	if (status != FFABI_STATUS_SUCCESS ||
	    ffabi_partition_message_header_pack(ffabi_spmc_speak(s, l->receiver), header,
						&l->receiver->box.rx, 0) != FFABI_OK)
		return FFABI_STATUS_ABORTED;
	l->receiver->box.owner = FFABI_SPMC_CONSUMER;
	return FFABI_STATUS_SUCCESS;
}

/* Who tells that the RX buffer is full: the hypervisor when the secure world has no part in it. */
static uint8_t teller(const struct letter *l)
{
	return ffabi_spmc_secure(l->sender) || ffabi_spmc_secure(l->receiver)
		       ? FFABI_SPMC_TOLD_BY_SPMC
		       : FFABI_SPMC_TOLD_BY_HYPERVISOR;
}

enum ffabi_status ffabi_spmc_msg_send2(void *self, struct ffabi_peer *peer,
				       struct ffabi_exchange *x)
{
	const struct ffabi_msg_send2 *in = &x->request.u.msg_send2;
	struct ffabi_spmc *s = self;
	struct ffabi_partition_message_header header = {0};
	struct letter l = {0};
	enum ffabi_status status;

	l.sender = ffabi_spmc_own_or_vm(s, ffabi_spmc_caller(peer), in->sender_vm_id);
	if (l.sender == 0 || !l.sender->box.mapped || l.sender->peer.version < FFABI_V1_1)
		return FFABI_STATUS_INVALID_PARAMETERS;
	status = open(s, &l, &header, &l.payload);
	if (status != FFABI_STATUS_SUCCESS)
		return status;
	l.receiver = ffabi_spmc_find(s, header.receiver_id);
	status = check_letter(&l, &header);
	if (status == FFABI_STATUS_SUCCESS)
		status = post(s, &l, &header);
	if (status == FFABI_STATUS_SUCCESS)
		l.receiver->rx_full |= teller(&l);
	return status;
}

/* The message of 1.0 has no header: FFA_MSG_SEND tells the receiver what one would say. */
enum ffabi_status ffabi_spmc_msg_send(void *self, struct ffabi_peer *peer, struct ffabi_exchange *x)
{
	const struct ffabi_msg_send *in = &x->request.u.msg_send;
	struct ffabi_spmc *s = self;
	struct letter l = {0};
	enum ffabi_status status;

	l.sender = ffabi_spmc_acts_for(s, ffabi_spmc_caller(peer), in->sender_id);
	l.receiver = ffabi_spmc_find(s, in->receiver_id);
	l.payload.n = in->size;
	if (l.sender == 0 || l.receiver == 0 || l.sender == l.receiver || !l.sender->box.mapped ||
	    in->size > l.sender->box.tx.len)
		return FFABI_STATUS_INVALID_PARAMETERS;
	if (!takes_messages(l.sender) || !takes_messages(l.receiver) ||
	    l.receiver->peer.version != FFABI_V1_0)
		return FFABI_STATUS_DENIED;
	if (!ffabi_spmc_buffer_free(l.receiver))
		return FFABI_STATUS_BUSY;
	if (in->size > l.receiver->box.rx.len)
		return FFABI_STATUS_INVALID_PARAMETERS;
	status = copy(s, &l);
	if (status != FFABI_STATUS_SUCCESS)
		return status;
	l.receiver->box.owner = FFABI_SPMC_CONSUMER;
	l.receiver->box.message = 1;
	l.receiver->box.sender = in->sender_id;
	l.receiver->box.size = in->size;
	return FFABI_STATUS_SUCCESS;
}

int ffabi_spmc_deliver(struct ffabi_spmc *s, struct ffabi_spmc_partition *p,
		       struct ffabi_regs *regs)
{
	struct ffabi_msg_send out = {0};

	if (!p->box.message)
		return 0;
	out.sender_id = p->box.sender;
	out.receiver_id = p->peer.id;
	out.size = p->box.size;
	if (ffabi_msg_send_pack(ffabi_spmc_speak(s, p), &out, regs) != FFABI_OK)
		return 0;
	p->box.message = 0;
	return 1;
}

enum ffabi_status ffabi_spmc_msg_poll(void *self, struct ffabi_peer *peer, struct ffabi_exchange *x)
{
	struct ffabi_spmc *s = self;
	struct ffabi_spmc_vcpu *v = ffabi_spmc_vcpu(s, &s->from);

	(void)x;
	if (v->model == FFABI_SPMC_MODEL_DIRECT_REQ)
		return FFABI_STATUS_DENIED;
	if (!ffabi_spmc_deliver(s, ffabi_spmc_caller(peer), &v->entry))
		return FFABI_STATUS_RETRY;
	v->held = 1;
	return FFABI_STATUS_SUCCESS;
}
