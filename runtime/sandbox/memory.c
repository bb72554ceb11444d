/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Memory transactions of the sender: donate, lend, share, reclaim. */
#include <ffabi/status.h>

#include "logic.h"

/* Constituents of which each is compared with each other one. */
enum {
	OVERLAP_LIMIT = 0xffff
};

struct ffabi_spmc_region *ffabi_spmc_region(const struct ffabi_spmc *s, uint64_t handle)
{
	uint32_t i;

	for (i = 0; i < s->region_count; i++) {
		if (s->regions[i].state != FFABI_SPMC_FREE && s->regions[i].handle == handle)
			return &s->regions[i];
	}
	return 0;
}

uint32_t ffabi_spmc_borrower(const struct ffabi_spmc_region *r, uint16_t id)
{
	struct ffabi_mem_access access;
	uint32_t i;

	for (i = 0; i < r->view.places.access_count; i++) {
		ffabi_mem_view_access(&r->view, i, &access);
		if (access.endpoint_id == id)
			break;
	}
	return i;
}

enum ffabi_status ffabi_spmc_snapshot(struct ffabi_spmc *s, const struct ffabi_spmc_partition *p,
				      uint64_t at, uint64_t n)
{
	struct ffabi_extent what;
	struct ffabi_dst dst;

	what.at = at;
	what.n = n;
	if (!ffabi_fits(p->box.tx.len, at, n))
		return FFABI_STATUS_INVALID_PARAMETERS;
	if (!ffabi_fits(s->scratch.len, at, n))
		return FFABI_STATUS_NO_MEMORY;
	dst.base = s->scratch.base + at;
	dst.len = n;
	if (ffabi_snapshot(&s->ctx, &p->box.tx, &what, &dst) != FFABI_OK)
		return FFABI_STATUS_ABORTED;
	if (s->platform.snapshot != 0)
		s->platform.snapshot(s->platform.self, p->peer.id);
	return FFABI_STATUS_SUCCESS;
}

/* What the sender may let receivers do: all that depends on the transaction, not on the memory. */
static enum ffabi_status check_access(const struct ffabi_spmc_region *r,
				      const struct ffabi_mem_access *access)
{
	const int unspecified = access->data_access == FFABI_DATA_ACCESS_NOT_SPECIFIED;
	const int several = r->view.places.access_count > 1;

	if (unspecified != (r->usage == FFABI_USAGE_DONATE))
		return FFABI_STATUS_INVALID_PARAMETERS;
	if (access->instruction_access != FFABI_INSTRUCTION_ACCESS_NOT_SPECIFIED &&
	    (r->usage != FFABI_USAGE_LEND || several))
		return FFABI_STATUS_INVALID_PARAMETERS;
	return FFABI_STATUS_SUCCESS;
}

/* A sole receiver of memory that its owner gives up says itself how it maps it. */
static enum ffabi_status check_attributes(const struct ffabi_spmc_region *r)
{
	const struct ffabi_mem_transaction *h = &r->view.header;
	const int sole = r->usage != FFABI_USAGE_SHARE && r->view.places.access_count == 1;

	if (h->memory_type == FFABI_MEMORY_TYPE_DEVICE)
		return FFABI_STATUS_NOT_SUPPORTED;
	if ((h->memory_type == FFABI_MEMORY_TYPE_NOT_SPECIFIED) != sole)
		return FFABI_STATUS_INVALID_PARAMETERS;
	return FFABI_STATUS_SUCCESS;
}

static enum ffabi_status check_receivers(struct ffabi_spmc *s, const struct ffabi_spmc_region *r)
{
	struct ffabi_mem_access access;
	enum ffabi_status status;
	uint32_t i;

	if (r->view.places.access_count > FFABI_SPMC_BORROWERS)
		return FFABI_STATUS_NO_MEMORY;
	for (i = 0; i < r->view.places.access_count; i++) {
		ffabi_mem_view_access(&r->view, i, &access);
		if (ffabi_spmc_find(s, access.endpoint_id) == 0 || access.endpoint_id == r->sender)
			return FFABI_STATUS_INVALID_PARAMETERS;
		status = check_access(r, &access);
		if (status != FFABI_STATUS_SUCCESS)
			return status;
	}
	return check_attributes(r);
}

static int to_normal_world(const struct ffabi_spmc *s, const struct ffabi_spmc_region *r)
{
	struct ffabi_mem_access access;
	uint32_t i;

	for (i = 0; i < r->view.places.access_count; i++) {
		ffabi_mem_view_access(&r->view, i, &access);
		if (!ffabi_spmc_secure(ffabi_spmc_find(s, access.endpoint_id)))
			return 1;
	}
	return 0;
}

/* The sender owns every page, alone; Secure pages stay in the secure world. */
static enum ffabi_status check_pages(const struct ffabi_spmc *s, const struct ffabi_spmc_region *r)
{
	const struct ffabi_spmc_partition *sender = ffabi_spmc_find(s, r->sender);
	struct ffabi_mem_constituent range;
	uint32_t i;
	uint64_t page;

