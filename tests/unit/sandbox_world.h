/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * The world that the tests of the sandbox share: an OS or hypervisor 0, VMs 1 and 2, secure
 * partitions 0x8001, 0x8002 (two contexts) and 0x8003 (S-EL0, initialising).  Calls are raw
 * registers, replies are compared with literals.
 */
#ifndef FFABI_TEST_SANDBOX_WORLD_H
#define FFABI_TEST_SANDBOX_WORLD_H

#include <stdlib.h>

#include "sandbox.h"

#include "check.h"

/* 486178e0-e7f8-11e3-bc5e-0002a5d5c51b */
static const struct ffabi_uuid one_uuid[1] = {{0xe311f8e7e0786148ull, 0x1bc5d5a502005ebcull}};
static const struct ffabi_uuid two_uuids[2] = {{0x1111, 0x2222}, {0x3333, 0x4444}};

#define OS_PAGES 0x80000000u /* 32 pages of 0 */
#define VM_PAGES 0x90000000u /* 16 pages of 1 */
#define VM2_PAGES 0x94000000u /* 16 pages of 2 */
#define SP_PAGES 0xa0000000u /* 16 secure pages of 0x8001 */
#define SP2_PAGES 0xb0000000u /* 16 secure pages of 0x8002 */
#define EL0_PAGES 0xc0000000u /* 4 secure pages of 0x8003 */

/* What the partitions' steps look at. */
struct world {
	struct ffabi_sandbox *box;
	struct ffabi_spmc *spmc;
	struct ffabi_regs r; /* of the last call */
	struct ffabi_regs entered; /* what a partition was last entered with */
	struct ffabi_regs script[8]; /* the calls it makes, one for each entry */
	unsigned int next;
	uint16_t entered_vcpu;
	char printed[256];
	unsigned int printed_count;
	uint32_t console_takes;
	void (*tamper)(struct world *w);
};

static struct world world;

static void copy_regs(struct ffabi_regs *to, const struct ffabi_regs *from)
{
	memcpy(to, from, sizeof(*to));
}

/* seen[function][n]: status -n answered that function; told at the end to who asks for it. */
static uint8_t seen[256][16];

static inline void tell_seen(void)
{
	unsigned int i;
	unsigned int n;

	for (i = 0; i < 256; i++) {
		for (n = 1; n < 16; n++) {
			if (seen[i][n])
				fprintf(stderr, "seen %02x -%u\n", i, n);
		}
	}
}

static inline void see(uint64_t fid, const struct ffabi_regs *reply)
{
	const uint32_t n = 0u - (uint32_t)reply->x[2];

	if (reply->x[0] == 0x84000060 && n < 16)
		seen[fid & 0xff][n] = 1;
}

#ifdef FFABI_LOAD_HOOK
/* In a build that counts loads: no call takes a byte of a TX buffer twice. */
static uint8_t fetched[6][0x10000];

static inline void new_call(void)
{
	memset(fetched, 0, sizeof(fetched));
}

void ffabi_load_hook(const volatile uint8_t *p, unsigned int n)
{
	uint32_t i;
	uint64_t at;

	for (i = 0; world.spmc != NULL && i < 6 && i < world.spmc->partition_count; i++) {
		const struct ffabi_spmc_mailbox *box = &world.spmc->partitions[i].box;

		if (!box->mapped || p < box->tx.base || p >= box->tx.base + box->tx.len)
			continue;
		for (at = (uint64_t)(p - box->tx.base); n > 0; at++, n--)
			CHECK(fetched[i][at]++ == 0);
	}
}
#else
static inline void new_call(void)
{
}
#endif

