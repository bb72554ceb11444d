/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Lists of address ranges outside memory transactions.  Bytes are worked by hand from the tables.
 */
#include <ffabi/lists.h>

#include "buffers.h"

/* Header of 16 bytes, two address maps of 24 bytes from 16 on: the version knows 16 of each. */
static void resources(void)
{
	uint8_t b[64] ALIGNED = {24, 0, 0, 0, 2, 0, 0, 0, 16};
	const struct ffabi_src src = bytes(b, sizeof(b));
	struct ffabi_resource_cursor cur;
	struct ffabi_address_map map;
	struct ffabi_ctx c = at(FFABI_V1_3);

	b[16 + 2] = 0x10; /* 0x100000, 3 pages, for 0x8001 */
	b[16 + 8] = 3;
	b[16 + 13] = 0x01;
	b[16 + 14] = 0x80;
	b[40 + 8] = 1;
	CHECK(ffabi_resource_open(&c, &src, &cur) == FFABI_OK);
	CHECK(ffabi_resource_next(&c, &cur, &map) == FFABI_OK && map.base_address == 0x100000);
	CHECK(map.page_count == 3 && map.endpoint_id_low == 1 && map.endpoint_id_high == 0x80);
	CHECK(ffabi_resource_next(&c, &cur, &map) == FFABI_OK && map.page_count == 1);
	CHECK(ffabi_resource_next(&c, &cur, &map) == FFABI_END);
	b[40 + 8] = 0;
	CHECK(ffabi_resource_open(&c, &src, &cur) == FFABI_OK);
	CHECK(ffabi_resource_next(&c, &cur, &map) == FFABI_OK);
	REFUSED(ffabi_resource_next(&c, &cur, &map), FFABI_E_RANGE, FFABI_F_PAGE_COUNT, 48, 0);
	b[4] = 3;
	REFUSED(ffabi_resource_open(&c, &src, &cur), FFABI_E_SHORT, FFABI_F_ADDRESS_MAP_COUNT, 4,
		3);
	b[8] = 65;
	REFUSED(ffabi_resource_open(&c, &src, &cur), FFABI_E_SHORT, FFABI_F_ADDRESS_MAP_OFFSET, 8,
		65);
	b[0] = 8;
	REFUSED(ffabi_resource_open(&c, &src, &cur), FFABI_E_RANGE, FFABI_F_ADDRESS_MAP_SIZE, 0, 8);
	c = at(FFABI_V1_2);
	REFUSED(ffabi_resource_open(&c, &src, &cur), FFABI_E_VERSION, FFABI_F_VERSION, 0,
		FFABI_V1_2);
}

/* Of VM 2: RX composite at 16 with one range, TX composite at 48 with two. */
static void buffers(uint8_t b[96])
{
	memset(b, 0, 96);
	b[0] = 2;
	b[4] = 16;
	b[8] = 48;
	b[16] = 1; /* 1 page in 1 range: 0x1000 */
	b[20] = 1;
	b[33] = 0x10;
	b[40] = 1;
	b[48] = 3; /* 3 pages in 2 ranges: 0x2000 and 0x8000 */
	b[52] = 2;
	b[65] = 0x20;
	b[72] = 1;
	b[81] = 0x80;
	b[88] = 2;
}

static void endpoint_buffers(void)
{
	uint8_t b[96] ALIGNED = {0};
	const struct ffabi_src src = bytes(b, sizeof(b));
	struct ffabi_rxtx_ranges ranges;
	struct ffabi_mem_constituent r;
	struct ffabi_endpoint_rxtx d;
	struct ffabi_ctx c = at(FFABI_V1_1);

	buffers(b);
	CHECK(ffabi_rxtx_open(&c, &src, &d, &ranges) == FFABI_OK && d.endpoint_id == 2);
	CHECK(ffabi_range_next(&c, &ranges.rx, &r) == FFABI_OK && r.address == 0x1000 &&
	      r.page_count == 1);
	CHECK(ffabi_range_next(&c, &ranges.rx, &r) == FFABI_END);
	CHECK(ffabi_range_next(&c, &ranges.tx, &r) == FFABI_OK && r.address == 0x2000);
	CHECK(ffabi_range_next(&c, &ranges.tx, &r) == FFABI_OK && r.address == 0x8000 &&
	      r.page_count == 2);
	CHECK(ffabi_range_next(&c, &ranges.tx, &r) == FFABI_END);
	b[48] = 4; /* the pages do not add up */
	CHECK(ffabi_rxtx_open(&c, &src, &d, &ranges) == FFABI_OK);
	CHECK(ffabi_range_next(&c, &ranges.tx, &r) == FFABI_OK);
	CHECK(ffabi_range_next(&c, &ranges.tx, &r) == FFABI_OK);
	REFUSED(ffabi_range_next(&c, &ranges.tx, &r), FFABI_E_RULE, FFABI_F_TOTAL_PAGE_COUNT, 48,
		3);
	b[81] = 0x81; /* 0x8100 is no page */
	CHECK(ffabi_rxtx_open(&c, &src, &d, &ranges) == FFABI_OK);
	CHECK(ffabi_range_next(&c, &ranges.tx, &r) == FFABI_OK);
	REFUSED(ffabi_range_next(&c, &ranges.tx, &r), FFABI_E_ALIGN, FFABI_F_ADDRESS, 80, 0x8100);
}

