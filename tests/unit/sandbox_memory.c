/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* The sandbox: what senders of memory may say, own and take back. */
#include "sandbox_transaction.h"

/* From share to reclaim, in the bytes of each version. */
static void whole_life(uint32_t version, uint32_t response, uint32_t composite)
{
	struct deal d = usual(version);
	struct deal r;

	begin_deals(version);
	send_deal(SHARE, &d);
	IS(0x84000061, 0, 1);
	send_deal(SHARE, &d); /* the same pages again */
	DENIED();
	r = asking(&d, 1);
	retrieve(0x8001, &r);
	ENTERED(0x84000075, response, response);
	CHECK(number(SP_PAGES + 0x1000, 2) == 1); /* sender */
	CHECK(number(SP_PAGES + 0x1002, 2) ==
	      (version == FFABI_V1_0 ? 0x2f : 0x6f)); /* NS is bit 6 */
	CHECK(number(SP_PAGES + 0x1004, 4) == 8); /* a share */
	CHECK(number(SP_PAGES + 0x1008, 8) == 1 && number(SP_PAGES + 0x1010, 8) == 0x7a6);
	CHECK(number(SP_PAGES + 0x1000 + composite, 8) == 0x0000000100000002ull);
	CHECK(number(SP_PAGES + 0x1010 + composite, 8) == VM_PAGES + 0x4000);
	CHECK(number(SP_PAGES + 0x1018 + composite, 8) == 2);
	CALL(1, RECLAIM, 1);
	DENIED();
	retrieve(0x8001, &r); /* FFA_MSG_WAIT gave the RX buffer back; it has the memory */
	PARTITION_REFUSED(0xfffffffa);
	relinquish(0x8001, 1, 0);
	ENTERED(0x84000061);
	relinquish(0x8001, 1, 0);
	PARTITION_REFUSED(0xfffffffe);
	CALL(2, RECLAIM, 1); /* not its sender */
	INVALID();
	CALL(1, RECLAIM, 1, 0, 4); /* a reserved flag */
	INVALID();
	CALL(1, RECLAIM, 1);
	OK();
	CALL(1, RECLAIM, 1);
	INVALID();
	send_deal(SHARE, &d);
	IS(0x84000061, 0, 2);
	CALL(0, RECLAIM, 2); /* by its hypervisor */
	OK();
	end();
}

/* Data and instruction access, types and receivers that a sender may not name. */
static void terms(void)
{
	struct deal d = usual(FFABI_V1_1);

	begin_deals(FFABI_V1_1);
	d.access[0] = 0; /* the sharer has to say */
	send_deal(SHARE, &d);
	INVALID();
	d.access[0] = 10; /* and not of execution */
	send_deal(SHARE, &d);
	INVALID();
	d.access[0] = 2;
	send_deal(DONATE, &d); /* the new owner has all */
	INVALID();
	send_deal(LEND, &d); /* a sole borrower chooses attributes itself */
	INVALID();
	d.attributes = 0;
	send_deal(SHARE, &d);
	INVALID();
	d.attributes = 0x10; /* Device memory */
	send_deal(SHARE, &d);
	NOT_SUPPORTED();
	send_deal(LEND, &d);
	NOT_SUPPORTED();
	d.access[0] = 0;
	send_deal(DONATE, &d);
	NOT_SUPPORTED();
	d.access[0] = 2;
	d.attributes = 0x2f;
	d.flags = 1; /* zeroing what its owner keeps */
	send_deal(SHARE, &d);
	INVALID();
	d.flags = 0;
	d.handle = 1;
	send_deal(SHARE, &d);
	INVALID();
	d.handle = 0;
	d.receivers[0] = 1; /* itself */
	send_deal(SHARE, &d);
	INVALID();
	d.receivers[0] = 0x8009;
	send_deal(SHARE, &d);
	INVALID();
	d.receivers[0] = d.receivers[1] = 0x8001;
	d.access[1] = 2;
	d.receiver_count = 2;
	send_deal(SHARE, &d); /* twice the same */
	INVALID();
	d.receivers[1] = 0x8002;
	d.access[0] = d.access[1] = 0;
	d.attributes = 0;
	send_deal(DONATE, &d); /* two owners */
	INVALID();
	d.receiver_count = 1;
	d.attributes = 0x2f;
	d.access[0] = 2;
	d.sender = 2; /* in the name of another */
	send_deal(SHARE, &d);
	DENIED();
	end();
}

