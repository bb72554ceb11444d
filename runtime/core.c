/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* The primitives that generated codecs call. */
#include <ffabi/core.h>

enum ffabi_rule ffabi_fail(struct ffabi_ctx *c, enum ffabi_rule rule, unsigned int field,
			   uint32_t at, uint64_t value)
{
	c->err.rule = (uint16_t)rule;
	c->err.field = (uint16_t)field;
	c->err.at = at;
	c->err.value = value;
	return rule;
}

static enum ffabi_rule judge_step(struct ffabi_ctx *c, const uint64_t *x, uint64_t upper,
				  const struct ffabi_step *s)
{
	uint64_t reserved = s->reserved;
	uint32_t i;

	if ((c->waive & FFABI_WAIVE_WIDTH) != 0)
		upper = 0;
	if ((c->waive & 1u << s->rule) != 0)
		reserved = 0;
	for (i = s->first; i <= s->last; i++) {
		if ((x[i] & upper) != 0)
			return ffabi_fail(c, FFABI_E_WIDTH, FFABI_F_UPPER_HALF, i, x[i]);
		if ((x[i] & reserved) != 0)
			return ffabi_fail(c, (enum ffabi_rule)s->rule, s->field, i, x[i]);
	}
	return FFABI_OK;
}

enum ffabi_rule ffabi_judge(struct ffabi_ctx *c, const uint64_t *x, enum ffabi_conv conv,
			    const struct ffabi_step *steps, unsigned int count)
{
	const unsigned int wide = conv != FFABI_SMC32 ? 4 : 0;
	const unsigned int live = 1u << (wide + (c->version - FFABI_V1_0));
	enum ffabi_rule rule = FFABI_OK;
	unsigned int i;

	for (i = 0; i < count && rule == FFABI_OK; i++) {
		const int upper = steps[i].upper == 1 || (steps[i].upper == 2 && wide == 0);

		if ((steps[i].live & live) != 0)
			rule = judge_step(c, x, upper ? FFABI_UPPER : 0, &steps[i]);
	}
	return rule;
}

enum ffabi_rule ffabi_take_nothing(struct ffabi_ctx *c, const struct ffabi_regs *in)
{
	static const struct ffabi_step steps[] = {
		{0, FFABI_F_RESERVED, 0, 0, FFABI_E_MBZ, 1, 0xff},
		{0xffffffffu, FFABI_F_RESERVED, 1, 7, FFABI_E_MBZ, 1, 0xff},
	};
	const uint64_t *x = in->x;

	if (((x[0] & FFABI_UPPER) | x[1] | x[2] | x[3] | x[4] | x[5] | x[6] | x[7]) == 0)
		return FFABI_OK;
	return ffabi_judge(c, x, FFABI_SMC32, steps, 2);
}

enum ffabi_rule ffabi_give_nothing(uint32_t fid, struct ffabi_regs *out)
{
	uint64_t *x = out->x;

	x[0] = fid;
	x[1] = 0;
	x[2] = 0;
	x[3] = 0;
	x[4] = 0;
	x[5] = 0;
	x[6] = 0;
	x[7] = 0;
	FFABI_ZERO_8_17(x);
	return FFABI_OK;
}

/*
 * Texts in registers of 8 or 4 bytes each.  The loops run from an end that is known: so every place
 * in them is known too, to a compiler and to a prover, and only where the text ends is open.
 */
static unsigned int end_of_registers(unsigned int each)
{
	return each == 8 ? sizeof(((struct ffabi_regs *)0)->x) / sizeof(uint64_t) : 8;
}

static void put_bytes(uint64_t *x, unsigned int reg, unsigned int each, const uint8_t *bytes,
		      uint32_t count)
{
	const unsigned int end = end_of_registers(each);
	uint32_t i = 0;
	unsigned int at;

	for (; reg < end; reg++) {
		for (at = 0; at < each; at++) {
			if (i == count)
				return;
			x[reg] |= (uint64_t)bytes[i++] << 8 * at;
		}
	}
}

void ffabi_put_bytes(uint64_t *x, unsigned int first, enum ffabi_conv conv, const uint8_t *bytes,
		     const struct ffabi_text_size *n)
{
	const uint32_t count = n->count < n->size ? n->count : n->size;

	if (conv == FFABI_SMC64)
		put_bytes(x, first, 8, bytes, count);
	else
		put_bytes(x, first, 4, bytes, count);
}

/* What is behind the text comes back: nothing, as a rule. */
FFABI_COLD static uint64_t get_bytes(const uint64_t *x, unsigned int reg, unsigned int each,
				     uint8_t *bytes, uint32_t count)
{
	const unsigned int end = end_of_registers(each);
	uint64_t rest = 0;
	uint32_t i;

	for (i = 0; reg < end; reg++, i += each) {
		uint64_t word = each == 8 ? x[reg] : (uint32_t)x[reg];
		unsigned int at;

		for (at = 0; at < each && i + at < count; at++) {
			bytes[i + at] = (uint8_t)word;
			word >>= 8;
		}
		rest |= at < each ? word : 0;
	}
	return rest;
}

int ffabi_get_bytes(const uint64_t *x, unsigned int first, enum ffabi_conv conv, uint8_t *bytes,
		    const struct ffabi_text_size *n)
{
	const uint32_t count = n->count < n->size ? n->count : n->size;
	volatile uint8_t *p = bytes; /* or compilers make the zeroes a call of memset */
	uint32_t i;

	for (i = n->size; i > count; i--)
		p[i - 1] = 0;
	return (conv == FFABI_SMC64 ? get_bytes(x, first, 8, bytes, count)
				    : get_bytes(x, first, 4, bytes, count)) == 0;
}

void ffabi_uuid_from_bytes(struct ffabi_uuid *out, const uint8_t bytes[16])
{
	uint64_t lo = 0;
	uint64_t hi = 0;
	unsigned int i;

	for (i = 0; i < 8; i++) {
		lo |= (uint64_t)bytes[i] << 8 * i;
		hi |= (uint64_t)bytes[8 + i] << 8 * i;
	}
	out->lo = lo;
	out->hi = hi;
}

void ffabi_uuid_to_bytes(const struct ffabi_uuid *in, uint8_t bytes[16])
{
	unsigned int i;

	for (i = 0; i < 8; i++) {
		bytes[i] = (uint8_t)(in->lo >> 8 * i);
		bytes[8 + i] = (uint8_t)(in->hi >> 8 * i);
	}
}
