/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* The tables, memory and partitions of a host around the logic. */
#include <stdlib.h>

#include "sandbox.h"

/* Who a conduit is of. */
struct line {
	struct ffabi_sandbox *sandbox;
	struct ffabi_spmc_at at;
};

struct block {
	uint64_t address;
	uint64_t page_count;
	uint8_t *bytes;
};

struct ffabi_sandbox {
	struct ffabi_spmc spmc;
	const struct ffabi_sandbox_endpoint *endpoints;
	uint32_t endpoint_count;
	struct line *lines;
	uint32_t line_count;
	struct block *blocks;
	uint32_t block_count;
	uint8_t unmappable;
	void *self;
	uint32_t (*console)(void *self, uint16_t id, const uint8_t *chars, uint32_t count);
	void (*snapshot)(void *self, uint16_t id);
	void **allocated; /* all that is to be freed */
	uint64_t allocated_count;
	uint64_t allocated_room;
};

/* Zeroed, 8-byte aligned and the sandbox's; a null pointer is remembered by the caller. */
static void *take(struct ffabi_sandbox *b, uint64_t count, uint64_t size)
{
	void *p;

	if (b->allocated_count == b->allocated_room)
		return 0;
	p = calloc(count != 0 ? count : 1, size);
	if (p != 0)
		b->allocated[b->allocated_count++] = p;
	return p;
}

uint8_t *ffabi_sandbox_memory(struct ffabi_sandbox *b, uint64_t address, uint64_t page_count)
{
	uint32_t i;

	for (i = 0; i < b->block_count; i++) {
		const struct block *k = &b->blocks[i];
		const uint64_t bytes = k->page_count * FFABI_PAGE_SIZE;

		if (address >= k->address &&
		    ffabi_fits(bytes, address - k->address, page_count * FFABI_PAGE_SIZE))
			return k->bytes + (address - k->address);
	}
	return 0;
}

static uint8_t *map(void *self, uint64_t address, uint64_t page_count)
{
	struct ffabi_sandbox *b = self;

	return b->unmappable ? 0 : ffabi_sandbox_memory(b, address, page_count);
}

static uint32_t console(void *self, uint16_t id, const uint8_t *chars, uint32_t count)
{
	struct ffabi_sandbox *b = self;

	return b->console(b->self, id, chars, count);
}

static void snapshot(void *self, uint16_t id)
{
	struct ffabi_sandbox *b = self;

	if (b->snapshot != 0)
		b->snapshot(b->self, id);
}

static uint32_t or_default(uint32_t value, uint32_t otherwise)
{
	return value != 0 ? value : otherwise;
}

static int build_vcpus(struct ffabi_sandbox *b, const struct ffabi_sandbox_endpoint *e,
		       struct ffabi_spmc_partition *p)
{
	uint16_t i;

	p->vcpu_count = (uint16_t)or_default(e->vcpu_count, 1);
	p->vcpus = take(b, p->vcpu_count, sizeof(*p->vcpus));
	for (i = 0; p->vcpus != 0 && i < p->vcpu_count; i++) {
		if (e->instance != FFABI_S_VIRT) {
			p->vcpus[i].state = FFABI_SPMC_RUNNING;
			p->vcpus[i].model = FFABI_SPMC_MODEL_ROOT;
		} else if (e->initialising && i == 0) {
			p->vcpus[i].state = FFABI_SPMC_RUNNING;
			p->vcpus[i].model = FFABI_SPMC_MODEL_INIT;
		}
	}
	return p->vcpus != 0;
}

static int build_endpoints(struct ffabi_sandbox *b, const struct ffabi_sandbox_config *config)
{
	uint32_t i;
	uint32_t lines = 0;

	b->spmc.partitions = take(b, config->endpoint_count, sizeof(*b->spmc.partitions));
	if (b->spmc.partitions == 0)
		return 0;
	b->spmc.partition_count = config->endpoint_count;
	for (i = 0; i < config->endpoint_count; i++) {
		const struct ffabi_sandbox_endpoint *e = &config->endpoints[i];
		struct ffabi_spmc_partition *p = &b->spmc.partitions[i];

		p->peer.id = e->id;
		p->peer.instance = e->instance;
		p->peer.conduit = e->el0 ? FFABI_CONDUIT_SVC : FFABI_CONDUIT_SMC;
		p->peer.version = e->version;
		p->el0 = e->el0;
		p->properties = e->properties;
		p->more_properties = e->more_properties;
		p->uuids = e->uuids;
		p->uuid_count = e->uuid_count;
		p->image = e->image;
		if (!build_vcpus(b, e, p))
			return 0;
		lines += p->vcpu_count;
	}
	b->endpoints = config->endpoints;
	b->endpoint_count = config->endpoint_count;
	b->lines = take(b, lines, sizeof(*b->lines));
	return b->lines != 0;
}

