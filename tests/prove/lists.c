/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Tables that are followed by elements, by the functions that lists.h declares.
 * unwind: 20
 */
#include <bytes.h>
#include <ffabi/lists.h>

/* ffabi_partition_open, ffabi_partition_next; 2 entries, buffer up to 64 bytes */
void prove_partition_cursor(void)
{
	struct ffabi_ctx c = any_context();
	_Alignas(8) uint8_t buffer[64];
	const struct ffabi_src src = any_src(buffer, sizeof(buffer));
	struct ffabi_entries said;
	struct ffabi_partition_cursor cur;
	struct ffabi_partition_info info;
	enum ffabi_rule rule = FFABI_OK;
	uint32_t i;

	if (ffabi_partition_open(&c, &src, &said, &cur) != FFABI_OK) {
		REACHED("refused");
		return;
	}
	REACHED("opened");
	GIVEN(said.count <= 2);
	for (i = 0; i <= 2; i++) {
		rule = ffabi_partition_next(&c, &cur, &info);
		if (rule != FFABI_OK)
			break;
		CLAIM("no more than were said", i < said.count);
	}
	if (rule == FFABI_END)
		CLAIM("all that were said", i == said.count);
}

/* ffabi_message_open; buffer up to 64 bytes */
void prove_message_open(void)
{
	struct ffabi_ctx c = any_context();
	_Alignas(8) uint8_t buffer[64];
	const struct ffabi_src src = any_src(buffer, sizeof(buffer));
	struct ffabi_partition_message_header header;
	struct ffabi_extent payload;

	if (ffabi_message_open(&c, &src, &header, &payload) != FFABI_OK) {
		REACHED("refused");
		return;
	}
	REACHED("opened");
	CLAIM("the payload is in the buffer",
	      payload.at <= src.len && payload.n <= src.len - payload.at);
}

/* ffabi_relinquish_unpack; 2 endpoints, buffer up to 32 bytes */
void prove_relinquish_unpack(void)
{
	struct ffabi_ctx c = any_context();
	_Alignas(8) uint8_t buffer[32];
	const struct ffabi_src src = any_src(buffer, sizeof(buffer));
	struct ffabi_mem_relinquish_descriptor out;
	uint16_t ids[2], before[2];
	struct ffabi_ids endpoints = {ids, 0};
	uint32_t room;

	GIVEN(room <= 2);
	endpoints.room = room;
	before[0] = ids[0];
	before[1] = ids[1];
	if (ffabi_relinquish_unpack(&c, &src, &out, &endpoints) != FFABI_OK) {
		REACHED("refused");
		return;
	}
	REACHED("read");
	CLAIM("no more than there is room for",
	      (room > 0 || ids[0] == before[0]) && (room > 1 || ids[1] == before[1]));
	CLAIM("no endpoint twice", room < 2 || out.endpoint_count < 2 || ids[0] != ids[1]);
}

/* ffabi_relinquish_pack; 2 endpoints, buffer up to 32 bytes */
void prove_relinquish_pack(void)
{
	struct ffabi_ctx c = any_context();
	_Alignas(8) uint8_t buffer[32], before[32];
	struct ffabi_dst dst = {buffer, 0};
	struct ffabi_mem_relinquish_descriptor in;
	uint16_t ids[2];
	uint32_t total;
	uint64_t len, k;

	GIVEN(len <= sizeof(buffer) && k < sizeof(buffer) && in.endpoint_count <= 2);
	dst.len = len;
	__CPROVER_array_copy(before, buffer);
	if (ffabi_relinquish_pack(&c, &in, ids, &dst, &total) != FFABI_OK) {
		REACHED("refused");
		CLAIM("a refused pack leaves the bytes alone", buffer[k] == before[k]);
		return;
	}
	REACHED("written");
	CLAIM("it fits", total <= len);
	CLAIM("no other byte is touched", k < total || buffer[k] == before[k]);
}

/* ffabi_boot_open, ffabi_boot_next; 1 descriptor, buffer up to 96 bytes */
void prove_boot_cursor(void)
{
	struct ffabi_ctx c = any_context();
	_Alignas(8) uint8_t buffer[96];
	const struct ffabi_src src = any_src(buffer, sizeof(buffer));
	struct ffabi_boot_cursor cur;
	struct ffabi_boot_info_descriptor out;

	if (ffabi_boot_open(&c, &src, &cur) != FFABI_OK) {
		REACHED("refused");
		return;
	}
	REACHED("opened");
	CLAIM("the blob is in the buffer", cur.src.base == buffer && cur.src.len <= src.len);
	if (ffabi_boot_next(&c, &cur, &out) == FFABI_OK)
		REACHED("a descriptor");
}
