/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Byte-wise access, and taking a private copy of shared bytes. */
#include <ffabi/wire.h>

#ifdef FFABI_BYTE_ACCESS

uint16_t ffabi_ld16(const struct ffabi_src *s, uint64_t at)
{
	const uint32_t lo = ffabi_ld8(s, at);
	const uint32_t hi = ffabi_ld8(s, at + 1);

	return (uint16_t)(lo | hi << 8);
}

uint32_t ffabi_ld32(const struct ffabi_src *s, uint64_t at)
{
	const uint32_t lo = ffabi_ld16(s, at);
	const uint32_t hi = ffabi_ld16(s, at + 2);

	return lo | hi << 16;
}

uint64_t ffabi_ld64(const struct ffabi_src *s, uint64_t at)
{
	const uint64_t lo = ffabi_ld32(s, at);
	const uint64_t hi = ffabi_ld32(s, at + 4);

	return lo | hi << 32;
}

void ffabi_st16(const struct ffabi_dst *d, uint64_t at, uint16_t value)
{
	ffabi_st8(d, at, (uint8_t)value);
	ffabi_st8(d, at + 1, (uint8_t)(value >> 8));
}

void ffabi_st32(const struct ffabi_dst *d, uint64_t at, uint32_t value)
{
	ffabi_st16(d, at, (uint16_t)value);
	ffabi_st16(d, at + 2, (uint16_t)(value >> 16));
}

void ffabi_st64(const struct ffabi_dst *d, uint64_t at, uint64_t value)
{
	ffabi_st32(d, at, (uint32_t)value);
	ffabi_st32(d, at + 4, (uint32_t)(value >> 32));
}

#endif

enum ffabi_rule ffabi_snapshot(struct ffabi_ctx *c, const struct ffabi_src *src,
			       const struct ffabi_extent *what, const struct ffabi_dst *dst)
{
	uint64_t i;

	if (!ffabi_fits(src->len, what->at, what->n))
		return ffabi_fail(c, FFABI_E_SHORT, FFABI_F_NONE, (uint32_t)what->at, src->len);
	if (!ffabi_fits(dst->len, 0, what->n))
		return ffabi_fail(c, FFABI_E_SHORT, FFABI_F_NONE, (uint32_t)what->at, dst->len);
	for (i = 0; what->n - i >= 8 && (what->at & 7) == 0; i += 8)
		ffabi_st64(dst, i, ffabi_ld64(src, what->at + i));
	for (; i < what->n; i++)
		ffabi_st8(dst, i, ffabi_ld8(src, what->at + i));
	return FFABI_OK;
}
