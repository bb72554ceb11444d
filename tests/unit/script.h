/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * A callee that follows a script: each turn says which registers it must be called with
 * (those not written are zero, x8-x17 too) and which it answers with.  A turn may look at
 * or fill buffers before it answers.  scripted() starts a script, over() ends it.
 */
#ifndef FFABI_TEST_SCRIPT_H
#define FFABI_TEST_SCRIPT_H

#include <ffabi/caller_setup.h>

#include "check.h"

struct turn {
	uint64_t in[18];
	uint64_t out[18];
	void (*act)(void);
};

static struct {
	const struct turn *turns;
	unsigned int count;
	unsigned int next;
	const char *what;
	struct ffabi_caller *k;
} script;

static inline void play(void *self, struct ffabi_regs *regs)
{
	const struct turn *t = &script.turns[script.next];
	int same = 1;
	int i;

	CHECK(self == &script);
	/* each operation starts with its own bounds and waivers, and locks the version */
	CHECK(script.k == NULL || script.k->left.retries <= script.k->bounds.retries);
	CHECK(script.k == NULL || script.k->left.resumes <= script.k->bounds.resumes);
	if (script.next >= script.count) {
		printf("%s: a call too many, x0=0x%llx\n", script.what,
		       (unsigned long long)regs->x[0]);
		CHECK(script.next < script.count);
		regs->x[0] = 0x84000060;
		regs->x[2] = 0xfffffff8; /* ABORTED: the test goes on, to its end */
		return;
	}
	for (i = 0; i < 18; i++) {
		if (regs->x[i] != t->in[i]) {
			printf("%s: call %u: x%d=0x%llx, not 0x%llx\n", script.what, script.next, i,
			       (unsigned long long)regs->x[i], (unsigned long long)t->in[i]);
			same = 0;
		}
	}
	CHECK(same);
	if (t->act)
		t->act();
	memcpy(regs->x, t->out, sizeof(t->out));
	script.next++;
}

/* What a call must not take over from the one before. */
static inline void spoil(struct ffabi_caller *k)
{
	k->left.retries = 99;
	k->left.resumes = 99;
	k->ctx.waive = 0xffff;
}

/* A caller of that version whose callee will follow the script. */
static inline void scripted(struct ffabi_caller *k, uint32_t version, const char *what,
			    const struct turn *turns, unsigned int count)
{
	const struct ffabi_conduit conduit = {play, &script};

	memset(k, 0xee, sizeof(*k));
	ffabi_caller_init(k, &conduit);
	k->ctx.version = version;
	script.turns = turns;
	script.count = count;
	script.next = 0;
	script.what = what;
	script.k = k;
	spoil(k);
}
#define SCRIPTED(k, version, turns)                                                                \
	scripted(k, version, __func__, turns, sizeof(turns) / sizeof((turns)[0]))
#define UNCALLED(k, version) scripted(k, version, __func__, NULL, 0)

/* Goes on with another script, the caller as it is. */
#define NEXT(t)                                                                                    \
	do {                                                                                       \
		CHECK(over());                                                                     \
		script.turns = (t);                                                                \
		script.count = sizeof(t) / sizeof((t)[0]);                                         \
		script.next = 0;                                                                   \
		spoil(script.k);                                                                   \
	} while (0)

static inline int over(void)
{
	if (script.next != script.count)
		printf("%s: %u of %u calls were made\n", script.what, script.next, script.count);
	return script.next == script.count;
}

/* A pair of one page each that has been mapped. */
static uint64_t tx_page[512];
static uint64_t rx_page[512];

static inline void mapped(struct ffabi_caller *k)
{
	memset(tx_page, 0xee, sizeof(tx_page));
	memset(rx_page, 0xee, sizeof(rx_page));
	k->tx.dst.base = (uint8_t *)tx_page;
	k->tx.dst.len = sizeof(tx_page);
	k->tx.owner = FFABI_OWNER_CALLER;
	k->rx.src.base = (const uint8_t *)rx_page;
	k->rx.src.len = sizeof(rx_page);
	k->rx.owner = FFABI_OWNER_CALLEE;
}

/* Replies that come often. */
#define SUCCESS                                                                                    \
	{                                                                                          \
		0x84000061                                                                         \
	}
#define FAILED(status)                                                                             \
	{                                                                                          \
		0x84000060, 0, (uint32_t)(status)                                                  \
	}
#define RELEASE                                                                                    \
	{                                                                                          \
		{0x84000065}, SUCCESS, NULL                                                        \
	}

#endif /* FFABI_TEST_SCRIPT_H */
