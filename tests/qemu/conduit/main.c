/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* The conduits against a callee that really traps: every register, both ways. */
#include <stddef.h>

#include "../console.h"
#include "trial.h"

struct trial trial;

#define AT(member, offset) _Static_assert(offsetof(struct trial, member) == (offset), #member)
AT(spsr, TRIAL_SPSR);
AT(conduit, TRIAL_CONDUIT);
AT(self, TRIAL_SELF);
AT(sp, TRIAL_SP);
AT(exit, TRIAL_EXIT);
AT(regs, TRIAL_REGS);
AT(kept, TRIAL_KEPT);
AT(kept_after, TRIAL_KEPT_AFTER);
AT(sp_after, TRIAL_SP_AFTER);
AT(answers, TRIAL_ANSWERS);
AT(arrived, TRIAL_ARRIVED);
AT(syndrome, TRIAL_SYNDROME);
AT(arrivals, TRIAL_ARRIVALS);
AT(fault, TRIAL_FAULT);
AT(simd, TRIAL_SIMD);
AT(simd_after, TRIAL_SIMD_AFTER);

/* SPSR: interrupts masked, and the level. */
enum {
	AT_EL0 = 0x3c0,
	AT_EL1 = 0x3c5,
	AT_EL2 = 0x3c9
};
/* ESR.EC */
enum {
	CLASS_BRANCH_TARGET = 0x0d,
	CLASS_SVC = 0x15,
	CLASS_HVC = 0x16,
	CLASS_SMC = 0x17
};

#define HCR_TSC (1ull << 19)
#define HCR_TGE (1ull << 27)
#define HCR_RW (1ull << 31)
#define HCR_APK_API (3ull << 40)
#define SCTLR_M 1ull
#define SCTLR_BT1 (1ull << 36)
#define SCTLR_RES1 0x30d00800ull

struct way {
	const char *name;
	ffabi_conduit_call *conduit;
	uint64_t spsr;
	uint32_t class; /* of the exception that has to reach the callee */
	uint32_t count; /* registers that travel */
};

static const struct way ways[] = {
	{"smc from EL1, 18 registers", ffabi_smc, AT_EL1, CLASS_SMC, 18},
	{"smc from EL1, 8 registers", ffabi_smc_8, AT_EL1, CLASS_SMC, 8},
#if TOP == 2
	{"hvc from EL1, 18 registers", ffabi_hvc, AT_EL1, CLASS_HVC, 18},
	{"hvc from EL1, 8 registers", ffabi_hvc_8, AT_EL1, CLASS_HVC, 8},
	{"svc from EL0, 18 registers", ffabi_svc, AT_EL0, CLASS_SVC, 18},
	{"svc from EL0, 8 registers", ffabi_svc_8, AT_EL0, CLASS_SVC, 8},
#else
	{"smc from EL2, 18 registers", ffabi_smc, AT_EL2, CLASS_SMC, 18},
	{"smc from EL2, 8 registers", ffabi_smc_8, AT_EL2, CLASS_SMC, 8},
#endif
};

/* The caller's stack; STACK_USED bytes below the pointer may change. */
enum {
	STACK_WORDS = 64,
	STACK_SP = 32,
	STACK_USED = 2
};
static uint64_t stack[STACK_WORDS] __attribute__((aligned(16)));

static uint64_t translation[512] __attribute__((aligned(4096)));

static void verdict(const char *what, const char *check, int good)
{
	say(good ? "ok " : "FAIL ");
	say(TOP == 2 ? "callee at EL2: " : "callee at EL3: ");
	say(what);
	say(": ");
	say(check);
	say("\n");
}

/* A value for every register of every round, with bits in both halves. */
static uint64_t pattern(uint32_t round, uint32_t index)
{
	const uint64_t value = 0x9e3779b97f4a7c15ull * (index + 1);

	return round & 1 ? ~value : value;
}

/* Stage 1 of EL1: 0-1 GiB devices, 1-2 GiB normal memory whose branch targets are guarded. */
static void prepare_el1(void)
{
	translation[0] = 0x0060000000000401ull;
	translation[1] = 0x0004000040000705ull;
	__asm__ volatile("msr mair_el1, %0" ::"r"(0xff00ull));
	__asm__ volatile("msr tcr_el1, %0" ::"r"(0x200803519ull)); /* 39 bits, 4 KiB pages */
	__asm__ volatile("msr ttbr0_el1, %0" ::"r"(translation));
}

