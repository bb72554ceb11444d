/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
#include "partition.h"

#include <ffabi/caller_setup.h>
#include <ffabi/request.h>

#include "firmware.h"

int partition_start(struct partition *p)
{
	const struct ffabi_negotiation version = {p->ctx.version, p->ctx.version};
	const struct ffabi_buffer_pair pair = {p->tx, p->rx, (uint64_t)p->tx, (uint64_t)p->rx,
					       (uint8_t)(p->size / FFABI_PAGE_SIZE)};

	return ffabi_caller_negotiate(&p->k, &version) == FFABI_OK &&
	       ffabi_caller_map(&p->k, &pair) == FFABI_OK;
}

void partition_answer(struct partition *p, const struct ffabi_msg_send_direct_req *request,
		      enum ffabi_conv conv, const uint64_t *payload, struct ffabi_regs *regs)
{
	struct ffabi_msg_send_direct_resp answer = {.sender_id = p->id,
						    .receiver_id = request->sender_id};
	uint32_t i;

	for (i = 0; i < 5; i++)
		answer.payload[i] = payload[i];
	if (ffabi_msg_send_direct_resp_pack(&p->ctx, conv, &answer, regs) != FFABI_OK)
		firmware_broken("a direct response cannot be packed");
}

static void echo2_run(struct partition *p, struct ffabi_regs *regs)
{
	struct ffabi_msg_send_direct_req2 request;
	struct ffabi_msg_send_direct_resp2 answer = {.sender_id = p->id};
	uint32_t i;

	if (ffabi_msg_send_direct_req2_unpack(&p->ctx, regs, &request) != FFABI_OK)
		firmware_broken("the echo partition cannot read a direct request of 1.2");
	answer.receiver_id = request.sender_id;
	for (i = 0; i < 14; i++)
		answer.payload[i] = request.payload[i] + 1;
	if (ffabi_msg_send_direct_resp2_pack(&p->ctx, &answer, regs) != FFABI_OK)
		firmware_broken("a direct response of 1.2 cannot be packed");
}

/* Answers a direct message with each word plus one. */
void echo_run(struct partition *p, struct ffabi_regs *regs)
{
	const enum ffabi_conv conv = ffabi_conv_of(regs->x[0]);
	struct ffabi_msg_send_direct_req request;
	uint64_t payload[5];
	uint32_t i;

	if ((uint32_t)regs->x[0] == FFABI_FID_MSG_SEND_DIRECT_REQ2_64) {
		echo2_run(p, regs);
		return;
	}
	if (ffabi_msg_send_direct_req_unpack(&p->ctx, regs, &request) != FFABI_OK)
		firmware_broken(
			"the echo partition was entered with something else than a request");
	for (i = 0; i < 5; i++) {
		payload[i] = request.payload[i] + 1;
		if (conv == FFABI_SMC32)
			payload[i] = (uint32_t)payload[i];
	}
	partition_answer(p, &request, conv, payload, regs);
}
