/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * The structures and numbers of Linux, <linux/arm_ffa.h> of 6.12, against ours: it compiles when
 * they agree.  Linux has one structure for 1.0 to 1.2; where a version has less, the beginning of
 * it.  Nothing here is run.  tests/test_linux_witness.py compiles it and says what is left out.
 */
#include <linux/types.h>

#include <uapi/linux/const.h> /* in it the type of a number depends on __ASSEMBLY__ */
#define __ASSEMBLY__ /* only the numbers of this one */
#include <linux/arm-smccc.h>
#undef __ASSEMBLY__
#include <linux/arm_ffa.h>
#include <linux/sizes.h>

#include <ffabi/calls.h>
#include <ffabi/features.h>
#include <ffabi/memory.h>
#include <ffabi/memory_descriptors_table.h>
#include <ffabi/messaging.h>
#include <ffabi/messaging_table.h>
#include <ffabi/partition_table.h>

#include "bits.h" /* the test writes it from spec/: FFABI_LO_version_TABLE_FIELD */
#include "offsets.h"

/* 1 makes every assertion fail, so that the compiler lists them. */
#ifndef OFF_BY
#define OFF_BY 0
#endif

#define SAME(theirs, ours) CHECK(#theirs " is not " #ours, theirs, ours)
#define CHECK(text, theirs, ours)                                                                  \
	_Static_assert((long long)(theirs) == (long long)(ours) + OFF_BY, text)

