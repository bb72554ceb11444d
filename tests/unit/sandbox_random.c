/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * The sandbox under 100000 calls that make some sense, from a fixed seed: after each one the
 * invariants hold, nobody ends with more pages than there were, and every reply is one
 * that the caller can read.
 */
#include "logic.h"
#include "sandbox_transaction.h"

enum {
	CALLS = 100000
};

static uint64_t seed;
static uint32_t spoken; /* the version of everyone */

/* xorshift64* */
static uint32_t any(uint32_t below)
{
	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return (uint32_t)(seed * 0x2545f4914f6cdd1dull >> 32) % below;
}

static uint32_t one_of(const uint32_t *list, uint32_t n)
{
	return list[any(n)];
}

static const uint32_t ids[] = {0, 1, 2, 0x8001, 0x8002, 0x8003, 9};
static const uint64_t homes[] = {OS_PAGES, VM_PAGES, VM2_PAGES, SP_PAGES, SP2_PAGES, EL0_PAGES};

static uint32_t any_id(void)
{
	return one_of(ids, any(20) == 0 ? 7 : 6);
}

static uint64_t home_of(uint32_t id)
{
	unsigned int i;

	for (i = 0; i < 5 && ids[i] != id; i++)
		;
	return homes[i];
}

/* Mostly one that names something. */
static uint64_t any_handle(void)
{
	const struct ffabi_spmc_region *r = &world.spmc->regions[any(world.spmc->region_count)];

	return r->state == FFABI_SPMC_FREE || any(16) == 0 ? any(4) : r->handle;
}

/* A descriptor in the first page of who calls; often legal. */
static uint32_t any_deal(uint32_t id, uint32_t fid)
{
	struct deal d = usual(spoken);
	unsigned int i;

	d.sender = (uint16_t)(any(12) == 0 ? any_id() : id);
	d.attributes = fid == SHARE ? 0x2f : 0;
	d.flags = any(4) == 0 ? any(8) : 0;
	d.receiver_count = 1 + (any(3) == 0);
	for (i = 0; i < d.receiver_count; i++) {
		d.receivers[i] = (uint16_t)any_id();
		d.access[i] = (uint8_t)(fid == DONATE ? 0 : 1 + any(2));
	}
	if (d.receiver_count > 1 && fid == LEND)
		d.attributes = 0x2f;
	d.range_count = 1 + any(3);
	for (i = 0; i < d.range_count; i++) {
		d.ranges[i][0] = (any(6) == 0 ? home_of(any_id()) : home_of(id)) +
				 0x1000u * (any(30) == 0 ? any(2) : 2 + i * 4 + any(5));
		d.ranges[i][1] = 1 + any(3);
	}
	return write_deal(home_of(id), &d);
}

/* The request that fits a region, if there is one. */
static uint32_t any_request(uint32_t id)
{
	struct deal d = usual(spoken);
	const struct ffabi_spmc_region *r = ffabi_spmc_region(world.spmc, any_handle());
	unsigned int i;

	d.range_count = 0;
	d.attributes = 0;
	if (r != NULL && r->state != FFABI_SPMC_SENDING) {
		d.handle = r->handle;
		d.sender = r->sender;
		d.tag = r->view.header.tag;
		d.receiver_count = r->view.places.access_count;
		for (i = 0; i < d.receiver_count && i < 3; i++) {
			struct ffabi_mem_access access;

			ffabi_mem_view_access(&r->view, i, &access);
			d.receivers[i] = access.endpoint_id;
			d.access[i] = access.data_access;
			d.access_flags[i] = access.endpoint_id != id;
		}
	}
	d.flags = any(6) == 0 ? any(8) : 0;
	return write_deal(home_of(id), &d);
}

static void relinquish_of(uint32_t id)
{
	put(home_of(id), 8, any_handle());
	put(home_of(id) + 8, 4, any(8) == 0 ? any(4) : 0);
	put(home_of(id) + 12, 4, 1);
	put(home_of(id) + 16, 2, id);
}

static void set4(uint64_t x[18], uint64_t x0, uint64_t x1, uint64_t x2, uint64_t x3)
{
	memset(x, 0, 18 * sizeof(x[0]));
	x[0] = x0;
	x[1] = x1;
	x[2] = x2;
	x[3] = x3;
}

