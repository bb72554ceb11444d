/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Setting up: agreeing on a version, asking for features, the RX/TX pair. */
#ifndef FFABI_CALLER_SETUP_H
#define FFABI_CALLER_SETUP_H

#include <ffabi/caller.h>
#include <ffabi/features_reply.h>
#include <ffabi/setup_reply.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Agreeing on a version.  The highest is offered first.  A callee that answers with a
 * lower one is offered that one, so that both sides know which; one that refuses, or
 * answers with another major version or with none, is offered the next lower.
 * At FFABI_OK c->version is the version of both; NOT_SUPPORTED when there is none.
 */
struct ffabi_negotiation {
	uint32_t highest; /* FFABI_V1_x that the caller speaks */
	uint32_t lowest;
};
ffabi_result ffabi_negotiation_start(struct ffabi_ctx *c, struct ffabi_negotiation *n,
				     struct ffabi_regs *regs);
ffabi_result ffabi_negotiation_step(struct ffabi_ctx *c, struct ffabi_negotiation *n,
				    struct ffabi_regs *regs);

/* RULE, and no call made, once k has made other calls: the version is locked then. */
ffabi_result ffabi_caller_negotiate(struct ffabi_caller *k, const struct ffabi_negotiation *wanted);

/* What FFA_FEATURES told; of says which member of u holds. */
struct ffabi_features_answer {
	/*
	 * FFABI_CALL_FEATURES_* of a function or feature that defines an answer;
	 * ..._FUNCTION of any other function, which has none; ..._FEATURE of any other
	 * feature.
	 */
	enum ffabi_call of;
	union {
		struct ffabi_features_rxtx_map_success rxtx_map;
		uint32_t mem_send_properties; /* of donate, lend and share:
						 FFABI_MEM_SEND_PROPERTIES_* */
		struct ffabi_features_mem_retrieve_req_success mem_retrieve_req;
		uint32_t interrupt_id; /* of NPI, SRI and MEI */
		struct ffabi_features_notifications_success notifications;
		struct ffabi_features_feature_success feature;
	} u;
};
/* Reads the reply to FFA_FEATURES; asked is what was asked. */
ffabi_result ffabi_features_read(struct ffabi_ctx *c, const struct ffabi_features *asked,
				 const struct ffabi_regs *regs, struct ffabi_features_answer *out);
ffabi_result ffabi_caller_features(struct ffabi_caller *k, const struct ffabi_features *ask,
				   struct ffabi_features_answer *out);
/* Smallest size and alignment of an RX/TX buffer in pages; 0 for a reserved encoding. */
uint32_t ffabi_rxtx_min_pages(const struct ffabi_features_rxtx_map_success *in);

ffabi_result ffabi_caller_id(struct ffabi_caller *k, uint16_t *id);
ffabi_result ffabi_caller_spm_id(struct ffabi_caller *k, uint16_t *id);

/*
 * The RX/TX pair, page_count pages of 4 KiB each: where the caller sees it, 8-byte
 * aligned, and the addresses that the callee is told.
 */
struct ffabi_buffer_pair {
	uint8_t *tx;
	const volatile uint8_t *rx;
	uint64_t tx_address;
	uint64_t rx_address;
	uint8_t page_count;
};
ffabi_result ffabi_caller_map(struct ffabi_caller *k, const struct ffabi_buffer_pair *pair);
/* RULE while an operation has one of the buffers. */
ffabi_result ffabi_caller_unmap(struct ffabi_caller *k);

/*
 * For buffers that the callee has filled on its own: the caller owns RX after take, whose
 * content is k->rx.src, until release.
 */
enum ffabi_rule ffabi_caller_rx_take(struct ffabi_caller *k);
ffabi_result ffabi_caller_rx_release(struct ffabi_caller *k);

#ifdef __cplusplus
}
#endif

#endif /* FFABI_CALLER_SETUP_H */
