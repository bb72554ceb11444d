/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* ffabi replay FILE */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "replay.h"
#include "value.h"

struct replay {
	struct report *report;
	struct conversation conversation;
	struct known_list known;
	struct world world;
	struct ffabi_sandbox *sandbox;
	struct handle_map handles;
	const struct talk *talk; /* the call at hand */
	unsigned int differences;
};

/* Does the partition answer this call, or did it answer it in the trace? */
static int is_from_partition(const struct view *reply)
{
	switch (reply->call) {
	case FFABI_CALL_MSG_SEND_DIRECT_RESP:
	case FFABI_CALL_MSG_SEND_DIRECT_RESP2:
	case FFABI_CALL_YIELD:
	case FFABI_CALL_MSG_WAIT:
		return 1;
	default:
		return 0;
	}
}

/* A partition says what it said in the trace; or, if it said nothing there, that it waits. */
static void step(void *self, uint16_t vcpu, struct ffabi_regs *regs)
{
	const struct replay *r = self;
	struct ffabi_ctx c = {FFABI_V1_0, FFABI_STRICT, 0, {0, 0, 0, 0}};
	struct ffabi_msg_wait wait;

	(void)vcpu;
	memset(&wait, 0, sizeof(wait));
	if (r->talk->call.out.line != 0 && is_from_partition(&r->talk->decoded.reply))
		*regs = r->talk->call.out.regs;
	else
		ffabi_msg_wait_pack(&c, FFABI_SMC32, &wait, regs);
}

/* The next call of the trace, or a null pointer. */
static struct talk *load_call(struct trace *t)
{
	struct talk *talk = calloc(1, sizeof(*talk));
	enum trace_item item;

	if (talk == NULL)
		abort();
	do {
		item = trace_next(t, &talk->call);
	} while (item == TRACE_COMMENT);
	if (item == TRACE_CALL)
		return talk;
	free(talk);
	return NULL;
}

/* What cannot be decoded can be replayed all the same: it is the sandbox that has to cope. */
static void load_calls(struct replay *r, struct trace *t)
{
	struct conversation *c = &r->conversation;
	struct report decoding = {r->report->file, 0, 0};
	struct session session;
	struct talk *talk;

	memset(&session, 0, sizeof(session));
	while ((talk = load_call(t)) != NULL) {
		c->talks = make_room(c->talks, c->count, &c->capacity, sizeof(struct talk *));
		c->talks[c->count++] = talk;
		follow(&session, &decoding, &talk->call, &talk->decoded);
		c->names_callers |= trace_names_caller(&talk->call);
		if (c->names_callers && !endpoint_id(talk->call.who, &talk->caller))
			report_trouble(r->report, talk->call.line, "who is %s?", talk->call.who);
	}
	r->report->bug += decoding.bug;
	session_release(&session);
}

/* "NUMBER REASON" a line; # begins a comment. */
static void load_known(struct replay *r, const char *file)
{
	struct report report = {file, 0, 0};
	char line[256];
	size_t number = 0;
	FILE *in = fopen(file, "r");

	if (in == NULL)
		report_trouble(&report, 0, "%s", strerror(errno));
	while (in != NULL && fgets(line, sizeof(line), in) != NULL) {
		char *rest = line;
		char *word;
		struct known *k;

		number++;
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#' || line[strspn(line, " ")] == '\0')
			continue;
		r->known.items = make_room(r->known.items, r->known.count, &r->known.capacity,
					   sizeof(*r->known.items));
		k = &r->known.items[r->known.count];
		word = next_word(&rest);
		if (!parse_decimal(word, &k->number) || rest[strspn(rest, " ")] == '\0') {
			report_trouble(&report, number, "not the number of a call and a reason");
			continue;
		}
		k->reason = copy_text(rest, strlen(rest));
		k->met = 0;
		r->known.count++;
	}
	if (in != NULL)
		fclose(in);
	r->report->trouble += report.trouble;
}

