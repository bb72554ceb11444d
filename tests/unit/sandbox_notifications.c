/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* The sandbox: notifications. */
#include "sandbox_world.h"

#define CREATE 0x8400007d
#define DESTROY 0x8400007e
#define BIND 0x8400007f
#define UNBIND 0x84000080
#define SET 0x84000081
#define GET 0x84000082
#define INFO_GET 0x84000083

static void bitmaps(void)
{
	begin(FFABI_V1_1);
	CALL(0, DESTROY, 1); /* not created */
	DENIED();
	CALL(0, CREATE, 9, 1);
	INVALID();
	CALL(0, CREATE, 0x8001, 1); /* not a VM */
	INVALID();
	CALL(0, CREATE, 1, 0);
	INVALID();
	CALL(0, CREATE, 1, 1, 1); /* w3 must be zero */
	INVALID();
	CALL(0, CREATE, 1, 2); /* more contexts than there is room for */
	NO_MEMORY();
	CALL(0, CREATE, 1, 1);
	OK();
	CALL(0, CREATE, 1, 1);
	DENIED();
	CALL(1, CREATE, 1, 1); /* not at this instance */
	NOT_SUPPORTED();
	CALL(1, DESTROY, 1);
	NOT_SUPPORTED();
	CALL(0, BIND, 0x80010001u, 0, 2);
	OK();
	CALL(0, DESTROY, 1); /* still bound */
	DENIED();
	CALL(0, UNBIND, 0x80010001u, 0, 2);
	OK();
	CALL(0, DESTROY, 1);
	OK();
	CALL(0, DESTROY, 9);
	INVALID();
	CALL(0, CREATE, 0, 1); /* an OS without VMs, for itself */
	OK();
	begin(FFABI_V1_0);
	CALL(0, CREATE, 1, 1);
	NOT_SUPPORTED();
	end();
}

static void binding(void)
{
	begin(FFABI_V1_1);
	CALL(1, BIND, 0x80010001u, 0, 1); /* no bitmap yet */
	DENIED();
	CALL(0, CREATE, 1, 1);
	CALL(1, BIND, 0x80010001u, 0, 0xf0, 0x80000000u);
	OK();
	CALL(1, BIND, 0x80010001u, 0, 0x10); /* again, by the same */
	OK();
	CALL(1, BIND, 0x80020001u, 0, 0x10); /* another sender */
	DENIED();
	CALL(1, BIND, 0x20001, 0, 0x10); /* a VM: those are other notifications */
	OK();
	CALL(1, BIND, 0x80010001u, 0, 0, 0);
	INVALID();
	CALL(1, BIND, 0x80010001u, 2, 1); /* a reserved flag */
	INVALID();
	CALL(1, BIND, 0x80010002u, 0, 1); /* for another receiver */
	INVALID();
	CALL(1, BIND, 0x80090001u, 0, 1);
	INVALID();
	CALL(1, BIND, 0x10001, 0, 1);
	INVALID();
	CALL(1, UNBIND, 0x80020001u, 0, 0x10);
	DENIED();
	CALL(1, UNBIND, 0x80010001u, 0, 0x100); /* bound to nobody */
	DENIED();
	CALL(1, UNBIND, 0x80010001u, 0, 0);
	INVALID();
	CALL(1, UNBIND, 0x80010001u, 1, 0x10);
	INVALID();
	CALL(1, UNBIND, 0x80010001u, 0, 0xf0);
	OK();
	CALL(0x8003, BIND, 0x18003, 0, 1); /* does not receive notifications */
	DENIED();
	CALL(0x8003, UNBIND, 0x18003, 0, 1);
	DENIED();
	fail(FFABI_CALL_NOTIFICATION_BIND, -1);
	CALL(1, BIND, 0x80010001u, 0, 1);
	NOT_SUPPORTED();
	fail(FFABI_CALL_NOTIFICATION_UNBIND, -1);
	CALL(1, UNBIND, 0x80010001u, 0, 1);
	NOT_SUPPORTED();
	end();
}

/* 0x8001 is bound to 4..7 of VM 1, and does what the script says. */
static void bound(uint32_t version)
{
	begin(version);
	CALL(0, CREATE, 1, 1);
	CALL(1, BIND, 0x80010001u, 0, 0xf0);
	OK();
}

