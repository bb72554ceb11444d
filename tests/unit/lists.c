/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Tables that are followed by elements.  Bytes are literals: from a trace, or worked by hand from
 * the tables. */
#include <ffabi/lists.h>

#include "buffers.h"

/* tests/captures/tinysp-debian-tfa2.12-el3spmc.txt, call 4. */
static const uint8_t real_entry[24] ALIGNED = {0x01, 0x80, 0x20, 0x00, 0x01, 0x01, 0x00, 0x00,
					       0x48, 0x61, 0x78, 0xe0, 0xe7, 0xf8, 0x11, 0xe3,
					       0xbc, 0x5e, 0x00, 0x02, 0xa5, 0xd5, 0xc5, 0x1b};

static void partition_lists(void)
{
	const struct ffabi_src src = bytes(real_entry, sizeof(real_entry));
	struct ffabi_entries said = {1, 24};
	struct ffabi_partition_cursor cur;
	struct ffabi_partition_info info;
	struct ffabi_ctx c = at(FFABI_V1_1);

	CHECK(ffabi_partition_open(&c, &src, &said, &cur) == FFABI_OK);
	CHECK(ffabi_partition_next(&c, &cur, &info) == FFABI_OK);
	CHECK(info.partition_id == 0x8001 && info.exec_ctx_count == 32 && info.properties == 1);
	CHECK(info.protocol_uuid.lo == 0xe311f8e7e0786148ull);
	CHECK(info.protocol_uuid.hi == 0x1bc5d5a502005ebcull);
	CHECK(ffabi_partition_next(&c, &cur, &info) == FFABI_END);
	said.count = 2; /* r098: beyond the end of the buffer */
	REFUSED(ffabi_partition_open(&c, &src, &said, &cur), FFABI_E_SHORT, FFABI_F_COUNT, 0, 2);
	said.count = 1;
	said.size = 8;
	REFUSED(ffabi_partition_open(&c, &src, &said, &cur), FFABI_E_RANGE, FFABI_F_DESCRIPTOR_SIZE,
		0, 8);
	said.size = 28;
	REFUSED(ffabi_partition_open(&c, &src, &said, &cur), FFABI_E_ALIGN, FFABI_F_DESCRIPTOR_SIZE,
		0, 28);
	said.size = 0x80000000u;
	said.count = 0x20; /* the product wraps to 0 in 32 bits */
	REFUSED(ffabi_partition_open(&c, &src, &said, &cur), FFABI_E_SHORT, FFABI_F_COUNT, 0, 0x20);
	c = at(0x20000);
	REFUSED(ffabi_partition_open(&c, &src, &said, &cur), FFABI_E_VERSION, FFABI_F_VERSION, 0,
		0x20000);
}

/* Version 1.0 says no size: entries of 8 bytes. */
static void old_entries(void)
{
	static const uint8_t two[16] ALIGNED = {0x01, 0x80, 1, 0, 3, 0, 0, 0,
						0x02, 0x80, 8, 0, 7, 0, 0, 0};
	const struct ffabi_src src = bytes(two, sizeof(two));
	const struct ffabi_entries said = {2, 0};
	struct ffabi_partition_cursor cur;
	struct ffabi_partition_info info;
	struct ffabi_ctx c = at(FFABI_V1_0);

	CHECK(ffabi_partition_open(&c, &src, &said, &cur) == FFABI_OK);
	CHECK(ffabi_partition_next(&c, &cur, &info) == FFABI_OK && info.partition_id == 0x8001);
	CHECK(ffabi_partition_next(&c, &cur, &info) == FFABI_OK && info.partition_id == 0x8002);
	CHECK(info.exec_ctx_count == 8 && info.properties == 7 && info.protocol_uuid.lo == 0);
	CHECK(ffabi_partition_next(&c, &cur, &info) == FFABI_END);
}

/* r154 (and r020: a property of a later version): a callee of 1.3 returns entries of 48 bytes; the
 * second begins there, not at 24. */
