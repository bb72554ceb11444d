/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
#include "shared.h"

#include <ffabi/lists.h>
#include <ffabi/reply.h>
#include <ffabi/request.h>

#include "firmware.h"

/* Writes the retrieve request and makes the call; the reply is in regs. */
static int ask(struct partition *p, uint16_t owner, uint64_t handle, struct ffabi_regs *regs)
{
	const struct ffabi_mem_transaction header = {.sender_id = owner,
						     .handle = handle,
						     .transaction_type =
							     FFABI_TRANSACTION_TYPE_UNSPECIFIED};
	const struct ffabi_mem_access access = {.endpoint_id = p->id,
						.data_access = FFABI_DATA_ACCESS_READ_WRITE};
	const struct ffabi_mem_message message = {
		.header = &header, .access = &access, .access_count = 1};
	const struct ffabi_dst tx = {p->tx, p->size};
	struct ffabi_mem_retrieve_req request = {0};

	if (ffabi_mem_write(&p->ctx, FFABI_USAGE_RETRIEVE_REQ, &message, &tx,
			    &request.total_length) != FFABI_OK)
		return 0;
	request.fragment_length = request.total_length;
	if (ffabi_mem_retrieve_req_pack(&p->ctx, FFABI_SMC32, &request, regs) != FFABI_OK)
		return 0;
	p->conduit.call(p->conduit.self, regs);
	return 1;
}

static void release(struct partition *p)
{
	const struct ffabi_rx_release request = {0};
	struct ffabi_rx_release_reply reply;
	struct ffabi_regs regs;

	if (ffabi_rx_release_pack(&p->ctx, &request, &regs) != FFABI_OK)
		firmware_broken("FFA_RX_RELEASE cannot be packed");
	p->conduit.call(p->conduit.self, &regs);
	if (ffabi_rx_release_reply_unpack(&p->ctx, &regs, &reply) != FFABI_OK ||
	    reply.kind != FFABI_CALL_SUCCESS)
		firmware_broken("FFA_RX_RELEASE was refused");
}

/* Asks for the rest, fragment by fragment; n is the length of the one that is in RX. */
static int collect(struct partition *p, struct shared *s, struct ffabi_mem_assembly *a, uint32_t n)
{
	const struct ffabi_src rx = {p->rx, p->size};
	struct ffabi_mem_frag_rx request = {0};
	struct ffabi_mem_frag_rx_reply reply;
	struct ffabi_regs regs;
	enum ffabi_rule rule;

	for (;;) {
		rule = ffabi_mem_add(&p->ctx, a, &rx, n);
		release(p);
		if (rule != FFABI_OK)
			return rule == FFABI_END;
		request.handle = s->handle;
		request.fragment_offset = a->received;
		if (ffabi_mem_frag_rx_pack(&p->ctx, &request, &regs) != FFABI_OK)
			return 0;
		p->conduit.call(p->conduit.self, &regs);
		if (ffabi_mem_frag_rx_reply_unpack(&p->ctx, &regs, &reply) != FFABI_OK ||
		    reply.kind != FFABI_CALL_MEM_FRAG_TX)
			return 0;
		n = reply.u.mem_frag_tx.fragment_length;
	}
}

int shared_open(struct partition *p, uint16_t owner, uint64_t handle, struct shared *s)
{
	const struct ffabi_dst room = {s->room, SHARED_ROOM};
	const struct ffabi_src all = {s->room, SHARED_ROOM};
	const struct ffabi_mem_limits limits = {64};
	struct ffabi_mem_retrieve_req_reply reply;
	struct ffabi_mem_assembly assembly;
	struct ffabi_mem_length length;
	struct ffabi_regs regs;

	s->handle = handle;
	if (!ask(p, owner, handle, &regs) ||
	    ffabi_mem_retrieve_req_reply_unpack(&p->ctx, FFABI_SMC32, &regs, &reply) != FFABI_OK ||
	    reply.kind != FFABI_CALL_MEM_RETRIEVE_RESP)
		return 0;
	length.total = reply.u.mem_retrieve_resp.total_length;
	length.fragment = length.total;
	if (ffabi_mem_assemble(&p->ctx, &room, length.total, &assembly) != FFABI_OK ||
	    !collect(p, s, &assembly, reply.u.mem_retrieve_resp.fragment_length))
		return 0;
	if (ffabi_mem_check(&p->ctx, FFABI_USAGE_RETRIEVE_RESP, &all, &length, &limits, &s->view) !=
	    FFABI_OK)
		return 0;
	s->size = (uint64_t)s->view.composite.total_page_count * FFABI_PAGE_SIZE;
	s->first = 0;
	s->index = 0;
	ffabi_mem_view_range(&s->view, 0, &s->range);
	return 1;
}

uint8_t *shared_byte(struct shared *s, uint64_t at)
{
	if (at < s->first) {
		s->first = 0;
		s->index = 0;
		ffabi_mem_view_range(&s->view, 0, &s->range);
	}
	while (at - s->first >= (uint64_t)s->range.page_count * FFABI_PAGE_SIZE) {
		s->first += (uint64_t)s->range.page_count * FFABI_PAGE_SIZE;
		ffabi_mem_view_range(&s->view, ++s->index, &s->range);
	}
	return (uint8_t *)(s->range.address + (at - s->first));
}

void shared_close(struct partition *p, const struct shared *s)
{
	const struct ffabi_mem_relinquish_descriptor descriptor = {.handle = s->handle,
								   .endpoint_count = 1};
	const struct ffabi_dst tx = {p->tx, p->size};
	struct ffabi_mem_relinquish_reply reply;
	struct ffabi_regs regs;
	uint32_t total;

	if (ffabi_relinquish_pack(&p->ctx, &descriptor, &p->id, &tx, &total) != FFABI_OK ||
	    ffabi_mem_relinquish_pack(&p->ctx, &regs) != FFABI_OK)
		firmware_broken("FFA_MEM_RELINQUISH cannot be packed");
	p->conduit.call(p->conduit.self, &regs);
	if (ffabi_mem_relinquish_reply_unpack(&p->ctx, &regs, &reply) != FFABI_OK ||
	    reply.kind != FFABI_CALL_SUCCESS)
		firmware_broken("FFA_MEM_RELINQUISH was refused");
}
