/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Replies to any call: the number of the head is the call, its bit 16 the convention.  Seeds: reply
 * vectors-reply */
#include "registers.h"

#include <string.h>

#include <ffabi/reply.h>

static enum ffabi_conv asked(const struct fuzz_input *in)
{
	return (in->number >> 16 & 1) != 0 ? FFABI_SMC64 : FFABI_SMC32;
}

static enum ffabi_call call(const struct fuzz_input *in)
{
	return (enum ffabi_call)((in->number & 0xffff) % (FFABI_CALL_COUNT + 1u));
}

static enum ffabi_rule unpack(struct ffabi_ctx *c, const struct fuzz_input *in,
			      const struct ffabi_regs *regs, void *out)
{
	return ffabi_reply_unpack(c, call(in), asked(in), regs, out);
}

static enum ffabi_rule pack(struct ffabi_ctx *c, const struct fuzz_input *in, const void *what,
			    struct ffabi_regs *out)
{
	return ffabi_reply_pack(c, asked(in), what, out);
}

/* Those without function id pass what their request does. */
static enum ffabi_conv conv(const struct fuzz_input *in, const struct ffabi_regs *regs)
{
	(void)in;
	return ffabi_call_of((uint32_t)regs->x[0]) == FFABI_CALL_COUNT ? FFABI_SMC32
								       : ffabi_conv_of(regs->x[0]);
}

/* Every reply begins with its kind; in most the convention follows. */
static void make(const struct fuzz_input *in, void *what)
{
	const uint32_t kind = in->options & 0x7f;
	const uint32_t conv_of_reply = (in->options & 0x80) != 0 ? FFABI_SMC64 : FFABI_SMC32;
	struct ffabi_reply *r = what;

	r->of = call(in);
	memcpy(&r->u, &kind, sizeof(kind));
	memcpy((uint8_t *)&r->u + sizeof(kind), &conv_of_reply, sizeof(conv_of_reply));
}

static void run(const struct fuzz_input *in)
{
	static const struct fuzz_sum sum = {sizeof(struct ffabi_reply), unpack, pack, conv, make};

	fuzz_registers_check(in, &sum);
}

const struct fuzz_target fuzz_target = {"reply", NULL, run, NULL};
