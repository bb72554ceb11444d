/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Permissions of the pages of a partition at S-EL0, while it initialises. */
#include "logic.h"

static enum ffabi_status check(struct ffabi_spmc *s, const struct ffabi_spmc_partition *p,
			       uint64_t address, uint32_t page_count)
{
	if (!p->el0)
		return FFABI_STATUS_NOT_SUPPORTED;
	if (ffabi_spmc_vcpu(s, &s->from)->model != FFABI_SPMC_MODEL_INIT)
		return FFABI_STATUS_DENIED;
	if (address % FFABI_PAGE_SIZE != 0 || page_count == 0 ||
	    !ffabi_spmc_owned(s, p, address, page_count))
		return FFABI_STATUS_INVALID_PARAMETERS;
	return FFABI_STATUS_SUCCESS;
}

/* Pages from the first on with the same permissions, but not more than were asked for. */
static uint32_t alike(const struct ffabi_spmc *s, const struct ffabi_mem_perm_get *in)
{
	const struct ffabi_spmc_area *a = ffabi_spmc_area(s, in->base_address);
	const uint64_t there = a->page_count - (in->base_address - a->address) / FFABI_PAGE_SIZE;

	return there < in->page_count ? (uint32_t)there : in->page_count;
}

enum ffabi_status ffabi_spmc_mem_perm_get(void *self, struct ffabi_peer *peer,
					  struct ffabi_exchange *x)
{
	struct ffabi_spmc *s = self;
	const struct ffabi_mem_perm_get *in = &x->request.u.mem_perm_get;
	struct ffabi_mem_perm_get_success *out = &x->reply.u.mem_perm_get.u.success;
	const struct ffabi_spmc_area *a = ffabi_spmc_area(s, in->base_address);
	const enum ffabi_status status =
		check(s, ffabi_spmc_caller(peer), in->base_address, in->page_count);

	if (status != FFABI_STATUS_SUCCESS)
		return status;
	out->data_access = a->data_access;
	out->instruction_access = a->instruction_access;
	out->page_count = alike(s, in);
	return FFABI_STATUS_SUCCESS;
}

enum ffabi_status ffabi_spmc_mem_perm_set(void *self, struct ffabi_peer *peer,
					  struct ffabi_exchange *x)
{
	struct ffabi_spmc *s = self;
	const struct ffabi_mem_perm_set *in = &x->request.u.mem_perm_set;
	struct ffabi_mem_constituent range;
	uint64_t page;
	const enum ffabi_status status =
		check(s, ffabi_spmc_caller(peer), in->base_address, in->page_count);

	if (status != FFABI_STATUS_SUCCESS)
		return status;
	/* what can be written to is never executed */
	if (in->data_access == FFABI_DATA_ACCESS_PERMISSION_READ_WRITE &&
	    in->instruction_access == FFABI_INSTRUCTION_ACCESS_PERMISSION_EXECUTABLE)
		return FFABI_STATUS_INVALID_PARAMETERS;
	range.address = in->base_address;
	range.page_count = in->page_count;
	if (!ffabi_spmc_cut(s, &range, 1))
		return FFABI_STATUS_NO_MEMORY;
	for (page = 0; page < in->page_count; page++) {
		struct ffabi_spmc_area *a =
			ffabi_spmc_area(s, in->base_address + page * FFABI_PAGE_SIZE);

		a->data_access = in->data_access;
		a->instruction_access = in->instruction_access;
	}
	ffabi_spmc_join(s);
	return FFABI_STATUS_SUCCESS;
}
