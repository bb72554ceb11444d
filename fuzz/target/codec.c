/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * The codec of one call, whatever function id the registers have.  The number of the head: bits
 * 15:0 the call, bit 16 the convention, bit 17 the reply instead of the request.  Seeds: request
 * replies vectors-request every-kind
 */
#include "codecs.h"
#include "register_sweeps.h"

#include <stdlib.h>
#include <string.h>

#define COUNT (sizeof(fuzz_codecs) / sizeof(fuzz_codecs[0]))

static int is_reply(const struct fuzz_input *in)
{
	return (in->number >> 17 & 1) != 0;
}

static const struct fuzz_codec *codec(const struct fuzz_input *in)
{
	return &fuzz_codecs[(in->number & 0xffff) % COUNT][is_reply(in)];
}

static enum ffabi_conv asked(const struct fuzz_input *in)
{
	return (in->number >> 16 & 1) != 0 ? FFABI_SMC64 : FFABI_SMC32;
}

static enum ffabi_rule unpack(struct ffabi_ctx *c, const struct fuzz_input *in,
			      const struct ffabi_regs *regs, void *out)
{
	return codec(in)->unpack(c, asked(in), regs, out);
}

static enum ffabi_rule pack(struct ffabi_ctx *c, const struct fuzz_input *in, const void *what,
			    struct ffabi_regs *out)
{
	return codec(in)->pack(c, asked(in), what, out);
}

static enum ffabi_conv conv(const struct fuzz_input *in, const struct ffabi_regs *regs)
{
	(void)in;
	return ffabi_call_of((uint32_t)regs->x[0]) == FFABI_CALL_COUNT ? FFABI_SMC32
								       : ffabi_conv_of(regs->x[0]);
}

/* A reply begins with its kind; in most the convention follows. */
static void make(const struct fuzz_input *in, void *what)
{
	const uint32_t head[] = {in->options & 0x7fu,
				 (in->options & 0x80) != 0 ? FFABI_SMC64 : FFABI_SMC32};

	if (is_reply(in))
		memcpy(what, head, sizeof(head) < codec(in)->size ? sizeof(head) : codec(in)->size);
}

static struct fuzz_sum sum_of(const struct fuzz_input *in)
{
	const struct fuzz_sum sum = {codec(in)->size, unpack, pack, conv, make};

	return sum;
}

/* Every codec is asked for every kind and id, in each convention. */
static void run_every(const struct fuzz_input *in)
{
	struct fuzz_input one = *in;

	for (uint32_t i = 0; i < 4 * COUNT; i++) {
		struct fuzz_sum sum;

		one.number = i / 4 | (i & 3) << 16;
		sum = sum_of(&one);
		fuzz_sweep_kinds(&one, &sum);
		if (is_reply(&one) || asked(&one) == FFABI_SMC32)
			fuzz_sweep_ids(&one, &sum, FFABI_SMC32);
		if (is_reply(&one) || asked(&one) == FFABI_SMC64)
			fuzz_sweep_ids(&one, &sum, FFABI_SMC64);
	}
}

static void run(const struct fuzz_input *in)
{
	struct fuzz_input chosen = *in;
	struct ffabi_ctx c = in->c;
	struct ffabi_regs regs;
	struct fuzz_sum sum;
	void *what;

	if (in->options == FUZZ_EVERY_KIND && in->n == 0 && in->number == 0 && c.waive == 0) {
		run_every(in);
		return;
	}
	fuzz_registers(in, &regs);
	if (!is_reply(in)) /* a request says its convention itself */
		chosen.number =
			(in->number & ~(1u << 16)) | (uint32_t)ffabi_conv_of(regs.x[0]) >> 14;
	sum = sum_of(&chosen);
	fuzz_registers_check(&chosen, &sum);
	c.waive = FFABI_STRICT;
	what = fuzz_block(sum.struct_size, 0);
	if (in->options == FUZZ_EACH_BYTE &&
	    fuzz_registers_unpack(&chosen, &sum, &c, &regs, what) == FFABI_OK) {
		fuzz_sweep_values(&chosen, &sum, what);
		fuzz_sweep_registers(&chosen, &sum, &regs);
	}
	free(what);
}

const struct fuzz_target fuzz_target = {"codec", NULL, run, NULL};
