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
 * One part of who has notifications pending, in the form of k->conv: ffabi_id_lists_open()
 * of lists.h walks it.  When more_pending is set the call should be made again.
 */
ffabi_result ffabi_caller_notification_info_get(struct ffabi_caller *k,
						struct ffabi_notification_info_get_success *out);

#ifdef __cplusplus
}
#endif

#endif /* FFABI_CALLER_NOTIFICATIONS_H */
