/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Two answers to one call: do they mean the same? */
#include <ffabi/text.h>

#include <inttypes.h>
#include <string.h>

#include "decode.h"
#include "replay.h"
#include "value.h"

static void begin(const struct talk *t, const char *what)
{
	char name[FUNCTION_TEXT_SIZE];

	if (!view_name(&t->decoded.request, name))
		strcpy(name, "call");
	printf("#%" PRIu64 " %s (line %zu): %s: ", t->call.number, name, t->call.line, what);
}

/* What kind of answer, with the status of an error. */
static void print_kind(const struct view *v)
{
	char name[FUNCTION_TEXT_SIZE];
	const struct ffabi_desc_field *status = view_find(v, FFABI_SHOW_STATUS);

	if (view_name(v, name))
		printf("%s", name);
	else
		printf("x0 %#" PRIx64, v->regs->x[0]);
	if (status != NULL) {
		putchar(' ');
		print_value(stdout, v, status, 0);
	}
}

static unsigned int kinds_differ(const struct talk *t, const struct view *there,
				 const struct view *here)
{

	/* w0 of an answer to FFA_VERSION is no function id but a field */
	if (there->kind == here->kind && there->call == here->call &&
	    (there->question.of == FFABI_CALL_VERSION ||
	     function_id(there->regs) == function_id(here->regs)))
		return 0;
	begin(t, "answer");
	print_kind(there);
	printf(" in the trace, ");
	print_kind(here);
	puts(" here");
	return 1;
}

/* Equal registers, in the bits of the field. */
static int same_bits(const struct view *a, const struct view *b, const struct ffabi_desc_field *f)
{
	const unsigned int width = f->hi >= f->lo ? f->hi - f->lo + 1u : 64u;
	const uint64_t mask = (width >= 64 ? ~(uint64_t)0 : ((uint64_t)1 << width) - 1) << f->lo;
	unsigned int r;

	for (r = f->first; r <= f->last; r++) {
		if (((view_word(a, r) ^ view_word(b, r)) & mask) != 0)
			return 0;
	}
	return 1;
}

/* Calls that are answered with the handle of a new region; others speak of one that is there. */
static int makes_handle(enum ffabi_call call)
{
	return call == FFABI_CALL_MEM_DONATE || call == FFABI_CALL_MEM_LEND ||
	       call == FFABI_CALL_MEM_SHARE;
}

/* Can both be handles of the same region?  Firmware gives out its handles again. */
static int maps(struct handle_map *handles, enum ffabi_call call, uint64_t there, uint64_t here)
{
	size_t at = handles->count;
	size_t i;

	for (i = 0; i < handles->count; i++) {
		if (handles->pairs[i].there == there)
			at = i;
		else if (handles->pairs[i].here == here)
			return 0;
	}
	if (at < handles->count && !makes_handle(call))
		return handles->pairs[at].here == here;
	if (at == handles->count) {
		handles->pairs =
			make_room(handles->pairs, at, &handles->capacity, sizeof(*handles->pairs));
		handles->pairs[handles->count++].there = there;
	}
	handles->pairs[at].here = here;
	return 1;
}

/* What is given back in the place of the firmware's answer has to obey the specification. */
static unsigned int breaks_rule(const struct talk *t, const struct view *here)
{
	if (here->accepted || here->kind != VIEW_KNOWN)
		return 0;
	begin(t, ffabi_field_name(here->strict.field));
	printf("the answer here breaks %s at register %u\n", ffabi_rule_name(here->strict.rule),
	       (unsigned int)here->strict.at);
	return 1;
}

