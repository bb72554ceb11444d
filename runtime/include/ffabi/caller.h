/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * The calling side.  Whatever takes more than one call is an operation: a struct whose
 * first members the user sets, a start function that packs the first call into regs,
 * and a step function that reads the reply out of regs and packs what comes next:
 *
 *     r = ffabi_sending_start(&ctx, &sending, &regs);
 *     while (r == FFABI_ISSUE || r == FFABI_RESUME) {
 *             smc(&regs);
 *             r = ffabi_sending_step(&ctx, &sending, &regs);
 *     }
 *
 * A call that is one call needs no more than its generated _pack and _reply_unpack.  The
 * functions ffabi_caller_*() do the same through a conduit, with bounds, for one caller.
 *
 * Threads: nothing is shared and nothing is global.  An operation and a struct
 * ffabi_caller belong to one execution context at a time; where several share one RX/TX
 * pair, one of them is the caller that has it.
 */
#ifndef FFABI_CALLER_H
#define FFABI_CALLER_H

#include <ffabi/completion.h>
#include <ffabi/conduit.h>
#include <ffabi/wire.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * What starts, steps and calls return, in one number: FFABI_OK; below zero the enum
 * ffabi_status with which the callee refused; an enum ffabi_rule that the request or the
 * reply breaks (ctx.err says where; at is 0 for rules between calls, which have no place
 * in one of them); or one of those below.
 */
typedef int32_t ffabi_result;
enum {
	FFABI_ISSUE = 0x100, /* regs hold the next call */
	/*
	 * The same, after INTERRUPT, YIELD or MEM_OP_PAUSE: the call resumes what was
	 * stopped.  The callee decides how often, so the user has to bound it.
	 */
	FFABI_RESUME
};
/* Written out: an enumeration without negative values is unsigned to some compilers. */
static inline ffabi_result ffabi_result_of(enum ffabi_rule rule)
{
	return (ffabi_result)rule;
}

/*
 * Who may touch a buffer.  An operation that needs the RX buffer is refused (RULE,
 * rx_address) while its last content has not been released, one that needs the TX buffer
 * (RULE, tx_address) while another operation waits for the callee to read it.
 */
enum ffabi_owner {
	FFABI_OWNER_NONE, /* not mapped */
	FFABI_OWNER_CALLER,
	FFABI_OWNER_CALLEE
};
struct ffabi_tx {
	struct ffabi_dst dst;
	enum ffabi_owner owner;
};
struct ffabi_rx {
	struct ffabi_src src;
	enum ffabi_owner owner;
};

/* RULE when the buffer is not with the side that has to have it now. */
enum ffabi_rule ffabi_tx_needed(struct ffabi_ctx *c, const struct ffabi_tx *tx);
enum ffabi_rule ffabi_rx_needed(struct ffabi_ctx *c, const struct ffabi_rx *rx);

/* FFA_RX_RELEASE as steps.  DENIED means that the callee has the buffer already. */
ffabi_result ffabi_rx_release_start(struct ffabi_ctx *c, struct ffabi_rx *rx,
				    struct ffabi_regs *regs);
ffabi_result ffabi_rx_release_step(struct ffabi_ctx *c, struct ffabi_rx *rx,
				   const struct ffabi_regs *regs);

/* What a reply comes to: the broken rule, the status of FFA_ERROR, or FFABI_OK. */
ffabi_result ffabi_settle(struct ffabi_ctx *c, enum ffabi_rule rule, const enum ffabi_call *kind,
			  const struct ffabi_error *error);
/* The same for a reply that is one more call of an operation: FFABI_ISSUE when it is packed. */
static inline ffabi_result ffabi_issue(enum ffabi_rule packed)
{
	return packed == FFABI_OK ? (ffabi_result)FFABI_ISSUE : ffabi_result_of(packed);
}

/* How long one ffabi_caller_*() keeps trying. */
struct ffabi_bounds {
	uint32_t retries; /* how often calls are repeated after BUSY or RETRY */
	uint32_t resumes; /* how often FFABI_RESUME is carried out */
};

/* A direct request that has been sent; see caller_messages.h. */
struct ffabi_direct {
	uint32_t answer; /* FFABI_FN_* of the awaited response */
	enum ffabi_conv conv;
	uint16_t sender_id;
	uint16_t receiver_id;
	/* whom to run when the request was stopped, and after how many nanoseconds; 0: now */
	uint16_t target_endpoint_id;
	uint16_t target_vcpu_id;
	uint64_t timeout;
};

/*
 * One caller.  ffabi_caller_init() sets all; the members up to bounds are the user's to
 * change between calls.
 */
struct ffabi_caller {
	struct ffabi_conduit conduit;
	/*
	 * Rules to waive in requests, and in addition in replies.  Replies: what the
	 * specification tells a receiver to ignore, and MBZ: firmware in the field leaves
	 * words of the request in registers of its FFA_SUCCESS.
	 */
	uint16_t waive;
	uint16_t waive_replies;
	enum ffabi_conv conv; /* for calls that pass addresses or characters; SMC64 */
	struct ffabi_bounds bounds;
	/*
	 * version is 0, so calls are refused, until one is agreed on; instance is the user's
	 * to set; waive is set by each call, from waive and waive_replies.
	 */
	struct ffabi_ctx ctx;
	struct ffabi_regs regs; /* the call; after it, its reply */
	struct ffabi_regs request; /* the call, to be repeated */
	struct ffabi_bounds left;
	struct ffabi_tx tx;
	struct ffabi_rx rx;
	struct ffabi_direct direct; /* the last direct request */
	uint8_t locked; /* the version cannot change: other calls were made */
};

/* The conduit is copied; no call is made. */
void ffabi_caller_init(struct ffabi_caller *k, const struct ffabi_conduit *conduit);

/*
 * Parts of which ffabi_caller_*() are made, for calls that have none.  begin resets the
 * bounds; send issues what has been packed into k->regs, if it was.  The reply is in
 * k->regs, BUSY and RETRY when they have outlasted the bound.
 */
void ffabi_caller_begin(struct ffabi_caller *k);
enum ffabi_rule ffabi_caller_send(struct ffabi_caller *k, enum ffabi_rule packed);
/* Has r called for another step?  Then the call has been issued, within the bounds. */
int ffabi_caller_carries(struct ffabi_caller *k, ffabi_result r);
/* The same for operations that answer RETRY in their own way: only BUSY is repeated. */
int ffabi_caller_carries_once(struct ffabi_caller *k, ffabi_result r);

#ifdef __cplusplus
}
#endif

#endif /* FFABI_CALLER_H */
