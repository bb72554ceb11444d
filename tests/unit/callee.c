/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Calls answered: registers in, registers out, all literals.  What the handlers of
 * this callee do is told by what the caller sends.
 */
#include <ffabi/callee.h>

#include "check.h"

#define UNUSED(a, b) ((void)(a), (void)(b))
#define STALE 0xa5a5a5a5a5a5a5a5ull

static unsigned int handled;

static enum ffabi_status id_get(void *self, struct ffabi_peer *peer, struct ffabi_exchange *ex)
{
	CHECK(self == &handled && ex->call == FFABI_CALL_ID_GET);
	handled++;
	ex->reply.u.id_get.u.success.id = peer->id;
	return FFABI_STATUS_SUCCESS;
}

static enum ffabi_status nothing(void *self, struct ffabi_peer *peer, struct ffabi_exchange *ex)
{
	UNUSED(self, peer);
	CHECK(ex->reply.of == ex->call && ex->request.call == ex->call);
	handled++;
	return FFABI_STATUS_SUCCESS;
}

/* The VM id says which code. */
static enum ffabi_status rx_release(void *self, struct ffabi_peer *peer, struct ffabi_exchange *ex)
{
	UNUSED(self, peer);
	handled++;
	return (enum ffabi_status) - (int)ex->request.u.rx_release.vm_id;
}

/* Echoes in the form of the request; payload 1 asks for another: 1 FFA_YIELD, 2 nonsense. */
static enum ffabi_status direct_req(void *self, struct ffabi_peer *peer, struct ffabi_exchange *ex)
{
	const struct ffabi_msg_send_direct_req *in = &ex->request.u.msg_send_direct_req;
	struct ffabi_msg_send_direct_req_reply *out = &ex->reply.u.msg_send_direct_req;
	unsigned int i;

	UNUSED(self, peer);
	handled++;
	if (in->payload[1] == 2)
		return FFABI_STATUS_SUCCESS; /* there is no FFA_SUCCESS for it */
	if (in->payload[1] == 1) {
		out->kind = FFABI_CALL_YIELD;
		out->u.yield.endpoint_id = in->receiver_id;
		out->conv = FFABI_SMC32;
		return FFABI_STATUS_SUCCESS;
	}
	out->kind = FFABI_CALL_MSG_SEND_DIRECT_RESP;
	out->u.msg_send_direct_resp.sender_id = in->receiver_id;
	out->u.msg_send_direct_resp.receiver_id = in->sender_id;
	for (i = 0; i < 5; i++)
		out->u.msg_send_direct_resp.payload[i] = in->payload[i];
	return FFABI_STATUS_SUCCESS;
}

static enum ffabi_status console_log(void *self, struct ffabi_peer *peer, struct ffabi_exchange *ex)
{
	UNUSED(self, peer);
	ex->reply.u.console_log.kind = FFABI_CALL_ERROR;
	ex->reply.u.console_log.u.error.status = FFABI_STATUS_RETRY;
	ex->reply.u.console_log.u.error.error_arg = 3;
	return FFABI_STATUS_SUCCESS;
}

static enum ffabi_status features_rxtx_map(void *self, struct ffabi_peer *peer,
					   struct ffabi_exchange *ex)
{
	struct ffabi_features_rxtx_map_reply *out = &ex->reply.u.features_rxtx_map;

	(void)self;
	CHECK(ex->call == FFABI_CALL_FEATURES && ex->message.call == FFABI_CALL_FEATURES_RXTX_MAP);
	CHECK(ex->reply.of == FFABI_CALL_FEATURES_RXTX_MAP);
	out->u.success.min_size_and_align = FFABI_RXTX_MIN_SIZE_KIB_64;
	if (peer->version >= FFABI_V1_2)
		out->u.success.max_size = 32;
	return FFABI_STATUS_SUCCESS;
}

static enum ffabi_status features_npi(void *self, struct ffabi_peer *peer,
				      struct ffabi_exchange *ex)
{
	UNUSED(self, peer);
	ex->reply.u.features_npi.u.success.interrupt_id = 5;
	return FFABI_STATUS_SUCCESS;
}

/* Asked about functions that are offered and have no properties. */
static enum ffabi_status features_function(void *self, struct ffabi_peer *peer,
					   struct ffabi_exchange *ex)
{
	UNUSED(self, peer);
	CHECK(ex->message.u.features_function.function_id != 0x84000000);
	return FFABI_STATUS_SUCCESS;
}

