/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* The sandbox: versions, ids, features, buffers, partition lists, console, page permissions. */
#include "sandbox_world.h"

static void versions(void)
{
	struct ffabi_sandbox_config *config = plan(FFABI_V1_1);

	endpoints[0].version = 0;
	config->version = FFABI_V1_2;
	build(config);
	CALL(0, 0x84000069); /* nothing agreed: FFA_ID_GET is not there */
	NOT_SUPPORTED();
	CALL(0, 0x84000063, 0x10003); /* a higher minor: ours, and that is what is spoken */
	CHECK(world.r.x[0] == 0x10002);
	CALL(0, 0x84000063, 0x10001);
	CHECK(world.r.x[0] == 0x10002);
	CALL(0, 0x84000063, 0x20000); /* another major */
	CHECK(world.r.x[0] == 0x10002);
	CALL(0, 0x84000063, 0x10001);
	CHECK(world.r.x[0] == 0x10002);
	CALL(0, 0x84000069);
	IS(0x84000061, 0, 0);
	CALL(0, 0x84000063, 0x10000); /* too late for another one */
	CHECK(world.r.x[0] == 0xffffffff);
	CALL(0, 0xc400008b); /* a call of 1.2 is not there for 1.1 */
	NOT_SUPPORTED();
	end();
}

static void ids(void)
{
	begin(FFABI_V1_1);
	CALL(0, 0x84000069);
	IS(0x84000061, 0, 0);
	CALL(0x8001, 0x84000069); /* a partition that does not run cannot call */
	DENIED();
	CALL(0x8003, 0x84000069);
	IS(0x84000061, 0, 0x8003);
	CALL(1, 0x84000085);
	IS(0x84000061, 0, 0x8000);
	CALL(1, 0x840000ff); /* no such function */
	NOT_SUPPORTED();
	CALL(0, 0x8400007c); /* FFA_NORMAL_WORLD_RESUME is not for the normal world */
	NOT_SUPPORTED();
	fail(FFABI_CALL_ID_GET, -1);
	CALL(1, 0x84000069);
	NOT_SUPPORTED();
	begin(FFABI_V1_0);
	CALL(1, 0x84000085);
	NOT_SUPPORTED();
	end();
}

static void features(void)
{
	struct ffabi_sandbox_config *config = plan(FFABI_V1_2);

	config->sri = 8;
	config->npi = 5;
	config->rxtx_min_size = FFABI_RXTX_MIN_SIZE_KIB_16;
	build(config);
	CALL(1, 0x84000064, 0x84000066); /* FFA_RXTX_MAP: 16 KiB, at most 16 pages */
	IS(0x84000061, 0, 0x100002);
	CALL(1, 0x84000064, 0x84000074, 2); /* FFA_MEM_RETRIEVE_REQ with the NS bit */
	IS(0x84000061, 0, 2);
	CALL(1, 0x84000064, 0x84000074, 0);
	OK();
	CALL(0x8003, 0x84000064, 0x84000074, 0); /* a partition has to know the NS bit */
	NOT_SUPPORTED();
	CALL(0, 0x84000064, 2); /* schedule receiver interrupt */
	IS(0x84000061, 0, 8);
	CALL(1, 0x84000064, 2); /* not its business */
	NOT_SUPPORTED();
	CALL(1, 0x84000064, 1);
	IS(0x84000061, 0, 5);
	CALL(1, 0x84000064, 3);
	NOT_SUPPORTED();
	CALL(1, 0x84000064, 0xc400008d);
	OK();
	CALL(1, 0x84000064, 0xc4000094);
	NOT_SUPPORTED();
	end();
}

