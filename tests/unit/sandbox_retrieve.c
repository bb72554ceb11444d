/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* The sandbox: what borrowers may ask for, and how they give it back. */
#include "sandbox_transaction.h"

static void must_match(void)
{
	struct deal d = usual(FFABI_V1_1);
	struct deal r;

	begin_deals(FFABI_V1_1);
	send_deal(SHARE, &d);
	r = asking(&d, 2); /* no such handle */
	retrieve(0x8001, &r);
	PARTITION_REFUSED(0xfffffffe);
	r = asking(&d, 1);
	r.sender = 2; /* another sender: DENIED */
	retrieve(0x8001, &r);
	PARTITION_REFUSED(0xfffffffa);
	r = asking(&d, 1);
	r.tag = 0x7a7;
	retrieve(0x8001, &r);
	PARTITION_REFUSED(0xfffffffe);
	r = asking(&d, 1);
	r.flags = 0x10; /* as a lend */
	retrieve(0x8001, &r);
	PARTITION_REFUSED(0xfffffffe);
	r = asking(&d, 1);
	retrieve(0x8002, &r); /* for another */
	PARTITION_REFUSED(0xfffffffa);
	r.receivers[0] = 0x8002; /* for itself, but it is no borrower */
	retrieve(0x8002, &r);
	PARTITION_REFUSED(0xfffffffa);
	r = asking(&d, 1);
	r.attributes = 0x40; /* the security bit is the manager's */
	retrieve(0x8001, &r);
	PARTITION_REFUSED(0xfffffffe);
	r = asking(&d, 1);
	r.range_count = 1; /* address ranges */
	retrieve(0x8001, &r);
	PARTITION_REFUSED(0xfffffffe);
	r = asking(&d, 1);
	r.access_flags[0] = 1; /* not for whom it is retrieved */
	retrieve(0x8001, &r);
	PARTITION_REFUSED(0xfffffffa);
	r = asking(&d, 1);
	r.flags = 8; /* as a share */
	retrieve(0x8001, &r);
	ENTERED(0x84000075, 96, 96);
	end();
}

static void access_rights(void)
{
	struct deal d = usual(FFABI_V1_1);
	struct deal r;

	begin_deals(FFABI_V1_1);
	d.access[0] = 1;
	send_deal(SHARE, &d);
	r = asking(&d, 1);
	r.access[0] = 2; /* more than offered */
	retrieve(0x8001, &r);
	PARTITION_REFUSED(0xfffffffa);
	r.access[0] = 9; /* shared memory is never executed */
	retrieve(0x8001, &r);
	PARTITION_REFUSED(0xfffffffa);
	r.access[0] = 1;
	r.attributes = 0x10; /* Device */
	retrieve(0x8001, &r);
	PARTITION_REFUSED(0xfffffffa);
	CALL(1, RECLAIM, 1);
	OK();
	d.attributes = 0x27; /* not cacheable */
	send_deal(SHARE, &d);
	r = asking(&d, 2);
	r.attributes = 0x2f;
	retrieve(0x8001, &r);
	PARTITION_REFUSED(0xfffffffa);
	r.attributes = 0x27;
	r.access[0] = 0; /* what is offered */
	retrieve(0x8001, &r);
	ENTERED(0x84000075, 96, 96);
	CHECK(number(SP_PAGES + 0x1002, 2) == 0x67 && number(SP_PAGES + 0x1032, 1) == 5);
	end();
}

static void lent_alone(void)
{
	struct deal d = usual(FFABI_V1_1);
	struct deal r;

	begin_deals(FFABI_V1_1);
	d.attributes = 0;
	d.access[0] = 6; /* read-write, not executable: the lender may say so to one borrower */
	send_deal(LEND, &d);
	r = asking(&d, 1);
	r.access[0] = 10;
	retrieve(0x8001, &r);
	PARTITION_REFUSED(0xfffffffa);
	CALL(1, RECLAIM, 1);
	d.access[0] = 2;
	send_deal(LEND, &d);
	r = asking(&d, 2);
	r.attributes = 0x2f;
	r.access[0] = 10;
	retrieve(0x8001, &r);
	ENTERED(0x84000075, 96, 96);
	CHECK(number(SP_PAGES + 0x1004, 4) == 0x10 && number(SP_PAGES + 0x1032, 1) == 10);
	end();
}

