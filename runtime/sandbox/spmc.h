/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * The logic of a small partition manager: who may call what, who runs, who owns which
 * buffer and which page.  Freestanding: all tables are the user's and of fixed size, so a
 * firmware runs exactly what the host tests run.  It is one state machine: a call of an
 * endpoint goes in, the registers of whoever runs next come out; the user switches to it.
 * One call at a time: a lock, where there are several processors, is the user's.
 */
#ifndef FFABI_SANDBOX_SPMC_H
#define FFABI_SANDBOX_SPMC_H

#include <ffabi/callee.h>
#include <ffabi/lists.h>
#include <ffabi/transaction.h>

#ifdef __cplusplus
extern "C" {
#endif

/* An execution context of an endpoint. */
struct ffabi_spmc_at {
	uint16_t id;
	uint16_t vcpu;
};

/* What an execution context does. */
enum ffabi_spmc_state {
	FFABI_SPMC_WAITING, /* for a message or for cycles; the first state of a partition */
	FFABI_SPMC_RUNNING,
	FFABI_SPMC_BLOCKED, /* its call is not answered, or it yielded */
	FFABI_SPMC_PREEMPTED, /* by an interrupt; FFA_RUN goes on */
	FFABI_SPMC_ABORTED, /* by FFA_ABORT, or by ffabi_spmc_abort() */
	FFABI_SPMC_NOT_STARTED /* the user starts it later with FFABI_SPMC_WAITING */
};

/* Why it has cycles: what it may do with them, and how it gives them back. */
enum ffabi_spmc_model {
	FFABI_SPMC_MODEL_ROOT, /* they are its own: a processor of the normal world */
	FFABI_SPMC_MODEL_INIT, /* it initialises */
	FFABI_SPMC_MODEL_RUN, /* FFA_RUN gave them */
	FFABI_SPMC_MODEL_DIRECT_REQ,
	FFABI_SPMC_MODEL_DIRECT_REQ2
};

struct ffabi_spmc_vcpu {
	uint8_t state; /* enum ffabi_spmc_state; WAITING for partitions, RUNNING for the normal
			  world */
	uint8_t model; /* enum ffabi_spmc_model */
	/* The rest is the manager's. */
	uint8_t waits; /* its call is not answered: callee runs for it */
	uint8_t held; /* entry has the registers it is still to be entered with */
	uint8_t framework; /* the direct request that it handles is a framework message */
	uint8_t message_type;
	uint16_t requester; /* sender of that request */
	enum ffabi_conv conv; /* of that request */
	struct ffabi_spmc_at giver; /* whose call gave it the cycles */
	struct ffabi_spmc_at callee; /* who runs for it */
	uint64_t pending[2]; /* per-vCPU notifications from SPs, from VMs */
	uint64_t announced[2]; /* those of them that FFA_NOTIFICATION_INFO_GET told of */
	struct ffabi_regs entry;
};

/* Who may write to an RX buffer. */
enum ffabi_spmc_owner {
	FFABI_SPMC_PRODUCER, /* the manager: the buffer is empty */
	FFABI_SPMC_CONSUMER, /* the endpoint: the buffer is full */
	FFABI_SPMC_HYPERVISOR /* the hypervisor, after FFA_RX_ACQUIRE */
};

struct ffabi_spmc_mailbox {
	uint8_t mapped;
	uint8_t owner; /* enum ffabi_spmc_owner, of the RX buffer */
	struct ffabi_src tx;
	struct ffabi_dst rx;
	uint64_t tx_address;
	uint64_t rx_address;
	uint32_t page_count; /* of each */
	uint8_t message; /* the RX buffer holds an indirect message of 1.0 that is not delivered */
	uint16_t sender; /* of it */
	uint32_t size; /* of it, in bytes */
};

/* 64 notifications from one kind of sender. */
struct ffabi_spmc_notifications {
	uint64_t bound;
	uint64_t per_vcpu; /* of those that are bound */
	uint64_t pending; /* global ones; the others are kept by each vCPU */
	uint64_t announced;
	uint16_t sender[64]; /* of those that are bound */
};

/* Bits of rx_full: who tells the receiver of an indirect message. */
enum {
	FFABI_SPMC_TOLD_BY_SPMC = 1,
	FFABI_SPMC_TOLD_BY_HYPERVISOR = 2
};

/* A retrieve response that did not fit in the RX buffer. */
struct ffabi_spmc_outgoing {
	uint64_t handle; /* 0: none */
	uint32_t index; /* of the borrower's access descriptor */
	uint32_t offset; /* bytes that the receiver has */
	uint32_t total;
};

/*
 * An endpoint: the members up to vcpu_count are the user's, set once; the others start as
 * zero.  peer says id, instance (NS_PHYS hypervisor or OS, NS_VIRT VM, S_VIRT partition),
 * conduit and version: that of the manifest, or 0 when FFA_VERSION has to settle it first.
 */
struct ffabi_spmc_partition {
	struct ffabi_peer peer; /* the first member: handlers find the rest by it */
	uint8_t el0; /* runs at S-EL0: may call FFA_MEM_PERM_GET and _SET while it initialises */
	uint32_t properties; /* FFABI_PARTITION_PROPERTIES_* */
	uint32_t more_properties; /* FFABI_PARTITION_MORE_PROPERTIES_* */
	const struct ffabi_uuid *uuids; /* protocols */
	uint32_t uuid_count;
	struct ffabi_uuid image;
	struct ffabi_spmc_vcpu *vcpus;
	uint16_t vcpu_count;

	struct ffabi_spmc_mailbox box;
	uint8_t bitmap; /* notifications can be bound; from the start for partitions */
	struct ffabi_spmc_notifications from[2]; /* from SPs, from VMs */
	uint8_t rx_full; /* framework notification: FFABI_SPMC_TOLD_BY_* */
	uint8_t rx_full_announced;
	struct ffabi_spmc_outgoing outgoing;
	uint64_t entry_point; /* of secondary execution contexts */
	uint32_t speaks; /* the version agreed on */
	uint8_t locked; /* other calls were made with it */
};

/* Pages that belong to one endpoint; areas do not overlap.  A donation splits them. */
struct ffabi_spmc_area {
	uint64_t address;
	uint64_t page_count; /* 0: unused */
	uint16_t owner;
	uint8_t security; /* FFABI_MEMORY_SECURITY_* */
	uint8_t data_access; /* FFABI_DATA_ACCESS_PERMISSION_* of an S-EL0 owner */
	uint8_t instruction_access; /* FFABI_INSTRUCTION_ACCESS_PERMISSION_* */
};

enum {
	FFABI_SPMC_BORROWERS = 32
}; /* of one region; more: NO_MEMORY */

enum ffabi_spmc_region_state {
	FFABI_SPMC_FREE,
	FFABI_SPMC_SENDING, /* fragments are missing; nothing has taken effect */
	FFABI_SPMC_ACTIVE,
	FFABI_SPMC_DONATED /* the receiver owns the memory; the rest of its descriptor is to be
			      fetched */
};

/* A memory transaction. */
struct ffabi_spmc_region {
	struct ffabi_dst room; /* the user's: private bytes for the descriptor, 8-byte aligned */

	uint8_t state; /* enum ffabi_spmc_region_state */
	uint16_t sender;
	uint16_t caller; /* who sends the fragments: the sender or its hypervisor */
	enum ffabi_usage usage;
	uint32_t version; /* in which the descriptor is written */
	uint64_t handle;
	struct ffabi_mem_assembly assembly;
	struct ffabi_mem_view view;
	uint32_t retrieved; /* bit i: the endpoint of access descriptor i has access */
	uint32_t zero_after; /* bit i: it asked to zero the memory after relinquishing */
	uint8_t granted[FFABI_SPMC_BORROWERS]; /* FFABI_DATA_ACCESS_* of each that has access */
	uint8_t executable[FFABI_SPMC_BORROWERS]; /* FFABI_INSTRUCTION_ACCESS_* */
	uint8_t zeroed[FFABI_SPMC_BORROWERS]; /* before it retrieved */
};

/* What goes wrong on purpose, at the nth call of a function by anyone. */
enum ffabi_spmc_fault_kind {
	FFABI_SPMC_FAULT_NONE,
	FFABI_SPMC_FAULT_STATUS, /* FFA_ERROR with this status; nothing else happens */
	FFABI_SPMC_FAULT_INTERRUPT, /* whom the call gives cycles is preempted before it starts */
	FFABI_SPMC_FAULT_PAUSE /* a memory management call is paused until FFA_MEM_OP_RESUME */
};

struct ffabi_spmc_fault {
	enum ffabi_spmc_fault_kind kind;
	enum ffabi_call call;
	uint32_t countdown; /* 1: the next call */
	int32_t status; /* enum ffabi_status */
};

/* What the logic cannot do itself. */
struct ffabi_spmc_platform {
	void *self;
	/* Pages as the manager sees them; a null pointer when it cannot map them. */
	uint8_t *(*map)(void *self, uint64_t address, uint64_t page_count);
	void (*unmap)(void *self, uint64_t address, uint64_t page_count); /* may be null */
	/* Characters of FFA_CONSOLE_LOG; how many were taken.  Null: not offered. */
	uint32_t (*console)(void *self, uint16_t id, const uint8_t *chars, uint32_t count);
	/* Called between copying a TX buffer and checking the copy, for tests.  May be null. */
	void (*snapshot)(void *self, uint16_t id);
};

/* The memory management call that FFABI_SPMC_FAULT_PAUSE stopped; one at a time. */
struct ffabi_spmc_paused {
	uint64_t handle; /* 0: none */
	struct ffabi_spmc_at from;
	struct ffabi_regs regs;
};

struct ffabi_spmc {
	/* The user's, set before ffabi_spmc_start(). */
	struct ffabi_spmc_partition *partitions;
	uint32_t partition_count;
	struct ffabi_spmc_area *areas;
	uint32_t area_count; /* room for them; unused ones have no pages */
	struct ffabi_spmc_region *regions;
	uint32_t region_count; /* transactions at a time */
	struct ffabi_mem_constituent *ranges; /* scratch: constituents of one transaction */
	uint32_t range_count;
	struct ffabi_dst
		scratch; /* for a retrieve request, relinquish descriptor or message header */
	struct ffabi_spmc_fault *faults;
	uint32_t fault_count;
	struct ffabi_spmc_platform platform;
	uint16_t id; /* of the manager */
	uint16_t scheduler; /* id of the endpoint that schedules the others */
	uint32_t version; /* highest that is offered */
	uint8_t rxtx_min_size; /* FFABI_RXTX_MIN_SIZE_* */
	uint8_t rxtx_max_pages; /* of each buffer, in pages of 4 KiB; at most 63 */

	uint32_t sri, npi; /* INTIDs that FFA_FEATURES tells; 0: not offered */

	/* The manager's. */
	uint64_t handles; /* given out so far */
	uint16_t info_tag; /* of FFA_PARTITION_INFO_GET_REGS */
	struct ffabi_spmc_paused paused;
	struct ffabi_callee callee;
	struct ffabi_exchange exchange; /* the call at hand */
	struct ffabi_mem_view asked; /* the retrieve request at hand */
	struct ffabi_ctx ctx; /* for descriptors, and for registers of whom it switches to */
	struct ffabi_spmc_at from; /* who makes the call at hand */
	struct ffabi_spmc_next *next;
	uint8_t interrupt; /* an injected interrupt comes with the call at hand */
};

/* 0 when a table contradicts itself: two partitions with one id, overlapping areas, no room. */
int ffabi_spmc_start(struct ffabi_spmc *s);

/* Who runs next. */
struct ffabi_spmc_next {
	struct ffabi_spmc_at at;
	uint8_t resume; /* it was preempted: goes on with its own registers, regs do not count */
	uint8_t idle; /* nobody: from waits and no call gave it the cycles; regs do not count */
};

/*
 * One call: in regs what from passed, out regs what the next one gets, which is the
 * reply when next is from.  A caller that is in no table is answered NOT_SUPPORTED.
 */
void ffabi_spmc_call(struct ffabi_spmc *s, const struct ffabi_spmc_at *from,
		     struct ffabi_regs *regs, struct ffabi_spmc_next *next);

/*
 * An interrupt preempts the partition that runs: the processor's owner gets FFA_INTERRUPT
 * in regs.  0, and nothing changes, when at does not run for anybody.
 */
int ffabi_spmc_preempt(struct ffabi_spmc *s, const struct ffabi_spmc_at *at,
		       struct ffabi_regs *regs, struct ffabi_spmc_next *next);

/*
 * The partition fails: all its execution contexts are ABORTED and who waits for it gets
 * FFA_ERROR ABORTED in regs.  0 when there is no such partition.
 */
int ffabi_spmc_abort(struct ffabi_spmc *s, const struct ffabi_spmc_at *at, struct ffabi_regs *regs,
		     struct ffabi_spmc_next *next);

/* The next calls of a function go wrong; 0 when the table of faults is full. */
int ffabi_spmc_inject(struct ffabi_spmc *s, const struct ffabi_spmc_fault *fault);

/* The endpoint with that id; a null pointer when there is none. */
struct ffabi_spmc_partition *ffabi_spmc_find(const struct ffabi_spmc *s, uint16_t id);

/*
 * The invariants: areas are disjoint, no page is in two transactions, borrowers of a
 * region are borrowers of it, an RX buffer has one owner, execution contexts that wait for
 * each other do so in pairs.  The name of the one that is broken; a null pointer when all hold.
 */
const char *ffabi_spmc_broken(const struct ffabi_spmc *s);

#ifdef __cplusplus
}
#endif

#endif /* FFABI_SANDBOX_SPMC_H */