static void ranges(void)
{
	struct deal d = usual(FFABI_V1_1);

	begin_deals(FFABI_V1_1);
	d.ranges[0][0] = OS_PAGES; /* somebody else's */
	send_deal(SHARE, &d);
	DENIED();
	d.ranges[0][0] = 0x10000; /* no memory at all */
	send_deal(SHARE, &d);
	DENIED();
	d.ranges[0][0] = VM_PAGES + 0xf000; /* the second page is beyond the area */
	send_deal(SHARE, &d);
	DENIED();
	d.ranges[0][0] = VM_PAGES + 0x1000; /* the RX buffer */
	send_deal(SHARE, &d);
	DENIED();
	d.ranges[0][0] = VM_PAGES + 0x4800;
	send_deal(SHARE, &d);
	INVALID();
	d.ranges[0][0] = 0xfffffffffffff000ull; /* wraps */
	send_deal(SHARE, &d);
	INVALID();
	d.ranges[0][0] = VM_PAGES + 0x4000;
	d.ranges[1][0] = VM_PAGES + 0x5000; /* overlaps the first */
	d.ranges[1][1] = 1;
	d.range_count = 2;
	send_deal(SHARE, &d);
	INVALID();
	d.ranges[1][0] = VM_PAGES + 0x8000;
	send_deal(SHARE, &d);
	IS(0x84000061, 0, 1);
	d.range_count = 1;
	d.ranges[0][0] = VM_PAGES + 0x7000; /* its second page is the other's second range */
	send_deal(LEND, &d);
	INVALID();
	d.attributes = 0;
	send_deal(LEND, &d);
	DENIED();
	CALL(1, 0xc4000066, VM_PAGES + 0x2000, VM_PAGES + 0x3000, 1);
	DENIED();
	CALL(1, 0x84000067);
	OK();
	CALL(1, 0xc4000066, VM_PAGES + 0x4000, VM_PAGES, 1); /* shared pages are no buffer */
	DENIED();
	CALL(1, 0xc4000066, VM_PAGES + 0x2000, VM_PAGES, 1);
	OK();
	end();
}

static void lengths(void)
{
	struct deal d = usual(FFABI_V1_1);

	begin_deals(FFABI_V1_1);
	CHECK(write_deal(VM_PAGES, &d) == 96);
	CALL(1, SHARE, 96, 104);
	INVALID();
	CALL(1, SHARE, 88, 88); /* the range is not in it */
	INVALID();
	CALL(1, SHARE, 94, 94);
	INVALID();
	CALL(1, SHARE, 0, 0);
	INVALID();
	CALL(1, SHARE, 0x2000, 0x1008); /* a fragment larger than the buffer */
	INVALID();
	CALL(1, SHARE, 0x20000, 96); /* more than can be stored */
	NO_MEMORY();
	CALL(1, SHARE, 96, 96, VM_PAGES, 1); /* a buffer of its own */
	NOT_SUPPORTED();
	CALL(0, SHARE, 96, 96); /* no buffer */
	INVALID();
	put(VM_PAGES + 80, 8, VM_PAGES + 0x4000);
	put(VM_PAGES + 64, 4, 3); /* pages do not add up */
	CALL(1, SHARE, 96, 96);
	INVALID();
	end();
}