static int build_memory(struct ffabi_sandbox *b, const struct ffabi_sandbox_config *config)
{
	const uint32_t areas = or_default(config->area_count, 64);
	uint32_t i;

	if (areas < config->memory_count)
		return 0;
	b->blocks = take(b, config->memory_count, sizeof(*b->blocks));
	b->spmc.areas = take(b, areas, sizeof(*b->spmc.areas));
	if (b->blocks == 0 || b->spmc.areas == 0)
		return 0;
	b->spmc.area_count = areas;
	for (i = 0; i < config->memory_count; i++) {
		const struct ffabi_sandbox_pages *m = &config->memory[i];
		struct ffabi_spmc_area *a = &b->spmc.areas[i];

		b->blocks[i].address = m->address;
		b->blocks[i].page_count = m->page_count;
		b->blocks[i].bytes = take(b, m->page_count, FFABI_PAGE_SIZE);
		if (b->blocks[i].bytes == 0)
			return 0;
		a->address = m->address;
		a->page_count = m->page_count;
		a->owner = m->owner;
		a->security = m->security;
		a->data_access = FFABI_DATA_ACCESS_PERMISSION_READ_WRITE;
		a->instruction_access = FFABI_INSTRUCTION_ACCESS_PERMISSION_NOT_EXECUTABLE;
	}
	b->block_count = config->memory_count;
	return 1;
}

static int build_tables(struct ffabi_sandbox *b, const struct ffabi_sandbox_config *config)
{
	struct ffabi_spmc *s = &b->spmc;
	const uint32_t size = or_default(config->descriptor_size, 65536);
	uint32_t i;

	s->region_count = or_default(config->region_count, 8);
	s->regions = take(b, s->region_count, sizeof(*s->regions));
	for (i = 0; s->regions != 0 && i < s->region_count; i++) {
		s->regions[i].room.base = take(b, size, 1);
		s->regions[i].room.len = size;
		if (s->regions[i].room.base == 0)
			return 0;
	}
	s->range_count = or_default(config->range_count, 4096);
	s->ranges = take(b, s->range_count, sizeof(*s->ranges));
	s->scratch.len = size > FFABI_PAGE_SIZE ? size : FFABI_PAGE_SIZE;
	s->scratch.base = take(b, s->scratch.len, 1);
	s->fault_count = or_default(config->fault_count, 16);
	s->faults = take(b, s->fault_count, sizeof(*s->faults));
	return s->regions != 0 && s->ranges != 0 && s->scratch.base != 0 && s->faults != 0;
}

static void build_rest(struct ffabi_sandbox *b, const struct ffabi_sandbox_config *config)
{
	struct ffabi_spmc *s = &b->spmc;

	s->platform.self = b;
	s->platform.map = map;
	s->platform.console = config->console != 0 ? console : 0;
	s->platform.snapshot = snapshot;
	s->id = (uint16_t)or_default(config->id, 0x8000);
	s->scheduler = config->scheduler;
	s->version = or_default(config->version, FFABI_V1_3);
	s->rxtx_min_size = config->rxtx_min_size;
	s->rxtx_max_pages = (uint8_t)or_default(config->rxtx_max_pages, 16);
	s->sri = config->sri;
	s->npi = config->npi;
	b->unmappable = config->unmappable;
	b->self = config->self;
	b->console = config->console;
	b->snapshot = config->snapshot;
}

/* Tables, and one for each endpoint, memory and transaction. */
static uint64_t allocations(const struct ffabi_sandbox_config *config)
{
	return 16 + (uint64_t)config->endpoint_count + config->memory_count +
	       or_default(config->region_count, 8);
}

struct ffabi_sandbox *ffabi_sandbox_new(const struct ffabi_sandbox_config *config)
{
	struct ffabi_sandbox *b = calloc(1, sizeof(*b));

