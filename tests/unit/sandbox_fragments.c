/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* The sandbox: descriptors in fragments, both ways, and calls that are paused. */
#include "sandbox_transaction.h"

/*
 * A share of 300 ranges of one page: 4880 bytes in 1.1, in a TX buffer of 4096.  The OS has
 * every second page of 600; it writes the parts by hand.
 */
#define MANY 0x40000000u
static const struct ffabi_sandbox_pages many_pages[3] = {
	{MANY, 600, 0, 1},
	{OS_PAGES, 16, 0, 1},
	{SP_PAGES, 16, 0x8001, 0},
};

static void range(uint64_t at, unsigned int i)
{
	put(at, 8, MANY + 0x2000u * i);
	put(at + 8, 8, 1);
}

/* Bytes 0 to 4095: header, access descriptor, composite descriptor, 251 ranges. */
static void first_part(uint32_t pages)
{
	unsigned int i;

	memset(bytes(OS_PAGES), 0, 0x1000);
	put(OS_PAGES + 2, 2, 0x2f);
	put(OS_PAGES + 24, 4, 16);
	put(OS_PAGES + 28, 4, 1);
	put(OS_PAGES + 32, 4, 48);
	put(OS_PAGES + 48, 8, 0x0000004000028001ull); /* 0x8001, read-write, composite at 64 */
	put(OS_PAGES + 64, 4, pages);
	put(OS_PAGES + 68, 4, 300);
	for (i = 0; i < 251; i++)
		range(OS_PAGES + 80 + 16 * i, i);
}

/* The other 49 ranges: 784 bytes. */
static void second_part(void)
{
	unsigned int i;

	for (i = 251; i < 300; i++)
		range(OS_PAGES + 16 * (i - 251), i);
}

static void begin_many(uint32_t descriptor_size)
{
	struct ffabi_sandbox_config *config = plan(FFABI_V1_1);

	config->memory = many_pages;
	config->memory_count = 3;
	config->descriptor_size = descriptor_size;
	build(config);
	map_buffers(0, OS_PAGES);
	partition_calls(0x8001, 0xc4000066, SP_PAGES, SP_PAGES + 0x1000, 1, 0);
	ENTERED(0x84000061);
}

static void send_first(void)
{
	first_part(300);
	CALL(0, SHARE, 4880, 4096);
}

static void ask(void)
{
	put(SP_PAGES + 2, 2, 0);
	put(SP_PAGES + 8, 8, 1);
	put(SP_PAGES + 24, 4, 16);
	put(SP_PAGES + 28, 4, 1);
	put(SP_PAGES + 32, 4, 48);
	put(SP_PAGES + 48, 4, 0x00028001);
}

static void both_ways(void)
{
	begin_many(0);
	send_first();
	IS(0x8400007a, 1, 0, 4096);
	CALL(0, RECLAIM, 1); /* not there yet */
	INVALID();
	second_part();
	CALL(0, FRAG_TX, 1, 0, 784);
	IS(0x84000061, 0, 1);
	CALL(0, FRAG_TX, 1, 0, 784); /* it is complete */
	INVALID();
	ask();
	partition_calls(0x8001, RETRIEVE, 64, 64, 0, 0);
	ENTERED(0x84000075, 4880, 4096);
	CHECK(number(SP_PAGES + 0x1050 + 16 * 250, 8) == MANY + 0x2000u * 250);
	partition_calls(0x8001, FRAG_RX, 1, 0, 4088, 0); /* r026: another offset */
	PARTITION_REFUSED(0xfffffffe);
	partition_calls(0x8001, FRAG_RX, 2, 0, 4096, 0); /* another handle */
	PARTITION_REFUSED(0xfffffffe);
	partition_calls(0x8001, FRAG_RX, 1, 0, 4096, 0x80010000u); /* ids are for hypervisors */
	PARTITION_REFUSED(0xfffffffe);
	partition_calls(0x8001, FRAG_RX, 1, 0, 4096, 0);
	ENTERED(0x8400007b, 1, 0, 784);
	CHECK(number(SP_PAGES + 0x1000, 8) == MANY + 0x2000u * 251);
	CHECK(number(SP_PAGES + 0x1000 + 16 * 48, 8) == MANY + 0x2000u * 299);
	partition_calls(0x8001, FRAG_RX, 1, 0, 4880, 0); /* it has all */
	PARTITION_REFUSED(0xfffffffe);
	CALL(0, FRAG_RX, 1, 0, 4096); /* no borrower */
	DENIED();
	relinquish(0x8001, 1, 0);
	ENTERED(0x84000061);
	CALL(0, RECLAIM, 1);
	OK();
	end();
}

