/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Who runs.  A call that gives cycles links its caller to its callee; the links form
 * chains that begin in the normal world and end with whoever runs.
 */
#include "logic.h"

/* A partition with one context runs it on any processor; others on the caller's. */
uint16_t ffabi_spmc_pick(const struct ffabi_spmc *s, const struct ffabi_spmc_partition *p)
{
	return s->from.vcpu < p->vcpu_count ? s->from.vcpu : 0;
}

void ffabi_spmc_enter(struct ffabi_spmc *s, const struct ffabi_spmc_at *target,
		      enum ffabi_spmc_model model)
{
	struct ffabi_spmc_vcpu *caller = ffabi_spmc_vcpu(s, &s->from);
	struct ffabi_spmc_vcpu *v = ffabi_spmc_vcpu(s, target);

	caller->state = FFABI_SPMC_BLOCKED;
	caller->waits = 1;
	caller->callee = *target;
	v->state = FFABI_SPMC_RUNNING;
	v->model = (uint8_t)model;
	v->giver = s->from;
	s->next->at = *target;
	if (s->interrupt) /* the first thing it would have seen */
		(void)ffabi_spmc_preempt(s, target, &v->entry, s->next);
}

/* v, who runs for v->giver, stops. */
static struct ffabi_spmc_vcpu *unlink_from_giver(struct ffabi_spmc *s, struct ffabi_spmc_vcpu *v)
{
	struct ffabi_spmc_vcpu *giver = ffabi_spmc_vcpu(s, &v->giver);

	giver->waits = 0;
	giver->state = FFABI_SPMC_RUNNING;
	s->next->at = v->giver;
	return giver;
}

void ffabi_spmc_return(struct ffabi_spmc *s, struct ffabi_spmc_vcpu *v)
{
	v->state = FFABI_SPMC_WAITING;
	unlink_from_giver(s, v)->held = 1;
}

/* The first of the chain that ends with at: its giver is a processor of the normal world. */
static struct ffabi_spmc_at head_of(struct ffabi_spmc *s, const struct ffabi_spmc_at *at)
{
	struct ffabi_spmc_at head = *at;
	struct ffabi_spmc_at giver = ffabi_spmc_vcpu(s, &head)->giver;

	while (ffabi_spmc_secure(ffabi_spmc_find(s, giver.id))) {
		head = giver;
		giver = ffabi_spmc_vcpu(s, &head)->giver;
	}
	return head;
}

/* Who runs at the end of the chain that begins with at. */
static struct ffabi_spmc_vcpu *tail_of(struct ffabi_spmc *s, struct ffabi_spmc_at *at)
{
	struct ffabi_spmc_vcpu *v = ffabi_spmc_vcpu(s, at);

	while (v->waits) {
		*at = v->callee;
		v = ffabi_spmc_vcpu(s, at);
	}
	return v;
}

/* Does somebody run for a call of another?  Roots and who initialises do not. */
static int given(const struct ffabi_spmc_vcpu *v)
{
	return v->model != FFABI_SPMC_MODEL_ROOT && v->model != FFABI_SPMC_MODEL_INIT;
}

/*
 * A preempted context goes on with what it was to be entered with, if it was not yet:
 * v->held stays as it is.  The normal world learns who it has to run.
 */
int ffabi_spmc_preempt(struct ffabi_spmc *s, const struct ffabi_spmc_at *at,
		       struct ffabi_regs *regs, struct ffabi_spmc_next *next)
{
	struct ffabi_spmc_vcpu *v = ffabi_spmc_vcpu(s, at);
	struct ffabi_interrupt out = {0};
	struct ffabi_spmc_vcpu *root;
	struct ffabi_spmc_at head;

	if (v == 0 || v->state != FFABI_SPMC_RUNNING || !given(v))
		return 0;
	s->next = next;
	next->resume = 0;
	next->idle = 0;
	head = head_of(s, at);
	v->state = FFABI_SPMC_PREEMPTED;
	root = unlink_from_giver(s, ffabi_spmc_vcpu(s, &head));
	out.endpoint_id = head.id;
	out.vcpu_id = head.vcpu;
	(void)ffabi_interrupt_pack(ffabi_spmc_speak(s, ffabi_spmc_find(s, next->at.id)),
				   FFABI_SMC32, &out, &root->entry);
	root->held = s->interrupt;
	if (!s->interrupt)
		ffabi_spmc_copy(regs, &root->entry);
	return 1;
}

