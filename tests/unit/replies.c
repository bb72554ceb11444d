/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Replies as the caller meets them.  r161: a direct request that was interrupted is
 * resumed by FFA_RUN, and the response that then comes keeps its words; r044, r116: it
 * has the form of the request.
 */
#include <ffabi/cpu_cycles_reply.h>
#include <ffabi/memory_reply.h>
#include <ffabi/messaging_reply.h>
#include <ffabi/setup_reply.h>

#include "check.h"

static struct ffabi_ctx c = {FFABI_V1_1, FFABI_STRICT, 0, {0, 0, 0, 0}};

static void test_interrupted_request(void)
{
	struct ffabi_regs r = {{0x84000062, 0x80010002}};
	struct ffabi_msg_send_direct_req_reply reply;
	struct ffabi_run_reply resumed;
	struct ffabi_run run;
	unsigned int i;

	CHECK(ffabi_msg_send_direct_req_reply_unpack(&c, FFABI_SMC32, &r, &reply) == FFABI_OK);
	CHECK(reply.kind == FFABI_CALL_INTERRUPT);
	CHECK(reply.u.interrupt.endpoint_id == 0x8001 && reply.u.interrupt.vcpu_id == 2);

	run.target_endpoint_id = reply.u.interrupt.endpoint_id;
	run.target_vcpu_id = reply.u.interrupt.vcpu_id;
	CHECK(ffabi_run_pack(&c, FFABI_SMC32, &run, &r) == FFABI_OK);
	CHECK(r.x[0] == 0x8400006d && r.x[1] == 0x80010002 && r.x[2] == 0);

	memset(&r, 0, sizeof(r));
	r.x[0] = 0x84000070;
	r.x[1] = 0x80010001;
	for (i = 3; i < 8; i++)
		r.x[i] = 0x1000 + i;
	CHECK(ffabi_run_reply_unpack(&c, FFABI_SMC32, &r, &resumed) == FFABI_OK);
	CHECK(resumed.kind == FFABI_CALL_MSG_SEND_DIRECT_RESP);
	CHECK(resumed.u.msg_send_direct_resp.sender_id == 0x8001);
	CHECK(resumed.u.msg_send_direct_resp.receiver_id == 1);
	for (i = 3; i < 8; i++)
		CHECK(resumed.u.msg_send_direct_resp.payload[i - 3] == 0x1000 + i);
}

static void test_form_of_the_request(void)
{
	struct ffabi_msg_send_direct_req_reply reply;
	struct ffabi_regs r;

	memset(&reply, 0, sizeof(reply));
	reply.kind = FFABI_CALL_MSG_SEND_DIRECT_RESP;
	reply.u.msg_send_direct_resp.sender_id = 0x8001;
	CHECK(ffabi_msg_send_direct_req_reply_pack(&c, FFABI_SMC64, &reply, &r) == FFABI_OK);
	CHECK(r.x[0] == 0xc4000070 && r.x[1] == 0x80010000);
	CHECK(ffabi_msg_send_direct_req_reply_unpack(&c, FFABI_SMC32, &r, &reply) == FFABI_E_CONV);
	CHECK(ffabi_msg_send_direct_req_reply_pack(&c, FFABI_SMC32, &reply, &r) == FFABI_OK);
	CHECK(r.x[0] == 0x84000070);
}

/* FFA_MEM_SHARE may want more of its descriptor first. */
static void test_fragment_wanted(void)
{
	struct ffabi_regs r = {{0x8400007a, 0x11111111, 0x22222222, 4096}};
	struct ffabi_mem_share_reply reply;

	CHECK(ffabi_mem_share_reply_unpack(&c, FFABI_SMC64, &r, &reply) == FFABI_OK);
	CHECK(reply.kind == FFABI_CALL_MEM_FRAG_RX);
	CHECK(reply.u.mem_frag_rx.handle == 0x2222222211111111);
	CHECK(reply.u.mem_frag_rx.fragment_offset == 4096);
	r.x[0] = 0x8400007b;
	CHECK(ffabi_mem_share_reply_unpack(&c, FFABI_SMC64, &r, &reply) == FFABI_E_FID);
}

/* FFA_VERSION answers without FFA_ERROR; an unknown version is refused there as well (found by a
 * proof). */
static void test_unknown_version(void)
{
	struct ffabi_ctx unknown = {0x20000, FFABI_STRICT, 0, {0, 0, 0, 0}};
	struct ffabi_regs r = {{1, 2, 3}};
	struct ffabi_version_reply reply;

	memset(&reply, 0, sizeof(reply));
	reply.kind = FFABI_CALL_ERROR;
	reply.u.error.status = -1;
	CHECK(ffabi_version_reply_pack(&unknown, &reply, &r) == FFABI_E_VERSION);
	CHECK(r.x[0] == 1 && r.x[1] == 2 && r.x[2] == 3);
	CHECK(ffabi_version_reply_pack(&c, &reply, &r) == FFABI_OK);
	CHECK(r.x[0] == 0xffffffff && r.x[1] == 0);
}

int main(void)
{
	test_unknown_version();
	test_interrupted_request();
	test_form_of_the_request();
	test_fragment_wanted();
	return done();
}
