/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Notifications, from version 1.1 on; each function is one call. */
#ifndef FFABI_CALLER_NOTIFICATIONS_H
#define FFABI_CALLER_NOTIFICATIONS_H

#include <ffabi/caller.h>
#include <ffabi/notifications_reply.h>

#ifdef __cplusplus
extern "C" {
#endif

ffabi_result
ffabi_caller_notification_bitmap_create(struct ffabi_caller *k,
					const struct ffabi_notification_bitmap_create *in);
ffabi_result
ffabi_caller_notification_bitmap_destroy(struct ffabi_caller *k,
					 const struct ffabi_notification_bitmap_destroy *in);
ffabi_result ffabi_caller_notification_bind(struct ffabi_caller *k,
					    const struct ffabi_notification_bind *in);
ffabi_result ffabi_caller_notification_unbind(struct ffabi_caller *k,
					      const struct ffabi_notification_unbind *in);
ffabi_result ffabi_caller_notification_set(struct ffabi_caller *k,
					   const struct ffabi_notification_set *in);
/* Bitmaps that flags did not ask for are zero. */
ffabi_result ffabi_caller_notification_get(struct ffabi_caller *k,
					   const struct ffabi_notification_get *in,
					   struct ffabi_notification_get_success *out);

/*
 * One part of the list of receivers that have notifications pending; info.more_pending
 * says that the call should be made again after it.
 */
struct ffabi_pending {
	struct ffabi_notification_info_get_success info;
	enum ffabi_conv conv; /* of the call: it says how the ids are packed */
	uint32_t next_list;
	uint32_t next_id;
};
ffabi_result ffabi_caller_notification_info_get(struct ffabi_caller *k, struct ffabi_pending *out);

/* A receiver: all of it (vcpu_count is 0), or the vCPUs that have notifications. */
struct ffabi_pending_receiver {
	uint16_t endpoint_id;
	uint16_t vcpu_ids[3];
	uint32_t vcpu_count;
};
/* Starts walking over info; SHORT when its lists do not fit in the registers of conv. */
enum ffabi_rule ffabi_pending_open(struct ffabi_ctx *c, struct ffabi_pending *p);
/* The next receiver; FFABI_END after the last. */
enum ffabi_rule ffabi_pending_next(struct ffabi_pending *p, struct ffabi_pending_receiver *out);

#ifdef __cplusplus
}
#endif

#endif /* FFABI_CALLER_NOTIFICATIONS_H */
