/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* The description of registers as data, on FFA_NOTIFICATION_SET and on the fields that need more
 * than a shift. */
#include <ffabi/calls.h>
#include <ffabi/describe.h>
#include <ffabi/fields.h>
#include <ffabi/text.h>

#include "check.h"

static struct ffabi_desc_layout layout_of(unsigned int call, enum ffabi_desc_part part)
{
	struct ffabi_desc_layout layout = {0xffff, 0xffff};

	ffabi_describe(call, part, &layout);
	return layout;
}

static struct ffabi_desc_layout table_layout(unsigned int table)
{
	struct ffabi_desc_layout layout = {0xffff, 0xffff};

	ffabi_describe_table(table, &layout);
	return layout;
}

/* The fields of the last table are the last ones. */
static void test_tables(void)
{
	struct ffabi_desc_layout layout = {0, 0};
	unsigned int end = 0, i;

	for (i = 0; i < FFABI_TABLE_COUNT; i++) {
		layout = table_layout(i);
		CHECK(layout.count != 0);
		end = layout.first + layout.count > end ? layout.first + layout.count : end;
		CHECK(ffabi_describe_table_field(layout.first) != NULL);
	}
	CHECK(ffabi_describe_table_field(end - 1) != NULL &&
	      ffabi_describe_table_field(end) == NULL);
}

/* The field of a layout that is live in the version and convention; a null pointer when there is
 * none. */
static const struct ffabi_desc_field *find(struct ffabi_desc_layout layout, unsigned int field,
					   uint32_t version, enum ffabi_conv conv)
{
	unsigned int i;

	for (i = 0; i < layout.count; i++) {
		const struct ffabi_desc_field *f = ffabi_describe_field(layout.first + i);

		if (f != NULL && f->field == field && ffabi_desc_live(f, version, conv))
			return f;
	}
	return NULL;
}

static void test_notification_set(void)
{
	/* vCPU 5, per-vCPU and delayed, notification 33 */
	const struct ffabi_regs r = {{0x84000081, 0x80010002, 0x00050003, 0, 2}};
	const struct ffabi_desc_layout layout =
		layout_of(FFABI_CALL_NOTIFICATION_SET, FFABI_PART_REQUEST);
	const struct ffabi_desc_field *f;
	unsigned int i, last = 0;

	CHECK(layout.count != 0);
	for (i = 0; i < layout.count; i++) {
		f = ffabi_describe_field(layout.first + i);
		CHECK(f != NULL);
		if (f == NULL)
			return;
		CHECK(f->first >= last && f->last >= f->first && f->last < 18);
		CHECK(f->hi >= f->lo && f->hi < 64);
		CHECK(ffabi_field_name(f->field) != NULL);
		CHECK(!ffabi_desc_live(f, FFABI_V1_0, FFABI_SMC32)); /* the call came with 1.1 */
		CHECK(!ffabi_desc_live(f, FFABI_V1_1, FFABI_SMC64)); /* and has no 64-bit form */
		CHECK(!ffabi_desc_live(f, FFABI_V1_3 + 1, FFABI_SMC32));
		CHECK(!ffabi_desc_live(f, 0, FFABI_SMC32));
		last = f->first;
	}
	f = find(layout, FFABI_F_SENDER_ID, FFABI_V1_1, FFABI_SMC32);
	CHECK(f != NULL && ffabi_desc_value(f, &r, FFABI_SMC32) == 0x8001);
	f = find(layout, FFABI_F_RECEIVER_ID, FFABI_V1_1, FFABI_SMC32);
	CHECK(f != NULL && ffabi_desc_value(f, &r, FFABI_SMC32) == 2);
	f = find(layout, FFABI_F_RECEIVER_VCPU_ID, FFABI_V1_3, FFABI_SMC32);
	CHECK(f != NULL && ffabi_desc_value(f, &r, FFABI_SMC32) == 5);
	f = find(layout, FFABI_F_BITMAP, FFABI_V1_2, FFABI_SMC32);
	CHECK(f != NULL && f->first == 3 && f->last == 4);
	CHECK(f != NULL && ffabi_desc_value(f, &r, FFABI_SMC32) == 0x200000000);
	f = find(layout, FFABI_F_FLAGS, FFABI_V1_1, FFABI_SMC32);
	CHECK(f != NULL && f->show == FFABI_SHOW_FLAGS &&
	      ffabi_desc_value(f, &r, FFABI_SMC32) == 3);
	if (f != NULL) {
		CHECK(same(ffabi_flag_name(f->table, 0), "per_vcpu"));
		CHECK(same(ffabi_flag_name(f->table, 1), "delay_sri"));
		CHECK(ffabi_flag_name(f->table, 2) == NULL);
	}
}

