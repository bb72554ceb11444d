/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * What all proofs share.  Locals without a value are anything; a proof calls a function
 * for anything and asserts what came out.  REACHED has to fail: a proof that nothing
 * reaches would prove nothing.
 */
#ifndef FFABI_PROVE_H
#define FFABI_PROVE_H

#include <ffabi/wire.h>

#define CLAIM(text, condition) __CPROVER_assert(condition, text)
#define GIVEN(condition) __CPROVER_assume(condition)
#define REACHED(text) __CPROVER_assert(0, "reached: " text)

/* Any version, known or not, and any waivers; the instance is one of its values. */
static inline struct ffabi_ctx any_context(void)
{
	struct ffabi_ctx c;

	GIVEN(c.instance == 0 || c.instance == FFABI_NS_PHYS || c.instance == FFABI_NS_VIRT ||
	      c.instance == FFABI_S_PHYS || c.instance == FFABI_S_VIRT);
	return c;
}

static inline enum ffabi_conv any_conv(void)
{
	_Bool wide;

	return wide ? FFABI_SMC64 : FFABI_SMC32;
}

static inline struct ffabi_regs any_regs(void)
{
	struct ffabi_regs r;

	return r;
}

/* The same but for more waivers. */
static inline struct ffabi_ctx relaxed(struct ffabi_ctx c)
{
	uint16_t more;

	c.waive |= more;
	return c;
}

static inline int waived(const struct ffabi_ctx *c, enum ffabi_rule rule)
{
	return rule >= FFABI_E_CONV && rule <= FFABI_E_ENUM && (c->waive >> rule & 1) != 0;
}

static inline enum ffabi_rule refusal(struct ffabi_ctx *c, enum ffabi_rule rule, unsigned int field,
				      uint32_t at, uint64_t value)
{
	c->err = (struct ffabi_violation){(uint16_t)rule, (uint16_t)field, at, value};
	return rule;
}

/* One line of the description: refuse unless it is waived. */
#define REFUSE(c, rule, field, at, value, broken)                                                  \
	do {                                                                                       \
		if ((broken) && !waived(c, FFABI_E_##rule))                                        \
			return refusal(c, FFABI_E_##rule, FFABI_F_##field, at, value);             \
	} while (0)

/* The same where no waiver helps. */
#define INSIST(c, rule, field, at, value, broken)                                                  \
	do {                                                                                       \
		if (broken)                                                                        \
			return refusal(c, FFABI_E_##rule, FFABI_F_##field, at, value);             \
	} while (0)

/* The C and the description decide alike, blame alike, and leave the caller's settings alone. */
#define AGREE(got, c, want, s)                                                                     \
	do {                                                                                       \
		CLAIM("same rule as the description", (got) == (want));                            \
		CLAIM("version, waivers and instance stay", (c).version == (s).version &&          \
								    (c).waive == (s).waive &&      \
								    (c).instance == (s).instance); \
		if ((got) != FFABI_OK) {                                                           \
			CLAIM("err.rule", (c).err.rule == (s).err.rule);                           \
			CLAIM("err.field", (c).err.field == (s).err.field);                        \
			CLAIM("err.at", (c).err.at == (s).err.at);                                 \
			CLAIM("err.value", (c).err.value == (s).err.value);                        \
		}                                                                                  \
	} while (0)

/* Registers 0 to count - 1 are the same. */
static inline int same_regs(const struct ffabi_regs *a, const struct ffabi_regs *b,
			    unsigned int count)
{
	int same = 1;
	unsigned int i;

	for (i = 0; i < 18; i++)
		same &= i >= count || a->x[i] == b->x[i];
	return same;
}

#endif /* FFABI_PROVE_H */
