/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* What the buffers of a trace hold, by the calls that they belong to. */
#ifndef FFABI_CLI_BUFFERS_H
#define FFABI_CLI_BUFFERS_H

#include "object.h"
#include "session.h"
#include "trace.h"
#include "view.h"

enum buffer_state {
	BUFFER_UNKNOWN, /* no table is known to be in it */
	BUFFER_DECODED,
	BUFFER_SAME, /* as the bytes of tx */
	BUFFER_LOST, /* a fragment of a transfer whose beginning is not known */
	BUFFER_PART, /* a fragment that does not begin where an element does */
	BUFFER_UNUSED /* the call did not write to it */
};

struct decoded_buffer {
	enum buffer_state state;
	uint64_t expected; /* bytes that the call speaks of; the trace may have fewer */
	struct object object; /* when decoded */
};

/* A call with its reply and buffers; request or reply is a null pointer when it is missing. */
struct exchange {
	size_t caller; /* endpoint of the session */
	uint32_t version;
	const struct view *request;
	const struct view *reply;
	const struct trace_buffer *buffers;
	size_t buffer_count;
};

/* Fills out[buffer_count], and remembers what the fragments to come belong to. */
void decode_buffers(struct session *s, const struct exchange *e, struct decoded_buffer *out);

#endif /* FFABI_CLI_BUFFERS_H */
