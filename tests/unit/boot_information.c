/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Boot information.  Bytes are worked by hand from the tables. */
#include <ffabi/lists.h>

#include "buffers.h"

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

/* r178: a name that does not end; r181: descriptors and contents outside the blob. */
static void boot_information(void)
{
	uint8_t b[80] ALIGNED = {0};
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
	REFUSED(ffabi_boot_next(&c, &cur, &d), FFABI_E_SHORT, FFABI_F_CONTENTS, 56, 64);
	blob(b);
	b[56] = 63; /* the last byte of the descriptor */
	CHECK(ffabi_boot_open(&c, &src, &cur) == FFABI_OK);
	REFUSED(ffabi_boot_next(&c, &cur, &d), FFABI_E_OVERLAP, FFABI_F_CONTENTS, 56, 63);
	b[52] = 0;
	CHECK(ffabi_boot_next(&c, &cur, &d) == FFABI_OK);
	blob(b);
	memcpy(b + 32, "0123456789abcdef", 16);
	CHECK(ffabi_boot_open(&c, &src, &cur) == FFABI_OK);
	REFUSED(ffabi_boot_next(&c, &cur, &d), FFABI_E_RULE, FFABI_F_NAME, 32, 0);
	blob(b);
	b[40] = 'x'; /* junk behind the zero */
	CHECK(ffabi_boot_open(&c, &src, &cur) == FFABI_OK);
	REFUSED(ffabi_boot_next(&c, &cur, &d), FFABI_E_RULE, FFABI_F_NAME, 32, 0);
	blob(b);
	b[50] = 0x04; /* contents: a value of 16 bytes */
	CHECK(ffabi_boot_open(&c, &src, &cur) == FFABI_OK);
	REFUSED(ffabi_boot_next(&c, &cur, &d), FFABI_E_RANGE, FFABI_F_SIZE, 52, 16);
	b[52] = 0;
	REFUSED(ffabi_boot_next(&c, &cur, &d), FFABI_E_RANGE, FFABI_F_SIZE, 52, 0);
	b[52] = 8;
	CHECK(ffabi_boot_next(&c, &cur, &d) == FFABI_OK && d.contents == 64);
}

/* What is wrong with the header, ffabi_boot_info_header: field, place and value. */
static void boot_header(void)
{
	uint8_t b[80] ALIGNED = {0};
	const struct ffabi_src src = bytes(b, sizeof(b));
	struct ffabi_boot_cursor cur;
	struct ffabi_ctx c = at(FFABI_V1_3);

	blob(b);
	b[16] = 2; /* two descriptors of 32 bytes reach to 96 */
	REFUSED(ffabi_boot_open(&c, &src, &cur), FFABI_E_SHORT, FFABI_F_DESCRIPTOR_COUNT, 16, 2);
	blob(b);
	b[8] = 81;
	REFUSED(ffabi_boot_open(&c, &src, &cur), FFABI_E_SHORT, FFABI_F_BLOB_SIZE, 8, 81);
	blob(b);
	b[20] = 88;
	REFUSED(ffabi_boot_open(&c, &src, &cur), FFABI_E_SHORT, FFABI_F_DESCRIPTOR_OFFSET, 20, 88);
	blob(b);
	b[20] = 24;
	REFUSED(ffabi_boot_open(&c, &src, &cur), FFABI_E_RANGE, FFABI_F_DESCRIPTOR_OFFSET, 20, 24);
	blob(b);
	b[12] = 24;
	REFUSED(ffabi_boot_open(&c, &src, &cur), FFABI_E_RANGE, FFABI_F_DESCRIPTOR_SIZE, 12, 24);
	blob(b);
	b[12] = 36;
	REFUSED(ffabi_boot_open(&c, &src, &cur), FFABI_E_ALIGN, FFABI_F_DESCRIPTOR_SIZE, 12, 36);
	blob(b);
	b[20] = 36;
	REFUSED(ffabi_boot_open(&c, &src, &cur), FFABI_E_ALIGN, FFABI_F_DESCRIPTOR_OFFSET, 20, 36);
	blob(b);
	b[0] = 0;
	CHECK(ffabi_boot_open(&c, &src, &cur) == FFABI_E_KEY && c.err.at == 0);
}

