/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * The caller side against the sandbox, in each version: VM 1 agrees on the version itself,
 * partition 0x8001 retrieves, receives and signals when a direct request tells it to.
 */
#include <stdlib.h>

#include <ffabi/caller_console.h>
#include <ffabi/caller_memory.h>
#include <ffabi/caller_messages.h>
#include <ffabi/caller_notifications.h>
#include <ffabi/caller_partitions.h>
#include <ffabi/caller_setup.h>

#include "sandbox.h"

#include "../unit/check.h"

#define VM_PAGES 0x90000000u
#define SP_PAGES 0xa0000000u
#define RANGES 300u

static const struct ffabi_uuid uuid[1] = {
	FFABI_UUID(0x486178e0, 0xe7f8, 0x11e3, 0xbc5e, 0x0002a5d5c51b)};

static struct {
	struct ffabi_sandbox *box;
	struct ffabi_caller hyp, vm, sp;
	char printed[512];
	unsigned int printed_count;
	uint64_t room[1024]; /* of the partition, for what it retrieves */
	char message[64]; /* that it received */
} world;

/* What a direct request tells the partition to do; the answer is the result, then a value. */
enum {
	ECHO,
	MAP,
	RETRIEVE,
	RELINQUISH,
	RECEIVE,
	SIGNAL,
	UNMAP
};

static ffabi_result map(struct ffabi_caller *k, uint64_t address)
{
	const struct ffabi_buffer_pair pair = {ffabi_sandbox_memory(world.box, address, 1),
					       ffabi_sandbox_memory(world.box, address + 0x1000, 1),
					       address, address + 0x1000, 1};

	return ffabi_caller_map(k, &pair);
}

static ffabi_result retrieve(uint64_t handle, uint64_t *pages)
{
	const struct ffabi_mem_access self = {.endpoint_id = 0x8001,
					      .data_access = FFABI_DATA_ACCESS_READ_WRITE};
	const struct ffabi_mem_transaction header = {.sender_id = 1,
						     .memory_type = FFABI_MEMORY_TYPE_NORMAL,
						     .cacheability = FFABI_CACHEABILITY_WRITE_BACK,
						     .shareability =
							     FFABI_SHAREABILITY_INNER_SHAREABLE,
						     .handle = handle};
	const struct ffabi_mem_message message = {&header, &self, NULL, 1, 0};
	struct ffabi_retrieval r = {.message = &message,
				    .into = {(uint8_t *)world.room, sizeof(world.room)},
				    .limits = {RANGES}};
	const ffabi_result result = ffabi_caller_retrieve(&world.sp, &r);

	*pages = result == FFABI_OK ? r.view.composite.total_page_count : 0;
	return result;
}

static ffabi_result receive(uint64_t *size)
{
	struct ffabi_partition_message_header header;
	const struct ffabi_dst to = {(uint8_t *)world.message, sizeof(world.message)};
	const ffabi_result r = ffabi_caller_receive(&world.sp, &header, &to);

	*size = r == FFABI_OK && header.sender_id == 1 ? header.payload_size : 0;
	return r;
}

static ffabi_result obey(const uint64_t *told, uint64_t *value)
{
	const struct ffabi_mem_relinquish_descriptor relinquish = {told[1], 0, 1};
	const struct ffabi_notification_set set = {0x8001, 1, 0, 0, told[1]};
	const uint16_t self = 0x8001;

	switch (told[0]) {
	case MAP:
		return map(&world.sp, SP_PAGES);
	case RETRIEVE:
		return retrieve(told[1], value);
	case RELINQUISH:
		return ffabi_caller_relinquish(&world.sp, &relinquish, &self);
	case RECEIVE:
		return receive(value);
	case SIGNAL:
		return ffabi_caller_notification_set(&world.sp, &set);
	case UNMAP:
		return ffabi_caller_unmap(&world.sp);
	default:
		*value = told[1] + 1;
		return FFABI_OK;
	}
}

static void answer2(struct ffabi_regs *regs)
{
	struct ffabi_msg_send_direct_req2 req;
	struct ffabi_msg_send_direct_resp2 resp;

	CHECK(ffabi_msg_send_direct_req2_unpack(&world.sp.ctx, regs, &req) == FFABI_OK);
	memset(&resp, 0, sizeof(resp));
	resp.sender_id = 0x8001;
	resp.receiver_id = req.sender_id;
	resp.payload[13] = req.payload[13] + 1;
	CHECK(ffabi_msg_send_direct_resp2_pack(&world.sp.ctx, &resp, regs) == FFABI_OK);
}

