/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* A question to a partition and its answer. */
#include <ffabi/caller_messages.h>

#include "../unit/script.h"

static ffabi_result ask(struct ffabi_caller *k, uint64_t question, uint64_t *answer)
{
	/* example */
	struct ffabi_msg_send_direct_req req = {.receiver_id = 0x8001, .payload = {question}};
	struct ffabi_msg_send_direct_resp resp;
	ffabi_result r = ffabi_caller_direct(k, FFABI_SMC64, &req, &resp);

	*answer = r == FFABI_OK ? resp.payload[0] : 0;
	return r;
	/* end */
}

int main(void)
{
	static const struct turn turns[] = {
		{{0xc400006f, 0x8001, 0, 6}, {0x84000062, 0x80010000}, NULL},
		{{0x8400006d, 0x80010000}, {0xc4000070, 0x80010000, 0, 42}, NULL},
		{{0xc400006f, 0x8001, 0, 6}, FAILED(-4), NULL},
	};
	struct ffabi_caller k;
	uint64_t answer = 0;

	SCRIPTED(&k, FFABI_V1_1, turns);
	k.bounds.resumes = 1;
	CHECK(ask(&k, 6, &answer) == FFABI_OK && answer == 42);
	CHECK(ask(&k, 6, &answer) == FFABI_STATUS_BUSY && answer == 0 && over());
	return done();
}