/* Offsets count, not the order of tables: a gap, and a composite descriptor at a multiple of 8. */
static void layouts(void)
{
	struct deal d = usual(FFABI_V1_1);
	unsigned int i;

	begin_deals(FFABI_V1_2);
	write_deal(VM_PAGES, &d); /* access descriptors of 16 bytes, as the header says */
	CALL(1, SHARE, 96, 96);
	IS(0x84000061, 0, 1);
	CALL(1, RECLAIM, 1);
	OK();
	for (i = 96; i > 64; i--)
		put(VM_PAGES + i + 7, 1, number(VM_PAGES + i - 1, 1));
	put(VM_PAGES + 64, 8, 0xeeeeeeeeeeeeeeeeull);
	put(VM_PAGES + 52, 4, 72);
	CALL(1, SHARE, 104, 104);
	IS(0x84000061, 0, 2);
	CALL(1, RECLAIM, 2);
	OK();
	put(VM_PAGES + 52, 4, 68);
	CALL(1, SHARE, 104, 104);
	INVALID();
	put(VM_PAGES + 52, 4, 72);
	put(VM_PAGES + 24, 4, 8); /* smaller than any access descriptor */
	CALL(1, SHARE, 104, 104);
	INVALID();
	end();
}

/* Codes that this manager has no reason of its own to return. */
static void codes(void)
{
	static const struct {
		enum ffabi_call call;
		uint32_t fid;
		int32_t status;
	} table[] = {
		{FFABI_CALL_MEM_SHARE, SHARE, -4},     {FFABI_CALL_MEM_SHARE, SHARE, -8},
		{FFABI_CALL_MEM_LEND, LEND, -4},       {FFABI_CALL_MEM_LEND, LEND, -3},
		{FFABI_CALL_MEM_DONATE, DONATE, -4},   {FFABI_CALL_MEM_DONATE, DONATE, -8},
		{FFABI_CALL_MEM_DONATE, DONATE, -3},   {FFABI_CALL_MEM_RECLAIM, RECLAIM, -8},
		{FFABI_CALL_MEM_RECLAIM, RECLAIM, -3}, {FFABI_CALL_MEM_RECLAIM, RECLAIM, -1},
	};
	struct deal d = usual(FFABI_V1_2);
	unsigned int i;

	begin_deals(FFABI_V1_2);
	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		fail(table[i].call, table[i].status);
		if (table[i].fid == RECLAIM)
			CALL(1, RECLAIM, 1);
		else
			send_deal(table[i].fid, &d);
		IS(0x84000060, 0, (uint32_t)table[i].status);
	}
	send_deal(SHARE, &d); /* nothing of all that stayed */
	IS(0x84000061, 0, 1);
	end();
}

static void too_many(void)
{
	struct ffabi_sandbox_config *config = plan(FFABI_V1_1);
	struct deal d = usual(FFABI_V1_1);

	config->region_count = 1;
	config->range_count = 1;
	begin_deals_of(config);
	d.ranges[1][0] = VM_PAGES + 0x8000;
	d.ranges[1][1] = 1;
	d.range_count = 2;
	send_deal(SHARE, &d); /* two ranges */
	NO_MEMORY();
	d.range_count = 1;
	send_deal(SHARE, &d);
	IS(0x84000061, 0, 1);
	d.ranges[0][0] = VM_PAGES + 0x8000;
	send_deal(SHARE, &d); /* a second region */
	NO_MEMORY();
	d.attributes = 0;
	send_deal(LEND, &d);
	NO_MEMORY();
	end();
}

/* Secure pages do not go to the normal world; between partitions they may. */
static void secure_pages(void)
{
	struct deal d = usual(FFABI_V1_1);
	uint32_t n;

	begin_deals(FFABI_V1_1);
	d.sender = 0x8001;
	d.receivers[0] = 1;
	d.ranges[0][0] = SP_PAGES + 0x4000;
	n = write_deal(SP_PAGES, &d);
	partition_calls(0x8001, SHARE, n, n, 0, 0);
	PARTITION_REFUSED(0xfffffffa);
	d.receivers[0] = 0x8002;
	n = write_deal(SP_PAGES, &d);
	partition_calls(0x8001, SHARE, n, n, 0, 0);
	ENTERED(0x84000061, 0, 1);
	d = asking(&d, 1);
	retrieve(0x8002, &d);
	ENTERED(0x84000075, 96, 96);
	CHECK(number(SP2_PAGES + 0x1002, 2) == 0x2f); /* Secure */
	end();
}

