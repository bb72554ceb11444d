/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Memory as borrower and as receiver, notifications, and the console: with a partition that obeys.
 */
#include <ffabi/caller_console.h>
#include <ffabi/caller_messages.h>
#include <ffabi/caller_notifications.h>

#include "../console.h"
#include "../firmware/servant_message.h"
#include "payload.h"

enum {
	SCATTERED = 170,
	ROOM = 4096
};
/* Pages apart from those that other parts share. */
#define PAGES (SHARED + 0x4000000ull)

static struct ffabi_mem_constituent scattered[SCATTERED];
static uint8_t room[ROOM] __attribute__((aligned(8)));

/* What the servant's command came to; words are those behind it, and its handle comes back. */
static ffabi_result order(enum servant_command command, uint64_t *words)
{
	struct ffabi_msg_send_direct_req request = {.sender_id = own_id, .receiver_id = SERVANT_ID};
	struct ffabi_msg_send_direct_resp answer = {0};
	uint32_t i;

	request.payload[0] = command;
	for (i = 0; i < 4; i++)
		request.payload[1 + i] = words[i];
	expect(ffabi_caller_direct(&k, FFABI_SMC64, &request, &answer), FFABI_OK,
	       "the servant answers");
	words[0] = answer.payload[1];
	return (int32_t)(uint32_t)answer.payload[0];
}

static ffabi_result order_of(enum servant_command command, uint64_t word)
{
	uint64_t words[4] = {word};

	return order(command, words);
}

/* One page to the servant. */
static ffabi_result pass(enum ffabi_usage usage, uint64_t *handle)
{
	const struct ffabi_mem_constituent page = {PAGES, 1};

	return send(usage, SERVANT_ID, &page, 1, handle);
}

static void lend(void)
{
	volatile uint8_t *page = (volatile uint8_t *)PAGES;
	uint64_t handle;
	uint64_t other;

	*page = 0x5a;
	expect(pass(FFABI_USAGE_LEND, &handle), FFABI_OK, "a page is lent");
	expect(pass(FFABI_USAGE_SHARE, &other), FFABI_STATUS_DENIED, "it cannot be shared as well");
	expect(order_of(SERVANT_RETRIEVE, handle), FFABI_OK, "the servant retrieves it");
	check(*page == 0xa5, "the servant changed it");
	expect(order_of(SERVANT_RETRIEVE, handle), FFABI_STATUS_DENIED, "but not twice");
	expect(reclaim(handle), FFABI_STATUS_DENIED, "a page that is borrowed is not reclaimed");
	expect(order_of(SERVANT_RELINQUISH, 0), FFABI_OK, "the servant relinquishes it");
	expect(reclaim(handle), FFABI_OK, "then it is reclaimed");
}

static ffabi_result retrieve(uint64_t handle, struct ffabi_mem_constituent *first)
{
	const struct ffabi_mem_transaction header = {.sender_id = SERVANT_ID, .handle = handle};
	const struct ffabi_mem_access access = {
		.endpoint_id = own_id,
		.data_access = FFABI_DATA_ACCESS_READ_WRITE,
	};
	const struct ffabi_mem_message message = {&header, &access, 0, 1, 0};
	struct ffabi_retrieval retrieval = {
		.message = &message,
		.into = {room, ROOM},
		.limits = {64},
		.conv = FFABI_SMC64,
	};
	const ffabi_result r = ffabi_caller_retrieve(&k, &retrieval);

	first->address = 0;
	if (r == FFABI_OK)
		ffabi_mem_view_range(&retrieval.view, 0, first);
	return r;
}

/* The page belongs to the servant, which shares it and then donates it. */
static void borrow_and_receive(void)
{
	struct ffabi_mem_relinquish_descriptor back = {.endpoint_count = 1};
	struct ffabi_mem_constituent got;
	uint64_t words[4] = {PAGES};

	expect(order(SERVANT_SHARE, words), FFABI_OK, "the servant shares its page");
	expect(retrieve(words[0], &got), FFABI_OK, "the payload retrieves it");
	check(got.address == PAGES && got.page_count == 1, "it is the page that was donated");
	expect(order_of(SERVANT_RECLAIM, words[0]), FFABI_STATUS_DENIED,
	       "the servant cannot reclaim what the payload has");
	back.handle = words[0];
	expect(ffabi_caller_relinquish(&k, &back, &own_id), FFABI_OK, "the payload relinquishes");
	expect(order_of(SERVANT_RECLAIM, words[0]), FFABI_OK, "the servant reclaims");
	words[0] = PAGES;
	expect(order(SERVANT_DONATE, words), FFABI_OK, "the servant donates the page back");
	expect(retrieve(words[0], &got), FFABI_OK, "the payload takes it");
	check(got.address == PAGES && got.page_count == 1, "it is the same page");
}

static void donate(void)
{
	uint64_t handle;
	uint64_t other;

	expect(pass(FFABI_USAGE_DONATE, &handle), FFABI_OK, "a page is donated");
	expect(order_of(SERVANT_RETRIEVE, handle), FFABI_OK, "the servant takes it");
	expect(reclaim(handle), FFABI_STATUS_INVALID_PARAMETERS, "a gift is not reclaimed");
	expect(pass(FFABI_USAGE_SHARE, &other), FFABI_STATUS_DENIED,
	       "the page is not the payload's any more");
	borrow_and_receive();
	expect(pass(FFABI_USAGE_SHARE, &other), FFABI_OK, "the page is the payload's again");
	expect(reclaim(other), FFABI_OK, "and reclaimed");
}

