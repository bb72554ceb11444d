/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Console output, and partitions that end. */
#include "logic.h"

enum ffabi_status ffabi_spmc_console_log(void *self, struct ffabi_peer *peer,
					 struct ffabi_exchange *x)
{
	const struct ffabi_console_log *in = &x->request.u.console_log;
	struct ffabi_console_log_reply *reply = &x->reply.u.console_log;
	const struct ffabi_spmc *s = self;
	uint32_t taken;

	if (s->platform.console == 0)
		return FFABI_STATUS_NOT_SUPPORTED;
	if (in->char_count == 0)
		return FFABI_STATUS_INVALID_PARAMETERS;
	taken = s->platform.console(s->platform.self, peer->id, in->chars, in->char_count);
	if (taken >= in->char_count)
		return FFABI_STATUS_SUCCESS;
	reply->kind = FFABI_CALL_ERROR;
	reply->conv = FFABI_SMC32;
	reply->u.error.target_endpoint_id = 0;
	reply->u.error.target_vcpu_id = 0;
	reply->u.error.status = FFABI_STATUS_RETRY;
	reply->u.error.error_arg = taken;
	return FFABI_STATUS_SUCCESS;
}

/* Its contexts stop; what it borrowed goes back, so that owners can reclaim it. */
static void end(struct ffabi_spmc *s, struct ffabi_spmc_partition *p)
{
	uint32_t i;

	for (i = 0; i < p->vcpu_count; i++)
		p->vcpus[i].state = FFABI_SPMC_ABORTED;
	for (i = 0; i < s->region_count; i++) {
		struct ffabi_spmc_region *r = &s->regions[i];

		if (r->state == FFABI_SPMC_SENDING && r->caller == p->peer.id)
			r->state = FFABI_SPMC_FREE;
		if (r->state == FFABI_SPMC_ACTIVE &&
		    ffabi_spmc_borrower(r, p->peer.id) != r->view.places.access_count)
			r->retrieved &= ~((uint32_t)1 << ffabi_spmc_borrower(r, p->peer.id));
	}
	ffabi_spmc_drop_outgoing(s, p);
	s->info_tag++; /* lists that began before are stale */
	if (s->info_tag == 0)
		s->info_tag = 1;
}

/* Nobody else may wait behind it, or run for it on another processor. */
static int can_end(const struct ffabi_spmc_partition *p)
{
	uint32_t i;

	for (i = 0; i < p->vcpu_count; i++) {
		const struct ffabi_spmc_vcpu *v = &p->vcpus[i];

		if (v->waits ||
		    (v->state == FFABI_SPMC_RUNNING && v->model == FFABI_SPMC_MODEL_ROOT))
			return 0;
	}
	return 1;
}

/* Its contexts that run and are not at: others of a partition that ends stop with it. */
static int runs_elsewhere(struct ffabi_spmc *s, const struct ffabi_spmc_at *at)
{
	const struct ffabi_spmc_partition *p = ffabi_spmc_find(s, at->id);
	uint32_t i;

	for (i = 0; i < p->vcpu_count; i++) {
		if (i != at->vcpu && p->vcpus[i].state == FFABI_SPMC_RUNNING)
			return 1;
	}
	return 0;
}

int ffabi_spmc_abort(struct ffabi_spmc *s, const struct ffabi_spmc_at *at, struct ffabi_regs *regs,
		     struct ffabi_spmc_next *next)
{
	struct ffabi_spmc_partition *p = ffabi_spmc_find(s, at->id);
	struct ffabi_spmc_vcpu *v = ffabi_spmc_vcpu(s, at);
	struct ffabi_error error = {0, 0, FFABI_STATUS_ABORTED, 0};
	int gives_back;

	if (v == 0 || !can_end(p) || runs_elsewhere(s, at))
		return 0;
	s->next = next;
	next->at = *at;
	next->resume = 0;
	gives_back = v->state == FFABI_SPMC_RUNNING && v->model != FFABI_SPMC_MODEL_INIT;
	next->idle = !gives_back;
	if (gives_back)
		ffabi_spmc_return(s, v);
	end(s, p);
	if (!gives_back)
		return 1;
	ffabi_spmc_vcpu(s, &v->giver)->held = 0;
	(void)ffabi_error_pack(ffabi_spmc_speak(s, ffabi_spmc_find(s, v->giver.id)), FFABI_SMC32,
			       &error, regs);
	return 1;
}

enum ffabi_status ffabi_spmc_aborts(void *self, struct ffabi_peer *peer, struct ffabi_exchange *x)
{
	struct ffabi_spmc *s = self;
	const struct ffabi_spmc_at from = s->from;
	struct ffabi_regs regs;

	(void)peer;
	(void)x;
	if (!ffabi_spmc_abort(s, &from, &regs, s->next))
		return FFABI_STATUS_NOT_SUPPORTED;
	if (!s->next->idle) {
		struct ffabi_spmc_vcpu *giver = ffabi_spmc_vcpu(s, &s->next->at);

		ffabi_spmc_copy(&giver->entry, &regs);
		giver->held = 1;
	}
	return FFABI_STATUS_SUCCESS;
}
