/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Memory transactions of the borrower: retrieve and relinquish. */
#include <ffabi/status.h>

#include "logic.h"

/* A retrieve request against the region that it names. */
struct asking {
	struct ffabi_mem_view *view;
	struct ffabi_spmc_region *region;
	struct ffabi_spmc_partition *caller;
	struct ffabi_spmc_partition *borrower;
	struct ffabi_mem_access wants; /* of the borrower */
	struct ffabi_mem_access offered;
	uint32_t index; /* of the borrower among the region's */
};

/* A private copy, and the rules of the description. */
static enum ffabi_status open(struct ffabi_spmc *s, const struct ffabi_mem_retrieve_req *in,
			      struct asking *a)
{
	const struct ffabi_mem_limits limits = {0};
	struct ffabi_mem_length length;
	struct ffabi_src src;
	struct ffabi_ctx *c;
	enum ffabi_status status;

	if (in->buffer_address != 0 || in->buffer_page_count != 0)
		return FFABI_STATUS_NOT_SUPPORTED;
	if (!a->caller->box.mapped || in->fragment_length != in->total_length)
		return FFABI_STATUS_INVALID_PARAMETERS;
	if (!ffabi_spmc_buffer_free(a->caller))
		return FFABI_STATUS_BUSY;
	status = ffabi_spmc_snapshot(s, a->caller, 0, in->total_length);
	if (status != FFABI_STATUS_SUCCESS)
		return status;
	src.base = s->scratch.base;
	src.len = in->total_length;
	length.total = in->total_length;
	length.fragment = in->total_length;
	c = ffabi_spmc_speak(s, a->caller);
	if (ffabi_mem_check(c, FFABI_USAGE_RETRIEVE_REQ, &src, &length, &limits, a->view) !=
	    FFABI_OK)
		return ffabi_status_of_violation(s->exchange.call, &c->err);
	return FFABI_STATUS_SUCCESS;
}

/* The descriptor of the borrower that retrieves; the others only complete the list. */
static int find_wants(const struct ffabi_spmc *s, struct asking *a)
{
	uint32_t i;

	for (i = 0; i < a->view->places.access_count; i++) {
		ffabi_mem_view_access(a->view, i, &a->wants);
		a->borrower = ffabi_spmc_acts_for(s, a->caller, a->wants.endpoint_id);
		if (a->borrower != 0 &&
		    (a->wants.flags & FFABI_MEM_ACCESS_FLAGS_NON_RETRIEVAL_BORROWER) == 0)
			return 1;
	}
	return 0;
}

/* Every borrower is named, and nobody else, unless the caller asks not to look at that. */
static int names_borrowers(const struct asking *a)
{
	const uint32_t count = a->view->places.access_count;
	struct ffabi_mem_access access;
	uint32_t i;

	if (a->view->header.bypass_multi_borrower_check)
		return count == 1 && a->region->view.places.access_count > 1;
	if (count != a->region->view.places.access_count)
		return 0;
	for (i = 0; i < count; i++) {
		ffabi_mem_view_access(a->view, i, &access);
		if (ffabi_spmc_borrower(a->region, access.endpoint_id) == count)
			return 0;
	}
	return 1;
}

static uint8_t type_of(const struct ffabi_spmc_region *r)
{
	switch (r->usage) {
	case FFABI_USAGE_SHARE:
		return FFABI_TRANSACTION_TYPE_SHARE;
	case FFABI_USAGE_LEND:
		return FFABI_TRANSACTION_TYPE_LEND;
	default:
		return FFABI_TRANSACTION_TYPE_DONATE;
	}
}

/* Which transaction: what both sides said of it agrees. */
static enum ffabi_status match(struct ffabi_spmc *s, struct asking *a)
{
	const struct ffabi_mem_transaction *h = &a->view->header;
	struct ffabi_spmc_region *r = ffabi_spmc_region(s, h->handle);

