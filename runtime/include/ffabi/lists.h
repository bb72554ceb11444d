/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Tables that are followed by elements: partition lists, relinquish descriptors,
 * indirect messages, boot information.  Cursors make one pass: each byte is loaded
 * once; elements may be larger than this version knows, never smaller.
 */
#ifndef FFABI_LISTS_H
#define FFABI_LISTS_H

#include <ffabi/boot_information_table.h>
#include <ffabi/memory_descriptors_table.h>
#include <ffabi/messaging_table.h>
#include <ffabi/partition_reply.h>
#include <ffabi/partition_table.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What FFA_SUCCESS said of the RX buffer: w2 and w3; size is 0 in version 1.0. */
struct ffabi_entries {
	uint32_t count;
	uint32_t size;
};

struct ffabi_partition_cursor {
	struct ffabi_src src;
	struct ffabi_entries entries;
	uint32_t next;
};

/* RANGE when the entries are smaller than any this version may get, SHORT when src cannot hold them. */
enum ffabi_rule ffabi_partition_open(struct ffabi_ctx *c, const struct ffabi_src *src,
				     const struct ffabi_entries *said,
				     struct ffabi_partition_cursor *cur);
/* The next entry; FFABI_END after the last.  Fields that short entries lack are zero. */
enum ffabi_rule ffabi_partition_next(struct ffabi_ctx *c, struct ffabi_partition_cursor *cur,
				     struct ffabi_partition_info *out);
/* Entry i of the registers of one FFA_PARTITION_INFO_GET_REGS reply. */
enum ffabi_rule ffabi_partition_of_regs(struct ffabi_ctx *c,
					const struct ffabi_partition_info_get_regs_success *in,
					uint32_t i, struct ffabi_partition_info *out);

/* Header of an indirect message and where its payload is; src is the whole buffer. */
enum ffabi_rule ffabi_message_open(struct ffabi_ctx *c, const struct ffabi_src *src,
				   struct ffabi_partition_message_header *out,
				   struct ffabi_extent *payload);

/*
 * A relinquish descriptor: its header, then endpoint_count ids, at most room of them
 * copied to ids.  RULE when one of those is named twice, SHORT when src does not hold them all.
 */
struct ffabi_ids {
	uint16_t *ids;
	uint32_t room;
};
enum ffabi_rule ffabi_relinquish_unpack(struct ffabi_ctx *c, const struct ffabi_src *src,
					struct ffabi_mem_relinquish_descriptor *out,
					const struct ffabi_ids *endpoints);
/* Writes in->endpoint_count ids behind the header; *total is the length of both. */
enum ffabi_rule ffabi_relinquish_pack(struct ffabi_ctx *c,
				      const struct ffabi_mem_relinquish_descriptor *in,
				      const uint16_t *ids, const struct ffabi_dst *dst,
				      uint32_t *total);

struct ffabi_boot_cursor {
	struct ffabi_src src; /* cut to the size of the blob */
	struct ffabi_boot_info_header header;
	uint32_t next;
};

/* The header of the boot information blob, from version 1.1 on. */
enum ffabi_rule ffabi_boot_open(struct ffabi_ctx *c, const struct ffabi_src *src,
				struct ffabi_boot_cursor *cur);
/*
 * The next descriptor; FFABI_END after the last.  A name in characters ends with zeroes, a
 * value has 1 to 8 bytes, and contents given by offset lie in the blob.
 */
enum ffabi_rule ffabi_boot_next(struct ffabi_ctx *c, struct ffabi_boot_cursor *cur,
				struct ffabi_boot_info_descriptor *out);

#ifdef __cplusplus
}
#endif

#endif /* FFABI_LISTS_H */
