/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * A model of OP-TEE's partition as Linux's driver knows it: versions, capabilities,
 * unregistering, and calls with arguments in shared memory.  Its one service inverts the
 * bytes of a buffer.
 */
#include <ffabi/request.h>

#include "firmware.h"
#include "partition.h"
#include "shared.h"
#include "tee_message.h"

#define UNKNOWN_SERVICE 0xffffffffu
#define ORIGIN_TEE 3u
#define INTERNAL_OFFSET(a) ((a) >> 48)
#define OFFSET(a) ((a)&0xffffffffffffull)

/* The service: bytes of its UUID as OP-TEE's messages carry them, low byte first. */
static const struct ffabi_uuid inverter =
	FFABI_UUID(0x1f0e7c52, 0x6a9d, 0x4c33, 0x8b27, 0x5a11ab1eface);

static struct shared argument;
static struct shared buffer;

static uint32_t open_session(struct tee_message *m)
{
	if (m->count < 2 || m->parameters[0].a != inverter.lo || m->parameters[0].b != inverter.hi)
		return TEE_ITEM_NOT_FOUND;
	m->session = 1;
	return TEE_SUCCESS;
}

/* Inverts the memory of the first parameter, page by page. */
static uint32_t invert(struct partition *p, uint16_t owner, const struct tee_message *m)
{
	const struct tee_parameter *memory = &m->parameters[0];
	uint64_t at;
	uint64_t i;

	if (m->count < 1 || (memory->attribute & TEE_TYPE_MASK) != TEE_MEMORY_INOUT)
		return TEE_BAD_PARAMETERS;
	if (!shared_open(p, owner, memory->c, &buffer))
		return TEE_BAD_PARAMETERS;
	at = INTERNAL_OFFSET(memory->a) + OFFSET(memory->a);
	if (!ffabi_fits(buffer.size, at, memory->b))
		firmware_broken("a parameter reaches beyond its shared memory");
	for (i = at; i < at + memory->b; i++) {
		uint8_t *byte = shared_byte(&buffer, i);

		*byte = (uint8_t) ~*byte;
	}
	shared_close(p, &buffer);
	return TEE_SUCCESS;
}

static uint32_t command(struct partition *p, uint16_t owner, struct tee_message *m)
{
	switch (m->command) {
	case TEE_OPEN_SESSION:
		return open_session(m);
	case TEE_INVOKE_COMMAND:
		return invert(p, owner, m);
	case TEE_CLOSE_SESSION:
		return TEE_SUCCESS;
	default:
		return TEE_NOT_SUPPORTED;
	}
}

/* The message lies in shared memory: it is retrieved for the time of the call. */
static uint32_t call_with_argument(struct partition *p, const struct ffabi_msg_send_direct_req *r)
{
	const uint64_t handle = r->payload[1] | r->payload[2] << 32;
	struct tee_message *m;

	if (!shared_open(p, r->sender_id, handle, &argument))
		return TEE_BAD_PARAMETERS;
	if (!ffabi_fits(FFABI_PAGE_SIZE, r->payload[3], sizeof(*m)))
		firmware_broken("a message begins beyond its page");
	m = (struct tee_message *)(void *)shared_byte(&argument, r->payload[3]);
	m->origin = ORIGIN_TEE;
	m->result = command(p, r->sender_id, m);
	shared_close(p, &argument);
	return 0;
}

void tee_run(struct partition *p, struct ffabi_regs *regs)
{
	const enum ffabi_conv conv = ffabi_conv_of(regs->x[0]);
	struct ffabi_msg_send_direct_req request;
	uint64_t answer[5] = {0};

	if (ffabi_msg_send_direct_req_unpack(&p->ctx, regs, &request) != FFABI_OK)
		firmware_broken("the TEE was entered with something else than a request");
	switch (request.payload[0]) {
	case TEE_GET_API_VERSION:
		answer[0] = 1;
		break;
	case TEE_GET_OS_VERSION:
		answer[0] = 4;
		break;
	case TEE_EXCHANGE_CAPABILITIES:
	case TEE_UNREGISTER_SHM: /* it keeps nothing between calls */
		break;
	case TEE_CALL_WITH_ARG:
		answer[0] = call_with_argument(p, &request);
		break;
	default:
		answer[0] = UNKNOWN_SERVICE;
		break;
	}
	partition_answer(p, &request, conv, answer, regs);
}
