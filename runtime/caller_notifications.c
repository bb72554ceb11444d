/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Notifications. */
#include <ffabi/caller_notifications.h>

/* One call without results: the same for all of them. */
#define CALL(type, packed, unpacked)                                                               \
	do {                                                                                       \
		type reply;                                                                        \
		enum ffabi_rule rule;                                                              \
                                                                                                   \
		ffabi_caller_begin(k);                                                             \
		rule = ffabi_caller_send(k, packed);                                               \
		if (rule != FFABI_OK)                                                              \
			return ffabi_result_of(rule);                                              \
		rule = unpacked;                                                                   \
		return ffabi_settle(&k->ctx, rule, &reply.kind, &reply.u.error);                   \
	} while (0)

ffabi_result
ffabi_caller_notification_bitmap_create(struct ffabi_caller *k,
					const struct ffabi_notification_bitmap_create *in)
{
	CALL(struct ffabi_notification_bitmap_create_reply,
	     ffabi_notification_bitmap_create_pack(&k->ctx, in, &k->regs),
	     ffabi_notification_bitmap_create_reply_unpack(&k->ctx, &k->regs, &reply));
}

ffabi_result
ffabi_caller_notification_bitmap_destroy(struct ffabi_caller *k,
					 const struct ffabi_notification_bitmap_destroy *in)
{
	CALL(struct ffabi_notification_bitmap_destroy_reply,
	     ffabi_notification_bitmap_destroy_pack(&k->ctx, in, &k->regs),
	     ffabi_notification_bitmap_destroy_reply_unpack(&k->ctx, &k->regs, &reply));
}

ffabi_result ffabi_caller_notification_bind(struct ffabi_caller *k,
					    const struct ffabi_notification_bind *in)
{
	CALL(struct ffabi_notification_bind_reply,
	     ffabi_notification_bind_pack(&k->ctx, in, &k->regs),
	     ffabi_notification_bind_reply_unpack(&k->ctx, &k->regs, &reply));
}

ffabi_result ffabi_caller_notification_unbind(struct ffabi_caller *k,
					      const struct ffabi_notification_unbind *in)
{
	CALL(struct ffabi_notification_unbind_reply,
	     ffabi_notification_unbind_pack(&k->ctx, in, &k->regs),
	     ffabi_notification_unbind_reply_unpack(&k->ctx, &k->regs, &reply));
}

ffabi_result ffabi_caller_notification_set(struct ffabi_caller *k,
					   const struct ffabi_notification_set *in)
{
	CALL(struct ffabi_notification_set_reply,
	     ffabi_notification_set_pack(&k->ctx, in, &k->regs),
	     ffabi_notification_set_reply_unpack(&k->ctx, &k->regs, &reply));
}

ffabi_result ffabi_caller_notification_get(struct ffabi_caller *k,
					   const struct ffabi_notification_get *in,
					   struct ffabi_notification_get_success *out)
{
	struct ffabi_notification_get_reply reply;
	enum ffabi_rule rule;
	ffabi_result r;

	ffabi_caller_begin(k);
	rule = ffabi_caller_send(k, ffabi_notification_get_pack(&k->ctx, in, &k->regs));
	if (rule != FFABI_OK)
		return ffabi_result_of(rule);
	rule = ffabi_notification_get_reply_unpack(&k->ctx, &k->regs, &reply);
	r = ffabi_settle(&k->ctx, rule, &reply.kind, &reply.u.error);
	if (r != FFABI_OK)
		return r;
	out->sp_bitmap = reply.u.success.sp_bitmap;
	out->vm_bitmap = reply.u.success.vm_bitmap;
	out->spm_framework_bitmap = reply.u.success.spm_framework_bitmap;
	out->hyp_framework_bitmap = reply.u.success.hyp_framework_bitmap;
	return r;
}

ffabi_result ffabi_caller_notification_info_get(struct ffabi_caller *k,
						struct ffabi_notification_info_get_success *out)
{
	volatile uint64_t *ids = out->ids; /* or compilers make the loop a call of memcpy */
	struct ffabi_notification_info_get_reply reply;
	enum ffabi_rule rule;
	unsigned int i;
	ffabi_result r;

	ffabi_caller_begin(k);
	rule = ffabi_caller_send(k, ffabi_notification_info_get_pack(&k->ctx, k->conv, &k->regs));
	if (rule != FFABI_OK)
		return ffabi_result_of(rule);
	rule = ffabi_notification_info_get_reply_unpack(&k->ctx, k->conv, &k->regs, &reply);
	r = ffabi_settle(&k->ctx, rule, &reply.kind, &reply.u.error);
	if (r != FFABI_OK)
		return r;
	out->more_pending = reply.u.success.more_pending;
	out->list_count = reply.u.success.list_count;
	out->list_sizes = reply.u.success.list_sizes;
	for (i = 0; i < sizeof(out->ids) / sizeof(out->ids[0]); i++)
		ids[i] = reply.u.success.ids[i];
	return r;
}
