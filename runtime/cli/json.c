/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
#include "json.h"

#include <ffabi/text.h>

#include <inttypes.h>
#include <string.h>

#include "json_table.h"
#include "json_value.h"
#include "value.h"

static void words(FILE *out, const struct view *v, const struct ffabi_desc_field *f)
{
	unsigned int n;

	fputc('[', out);
	for (n = f->first; n <= f->last; n++) {
		if (n != f->first)
			fputs(", ", out);
		json_hex(out, view_word(v, n));
	}
	fputc(']', out);
}

static void field_value(FILE *out, const struct view *v, const struct ffabi_desc_field *f)
{
	struct characters characters;
	char uuid[UUID_TEXT_SIZE];

	switch (f->show) {
	case FFABI_SHOW_UUID:
		uuid_text(v, f, uuid);
		json_string(out, uuid);
		break;
	case FFABI_SHOW_WORDS:
		words(out, v, f);
		break;
	case FFABI_SHOW_BYTES:
		view_characters(v, f, &characters);
		json_bytes(out, characters.bytes, characters.announced);
		break;
	default:
		json_scalar(out, f->show, f->table, ffabi_desc_value(f, v->regs, v->conv));
		break;
	}
}

static void fields(FILE *out, const struct view *v)
{
	const char *separator = "";
	unsigned int i;

	fputs("\"fields\": {", out);
	for (i = 0; i < v->layout.count; i++) {
		const struct ffabi_desc_field *f = view_field(v, i);

		if (f == NULL || f->show == FFABI_SHOW_RESERVED || f->show == FFABI_SHOW_CONSTANT)
			continue;
		fputs(separator, out);
		json_string(out, ffabi_field_name(f->field));
		fputs(": ", out);
		field_value(out, v, f);
		separator = ", ";
	}
	fputc('}', out);
}

/* Bits that no field holds: reserved ones that are set, and what nothing describes. */
static void others(FILE *out, const struct view *v)
{
	const unsigned int count = ffabi_passed(v->version, v->conv);
	const char *separator = "";
	unsigned int n;

	for (n = 0; n < count; n++) {
		const uint64_t bits = view_stray_bits(v, n) | view_reserved_bits(v, n);

		if (bits == 0)
			continue;
		fputs(*separator == '\0' ? ", \"others\": {" : separator, out);
		fprintf(out, "\"x%u\": ", n);
		json_hex(out, bits);
		separator = ", ";
	}
	if (*separator != '\0')
		fputc('}', out);
}

static void verdict(FILE *out, const struct view *v)
{
	if (v->kind != VIEW_KNOWN && v->question.of == FFABI_CALL_COUNT) {
		fputs(", \"strict\": null, \"repacks\": null", out);
	} else if (v->accepted) {
		fprintf(out, ", \"strict\": null, \"repacks\": %s", v->repacks ? "true" : "false");
	} else {
		fputs(", \"strict\": {\"rule\": ", out);
		json_string(out, ffabi_rule_name(v->strict.rule));
		fputs(", \"field\": ", out);
		json_string(out, ffabi_field_name(v->strict.field));
		if (v->strict.rule == FFABI_E_VERSION)
			fputs(", \"register\": null, \"value\": ", out);
		else
			fprintf(out, ", \"register\": %u, \"value\": ", (unsigned int)v->strict.at);
		json_hex(out, v->strict.value);
		fputs("}, \"repacks\": null", out);
	}
}

static void error_meaning(FILE *out, const struct view *v)
{
	const struct ffabi_desc_field *status = view_find(v, FFABI_SHOW_STATUS);
	const char *meaning;

	if (status == NULL)
		status = view_find(v, FFABI_SHOW_SMCCC_STATUS);
	else if (v->call != FFABI_CALL_ERROR)
		return;
	if (status == NULL)
		return;
	meaning = view_meaning(v, status);
	if (meaning == NULL)
		return;
	fputs("\"meaning\": ", out);
	json_string(out, meaning);
	fputs(", ", out);
}

static void function_name(FILE *out, const struct view *v)
{
	char name[FUNCTION_TEXT_SIZE];

	fputs("\"name\": ", out);
	if (view_name(v, name))
		json_string(out, name);
	else
		fputs("null", out);
	fputs(", ", out);
	if (v->kind != VIEW_KNOWN) {
		fputs("\"function\": ", out);
		json_hex(out, function_id(v->regs));
		fputs(", ", out);
	}
}

static void reply_kind(FILE *out, const struct view *v)
{
	fputs("\"kind\": ", out);
	if (v->kind == VIEW_KNOWN)
		json_string(out, ffabi_call_name(v->call));
	else
		fputs("null", out);
	fputs(", ", out);
	error_meaning(out, v);
}

