/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* What holds between calls, looked at from the outside: for tests. */
#include "logic.h"

static int areas_disjoint(const struct ffabi_spmc *s)
{
	uint32_t i;
	uint32_t j;

	for (i = 0; i < s->area_count; i++) {
		const struct ffabi_spmc_area *a = &s->areas[i];

		if (a->address % FFABI_PAGE_SIZE != 0)
			return 0;
		for (j = 0; j < i; j++) {
			const struct ffabi_spmc_area *b = &s->areas[j];
			const uint64_t first = a->address / FFABI_PAGE_SIZE;
			const uint64_t other = b->address / FFABI_PAGE_SIZE;

			if (a->page_count != 0 && b->page_count != 0 &&
			    first < other + b->page_count && other < first + a->page_count)
				return 0;
		}
	}
	return 1;
}

static int owned_throughout(const struct ffabi_spmc *s, const struct ffabi_spmc_region *r,
			    const struct ffabi_mem_constituent *range)
{
	uint64_t page;

	for (page = 0; page < range->page_count; page++) {
		const struct ffabi_spmc_area *a =
			ffabi_spmc_area(s, range->address + page * FFABI_PAGE_SIZE);

		if (a == 0 || a->owner != r->sender)
			return 0;
	}
	return 1;
}

/* No page is in two transactions or in a buffer too, and its sender owns it. */
static int regions_apart(const struct ffabi_spmc *s)
{
	struct ffabi_mem_constituent range;
	uint32_t i;
	uint32_t j;

	for (i = 0; i < s->region_count; i++) {
		const struct ffabi_spmc_region *r = &s->regions[i];

		for (j = 0; r->state == FFABI_SPMC_ACTIVE && j < r->view.ranges_here; j++) {
			ffabi_mem_view_range(&r->view, j, &range);
			if (ffabi_spmc_in_regions(s, range.address, range.page_count, r) ||
			    ffabi_spmc_in_buffers(s, range.address, range.page_count) ||
			    !owned_throughout(s, r, &range))
				return 0;
		}
	}
	return 1;
}

static int handles_differ(const struct ffabi_spmc *s)
{
	uint32_t i;

	for (i = 0; i < s->region_count; i++) {
		const struct ffabi_spmc_region *r = &s->regions[i];

		if (r->state == FFABI_SPMC_FREE)
			continue;
		if (r->handle == 0 || r->handle > s->handles ||
		    ffabi_spmc_region(s, r->handle) != r)
			return 0;
	}
	return 1;
}

/* Who has access is a borrower, and has some access. */
static int borrowers_borrow(const struct ffabi_spmc *s)
{
	uint32_t i;
	uint32_t j;

	for (i = 0; i < s->region_count; i++) {
		const struct ffabi_spmc_region *r = &s->regions[i];

		if (r->state == FFABI_SPMC_SENDING && r->retrieved != 0)
			return 0;
		if (r->state != FFABI_SPMC_ACTIVE)
			continue;
		for (j = 0; j < FFABI_SPMC_BORROWERS; j++) {
			const int has = (r->retrieved >> j & 1) != 0;

			if (has && (j >= r->view.places.access_count || r->granted[j] == 0))
				return 0;
		}
	}
	return 1;
}

/* One owner of each RX buffer, and buffers of the endpoint's own pages. */
static int buffers_owned(const struct ffabi_spmc *s)
{
	uint32_t i;

	for (i = 0; i < s->partition_count; i++) {
		const struct ffabi_spmc_partition *p = &s->partitions[i];
		const struct ffabi_spmc_mailbox *box = &p->box;
		const struct ffabi_spmc_area *tx = ffabi_spmc_area(s, box->tx_address);
		const struct ffabi_spmc_area *rx = ffabi_spmc_area(s, box->rx_address);

		if (box->owner > FFABI_SPMC_HYPERVISOR ||
		    (!box->mapped && (box->owner != FFABI_SPMC_PRODUCER || box->message)) ||
		    (box->message && box->owner != FFABI_SPMC_CONSUMER))
			return 0;
		if (box->mapped &&
		    (tx == 0 || rx == 0 || tx->owner != p->peer.id || rx->owner != p->peer.id))
			return 0;
	}
	return 1;
}

static int same(const struct ffabi_spmc_at *a, uint16_t id, uint32_t vcpu)
{
	return a->id == id && a->vcpu == vcpu;
}

/* Who waits for another is what that one returns to; who waits does not run. */
static int links_pair(const struct ffabi_spmc *s)
{
	uint32_t i;
	uint32_t j;

	for (i = 0; i < s->partition_count; i++) {
		const struct ffabi_spmc_partition *p = &s->partitions[i];

		for (j = 0; j < p->vcpu_count; j++) {
			const struct ffabi_spmc_vcpu *v = &p->vcpus[j];
			const struct ffabi_spmc_partition *q;

			if (!v->waits)
				continue;
			q = ffabi_spmc_find(s, v->callee.id);
			if (v->state == FFABI_SPMC_RUNNING || v->state == FFABI_SPMC_WAITING ||
			    q == 0 || v->callee.vcpu >= q->vcpu_count ||
			    !same(&q->vcpus[v->callee.vcpu].giver, p->peer.id, j) ||
			    q->vcpus[v->callee.vcpu].state == FFABI_SPMC_WAITING)
				return 0;
		}
	}
	return 1;
}

/* Only what is bound is pending, and only what is pending was announced. */
static int notifications_bound(const struct ffabi_spmc *s)
{
	uint32_t i;
	uint32_t j;
	uint32_t set;

	for (i = 0; i < s->partition_count; i++) {
		const struct ffabi_spmc_partition *p = &s->partitions[i];

		for (set = 0; set < 2; set++) {
			const struct ffabi_spmc_notifications *n = &p->from[set];

			if ((n->pending & ~(n->bound & ~n->per_vcpu)) != 0 ||
			    (n->announced & ~n->pending) != 0 || (n->per_vcpu & ~n->bound) != 0)
				return 0;
			for (j = 0; j < p->vcpu_count; j++) {
				const struct ffabi_spmc_vcpu *v = &p->vcpus[j];

				if ((v->pending[set] & ~n->per_vcpu) != 0 ||
				    (v->announced[set] & ~v->pending[set]) != 0)
					return 0;
			}
		}
	}
	return 1;
}

const char *ffabi_spmc_broken(const struct ffabi_spmc *s)
{
	if (!areas_disjoint(s))
		return "a page is owned twice";
	if (!regions_apart(s))
		return "a page is in two transactions, in a buffer, or not its sender's";
	if (!handles_differ(s))
		return "a handle names two regions or none";
	if (!borrowers_borrow(s))
		return "who has access is no borrower";
	if (!buffers_owned(s))
		return "a buffer has not one owner";
	if (!links_pair(s))
		return "one waits for a context that does not run for it";
	if (!notifications_bound(s))
		return "a notification is pending that is not bound";
	return 0;
}