/* Fills what a context is entered with when it gets cycles without a request. */
static enum ffabi_rule entry_of_run(struct ffabi_spmc *s, struct ffabi_spmc_partition *p,
				    const struct ffabi_spmc_at *at, struct ffabi_spmc_vcpu *v)
{
	struct ffabi_run run;

	v->held = 1;
	if (ffabi_spmc_deliver(s, p, &v->entry))
		return FFABI_OK;
	run.target_endpoint_id = at->id;
	run.target_vcpu_id = at->vcpu;
	return ffabi_run_pack(ffabi_spmc_speak(s, p), FFABI_SMC32, &run, &v->entry);
}

/* A chain that was interrupted or yielded goes on where it stopped. */
static enum ffabi_status go_on(struct ffabi_spmc *s, struct ffabi_peer *peer,
			       const struct ffabi_spmc_at *target)
{
	struct ffabi_spmc_vcpu *head = ffabi_spmc_vcpu(s, target);
	struct ffabi_spmc_at end = *target;
	struct ffabi_spmc_vcpu *v = tail_of(s, &end);
	const int yielded = v->state == FFABI_SPMC_BLOCKED;

	if (v->state == FFABI_SPMC_RUNNING)
		return FFABI_STATUS_BUSY;
	if (head->giver.id != s->from.id && peer->id != s->scheduler)
		return FFABI_STATUS_DENIED;
	if (ffabi_spmc_secure(ffabi_spmc_find(s, head->giver.id)))
		return FFABI_STATUS_DENIED;
	if (yielded && !v->held && entry_of_run(s, ffabi_spmc_find(s, end.id), &end, v) != FFABI_OK)
		return FFABI_STATUS_DENIED;
	ffabi_spmc_enter(s, target, (enum ffabi_spmc_model)head->model);
	if (!s->interrupt) {
		head->state = head == v ? FFABI_SPMC_RUNNING : FFABI_SPMC_BLOCKED;
		v->state = FFABI_SPMC_RUNNING;
		s->next->at = end;
	}
	return FFABI_STATUS_SUCCESS;
}

enum ffabi_status ffabi_spmc_run(void *self, struct ffabi_peer *peer, struct ffabi_exchange *x)
{
	struct ffabi_spmc *s = self;
	struct ffabi_spmc_at target;
	struct ffabi_spmc_partition *p;
	struct ffabi_spmc_vcpu *v;

	target.id = x->request.u.run.target_endpoint_id;
	target.vcpu = x->request.u.run.target_vcpu_id;
	p = ffabi_spmc_find(s, target.id);
	v = ffabi_spmc_vcpu(s, &target);
	if (v == 0 || p == ffabi_spmc_caller(peer))
		return FFABI_STATUS_INVALID_PARAMETERS;
	switch (v->state) {
	case FFABI_SPMC_RUNNING:
		return FFABI_STATUS_BUSY;
	case FFABI_SPMC_ABORTED:
		return FFABI_STATUS_ABORTED;
	case FFABI_SPMC_NOT_STARTED:
		return peer->version >= FFABI_V1_3 ? FFABI_STATUS_NOT_READY : FFABI_STATUS_DENIED;
	case FFABI_SPMC_WAITING:
		break;
	default:
		return given(v) ? go_on(s, peer, &target) : FFABI_STATUS_BUSY;
	}
	if (peer->id != s->scheduler && !ffabi_spmc_secure(p))
		return FFABI_STATUS_DENIED;
	if (entry_of_run(s, p, &target, v) != FFABI_OK)
		return FFABI_STATUS_DENIED;
	ffabi_spmc_enter(s, &target, FFABI_SPMC_MODEL_RUN);
	return FFABI_STATUS_SUCCESS;
}

/* A processor of the normal world has nobody to give its cycles to: what is there wakes it. */
static enum ffabi_status root_waits(struct ffabi_spmc *s, struct ffabi_spmc_partition *p,
				    struct ffabi_spmc_vcpu *v, struct ffabi_exchange *x)
{
	if (p->peer.instance == FFABI_NS_PHYS)
		return FFABI_STATUS_NOT_SUPPORTED;
	if (ffabi_spmc_deliver(s, p, &v->entry)) {
		v->held = 1;
		return FFABI_STATUS_SUCCESS;
	}
	if (p->peer.version == FFABI_V1_0)
		return FFABI_STATUS_INTERRUPTED;
	x->reply.u.msg_wait.kind = FFABI_CALL_INTERRUPT;
	x->reply.u.msg_wait.conv = FFABI_SMC32;
	x->reply.u.msg_wait.u.interrupt.endpoint_id = 0;
	x->reply.u.msg_wait.u.interrupt.vcpu_id = 0;
	x->reply.u.msg_wait.u.interrupt.interrupt_id = 0;
	return FFABI_STATUS_SUCCESS;
}