static void call_itself(void)
{
	struct deal d = usual(FFABI_V1_1);
	struct deal r = asking(&d, 1);
	uint32_t n;

	begin_deals(FFABI_V1_1);
	send_deal(SHARE, &d);
	n = write_deal(SP_PAGES, &r);
	partition_calls(0x8001, RETRIEVE, n, n - 8, 0, 0); /* a request in fragments */
	PARTITION_REFUSED(0xfffffffe);
	partition_calls(0x8001, RETRIEVE, n, n, SP_PAGES, 1);
	PARTITION_REFUSED(0xffffffff);
	partition_calls(0x8001, RETRIEVE, 0x1008, 0x1008, 0, 0);
	PARTITION_REFUSED(0xfffffffe);
	rewind_script();
	SCRIPT(0, RETRIEVE, n, n);
	SCRIPT(1, RETRIEVE, n, n); /* the RX buffer is still full */
	SCRIPT(2, 0x8400006b);
	CALL(0, 0x8400006d, 0x80010000u);
	PARTITION_REFUSED(0xfffffffc);
	CALL(0, RETRIEVE, n, n); /* no buffers */
	INVALID();
	fail(FFABI_CALL_MEM_RETRIEVE_REQ, -3);
	CALL(1, RETRIEVE, n, n);
	NO_MEMORY();
	fail(FFABI_CALL_MEM_RETRIEVE_REQ, -8);
	CALL(1, RETRIEVE, n, n);
	ABORTED();
	CALL(0, RELINQUISH);
	INVALID();
	fail(FFABI_CALL_MEM_RELINQUISH, -3);
	CALL(1, RELINQUISH);
	NO_MEMORY();
	fail(FFABI_CALL_MEM_RELINQUISH, -1);
	CALL(1, RELINQUISH);
	NOT_SUPPORTED();
	end();
}

/* r079: a region with one borrower has no others to be left aside. */
static void nobody_to_leave_aside(void)
{
	struct deal d = usual(FFABI_V1_2);
	struct deal r;

	begin_deals(FFABI_V1_2);
	send_deal(SHARE, &d);
	IS(0x84000061, 0, 1);
	r = asking(&d, 1);
	r.flags = 0x400;
	retrieve(0x8001, &r);
	PARTITION_REFUSED(0xfffffffe);
	r.flags = 0;
	retrieve(0x8001, &r);
	ENTERED(0x84000075, 80 + 32, 80 + 32);
	end();
}

/* Two borrowers: each names both, or, from 1.2 on, asks not to be looked at. */
static void several(void)
{
	struct deal d = usual(FFABI_V1_2);
	struct deal r;

	begin_deals(FFABI_V1_2);
	d.receivers[1] = 0x8002;
	d.access[1] = 1;
	d.receiver_count = 2;
	send_deal(LEND, &d);
	IS(0x84000061, 0, 1);
	r = asking(&d, 1);
	r.receiver_count = 1;
	retrieve(0x8001, &r);
	PARTITION_REFUSED(0xfffffffe);
	r.receiver_count = 2;
	r.receivers[1] = 2; /* no borrower */
	r.access_flags[1] = 1;
	retrieve(0x8001, &r);
	PARTITION_REFUSED(0xfffffffe);
	r.receivers[1] = 0x8002;
	r.access[0] = 10; /* nobody executes what two have */
	retrieve(0x8001, &r);
	PARTITION_REFUSED(0xfffffffa);
	r.access[0] = 2;
	retrieve(0x8001, &r);
	ENTERED(0x84000075, 112, 112);
	r = asking(&d, 1);
	r.receivers[0] = 0x8002;
	r.access[0] = 1;
	r.receiver_count = 1;
	r.flags = 0x400; /* bypass */
	retrieve(0x8002, &r);
	ENTERED(0x84000075, 112, 112);
	CHECK(number(SP2_PAGES + 0x1030, 3) == 0x058002); /* read-only, not executable */
	relinquish(0x8001, 1, 1); /* zeroing while the other has it */
	PARTITION_REFUSED(0xfffffffa);
	relinquish(0x8001, 1, 0);
	ENTERED(0x84000061);
	CALL(1, RECLAIM, 1);
	DENIED();
	relinquish(0x8002, 1, 1); /* zeroing what it only reads */
	PARTITION_REFUSED(0xfffffffa);
	relinquish(0x8002, 1, 0);
	ENTERED(0x84000061);
	CALL(1, RECLAIM, 1);
	OK();
	end();
}

