/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* The sandbox: direct and indirect messages, and who runs. */
#include "sandbox_world.h"

static void direct(uint32_t version)
{
	begin(version);
	SCRIPT(0, 0x84000070, 0x80010001u, 0, 0x11, 0x22);
	CALL(1, 0x8400006f, 0x18001, 0, 1, 2, 3, 4, 5);
	IS(0x84000070, 0x80010001u, 0, 0x11, 0x22);
	ENTERED(0x8400006f, 0x18001, 0, 1, 2, 3, 4, 5);
	SCRIPT(1, 0xc4000070, 0x80010001u, 0, 0x1111111111111111ull);
	CALL(1, 0xc400006f, 0x18001, 0, 0xffffffffffffffffull);
	IS(0xc4000070, 0x80010001u, 0, 0x1111111111111111ull);
	ENTERED(0xc400006f, 0x18001, 0, 0xffffffffffffffffull);
	CALL(1, 0x8400006f, 0x28001); /* in the name of another */
	INVALID();
	CALL(1, 0x8400006f, 0x18009); /* nobody */
	INVALID();
	CALL(1, 0x8400006f, 0x10001); /* itself */
	INVALID();
	CALL(1, 0x8400006f, 0x10002); /* a VM */
	DENIED();
	CALL(1, 0x8400006f, 0x18003); /* does not receive */
	DENIED();
	SCRIPT(2, 0x84000070, 0x80010002u);
	CALL(0, 0x8400006f, 0x28001); /* the hypervisor for VM 2 */
	IS(0x84000070, 0x80010002u);
	fail(FFABI_CALL_MSG_SEND_DIRECT_REQ, -1);
	CALL(1, 0x8400006f, 0x18001);
	NOT_SUPPORTED();
	fail(FFABI_CALL_MSG_SEND_DIRECT_REQ, -4);
	CALL(1, 0x8400006f, 0x18001);
	BUSY();
	CHECK(world.next == 3);
	end();
}

/* What a partition does wrong while it handles a request comes back to it as an error. */
static void wrong_responses(void)
{
	begin(FFABI_V1_2);
	SCRIPT(0, 0x84000070, 0x80010002u); /* to whom it was not asked by */
	SCRIPT(1, 0x84000070, 0x80020001u); /* from another */
	SCRIPT(2, 0xc4000070, 0x80010001u); /* in the other convention */
	SCRIPT(3, 0xc400008e, 0x80010001u); /* of the other kind */
	SCRIPT(4, 0x84000070, 0x80010001u, 0x80000001u); /* framework message */
	SCRIPT(5, 0x8400006b); /* FFA_MSG_WAIT */
	SCRIPT(6, 0x8400006d, 0x10000); /* FFA_RUN is not for partitions */
	SCRIPT(7, 0x84000070, 0x80010001u, 0, 7);
	CALL(1, 0x8400006f, 0x18001);
	IS(0x84000070, 0x80010001u, 0, 7);
	ENTERED(0x84000060, 0, 0xffffffff);
	CHECK(world.next == 8);
	rewind_script();
	SCRIPT(1, 0x84000070, 0x80010001u);
	CALL(1, 0x8400006f, 0x18001);
	ENTERED(0x84000060, 0, 0xfffffffe); /* INVALID_PARAMETERS for the wrong ids */
	rewind_script();
	SCRIPT(0, 0xc400008e, 0x80010001u);
	CALL(1, 0x8400006f, 0x18001);
	ENTERED(0x84000060, 0, 0xfffffffa); /* DENIED for the wrong kind */
	rewind_script();
	SCRIPT(0, 0x8400006b);
	CALL(1, 0x8400006f, 0x18001);
	ENTERED(0x84000060, 0, 0xfffffffa); /* DENIED: it has to answer */
	rewind_script();
	SCRIPT(0, 0xc4000070, 0x80010001u);
	CALL(1, 0x8400006f, 0x18001);
	ENTERED(0x84000060, 0, 0xfffffffe);
	CALL(1, 0x84000070, 0x10000); /* nobody asked a VM anything */
	DENIED();
	fail(FFABI_CALL_MSG_SEND_DIRECT_RESP, -8);
	CALL(1, 0x84000070, 0x10000);
	ABORTED();
	fail(FFABI_CALL_MSG_SEND_DIRECT_RESP, -1);
	CALL(1, 0x84000070, 0x10000);
	NOT_SUPPORTED();
	end();
}

