/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* The conversation, as `ffabi decode trace` reads it, in a file on the host. */
#ifndef FIRMWARE_RECORD_H
#define FIRMWARE_RECORD_H

#include <spmc.h>

/* An empty name: nothing is written. */
int record_open(const char *name);
void record_comment(const char *text);

/* One call: what went in, who goes on with what, and the buffers that it passed. */
struct record_call {
	const struct ffabi_spmc_partition *from;
	const struct ffabi_regs *in;
	const struct ffabi_spmc_next *next;
	const struct ffabi_regs *out;
	enum ffabi_call call; /* FFABI_CALL_COUNT when the function is unknown */
	uint32_t version;     /* of from, before the call */
};
void record_call(const struct record_call *r);
void record_close(void);

#endif /* FIRMWARE_RECORD_H */
