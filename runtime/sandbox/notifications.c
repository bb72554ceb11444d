/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Notifications: bitmaps, who is bound to signal what, what is pending. */
#include "logic.h"

/* Which of an endpoint's two sets a sender signals. */
enum {
	FROM_SP,
	FROM_VM
};

static unsigned int set_of(const struct ffabi_spmc_partition *sender)
{
	return ffabi_spmc_secure(sender) ? FROM_SP : FROM_VM;
}

static int receives(const struct ffabi_spmc_partition *p)
{
	return (p->properties & FFABI_PARTITION_PROPERTIES_NOTIFICATION_RECV) != 0 && p->bitmap;
}

/* A VM of the hypervisor that calls, or, where there are no VMs, the caller. */
static struct ffabi_spmc_partition *normal(const struct ffabi_spmc *s, struct ffabi_peer *peer,
					   uint16_t id)
{
	return ffabi_spmc_acts_for(s, ffabi_spmc_caller(peer), id);
}

enum ffabi_status ffabi_spmc_bitmap_create(void *self, struct ffabi_peer *peer,
					   struct ffabi_exchange *x)
{
	const struct ffabi_notification_bitmap_create *in =
		&x->request.u.notification_bitmap_create;
	struct ffabi_spmc_partition *p = normal(self, peer, in->vm_id);

	if (p == 0 || in->vcpu_count == 0)
		return FFABI_STATUS_INVALID_PARAMETERS;
	if (p->bitmap)
		return FFABI_STATUS_DENIED;
	if (in->vcpu_count > p->vcpu_count || in->notification_count != 0)
		return FFABI_STATUS_NO_MEMORY;
	p->bitmap = 1;
	return FFABI_STATUS_SUCCESS;
}

static int pending(const struct ffabi_spmc_partition *p, unsigned int set)
{
	uint32_t i;

	for (i = 0; i < p->vcpu_count; i++) {
		if (p->vcpus[i].pending[set] != 0)
			return 1;
	}
	return p->from[set].pending != 0;
}

enum ffabi_status ffabi_spmc_bitmap_destroy(void *self, struct ffabi_peer *peer,
					    struct ffabi_exchange *x)
{
	struct ffabi_spmc_partition *p =
		normal(self, peer, x->request.u.notification_bitmap_destroy.vm_id);

	if (p == 0)
		return FFABI_STATUS_INVALID_PARAMETERS;
	if (!p->bitmap || p->from[FROM_SP].bound != 0 || p->from[FROM_VM].bound != 0 ||
	    pending(p, FROM_SP) || pending(p, FROM_VM))
		return FFABI_STATUS_DENIED;
	p->bitmap = 0;
	return FFABI_STATUS_SUCCESS;
}

/* One of the notifications of a set, as bit and as index. */
struct each {
	uint64_t left;
	uint64_t bit;
	unsigned int index;
};

static int next(struct each *e)
{
	if (e->left == 0)
		return 0;
	while ((e->left >> e->index & 1) == 0)
		e->index++;
	e->bit = (uint64_t)1 << e->index;
	e->left &= ~e->bit;
	return 1;
}

static int is_pending(const struct ffabi_spmc_partition *p, unsigned int set, uint64_t bitmap)
{
	uint64_t all = p->from[set].pending;
	uint32_t i;

	for (i = 0; i < p->vcpu_count; i++)
		all |= p->vcpus[i].pending[set];
	return (all & bitmap) != 0;
}

/* All of them bound to this sender, or, if that will do, to nobody. */
static int bound_to(const struct ffabi_spmc_notifications *n, uint64_t bitmap, uint16_t sender,
		    int or_nobody)
{
	struct each e = {0, 0, 0};

	if (!or_nobody && (bitmap & ~n->bound) != 0)
		return 0;
	e.left = bitmap & n->bound;
	while (next(&e)) {
		if (n->sender[e.index] != sender)
			return 0;
	}
	return 1;
}

/* The receiver, and the set that the sender signals, of bind and unbind. */
static enum ffabi_status parties(struct ffabi_spmc *s, struct ffabi_peer *peer,
				 const struct ffabi_notification_unbind *in,
				 struct ffabi_spmc_partition **receiver, unsigned int *set)
{
	const struct ffabi_spmc_partition *sender = ffabi_spmc_find(s, in->sender_id);

	*receiver = normal(s, peer, in->receiver_id);
	if (sender == 0 || *receiver == 0 || sender == *receiver || in->bitmap == 0)
		return FFABI_STATUS_INVALID_PARAMETERS;
	if (!receives(*receiver))
		return FFABI_STATUS_DENIED;
	*set = set_of(sender);
	return FFABI_STATUS_SUCCESS;
}

enum ffabi_status ffabi_spmc_bind(void *self, struct ffabi_peer *peer, struct ffabi_exchange *x)
{
	const struct ffabi_notification_bind *in = &x->request.u.notification_bind;
	struct ffabi_notification_unbind who = {0};
	struct ffabi_spmc_partition *p;
	struct ffabi_spmc_notifications *n;
	struct each e = {0, 0, 0};
	enum ffabi_status status;
	unsigned int set;

	who.sender_id = in->sender_id;
	who.receiver_id = in->receiver_id;
	who.bitmap = in->bitmap;
	status = parties(self, peer, &who, &p, &set);
	if (status != FFABI_STATUS_SUCCESS)
		return status;
	n = &p->from[set];
	if (!bound_to(n, in->bitmap, in->sender_id, 1) || is_pending(p, set, in->bitmap))
		return FFABI_STATUS_DENIED;
	n->bound |= in->bitmap;
	n->per_vcpu &= ~in->bitmap;
	if ((in->flags & FFABI_NOTIFICATION_BIND_FLAGS_PER_VCPU) != 0)
		n->per_vcpu |= in->bitmap;
	e.left = in->bitmap;
	while (next(&e))
		n->sender[e.index] = in->sender_id;
	return FFABI_STATUS_SUCCESS;
}