static void step_once(uint64_t x0, uint64_t x1, uint64_t x2, uint64_t x3)
{
	rewind_script();
	SCRIPT(0, x0, x1, x2, x3);
	SCRIPT(1, 0x8400006b);
	CALL(0, 0x8400006d, 0x80010000u);
	IS(0x8400006b, 0x80010000u);
}

static void signalling(void)
{
	bound(FFABI_V1_1);
	step_once(SET, 0x80010001u, 0, 0x30);
	ENTERED(0x84000061);
	step_once(SET, 0x80010001u, 2, 0x40); /* the schedule receiver interrupt delayed */
	ENTERED(0x84000061);
	step_once(SET, 0x80010001u, 0, 0x100); /* not bound */
	ENTERED(0x84000060, 0, 0xfffffffa);
	step_once(SET, 0x80010001u, 0, 0);
	ENTERED(0x84000060, 0, 0xfffffffe);
	step_once(SET, 0x80010001u, 4, 0x10); /* a reserved flag */
	ENTERED(0x84000060, 0, 0xfffffffe);
	step_once(SET, 0x80010001u, 0x10000, 0x10); /* a context without the flag */
	ENTERED(0x84000060, 0, 0xfffffffe);
	step_once(SET, 0x80010001u, 1, 0x10); /* these are global */
	ENTERED(0x84000060, 0, 0xfffffffe);
	step_once(SET, 0x80010009u, 0, 0x10);
	ENTERED(0x84000060, 0, 0xfffffffe);
	step_once(SET, 0x10001, 0, 0x10);
	ENTERED(0x84000060, 0, 0xfffffffe);
	step_once(SET, 0x80018003u, 0, 0x10); /* takes none */
	ENTERED(0x84000060, 0, 0xfffffffa);
	CALL(1, UNBIND, 0x80010001u, 0, 0x10); /* pending */
	DENIED();
	CALL(1, BIND, 0x80010001u, 1, 0x10);
	DENIED();
	CALL(0, DESTROY, 1);
	DENIED();
	CALL(1, GET, 1, 0x10); /* a reserved flag */
	INVALID();
	CALL(1, GET, 0x10001, 1); /* a context that it has not */
	INVALID();
	CALL(1, GET, 2, 1);
	INVALID();
	CALL(1, GET, 1, 2); /* from VMs: none */
	OK();
	CALL(1, GET, 1, 3);
	IS(0x84000061, 0, 0x70);
	CALL(1, GET, 1, 3);
	OK();
	CALL(0x8003, GET, 0x8003, 1); /* does not receive */
	INVALID();
	fail(FFABI_CALL_NOTIFICATION_SET, -7);
	CALL(1, SET, 0x18001, 0, 1);
	RETRY();
	fail(FFABI_CALL_NOTIFICATION_SET, -1);
	CALL(1, SET, 0x18001, 0, 1);
	NOT_SUPPORTED();
	fail(FFABI_CALL_NOTIFICATION_GET, -1);
	CALL(1, GET, 1, 1);
	NOT_SUPPORTED();
	end();
}

static void alpha(void)
{
	bound(FFABI_V1_3);
	CALL(0, GET, 1, 2); /* the hypervisor's own are not here */
	INVALID();
	CALL(0, GET, 1, 8);
	INVALID();
	CALL(0, GET, 1, 5);
	OK();
	CALL(0x8003, GET, 0x8003, 1);
	DENIED();
	fail(FFABI_CALL_NOTIFICATION_BIND, -8);
	CALL(1, BIND, 0x80010001u, 0, 1);
	ABORTED();
	fail(FFABI_CALL_NOTIFICATION_UNBIND, -8);
	CALL(1, UNBIND, 0x80010001u, 0, 1);
	ABORTED();
	fail(FFABI_CALL_NOTIFICATION_SET, -8);
	CALL(1, SET, 0x18001, 0, 1);
	ABORTED();
	CALL(0, CREATE, 2, 1, 64); /* beyond the first 64 */
	NO_MEMORY();
	CALL(0, 0xc4000094, 0x80010001u, 0, 1); /* the calls for 384 are not offered */
	NOT_SUPPORTED();
	bound(FFABI_V1_2);
	CALL(0, GET, 1, 0xa); /* before 1.3 nothing forbids it */
	OK();
	end();
}

