/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
#include "print.h"

#include <ffabi/text.h>

#include <inttypes.h>
#include <string.h>

#include "print_buffers.h"
#include "value.h"

void print_name(FILE *out, const struct view *v)
{
	const uint32_t fid = function_id(v->regs);
	char name[FUNCTION_TEXT_SIZE];

	if (v->kind == VIEW_FOREIGN && v->is_reply && v->question.of == FFABI_CALL_COUNT)
		fprintf(out, "0x%" PRIx32, fid);
	else if (v->kind == VIEW_FOREIGN)
		fprintf(out, "not an FF-A %s (0x%" PRIx32 ")", v->is_reply ? "reply" : "call", fid);
	else if (v->kind == VIEW_UNKNOWN)
		fprintf(out, "unknown FF-A function 0x%" PRIx32, fid);
	else if (view_name(v, name))
		fputs(name, out);
	else
		fputs(v->call == FFABI_CALL_SUCCESS ? "success" : "error", out);
	if (v->message != FFABI_CALL_COUNT)
		fprintf(out, ": %s", view_message_name(v));
}

/* The status of an error reply, which is part of its name. */
static const struct ffabi_desc_field *headline(const struct view *v)
{
	const struct ffabi_desc_field *f;

	if (!v->is_reply || v->call != FFABI_CALL_ERROR)
		return NULL;
	f = view_find(v, FFABI_SHOW_STATUS);
	return f != NULL ? f : view_find(v, FFABI_SHOW_SMCCC_STATUS);
}

void print_reply_name(FILE *out, const struct view *v)
{
	const struct ffabi_desc_field *f = headline(v);
	char name[FUNCTION_TEXT_SIZE];
	const char *meaning;

	if (view_name(v, name) && (v->call == FFABI_CALL_SUCCESS || v->call == FFABI_CALL_ERROR) &&
	    ffabi_conv_of(function_id(v->regs)) == FFABI_SMC32)
		fputs(ffabi_call_name(v->call), out);
	else
		print_name(out, v);
	if (f == NULL)
		return;
	fputc(' ', out);
	print_value(out, v, f, 0);
	meaning = view_meaning(v, f);
	if (meaning != NULL)
		fprintf(out, ": %s", meaning);
}

struct columns {
	int name;
	int registers;
};

static struct columns measure(const struct view *v)
{
	struct columns width = {0, 0};
	char registers[REGISTERS_TEXT_SIZE];
	unsigned int i;

	for (i = 0; i < v->layout.count; i++) {
		const struct ffabi_desc_field *f = view_field(v, i);
		int length;

		if (f == NULL || f->show == FFABI_SHOW_RESERVED || f->show == FFABI_SHOW_CONSTANT)
			continue;
		length = (int)strlen(ffabi_field_name(f->field));
		width.name = length > width.name ? length : width.name;
		registers_text(v, f, registers);
		length = (int)strlen(registers);
		width.registers = length > width.registers ? length : width.registers;
	}
	return width;
}

/* Reserved bits matter only when they are set. */
static void print_reserved(FILE *out, const struct view *v, const struct ffabi_desc_field *f)
{
	const enum ffabi_rule rule = f->table == 0 ? FFABI_E_MBZ : FFABI_E_SBZ;
	struct ffabi_desc_field one = *f;
	char registers[REGISTERS_TEXT_SIZE];
	unsigned int n;

	for (n = f->first; n <= f->last; n++) {
		uint64_t value;

		one.first = (uint8_t)n;
		one.last = (uint8_t)n;
		value = ffabi_desc_value(&one, v->regs, v->conv);
		if (value == 0)
			continue;
		registers_text(v, &one, registers);
		fprintf(out, "  ! %s %s = 0x%" PRIx64 ": %s be zero\n", ffabi_rule_name(rule),
			registers, value, rule == FFABI_E_MBZ ? "must" : "should");
	}
}

static void print_field(FILE *out, const struct view *v, const struct ffabi_desc_field *f,
			const struct columns *width)
{
	char registers[REGISTERS_TEXT_SIZE];

	registers_text(v, f, registers);
	fprintf(out, "  %-*s  %-*s  ", width->name, ffabi_field_name(f->field), width->registers,
		registers);
	print_value(out, v, f, width->name + width->registers + 6);
	fputc('\n', out);
}

/* Bits that are passed but that no field describes; everything where nothing is known. */
static void print_stray(FILE *out, const struct view *v)
{
	const unsigned int count = ffabi_passed(v->version, v->conv);
	unsigned int n;

	for (n = 0; n < count; n++) {
		const uint64_t all = v->regs->x[n];
		const uint64_t bits = view_stray_bits(v, n);

		if (bits == 0)
			continue;
		if (v->kind != VIEW_KNOWN)
			fprintf(out, "  x%-2u  0x%" PRIx64 "\n", n, all);
		else if (bits == all)
			fprintf(out, "  ! x%u = 0x%" PRIx64 ": no field describes it\n", n, all);
		else if (bits << 32 == 0)
			fprintf(out, "  ! x%u = 0x%" PRIx64 ": no field has bits 63:32\n", n, all);
		else
			fprintf(out, "  ! x%u = 0x%" PRIx64 ": no field describes 0x%" PRIx64 "\n",
				n, all, bits);
	}
}