/* The hypervisor sends for a VM: the descriptor names the VM. */
static void for_a_vm(void)
{
	struct deal d = usual(FFABI_V1_1);
	uint32_t n;

	begin_deals(FFABI_V1_1);
	map_buffers(0, OS_PAGES);
	n = write_deal(OS_PAGES, &d);
	CALL(0, SHARE, n, n);
	IS(0x84000061, 0, 1);
	d.sender = 0x8001;
	d.receivers[0] = 0x8002;
	n = write_deal(OS_PAGES, &d);
	CALL(0, SHARE, n, n); /* not for a partition */
	DENIED();
	CALL(1, RECLAIM, 1);
	OK();
	end();
}

/* Memory is zeroed when the sender said so, and by the reclaim that does. */
static void zeroing(void)
{
	struct deal d = usual(FFABI_V1_1);

	begin_deals(FFABI_V1_1);
	put(VM_PAGES + 0x5ff8, 8, 0x1122334455667788ull);
	put(VM_PAGES + 0x6000, 8, 0x99);
	d.attributes = 0;
	d.flags = 1;
	d.ranges[0][0] = OS_PAGES;
	send_deal(LEND, &d);
	DENIED();
	CHECK(number(VM_PAGES + 0x5ff8, 8) == 0x1122334455667788ull);
	d.ranges[0][0] = VM_PAGES + 0x4000;
	send_deal(LEND, &d);
	IS(0x84000061, 0, 1);
	CHECK(number(VM_PAGES + 0x5ff8, 8) == 0 && number(VM_PAGES + 0x6000, 8) == 0x99);
	put(VM_PAGES + 0x4000, 8, 0x55);
	CALL(1, RECLAIM, 1, 0, 1);
	OK();
	CHECK(number(VM_PAGES + 0x4000, 8) == 0);
	world.spmc->areas[1].data_access = FFABI_DATA_ACCESS_PERMISSION_READ_ONLY;
	d.flags = 0;
	send_deal(LEND, &d);
	CALL(1, RECLAIM, 2, 0, 1);
	DENIED();
	CALL(1, RECLAIM, 2);
	OK();
	end();
}

/* What cannot be mapped cannot be zeroed: the transaction is not, either. */
static uint8_t *refuse(void *self, uint64_t address, uint64_t page_count)
{
	(void)self;
	(void)address;
	(void)page_count;
	return NULL;
}

static void zeroing_fails(void)
{
	struct deal d = usual(FFABI_V1_1);

	begin_deals(FFABI_V1_1);
	world.spmc->platform.map = refuse;
	d.attributes = 0;
	d.flags = 1;
	send_deal(LEND, &d);
	ABORTED();
	d.flags = 0;
	send_deal(LEND, &d);
	IS(0x84000061, 0, 1);
	CALL(1, RECLAIM, 1, 0, 1);
	ABORTED();
	CALL(1, RECLAIM, 1);
	OK();
	end();
}

/* The sender changes the descriptor behind the copy: what was checked is what counts. */
static void to_another_page(struct world *w)
{
	(void)w;
	put(VM_PAGES + 80, 8, OS_PAGES);
	put(VM_PAGES + 48, 2, 0x8002);
}

static void tampering(void)
{
	struct deal d = usual(FFABI_V1_1);
	struct deal r = asking(&d, 1);

	begin_deals(FFABI_V1_1);
	world.tamper = to_another_page;
	send_deal(SHARE, &d);
	IS(0x84000061, 0, 1);
	world.tamper = NULL;
	CHECK(number(VM_PAGES + 80, 8) == OS_PAGES);
	retrieve(0x8001, &r);
	ENTERED(0x84000075, 96, 96);
	CHECK(number(SP_PAGES + 0x1050, 8) == VM_PAGES + 0x4000);
	end();
}

int main(void)
{
	whole_life(FFABI_V1_0, 80, 48);
	whole_life(FFABI_V1_1, 96, 64);
	whole_life(FFABI_V1_2, 112, 80);
	terms();
	ranges();
	lengths();
	layouts();
	codes();
	too_many();
	secure_pages();
	for_a_vm();
	zeroing();
	zeroing_fails();
	tampering();
	return done();
}
