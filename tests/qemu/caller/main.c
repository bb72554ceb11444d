/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * A payload that talks to a firmware with the calling side of ffabi, through the SMC
 * instruction: to that of ../firmware, or to another one with our partition behind it.
 */
#include <ffabi/caller_messages.h>
#include <ffabi/caller_partitions.h>
#include <ffabi/caller_setup.h>

#include "../console.h"
#include "../firmware/record.h"
#include "../firmware/tee_message.h"
#include "payload.h"

enum {
	RANGES = 3000
};
#define PSCI_SYSTEM_OFF 0x84000008u

uint8_t tx[BUFFER] __attribute__((aligned(65536)));
uint8_t rx[BUFFER] __attribute__((aligned(65536)));
static uint8_t message_page[FFABI_PAGE_SIZE] __attribute__((aligned(4096)));
static struct ffabi_mem_constituent ranges[RANGES];
struct ffabi_caller k;
uint16_t own_id;
static uint16_t echo_id;

void check(int good, const char *what)
{
	say(good ? "ok caller: " : "FAIL caller: ");
	say(what);
	say("\n");
}

void expect(ffabi_result r, ffabi_result wanted, const char *what)
{
	if (r != wanted) {
		say("# result ");
		if (r < 0)
			say("-");
		say_decimal((uint64_t)(r < 0 ? -(int64_t)r : (int64_t)r));
		say(", field ");
		say_decimal(k.ctx.err.field);
		say(", at ");
		say_decimal(k.ctx.err.at);
		say("\n");
	}
	check(r == wanted, what);
}

static int same_uuid(const struct ffabi_uuid *a, const struct ffabi_uuid *b)
{
	return a->lo == b->lo && a->hi == b->hi;
}

/* SMC, and a line in the trace: only where the firmware does not write one itself. */
static void traced(void *self, struct ffabi_regs *regs)
{
	const struct ffabi_regs in = *regs;
	const struct record_buffers b = {
		{k.tx.dst.base, k.tx.dst.len}, k.rx.src, (uint64_t)tx, (uint64_t)rx};
	struct record_call r = {.who = "smc", .in = &in, .out = regs, .version = k.ctx.version};

	r.call = ffabi_call_of((uint32_t)in.x[0]);
	ffabi_smc(self, regs);
	if (k.tx.owner != FFABI_OWNER_NONE)
		r.buffers = &b;
	record_call(&r);
}

static void set_up(const struct options *options)
{
	/* Another firmware speaks more than is asked of it here. */
	const struct ffabi_negotiation wanted = {options->peer ? options->version : FFABI_V1_3,
						 FFABI_V1_0};
	struct ffabi_conduit conduit = {ffabi_smc, 0};
	uint16_t id = 1;

	if (options->peer)
		conduit.call = traced;
	else if (options->version < FFABI_V1_2)
		conduit.call = options->hvc ? ffabi_hvc_8 : ffabi_smc_8;
	else if (options->hvc)
		conduit.call = ffabi_hvc;
	ffabi_caller_init(&k, &conduit);
	if (!options->peer)
		k.waive_replies = FFABI_STRICT;
	expect(ffabi_caller_negotiate(&k, &wanted), FFABI_OK, "a version is agreed on");
	check(k.ctx.version == options->version, "it is the highest of both");
	expect(ffabi_caller_id(&k, &id), FFABI_OK, "FFA_ID_GET");
	check(id == own_id, "the caller is the endpoint that is described");
	if (options->version >= FFABI_V1_1) {
		expect(ffabi_caller_spm_id(&k, &id), FFABI_OK, "FFA_SPM_ID_GET");
		check(id == MANAGER_ID, "the manager is endpoint 0x8000");
	}
}

static void map_buffers(const struct options *options)
{
	const struct ffabi_features ask = {FFABI_FID_RXTX_MAP_64, 0};
	const struct ffabi_features unknown = {FFABI_FID_MEM_OP_PAUSE_32, 0};
	struct ffabi_buffer_pair pair = {tx, rx, (uint64_t)tx, (uint64_t)rx, 0};
	struct ffabi_features_answer answer;

	expect(ffabi_caller_features(&k, &ask, &answer), FFABI_OK, "FFA_FEATURES of FFA_RXTX_MAP");
	pair.page_count = (uint8_t)ffabi_rxtx_min_pages(&answer.u.rxtx_map);
	check(pair.page_count * FFABI_PAGE_SIZE == options->buffers << 10,
	      "it tells the smallest buffer");
	expect(ffabi_caller_features(&k, &unknown, &answer), FFABI_STATUS_NOT_SUPPORTED,
	       "FFA_FEATURES of a call that is not offered");
	expect(ffabi_caller_map(&k, &pair), FFABI_OK, "FFA_RXTX_MAP");
	expect(ffabi_caller_map(&k, &pair), FFABI_E_RULE, "mapped buffers are not mapped again");
}

