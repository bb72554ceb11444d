/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Framework messages, which direct messages and feature queries carry.  Seeds: request
 * vectors-request */
#include "registers.h"

#include <ffabi/message.h>

static enum ffabi_rule unpack(struct ffabi_ctx *c, const struct fuzz_input *in,
			      const struct ffabi_regs *regs, void *out)
{
	(void)in;
	return ffabi_message_unpack(c, regs, out);
}

static enum ffabi_rule pack(struct ffabi_ctx *c, const struct fuzz_input *in, const void *what,
			    struct ffabi_regs *out)
{
	(void)in;
	return ffabi_message_pack(c, what, out);
}

static enum ffabi_conv conv(const struct fuzz_input *in, const struct ffabi_regs *regs)
{
	(void)in;
	return ffabi_conv_of(regs->x[0]);
}

static void make(const struct fuzz_input *in, void *what)
{
	struct ffabi_message *r = what;

	r->call = (enum ffabi_call)((in->number & 0xffff) % (FFABI_CALL_COUNT + 1u));
	r->conv = (in->number >> 16 & 1) != 0 ? FFABI_SMC64 : FFABI_SMC32;
}

static void run(const struct fuzz_input *in)
{
	static const struct fuzz_sum sum = {sizeof(struct ffabi_message), unpack, pack, conv, make};

	fuzz_registers_check(in, &sum);
}

const struct fuzz_target fuzz_target = {"framework_message", NULL, run, NULL};
