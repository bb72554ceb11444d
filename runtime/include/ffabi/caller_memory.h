/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Memory: sharing, lending and donating; retrieving and relinquishing; reclaiming.
 * Descriptors go through the RX/TX buffers, in as many fragments as they need.
 */
#ifndef FFABI_CALLER_MEMORY_H
#define FFABI_CALLER_MEMORY_H

#include <ffabi/caller.h>
#include <ffabi/lists.h>
#include <ffabi/memory_reply.h>
#include <ffabi/transaction.h>

#ifdef __cplusplus
extern "C" {
#endif

/* FFA_MEM_OP_RESUME for a paused operation: FFABI_RESUME when it is packed. */
ffabi_result ffabi_mem_resume(struct ffabi_ctx *c, uint64_t handle, struct ffabi_regs *regs);

/*
 * FFA_MEM_SHARE, FFA_MEM_LEND or FFA_MEM_DONATE.  The callee has to ask for the fragments
 * in turn, each from where the last one ended, and to stay with one handle.  Any number
 * is a handle, zero too.
 */
struct ffabi_sending {
	enum ffabi_usage usage; /* SHARE, LEND or DONATE */
	enum ffabi_conv conv; /* of the first call; nothing depends on it */
	const struct ffabi_mem_message *message; /* stays as it is until the operation ends */
	struct ffabi_tx *tx;

	uint64_t handle; /* of the region, at FFABI_OK */

	/* The operation's own. */
	struct ffabi_mem_length length;
	uint32_t sent;
	uint8_t named;
};
ffabi_result ffabi_sending_start(struct ffabi_ctx *c, struct ffabi_sending *s,
				 struct ffabi_regs *regs);
ffabi_result ffabi_sending_step(struct ffabi_ctx *c, struct ffabi_sending *s,
				struct ffabi_regs *regs);

/*
 * FFA_MEM_RETRIEVE_REQ.  The response is put together in into and checked there; RX_RELEASE
 * follows each fragment, also one that is refused.  When the response is refused the
 * memory has been retrieved all the same: relinquish it.
 */
struct ffabi_retrieval {
	const struct ffabi_mem_message *message; /* the request; it has to fit in TX */
	struct ffabi_dst into; /* private; room for the whole response */
	struct ffabi_mem_limits limits;
	enum ffabi_conv conv;
	uint16_t endpoint_id; /* receiver, where a hypervisor retrieves for a VM; otherwise 0 */
	struct ffabi_tx *tx;
	struct ffabi_rx *rx;

	struct ffabi_mem_view view; /* of the response in into, at FFABI_OK */

	/* The operation's own. */
	struct ffabi_mem_assembly assembly;
	uint8_t state;
	ffabi_result result;
};
ffabi_result ffabi_retrieval_start(struct ffabi_ctx *c, struct ffabi_retrieval *r,
				   struct ffabi_regs *regs);
ffabi_result ffabi_retrieval_step(struct ffabi_ctx *c, struct ffabi_retrieval *r,
				  struct ffabi_regs *regs);

/*
 * FFA_MEM_RELINQUISH and FFA_MEM_RECLAIM, once packed: FFABI_RESUME when the callee has
 * paused, and then with FFA_MEM_OP_RESUME for the handle in regs.
 */
ffabi_result ffabi_giving_step(struct ffabi_ctx *c, uint64_t handle, struct ffabi_regs *regs);
/* Writes the descriptor to tx and packs FFA_MEM_RELINQUISH. */
enum ffabi_rule ffabi_relinquish_start(struct ffabi_ctx *c,
				       const struct ffabi_mem_relinquish_descriptor *in,
				       const uint16_t *ids, const struct ffabi_dst *tx,
				       struct ffabi_regs *regs);

/*
 * Through a conduit.  FFABI_RESUME: the callee has paused more often than bounds.resumes;
 * the operation stands and ..._resume goes on with it.  Sets tx and rx from k.
 */
ffabi_result ffabi_caller_send_memory(struct ffabi_caller *k, struct ffabi_sending *s);
ffabi_result ffabi_caller_send_memory_resume(struct ffabi_caller *k, struct ffabi_sending *s);
ffabi_result ffabi_caller_retrieve(struct ffabi_caller *k, struct ffabi_retrieval *r);
ffabi_result ffabi_caller_retrieve_resume(struct ffabi_caller *k, struct ffabi_retrieval *r);
ffabi_result ffabi_caller_relinquish(struct ffabi_caller *k,
				     const struct ffabi_mem_relinquish_descriptor *in,
				     const uint16_t *ids);
ffabi_result ffabi_caller_reclaim(struct ffabi_caller *k, const struct ffabi_mem_reclaim *in);
ffabi_result ffabi_caller_giving_resume(struct ffabi_caller *k, uint64_t handle);

#ifdef __cplusplus
}
#endif

#endif /* FFABI_CALLER_MEMORY_H */
