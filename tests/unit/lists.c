/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Tables that are followed by elements.  Bytes are literals: from a trace, or worked by hand from the tables. */
#include <ffabi/lists.h>

#include "check.h"

#define ALIGNED __attribute__((aligned(8)))

static struct ffabi_ctx at(uint32_t version)
{
	struct ffabi_ctx c = { 0 };

	c.version = version;
	return c;
}

static struct ffabi_src bytes(const void *base, size_t len)
{
	struct ffabi_src src;

	src.base = base;
	src.len = len;
	return src;
}

/* tests/captures/tinysp-debian-tfa2.12-el3spmc.txt, call 4. */
static const uint8_t real_entry[24] ALIGNED = { 0x01, 0x80, 0x20, 0x00, 0x01, 0x01, 0x00, 0x00,
						0x48, 0x61, 0x78, 0xe0, 0xe7, 0xf8, 0x11, 0xe3,
						0xbc, 0x5e, 0x00, 0x02, 0xa5, 0xd5, 0xc5, 0x1b };

static void partition_lists(void)
{
	const struct ffabi_src src = bytes(real_entry, sizeof(real_entry));
	struct ffabi_entries said = { 1, 24 };
	struct ffabi_partition_cursor cur;
	struct ffabi_partition_info info;
	struct ffabi_ctx c = at(FFABI_V1_1);

	CHECK(ffabi_partition_open(&c, &src, &said, &cur) == FFABI_OK);
	CHECK(ffabi_partition_next(&c, &cur, &info) == FFABI_OK);
	CHECK(info.partition_id == 0x8001 && info.exec_ctx_count == 32 && info.properties == 1);
	CHECK(info.protocol_uuid.lo == 0xe311f8e7e0786148ull);
	CHECK(info.protocol_uuid.hi == 0x1bc5d5a502005ebcull);
	CHECK(ffabi_partition_next(&c, &cur, &info) == FFABI_END);
	said.count = 2;
	CHECK(ffabi_partition_open(&c, &src, &said, &cur) == FFABI_E_SHORT);
	said.count = 1;
	said.size = 8;
	CHECK(ffabi_partition_open(&c, &src, &said, &cur) == FFABI_E_RANGE);
	said.size = 0x80000000u;
	said.count = 0x20; /* the product wraps to 0 in 32 bits */
	CHECK(ffabi_partition_open(&c, &src, &said, &cur) == FFABI_E_SHORT);
}

/* Version 1.0 says no size: entries of 8 bytes. */
static void old_entries(void)
{
	static const uint8_t two[16] ALIGNED = { 0x01, 0x80, 1, 0, 3, 0, 0, 0, 0x02, 0x80, 8, 0, 7, 0, 0, 0 };
	const struct ffabi_src src = bytes(two, sizeof(two));
	const struct ffabi_entries said = { 2, 0 };
	struct ffabi_partition_cursor cur;
	struct ffabi_partition_info info;
	struct ffabi_ctx c = at(FFABI_V1_0);

	CHECK(ffabi_partition_open(&c, &src, &said, &cur) == FFABI_OK);
	CHECK(ffabi_partition_next(&c, &cur, &info) == FFABI_OK && info.partition_id == 0x8001);
	CHECK(ffabi_partition_next(&c, &cur, &info) == FFABI_OK && info.partition_id == 0x8002);
	CHECK(info.exec_ctx_count == 8 && info.properties == 7 && info.protocol_uuid.lo == 0);
	CHECK(ffabi_partition_next(&c, &cur, &info) == FFABI_END);
}

/* Past bug 154: a callee of 1.3 returns entries of 48 bytes; the second begins there, not at 24. */
static void longer_entries(void)
{
	uint8_t two[96] ALIGNED = { 0 };
	const struct ffabi_src src = bytes(two, sizeof(two));
	const struct ffabi_entries said = { 2, 48 };
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
	c = at(FFABI_V1_3);
	CHECK(ffabi_partition_open(&c, &src, &said, &cur) == FFABI_OK);
	CHECK(ffabi_partition_next(&c, &cur, &info) == FFABI_OK && info.image_uuid.lo == 0xee);
}

/* Past bugs 154 and 157: entries in registers, 3 or 6 each. */
static void entries_in_registers(void)
{
	struct ffabi_partition_info_get_regs_success in = { 0 };
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
	CHECK(ffabi_partition_of_regs(&c, &in, 5, &info) == FFABI_E_SHORT);
	CHECK(ffabi_partition_of_regs(&c, &in, 0xffffffffu, &info) == FFABI_E_SHORT);
	in.descriptor_size = 48;
	in.descriptors[6] = 0x8003; /* x9 */
	CHECK(ffabi_partition_of_regs(&c, &in, 1, &info) == FFABI_OK && info.partition_id == 0x8003);
	CHECK(ffabi_partition_of_regs(&c, &in, 2, &info) == FFABI_E_SHORT);
	in.descriptor_size = 16;
	CHECK(ffabi_partition_of_regs(&c, &in, 0, &info) == FFABI_E_RANGE);
}

/* Past bug 151: offset at 8, ids at 12, size at 16, and a UUID at 24 in 1.2. */
static void messages(void)
{
	uint8_t buffer[64] ALIGNED = { 0 };
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
	CHECK(header.receiver_id == 0x8002 && header.sender_id == 1 && header.protocol_uuid.lo == 0x77);
	CHECK(payload.at == 40 && payload.n == 24);
	buffer[16] = 25;
	CHECK(ffabi_message_open(&c, &src, &header, &payload) == FFABI_E_SHORT);
	buffer[16] = 24;
	buffer[8] = 36;
	CHECK(ffabi_message_open(&c, &src, &header, &payload) == FFABI_E_RANGE);
	c = at(FFABI_V1_1);
	buffer[8] = 20;
	CHECK(ffabi_message_open(&c, &src, &header, &payload) == FFABI_OK && payload.at == 20);
}