/*
 * 8 bytes are enough: hafnium, ffa_endpoint_rx_tx_descriptor_offsets_valid, refuses every
 * offset that is no multiple of 8 and no other one.
 */
static void endpoint_buffers_at_8(void)
{
	uint8_t b[104] ALIGNED = {0};
	const struct ffabi_src src = bytes(b, sizeof(b));
	struct ffabi_rxtx_ranges ranges;
	struct ffabi_endpoint_rxtx d;
	struct ffabi_ctx c = at(FFABI_V1_1);

	buffers(b);
	memmove(b + 24, b + 16, 80);
	memset(b + 16, 0, 8);
	b[4] = 24;
	b[8] = 56;
	CHECK(ffabi_rxtx_open(&c, &src, &d, &ranges) == FFABI_OK);
	CHECK(d.rx_composite_offset == 24 && d.tx_composite_offset == 56);
}

static void bad_endpoint_buffers(void)
{
	uint8_t b[96] ALIGNED = {0};
	const struct ffabi_src src = bytes(b, sizeof(b));
	struct ffabi_rxtx_ranges ranges;
	struct ffabi_endpoint_rxtx d;
	struct ffabi_ctx c = at(FFABI_V1_1);

	buffers(b);
	b[52] = 3;
	REFUSED(ffabi_rxtx_open(&c, &src, &d, &ranges), FFABI_E_SHORT, FFABI_F_ADDRESS_RANGE_COUNT,
		52, 3);
	buffers(b);
	b[20] = 6; /* 16 + 16 + 96 */
	REFUSED(ffabi_rxtx_open(&c, &src, &d, &ranges), FFABI_E_SHORT, FFABI_F_ADDRESS_RANGE_COUNT,
		20, 6);
	buffers(b);
	b[20] = 2; /* RX now reaches to 64, over TX at 48 */
	REFUSED(ffabi_rxtx_open(&c, &src, &d, &ranges), FFABI_E_OVERLAP,
		FFABI_F_TX_COMPOSITE_OFFSET, 8, 48);
	buffers(b);
	b[4] = 48; /* swapped: TX at 16 with one range, RX behind it */
	b[8] = 16;
	CHECK(ffabi_rxtx_open(&c, &src, &d, &ranges) == FFABI_OK);
	b[20] = 2;
	REFUSED(ffabi_rxtx_open(&c, &src, &d, &ranges), FFABI_E_OVERLAP,
		FFABI_F_TX_COMPOSITE_OFFSET, 8, 16);
	buffers(b);
	b[4] = 48;
	b[8] = 40; /* its last bytes are the first of RX: blamed before any of them is read again */
	b[40] = 0xff;
	b[47] = 0xff;
	REFUSED(ffabi_rxtx_open(&c, &src, &d, &ranges), FFABI_E_OVERLAP,
		FFABI_F_TX_COMPOSITE_OFFSET, 8, 40);
	buffers(b);
	b[8] = 16; /* the same for both */
	REFUSED(ffabi_rxtx_open(&c, &src, &d, &ranges), FFABI_E_OVERLAP,
		FFABI_F_TX_COMPOSITE_OFFSET, 8, 16);
	b[8] = 20; /* r097 */
	REFUSED(ffabi_rxtx_open(&c, &src, &d, &ranges), FFABI_E_ALIGN, FFABI_F_TX_COMPOSITE_OFFSET,
		8, 20);
	buffers(b);
	b[4] = 20;
	REFUSED(ffabi_rxtx_open(&c, &src, &d, &ranges), FFABI_E_ALIGN, FFABI_F_RX_COMPOSITE_OFFSET,
		4, 20);
	buffers(b);
	b[7] = 0x80; /* 0x80000010 */
	CHECK(ffabi_rxtx_open(&c, &src, &d, &ranges) == FFABI_E_SHORT);
	c = at(FFABI_V1_0);
	REFUSED(ffabi_rxtx_open(&c, &src, &d, &ranges), FFABI_E_VERSION, FFABI_F_VERSION, 0,
		FFABI_V1_0);
}

int main(void)
{
	resources();
	endpoint_buffers();
	endpoint_buffers_at_8();
	bad_endpoint_buffers();
	return done();
}
