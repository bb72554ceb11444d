/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * A partition manager under any sequence of calls (runtime/sandbox/): the body is commands.  Byte 0
 * of each chooses the endpoint in bits 2:0, and in bit 3 what it does: a call, whose x0 to x7 are 8
 * words of 4 bytes, or bytes that it writes to its own memory: 2 bytes where, 1 byte how many, then
 * they.  Seeds: conversations
 */
#include "harness.h"

#include <string.h>

#include "../runtime/sandbox/sandbox.h"

#define PAGES 8u
#define STRIDE 0x10000000ull /* from the pages of one to those of the next */
#define WORDS 8u

/* Who is there: an OS, two VMs, two secure partitions. */
static const struct {
	uint16_t id;
	uint8_t instance;
} who[] = {{0, FFABI_NS_PHYS},
	   {1, FFABI_NS_VIRT},
	   {2, FFABI_NS_VIRT},
	   {0x8001, FFABI_S_VIRT},
	   {0x8002, FFABI_S_VIRT}};
#define COUNT (sizeof(who) / sizeof(who[0]))

static uint64_t home(size_t i)
{
	return STRIDE * (i + 8);
}

/* A partition that has nothing to say waits. */
static void step(void *self, uint16_t vcpu, struct ffabi_regs *regs)
{
	(void)self;
	(void)vcpu;
	memset(regs, 0, sizeof(*regs));
	regs->x[0] = FFABI_FID_MSG_WAIT_32;
}

static struct ffabi_sandbox *start(uint32_t version)
{
	struct ffabi_sandbox_endpoint endpoints[COUNT];
	struct ffabi_sandbox_pages pages[COUNT];
	struct ffabi_sandbox_config config;

	memset(endpoints, 0, sizeof(endpoints));
	memset(&config, 0, sizeof(config));
	for (size_t i = 0; i < COUNT; i++) {
		endpoints[i].id = who[i].id;
		endpoints[i].instance = who[i].instance;
		endpoints[i].version = version;
		endpoints[i].properties = ~0u;
		endpoints[i].step = step;
		pages[i].address = home(i);
		pages[i].page_count = PAGES;
		pages[i].owner = who[i].id;
		pages[i].security = who[i].id < 0x8000;
	}
	config.endpoints = endpoints;
	config.endpoint_count = COUNT;
	config.memory = pages;
	config.memory_count = COUNT;
	return ffabi_sandbox_new(&config);
}

struct commands {
	const uint8_t *p;
	size_t n;
};

static uint64_t take(struct commands *c, unsigned int bytes)
{
	uint64_t value = 0;

	for (unsigned int i = 0; i < bytes && c->n != 0; i++, c->p++, c->n--)
		value |= (uint64_t)*c->p << 8 * i;
	return value;
}

static void write_own(struct ffabi_sandbox *box, size_t i, struct commands *c)
{
	uint8_t *memory = ffabi_sandbox_memory(box, home(i), PAGES);
	const size_t at = (size_t)take(c, 2) % (PAGES * FFABI_PAGE_SIZE);
	size_t n = (size_t)take(c, 1);

	n = n < c->n ? n : c->n;
	n = n < PAGES * FFABI_PAGE_SIZE - at ? n : PAGES * FFABI_PAGE_SIZE - at;
	if (memory != NULL)
		memcpy(memory + at, c->p, n);
	c->p += n;
	c->n -= n;
}

/* What comes back is a call or a reply of FF-A, or the version, and the state is sound. */
static void call(struct ffabi_sandbox *box, size_t i, struct commands *c)
{
	const struct ffabi_conduit conduit = ffabi_sandbox_conduit(box, who[i].id, 0);
	const char *broken;
	struct ffabi_regs regs;

	memset(&regs, 0, sizeof(regs));
	for (unsigned int k = 0; k < WORDS; k++)
		regs.x[k] = take(c, 4);
	if (conduit.call == NULL)
		return;
	conduit.call(conduit.self, &regs);
	broken = ffabi_spmc_broken(ffabi_sandbox_spmc(box));
	REQUIRE(9, broken == NULL, broken);
	if (regs.x[0] == FFABI_FID_ERROR_32)
		REQUIRE(8, regs.x[2] >> 32 == 0 && regs.x[2] >> 31 == 1,
			"a status that is not negative, or not zero-extended");
}

static void run(const struct fuzz_input *in)
{
	struct ffabi_sandbox *box = start(in->c.version);
	struct commands c = {in->body, in->n};

	while (box != NULL && c.n != 0) {
		const uint64_t what = take(&c, 1);
		const size_t i = (what & 7) % COUNT;

		if ((what & 8) != 0)
			write_own(box, i, &c);
		else
			call(box, i, &c);
	}
	if (box != NULL)
		ffabi_sandbox_delete(box);
}

const struct fuzz_target fuzz_target = {"sandbox", NULL, run, NULL};