static void direct2(void)
{
	struct ffabi_sandbox_config *config;

	begin(FFABI_V1_2);
	SCRIPT(0, 0xc400008e, 0x80010001u, 0, 0, 0xaa, 0xbb);
	CALL(1, 0xc400008d, 0x18001, 0xe311f8e7e0786148ull, 0x1bc5d5a502005ebcull, 4, 5, 6, 7, 8);
	IS(0xc400008e, 0x80010001u, 0, 0, 0xaa, 0xbb);
	ENTERED(0xc400008d, 0x18001, 0xe311f8e7e0786148ull, 0x1bc5d5a502005ebcull, 4, 5, 6, 7);
	CHECK(world.entered.x[8] == 8);
	CALL(1, 0xc400008d, 0x18001, 0x1111, 0x2222); /* not its protocol */
	INVALID();
	CALL(1, 0xc400008d, 0x28001);
	INVALID();
	CALL(1, 0xc400008d, 0x18003);
	DENIED();
	SCRIPT(1, 0x84000070, 0x80010001u); /* the answer to the other kind */
	SCRIPT(2, 0xc400008e, 0x80020001u);
	SCRIPT(3, 0xc400008e, 0x80010001u, 0, 0, 1);
	CALL(1, 0xc400008d, 0x18001);
	IS(0xc400008e, 0x80010001u, 0, 0, 1);
	ENTERED(0x84000060, 0, 0xfffffffe);
	CALL(1, 0xc400008e, 0x10000);
	DENIED();
	fail(FFABI_CALL_MSG_SEND_DIRECT_REQ2, -1);
	CALL(1, 0xc400008d, 0x18001);
	NOT_SUPPORTED();
	fail(FFABI_CALL_MSG_SEND_DIRECT_REQ2, -8);
	CALL(1, 0xc400008d, 0x18001);
	ABORTED();
	fail(FFABI_CALL_MSG_SEND_DIRECT_RESP2, -1);
	CALL(1, 0xc400008e, 0x10000);
	NOT_SUPPORTED();
	fail(FFABI_CALL_MSG_SEND_DIRECT_RESP2, -8);
	CALL(1, 0xc400008e, 0x10000);
	ABORTED();
	config = plan(FFABI_V1_2);
	endpoints[3].version = FFABI_V1_1; /* the receiver does not know the call */
	build(config);
	CALL(1, 0xc400008d, 0x18001);
	DENIED();
	begin(FFABI_V1_1);
	CALL(1, 0xc400008d, 0x18001);
	NOT_SUPPORTED();
	end();
}

/* Payload up to x17 exists in 1.3 alone: a receiver of 1.2 cannot be told. */
static void versions_apart(void)
{
	struct ffabi_sandbox_config *config = plan(FFABI_V1_3);

	endpoints[3].version = FFABI_V1_2;
	build(config);
	SCRIPT(0, 0xc4000070, 0x80010001u);
	CALL(1, 0xc400006f, 0x18001, 0, 1, 2, 3, 4, 5);
	IS(0xc4000070, 0x80010001u);
	CALL(1, 0xc400006f, 0x18001, 0, 1, 2, 3, 4, 5, 6);
	INVALID();
	end();
}

