/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Printing on the callee's console, from version 1.2 on. */
#ifndef FFABI_CALLER_CONSOLE_H
#define FFABI_CALLER_CONSOLE_H

#include <ffabi/caller.h>
#include <ffabi/diagnostics_reply.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Characters, as many as there are; each call takes what the registers of conv hold. */
struct ffabi_logging {
	const uint8_t *chars;
	uint32_t length;
	enum ffabi_conv conv;
	uint32_t retries; /* how often the callee may answer RETRY and take nothing */

	uint32_t done; /* characters that the callee has taken */

	/* The operation's own. */
	uint32_t asked;
};
/* FFABI_OK at once, and no call, when there are no characters. */
ffabi_result ffabi_logging_start(struct ffabi_ctx *c, struct ffabi_logging *l,
				 struct ffabi_regs *regs);
ffabi_result ffabi_logging_step(struct ffabi_ctx *c, struct ffabi_logging *l,
				struct ffabi_regs *regs);

/* Sets conv and retries from k. */
ffabi_result ffabi_caller_log(struct ffabi_caller *k, struct ffabi_logging *l);

#ifdef __cplusplus
}
#endif

#endif /* FFABI_CALLER_CONSOLE_H */
