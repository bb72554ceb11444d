/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* FFA_NOTIFICATION_INFO_GET: telling the scheduler who has something pending. */
#include "logic.h"

static int global_news(const struct ffabi_spmc_partition *p)
{
	return (p->from[0].pending & ~p->from[0].announced) != 0 ||
	       (p->from[1].pending & ~p->from[1].announced) != 0 ||
	       (p->rx_full & ~p->rx_full_announced) != 0;
}

static int news(const struct ffabi_spmc_vcpu *v)
{
	return (v->pending[0] & ~v->announced[0]) != 0 || (v->pending[1] & ~v->announced[1]) != 0;
}

/* The next contexts with news, as many as a list takes; they are told when it is. */
static void gather(const struct ffabi_spmc_partition *p, struct ffabi_id_list *list)
{
	uint16_t i;

	list->endpoint_id = p->peer.id;
	list->vcpu_count = 0;
	for (i = 0; i < p->vcpu_count && list->vcpu_count < FFABI_ID_LIST_VCPUS; i++) {
		if (news(&p->vcpus[i]))
			list->vcpu_ids[list->vcpu_count++] = i;
	}
}

/* Any list of the endpoint announces its global notifications too. */
static void told(struct ffabi_spmc_partition *p, const struct ffabi_id_list *list)
{
	uint16_t i;

	for (i = 0; i < list->vcpu_count; i++) {
		struct ffabi_spmc_vcpu *v = &p->vcpus[list->vcpu_ids[i]];

		v->announced[0] = v->pending[0];
		v->announced[1] = v->pending[1];
	}
	p->from[0].announced = p->from[0].pending;
	p->from[1].announced = p->from[1].pending;
	p->rx_full_announced = p->rx_full;
}

/* Lists of one endpoint until it has no news; not FFABI_OK when one more has no room. */
static enum ffabi_rule tell(struct ffabi_ctx *c, struct ffabi_id_list_writer *w,
			    struct ffabi_spmc_partition *p)
{
	struct ffabi_id_list list;
	enum ffabi_rule rule;

	for (gather(p, &list); list.vcpu_count != 0 || global_news(p); gather(p, &list)) {
		rule = ffabi_id_lists_add(c, w, &list);
		if (rule != FFABI_OK)
			return rule;
		told(p, &list);
	}
	return FFABI_OK;
}

enum ffabi_status ffabi_spmc_info_get(void *self, struct ffabi_peer *peer, struct ffabi_exchange *x)
{
	struct ffabi_notification_info_get_success *out =
		&x->reply.u.notification_info_get.u.success;
	struct ffabi_spmc *s = self;
	struct ffabi_id_list_writer w;
	enum ffabi_rule rule = FFABI_OK;
	uint32_t i;

	if (peer->id != s->scheduler)
		return FFABI_STATUS_NOT_SUPPORTED;
	ffabi_id_lists_start(out, x->conv, &w);
	for (i = 0; i < s->partition_count && rule == FFABI_OK; i++)
		rule = tell(&s->ctx, &w, &s->partitions[i]);
	return out->list_count != 0 ? FFABI_STATUS_SUCCESS : FFABI_STATUS_NO_DATA;
}
