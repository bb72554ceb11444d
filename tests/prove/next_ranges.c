/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Constituents, several at once: what one after the other would have been.
 * unwind: 6
 */
#include <bytes.h>
#include <ffabi/transaction.h>

#define MOST 3

/* ffabi_mem_next_ranges; one step from any state that open_composite and next_ranges leave, 3
 * ranges, buffer up to 72 bytes */
void prove_mem_next_ranges(void)
{
	struct ffabi_ctx c = any_context(), s = c;
	_Alignas(8) uint8_t buffer[72];
	struct ffabi_mem_cursor cur, one;
	struct ffabi_mem_constituent out[MOST], range;
	enum ffabi_rule rule;
	uint32_t room, n, i;

	GIVEN(c.version >= FFABI_V1_0 && c.version <= FFABI_V1_3); /* as open has accepted */
	cur.src.base = buffer;
	GIVEN(cur.src.len <= sizeof(buffer) && cur.places.ranges % 8 == 0);
	GIVEN(cur.next <= cur.here && cur.here <= cur.composite.address_range_count);
	GIVEN(ffabi_fits(cur.src.len, cur.places.ranges,
			 (uint64_t)FFABI_MEM_CONSTITUENT_SIZE * cur.here));
	GIVEN(cur.pages <= UINT64_MAX / 2 && room != 0 && room <= MOST);
	one = cur;
	watch(buffer, cur.src.len);
	rule = ffabi_mem_next_ranges(&c, &cur, out, room, &n);
	CLAIM("at most what there is room for", n <= room);
	for (i = 0; i < n; i++) {
		watch(buffer, cur.src.len);
		CLAIM("next_range accepts it", ffabi_mem_next_range(&s, &one, &range) == FFABI_OK);
		CLAIM("and reads the same",
		      range.address == out[i].address && range.page_count == out[i].page_count);
	}
	if (rule == FFABI_OK) {
		REACHED("some");
		CLAIM("at least one", n != 0);
	} else {
		REACHED("the end, or refused");
		watch(buffer, cur.src.len);
		CLAIM("next_range says so too", ffabi_mem_next_range(&s, &one, &range) == rule);
		CLAIM("with the same blame",
		      rule == FFABI_END ||
			      (c.err.rule == s.err.rule && c.err.field == s.err.field &&
			       c.err.at == s.err.at && c.err.value == s.err.value));
	}
	CLAIM("the cursor stands where next_range leaves it",
	      cur.next == one.next && cur.pages == one.pages && cur.here == one.here);
}
