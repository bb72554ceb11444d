/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Traces of real calls, one block of lines per call. */
#ifndef FFABI_CLI_TRACE_H
#define FFABI_CLI_TRACE_H

#include <stdio.h>

#include "registers.h"

/* Bytes that a call passed in memory. */
struct trace_buffer {
	char kind[10]; /* tx, rx, assembled, msg_arg */
	size_t line;
	uint64_t address;
	uint64_t length; /* as announced; count says how many were given */
	uint8_t *bytes;
	size_t count, capacity;
};

/* Another endpoint that ran on instead of the caller, or after it. */
struct trace_resume {
	char *endpoint;
	size_t line;
	struct ffabi_regs regs;
};

/* Registers of the request or of the reply; line is 0 when they are missing. */
struct trace_registers {
	size_t line;
	struct ffabi_regs regs;
};

struct trace_call {
	uint64_t number;
	size_t line;
	char *who; /* a conduit (smc, hvc), or the calling endpoint (vm8001) */
	char *label; /* the rest of the line */
	struct trace_registers in, out;
	struct trace_resume *resumes;
	size_t resume_count, resume_capacity;
	struct trace_buffer *buffers;
	size_t buffer_count, buffer_capacity;
	char **comments; /* that follow the call */
	size_t comment_count, comment_capacity;
};

struct trace {
	FILE *in;
	struct report *report;
	char *text; /* the line under the cursor */
	size_t size;
	size_t line;
	int pending; /* text was read but not used */
	int skipping; /* the lines of a call whose first line was refused */
};

enum trace_item {
	TRACE_END,
	TRACE_COMMENT, /* before the first call: trace->text */
	TRACE_CALL
};

/* Mistakes are reported and skipped; call is to be released after TRACE_CALL. */
enum trace_item trace_next(struct trace *t, struct trace_call *call);
void trace_release_call(struct trace_call *call);
void trace_release(struct trace *t);

/* Does the call name its caller instead of a conduit? */
int trace_names_caller(const struct trace_call *call);

#endif /* FFABI_CLI_TRACE_H */
