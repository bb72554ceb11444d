/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Direct requests.  The plain ones are those of tests/captures/tinysp-debian-....txt.
 * r161: the response that comes after FFA_RUN keeps its words.
 */
#include <ffabi/caller_messages.h>

#include "script.h"

static struct ffabi_caller k;
static struct ffabi_msg_send_direct_req req;
static struct ffabi_msg_send_direct_resp resp;

static void fresh(void)
{
	memset(&req, 0, sizeof(req));
	memset(&resp, 0xee, sizeof(resp));
	req.receiver_id = 0x8001;
	req.payload[0] = 1;
	req.payload[1] = 0xffffffc0;
}

#define ASKED                                                                                      \
	{                                                                                          \
		0x8400006f, 0x8001, 0, 1, 0xffffffc0                                               \
	}
#define ANSWERED                                                                                   \
	{                                                                                          \
		0x84000070, 0x80010000, 0, 1, 0x84000075, 0x60, 0x60, 0x68000000                   \
	}

static void test_plain(void)
{
	static const struct turn turns[] = {{ASKED, ANSWERED, NULL}};

	SCRIPTED(&k, FFABI_V1_1, turns);
	fresh();
	CHECK(ffabi_caller_direct(&k, FFABI_SMC32, &req, &resp) == FFABI_OK && over());
	CHECK(resp.sender_id == 0x8001 && resp.receiver_id == 0);
	CHECK(resp.payload[0] == 1 && resp.payload[1] == 0x84000075);
	CHECK(resp.payload[2] == 0x60 && resp.payload[3] == 0x60 && resp.payload[4] == 0x68000000);
}

/* 64 bits; x8 and above belong to it from 1.3 on. */
static void test_wide(void)
{
	static const struct turn turns[] = {
		{{0xc400006f, 0x48001, 0, 0x1122334455667788, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		  17},
		 {0xc4000070, 0x80010004, 0, 0x8877665544332211, 0, 0, 0, 0, 8},
		 NULL},
	};
	static const struct turn narrow[] = {
		{{0xc400006f, 0x8001, 0, 1, 0xffffffc0}, ANSWERED, NULL},
	};

	SCRIPTED(&k, FFABI_V1_3, turns);
	fresh();
	req.sender_id = 4;
	req.payload[0] = 0x1122334455667788;
	req.payload[1] = 0;
	req.payload[14] = 17;
	CHECK(ffabi_caller_direct(&k, FFABI_SMC64, &req, &resp) == FFABI_OK && over());
	CHECK(resp.payload[0] == 0x8877665544332211 && resp.payload[5] == 8);
	SCRIPTED(&k, FFABI_V1_1, narrow);
	fresh();
	CHECK(ffabi_caller_direct(&k, FFABI_SMC64, &req, &resp) == FFABI_E_CONV && over());
}

/* INTERRUPT and YIELD name whom to run; not always the receiver. */
static void test_stopped(void)
{
	static const struct turn turns[] = {
		{ASKED, {0x84000062, 0x80010002}, NULL},
		{{0x8400006d, 0x80010002}, {0x8400006c, 0x80050003, 0x10, 0x1}, NULL},
		{{0x8400006d, 0x80050003}, {0x84000062, 0x80010002, 0x1b}, NULL},
		{{0x8400006d, 0x80010002}, ANSWERED, NULL},
	};

	SCRIPTED(&k, FFABI_V1_1, turns);
	k.bounds.resumes = 3;
	fresh();
	CHECK(ffabi_caller_direct(&k, FFABI_SMC32, &req, &resp) == FFABI_OK && over());
	CHECK(resp.payload[4] == 0x68000000);
	/* an interrupt after a yield: nothing to wait for */
	SCRIPTED(&k, FFABI_V1_1, turns);
	k.bounds.resumes = 2;
	CHECK(ffabi_caller_direct(&k, FFABI_SMC32, &req, &resp) == FFABI_RESUME);
	CHECK(script.next == 3 && k.direct.timeout == 0 && k.direct.target_endpoint_id == 0x8001);
}