static ffabi_callee_handler *const handlers[FFABI_CALL_COUNT] = {
	[FFABI_CALL_ID_GET] = id_get,
	[FFABI_CALL_SPM_ID_GET] = nothing,
	[FFABI_CALL_RXTX_MAP] = nothing,
	[FFABI_CALL_RX_RELEASE] = rx_release,
	[FFABI_CALL_RX_ACQUIRE] = nothing,
	[FFABI_CALL_MSG_POLL] = nothing,
	[FFABI_CALL_MSG_SEND_DIRECT_REQ] = direct_req,
	[FFABI_CALL_MSG_SEND_DIRECT_REQ2] = nothing,
	[FFABI_CALL_MSG_WAIT] = nothing,
	[FFABI_CALL_NOTIFICATION_INFO_GET] = nothing,
	[FFABI_CALL_MEM_RETRIEVE_REQ] = nothing,
	[FFABI_CALL_MEM_PERM_SET] = nothing,
	[FFABI_CALL_CONSOLE_LOG] = console_log,
	[FFABI_CALL_FEATURES_RXTX_MAP] = features_rxtx_map,
	[FFABI_CALL_FEATURES_NPI] = features_npi,
	[FFABI_CALL_FEATURES_FUNCTION] = features_function,
	/* never asked */
	[FFABI_CALL_VERSION] = nothing,
	[FFABI_CALL_FEATURES] = nothing,
};

static struct ffabi_callee callee = {handlers, &handled, FFABI_V1_0, FFABI_V1_3,
				     FFABI_AS_SPECIFIED};
static struct ffabi_exchange ex;

/* Calls with x0-x3; everything above holds what the caller left there, or zero. */
static enum ffabi_rule call(struct ffabi_peer *peer, const struct ffabi_regs *in,
			    struct ffabi_regs *out)
{
	memset(&ex, 0x5a, sizeof(ex)); /* nothing in it has to be initialised */
	*out = *in;
	return ffabi_callee_answer(&callee, peer, &ex, out);
}

static int gives(struct ffabi_peer *peer, const struct ffabi_regs *in, const struct ffabi_regs *out)
{
	struct ffabi_regs got;
	unsigned int i;

	call(peer, in, &got);
	for (i = 0; i < 18; i++) {
		if (got.x[i] != out->x[i]) {
			printf("x%u = %#llx, not %#llx\n", i, (unsigned long long)got.x[i],
			       (unsigned long long)out->x[i]);
			return 0;
		}
	}
	return 1;
}

#define R(...) (&(const struct ffabi_regs){{__VA_ARGS__}})
#define ERROR(code) R(0x84000060, 0, (code))
#define NOT_SUPPORTED ERROR(0xffffffff)
#define INVALID_PARAMETERS ERROR(0xfffffffe)
#define ABORTED ERROR(0xfffffff8)
#define SUCCESS(x2) R(0x84000061, 0, (x2))

static struct ffabi_peer at(uint32_t version, uint8_t instance, uint8_t conduit)
{
	struct ffabi_peer peer = {version, 7, instance, conduit, 0};

	return peer;
}

/* What a caller asks for, what it is told, and what is in force then. */
struct negotiation {
	uint32_t lowest, highest;
	uint32_t asked;
	uint64_t told;
	uint32_t agreed;
};

static const struct negotiation negotiations[] = {
	/* 1.0 to 1.2 */
	{0x10000, 0x10002, 0x10000, 0x10002, 0x10000},
	{0x10000, 0x10002, 0x10001, 0x10002, 0x10001},
	{0x10000, 0x10002, 0x10002, 0x10002, 0x10002},
	{0x10000, 0x10002, 0x10003, 0x10002, 0x10002}, /* a higher minor version: our highest */
	{0x10000, 0x10002, 0x1ffff, 0x10002, 0x10002},
	{0x10000, 0x10002, 0x20000, 0x10002, 0}, /* all ours are lower: the highest of them */
	{0x10000, 0x10002, 0x7fffffff, 0x10002, 0},
	{0x10000, 0x10002, 0x0ffff, 0xffffffff, 0}, /* all ours are higher */
	{0x10000, 0x10002, 0, 0xffffffff, 0},
	{0x10000, 0x10002, 0x80010001, 0xffffffff, 0}, /* bit 31 */
	{0x10001, 0x10001, 0x10000, 0xffffffff, 0},
	{0x10001, 0x10001, 0x10001, 0x10001, 0x10001},
	{0x10001, 0x10001, 0x10002, 0x10001, 0x10001},
	/* 1.3: version 0.0 refuses those that know it, and another code is there for bit 31 */
	{0x10000, 0x10003, 0x10001, 0x10003, 0x10001},
	{0x10000, 0x10003, 0x10003, 0x10003, 0x10003},
	{0x10000, 0x10003, 0x10004, 0x10003, 0x10003},
	{0x10003, 0x10003, 0x10002, 0xffffffff, 0},
	{0x10000, 0x10003, 0x80010001, 0xfffffffd, 0},
};