static void longer_entries(void)
{
	uint8_t two[96] ALIGNED = {0};
	const struct ffabi_src src = bytes(two, sizeof(two));
	const struct ffabi_entries said = {2, 48};
	struct ffabi_partition_cursor cur;
	struct ffabi_partition_info info;
	struct ffabi_ctx c = at(FFABI_V1_2);

	two[0] = 0x01;
	two[1] = 0x80;
	two[48] = 0x02;
	two[49] = 0x80;
	two[24] = 0xee; /* image UUID of the first: not this version's business */
	CHECK(ffabi_partition_open(&c, &src, &said, &cur) == FFABI_OK);
	CHECK(ffabi_partition_next(&c, &cur, &info) == FFABI_OK && info.partition_id == 0x8001);
	CHECK(ffabi_partition_next(&c, &cur, &info) == FFABI_OK && info.partition_id == 0x8002);
	/* undefined properties in the second */
	two[48 + 7] = 0x80;
	CHECK(ffabi_partition_open(&c, &src, &said, &cur) == FFABI_OK);
	CHECK(ffabi_partition_next(&c, &cur, &info) == FFABI_OK);
	CHECK(ffabi_partition_next(&c, &cur, &info) == FFABI_E_MBZ && c.err.at == 48 + 4);
	CHECK(c.err.field == FFABI_F_MORE_PROPERTIES && c.err.value == 0x80000000u);
	c = at(FFABI_V1_3);
	CHECK(ffabi_partition_open(&c, &src, &said, &cur) == FFABI_OK);
	CHECK(ffabi_partition_next(&c, &cur, &info) == FFABI_OK && info.image_uuid.lo == 0xee);
}

/* Partition managers keep the properties of a later version from older callers: bit 3 before 1.1,
 * bits 9 and 10 before 1.2 (hafnium: send_versioned_partition_info_descriptors, optee_os:
 * spmc_fill_partition_entry). */
static void properties_by_version(void)
{
	uint8_t entry[24] ALIGNED = {0x01, 0x80, 1, 0, 0x08};
	const struct ffabi_src src = bytes(entry, sizeof(entry));
	const struct ffabi_entries old = {1, 0}, said = {1, 24};
	struct ffabi_partition_cursor cur;
	struct ffabi_partition_info info;
	struct ffabi_ctx c = at(FFABI_V1_0);

	CHECK(ffabi_partition_open(&c, &src, &old, &cur) == FFABI_OK);
	REFUSED(ffabi_partition_next(&c, &cur, &info), FFABI_E_MBZ, FFABI_F_PROPERTIES, 4, 8);
	c = at(FFABI_V1_1);
	CHECK(ffabi_partition_open(&c, &src, &said, &cur) == FFABI_OK);
	CHECK(ffabi_partition_next(&c, &cur, &info) == FFABI_OK && info.properties == 8);
	entry[4] = 0;
	entry[5] = 0x02;
	CHECK(ffabi_partition_open(&c, &src, &said, &cur) == FFABI_OK);
	REFUSED(ffabi_partition_next(&c, &cur, &info), FFABI_E_MBZ, FFABI_F_MORE_PROPERTIES, 4,
		0x200);
	entry[5] = 0x04;
	CHECK(ffabi_partition_open(&c, &src, &said, &cur) == FFABI_OK);
	REFUSED(ffabi_partition_next(&c, &cur, &info), FFABI_E_MBZ, FFABI_F_MORE_PROPERTIES, 4,
		0x400);
	c = at(FFABI_V1_2);
	entry[5] = 0x06;
	CHECK(ffabi_partition_open(&c, &src, &said, &cur) == FFABI_OK);
	CHECK(ffabi_partition_next(&c, &cur, &info) == FFABI_OK && info.more_properties == 24);
}

