/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * The conduits of AArch64 (SMC Calling Convention, DEN0028): one instruction between
 * two copies of struct ffabi_regs.  ffabi/conduit.h says what each is for.
 *
 * The callee preserves x18-x30 and the stack pointer, so regs waits in x19.  The return
 * address never leaves x30: pointer authentication has nothing to sign.  Written for
 * the preprocessor of C alone, which assemblers of every tree share.
 */
#if defined(__aarch64__)

#define BTI_C hint 34 /* a no-op where there is no branch target identification */

/* x0 and x1 are loaded last and stored first: x1 is the argument. */
#define X2_TO_7(op)              \
	op x2, x3, [x19, 16];    \
	op x4, x5, [x19, 32];    \
	op x6, x7, [x19, 48]
#define X2_TO_17(op)             \
	X2_TO_7(op);             \
	op x8, x9, [x19, 64];    \
	op x10, x11, [x19, 80];  \
	op x12, x13, [x19, 96];  \
	op x14, x15, [x19, 112]; \
	op x16, x17, [x19, 128]
#define STORE_8_ZERO_10           \
	X2_TO_7(stp);             \
	stp xzr, xzr, [x19, 64];  \
	stp xzr, xzr, [x19, 80];  \
	stp xzr, xzr, [x19, 96];  \
	stp xzr, xzr, [x19, 112]; \
	stp xzr, xzr, [x19, 128]

/* x0: self, unused; x1: regs. */
#define CONDUIT(name, instruction, loads, stores) \
	.section .text.name, "ax", %progbits;     \
	.balign 4;                                \
	.global name;                             \
	.type name, %function;                    \
name:                                             \
	.cfi_startproc;                           \
	BTI_C;                                    \
	str x19, [sp, -16]!;                      \
	.cfi_def_cfa_offset 16;                   \
	.cfi_offset 19, -16;                      \
	mov x19, x1;                              \
	loads;                                    \
	ldp x0, x1, [x19];                        \
	instruction 0;                            \
	stp x0, x1, [x19];                        \
	stores;                                   \
	ldr x19, [sp], 16;                        \
	.cfi_restore 19;                          \
	.cfi_def_cfa_offset 0;                    \
	ret;                                      \
	.cfi_endproc;                             \
	.size name, . - name

CONDUIT(ffabi_smc, smc, X2_TO_17(ldp), X2_TO_17(stp))
CONDUIT(ffabi_hvc, hvc, X2_TO_17(ldp), X2_TO_17(stp))
CONDUIT(ffabi_svc, svc, X2_TO_17(ldp), X2_TO_17(stp))
CONDUIT(ffabi_smc_8, smc, X2_TO_7(ldp), STORE_8_ZERO_10)
CONDUIT(ffabi_hvc_8, hvc, X2_TO_7(ldp), STORE_8_ZERO_10)
CONDUIT(ffabi_svc_8, svc, X2_TO_7(ldp), STORE_8_ZERO_10)

/* GNU_PROPERTY_AARCH64_FEATURE_1_AND: BTI (bit 0) and PAC (bit 1). */
	.section .note.gnu.property, "a"
	.balign 8
	.word 4
	.word 16
	.word 5
	.asciz "GNU"
	.word 0xc0000000
	.word 4
	.word 3
	.word 0

	.section .note.GNU-stack, "", %progbits

#endif