/* A field of ours is where their member is, in one version, or in all from one on. */
#define AT(v, table, field, type, member)                                                          \
	SAME(offsetof(struct type, member), FFABI_AT_##v##_##table##_##field)
#define AT_FROM_1_1(table, field, type, member)                                                    \
	AT(1_1, table, field, type, member);                                                       \
	AT(1_2, table, field, type, member)
#define AT_FROM_1_0(table, field, type, member)                                                    \
	AT(1_0, table, field, type, member);                                                       \
	AT_FROM_1_1(table, field, type, member)

/* It is as wide. */
#define SIZE_OF(type, member) sizeof(((struct type *)0)->member)
#define WIDE(type, member, our_type, our_member)                                                   \
	SAME(SIZE_OF(type, member), SIZE_OF(our_type, our_member))

/* A value of a field of ours, shifted to where it is in the member of theirs at the same place. */
#define IN(v, table, field, value) ((unsigned int)(value) << FFABI_LO_##v##_##table##_##field)
#define BITS(text, v, theirs, table, field, value)                                                 \
	CHECK(text " in " #v "_" #table "_" #field, theirs, IN(v, table, field, value))
#define BITS_FROM_1_1(theirs, table, field, value)                                                 \
	BITS(#theirs " is not " #value, 1_1, theirs, table, field, value);                         \
	BITS(#theirs " is not " #value, 1_2, theirs, table, field, value)
#define BITS_FROM_1_0(theirs, table, field, value)                                                 \
	BITS(#theirs " is not " #value, 1_0, theirs, table, field, value);                         \
	BITS(#theirs " is not " #value, 1_1, theirs, table, field, value);                         \
	BITS(#theirs " is not " #value, 1_2, theirs, table, field, value)

/* struct ffa_mem_region */
SAME(offsetof(struct ffa_mem_region, ep_mem_offset), FFABI_SIZE_1_0_MEM_TRANSACTION);
SAME(sizeof(struct ffa_mem_region), FFABI_SIZE_1_1_MEM_TRANSACTION);
SAME(sizeof(struct ffa_mem_region), FFABI_SIZE_1_2_MEM_TRANSACTION);
SAME(FFA_MEM_REGION_HAS_EP_MEM_OFFSET(FFABI_V1_0), 0);
SAME(FFA_MEM_REGION_HAS_EP_MEM_OFFSET(FFABI_V1_1), 1);
AT_FROM_1_0(MEM_TRANSACTION, SENDER_ID, ffa_mem_region, sender_id);
AT_FROM_1_0(MEM_TRANSACTION, MEMORY_TYPE, ffa_mem_region, attributes);
AT_FROM_1_0(MEM_TRANSACTION, CACHEABILITY, ffa_mem_region, attributes);
AT_FROM_1_0(MEM_TRANSACTION, DEVICE_MEMORY, ffa_mem_region, attributes);
AT_FROM_1_0(MEM_TRANSACTION, SHAREABILITY, ffa_mem_region, attributes);
AT_FROM_1_0(MEM_TRANSACTION, FLAGS, ffa_mem_region, flags);
AT_FROM_1_0(MEM_TRANSACTION, TRANSACTION_TYPE, ffa_mem_region, flags);
AT_FROM_1_0(MEM_TRANSACTION, ALIGNMENT_HINT, ffa_mem_region, flags);
AT_FROM_1_0(MEM_TRANSACTION, ALIGNMENT_HINT_VALID, ffa_mem_region, flags);
AT_FROM_1_0(MEM_TRANSACTION, HANDLE, ffa_mem_region, handle);
AT_FROM_1_0(MEM_TRANSACTION, TAG, ffa_mem_region, tag);
AT_FROM_1_1(MEM_TRANSACTION, ACCESS_SIZE, ffa_mem_region, ep_mem_size);
AT_FROM_1_0(MEM_TRANSACTION, ACCESS_COUNT, ffa_mem_region, ep_count);
AT_FROM_1_1(MEM_TRANSACTION, ACCESS_OFFSET, ffa_mem_region, ep_mem_offset);
WIDE(ffa_mem_region, sender_id, ffabi_mem_transaction, sender_id);
WIDE(ffa_mem_region, flags, ffabi_mem_transaction, flags);
WIDE(ffa_mem_region, handle, ffabi_mem_transaction, handle);
WIDE(ffa_mem_region, tag, ffabi_mem_transaction, tag);
WIDE(ffa_mem_region, ep_mem_size, ffabi_mem_transaction, access_size);
WIDE(ffa_mem_region, ep_count, ffabi_mem_transaction, access_count);
WIDE(ffa_mem_region, ep_mem_offset, ffabi_mem_transaction, access_offset);

/* The attributes in it. */
BITS_FROM_1_0(FFA_MEM_NORMAL, MEM_TRANSACTION, MEMORY_TYPE, FFABI_MEMORY_TYPE_NORMAL);
BITS_FROM_1_0(FFA_MEM_DEVICE, MEM_TRANSACTION, MEMORY_TYPE, FFABI_MEMORY_TYPE_DEVICE);
BITS_FROM_1_0(FFA_MEM_WRITE_BACK, MEM_TRANSACTION, CACHEABILITY, FFABI_CACHEABILITY_WRITE_BACK);
BITS_FROM_1_0(FFA_MEM_NON_CACHEABLE, MEM_TRANSACTION, CACHEABILITY,
	      FFABI_CACHEABILITY_NON_CACHEABLE);
BITS_FROM_1_0(FFA_DEV_nGnRnE, MEM_TRANSACTION, DEVICE_MEMORY, FFABI_DEVICE_MEMORY_NGNRNE);
BITS_FROM_1_0(FFA_DEV_nGnRE, MEM_TRANSACTION, DEVICE_MEMORY, FFABI_DEVICE_MEMORY_NGNRE);
BITS_FROM_1_0(FFA_DEV_nGRE, MEM_TRANSACTION, DEVICE_MEMORY, FFABI_DEVICE_MEMORY_NGRE);
BITS_FROM_1_0(FFA_DEV_GRE, MEM_TRANSACTION, DEVICE_MEMORY, FFABI_DEVICE_MEMORY_GRE);
BITS_FROM_1_0(FFA_MEM_NON_SHAREABLE, MEM_TRANSACTION, SHAREABILITY,
	      FFABI_SHAREABILITY_NON_SHAREABLE);
BITS_FROM_1_0(FFA_MEM_OUTER_SHAREABLE, MEM_TRANSACTION, SHAREABILITY,
	      FFABI_SHAREABILITY_OUTER_SHAREABLE);
BITS_FROM_1_0(FFA_MEM_INNER_SHAREABLE, MEM_TRANSACTION, SHAREABILITY,
	      FFABI_SHAREABILITY_INNER_SHAREABLE);

/* The flags in it. */
BITS_FROM_1_0(FFA_MEM_CLEAR, MEM_TRANSACTION, FLAGS, FFABI_MEM_SEND_FLAGS_ZERO_MEMORY);
BITS_FROM_1_0(FFA_MEM_CLEAR, MEM_TRANSACTION, FLAGS,
	      FFABI_MEM_RETRIEVE_REQ_FLAGS_ZERO_BEFORE_RETRIEVAL);
BITS_FROM_1_0(FFA_TIME_SLICE_ENABLE, MEM_TRANSACTION, FLAGS, FFABI_MEM_SHARE_FLAGS_TIME_SLICE);
BITS_FROM_1_0(FFA_TIME_SLICE_ENABLE, MEM_TRANSACTION, FLAGS, FFABI_MEM_SEND_FLAGS_TIME_SLICE);
BITS_FROM_1_0(FFA_TIME_SLICE_ENABLE, MEM_TRANSACTION, FLAGS,
	      FFABI_MEM_RETRIEVE_REQ_FLAGS_TIME_SLICE);
BITS_FROM_1_0(FFA_MEM_RETRIEVE_TYPE_IN_RESP, MEM_TRANSACTION, TRANSACTION_TYPE,
	      FFABI_TRANSACTION_TYPE_UNSPECIFIED);
BITS_FROM_1_0(FFA_MEM_RETRIEVE_TYPE_SHARE, MEM_TRANSACTION, TRANSACTION_TYPE,
	      FFABI_TRANSACTION_TYPE_SHARE);
BITS_FROM_1_0(FFA_MEM_RETRIEVE_TYPE_LEND, MEM_TRANSACTION, TRANSACTION_TYPE,
	      FFABI_TRANSACTION_TYPE_LEND);
BITS_FROM_1_0(FFA_MEM_RETRIEVE_TYPE_DONATE, MEM_TRANSACTION, TRANSACTION_TYPE,
	      FFABI_TRANSACTION_TYPE_DONATE);
BITS_FROM_1_0(FFA_MEM_RETRIEVE_ADDR_ALIGN_HINT, MEM_TRANSACTION, ALIGNMENT_HINT_VALID, 1);
BITS_FROM_1_0(FFA_MEM_RETRIEVE_ADDR_ALIGN(15), MEM_TRANSACTION, ALIGNMENT_HINT, 15);

/* The flags of FFA_MEM_RECLAIM: Linux has the same names for them. */
SAME(FFA_MEM_CLEAR, FFABI_MEM_RECLAIM_FLAGS_ZERO_MEMORY);
SAME(FFA_TIME_SLICE_ENABLE, FFABI_MEM_RECLAIM_FLAGS_TIME_SLICE);

/* struct ffa_mem_region_attributes: before 1.2 it has no impdef_val, and the rest moves up. */
SAME(sizeof(struct ffa_mem_region_attributes) - SIZE_OF(ffa_mem_region_attributes, impdef_val),
     FFABI_SIZE_1_0_MEM_ACCESS);
SAME(sizeof(struct ffa_mem_region_attributes) - SIZE_OF(ffa_mem_region_attributes, impdef_val),
     FFABI_SIZE_1_1_MEM_ACCESS);
SAME(sizeof(struct ffa_mem_region_attributes), FFABI_SIZE_1_2_MEM_ACCESS);
SAME(FFA_EMAD_HAS_IMPDEF_FIELD(FFABI_V1_1), 0);
SAME(FFA_EMAD_HAS_IMPDEF_FIELD(FFABI_V1_2), 1);
AT_FROM_1_0(MEM_ACCESS, ENDPOINT_ID, ffa_mem_region_attributes, receiver);
AT_FROM_1_0(MEM_ACCESS, INSTRUCTION_ACCESS, ffa_mem_region_attributes, attrs);
AT_FROM_1_0(MEM_ACCESS, DATA_ACCESS, ffa_mem_region_attributes, attrs);
AT_FROM_1_0(MEM_ACCESS, FLAGS, ffa_mem_region_attributes, flag);
AT_FROM_1_0(MEM_ACCESS, COMPOSITE_OFFSET, ffa_mem_region_attributes, composite_off);
AT(1_2, MEM_ACCESS, IMPLEMENTATION_DEFINED, ffa_mem_region_attributes, impdef_val);
WIDE(ffa_mem_region_attributes, receiver, ffabi_mem_access, endpoint_id);
WIDE(ffa_mem_region_attributes, flag, ffabi_mem_access, flags);
WIDE(ffa_mem_region_attributes, composite_off, ffabi_mem_access, composite_offset);
WIDE(ffa_mem_region_attributes, impdef_val, ffabi_mem_access, implementation_defined);
BITS_FROM_1_0(FFA_MEM_EXEC, MEM_ACCESS, INSTRUCTION_ACCESS, FFABI_INSTRUCTION_ACCESS_EXECUTABLE);
BITS_FROM_1_0(FFA_MEM_NO_EXEC, MEM_ACCESS, INSTRUCTION_ACCESS,
	      FFABI_INSTRUCTION_ACCESS_NOT_EXECUTABLE);
BITS_FROM_1_0(FFA_MEM_RW, MEM_ACCESS, DATA_ACCESS, FFABI_DATA_ACCESS_READ_WRITE);
BITS_FROM_1_0(FFA_MEM_RO, MEM_ACCESS, DATA_ACCESS, FFABI_DATA_ACCESS_READ_ONLY);
/* Linux calls it the opposite of what it says; see test_linux_witness.py. */
BITS_FROM_1_0(FFA_MEM_RETRIEVE_SELF_BORROWER, MEM_ACCESS, FLAGS,
	      FFABI_MEM_ACCESS_FLAGS_NON_RETRIEVAL_BORROWER);

/* struct ffa_composite_mem_region */
SAME(sizeof(struct ffa_composite_mem_region), FFABI_SIZE_1_0_MEM_COMPOSITE);
SAME(sizeof(struct ffa_composite_mem_region), FFABI_SIZE_1_1_MEM_COMPOSITE);
SAME(sizeof(struct ffa_composite_mem_region), FFABI_SIZE_1_2_MEM_COMPOSITE);
AT_FROM_1_0(MEM_COMPOSITE, TOTAL_PAGE_COUNT, ffa_composite_mem_region, total_pg_cnt);
AT_FROM_1_0(MEM_COMPOSITE, ADDRESS_RANGE_COUNT, ffa_composite_mem_region, addr_range_cnt);
WIDE(ffa_composite_mem_region, total_pg_cnt, ffabi_mem_composite, total_page_count);
WIDE(ffa_composite_mem_region, addr_range_cnt, ffabi_mem_composite, address_range_count);
SAME(CONSTITUENTS_OFFSET(0), FFABI_SIZE_1_0_MEM_COMPOSITE);
SAME(CONSTITUENTS_OFFSET(3), FFABI_SIZE_1_0_MEM_COMPOSITE + 3 * FFABI_SIZE_1_0_MEM_CONSTITUENT);

/* struct ffa_mem_region_addr_range */
SAME(sizeof(struct ffa_mem_region_addr_range), FFABI_SIZE_1_0_MEM_CONSTITUENT);
SAME(sizeof(struct ffa_mem_region_addr_range), FFABI_SIZE_1_1_MEM_CONSTITUENT);
SAME(sizeof(struct ffa_mem_region_addr_range), FFABI_SIZE_1_2_MEM_CONSTITUENT);
AT_FROM_1_0(MEM_CONSTITUENT, ADDRESS, ffa_mem_region_addr_range, address);
AT_FROM_1_0(MEM_CONSTITUENT, PAGE_COUNT, ffa_mem_region_addr_range, pg_cnt);
WIDE(ffa_mem_region_addr_range, address, ffabi_mem_constituent, address);
WIDE(ffa_mem_region_addr_range, pg_cnt, ffabi_mem_constituent, page_count);
SAME(FFA_PAGE_SIZE, FFABI_PAGE_SIZE);

/* struct ffa_partition_info; the macro for the size in 1.0 is spelled so. */
SAME(FFA_1_0_PARTITON_INFO_SZ, FFABI_SIZE_1_0_PARTITION_INFO);
SAME(offsetof(struct ffa_partition_info, uuid), FFABI_SIZE_1_0_PARTITION_INFO);
SAME(sizeof(struct ffa_partition_info), FFABI_SIZE_1_1_PARTITION_INFO);
SAME(sizeof(struct ffa_partition_info), FFABI_SIZE_1_2_PARTITION_INFO);
AT_FROM_1_0(PARTITION_INFO, PARTITION_ID, ffa_partition_info, id);
AT_FROM_1_0(PARTITION_INFO, EXEC_CTX_COUNT, ffa_partition_info, exec_ctxt);
AT_FROM_1_0(PARTITION_INFO, PROPERTIES, ffa_partition_info, properties);
AT_FROM_1_1(PARTITION_INFO, MORE_PROPERTIES, ffa_partition_info, properties);
AT_FROM_1_1(PARTITION_INFO, PROTOCOL_UUID, ffa_partition_info, uuid);
WIDE(ffa_partition_info, id, ffabi_partition_info, partition_id);
WIDE(ffa_partition_info, exec_ctxt, ffabi_partition_info, exec_ctx_count);
WIDE(ffa_partition_info, uuid, ffabi_partition_info, protocol_uuid);
BITS_FROM_1_0(FFA_PARTITION_DIRECT_RECV, PARTITION_INFO, PROPERTIES,
	      FFABI_PARTITION_PROPERTIES_DIRECT_REQ_RECV);
BITS_FROM_1_0(FFA_PARTITION_DIRECT_SEND, PARTITION_INFO, PROPERTIES,
	      FFABI_PARTITION_PROPERTIES_DIRECT_REQ_SEND);
BITS_FROM_1_0(FFA_PARTITION_INDIRECT_MSG, PARTITION_INFO, PROPERTIES,
	      FFABI_PARTITION_PROPERTIES_INDIRECT_MSG);
BITS_FROM_1_1(FFA_PARTITION_NOTIFICATION_RECV, PARTITION_INFO, PROPERTIES,
	      FFABI_PARTITION_PROPERTIES_NOTIFICATION_RECV);
BITS_FROM_1_1(FFA_PARTITION_AARCH64_EXEC, PARTITION_INFO, MORE_PROPERTIES,
	      FFABI_PARTITION_MORE_PROPERTIES_AARCH64);

/* struct ffa_indirect_msg_hdr, of 1.1: the UUID of 1.2 is not in it, the rest of 1.2 is. */
SAME(sizeof(struct ffa_indirect_msg_hdr), FFABI_SIZE_1_1_PARTITION_MESSAGE_HEADER);
AT_FROM_1_1(PARTITION_MESSAGE_HEADER, PAYLOAD_OFFSET, ffa_indirect_msg_hdr, offset);
AT_FROM_1_1(PARTITION_MESSAGE_HEADER, RECEIVER_ID, ffa_indirect_msg_hdr, send_recv_id);
AT_FROM_1_1(PARTITION_MESSAGE_HEADER, PAYLOAD_SIZE, ffa_indirect_msg_hdr, size);
WIDE(ffa_indirect_msg_hdr, offset, ffabi_partition_message_header, payload_offset);
WIDE(ffa_indirect_msg_hdr, size, ffabi_partition_message_header, payload_size);
/* The sender is the upper half of the word. */
SAME(offsetof(struct ffa_indirect_msg_hdr, send_recv_id) + 2,
     FFABI_AT_1_1_PARTITION_MESSAGE_HEADER_SENDER_ID);
SAME(offsetof(struct ffa_indirect_msg_hdr, send_recv_id) + 2,
     FFABI_AT_1_2_PARTITION_MESSAGE_HEADER_SENDER_ID);

/* struct ffa_send_direct_data2: registers, not memory; as many of them. */
WIDE(ffa_send_direct_data2, data, ffabi_msg_send_direct_req2, payload);
WIDE(ffa_send_direct_data2, data, ffabi_msg_send_direct_resp2, payload);

/* Function ids. */
SAME(FFA_ERROR, FFABI_FID_ERROR_32);
SAME(FFA_SUCCESS, FFABI_FID_SUCCESS_32);
SAME(FFA_FN64_SUCCESS, FFABI_FID_SUCCESS_64);
SAME(FFA_INTERRUPT, FFABI_FID_INTERRUPT_32);
SAME(FFA_VERSION, FFABI_FID_VERSION_32);
SAME(FFA_FEATURES, FFABI_FID_FEATURES_32);
SAME(FFA_RX_RELEASE, FFABI_FID_RX_RELEASE_32);
SAME(FFA_RXTX_MAP, FFABI_FID_RXTX_MAP_32);
SAME(FFA_FN64_RXTX_MAP, FFABI_FID_RXTX_MAP_64);
SAME(FFA_RXTX_UNMAP, FFABI_FID_RXTX_UNMAP_32);
SAME(FFA_PARTITION_INFO_GET, FFABI_FID_PARTITION_INFO_GET_32);
SAME(FFA_ID_GET, FFABI_FID_ID_GET_32);
SAME(FFA_MSG_POLL, FFABI_FID_MSG_POLL_32);
SAME(FFA_MSG_WAIT, FFABI_FID_MSG_WAIT_32);
SAME(FFA_YIELD, FFABI_FID_YIELD_32);
SAME(FFA_RUN, FFABI_FID_RUN_32);
SAME(FFA_MSG_SEND, FFABI_FID_MSG_SEND_32);
SAME(FFA_MSG_SEND_DIRECT_REQ, FFABI_FID_MSG_SEND_DIRECT_REQ_32);
SAME(FFA_FN64_MSG_SEND_DIRECT_REQ, FFABI_FID_MSG_SEND_DIRECT_REQ_64);
SAME(FFA_MSG_SEND_DIRECT_RESP, FFABI_FID_MSG_SEND_DIRECT_RESP_32);
SAME(FFA_FN64_MSG_SEND_DIRECT_RESP, FFABI_FID_MSG_SEND_DIRECT_RESP_64);
SAME(FFA_MEM_DONATE, FFABI_FID_MEM_DONATE_32);
SAME(FFA_FN64_MEM_DONATE, FFABI_FID_MEM_DONATE_64);
SAME(FFA_MEM_LEND, FFABI_FID_MEM_LEND_32);
SAME(FFA_FN64_MEM_LEND, FFABI_FID_MEM_LEND_64);
SAME(FFA_MEM_SHARE, FFABI_FID_MEM_SHARE_32);
SAME(FFA_FN64_MEM_SHARE, FFABI_FID_MEM_SHARE_64);
SAME(FFA_MEM_RETRIEVE_REQ, FFABI_FID_MEM_RETRIEVE_REQ_32);
SAME(FFA_FN64_MEM_RETRIEVE_REQ, FFABI_FID_MEM_RETRIEVE_REQ_64);
SAME(FFA_MEM_RETRIEVE_RESP, FFABI_FID_MEM_RETRIEVE_RESP_32);
SAME(FFA_MEM_RELINQUISH, FFABI_FID_MEM_RELINQUISH_32);
SAME(FFA_MEM_RECLAIM, FFABI_FID_MEM_RECLAIM_32);
SAME(FFA_MEM_OP_PAUSE, FFABI_FID_MEM_OP_PAUSE_32);
SAME(FFA_MEM_OP_RESUME, FFABI_FID_MEM_OP_RESUME_32);
SAME(FFA_MEM_FRAG_RX, FFABI_FID_MEM_FRAG_RX_32);
SAME(FFA_MEM_FRAG_TX, FFABI_FID_MEM_FRAG_TX_32);
SAME(FFA_NORMAL_WORLD_RESUME, FFABI_FID_NORMAL_WORLD_RESUME_32);
SAME(FFA_NOTIFICATION_BITMAP_CREATE, FFABI_FID_NOTIFICATION_BITMAP_CREATE_32);
SAME(FFA_NOTIFICATION_BITMAP_DESTROY, FFABI_FID_NOTIFICATION_BITMAP_DESTROY_32);
SAME(FFA_NOTIFICATION_BIND, FFABI_FID_NOTIFICATION_BIND_32);
SAME(FFA_NOTIFICATION_UNBIND, FFABI_FID_NOTIFICATION_UNBIND_32);
SAME(FFA_NOTIFICATION_SET, FFABI_FID_NOTIFICATION_SET_32);
SAME(FFA_NOTIFICATION_GET, FFABI_FID_NOTIFICATION_GET_32);
SAME(FFA_NOTIFICATION_INFO_GET, FFABI_FID_NOTIFICATION_INFO_GET_32);
SAME(FFA_FN64_NOTIFICATION_INFO_GET, FFABI_FID_NOTIFICATION_INFO_GET_64);
SAME(FFA_RX_ACQUIRE, FFABI_FID_RX_ACQUIRE_32);
SAME(FFA_SPM_ID_GET, FFABI_FID_SPM_ID_GET_32);
SAME(FFA_MSG_SEND2, FFABI_FID_MSG_SEND2_32);
SAME(FFA_SECONDARY_EP_REGISTER, FFABI_FID_SECONDARY_EP_REGISTER_32);
SAME(FFA_FN64_SECONDARY_EP_REGISTER, FFABI_FID_SECONDARY_EP_REGISTER_64);
SAME(FFA_MEM_PERM_GET, FFABI_FID_MEM_PERM_GET_32);
SAME(FFA_FN64_MEM_PERM_GET, FFABI_FID_MEM_PERM_GET_64);
SAME(FFA_MEM_PERM_SET, FFABI_FID_MEM_PERM_SET_32);
SAME(FFA_FN64_MEM_PERM_SET, FFABI_FID_MEM_PERM_SET_64);
SAME(FFA_CONSOLE_LOG, FFABI_FID_CONSOLE_LOG_32);
SAME(FFA_PARTITION_INFO_GET_REGS, FFABI_FID_PARTITION_INFO_GET_REGS_64);
SAME(FFA_EL3_INTR_HANDLE, FFABI_FID_EL3_INTR_HANDLE_32);
SAME(FFA_MSG_SEND_DIRECT_REQ2, FFABI_FID_MSG_SEND_DIRECT_REQ2_64);
SAME(FFA_MSG_SEND_DIRECT_RESP2, FFABI_FID_MSG_SEND_DIRECT_RESP2_64);

/* Error codes. */
SAME(FFA_RET_SUCCESS, FFABI_STATUS_SUCCESS);
SAME(FFA_RET_NOT_SUPPORTED, FFABI_STATUS_NOT_SUPPORTED);
SAME(FFA_RET_INVALID_PARAMETERS, FFABI_STATUS_INVALID_PARAMETERS);
SAME(FFA_RET_NO_MEMORY, FFABI_STATUS_NO_MEMORY);
SAME(FFA_RET_BUSY, FFABI_STATUS_BUSY);
SAME(FFA_RET_INTERRUPTED, FFABI_STATUS_INTERRUPTED);
SAME(FFA_RET_DENIED, FFABI_STATUS_DENIED);
SAME(FFA_RET_RETRY, FFABI_STATUS_RETRY);
SAME(FFA_RET_ABORTED, FFABI_STATUS_ABORTED);
SAME(FFA_RET_NO_DATA, FFABI_STATUS_NO_DATA);

/* Versions, and the buffer sizes of FFA_FEATURES. */
SAME(FFA_VERSION_1_0, FFABI_V1_0);
SAME(FFA_VERSION_1_1, FFABI_V1_1);
SAME(FFA_VERSION_1_2, FFABI_V1_2);
SAME(FFA_PACK_VERSION_INFO(1, 3), FFABI_V1_3);
SAME(FFA_MAJOR_VERSION(FFABI_V1_2), 1);
SAME(FFA_MINOR_VERSION(FFABI_V1_2), 2);
SAME(FFA_FEAT_RXTX_MIN_SZ_4K, FFABI_RXTX_MIN_SIZE_KIB_4);
SAME(FFA_FEAT_RXTX_MIN_SZ_64K, FFABI_RXTX_MIN_SIZE_KIB_64);
SAME(FFA_FEAT_RXTX_MIN_SZ_16K, FFABI_RXTX_MIN_SIZE_KIB_16);