/* Past bug 19: one borrower of several relinquishes for itself. */
static void relinquish(void)
{
	uint8_t buffer[24] ALIGNED = { 0 };
	const struct ffabi_src src = bytes(buffer, 18);
	struct ffabi_mem_relinquish_descriptor d;
	struct ffabi_dst dst;
	struct ffabi_ctx c = at(FFABI_V1_1);
	uint16_t room[4] = { 0 };
	const struct ffabi_ids ids = { room, 4 };
	uint32_t total;

	buffer[0] = 0xc9;
	buffer[12] = 1;
	buffer[16] = 0x01;
	buffer[17] = 0x80;
	CHECK(ffabi_relinquish_unpack(&c, &src, &d, &ids) == FFABI_OK);
	CHECK(d.handle == 0xc9 && d.endpoint_count == 1 && room[0] == 0x8001);
	buffer[12] = 2;
	CHECK(ffabi_relinquish_unpack(&c, &src, &d, &ids) == FFABI_E_SHORT);
	buffer[12] = 0;
	CHECK(ffabi_relinquish_unpack(&c, &src, &d, &ids) == FFABI_E_RANGE);
	d.handle = 0x1122334455667788ull;
	d.flags = 0;
	d.endpoint_count = 2;
	room[0] = 0x8001;
	room[1] = 0x8002;
	dst.base = buffer;
	dst.len = 20;
	CHECK(ffabi_relinquish_pack(&c, &d, room, &dst, &total) == FFABI_OK && total == 20);
	CHECK(buffer[0] == 0x88 && buffer[12] == 2 && buffer[18] == 0x02 && buffer[19] == 0x80);
	dst.len = 19;
	buffer[0] = 0x5a;
	CHECK(ffabi_relinquish_pack(&c, &d, room, &dst, &total) == FFABI_E_SHORT && buffer[0] == 0x5a);
	room[1] = 0x8001;
	dst.len = 20;
	CHECK(ffabi_relinquish_pack(&c, &d, room, &dst, &total) == FFABI_E_RULE && buffer[0] == 0x5a);
}

/* A blob of 80 bytes: header, one descriptor at 32, 16 bytes of contents at 64. */
static void blob(uint8_t b[80])
{
	memset(b, 0, 80);
	b[0] = 0xfa;
	b[1] = 0x0f;
	b[4] = 0x03; /* version 1.3 */
	b[6] = 0x01;
	b[8] = 80;
	b[12] = 32;
	b[16] = 1;
	b[20] = 32;
	memcpy(b + 32, "FDT", 3);
	b[50] = 0x08; /* contents: offset; name: characters */
	b[52] = 16;
	b[56] = 64;
}

/* Past bugs 178 and 181. */
static void boot_information(void)
{
	uint8_t b[80] ALIGNED = { 0 };
	const struct ffabi_src src = bytes(b, sizeof(b));
	struct ffabi_boot_info_descriptor d;
	struct ffabi_boot_cursor cur;
	struct ffabi_ctx c = at(FFABI_V1_3);

	blob(b);
	CHECK(ffabi_boot_open(&c, &src, &cur) == FFABI_OK && cur.header.descriptor_count == 1);
	CHECK(ffabi_boot_next(&c, &cur, &d) == FFABI_OK && d.size == 16 && d.contents == 64);
	CHECK(ffabi_boot_next(&c, &cur, &d) == FFABI_END);
	b[52] = 17;
	CHECK(ffabi_boot_open(&c, &src, &cur) == FFABI_OK);
	CHECK(ffabi_boot_next(&c, &cur, &d) == FFABI_E_SHORT);
	blob(b);
	memcpy(b + 32, "0123456789abcdef", 16);
	CHECK(ffabi_boot_open(&c, &src, &cur) == FFABI_OK);
	CHECK(ffabi_boot_next(&c, &cur, &d) == FFABI_E_RULE && c.err.field == FFABI_F_NAME);
	blob(b);
	b[40] = 'x'; /* junk behind the zero */
	CHECK(ffabi_boot_open(&c, &src, &cur) == FFABI_OK);
	CHECK(ffabi_boot_next(&c, &cur, &d) == FFABI_E_RULE);
	blob(b);
	b[16] = 2;
	CHECK(ffabi_boot_open(&c, &src, &cur) == FFABI_E_SHORT);
	blob(b);
	b[8] = 81;
	CHECK(ffabi_boot_open(&c, &src, &cur) == FFABI_E_SHORT);
	blob(b);
	b[20] = 24;
	CHECK(ffabi_boot_open(&c, &src, &cur) != FFABI_OK);
	blob(b);
	b[12] = 36;
	CHECK(ffabi_boot_open(&c, &src, &cur) == FFABI_E_ALIGN);
	CHECK(c.err.field == FFABI_F_DESCRIPTOR_SIZE && c.err.at == 12 && c.err.value == 36);
	blob(b);
	b[20] = 36;
	CHECK(ffabi_boot_open(&c, &src, &cur) == FFABI_E_ALIGN);
	CHECK(c.err.field == FFABI_F_DESCRIPTOR_OFFSET && c.err.at == 20 && c.err.value == 36);
	blob(b);
	b[0] = 0;
	CHECK(ffabi_boot_open(&c, &src, &cur) == FFABI_E_KEY);
}

int main(void)
{
	partition_lists();
	old_entries();
	longer_entries();
	entries_in_registers();
	messages();
	relinquish();
	boot_information();
	return done();
}