/* The RX buffer goes back to its producer, unless the caller says otherwise. */
static void give_back_buffer(struct ffabi_spmc_partition *p, const struct ffabi_msg_wait *in)
{
	if ((in->flags & FFABI_MSG_WAIT_FLAGS_RETAIN_RX) == 0 &&
	    p->box.owner == FFABI_SPMC_CONSUMER && !p->box.message)
		p->box.owner = FFABI_SPMC_PRODUCER;
}

enum ffabi_status ffabi_spmc_msg_wait(void *self, struct ffabi_peer *peer, struct ffabi_exchange *x)
{
	struct ffabi_spmc *s = self;
	struct ffabi_spmc_partition *p = ffabi_spmc_caller(peer);
	struct ffabi_spmc_vcpu *v = ffabi_spmc_vcpu(s, &s->from);
	const struct ffabi_msg_wait *in = &x->request.u.msg_wait;
	struct ffabi_msg_wait out = {0};

	if (in->endpoint_id != 0 || in->vcpu_id != 0 || in->timeout != 0)
		return FFABI_STATUS_INVALID_PARAMETERS;
	if (v->model == FFABI_SPMC_MODEL_DIRECT_REQ || v->model == FFABI_SPMC_MODEL_DIRECT_REQ2)
		return FFABI_STATUS_DENIED;
	if (p->peer.instance != FFABI_NS_PHYS)
		give_back_buffer(p, in);
	if (v->model == FFABI_SPMC_MODEL_ROOT)
		return root_waits(s, p, v, x);
	if (v->model == FFABI_SPMC_MODEL_INIT) {
		v->state = FFABI_SPMC_WAITING;
		s->next->idle = 1;
		return FFABI_STATUS_SUCCESS;
	}
	out.endpoint_id = s->from.id;
	out.vcpu_id = s->from.vcpu;
	ffabi_spmc_return(s, v);
	p = ffabi_spmc_find(s, v->giver.id);
	(void)ffabi_msg_wait_pack(ffabi_spmc_speak(s, p), FFABI_SMC32, &out,
				  &ffabi_spmc_vcpu(s, &v->giver)->entry);
	return FFABI_STATUS_SUCCESS;
}

enum ffabi_status ffabi_spmc_yield(void *self, struct ffabi_peer *peer, struct ffabi_exchange *x)
{
	struct ffabi_spmc *s = self;
	struct ffabi_spmc_vcpu *v = ffabi_spmc_vcpu(s, &s->from);
	const struct ffabi_yield *in = &x->request.u.yield;
	struct ffabi_yield out = {0};
	struct ffabi_spmc_vcpu *root;
	struct ffabi_spmc_at head;

	if (in->endpoint_id != 0 || in->vcpu_id != 0)
		return FFABI_STATUS_INVALID_PARAMETERS;
	if (v->model == FFABI_SPMC_MODEL_INIT)
		return FFABI_STATUS_DENIED;
	if (v->model == FFABI_SPMC_MODEL_ROOT) /* nobody else wants the processor */
		return peer->instance == FFABI_NS_PHYS ? FFABI_STATUS_NOT_SUPPORTED
						       : FFABI_STATUS_SUCCESS;
	head = head_of(s, &s->from);
	v->state = FFABI_SPMC_BLOCKED;
	root = unlink_from_giver(s, ffabi_spmc_vcpu(s, &head));
	root->held = 1;
	out.endpoint_id = head.id;
	out.vcpu_id = head.vcpu;
	peer = &ffabi_spmc_find(s, s->next->at.id)->peer;
	if (peer->version != FFABI_V1_0)
		out.timeout = in->timeout;
	(void)ffabi_yield_pack(ffabi_spmc_speak(s, ffabi_spmc_caller(peer)), FFABI_SMC32, &out,
			       &root->entry);
	return FFABI_STATUS_SUCCESS;
}

enum ffabi_status ffabi_spmc_secondary_ep_register(void *self, struct ffabi_peer *peer,
						   struct ffabi_exchange *x)
{
	struct ffabi_spmc *s = self;
	struct ffabi_spmc_partition *p = ffabi_spmc_caller(peer);
	const uint64_t entry = x->request.u.secondary_ep_register.entry_point;

	if (!ffabi_spmc_secure(p) || p->el0 || p->vcpu_count == 1)
		return FFABI_STATUS_NOT_SUPPORTED;
	if (s->from.vcpu != 0 || p->vcpus[0].model != FFABI_SPMC_MODEL_INIT)
		return FFABI_STATUS_DENIED;
	if (!ffabi_spmc_owned(s, p, entry - entry % FFABI_PAGE_SIZE, 1))
		return FFABI_STATUS_INVALID_PARAMETERS;
	p->entry_point = entry;
	return FFABI_STATUS_SUCCESS;
}