/* What the entries above look like when a partition manager writes them. */
static void written_entries(void)
{
	struct ffabi_partition_info in[2] = {{0}, {0}};
	uint8_t out[48] ALIGNED;
	struct ffabi_dst dst = room(out, 47);
	struct ffabi_entries said = {0, 0};
	struct ffabi_ctx c = at(FFABI_V1_1);

	in[0].partition_id = 0x8001;
	in[0].exec_ctx_count = 32;
	in[0].properties = 1;
	in[0].more_properties = 1u << 2; /* bit 8 of the word */
	in[0].protocol_uuid.lo = 0xe311f8e7e0786148ull;
	in[0].protocol_uuid.hi = 0x1bc5d5a502005ebcull;
	in[1].partition_id = 0x8002;
	memset(out, 0x5a, sizeof(out));
	REFUSED(ffabi_partition_pack(&c, in, 2, &dst, &said), FFABI_E_SHORT, FFABI_F_COUNT, 0, 2);
	dst.len = 48;
	in[1].more_properties = 0x2000000u;
	CHECK(ffabi_partition_pack(&c, in, 2, &dst, &said) == FFABI_E_MBZ && c.err.at == 28);
	CHECK(out[0] == 0x5a && said.count == 0);
	in[1].more_properties = 0;
	CHECK(ffabi_partition_pack(&c, in, 2, &dst, &said) == FFABI_OK);
	CHECK(said.count == 2 && said.size == 24);
	CHECK(memcmp(out, real_entry, 24) == 0);
	CHECK(out[24] == 0x02 && out[25] == 0x80 && out[26] == 0 && out[47] == 0);
	c = at(FFABI_V1_0);
	in[0].more_properties = 0;
	in[0].protocol_uuid.lo = 0;
	in[0].protocol_uuid.hi = 0;
	CHECK(ffabi_partition_pack(&c, in, 2, &dst, &said) == FFABI_OK && said.size == 0);
	CHECK(out[2] == 32 && out[4] == 1 && out[8] == 0x02 && out[9] == 0x80);
	c = at(0);
	REFUSED(ffabi_partition_pack(&c, in, 2, &dst, &said), FFABI_E_VERSION, FFABI_F_VERSION, 0,
		0);
}

/* r154, r157: entries in registers, 3 or 6 each. */
static void entries_in_registers(void)
{
	struct ffabi_partition_info_get_regs_success in = {0};
	struct ffabi_partition_info info;
	struct ffabi_ctx c = at(FFABI_V1_2);

	in.descriptor_size = 24;
	in.descriptors[3] = 0x0000000100208002ull; /* x6: id 0x8002, 32 contexts, properties 1 */
	in.descriptors[4] = 0x1111;
	in.descriptors[5] = 0x2222;
	CHECK(ffabi_partition_of_regs(&c, &in, 1, &info) == FFABI_OK);
	CHECK(info.partition_id == 0x8002 && info.exec_ctx_count == 32 && info.properties == 1);
	CHECK(info.protocol_uuid.lo == 0x1111 && info.protocol_uuid.hi == 0x2222);
	CHECK(ffabi_partition_of_regs(&c, &in, 4, &info) == FFABI_OK);
	CHECK(ffabi_partition_of_regs(&c, &in, 5, &info) == FFABI_END);
	CHECK(ffabi_partition_of_regs(&c, &in, 0xffffffffu, &info) == FFABI_END);
	in.descriptor_size = 48;
	in.descriptors[6] = 0x8003; /* x9 */
	CHECK(ffabi_partition_of_regs(&c, &in, 1, &info) == FFABI_OK &&
	      info.partition_id == 0x8003);
	CHECK(ffabi_partition_of_regs(&c, &in, 2, &info) == FFABI_END);
	in.descriptor_size = 16; /* nothing that the codec of the reply lets through */
	REFUSED(ffabi_partition_of_regs(&c, &in, 0, &info), FFABI_E_SHORT, FFABI_F_NONE, 0, 16);
}

/* The codec of the reply judges the size of entries: x2[63:48]. */
static void sizes_in_registers(void)
{
	struct ffabi_regs x = {{0xc4000061u, 0, 28ull << 48}};
	struct ffabi_partition_info_get_regs_reply reply;
	struct ffabi_ctx c = at(FFABI_V1_2);

	REFUSED(ffabi_partition_info_get_regs_reply_unpack(&c, &x, &reply), FFABI_E_ALIGN,
		FFABI_F_DESCRIPTOR_SIZE, 2, 28);
	x.x[2] = 16ull << 48;
	REFUSED(ffabi_partition_info_get_regs_reply_unpack(&c, &x, &reply), FFABI_E_RANGE,
		FFABI_F_DESCRIPTOR_SIZE, 2, 16);
}