	if (b == 0)
		return 0;
	b->allocated_room = allocations(config);
	b->allocated = calloc(b->allocated_room, sizeof(*b->allocated));
	if (b->allocated != 0 && build_endpoints(b, config) && build_memory(b, config) &&
	    build_tables(b, config)) {
		build_rest(b, config);
		if (ffabi_spmc_start(&b->spmc))
			return b;
	}
	ffabi_sandbox_delete(b);
	return 0;
}

void ffabi_sandbox_delete(struct ffabi_sandbox *b)
{
	uint64_t i;

	if (b == 0)
		return;
	for (i = 0; i < b->allocated_count; i++)
		free(b->allocated[i]);
	free(b->allocated);
	free(b);
}

struct ffabi_spmc *ffabi_sandbox_spmc(struct ffabi_sandbox *b)
{
	return &b->spmc;
}

/* A partition without a step of its own gives everything back at once. */
static void give_back(const struct ffabi_spmc_partition *p, struct ffabi_regs *regs)
{
	struct ffabi_ctx c = {0};
	struct ffabi_request in;
	struct ffabi_msg_send_direct_resp resp = {0};
	struct ffabi_msg_send_direct_resp2 resp2 = {0};
	struct ffabi_msg_wait wait = {0};

	c.version = p->peer.version;
	(void)ffabi_request_unpack(&c, regs, &in);
	if (in.call == FFABI_CALL_MSG_SEND_DIRECT_REQ) {
		resp.sender_id = p->peer.id;
		resp.receiver_id = in.u.msg_send_direct_req.sender_id;
		resp.framework = in.u.msg_send_direct_req.framework;
		resp.message_type = in.u.msg_send_direct_req.message_type;
		(void)ffabi_msg_send_direct_resp_pack(&c, in.conv, &resp, regs);
	} else if (in.call == FFABI_CALL_MSG_SEND_DIRECT_REQ2) {
		resp2.sender_id = p->peer.id;
		resp2.receiver_id = in.u.msg_send_direct_req2.sender_id;
		(void)ffabi_msg_send_direct_resp2_pack(&c, &resp2, regs);
	} else {
		(void)ffabi_msg_wait_pack(&c, FFABI_SMC32, &wait, regs);
	}
}

static void step(struct ffabi_sandbox *b, const struct ffabi_spmc_at *at, struct ffabi_regs *regs)
{
	uint32_t i;

	for (i = 0; i < b->endpoint_count; i++) {
		const struct ffabi_sandbox_endpoint *e = &b->endpoints[i];

		if (e->id == at->id && e->step != 0) {
			e->step(e->self, at->vcpu, regs);
			return;
		}
	}
	give_back(ffabi_spmc_find(&b->spmc, at->id), regs);
}

static int same(const struct ffabi_spmc_at *a, const struct ffabi_spmc_at *b)
{
	return a->id == b->id && a->vcpu == b->vcpu;
}

/*
 * Everyone whom the call makes run takes steps until the caller runs again.  A partition
 * that was preempted after it began cannot be resumed in the middle of a step: here
 * interrupts come before it starts.
 */
static void call(void *self, struct ffabi_regs *regs)
{
	const struct line *line = self;
	struct ffabi_sandbox *b = line->sandbox;
	struct ffabi_spmc_at from = line->at;
	struct ffabi_spmc_next next;

	for (;;) {
		ffabi_spmc_call(&b->spmc, &from, regs, &next);
		if (next.idle || same(&next.at, &line->at))
			return;
		from = next.at;
		step(b, &from, regs);
	}
}

struct ffabi_conduit ffabi_sandbox_conduit(struct ffabi_sandbox *b, uint16_t id, uint16_t vcpu)
{
	struct ffabi_spmc_at at;
	struct ffabi_conduit out = {0, 0};
	uint32_t i;

	at.id = id;
	at.vcpu = vcpu;
	for (i = 0; i < b->line_count && !same(&b->lines[i].at, &at); i++)
		;
	if (i == b->line_count) {
		const struct ffabi_spmc_partition *p = ffabi_spmc_find(&b->spmc, id);

		if (p == 0 || vcpu >= p->vcpu_count)
			return out;
		b->lines[b->line_count].sandbox = b;
		b->lines[b->line_count++].at = at;
	}
	out.call = call;
	out.self = &b->lines[i];
	return out;
}
