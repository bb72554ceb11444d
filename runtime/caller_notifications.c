/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Notifications. */
#include <ffabi/caller_notifications.h>

/* One call without results: the same for all of them. */
#define CALL(name)                                                                                 \
	ffabi_result ffabi_caller_##name(struct ffabi_caller *k, const struct ffabi_##name *in)    \
	{                                                                                          \
		struct ffabi_##name##_reply reply;                                                 \
		enum ffabi_rule rule;                                                              \
                                                                                                   \
		ffabi_caller_begin(k);                                                             \
		rule = ffabi_caller_send(k, ffabi_##name##_pack(&k->ctx, in, &k->regs));           \
		if (rule != FFABI_OK)                                                              \
			return rule;                                                               \
		rule = ffabi_##name##_reply_unpack(&k->ctx, &k->regs, &reply);                     \
		return ffabi_settle(&k->ctx, rule, &reply.kind, &reply.u.error);                   \
	}

CALL(notification_bitmap_create)
CALL(notification_bitmap_destroy)
CALL(notification_bind)
CALL(notification_unbind)
CALL(notification_set)

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
		return rule;
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

ffabi_result ffabi_caller_notification_info_get(struct ffabi_caller *k, struct ffabi_pending *out)
{
	struct ffabi_notification_info_get_reply reply;
	enum ffabi_rule rule;
	unsigned int i;
	ffabi_result r;

	ffabi_caller_begin(k);
	rule = ffabi_caller_send(k, ffabi_notification_info_get_pack(&k->ctx, k->conv, &k->regs));
	if (rule != FFABI_OK)
		return rule;
	rule = ffabi_notification_info_get_reply_unpack(&k->ctx, k->conv, &k->regs, &reply);
	r = ffabi_settle(&k->ctx, rule, &reply.kind, &reply.u.error);
	if (r != FFABI_OK)
		return r;
	out->conv = reply.conv;
	out->info.more_pending = reply.u.success.more_pending;
	out->info.list_count = reply.u.success.list_count;
	out->info.list_sizes = reply.u.success.list_sizes;
	for (i = 0; i < sizeof(out->info.ids) / sizeof(out->info.ids[0]); i++)
		out->info.ids[i] = reply.u.success.ids[i];
	return ffabi_pending_open(&k->ctx, out);
}

/*
 * Inside the two words of the answer, as spec/notifications.yaml words it: each list has
 * 2 bits, the number of vCPU ids behind the id of the endpoint; ids have 16 bits.
 */
enum {
	SIZE_BITS = 2,
	SIZE_MASK = 3,
	ID_BITS = 16
};

static uint32_t ids_in_register(const struct ffabi_pending *p)
{
	return (p->conv == FFABI_SMC64 ? 64u : 32u) / ID_BITS;
}

static uint32_t vcpus_of(const struct ffabi_pending *p, uint32_t list)
{
	return (uint32_t)(p->info.list_sizes >> SIZE_BITS * list) & SIZE_MASK;
}

static uint16_t id_at(const struct ffabi_pending *p, uint32_t i)
{
	const uint32_t each = ids_in_register(p);
	uint32_t reg = 0;

	for (; i >= each; i -= each)
		reg++;
	return (uint16_t)(p->info.ids[reg] >> ID_BITS * i);
}

enum ffabi_rule ffabi_pending_open(struct ffabi_ctx *c, struct ffabi_pending *p)
{
	const uint32_t registers = sizeof(p->info.ids) / sizeof(p->info.ids[0]);
	const uint32_t room = registers * ids_in_register(p);
	uint32_t used = 0;
	uint32_t i;

	for (i = 0; i < p->info.list_count; i++) {
		used += 1 + (SIZE_BITS * i < 64 ? vcpus_of(p, i) : 0);
		if (used > room)
			return ffabi_fail(c, FFABI_E_SHORT, FFABI_F_LIST_COUNT, 0,
					  p->info.list_count);
	}
	p->next_list = 0;
	p->next_id = 0;
	return FFABI_OK;
}

enum ffabi_rule ffabi_pending_next(struct ffabi_pending *p, struct ffabi_pending_receiver *out)
{
	uint32_t i;

	if (p->next_list >= p->info.list_count)
		return FFABI_END;
	out->vcpu_count = vcpus_of(p, p->next_list);
	out->endpoint_id = id_at(p, p->next_id);
	for (i = 0; i < sizeof(out->vcpu_ids) / sizeof(out->vcpu_ids[0]); i++)
		out->vcpu_ids[i] = i < out->vcpu_count ? id_at(p, p->next_id + 1 + i) : 0;
	p->next_id += 1 + out->vcpu_count;
	p->next_list++;
	return FFABI_OK;
}