/* What the reader of the arm-ffa crate refuses and takes of ffabi_boot_info_header
 * (BootInfo::get_header, BootInfo::unpack), and the reserved bytes that its boot_info_header
 * documents. */
static void cited_header(void)
{
	uint8_t b[80] ALIGNED = {0};
	const struct ffabi_src src = bytes(b, sizeof(b));
	struct ffabi_boot_cursor cur;
	struct ffabi_boot_info_descriptor d;
	struct ffabi_ctx c = at(FFABI_V1_3);

	blob(b);
	b[0] = 0xfb;
	REFUSED(ffabi_boot_open(&c, &src, &cur), FFABI_E_KEY, FFABI_F_SIGNATURE, 0, 0x0ffb);
	blob(b);
	b[7] = 0x80;
	REFUSED(ffabi_boot_open(&c, &src, &cur), FFABI_E_MBZ, FFABI_F_RESERVED, 4, 0x80010003);
	b[7] = 0x40;
	/* the major version of ffabi_boot_info_header has 15 bits */
	CHECK(ffabi_boot_open(&c, &src, &cur) == FFABI_OK && cur.header.version == 0x40010003);
	blob(b);
	b[8] = 24;
	REFUSED(ffabi_boot_open(&c, &src, &cur), FFABI_E_RANGE, FFABI_F_BLOB_SIZE, 8, 24);
	b[8] = 32; /* get_blob_size_invalid_version calls it a valid header */
	b[16] = 0;
	CHECK(ffabi_boot_open(&c, &src, &cur) == FFABI_OK && cur.header.blob_size == 32);
	CHECK(ffabi_boot_next(&c, &cur, &d) == FFABI_END);
	b[24] = 1;
	REFUSED(ffabi_boot_open(&c, &src, &cur), FFABI_E_MBZ, FFABI_F_RESERVED, 24, 1);
	blob(b);
	b[20] = 40; /* a multiple of 8 is enough */
	CHECK(ffabi_boot_open(&c, &src, &cur) == FFABI_OK && cur.header.descriptor_offset == 40);
	blob(b);
	b[50] = 0x18; /* bit 4 is above the two formats */
	CHECK(ffabi_boot_open(&c, &src, &cur) == FFABI_OK);
	REFUSED(ffabi_boot_next(&c, &cur, &d), FFABI_E_MBZ, FFABI_F_RESERVED, 50, 0x18);
}

/* A type of 1 is a hand-off block list: hafnium inc/vmapi/hf/ffa.h, optee_os
 * core/arch/arm/include/ffa.h, and cactus_print_boot_info of tf-a-tests, which reads one. */
static void hand_off_blocks(void)
{
	uint8_t b[80] ALIGNED = {0};
	const struct ffabi_src src = bytes(b, sizeof(b));
	struct ffabi_boot_cursor cur;
	struct ffabi_boot_info_descriptor d;
	struct ffabi_ctx c = at(FFABI_V1_3);

	blob(b);
	b[48] = 1;
	CHECK(ffabi_boot_open(&c, &src, &cur) == FFABI_OK);
	CHECK(ffabi_boot_next(&c, &cur, &d) == FFABI_OK &&
	      d.standard_type == FFABI_BOOT_INFO_STANDARD_TYPE_HOB_LIST);
	b[48] = 2;
	CHECK(ffabi_boot_open(&c, &src, &cur) == FFABI_OK);
	CHECK(ffabi_boot_next(&c, &cur, &d) == FFABI_E_ENUM);
	/* arm-ffa: boot_info.rs refuses the byte behind the type of ffabi_boot_info_descriptor */
	b[48] = 1;
	b[49] = 1;
	CHECK(ffabi_boot_open(&c, &src, &cur) == FFABI_OK);
	REFUSED(ffabi_boot_next(&c, &cur, &d), FFABI_E_MBZ, FFABI_F_RESERVED, 49, 1);
}