static struct known *find_known(const struct replay *r, uint64_t number)
{
	size_t i;

	for (i = 0; i < r->known.count; i++) {
		if (r->known.items[i].number == number)
			return &r->known.items[i];
	}
	return NULL;
}

/* Handles of the firmware become those of the sandbox. */
static uint64_t here_of(const struct replay *r, uint64_t there)
{
	size_t i;

	for (i = 0; i < r->handles.count; i++) {
		if (r->handles.pairs[i].there == there)
			return r->handles.pairs[i].here;
	}
	return there;
}

static void map_handles(const struct replay *r, struct ffabi_regs *regs)
{
	const struct view *request = &r->talk->decoded.request;
	unsigned int k;

	for (k = 0; k < request->layout.count; k++) {
		const struct ffabi_desc_field *f = view_field(request, k);
		uint64_t here;

		if (f == NULL || f->field != FFABI_F_HANDLE)
			continue;
		here = here_of(r, ffabi_desc_value(f, request->regs, request->conv));
		regs->x[f->first] = (uint32_t)here;
		regs->x[f->last] = here >> 32;
	}
}

/* The handle in a descriptor: that of a retrieval, or of what is given back. */
static void write_handle(const struct replay *r, const struct decoded_buffer *b, uint8_t *to)
{
	const table_field *f;
	struct record record;
	unsigned int i;
	uint64_t here;

	if (b->state != BUFFER_DECODED || b->object.section_count == 0)
		return;
	object_record(&b->object, &b->object.sections[0], 0, &record);
	f = record_find(&record, FFABI_F_HANDLE);
	if (f == NULL)
		return;
	here = here_of(r, record_value(&record, f));
	for (i = 0; i < sizeof(here); i++)
		to[record.at + f->at + i] = (uint8_t)(here >> 8 * i);
}

/* The bytes that the client wrote before its call. */
static void write_buffers(struct replay *r)
{
	const struct trace_call *call = &r->talk->call;
	size_t i;

	for (i = 0; i < call->buffer_count; i++) {
		const struct trace_buffer *b = &call->buffers[i];
		const uint64_t address = buffer_address(r->talk, b, r->sandbox);
		const uint64_t end = address % FFABI_PAGE_SIZE + b->count;
		uint8_t *to = ffabi_sandbox_memory(r->sandbox, address,
						   (end + FFABI_PAGE_SIZE - 1) / FFABI_PAGE_SIZE);

		if (strcmp(b->kind, "tx") != 0)
			continue;
		if (to == NULL) {
			report_trouble(r->report, b->line, "no call has named this memory");
			continue;
		}
		memcpy(to, b->bytes, b->count);
		write_handle(r, &r->talk->decoded.buffers[i], to);
	}
}

/* An interrupt that came in the trace comes here. */
static void interrupt(const struct replay *r)
{
	struct ffabi_spmc_fault fault = {FFABI_SPMC_FAULT_INTERRUPT, FFABI_CALL_COUNT, 1, 0};

	if (r->talk->call.out.line == 0 || r->talk->decoded.reply.call != FFABI_CALL_INTERRUPT)
		return;
	fault.call = r->talk->decoded.request.call;
	(void)ffabi_spmc_inject(ffabi_sandbox_spmc(r->sandbox), &fault);
}

/* In a trace of the partition manager each call is one step of its state machine. */
static unsigned int replay_step(struct replay *r, struct ffabi_regs *regs)
{
	const struct trace_call *call = &r->talk->call;
	const struct ffabi_spmc_at from = {r->talk->caller, 0};
	struct ffabi_spmc_next next;

	ffabi_spmc_call(ffabi_sandbox_spmc(r->sandbox), &from, regs, &next);
	if (call->out.line != 0)
		return compare_replies(r->talk, regs, r->sandbox, &r->handles);
	if (call->resume_count != 0)
		return compare_resume(r->talk, &next, regs, &r->handles);
	return 0;
}

