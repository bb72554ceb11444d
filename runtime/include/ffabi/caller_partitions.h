/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Listing partitions: in registers where the callee can, else through the RX buffer. */
#ifndef FFABI_CALLER_PARTITIONS_H
#define FFABI_CALLER_PARTITIONS_H

#include <ffabi/caller.h>
#include <ffabi/partition_reply.h>
#include <ffabi/partition_table.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * FFA_PARTITION_INFO_GET_REGS from version 1.2 on, FFA_PARTITION_INFO_GET when the callee
 * or the version does not have that.  RX_RELEASE follows every success that hands the RX
 * buffer over, also one whose entries turn out to be malformed.
 */
struct ffabi_listing {
	struct ffabi_uuid uuid; /* nil: all partitions */
	struct ffabi_partition_info *entries;
	uint32_t room; /* entries that fit; 0 asks for the count alone */
	/* how often to begin anew when the callee answers RETRY: its list has changed */
	uint32_t retries;
	struct ffabi_rx *rx; /* null: registers only */

	/* How many partitions there are; the first of them, up to room, are in entries. */
	uint32_t count;

	/* The listing's own. */
	uint32_t filled;
	uint32_t last_index;
	uint8_t state;
	ffabi_result result;
};
/* At FFABI_OK all is listed; SHORT when entries has room for some of them only. */
ffabi_result ffabi_listing_start(struct ffabi_ctx *c, struct ffabi_listing *l,
				 struct ffabi_regs *regs);
ffabi_result ffabi_listing_step(struct ffabi_ctx *c, struct ffabi_listing *l,
				struct ffabi_regs *regs);

/* Sets rx and retries from k. */
ffabi_result ffabi_caller_list(struct ffabi_caller *k, struct ffabi_listing *l);

#ifdef __cplusplus
}
#endif

#endif /* FFABI_CALLER_PARTITIONS_H */