/* A partition that follows the script, whoever it is. */
static inline void follow(void *self, uint16_t vcpu, struct ffabi_regs *regs)
{
	struct world *w = self;

	if (w->next != 0)
		see(w->script[w->next - 1].x[0], regs);
	copy_regs(&w->entered, regs);
	w->entered_vcpu = vcpu;
	if (w->next == sizeof(w->script) / sizeof(w->script[0])) {
		printf("a partition is entered more often than its script says\n");
		exit(1);
	}
	copy_regs(regs, &w->script[w->next++]);
	new_call();
}

static inline uint32_t print(void *self, uint16_t id, const uint8_t *chars, uint32_t count)
{
	struct world *w = self;
	const uint32_t n = count < w->console_takes ? count : w->console_takes;

	(void)id;
	memcpy(w->printed + w->printed_count, chars, n);
	w->printed_count += n;
	return n;
}

static inline void tampered(void *self, uint16_t id)
{
	struct world *w = self;

	(void)id;
	if (w->tamper != NULL)
		w->tamper(w);
}

static struct ffabi_sandbox_endpoint endpoints[6];
static const struct ffabi_sandbox_pages pages[6] = {
	{OS_PAGES, 32, 0, 1},	   {VM_PAGES, 16, 1, 1},       {VM2_PAGES, 16, 2, 1},
	{SP_PAGES, 16, 0x8001, 0}, {SP2_PAGES, 16, 0x8002, 0}, {EL0_PAGES, 4, 0x8003, 0},
};

static inline struct ffabi_sandbox_endpoint *endpoint(unsigned int i, uint16_t id, uint8_t instance,
						      uint32_t version)
{
	struct ffabi_sandbox_endpoint *e = &endpoints[i];

	memset(e, 0, sizeof(*e));
	e->id = id;
	e->instance = instance;
	e->version = version;
	e->properties = 0xf;
	e->more_properties = 0x1c; /* AArch64, both kinds of FFA_MSG_SEND_DIRECT_REQ2 */
	e->self = &world;
	return e;
}

/* Everyone speaks that version. */
static inline struct ffabi_sandbox_config *plan(uint32_t version)
{
	static struct ffabi_sandbox_config config;
	struct ffabi_sandbox_endpoint *e;

	memset(&config, 0, sizeof(config));
	endpoint(0, 0, FFABI_NS_PHYS, version);
	endpoint(1, 1, FFABI_NS_VIRT, version);
	endpoint(2, 2, FFABI_NS_VIRT, version);
	e = endpoint(3, 0x8001, FFABI_S_VIRT, version);
	e->uuids = one_uuid;
	e->uuid_count = 1;
	e->step = follow;
	e = endpoint(4, 0x8002, FFABI_S_VIRT, version);
	e->uuids = two_uuids;
	e->uuid_count = 2;
	e->vcpu_count = 2;
	e->step = follow;
	e = endpoint(5, 0x8003, FFABI_S_VIRT, version);
	e->el0 = 1;
	e->initialising = 1;
	e->properties = 0;
	e->more_properties = 0;
	config.endpoints = endpoints;
	config.endpoint_count = 6;
	config.memory = pages;
	config.memory_count = 6;
	config.self = &world;
	config.console = print;
	config.snapshot = tampered;
	return &config;
}

static inline void build(const struct ffabi_sandbox_config *config)
{
	static int first = 1;

	if (first && getenv("FFABI_SEEN") != NULL)
		atexit(tell_seen);
	first = 0;
	if (world.box != NULL)
		ffabi_sandbox_delete(world.box);
	memset(&world, 0, sizeof(world));
	world.console_takes = sizeof(world.printed);
	world.box = ffabi_sandbox_new(config);
	CHECK(world.box != NULL);
	world.spmc = ffabi_sandbox_spmc(world.box);
}

static inline void begin(uint32_t version)
{
	build(plan(version));
}

static inline void end(void)
{
	ffabi_sandbox_delete(world.box);
	world.box = NULL;
}