/* An interrupt before the partition starts: FFA_RUN goes on with the request. */
static void interrupts(void)
{
	const struct ffabi_spmc_fault fault = {FFABI_SPMC_FAULT_INTERRUPT,
					       FFABI_CALL_MSG_SEND_DIRECT_REQ, 2, 0};
	const struct ffabi_spmc_fault other = {FFABI_SPMC_FAULT_INTERRUPT,
					       FFABI_CALL_MSG_SEND_DIRECT_REQ2, 1, 0};
	const struct ffabi_spmc_fault again = {FFABI_SPMC_FAULT_INTERRUPT, FFABI_CALL_RUN, 1, 0};

	begin(FFABI_V1_1);
	CHECK(ffabi_spmc_inject(world.spmc, &fault));
	SCRIPT(0, 0x84000070, 0x80010001u, 0, 1);
	SCRIPT(1, 0x84000070, 0x80010001u, 0, 2);
	CALL(1, 0x8400006f, 0x18001, 0, 9);
	IS(0x84000070, 0x80010001u, 0, 1);
	CALL(1, 0x8400006f, 0x18001, 0, 8);
	IS(0x84000062, 0x80010000u);
	CHECK(world.next == 1);
	CALL(1, 0x8400006f, 0x18001, 0, 7); /* preempted: not free for another request */
	BUSY();
	CALL(2, 0x8400006d, 0x80010000u); /* not the one who waits for it */
	DENIED();
	CHECK(ffabi_spmc_inject(world.spmc, &again));
	CALL(1, 0x8400006d, 0x80010000u);
	IS(0x84000062, 0x80010000u);
	CALL(0, 0x8400006d, 0x80010000u); /* the scheduler may */
	IS(0x84000070, 0x80010001u, 0, 2);
	ENTERED(0x8400006f, 0x18001, 0, 8);
	begin(FFABI_V1_2);
	CHECK(ffabi_spmc_inject(world.spmc, &other));
	SCRIPT(0, 0xc400008e, 0x80010001u, 0, 0, 3);
	CALL(1, 0xc400008d, 0x18001);
	IS(0x84000062, 0x80010000u);
	CALL(1, 0xc400008d, 0x18001);
	BUSY();
	CALL(1, 0x8400006d, 0x80010000u);
	IS(0xc400008e, 0x80010001u, 0, 0, 3);
	end();
}

/* A partition calls another one, which yields: the normal world runs the first. */
static void chains(void)
{
	begin(FFABI_V1_1);
	SCRIPT(0, 0x8400006f, 0x80018002u, 0, 5); /* 0x8001 asks 0x8002 */
	SCRIPT(1, 0x8400006c, 0, 0x64); /* which yields for 100 ns */
	SCRIPT(2, 0x84000070, 0x80028001u, 0, 6); /* and then answers */
	SCRIPT(3, 0x84000070, 0x80010001u, 0, 7);
	CALL(1, 0x8400006f, 0x18001);
	IS(0x8400006c, 0x80010000u, 0x64);
	CALL(1, 0x8400006d, 0x80020000u); /* not the head of the chain */
	DENIED();
	CALL(1, 0x8400006f, 0x18002); /* in use */
	BUSY();
	CALL(1, 0x8400006d, 0x80010000u);
	IS(0x84000070, 0x80010001u, 0, 7);
	ENTERED(0x84000070, 0x80028001u, 0, 6);
	begin(FFABI_V1_1);
	SCRIPT(0, 0x8400006f, 0x80010001u); /* a partition does not ask the normal world */
	SCRIPT(1, 0x84000070, 0x80010001u);
	CALL(1, 0x8400006f, 0x18001);
	ENTERED(0x84000060, 0, 0xfffffffa);
	begin(FFABI_V1_1);
	SCRIPT(0, 0x8400006f, 0x80018002u);
	SCRIPT(1, 0x8400006f, 0x80028001u); /* its own caller is busy waiting */
	SCRIPT(2, 0x84000070, 0x80028001u);
	SCRIPT(3, 0x84000070, 0x80010001u);
	CALL(1, 0x8400006f, 0x18001);
	IS(0x84000070, 0x80010001u);
	CHECK(world.next == 4);
	end();
}

