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

static enum ffabi_rule unpack(const struct fuzz_input *in, const struct fuzz_sum *sum,
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
static enum ffabi_rule pack(const struct fuzz_input *in, const struct fuzz_sum *sum,
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
static void check_accepted(const struct fuzz_input *in, const struct fuzz_sum *sum,
			   const struct ffabi_regs *regs, const void *what)
{
	const unsigned int passed = ffabi_passed(in->c.version, sum->conv(in, regs));
	struct ffabi_ctx c = in->c;
	struct ffabi_regs out;

	c.waive = FFABI_STRICT;
	REQUIRE(5, pack(in, sum, &c, what, &out) == FFABI_OK, "what was accepted does not pack");
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
	const int accepted = unpack(in, sum, &c, regs, what) == FFABI_OK;

	REQUIRE(7, accepted || !strict, "a waiver refuses what was accepted");
	while (accepted && (c.waive = fuzz_more_waivers(in->c.waive, c.waive)) != 0)
		REQUIRE(7, unpack(in, sum, &c, regs, what) == FFABI_OK,
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
	if (pack(in, sum, &c, what, &out) != FFABI_OK)
		return;
	REQUIRE(5, unpack(in, sum, &c, &out, what) == FFABI_OK, "what was packed is refused");
	check_accepted(in, sum, &out, what);
}

/* What was accepted, with each byte of its values changed, in all versions: all registers or none.
 */
static void check_each_byte(const struct fuzz_input *in, const struct fuzz_sum *sum, uint8_t *what)
{
	const uint32_t versions[] = {in->c.version, FFABI_V1_0, FFABI_V1_1,
				     FFABI_V1_2,    FFABI_V1_3, 0};
	static const uint16_t waived[] = {FFABI_STRICT, FUZZ_ALL_WAIVED};
	struct ffabi_ctx c = in->c;
	struct ffabi_regs out;

	c.instance = (uint16_t)(in->number >> 24);
	for (size_t k = 0; k < 2 * sizeof(versions) / sizeof(versions[0]); k++) {
		c.version = versions[k / 2];
		c.waive = waived[k % 2];
		for (size_t i = 0; i < sum->struct_size; i++) {
			const uint8_t was = what[i];
			const unsigned int top = i % 4 == 0 ? FFABI_CALL_COUNT : 8u;

			for (unsigned int value = 0; value <= top; value++) {
				what[i] = (uint8_t)(value == 8 ? 0xff
						    : top > 8  ? value
							       : was ^ 1u << value);
				(void)pack(in, sum, &c, what, &out);
			}
			what[i] = was;
		}
	}
}

void fuzz_registers_check(const struct fuzz_input *in, const struct fuzz_sum *sum)
{
	void *what = fuzz_block(sum->struct_size, 0);
	struct ffabi_ctx c = in->c;
	struct ffabi_regs regs;
	int strict;

	fuzz_registers(in, &regs);
	c.waive = FFABI_STRICT;
	strict = unpack(in, sum, &c, &regs, what) == FFABI_OK;
	if (strict)
		check_accepted(in, sum, &regs, what);
	if (strict && in->options == FUZZ_EACH_BYTE)
		check_each_byte(in, sum, what);
	check_waivers(in, sum, &regs, what, strict);
	check_writer(in, sum, what);
	free(what);
}
