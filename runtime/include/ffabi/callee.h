/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * The side that answers calls: a partition manager, or a partition that is called.
 *
 *	ffabi_callee_answer	all of it: registers in, registers out
 *	ffabi_callee_take	the first step alone: decode, settle the version, authorise
 *	ffabi_callee_give	the last step alone: encode a reply
 *	ffabi_callee_refuse	the last step for FFA_ERROR
 *
 * A callee that answers later (it first runs another endpoint) takes, keeps the
 * exchange, and gives when the answer is there.  FFA_VERSION and FFA_FEATURES need
 * no handler: the library answers them from the range of versions and the handlers.
 */
#ifndef FFABI_CALLEE_H
#define FFABI_CALLEE_H

#include <ffabi/message.h>
#include <ffabi/reply.h>
#include <ffabi/request.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * One endpoint, or partition manager, that calls.  The caller of these functions
 * sets id, instance, conduit and, where a manifest tells it, version; zero is right
 * for the rest.  Embed it in a larger structure to keep more about the peer.
 */
struct ffabi_peer {
	uint32_t version; /* FFABI_V1_x in force; 0: nothing agreed, only FFA_VERSION is answered */
	uint16_t id; /* endpoint id, for the handlers */
	uint8_t instance; /* enum ffabi_instance where its calls arrive; 0: not tested */
	uint8_t conduit; /* enum ffabi_conduit_type of the call at hand; 0: not tested */
	uint8_t locked; /* a call other than FFA_VERSION was made with this version */
};

/* Decoded and encoded forms of one call; nothing in it has to be initialised. */
struct ffabi_exchange {
	struct ffabi_ctx ctx; /* of this call; err says what was refused, and where */
	enum ffabi_call call; /* FFABI_CALL_COUNT: the function id is unknown */
	enum ffabi_conv conv; /* of the request */
	uint32_t fid; /* of the request */
	const struct ffabi_regs
		*regs; /* the request as it came, for those who look for messages in it */
	struct ffabi_request request; /* meaningless unless taking it succeeded */
	struct ffabi_message message; /* of FFA_FEATURES alone: what is asked */
	struct ffabi_reply reply; /* what the handler fills */
};

/*
 * Answers one call.  reply.of is set, and the reply in reply.u is FFA_SUCCESS with all
 * results zero: a handler that has nothing to return returns FFABI_STATUS_SUCCESS and
 * leaves it.  To answer with another kind (FFABI_CALL_MSG_SEND_DIRECT_RESP, ...) it sets
 * kind and that member, and conv where another than FFABI_SMC32 is wanted (the response to a direct
 * request has the form of the request anyway).  Any other status becomes FFA_ERROR; a reply of
 * kind FFABI_CALL_ERROR is for the errors that carry more than the status.
 */
typedef enum ffabi_status ffabi_callee_handler(void *self, struct ffabi_peer *peer,
					       struct ffabi_exchange *exchange);

/*
 * What is offered, the same for all its life.  handlers has FFABI_CALL_COUNT entries,
 * indexed by enum ffabi_call; a null pointer says that the call is not offered, and
 * FFA_FEATURES answers accordingly.  (FFA_ERROR, FFA_SUCCESS and FFA_INTERRUPT, which end
 * calls, need no entry to be there.)
 *
 *	static ffabi_callee_handler *const handlers[FFABI_CALL_COUNT] = {
 *		[FFABI_CALL_ID_GET] = id_get,
 *		[FFABI_CALL_RXTX_MAP] = rxtx_map,
 *		[FFABI_CALL_FEATURES_RXTX_MAP] = features_rxtx_map,
 *	};
 *
 * The entries of the messages of FFA_FEATURES supply properties.  Those of a function
 * (FFABI_CALL_FEATURES_RXTX_MAP, ...) are asked only where the function is offered; without
 * one its properties are zero.  A feature id (FFABI_CALL_FEATURES_NPI, ...) is offered
 * where it has an entry.  All read message.u and fill their own member of reply.u.
 * The entries of FFABI_CALL_VERSION and FFABI_CALL_FEATURES are not used.
 */
struct ffabi_callee {
	ffabi_callee_handler *const *handlers;
	void *self; /* handed to each handler */
	uint32_t lowest, highest; /* FFABI_V1_x: the versions that are spoken */
	uint16_t waive; /* FFABI_AS_SPECIFIED, FFABI_STRICT, ... */
};

/*
 * FFA_VERSION: what the peer asks for, or the highest version where the peer asks for a
 * higher minor one, is in force from then on, and is answered with the highest.  Nothing
 * lower than the lowest is agreed on.  Any other call locks it: then only the same may be asked
 * for. Refused: NOT_SUPPORTED, or version 0.0 for peers that ask as 1.3 does, whose query types are
 * answered too.
 *
 * Answers the call in regs, in place.  Always leaves an answer that the peer can read.
 * What the reply does not pass is zero up to x7; x8-x17 keep what they held where the
 * version and the convention of the reply do not pass them.  Returns
 * what was wrong with the request, the same as exchange->ctx.err, or FFABI_OK; a reply that
 * cannot be encoded is the callee's own fault, and goes out as FFA_ERROR ABORTED.
 */
enum ffabi_rule ffabi_callee_answer(const struct ffabi_callee *callee, struct ffabi_peer *peer,
				    struct ffabi_exchange *exchange, struct ffabi_regs *regs);

/*
 * Decodes a request.  FFABI_STATUS_SUCCESS: it is legal and exchange->reply stands
 * ready; if handlers[exchange->reply.of] is there, it is to be called.  Any other status is
 * the answer to give.  ctx.err says what was wrong: FFABI_E_FID when the function id is
 * unknown, not legal at the instance, not offered, or no version is agreed on; FFABI_E_VERSION when
 * the version of the peer does not have it.
 */
enum ffabi_status ffabi_callee_take(const struct ffabi_callee *callee, struct ffabi_peer *peer,
				    struct ffabi_exchange *exchange, const struct ffabi_regs *regs);

/* Encodes exchange->reply. */
enum ffabi_rule ffabi_callee_give(struct ffabi_exchange *exchange, struct ffabi_regs *regs);

/*
 * Encodes FFA_ERROR; for FFA_VERSION, NOT_SUPPORTED in w0.  Where the function id is none
 * of FF-A, the SMC Calling Convention answers: -1 in w0 or x0, and all other registers
 * keep what they held.  A status that the version of the peer does not have becomes ABORTED.
 */
void ffabi_callee_refuse(struct ffabi_exchange *exchange, enum ffabi_status status,
			 struct ffabi_regs *regs);

#ifdef __cplusplus
}
#endif

#endif /* FFABI_CALLEE_H */