/* The partition: a request in regs, its answer out. */
static void serve(void *self, uint16_t vcpu, struct ffabi_regs *regs)
{
	struct ffabi_msg_send_direct_req req;
	struct ffabi_msg_send_direct_resp resp;
	uint64_t value = 0;

	(void)self;
	(void)vcpu;
	if (regs->x[0] == 0xc400008d) {
		answer2(regs);
		return;
	}
	CHECK(ffabi_msg_send_direct_req_unpack(&world.sp.ctx, regs, &req) == FFABI_OK);
	memset(&resp, 0, sizeof(resp));
	resp.sender_id = 0x8001;
	resp.receiver_id = req.sender_id;
	resp.payload[0] = (uint32_t)obey(req.payload, &value);
	resp.payload[1] = value;
	CHECK(ffabi_msg_send_direct_resp_pack(&world.sp.ctx, FFABI_SMC64, &resp, regs) == FFABI_OK);
}

/* Has the partition do something; what it returned. */
static ffabi_result tell(uint64_t what, uint64_t argument, uint64_t *value)
{
	struct ffabi_msg_send_direct_req req = {
		.sender_id = 1, .receiver_id = 0x8001, .payload = {what, argument}};
	struct ffabi_msg_send_direct_resp resp;
	const ffabi_result r = ffabi_caller_direct(&world.vm, FFABI_SMC64, &req, &resp);

	if (r != FFABI_OK)
		return 0x10000 + r; /* of the request itself: never what is expected */
	*value = resp.payload[1];
	return (ffabi_result)(uint32_t)resp.payload[0];
}

static uint32_t print(void *self, uint16_t id, const uint8_t *chars, uint32_t count)
{
	const uint32_t n = count < 20 ? count : 20; /* the rest has to be printed again */

	(void)self;
	CHECK(id == 1 && world.printed_count + n < sizeof(world.printed));
	memcpy(world.printed + world.printed_count, chars, n);
	world.printed_count += n;
	return n;
}

static void fault(enum ffabi_spmc_fault_kind kind, enum ffabi_call call, int32_t status)
{
	const struct ffabi_spmc_fault f = {kind, call, 1, status};

	CHECK(ffabi_spmc_inject(ffabi_sandbox_spmc(world.box), &f));
}

static void caller_of(struct ffabi_caller *k, uint16_t id, uint32_t version)
{
	const struct ffabi_conduit conduit = ffabi_sandbox_conduit(world.box, id, 0);

	ffabi_caller_init(k, &conduit);
	k->waive_replies = FFABI_STRICT; /* the sandbox says what the specification says */
	k->ctx.version = version;
	k->bounds.retries = 2;
	k->bounds.resumes = 2;
}

static void begin(uint32_t version)
{
	static struct ffabi_sandbox_endpoint endpoints[3];
	static const struct ffabi_sandbox_pages pages[] = {{VM_PAGES, 640, 1, 1},
							   {SP_PAGES, 16, 0x8001, 0}};
	static struct ffabi_sandbox_config config;
	unsigned int i;

	memset(&world, 0, sizeof(world));
	memset(endpoints, 0, sizeof(endpoints));
	for (i = 0; i < 3; i++) {
		endpoints[i].properties = version == FFABI_V1_0 ? 7 : 15;
		endpoints[i].more_properties = version < FFABI_V1_2 ? 4 : 0x1c;
	}
	endpoints[0].instance = FFABI_NS_PHYS;
	endpoints[0].version = version;
	endpoints[1].id = 1;
	endpoints[1].instance = FFABI_NS_VIRT;
	endpoints[2].id = 0x8001;
	endpoints[2].instance = FFABI_S_VIRT;
	endpoints[2].version = version;
	endpoints[2].uuids = uuid;
	endpoints[2].uuid_count = 1;
	endpoints[2].step = serve;
	memset(&config, 0, sizeof(config));
	config.endpoints = endpoints;
	config.endpoint_count = 3;
	config.memory = pages;
	config.memory_count = 2;
	config.area_count = 1024;
	config.version = version;
	config.console = print;
	world.box = ffabi_sandbox_new(&config);
	CHECK(world.box != NULL);
	if (world.box == NULL)
		exit(done());
	caller_of(&world.hyp, 0, version);
	caller_of(&world.vm, 1, 0);
	caller_of(&world.sp, 0x8001, version);
}

