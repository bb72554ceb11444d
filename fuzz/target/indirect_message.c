/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Indirect messages: the header, and where the payload is.  Seeds: partition_message_header */
#include "harness.h"
#include "shapes.h"

#include <ffabi/lists.h>

#include <stdlib.h>

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
	} else {
		fuzz_judge_refusal(&c, rule, 0xffffffff);
	}
	free((void *)(uintptr_t)src.base);
}

const struct fuzz_target fuzz_target = {"indirect_message", &fuzz_shape_partition_message_header,
					run, NULL};