	if (r == 0 || r->state != FFABI_SPMC_ACTIVE || a->view->composite.address_range_count != 0)
		return FFABI_STATUS_INVALID_PARAMETERS;
	a->region = r;
	if (!find_wants(s, a) || h->sender_id != r->sender)
		return FFABI_STATUS_DENIED;
	a->index = ffabi_spmc_borrower(r, a->borrower->peer.id);
	if (a->index == r->view.places.access_count || (r->retrieved >> a->index & 1) != 0)
		return FFABI_STATUS_DENIED;
	if (h->tag != r->view.header.tag || !names_borrowers(a) ||
	    (h->transaction_type != FFABI_TRANSACTION_TYPE_UNSPECIFIED &&
	     h->transaction_type != type_of(r)))
		return FFABI_STATUS_INVALID_PARAMETERS;
	ffabi_mem_view_access(&r->view, a->index, &a->offered);
	return FFABI_STATUS_SUCCESS;
}

/* The data access that the borrower gets; NOT_SPECIFIED: it asks for more than is offered. */
static uint8_t data_access(const struct asking *a)
{
	const uint8_t most = a->region->usage == FFABI_USAGE_DONATE ? FFABI_DATA_ACCESS_READ_WRITE
								    : a->offered.data_access;

	if (a->wants.data_access == FFABI_DATA_ACCESS_NOT_SPECIFIED)
		return most;
	return a->wants.data_access <= most ? a->wants.data_access
					    : FFABI_DATA_ACCESS_NOT_SPECIFIED;
}

/* The same for execution, which only a sole receiver can ask for. */
static uint8_t instruction_access(const struct asking *a)
{
	const int sole =
		a->region->usage != FFABI_USAGE_SHARE && a->region->view.places.access_count == 1;
	const uint8_t offered = a->offered.instruction_access;

	if (a->wants.instruction_access != FFABI_INSTRUCTION_ACCESS_EXECUTABLE)
		return FFABI_INSTRUCTION_ACCESS_NOT_EXECUTABLE;
	return sole && offered != FFABI_INSTRUCTION_ACCESS_NOT_EXECUTABLE
		       ? FFABI_INSTRUCTION_ACCESS_EXECUTABLE
		       : FFABI_INSTRUCTION_ACCESS_NOT_SPECIFIED;
}

static enum ffabi_status check_attributes(const struct asking *a)
{
	const struct ffabi_mem_transaction *wants = &a->view->header;
	const struct ffabi_mem_transaction *offered = &a->region->view.header;

	if (wants->memory_type == FFABI_MEMORY_TYPE_NOT_SPECIFIED)
		return FFABI_STATUS_SUCCESS;
	if (wants->memory_type == FFABI_MEMORY_TYPE_DEVICE)
		return FFABI_STATUS_DENIED;
	if (offered->memory_type == FFABI_MEMORY_TYPE_NORMAL &&
	    (wants->cacheability > offered->cacheability ||
	     wants->shareability > offered->shareability))
		return FFABI_STATUS_DENIED;
	return FFABI_STATUS_SUCCESS;
}

/* Zeroing: promised by the sender, never of shared memory, never by who only reads. */
static enum ffabi_status check_flags(const struct asking *a)
{
	const uint32_t flags = a->view->header.flags;
	const uint32_t before = flags & FFABI_MEM_RETRIEVE_REQ_FLAGS_ZERO_BEFORE_RETRIEVAL;
	const uint32_t after = flags & FFABI_MEM_RETRIEVE_REQ_FLAGS_ZERO_AFTER_RELINQUISH;
	const uint32_t sent = a->region->view.header.flags & FFABI_MEM_SEND_FLAGS_ZERO_MEMORY;

	if (before != 0 && (a->region->usage == FFABI_USAGE_SHARE || sent == 0))
		return FFABI_STATUS_INVALID_PARAMETERS;
	if (after != 0 && a->region->usage != FFABI_USAGE_LEND)
		return FFABI_STATUS_INVALID_PARAMETERS;
	if ((before | after) != 0 && data_access(a) == FFABI_DATA_ACCESS_READ_ONLY)
		return FFABI_STATUS_DENIED;
	return FFABI_STATUS_SUCCESS;
}