/* The bound is reached: the request stands, and can be gone on with after other calls. */
static void test_bound(void)
{
	static const struct turn turns[] = {
		{ASKED, {0x84000062, 0x80010002}, NULL},
		{{0x8400006d, 0x80010002}, {0x8400006c, 0x80010007, 0x10, 0x1}, NULL},
		{{0x84000069}, {0x84000061, 0, 5}, NULL},
		{{0x8400006d, 0x80010007}, ANSWERED, NULL},
	};
	static const struct turn busy[] = {{ASKED, FAILED(-4), NULL}};
	uint16_t id = 0;

	SCRIPTED(&k, FFABI_V1_1, turns);
	k.bounds.resumes = 1;
	fresh();
	CHECK(ffabi_caller_direct(&k, FFABI_SMC32, &req, &resp) == FFABI_RESUME);
	CHECK(script.next == 2 && k.direct.target_endpoint_id == 0x8001);
	CHECK(k.direct.target_vcpu_id == 7 && k.direct.timeout == 0x100000010);
	CHECK(ffabi_caller_id(&k, &id) == FFABI_OK && id == 5);
	spoil(&k);
	CHECK(ffabi_caller_direct_resume(&k, &resp) == FFABI_OK && over());
	CHECK(resp.payload[4] == 0x68000000);
	SCRIPTED(&k, FFABI_V1_1, turns);
	fresh();
	CHECK(ffabi_caller_direct(&k, FFABI_SMC32, &req, &resp) == FFABI_RESUME &&
	      script.next == 1);
	SCRIPTED(&k, FFABI_V1_1, busy); /* nobody is to be run for another request */
	k.direct.target_endpoint_id = k.direct.target_vcpu_id = 9;
	k.direct.timeout = 9;
	CHECK(ffabi_caller_direct(&k, FFABI_SMC32, &req, &resp) == FFABI_STATUS_BUSY && over());
	CHECK(k.direct.target_endpoint_id == 0 && k.direct.target_vcpu_id == 0);
	CHECK(k.direct.timeout == 0);
}

static void test_busy(void)
{
	static const struct turn turns[] = {
		{ASKED, FAILED(-4), NULL},
		{ASKED, {0x84000062, 0x80010002}, NULL},
		{{0x8400006d, 0x80010002}, FAILED(-4), NULL},
		{{0x8400006d, 0x80010002}, ANSWERED, NULL},
	};

	SCRIPTED(&k, FFABI_V1_1, turns);
	k.bounds.retries = 2;
	k.bounds.resumes = 1;
	fresh();
	CHECK(ffabi_caller_direct(&k, FFABI_SMC32, &req, &resp) == FFABI_OK && over());
	SCRIPTED(&k, FFABI_V1_1, turns);
	k.bounds.retries = 1;
	k.bounds.resumes = 1;
	CHECK(ffabi_caller_direct(&k, FFABI_SMC32, &req, &resp) == FFABI_STATUS_BUSY);
	CHECK(script.next == 3);
}

static ffabi_result answered(const uint64_t *out, unsigned int n, uint16_t waive)
{
	struct turn turns[1] = {{ASKED, {0}, NULL}};

	memcpy(turns[0].out, out, n * sizeof(out[0]));
	SCRIPTED(&k, FFABI_V1_2, turns);
	k.waive_replies = waive;
	k.bounds.resumes = 4;
	fresh();
	return ffabi_caller_direct(&k, FFABI_SMC32, &req, &resp);
}

