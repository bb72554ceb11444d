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

#ifdef __cplusplus
}
#endif

#endif /* FFABI_CONDUIT_H */