static void written_registers(void)
{
	struct ffabi_partition_info_get_regs_success out = {0};
	struct ffabi_partition_info in = {0};
	struct ffabi_ctx c = at(FFABI_V1_2);

	in.partition_id = 0x8002;
	in.exec_ctx_count = 32;
	in.properties = 1;
	in.protocol_uuid.lo = 0x1111;
	CHECK(ffabi_partition_to_regs(&c, &in, 4, &out) == FFABI_OK && out.descriptor_size == 24);
	CHECK(out.descriptors[12] == 0x0000000100208002ull && out.descriptors[13] == 0x1111);
	CHECK(ffabi_partition_to_regs(&c, &in, 5, &out) == FFABI_END);
	CHECK(ffabi_partition_to_regs(&c, &in, 0xffffffffu, &out) == FFABI_END);
	in.properties = 0x80000000u;
	CHECK(ffabi_partition_to_regs(&c, &in, 0, &out) == FFABI_E_MBZ && out.descriptors[0] == 0);
	c = at(FFABI_V1_3);
	in.properties = 1;
	CHECK(ffabi_partition_to_regs(&c, &in, 1, &out) == FFABI_OK && out.descriptor_size == 48);
	CHECK(out.descriptors[6] == 0x0000000100208002ull);
	CHECK(ffabi_partition_to_regs(&c, &in, 2, &out) == FFABI_END);
}

/* r151: offset at 8, ids at 12, size at 16, and a UUID at 24 in 1.2. */
static void messages(void)
{
	uint8_t buffer[64] ALIGNED = {0};
	const struct ffabi_src src = bytes(buffer, sizeof(buffer));
	struct ffabi_partition_message_header header;
	struct ffabi_extent payload;
	struct ffabi_ctx c = at(FFABI_V1_2);

	buffer[8] = 40;
	buffer[12] = 0x02;
	buffer[13] = 0x80;
	buffer[14] = 0x01;
	buffer[16] = 24;
	buffer[24] = 0x77;
	CHECK(ffabi_message_open(&c, &src, &header, &payload) == FFABI_OK);
	CHECK(header.receiver_id == 0x8002 && header.sender_id == 1 &&
	      header.protocol_uuid.lo == 0x77);
	CHECK(payload.at == 40 && payload.n == 24);
	buffer[16] = 25;
	REFUSED(ffabi_message_open(&c, &src, &header, &payload), FFABI_E_SHORT,
		FFABI_F_PAYLOAD_SIZE, 16, 25);
	buffer[16] = 0;
	buffer[8] = 65;
	REFUSED(ffabi_message_open(&c, &src, &header, &payload), FFABI_E_SHORT,
		FFABI_F_PAYLOAD_OFFSET, 8, 65);
	buffer[8] = 64;
	CHECK(ffabi_message_open(&c, &src, &header, &payload) == FFABI_OK && payload.n == 0);
	buffer[16] = 24;
	buffer[8] = 36;
	REFUSED(ffabi_message_open(&c, &src, &header, &payload), FFABI_E_RANGE,
		FFABI_F_PAYLOAD_OFFSET, 8, 36);
	c = at(FFABI_V1_1);
	buffer[8] = 20;
	CHECK(ffabi_message_open(&c, &src, &header, &payload) == FFABI_OK && payload.at == 20);
	/* inside the header (xen: ffa_handle_msg_send2, hafnium: api_ffa_msg_send2_copy_data) */
	buffer[8] = 19;
	REFUSED(ffabi_message_open(&c, &src, &header, &payload), FFABI_E_RANGE,
		FFABI_F_PAYLOAD_OFFSET, 8, 19);
}

