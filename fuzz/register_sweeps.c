/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* One codec asked about everything near an input. */
#include "register_sweeps.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define REGISTERS 18u

static const uint32_t versions[] = {FFABI_V1_0, FFABI_V1_1, FFABI_V1_2, FFABI_V1_3, 0};
static const uint8_t instances[] = {0, FFABI_NS_PHYS, FFABI_NS_VIRT, FFABI_S_PHYS, FFABI_S_VIRT};

/* -- values -- */

/* What is packed strictly can be read. */
static void pack_changed(const struct fuzz_input *in, const struct fuzz_sum *sum,
			 struct ffabi_ctx *c, const uint8_t *what, void *back)
{
	struct ffabi_regs out;
	const enum ffabi_rule rule = fuzz_registers_pack(in, sum, c, what, &out);

	REQUIRE(8, c->version != 0 || rule == FFABI_E_VERSION, "packed in no version");
	if (rule == FFABI_OK && c->waive == FFABI_STRICT)
		REQUIRE(5, fuzz_registers_unpack(in, sum, c, &out, back) == FFABI_OK,
			"what was packed is refused");
}

/* Where an enumeration may begin, all of its values; elsewhere each bit, some bits and all. */
static unsigned int changes(size_t at)
{
	return at % 4 == 0 ? FFABI_CALL_COUNT + 2u : 10;
}

static uint8_t changed(size_t at, uint8_t was, unsigned int n)
{
	if (n + 1 == changes(at))
		return 0xff;
	if (at % 4 == 0)
		return (uint8_t)n;
	return (uint8_t)(n == 8 ? was | 3u : was ^ 1u << n);
}

void fuzz_sweep_values(const struct fuzz_input *in, const struct fuzz_sum *sum, void *what)
{
	static const uint16_t waived[] = {FFABI_STRICT, FUZZ_ALL_WAIVED};
	void *back = fuzz_block(sum->struct_size, 0);
	struct ffabi_ctx c = in->c;
	uint8_t *bytes = what;

	for (size_t k = 0; k < 2 * COUNT(versions) * COUNT(instances); k++) {
		c.waive = waived[k % 2];
		c.version = versions[k / 2 % COUNT(versions)];
		c.instance = instances[k / 2 / COUNT(versions)];
		for (size_t i = 0; i < sum->struct_size; i++) {
			const uint8_t was = bytes[i];

			for (unsigned int n = 0; n < changes(i); n++) {
				bytes[i] = changed(i, was, n);
				pack_changed(in, sum, &c, bytes, back);
			}
			bytes[i] = was;
		}
	}
	free(back);
}

/* -- registers -- */

/* A bit that is refused by a rule, and that with the rule waived says nothing. */
struct noise {
	unsigned int reg;
	uint64_t bit;
	enum ffabi_rule rule;
};

struct readings {
	void *plain, *noisy;
};

static uint16_t waiver(enum ffabi_rule rule)
{
	return (uint16_t)(1u << rule);
}

static enum ffabi_rule read_as(const struct fuzz_input *in, const struct fuzz_sum *sum,
			       struct ffabi_ctx *c, uint16_t waive, const struct ffabi_regs *regs,
			       void *out)
{
	c->waive = waive;
	return fuzz_registers_unpack(in, sum, c, regs, out);
}

/* Is it the bit that is blamed? */
static int blamed(const struct fuzz_input *in, const struct fuzz_sum *sum,
		  const struct ffabi_regs *regs, const struct noise *n, void *out)
{
	struct ffabi_ctx c = in->c;

	return read_as(in, sum, &c, FFABI_STRICT, regs, out) == n->rule && c.err.at == n->reg;
}

static int find_noise(const struct fuzz_input *in, const struct fuzz_sum *sum,
		      const struct ffabi_regs *regs, const struct readings *r, struct noise *n)
{
	struct ffabi_regs with = *regs;
	struct ffabi_ctx c = in->c;

	if (read_as(in, sum, &c, waiver(n->rule), regs, r->plain) != FFABI_OK)
		return 0;
	for (n->reg = REGISTERS; n->reg-- > 0;) {
		for (n->bit = 1ull << 63; n->bit != 0; n->bit >>= 1) {
			with.x[n->reg] = regs->x[n->reg] ^ n->bit;
			if (blamed(in, sum, &with, n, r->noisy) &&
			    read_as(in, sum, &c, waiver(n->rule), &with, r->noisy) == FFABI_OK &&
			    !memcmp(r->plain, r->noisy, sum->struct_size))
				return 1;
		}
		with.x[n->reg] = regs->x[n->reg];
	}
	return 0;
}

