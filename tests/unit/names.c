/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Names, ids and the dispatcher.  The table is written out here, from the headers of
 * public implementations, and not taken from the library.  r106: every id has to find
 * its own call; r043, r107, r173: each in its own convention.
 */
#include <ffabi/calls.h>
#include <ffabi/fields.h>
#include <ffabi/request.h>
#include <ffabi/text.h>

#include "check.h"

static const struct {
	uint32_t fid;
	enum ffabi_call call;
	const char *name;
} known[] = {
	{0x84000060, FFABI_CALL_ERROR, "FFA_ERROR"},
	{0xc4000060, FFABI_CALL_ERROR, "FFA_ERROR"},
	{0x84000061, FFABI_CALL_SUCCESS, "FFA_SUCCESS"},
	{0xc4000061, FFABI_CALL_SUCCESS, "FFA_SUCCESS"},
	{0x84000062, FFABI_CALL_INTERRUPT, "FFA_INTERRUPT"},
	{0xc4000062, FFABI_CALL_INTERRUPT, "FFA_INTERRUPT"},
	{0x84000063, FFABI_CALL_VERSION, "FFA_VERSION"},
	{0x84000064, FFABI_CALL_FEATURES, "FFA_FEATURES"},
	{0x84000065, FFABI_CALL_RX_RELEASE, "FFA_RX_RELEASE"},
	{0x84000066, FFABI_CALL_RXTX_MAP, "FFA_RXTX_MAP"},
	{0xc4000066, FFABI_CALL_RXTX_MAP, "FFA_RXTX_MAP"},
	{0x84000067, FFABI_CALL_RXTX_UNMAP, "FFA_RXTX_UNMAP"},
	{0x84000068, FFABI_CALL_PARTITION_INFO_GET, "FFA_PARTITION_INFO_GET"},
	{0x84000069, FFABI_CALL_ID_GET, "FFA_ID_GET"},
	{0x8400006a, FFABI_CALL_MSG_POLL, "FFA_MSG_POLL"},
	{0x8400006b, FFABI_CALL_MSG_WAIT, "FFA_MSG_WAIT"},
	{0xc400006b, FFABI_CALL_MSG_WAIT, "FFA_MSG_WAIT"},
	{0x8400006c, FFABI_CALL_YIELD, "FFA_YIELD"},
	{0xc400006c, FFABI_CALL_YIELD, "FFA_YIELD"},
	{0x8400006d, FFABI_CALL_RUN, "FFA_RUN"},
	{0xc400006d, FFABI_CALL_RUN, "FFA_RUN"},
	{0x8400006e, FFABI_CALL_MSG_SEND, "FFA_MSG_SEND"},
	{0x8400006f, FFABI_CALL_MSG_SEND_DIRECT_REQ, "FFA_MSG_SEND_DIRECT_REQ"},
	{0xc400006f, FFABI_CALL_MSG_SEND_DIRECT_REQ, "FFA_MSG_SEND_DIRECT_REQ"},
	{0x84000070, FFABI_CALL_MSG_SEND_DIRECT_RESP, "FFA_MSG_SEND_DIRECT_RESP"},
	{0xc4000070, FFABI_CALL_MSG_SEND_DIRECT_RESP, "FFA_MSG_SEND_DIRECT_RESP"},
	{0x84000071, FFABI_CALL_MEM_DONATE, "FFA_MEM_DONATE"},
	{0xc4000071, FFABI_CALL_MEM_DONATE, "FFA_MEM_DONATE"},
	{0x84000072, FFABI_CALL_MEM_LEND, "FFA_MEM_LEND"},
	{0xc4000072, FFABI_CALL_MEM_LEND, "FFA_MEM_LEND"},
	{0x84000073, FFABI_CALL_MEM_SHARE, "FFA_MEM_SHARE"},
	{0xc4000073, FFABI_CALL_MEM_SHARE, "FFA_MEM_SHARE"},
	{0x84000074, FFABI_CALL_MEM_RETRIEVE_REQ, "FFA_MEM_RETRIEVE_REQ"},
	{0xc4000074, FFABI_CALL_MEM_RETRIEVE_REQ, "FFA_MEM_RETRIEVE_REQ"},
	{0x84000075, FFABI_CALL_MEM_RETRIEVE_RESP, "FFA_MEM_RETRIEVE_RESP"},
	{0x84000076, FFABI_CALL_MEM_RELINQUISH, "FFA_MEM_RELINQUISH"},
	{0x84000077, FFABI_CALL_MEM_RECLAIM, "FFA_MEM_RECLAIM"},
	{0x84000078, FFABI_CALL_MEM_OP_PAUSE, "FFA_MEM_OP_PAUSE"},
	{0x84000079, FFABI_CALL_MEM_OP_RESUME, "FFA_MEM_OP_RESUME"},
	{0x8400007a, FFABI_CALL_MEM_FRAG_RX, "FFA_MEM_FRAG_RX"},
	{0x8400007b, FFABI_CALL_MEM_FRAG_TX, "FFA_MEM_FRAG_TX"},
	{0x8400007c, FFABI_CALL_NORMAL_WORLD_RESUME, "FFA_NORMAL_WORLD_RESUME"},
	{0xc400007c, FFABI_CALL_NORMAL_WORLD_RESUME, "FFA_NORMAL_WORLD_RESUME"},
	{0x8400007d, FFABI_CALL_NOTIFICATION_BITMAP_CREATE, "FFA_NOTIFICATION_BITMAP_CREATE"},
	{0x8400007e, FFABI_CALL_NOTIFICATION_BITMAP_DESTROY, "FFA_NOTIFICATION_BITMAP_DESTROY"},
	{0x8400007f, FFABI_CALL_NOTIFICATION_BIND, "FFA_NOTIFICATION_BIND"},
	{0x84000080, FFABI_CALL_NOTIFICATION_UNBIND, "FFA_NOTIFICATION_UNBIND"},
	{0x84000081, FFABI_CALL_NOTIFICATION_SET, "FFA_NOTIFICATION_SET"},
	{0x84000082, FFABI_CALL_NOTIFICATION_GET, "FFA_NOTIFICATION_GET"},
	{0x84000083, FFABI_CALL_NOTIFICATION_INFO_GET, "FFA_NOTIFICATION_INFO_GET"},
	{0xc4000083, FFABI_CALL_NOTIFICATION_INFO_GET, "FFA_NOTIFICATION_INFO_GET"},
	{0x84000084, FFABI_CALL_RX_ACQUIRE, "FFA_RX_ACQUIRE"},
	{0x84000085, FFABI_CALL_SPM_ID_GET, "FFA_SPM_ID_GET"},
	{0x84000086, FFABI_CALL_MSG_SEND2, "FFA_MSG_SEND2"},
	{0x84000087, FFABI_CALL_SECONDARY_EP_REGISTER, "FFA_SECONDARY_EP_REGISTER"},
	{0xc4000087, FFABI_CALL_SECONDARY_EP_REGISTER, "FFA_SECONDARY_EP_REGISTER"},
	{0x84000088, FFABI_CALL_MEM_PERM_GET, "FFA_MEM_PERM_GET"},
	{0xc4000088, FFABI_CALL_MEM_PERM_GET, "FFA_MEM_PERM_GET"},
	{0x84000089, FFABI_CALL_MEM_PERM_SET, "FFA_MEM_PERM_SET"},
	{0xc4000089, FFABI_CALL_MEM_PERM_SET, "FFA_MEM_PERM_SET"},
	{0x8400008a, FFABI_CALL_CONSOLE_LOG, "FFA_CONSOLE_LOG"},
	{0xc400008a, FFABI_CALL_CONSOLE_LOG, "FFA_CONSOLE_LOG"},
	{0xc400008b, FFABI_CALL_PARTITION_INFO_GET_REGS, "FFA_PARTITION_INFO_GET_REGS"},
	{0x8400008c, FFABI_CALL_EL3_INTR_HANDLE, "FFA_EL3_INTR_HANDLE"},
	{0xc400008d, FFABI_CALL_MSG_SEND_DIRECT_REQ2, "FFA_MSG_SEND_DIRECT_REQ2"},
	{0xc400008e, FFABI_CALL_MSG_SEND_DIRECT_RESP2, "FFA_MSG_SEND_DIRECT_RESP2"},
	{0xc400008f, FFABI_CALL_NS_RES_INFO_GET, "FFA_NS_RES_INFO_GET"},
	{0x84000090, FFABI_CALL_ABORT, "FFA_ABORT"},
	{0xc4000090, FFABI_CALL_ABORT, "FFA_ABORT"},
	{0xc4000094, FFABI_CALL_NOTIFICATION_BIND2, "FFA_NOTIFICATION_BIND2"},
	{0xc4000095, FFABI_CALL_NOTIFICATION_UNBIND2, "FFA_NOTIFICATION_UNBIND2"},
	{0xc4000096, FFABI_CALL_NOTIFICATION_SET2, "FFA_NOTIFICATION_SET2"},
	{0xc4000097, FFABI_CALL_NOTIFICATION_GET2, "FFA_NOTIFICATION_GET2"},
};