/* Three words of the header should be zero (hafnium: struct ffa_partition_rxtx_header). */
static void reserved_in_messages(void)
{
	static const uint8_t reserved[3] = {0, 4, 20};
	uint8_t buffer[64] ALIGNED = {0};
	const struct ffabi_src src = bytes(buffer, sizeof(buffer));
	struct ffabi_partition_message_header header;
	struct ffabi_extent payload;
	struct ffabi_ctx c = at(FFABI_V1_2);
	unsigned int i;

	buffer[8] = 40;
	for (i = 0; i < 3; i++) {
		buffer[reserved[i]] = 1;
		REFUSED(ffabi_message_open(&c, &src, &header, &payload), FFABI_E_SBZ,
			FFABI_F_RESERVED, reserved[i], 1);
		buffer[reserved[i]] = 0;
	}
}

static void written_messages(void)
{
	static const uint8_t text[3] = {'a', 'b', 'c'};
	struct ffabi_partition_message_header header = {0};
	uint8_t buffer[48] ALIGNED;
	struct ffabi_dst dst = room(buffer, 22);
	struct ffabi_ctx c = at(FFABI_V1_1);
	uint32_t total = 0;

	header.sender_id = 1;
	header.receiver_id = 0x8002;
	header.payload_offset = 20;
	header.payload_size = 3;
	memset(buffer, 0x5a, sizeof(buffer));
	REFUSED(ffabi_message_write(&c, &header, text, &dst, &total), FFABI_E_SHORT,
		FFABI_F_PAYLOAD_SIZE, 16, 3);
	dst.len = 23;
	header.protocol_uuid.lo = 1; /* has no place in 1.1 */
	CHECK(ffabi_message_write(&c, &header, text, &dst, &total) == FFABI_E_ABSENT);
	CHECK(buffer[0] == 0x5a && buffer[22] == 0x5a && total == 0);
	header.protocol_uuid.lo = 0;
	CHECK(ffabi_message_write(&c, &header, text, &dst, &total) == FFABI_OK && total == 23);
	CHECK(buffer[0] == 0 && buffer[8] == 20 && buffer[12] == 2 && buffer[13] == 0x80 &&
	      buffer[14] == 1);
	CHECK(buffer[16] == 3 && memcmp(buffer + 20, "abc", 3) == 0 && buffer[23] == 0x5a);
	c = at(FFABI_V1_2);
	dst.len = 48;
	REFUSED(ffabi_message_write(&c, &header, text, &dst, &total), FFABI_E_RANGE,
		FFABI_F_PAYLOAD_OFFSET, 8, 20);
	header.payload_offset = 44;
	CHECK(ffabi_message_write(&c, &header, text, &dst, &total) == FFABI_OK && total == 47);
	CHECK(buffer[8] == 44 && memcmp(buffer + 40, "\0\0\0\0abc", 7) == 0 && buffer[47] == 0x5a);
	header.payload_size = 0xffffffffu;
	CHECK(ffabi_message_write(&c, &header, text, &dst, &total) == FFABI_E_SHORT);
}

