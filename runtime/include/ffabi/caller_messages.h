/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Sending messages: direct ones in registers, indirect ones through the RX/TX buffers. */
#ifndef FFABI_CALLER_MESSAGES_H
#define FFABI_CALLER_MESSAGES_H

#include <ffabi/caller.h>
#include <ffabi/cpu_cycles_reply.h>
#include <ffabi/messaging_reply.h>
#include <ffabi/messaging_table.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A direct request that is stopped by INTERRUPT or YIELD is resumed by FFA_RUN on the
 * target that the reply names: the step says FFABI_RESUME.  timeout is what YIELD asked
 * for, in nanoseconds.  The response has to come from the receiver, to the sender, in the
 * convention of the request.
 */
ffabi_result ffabi_direct_start(struct ffabi_ctx *c, struct ffabi_direct *d, enum ffabi_conv conv,
				const struct ffabi_msg_send_direct_req *in,
				struct ffabi_regs *regs);
ffabi_result ffabi_direct_step(struct ffabi_ctx *c, struct ffabi_direct *d, struct ffabi_regs *regs,
			       struct ffabi_msg_send_direct_resp *out);
ffabi_result ffabi_direct2_start(struct ffabi_ctx *c, struct ffabi_direct *d,
				 const struct ffabi_msg_send_direct_req2 *in,
				 struct ffabi_regs *regs);
ffabi_result ffabi_direct2_step(struct ffabi_ctx *c, struct ffabi_direct *d,
				struct ffabi_regs *regs, struct ffabi_msg_send_direct_resp2 *out);
/* Packs the FFA_RUN again, for a request that was left at FFABI_RESUME. */
ffabi_result ffabi_direct_resume(struct ffabi_ctx *c, const struct ffabi_direct *d,
				 struct ffabi_regs *regs);

/*
 * FFABI_RESUME when bounds.resumes are used up: the receiver is stopped and the request
 * still stands; ..._resume goes on with it under the bounds of then.
 */
ffabi_result ffabi_caller_direct(struct ffabi_caller *k, enum ffabi_conv conv,
				 const struct ffabi_msg_send_direct_req *in,
				 struct ffabi_msg_send_direct_resp *out);
ffabi_result ffabi_caller_direct_resume(struct ffabi_caller *k,
					struct ffabi_msg_send_direct_resp *out);
ffabi_result ffabi_caller_direct2(struct ffabi_caller *k,
				  const struct ffabi_msg_send_direct_req2 *in,
				  struct ffabi_msg_send_direct_resp2 *out);
ffabi_result ffabi_caller_direct2_resume(struct ffabi_caller *k,
					 struct ffabi_msg_send_direct_resp2 *out);

/* An indirect message, from version 1.1 on. */
struct ffabi_indirect {
	uint16_t sender_id;
	uint16_t receiver_id;
	uint16_t sender_vm_id; /* only when a hypervisor forwards the message of a VM */
	uint32_t flags; /* FFABI_MSG_SEND2_FLAGS_* */
	struct ffabi_uuid protocol_uuid; /* from version 1.2 on, may be nil */
	const uint8_t *payload; /* not in the TX buffer */
	uint32_t size;
};
/* Writes header and payload to tx and packs FFA_MSG_SEND2; SHORT when tx is too small. */
enum ffabi_rule ffabi_indirect_pack(struct ffabi_ctx *c, const struct ffabi_indirect *in,
				    const struct ffabi_dst *tx, struct ffabi_regs *regs);
ffabi_result ffabi_caller_message(struct ffabi_caller *k, const struct ffabi_indirect *in);

/*
 * Copies the message that the callee has put into the RX buffer to payload, which is
 * private, and releases the buffer, also when the message is malformed or too long.
 */
ffabi_result ffabi_caller_receive(struct ffabi_caller *k,
				  struct ffabi_partition_message_header *out,
				  const struct ffabi_dst *payload);

#ifdef __cplusplus
}
#endif

#endif /* FFABI_CALLER_MESSAGES_H */
