/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* The sandbox's logic as firmware drives it: one call in, who runs next out, no steps of a host. */
#include "sandbox_world.h"

static struct ffabi_spmc_next next;

/* A call straight into the logic. */
static void trap(uint16_t id, uint16_t vcpu, const uint64_t x[18])
{
	const struct ffabi_spmc_at at = {id, vcpu};

	memcpy(world.r.x, x, sizeof(world.r.x));
	ffabi_spmc_call(world.spmc, &at, &world.r, &next);
}

#define TRAP(id, vcpu, ...) trap(id, vcpu, (const uint64_t[18]){__VA_ARGS__})
#define NEXT(id_, vcpu_) CHECK(next.at.id == (id_) && next.at.vcpu == (vcpu_) && !next.idle)

static int interrupt(uint16_t id, uint16_t vcpu)
{
	const struct ffabi_spmc_at at = {id, vcpu};

	return ffabi_spmc_preempt(world.spmc, &at, &world.r, &next);
}

static int fails(uint16_t id, uint16_t vcpu)
{
	const struct ffabi_spmc_at at = {id, vcpu};

	return ffabi_spmc_abort(world.spmc, &at, &world.r, &next);
}

static void in_the_middle(void)
{
	begin(FFABI_V1_1);
	TRAP(1, 0, 0x8400006f, 0x18001, 0, 5);
	NEXT(0x8001, 0);
	IS(0x8400006f, 0x18001, 0, 5);
	CHECK(!next.resume);
	TRAP(0x8001, 0, 0x84000069); /* it makes calls of its own meanwhile */
	NEXT(0x8001, 0);
	IS(0x84000061, 0, 0x8001);
	TRAP(1, 0, 0x84000069); /* who waits cannot call */
	DENIED();
	CHECK(interrupt(0x8001, 0));
	NEXT(1, 0);
	IS(0x84000062, 0x80010000u);
	CHECK(!interrupt(0x8001, 0)); /* it does not run now */
	TRAP(0x8001, 0, 0x84000069);
	DENIED();
	TRAP(1, 0, 0x84000069); /* who was told runs again */
	IS(0x84000061, 0, 1);
	TRAP(1, 0, 0x8400006d, 0x80010000u);
	NEXT(0x8001, 0);
	CHECK(next.resume); /* with its own registers */
	TRAP(0x8001, 0, 0x84000070, 0x80010001u, 0, 6);
	NEXT(1, 0);
	IS(0x84000070, 0x80010001u, 0, 6);
	CHECK(!interrupt(1, 0) && !interrupt(9, 0)); /* nobody gave those cycles */
	end();
}

/* The end of a chain is interrupted: its head is what the normal world runs. */
static void in_a_chain(void)
{
	begin(FFABI_V1_1);
	TRAP(1, 0, 0x8400006f, 0x18001);
	TRAP(0x8001, 0, 0x8400006f, 0x80018002u);
	NEXT(0x8002, 0);
	CHECK(!interrupt(0x8001, 0));
	CHECK(interrupt(0x8002, 0));
	NEXT(1, 0);
	IS(0x84000062, 0x80010000u);
	TRAP(1, 0, 0x8400006d, 0x80010000u);
	NEXT(0x8002, 0);
	CHECK(next.resume);
	TRAP(0x8002, 0, 0x84000070, 0x80028001u, 0, 1);
	NEXT(0x8001, 0);
	IS(0x84000070, 0x80028001u, 0, 1);
	TRAP(0x8001, 0, 0x84000070, 0x80010001u, 0, 2);
	NEXT(1, 0);
	IS(0x84000070, 0x80010001u, 0, 2);
	end();
}

/* Two processors, two contexts of one partition. */
static void two_at_once(void)
{
	struct ffabi_sandbox_config *config = plan(FFABI_V1_1);

	endpoints[0].vcpu_count = 3;
	build(config);
	TRAP(0, 0, 0x8400006f, 0x8002, 0, 1);
	NEXT(0x8002, 0);
	TRAP(0, 1, 0x8400006f, 0x8002, 0, 2);
	NEXT(0x8002, 1);
	TRAP(0, 2, 0x8400006f, 0x8002, 0, 3); /* there is no third */
	BUSY();
	TRAP(0x8002, 1, 0x84000070, 0x80020000u, 0, 2);
	NEXT(0, 1);
	TRAP(0x8002, 0, 0x84000070, 0x80020000u, 0, 1);
	NEXT(0, 0);
	IS(0x84000070, 0x80020000u, 0, 1);
	TRAP(0, 3, 0x84000069); /* no such context */
	NOT_SUPPORTED();
	TRAP(9, 0, 0x84000069);
	NOT_SUPPORTED();
	end();
}

static void initialisation(void)
{
	begin(FFABI_V1_1);
	TRAP(0x8003, 0, 0x84000069);
	IS(0x84000061, 0, 0x8003);
	TRAP(0x8003, 0, 0x8400006b);
	CHECK(next.idle && next.at.id == 0x8003);
	TRAP(0x8003, 0, 0x84000069);
	DENIED();
	end();
}

static void failures(void)
{
	begin(FFABI_V1_1);
	CHECK(!fails(1, 0) && !fails(9, 0)); /* not a partition */
	TRAP(1, 0, 0x8400006f, 0x18001);
	TRAP(0x8001, 0, 0x8400006f, 0x80018002u);
	CHECK(!fails(0x8001, 0)); /* it waits for another */
	CHECK(fails(0x8002, 0));
	NEXT(0x8001, 0);
	ABORTED();
	CHECK(fails(0x8001, 0));
	NEXT(1, 0);
	ABORTED();
	CHECK(fails(0x8003, 0) && next.idle);
	TRAP(1, 0, 0x8400006d, 0x80020001u); /* all its contexts have failed */
	ABORTED();
	end();
}

/* A VM that its hypervisor schedules. */
static void scheduled_vm(void)
{
	begin(FFABI_V1_1);
	world.spmc->partitions[1].vcpus[0].state = FFABI_SPMC_WAITING;
	world.spmc->partitions[1].vcpus[0].model = FFABI_SPMC_MODEL_RUN;
	TRAP(2, 0, 0x8400006d, 0x10000); /* not the scheduler */
	DENIED();
	TRAP(0, 0, 0x8400006d, 0x10000);
	NEXT(1, 0);
	IS(0x8400006d, 0x10000);
	TRAP(1, 0, 0x8400006c, 0, 0x20);
	NEXT(0, 0);
	IS(0x8400006c, 0x10000, 0x20);
	TRAP(0, 0, 0x8400006d, 0x10000);
	NEXT(1, 0);
	TRAP(1, 0, 0x8400006f, 0x18001);
	NEXT(0x8001, 0);
	TRAP(0x8001, 0, 0x84000070, 0x80010001u);
	NEXT(1, 0);
	TRAP(1, 0, 0x8400006b);
	NEXT(0, 0);
	IS(0x8400006b, 0x10000);
	end();
}

int main(void)
{
	in_the_middle();
	in_a_chain();
	two_at_once();
	initialisation();
	failures();
	scheduled_vm();
	return done();
}
