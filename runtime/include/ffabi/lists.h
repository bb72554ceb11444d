/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Tables that are followed by elements: partition lists, relinquish descriptors,
 * indirect messages, boot information, ranges of buffers and resources, id lists.
 * Cursors make one pass: each byte is loaded once; elements may be larger than this version
 * knows, never smaller.  Writers check everything before they store anything.
 *
 * A violation is reported at the byte offset of its field in the buffer; what FFA_SUCCESS
 * said in registers has no place there, and is reported at 0.
 */
#ifndef FFABI_LISTS_H
#define FFABI_LISTS_H

#include <ffabi/boot_information_table.h>
#include <ffabi/memory_descriptors_table.h>
#include <ffabi/messaging_table.h>
#include <ffabi/notifications_reply.h>
#include <ffabi/partition_reply.h>
#include <ffabi/partition_table.h>
#include <ffabi/setup_table.h>

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

/* RANGE when the entries are smaller than any this version may get, SHORT when src cannot hold
 * them. */
enum ffabi_rule ffabi_partition_open(struct ffabi_ctx *c, const struct ffabi_src *src,
				     const struct ffabi_entries *said,
				     struct ffabi_partition_cursor *cur);
/* The next entry; FFABI_END after the last.  Fields that short entries lack are zero. */
enum ffabi_rule ffabi_partition_next(struct ffabi_ctx *c, struct ffabi_partition_cursor *cur,
				     struct ffabi_partition_info *out);
/* Writes count entries of this version, or nothing; said is what the reply has to say of them. */
enum ffabi_rule ffabi_partition_pack(struct ffabi_ctx *c, const struct ffabi_partition_info *in,
				     uint32_t count, const struct ffabi_dst *dst,
				     struct ffabi_entries *said);
/*
 * Entry i of the registers of one FFA_PARTITION_INFO_GET_REGS reply: of_regs reads it,
 * to_regs sets it and descriptor_size.  FFABI_END when the registers have no room for an entry i.
 */
enum ffabi_rule ffabi_partition_of_regs(struct ffabi_ctx *c,
					const struct ffabi_partition_info_get_regs_success *in,
					uint32_t i, struct ffabi_partition_info *out);
enum ffabi_rule ffabi_partition_to_regs(struct ffabi_ctx *c, const struct ffabi_partition_info *in,
					uint32_t i,
					struct ffabi_partition_info_get_regs_success *out);

/* Header of an indirect message and where its payload is; src is the whole buffer. */
enum ffabi_rule ffabi_message_open(struct ffabi_ctx *c, const struct ffabi_src *src,
				   struct ffabi_partition_message_header *out,
				   struct ffabi_extent *payload);
/* Writes the header, payload_size bytes at payload_offset, and zero between them. */
enum ffabi_rule ffabi_message_write(struct ffabi_ctx *c,
				    const struct ffabi_partition_message_header *in,
				    const uint8_t *payload, const struct ffabi_dst *dst,
				    uint32_t *total);

/*
 * A relinquish descriptor: its header, then endpoint_count ids.  SHORT when src does not hold
 * them all, RANGE when they are more than there is room for, RULE when one is named twice.
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
 * value has 1 to 8 bytes, contents given by offset lie in the blob and outside its tables.
 */
enum ffabi_rule ffabi_boot_next(struct ffabi_ctx *c, struct ffabi_boot_cursor *cur,
				struct ffabi_boot_info_descriptor *out);

/* What a producer has to say; contents given by offset are its own to put there, before or after.
 */
struct ffabi_boot_blob {
	const struct ffabi_boot_info_descriptor *descriptors;
	uint32_t count;
	uint32_t version; /* of the producer */
	uint32_t size; /* bytes of the whole blob, contents included */
};
/* Writes the header and, right behind it, the descriptors. */
enum ffabi_rule ffabi_boot_pack(struct ffabi_ctx *c, const struct ffabi_boot_blob *in,
				const struct ffabi_dst *dst);

