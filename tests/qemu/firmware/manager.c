/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
#include "manager.h"

#include <spmc.h>

#include "../console.h"
#include "faults.h"
#include "firmware.h"
#include "level.h"
#include "partition.h"
#include "record.h"

enum {
	MANAGER_ID = 0x8000,
	NORMAL_WORLD = 0, /* index */
	TEE = 1,
	ECHO = 2,
	SERVANT = 3, /* only where it is asked for */
	ENDPOINTS = 4,
	REGIONS = 32,
	REGION_SIZE = 1 << 18, /* bytes: 16000 constituents */
	RANGES = REGION_SIZE / 16,
	AREAS = 16,
	SCRATCH = 1 << 18
};

static const struct ffabi_uuid tee_uuid =
	FFABI_UUID(0x486178e0, 0xe7f8, 0x11e3, 0xbc5e, 0x0002a5d5c51b);
static const struct ffabi_uuid echo_uuid =
	FFABI_UUID(0x5c1d2e90, 0x3b74, 0x4f0a, 0x9d11, 0x7e6f00c0ffee);

static const struct ffabi_uuid servant_uuid =
	FFABI_UUID(0x0b5e11ed, 0x7a31, 0x4d02, 0x8c44, 0x5e7fab1e0003);

static struct ffabi_spmc_vcpu vcpus[ENDPOINTS];
static struct ffabi_spmc_partition endpoints[ENDPOINTS];
static struct ffabi_spmc_area areas[AREAS];
static struct ffabi_spmc_region regions[REGIONS];
static uint8_t region_rooms[REGIONS][REGION_SIZE] __attribute__((aligned(8)));
static struct ffabi_mem_constituent ranges[RANGES];
static uint8_t scratch[SCRATCH] __attribute__((aligned(8)));
static struct ffabi_spmc_fault faults[MOST_FAULTS];
static struct ffabi_spmc manager;

static uint8_t buffers[ENDPOINTS][2][PARTITION_BUFFER] __attribute__((aligned(65536)));
static struct partition partitions[ENDPOINTS];
static uint32_t left_on_purpose;

/* Memory lies where its address says. */
static uint8_t *map(void *self, uint64_t address, uint64_t page_count)
{
	const uint64_t size = page_count * FFABI_PAGE_SIZE;
	const uint64_t first = (uint64_t)buffers;

	(void)self;
	if (address >= RAM_START && ffabi_fits(RAM_NORMAL_WORLD, address - RAM_START, size))
		return (uint8_t *)address;
	if (address >= first && ffabi_fits(sizeof(buffers), address - first, size))
		return (uint8_t *)address;
	return 0;
}

/* A few at a time, so that callers have to go on with the rest. */
static uint32_t print(void *self, uint16_t id, const uint8_t *chars, uint32_t count)
{
	char text[8];
	uint32_t i;

	(void)self;
	(void)id;
	for (i = 0; i < count && i < sizeof(text) - 1; i++)
		text[i] = (char)chars[i];
	text[i] = '\0';
	say(text);
	return i;
}

/* One step of the machine, and its lines in the trace. */
static void step(const struct ffabi_spmc_at *from, struct ffabi_regs *regs,
		 struct ffabi_spmc_next *next)
{
	const struct ffabi_spmc_partition *e = ffabi_spmc_find(&manager, from->id);
	const struct ffabi_regs in = *regs;
	const uint32_t version = e->peer.version;
	struct record_call r = {.from = from->id, .in = &in, .out = regs, .version = version};
	struct record_buffers b;

	ffabi_spmc_call(&manager, from, regs, next);
	r.to = next->at.id;
	r.outcome = next->at.id == from->id ? RECORD_ANSWERED : RECORD_PASSED;
	if (next->idle || next->resume)
		r.outcome = RECORD_NOBODY;
	if (e->box.mapped) {
		b.tx = e->box.tx;
		b.rx.base = e->box.rx.base;
		b.rx.len = e->box.rx.len;
		b.tx_address = e->box.tx_address;
		b.rx_address = e->box.rx_address;
		r.buffers = &b;
	}
	r.call = manager.exchange.call;
	record_call(&r);
}