static void buffers(void)
{
	begin(FFABI_V1_1);
	CALL(1, 0xc4000066, VM_PAGES, VM_PAGES, 1); /* overlap */
	INVALID();
	CALL(1, 0xc4000066, VM_PAGES, VM_PAGES + 0x1000, 2);
	INVALID();
	CALL(1, 0xc4000066, VM_PAGES + 0x800, VM_PAGES + 0x2000, 1); /* misaligned */
	INVALID();
	CALL(1, 0xc4000066, VM_PAGES, VM_PAGES + 0x1000, 0);
	INVALID();
	CALL(1, 0xc4000066, VM_PAGES, VM_PAGES + 0x11000, 17); /* above the maximum */
	INVALID();
	CALL(1, 0xc4000066, 0x10000, 0x20000, 1); /* no memory there */
	INVALID();
	CALL(1, 0xc4000066, 0xfffffffffffff000ull, VM_PAGES, 1);
	INVALID();
	CALL(1, 0xc4000066, OS_PAGES, OS_PAGES + 0x1000, 1); /* somebody else's */
	DENIED();
	CALL(1, 0x84000066, VM_PAGES, VM_PAGES + 0x1000, 1);
	OK();
	CALL(1, 0x84000066, VM_PAGES + 0x2000, VM_PAGES + 0x3000, 1); /* already registered */
	DENIED();
	CALL(1, 0x84000067);
	OK();
	CALL(1, 0x84000067);
	INVALID();
	map_buffers(1, VM_PAGES);
	CALL(0, 0x84000067, 0x10000); /* the hypervisor for VM 1 */
	OK();
	CALL(0, 0x84000067, 0x80010000u);
	INVALID();
	fail(FFABI_CALL_RXTX_MAP, -1);
	CALL(1, 0x84000066, VM_PAGES, VM_PAGES + 0x1000, 1);
	NOT_SUPPORTED();
	fail(FFABI_CALL_RXTX_UNMAP, -1);
	CALL(1, 0x84000067);
	NOT_SUPPORTED();
	end();
}

/* An endpoint RX/TX descriptor in the TX buffer of 0: VM 1, RX ranges at 16, TX ranges at 48. */
static void pair_of_vm(void)
{
	memset(bytes(OS_PAGES), 0, 0x1000);
	put(OS_PAGES, 2, 1);
	put(OS_PAGES + 4, 4, 16);
	put(OS_PAGES + 8, 4, 48);
	put(OS_PAGES + 16, 8, 0x0000000100000001ull); /* a page in one range */
	put(OS_PAGES + 32, 8, VM_PAGES + 0x1000);
	put(OS_PAGES + 40, 4, 1);
	put(OS_PAGES + 48, 8, 0x0000000100000001ull);
	put(OS_PAGES + 64, 8, VM_PAGES);
	put(OS_PAGES + 72, 4, 1);
	CALL(0, 0xc4000066);
}

static void buffers_by_hypervisor(void)
{
	begin(FFABI_V1_1);
	CALL(1, 0xc4000066); /* not a hypervisor */
	INVALID();
	CALL(0, 0xc4000066); /* nothing to read it from */
	INVALID();
	map_buffers(0, OS_PAGES);
	pair_of_vm();
	OK();
	pair_of_vm();
	DENIED();
	CALL(1, 0x84000068, 0, 0, 0, 0);
	CHECK(world.r.x[0] == 0x84000061 && number(VM_PAGES + 0x1018, 2) == 1);
	CALL(1, 0x84000067);
	OK();
	put(OS_PAGES, 2, 0x8001); /* no VM */
	CALL(0, 0xc4000066);
	INVALID();
	put(OS_PAGES, 2, 1);
	put(OS_PAGES + 4, 4, 0xff8); /* the ranges go beyond the buffer */
	CALL(0, 0xc4000066);
	INVALID();
	put(OS_PAGES + 4, 4, 16);
	put(OS_PAGES + 16, 8, 0x0000000100000002ull); /* pages do not add up */
	CALL(0, 0xc4000066);
	INVALID();
	put(OS_PAGES + 16, 8, 0x0000000100000011ull); /* 17 pages */
	put(OS_PAGES + 40, 4, 17);
	CALL(0, 0xc4000066);
	INVALID();
	put(OS_PAGES + 4, 4, 96);
	put(OS_PAGES + 96, 8, 0x0000000200000002ull); /* two ranges */
	put(OS_PAGES + 112, 8, VM_PAGES + 0x1000);
	put(OS_PAGES + 120, 4, 1);
	put(OS_PAGES + 128, 8, VM_PAGES + 0x2000);
	put(OS_PAGES + 136, 4, 1);
	CALL(0, 0xc4000066);
	NO_MEMORY();
	end();
}