static void buffer_full(void)
{
	begin_many(0);
	send_first();
	second_part();
	CALL(0, FRAG_TX, 1, 0, 784);
	ask();
	rewind_script();
	SCRIPT(0, RETRIEVE, 64, 64);
	SCRIPT(1, FRAG_RX, 1, 0, 4096); /* the first part is still in the buffer */
	SCRIPT(2, 0x8400006b);
	CALL(0, 0x8400006d, 0x80010000u);
	PARTITION_REFUSED(0xfffffffc);
	rewind_script();
	SCRIPT(0, FRAG_RX, 1, 0, 4096);
	SCRIPT(1, 0x8400006b);
	CALL(0, 0x8400006d, 0x80010000u);
	ENTERED(0x8400007b, 1, 0, 784);
	end();
}

/* A fragment that is refused ends the transaction. */
static void refused(uint32_t handle_low, uint32_t handle_high, uint32_t length, uint32_t w4)
{
	begin_many(0);
	send_first();
	second_part();
	CALL(0, FRAG_TX, handle_low, handle_high, length, w4);
	INVALID();
}

static void refusals(void)
{
	refused(1, 0, 792, 0); /* beyond the total */
	CALL(0, FRAG_TX, 1, 0, 784);
	INVALID();
	refused(1, 0, 12, 0); /* not in whole words of 8 */
	CALL(0, FRAG_TX, 1, 0, 784);
	INVALID();
	refused(1, 0, 0, 0);
	refused(2, 0, 784, 0);
	refused(1, 1, 784, 0);
	refused(1, 0, 784, 0x10000); /* another sender */
	refused(1, 0, 784, 1);
	CALL(0, FRAG_TX, 1, 0, 784); /* somebody else's mistake did no harm */
	IS(0x84000061, 0, 1);
	begin_many(0);
	first_part(299); /* pages do not add up, which only the last part shows */
	CALL(0, SHARE, 4880, 4096);
	IS(0x8400007a, 1, 0, 4096);
	second_part();
	CALL(0, FRAG_TX, 1, 0, 784);
	INVALID();
	CALL(0, FRAG_TX, 1, 0, 784);
	INVALID();
	begin_many(4096); /* no room for it */
	send_first();
	NO_MEMORY();
	begin_many(0);
	first_part(300);
	CALL(0, SHARE, 4880, 72); /* without the whole composite descriptor */
	INVALID();
	end();
}

/* A transaction that is left half-way holds no page, and its slot is used again. */
static void abandoned(void)
{
	struct ffabi_sandbox_config *config = plan(FFABI_V1_1);

	config->memory = many_pages;
	config->memory_count = 3;
	config->region_count = 1;
	build(config);
	map_buffers(0, OS_PAGES);
	send_first();
	IS(0x8400007a, 1, 0, 4096);
	send_first(); /* begins anew, under another handle */
	IS(0x8400007a, 2, 0, 4096);
	second_part();
	CALL(0, FRAG_TX, 1, 0, 784);
	INVALID();
	CALL(0, FRAG_TX, 2, 0, 784);
	IS(0x84000061, 0, 2);
	end();
}

/* A donation whose descriptor the receiver fetches in parts is done when it has the last one. */
static void begin_donation(void)
{
	struct ffabi_sandbox_config *config = plan(FFABI_V1_1);

	config->memory = many_pages;
	config->memory_count = 3;
	config->area_count = 700; /* every second page changes hands */
	build(config);
	map_buffers(0, OS_PAGES);
	partition_calls(0x8001, 0xc4000066, SP_PAGES, SP_PAGES + 0x1000, 1, 0);
	first_part(300);
	put(OS_PAGES + 2, 2, 0);
	put(OS_PAGES + 50, 1, 0);
	CALL(0, DONATE, 4880, 4096);
	IS(0x8400007a, 1, 0, 4096);
	second_part();
	CALL(0, FRAG_TX, 1, 0, 784);
	IS(0x84000061, 0, 1);
	ask();
	partition_calls(0x8001, RETRIEVE, 64, 64, 0, 0);
	ENTERED(0x84000075, 4880, 4096);
	CALL(0, RECLAIM, 1);
	INVALID();
	CHECK(world.spmc->regions[0].state == FFABI_SPMC_DONATED);
}