/* What is not there. */
static void test_nothing(void)
{
	CHECK(layout_of(FFABI_CALL_COUNT, FFABI_PART_REQUEST).count == 0);
	CHECK(layout_of(0xffffffff, FFABI_PART_REQUEST).count == 0);
	CHECK(layout_of(FFABI_CALL_NOTIFICATION_SET, (enum ffabi_desc_part)3).count == 0);
	CHECK(layout_of(FFABI_CALL_NOTIFICATION_SET, FFABI_PART_ERROR).count == 0);
	CHECK(layout_of(FFABI_CALL_VERSION, FFABI_PART_ERROR).count != 0);
	CHECK(ffabi_describe_field(0xffffffff) == NULL);
	CHECK(table_layout(FFABI_TABLE_COUNT).count == 0 &&
	      table_layout(FFABI_TABLE_COUNT).first == 0);
	CHECK(table_layout(0xffffffff).count == 0);
	CHECK(ffabi_describe_table_field(0xffffffff) == NULL);
	CHECK(ffabi_enumerator_name(0xffff, 0) == NULL);
	CHECK(ffabi_flag_name(0xffff, 0) == NULL);
}

/* r172, r184, r187: the same UUID over four w registers and over two x registers. */
static void test_uuid(void)
{
	const struct ffabi_regs w = {{0x84000068, 0xa4a3a2a1, 0xc2c1b2b1, 0xd4d3d2d1, 0xd8d7d6d5}};
	const struct ffabi_regs x = {{0xc400008b, 0xc2c1b2b1a4a3a2a1, 0xd8d7d6d5d4d3d2d1}};
	const struct ffabi_desc_field *f;
	struct ffabi_uuid uuid = {0, 0};

	f = find(layout_of(FFABI_CALL_PARTITION_INFO_GET, FFABI_PART_REQUEST), FFABI_F_UUID,
		 FFABI_V1_0, FFABI_SMC32);
	CHECK(f != NULL && f->show == FFABI_SHOW_UUID && f->first == 1 && f->last == 4);
	if (f != NULL)
		ffabi_desc_uuid(f, &w, &uuid);
	CHECK(uuid.lo == 0xc2c1b2b1a4a3a2a1 && uuid.hi == 0xd8d7d6d5d4d3d2d1);

	memset(&uuid, 0, sizeof(uuid));
	f = find(layout_of(FFABI_CALL_PARTITION_INFO_GET_REGS, FFABI_PART_REQUEST), FFABI_F_UUID,
		 FFABI_V1_2, FFABI_SMC64);
	CHECK(f != NULL && f->show == FFABI_SHOW_UUID && f->first == 1 && f->last == 2);
	if (f != NULL)
		ffabi_desc_uuid(f, &x, &uuid);
	CHECK(uuid.lo == 0xc2c1b2b1a4a3a2a1 && uuid.hi == 0xd8d7d6d5d4d3d2d1);
}