/* The transaction that this endpoint has begun to send, or any. */
static uint64_t begun_by(uint32_t id)
{
	uint32_t i;

	for (i = 0; i < world.spmc->region_count; i++) {
		const struct ffabi_spmc_region *r = &world.spmc->regions[i];

		if (r->state == FFABI_SPMC_SENDING && r->caller == id)
			return r->handle;
	}
	return any_handle();
}

static void memory_call(uint32_t id, uint64_t x[18])
{
	static const uint32_t sends[] = {SHARE, LEND, DONATE};
	uint32_t fid = one_of(sends, 3);
	uint32_t n;
	uint64_t handle;

	switch (any(6)) {
	case 0:
	case 1:
		n = any_deal(id, fid);
		/* sometimes in two parts: the header, access and composite descriptors first */
		set4(x, fid, n, any(5) == 0 && n > 112 ? n - 16 : n, 0);
		break;
	case 2:
		n = any_request(id);
		set4(x, RETRIEVE, n, n, 0);
		if (ffabi_spmc_find(world.spmc, (uint16_t)id)->box.owner == FFABI_SPMC_CONSUMER)
			set4(x, 0x84000065, 0, 0, 0);
		break;
	case 3:
		relinquish_of(id);
		set4(x, RELINQUISH, 0, 0, 0);
		break;
	case 4:
		set4(x, RECLAIM, any_handle(), 0, any(8) == 0);
		break;
	default:
		handle = begun_by(id);
		set4(x, any(8) ? FRAG_TX : FRAG_RX, handle & 0xffffffff, handle >> 32,
		     any(2) ? 16 : 8 * any(4));
		break;
	}
}

static void buffer_call(uint32_t id, uint64_t x[18])
{
	switch (any(5)) {
	case 0:
		set4(x, 0xc4000066, home_of(id), home_of(id) + 0x1000, 1 + (any(8) == 0));
		break;
	case 1:
		set4(x, any(8) == 0 ? 0x84000067 : 0x84000065, 0, 0, 0);
		break;
	case 2:
		set4(x, any(2) ? 0x84000084 : 0x84000065, any_id(), 0, 0);
		break;
	case 3:
		set4(x, 0x84000068, 0, 0, 0);
		x[5] = any(2);
		break;
	default:
		memset(bytes(home_of(id)), 0, 24);
		put(home_of(id) + 8, 4, 20);
		put(home_of(id) + 12, 2, any_id());
		put(home_of(id) + 14, 2, id);
		put(home_of(id) + 16, 4, any(0x1100));
		set4(x, 0x84000086, 0, 0, 0);
		break;
	}
}

static void notification_call(uint32_t id, uint64_t x[18])
{
	static const uint32_t fids[] = {0x8400007d, 0x8400007e, 0x8400007f, 0x84000080,
					0x84000081, 0x84000082, 0x84000083};
	const uint32_t fid = one_of(fids, 7);
	const uint32_t other = any_id();

	set4(x, fid, (uint64_t)other << 16 | id, any(2), 1u << any(4));
	if (fid == 0x8400007d || fid == 0x8400007e)
		set4(x, fid, other, fid == 0x8400007d, 0);
	if (fid == 0x84000081)
		set4(x, fid, (uint64_t)id << 16 | other, any(2) | any(2) << 16, 1u << any(4));
	if (fid == 0x84000082)
		set4(x, fid, (uint64_t)any(2) << 16 | id, any(16), 0);
	if (fid == 0x84000083)
		set4(x, fid, 0, 0, 0);
}

static void message_call(uint32_t id, uint64_t x[18])
{
	const struct ffabi_spmc_vcpu *v = &ffabi_spmc_find(world.spmc, (uint16_t)id)->vcpus[0];
	const uint32_t other = any_id();

	switch (any(5)) {
	case 0:
		set4(x, 0x8400006f, (uint64_t)id << 16 | other, 0, any(100));
		break;
	case 1:
	case 2:
		if (v->model == FFABI_SPMC_MODEL_DIRECT_REQ && any(4) != 0)
			set4(x, 0x84000070, (uint64_t)id << 16 | v->requester, 0, any(100));
		else if (any(4) != 0)
			set4(x, 0x8400006b, 0, 0, 0);
		else
			set4(x, 0x84000070, (uint64_t)id << 16 | other, 0, any(100));
		break;
	case 3:
		set4(x, 0x8400006c, 0, 0, 0);
		break;
	default:
		set4(x, 0x8400006d, (uint64_t)other << 16 | (any(8) == 0), 0, 0);
		break;
	}
}

