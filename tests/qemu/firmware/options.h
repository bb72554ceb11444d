/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* What a boot chooses: words of QEMU's -semihosting-config arg=NAME=VALUE. */
#ifndef FIRMWARE_OPTIONS_H
#define FIRMWARE_OPTIONS_H

#include <stdint.h>

enum {
	MOST_FAULTS = 8
};

struct options {
	uint32_t version; /* version=1.N: the highest FF-A version that is offered */
	uint32_t buffers; /* buffers=4 or 64: KiB of the smallest RX/TX buffer */
	uint64_t entry; /* entry=HEX: where the payload starts */
	uint64_t argument; /* x0=HEX: for the payload */
	uint16_t id; /* id=HEX: the payload is this VM, at a virtual instance; 0: an OS at the
			physical one */
	int hvc; /* conduit=hvc: the payload calls with HVC instead of SMC */
	uint16_t echo; /* echo=HEX: the partition that echoes messages */
	uint32_t peer; /* peer=tfa: the payload's firmware is another than ours */
	uint32_t malformed; /* malformed=1: the payload sends such transactions, too */
	uint32_t servant; /* servant=1: a third partition, which does what the payload says */
	const char *faults[MOST_FAULTS]; /* fault=WHAT:CALL:N: what goes wrong (faults.h) */
	uint32_t fault_count;
	uint32_t left; /* left=N: transactions that the payload leaves behind for that */
	const char *trace; /* trace=FILE on the host; an empty string for none */
};

/* 0, and a word on the console, when something is wrong with them. */
int options_read(struct options *out);

#endif /* FIRMWARE_OPTIONS_H */
