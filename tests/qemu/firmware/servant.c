/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* A partition that does what it is told: borrows, owns and passes memory, signals, prints. */
#include <ffabi/caller_console.h>
#include <ffabi/caller_memory.h>
#include <ffabi/caller_notifications.h>
#include <ffabi/request.h>

#include "firmware.h"
#include "partition.h"
#include "servant_message.h"
#include "shared.h"

static struct shared borrowed;

/* All borrowers are named, each with a descriptor; inverts the first byte. */
static ffabi_result borrow(struct partition *p, const struct ffabi_msg_send_direct_req *r)
{
	const struct ffabi_mem_transaction header = {
		.sender_id = r->sender_id,
		.handle = r->payload[1],
	};
	struct ffabi_mem_access access[SERVANT_BORROWERS] = {
		{.endpoint_id = p->id, .data_access = FFABI_DATA_ACCESS_READ_WRITE},
	};
	const uint32_t count = 1 + (uint32_t)r->payload[2];
	const struct ffabi_mem_message message = {&header, access, 0, count, 0};
	struct ffabi_retrieval retrieval = {
		.message = &message,
		.into = {borrowed.room, SHARED_ROOM},
		.limits = {64},
		.conv = FFABI_SMC64,
	};
	ffabi_result result;
	uint32_t i;

	for (i = 1; i < count && i < SERVANT_BORROWERS; i++) {
		access[i].endpoint_id = (uint16_t)r->payload[2 + i];
		access[i].data_access = FFABI_DATA_ACCESS_READ_WRITE;
		access[i].flags = FFABI_MEM_ACCESS_FLAGS_NON_RETRIEVAL_BORROWER;
	}
	result = ffabi_caller_retrieve(&p->k, &retrieval);
	if (result != FFABI_OK)
		return result;
	borrowed.handle = r->payload[1];
	ffabi_mem_view_range(&retrieval.view, 0, &borrowed.range);
	*(uint8_t *)borrowed.range.address ^= 0xff;
	return FFABI_OK;
}

static ffabi_result give_back(struct partition *p)
{
	const struct ffabi_mem_relinquish_descriptor descriptor = {
		.handle = borrowed.handle,
		.endpoint_count = 1,
	};

	return ffabi_caller_relinquish(&p->k, &descriptor, &p->id);
}

/* One page that it owns; the receiver of a donation says itself how it maps it. */
static ffabi_result pass(struct partition *p, uint16_t receiver, enum ffabi_usage usage,
			 uint64_t address, uint64_t *handle)
{
	const int share = usage == FFABI_USAGE_SHARE;
	const struct ffabi_mem_constituent page = {address, 1};
	const struct ffabi_mem_access access = {
		.endpoint_id = receiver,
		.data_access =
			share ? FFABI_DATA_ACCESS_READ_WRITE : FFABI_DATA_ACCESS_NOT_SPECIFIED,
	};
	const struct ffabi_mem_transaction header = {
		.sender_id = p->id,
		.memory_type = share ? FFABI_MEMORY_TYPE_NORMAL : FFABI_MEMORY_TYPE_NOT_SPECIFIED,
		.cacheability = share ? FFABI_CACHEABILITY_WRITE_BACK : 0,
		.shareability = share ? FFABI_SHAREABILITY_INNER_SHAREABLE : 0,
	};
	const struct ffabi_mem_message message = {&header, &access, &page, 1, 1};
	struct ffabi_sending sending = {.usage = usage, .conv = FFABI_SMC32, .message = &message};
	const ffabi_result r = ffabi_caller_send_memory(&p->k, &sending);

	*handle = sending.handle;
	return r;
}

static ffabi_result signal(struct partition *p, uint16_t receiver, uint64_t bitmap)
{
	const struct ffabi_notification_set set = {
		.sender_id = p->id,
		.receiver_id = receiver,
		.bitmap = bitmap,
	};

	return ffabi_caller_notification_set(&p->k, &set);
}

static ffabi_result print(struct partition *p)
{
	static const uint8_t words[] = SERVANT_WORDS;
	struct ffabi_logging logging = {.chars = words, .length = sizeof(words) - 1};

	return ffabi_caller_log(&p->k, &logging);
}

static ffabi_result obey(struct partition *p, const struct ffabi_msg_send_direct_req *r,
			 uint64_t *handle)
{
	const struct ffabi_mem_reclaim back = {r->payload[1], 0};

	switch (r->payload[0]) {
	case SERVANT_RETRIEVE:
		return borrow(p, r);
	case SERVANT_RELINQUISH:
		return give_back(p);
	case SERVANT_SHARE:
		return pass(p, r->sender_id, FFABI_USAGE_SHARE, r->payload[1], handle);
	case SERVANT_DONATE:
		return pass(p, r->sender_id, FFABI_USAGE_DONATE, r->payload[1], handle);
	case SERVANT_RECLAIM:
		return ffabi_caller_reclaim(&p->k, &back);
	case SERVANT_SIGNAL:
		return signal(p, r->sender_id, r->payload[1]);
	case SERVANT_LOG:
		return print(p);
	default:
		return FFABI_STATUS_NOT_SUPPORTED;
	}
}

void servant_run(struct partition *p, struct ffabi_regs *regs)
{
	struct ffabi_msg_send_direct_req request;
	uint64_t answer[5] = {0};

	if (ffabi_msg_send_direct_req_unpack(&p->ctx, regs, &request) != FFABI_OK)
		firmware_broken("the servant was entered with something else than a request");
	answer[0] = (uint32_t)obey(p, &request, &answer[1]);
	partition_answer(p, &request, FFABI_SMC64, answer, regs);
}
