/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
#include "decode.h"

#include <ffabi/message.h>
#include <ffabi/reply.h>
#include <ffabi/request.h>
#include <ffabi/text.h>

#include <string.h>

static struct ffabi_desc_layout layout_of(unsigned int call, enum ffabi_desc_part part)
{
	struct ffabi_desc_layout found;

	ffabi_describe(call, part, &found);
	return found;
}

static struct ffabi_ctx strict_context(uint32_t version)
{
	struct ffabi_ctx c;

	memset(&c, 0, sizeof(c));
	c.version = version;
	c.waive = FFABI_STRICT;
	return c;
}

static void start(struct view *v, const struct ffabi_regs *regs, uint32_t version)
{
	const uint32_t fid = function_id(regs);

	memset(v, 0, sizeof(*v));
	v->regs = regs;
	v->version = version;
	v->described = version;
	v->conv = ffabi_conv_of(fid);
	v->call = is_ffa(fid) ? ffabi_call_of(fid) : FFABI_CALL_COUNT;
	v->message = FFABI_CALL_COUNT;
	v->kind = VIEW_KNOWN;
	if (v->call == FFABI_CALL_COUNT)
		v->kind = is_ffa(fid) ? VIEW_UNKNOWN : VIEW_FOREIGN;
	v->question.of = FFABI_CALL_COUNT;
}

/* Compares what was packed with what was read, and keeps the verdict of unpacking. */
static void conclude(struct view *v, const struct ffabi_ctx *c, enum ffabi_rule unpacked,
		     enum ffabi_rule packed, const struct ffabi_regs *again)
{
	const unsigned int count = ffabi_passed(v->version, v->conv);
	unsigned int i;

	v->accepted = unpacked == FFABI_OK;
	if (!v->accepted) {
		v->strict = c->err;
		return;
	}
	for (i = 0; i < count; i++) {
		if (again->x[i] != v->regs->x[i])
			v->differs |= 1u << i;
	}
	v->repacks = packed == FFABI_OK && v->differs == 0;
}

static int view_message(struct view *v)
{
	struct ffabi_ctx c = strict_context(v->version);
	struct ffabi_message message;
	struct ffabi_regs again;
	enum ffabi_rule packed = FFABI_OK;
	enum ffabi_rule rule;

	memset(&message, 0, sizeof(message));
	memset(&again, 0, sizeof(again));
	message.call = FFABI_CALL_COUNT;
	rule = ffabi_message_unpack(&c, v->regs, &message);
	if (rule == FFABI_E_FID || rule == FFABI_E_KEY || message.call == FFABI_CALL_COUNT)
		return 0;
	if (rule == FFABI_OK) {
		struct ffabi_ctx other = strict_context(v->version);

		packed = ffabi_message_pack(&other, &message, &again);
	}
	v->message = message.call;
	view_describe(v, layout_of(v->message, FFABI_PART_REQUEST));
	conclude(v, &c, rule, packed, &again);
	return 1;
}

static void view_call(struct view *v)
{
	struct ffabi_ctx c = strict_context(v->version);
	struct ffabi_request request;
	struct ffabi_regs again;
	enum ffabi_rule packed = FFABI_OK;
	enum ffabi_rule rule;

	memset(&request, 0, sizeof(request));
	memset(&again, 0, sizeof(again));
	rule = ffabi_request_unpack(&c, v->regs, &request);
	if (rule == FFABI_OK) {
		struct ffabi_ctx other = strict_context(v->version);

		packed = ffabi_request_pack(&other, &request, &again);
	}
	view_describe(v, layout_of(v->call, FFABI_PART_REQUEST));
	conclude(v, &c, rule, packed, &again);
}

void view_request(struct view *v, const struct ffabi_regs *regs, uint32_t version)
{
	start(v, regs, version);
	if (v->kind == VIEW_KNOWN && !view_message(v))
		view_call(v);
}

/* Which layout describes a reply of this kind? */
static struct ffabi_desc_layout reply_layout(const struct view *v)
{
	struct ffabi_desc_layout found = {0, 0};

	if (v->call == FFABI_CALL_SUCCESS)
		found = layout_of(v->question.of, FFABI_PART_SUCCESS);
	if (v->call == FFABI_CALL_ERROR)
		found = layout_of(v->question.of, FFABI_PART_ERROR);
	if (found.count == 0 && v->message != FFABI_CALL_COUNT)
		found = layout_of(v->message, FFABI_PART_REQUEST);
	if (found.count == 0 && v->call != FFABI_CALL_COUNT)
		found = layout_of(v->call, FFABI_PART_REQUEST);
	return found;
}

/* A refused reply with a function id says itself which message it carries. */
static void find_reply_message(struct view *v)
{
	struct ffabi_ctx c = strict_context(v->version);
	struct ffabi_message message;
	enum ffabi_rule rule;

	memset(&message, 0, sizeof(message));
	message.call = FFABI_CALL_COUNT;
	rule = ffabi_message_unpack(&c, v->regs, &message);
	if (rule != FFABI_E_FID && rule != FFABI_E_KEY)
		v->message = message.call;
}

static void set_reply_kind(struct view *v, enum ffabi_call kind)
{
	v->kind = VIEW_KNOWN;
	if (kind == v->call)
		return;
	if (v->call == FFABI_CALL_COUNT)
		v->call = kind; /* FFA_VERSION answers without a function id */
	else
		v->message = kind;
}

void view_reply(struct view *v, const struct ffabi_regs *regs, uint32_t version,
		const struct question *question)
{
	struct ffabi_ctx c = strict_context(version);
	struct ffabi_reply reply;
	struct ffabi_regs again;
	enum ffabi_rule packed = FFABI_OK;
	enum ffabi_rule rule;

	if (question->of == FFABI_CALL_COUNT) { /* no call of FF-A: nothing is known of replies */
		view_request(v, regs, version);
		v->is_reply = 1;
		return;
	}
	start(v, regs, version);
	v->is_reply = 1;
	v->question = *question;
	memset(&reply, 0, sizeof(reply));
	memset(&again, 0, sizeof(again));
	rule = ffabi_reply_unpack(&c, question->of, question->conv, regs, &reply);
	if (rule == FFABI_OK) {
		struct ffabi_ctx other = strict_context(version);

		packed = ffabi_reply_pack(&other, question->conv, &reply, &again);
		set_reply_kind(v, ffabi_reply_kind(&reply));
	} else if (v->call == FFABI_CALL_COUNT && rule != FFABI_E_FID && rule != FFABI_E_VERSION) {
		set_reply_kind(v, ffabi_reply_kind(&reply));
	} else if (v->kind == VIEW_KNOWN) {
		find_reply_message(v);
	}
	view_describe(v, reply_layout(v));
	conclude(v, &c, rule, packed, &again);
}

void view_question(const struct view *v, struct question *out)
{
	out->of = v->message != FFABI_CALL_COUNT ? v->message : v->call;
	out->conv = v->conv;
	out->fid = function_id(v->regs);
}