static void run(void)
{
	begin(FFABI_V1_2);
	SCRIPT(0, 0x8400006b);
	CALL(0, 0x8400006d, 0x80020001u);
	IS(0x8400006b, 0x80020001u);
	ENTERED(0x8400006d, 0x80020001u);
	CHECK(world.entered_vcpu == 1);
	CALL(0, 0x8400006d, 0x80020002u); /* no such context */
	INVALID();
	CALL(0, 0x8400006d, 0x80090000u);
	INVALID();
	CALL(0, 0x8400006d, 0);
	INVALID();
	CALL(0, 0x8400006d, 0x80030000u); /* it runs already */
	BUSY();
	CALL(0, 0x8400006d, 0x10000);
	BUSY();
	fail(FFABI_CALL_RUN, -1);
	CALL(0, 0x8400006d, 0x80010000u);
	NOT_SUPPORTED();
	world.spmc->partitions[3].vcpus[0].state = FFABI_SPMC_NOT_STARTED;
	CALL(0, 0x8400006d, 0x80010000u);
	DENIED();
	CALL(0, 0x8400006f, 0x8001);
	DENIED();
	begin(FFABI_V1_3);
	world.spmc->partitions[3].vcpus[0].state = FFABI_SPMC_NOT_STARTED;
	CALL(0, 0x8400006d, 0x80010000u);
	NOT_READY();
	CALL(0, 0x8400006f, 0x8001);
	NOT_READY();
	CALL(0, 0xc400008d, 0x8001);
	NOT_READY();
	end();
}

static void waits(void)
{
	begin(FFABI_V1_1);
	CALL(0, 0x8400006b); /* an OS gives its cycles to nobody */
	NOT_SUPPORTED();
	CALL(0, 0x8400006c);
	NOT_SUPPORTED();
	CALL(1, 0x8400006b); /* a VM is woken at once */
	IS(0x84000062);
	CALL(1, 0x8400006c);
	OK();
	CALL(1, 0x8400006b, 0, 1); /* the flag is of 1.2 */
	INVALID();
	CALL(1, 0x8400006c, 0x10000); /* ids are for who forwards */
	INVALID();
	CALL(0x8003, 0x8400006c); /* it initialises */
	DENIED();
	begin(FFABI_V1_2);
	CALL(1, 0x8400006b, 0x10000);
	INVALID();
	CALL(1, 0x8400006b, 0, 2);
	INVALID();
	begin(FFABI_V1_0);
	CALL(1, 0x8400006b);
	INTERRUPTED();
	end();
}

/* FFA_MSG_WAIT gives the RX buffer back, unless its flag says otherwise. */
static void wait_and_buffer(void)
{
	begin(FFABI_V1_2);
	map_buffers(1, VM_PAGES);
	CALL(1, 0x84000068, 0, 0, 0, 0);
	CALL(1, 0x8400006b, 0, 1);
	CALL(1, 0x84000068, 0, 0, 0, 0);
	BUSY();
	CALL(1, 0x8400006b);
	CALL(1, 0x84000065);
	DENIED();
	end();
}

static void aborts(void)
{
	begin(FFABI_V1_3);
	SCRIPT(0, 0x84000090, 0, 0xbad); /* FFA_ABORT */
	CALL(1, 0x8400006f, 0x18001);
	ABORTED();
	CALL(1, 0x8400006f, 0x18001);
	ABORTED();
	CALL(1, 0xc400008d, 0x18001);
	ABORTED();
	CALL(1, 0x8400006d, 0x80010000u);
	ABORTED();
	CALL(1, 0xc400008b, 0, 0, 0x10001); /* the list is another one since */
	RETRY();
	CALL(1, 0x84000090);
	NOT_SUPPORTED();
	begin(FFABI_V1_2);
	SCRIPT(0, 0x84000090);
	SCRIPT(1, 0x84000070, 0x80010001u);
	CALL(1, 0x8400006f, 0x18001);
	ENTERED(0x84000060, 0, 0xffffffff);
	begin(FFABI_V1_3);
	SCRIPT(0, 0x84000090, 1); /* w1 must be zero */
	SCRIPT(1, 0x84000070, 0x80010001u);
	CALL(1, 0x8400006f, 0x18001);
	ENTERED(0x84000060, 0, 0xfffffffe);
	end();
}