#define KNOWN (sizeof(known) / sizeof(known[0]))

static const char *name_of(uint32_t fid)
{
	unsigned int i;

	for (i = 0; i < KNOWN; i++) {
		if (known[i].fid == fid)
			return known[i].name;
	}
	return NULL;
}

/* Is a request with this id and no arguments taken for that call, in some version? */
static int dispatched(uint32_t fid, enum ffabi_call call)
{
	struct ffabi_ctx c = {FFABI_V1_3, FFABI_STRICT, 0, {0, 0, 0, 0}};
	struct ffabi_request request;
	struct ffabi_regs r;

	memset(&r, 0, sizeof(r));
	memset(&request, 0xa5, sizeof(request));
	r.x[0] = fid;
	if (ffabi_request_unpack(&c, &r, &request) == FFABI_E_VERSION) {
		c.version = FFABI_V1_0;
		memset(&request, 0xa5, sizeof(request));
		if (ffabi_request_unpack(&c, &r, &request) == FFABI_E_VERSION)
			return 0;
	}
	return c.err.rule != FFABI_E_FID && request.call == call &&
	       request.conv == ((fid >> 30 & 1) != 0 ? FFABI_SMC64 : FFABI_SMC32);
}

static void test_known(void)
{
	unsigned int i;

	for (i = 0; i < KNOWN; i++) {
		const uint32_t fid = known[i].fid;

		if (!same(ffabi_function_name(fid), known[i].name) ||
		    !dispatched(fid, known[i].call))
			printf("%s %08x\n", known[i].name, (unsigned int)fid);
		CHECK(same(ffabi_function_name(fid), known[i].name));
		CHECK(same(ffabi_call_name(known[i].call), known[i].name));
		CHECK(ffabi_call_of(fid) == known[i].call);
		CHECK(dispatched(fid, known[i].call));
		/* bit 30 and nothing else says which convention it is */
		CHECK(ffabi_conv_of(fid) == (fid >= 0xc0000000 ? FFABI_SMC64 : FFABI_SMC32));
	}
}