static void list_partitions(const struct options *options)
{
	static const struct ffabi_uuid tee =
		FFABI_UUID(0x486178e0, 0xe7f8, 0x11e3, 0xbc5e, 0x0002a5d5c51b);
	static const struct ffabi_uuid nobody = FFABI_UUID(1, 2, 3, 4, 5);
	const uint16_t last = options->servant ? SERVANT_ID : echo_id;
	struct ffabi_partition_info found[5];
	struct ffabi_listing all = {.entries = found, .room = 5};
	struct ffabi_listing one = {.uuid = tee, .entries = found, .room = 5};
	struct ffabi_listing none = {.uuid = nobody, .entries = found, .room = 5};
	uint32_t first;

	expect(ffabi_caller_list(&k, &all), FFABI_OK, "all partitions are listed");
	/* A VM is in the list itself, and first. */
	first = own_id != 0 && found[0].partition_id == own_id;
	check(all.count == first + last - TEE_ID + 1u && found[first].partition_id == TEE_ID &&
		      found[all.count - 1].partition_id == last,
	      "they are those that are described");
	check(options->version < FFABI_V1_1 || same_uuid(&found[first].protocol_uuid, &tee),
	      "the first has its UUID, where the version has one");
	expect(ffabi_caller_list(&k, &one), FFABI_OK, "partitions with a UUID are listed");
	check(one.count == 1 && found[0].partition_id == TEE_ID, "it is 0x8001");
	expect(ffabi_caller_list(&k, &none), FFABI_STATUS_INVALID_PARAMETERS,
	       "no partition has the UUID of nobody");
}

/* Each word comes back plus one, in every register that the convention passes. */
static void send_messages(enum ffabi_conv conv, const char *what)
{
	struct ffabi_msg_send_direct_req request = {.sender_id = own_id, .receiver_id = echo_id};
	struct ffabi_msg_send_direct_resp answer;
	int good = 1;
	uint32_t i;

	for (i = 0; i < 5; i++)
		request.payload[i] = conv == FFABI_SMC64 ? 0x1111222233334444ull * (i + 1)
							 : 0x12345678u * (i + 1);
	expect(ffabi_caller_direct(&k, conv, &request, &answer), FFABI_OK, what);
	for (i = 0; i < 5; i++)
		good &= answer.payload[i] == request.payload[i] + 1;
	check(good, "the echo added one to each word");
}

static void send_long_message(void)
{
	struct ffabi_msg_send_direct_req2 request = {.sender_id = own_id, .receiver_id = echo_id};
	struct ffabi_msg_send_direct_resp2 answer;
	int good = 1;
	uint32_t i;

	for (i = 0; i < 14; i++)
		request.payload[i] = 0x0123456789abcdefull * (i + 1);
	expect(ffabi_caller_direct2(&k, &request, &answer), FFABI_OK, "FFA_MSG_SEND_DIRECT_REQ2");
	for (i = 0; i < 14; i++)
		good &= answer.payload[i] == request.payload[i] + 1;
	check(good, "the echo added one to each of 14 words");
}

ffabi_result send(enum ffabi_usage usage, uint16_t receiver,
		  const struct ffabi_mem_constituent *first, uint32_t count, uint64_t *handle)
{
	const struct ffabi_mem_access access = {
		.endpoint_id = receiver,
		.data_access = usage == FFABI_USAGE_DONATE ? FFABI_DATA_ACCESS_NOT_SPECIFIED
							   : FFABI_DATA_ACCESS_READ_WRITE,
	};
	/* Only memory that its owner keeps has attributes of the owner's. */
	const int share = usage == FFABI_USAGE_SHARE;
	const struct ffabi_mem_transaction header = {
		.sender_id = own_id,
		.memory_type = share ? FFABI_MEMORY_TYPE_NORMAL : FFABI_MEMORY_TYPE_NOT_SPECIFIED,
		.cacheability = share ? FFABI_CACHEABILITY_WRITE_BACK : 0,
		.shareability = share ? FFABI_SHAREABILITY_INNER_SHAREABLE : 0,
	};
	const struct ffabi_mem_message message = {&header, &access, first, 1, count};
	struct ffabi_sending sending = {.usage = usage, .conv = FFABI_SMC64, .message = &message};
	const ffabi_result r = ffabi_caller_send_memory(&k, &sending);

	*handle = sending.handle;
	return r;
}

ffabi_result reclaim(uint64_t handle)
{
	const struct ffabi_mem_reclaim args = {handle, 0};

	return ffabi_caller_reclaim(&k, &args);
}

