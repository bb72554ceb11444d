/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * A model of OP-TEE's partition as Linux's driver knows it (drivers/tee/optee/optee_ffa.h
 * and optee_msg.h): versions, capabilities, unregistering, and calls with arguments in
 * shared memory.  Its one service inverts the bytes of a buffer.
 */
#include <ffabi/request.h>

#include "firmware.h"
#include "partition.h"
#include "shared.h"

/* Services, w3 of a direct request. */
enum {
	GET_API_VERSION = 0,
	GET_OS_VERSION = 1,
	EXCHANGE_CAPABILITIES = 2,
	UNREGISTER_SHM = 3
};
#define CALL_WITH_ARG 0x80000000u
#define NOT_SUPPORTED 0xffffffffu

/* Commands of a message, and what becomes of them. */
enum {
	OPEN_SESSION = 0,
	INVOKE_COMMAND = 1,
	CLOSE_SESSION = 2
};
#define TEEC_SUCCESS 0u
#define TEEC_BAD_PARAMETERS 0xffff0006u
#define TEEC_NOT_SUPPORTED 0xffff000au
#define TEEC_ITEM_NOT_FOUND 0xffff0008u
#define ORIGIN_TEE 3u

/* struct optee_msg_arg and its parameters. */
struct parameter {
	uint64_t attribute;
	uint64_t a;
	uint64_t b;
	uint64_t c;
};
struct message {
	uint32_t command;
	uint32_t function;
	uint32_t session;
	uint32_t cancel_id;
	uint32_t pad;
	uint32_t result;
	uint32_t origin;
	uint32_t count;
	struct parameter parameters[];
};
enum {
	TYPE_MASK = 0xff,
	MEMORY_INOUT = 7
};
#define INTERNAL_OFFSET(a) ((a) >> 48)
#define OFFSET(a) ((a)&0xffffffffffffull)

/* The service: bytes of its UUID as OP-TEE's messages carry them, low byte first. */
static const struct ffabi_uuid inverter =
	FFABI_UUID(0x1f0e7c52, 0x6a9d, 0x4c33, 0x8b27, 0x5a11ab1eface);

static struct shared argument;
static struct shared buffer;

static uint32_t open_session(struct message *m)
{
	if (m->count < 2 || m->parameters[0].a != inverter.lo || m->parameters[0].b != inverter.hi)
		return TEEC_ITEM_NOT_FOUND;
	m->session = 1;
	return TEEC_SUCCESS;
}

/* Inverts the memory of the first parameter, page by page. */
static uint32_t invert(struct partition *p, uint16_t owner, const struct message *m)
{
	const struct parameter *memory = &m->parameters[0];
	uint64_t at;
	uint64_t i;

	if (m->count < 1 || (memory->attribute & TYPE_MASK) != MEMORY_INOUT)
		return TEEC_BAD_PARAMETERS;
	if (!shared_open(p, owner, memory->c, &buffer))
		return TEEC_BAD_PARAMETERS;
	at = INTERNAL_OFFSET(memory->a) + OFFSET(memory->a);
	if (!ffabi_fits(buffer.size, at, memory->b))
		firmware_broken("a parameter reaches beyond its shared memory");
	for (i = at; i < at + memory->b; i++) {
		uint8_t *byte = shared_byte(&buffer, i);

		*byte = (uint8_t) ~*byte;
	}
	shared_close(p, &buffer);
	return TEEC_SUCCESS;
}

static uint32_t command(struct partition *p, uint16_t owner, struct message *m)
{
	switch (m->command) {
	case OPEN_SESSION:
		return open_session(m);
	case INVOKE_COMMAND:
		return invert(p, owner, m);
	case CLOSE_SESSION:
		return TEEC_SUCCESS;
	default:
		return TEEC_NOT_SUPPORTED;
	}
}

/* The message lies in shared memory: it is retrieved for the time of the call. */
static uint32_t call_with_argument(struct partition *p, const struct ffabi_msg_send_direct_req *r)
{
	const uint64_t handle = r->payload[1] | r->payload[2] << 32;
	struct message *m;

	if (!shared_open(p, r->sender_id, handle, &argument))
		return TEEC_BAD_PARAMETERS;
	if (!ffabi_fits(FFABI_PAGE_SIZE, r->payload[3], sizeof(*m)))
		firmware_broken("a message begins beyond its page");
	m = (struct message *)(void *)shared_byte(&argument, r->payload[3]);
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
	case GET_API_VERSION:
		answer[0] = 1;
		break;
	case GET_OS_VERSION:
		answer[0] = 4;
		break;
	case EXCHANGE_CAPABILITIES:
	case UNREGISTER_SHM: /* it keeps nothing between calls */
		break;
	case CALL_WITH_ARG:
		answer[0] = call_with_argument(p, &request);
		break;
	default:
		answer[0] = NOT_SUPPORTED;
		break;
	}
	partition_answer(p, &request, conv, answer, regs);
}