static void test_unknown(void)
{
	static const uint32_t fids[] = {0,	    1,		0x84000000, 0x8400005f, 0x840000ff,
					0xc40000ff, 0xffffffff, 0x04000073, 0x85000073, 0x84010073,
					0x84000173, 0xc4000063, 0x8400008b, 0xc4000084};
	unsigned int i;
	uint32_t n;

	for (i = 0; i < sizeof(fids) / sizeof(fids[0]); i++) {
		struct ffabi_ctx c = {FFABI_V1_3, FFABI_STRICT, 0, {0, 0, 0, 0}};
		struct ffabi_request request;
		struct ffabi_regs r;

		memset(&r, 0, sizeof(r));
		r.x[0] = fids[i];
		CHECK(ffabi_function_name(fids[i]) == NULL);
		CHECK(ffabi_call_of(fids[i]) == FFABI_CALL_COUNT);
		CHECK(ffabi_request_unpack(&c, &r, &request) == FFABI_E_FID);
	}
	/* the whole range of FF-A, in both conventions */
	for (n = 0; n < 0x100; n++) {
		CHECK(same(ffabi_function_name(0x84000000 + n), name_of(0x84000000 + n)));
		CHECK(same(ffabi_function_name(0xc4000000 + n), name_of(0xc4000000 + n)));
	}
	CHECK(ffabi_call_name(FFABI_CALL_COUNT) == NULL);
	CHECK(ffabi_call_name(0xffffffff) == NULL);
}

static void test_registers_passed(void)
{
	static const uint32_t versions[] = {FFABI_V1_0, FFABI_V1_1, FFABI_V1_2, FFABI_V1_3};
	unsigned int i;

	for (i = 0; i < 4; i++) {
		CHECK(ffabi_passed(versions[i], FFABI_SMC32) == 8);
		CHECK(ffabi_passed(versions[i], FFABI_SMC64) == (i < 2 ? 8 : 18));
	}
	CHECK(ffabi_passed(0, FFABI_SMC32) == 8 && ffabi_passed(0, FFABI_SMC64) == 8);
}

/* Rules, fields and tables: one behind the last, and far from it. */
static void test_numbers(void)
{
	static const unsigned int beyond[] = {FFABI_E_COUNT, 0x10000, 0xffffffff};
	unsigned int i;

	CHECK(same(ffabi_rule_name(FFABI_OK), "OK") &&
	      same(ffabi_rule_name(FFABI_E_OVERLAP), "OVERLAP"));
	CHECK(same(ffabi_field_name(FFABI_F_FUNCTION_ID), "function_id"));
	CHECK(same(ffabi_table_name(FFABI_TABLE_MEM_TRANSACTION), "Memory transaction descriptor"));
	for (i = 0; i < sizeof(beyond) / sizeof(beyond[0]); i++) {
		CHECK(ffabi_rule_name(beyond[i]) == NULL);
		CHECK(ffabi_rule_text(beyond[i]) == NULL);
	}
	for (i = 0; i < FFABI_E_COUNT; i++)
		CHECK(ffabi_rule_name(i) != NULL && ffabi_rule_text(i) != NULL);
	for (i = 0; i < 0x400;
	     i++) { /* more than there are: named up to the last, and no further */
		CHECK(ffabi_field_name(i) != NULL || ffabi_field_name(i + 1) == NULL);
		CHECK((ffabi_table_name(i) != NULL) == (i < FFABI_TABLE_COUNT));
	}
	CHECK(ffabi_field_name(0x400) == NULL && ffabi_field_name(0xffffffff) == NULL);
	CHECK(ffabi_table_name(0xffffffff) == NULL);
}

int main(void)
{
	test_known();
	test_unknown();
	test_registers_passed();
	test_numbers();
	return done();
}
