/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Buffer pairs: registering them, and who owns the RX buffer. */
#include "logic.h"

int ffabi_spmc_buffer_free(const struct ffabi_spmc_partition *p)
{
	return p->box.mapped && p->box.owner == FFABI_SPMC_PRODUCER;
}

static int overlap(uint64_t a, uint64_t a_pages, uint64_t b, uint64_t b_pages)
{
	return a <= b ? (b - a) / FFABI_PAGE_SIZE < a_pages : (a - b) / FFABI_PAGE_SIZE < b_pages;
}

int ffabi_spmc_in_buffers(const struct ffabi_spmc *s, uint64_t address, uint64_t page_count)
{
	uint32_t i;

	for (i = 0; i < s->partition_count; i++) {
		const struct ffabi_spmc_mailbox *box = &s->partitions[i].box;

		if (box->mapped &&
		    (overlap(box->tx_address, box->page_count, address, page_count) ||
		     overlap(box->rx_address, box->page_count, address, page_count)))
			return 1;
	}
	return 0;
}

/* Pages of 4 KiB in the unit in which buffers can be registered. */
static uint32_t granule(const struct ffabi_spmc *s)
{
	switch (s->rxtx_min_size) {
	case FFABI_RXTX_MIN_SIZE_KIB_64:
		return 16;
	case FFABI_RXTX_MIN_SIZE_KIB_16:
		return 4;
	default:
		return 1;
	}
}

enum ffabi_status ffabi_spmc_features_rxtx_map(void *self, struct ffabi_peer *peer,
					       struct ffabi_exchange *x)
{
	struct ffabi_features_rxtx_map_success *out = &x->reply.u.features_rxtx_map.u.success;
	const struct ffabi_spmc *s = self;

	out->min_size_and_align = s->rxtx_min_size;
	if (peer->version >= FFABI_V1_2)
		out->max_size = s->rxtx_max_pages;
	return FFABI_STATUS_SUCCESS;
}

static enum ffabi_status check_pair(const struct ffabi_spmc *s,
				    const struct ffabi_spmc_partition *p,
				    const struct ffabi_rxtx_map *in)
{
	const uint32_t unit = granule(s);
	const uint64_t mask = (uint64_t)unit * FFABI_PAGE_SIZE - 1;

	if (in->page_count == 0 || in->page_count > s->rxtx_max_pages ||
	    in->page_count % unit != 0 || ((in->tx_address | in->rx_address) & mask) != 0 ||
	    overlap(in->tx_address, in->page_count, in->rx_address, in->page_count) ||
	    !ffabi_spmc_backed(s, in->tx_address, in->page_count) ||
	    !ffabi_spmc_backed(s, in->rx_address, in->page_count))
		return FFABI_STATUS_INVALID_PARAMETERS;
	if (p->box.mapped || !ffabi_spmc_owned(s, p, in->tx_address, in->page_count) ||
	    !ffabi_spmc_owned(s, p, in->rx_address, in->page_count))
		return FFABI_STATUS_DENIED;
	return FFABI_STATUS_SUCCESS;
}

static void unmap(const struct ffabi_spmc *s, uint64_t address, uint32_t page_count)
{
	if (s->platform.unmap != 0)
		s->platform.unmap(s->platform.self, address, page_count);
}

static enum ffabi_status register_pair(const struct ffabi_spmc *s, struct ffabi_spmc_partition *p,
				       const struct ffabi_rxtx_map *in)
{
	struct ffabi_spmc_mailbox *box = &p->box;
	const enum ffabi_status status = check_pair(s, p, in);
	uint8_t *tx;
	uint8_t *rx;

	if (status != FFABI_STATUS_SUCCESS)
		return status;
	tx = s->platform.map(s->platform.self, in->tx_address, in->page_count);
	if (tx == 0)
		return FFABI_STATUS_NO_MEMORY;
	rx = s->platform.map(s->platform.self, in->rx_address, in->page_count);
	if (rx == 0) {
		unmap(s, in->tx_address, in->page_count);
		return FFABI_STATUS_NO_MEMORY;
	}
	box->mapped = 1;
	box->owner = FFABI_SPMC_PRODUCER;
	box->message = 0;
	box->tx_address = in->tx_address;
	box->rx_address = in->rx_address;
	box->page_count = in->page_count;
	box->tx.base = tx;
	box->tx.len = (uint64_t)in->page_count * FFABI_PAGE_SIZE;
	box->rx.base = rx;
	box->rx.len = box->tx.len;
	return FFABI_STATUS_SUCCESS;
}

/* The whole buffer in one piece: the manager maps no other. */
static enum ffabi_status one_range(struct ffabi_spmc *s, struct ffabi_range_cursor *cur,
				   struct ffabi_mem_constituent *out)
{
	struct ffabi_mem_constituent other;

	if (cur->composite.address_range_count != 1)
		return FFABI_STATUS_NO_MEMORY;
	if (ffabi_range_next(&s->ctx, cur, out) != FFABI_OK ||
	    ffabi_range_next(&s->ctx, cur, &other) != FFABI_END ||
	    out->page_count > s->rxtx_max_pages)
		return FFABI_STATUS_INVALID_PARAMETERS;
	return FFABI_STATUS_SUCCESS;
}

