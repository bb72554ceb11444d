/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* What the files of the partition manager share; users include spmc.h. */
#ifndef FFABI_SANDBOX_LOGIC_H
#define FFABI_SANDBOX_LOGIC_H

#include "spmc.h"

/* Handlers, by subject. */
ffabi_callee_handler ffabi_spmc_id_get, ffabi_spmc_spm_id_get, ffabi_spmc_partition_info_get,
	ffabi_spmc_partition_info_get_regs, ffabi_spmc_features_sri, ffabi_spmc_features_npi,
	ffabi_spmc_features_retrieve;
ffabi_callee_handler ffabi_spmc_rxtx_map, ffabi_spmc_rxtx_unmap, ffabi_spmc_rx_acquire,
	ffabi_spmc_rx_release, ffabi_spmc_features_rxtx_map;
ffabi_callee_handler ffabi_spmc_direct_req, ffabi_spmc_direct_req2, ffabi_spmc_direct_resp,
	ffabi_spmc_direct_resp2;
ffabi_callee_handler ffabi_spmc_run, ffabi_spmc_msg_wait, ffabi_spmc_yield,
	ffabi_spmc_secondary_ep_register;
ffabi_callee_handler ffabi_spmc_msg_send, ffabi_spmc_msg_poll, ffabi_spmc_msg_send2;
ffabi_callee_handler ffabi_spmc_bitmap_create, ffabi_spmc_bitmap_destroy, ffabi_spmc_bind,
	ffabi_spmc_unbind, ffabi_spmc_set, ffabi_spmc_get, ffabi_spmc_info_get;
ffabi_callee_handler ffabi_spmc_mem_donate, ffabi_spmc_mem_lend, ffabi_spmc_mem_share,
	ffabi_spmc_mem_retrieve_req, ffabi_spmc_mem_relinquish, ffabi_spmc_mem_reclaim,
	ffabi_spmc_mem_frag_tx, ffabi_spmc_mem_frag_rx, ffabi_spmc_mem_op_resume,
	ffabi_spmc_mem_perm_get, ffabi_spmc_mem_perm_set;
ffabi_callee_handler ffabi_spmc_console_log, ffabi_spmc_aborts;

/* The handler of a call; a null pointer when it is not offered. */
ffabi_callee_handler *ffabi_spmc_handler(enum ffabi_call call);

/* The endpoint that makes the call at hand. */
static inline struct ffabi_spmc_partition *ffabi_spmc_caller(struct ffabi_peer *peer)
{
	return (struct ffabi_spmc_partition *)(void *)peer;
}

/* Its execution context. */
struct ffabi_spmc_vcpu *ffabi_spmc_vcpu(struct ffabi_spmc *s, const struct ffabi_spmc_at *at);

static inline int ffabi_spmc_secure(const struct ffabi_spmc_partition *p)
{
	return p->peer.instance == FFABI_S_VIRT;
}

/* The endpoint with that id when the caller is it, or the hypervisor of it; else a null pointer. */
struct ffabi_spmc_partition *ffabi_spmc_acts_for(const struct ffabi_spmc *s,
						 struct ffabi_spmc_partition *caller, uint16_t id);
/* The same where id 0 stands for the caller. */
struct ffabi_spmc_partition *ffabi_spmc_own_or_vm(const struct ffabi_spmc *s,
						  struct ffabi_spmc_partition *caller, uint16_t id);

/* s->ctx as that endpoint reads and writes registers and descriptors. */
struct ffabi_ctx *ffabi_spmc_speak(struct ffabi_spmc *s, const struct ffabi_spmc_partition *p);

void ffabi_spmc_copy(struct ffabi_regs *to, const struct ffabi_regs *from);

/* Has one of the partition's protocols this UUID?  The nil UUID is any. */
int ffabi_spmc_knows(const struct ffabi_spmc_partition *p, const struct ffabi_uuid *uuid);

/* cycles.c: the caller's cycles go to target, which is entered with v->entry. */
void ffabi_spmc_enter(struct ffabi_spmc *s, const struct ffabi_spmc_at *target,
		      enum ffabi_spmc_model model);
/* v stops running for its giver, who goes on with v->entry of its own. */
void ffabi_spmc_return(struct ffabi_spmc *s, struct ffabi_spmc_vcpu *v);
/* The context of p that a call of the caller enters. */
uint16_t ffabi_spmc_pick(const struct ffabi_spmc *s, const struct ffabi_spmc_partition *p);

/* rxtx.c */
int ffabi_spmc_buffer_free(const struct ffabi_spmc_partition *p); /* may the manager fill RX? */
int ffabi_spmc_in_buffers(const struct ffabi_spmc *s, uint64_t address, uint64_t page_count);

/* messages.c: the registers of FFA_MSG_SEND for a pending message of 1.0, or 0. */
int ffabi_spmc_deliver(struct ffabi_spmc *s, struct ffabi_spmc_partition *p,
		       struct ffabi_regs *regs);

/* ownership.c: pages as address and count; 0 is no, or refused. */
struct ffabi_spmc_area *ffabi_spmc_area(const struct ffabi_spmc *s, uint64_t address);
int ffabi_spmc_backed(const struct ffabi_spmc *s, uint64_t address, uint64_t page_count);
int ffabi_spmc_owned(const struct ffabi_spmc *s, const struct ffabi_spmc_partition *p,
		     uint64_t address, uint64_t page_count);
int ffabi_spmc_in_regions(const struct ffabi_spmc *s, uint64_t address, uint64_t page_count,
			  const struct ffabi_spmc_region *but);
int ffabi_spmc_zero(const struct ffabi_spmc *s, const struct ffabi_mem_view *view);
/* Cuts areas at both ends of the ranges; 0, and nothing is cut, when the table is full. */
int ffabi_spmc_cut(struct ffabi_spmc *s, const struct ffabi_mem_constituent *ranges,
		   uint32_t count);
void ffabi_spmc_give(struct ffabi_spmc *s, const struct ffabi_mem_constituent *ranges,
		     uint32_t count, uint16_t owner);
void ffabi_spmc_join(struct ffabi_spmc *s);
int ffabi_spmc_view_ranges(struct ffabi_spmc *s, const struct ffabi_mem_view *view);

/* memory.c */
struct ffabi_spmc_region *ffabi_spmc_region(const struct ffabi_spmc *s, uint64_t handle);
/* Index of the endpoint's access descriptor; the count of them when it has none. */
uint32_t ffabi_spmc_borrower(const struct ffabi_spmc_region *r, uint16_t id);
enum ffabi_status ffabi_spmc_accept(struct ffabi_spmc *s, struct ffabi_spmc_region *r);
/* Copies n bytes of the TX buffer to the scratch memory. */
enum ffabi_status ffabi_spmc_snapshot(struct ffabi_spmc *s, const struct ffabi_spmc_partition *p,
				      uint64_t at, uint64_t n);
/* fragments.c */
enum ffabi_status ffabi_spmc_answer(struct ffabi_spmc *s, struct ffabi_spmc_partition *p,
				    struct ffabi_spmc_region *r, uint32_t offset,
				    struct ffabi_mem_length *length);
void ffabi_spmc_drop_outgoing(struct ffabi_spmc *s, struct ffabi_spmc_partition *p);

/* faults.c: what goes wrong with the call at hand; SUCCESS when nothing does. */
enum ffabi_status ffabi_spmc_fault(struct ffabi_spmc *s, const struct ffabi_regs *regs);

#endif /* FFABI_SANDBOX_LOGIC_H */
