/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* From registers to views, by the library. */
#ifndef FFABI_CLI_DECODE_H
#define FFABI_CLI_DECODE_H

#include "view.h"

void view_request(struct view *v, const struct ffabi_regs *regs, uint32_t version);
void view_reply(struct view *v, const struct ffabi_regs *regs, uint32_t version,
		const struct question *question);

/* What this request asks, for its reply. */
void view_question(const struct view *v, struct question *out);

#endif /* FFABI_CLI_DECODE_H */