/* The list of version 1.0 (unconfirmed); FFABI_END after the last item. */
struct ffabi_boot_list_cursor {
	struct ffabi_src src;
	uint32_t count;
	uint32_t next;
};
enum ffabi_rule ffabi_boot_list_open(struct ffabi_ctx *c, const struct ffabi_src *src,
				     struct ffabi_boot_list_cursor *cur);
enum ffabi_rule ffabi_boot_list_next(struct ffabi_ctx *c, struct ffabi_boot_list_cursor *cur,
				     struct ffabi_boot_info_v1_0_item *out);

/* What FFA_NS_RES_INFO_GET returns (1.3, alpha): src is all of it. */
struct ffabi_resource_cursor {
	struct ffabi_src src;
	struct ffabi_ns_resource_info header;
	uint32_t next;
};
enum ffabi_rule ffabi_resource_open(struct ffabi_ctx *c, const struct ffabi_src *src,
				    struct ffabi_resource_cursor *cur);
enum ffabi_rule ffabi_resource_next(struct ffabi_ctx *c, struct ffabi_resource_cursor *cur,
				    struct ffabi_address_map *out);

/* Ranges of a composite descriptor that stands by itself. */
struct ffabi_range_cursor {
	struct ffabi_src src;
	struct ffabi_mem_composite composite;
	uint32_t at; /* where it stands */
	uint32_t next;
	uint64_t pages; /* counted so far */
};
/* RX and TX buffer of an endpoint descriptor. */
struct ffabi_rxtx_ranges {
	struct ffabi_range_cursor rx;
	struct ffabi_range_cursor tx;
};
/*
 * An endpoint RX/TX descriptor from version 1.1 on, where composite descriptors stand at its
 * two offsets: both of them lie in src with all their ranges, and apart.  VERSION in 1.0,
 * of which only the fixed part is known (ffabi_endpoint_rxtx_unpack).
 */
enum ffabi_rule ffabi_rxtx_open(struct ffabi_ctx *c, const struct ffabi_src *src,
				struct ffabi_endpoint_rxtx *out, struct ffabi_rxtx_ranges *ranges);
/* The next range; FFABI_END after the last, when the pages add up. */
enum ffabi_rule ffabi_range_next(struct ffabi_ctx *c, struct ffabi_range_cursor *cur,
				 struct ffabi_mem_constituent *out);

/* An endpoint with notifications pending, and the vCPUs that have some of their own. */
enum {
	FFABI_ID_LIST_VCPUS = 3
};
struct ffabi_id_list {
	uint16_t endpoint_id;
	uint16_t vcpu_count; /* 0: its notifications are global */
	uint16_t vcpu_ids[FFABI_ID_LIST_VCPUS];
};

/*
 * The lists of one FFA_NOTIFICATION_INFO_GET reply of that convention; FFABI_END after the
 * last, SHORT when they do not fit in the registers.  A violation is reported at the number of the
 * list.
 */
struct ffabi_id_list_cursor {
	const struct ffabi_notification_info_get_success *in;
	enum ffabi_conv conv;
	unsigned int next;
	unsigned int taken; /* ids */
};
void ffabi_id_lists_open(const struct ffabi_notification_info_get_success *in, enum ffabi_conv conv,
			 struct ffabi_id_list_cursor *cur);
enum ffabi_rule ffabi_id_lists_next(struct ffabi_ctx *c, struct ffabi_id_list_cursor *cur,
				    struct ffabi_id_list *out);

/* The writer: adds one list after the other; FFABI_END, and more_pending set, when one has no room.
 */
struct ffabi_id_list_writer {
	struct ffabi_notification_info_get_success *out;
	enum ffabi_conv conv;
	unsigned int taken; /* ids */
};
void ffabi_id_lists_start(struct ffabi_notification_info_get_success *out, enum ffabi_conv conv,
			  struct ffabi_id_list_writer *w);
enum ffabi_rule ffabi_id_lists_add(struct ffabi_ctx *c, struct ffabi_id_list_writer *w,
				   const struct ffabi_id_list *in);

#ifdef __cplusplus
}
#endif

#endif /* FFABI_LISTS_H */