static void zero_flags(void)
{
	struct deal d = usual(FFABI_V1_1);
	struct deal r;

	begin_deals(FFABI_V1_1);
	send_deal(SHARE, &d);
	r = asking(&d, 1);
	r.flags = 1; /* shared memory is not zeroed */
	retrieve(0x8001, &r);
	PARTITION_REFUSED(0xfffffffe);
	r.flags = 4;
	retrieve(0x8001, &r);
	PARTITION_REFUSED(0xfffffffe);
	r.flags = 0;
	retrieve(0x8001, &r);
	ENTERED(0x84000075, 96, 96);
	relinquish(0x8001, 1, 1);
	PARTITION_REFUSED(0xfffffffe);
	relinquish(0x8001, 1, 4); /* a reserved flag */
	PARTITION_REFUSED(0xfffffffe);
	relinquish(0x8001, 1, 0);
	CALL(1, RECLAIM, 1);
	d.attributes = 0;
	send_deal(LEND, &d);
	r = asking(&d, 2);
	r.flags = 1; /* the sender did not */
	retrieve(0x8001, &r);
	PARTITION_REFUSED(0xfffffffe);
	r.flags = 4;
	r.access[0] = 1; /* zeroing what it only reads */
	retrieve(0x8001, &r);
	PARTITION_REFUSED(0xfffffffa);
	r.access[0] = 2;
	retrieve(0x8001, &r);
	ENTERED(0x84000075, 96, 96);
	put(VM_PAGES + 0x4000, 8, 0x77);
	relinquish(0x8001, 2, 0);
	ENTERED(0x84000061);
	CHECK(number(VM_PAGES + 0x4000, 8) == 0);
	CALL(1, RECLAIM, 2);
	d.flags = 1;
	send_deal(LEND, &d);
	r = asking(&d, 3);
	r.flags = 1;
	retrieve(0x8001, &r);
	ENTERED(0x84000075, 96, 96);
	CHECK(number(SP_PAGES + 0x1004, 4) == 0x11); /* lent, and zeroed */
	put(VM_PAGES + 0x4000, 8, 0x77);
	relinquish(0x8001, 3, 1);
	ENTERED(0x84000061);
	CHECK(number(VM_PAGES + 0x4000, 8) == 0);
	end();
}

static void wrong_relinquish(void)
{
	struct deal d = usual(FFABI_V1_1);
	struct deal r = asking(&d, 1);

	begin_deals(FFABI_V1_1);
	send_deal(SHARE, &d);
	retrieve(0x8001, &r);
	relinquish(0x8001, 9, 0); /* no such handle */
	PARTITION_REFUSED(0xfffffffe);
	put(SP_PAGES, 8, 1);
	put(SP_PAGES + 12, 4, 2); /* for two */
	partition_calls(0x8001, RELINQUISH, 0, 0, 0, 0);
	PARTITION_REFUSED(0xfffffffe);
	put(SP_PAGES + 12, 4, 0);
	partition_calls(0x8001, RELINQUISH, 0, 0, 0, 0);
	PARTITION_REFUSED(0xfffffffe);
	put(SP_PAGES + 12, 4, 1);
	put(SP_PAGES + 16, 2, 0x8002); /* for another */
	partition_calls(0x8001, RELINQUISH, 0, 0, 0, 0);
	PARTITION_REFUSED(0xfffffffe);
	fail(FFABI_CALL_MEM_RELINQUISH, -8);
	relinquish(0x8001, 1, 0);
	PARTITION_REFUSED(0xfffffff8);
	relinquish(0x8001, 1, 0);
	ENTERED(0x84000061);
	end();
}

