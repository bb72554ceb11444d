/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Direct messages: requests in, cycles lent, responses out. */
#include "logic.h"

/* Sender and receiver of either kind of request, and what they must have said they do. */
struct pair {
	uint16_t sender_id;
	uint16_t receiver_id;
	uint32_t send, receive; /* properties */
	uint32_t more_send, more_receive;
};

static enum ffabi_status check_state(const struct ffabi_peer *peer, const struct ffabi_spmc_vcpu *v)
{
	switch (v->state) {
	case FFABI_SPMC_WAITING:
		return FFABI_STATUS_SUCCESS;
	case FFABI_SPMC_ABORTED:
		return FFABI_STATUS_ABORTED;
	case FFABI_SPMC_NOT_STARTED:
		return peer->version >= FFABI_V1_3 ? FFABI_STATUS_NOT_READY : FFABI_STATUS_DENIED;
	default:
		return FFABI_STATUS_BUSY;
	}
}

/* Cycles flow from the normal world to partitions, and among partitions. */
static enum ffabi_status check_pair(struct ffabi_spmc *s, struct ffabi_peer *peer,
				    const struct pair *pair, struct ffabi_spmc_at *target)
{
	struct ffabi_spmc_partition *caller = ffabi_spmc_caller(peer);
	const struct ffabi_spmc_partition *sender = ffabi_spmc_acts_for(s, caller, pair->sender_id);
	const struct ffabi_spmc_partition *receiver = ffabi_spmc_find(s, pair->receiver_id);
	const struct ffabi_spmc_vcpu *v = ffabi_spmc_vcpu(s, &s->from);

	if (sender == 0 || receiver == 0 || receiver == sender || receiver == caller)
		return FFABI_STATUS_INVALID_PARAMETERS;
	if ((sender->properties & pair->send) != pair->send ||
	    (sender->more_properties & pair->more_send) != pair->more_send ||
	    (receiver->properties & pair->receive) != pair->receive ||
	    (receiver->more_properties & pair->more_receive) != pair->more_receive ||
	    !ffabi_spmc_secure(receiver) || v->model == FFABI_SPMC_MODEL_INIT)
		return FFABI_STATUS_DENIED;
	target->id = receiver->peer.id;
	target->vcpu = ffabi_spmc_pick(s, receiver);
	return check_state(peer, ffabi_spmc_vcpu(s, target));
}

/*
 * Framework messages come from the hypervisor, to partitions that asked for them; what
 * they hold is decoded to see that it is one of those.
 */
FFABI_COLD static enum ffabi_status check_framework(struct ffabi_spmc *s, struct ffabi_peer *peer,
						    const struct ffabi_msg_send_direct_req *in)
{
	const struct ffabi_spmc_partition *to = ffabi_spmc_find(s, in->receiver_id);
	struct ffabi_ctx *c = ffabi_spmc_speak(s, ffabi_spmc_caller(peer));
	struct ffabi_vm_created_req created;
	struct ffabi_vm_destroyed_req destroyed;
	struct ffabi_regs regs;
	uint32_t wants;

	if (peer->instance != FFABI_NS_PHYS || in->sender_id != peer->id || to == 0)
		return FFABI_STATUS_INVALID_PARAMETERS;
	if (ffabi_msg_send_direct_req_pack(c, FFABI_SMC32, in, &regs) != FFABI_OK)
		return FFABI_STATUS_INVALID_PARAMETERS;
	if (ffabi_vm_created_req_unpack(c, &regs, &created) == FFABI_OK)
		wants = FFABI_PARTITION_MORE_PROPERTIES_VM_CREATED_MSG;
	else if (ffabi_vm_destroyed_req_unpack(c, &regs, &destroyed) == FFABI_OK)
		wants = FFABI_PARTITION_MORE_PROPERTIES_VM_DESTROYED_MSG;
	else
		return FFABI_STATUS_INVALID_PARAMETERS;
	return (to->more_properties & wants) != 0 ? FFABI_STATUS_SUCCESS : FFABI_STATUS_DENIED;
}

enum ffabi_status ffabi_spmc_direct_req(void *self, struct ffabi_peer *peer,
					struct ffabi_exchange *x)
{
	struct ffabi_spmc *s = self;
	const struct ffabi_msg_send_direct_req *in = &x->request.u.msg_send_direct_req;
	struct pair pair = {0};
	struct ffabi_spmc_at target;
	struct ffabi_spmc_vcpu *v;
	enum ffabi_status status = FFABI_STATUS_SUCCESS;