static void test_negotiation(void)
{
	unsigned int i;

	for (i = 0; i < sizeof(negotiations) / sizeof(negotiations[0]); i++) {
		const struct negotiation *n = &negotiations[i];
		struct ffabi_peer peer = at(0, FFABI_NS_PHYS, FFABI_CONDUIT_SMC);

		callee.lowest = n->lowest;
		callee.highest = n->highest;
		CHECK(gives(&peer, R(0x84000063, n->asked), R(n->told)));
		CHECK(peer.version == n->agreed && peer.locked == 0);
		/* asked again before any other call: the last one counts */
		CHECK(gives(&peer, R(0x84000063, n->lowest), R(n->highest)));
		CHECK(peer.version == n->lowest);
	}
	callee.lowest = FFABI_V1_0;
	callee.highest = FFABI_V1_3;
}

/* x8-x17 are no part of an SMC32 call: they come back as they were. */
static void test_registers_that_stay(void)
{
	struct ffabi_peer peer = at(0, FFABI_NS_PHYS, FFABI_CONDUIT_SMC);
	struct ffabi_regs in, out;
	unsigned int i;

	for (i = 8; i < 18; i++)
		in.x[i] = STALE;
	for (i = 1; i < 8; i++)
		in.x[i] = 0;
	in.x[0] = 0x84000063;
	in.x[1] = 0x10001;
	CHECK(call(&peer, &in, &out) == FFABI_OK && out.x[0] == 0x10003 && out.x[1] == 0);
	for (i = 8; i < 18; i++)
		CHECK(out.x[i] == STALE);
	in.x[1] = 0; /* refused: 0xffffffff is no function id of SMC64 */
	CHECK(call(&peer, &in, &out) == FFABI_OK && out.x[0] == 0xffffffff && out.x[1] == 0);
	for (i = 8; i < 18; i++)
		CHECK(out.x[i] == STALE);

	in.x[0] = 0x84000069;
	in.x[1] = 0;
	CHECK(call(&peer, &in, &out) == FFABI_OK);
	CHECK(out.x[0] == 0x84000061 && out.x[1] == 0 && out.x[2] == 7 && out.x[3] == 0);
	for (i = 8; i < 18; i++)
		CHECK(out.x[i] == STALE);
	/* nor are they of an SMC64 call before 1.2 */
	in.x[0] = 0xc400006f;
	in.x[1] = 0x00078001;
	in.x[3] = 0x1122334455667788;
	CHECK(call(&peer, &in, &out) == FFABI_OK);
	CHECK(out.x[0] == 0xc4000070 && out.x[1] == 0x80010007 && out.x[3] == 0x1122334455667788);
	for (i = 8; i < 18; i++)
		CHECK(out.x[i] == STALE);
	/* from 1.2 on they are, and what the answer does not use is zero */
	peer.version = FFABI_V1_2;
	CHECK(call(&peer, &in, &out) == FFABI_OK);
	CHECK(out.x[0] == 0xc4000070 && out.x[3] == 0x1122334455667788);
	for (i = 8; i < 18; i++)
		CHECK(out.x[i] == 0);
	/* an SMC32 answer to an SMC64 request */
	in.x[4] = 1;
	CHECK(call(&peer, &in, &out) == FFABI_OK);
	CHECK(out.x[0] == 0x8400006c && out.x[1] == 0x80010000);
	for (i = 2; i < 8; i++)
		CHECK(out.x[i] == 0);
	for (i = 8; i < 18; i++)
		CHECK(out.x[i] == STALE);
}