static void buffer_units(void)
{
	struct ffabi_sandbox_config *config = plan(FFABI_V1_0);

	config->rxtx_min_size = FFABI_RXTX_MIN_SIZE_KIB_16;
	build(config);
	CALL(1, 0xc4000066, VM_PAGES, VM_PAGES + 0x4000, 1);
	INVALID();
	CALL(1, 0xc4000066, VM_PAGES + 0x1000, VM_PAGES + 0x8000, 4);
	INVALID();
	CALL(1, 0xc4000066, VM_PAGES, VM_PAGES + 0x4000, 4);
	OK();
	config->rxtx_min_size = FFABI_RXTX_MIN_SIZE_KIB_64;
	build(config);
	CALL(0, 0xc4000066, OS_PAGES, OS_PAGES + 0x10000, 4);
	INVALID();
	CALL(0, 0xc4000066, OS_PAGES, OS_PAGES + 0x10000, 16);
	OK();
	config->rxtx_min_size = FFABI_RXTX_MIN_SIZE_KIB_4;
	config->unmappable = 1;
	build(config);
	CALL(0, 0xc4000066, OS_PAGES, OS_PAGES + 0x10000, 16);
	NO_MEMORY();
	end();
}

static void rx_ownership(void)
{
	begin(FFABI_V1_1);
	CALL(0, 0x84000084, 1); /* FFA_RX_ACQUIRE: not registered */
	INVALID();
	map_buffers(1, VM_PAGES);
	CALL(0, 0x84000084, 9);
	INVALID();
	CALL(0, 0x84000084, 0x8001);
	INVALID();
	CALL(0, 0x84000084, 1);
	OK();
	CALL(0, 0x84000084, 1);
	DENIED();
	CALL(1, 0x84000065); /* FFA_RX_RELEASE: the hypervisor has it */
	DENIED();
	CALL(1, 0x84000068, 0, 0, 0, 0); /* FFA_PARTITION_INFO_GET */
	BUSY();
	CALL(0, 0x84000065, 1);
	OK();
	CALL(0, 0x84000065, 1);
	DENIED();
	CALL(0, 0x84000065, 7);
	INVALID();
	CALL(1, 0x84000065);
	DENIED();
	CALL(1, 0x84000068, 0, 0, 0, 0);
	CHECK(world.r.x[0] == 0x84000061);
	CALL(0, 0x84000084, 1); /* full */
	DENIED();
	CALL(1, 0x84000068, 0, 0, 0, 0);
	BUSY();
	CALL(1, 0x84000065);
	OK();
	CALL(1, 0x84000084, 1); /* not at this instance */
	NOT_SUPPORTED();
	fail(FFABI_CALL_RX_RELEASE, -8);
	CALL(1, 0x84000065);
	ABORTED();
	fail(FFABI_CALL_RX_RELEASE, -1);
	CALL(1, 0x84000065);
	NOT_SUPPORTED();
	end();
}

/* 1.0: 8 bytes, one entry for each partition, and no size in w3. */
static void list_1_0(void)
{
	begin(FFABI_V1_0);
	CALL(0, 0x84000068, 0, 0, 0, 0);
	BUSY(); /* no RX buffer */
	map_buffers(0, OS_PAGES);
	CALL(0, 0x84000068, 0, 0, 0, 0);
	IS(0x84000061, 0, 3);
	CHECK(number(OS_PAGES + 0x1000, 8) == 0x0000000700018001ull);
	CHECK(number(OS_PAGES + 0x1008, 8) == 0x0000000700028002ull);
	CHECK(number(OS_PAGES + 0x1010, 8) == 0x0000000000018003ull);
	CHECK(number(OS_PAGES + 0x1018, 8) == 0);
	CALL(0, 0x84000065);
	OK();
	CALL(0, 0x84000068, 0x1111, 0, 0x2222, 0);
	IS(0x84000061, 0, 1);
	CHECK(number(OS_PAGES + 0x1000, 2) == 0x8002);
	CALL(0, 0x84000065);
	CALL(0, 0x84000068, 0x1111, 0, 0x2222, 1);
	INVALID();
	CALL(0, 0x84000068, 0, 0, 0, 0, 1); /* the flag is of 1.1 */
	INVALID();
	end();
}

