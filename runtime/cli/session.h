/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* What a trace has to remember: versions in force, and calls that wait for their reply. */
#ifndef FFABI_CLI_SESSION_H
#define FFABI_CLI_SESSION_H

#include "report.h"
#include "view.h"

struct endpoint {
	char *name;
	uint32_t version;
};

struct waiting {
	size_t endpoint;
	uint64_t number; /* of the call in the trace */
	struct question question;
};

/* A memory transaction descriptor that goes over in fragments. */
struct transfer {
	size_t endpoint; /* the caller */
	uint64_t handle;
	unsigned int usage; /* enum ffabi_usage */
	uint64_t ranges; /* where its constituents begin; 0: not known */
	uint64_t next; /* offset of the next fragment */
};

struct session {
	uint32_t forced; /* version for all endpoints, or 0 */
	struct endpoint *endpoints;
	size_t endpoint_count, endpoint_capacity;
	struct waiting *waiting;
	size_t waiting_count, waiting_capacity;
	struct transfer *transfers;
	size_t transfer_count, transfer_capacity;
};

/* Index of the endpoint, which need not have been seen before. */
size_t session_endpoint(struct session *s, const char *name);

/* Learns from a request and its reply; says whether the version in force is another now. */
int session_learn(struct session *s, size_t endpoint, const struct view *request,
		  const struct view *reply);

void session_wait(struct session *s, size_t endpoint, uint64_t number,
		  const struct question *question);
/* The call that the endpoint made last and that waits, or a null pointer. */
const struct waiting *session_waiting(const struct session *s, size_t endpoint);
void session_answered(struct session *s, const struct waiting *waiting);

/* Takes the place of an earlier one with the same handle. */
void session_begin_transfer(struct session *s, const struct transfer *t);
struct transfer *session_transfer(struct session *s, size_t endpoint, uint64_t handle);
void session_end_transfer(struct session *s, const struct transfer *t);

void session_release(struct session *s);

#endif /* FFABI_CLI_SESSION_H */
