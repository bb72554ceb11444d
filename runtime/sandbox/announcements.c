/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* FFA_NOTIFICATION_INFO_GET: telling the scheduler who has something pending. */
#include "logic.h"

/*
 * Lists of ids as they go out.  Each list has a 2-bit size, of which the success form of
 * the call holds ten, and so at most three contexts behind its endpoint.
 */
enum {
	LISTS = 10,
	CONTEXTS = 3
};

struct lists {
	struct ffabi_notification_info_get_success *out;
	uint32_t per_register; /* ids */
	uint32_t room;	       /* ids */
	uint32_t used;
	uint32_t contexts; /* of the last list */
};

static void put_id(struct lists *l, uint16_t id)
{
	l->out->ids[l->used / l->per_register] |= (uint64_t)id << 16 * (l->used % l->per_register);
	l->used++;
}

/* A list of its own: 0 when there is no room. */
static int open_list(struct lists *l, uint16_t id, uint32_t ids)
{
	if (l->out->list_count == LISTS || l->used + ids > l->room)
		return 0;
	put_id(l, id);
	l->out->list_count++;
	l->contexts = 0;
	return 1;
}

static void add_context(struct lists *l, uint16_t vcpu)
{
	put_id(l, vcpu);
	l->contexts++;
	l->out->list_sizes += (uint64_t)1 << 2 * (l->out->list_count - 1);
}

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

/* One context behind its endpoint, in the open list or in another one. */
static int tell_context(struct lists *l, const struct ffabi_spmc_partition *p, uint16_t vcpu,
			int open)
{
	if (!open || l->contexts == CONTEXTS || l->used == l->room) {
		if (!open_list(l, p->peer.id, 2))
			return 0;
	}
	add_context(l, vcpu);
	return 1;
}

static int tell(struct lists *l, struct ffabi_spmc_partition *p)
{
	int open = 0;
	uint16_t i;

	for (i = 0; i < p->vcpu_count; i++) {
		struct ffabi_spmc_vcpu *v = &p->vcpus[i];

		if (!news(v))
			continue;
		if (!tell_context(l, p, i, open))
			return 0;
		open = 1;
		v->announced[0] = v->pending[0];
		v->announced[1] = v->pending[1];
	}
	if (!global_news(p))
		return 1;
	if (!open && !open_list(l, p->peer.id, 1))
		return 0;
	p->from[0].announced = p->from[0].pending;
	p->from[1].announced = p->from[1].pending;
	p->rx_full_announced = p->rx_full;
	return 1;
}

enum ffabi_status ffabi_spmc_info_get(void *self, struct ffabi_peer *peer, struct ffabi_exchange *x)
{
	struct ffabi_notification_info_get_success *out =
		&x->reply.u.notification_info_get.u.success;
	struct ffabi_spmc *s = self;
	struct lists l;
	uint32_t i;

	if (peer->id != s->scheduler)
		return FFABI_STATUS_NOT_SUPPORTED;
	l.out = out;
	l.per_register = x->conv == FFABI_SMC64 ? 4 : 2;
	l.room = l.per_register * (uint32_t)(sizeof(out->ids) / sizeof(out->ids[0]));
	l.used = 0;
	l.contexts = 0;
	for (i = 0; i < s->partition_count && !out->more_pending; i++)
		out->more_pending = !tell(&l, &s->partitions[i]);
	return out->list_count != 0 ? FFABI_STATUS_SUCCESS : FFABI_STATUS_NO_DATA;
}
