/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Resources of the normal world, and the RX/TX buffers of an endpoint.
 * unwind: 6
 */
#include <bytes.h>
#include <ffabi/lists.h>

/* ffabi_resource_open, ffabi_resource_next; 2 entries, buffer up to 128 bytes */
void prove_resource_cursor(void)
{
	struct ffabi_ctx c = any_context();
	_Alignas(8) uint8_t buffer[128];
	const struct ffabi_src src = any_src(buffer, sizeof(buffer));
	struct ffabi_resource_cursor cur;
	struct ffabi_address_map out;
	enum ffabi_rule rule = FFABI_OK;
	uint32_t i;

	if (ffabi_resource_open(&c, &src, &cur) != FFABI_OK) {
		REACHED("refused");
		return;
	}
	REACHED("opened");
	CLAIM("all entries are there",
	      cur.header.address_map_offset + (uint64_t)cur.header.address_map_size *
						      cur.header.address_map_count <=
		      src.len);
	GIVEN(cur.header.address_map_count <= 2);
	for (i = 0; i <= 2; i++) {
		rule = ffabi_resource_next(&c, &cur, &out);
		if (rule != FFABI_OK)
			break;
		CLAIM("no more than were said", i < cur.header.address_map_count);
	}
	if (rule == FFABI_END) {
		REACHED("the end");
		CLAIM("all that were said", i == cur.header.address_map_count);
	}
}

static uint64_t end_of(const struct ffabi_range_cursor *r)
{
	return (uint64_t)r->at + FFABI_MEM_COMPOSITE_SIZE +
	       (uint64_t)FFABI_MEM_CONSTITUENT_SIZE * r->composite.address_range_count;
}

/* ffabi_rxtx_open; buffer up to 160 bytes */
void prove_rxtx_open(void)
{
	struct ffabi_ctx c = any_context();
	_Alignas(8) uint8_t buffer[160];
	const struct ffabi_src src = any_src(buffer, sizeof(buffer));
	struct ffabi_endpoint_rxtx out;
	struct ffabi_rxtx_ranges ranges;

	if (ffabi_rxtx_open(&c, &src, &out, &ranges) != FFABI_OK) {
		REACHED("refused");
		return;
	}
	REACHED("opened");
	CLAIM("from version 1.1 on", c.version >= FFABI_V1_1 && c.version <= FFABI_V1_3);
	CLAIM("both lie in the buffer",
	      end_of(&ranges.rx) <= src.len && end_of(&ranges.tx) <= src.len);
	CLAIM("and apart",
	      end_of(&ranges.rx) <= ranges.tx.at || end_of(&ranges.tx) <= ranges.rx.at);
}

/* ffabi_range_next; one step from any state that open and next leave, buffer up to 64 bytes */
void prove_range_next(void)
{
	struct ffabi_ctx c = any_context();
	_Alignas(8) uint8_t buffer[64];
	struct ffabi_range_cursor cur, old;
	struct ffabi_mem_constituent out;
	enum ffabi_rule rule;

	cur.src.base = buffer;
	GIVEN(cur.src.len <= sizeof(buffer) && end_of(&cur) <= cur.src.len);
	GIVEN(cur.next <= cur.composite.address_range_count && cur.pages <= UINT64_MAX / 2);
	GIVEN(c.version >= FFABI_V1_0 && c.version <= FFABI_V1_3); /* as open has accepted */
	old = cur;
	watch(buffer, cur.src.len);
	rule = ffabi_range_next(&c, &cur, &out);
	if (rule == FFABI_OK) {
		REACHED("a range");
		CLAIM("one more",
		      cur.next == old.next + 1 && cur.next <= cur.composite.address_range_count);
		CLAIM("its pages are counted", cur.pages == old.pages + out.page_count);
		return;
	}
	REACHED("the end, or refused");
	CLAIM("it stays where it is", cur.next == old.next && cur.pages == old.pages);
	CLAIM("the end when all are read, and their pages add up",
	      (rule == FFABI_END) == (old.next == cur.composite.address_range_count &&
				      old.pages == cur.composite.total_page_count));
}