static unsigned int fields_differ(const struct talk *t, const struct view *there,
				  const struct view *here, struct handle_map *handles)
{
	unsigned int found = 0;
	unsigned int i;

	for (i = 0; i < there->layout.count; i++) {
		const struct ffabi_desc_field *f = view_field(there, i);

		if (f == NULL || f->show == FFABI_SHOW_RESERVED || f->show == FFABI_SHOW_CONSTANT)
			continue;
		if (f->field == FFABI_F_HANDLE &&
		    maps(handles, t->decoded.request.call,
			 ffabi_desc_value(f, there->regs, there->conv),
			 ffabi_desc_value(f, here->regs, here->conv)))
			continue;
		if (same_bits(there, here, f))
			continue;
		begin(t, ffabi_field_name(f->field));
		print_value(stdout, there, f, 0);
		printf(" in the trace, ");
		print_value(stdout, here, f, 0);
		puts(" here");
		found++;
	}
	return found;
}

static const char *first_difference(const struct ffabi_partition_info *a,
				    const struct ffabi_partition_info *b)
{
	if (a->partition_id != b->partition_id)
		return "partition_id";
	if (a->exec_ctx_count != b->exec_ctx_count)
		return "exec_ctx_count";
	if (a->properties != b->properties || a->more_properties != b->more_properties)
		return "properties";
	if (a->id_type != b->id_type || a->proxy_id != b->proxy_id)
		return "id_type";
	if (a->protocol_uuid.lo != b->protocol_uuid.lo ||
	    a->protocol_uuid.hi != b->protocol_uuid.hi)
		return "protocol_uuid";
	if (a->image_uuid.lo != b->image_uuid.lo || a->image_uuid.hi != b->image_uuid.hi)
		return "image_uuid";
	return a->ffa_version != b->ffa_version ? "ffa_version" : NULL;
}

/* What the entry of the list that is most like this one has otherwise; lists have no order. */
static const char *missing_from(struct ffabi_ctx *c, const struct ffabi_src *src,
				const struct ffabi_entries *said,
				const struct ffabi_partition_info *wanted)
{
	struct ffabi_partition_cursor cursor;
	struct ffabi_partition_info info;
	const char *found = "partition_id";

	if (ffabi_partition_open(c, src, said, &cursor) != FFABI_OK)
		return found;
	while (ffabi_partition_next(c, &cursor, &info) == FFABI_OK) {
		const char *what = first_difference(wanted, &info);

		if (what == NULL)
			return NULL;
		if (info.partition_id == wanted->partition_id)
			found = what;
	}
	return found;
}

static unsigned int lists_differ(const struct talk *t, const struct trace_buffer *rx,
				 const uint8_t *bytes)
{
	const struct view *reply = &t->decoded.reply;
	struct ffabi_entries said;
	struct ffabi_partition_cursor cursor;
	struct ffabi_partition_info there;
	struct ffabi_src trace = {rx->bytes, rx->count};
	struct ffabi_src own = {bytes, FFABI_PAGE_SIZE};
	struct ffabi_ctx c = {t->decoded.version, UINT16_MAX, 0, {0, 0, 0, 0}};
	unsigned int found = 0;

	said.count = (uint32_t)view_value_or(reply, FFABI_F_COUNT, 0);
	said.size = (uint32_t)view_value_or(reply, FFABI_F_DESCRIPTOR_SIZE, 0);
	if (ffabi_partition_open(&c, &trace, &said, &cursor) != FFABI_OK)
		return 0;
	while (ffabi_partition_next(&c, &cursor, &there) == FFABI_OK) {
		const char *what = missing_from(&c, &own, &said, &there);

		if (what == NULL)
			continue;
		begin(t, what);
		printf("no such entry here for partition %#x\n", there.partition_id);
		found++;
	}
	return found;
}

uint64_t buffer_address(const struct talk *t, const struct trace_buffer *b,
			struct ffabi_sandbox *sandbox)
{
	const struct ffabi_spmc_partition *p =
		ffabi_spmc_find(ffabi_sandbox_spmc(sandbox), t->caller);

	if (b->address != 0 || p == NULL)
		return b->address;
	return strcmp(b->kind, "tx") == 0 ? p->box.tx_address : p->box.rx_address;
}