static enum ffabi_status check(const struct asking *a)
{
	enum ffabi_status status = check_flags(a);

	if (status == FFABI_STATUS_SUCCESS)
		status = check_attributes(a);
	if (status == FFABI_STATUS_SUCCESS &&
	    (data_access(a) == FFABI_DATA_ACCESS_NOT_SPECIFIED ||
	     instruction_access(a) == FFABI_INSTRUCTION_ACCESS_NOT_SPECIFIED))
		status = FFABI_STATUS_DENIED;
	return status;
}

/* The response, then what it says: nothing changes when it cannot be written. */
static enum ffabi_status grant(struct ffabi_spmc *s, const struct asking *a,
			       struct ffabi_mem_length *length)
{
	struct ffabi_spmc_region *r = a->region;
	const uint32_t after =
		a->view->header.flags & FFABI_MEM_RETRIEVE_REQ_FLAGS_ZERO_AFTER_RELINQUISH;
	enum ffabi_status status;

	r->granted[a->index] = data_access(a);
	r->executable[a->index] = instruction_access(a);
	r->zeroed[a->index] = r->usage != FFABI_USAGE_SHARE &&
			      (r->view.header.flags & FFABI_MEM_SEND_FLAGS_ZERO_MEMORY) != 0;
	if (r->usage == FFABI_USAGE_DONATE && (!ffabi_spmc_view_ranges(s, &r->view) ||
					       !ffabi_spmc_cut(s, s->ranges, r->view.ranges_here)))
		return FFABI_STATUS_NO_MEMORY;
	ffabi_spmc_drop_outgoing(s, a->caller);
	a->caller->outgoing.index = a->index;
	status = ffabi_spmc_answer(s, a->caller, r, 0, length);
	if (status != FFABI_STATUS_SUCCESS) {
		ffabi_spmc_join(s);
		return status;
	}
	if (after != 0)
		r->zero_after |= (uint32_t)1 << a->index;
	if (r->usage != FFABI_USAGE_DONATE) {
		r->retrieved |= (uint32_t)1 << a->index;
		return FFABI_STATUS_SUCCESS;
	}
	ffabi_spmc_give(s, s->ranges, r->view.ranges_here, a->borrower->peer.id);
	r->state = length->fragment == length->total ? FFABI_SPMC_FREE : FFABI_SPMC_DONATED;
	return FFABI_STATUS_SUCCESS;
}

enum ffabi_status ffabi_spmc_mem_retrieve_req(void *self, struct ffabi_peer *peer,
					      struct ffabi_exchange *x)
{
	struct ffabi_mem_retrieve_req_reply *reply = &x->reply.u.mem_retrieve_req;
	struct ffabi_spmc *s = self;
	struct ffabi_mem_length length;
	struct asking a;
	enum ffabi_status status;

	a.view = &s->asked;
	a.caller = ffabi_spmc_caller(peer);
	status = open(s, &x->request.u.mem_retrieve_req, &a);
	if (status == FFABI_STATUS_SUCCESS)
		status = match(s, &a);
	if (status == FFABI_STATUS_SUCCESS)
		status = check(&a);
	if (status == FFABI_STATUS_SUCCESS)
		status = grant(s, &a, &length);
	if (status != FFABI_STATUS_SUCCESS)
		return status;
	reply->kind = FFABI_CALL_MEM_RETRIEVE_RESP;
	reply->conv = FFABI_SMC32;
	reply->u.mem_retrieve_resp.total_length = length.total;
	reply->u.mem_retrieve_resp.fragment_length = length.fragment;
	return FFABI_STATUS_SUCCESS;
}

/* A private copy of the header, then of as many ids as it says. */
static enum ffabi_status read_relinquish(struct ffabi_spmc *s, const struct ffabi_spmc_partition *p,
					 struct ffabi_mem_relinquish_descriptor *d, uint16_t *id)
{
	const uint32_t size = ffabi_mem_relinquish_descriptor_size(p->peer.version);
	struct ffabi_ctx *c = ffabi_spmc_speak(s, p);
	struct ffabi_ids ids;
	struct ffabi_src src;
	enum ffabi_status status = ffabi_spmc_snapshot(s, p, 0, size);