static void print_strict(FILE *out, const struct view *v)
{
	const struct ffabi_violation *e = &v->strict;
	char version[VERSION_TEXT_SIZE];

	fprintf(out, "  ! strict: %s ", ffabi_rule_name(e->rule));
	if (e->rule == FFABI_E_VERSION) {
		version_text(v->version, version);
		fputs(version, out);
	} else {
		fprintf(out, "%s %c%u = 0x%" PRIx64, ffabi_field_name(e->field),
			view_violation_letter(v), (unsigned int)e->at, e->value);
	}
	fprintf(out, ": %s\n", ffabi_rule_text(e->rule));
}

static void print_verdict(FILE *out, const struct view *v)
{
	char version[VERSION_TEXT_SIZE];
	unsigned int n;

	if (v->described != v->version) {
		version_text(v->described, version);
		fprintf(out, "  (fields as in version %s)\n", version);
	}
	if (v->kind != VIEW_KNOWN && v->question.of == FFABI_CALL_COUNT)
		return;
	if (!v->accepted) {
		print_strict(out, v);
	} else if (!v->repacks) {
		fputs("  ! does not pack back:", out);
		for (n = 0; n < REGISTER_COUNT; n++) {
			if ((v->differs >> n & 1) != 0)
				fprintf(out, " x%u", n);
		}
		fputs(v->differs == 0 ? " refused\n" : "\n", out);
	}
}

void print_fields(FILE *out, const struct view *v)
{
	const struct columns width = measure(v);
	const struct ffabi_desc_field *shown = headline(v);
	unsigned int i;

	for (i = 0; i < v->layout.count; i++) {
		const struct ffabi_desc_field *f = view_field(v, i);

		if (f == NULL || f == shown || f->show == FFABI_SHOW_CONSTANT)
			continue;
		if (f->show == FFABI_SHOW_RESERVED)
			print_reserved(out, v, f);
		else
			print_field(out, v, f, &width);
	}
	print_stray(out, v);
	print_verdict(out, v);
}

/* What follows name in text, if it begins with that word. */
static const char *behind(const char *text, const char *name)
{
	const size_t length = strlen(name);

	if (strncmp(text, name, length) != 0 || (text[length] != ' ' && text[length] != '\0'))
		return NULL;
	text += length;
	return text + strspn(text, " ");
}

/* What the label says beyond the function's name: "again el2" */
static const char *label_rest(const struct decoded *d)
{
	char name[FUNCTION_TEXT_SIZE];
	const char *rest;

	if (d->call->in.line == 0 || !view_name(&d->request, name))
		return d->call->label;
	rest = behind(d->call->label, name);
	if (rest == NULL)
		rest = behind(d->call->label, ffabi_call_name(d->request.call));
	return rest != NULL ? rest : d->call->label;
}

static void print_head(FILE *out, const struct decoded *d)
{
	const char *label = label_rest(d);

	fprintf(out, "#%" PRIu64 " ", d->call->number);
	print_plain(out, d->call->who);
	fputc(' ', out);
	if (d->call->in.line != 0)
		print_name(out, &d->request);
	else
		fputs("without registers", out);
	fprintf(out, " (line %zu)", d->call->line);
	if (*label != '\0') {
		fputs("  ", out);
		print_plain(out, label);
	}
	fputc('\n', out);
}

static void print_resumed(FILE *out, const struct decoded_resume *r, const char *endpoint)
{
	fputs("-> ", out);
	print_plain(out, endpoint);
	fputs(": ", out);
	print_reply_name(out, &r->view);
	if (r->is_reply)
		fprintf(out, " (completes #%" PRIu64 " %s)", r->completes,
			ffabi_call_name(r->view.question.of));
	fputc('\n', out);
	print_fields(out, &r->view);
}

void print_call(FILE *out, const struct decoded *d, int with_buffers)
{
	const struct trace_call *call = d->call;
	char version[VERSION_TEXT_SIZE];
	size_t i;

	print_head(out, d);
	if (call->in.line != 0)
		print_fields(out, &d->request);
	print_buffers(out, d, 0);
	if (call->out.line != 0) {
		fputs("-> ", out);
		print_reply_name(out, &d->reply);
		fputc('\n', out);
		print_fields(out, &d->reply);
	}
	for (i = 0; i < call->resume_count; i++)
		print_resumed(out, &d->resumes[i], call->resumes[i].endpoint);
	print_buffers(out, d, 1);
	if (with_buffers)
		print_hex_buffers(out, call);
	if (d->new_version != 0) {
		version_text(d->new_version, version);
		fprintf(out, "  version %s from here on\n", version);
	}
}
