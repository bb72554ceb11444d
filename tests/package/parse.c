/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* A partition manager reads what a caller wrote: what it embeds is `make embed
 * TABLES=mem_transaction SIDE=callee`. */
#include <ffabi/transaction.h>

uint64_t parse(const struct ffabi_src *tx, const struct ffabi_mem_length *length,
	       const struct ffabi_dst *copy, struct ffabi_violation *why);

/* The pages of a share, 0 when it is refused. */
uint64_t parse(const struct ffabi_src *tx, const struct ffabi_mem_length *length,
	       const struct ffabi_dst *copy, struct ffabi_violation *why)
{
	const struct ffabi_extent all = {0, length->fragment};
	const struct ffabi_src copied = {copy->base, copy->len};
	const struct ffabi_mem_limits limits = {64};
	struct ffabi_ctx c = {FFABI_V1_1, FFABI_AS_SPECIFIED, 0, {0, 0, 0, 0}};
	struct ffabi_mem_constituent range;
	struct ffabi_mem_view view;
	uint64_t pages = 0;
	uint32_t i;

	if (ffabi_snapshot(&c, tx, &all, copy) != FFABI_OK ||
	    ffabi_mem_check(&c, FFABI_USAGE_SHARE, &copied, length, &limits, &view) != FFABI_OK) {
		why->rule = c.err.rule;
		why->field = c.err.field;
		why->at = c.err.at;
		why->value = c.err.value;
		return 0;
	}
	for (i = 0; i < view.ranges_here; i++) {
		ffabi_mem_view_range(&view, i, &range);
		pages += range.page_count;
	}
	return pages;
}