enum ffabi_status ffabi_spmc_unbind(void *self, struct ffabi_peer *peer, struct ffabi_exchange *x)
{
	const struct ffabi_notification_unbind *in = &x->request.u.notification_unbind;
	struct ffabi_spmc_partition *p;
	unsigned int set;
	const enum ffabi_status status = parties(self, peer, in, &p, &set);

	if (status != FFABI_STATUS_SUCCESS)
		return status;
	if (!bound_to(&p->from[set], in->bitmap, in->sender_id, 0) ||
	    is_pending(p, set, in->bitmap))
		return FFABI_STATUS_DENIED;
	p->from[set].bound &= ~in->bitmap;
	p->from[set].per_vcpu &= ~in->bitmap;
	return FFABI_STATUS_SUCCESS;
}

static enum ffabi_status check_set(const struct ffabi_notification_set *in,
				   const struct ffabi_spmc_partition *to, unsigned int set)
{
	const struct ffabi_spmc_notifications *n = &to->from[set];
	const int per_vcpu = (in->flags & FFABI_NOTIFICATION_SET_FLAGS_PER_VCPU) != 0;

	if (!bound_to(n, in->bitmap, in->sender_id, 0))
		return FFABI_STATUS_DENIED;
	if ((per_vcpu ? ~n->per_vcpu : n->per_vcpu) & in->bitmap)
		return FFABI_STATUS_INVALID_PARAMETERS;
	return FFABI_STATUS_SUCCESS;
}

enum ffabi_status ffabi_spmc_set(void *self, struct ffabi_peer *peer, struct ffabi_exchange *x)
{
	const struct ffabi_notification_set *in = &x->request.u.notification_set;
	const int per_vcpu = (in->flags & FFABI_NOTIFICATION_SET_FLAGS_PER_VCPU) != 0;
	const struct ffabi_spmc_partition *sender = normal(self, peer, in->sender_id);
	struct ffabi_spmc_partition *to = ffabi_spmc_find(self, in->receiver_id);
	enum ffabi_status status;

	if (sender == 0 || to == 0 || to == sender || in->bitmap == 0 ||
	    (!per_vcpu && in->receiver_vcpu_id != 0) || in->receiver_vcpu_id >= to->vcpu_count)
		return FFABI_STATUS_INVALID_PARAMETERS;
	if (!receives(to))
		return FFABI_STATUS_DENIED;
	status = check_set(in, to, set_of(sender));
	if (status != FFABI_STATUS_SUCCESS)
		return status;
	if (per_vcpu)
		to->vcpus[in->receiver_vcpu_id].pending[set_of(sender)] |= in->bitmap;
	else
		to->from[set_of(sender)].pending |= in->bitmap;
	return FFABI_STATUS_SUCCESS;
}

/* What is pending for all contexts and for this one; from now on it is not. */
static uint64_t fetch(struct ffabi_spmc_partition *p, uint16_t vcpu, unsigned int set)
{
	struct ffabi_spmc_vcpu *v = &p->vcpus[vcpu];
	const uint64_t out = p->from[set].pending | v->pending[set];

	p->from[set].pending = 0;
	p->from[set].announced = 0;
	v->pending[set] = 0;
	v->announced[set] = 0;
	return out;
}

static uint32_t fetch_full(struct ffabi_spmc_partition *p, uint8_t teller)
{
	const uint32_t out = (p->rx_full & teller) != 0;

	p->rx_full &= (uint8_t)~teller;
	p->rx_full_announced &= (uint8_t)~teller;
	return out;
}

enum ffabi_status ffabi_spmc_get(void *self, struct ffabi_peer *peer, struct ffabi_exchange *x)
{
	const struct ffabi_notification_get *in = &x->request.u.notification_get;
	struct ffabi_notification_get_success *out = &x->reply.u.notification_get.u.success;
	struct ffabi_spmc_partition *p = normal(self, peer, in->receiver_id);
	const uint32_t hypervisors =
		FFABI_NOTIFICATION_GET_FLAGS_VM | FFABI_NOTIFICATION_GET_FLAGS_HYP_FRAMEWORK;

	if (p == 0 || in->receiver_vcpu_id >= p->vcpu_count)
		return FFABI_STATUS_INVALID_PARAMETERS;
	if (peer->instance == FFABI_NS_PHYS && peer->version >= FFABI_V1_3 &&
	    (in->flags & hypervisors) != 0)
		return FFABI_STATUS_INVALID_PARAMETERS;
	if (!receives(p))
		return peer->version >= FFABI_V1_3 ? FFABI_STATUS_DENIED
						   : FFABI_STATUS_INVALID_PARAMETERS;
	if ((in->flags & FFABI_NOTIFICATION_GET_FLAGS_SP) != 0)
		out->sp_bitmap = fetch(p, in->receiver_vcpu_id, FROM_SP);
	if ((in->flags & FFABI_NOTIFICATION_GET_FLAGS_VM) != 0)
		out->vm_bitmap = fetch(p, in->receiver_vcpu_id, FROM_VM);
	if ((in->flags & FFABI_NOTIFICATION_GET_FLAGS_SPM_FRAMEWORK) != 0)
		out->spm_framework_bitmap = fetch_full(p, FFABI_SPMC_TOLD_BY_SPMC);
	if ((in->flags & FFABI_NOTIFICATION_GET_FLAGS_HYP_FRAMEWORK) != 0)
		out->hyp_framework_bitmap = fetch_full(p, FFABI_SPMC_TOLD_BY_HYPERVISOR);
	return FFABI_STATUS_SUCCESS;
}