/* With and without the bit; where something else is blamed now, the bit may mean something. */
static void compare(const struct fuzz_input *in, const struct fuzz_sum *sum,
		    const struct ffabi_regs *regs, const struct readings *r, const struct noise *n)
{
	const uint16_t waived[] = {waiver(n->rule), (uint16_t)(waiver(n->rule) | FFABI_WAIVE_ENUM),
				   FUZZ_ALL_WAIVED};
	struct ffabi_regs with = *regs;

	with.x[n->reg] ^= n->bit;
	if (!blamed(in, sum, &with, n, r->noisy))
		return;
	for (size_t i = 0; i < COUNT(waived); i++) {
		struct ffabi_ctx c = in->c, d = in->c;
		const enum ffabi_rule plain = read_as(in, sum, &c, waived[i], regs, r->plain);
		const enum ffabi_rule noisy = read_as(in, sum, &d, waived[i], &with, r->noisy);

		REQUIRE(7, plain == noisy, "what is waived changes the verdict");
		if (plain == FFABI_OK)
			REQUIRE(7, !memcmp(r->plain, r->noisy, sum->struct_size),
				"what is waived changes a value");
		else
			REQUIRE(7, c.err.field == d.err.field && c.err.at == d.err.at,
				"what is waived changes who is to blame");
	}
}

static void sweep_with(const struct fuzz_input *in, const struct fuzz_sum *sum,
		       const struct ffabi_regs *regs, const struct readings *r,
		       const struct noise *n)
{
	struct ffabi_regs changed = *regs;

	for (unsigned int reg = 1; reg < REGISTERS; reg++) {
		const uint64_t others[] = {0, regs->x[reg] | 3, 0xffffffffu, ~0ull};

		for (unsigned int i = 0; i < 64 + COUNT(others); i++) {
			changed.x[reg] = i < 64 ? regs->x[reg] ^ 1ull << i : others[i - 64];
			compare(in, sum, &changed, r, n);
		}
		changed.x[reg] = regs->x[reg];
	}
}

/* From what was accepted, and from a call without values. */
void fuzz_sweep_registers(const struct fuzz_input *in, const struct fuzz_sum *sum,
			  const struct ffabi_regs *regs)
{
	static const enum ffabi_rule rules[] = {FFABI_E_MBZ, FFABI_E_SBZ, FFABI_E_WIDTH};
	const struct ffabi_regs bare = {{regs->x[0]}};
	const struct readings r = {fuzz_block(sum->struct_size, 0),
				   fuzz_block(sum->struct_size, 0)};
	struct fuzz_input here = *in;

	for (size_t k = 0; k < COUNT(rules); k++) {
		struct noise n = {0, 0, rules[k]};

		if (!find_noise(in, sum, regs, &r, &n))
			continue;
		for (size_t i = 0; i < COUNT(instances); i++) {
			here.c.instance = instances[i];
			sweep_with(&here, sum, regs, &r, &n);
			sweep_with(&here, sum, &bare, &r, &n);
		}
	}
	free(r.plain);
	free(r.noisy);
}

/* -- kinds and function ids -- */

static void sweep_ids(const struct fuzz_input *in, const struct fuzz_sum *sum, enum ffabi_conv conv,
		      void *what)
{
	struct ffabi_regs regs;

	fuzz_registers(in, &regs);
	for (uint32_t id = 0; id < 256; id++) {
		struct ffabi_ctx c = in->c, waived = in->c;
		enum ffabi_rule rule;

		regs.x[0] = (FFABI_FID_ERROR_32 & ~0xffu) | id | conv;
		rule = fuzz_registers_unpack(in, sum, &c, &regs, what);
		REQUIRE(8, c.version != 0 || rule == FFABI_E_VERSION || rule == FFABI_E_FID,
			"read in no version");
		if (rule == FFABI_OK)
			fuzz_registers_accepted(in, sum, &regs, what);
		waived.waive = FUZZ_ALL_WAIVED;
		REQUIRE(7,
			fuzz_registers_unpack(in, sum, &waived, &regs, what) == FFABI_OK ||
				rule != FFABI_OK,
			"a waiver refuses what was accepted");
	}
}

void fuzz_sweep_ids(const struct fuzz_input *in, const struct fuzz_sum *sum, enum ffabi_conv conv)
{
	void *what = fuzz_block(sum->struct_size, 0);
	struct fuzz_input one = *in;

	one.c.waive = FFABI_STRICT;
	for (size_t i = 0; i < COUNT(versions); i++) {
		one.c.version = versions[i];
		sweep_ids(&one, sum, conv, what);
	}
	free(what);
}

void fuzz_sweep_kinds(const struct fuzz_input *in, const struct fuzz_sum *sum)
{
	uint8_t *what = fuzz_block(sum->struct_size, 0), *back = fuzz_block(sum->struct_size, 0);
	struct ffabi_ctx c = in->c;
	struct fuzz_input one = *in;

	c.waive = FFABI_STRICT;
	for (size_t i = 0; i < COUNT(versions); i++) {
		c.version = versions[i];
		for (unsigned int kind = 0; kind < 256; kind++) {
			one.options = (uint8_t)kind;
			memset(what, 0, sum->struct_size);
			sum->make(&one, what);
			pack_changed(&one, sum, &c, what, back);
		}
	}
	free(what);
	free(back);
}