static void test_setup(uint32_t version)
{
	const struct ffabi_negotiation wanted = {FFABI_V1_3, FFABI_V1_0};
	const struct ffabi_features ask = {FFABI_FID_RXTX_MAP_64, 0};
	const struct ffabi_features never = {0x840000fe, 0};
	struct ffabi_features_answer told;
	uint64_t value;
	uint16_t id;

	CHECK(ffabi_caller_id(&world.vm, &id) == FFABI_E_VERSION);
	world.vm.locked = 0; /* no call was made */
	CHECK(ffabi_caller_negotiate(&world.vm, &wanted) == FFABI_OK);
	CHECK(world.vm.ctx.version == version);
	CHECK(ffabi_caller_id(&world.vm, &id) == FFABI_OK && id == 1);
	if (version >= FFABI_V1_1)
		CHECK(ffabi_caller_spm_id(&world.vm, &id) == FFABI_OK && id == 0x8000);
	CHECK(ffabi_caller_negotiate(&world.vm, &wanted) == FFABI_E_RULE);
	CHECK(ffabi_caller_features(&world.vm, &ask, &told) == FFABI_OK);
	CHECK(told.of == FFABI_CALL_FEATURES_RXTX_MAP);
	CHECK(ffabi_rxtx_min_pages(&told.u.rxtx_map) == 1);
	CHECK(ffabi_caller_features(&world.vm, &never, &told) == FFABI_STATUS_NOT_SUPPORTED);
	CHECK(map(&world.vm, VM_PAGES) == FFABI_OK);
	CHECK(tell(MAP, 0, &value) == FFABI_OK);
}

static void test_list(uint32_t version)
{
	struct ffabi_partition_info found[8];
	struct ffabi_listing l = {.entries = found, .room = 8};

	CHECK(ffabi_caller_list(&world.vm, &l) == FFABI_OK && l.count >= 1);
	l.uuid = uuid[0];
	l.room = 8;
	CHECK(ffabi_caller_list(&world.vm, &l) == FFABI_OK && l.count == 1);
	CHECK(found[0].partition_id == 0x8001 && found[0].exec_ctx_count == 1);
	l.room = 0;
	CHECK(ffabi_caller_list(&world.vm, &l) == FFABI_OK && l.count == 1);
	if (version >= FFABI_V1_2) { /* and again through the buffer */
		fault(FFABI_SPMC_FAULT_STATUS, FFABI_CALL_PARTITION_INFO_GET_REGS, -1);
		l.room = 8;
		found[0].partition_id = 0;
		CHECK(ffabi_caller_list(&world.vm, &l) == FFABI_OK && l.count == 1);
		CHECK(found[0].partition_id == 0x8001);
	}
	l.uuid.lo ^= 1;
	l.room = 8;
	CHECK(ffabi_caller_list(&world.vm, &l) == FFABI_STATUS_INVALID_PARAMETERS);
	CHECK(world.vm.rx.owner == FFABI_OWNER_CALLEE);
}

static void test_direct(uint32_t version)
{
	struct ffabi_msg_send_direct_req2 req2 = {.sender_id = 1, .receiver_id = 0x8001};
	struct ffabi_msg_send_direct_resp2 resp2;
	struct ffabi_msg_send_direct_resp resp;
	uint64_t value = 0;

	CHECK(tell(ECHO, 41, &value) == FFABI_OK && value == 42);
	fault(FFABI_SPMC_FAULT_INTERRUPT, FFABI_CALL_MSG_SEND_DIRECT_REQ, 0);
	CHECK(tell(ECHO, 42, &value) == FFABI_OK && value == 43);
	fault(FFABI_SPMC_FAULT_STATUS, FFABI_CALL_MSG_SEND_DIRECT_REQ, FFABI_STATUS_BUSY);
	CHECK(tell(ECHO, 43, &value) == FFABI_OK && value == 44);
	/* no resumes: the request stands, and is gone on with */
	world.vm.bounds.resumes = 0;
	fault(FFABI_SPMC_FAULT_INTERRUPT, FFABI_CALL_MSG_SEND_DIRECT_REQ, 0);
	CHECK(tell(ECHO, 44, &value) == 0x10000 + FFABI_RESUME);
	world.vm.bounds.resumes = 2;
	CHECK(ffabi_caller_direct_resume(&world.vm, &resp) == FFABI_OK && resp.payload[1] == 45);
	if (version < FFABI_V1_2)
		return;
	req2.protocol_uuid = uuid[0];
	req2.payload[13] = 1;
	fault(FFABI_SPMC_FAULT_INTERRUPT, FFABI_CALL_MSG_SEND_DIRECT_REQ2, 0);
	CHECK(ffabi_caller_direct2(&world.vm, &req2, &resp2) == FFABI_OK);
	CHECK(resp2.payload[13] == 2);
}