static void framework(void)
{
	struct ffabi_sandbox_config *config = plan(FFABI_V1_1);

	endpoints[3].more_properties |= FFABI_PARTITION_MORE_PROPERTIES_VM_CREATED_MSG;
	build(config);
	SCRIPT(0, 0x84000070, 0x80010000u); /* a partition message does not answer it */
	SCRIPT(1, 0x84000070, 0x80010000u, 0x80000005u);
	CALL(0, 0x8400006f, 0x8001, 0x80000004u, 0xffffffff, 0xffffffff, 1);
	IS(0x84000070, 0x80010000u, 0x80000005u);
	ENTERED(0x84000060, 0, 0xfffffffa);
	CALL(0, 0x8400006f, 0x8001, 0x80000006u, 0xffffffff, 0xffffffff, 1);
	DENIED(); /* it did not ask to hear of VMs that end */
	CALL(0, 0x8400006f, 0x8001, 0x80000001u);
	INVALID();
	CALL(1, 0x8400006f, 0x18001, 0x80000004u, 0xffffffff, 0xffffffff, 1);
	INVALID();
	CALL(0, 0x8400006f, 0x8001, 0x00000004u); /* a type without the framework bit */
	INVALID();
	end();
}

/* A header of 1.1 in TX, at 0: offset, receiver and sender, size. */
static void letter(uint64_t tx, uint32_t offset, uint32_t ids, uint32_t size)
{
	memset(bytes(tx), 0, 0x1000);
	put(tx + 8, 4, offset);
	put(tx + 12, 4, ids);
	put(tx + 16, 4, size);
}

static void send2(void)
{
	begin(FFABI_V1_1);
	CALL(1, 0x84000086);
	INVALID(); /* no buffers */
	map_buffers(1, VM_PAGES);
	map_buffers(2, VM2_PAGES);
	letter(VM_PAGES, 20, 0x10002, 5);
	put(VM_PAGES + 20, 5, 0x6f6c6c6568ull);
	CALL(1, 0x84000086);
	OK();
	CHECK(number(VM2_PAGES + 0x1008, 4) == 20 && number(VM2_PAGES + 0x100c, 4) == 0x10002);
	CHECK(number(VM2_PAGES + 0x1010, 4) == 5 &&
	      number(VM2_PAGES + 0x1014, 5) == 0x6f6c6c6568ull);
	CALL(1, 0x84000086);
	BUSY();
	CALL(0, 0x8400007d, 2, 1); /* FFA_NOTIFICATION_BITMAP_CREATE */
	OK();
	CALL(2, 0x84000082, 2, 8); /* told by the hypervisor that it is full */
	IS(0x84000061, 0, 0, 0, 0, 0, 0, 1);
	CALL(2, 0x84000065);
	OK();
	letter(VM_PAGES, 20, 0x10002, 0x1000 - 19); /* past the end of TX */
	CALL(1, 0x84000086);
	INVALID();
	letter(VM_PAGES, 0xffffffe0u, 0x10002, 0x40);
	CALL(1, 0x84000086);
	INVALID();
	letter(VM_PAGES, 16, 0x10002, 4); /* inside the header */
	CALL(1, 0x84000086);
	INVALID();
	letter(VM_PAGES, 20, 0x20001, 4); /* in the name of another */
	CALL(1, 0x84000086);
	INVALID();
	letter(VM_PAGES, 20, 0x10001, 4); /* to itself */
	CALL(1, 0x84000086);
	INVALID();
	letter(VM_PAGES, 20, 0x10009, 4);
	CALL(1, 0x84000086);
	INVALID();
	letter(VM_PAGES, 20, 0x18003, 4); /* takes no messages */
	CALL(1, 0x84000086);
	DENIED();
	letter(VM_PAGES, 20, 0x18001, 4); /* no RX buffer */
	CALL(1, 0x84000086);
	BUSY();
	letter(VM_PAGES, 20, 0x10002, 0); /* an empty message is one */
	CALL(0, 0x84000086, 0x10000, 2); /* by the hypervisor, the interrupt delayed */
	OK();
	CALL(1, 0x84000086, 0, 1); /* a reserved flag */
	INVALID();
	fail(FFABI_CALL_MSG_SEND2, -1);
	CALL(1, 0x84000086);
	NOT_SUPPORTED();
	fail(FFABI_CALL_MSG_SEND2, -8);
	CALL(1, 0x84000086);
	ABORTED();
	end();
}

