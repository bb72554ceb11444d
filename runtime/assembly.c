/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Putting the fragments of a descriptor together. */
#include <ffabi/transaction.h>

enum ffabi_rule ffabi_mem_assemble(struct ffabi_ctx *c, const struct ffabi_dst *dst, uint32_t total,
				   struct ffabi_mem_assembly *out)
{
	if (total == 0)
		return ffabi_fail(c, FFABI_E_RANGE, FFABI_F_TOTAL_LENGTH, 0, total);
	if ((total & 7) != 0)
		return ffabi_fail(c, FFABI_E_ALIGN, FFABI_F_TOTAL_LENGTH, total, total);
	if (total > dst->len)
		return ffabi_fail(c, FFABI_E_SHORT, FFABI_F_TOTAL_LENGTH, (uint32_t)dst->len,
				  total);
	out->dst.base = dst->base;
	out->dst.len = dst->len;
	out->total = total;
	out->received = 0;
	return FFABI_OK;
}

enum ffabi_rule ffabi_mem_add(struct ffabi_ctx *c, struct ffabi_mem_assembly *a,
			      const struct ffabi_src *src, uint32_t n)
{
	const uint32_t missing = a->total - a->received;
	struct ffabi_extent what;
	struct ffabi_dst rest;
	enum ffabi_rule rule;

	if (n == 0 || n > missing)
		return ffabi_fail(c, FFABI_E_RANGE, FFABI_F_FRAGMENT_LENGTH, a->received, n);
	if ((n & 7) != 0)
		return ffabi_fail(c, FFABI_E_ALIGN, FFABI_F_FRAGMENT_LENGTH, a->received, n);
	if (n > src->len)
		return ffabi_fail(c, FFABI_E_SHORT, FFABI_F_FRAGMENT_LENGTH, a->received, n);
	what.at = 0;
	what.n = n;
	rest.base = a->dst.base + a->received;
	rest.len = missing;
	rule = ffabi_snapshot(c, src, &what, &rest);
	if (rule != FFABI_OK)
		return rule;
	a->received += n;
	return a->received == a->total ? FFABI_END : FFABI_OK;
}