static void test_lock(void)
{
	struct ffabi_peer peer = at(0, FFABI_NS_PHYS, FFABI_CONDUIT_SMC);
	struct ffabi_regs out;

	handled = 0;
	callee.highest = FFABI_V1_2;
	/* nothing agreed on: nothing but FFA_VERSION, and nothing is locked */
	CHECK(gives(&peer, R(0x84000069), NOT_SUPPORTED));
	CHECK(ex.ctx.err.rule == FFABI_E_FID && peer.locked == 0);
	CHECK(gives(&peer, R(0x84000063, 0x10002), R(0x10002)));
	CHECK(gives(&peer, R(0x84000063, 0x10001), R(0x10002)));
	CHECK(peer.version == 0x10001 && peer.locked == 0);
	/* what cannot be agreed on leaves what was */
	CHECK(gives(&peer, R(0x84000063, 0x20000), R(0x10002)));
	CHECK(gives(&peer, R(0x84000063, 0x00001), R(0xffffffff)));
	CHECK(peer.version == 0x10001 && peer.locked == 0);
	CHECK(gives(&peer, R(0x84000069), SUCCESS(7)));
	CHECK(peer.locked == 1);
	CHECK(gives(&peer, R(0x84000063, 0x10002), R(0xffffffff)));
	CHECK(gives(&peer, R(0x84000063, 0x10000), R(0xffffffff)));
	CHECK(gives(&peer, R(0x84000063, 0x20000), R(0xffffffff)));
	CHECK(peer.version == 0x10001);
	CHECK(handled == 1); /* its own entry in the table is not used */
	/* the same again is no change */
	CHECK(gives(&peer, R(0x84000063, 0x10001), R(0x10002)));
	CHECK(gives(&peer, R(0x84000069), SUCCESS(7)));

	/* who came down to our highest may ask for its own again */
	peer = at(0, FFABI_NS_PHYS, FFABI_CONDUIT_SMC);
	callee.highest = FFABI_V1_1;
	CHECK(gives(&peer, R(0x84000063, 0x10002), R(0x10001)));
	CHECK(gives(&peer, R(0x84000069), SUCCESS(7)));
	CHECK(gives(&peer, R(0x84000063, 0x10002), R(0x10001)));
	CHECK(gives(&peer, R(0x84000063, 0x10000), R(0xffffffff)));

	/* what no one answers locks too; what is no FF-A call does not */
	callee.highest = FFABI_V1_2;
	peer = at(FFABI_V1_2, FFABI_NS_PHYS, FFABI_CONDUIT_SMC);
	CHECK(call(&peer, R(0x84000001), &out) == FFABI_E_FID && peer.locked == 0);
	CHECK(call(&peer, R(0x84000091), &out) == FFABI_E_FID && peer.locked == 1);
	callee.highest = FFABI_V1_3;
}

/* Query types of 1.3: w2 of FFA_VERSION. */
static void test_queries(void)
{
	struct ffabi_peer peer = at(0, FFABI_NS_PHYS, FFABI_CONDUIT_SMC);

	CHECK(gives(&peer, R(0x84000063, 0x10003, 2), R(0)));
	CHECK(gives(&peer, R(0x84000063, 0x10003, 1), R(0x10003)));
	CHECK(peer.version == 0);
	CHECK(gives(&peer, R(0x84000063, 0x10003, 3), R(0xfffffffd)));
	CHECK(ex.ctx.err.rule == FFABI_E_ENUM && ex.ctx.err.at == 2);
	CHECK(gives(&peer, R(0x84000063, 0x10003, 4), R(0xfffffffd)));
	CHECK(peer.version == 0);
	CHECK(gives(&peer, R(0x84000063, 0x10003), R(0x10003)));
	CHECK(gives(&peer, R(0x84000063, 0x10003, 2), R(0x10003)));
	CHECK(gives(&peer, R(0x84000069), SUCCESS(7)));
	CHECK(gives(&peer, R(0x84000063, 0x10001, 2), R(0x10003)));
	CHECK(gives(&peer, R(0x84000063, 0x10001), R(0))); /* in use already */
	CHECK(peer.version == 0x10003);
	/* to those who do not know them the bits mean nothing */
	peer = at(0, FFABI_NS_PHYS, FFABI_CONDUIT_SMC);
	CHECK(gives(&peer, R(0x84000063, 0x10002, 2), R(0x10003)));
	CHECK(peer.version == 0x10002);
	callee.waive = FFABI_STRICT;
	CHECK(gives(&peer, R(0x84000063, 0x10002, 2), R(0xffffffff)));
	callee.waive = FFABI_AS_SPECIFIED;
}

