/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* What has to be true of any registers, and of any values that are to be packed. */
#include "registers.h"

#include <stdlib.h>
#include <string.h>

#define FILL 0x5a
#define OTHER 0xa5

void fuzz_registers(const struct fuzz_input *in, struct ffabi_regs *out)
{
	for (unsigned int i = 0; i < sizeof(*out); i++) {
		uint64_t *x = &out->x[i / 8];

		*x = (i % 8 != 0 ? *x : 0) | (uint64_t)(i < in->n ? in->body[i] : 0) << i % 8 * 8;
	}
}

enum ffabi_rule fuzz_registers_unpack(const struct fuzz_input *in, const struct fuzz_sum *sum,
				      struct ffabi_ctx *c, const struct ffabi_regs *regs, void *out)
{
	enum ffabi_rule rule;

	memset(out, OTHER, sum->struct_size);
	rule = sum->unpack(c, in, regs, out);
	if (rule != FFABI_OK)
		fuzz_judge_refusal(c, rule, sizeof(regs->x) / sizeof(regs->x[0]) - 1);
	return rule;
}

/* Invariant 6: all 18 registers, or none. */
enum ffabi_rule fuzz_registers_pack(const struct fuzz_input *in, const struct fuzz_sum *sum,
				    struct ffabi_ctx *c, const void *what, struct ffabi_regs *out)
{
	struct ffabi_ctx again = *c;
	struct ffabi_regs other;
	enum ffabi_rule rule;

	memset(out, FILL, sizeof(*out));
	memset(&other, OTHER, sizeof(other));
	rule = sum->pack(c, in, what, out);
	REQUIRE(6, sum->pack(&again, in, what, &other) == rule,
		"what was there changes the verdict");
	if (rule == FFABI_OK) {
		REQUIRE(6, !memcmp(out, &other, sizeof(other)), "a register is not written");
		return rule;
	}
	fuzz_judge_refusal(c, rule, sizeof(out->x) / sizeof(out->x[0]) - 1);
	REQUIRE(6, fuzz_untouched((const uint8_t *)out, 0, sizeof(*out), FILL),
		"a refused pack writes a register");
	return rule;
}

/* Invariant 5, as far as the convention passes registers. */
void fuzz_registers_accepted(const struct fuzz_input *in, const struct fuzz_sum *sum,
			     const struct ffabi_regs *regs, const void *what)
{
	const unsigned int passed = ffabi_passed(in->c.version, sum->conv(in, regs));
	struct ffabi_ctx c = in->c;
	struct ffabi_regs out;

	c.waive = FFABI_STRICT;
	REQUIRE(5, fuzz_registers_pack(in, sum, &c, what, &out) == FFABI_OK,
		"what was accepted does not pack");
	REQUIRE(5, !memcmp(out.x, regs->x, passed * sizeof(out.x[0])),
		"what was accepted packs to other registers");
	REQUIRE(6,
		fuzz_untouched((const uint8_t *)&out.x[passed], 0,
			       sizeof(out) - passed * sizeof(out.x[0]), 0),
		"a register that is not passed is not zero");
}

static void check_waivers(const struct fuzz_input *in, const struct fuzz_sum *sum,
			  const struct ffabi_regs *regs, void *what, int strict)
{
	struct ffabi_ctx c = in->c;
	const int accepted = fuzz_registers_unpack(in, sum, &c, regs, what) == FFABI_OK;

	REQUIRE(7, accepted || !strict, "a waiver refuses what was accepted");
	while (accepted && (c.waive = fuzz_more_waivers(in->c.waive, c.waive)) != 0)
		REQUIRE(7, fuzz_registers_unpack(in, sum, &c, regs, what) == FFABI_OK,
			"a waiver refuses what was accepted");
}

static void check_writer(const struct fuzz_input *in, const struct fuzz_sum *sum, void *what)
{
	struct ffabi_ctx c = in->c;
	struct ffabi_regs out;

	memset(what, 0, sum->struct_size);
	memcpy(what, in->body, in->n < sum->struct_size ? in->n : sum->struct_size);
	sum->make(in, what);
	c.waive = FFABI_STRICT;
	if (fuzz_registers_pack(in, sum, &c, what, &out) != FFABI_OK)
		return;
	REQUIRE(5, fuzz_registers_unpack(in, sum, &c, &out, what) == FFABI_OK,
		"what was packed is refused");
	fuzz_registers_accepted(in, sum, &out, what);
}

void fuzz_registers_check(const struct fuzz_input *in, const struct fuzz_sum *sum)
{
	void *what = fuzz_block(sum->struct_size, 0);
	struct ffabi_ctx c = in->c;
	struct ffabi_regs regs;
	int strict;

	fuzz_registers(in, &regs);
	c.waive = FFABI_STRICT;
	strict = fuzz_registers_unpack(in, sum, &c, &regs, what) == FFABI_OK;
	if (strict)
		fuzz_registers_accepted(in, sum, &regs, what);
	check_waivers(in, sum, &regs, what, strict);
	check_writer(in, sum, what);
	free(what);
}
