/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Calls in, registers of who runs next out; which handler has which call. */
#include "logic.h"

static ffabi_callee_handler *const handlers[FFABI_CALL_COUNT] = {
	[FFABI_CALL_ID_GET] = ffabi_spmc_id_get,
	[FFABI_CALL_SPM_ID_GET] = ffabi_spmc_spm_id_get,
	[FFABI_CALL_RXTX_MAP] = ffabi_spmc_rxtx_map,
	[FFABI_CALL_RXTX_UNMAP] = ffabi_spmc_rxtx_unmap,
	[FFABI_CALL_RX_ACQUIRE] = ffabi_spmc_rx_acquire,
	[FFABI_CALL_RX_RELEASE] = ffabi_spmc_rx_release,
	[FFABI_CALL_FEATURES_RXTX_MAP] = ffabi_spmc_features_rxtx_map,
	[FFABI_CALL_FEATURES_MEM_RETRIEVE_REQ] = ffabi_spmc_features_retrieve,
	[FFABI_CALL_FEATURES_NPI] = ffabi_spmc_features_npi,
	[FFABI_CALL_FEATURES_SRI] = ffabi_spmc_features_sri,
	[FFABI_CALL_PARTITION_INFO_GET] = ffabi_spmc_partition_info_get,
	[FFABI_CALL_PARTITION_INFO_GET_REGS] = ffabi_spmc_partition_info_get_regs,
	[FFABI_CALL_MSG_SEND] = ffabi_spmc_msg_send,
	[FFABI_CALL_MSG_POLL] = ffabi_spmc_msg_poll,
	[FFABI_CALL_MSG_SEND2] = ffabi_spmc_msg_send2,
	[FFABI_CALL_MSG_SEND_DIRECT_REQ] = ffabi_spmc_direct_req,
	[FFABI_CALL_MSG_SEND_DIRECT_RESP] = ffabi_spmc_direct_resp,
	[FFABI_CALL_MSG_SEND_DIRECT_REQ2] = ffabi_spmc_direct_req2,
	[FFABI_CALL_MSG_SEND_DIRECT_RESP2] = ffabi_spmc_direct_resp2,
	[FFABI_CALL_MSG_WAIT] = ffabi_spmc_msg_wait,
	[FFABI_CALL_YIELD] = ffabi_spmc_yield,
	[FFABI_CALL_RUN] = ffabi_spmc_run,
	[FFABI_CALL_SECONDARY_EP_REGISTER] = ffabi_spmc_secondary_ep_register,
	[FFABI_CALL_NOTIFICATION_BITMAP_CREATE] = ffabi_spmc_bitmap_create,
	[FFABI_CALL_NOTIFICATION_BITMAP_DESTROY] = ffabi_spmc_bitmap_destroy,
	[FFABI_CALL_NOTIFICATION_BIND] = ffabi_spmc_bind,
	[FFABI_CALL_NOTIFICATION_UNBIND] = ffabi_spmc_unbind,
	[FFABI_CALL_NOTIFICATION_SET] = ffabi_spmc_set,
	[FFABI_CALL_NOTIFICATION_GET] = ffabi_spmc_get,
	[FFABI_CALL_NOTIFICATION_INFO_GET] = ffabi_spmc_info_get,
	[FFABI_CALL_MEM_DONATE] = ffabi_spmc_mem_donate,
	[FFABI_CALL_MEM_LEND] = ffabi_spmc_mem_lend,
	[FFABI_CALL_MEM_SHARE] = ffabi_spmc_mem_share,
	[FFABI_CALL_MEM_RETRIEVE_REQ] = ffabi_spmc_mem_retrieve_req,
	[FFABI_CALL_MEM_RELINQUISH] = ffabi_spmc_mem_relinquish,
	[FFABI_CALL_MEM_RECLAIM] = ffabi_spmc_mem_reclaim,
	[FFABI_CALL_MEM_OP_RESUME] = ffabi_spmc_mem_op_resume,
	[FFABI_CALL_MEM_FRAG_RX] = ffabi_spmc_mem_frag_rx,
	[FFABI_CALL_MEM_FRAG_TX] = ffabi_spmc_mem_frag_tx,
	[FFABI_CALL_MEM_PERM_GET] = ffabi_spmc_mem_perm_get,
	[FFABI_CALL_MEM_PERM_SET] = ffabi_spmc_mem_perm_set,
	[FFABI_CALL_CONSOLE_LOG] = ffabi_spmc_console_log,
	[FFABI_CALL_ABORT] = ffabi_spmc_aborts,
};

ffabi_callee_handler *ffabi_spmc_handler(enum ffabi_call call)
{
	return handlers[call];
}

struct ffabi_spmc_partition *ffabi_spmc_find(const struct ffabi_spmc *s, uint16_t id)
{
	uint32_t i;

	for (i = 0; i < s->partition_count; i++) {
		if (s->partitions[i].peer.id == id)
			return &s->partitions[i];
	}
	return 0;
}

struct ffabi_spmc_vcpu *ffabi_spmc_vcpu(struct ffabi_spmc *s, const struct ffabi_spmc_at *at)
{
	const struct ffabi_spmc_partition *p = ffabi_spmc_find(s, at->id);