/* 1.1 and 1.2: 24 bytes, one entry for each protocol. */
static void list_1_1(void)
{
	begin(FFABI_V1_1);
	CALL(0, 0x84000068, 0, 0, 0, 0, 1); /* count only */
	IS(0x84000061, 0, 4);
	map_buffers(0, OS_PAGES);
	CALL(0, 0x84000068, 0, 0, 0, 0);
	IS(0x84000061, 0, 4, 24);
	CHECK(number(OS_PAGES + 0x1000, 8) == 0x0000010f00018001ull); /* AArch64 is bit 8 */
	CHECK(number(OS_PAGES + 0x1008, 8) == 0xe311f8e7e0786148ull);
	CHECK(number(OS_PAGES + 0x1010, 8) == 0x1bc5d5a502005ebcull);
	CHECK(number(OS_PAGES + 0x1018, 8) == 0x0000010f00028002ull);
	CHECK(number(OS_PAGES + 0x1020, 8) == 0x1111);
	CHECK(number(OS_PAGES + 0x1038, 8) == 0x3333);
	CALL(0, 0x84000065);
	/* r059: asked for by UUID, the entry holds none */
	CALL(0, 0x84000068, 0xe0786148, 0xe311f8e7, 0x02005ebc, 0x1bc5d5a5);
	IS(0x84000061, 0, 1, 24);
	CHECK(number(OS_PAGES + 0x1000, 8) == 0x0000010f00018001ull);
	CHECK(number(OS_PAGES + 0x1008, 8) == 0 && number(OS_PAGES + 0x1010, 8) == 0);
	CHECK(number(OS_PAGES + 0x1008, 8) == 0);
	CALL(0, 0x84000068, 0, 0, 0, 0, 2);
	INVALID();
	begin(FFABI_V1_2);
	map_buffers(1, VM_PAGES);
	CALL(1, 0x84000068, 0, 0, 0, 0); /* a VM sees the other VMs too */
	IS(0x84000061, 0, 7, 24);
	CHECK(number(VM_PAGES + 0x1000, 4) == 0x00010000);
	CHECK(number(VM_PAGES + 0x1048, 8) == 0x0000070f00018001ull);
	end();
}

static void list_1_3(void)
{
	struct ffabi_sandbox_config *config = plan(FFABI_V1_3);

	endpoints[3].image.lo = 0x77;
	build(config);
	map_buffers(0, OS_PAGES);
	CALL(0, 0x84000068, 0, 0, 0, 0);
	IS(0x84000061, 0, 4, 48);
	CHECK(number(OS_PAGES + 0x1018, 8) == 0x77);
	CHECK(number(OS_PAGES + 0x1028, 4) == 0x10003);
	CHECK(number(OS_PAGES + 0x1030, 2) == 0x8002);
	fail(FFABI_CALL_PARTITION_INFO_GET, -10);
	CALL(0, 0x84000068, 0, 0, 0, 0);
	NOT_READY();
	fail(FFABI_CALL_PARTITION_INFO_GET, -8);
	CALL(0, 0x84000068, 0, 0, 0, 0);
	ABORTED();
	fail(FFABI_CALL_PARTITION_INFO_GET, -6);
	CALL(0, 0x84000068, 0, 0, 0, 0);
	DENIED();
	fail(FFABI_CALL_PARTITION_INFO_GET, -1);
	CALL(0, 0x84000068, 0, 0, 0, 0);
	NOT_SUPPORTED();
	end();
}

/* More entries than a buffer of one page holds. */
static void list_too_long(void)
{
	static struct ffabi_uuid many[171]; /* 171 * 24 = 4104 bytes */
	struct ffabi_sandbox_config *config = plan(FFABI_V1_1);
	unsigned int i;

	for (i = 0; i < 171; i++)
		many[i].lo = i + 0x10000;
	endpoints[3].uuids = many;
	endpoints[3].uuid_count = 171;
	build(config);
	map_buffers(0, OS_PAGES);
	CALL(0, 0x84000068, 0, 0, 0, 0);
	NO_MEMORY();
	CALL(0, 0x84000068, 0, 0, 0, 0, 1);
	IS(0x84000061, 0, 174);
	CALL(0, 0x84000068, 0x10000, 0, 0, 0);
	IS(0x84000061, 0, 1, 24);
	end();
}