static void test_unknown_ids(void)
{
	struct ffabi_peer peer = at(FFABI_V1_2, FFABI_NS_PHYS, FFABI_CONDUIT_SMC);
	struct ffabi_peer new_peer = at(0, FFABI_NS_PHYS, FFABI_CONDUIT_SMC);

	CHECK(gives(&peer, R(0x84000091, 1, 2, 3, 4, 5, 6, 7), NOT_SUPPORTED));
	CHECK(gives(&peer, R(0xc4000091, 1, 2, 3, 4, 5, 6, 7), NOT_SUPPORTED));
	CHECK(gives(&peer, R(0xc4000069), NOT_SUPPORTED)); /* FFA_ID_GET has no such form */
	CHECK(gives(&peer, R(0xc4000063, 0x10002), NOT_SUPPORTED)); /* nor FFA_VERSION */
	CHECK(gives(&peer, R(0x84000068), NOT_SUPPORTED)); /* known, but there is no handler */
	CHECK(ex.ctx.err.rule == FFABI_E_FID && ex.ctx.err.value == 0x84000068);
	/* no FF-A at all: the SMC Calling Convention answers */
	CHECK(gives(&peer, R(0x84000000, 1, 2), R(0xffffffff, 1, 2)));
	CHECK(gives(&peer, R(0x8400005f, 1, 2), R(0xffffffff, 1, 2)));
	CHECK(gives(&peer, R(0x84000100, 1, 2), R(0xffffffff, 1, 2)));
	CHECK(gives(&peer, R(0xc4000100, 1, 2), R(0xffffffffffffffff, 1, 2)));
	CHECK(gives(&peer, R(0x04000069), R(0xffffffff)));
	CHECK(gives(&new_peer, R(0xc3000001), R(0xffffffffffffffff)));
	CHECK(gives(&new_peer, R(0x84000091), NOT_SUPPORTED));
	CHECK(ex.call == FFABI_CALL_COUNT && ex.fid == 0x84000091);
}

static void test_versions_of_calls(void)
{
	struct ffabi_peer peer = at(FFABI_V1_1, FFABI_NS_PHYS, FFABI_CONDUIT_SMC);
	const struct ffabi_regs *direct2 = R(0xc400008d, 0x00078001, 1, 2);

	handled = 0;
	CHECK(gives(&peer, direct2, NOT_SUPPORTED));
	CHECK(ex.ctx.err.rule == FFABI_E_VERSION);
	peer.version = FFABI_V1_0;
	CHECK(gives(&peer, R(0x84000085), NOT_SUPPORTED));
	CHECK(handled == 0);
	peer.version = FFABI_V1_1;
	CHECK(gives(&peer, R(0x84000085), SUCCESS(0)));
	CHECK(handled == 1);
	/* FFA_MSG_POLL went with 1.0 */
	peer = at(FFABI_V1_0, FFABI_S_VIRT, FFABI_CONDUIT_SMC);
	call(&peer, R(0x8400006a), &(struct ffabi_regs){{0}});
	CHECK(handled == 2);
	peer.version = FFABI_V1_1;
	CHECK(gives(&peer, R(0x8400006a), NOT_SUPPORTED));
	CHECK(handled == 2);
	/* FFA_ERROR_64 and its like are of 1.3 */
	peer.version = FFABI_V1_2;
	CHECK(gives(&peer, R(0xc4000062), NOT_SUPPORTED));
	peer.version = 0x10004;
	CHECK(gives(&peer, R(0x84000069), NOT_SUPPORTED));
}