/* r179: a count that the register holds minus 1; and the widths of an address. */
static void test_bias_and_width(void)
{
	const struct ffabi_regs r = {{0xc4000088, 0xffff000000010000, 15}};
	const struct ffabi_desc_layout layout =
		layout_of(FFABI_CALL_MEM_PERM_GET, FFABI_PART_REQUEST);
	const struct ffabi_desc_field *f =
		find(layout, FFABI_F_PAGE_COUNT, FFABI_V1_3, FFABI_SMC64);

	CHECK(f != NULL && f->bias == 1 && ffabi_desc_value(f, &r, FFABI_SMC64) == 16);
	CHECK(find(layout, FFABI_F_PAGE_COUNT, FFABI_V1_2, FFABI_SMC64) == NULL);
	f = find(layout, FFABI_F_BASE_ADDRESS, FFABI_V1_1, FFABI_SMC64);
	CHECK(f != NULL && ffabi_desc_value(f, &r, FFABI_SMC64) == 0xffff000000010000);
	CHECK(f != NULL && ffabi_desc_value(f, &r, FFABI_SMC32) == 0x10000);

	f = find(layout_of(FFABI_CALL_MEM_PERM_GET, FFABI_PART_SUCCESS), FFABI_F_DATA_ACCESS,
		 FFABI_V1_1, FFABI_SMC32);
	CHECK(f != NULL && f->show == FFABI_SHOW_ENUM);
	if (f != NULL) {
		CHECK(same(ffabi_enumerator_name(f->table, 0), "no_access"));
		CHECK(same(ffabi_enumerator_name(f->table, 1), "read_write"));
		CHECK(ffabi_enumerator_name(f->table, 2) == NULL);
		CHECK(same(ffabi_enumerator_name(f->table, 3), "read_only"));
		CHECK(ffabi_enumerator_name(f->table, 0x100000001) == NULL);
	}
}

static int held(unsigned int call, enum ffabi_desc_where where, enum ffabi_table table,
		uint8_t usage)
{
	struct ffabi_desc_buffer b;

	ffabi_describe_buffer(call, &b);
	return b.where == where && b.table == table && b.usage == usage;
}

/* Which buffer a callee reads or fills, and by which rules it judges the table there. */
static void test_buffers(void)
{
	/* hafnium: api_ffa_mem_send and api_memory_region_check_flags take address and page count
	 * for another buffer than TX and tell the three calls apart; optee_os: handle_mem_op uses
	 * both buffers. */
	CHECK(held(FFABI_CALL_MEM_DONATE, FFABI_IN_TX_OR_ADDRESS, FFABI_TABLE_MEM_TRANSACTION,
		   FFABI_USAGE_DONATE));
	CHECK(held(FFABI_CALL_MEM_LEND, FFABI_IN_TX_OR_ADDRESS, FFABI_TABLE_MEM_TRANSACTION,
		   FFABI_USAGE_LEND));
	CHECK(held(FFABI_CALL_MEM_SHARE, FFABI_IN_TX_OR_ADDRESS, FFABI_TABLE_MEM_TRANSACTION,
		   FFABI_USAGE_SHARE));
	/* hafnium: api_ffa_mem_retrieve_req reads TX and refuses another buffer; the response is in
	 * RX (optee_os: spmc_retrieve_req). */
	CHECK(held(FFABI_CALL_MEM_RETRIEVE_REQ, FFABI_IN_TX_OR_ADDRESS, FFABI_TABLE_MEM_TRANSACTION,
		   FFABI_USAGE_RETRIEVE_REQ));
	CHECK(held(FFABI_CALL_MEM_RETRIEVE_RESP, FFABI_IN_RX, FFABI_TABLE_MEM_TRANSACTION,
		   FFABI_USAGE_RETRIEVE_RESP));
	/* hafnium: api_ffa_partition_info_get fills RX; xen: ffa_handle_partition_info_get */
	CHECK(held(FFABI_CALL_PARTITION_INFO_GET, FFABI_IN_RX, FFABI_TABLE_PARTITION_INFO, 0));
	/* hafnium: api_ffa_msg_send2; xen: ffa_handle_msg_send2 */
	CHECK(held(FFABI_CALL_MSG_SEND2, FFABI_IN_TX, FFABI_TABLE_PARTITION_MESSAGE_HEADER, 0));
	/* hafnium: api_ffa_mem_relinquish */
	CHECK(held(FFABI_CALL_MEM_RELINQUISH, FFABI_IN_TX, FFABI_TABLE_MEM_RELINQUISH_DESCRIPTOR,
		   0));
}

int main(void)
{
	test_notification_set();
	test_nothing();
	test_tables();
	test_uuid();
	test_bias_and_width();
	test_buffers();
	return done();
}
