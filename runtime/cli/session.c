/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
#include "session.h"

#include <ffabi/request.h>

#include <stdlib.h>
#include <string.h>

/* Until FFA_VERSION has been answered. */
#define VERSION_BEFORE FFABI_V1_2

size_t session_endpoint(struct session *s, const char *name)
{
	struct endpoint *added;
	size_t i;

	for (i = 0; i < s->endpoint_count; i++) {
		if (strcmp(s->endpoints[i].name, name) == 0)
			return i;
	}
	s->endpoints = make_room(s->endpoints, i, &s->endpoint_capacity, sizeof(*s->endpoints));
	added = &s->endpoints[s->endpoint_count++];
	added->name = copy_text(name, strlen(name));
	added->version = s->forced != 0 ? s->forced : VERSION_BEFORE;
	return i;
}

/* The lower of both, when both are 1.x; 0 when there is nothing in common. */
static uint32_t common_version(uint64_t asked, uint64_t answered)
{
	const uint64_t lower = asked < answered ? asked : answered;

	if (asked >> 16 != FFABI_V1_0 >> 16 || answered >> 16 != FFABI_V1_0 >> 16)
		return 0;
	return lower > FFABI_V1_3 ? FFABI_V1_3 : (uint32_t)lower;
}

/* From 1.3 on a caller can also just ask. */
static int negotiates(const struct view *request)
{
	struct ffabi_request r;
	struct ffabi_ctx c;

	memset(&r, 0, sizeof(r));
	memset(&c, 0, sizeof(c));
	c.version = request->version;
	c.waive = UINT16_MAX;
	return ffabi_request_unpack(&c, request->regs, &r) == FFABI_OK &&
	       r.u.version.query_type == FFABI_VERSION_QUERY_NEGOTIATE;
}

int session_learn(struct session *s, size_t endpoint, const struct view *request,
		  const struct view *reply)
{
	struct endpoint *e = &s->endpoints[endpoint];
	const struct ffabi_desc_field *asked;
	const struct ffabi_desc_field *answered;
	uint32_t version;

	if (s->forced != 0 || request->kind != VIEW_KNOWN || request->call != FFABI_CALL_VERSION)
		return 0;
	if (reply->kind != VIEW_KNOWN || reply->call != FFABI_CALL_SUCCESS)
		return 0;
	asked = view_find(request, FFABI_SHOW_VERSION);
	answered = view_find(reply, FFABI_SHOW_VERSION);
	if (asked == NULL || answered == NULL || !negotiates(request))
		return 0;
	version = common_version(ffabi_desc_value(asked, request->regs, request->conv),
				 ffabi_desc_value(answered, reply->regs, reply->conv));
	if (version == 0 || version == e->version)
		return 0;
	e->version = version;
	return 1;
}

void session_wait(struct session *s, size_t endpoint, uint64_t number,
		  const struct question *question)
{
	struct waiting *added;

	s->waiting =
		make_room(s->waiting, s->waiting_count, &s->waiting_capacity, sizeof(*s->waiting));
	added = &s->waiting[s->waiting_count++];
	added->endpoint = endpoint;
	added->number = number;
	added->question = *question;
}

const struct waiting *session_waiting(const struct session *s, size_t endpoint)
{
	size_t i;

	for (i = s->waiting_count; i > 0; i--) {
		if (s->waiting[i - 1].endpoint == endpoint)
			return &s->waiting[i - 1];
	}
	return NULL;
}

void session_answered(struct session *s, const struct waiting *waiting)
{
	const size_t index = (size_t)(waiting - s->waiting);

	s->waiting_count--;
	memmove(s->waiting + index, s->waiting + index + 1,
		(s->waiting_count - index) * sizeof(*s->waiting));
}

struct transfer *session_transfer(struct session *s, size_t endpoint, uint64_t handle)
{
	size_t i;

	for (i = 0; i < s->transfer_count; i++) {
		if (s->transfers[i].endpoint == endpoint && s->transfers[i].handle == handle)
			return &s->transfers[i];
	}
	return NULL;
}

void session_begin_transfer(struct session *s, const struct transfer *t)
{
	struct transfer *known = session_transfer(s, t->endpoint, t->handle);

	if (known == NULL) {
		s->transfers = make_room(s->transfers, s->transfer_count, &s->transfer_capacity,
					 sizeof(*s->transfers));
		known = &s->transfers[s->transfer_count++];
	}
	*known = *t;
}

void session_end_transfer(struct session *s, const struct transfer *t)
{
	s->transfers[t - s->transfers] = s->transfers[--s->transfer_count];
}

void session_release(struct session *s)
{
	size_t i;

	for (i = 0; i < s->endpoint_count; i++)
		free(s->endpoints[i].name);
	free(s->endpoints);
	free(s->waiting);
	free(s->transfers);
}