/* Has the TEE invert the memory of handle; the message is in a page that is shared for that. */
static uint32_t invert(uint64_t handle, uint64_t size)
{
	const struct ffabi_mem_constituent page = {(uint64_t)message_page, 1};
	struct tee_message *m = (struct tee_message *)(void *)message_page;
	struct ffabi_msg_send_direct_req request = {.sender_id = own_id, .receiver_id = TEE_ID};
	struct ffabi_msg_send_direct_resp answer;
	uint64_t message;

	m->command = TEE_INVOKE_COMMAND;
	m->result = TEE_NOT_SUPPORTED;
	m->count = 1;
	m->parameters[0].attribute = TEE_MEMORY_INOUT;
	m->parameters[0].a = 0;
	m->parameters[0].b = size;
	m->parameters[0].c = handle;
	expect(send(FFABI_USAGE_SHARE, TEE_ID, &page, 1, &message), FFABI_OK,
	       "the page of the message is shared");
	request.payload[0] = TEE_CALL_WITH_ARG;
	request.payload[1] = (uint32_t)message;
	request.payload[2] = message >> 32;
	expect(ffabi_caller_direct(&k, FFABI_SMC32, &request, &answer), FFABI_OK,
	       "the TEE answers");
	expect(reclaim(message), FFABI_OK, "the page of the message is reclaimed");
	return m->result;
}

static uint8_t *page_of(uint32_t i)
{
	return (uint8_t *)(SHARED + 2ull * i * FFABI_PAGE_SIZE);
}

/* Bytes of the pages, a few of each, that are not what they were before, or its inverse. */
static uint32_t differing(uint32_t count, uint8_t mask)
{
	uint32_t bad = 0;
	uint32_t i;
	uint32_t at;

	for (i = 0; i < count; i++)
		for (at = 0; at < FFABI_PAGE_SIZE; at += 341)
			bad += page_of(i)[at] != (uint8_t)((uint8_t)(i * 5 + at) ^ mask);
	return bad;
}

static void pass_memory(enum ffabi_usage usage, uint32_t count, const char *what)
{
	uint64_t handle = 0;
	uint32_t i;
	uint32_t at;

	for (i = 0; i < count; i++) {
		ranges[i].address = (uint64_t)page_of(i);
		ranges[i].page_count = 1;
		for (at = 0; at < FFABI_PAGE_SIZE; at += 341)
			page_of(i)[at] = (uint8_t)(i * 5 + at);
	}
	expect(send(usage, TEE_ID, ranges, count, &handle), FFABI_OK, what);
	check(invert(handle, (uint64_t)count * FFABI_PAGE_SIZE) == TEE_SUCCESS,
	      "the TEE has found it");
	expect(reclaim(handle), FFABI_OK, "it is reclaimed");
	check(differing(count, 0xff) == 0, "every page was inverted");
	expect(reclaim(handle), FFABI_STATUS_INVALID_PARAMETERS, "it cannot be reclaimed twice");
}

static void pass_all_memory(const struct options *options)
{
	/* Another manager may have less room for descriptors. */
	const uint32_t most = options->peer ? RANGES / 3 : RANGES;

	pass_memory(FFABI_USAGE_SHARE, 1, "one page is shared");
	pass_memory(FFABI_USAGE_LEND, 2, "two pages are lent");
	pass_memory(FFABI_USAGE_SHARE, 300, "300 scattered pages are shared");
	pass_memory(FFABI_USAGE_LEND, most, "1000 scattered pages or more are lent");
}

static void make_mistakes(const struct options *options)
{
	const struct ffabi_msg_send_direct_req to_nobody = {.sender_id = own_id,
							    .receiver_id = NOBODY_ID};
	const struct ffabi_mem_constituent firmware = {0x5e000000, 1};
	const struct ffabi_mem_constituent page = {SHARED, 1};
	struct ffabi_msg_send_direct_resp answer;
	uint64_t handle;

	expect(ffabi_caller_direct(&k, FFABI_SMC32, &to_nobody, &answer),
	       FFABI_STATUS_INVALID_PARAMETERS, "a message to nobody is refused");
	expect(send(FFABI_USAGE_SHARE, NOBODY_ID, &page, 1, &handle),
	       FFABI_STATUS_INVALID_PARAMETERS, "sharing with nobody is refused");
	if (!options->peer) /* not every manager looks at addresses */
		expect(send(FFABI_USAGE_SHARE, TEE_ID, &firmware, 1, &handle), FFABI_STATUS_DENIED,
		       "sharing memory of the firmware is refused");
	expect(ffabi_caller_unmap(&k), FFABI_OK, "FFA_RXTX_UNMAP");
}

void caller_main(void);
void caller_main(void)
{
	struct ffabi_regs off = {{PSCI_SYSTEM_OFF}};
	struct options options;

	if (options_read(&options)) {
		own_id = options.id;
		echo_id = options.echo;
		if (options.peer && !record_open(options.trace))
			check(0, "the host creates the file of the trace");
		set_up(&options);
		map_buffers(&options);
		list_partitions(&options);
		send_messages(FFABI_SMC32, "a direct message of SMC32");
		send_messages(FFABI_SMC64, "a direct message of SMC64");
		/* That of TF-A 2.12 has no long messages, and memory of 1.0 and 1.1 only. */
		if (!options.peer && options.version >= FFABI_V1_2)
			send_long_message();
		if (!options.peer || options.version < FFABI_V1_2)
			pass_all_memory(&options);
		send_malformed(&options);
		use_servant(&options);
		make_mistakes(&options);
	}
	if (options.peer) {
		record_close();
		say("end\n");
		leave(0);
	}
	ffabi_smc(0, &off);
}
