/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * One call through a conduit: what the caller's registers hold before it, what reaches
 * the callee, what the callee leaves, what the caller finds afterwards.  start.S reads
 * the offsets; main.c checks that they are those of the structure.
 */
#ifndef CONDUIT_TRIAL_H
#define CONDUIT_TRIAL_H

#define TRIAL_SPSR 0
#define TRIAL_CONDUIT 8
#define TRIAL_SELF 16
#define TRIAL_SP 24
#define TRIAL_EXIT 32
#define TRIAL_REGS 40
#define TRIAL_KEPT 184
#define TRIAL_KEPT_AFTER 288
#define TRIAL_SP_AFTER 392
#define TRIAL_ANSWERS 400
#define TRIAL_ARRIVED 544
#define TRIAL_SYNDROME 792
#define TRIAL_ARRIVALS 800
#define TRIAL_FAULT 808
#define TRIAL_SIMD 816
#define TRIAL_SIMD_AFTER 1328

/* How the caller gives up its exception level, and how it reports a fault of its own. */
#define EXIT_SMC 0
#define EXIT_SVC 1
#define IMMEDIATE_DONE 0x7f
#define IMMEDIATE_FAULT 0x7e

#ifndef __ASSEMBLER__
#include <ffabi/conduit.h>

struct trial {
	uint64_t spsr; /* the caller's exception level */
	ffabi_conduit_call *conduit;
	void *self;
	uint64_t sp;
	uint64_t exit;
	struct ffabi_regs regs;
	uint64_t kept[13]; /* x18-x30; x30 is not set, but read back */
	uint64_t kept_after[13];
	uint64_t sp_after;
	uint64_t answers[18]; /* what the callee puts in x0-x17 */
	uint64_t arrived[31]; /* x0-x30 at the callee */
	uint64_t syndrome; /* ESR of the callee */
	uint64_t arrivals;
	uint64_t fault; /* ESR of what ended the caller instead, or 0 */
	uint64_t simd[64]; /* q0-q31 */
	uint64_t simd_after[64];
};

extern struct trial trial;

/* Runs the caller's side at its exception level until it gives that up. */
void run_trial(void);
/* Where the conduit returns to. */
void trial_returned(void);
/* A function without a landing pad, to see that landing pads are asked for. */
ffabi_conduit_call no_landing_pad;
#endif

#endif /* CONDUIT_TRIAL_H */
