/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* What the parts of the payload have in common: one caller, its buffers, and what it says. */
#ifndef CALLER_PAYLOAD_H
#define CALLER_PAYLOAD_H

#include <ffabi/caller_memory.h>

#include "../firmware/options.h"

enum {
	MANAGER_ID = 0x8000,
	TEE_ID = 0x8001,
	ECHO_ID = 0x8002,
	SERVANT_ID = 0x8003,
	NOBODY_ID = 0x8077
};
enum {
	BUFFER = 65536
};
/* Memory to share: every other page from here on. */
#define SHARED 0x48000000ull

extern struct ffabi_caller k;
extern uint16_t own_id;
extern uint8_t tx[BUFFER];
extern uint8_t rx[BUFFER];

void check(int good, const char *what);
/* What an operation came to, and what it had to. */
void expect(ffabi_result r, ffabi_result wanted, const char *what);

/* Memory for one receiver, with the attributes that its usage asks for. */
ffabi_result send(enum ffabi_usage usage, uint16_t receiver,
		  const struct ffabi_mem_constituent *first, uint32_t count, uint64_t *handle);
ffabi_result reclaim(uint64_t handle);

/* Every row of a table of malformed transactions is refused, and leaves nothing behind. */
void send_malformed(const struct options *options);

/* Borrows, receives, signals and prints, with the partition that obeys; where it is described. */
void use_servant(const struct options *options);

#endif /* CALLER_PAYLOAD_H */
