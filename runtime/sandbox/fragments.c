/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Descriptors that are longer than a buffer: taken in, and given out. */
#include "logic.h"

enum ffabi_status ffabi_spmc_mem_frag_tx(void *self, struct ffabi_peer *peer,
					 struct ffabi_exchange *x)
{
	struct ffabi_spmc *s = self;
	const struct ffabi_mem_frag_tx *in = &x->request.u.mem_frag_tx;
	struct ffabi_spmc_partition *p = ffabi_spmc_caller(peer);
	struct ffabi_spmc_region *r = ffabi_spmc_region(s, in->handle);
	struct ffabi_mem_frag_tx_reply *reply = &x->reply.u.mem_frag_tx;
	enum ffabi_status status = FFABI_STATUS_SUCCESS;
	enum ffabi_rule rule;

	if (r == 0 || r->state != FFABI_SPMC_SENDING || r->caller != peer->id || !p->box.mapped ||
	    in->endpoint_id != (peer->instance == FFABI_NS_PHYS ? r->sender : 0))
		return FFABI_STATUS_INVALID_PARAMETERS;
	rule = ffabi_mem_add(ffabi_spmc_speak(s, p), &r->assembly, &p->box.tx, in->fragment_length);
	if (s->platform.snapshot != 0)
		s->platform.snapshot(s->platform.self, p->peer.id);
	if (rule == FFABI_END)
		status = ffabi_spmc_accept(s, r);
	else if (rule != FFABI_OK)
		status = FFABI_STATUS_INVALID_PARAMETERS;
	if (status != FFABI_STATUS_SUCCESS) {
		r->state = FFABI_SPMC_FREE; /* nothing survives a refused fragment */
		return status;
	}
	if (r->state == FFABI_SPMC_ACTIVE) {
		reply->u.success.handle = r->handle;
		return FFABI_STATUS_SUCCESS;
	}
	reply->kind = FFABI_CALL_MEM_FRAG_RX;
	reply->conv = FFABI_SMC32;
	reply->u.mem_frag_rx.handle = r->handle;
	reply->u.mem_frag_rx.fragment_offset = r->assembly.received;
	reply->u.mem_frag_rx.endpoint_id = in->endpoint_id;
	return FFABI_STATUS_SUCCESS;
}

static void fill_header(const struct ffabi_spmc *s, const struct ffabi_spmc_partition *p,
			const struct ffabi_spmc_region *r, uint32_t index,
			struct ffabi_mem_transaction *out)
{
	const struct ffabi_mem_transaction *h = &r->view.header;
	struct ffabi_mem_constituent range;

	out->sender_id = r->sender;
	out->memory_type = FFABI_MEMORY_TYPE_NORMAL;
	out->cacheability = FFABI_CACHEABILITY_WRITE_BACK;
	out->shareability = FFABI_SHAREABILITY_INNER_SHAREABLE;
	if (h->memory_type == FFABI_MEMORY_TYPE_NORMAL) {
		out->cacheability = h->cacheability;
		out->shareability = h->shareability;
	}
	ffabi_mem_view_range(&r->view, 0, &range);
	if (p->peer.version != FFABI_V1_0 && ffabi_spmc_secure(p))
		out->security = ffabi_spmc_area(s, range.address)->security;
	if (r->zeroed[index])
		out->flags = FFABI_MEM_RETRIEVE_RESP_FLAGS_ZERO_MEMORY;
	out->transaction_type = r->usage == FFABI_USAGE_SHARE  ? FFABI_TRANSACTION_TYPE_SHARE
				: r->usage == FFABI_USAGE_LEND ? FFABI_TRANSACTION_TYPE_LEND
							       : FFABI_TRANSACTION_TYPE_DONATE;
	out->handle = r->handle;
	out->tag = h->tag;
}