/* Sender of 1.1 with 4096 bytes of TX, receiver of 1.2 whose header is 20 bytes longer. */
static void send2_between_versions(void)
{
	struct ffabi_sandbox_config *config = plan(FFABI_V1_1);

	endpoints[2].version = FFABI_V1_2;
	build(config);
	map_buffers(1, VM_PAGES);
	map_buffers(2, VM2_PAGES);
	letter(VM_PAGES, 20, 0x10002, 0x1000 - 20);
	CALL(1, 0x84000086);
	NO_MEMORY();
	letter(VM_PAGES, 20, 0x10002, 0x1000 - 40);
	put(VM_PAGES + 20, 2, 0xabcd);
	CALL(1, 0x84000086);
	OK();
	CHECK(number(VM2_PAGES + 0x1008, 4) == 40 && number(VM2_PAGES + 0x1018, 8) == 0);
	CHECK(number(VM2_PAGES + 0x1028, 2) == 0xabcd);
	begin(FFABI_V1_2);
	map_buffers(1, VM_PAGES);
	map_buffers(2, VM2_PAGES);
	letter(VM_PAGES, 40, 0x10002, 0);
	put(VM_PAGES + 24, 8, 0x99); /* a protocol that it does not know */
	CALL(1, 0x84000086);
	INVALID();
	config = plan(FFABI_V1_1);
	endpoints[2].version = FFABI_V1_0;
	build(config);
	map_buffers(1, VM_PAGES);
	map_buffers(2, VM2_PAGES);
	letter(VM_PAGES, 20, 0x10002, 0);
	CALL(1, 0x84000086); /* a receiver of 1.0 has no such messages */
	DENIED();
	end();
}

/* The sender changes the header after it was read: the receiver gets what was checked. */
static void change_header(struct world *w)
{
	(void)w;
	put(VM_PAGES + 8, 4, 0xfffffff0u);
	put(VM_PAGES + 16, 4, 0x7fffffff);
	put(VM_PAGES + 14, 2, 0);
}

static void send2_tampered(void)
{
	begin(FFABI_V1_1);
	map_buffers(1, VM_PAGES);
	map_buffers(2, VM2_PAGES);
	letter(VM_PAGES, 20, 0x10002, 3);
	world.tamper = change_header;
	CALL(1, 0x84000086);
	OK();
	CHECK(number(VM2_PAGES + 0x1008, 4) == 20 && number(VM2_PAGES + 0x100c, 4) == 0x10002);
	CHECK(number(VM2_PAGES + 0x1010, 4) == 3);
	end();
}

