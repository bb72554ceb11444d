/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Following a trace: each call is decoded with what the calls before it settled. */
#ifndef FFABI_CLI_FOLLOW_H
#define FFABI_CLI_FOLLOW_H

#include "buffers.h"
#include "session.h"
#include "trace.h"
#include "view.h"

/* Another endpoint went on; view is its reply or, unless is_reply, a request to it. */
struct decoded_resume {
	struct view view;
	int is_reply;
	uint64_t completes; /* number of the call */
};

struct decoded {
	const struct trace_call *call;
	uint32_t version; /* in force for the caller */
	uint32_t new_version; /* in force afterwards, or 0 when it stays */
	struct view request; /* when call->in.line is not 0 */
	struct view reply; /* when call->out.line is not 0 */
	struct decoded_resume *resumes; /* call->resume_count */
	struct decoded_buffer *buffers; /* call->buffer_count */
};

/* What cannot be decoded, and what the library gets wrong. */
void report_view(struct report *r, size_t line, const struct view *v);

void follow(struct session *s, struct report *r, const struct trace_call *call, struct decoded *d);
void follow_release(struct decoded *d);

#endif /* FFABI_CLI_FOLLOW_H */
