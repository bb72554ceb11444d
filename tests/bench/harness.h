/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * What harness.c and the generated cases share.  Every function of the two begins
 * with bench_ (or is main), so that a trace can tell them from the library.
 */
#ifndef BENCH_HARNESS_H
#define BENCH_HARNESS_H

#include <ffabi/message.h>
#include <ffabi/reply.h>
#include <ffabi/request.h>

/* One call of one library function; its arguments are constants of the case. */
struct bench_case {
	const char *name;
	uint32_t version;
	void (*run)(void);
	const struct ffabi_regs *expect; /* what a packer has to write */
};

/* Room for whatever a case unpacks into. */
union bench_out {
	struct ffabi_request request;
	struct ffabi_message message;
	struct ffabi_reply reply;
};

extern struct ffabi_ctx bench_ctx;
extern struct ffabi_regs bench_regs;
extern union bench_out bench_out;
extern enum ffabi_rule bench_rule; /* the result of the case */

extern const struct bench_case bench_cases[];
extern const unsigned int bench_count;

#endif /* BENCH_HARNESS_H */