static void test_instances(void)
{
	struct ffabi_peer peer = at(FFABI_V1_1, FFABI_NS_PHYS, FFABI_CONDUIT_SMC);

	CHECK(gives(&peer, R(0x84000084, 3), SUCCESS(0)));
	peer.instance = FFABI_S_VIRT;
	CHECK(gives(&peer, R(0x84000084, 3), NOT_SUPPORTED));
	peer.instance = FFABI_NS_VIRT;
	CHECK(gives(&peer, R(0x84000084, 3), NOT_SUPPORTED));
	CHECK(ex.ctx.err.rule == FFABI_E_FID && ex.call == FFABI_CALL_RX_ACQUIRE);
	/* FFA_MEM_PERM_SET is for S-EL0: by SVC */
	peer = at(FFABI_V1_1, FFABI_S_VIRT, FFABI_CONDUIT_SMC);
	CHECK(gives(&peer, R(0x84000089, 0x1000, 1, 5), NOT_SUPPORTED));
	peer.conduit = FFABI_CONDUIT_SVC;
	CHECK(gives(&peer, R(0x84000089, 0x1000, 1, 5), SUCCESS(0)));
	/* an HVC does not reach EL3; not tested where nothing is known */
	peer = at(FFABI_V1_1, FFABI_NS_PHYS, FFABI_CONDUIT_HVC);
	CHECK(gives(&peer, R(0x84000069), NOT_SUPPORTED));
	CHECK(gives(&peer, R(0x84000063, 0x10001), R(0xffffffff)));
	peer.conduit = 0;
	CHECK(gives(&peer, R(0x84000069), SUCCESS(7)));
	peer.instance = 0;
	CHECK(gives(&peer, R(0x84000084, 3), SUCCESS(0)));
	/* FFA_RX_RELEASE for another VM is for the hypervisor */
	peer = at(FFABI_V1_1, FFABI_NS_VIRT, FFABI_CONDUIT_HVC);
	CHECK(gives(&peer, R(0x84000065, 6), INVALID_PARAMETERS));
	CHECK(ex.ctx.err.rule == FFABI_E_MBZ && ex.ctx.err.field == FFABI_F_VM_ID);
}

static void test_malformed(void)
{
	struct ffabi_peer peer = at(FFABI_V1_1, FFABI_NS_PHYS, FFABI_CONDUIT_SMC);

	handled = 0;
	CHECK(gives(&peer, R(0xc4000066, 0x40001001, 0x40002000, 1), INVALID_PARAMETERS));
	CHECK(ex.ctx.err.rule == FFABI_E_ALIGN && ex.ctx.err.at == 1);
	CHECK(ex.ctx.err.value == 0x40001001 && ex.ctx.err.field == FFABI_F_TX_ADDRESS);
	CHECK(gives(&peer, R(0xc4000066, 0x40001000, 0x40002000, 0x41), INVALID_PARAMETERS));
	CHECK(ex.ctx.err.rule == FFABI_E_MBZ && ex.ctx.err.at == 3);
	/* calls that have no INVALID_PARAMETERS */
	CHECK(gives(&peer, R(0x84000069, 1), NOT_SUPPORTED));
	CHECK(ex.ctx.err.rule == FFABI_E_MBZ && ex.ctx.err.at == 1);
	CHECK(gives(&peer, R(0x84000064, 0x84000069, 0, 1), NOT_SUPPORTED));
	CHECK(handled == 0);
	/* upper halves are not looked at, unless in strict mode */
	CHECK(gives(&peer, R(0x1234567884000069, STALE << 32), SUCCESS(7)));
	callee.waive = FFABI_STRICT;
	CHECK(gives(&peer, R(0x1234567884000069), NOT_SUPPORTED));
	CHECK(ex.ctx.err.rule == FFABI_E_WIDTH);
	CHECK(gives(&peer, R(0x84000065, 0, 1ull << 32), INVALID_PARAMETERS));
	callee.waive = FFABI_AS_SPECIFIED;
	CHECK(handled == 1);
}

static void test_statuses(void)
{
	struct ffabi_peer peer = at(FFABI_V1_3, FFABI_NS_PHYS, FFABI_CONDUIT_SMC);
	unsigned int i;

	for (i = 1; i <= 10; i++)
		CHECK(gives(&peer, R(0x84000065, i), ERROR(0x100000000 - i)));
	CHECK(gives(&peer, R(0x84000065, 0), SUCCESS(0)));
	/* what is no code of the version, or of any */
	CHECK(gives(&peer, R(0x84000065, 11), ABORTED));
	peer.version = FFABI_V1_1;
	CHECK(gives(&peer, R(0x84000065, 9), ERROR(0xfffffff7)));
	CHECK(gives(&peer, R(0x84000065, 10), ABORTED));
	/* a request that has no FFA_SUCCESS; only the callee itself can have done that */
	handled = 0;
	CHECK(gives(&peer, R(0x8400006f, 0x00078001, 0, 0, 2), ABORTED));
	CHECK(handled == 1 && ex.ctx.err.rule == FFABI_E_FID);
	/* an error with more than its status */
	peer.version = FFABI_V1_2;
	CHECK(gives(&peer, R(0x8400008a, 4, 0x41424344), R(0x84000060, 0, 0xfffffff9, 3)));
	CHECK(gives(&peer, R(0x8400006f, 0x00078001, 0, 9), R(0x84000070, 0x80010007, 0, 9)));
}

