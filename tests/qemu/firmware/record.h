/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* The conversation, as `ffabi decode trace` reads it, in a file on the host. */
#ifndef FIRMWARE_RECORD_H
#define FIRMWARE_RECORD_H

#include <ffabi/calls.h>
#include <ffabi/wire.h>

/* An empty name: nothing is written. */
int record_open(const char *name);
void record_comment(const char *text);

/* The buffers of whoever calls. */
struct record_buffers {
	struct ffabi_src tx;
	struct ffabi_src rx;
	uint64_t tx_address;
	uint64_t rx_address;
};

/* What became of a call. */
enum record_outcome {
	RECORD_ANSWERED, /* out is the reply */
	RECORD_PASSED, /* out is what endpoint to goes on with */
	RECORD_NOBODY /* out does not count */
};

/* One call: what went in, who goes on with what, and the buffers that it passed. */
struct record_call {
	const char *who; /* a conduit; a null pointer: endpoint from */
	uint16_t from;
	uint16_t to;
	enum record_outcome outcome;
	const struct ffabi_regs *in;
	const struct ffabi_regs *out;
	const struct record_buffers *buffers; /* a null pointer where none are mapped */
	enum ffabi_call call; /* FFABI_CALL_COUNT when the function is unknown */
	uint32_t version; /* of who calls, before the call */
};
void record_call(const struct record_call *r);
void record_close(void);

#endif /* FIRMWARE_RECORD_H */
