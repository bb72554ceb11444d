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

enum ffabi_rule ffabi_refuse(struct ffabi_ctx *c, const uint64_t *x, unsigned int first,
			     unsigned int last, uint64_t upper, uint64_t reserved,
			     enum ffabi_rule rule, unsigned int field)
{
	unsigned int i;

	if ((c->waive & FFABI_WAIVE_WIDTH) != 0)
		upper = 0;
	if ((c->waive & 1u << rule) != 0)
		reserved = 0;
	for (i = first; i <= last; i++) {
		if ((x[i] & upper) != 0)
			return ffabi_fail(c, FFABI_E_WIDTH, FFABI_F_UPPER_HALF, i, x[i]);
		if ((x[i] & reserved) != 0)
			return ffabi_fail(c, rule, field, i, x[i]);
	}
	return FFABI_OK;
}

enum ffabi_rule ffabi_take_nothing(struct ffabi_ctx *c, const struct ffabi_regs *in)
{
	const uint64_t *x = in->x;
	enum ffabi_rule rule;

	if (((x[0] & FFABI_UPPER) | x[1] | x[2] | x[3] | x[4] | x[5] | x[6] | x[7]) == 0)
		return FFABI_OK;
	rule = ffabi_refuse(c, x, 0, 0, FFABI_UPPER, 0, FFABI_E_MBZ, FFABI_F_RESERVED);
	if (rule != FFABI_OK)
		return rule;
	return ffabi_refuse(c, x, 1, 7, FFABI_UPPER, UINT32_MAX, FFABI_E_MBZ, FFABI_F_RESERVED);
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

void ffabi_put_bytes(uint64_t *x, unsigned int first, enum ffabi_conv conv, const uint8_t *bytes,
		     const struct ffabi_text_size *n)
{
	const unsigned int width = conv == FFABI_SMC64 ? 64 : 32;
	const unsigned int end = conv == FFABI_SMC64 ? 18 : 8;
	unsigned int reg = first;
	unsigned int shift = 0;
	unsigned int i;

	for (i = 0; i < n->count && i < n->size && reg < end; i++) {
		x[reg] |= (uint64_t)bytes[i] << shift;
		shift += 8;
		if (shift == width) {
			shift = 0;
			reg++;
		}
	}
}

int ffabi_get_bytes(const uint64_t *x, unsigned int first, enum ffabi_conv conv, uint8_t *bytes,
		    const struct ffabi_text_size *n)
{
	const unsigned int width = conv == FFABI_SMC64 ? 64 : 32;
	const unsigned int end = conv == FFABI_SMC64 ? 18 : 8;
	volatile uint8_t *p = bytes; /* or compilers make the zeroes a call of memset */
	unsigned int reg = first;
	unsigned int shift = 0;
	unsigned int rest = 0;
	unsigned int i;

	for (i = 0; i < n->size; i++) {
		uint8_t byte = 0;

		if (reg < end) {
			byte = (uint8_t)(x[reg] >> shift);
			shift += 8;
			if (shift == width) {
				shift = 0;
				reg++;
			}
		}
		if (i >= n->count) {
			rest |= byte;
			byte = 0;
		}
		p[i] = byte;
	}
	return rest == 0;
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
