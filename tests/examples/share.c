/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Three ranges shared with two borrowers. */
#include <ffabi/caller_memory.h>

#include "../unit/script.h"

static uint64_t share(struct ffabi_caller *k, ffabi_result *r)
{
	/* example */
	const struct ffabi_mem_constituent ranges[] = {
		{0x68000000, 2}, {0x68010000, 1}, {0x68020000, 16}};
	const struct ffabi_mem_access borrowers[] = {
		{.endpoint_id = 0x8001, .data_access = FFABI_DATA_ACCESS_READ_WRITE},
		{.endpoint_id = 0x8002, .data_access = FFABI_DATA_ACCESS_READ_ONLY}};
	const struct ffabi_mem_transaction region = {.memory_type = FFABI_MEMORY_TYPE_NORMAL,
						     .cacheability = FFABI_CACHEABILITY_WRITE_BACK,
						     .shareability =
							     FFABI_SHAREABILITY_INNER_SHAREABLE};
	const struct ffabi_mem_message message = {&region, borrowers, ranges, 2, 3};
	struct ffabi_sending sending = {.usage = FFABI_USAGE_SHARE, .message = &message};

	*r = ffabi_caller_send_memory(k, &sending);
	return sending.handle;
	/* end */
}

/* 48 bytes of header, 2 of 16, 16 of composite and 3 of 16: 0x90. */
static void sees(void)
{
	const uint8_t *tx = (const uint8_t *)tx_page;

	CHECK(tx[0x1c] == 2 && tx[0x30] == 0x01 && tx[0x40] == 0x02 && tx[0x42] == 1);
	CHECK(tx[0x34] == 0x50 && tx[0x44] == 0x50);
	CHECK(tx[0x50] == 19 && tx[0x54] == 3);
	CHECK(tx[0x63] == 0x68 && tx[0x68] == 2 && tx[0x72] == 1 && tx[0x78] == 1);
	CHECK(tx[0x82] == 2 && tx[0x88] == 16 && tx[0x90] == 0xee);
}

int main(void)
{
	static const struct turn turns[] = {
		{{0x84000073, 0x90, 0x90}, {0x84000061, 0, 0x11, 0x80000000}, sees},
	};
	struct ffabi_caller k;
	ffabi_result r;

	SCRIPTED(&k, FFABI_V1_1, turns);
	mapped(&k);
	CHECK(share(&k, &r) == 0x8000000000000011 && r == FFABI_OK && over());
	return done();
}