/* The blob above as a producer writes it: its tables; the contents at 64 are its own. */
static void written_blob(void)
{
	struct ffabi_boot_info_descriptor d = {0};
	struct ffabi_boot_blob in = {&d, 1, FFABI_V1_3, 80};
	uint8_t expected[80], b[80] ALIGNED;
	struct ffabi_dst dst = room(b, 79);
	struct ffabi_ctx c = at(FFABI_V1_3);

	blob(expected);
	memset(expected + 64, 0x5a, 16);
	memset(b, 0x5a, sizeof(b));
	memcpy(d.name, "FDT", 3);
	d.contents_format = FFABI_BOOT_INFO_CONTENTS_FORMAT_OFFSET;
	d.size = 17;
	d.contents = 64;
	REFUSED(ffabi_boot_pack(&c, &in, &dst), FFABI_E_SHORT, FFABI_F_BLOB_SIZE, 8, 80);
	dst.len = 80;
	REFUSED(ffabi_boot_pack(&c, &in, &dst), FFABI_E_SHORT, FFABI_F_CONTENTS, 56, 64);
	d.size = 16;
	d.name[15] = 'x';
	REFUSED(ffabi_boot_pack(&c, &in, &dst), FFABI_E_RULE, FFABI_F_NAME, 32, 0);
	d.name[15] = 0;
	in.count = 2;
	REFUSED(ffabi_boot_pack(&c, &in, &dst), FFABI_E_SHORT, FFABI_F_DESCRIPTOR_COUNT, 16, 2);
	CHECK(b[0] == 0x5a && b[63] == 0x5a);
	in.count = 1;
	CHECK(ffabi_boot_pack(&c, &in, &dst) == FFABI_OK && memcmp(b, expected, 80) == 0);
	c = at(FFABI_V1_0);
	REFUSED(ffabi_boot_pack(&c, &in, &dst), FFABI_E_VERSION, FFABI_F_VERSION, 0, FFABI_V1_0);
}

/* Version 1.0: "FF-A", a count, items of 32 bytes. */
static void boot_list(void)
{
	uint8_t b[72] ALIGNED = {'F', 'F', '-', 'A', 2, 0, 0, 0, 'a'};
	const struct ffabi_src src = bytes(b, sizeof(b));
	struct ffabi_boot_info_v1_0_item item;
	struct ffabi_boot_list_cursor cur;
	struct ffabi_ctx c = at(FFABI_V1_0);

	b[24] = 0x10;
	b[40] = 'b';
	b[64] = 9;
	CHECK(ffabi_boot_list_open(&c, &src, &cur) == FFABI_OK);
	CHECK(ffabi_boot_list_next(&c, &cur, &item) == FFABI_OK && item.name[0] == 'a' &&
	      item.value == 0x10);
	CHECK(ffabi_boot_list_next(&c, &cur, &item) == FFABI_OK && item.name[0] == 'b' &&
	      item.size == 9);
	CHECK(ffabi_boot_list_next(&c, &cur, &item) == FFABI_END);
	b[4] = 3;
	REFUSED(ffabi_boot_list_open(&c, &src, &cur), FFABI_E_SHORT, FFABI_F_COUNT, 4, 3);
	b[3] = 'B';
	CHECK(ffabi_boot_list_open(&c, &src, &cur) == FFABI_E_KEY && c.err.at == 0);
	c = at(FFABI_V1_1);
	REFUSED(ffabi_boot_list_open(&c, &src, &cur), FFABI_E_VERSION, FFABI_F_VERSION, 0,
		FFABI_V1_1);
}

int main(void)
{
	boot_information();
	boot_header();
	cited_header();
	hand_off_blocks();
	written_blob();
	boot_list();
	return done();
}