	return p != 0 && at->vcpu < p->vcpu_count ? &p->vcpus[at->vcpu] : 0;
}

struct ffabi_spmc_partition *ffabi_spmc_acts_for(const struct ffabi_spmc *s,
						 struct ffabi_spmc_partition *caller, uint16_t id)
{
	struct ffabi_spmc_partition *p = ffabi_spmc_find(s, id);

	if (p == caller)
		return p;
	if (p != 0 && caller->peer.instance == FFABI_NS_PHYS && p->peer.instance == FFABI_NS_VIRT)
		return p;
	return 0;
}

struct ffabi_spmc_partition *ffabi_spmc_own_or_vm(const struct ffabi_spmc *s,
						  struct ffabi_spmc_partition *caller, uint16_t id)
{
	return id == 0 ? caller : ffabi_spmc_acts_for(s, caller, id);
}

struct ffabi_ctx *ffabi_spmc_speak(struct ffabi_spmc *s, const struct ffabi_spmc_partition *p)
{
	s->ctx.version = p->peer.version;
	s->ctx.waive = s->callee.waive;
	s->ctx.instance = p->peer.instance;
	return &s->ctx;
}

static int disjoint_ids(const struct ffabi_spmc *s)
{
	uint32_t i;

	for (i = 0; i < s->partition_count; i++) {
		const struct ffabi_spmc_partition *p = &s->partitions[i];

		if (p->vcpu_count == 0 || p->vcpus == 0 || p->peer.id == s->id)
			return 0;
		if (ffabi_spmc_find(s, p->peer.id) != p)
			return 0;
	}
	return 1;
}

int ffabi_spmc_start(struct ffabi_spmc *s)
{
	uint32_t i;

	if (!disjoint_ids(s) || s->scratch.len < FFABI_PAGE_SIZE || s->platform.map == 0)
		return 0;
	s->callee.handlers = handlers;
	s->callee.self = s;
	s->callee.lowest = FFABI_V1_0;
	s->callee.highest = s->version;
	s->callee.waive = FFABI_AS_SPECIFIED;
	s->info_tag = 1;
	for (i = 0; i < s->partition_count; i++)
		s->partitions[i].bitmap = ffabi_spmc_secure(&s->partitions[i]) != 0;
	return ffabi_spmc_broken(s) == 0;
}

void ffabi_spmc_copy(struct ffabi_regs *to, const struct ffabi_regs *from)
{
	volatile uint64_t *x = to->x; /* or compilers call memcpy */
	unsigned int i;

	for (i = 0; i < sizeof(to->x) / sizeof(to->x[0]); i++)
		x[i] = from->x[i];
}

/* Whoever runs now gets what was kept for it. */
static void switched(struct ffabi_spmc *s, struct ffabi_regs *regs)
{
	struct ffabi_spmc_vcpu *v = ffabi_spmc_vcpu(s, &s->next->at);

	s->next->resume = !v->held;
	if (v->held)
		ffabi_spmc_copy(regs, &v->entry);
	v->held = 0;
}

static int is_from(const struct ffabi_spmc *s)
{
	return s->next->at.id == s->from.id && s->next->at.vcpu == s->from.vcpu &&
	       s->next->idle == 0;
}

/* A reply that leaves the caller running; FFA_ABORT of a root has no other way either. */
static void reply(struct ffabi_spmc *s, enum ffabi_status status, struct ffabi_regs *regs)
{
	if (status != FFABI_STATUS_SUCCESS || ffabi_callee_give(&s->exchange, regs) != FFABI_OK)
		ffabi_callee_refuse(&s->exchange,
				    status != FFABI_STATUS_SUCCESS ? status : FFABI_STATUS_ABORTED,
				    regs);
}

void ffabi_spmc_call(struct ffabi_spmc *s, const struct ffabi_spmc_at *from,
		     struct ffabi_regs *regs, struct ffabi_spmc_next *next)
{
	struct ffabi_spmc_partition *p = ffabi_spmc_find(s, from->id);
	struct ffabi_spmc_vcpu *v = ffabi_spmc_vcpu(s, from);
	struct ffabi_exchange *x = &s->exchange;
	enum ffabi_status status;

	s->from = *from;
	s->next = next;
	s->interrupt = 0;
	next->at = *from;
	next->resume = 0;
	next->idle = 0;
	if (v == 0 || v->state != FFABI_SPMC_RUNNING) {
		x->ctx.version = s->version;
		x->call = FFABI_CALL_ERROR;
		ffabi_callee_refuse(x, v == 0 ? FFABI_STATUS_NOT_SUPPORTED : FFABI_STATUS_DENIED,
				    regs);
		return;
	}
	status = ffabi_callee_take(&s->callee, &p->peer, x, regs);
	if (status == FFABI_STATUS_SUCCESS)
		status = ffabi_spmc_fault(s, regs);
	if (status == FFABI_STATUS_SUCCESS && !v->held && handlers[x->reply.of] != 0)
		status = handlers[x->reply.of](s, &p->peer, x);
	if (is_from(s) && !v->held)
		reply(s, status, regs);
	else if (!next->idle)
		switched(s, regs);
}