/* 1.0: no header; FFA_MSG_SEND delivers what FFA_MSG_POLL or FFA_MSG_WAIT asks for. */
static void send_1_0(void)
{
	begin(FFABI_V1_0);
	CALL(1, 0x8400006e, 0x10002, 0, 4);
	INVALID(); /* no buffers */
	map_buffers(1, VM_PAGES);
	CALL(1, 0x8400006e, 0x10002, 0, 4);
	BUSY();
	map_buffers(2, VM2_PAGES);
	put(VM_PAGES, 4, 0x12345678);
	CALL(1, 0x8400006e, 0x10002, 0, 4);
	OK();
	CALL(1, 0x8400006e, 0x10002, 0, 4);
	BUSY();
	CALL(2, 0x84000065); /* not read yet */
	DENIED();
	CALL(2, 0x8400006b);
	IS(0x8400006e, 0x10002, 0, 4);
	CHECK(number(VM2_PAGES + 0x1000, 4) == 0x12345678);
	CALL(2, 0x84000065);
	OK();
	CALL(1, 0x8400006e, 0x10002, 0, 0x1001);
	INVALID();
	CALL(1, 0x8400006e, 0x18003, 0, 4);
	DENIED();
	CALL(1, 0x8400006e, 0x20001, 0, 4);
	INVALID();
	CALL(1, 0x8400006a); /* FFA_MSG_POLL is for partitions */
	NOT_SUPPORTED();
	fail(FFABI_CALL_MSG_SEND, -1);
	CALL(1, 0x8400006e, 0x10002, 0, 4);
	NOT_SUPPORTED();
	end();
}

static void poll_1_0(void)
{
	begin(FFABI_V1_0);
	map_buffers(1, VM_PAGES);
	SCRIPT(0, 0xc4000066, SP_PAGES, SP_PAGES + 0x1000, 1);
	SCRIPT(1, 0x8400006a);
	SCRIPT(2, 0x8400006b);
	CALL(1, 0x8400006d, 0x80010000u);
	ENTERED(0x84000060, 0, 0xfffffff9); /* RETRY: nothing there */
	put(VM_PAGES, 4, 0x12345678);
	CALL(1, 0x8400006e, 0x18001, 0, 4);
	OK();
	rewind_script();
	SCRIPT(0, 0x84000065);
	SCRIPT(1, 0x8400006b);
	CALL(1, 0x8400006d, 0x80010000u); /* it is entered with the message */
	ENTERED(0x84000061);
	CALL(1, 0x8400006e, 0x18001, 0, 4);
	OK();
	rewind_script();
	SCRIPT(0, 0x8400006a);
	SCRIPT(1, 0x84000070, 0x80010001u);
	CALL(1, 0x8400006f, 0x18001);
	ENTERED(0x84000060, 0, 0xfffffffa); /* DENIED: it handles a request */
	rewind_script();
	SCRIPT(0, 0x8400006b);
	CALL(1, 0x8400006d, 0x80010000u);
	ENTERED(0x8400006e, 0x18001, 0, 4);
	end();
}

static void secondary_entry(void)
{
	struct ffabi_sandbox_config *config = plan(FFABI_V1_1);

	endpoints[4].initialising = 1;
	build(config);
	CALL(0x8002, 0xc4000087, SP2_PAGES + 0x40);
	OK();
	CALL(0x8002, 0xc4000087, VM_PAGES);
	INVALID();
	CALL(0x8002, 0x8400006b);
	SCRIPT(0, 0xc4000087, SP2_PAGES);
	SCRIPT(1, 0x8400006b);
	CALL(0, 0x8400006d, 0x80020000u);
	ENTERED(0x84000060, 0, 0xfffffffa);
	rewind_script();
	CALL(0, 0x8400006d, 0x80010000u); /* one context only */
	ENTERED(0x84000060, 0, 0xffffffff);
	CALL(1, 0xc4000087, VM_PAGES);
	NOT_SUPPORTED();
	end();
}

int main(void)
{
	direct(FFABI_V1_0);
	direct(FFABI_V1_1);
	direct(FFABI_V1_2);
	wrong_responses();
	direct2();
	versions_apart();
	interrupts();
	chains();
	run();
	waits();
	wait_and_buffer();
	aborts();
	framework();
	send2();
	send2_between_versions();
	send2_tampered();
	send_1_0();
	poll_1_0();
	secondary_entry();
	return done();
}
