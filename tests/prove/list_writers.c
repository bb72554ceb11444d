/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Writers of partition lists, boot information and indirect messages: all, or nothing.
 * unwind: 18 ffabi_partition_pack.0:4 ffabi_partition_pack.1:4 ffabi_boot_pack.0:3
 * ffabi_boot_pack.1:3
 */
#include <bytes.h>
#include <ffabi/lists.h>

/* ffabi_partition_pack; 2 entries, buffer up to 56 bytes */
void prove_partition_pack(void)
{
	struct ffabi_ctx c = any_context();
	_Alignas(8) uint8_t buffer[56], before[56];
	struct ffabi_dst dst = {buffer, 0};
	struct ffabi_partition_info in[2];
	struct ffabi_entries said;
	uint64_t len, k;
	uint32_t count;

	GIVEN(len <= sizeof(buffer) && k < sizeof(buffer) && count <= 2);
	dst.len = len;
	__CPROVER_array_copy(before, buffer);
	if (ffabi_partition_pack(&c, in, count, &dst, &said) != FFABI_OK) {
		REACHED("refused");
		CLAIM("a refused pack leaves the bytes alone", buffer[k] == before[k]);
		return;
	}
	REACHED("written");
	CLAIM("all entries, of this version's size",
	      said.count == count &&
		      said.size ==
			      (c.version == FFABI_V1_0 ? 0 : ffabi_partition_info_size(c.version)));
	CLAIM("they fit", ffabi_partition_info_size(c.version) * count <= len);
	CLAIM("no other byte is touched",
	      k < ffabi_partition_info_size(c.version) * count || buffer[k] == before[k]);
}

/* ffabi_message_write; payload up to 8 bytes, 8 before it, buffer up to 64 bytes */
void prove_message_write(void)
{
	struct ffabi_ctx c = any_context();
	_Alignas(8) uint8_t buffer[64], before[64];
	struct ffabi_dst dst = {buffer, 0};
	struct ffabi_partition_message_header in;
	uint8_t payload[8];
	uint32_t total, size;
	uint64_t len, k;

	GIVEN(len <= sizeof(buffer) && k < sizeof(buffer));
	GIVEN(in.payload_size <= sizeof(payload));
	size = ffabi_partition_message_header_size(c.version);
	GIVEN(in.payload_offset <= size + 8);
	dst.len = len;
	__CPROVER_array_copy(before, buffer);
	if (ffabi_message_write(&c, &in, payload, &dst, &total) != FFABI_OK) {
		REACHED("refused");
		CLAIM("a refused write leaves the bytes alone", buffer[k] == before[k]);
		return;
	}
	REACHED("written");
	CLAIM("it fits", total == in.payload_offset + in.payload_size && total <= len);
	CLAIM("the payload lies behind the header", in.payload_offset >= size);
	if (k < size)
		return; /* the header is the codec's */
	if (k < in.payload_offset)
		CLAIM("zero between them", buffer[k] == 0);
	else if (k < total)
		CLAIM("the payload", buffer[k] == payload[k - in.payload_offset]);
	else
		CLAIM("no other byte is touched", buffer[k] == before[k]);
}

/* ffabi_boot_pack; 1 descriptor, buffer up to 80 bytes */
void prove_boot_pack(void)
{
	struct ffabi_ctx c = any_context();
	_Alignas(8) uint8_t buffer[80], before[80];
	struct ffabi_dst dst = {buffer, 0};
	struct ffabi_boot_info_descriptor descriptors[1];
	struct ffabi_boot_blob in;
	uint64_t len, k;

	GIVEN(len <= sizeof(buffer) && k < sizeof(buffer) && in.count <= 1);
	in.descriptors = descriptors;
	dst.len = len;
	__CPROVER_array_copy(before, buffer);
	if (ffabi_boot_pack(&c, &in, &dst) != FFABI_OK) {
		REACHED("refused");
		CLAIM("a refused pack leaves the bytes alone", buffer[k] == before[k]);
		return;
	}
	REACHED("written");
	CLAIM("the blob fits", in.size <= len);
	CLAIM("header and descriptors, and no other byte",
	      k < ffabi_boot_info_header_size(c.version) +
				      in.count * ffabi_boot_info_descriptor_size(c.version) ||
		      buffer[k] == before[k]);
}

/* ffabi_boot_list_open, ffabi_boot_list_next; 2 items, buffer up to 64 bytes */
void prove_boot_list_cursor(void)
{
	struct ffabi_ctx c = any_context();
	_Alignas(8) uint8_t buffer[64];
	const struct ffabi_src src = any_src(buffer, sizeof(buffer));
	struct ffabi_boot_list_cursor cur;
	struct ffabi_boot_info_v1_0_item out;
	enum ffabi_rule rule = FFABI_OK;
	uint32_t i;

	if (ffabi_boot_list_open(&c, &src, &cur) != FFABI_OK) {
		REACHED("refused");
		return;
	}
	REACHED("opened");
	GIVEN(cur.count <= 2);
	for (i = 0; i <= 2; i++) {
		rule = ffabi_boot_list_next(&c, &cur, &out);
		if (rule != FFABI_OK)
			break;
		CLAIM("no more than were said", i < cur.count);
	}
	if (rule == FFABI_END)
		CLAIM("all that were said", i == cur.count);
}