/* Words of the implementation's own exist from 1.2 on. */
static void fill_access(const struct ffabi_spmc_partition *p, const struct ffabi_spmc_region *r,
			uint32_t index, struct ffabi_mem_access *out)
{
	ffabi_mem_view_access(&r->view, index, out);
	out->data_access = r->granted[index];
	out->instruction_access = r->executable[index];
	out->flags = 0;
	if (p->peer.version < FFABI_V1_2) {
		out->implementation_defined[0] = 0;
		out->implementation_defined[1] = 0;
	}
}

enum ffabi_status ffabi_spmc_answer(struct ffabi_spmc *s, struct ffabi_spmc_partition *p,
				    struct ffabi_spmc_region *r, uint32_t offset,
				    struct ffabi_mem_length *length)
{
	const uint32_t index = p->outgoing.index;
	struct ffabi_mem_transaction header = {0};
	struct ffabi_mem_access access;
	struct ffabi_mem_message message;

	if (!ffabi_spmc_view_ranges(s, &r->view))
		return FFABI_STATUS_NO_MEMORY;
	fill_header(s, p, r, index, &header);
	fill_access(p, r, index, &access);
	message.header = &header;
	message.access = &access;
	message.access_count = 1;
	message.ranges = s->ranges;
	message.range_count = r->view.ranges_here;
	if (ffabi_mem_fragment(ffabi_spmc_speak(s, p), FFABI_USAGE_RETRIEVE_RESP, &message, offset,
			       &p->box.rx, length) != FFABI_OK)
		return FFABI_STATUS_ABORTED;
	p->box.owner = FFABI_SPMC_CONSUMER;
	p->outgoing.offset = offset + length->fragment;
	p->outgoing.total = length->total;
	p->outgoing.handle = p->outgoing.offset < length->total ? r->handle : 0;
	return FFABI_STATUS_SUCCESS;
}

void ffabi_spmc_drop_outgoing(struct ffabi_spmc *s, struct ffabi_spmc_partition *p)
{
	struct ffabi_spmc_region *r = ffabi_spmc_region(s, p->outgoing.handle);

	if (p->outgoing.handle != 0 && r != 0 && r->state == FFABI_SPMC_DONATED)
		r->state = FFABI_SPMC_FREE;
	p->outgoing.handle = 0;
}

enum ffabi_status ffabi_spmc_mem_frag_rx(void *self, struct ffabi_peer *peer,
					 struct ffabi_exchange *x)
{
	struct ffabi_spmc *s = self;
	const struct ffabi_mem_frag_rx *in = &x->request.u.mem_frag_rx;
	struct ffabi_spmc_partition *p = ffabi_spmc_caller(peer);
	struct ffabi_spmc_region *r = ffabi_spmc_region(s, in->handle);
	struct ffabi_mem_frag_tx *out = &x->reply.u.mem_frag_rx.u.mem_frag_tx;
	struct ffabi_mem_length length;
	enum ffabi_status status;

	if (r != 0 && r->state == FFABI_SPMC_ACTIVE && p->outgoing.handle != in->handle &&
	    ffabi_spmc_borrower(r, peer->id) == r->view.places.access_count)
		return FFABI_STATUS_DENIED;
	if (r == 0 || p->outgoing.handle != in->handle ||
	    p->outgoing.offset != in->fragment_offset ||
	    in->endpoint_id != (peer->instance == FFABI_NS_PHYS ? r->sender : 0))
		return FFABI_STATUS_INVALID_PARAMETERS;
	if (!ffabi_spmc_buffer_free(p))
		return FFABI_STATUS_BUSY;
	status = ffabi_spmc_answer(s, p, r, in->fragment_offset, &length);
	if (status != FFABI_STATUS_SUCCESS)
		return status;
	if (r->state == FFABI_SPMC_DONATED && p->outgoing.handle == 0)
		r->state = FFABI_SPMC_FREE;
	x->reply.u.mem_frag_rx.kind = FFABI_CALL_MEM_FRAG_TX;
	x->reply.u.mem_frag_rx.conv = FFABI_SMC32;
	out->handle = in->handle;
	out->fragment_length = length.fragment;
	out->endpoint_id = in->endpoint_id;
	return FFABI_STATUS_SUCCESS;
}