void json_view(FILE *out, const struct view *v)
{
	char version[VERSION_TEXT_SIZE];

	function_name(out, v);
	if (v->is_reply)
		reply_kind(out, v);
	if (v->message != FFABI_CALL_COUNT) {
		fputs("\"message\": ", out);
		json_string(out, view_message_name(v));
		fputs(", ", out);
	}
	if (v->described != v->version) {
		version_text(v->described, version);
		fprintf(out, "\"fields_of\": \"%s\", ", version);
	}
	fields(out, v);
	others(out, v);
	verdict(out, v);
}

static void hex_string(FILE *out, const struct trace_buffer *b)
{
	size_t i;

	fputc('"', out);
	for (i = 0; i < b->count; i++)
		fprintf(out, "%02x", b->bytes[i]);
	fputc('"', out);
}

/* A member of an object can be there once. */
static int repeats_kind(const struct trace_call *call, size_t index)
{
	size_t i;

	for (i = 0; i < index; i++) {
		if (strcmp(call->buffers[i].kind, call->buffers[index].kind) == 0)
			return 1;
	}
	return 0;
}

/* "tx": {...} and the like; the bytes themselves where they are not decoded */
static void decoded_buffers(FILE *out, const struct decoded *d)
{
	size_t i;

	for (i = 0; i < d->call->buffer_count; i++) {
		const struct decoded_buffer *b = &d->buffers[i];

		if (b->state == BUFFER_UNKNOWN || repeats_kind(d->call, i))
			continue;
		fprintf(out, ", \"%s\": ", d->call->buffers[i].kind);
		if (b->state == BUFFER_DECODED) {
			fputc('{', out);
			json_object(out, &b->object);
			fputc('}', out);
		} else if (b->state == BUFFER_PART || b->state == BUFFER_LOST) {
			fputs("{\"table\": null, \"bytes\": ", out);
			hex_string(out, &d->call->buffers[i]);
			fputc('}', out);
		} else if (b->state == BUFFER_SAME) {
			fputs("{\"table\": null, \"same_as\": \"tx\"}", out);
		} else {
			fputs("null", out);
		}
	}
}

static void buffers(FILE *out, const struct trace_call *call)
{
	size_t i;

	fputc('[', out);
	for (i = 0; i < call->buffer_count; i++) {
		const struct trace_buffer *b = &call->buffers[i];

		fprintf(out, "%s{\"kind\": \"%s\", \"address\": ", i == 0 ? "" : ", ", b->kind);
		json_hex(out, b->address);
		fputs(", \"length\": ", out);
		json_number(out, b->length);
		fputs(", \"bytes\": ", out);
		hex_string(out, b);
		fputc('}', out);
	}
	fputc(']', out);
}

static void resumed(FILE *out, const struct decoded_resume *r, const char *endpoint)
{
	char version[VERSION_TEXT_SIZE];

	version_text(r->view.version, version);
	fprintf(out, "{\"to\": ");
	json_string(out, endpoint);
	fprintf(out, ", \"version\": \"%s\", \"completes\": ", version);
	if (r->is_reply)
		json_number(out, r->completes);
	else
		fputs("null", out);
	fputs(", ", out);
	json_view(out, &r->view);
	fputc('}', out);
}

static void head(FILE *out, const struct trace_call *call, uint32_t version)
{
	char text[VERSION_TEXT_SIZE];

	version_text(version, text);
	fprintf(out, "{\"call\": ");
	json_number(out, call->number);
	fprintf(out, ", \"line\": %zu, \"conduit\": ", call->line);
	if (trace_names_caller(call))
		fputs("null, \"caller\": ", out);
	json_string(out, call->who);
	if (!trace_names_caller(call))
		fputs(", \"caller\": null", out);
	fputs(", \"label\": ", out);
	json_string(out, call->label);
	fprintf(out, ", \"version\": \"%s\"", text);
}

static void view_or_null(FILE *out, const char *key, const struct view *v, int present)
{
	fprintf(out, ", \"%s\": ", key);
	if (present) {
		fputc('{', out);
		json_view(out, v);
		fputc('}', out);
	} else {
		fputs("null", out);
	}
}

void json_call(FILE *out, const struct decoded *d, int with_buffers)
{
	const struct trace_call *call = d->call;
	size_t i;

	head(out, call, d->version);
	view_or_null(out, "request", &d->request, call->in.line != 0);
	view_or_null(out, "reply", &d->reply, call->out.line != 0);
	if (call->resume_count > 0) {
		fputs(", \"resumed\": [", out);
		for (i = 0; i < call->resume_count; i++) {
			fputs(i == 0 ? "" : ", ", out);
			resumed(out, &d->resumes[i], call->resumes[i].endpoint);
		}
		fputc(']', out);
	}
	decoded_buffers(out, d);
	if (with_buffers) {
		fputs(", \"buffers\": ", out);
		buffers(out, call);
	}
	fputs("}\n", out);
}