	for (i = 0; i < r->view.ranges_here; i++) {
		ffabi_mem_view_range(&r->view, i, &range);
		if (!ffabi_spmc_owned(s, sender, range.address, range.page_count))
			return FFABI_STATUS_DENIED;
		for (page = 0; to_normal_world(s, r) && page < range.page_count; page++) {
			const struct ffabi_spmc_area *a =
				ffabi_spmc_area(s, range.address + page * FFABI_PAGE_SIZE);

			if (a->security == FFABI_MEMORY_SECURITY_SECURE)
				return FFABI_STATUS_DENIED;
		}
	}
	return FFABI_STATUS_SUCCESS;
}

/* The rules of the description, over what is here of the descriptor. */
static enum ffabi_status check_bytes(struct ffabi_spmc *s, struct ffabi_spmc_region *r)
{
	const struct ffabi_mem_limits limits = {OVERLAP_LIMIT};
	struct ffabi_ctx *c = ffabi_spmc_speak(s, ffabi_spmc_find(s, r->sender));
	struct ffabi_mem_length length;
	struct ffabi_src src;

	c->version = r->version;
	src.base = r->room.base;
	src.len = r->assembly.received;
	length.total = r->assembly.total;
	length.fragment = r->assembly.received;
	if (ffabi_mem_check(c, r->usage, &src, &length, &limits, &r->view) != FFABI_OK)
		return ffabi_status_of_violation(s->exchange.call, &c->err);
	return FFABI_STATUS_SUCCESS;
}

enum ffabi_status ffabi_spmc_accept(struct ffabi_spmc *s, struct ffabi_spmc_region *r)
{
	enum ffabi_status status = check_bytes(s, r);

	if (status != FFABI_STATUS_SUCCESS)
		return status;
	if (r->view.header.sender_id != r->sender)
		return FFABI_STATUS_DENIED;
	status = check_receivers(s, r);
	if (status != FFABI_STATUS_SUCCESS || r->assembly.received != r->assembly.total)
		return status;
	if (r->view.ranges_here > s->range_count)
		return FFABI_STATUS_NO_MEMORY;
	status = check_pages(s, r);
	if (status != FFABI_STATUS_SUCCESS)
		return status;
	if (r->usage != FFABI_USAGE_SHARE &&
	    (r->view.header.flags & FFABI_MEM_SEND_FLAGS_ZERO_MEMORY) != 0 &&
	    !ffabi_spmc_zero(s, &r->view))
		return FFABI_STATUS_ABORTED;
	r->state = FFABI_SPMC_ACTIVE;
	return FFABI_STATUS_SUCCESS;
}

/* The parameters that donate, lend and share have in common. */
struct sending {
	enum ffabi_usage usage;
	uint32_t total;
	uint32_t fragment;
	int elsewhere; /* the descriptor is not in the TX buffer */
};

/* A slot for it; one that the caller began and left half-way is given up for it. */
static struct ffabi_spmc_region *slot(struct ffabi_spmc *s, const struct ffabi_spmc_partition *p)
{
	struct ffabi_spmc_region *found = 0;
	uint32_t i;

	for (i = 0; i < s->region_count; i++) {
		struct ffabi_spmc_region *r = &s->regions[i];

		if (r->state == FFABI_SPMC_SENDING && r->caller == p->peer.id)
			r->state = FFABI_SPMC_FREE;
		if (r->state == FFABI_SPMC_FREE && found == 0)
			found = r;
	}
	return found;
}

static void begin(struct ffabi_spmc_region *r, const struct ffabi_spmc_partition *p,
		  const struct sending *what)
{
	unsigned int i;

	r->sender = p->peer.id;
	r->caller = p->peer.id;
	r->usage = what->usage;
	r->version = p->peer.version;
	r->retrieved = 0;
	r->zero_after = 0;
	for (i = 0; i < FFABI_SPMC_BORROWERS; i++) {
		r->granted[i] = 0;
		r->executable[i] = 0;
		r->zeroed[i] = 0;
	}
}

/* Whom the descriptor names as its sender, if the caller may speak for it. */
static enum ffabi_status name_sender(struct ffabi_spmc *s, struct ffabi_spmc_region *r,
				     struct ffabi_spmc_partition *p)
{
	const enum ffabi_status status = check_bytes(s, r);
	const struct ffabi_spmc_partition *sender;

	if (status != FFABI_STATUS_SUCCESS)
		return status;
	sender = ffabi_spmc_acts_for(s, p, r->view.header.sender_id);
	if (sender == 0)
		return FFABI_STATUS_DENIED;
	r->sender = sender->peer.id;
	return FFABI_STATUS_SUCCESS;
}

/* The first fragment, which may be all: copied, then judged. */
static enum ffabi_status take_first(struct ffabi_spmc *s, struct ffabi_spmc_region *r,
				    struct ffabi_spmc_partition *p, const struct sending *what)
{
	struct ffabi_ctx *c = ffabi_spmc_speak(s, p);
	enum ffabi_status status;
	enum ffabi_rule rule;

