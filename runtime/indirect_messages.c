/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Indirect messages: a header and its payload in the buffer of a partition. */
#include <ffabi/lists.h>

enum ffabi_rule ffabi_message_open(struct ffabi_ctx *c, const struct ffabi_src *src,
				   struct ffabi_partition_message_header *out,
				   struct ffabi_extent *payload)
{
	const enum ffabi_rule rule = ffabi_partition_message_header_unpack(c, src, 0, out);

	if (rule != FFABI_OK)
		return rule;
	if (out->payload_offset > src->len)
		return ffabi_fail(c, FFABI_E_SHORT, FFABI_F_PAYLOAD_OFFSET,
				  FFABI_PARTITION_MESSAGE_HEADER_AT_PAYLOAD_OFFSET,
				  out->payload_offset);
	if (out->payload_size > src->len - out->payload_offset)
		return ffabi_fail(c, FFABI_E_SHORT, FFABI_F_PAYLOAD_SIZE,
				  FFABI_PARTITION_MESSAGE_HEADER_AT_PAYLOAD_SIZE,
				  out->payload_size);
	payload->at = out->payload_offset;
	payload->n = out->payload_size;
	return FFABI_OK;
}

enum ffabi_rule ffabi_message_write(struct ffabi_ctx *c,
				    const struct ffabi_partition_message_header *in,
				    const uint8_t *payload, const struct ffabi_dst *dst,
				    uint32_t *total)
{
	const uint32_t first = ffabi_partition_message_header_size(c->version);
	const uint64_t end = (uint64_t)in->payload_offset + in->payload_size;
	enum ffabi_rule rule;
	uint64_t at;

	if (first == 0)
		return ffabi_fail(c, FFABI_E_VERSION, FFABI_F_VERSION, 0, c->version);
	if (end > dst->len || end > UINT32_MAX)
		return ffabi_fail(c, FFABI_E_SHORT, FFABI_F_PAYLOAD_SIZE,
				  FFABI_PARTITION_MESSAGE_HEADER_AT_PAYLOAD_SIZE, in->payload_size);
	rule = ffabi_partition_message_header_pack(c, in, dst, 0);
	if (rule != FFABI_OK)
		return rule;
	for (at = first; at < in->payload_offset; at++)
		ffabi_st8(dst, at, 0);
	for (; at < end; at++)
		ffabi_st8(dst, at, payload[at - in->payload_offset]);
	*total = (uint32_t)end;
	return FFABI_OK;
}
