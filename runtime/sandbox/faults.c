/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* What goes wrong on purpose, and calls that are paused. */
#include "logic.h"

/* Calls that may be time sliced. */
static int can_pause(enum ffabi_call call)
{
	switch (call) {
	case FFABI_CALL_MEM_DONATE:
	case FFABI_CALL_MEM_LEND:
	case FFABI_CALL_MEM_SHARE:
	case FFABI_CALL_MEM_RETRIEVE_REQ:
	case FFABI_CALL_MEM_RELINQUISH:
	case FFABI_CALL_MEM_RECLAIM:
	case FFABI_CALL_MEM_FRAG_TX:
	case FFABI_CALL_MEM_OP_RESUME:
		return 1;
	default:
		return 0;
	}
}

static int gives_cycles(enum ffabi_call call)
{
	return call == FFABI_CALL_MSG_SEND_DIRECT_REQ || call == FFABI_CALL_MSG_SEND_DIRECT_REQ2 ||
	       call == FFABI_CALL_RUN;
}

int ffabi_spmc_inject(struct ffabi_spmc *s, const struct ffabi_spmc_fault *fault)
{
	uint32_t i;

	if (fault->countdown == 0 ||
	    (fault->kind == FFABI_SPMC_FAULT_PAUSE && !can_pause(fault->call)) ||
	    (fault->kind == FFABI_SPMC_FAULT_INTERRUPT && !gives_cycles(fault->call)))
		return 0;
	for (i = 0; i < s->fault_count; i++) {
		if (s->faults[i].kind == FFABI_SPMC_FAULT_NONE) {
			s->faults[i].kind = fault->kind;
			s->faults[i].call = fault->call;
			s->faults[i].countdown = fault->countdown;
			s->faults[i].status = fault->status;
			return 1;
		}
	}
	return 0;
}

/* The handle of the operation: its region's, or the next one where it has none yet. */
static uint64_t handle_of(const struct ffabi_spmc *s, const struct ffabi_exchange *x)
{
	switch (x->call) {
	case FFABI_CALL_MEM_RECLAIM:
		return x->request.u.mem_reclaim.handle;
	case FFABI_CALL_MEM_FRAG_TX:
		return x->request.u.mem_frag_tx.handle;
	default:
		return s->handles + 1;
	}
}

/* Keeps the call as it was made; nothing of it has happened. */
static enum ffabi_status pause(struct ffabi_spmc *s, const struct ffabi_regs *regs)
{
	struct ffabi_spmc_vcpu *v = ffabi_spmc_vcpu(s, &s->from);
	struct ffabi_mem_op_pause out;
	if (s->exchange.call != FFABI_CALL_MEM_OP_RESUME) {
		if (s->paused.handle != 0)
			return FFABI_STATUS_BUSY;
		s->paused.handle = handle_of(s, &s->exchange);
		s->paused.from = s->from;
		ffabi_spmc_copy(&s->paused.regs, regs);
	} else if (s->paused.handle != s->exchange.request.u.mem_op_resume.handle) {
		return FFABI_STATUS_INVALID_PARAMETERS;
	}
	out.handle = s->paused.handle;
	(void)ffabi_mem_op_pause_pack(ffabi_spmc_speak(s, ffabi_spmc_find(s, s->from.id)), &out,
				      &v->entry);
	v->held = 1;
	return FFABI_STATUS_SUCCESS;
}

enum ffabi_status ffabi_spmc_fault(struct ffabi_spmc *s, const struct ffabi_regs *regs)
{
	uint32_t i;

	for (i = 0; i < s->fault_count; i++) {
		struct ffabi_spmc_fault *f = &s->faults[i];

		if (f->kind == FFABI_SPMC_FAULT_NONE || f->call != s->exchange.call ||
		    --f->countdown != 0)
			continue;
		switch (f->kind) {
		case FFABI_SPMC_FAULT_INTERRUPT:
			s->interrupt = 1;
			break;
		case FFABI_SPMC_FAULT_PAUSE:
			f->kind = FFABI_SPMC_FAULT_NONE;
			return pause(s, regs);
		default:
			f->kind = FFABI_SPMC_FAULT_NONE;
			return (enum ffabi_status)f->status;
		}
		f->kind = FFABI_SPMC_FAULT_NONE;
	}
	return FFABI_STATUS_SUCCESS;
}

/* The call that was paused is made now; what it is answered with answers this one. */
enum ffabi_status ffabi_spmc_mem_op_resume(void *self, struct ffabi_peer *peer,
					   struct ffabi_exchange *x)
{
	struct ffabi_spmc *s = self;
	enum ffabi_status status;

	if (s->paused.handle == 0 || s->paused.handle != x->request.u.mem_op_resume.handle ||
	    s->paused.from.id != s->from.id)
		return FFABI_STATUS_INVALID_PARAMETERS;
	s->paused.handle = 0;
	status = ffabi_callee_take(&s->callee, peer, x, &s->paused.regs);
	if (status == FFABI_STATUS_SUCCESS)
		status = ffabi_spmc_handler(x->call)(self, peer, x);
	return status;
}