static void list_in_registers(void)
{
	begin(FFABI_V1_2);
	CALL(0, 0xc400008b, 0, 0, 0);
	CHECK(world.r.x[0] == 0xc4000061);
	CHECK(world.r.x[2] == 0x0018000100030003ull); /* 24 bytes, tag 1, last 3 of 3 */
	CHECK(world.r.x[3] == 0x0000070f00018001ull);
	CHECK(world.r.x[4] == 0xe311f8e7e0786148ull && world.r.x[5] == 0x1bc5d5a502005ebcull);
	CHECK(world.r.x[6] == 0x0000070f00028002ull && world.r.x[10] == 0x3333);
	CHECK(world.r.x[12] == 0x0000000000018003ull);
	CALL(0, 0xc400008b, 0, 0, 0x10003); /* from index 3 on, tag 1 */
	CHECK(world.r.x[2] == 0x0018000100030003ull && (world.r.x[3] & 0xffff) == 0x8003);
	CALL(0, 0xc400008b, 0, 0, 0x20003); /* another tag */
	RETRY();
	CALL(0, 0xc400008b, 0, 0, 0x10000); /* a tag with index 0 */
	INVALID();
	CALL(0, 0xc400008b, 0, 0, 0x10004);
	INVALID();
	CALL(0, 0xc400008b, 1, 0, 0); /* nobody has it */
	INVALID();
	CALL(0, 0xc400008b, 0x3333, 0x4444, 0);
	CHECK(world.r.x[2] == 0x0018000100000000ull && world.r.x[4] == 0);
	fail(FFABI_CALL_PARTITION_INFO_GET_REGS, -6);
	CALL(0, 0xc400008b);
	DENIED();
	fail(FFABI_CALL_PARTITION_INFO_GET_REGS, -3);
	CALL(0, 0xc400008b);
	NO_MEMORY();
	begin(FFABI_V1_3);
	CALL(0, 0xc400008b);
	CHECK(world.r.x[2] == 0x0030000100010003ull); /* two of 48 bytes, indices 0 and 1 */
	CHECK(world.r.x[8] == 0x10003 && (world.r.x[9] & 0xffff) == 0x8002);
	CALL(0, 0xc400008b, 0, 0, 0x10002);
	CHECK(world.r.x[2] == 0x0030000100030003ull && (world.r.x[9] & 0xffff) == 0x8003);
	fail(FFABI_CALL_PARTITION_INFO_GET_REGS, -10);
	CALL(0, 0xc400008b);
	NOT_READY();
	end();
}

static void console(void)
{
	begin(FFABI_V1_2);
	CALL(1, 0x8400008a, 5, 0x6c6c6568, 0x6f); /* hello */
	OK();
	CHECK(world.printed_count == 5 && memcmp(world.printed, "hello", 5) == 0);
	CALL(1, 0x8400008a, 0);
	INVALID();
	CALL(1, 0x8400008a, 25); /* w2-w7 hold 24 */
	INVALID();
	world.console_takes = 2;
	CALL(1, 0x8400008a, 5, 0x6c6c6568, 0x6f);
	IS(0x84000060, 0, 0xfffffff9, 2);
	fail(FFABI_CALL_CONSOLE_LOG, -1);
	CALL(1, 0x8400008a, 5, 0x6c6c6568, 0x6f);
	NOT_SUPPORTED();
	begin(FFABI_V1_1);
	CALL(1, 0x8400008a, 5, 0x6c6c6568, 0x6f);
	NOT_SUPPORTED();
	end();
}