	pair.sender_id = in->sender_id;
	pair.receiver_id = in->receiver_id;
	pair.send = FFABI_PARTITION_PROPERTIES_DIRECT_REQ_SEND;
	pair.receive = FFABI_PARTITION_PROPERTIES_DIRECT_REQ_RECV;
	if (in->framework)
		status = check_framework(s, peer, in);
	if (status == FFABI_STATUS_SUCCESS)
		status = check_pair(s, peer, &pair, &target);
	if (status != FFABI_STATUS_SUCCESS)
		return status;
	v = ffabi_spmc_vcpu(s, &target);
	if (ffabi_msg_send_direct_req_pack(ffabi_spmc_speak(s, ffabi_spmc_find(s, target.id)),
					   x->conv, in, &v->entry) != FFABI_OK)
		return FFABI_STATUS_INVALID_PARAMETERS;
	v->held = 1;
	v->requester = in->sender_id;
	v->framework = in->framework;
	v->message_type = in->message_type;
	v->conv = x->conv;
	ffabi_spmc_enter(s, &target, FFABI_SPMC_MODEL_DIRECT_REQ);
	return FFABI_STATUS_SUCCESS;
}

enum ffabi_status ffabi_spmc_direct_req2(void *self, struct ffabi_peer *peer,
					 struct ffabi_exchange *x)
{
	struct ffabi_spmc *s = self;
	const struct ffabi_msg_send_direct_req2 *in = &x->request.u.msg_send_direct_req2;
	struct pair pair = {0};
	struct ffabi_spmc_partition *to = ffabi_spmc_find(s, in->receiver_id);
	struct ffabi_spmc_at target;
	struct ffabi_spmc_vcpu *v;
	enum ffabi_status status;

	pair.sender_id = in->sender_id;
	pair.receiver_id = in->receiver_id;
	pair.more_send = FFABI_PARTITION_MORE_PROPERTIES_DIRECT_REQ2_SEND;
	pair.more_receive = FFABI_PARTITION_MORE_PROPERTIES_DIRECT_REQ2_RECV;
	status = check_pair(s, peer, &pair, &target);
	if (status != FFABI_STATUS_SUCCESS)
		return status;
	v = ffabi_spmc_vcpu(s, &target);
	if (!ffabi_spmc_knows(to, &in->protocol_uuid))
		return FFABI_STATUS_INVALID_PARAMETERS;
	if (ffabi_msg_send_direct_req2_pack(ffabi_spmc_speak(s, to), in, &v->entry) != FFABI_OK)
		return FFABI_STATUS_DENIED;
	v->held = 1;
	v->requester = in->sender_id;
	v->framework = 0;
	v->conv = FFABI_SMC64;
	ffabi_spmc_enter(s, &target, FFABI_SPMC_MODEL_DIRECT_REQ2);
	return FFABI_STATUS_SUCCESS;
}

enum ffabi_status ffabi_spmc_direct_resp(void *self, struct ffabi_peer *peer,
					 struct ffabi_exchange *x)
{
	struct ffabi_spmc *s = self;
	const struct ffabi_msg_send_direct_resp *in = &x->request.u.msg_send_direct_resp;
	struct ffabi_spmc_vcpu *v = ffabi_spmc_vcpu(s, &s->from);
	struct ffabi_spmc_vcpu *giver;

	if (v->model != FFABI_SPMC_MODEL_DIRECT_REQ || in->framework != v->framework)
		return FFABI_STATUS_DENIED;
	if (in->sender_id != peer->id || in->receiver_id != v->requester || x->conv != v->conv)
		return FFABI_STATUS_INVALID_PARAMETERS;
	giver = ffabi_spmc_vcpu(s, &v->giver);
	if (ffabi_msg_send_direct_resp_pack(ffabi_spmc_speak(s, ffabi_spmc_find(s, v->giver.id)),
					    x->conv, in, &giver->entry) != FFABI_OK)
		return FFABI_STATUS_INVALID_PARAMETERS;
	ffabi_spmc_return(s, v);
	return FFABI_STATUS_SUCCESS;
}

enum ffabi_status ffabi_spmc_direct_resp2(void *self, struct ffabi_peer *peer,
					  struct ffabi_exchange *x)
{
	struct ffabi_spmc *s = self;
	const struct ffabi_msg_send_direct_resp2 *in = &x->request.u.msg_send_direct_resp2;
	struct ffabi_spmc_vcpu *v = ffabi_spmc_vcpu(s, &s->from);
	struct ffabi_spmc_vcpu *giver;

	if (v->model != FFABI_SPMC_MODEL_DIRECT_REQ2)
		return FFABI_STATUS_DENIED;
	if (in->sender_id != peer->id || in->receiver_id != v->requester)
		return FFABI_STATUS_INVALID_PARAMETERS;
	giver = ffabi_spmc_vcpu(s, &v->giver);
	if (ffabi_msg_send_direct_resp2_pack(ffabi_spmc_speak(s, ffabi_spmc_find(s, v->giver.id)),
					     in, &giver->entry) != FFABI_OK)
		return FFABI_STATUS_INVALID_PARAMETERS;
	ffabi_spmc_return(s, v);
	return FFABI_STATUS_SUCCESS;
}
