/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
#include "follow.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decode.h"

void report_view(struct report *r, size_t line, const struct view *v)
{
	char name[FUNCTION_TEXT_SIZE];

	if (!view_name(v, name))
		snprintf(name, sizeof(name), "the reply");
	if (v->kind == VIEW_UNKNOWN)
		report_trouble(r, line, "0x%" PRIx32 " is no known function of FF-A",
			       function_id(v->regs));
	if (v->kind == VIEW_KNOWN && v->accepted && !v->repacks)
		report_bug(r, line, "%s does not pack back: a bug of ffabi", name);
}

static void follow_request(struct session *s, struct report *r, size_t caller, struct decoded *d)
{
	const struct trace_call *call = d->call;
	struct question question;

	view_request(&d->request, &call->in.regs, d->version);
	report_view(r, call->in.line, &d->request);
	if (call->out.line == 0 && d->request.kind == VIEW_KNOWN) {
		view_question(&d->request, &question);
		session_wait(s, caller, call->number, &question);
	}
}

static void follow_reply(struct session *s, struct report *r, size_t caller, struct decoded *d)
{
	const struct trace_call *call = d->call;
	struct question question;

	memset(&question, 0, sizeof(question));
	question.of = FFABI_CALL_COUNT;
	if (call->in.line != 0)
		view_question(&d->request, &question);
	view_reply(&d->reply, &call->out.regs, d->version, &question);
	report_view(r, call->out.line, &d->reply);
	if (call->in.line != 0 && session_learn(s, caller, &d->request, &d->reply))
		d->new_version = s->endpoints[caller].version;
}

static void follow_resume(struct session *s, struct report *r, const struct trace_resume *resume,
			  struct decoded_resume *to)
{
	const size_t endpoint = session_endpoint(s, resume->endpoint);
	const uint32_t version = s->endpoints[endpoint].version;
	const struct waiting *waiting = session_waiting(s, endpoint);

	if (waiting != NULL)
		view_reply(&to->view, &resume->regs, version, &waiting->question);
	if (waiting == NULL || to->view.kind != VIEW_KNOWN) {
		view_request(&to->view, &resume->regs, version);
	} else {
		to->is_reply = 1;
		to->completes = waiting->number;
		session_answered(s, waiting);
	}
	report_view(r, resume->line, &to->view);
}

static void follow_buffers(struct session *s, size_t caller, struct decoded *d)
{
	const struct trace_call *call = d->call;
	size_t capacity = 0;
	size_t i;
	struct exchange e;

	e.caller = caller;
	e.version = d->version;
	e.request = call->in.line != 0 ? &d->request : NULL;
	e.reply = call->out.line != 0 ? &d->reply : NULL;
	e.buffers = call->buffers;
	e.buffer_count = call->buffer_count;
	for (i = 0; i < call->buffer_count; i++)
		d->buffers = make_room(d->buffers, i, &capacity, sizeof(*d->buffers));
	decode_buffers(s, &e, d->buffers);
}

void follow(struct session *s, struct report *r, const struct trace_call *call, struct decoded *d)
{
	const size_t caller = session_endpoint(s, trace_names_caller(call) ? call->who : "");
	size_t capacity = 0;
	size_t i;

	memset(d, 0, sizeof(*d));
	d->call = call;
	d->version = s->endpoints[caller].version;
	if (call->in.line != 0)
		follow_request(s, r, caller, d);
	else
		report_trouble(r, call->line, "the call has no 'in' line");
	if (call->out.line != 0)
		follow_reply(s, r, caller, d);
	for (i = 0; i < call->resume_count; i++) {
		d->resumes = make_room(d->resumes, i, &capacity, sizeof(*d->resumes));
		memset(&d->resumes[i], 0, sizeof(d->resumes[i]));
		follow_resume(s, r, &call->resumes[i], &d->resumes[i]);
	}
	follow_buffers(s, caller, d);
}

void follow_release(struct decoded *d)
{
	free(d->resumes);
	free(d->buffers);
}