static void test_refused(void)
{
	static const uint64_t aborted[] = {0x84000060, 0, 0xfffffff8};
	static const uint64_t signed_64[] = {0x84000060, 0, 0xfffffffffffffffa};
	static const uint64_t other_sender[] = {0x84000070, 0x80020000};
	static const uint64_t other_receiver[] = {0x84000070, 0x80010001};
	static const uint64_t success[] = {0x84000061};
	static const uint64_t waits[] = {0x8400006b, 0x80010000};
	static const uint64_t resp2[] = {0xc400008e, 0x80010000};
	static const uint64_t junk[] = {0xdeadbeef};
	static const uint64_t reserved[] = {0x84000070, 0x80010000, 0x100};
	static const uint64_t interrupt[] = {0x84000062, 0x80010000, 0, 1};
	static const uint64_t yield[] = {0x8400006c, 0x80010000, 0, 0, 1};
	const uint16_t specified = FFABI_AS_SPECIFIED;

	CHECK(answered(aborted, 3, specified) == FFABI_STATUS_ABORTED);
	CHECK(k.direct.target_endpoint_id == 0 && k.direct.target_vcpu_id == 0);
	CHECK(k.direct.timeout == 0);
	CHECK(answered(signed_64, 3, specified) == FFABI_STATUS_DENIED);
	CHECK(answered(signed_64, 3, 0) == FFABI_E_WIDTH);
	CHECK(answered(other_sender, 2, specified) == FFABI_E_RULE);
	CHECK(k.ctx.err.field == FFABI_F_SENDER_ID && k.ctx.err.value == 0x8002);
	CHECK(answered(other_receiver, 2, specified) == FFABI_E_RULE);
	CHECK(k.ctx.err.field == FFABI_F_RECEIVER_ID);
	CHECK(answered(success, 1, specified) == FFABI_E_FID);
	CHECK(answered(waits, 2, specified) == FFABI_E_FID);
	CHECK(answered(resp2, 2, specified) == FFABI_E_FID);
	CHECK(answered(junk, 1, specified) == FFABI_E_FID && k.ctx.err.value == 0xdeadbeef);
	CHECK(answered(reserved, 3, specified) == FFABI_E_MBZ && k.ctx.err.at == 2);
	CHECK(answered(interrupt, 4, specified) == FFABI_E_MBZ && k.ctx.err.at == 3);
	CHECK(answered(yield, 5, specified) == FFABI_E_MBZ && k.ctx.err.at == 4);
	UNCALLED(&k, FFABI_V1_1);
	fresh();
	req.payload[0] = 0x100000000; /* too wide for the convention */
	CHECK(ffabi_caller_direct(&k, FFABI_SMC32, &req, &resp) == FFABI_E_RANGE && over());
}

/* FFA_MSG_SEND_DIRECT_REQ2: the UUID goes in x2 and x3, the message in x4 to x17. */
static void test_direct2(void)
{
	static const struct turn turns[] = {
		{{0xc400008d, 0x18001, 0xe311f8e7e0786148, 0x1bc5d5a502005ebc, 4, 0, 0, 0, 0, 0, 0,
		  0, 0, 0, 0, 0, 0, 17},
		 {0x84000062, 0x80010000},
		 NULL},
		{{0x8400006d, 0x80010000},
		 {0xc400008e, 0x80010001, 0, 0, 0x44, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x1717},
		 NULL},
	};
	static const struct turn of_1[] = {
		{{0xc400008d, 0x18001}, {0xc4000070, 0x80010001}, NULL},
	};
	static const struct turn other[] = {
		{{0xc400008d, 0x18001}, {0xc400008e, 0x80020001}, NULL},
	};
	const struct ffabi_uuid optee =
		FFABI_UUID(0x486178e0, 0xe7f8, 0x11e3, 0xbc5e, 0x0002a5d5c51b);
	struct ffabi_msg_send_direct_req2 req2;
	struct ffabi_msg_send_direct_resp2 resp2;

	memset(&req2, 0, sizeof(req2));
	req2.sender_id = 1;
	req2.receiver_id = 0x8001;
	SCRIPTED(&k, FFABI_V1_2, of_1);
	CHECK(ffabi_caller_direct2(&k, &req2, &resp2) == FFABI_E_FID && over());
	SCRIPTED(&k, FFABI_V1_2, other);
	CHECK(ffabi_caller_direct2(&k, &req2, &resp2) == FFABI_E_RULE && over());
	req2.protocol_uuid = optee;
	req2.payload[0] = 4;
	req2.payload[13] = 17;
	SCRIPTED(&k, FFABI_V1_2, turns);
	k.bounds.resumes = 1;
	CHECK(ffabi_caller_direct2(&k, &req2, &resp2) == FFABI_OK && over());
	CHECK(resp2.payload[0] == 0x44 && resp2.payload[13] == 0x1717);
	SCRIPTED(&k, FFABI_V1_2, turns);
	CHECK(ffabi_caller_direct2(&k, &req2, &resp2) == FFABI_RESUME);
	k.bounds.resumes = 1;
	spoil(&k);
	CHECK(ffabi_caller_direct2_resume(&k, &resp2) == FFABI_OK && over());
	UNCALLED(&k, FFABI_V1_1);
	CHECK(ffabi_caller_direct2(&k, &req2, &resp2) == FFABI_E_VERSION && over());
}

int main(void)
{
	test_plain();
	test_wide();
	test_stopped();
	test_bound();
	test_busy();
	test_refused();
	test_direct2();
	return done();
}