/* The conduit of a partition: whatever it calls while it runs is answered at once. */
static void partition_call(void *self, struct ffabi_regs *regs)
{
	const struct partition *p = self;
	const struct ffabi_spmc_at at = {p->id, 0};
	struct ffabi_spmc_next next;

	step(&at, regs, &next);
	if (next.at.id != p->id || next.idle)
		firmware_broken("a call of a partition took its cycles away");
}

static void run(const struct ffabi_spmc_at *at, struct ffabi_regs *regs)
{
	if (at->id == partitions[TEE].id)
		tee_run(&partitions[TEE], regs);
	else if (at->id == partitions[ECHO].id)
		echo_run(&partitions[ECHO], regs);
	else if (at->id == partitions[SERVANT].id)
		servant_run(&partitions[SERVANT], regs);
	else
		firmware_broken("an endpoint got cycles that does not run here");
}

void manager_call(struct ffabi_regs *regs, uint8_t conduit)
{
	const uint16_t caller = endpoints[NORMAL_WORLD].peer.id;
	struct ffabi_spmc_next next = {.at = {caller, 0}};

	endpoints[NORMAL_WORLD].peer.conduit = conduit;
	do {
		const struct ffabi_spmc_at at = next.at;

		if (at.id != caller)
			run(&at, regs);
		step(&at, regs, &next);
		if (next.idle)
			firmware_broken("nobody has the cycles of the normal world");
	} while (next.at.id != caller);
}

static void describe_endpoint(uint32_t i, const struct ffabi_uuid *uuid)
{
	struct ffabi_spmc_partition *e = &endpoints[i];

	e->peer.id = (uint16_t)(MANAGER_ID + i);
	e->peer.instance = FFABI_S_VIRT;
	e->uuids = uuid;
	e->uuid_count = uuid != 0;
	e->vcpus = &vcpus[i];
	e->vcpu_count = 1;
	vcpus[i].state = FFABI_SPMC_RUNNING;
	vcpus[i].model = i == NORMAL_WORLD ? FFABI_SPMC_MODEL_ROOT : FFABI_SPMC_MODEL_INIT;
	e->properties = i == NORMAL_WORLD ? FFABI_PARTITION_PROPERTIES_DIRECT_REQ_SEND
					  : FFABI_PARTITION_PROPERTIES_DIRECT_REQ_RECV;
}

static void describe_area(uint32_t i, uint64_t address, uint64_t size, uint16_t owner,
			  uint8_t security)
{
	areas[i].address = address;
	areas[i].page_count = size / FFABI_PAGE_SIZE;
	areas[i].owner = owner;
	areas[i].security = security;
	areas[i].data_access = FFABI_DATA_ACCESS_PERMISSION_READ_WRITE;
	areas[i].instruction_access = FFABI_INSTRUCTION_ACCESS_PERMISSION_NOT_EXECUTABLE;
}

static void hand_over(const struct options *options)
{
	manager.partitions = endpoints;
	manager.partition_count = options->servant ? ENDPOINTS : SERVANT;
	manager.areas = areas;
	manager.area_count = AREAS;
	manager.regions = regions;
	manager.region_count = REGIONS;
	manager.ranges = ranges;
	manager.range_count = RANGES;
	manager.faults = faults;
	manager.fault_count = MOST_FAULTS;
	manager.scratch.base = scratch;
	manager.scratch.len = sizeof(scratch);
	manager.platform.map = map;
	manager.platform.console = print;
	manager.id = MANAGER_ID;
	manager.scheduler = options->id;
	manager.version = options->version;
	manager.rxtx_min_size =
		options->buffers == 64 ? FFABI_RXTX_MIN_SIZE_KIB_64 : FFABI_RXTX_MIN_SIZE_KIB_4;
	manager.rxtx_max_pages = PARTITION_BUFFER / FFABI_PAGE_SIZE;
}