/* Per-vCPU notifications of a partition with two contexts, from a VM. */
static void contexts(void)
{
	begin(FFABI_V1_1);
	SCRIPT(0, BIND, 0x18002, 1, 3);
	SCRIPT(1, 0x8400006b);
	CALL(0, 0x8400006d, 0x80020000u);
	ENTERED(0x84000061);
	CALL(1, SET, 0x18002, 0x10001, 1); /* for context 1 */
	OK();
	CALL(1, SET, 0x18002, 0x20001, 1);
	INVALID();
	CALL(1, SET, 0x18002, 0, 1); /* these are not global */
	INVALID();
	CALL(1, INFO_GET); /* not the scheduler */
	NOT_SUPPORTED();
	CALL(0, INFO_GET);
	IS(0x84000061, 0, 0x1080, 0x00018002); /* one list, one context */
	CALL(0, INFO_GET);
	NO_DATA();
	CALL(1, SET, 0x18002, 1, 2);
	CALL(1, SET, 0x18002, 0x10001, 2);
	CALL(0, INFO_GET);
	IS(0x84000061, 0, 0x2080, 0x00008002, 0x0001); /* both contexts */
	rewind_script();
	SCRIPT(0, GET, 0x18002, 2); /* context 1 */
	SCRIPT(1, 0x8400006b);
	CALL(0, 0x8400006d, 0x80020001u);
	ENTERED(0x84000061, 0, 0, 0, 3);
	rewind_script();
	SCRIPT(0, GET, 0x8002, 2);
	CALL(0, 0x8400006d, 0x80020000u);
	ENTERED(0x84000061, 0, 0, 0, 2);
	CALL(0, INFO_GET);
	NO_DATA();
	end();
}

/* More endpoints than one reply of SMC32 holds: 10 ids, then the rest. */
static void many(void)
{
	static struct ffabi_sandbox_endpoint crowd[14];
	struct ffabi_sandbox_config *config = plan(FFABI_V1_1);
	unsigned int i;

	memset(crowd, 0, sizeof(crowd));
	for (i = 0; i < 14; i++) {
		crowd[i].id = (uint16_t)i;
		crowd[i].instance = i == 0 ? FFABI_NS_PHYS : FFABI_NS_VIRT;
		crowd[i].version = FFABI_V1_1;
		crowd[i].properties = 0xf;
	}
	config->endpoints = crowd;
	config->endpoint_count = 14;
	config->memory_count = 2;
	build(config);
	for (i = 1; i < 13; i++) {
		CALL(0, CREATE, i, 1);
		CALL((uint16_t)i, BIND, 0xd0000 | i, 0, 1);
		CALL(13, SET, 0xd0000 | i, 0, 1);
		OK();
	}
	CALL(0, INFO_GET); /* ten lists without contexts, and more to tell */
	IS(0x84000061, 0, 0x501, 0x00020001, 0x00040003, 0x00060005, 0x00080007, 0x000a0009);
	CALL(0, INFO_GET);
	IS(0x84000061, 0, 0x100, 0x000c000b);
	CALL(0, INFO_GET);
	NO_DATA();
	CALL(0, 0x84000083, 1);
	INVALID();
	end();
}

/* SMC64 packs four ids into each register; a list has three contexts at most. */
static void many_contexts(void)
{
	struct ffabi_sandbox_config *config = plan(FFABI_V1_1);
	unsigned int i;

	endpoints[4].vcpu_count = 5;
	build(config);
	SCRIPT(0, BIND, 0x18002, 1, 1);
	SCRIPT(1, 0x8400006b);
	CALL(0, 0x8400006d, 0x80020000u);
	for (i = 0; i < 5; i++)
		CALL(1, SET, 0x18002, i << 16 | 1, 1);
	CALL(0, 0xc4000083);
	/* two lists of three and two contexts */
	IS(0xc4000061, 0, 0xb100, 0x0002000100008002ull, 0x0000000400038002ull);
	end();
}

int main(void)
{
	bitmaps();
	binding();
	signalling();
	alpha();
	contexts();
	many();
	many_contexts();
	return done();
}
