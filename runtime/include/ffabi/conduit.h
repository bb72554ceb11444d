/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * How registers reach the callee and come back.  Everything else in the runtime is
 * steps that pack registers and read replies; only the convenience layer calls this.
 */
#ifndef FFABI_CONDUIT_H
#define FFABI_CONDUIT_H

#include <ffabi/core.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Issues one call: x0-x17 of regs go in, x0-x17 of the reply come back in their place.
 * self is the conduit's own: a simulator's state on a host, unused by an instruction.
 */
typedef void ffabi_conduit_call(void *self, struct ffabi_regs *regs);

struct ffabi_conduit {
	ffabi_conduit_call *call;
	void *self;
};

/*
 * The instructions of AArch64 as conduits, in runtime/conduit_aarch64.S; self is unused.
 * They keep what the procedure call standard keeps, use 16 bytes of stack, and touch
 * neither x18 nor SIMD registers; the callee does as the SMC Calling Convention says.
 * SVC is for S-EL0.
 *
 * All of x0-x17 travel both ways (SMCCC 1.2): what FF-A 1.2 needs, and right for all
 * versions.
 */
ffabi_conduit_call ffabi_smc, ffabi_hvc, ffabi_svc;

/*
 * x0-x7 travel both ways, which is all that FF-A 1.0 and 1.1 pass; x8-x17 of the reply
 * are zero whatever a callee of SMCCC 1.0 or 1.1 left there.
 */
ffabi_conduit_call ffabi_smc_8, ffabi_hvc_8, ffabi_svc_8;

#ifdef __cplusplus
}
#endif

#endif /* FFABI_CONDUIT_H */