static void any_call(uint32_t id, uint64_t x[18])
{
	unsigned int i;

	switch (any(8)) {
	case 0:
	case 1:
	case 2:
	case 3:
		memory_call(id, x);
		break;
	case 4:
		buffer_call(id, x);
		break;
	case 5:
		notification_call(id, x);
		break;
	case 6:
		message_call(id, x);
		break;
	default: /* no sense at all */
		for (i = 0; i < 18; i++)
			x[i] = any(3) == 0 ? any(0x10000) : 0;
		x[0] = 0x84000060u + any(0x38) + (any(2) ? 0x40000000u : 0);
		break;
	}
}

/* All areas together: pages are neither lost nor made. */
static uint64_t all_pages(void)
{
	uint64_t n = 0;
	uint32_t i;

	for (i = 0; i < world.spmc->area_count; i++)
		n += world.spmc->areas[i].page_count;
	return n;
}

/* One of those who run makes the next call: the logic itself, without the steps of the host. */
static void who_calls(struct ffabi_spmc_at *at)
{
	const struct ffabi_spmc_vcpu *v;

	do {
		at->id = (uint16_t)ids[any(5)];
		at->vcpu = (uint16_t)(at->id == 0x8002 ? any(2) : 0);
		v = &ffabi_spmc_find(world.spmc, at->id)->vcpus[at->vcpu];
	} while (v->state != FFABI_SPMC_RUNNING && any(50) != 0);
}

static unsigned int accepted[256];
static unsigned int broken;

static void make_call(void)
{
	struct ffabi_spmc_next next;
	struct ffabi_spmc_at at;
	struct ffabi_regs regs;
	const char *what;
	uint32_t fid;

	who_calls(&at);
	any_call(at.id, regs.x);
	fid = (uint32_t)regs.x[0];
	ffabi_spmc_call(world.spmc, &at, &regs, &next);
	what = ffabi_spmc_broken(world.spmc);
	if (what != NULL && broken++ == 0)
		printf("after 0x%x of 0x%x: %s\n", fid, at.id, what);
	if (!next.idle && regs.x[0] != 0x84000060 && regs.x[0] != 0xffffffff)
		accepted[fid & 0xff]++;
	if (!next.idle && !next.resume && next.at.id == at.id)
		CHECK(ffabi_call_of((uint32_t)regs.x[0]) != FFABI_CALL_COUNT ||
		      (fid & 0xff) == 0x63 || regs.x[0] == 0xffffffff);
}

static void inject(void)
{
	static const enum ffabi_call calls[] = {FFABI_CALL_MSG_SEND_DIRECT_REQ, FFABI_CALL_RUN};
	const struct ffabi_spmc_fault fault = {FFABI_SPMC_FAULT_INTERRUPT, calls[any(2)], 1, 0};

	if (any(50) == 0)
		(void)ffabi_spmc_inject(world.spmc, &fault);
}

static void walk(uint32_t version, unsigned int calls)
{
	struct ffabi_sandbox_config *config = plan(version);
	uint64_t before;
	unsigned int i;

	memset(accepted, 0, sizeof(accepted));
	spoken = version;
	config->area_count = 32;
	config->region_count = 12;
	begin_deals_of(config);
	world.spmc->platform.console = NULL;
	before = all_pages();
	for (i = 0; i < calls; i++) {
		inject();
		make_call();
	}
	CHECK(broken == 0);
	CHECK(all_pages() == before);
}

int main(void)
{
	seed = 0x0ffa0ffa0ffa0ffaull;
	walk(FFABI_V1_0, CALLS / 10);
	walk(FFABI_V1_2, CALLS / 10);
	walk(FFABI_V1_3, CALLS / 10);
	walk(FFABI_V1_1, CALLS);
	/* it was no idle walk: these were accepted, each many times */
	CHECK(accepted[0x71] > 20 && accepted[0x72] > 100 && accepted[0x73] > 100);
	CHECK(accepted[0x74] > 40 && accepted[0x76] > 30 && accepted[0x77] > 100);
	CHECK(accepted[0x7b] > 5 && accepted[0x66] > 20 && accepted[0x65] > 20);
	CHECK(accepted[0x7f] > 20 && accepted[0x81] > 20 && accepted[0x82] > 20);
	CHECK(accepted[0x6f] + accepted[0x6d] > 20 && accepted[0x86] > 20);
	end();
	return done();
}