static void describe(const struct options *options)
{
	uint32_t i;

	describe_endpoint(NORMAL_WORLD, 0);
	endpoints[NORMAL_WORLD].peer.id = options->id;
	endpoints[NORMAL_WORLD].peer.instance = options->id == 0 ? FFABI_NS_PHYS : FFABI_NS_VIRT;
	describe_endpoint(TEE, &tee_uuid);
	describe_endpoint(ECHO, &echo_uuid);
	describe_endpoint(SERVANT, &servant_uuid);
	if (options->servant && options->version >= FFABI_V1_1)
		endpoints[NORMAL_WORLD].properties |= FFABI_PARTITION_PROPERTIES_NOTIFICATION_RECV;
	if (options->version >= FFABI_V1_2) {
		endpoints[NORMAL_WORLD].more_properties =
			FFABI_PARTITION_MORE_PROPERTIES_DIRECT_REQ2_SEND;
		endpoints[ECHO].more_properties = FFABI_PARTITION_MORE_PROPERTIES_DIRECT_REQ2_RECV;
	}
	describe_area(NORMAL_WORLD, RAM_START, RAM_NORMAL_WORLD, options->id,
		      FFABI_MEMORY_SECURITY_NON_SECURE);
	for (i = TEE; i < manager.partition_count; i++)
		describe_area(i, (uint64_t)buffers[i], sizeof(buffers[i]), endpoints[i].peer.id,
			      FFABI_MEMORY_SECURITY_SECURE);
	for (i = 0; i < REGIONS; i++) {
		regions[i].room.base = region_rooms[i];
		regions[i].room.len = REGION_SIZE;
	}
}

/* Its first calls; then it waits for messages. */
static int start_partition(uint32_t i, const struct options *options)
{
	struct partition *p = &partitions[i];
	const struct ffabi_spmc_at at = {endpoints[i].peer.id, 0};
	const struct ffabi_conduit conduit = {partition_call, p};
	const struct ffabi_msg_wait wait = {0};
	struct ffabi_spmc_next next;
	struct ffabi_regs regs;

	p->id = at.id;
	ffabi_caller_init(&p->k, &conduit);
	p->k.waive_replies = FFABI_STRICT;
	p->ctx.version = options->version;
	p->ctx.waive = FFABI_STRICT;
	p->tx = buffers[i][0];
	p->rx = buffers[i][1];
	p->size = options->buffers << 10;
	if (!partition_start(p) ||
	    ffabi_msg_wait_pack(&p->ctx, FFABI_SMC32, &wait, &regs) != FFABI_OK)
		return 0;
	step(&at, &regs, &next);
	return next.idle;
}

/* What starts inside of the firmware does not count as calls. */
static int inject(const struct options *options)
{
	struct ffabi_spmc_fault fault;
	uint32_t i;

	for (i = 0; i < options->fault_count; i++)
		if (!fault_read(options->faults[i], &fault) ||
		    !ffabi_spmc_inject(&manager, &fault)) {
			say("# no fault: ");
			say(options->faults[i]);
			say("\n");
			return 0;
		}
	left_on_purpose = options->left;
	return 1;
}

int manager_start(const struct options *options)
{
	record_comment("a payload on the firmware of tests/qemu, traced inside: vm0 or vm1 = "
		       "normal world, "
		       "vm8001 = model of OP-TEE, vm8002 = echo");
	hand_over(options);
	describe(options);
	if (!ffabi_spmc_start(&manager))
		return 0;
	if (options->servant && !start_partition(SERVANT, options))
		return 0;
	return start_partition(TEE, options) && start_partition(ECHO, options) && inject(options);
}

int manager_settled(void)
{
	const char *broken = ffabi_spmc_broken(&manager);
	uint32_t left = 0;
	uint32_t i;

	for (i = 0; i < REGIONS; i++)
		left += regions[i].state != FFABI_SPMC_FREE;
	if (left != 0) {
		say("# transactions that are left: ");
		say_decimal(left);
		say("\n");
	}
	if (broken != 0) {
		say("# broken: ");
		say(broken);
		say("\n");
	}
	for (i = 0; i < MOST_FAULTS; i++)
		if (faults[i].kind != FFABI_SPMC_FAULT_NONE) {
			say("# a fault did not come about\n");
			return 0;
		}
	return left == left_on_purpose && broken == 0;
}
