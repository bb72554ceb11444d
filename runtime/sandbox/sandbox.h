/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * A partition manager in the process of a test: tables, memory and partitions around the
 * logic of spmc.h.  Each endpoint gets a conduit, so the caller side of the runtime, or a
 * driver built on it, runs against it as against firmware.  For hosts: it allocates.
 */
#ifndef FFABI_SANDBOX_H
#define FFABI_SANDBOX_H

#include <ffabi/conduit.h>

#include "spmc.h"

#ifdef __cplusplus
extern "C" {
#endif

struct ffabi_sandbox;

/*
 * A partition as a step: in regs what it is entered with, or the reply to its last call,
 * out regs its next call.  It may also call through its own conduit meanwhile, but whom
 * it then makes run is not to be interrupted and not to yield: there is no way back out
 * of the middle of a step.
 */
typedef void ffabi_sandbox_step(void *self, uint16_t vcpu, struct ffabi_regs *regs);

struct ffabi_sandbox_endpoint {
	uint16_t id;
	uint8_t instance; /* enum ffabi_instance */
	uint8_t el0;
	uint8_t initialising; /* starts in the INIT model, RUNNING: its first call comes by its
				 conduit */
	uint32_t version; /* that it speaks; 0: none until it calls FFA_VERSION */
	uint32_t properties;
	uint32_t more_properties;
	const struct ffabi_uuid *uuids; /* stay where they are */
	uint32_t uuid_count;
	struct ffabi_uuid image;
	uint16_t vcpu_count; /* 0: 1 */
	ffabi_sandbox_step *step; /* null: answers direct requests with zeroes, else waits */
	void *self;
};

/* Pages at addresses of the test's own choice; their bytes are allocated. */
struct ffabi_sandbox_pages {
	uint64_t address;
	uint32_t page_count;
	uint16_t owner;
	uint8_t security; /* FFABI_MEMORY_SECURITY_* */
};

/* 0 in a number stands for the default. */
struct ffabi_sandbox_config {
	const struct ffabi_sandbox_endpoint *endpoints;
	uint32_t endpoint_count;
	const struct ffabi_sandbox_pages *memory;
	uint32_t memory_count;
	uint32_t version; /* 1.3 */
	uint16_t id; /* 0x8000 */
	uint16_t scheduler; /* 0 */
	uint8_t rxtx_min_size; /* FFABI_RXTX_MIN_SIZE_KIB_4 */
	uint8_t rxtx_max_pages; /* 16 */
	uint32_t region_count; /* 8 */
	uint32_t descriptor_size; /* 65536 bytes for each transaction */
	uint32_t range_count; /* 4096 constituents */
	uint32_t area_count; /* 64 areas */
	uint32_t fault_count; /* 16 */
	uint32_t sri, npi; /* INTIDs; not offered */
	uint8_t unmappable; /* 1: the manager can map nothing */
	void *self; /* of the callbacks */
	uint32_t (*console)(void *self, uint16_t id, const uint8_t *chars, uint32_t count);
	void (*snapshot)(void *self, uint16_t id);
};

/* A null pointer when memory is short or the configuration contradicts itself. */
struct ffabi_sandbox *ffabi_sandbox_new(const struct ffabi_sandbox_config *config);
void ffabi_sandbox_delete(struct ffabi_sandbox *sandbox);

/*
 * The way in for an execution context of an endpoint; valid as long as the sandbox.  call is
 * a null pointer when there is no such context.
 */
struct ffabi_conduit ffabi_sandbox_conduit(struct ffabi_sandbox *sandbox, uint16_t id,
					   uint16_t vcpu);

/* Bytes of memory that a test sees; a null pointer where the configuration has none. */
uint8_t *ffabi_sandbox_memory(struct ffabi_sandbox *sandbox, uint64_t address, uint64_t page_count);

/* Its state, to inject faults, to look at invariants. */
struct ffabi_spmc *ffabi_sandbox_spmc(struct ffabi_sandbox *sandbox);

#ifdef __cplusplus
}
#endif

#endif /* FFABI_SANDBOX_H */
