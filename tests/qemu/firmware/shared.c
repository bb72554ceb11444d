/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
#include "shared.h"

#include <ffabi/caller_memory.h>

#include "firmware.h"

int shared_open(struct partition *p, uint16_t owner, uint64_t handle, struct shared *s)
{
	const struct ffabi_mem_transaction header = {
		.sender_id = owner,
		.handle = handle,
		.transaction_type = FFABI_TRANSACTION_TYPE_UNSPECIFIED,
	};
	const struct ffabi_mem_access access = {
		.endpoint_id = p->id,
		.data_access = FFABI_DATA_ACCESS_READ_WRITE,
	};
	const struct ffabi_mem_message message = {
		.header = &header,
		.access = &access,
		.access_count = 1,
	};
	struct ffabi_retrieval retrieval = {
		.message = &message,
		.into = {s->room, SHARED_ROOM},
		.limits = {64},
		.conv = FFABI_SMC32,
	};

	if (ffabi_caller_retrieve(&p->k, &retrieval) != FFABI_OK)
		return 0;
	s->view = retrieval.view;
	s->handle = handle;
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
	const struct ffabi_mem_relinquish_descriptor descriptor = {
		.handle = s->handle,
		.endpoint_count = 1,
	};

	if (ffabi_caller_relinquish(&p->k, &descriptor, &p->id) != FFABI_OK)
		firmware_broken("FFA_MEM_RELINQUISH was refused");
}
