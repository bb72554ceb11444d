/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Byte-wise access, and taking a private copy of shared bytes. */
#include <ffabi/wire.h>

#ifdef FFABI_BYTE_ACCESS

static inline uint32_t pair(const volatile uint8_t *p)
{
	const uint32_t lo = ffabi_get8(p);
	const uint32_t hi = ffabi_get8(p + 1);

	return lo | hi << 8;
}

static inline uint32_t four(const volatile uint8_t *p)
{
	const uint32_t lo = pair(p);
	const uint32_t hi = pair(p + 2);

	return lo | hi << 16;
}

FFABI_COLD uint16_t ffabi_get16(const volatile uint8_t *p)
{
	return (uint16_t)pair(p);
}

FFABI_COLD uint32_t ffabi_get32(const volatile uint8_t *p)
{
	return four(p);
}

FFABI_COLD uint64_t ffabi_get64(const volatile uint8_t *p)
{
	const uint64_t lo = four(p);
	const uint64_t hi = four(p + 4);

	return lo | hi << 32;
}

void ffabi_put16(uint8_t *p, uint16_t value)
{
	ffabi_put8(p, (uint8_t)value);
	ffabi_put8(p + 1, (uint8_t)(value >> 8));
}

void ffabi_put32(uint8_t *p, uint32_t value)
{
	ffabi_put16(p, (uint16_t)value);
	ffabi_put16(p + 2, (uint16_t)(value >> 16));
}

void ffabi_put64(uint8_t *p, uint64_t value)
{
	ffabi_put32(p, (uint32_t)value);
	ffabi_put32(p + 4, (uint32_t)(value >> 32));
}

#endif

enum ffabi_rule ffabi_snapshot(struct ffabi_ctx *c, const struct ffabi_src *src,
			       const struct ffabi_extent *what, const struct ffabi_dst *dst)
{
	const volatile uint8_t *from;
	const volatile uint8_t *end;
	uint8_t *to = dst->base;

	if (!ffabi_fits(src->len, what->at, what->n))
		return ffabi_fail(c, FFABI_E_SHORT, FFABI_F_NONE, (uint32_t)what->at, src->len);
	if (!ffabi_fits(dst->len, 0, what->n))
		return ffabi_fail(c, FFABI_E_SHORT, FFABI_F_NONE, (uint32_t)what->at, dst->len);
	from = src->base + what->at;
	end = from + what->n;
	if ((what->at & 7) == 0) {
		const volatile uint8_t *const words = from + (what->n & ~(uint64_t)7);

		for (; from != words; from += 8, to += 8)
			ffabi_put64(to, ffabi_get64(from));
	}
	for (; from != end; from++, to++)
		ffabi_put8(to, ffabi_get8(from));
	return FFABI_OK;
}
