/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Indirect messages: the header, and where the payload is; and writing any.  Seeds:
 * partition_message_header */
#include "harness.h"
#include "shapes.h"

#include <ffabi/lists.h>

#include <stdlib.h>
#include <string.h>

#define FILL 0x5a
#define OTHER 0xa5
#define ROOM 512u

/* All or nothing, whatever was there; true when the message is in out. */
static int write_into(const struct fuzz_input *in, const struct ffabi_partition_message_header *h,
		      const uint8_t *payload, const struct ffabi_dst *out, uint32_t *total)
{
	const struct ffabi_dst other = {fuzz_block(out->len, OTHER), out->len};
	struct ffabi_ctx c = in->c, again = in->c;
	enum ffabi_rule rule;

	c.waive = again.waive = FFABI_STRICT;
	*total = 0;
	rule = ffabi_message_write(&c, h, payload, &other, total);
	memset(out->base, FILL, out->len);
	REQUIRE(6, ffabi_message_write(&again, h, payload, out, total) == rule,
		"what was there changes the verdict");
	REQUIRE(1, *total <= out->len, "more bytes than there is room for");
	REQUIRE(6,
		!memcmp(out->base, other.base, *total) &&
			fuzz_untouched(out->base, *total, out->len, FILL) &&
			fuzz_untouched(other.base, *total, out->len, OTHER),
		"a message is not written as a whole, or more than it");
	if (rule != FFABI_OK)
		fuzz_judge_refusal(&c, rule, 0xffffffff);
	free(other.base);
	return rule == FFABI_OK;
}

/* Header and payload come back; with a byte less of room, nothing is written. */
static void check_written(const struct fuzz_input *in,
			  const struct ffabi_partition_message_header *h, const uint8_t *payload,
			  const struct ffabi_dst *out, uint32_t total)
{
	const struct ffabi_src src = {out->base, total};
	const struct ffabi_dst small = {fuzz_block(total - 1, FILL), total - 1};
	struct ffabi_partition_message_header back;
	struct ffabi_extent at;
	struct ffabi_ctx c = in->c;
	uint32_t none;

	c.waive = FFABI_STRICT;
	REQUIRE(5, ffabi_message_open(&c, &src, &back, &at) == FFABI_OK,
		"a message that was written is refused");
	REQUIRE(5,
		back.sender_id == h->sender_id && back.receiver_id == h->receiver_id &&
			at.at == h->payload_offset && at.n == h->payload_size &&
			!memcmp(out->base + at.at, payload, at.n),
		"a message that was written reads differently");
	REQUIRE(6, !write_into(in, h, payload, &small, &none), "a destination that is too small");
	free(small.base);
}

/* Lengths as they come, the rest of the body as payload, of exactly that size. */
static void write_any(const struct fuzz_input *in,
		      const struct ffabi_partition_message_header *read)
{
	const size_t own = sizeof(struct ffabi_partition_message_header);
	const struct ffabi_dst out = {fuzz_block(ROOM, FILL), ROOM};
	struct ffabi_partition_message_header h;
	uint32_t total;

	memset(&h, 0, sizeof(h));
	if (read != NULL)
		h = *read;
	else
		memcpy(&h, in->body, in->n < own ? in->n : own);
	if (h.payload_size <= ROOM) {
		uint8_t *payload = fuzz_block(h.payload_size, in->options);

		if (write_into(in, &h, payload, &out, &total))
			check_written(in, &h, payload, &out, total);
		free(payload);
	} else {
		REQUIRE(1, !write_into(in, &h, NULL, &out, &total), "more than there is room for");
	}
	free(out.base);
}

static void run(const struct fuzz_input *in)
{
	const struct ffabi_src src = {fuzz_copy(in->body, in->n), in->n};
	struct ffabi_partition_message_header header;
	struct ffabi_extent payload = {~0ull, ~0ull};
	struct ffabi_ctx c = in->c;
	enum ffabi_rule rule;

	fuzz_watch(&src, in->n, FUZZ_HOSTILE);
	rule = ffabi_message_open(&c, &src, &header, &payload);
	fuzz_unwatch();
	if (rule == FFABI_OK) {
		REQUIRE(1, payload.at <= in->n && payload.n <= in->n - payload.at,
			"a payload outside the buffer");
		REQUIRE(4,
			payload.at >= ffabi_partition_message_header_size(FFABI_V1_1) ||
				payload.n == 0 || c.waive != 0,
			"a payload in the header");
		for (uint64_t i = 0; i < payload.n; i++) /* for the address sanitizer */
			(void)src.base[payload.at + i];
		write_any(in, &header);
	} else {
		fuzz_judge_refusal(&c, rule, 0xffffffff);
	}
	write_any(in, NULL);
	free((void *)(uintptr_t)src.base);
}

const struct fuzz_target fuzz_target = {"indirect_message", &fuzz_shape_partition_message_header,
					run, NULL};