#define FEATURES(...) R(0x84000064, __VA_ARGS__)

static void test_features_of_functions(void)
{
	struct ffabi_peer peer = at(FFABI_V1_1, FFABI_NS_PHYS, FFABI_CONDUIT_SMC);

	CHECK(gives(&peer, FEATURES(0x84000069), SUCCESS(0)));
	/* answered by the library, or part of every answer */
	CHECK(gives(&peer, FEATURES(0x84000063), SUCCESS(0)));
	CHECK(gives(&peer, FEATURES(0x84000064), SUCCESS(0)));
	CHECK(gives(&peer, FEATURES(0x84000060), SUCCESS(0)));
	CHECK(gives(&peer, FEATURES(0x84000061), SUCCESS(0)));
	CHECK(gives(&peer, FEATURES(0xc4000061), SUCCESS(0)));
	CHECK(gives(&peer, FEATURES(0x84000062), SUCCESS(0)));
	/* known, but not offered */
	CHECK(gives(&peer, FEATURES(0x84000068), NOT_SUPPORTED));
	CHECK(ex.ctx.err.rule == FFABI_E_FID && ex.ctx.err.at == 1);
	CHECK(ex.ctx.err.field == FFABI_F_ID && ex.ctx.err.value == 0x84000068);
	/* in one convention alone, in later versions alone, at other instances alone */
	CHECK(gives(&peer, FEATURES(0xc4000069), NOT_SUPPORTED));
	CHECK(gives(&peer, FEATURES(0xc4000083), SUCCESS(0)));
	CHECK(gives(&peer, FEATURES(0xc400008d), NOT_SUPPORTED));
	CHECK(gives(&peer, FEATURES(0xc4000060), NOT_SUPPORTED));
	CHECK(gives(&peer, FEATURES(0x84000089), NOT_SUPPORTED));
	CHECK(gives(&peer, FEATURES(0x84000084), SUCCESS(0)));
	/* FFA_MSG_WAIT comes to the normal world as an answer; a partition calls it */
	CHECK(gives(&peer, FEATURES(0x8400006b), NOT_SUPPORTED));
	peer.instance = FFABI_S_VIRT;
	CHECK(gives(&peer, FEATURES(0x8400006b), SUCCESS(0)));
	peer.instance = FFABI_NS_PHYS;
	peer.version = FFABI_V1_2;
	CHECK(gives(&peer, FEATURES(0xc400008d), SUCCESS(0)));
	peer.version = FFABI_V1_3;
	CHECK(gives(&peer, FEATURES(0xc4000060), SUCCESS(0)));
	/* no function of FF-A, or of anyone */
	CHECK(gives(&peer, FEATURES(0x84000091), NOT_SUPPORTED));
	CHECK(gives(&peer, FEATURES(0x84000000), NOT_SUPPORTED));
	CHECK(gives(&peer, FEATURES(0xffffffff), NOT_SUPPORTED));
}

static void test_properties(void)
{
	struct ffabi_peer peer = at(FFABI_V1_1, FFABI_NS_PHYS, FFABI_CONDUIT_SMC);

	CHECK(gives(&peer, FEATURES(0x84000066), SUCCESS(1)));
	CHECK(gives(&peer, FEATURES(0xc4000066), SUCCESS(1)));
	peer.version = FFABI_V1_2;
	CHECK(gives(&peer, FEATURES(0xc4000066), SUCCESS(0x200001)));
	CHECK(gives(&peer, FEATURES(1), SUCCESS(5)));
	CHECK(gives(&peer, FEATURES(2), NOT_SUPPORTED));
	CHECK(gives(&peer, FEATURES(4), NOT_SUPPORTED));
	CHECK(gives(&peer, FEATURES(0x101), NOT_SUPPORTED)); /* reserved bits of a feature id */
	CHECK(gives(&peer, FEATURES(0x40000001), NOT_SUPPORTED));
	/* 1.0 has no feature ids */
	peer.version = FFABI_V1_0;
	CHECK(gives(&peer, FEATURES(1), NOT_SUPPORTED));
	CHECK(gives(&peer, FEATURES(0x84000066), SUCCESS(1)));

	/* a partition that cannot handle the NS bit may not retrieve */
	peer = at(FFABI_V1_1, FFABI_S_VIRT, FFABI_CONDUIT_SVC);
	CHECK(gives(&peer, FEATURES(0x84000074), NOT_SUPPORTED));
	CHECK(gives(&peer, FEATURES(0x84000074, 2), SUCCESS(0)));
	peer.version = FFABI_V1_0;
	CHECK(gives(&peer, FEATURES(0x84000074), SUCCESS(0)));
	peer = at(FFABI_V1_1, FFABI_NS_PHYS, FFABI_CONDUIT_SMC);
	CHECK(gives(&peer, FEATURES(0x84000074), SUCCESS(0)));
}