/* The receiver becomes the owner: it may share the pages, the sender may not. */
static void donation(void)
{
	struct deal d = usual(FFABI_V1_1);
	struct deal r;
	uint32_t n;

	begin_deals(FFABI_V1_1);
	d.attributes = 0;
	d.access[0] = 0;
	send_deal(DONATE, &d);
	IS(0x84000061, 0, 1);
	r = asking(&d, 1);
	r.access[0] = 10;
	retrieve(0x8001, &r);
	ENTERED(0x84000075, 96, 96);
	CHECK(number(SP_PAGES + 0x1004, 4) == 0x18 && number(SP_PAGES + 0x1032, 1) == 10);
	retrieve(0x8001, &r); /* it is done with */
	PARTITION_REFUSED(0xfffffffe);
	relinquish(0x8001, 1, 0);
	PARTITION_REFUSED(0xfffffffe);
	CALL(1, RECLAIM, 1);
	INVALID();
	send_deal(DONATE, &d);
	DENIED();
	d.sender = 0x8001;
	d.receivers[0] = 1;
	n = write_deal(SP_PAGES, &d);
	partition_calls(0x8001, DONATE, n, n, 0, 0); /* and back */
	ENTERED(0x84000061, 0, 2);
	r = asking(&d, 2);
	n = write_deal(VM_PAGES, &r);
	CALL(1, RETRIEVE, n, n);
	IS(0x84000075, 96, 96);
	CHECK(number(VM_PAGES + 0x1002, 2) == 0x2f); /* to a VM the NS bit is not said */
	CHECK(world.spmc->areas[1].page_count == 16); /* one area again */
	end();
}

/* A donation not yet retrieved can be taken back; one that cannot be split is not retrieved. */
static void donation_fails(void)
{
	struct ffabi_sandbox_config *config = plan(FFABI_V1_1);
	struct deal d = usual(FFABI_V1_1);
	struct deal r;

	config->area_count = 7; /* one to split into, and two cuts */
	begin_deals_of(config);
	d.attributes = 0;
	d.access[0] = 0;
	send_deal(DONATE, &d);
	r = asking(&d, 1);
	retrieve(0x8001, &r);
	PARTITION_REFUSED(0xfffffffd);
	CALL(1, RECLAIM, 1);
	OK();
	send_deal(DONATE, &d);
	IS(0x84000061, 0, 2);
	end();
}

/* Each side reads and writes its own version. */
static void versions_apart(void)
{
	struct ffabi_sandbox_config *config = plan(FFABI_V1_0);
	struct deal d = usual(FFABI_V1_0);
	struct deal r;

	endpoints[3].version = FFABI_V1_2;
	begin_deals_of(config);
	send_deal(SHARE, &d);
	IS(0x84000061, 0, 1);
	r = asking(&d, 1);
	r.version = FFABI_V1_2;
	retrieve(0x8001, &r);
	ENTERED(0x84000075, 112, 112);
	CHECK(number(SP_PAGES + 0x1018, 4) == 32 &&
	      number(SP_PAGES + 0x1060, 8) == VM_PAGES + 0x4000);
	end();
}

/* A borrower that fails gives back what it had. */
static void borrower_fails(void)
{
	struct deal d = usual(FFABI_V1_3);
	struct deal r = asking(&d, 1);

	begin_deals(FFABI_V1_3);
	send_deal(SHARE, &d);
	retrieve(0x8001, &r);
	ENTERED(0x84000075, 112, 112);
	CALL(1, RECLAIM, 1);
	DENIED();
	rewind_script();
	SCRIPT(0, 0x84000090);
	CALL(0, 0x8400006d, 0x80010000u);
	ABORTED();
	CALL(1, RECLAIM, 1);
	OK();
	end();
}

int main(void)
{
	must_match();
	access_rights();
	lent_alone();
	call_itself();
	nobody_to_leave_aside();
	several();
	zero_flags();
	wrong_relinquish();
	donation();
	donation_fails();
	versions_apart();
	borrower_fails();
	return done();
}