static void test_indirect(void)
{
	const struct ffabi_indirect hello = {
		1, 0x8001, 0, 0, {0, 0}, (const uint8_t *)"hello, partition", 16};
	uint64_t value;

	CHECK(ffabi_caller_message(&world.vm, &hello) == FFABI_OK);
	CHECK(ffabi_caller_message(&world.vm, &hello) == FFABI_STATUS_BUSY);
	CHECK(tell(RECEIVE, 0, &value) == FFABI_OK && value == 16);
	CHECK(memcmp(world.message, "hello, partition", 16) == 0);
	CHECK(ffabi_caller_message(&world.vm, &hello) == FFABI_OK);
	CHECK(tell(RECEIVE, 0, &value) == FFABI_OK && value == 16);
}

static void test_notifications(void)
{
	const struct ffabi_notification_bitmap_create create = {1, 1, 0};
	const struct ffabi_notification_bitmap_destroy destroy = {1};
	const struct ffabi_notification_bind bind = {0x8001, 1, 0, 0x8000000000000001};
	const struct ffabi_notification_unbind unbind = {0x8001, 1, 0x8000000000000001};
	const struct ffabi_notification_get get = {0, 1, FFABI_NOTIFICATION_GET_FLAGS_SP};
	struct ffabi_notification_info_get_success pending;
	struct ffabi_notification_get_success got;
	struct ffabi_id_list_cursor cursor;
	struct ffabi_id_list list;
	uint64_t value;

	CHECK(ffabi_caller_notification_bitmap_create(&world.hyp, &create) == FFABI_OK);
	CHECK(ffabi_caller_notification_bitmap_create(&world.hyp, &create) == FFABI_STATUS_DENIED);
	CHECK(ffabi_caller_notification_bind(&world.vm, &bind) == FFABI_OK);
	CHECK(tell(SIGNAL, 2, &value) == FFABI_STATUS_DENIED);
	CHECK(tell(SIGNAL, 0x8000000000000000, &value) == FFABI_OK);
	CHECK(ffabi_caller_notification_info_get(&world.hyp, &pending) == FFABI_OK);
	ffabi_id_lists_open(&pending, world.hyp.conv, &cursor);
	CHECK(ffabi_id_lists_next(&world.hyp.ctx, &cursor, &list) == FFABI_OK);
	CHECK(list.endpoint_id == 1 && list.vcpu_count == 0);
	CHECK(ffabi_id_lists_next(&world.hyp.ctx, &cursor, &list) == FFABI_OK);
	CHECK(list.endpoint_id == 0x8001); /* its RX buffer was full once */
	CHECK(ffabi_id_lists_next(&world.hyp.ctx, &cursor, &list) == FFABI_END);
	CHECK(ffabi_caller_notification_info_get(&world.hyp, &pending) == FFABI_STATUS_NO_DATA);
	CHECK(ffabi_caller_notification_get(&world.vm, &get, &got) == FFABI_OK);
	CHECK(got.sp_bitmap == 0x8000000000000000 && got.vm_bitmap == 0);
	CHECK(ffabi_caller_notification_get(&world.vm, &get, &got) == FFABI_OK &&
	      got.sp_bitmap == 0);
	CHECK(ffabi_caller_notification_unbind(&world.vm, &unbind) == FFABI_OK);
	CHECK(ffabi_caller_notification_bitmap_destroy(&world.hyp, &destroy) == FFABI_OK);
}