/* The descriptor that a retrieval brings: all of it but the handle. */
static unsigned int descriptors_differ(const struct talk *t, size_t i, const uint8_t *bytes)
{
	const struct trace_buffer *b = &t->call.buffers[i];
	const struct decoded_buffer *decoded = &t->decoded.buffers[i];
	const table_field *handle = NULL;
	struct record record;
	uint64_t skipped = 0;
	size_t k;

	if (decoded->state == BUFFER_DECODED && decoded->object.section_count != 0) {
		object_record(&decoded->object, &decoded->object.sections[0], 0, &record);
		handle = record_find(&record, FFABI_F_HANDLE);
		skipped = handle != NULL ? record.at + handle->at : 0;
	}
	for (k = 0; k < b->count && k < FFABI_PAGE_SIZE; k++) {
		if (bytes[k] == b->bytes[k] ||
		    (handle != NULL && k >= skipped && k < skipped + handle->size))
			continue;
		begin(t, "rx");
		printf("byte %#zx is %#x in the trace, %#x here\n", k, b->bytes[k], bytes[k]);
		return 1;
	}
	return 0;
}

/* What came in the RX buffer; of other calls nothing is known to be in it. */
static unsigned int buffers_differ(const struct talk *t, struct ffabi_sandbox *sandbox)
{
	const int is_list = t->decoded.request.call == FFABI_CALL_PARTITION_INFO_GET;
	const int is_region = t->decoded.reply.call == FFABI_CALL_MEM_RETRIEVE_RESP;
	unsigned int found = 0;
	size_t i;

	for (i = 0; i < t->call.buffer_count; i++) {
		const struct trace_buffer *b = &t->call.buffers[i];
		const uint8_t *bytes =
			ffabi_sandbox_memory(sandbox, buffer_address(t, b, sandbox), 1);

		if (strcmp(b->kind, "rx") != 0 || (!is_list && !is_region))
			continue;
		if (bytes == NULL) {
			begin(t, "rx");
			puts("there is no such buffer here");
			found++;
		} else {
			found += is_list ? lists_differ(t, b, bytes)
					 : descriptors_differ(t, i, bytes);
		}
	}
	return found;
}

unsigned int compare_replies(const struct talk *t, const struct ffabi_regs *regs,
			     struct ffabi_sandbox *sandbox, struct handle_map *handles)
{
	struct question question;
	struct view here;
	unsigned int found;

	memset(&here, 0, sizeof(here));
	view_question(&t->decoded.request, &question);
	view_reply(&here, regs, t->decoded.version, &question);
	found = breaks_rule(t, &here) + kinds_differ(t, &t->decoded.reply, &here);
	if (found == 0)
		found = fields_differ(t, &t->decoded.reply, &here, handles);
	if (found == 0 && t->decoded.reply.call != FFABI_CALL_ERROR)
		found = buffers_differ(t, sandbox);
	return found;
}

unsigned int compare_resume(const struct talk *t, const struct ffabi_spmc_next *next,
			    const struct ffabi_regs *regs, struct handle_map *handles)
{
	const struct trace_resume *resume = &t->call.resumes[0];
	const struct decoded_resume *decoded = &t->decoded.resumes[0];
	struct view here;
	uint16_t id;
	unsigned int found;

	if (!endpoint_id(resume->endpoint, &id) || next->idle || next->at.id != id) {
		begin(t, "next to run");
		printf("%s in the trace, %s%x here\n", resume->endpoint,
		       next->idle ? "none, not vm" : "vm", next->at.id);
		return 1;
	}
	memset(&here, 0, sizeof(here));
	if (decoded->is_reply)
		view_reply(&here, regs, decoded->view.version, &decoded->view.question);
	else
		view_request(&here, regs, decoded->view.version);
	found = breaks_rule(t, &here) + kinds_differ(t, &decoded->view, &here);
	return found != 0 ? found : fields_differ(t, &decoded->view, &here, handles);
}