static inline void call_of(uint16_t id, uint16_t vcpu, const uint64_t x[18])
{
	const struct ffabi_conduit conduit = ffabi_sandbox_conduit(world.box, id, vcpu);

	memcpy(world.r.x, x, sizeof(world.r.x));
	new_call();
	conduit.call(conduit.self, &world.r);
	see(x[0], &world.r);
}

/* Endpoint id calls with these registers, the others zero. */
#define CALL(id, ...) call_of(id, 0, (const uint64_t[18]){__VA_ARGS__})
#define CALL_ON(id, vcpu, ...) call_of(id, vcpu, (const uint64_t[18]){__VA_ARGS__})

/* The reply was these registers, the others up to x7 zero; the state is sound. */
static inline void is(const struct ffabi_regs *found, const uint64_t x[8], const char *file,
		      int line)
{
	unsigned int i;

	for (i = 0; i < 8; i++) {
		if (found->x[i] != x[i])
			printf("%s:%d: x%u is 0x%llx, not 0x%llx\n", file, line, i,
			       (unsigned long long)found->x[i], (unsigned long long)x[i]);
	}
	check(memcmp(found->x, x, 64) == 0, "registers", file, line);
	check(ffabi_spmc_broken(world.spmc) == NULL, "invariants", file, line);
}
#define IS(...) is(&world.r, (const uint64_t[8]){__VA_ARGS__}, __FILE__, __LINE__)
#define ENTERED(...) is(&world.entered, (const uint64_t[8]){__VA_ARGS__}, __FILE__, __LINE__)

#define OK() IS(0x84000061)
#define NOT_SUPPORTED() IS(0x84000060, 0, 0xffffffff)
#define INVALID() IS(0x84000060, 0, 0xfffffffe)
#define NO_MEMORY() IS(0x84000060, 0, 0xfffffffd)
#define BUSY() IS(0x84000060, 0, 0xfffffffc)
#define INTERRUPTED() IS(0x84000060, 0, 0xfffffffb)
#define DENIED() IS(0x84000060, 0, 0xfffffffa)
#define RETRY() IS(0x84000060, 0, 0xfffffff9)
#define ABORTED() IS(0x84000060, 0, 0xfffffff8)
#define NO_DATA() IS(0x84000060, 0, 0xfffffff7)
#define NOT_READY() IS(0x84000060, 0, 0xfffffff6)

/* The nth call that the partitions make from now on. */
#define SCRIPT(n, ...)                                                                             \
	memcpy(world.script[n].x, ((const uint64_t[18]){__VA_ARGS__}), sizeof(world.script[n].x))

/* The scripts begin anew. */
static inline void rewind_script(void)
{
	world.next = 0;
}

/* That call fails with that status. */
static inline void fail(enum ffabi_call call, int32_t status)
{
	const struct ffabi_spmc_fault fault = {FFABI_SPMC_FAULT_STATUS, call, 1, status};

	CHECK(ffabi_spmc_inject(world.spmc, &fault));
}

static inline uint8_t *bytes(uint64_t address)
{
	return ffabi_sandbox_memory(world.box, address, 1);
}

/* Little-endian numbers at an address of the world. */
static inline void put(uint64_t address, unsigned int size, uint64_t value)
{
	uint8_t *p = bytes(address & ~0xfffull) + (address & 0xfff);
	unsigned int i;

	for (i = 0; i < size; i++)
		p[i] = (uint8_t)(value >> 8 * i);
}

static inline uint64_t number(uint64_t address, unsigned int size)
{
	const uint8_t *p = bytes(address & ~0xfffull) + (address & 0xfff);
	uint64_t value = 0;
	unsigned int i;

	for (i = 0; i < size; i++)
		value |= (uint64_t)p[i] << 8 * i;
	return value;
}

/* One page each: TX first, RX second. */
static inline void map_buffers(uint16_t id, uint64_t address)
{
	CALL(id, 0xc4000066, address, address + 0x1000, 1);
	OK();
}

#endif /* FFABI_TEST_SANDBOX_WORLD_H */