static void donation(void)
{
	begin_donation();
	partition_calls(0x8001, FRAG_RX, 1, 0, 4096, 0);
	ENTERED(0x8400007b, 1, 0, 784);
	CHECK(world.spmc->regions[0].state == FFABI_SPMC_FREE);
	begin_donation();
	partition_calls(0x8001, 0x84000067, 0, 0, 0, 0); /* it wants no more */
	ENTERED(0x84000061);
	CHECK(world.spmc->regions[0].state == FFABI_SPMC_FREE);
	first_part(300);
	CALL(0, SHARE, 4880, 4096); /* the pages are gone */
	IS(0x8400007a, 2, 0, 4096);
	second_part();
	CALL(0, FRAG_TX, 2, 0, 784);
	DENIED();
	end();
}

/* The OS changes the first part while it sends the second. */
static void change_count(struct world *w)
{
	(void)w;
	put(OS_PAGES + 64, 8, 0x0000ffff00000001ull);
}

static void tampering(void)
{
	begin_many(0);
	world.tamper = change_count;
	send_first();
	IS(0x8400007a, 1, 0, 4096);
	second_part();
	CALL(0, FRAG_TX, 1, 0, 784);
	IS(0x84000061, 0, 1);
	end();
}

static void codes(void)
{
	static const int32_t frag_tx[] = {-3, -6, -8, -1};
	static const int32_t frag_rx[] = {-8, -1};
	unsigned int i;

	begin_many(0);
	send_first();
	second_part();
	for (i = 0; i < 4; i++) {
		fail(FFABI_CALL_MEM_FRAG_TX, frag_tx[i]);
		CALL(0, FRAG_TX, 1, 0, 784);
		IS(0x84000060, 0, (uint32_t)frag_tx[i]);
	}
	for (i = 0; i < 2; i++) {
		fail(FFABI_CALL_MEM_FRAG_RX, frag_rx[i]);
		CALL(0, FRAG_RX, 1, 0, 4096);
		IS(0x84000060, 0, (uint32_t)frag_rx[i]);
	}
	end();
}

static void pause_next(enum ffabi_call call)
{
	const struct ffabi_spmc_fault fault = {FFABI_SPMC_FAULT_PAUSE, call, 1, 0};

	CHECK(ffabi_spmc_inject(world.spmc, &fault));
}

/* Paused, the call has not happened; FFA_MEM_OP_RESUME makes it. */
static void pauses(void)
{
	const struct ffabi_spmc_fault wrong = {FFABI_SPMC_FAULT_PAUSE, FFABI_CALL_ID_GET, 1, 0};
	struct deal d = usual(FFABI_V1_1);

	begin_deals(FFABI_V1_1);
	CHECK(!ffabi_spmc_inject(world.spmc, &wrong));
	pause_next(FFABI_CALL_MEM_SHARE);
	send_deal(SHARE, &d);
	IS(0x84000078, 1);
	CALL(1, 0x84000079, 2); /* another handle */
	INVALID();
	CALL(2, 0x84000079, 1); /* somebody else */
	INVALID();
	pause_next(FFABI_CALL_MEM_OP_RESUME);
	CALL(1, 0x84000079, 1);
	IS(0x84000078, 1);
	CALL(1, 0x84000079, 1);
	IS(0x84000061, 0, 1);
	CALL(1, 0x84000079, 1);
	INVALID();
	pause_next(FFABI_CALL_MEM_RECLAIM);
	CALL(1, RECLAIM, 1);
	IS(0x84000078, 1);
	CALL(1, 0x84000079, 1);
	OK();
	fail(FFABI_CALL_MEM_OP_RESUME, -1);
	CALL(1, 0x84000079, 1);
	NOT_SUPPORTED();
	begin_many(0);
	pause_next(FFABI_CALL_MEM_SHARE);
	send_first();
	IS(0x84000078, 1);
	CALL(0, 0x84000079, 1);
	IS(0x8400007a, 1, 0, 4096);
	second_part();
	pause_next(FFABI_CALL_MEM_FRAG_TX);
	CALL(0, FRAG_TX, 1, 0, 784);
	IS(0x84000078, 1);
	CALL(0, 0x84000079, 1);
	IS(0x84000061, 0, 1);
	ask();
	pause_next(FFABI_CALL_MEM_RETRIEVE_REQ);
	partition_calls(0x8001, RETRIEVE, 64, 64, 0, 0);
	ENTERED(0x84000078, 2);
	partition_calls(0x8001, 0x84000079, 2, 0, 0, 0);
	ENTERED(0x84000075, 4880, 4096);
	end();
}

int main(void)
{
	both_ways();
	buffer_full();
	refusals();
	abandoned();
	donation();
	tampering();
	codes();
	pauses();
	return done();
}