/* Only EL1 is mapped: its pages are not for EL0. */
static void set_controls(uint64_t spsr)
{
	uint64_t sctlr = SCTLR_RES1 | SCTLR_BT1;
	uint64_t hcr = HCR_RW | HCR_APK_API;

	if (TOP == 2)
		hcr |= HCR_TSC;
	if (spsr == AT_EL0)
		hcr |= HCR_TGE; /* exceptions of EL0 go to EL2 */
	else
		sctlr |= SCTLR_M;
	__asm__ volatile("msr hcr_el2, %0" ::"r"(hcr));
	__asm__ volatile("msr sctlr_el1, %0\n\tisb" ::"r"(sctlr));
}

static void prepare(const struct way *w, uint32_t round)
{
	uint32_t i;

	trial.spsr = w->spsr;
	trial.conduit = w->conduit;
	trial.exit = w->spsr == AT_EL0 ? EXIT_SVC : EXIT_SMC;
	trial.self = &trial;
	trial.sp = (uint64_t)(stack + STACK_SP);
	trial.sp_after = 0;
	trial.arrivals = 0;
	trial.fault = 0;
	for (i = 0; i < 18; i++) {
		trial.regs.x[i] = pattern(round, i);
		trial.answers[i] = pattern(round, 100 + i);
	}
	for (i = 0; i < 13; i++) {
		trial.kept[i] = pattern(round, 200 + i);
		trial.kept_after[i] = 0;
	}
	for (i = 0; i < 64; i++) {
		trial.simd[i] = pattern(round, 300 + i);
		trial.simd_after[i] = 0;
	}
	for (i = 0; i < STACK_WORDS; i++)
		stack[i] = pattern(round, 400 + i);
	trial.kept[12] = (uint64_t)trial_returned;
	set_controls(w->spsr);
}

/* How many of n values differ. */
static uint32_t differ(const uint64_t *a, const uint64_t *b, uint32_t n)
{
	uint32_t count = 0;
	uint32_t i;

	for (i = 0; i < n; i++)
		count += a[i] != b[i];
	return count;
}

static int arrived(uint32_t round, uint32_t count)
{
	uint32_t i;

	for (i = 0; i < count; i++)
		if (trial.arrived[i] != pattern(round, i))
			return 0;
	return 1;
}

static int answered(uint32_t count)
{
	uint32_t i;

	for (i = 0; i < 18; i++)
		if (trial.regs.x[i] != (i < count ? trial.answers[i] : 0))
			return 0;
	return 1;
}

static int stack_intact(uint32_t round)
{
	uint32_t i;

	for (i = 0; i < STACK_WORDS; i++)
		if ((i < STACK_SP - STACK_USED || i >= STACK_SP) &&
		    stack[i] != pattern(round, 400 + i))
			return 0;
	return 1;
}

enum {
	ONCE,
	ARRIVED,
	ANSWERED,
	X18,
	KEPT,
	SP,
	STACK,
	SIMD,
	CHECKS
};
static const char *const checks[CHECKS] = {
	"reached the callee once, by this instruction",
	"every register arrived",
	"every answer came back, the rest is zero",
	"x18 is the same at the callee and afterwards",
	"x19-x30 are intact",
	"the stack pointer is intact",
	"no stack was used but 16 bytes",
	"q0-q31 are intact",
};

static void try_way(const struct way *w)
{
	int good[CHECKS];
	uint32_t round;
	uint32_t i;

	for (i = 0; i < CHECKS; i++)
		good[i] = 1;
	for (round = 0; round < 2; round++) {
		prepare(w, round);
		run_trial();
		if (trial.fault != 0) {
			say("# the caller ended with syndrome ");
			say_hex(trial.fault);
			say("\n");
		}
		good[ONCE] &=
			trial.fault == 0 && trial.arrivals == 1 && trial.syndrome >> 26 == w->class;
		good[ARRIVED] &= arrived(round, w->count);
		good[ANSWERED] &= answered(w->count);
		good[X18] &=
			trial.arrived[18] == trial.kept[0] && trial.kept_after[0] == trial.kept[0];
		good[KEPT] &= differ(trial.kept + 1, trial.kept_after + 1, 12) == 0;
		good[SP] &= trial.sp_after == trial.sp;
		good[STACK] &= stack_intact(round);
		good[SIMD] &= differ(trial.simd, trial.simd_after, 64) == 0;
	}
	for (i = 0; i < CHECKS; i++)
		verdict(w->name, checks[i], good[i]);
}

void conduit_main(void);

void conduit_main(void)
{
	static const struct way unguarded = {"", no_landing_pad, AT_EL1, 0, 0};
	uint32_t i;

	prepare_el1();
	prepare(&unguarded, 0);
	run_trial();
	verdict("branch targets", "EL1 faults on a function without landing pad",
		trial.fault >> 26 == CLASS_BRANCH_TARGET);
	for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		try_way(&ways[i]);
	say("end\n");
	leave(0);
}
