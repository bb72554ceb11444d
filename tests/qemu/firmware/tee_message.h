/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* What Linux's driver and OP-TEE's partition say to each other (drivers/tee/optee/optee_ffa.h,
 * optee_msg.h), as far as it is modelled. */
#ifndef FIRMWARE_TEE_MESSAGE_H
#define FIRMWARE_TEE_MESSAGE_H

#include <stdint.h>

/* Services, w3 of a direct request. */
enum {
	TEE_GET_API_VERSION = 0,
	TEE_GET_OS_VERSION = 1,
	TEE_EXCHANGE_CAPABILITIES = 2,
	TEE_UNREGISTER_SHM = 3
};
#define TEE_CALL_WITH_ARG 0x80000000u /* w4, w5: handle; w6: offset of the message */

/* Commands of a message, and what becomes of them. */
enum {
	TEE_OPEN_SESSION = 0,
	TEE_INVOKE_COMMAND = 1,
	TEE_CLOSE_SESSION = 2
};
#define TEE_SUCCESS 0u
#define TEE_BAD_PARAMETERS 0xffff0006u
#define TEE_ITEM_NOT_FOUND 0xffff0008u
#define TEE_NOT_SUPPORTED 0xffff000au

/* struct optee_msg_arg and its parameters. */
struct tee_parameter {
	uint64_t attribute;
	uint64_t
		a; /* of memory: offset in 47:0, offset of its first byte in the first page above */
	uint64_t b; /* of memory: bytes */
	uint64_t c; /* of memory: handle */
};
struct tee_message {
	uint32_t command;
	uint32_t function;
	uint32_t session;
	uint32_t cancel_id;
	uint32_t pad;
	uint32_t result;
	uint32_t origin;
	uint32_t count;
	struct tee_parameter parameters[];
};
enum {
	TEE_TYPE_MASK = 0xff,
	TEE_MEMORY_INOUT = 7
};

#endif /* FIRMWARE_TEE_MESSAGE_H */