	if (what->total > r->room.len)
		return FFABI_STATUS_NO_MEMORY;
	rule = ffabi_mem_assemble(c, &r->room, what->total, &r->assembly);
	if (rule == FFABI_OK)
		rule = ffabi_mem_add(c, &r->assembly, &p->box.tx, what->fragment);
	if (rule != FFABI_OK && rule != FFABI_END)
		return FFABI_STATUS_INVALID_PARAMETERS;
	if (s->platform.snapshot != 0)
		s->platform.snapshot(s->platform.self, p->peer.id);
	status = name_sender(s, r, p);
	return status == FFABI_STATUS_SUCCESS ? ffabi_spmc_accept(s, r) : status;
}

static enum ffabi_status send(struct ffabi_spmc *s, struct ffabi_spmc_partition *p,
			      const struct sending *what, struct ffabi_spmc_region **out)
{
	struct ffabi_spmc_region *r;
	enum ffabi_status status;

	if (what->elsewhere)
		return FFABI_STATUS_NOT_SUPPORTED;
	if (!p->box.mapped)
		return FFABI_STATUS_INVALID_PARAMETERS;
	r = slot(s, p);
	if (r == 0)
		return FFABI_STATUS_NO_MEMORY;
	begin(r, p, what);
	status = take_first(s, r, p, what);
	if (status != FFABI_STATUS_SUCCESS)
		return status;
	r->handle = ++s->handles;
	if (r->state == FFABI_SPMC_FREE)
		r->state = FFABI_SPMC_SENDING;
	*out = r;
	return FFABI_STATUS_SUCCESS;
}

/* FFA_SUCCESS stands ready; the other answer is the call for more. */
static void answer(const struct ffabi_spmc_region *r, const struct ffabi_spmc_partition *p,
		   struct ffabi_exchange *x)
{
	struct ffabi_mem_share_reply *reply = &x->reply.u.mem_share; /* all three are alike */

	if (r->state == FFABI_SPMC_ACTIVE) {
		reply->u.success.handle = r->handle;
		return;
	}
	reply->kind = FFABI_CALL_MEM_FRAG_RX;
	reply->conv = FFABI_SMC32;
	reply->u.mem_frag_rx.handle = r->handle;
	reply->u.mem_frag_rx.fragment_offset = r->assembly.received;
	reply->u.mem_frag_rx.endpoint_id = p->peer.instance == FFABI_NS_PHYS ? r->sender : 0;
}

#define SEND(name, kind)                                                                           \
	enum ffabi_status ffabi_spmc_##name(void *self, struct ffabi_peer *peer,                   \
					    struct ffabi_exchange *x)                              \
	{                                                                                          \
		const struct ffabi_##name *in = &x->request.u.name;                                \
		struct ffabi_spmc_region *r = 0;                                                   \
		struct sending what;                                                               \
		enum ffabi_status status;                                                          \
                                                                                                   \
		what.usage = kind;                                                                 \
		what.total = in->total_length;                                                     \
		what.fragment = in->fragment_length;                                               \
		what.elsewhere = in->buffer_address != 0 || in->buffer_page_count != 0;            \
		status = send(self, ffabi_spmc_caller(peer), &what, &r);                           \
		if (status == FFABI_STATUS_SUCCESS)                                                \
			answer(r, ffabi_spmc_caller(peer), x);                                     \
		return status;                                                                     \
	}

SEND(mem_donate, FFABI_USAGE_DONATE)
SEND(mem_lend, FFABI_USAGE_LEND)
SEND(mem_share, FFABI_USAGE_SHARE)

/* Zeroing is a write, which memory that its owner only reads does not allow. */
static int read_only(const struct ffabi_spmc *s, const struct ffabi_mem_view *view)
{
	struct ffabi_mem_constituent range;

	ffabi_mem_view_range(view, 0, &range);
	return ffabi_spmc_area(s, range.address)->data_access ==
	       FFABI_DATA_ACCESS_PERMISSION_READ_ONLY;
}

enum ffabi_status ffabi_spmc_mem_reclaim(void *self, struct ffabi_peer *peer,
					 struct ffabi_exchange *x)
{
	struct ffabi_spmc *s = self;
	const struct ffabi_mem_reclaim *in = &x->request.u.mem_reclaim;
	struct ffabi_spmc_region *r = ffabi_spmc_region(s, in->handle);

	if (r == 0 || r->state != FFABI_SPMC_ACTIVE ||
	    ffabi_spmc_acts_for(s, ffabi_spmc_caller(peer), r->sender) == 0)
		return FFABI_STATUS_INVALID_PARAMETERS;
	if (r->retrieved != 0)
		return FFABI_STATUS_DENIED;
	if ((in->flags & FFABI_MEM_RECLAIM_FLAGS_ZERO_MEMORY) != 0) {
		if (read_only(s, &r->view))
			return FFABI_STATUS_DENIED;
		if (!ffabi_spmc_zero(s, &r->view))
			return FFABI_STATUS_ABORTED;
	}
	r->state = FFABI_SPMC_FREE;
	return FFABI_STATUS_SUCCESS;
}