/* r019: one borrower of several relinquishes for itself. */
static void relinquish(void)
{
	uint8_t buffer[24] ALIGNED = {0};
	const struct ffabi_src src = bytes(buffer, 18), longer = bytes(buffer, 20);
	struct ffabi_mem_relinquish_descriptor d;
	struct ffabi_dst dst;
	struct ffabi_ctx c = at(FFABI_V1_1);
	uint16_t list[4] = {0};
	const struct ffabi_ids ids = {list, 4};
	const struct ffabi_ids few = {list, 1};
	uint32_t total;

	buffer[0] = 0xc9;
	buffer[12] = 1;
	buffer[16] = 0x01;
	buffer[17] = 0x80;
	CHECK(ffabi_relinquish_unpack(&c, &src, &d, &ids) == FFABI_OK);
	CHECK(d.handle == 0xc9 && d.endpoint_count == 1 && list[0] == 0x8001);
	buffer[12] = 2;
	REFUSED(ffabi_relinquish_unpack(&c, &src, &d, &ids), FFABI_E_SHORT, FFABI_F_ENDPOINT_COUNT,
		12, 2);
	REFUSED(ffabi_relinquish_unpack(&c, &longer, &d, &few), FFABI_E_RANGE,
		FFABI_F_ENDPOINT_COUNT, 12, 2);
	buffer[18] = 0x01;
	buffer[19] = 0x80;
	REFUSED(ffabi_relinquish_unpack(&c, &longer, &d, &ids), FFABI_E_RULE, FFABI_F_ENDPOINT_ID,
		18, 0x8001);
	buffer[12] = 0;
	REFUSED(ffabi_relinquish_unpack(&c, &src, &d, &ids), FFABI_E_RANGE, FFABI_F_ENDPOINT_COUNT,
		12, 0);
	d.handle = 0x1122334455667788ull;
	d.flags = 0;
	d.endpoint_count = 2;
	list[0] = 0x8001;
	list[1] = 0x8002;
	dst.base = buffer;
	dst.len = 20;
	CHECK(ffabi_relinquish_pack(&c, &d, list, &dst, &total) == FFABI_OK && total == 20);
	CHECK(buffer[0] == 0x88 && buffer[12] == 2 && buffer[18] == 0x02 && buffer[19] == 0x80);
	dst.len = 19;
	buffer[0] = 0x5a;
	REFUSED(ffabi_relinquish_pack(&c, &d, list, &dst, &total), FFABI_E_SHORT,
		FFABI_F_ENDPOINT_COUNT, 12, 2);
	CHECK(buffer[0] == 0x5a);
	list[1] = 0x8001;
	dst.len = 20;
	REFUSED(ffabi_relinquish_pack(&c, &d, list, &dst, &total), FFABI_E_RULE,
		FFABI_F_ENDPOINT_ID, 18, 0x8001);
	list[1] = 0x8002;
	d.flags = 0x80000000u;
	CHECK(ffabi_relinquish_pack(&c, &d, list, &dst, &total) == FFABI_E_MBZ && c.err.at == 8);
	CHECK(buffer[0] == 0x5a);
}

/* Whatever else is wrong: a version that is unknown is blamed first, by whoever reads or writes. */
static void unknown_versions(void)
{
	struct ffabi_partition_message_header header = {0};
	const struct ffabi_mem_relinquish_descriptor d = {0, 0, 1};
	static const uint8_t text[1] = {'a'};
	const uint16_t id = 0x8001;
	struct ffabi_partition_message_header message;
	struct ffabi_mem_relinquish_descriptor read;
	struct ffabi_extent payload;
	uint8_t none[8] ALIGNED = {0};
	const struct ffabi_src src = bytes(none, 0);
	const struct ffabi_dst dst = room(none, 0);
	const struct ffabi_ids ids = {NULL, 0};
	struct ffabi_ctx c = at(0x20000);
	uint32_t total = 0;

	header.payload_size = 1; /* no room for it either */
	REFUSED(ffabi_relinquish_pack(&c, &d, &id, &dst, &total), FFABI_E_VERSION, FFABI_F_VERSION,
		0, 0x20000);
	REFUSED(ffabi_message_write(&c, &header, text, &dst, &total), FFABI_E_VERSION,
		FFABI_F_VERSION, 0, 0x20000);
	REFUSED(ffabi_relinquish_unpack(&c, &src, &read, &ids), FFABI_E_VERSION, FFABI_F_VERSION, 0,
		0x20000);
	REFUSED(ffabi_message_open(&c, &src, &message, &payload), FFABI_E_VERSION, FFABI_F_VERSION,
		0, 0x20000);
	c = at(FFABI_V1_0); /* which has no indirect messages of this kind */
	REFUSED(ffabi_message_write(&c, &header, text, &dst, &total), FFABI_E_VERSION,
		FFABI_F_VERSION, 0, FFABI_V1_0);
}

int main(void)
{
	partition_lists();
	old_entries();
	longer_entries();
	properties_by_version();
	written_entries();
	entries_in_registers();
	sizes_in_registers();
	written_registers();
	messages();
	reserved_in_messages();
	written_messages();
	relinquish();
	unknown_versions();
	return done();
}
