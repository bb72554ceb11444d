/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Both sides of a trial.  The callee owns exception level TOP (2 or 3): it records what
 * arrived, poisons x0-x17 with its answers and returns.  The caller fills x18-x30, the
 * stack pointer and the SIMD registers, and calls a conduit.
 */
#include "../image.h"
#include "trial.h"

#define CLASS_SVC 0x15
#define CLASS_HVC 0x16
#define CLASS_SMC 0x17

/* n registers of 8 (x) or 16 (q) bytes from a base on. */
	.macro	general op, base, offset, first, last
	.set	i, \first
	.rept	\last - \first + 1
	general_one \op, %i, \base, (\offset + 8 * (i - \first))
	.set	i, i + 1
	.endr
	.endm
	.macro	general_one op, number, base, offset
	\op	x\number, [\base, #\offset]
	.endm
	.macro	simd op, base, offset
	.set	i, 0
	.rept	32
	simd_one \op, %i, \base, (\offset + 16 * i)
	.set	i, i + 1
	.endr
	.endm
	.macro	simd_one op, number, base, offset
	\op	q\number, [\base, #(\offset)]
	.endm
	.altmacro

	image_start
	address	x0, vectors
	msr	OF_TOP(vbar_el), x0
#if TOP == 3
	ldr	x0, =0x30531 /* SCR_EL3: NS, two reserved ones, HCE, RW, APK, API */
	msr	scr_el3, x0
	msr	cptr_el3, xzr
#endif
	mov	x0, #0x33ff /* CPTR_EL2: nothing of SIMD is trapped */
	msr	cptr_el2, x0
	mov	x0, #(3 << 20) /* CPACR_EL1: the same */
	msr	cpacr_el1, x0
	address	x0, caller_vectors
	msr	vbar_el1, x0
	isb
	bl	conduit_main
	bl	leave

/* The callee. */
	.text
	.global	run_trial
run_trial:
	stp	x19, x20, [sp, #-96]!
	stp	x21, x22, [sp, #16]
	stp	x23, x24, [sp, #32]
	stp	x25, x26, [sp, #48]
	stp	x27, x28, [sp, #64]
	stp	x29, x30, [sp, #80]
	address	x9, trial
	ldr	x10, [x9, #TRIAL_SPSR]
	msr	OF_TOP(spsr_el), x10
	address	x10, caller
	msr	OF_TOP(elr_el), x10
	isb
	eret

called:
	stp	x9, x10, [sp, #-16]!
	mrs	x9, OF_TOP(esr_el)
	lsr	x10, x9, #26
	cmp	x10, #CLASS_SVC
	b.lo	unexpected
	cmp	x10, #CLASS_SMC
	b.hi	unexpected
	and	x10, x9, #0xffff
	cmp	x10, #IMMEDIATE_FAULT
	b.eq	faulted
	cmp	x10, #IMMEDIATE_DONE
	b.eq	done
	address	x9, trial
	general	str, x9, TRIAL_ARRIVED, 0, 30
	ldp	x0, x1, [sp], #16
	str	x0, [x9, #(TRIAL_ARRIVED + 72)]
	str	x1, [x9, #(TRIAL_ARRIVED + 80)]
	mrs	x0, OF_TOP(esr_el)
	str	x0, [x9, #TRIAL_SYNDROME]
#if TOP == 2
	lsr	x0, x0, #26
	cmp	x0, #CLASS_SMC /* a trapped SMC returns to itself */
	b.ne	1f
	mrs	x0, elr_el2
	add	x0, x0, #4
	msr	elr_el2, x0
1:
#endif
	ldr	x0, [x9, #TRIAL_ARRIVALS]
	add	x0, x0, #1
	str	x0, [x9, #TRIAL_ARRIVALS]
	mov	x17, x9
	general	ldr, x17, TRIAL_ANSWERS, 0, 17
	eret

faulted:
	mrs	x9, esr_el1
unexpected:
	address	x10, trial
	str	x9, [x10, #TRIAL_FAULT]
done:
	add	sp, sp, #16
	ldp	x21, x22, [sp, #16]
	ldp	x23, x24, [sp, #32]
	ldp	x25, x26, [sp, #48]
	ldp	x27, x28, [sp, #64]
	ldp	x29, x30, [sp, #80]
	ldp	x19, x20, [sp], #96
	ret

	image_vectors called

/* The caller. */
	.balign	2048
caller_vectors:
	.rept	16
	smc	#IMMEDIATE_FAULT
	.balign	128
	.endr

caller:
	address	x9, trial
	simd	ldr, x9, TRIAL_SIMD
	ldr	x10, [x9, #TRIAL_SP]
	mov	sp, x10
	general	ldr, x9, TRIAL_KEPT, 18, 29
	ldr	x0, [x9, #TRIAL_SELF]
	add	x1, x9, #TRIAL_REGS
	ldr	x10, [x9, #TRIAL_CONDUIT]
	blr	x10
	.global	trial_returned
trial_returned:
	address	x9, trial
	general	str, x9, TRIAL_KEPT_AFTER, 18, 30
	mov	x10, sp
	str	x10, [x9, #TRIAL_SP_AFTER]
	simd	str, x9, TRIAL_SIMD_AFTER
	ldr	x10, [x9, #TRIAL_EXIT]
	cbnz	x10, 1f
	smc	#IMMEDIATE_DONE
1:	svc	#IMMEDIATE_DONE

	.global	no_landing_pad
no_landing_pad:
	ret
