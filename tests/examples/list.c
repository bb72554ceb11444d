/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Every partition there is, by id. */
#include <ffabi/caller_partitions.h>

#include "../unit/script.h"

static char printed[64];
static int print(const char *format, unsigned int id)
{
	const size_t n = strlen(printed);

	return snprintf(printed + n, sizeof(printed) - n, format, id);
}

static ffabi_result list(struct ffabi_caller *k)
{
	/* example */
	struct ffabi_partition_info found[16];
	struct ffabi_listing listing = {.entries = found, .room = 16};
	ffabi_result r = ffabi_caller_list(k, &listing);

	for (uint32_t i = 0; r == FFABI_OK && i < listing.count; i++)
		print("partition %#x\n", found[i].partition_id);
	return r;
	/* end */
}

static void fill(void)
{
	rx_page[0] = 0x0000010300048001;
	rx_page[1] = rx_page[2] = 0;
	rx_page[3] = 0x0000010100018002;
	rx_page[4] = rx_page[5] = 0;
}

int main(void)
{
	static const struct turn turns[] = {
		{{0xc400008b}, FAILED(-1), NULL},
		{{0x84000068}, {0x84000061, 0, 2, 24}, fill},
		RELEASE,
	};
	struct ffabi_caller k;

	SCRIPTED(&k, FFABI_V1_2, turns);
	mapped(&k);
	CHECK(list(&k) == FFABI_OK && over());
	CHECK(same(printed, "partition 0x8001\npartition 0x8002\n"));
	return done();
}