/* The pair of a VM, from the descriptor in its hypervisor's TX buffer. */
FFABI_COLD static enum ffabi_status read_pair(struct ffabi_spmc *s,
					      struct ffabi_spmc_partition *hypervisor,
					      struct ffabi_rxtx_map *out,
					      struct ffabi_spmc_partition **vm)
{
	struct ffabi_rxtx_ranges ranges;
	struct ffabi_mem_constituent tx;
	struct ffabi_mem_constituent rx;
	struct ffabi_endpoint_rxtx d;
	struct ffabi_src src;
	enum ffabi_status status = ffabi_spmc_snapshot(s, hypervisor, 0, hypervisor->box.tx.len);

	if (status != FFABI_STATUS_SUCCESS)
		return status;
	src.base = s->scratch.base;
	src.len = hypervisor->box.tx.len;
	if (ffabi_rxtx_open(ffabi_spmc_speak(s, hypervisor), &src, &d, &ranges) != FFABI_OK)
		return FFABI_STATUS_INVALID_PARAMETERS;
	*vm = ffabi_spmc_acts_for(s, hypervisor, d.endpoint_id);
	if (*vm == 0 || *vm == hypervisor)
		return FFABI_STATUS_INVALID_PARAMETERS;
	status = one_range(s, &ranges.tx, &tx);
	if (status == FFABI_STATUS_SUCCESS)
		status = one_range(s, &ranges.rx, &rx);
	if (status != FFABI_STATUS_SUCCESS)
		return status;
	if (tx.page_count != rx.page_count)
		return FFABI_STATUS_INVALID_PARAMETERS;
	out->tx_address = tx.address;
	out->rx_address = rx.address;
	out->page_count = (uint8_t)tx.page_count;
	return FFABI_STATUS_SUCCESS;
}

enum ffabi_status ffabi_spmc_rxtx_map(void *self, struct ffabi_peer *peer, struct ffabi_exchange *x)
{
	const struct ffabi_rxtx_map *in = &x->request.u.rxtx_map;
	struct ffabi_spmc_partition *p = ffabi_spmc_caller(peer);
	struct ffabi_rxtx_map of_vm;
	enum ffabi_status status;

	if (peer->instance != FFABI_NS_PHYS || in->page_count != 0 || !p->box.mapped)
		return register_pair(self, p, in);
	status = read_pair(self, p, &of_vm, &p);
	return status == FFABI_STATUS_SUCCESS ? register_pair(self, p, &of_vm) : status;
}

enum ffabi_status ffabi_spmc_rxtx_unmap(void *self, struct ffabi_peer *peer,
					struct ffabi_exchange *x)
{
	struct ffabi_spmc *s = self;
	struct ffabi_spmc_partition *p =
		ffabi_spmc_own_or_vm(s, ffabi_spmc_caller(peer), x->request.u.rxtx_unmap.vm_id);

	if (p == 0 || !p->box.mapped)
		return FFABI_STATUS_INVALID_PARAMETERS;
	ffabi_spmc_drop_outgoing(s, p);
	unmap(s, p->box.tx_address, p->box.page_count);
	unmap(s, p->box.rx_address, p->box.page_count);
	p->box.mapped = 0;
	p->box.owner = FFABI_SPMC_PRODUCER;
	p->box.message = 0;
	return FFABI_STATUS_SUCCESS;
}

enum ffabi_status ffabi_spmc_rx_acquire(void *self, struct ffabi_peer *peer,
					struct ffabi_exchange *x)
{
	struct ffabi_spmc_partition *p =
		ffabi_spmc_acts_for(self, ffabi_spmc_caller(peer), x->request.u.rx_acquire.vm_id);

	if (p == 0 || p->peer.instance != FFABI_NS_VIRT || !p->box.mapped)
		return FFABI_STATUS_INVALID_PARAMETERS;
	if (p->box.owner != FFABI_SPMC_PRODUCER)
		return FFABI_STATUS_DENIED;
	p->box.owner = FFABI_SPMC_HYPERVISOR;
	return FFABI_STATUS_SUCCESS;
}

enum ffabi_status ffabi_spmc_rx_release(void *self, struct ffabi_peer *peer,
					struct ffabi_exchange *x)
{
	struct ffabi_spmc_partition *caller = ffabi_spmc_caller(peer);
	struct ffabi_spmc_partition *p =
		ffabi_spmc_own_or_vm(self, caller, x->request.u.rx_release.vm_id);

	if (p == 0)
		return FFABI_STATUS_INVALID_PARAMETERS;
	if (!p->box.mapped || p->box.owner == FFABI_SPMC_PRODUCER || p->box.message)
		return FFABI_STATUS_DENIED;
	if (p->box.owner == FFABI_SPMC_HYPERVISOR && p == caller)
		return FFABI_STATUS_DENIED;
	p->box.owner = FFABI_SPMC_PRODUCER;
	return FFABI_STATUS_SUCCESS;
}