static void permissions(void)
{
	struct ffabi_sandbox_config *config;

	begin(FFABI_V1_2);
	CALL(0x8003, 0x84000088, EL0_PAGES);
	IS(0x84000061, 0, 5); /* read-write, not executable */
	CALL(0x8003, 0x84000089, EL0_PAGES + 0x1000, 1, 3); /* read-only, executable */
	OK();
	CALL(0x8003, 0xc4000088, EL0_PAGES + 0x1000);
	IS(0x84000061, 0, 3);
	CALL(0x8003, 0xc4000088, EL0_PAGES + 0x2000);
	IS(0x84000061, 0, 5);
	CALL(0x8003, 0xc4000088, EL0_PAGES + 0x800); /* rejected, not rounded down */
	INVALID();
	CALL(0x8003, 0xc4000088, EL0_PAGES + 0x4000); /* not mapped */
	INVALID();
	CALL(0x8003, 0x84000089, EL0_PAGES, 0, 5);
	INVALID();
	CALL(0x8003, 0x84000089, EL0_PAGES, 5, 5);
	INVALID();
	CALL(0x8003, 0x84000089, EL0_PAGES, 1, 1); /* writable and executable */
	INVALID();
	CALL(0x8003, 0x84000089, EL0_PAGES, 1, 2); /* reserved */
	INVALID();
	CALL(1, 0x84000088, VM_PAGES);
	NOT_SUPPORTED();
	CALL(1, 0x84000089, VM_PAGES, 1, 5);
	NOT_SUPPORTED();
	CALL(0x8003, 0x8400006b); /* FFA_MSG_WAIT: initialised */
	CALL(0, 0x8400006d, 0x80030000u); /* it runs again, and waits */
	IS(0x8400006b, 0x80030000u);
	config = plan(FFABI_V1_3);
	config->area_count = 6; /* none to split into */
	build(config);
	CALL(0x8003, 0x84000088, EL0_PAGES, 1);
	IS(0x84000061, 0, 5, 1); /* 1 beyond the first page */
	CALL(0x8003, 0x84000089, EL0_PAGES, 1, 7);
	NO_MEMORY();
	CALL(0x8003, 0x84000089, EL0_PAGES, 4, 7);
	OK();
	end();
}

/* After it has initialised, a partition may not look at its pages any more. */
static void late_permissions(void)
{
	struct ffabi_sandbox_config *config = plan(FFABI_V1_2);

	endpoints[5].step = follow;
	build(config);
	CALL(0x8003, 0x8400006b);
	SCRIPT(0, 0x84000088, EL0_PAGES);
	SCRIPT(1, 0x84000089, EL0_PAGES, 1, 5);
	SCRIPT(2, 0x8400006b);
	CALL(0, 0x8400006d, 0x80030000u);
	IS(0x8400006b, 0x80030000u);
	ENTERED(0x84000060, 0, 0xfffffffa);
	rewind_script();
	SCRIPT(1, 0x8400006b);
	CALL(0, 0x8400006d, 0x80030000u);
	ENTERED(0x84000060, 0, 0xfffffffa);
	end();
}

static void wrong_tables(void)
{
	struct ffabi_sandbox_config *config = plan(FFABI_V1_1);
	static const struct ffabi_sandbox_pages twice[2] = {{OS_PAGES, 2, 0, 1},
							    {OS_PAGES + 0x1000, 1, 1, 1}};

	endpoints[1].id = 0x8001;
	CHECK(ffabi_sandbox_new(config) == NULL);
	config = plan(FFABI_V1_1);
	endpoints[1].id = 0x8000; /* the manager's */
	CHECK(ffabi_sandbox_new(config) == NULL);
	config = plan(FFABI_V1_1);
	config->memory = twice;
	config->memory_count = 2;
	CHECK(ffabi_sandbox_new(config) == NULL);
	begin(FFABI_V1_1);
	CHECK(ffabi_sandbox_conduit(world.box, 9, 0).call == NULL);
	CHECK(ffabi_sandbox_conduit(world.box, 0, 1).call == NULL);
	CHECK(ffabi_sandbox_memory(world.box, OS_PAGES, 33) == NULL);
	end();
}

int main(void)
{
	versions();
	ids();
	features();
	buffers();
	buffers_by_hypervisor();
	buffer_units();
	rx_ownership();
	list_1_0();
	list_1_1();
	list_1_3();
	list_too_long();
	list_in_registers();
	console();
	permissions();
	late_permissions();
	wrong_tables();
	return done();
}
