/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* A partition inside of the firmware: it speaks FF-A through its conduit, as one at S-EL1 would
 * through SMC. */
#ifndef FIRMWARE_PARTITION_H
#define FIRMWARE_PARTITION_H

#include <ffabi/caller.h>

enum {
	PARTITION_BUFFER = 65536
}; /* bytes of its RX and of its TX buffer, and their alignment */

struct partition {
	struct ffabi_caller k; /* its calls */
	struct ffabi_ctx ctx; /* what it is called with: the version it was built for */
	uint16_t id;
	uint8_t *tx;
	uint8_t *rx;
	uint32_t size; /* bytes of each */
};

/*
 * Agrees on the version and registers the buffers, after ffabi_caller_init(); 0 when the
 * manager refuses.
 */
int partition_start(struct partition *p);

/*
 * Called with a direct request in regs; leaves its next call there, which is the direct
 * response.  Memory is found at its own address.
 */
void echo_run(struct partition *p, struct ffabi_regs *regs);
void tee_run(struct partition *p, struct ffabi_regs *regs);
void servant_run(struct partition *p, struct ffabi_regs *regs);

/* Packs the answer to a direct request: receiver and convention are those of the request. */
struct ffabi_msg_send_direct_req;
void partition_answer(struct partition *p, const struct ffabi_msg_send_direct_req *request,
		      enum ffabi_conv conv, const uint64_t *payload, struct ffabi_regs *regs);

#endif /* FIRMWARE_PARTITION_H */