static void test_log(void)
{
	const char *text = "a line that is longer than the console takes at once\n";
	struct ffabi_logging l = {.chars = (const uint8_t *)text, .length = (uint32_t)strlen(text)};

	CHECK(ffabi_caller_log(&world.vm, &l) == FFABI_OK && l.done == l.length);
	world.vm.conv = FFABI_SMC32;
	CHECK(ffabi_caller_log(&world.vm, &l) == FFABI_OK);
	world.vm.conv = FFABI_SMC64;
	CHECK(memcmp(world.printed, text, l.length) == 0);
	CHECK(strcmp(world.printed + l.length, text) == 0);
}

/* 300 ranges: two fragments each way. */
static void test_memory(enum ffabi_usage usage, unsigned int pauses)
{
	static struct ffabi_mem_constituent ranges[RANGES];
	const struct ffabi_mem_access borrower = {
		.endpoint_id = 0x8001,
		.data_access = usage == FFABI_USAGE_DONATE ? 0 : FFABI_DATA_ACCESS_READ_WRITE};
	const struct ffabi_mem_transaction region = {
		.sender_id = 1,
		.memory_type = usage == FFABI_USAGE_SHARE ? FFABI_MEMORY_TYPE_NORMAL : 0,
		.cacheability = usage == FFABI_USAGE_SHARE ? FFABI_CACHEABILITY_WRITE_BACK : 0,
		.shareability =
			usage == FFABI_USAGE_SHARE ? FFABI_SHAREABILITY_INNER_SHAREABLE : 0};
	const struct ffabi_mem_message message = {&region, &borrower, ranges, 1, RANGES};
	struct ffabi_sending s = {.usage = usage, .message = &message};
	struct ffabi_mem_reclaim reclaim = {0, 0};
	uint64_t value = 0;
	unsigned int i;

	for (i = 0; i < RANGES; i++) {
		ranges[i].address = VM_PAGES + 0x8000u + i * 0x2000u;
		ranges[i].page_count = 1;
	}
	if (pauses) {
		fault(FFABI_SPMC_FAULT_PAUSE, FFABI_CALL_MEM_SHARE, 0);
		fault(FFABI_SPMC_FAULT_PAUSE, FFABI_CALL_MEM_FRAG_TX, 0);
		fault(FFABI_SPMC_FAULT_PAUSE, FFABI_CALL_MEM_RECLAIM, 0);
	}
	CHECK(ffabi_caller_send_memory(&world.vm, &s) == FFABI_OK);
	reclaim.handle = s.handle;
	CHECK(tell(RETRIEVE, s.handle + 1, &value) == FFABI_STATUS_INVALID_PARAMETERS);
	CHECK(tell(RETRIEVE, s.handle, &value) == FFABI_OK && value == RANGES);
	CHECK(world.sp.rx.owner == FFABI_OWNER_CALLEE && world.sp.tx.owner == FFABI_OWNER_CALLER);
	if (usage == FFABI_USAGE_DONATE)
		return; /* the memory is the partition's from now on */
	CHECK(ffabi_caller_reclaim(&world.vm, &reclaim) == FFABI_STATUS_DENIED);
	CHECK(tell(RELINQUISH, s.handle, &value) == FFABI_OK);
	CHECK(tell(RELINQUISH, s.handle, &value) < 0);
	CHECK(ffabi_caller_reclaim(&world.vm, &reclaim) == FFABI_OK);
	CHECK(ffabi_caller_reclaim(&world.vm, &reclaim) == FFABI_STATUS_INVALID_PARAMETERS);
}

static void test_all(uint32_t version)
{
	uint64_t value;

	begin(version);
	test_setup(version);
	test_list(version);
	test_direct(version);
	if (version >= FFABI_V1_1) {
		test_indirect();
		test_notifications();
	}
	if (version >= FFABI_V1_2)
		test_log();
	test_memory(FFABI_USAGE_SHARE, 0);
	test_memory(FFABI_USAGE_SHARE, 1);
	test_memory(FFABI_USAGE_LEND, 0);
	test_memory(FFABI_USAGE_DONATE, 0);
	CHECK(tell(UNMAP, 0, &value) == FFABI_OK);
	CHECK(ffabi_caller_unmap(&world.vm) == FFABI_OK);
	CHECK(ffabi_spmc_broken(ffabi_sandbox_spmc(world.box)) == NULL);
	ffabi_sandbox_delete(world.box);
}

int main(void)
{
	test_all(FFABI_V1_0);
	test_all(FFABI_V1_1);
	test_all(FFABI_V1_2);
	return done();
}