/* In a client's trace partitions take the steps that they took there. */
static unsigned int replay_whole(struct replay *r, struct ffabi_regs *regs)
{
	const struct ffabi_conduit conduit =
		ffabi_sandbox_conduit(r->sandbox, r->world.config.scheduler, 0);

	interrupt(r);
	conduit.call(conduit.self, regs);
	if (r->talk->call.out.line == 0)
		return 0;
	return compare_replies(r->talk, regs, r->sandbox, &r->handles);
}

static void replay_call(struct replay *r)
{
	struct known *known = find_known(r, r->talk->call.number);
	struct ffabi_regs regs = r->talk->call.in.regs;
	unsigned int found;

	write_buffers(r);
	map_handles(r, &regs);
	found = r->conversation.names_callers ? replay_step(r, &regs) : replay_whole(r, &regs);
	if (found != 0 && known != NULL) {
		printf("  known:%s%s\n", known->reason[0] == ' ' ? "" : " ", known->reason);
		known->met = 1;
	} else {
		r->differences += found;
	}
}

/* What was said to differ and did not is a difference too: the list has to be true. */
static void report_known(struct replay *r)
{
	size_t i;

	for (i = 0; i < r->known.count; i++) {
		if (r->known.items[i].met)
			continue;
		printf("#%" PRIu64 ": said to differ, and does not: %s\n", r->known.items[i].number,
		       r->known.items[i].reason);
		r->differences++;
	}
}

static void replay_calls(struct replay *r)
{
	size_t i;

	world_derive(&r->world, &r->conversation, step, r);
	r->sandbox = world_build(&r->world);
	if (r->sandbox == NULL) {
		report_trouble(r->report, 0,
			       "what the trace says of the firmware is no configuration");
		return;
	}
	for (i = 0; i < r->conversation.count; i++) {
		r->talk = r->conversation.talks[i];
		/* what is no FF-A is none of the sandbox's business */
		if (r->talk->call.in.line != 0 && r->talk->decoded.request.kind != VIEW_FOREIGN)
			replay_call(r);
	}
	report_known(r);
	printf("%zu calls replayed, %zu partitions, %zu known differences, %u others\n",
	       r->conversation.count, (size_t)r->world.config.endpoint_count - 1, r->known.count,
	       r->differences);
}

static void release(struct replay *r)
{
	size_t i;

	ffabi_sandbox_delete(r->sandbox);
	world_release(&r->world);
	for (i = 0; i < r->conversation.count; i++) {
		follow_release(&r->conversation.talks[i]->decoded);
		trace_release_call(&r->conversation.talks[i]->call);
		free(r->conversation.talks[i]);
	}
	free(r->conversation.talks);
	for (i = 0; i < r->known.count; i++)
		free(r->known.items[i].reason);
	free(r->known.items);
	free(r->handles.pairs);
}

enum exit_status replay_trace(const struct options *o)
{
	const char *file = o->operands[0];
	const int from_stdin = strcmp(file, "-") == 0;
	struct report report = {from_stdin ? "standard input" : file, 0, 0};
	struct trace trace;
	struct replay r;

	memset(&trace, 0, sizeof(trace));
	memset(&r, 0, sizeof(r));
	r.report = trace.report = &report;
	trace.in = from_stdin ? stdin : fopen(file, "r");
	if (trace.in == NULL) {
		report_trouble(&report, 0, "%s", strerror(errno));
		return EXIT_TROUBLE;
	}
	if (o->known != NULL)
		load_known(&r, o->known);
	load_calls(&r, &trace);
	trace_release(&trace);
	if (!from_stdin)
		fclose(trace.in);
	if (r.conversation.count == 0)
		report_trouble(&report, 0, "there is no call in it");
	if (report_status(&report) == EXIT_FINE)
		replay_calls(&r);
	release(&r);
	if (report_status(&report) != EXIT_FINE)
		return report_status(&report);
	return r.differences != 0 ? EXIT_BUG : EXIT_FINE;
}