	if (status != FFABI_STATUS_SUCCESS)
		return status;
	src.base = s->scratch.base;
	src.len = size;
	if (ffabi_mem_relinquish_descriptor_unpack(c, &src, 0, d) != FFABI_OK)
		return ffabi_status_of_violation(s->exchange.call, &c->err);
	if (d->endpoint_count != 1)
		return FFABI_STATUS_INVALID_PARAMETERS;
	status = ffabi_spmc_snapshot(s, p, size, sizeof(*id));
	if (status != FFABI_STATUS_SUCCESS)
		return status;
	ids.ids = id;
	ids.room = 1;
	src.len = size + sizeof(*id);
	if (ffabi_relinquish_unpack(c, &src, d, &ids) != FFABI_OK)
		return ffabi_status_of_violation(s->exchange.call, &c->err);
	return FFABI_STATUS_SUCCESS;
}

/* May the borrower have the memory zeroed when it gives it up? */
static enum ffabi_status check_zero(const struct ffabi_spmc_region *r, uint32_t index)
{
	if (r->usage == FFABI_USAGE_SHARE)
		return FFABI_STATUS_INVALID_PARAMETERS;
	if (r->granted[index] == FFABI_DATA_ACCESS_READ_ONLY || r->retrieved != (uint32_t)1
											<< index)
		return FFABI_STATUS_DENIED;
	return FFABI_STATUS_SUCCESS;
}

static enum ffabi_status relinquish(struct ffabi_spmc *s, struct ffabi_spmc_partition *p,
				    const struct ffabi_mem_relinquish_descriptor *d)
{
	struct ffabi_spmc_region *r = ffabi_spmc_region(s, d->handle);
	const int zero = (d->flags & FFABI_MEM_RELINQUISH_FLAGS_ZERO_MEMORY) != 0;
	enum ffabi_status status;
	uint32_t index;
	uint32_t left;

	if (r == 0 || r->state != FFABI_SPMC_ACTIVE)
		return FFABI_STATUS_INVALID_PARAMETERS;
	index = ffabi_spmc_borrower(r, p->peer.id);
	if (index == r->view.places.access_count || (r->retrieved >> index & 1) == 0)
		return FFABI_STATUS_INVALID_PARAMETERS;
	status = zero ? check_zero(r, index) : FFABI_STATUS_SUCCESS;
	if (status != FFABI_STATUS_SUCCESS)
		return status;
	left = r->retrieved & ~((uint32_t)1 << index);
	if (left == 0 && (zero || r->zero_after != 0) && !ffabi_spmc_zero(s, &r->view))
		return FFABI_STATUS_ABORTED;
	if (left == 0)
		r->zero_after = 0;
	r->retrieved = left;
	return FFABI_STATUS_SUCCESS;
}

enum ffabi_status ffabi_spmc_mem_relinquish(void *self, struct ffabi_peer *peer,
					    struct ffabi_exchange *x)
{
	struct ffabi_spmc *s = self;
	struct ffabi_spmc_partition *p = ffabi_spmc_caller(peer);
	struct ffabi_mem_relinquish_descriptor d;
	struct ffabi_spmc_partition *borrower;
	enum ffabi_status status;
	uint16_t id = 0;

	(void)x;
	if (!p->box.mapped)
		return FFABI_STATUS_INVALID_PARAMETERS;
	status = read_relinquish(s, p, &d, &id);
	if (status != FFABI_STATUS_SUCCESS)
		return status;
	borrower = ffabi_spmc_acts_for(s, p, id);
	status = borrower != 0 ? relinquish(s, borrower, &d) : FFABI_STATUS_INVALID_PARAMETERS;
	if (status == FFABI_STATUS_SUCCESS && p->outgoing.handle == d.handle)
		ffabi_spmc_drop_outgoing(s, p);
	return status;
}