/* 170 ranges, three borrowers: one of them retrieves it, and names the others. */
static void share_with_three(void)
{
	const struct ffabi_mem_access access[3] = {
		{.endpoint_id = TEE_ID, .data_access = FFABI_DATA_ACCESS_READ_WRITE},
		{.endpoint_id = ECHO_ID, .data_access = FFABI_DATA_ACCESS_READ_WRITE},
		{.endpoint_id = SERVANT_ID, .data_access = FFABI_DATA_ACCESS_READ_WRITE},
	};
	const struct ffabi_mem_transaction header = {
		.sender_id = own_id,
		.memory_type = FFABI_MEMORY_TYPE_NORMAL,
		.cacheability = FFABI_CACHEABILITY_WRITE_BACK,
		.shareability = FFABI_SHAREABILITY_INNER_SHAREABLE,
	};
	const struct ffabi_mem_message message = {&header, access, scattered, 3, SCATTERED};
	struct ffabi_sending sending = {
		.usage = FFABI_USAGE_SHARE, .conv = FFABI_SMC64, .message = &message};
	uint64_t words[4] = {0, 2, TEE_ID, ECHO_ID};
	uint32_t i;

	for (i = 0; i < SCATTERED; i++) {
		scattered[i].address = PAGES + 2ull * i * FFABI_PAGE_SIZE;
		scattered[i].page_count = 1;
	}
	expect(ffabi_caller_send_memory(&k, &sending), FFABI_OK,
	       "170 ranges are shared with three borrowers");
	expect(order_of(SERVANT_RETRIEVE, sending.handle), FFABI_STATUS_INVALID_PARAMETERS,
	       "a borrower that does not name the others is refused");
	words[0] = sending.handle;
	expect(order(SERVANT_RETRIEVE, words), FFABI_OK, "one that names them is not");
	expect(reclaim(sending.handle), FFABI_STATUS_DENIED, "one borrower is enough to keep it");
	expect(order_of(SERVANT_RELINQUISH, 0), FFABI_OK, "the borrower relinquishes it");
	expect(reclaim(sending.handle), FFABI_OK, "then it is reclaimed");
}

static uint64_t pending(void)
{
	const struct ffabi_notification_get ask = {.receiver_id = own_id,
						   .flags = FFABI_NOTIFICATION_GET_FLAGS_SP};
	struct ffabi_notification_get_success got = {0};

	expect(ffabi_caller_notification_get(&k, &ask, &got), FFABI_OK, "FFA_NOTIFICATION_GET");
	return got.sp_bitmap;
}

static void notify(void)
{
	const struct ffabi_notification_bitmap_create create = {.vm_id = own_id, .vcpu_count = 1};
	const struct ffabi_notification_bitmap_destroy destroy = {own_id};
	const struct ffabi_notification_bind bind = {
		.sender_id = SERVANT_ID, .receiver_id = own_id, .bitmap = 0x8000000000000005};
	const struct ffabi_notification_unbind unbind = {
		.sender_id = SERVANT_ID, .receiver_id = own_id, .bitmap = 0x8000000000000005};

	expect(ffabi_caller_notification_bitmap_create(&k, &create), FFABI_OK,
	       "FFA_NOTIFICATION_BITMAP_CREATE");
	expect(order_of(SERVANT_SIGNAL, 4), FFABI_STATUS_DENIED,
	       "notifications that are not bound are not set");
	expect(ffabi_caller_notification_bind(&k, &bind), FFABI_OK, "FFA_NOTIFICATION_BIND");
	check(pending() == 0, "nothing is pending");
	expect(order_of(SERVANT_SIGNAL, 0x8000000000000004), FFABI_OK,
	       "FFA_NOTIFICATION_SET by the servant");
	check(pending() == 0x8000000000000004, "notifications 2 and 63 are pending");
	check(pending() == 0, "they were fetched");
	expect(ffabi_caller_notification_unbind(&k, &unbind), FFABI_OK, "FFA_NOTIFICATION_UNBIND");
	expect(ffabi_caller_notification_bitmap_destroy(&k, &destroy), FFABI_OK,
	       "FFA_NOTIFICATION_BITMAP_DESTROY");
}

static void print(void)
{
	static const uint8_t words[] =
		"# the payload logs this line in as many calls as it takes\n";
	struct ffabi_logging logging = {.chars = words, .length = sizeof(words) - 1};

	expect(ffabi_caller_log(&k, &logging), FFABI_OK, "FFA_CONSOLE_LOG");
	check(logging.done == sizeof(words) - 1, "all of it was taken");
	expect(order_of(SERVANT_LOG, 0), FFABI_OK, "FFA_CONSOLE_LOG by the servant");
}

void use_servant(const struct options *options)
{
	if (!options->servant)
		return;
	lend();
	donate();
	share_with_three();
	/* A VM's bitmap is its hypervisor's to create. */
	if (options->version >= FFABI_V1_1 && own_id == 0)
		notify();
	if (options->version >= FFABI_V1_2)
		print();
}
