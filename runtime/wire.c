/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Taking a private copy of shared bytes. */
#include <ffabi/wire.h>

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