/* Without any handler there still are a version and features. */
static void test_bare(void)
{
	static ffabi_callee_handler *const none[FFABI_CALL_COUNT] = {0};
	const struct ffabi_callee full = callee;
	struct ffabi_peer peer = at(0, FFABI_NS_PHYS, FFABI_CONDUIT_SMC);

	callee.handlers = none;
	CHECK(gives(&peer, R(0x84000063, 0x10001), R(0x10003)));
	CHECK(gives(&peer, FEATURES(0x84000063), SUCCESS(0)));
	CHECK(gives(&peer, FEATURES(0x84000064), SUCCESS(0)));
	CHECK(gives(&peer, FEATURES(0x84000060), SUCCESS(0)));
	CHECK(gives(&peer, FEATURES(0x84000061), SUCCESS(0)));
	CHECK(gives(&peer, FEATURES(0x84000062), SUCCESS(0)));
	CHECK(gives(&peer, FEATURES(0x84000069), NOT_SUPPORTED));
	CHECK(gives(&peer, R(0x84000069), NOT_SUPPORTED));
	callee = full;
}

/* The steps one by one: an answer that comes later, into other registers. */
static void test_steps(void)
{
	struct ffabi_peer peer = at(FFABI_V1_1, FFABI_NS_PHYS, FFABI_CONDUIT_SMC);
	struct ffabi_regs late = {{1, 2, 3, 4, 5, 6, 7, 8, 9}};
	const struct ffabi_regs *request = R(0x84000069);

	handled = 0;
	CHECK(ffabi_callee_take(&callee, &peer, &ex, request) == FFABI_STATUS_SUCCESS);
	CHECK(handled == 0 && ex.request.call == FFABI_CALL_ID_GET && ex.regs == request);
	CHECK(ex.reply.of == FFABI_CALL_ID_GET && ex.reply.u.id_get.kind == FFABI_CALL_SUCCESS);
	ex.reply.u.id_get.u.success.id = 0x1234;
	CHECK(ffabi_callee_give(&ex, &late) == FFABI_OK);
	CHECK(late.x[0] == 0x84000061 && late.x[2] == 0x1234 && late.x[7] == 0 && late.x[8] == 9);
	ex.reply.u.id_get.kind = FFABI_CALL_YIELD;
	late.x[0] = 77;
	CHECK(ffabi_callee_give(&ex, &late) == FFABI_E_FID && late.x[0] == 77);
	ffabi_callee_refuse(&ex, FFABI_STATUS_BUSY, &late);
	CHECK(late.x[0] == 0x84000060 && late.x[2] == 0xfffffffc && late.x[8] == 9);
	CHECK(ffabi_callee_take(&callee, &peer, &ex, R(0x84000068)) == FFABI_STATUS_NOT_SUPPORTED);
	/* FFA_VERSION has no FFA_ERROR */
	CHECK(ffabi_callee_take(&callee, &peer, &ex, R(0x84000063, 0x10001)) ==
	      FFABI_STATUS_SUCCESS);
	ffabi_callee_refuse(&ex, FFABI_STATUS_BUSY, &late);
	CHECK(late.x[0] == 0xffffffff && late.x[2] == 0 && late.x[8] == 9);
}

int main(void)
{
	test_negotiation();
	test_registers_that_stay();
	test_lock();
	test_queries();
	test_unknown_ids();
	test_versions_of_calls();
	test_instances();
	test_malformed();
	test_statuses();
	test_features_of_functions();
	test_properties();
	test_bare();
	test_steps();
	return done();
}
