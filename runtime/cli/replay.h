/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* The calls of a trace made again, to the sandbox in the place of the firmware that answered. */
#ifndef FFABI_CLI_REPLAY_H
#define FFABI_CLI_REPLAY_H

#include "../sandbox/sandbox.h"
#include "follow.h"

/* A call of the trace, decoded; it stays where it is, for views point into it. */
struct talk {
	struct trace_call call;
	struct decoded decoded;
	uint16_t caller; /* id, where the trace names its callers */
};

struct conversation {
	struct talk **talks;
	size_t count, capacity;
	int names_callers; /* it was recorded in the partition manager: several endpoints call */
};

/* "vm8001" as an id; 0 when it is none. */
int endpoint_id(const char *name, uint16_t *id);

/* Of a handle: in the trace, and in the sandbox. */
struct handle_pair {
	uint64_t there, here;
};

struct handle_map {
	struct handle_pair *pairs;
	size_t count, capacity;
};

/* A call whose answer may differ, and why. */
struct known {
	uint64_t number;
	char *reason;
	int met; /* it did differ */
};

struct known_list {
	struct known *items;
	size_t count, capacity;
};

#define MAX_UUIDS 4
struct replay_endpoint {
	struct ffabi_uuid uuids[MAX_UUIDS];
	uint32_t uuid_count;
};

/* What the trace says of the firmware: the configuration of the sandbox. */
struct world {
	struct ffabi_sandbox_config config;
	struct ffabi_sandbox_endpoint *endpoints;
	struct replay_endpoint **more; /* of each endpoint */
	size_t endpoint_capacity;
	struct ffabi_sandbox_pages *memory;
	size_t memory_capacity;
	uint8_t missing[FFABI_CALL_COUNT]; /* calls that the firmware says it does not have, */
	uint8_t used[FFABI_CALL_COUNT]; /* and that it answered nevertheless */
	ffabi_callee_handler *handlers[FFABI_CALL_COUNT];
};

/* Reads the world off the replies; endpoints take the given step.  Reports what it cannot use. */
void world_derive(struct world *w, const struct conversation *c, ffabi_sandbox_step *step,
		  void *self);
/* The sandbox of that world; a null pointer when it refuses the configuration. */
struct ffabi_sandbox *world_build(struct world *w);
void world_release(struct world *w);

/*
 * Compares what an answer means with the one in the trace: its kind, its fields but for
 * handles, which are mapped, and the partitions it lists.  Prints what differs; how much did.
 */
unsigned int compare_replies(const struct talk *talk, const struct ffabi_regs *here,
			     struct ffabi_sandbox *sandbox, struct handle_map *handles);

/* Where a buffer is; the trace of a partition manager leaves it to what was registered. */
uint64_t buffer_address(const struct talk *talk, const struct trace_buffer *b,
			struct ffabi_sandbox *sandbox);

/* The same for the registers with which another endpoint goes on. */
unsigned int compare_resume(const struct talk *talk, const struct ffabi_spmc_next *next,
			    const struct ffabi_regs *here, struct handle_map *handles);

#endif /* FFABI_CLI_REPLAY_H */
