/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
#define _POSIX_C_SOURCE 200809L /* getline */
#include "trace.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

int trace_names_caller(const struct trace_call *call)
{
	return strncmp(call->who, "vm", 2) == 0;
}

/* The next line that is not blank, without its end. */
static int read_line(struct trace *t)
{
	ssize_t length;

	if (t->pending) {
		t->pending = 0;
		return 1;
	}
	do {
		errno = 0;
		length = getline(&t->text, &t->size, t->in);
		if (length < 0) {
			if (ferror(t->in))
				report_trouble(t->report, t->line, "%s", strerror(errno));
			return 0;
		}
		t->line++;
		if (strlen(t->text) != (size_t)length)
			report_trouble(t->report, t->line, "a null character; the rest is lost");
		t->text[strcspn(t->text, "\r\n")] = '\0';
	} while (t->text[strspn(t->text, " \t")] == '\0');
	return 1;
}

/* Is this the first word of the line?  Returns what follows it. */
static char *after_word(char *text, const char *word)
{
	const size_t length = strlen(word);

	text += strspn(text, " \t");
	if (strncmp(text, word, length) != 0)
		return NULL;
	text += length;
	return *text == ' ' || *text == '\t' || *text == '\0' ? text : NULL;
}

/* "N WHO LABEL" */
static int parse_call(struct trace *t, char *rest, struct trace_call *call)
{
	const char *number = next_word(&rest);
	const char *who = next_word(&rest);

	memset(call, 0, sizeof(*call));
	if (number == NULL || !parse_decimal(number, &call->number)) {
		report_trouble(t->report, t->line, "expected 'call NUMBER CONDUIT NAME'");
		return 0;
	}
	if (who == NULL) {
		report_trouble(
			t->report, t->line,
			"expected a conduit (smc, hvc) or an endpoint (vm8001) after the number");
		return 0;
	}
	rest += strspn(rest, " \t");
	call->line = t->line;
	call->who = copy_text(who, strlen(who));
	call->label = copy_text(rest, strlen(rest));
	return 1;
}

static void parse_registers(struct trace *t, char *rest, const char *what,
			    struct trace_registers *to)
{
	struct register_set set;

	if (to->line != 0) {
		report_trouble(t->report, t->line, "a second '%s' line; the first is on line %zu",
			       what, to->line);
		return;
	}
	if (!parse_register_line(t->report, t->line, rest, &set))
		return;
	to->line = t->line;
	to->regs = set.regs;
}

/* "vm8001 x0=..." */
static void parse_resume(struct trace *t, char *rest, struct trace_call *call)
{
	const char *endpoint = next_word(&rest);
	struct trace_resume *resume;
	struct register_set set;

	if (endpoint == NULL || strchr(endpoint, '=') != NULL) {
		report_trouble(t->report, t->line, "expected 'to ENDPOINT x0=...'");
		return;
	}
	if (!parse_register_line(t->report, t->line, rest, &set))
		return;
	call->resumes = make_room(call->resumes, call->resume_count, &call->resume_capacity,
				  sizeof(*call->resumes));
	resume = &call->resumes[call->resume_count++];
	resume->endpoint = copy_text(endpoint, strlen(endpoint));
	resume->line = t->line;
	resume->regs = set.regs;
}

/* "pa=HEX len=DECIMAL" */
static void parse_buffer(struct trace *t, char *rest, const char *kind, struct trace_call *call)
{
	const char *address = next_word(&rest);
	const char *length = next_word(&rest);
	struct trace_buffer buffer;

	memset(&buffer, 0, sizeof(buffer));
	buffer.line = t->line;
	strncpy(buffer.kind, kind, sizeof(buffer.kind) - 1);
	if (address == NULL || length == NULL || next_word(&rest) != NULL ||
	    strncmp(address, "pa=", 3) != 0 || !parse_hex(address + 3, &buffer.address) ||
	    strncmp(length, "len=", 4) != 0 || !parse_decimal(length + 4, &buffer.length))
		report_trouble(t->report, t->line, "expected '%s pa=HEX len=DECIMAL'", kind);
	call->buffers = make_room(call->buffers, call->buffer_count, &call->buffer_capacity,
				  sizeof(*call->buffers));
	call->buffers[call->buffer_count++] = buffer;
}

/* "0010: 01 80 02 00": one line of the buffer that was announced last. */
static void parse_bytes(struct trace *t, char *rest, struct trace_call *call)
{
	char *offset_text = next_word(&rest);
	struct trace_buffer *buffer;
	uint64_t offset = 0;
	uint64_t byte = 0;
	const char *word;

	offset_text[strlen(offset_text) - 1] = '\0'; /* the colon */
	if (call->buffer_count == 0) {
		report_trouble(t->report, t->line, "bytes without a line that announces a buffer");
		return;
	}
	buffer = &call->buffers[call->buffer_count - 1];
	if (!parse_hex(offset_text, &offset) || offset != buffer->count) {
		report_trouble(t->report, t->line, "offset '%s', expected %04zx", offset_text,
			       buffer->count);
		return;
	}
	while ((word = next_word(&rest)) != NULL) {
		if (strlen(word) != 2 || !parse_hex(word, &byte)) {
			report_trouble(t->report, t->line, "'%s' is no byte", word);
			return;
		}
		if (buffer->count == buffer->length) {
			report_trouble(t->report, t->line, "more bytes than line %zu announces",
				       buffer->line);
			return;
		}
		buffer->bytes = make_room(buffer->bytes, buffer->count, &buffer->capacity, 1);
		buffer->bytes[buffer->count++] = (uint8_t)byte;
	}
}

static void keep_comment(const struct trace *t, struct trace_call *call)
{
	const char *text = t->text + strspn(t->text, " \t");

	call->comments = make_room(call->comments, call->comment_count, &call->comment_capacity,
				   sizeof(*call->comments));
	call->comments[call->comment_count++] = copy_text(text, strlen(text));
}

static int is_bytes_line(const char *text)
{
	text += strspn(text, " \t");
	text += strspn(text, "0123456789abcdefABCDEF");
	return *text == ':' && (text[1] == ' ' || text[1] == '\t' || text[1] == '\0');
}

static int is_comment(const char *text)
{
	return text[strspn(text, " \t")] == '#';
}

/* A line inside of a block. */
static void parse_inner(struct trace *t, struct trace_call *call)
{
	static const char *const kinds[] = {"tx", "rx", "assembled", "msg_arg"};
	char *rest;
	size_t i;

	if (is_bytes_line(t->text)) {
		parse_bytes(t, t->text, call);
	} else if (is_comment(t->text)) {
		keep_comment(t, call);
	} else if ((rest = after_word(t->text, "in")) != NULL) {
		parse_registers(t, rest, "in", &call->in);
	} else if ((rest = after_word(t->text, "out")) != NULL) {
		parse_registers(t, rest, "out", &call->out);
	} else if ((rest = after_word(t->text, "to")) != NULL) {
		parse_resume(t, rest, call);
	} else {
		for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
			rest = after_word(t->text, kinds[i]);
			if (rest != NULL) {
				parse_buffer(t, rest, kinds[i], call);
				return;
			}
		}
		report_trouble(t->report, t->line, "unknown kind of line: '%.40s'", t->text);
	}
}

/* A line before the first call. */
static void refuse_outer(struct trace *t)
{
	static const char *const kinds[] = {"in", "out", "to"};
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (after_word(t->text, kinds[i]) != NULL) {
			report_trouble(t->report, t->line, "registers outside of a call");
			return;
		}
	}
	report_trouble(t->report, t->line, "outside of a call: '%.40s'", t->text);
}

enum trace_item trace_next(struct trace *t, struct trace_call *call)
{
	char *rest = NULL;

	for (;;) {
		if (!read_line(t))
			return TRACE_END;
		if (is_comment(t->text))
			return TRACE_COMMENT;
		rest = after_word(t->text, "call");
		if (rest != NULL && parse_call(t, rest, call))
			break;
		if (rest != NULL)
			t->skipping = 1;
		else if (!t->skipping)
			refuse_outer(t);
	}
	t->skipping = 0;
	while (read_line(t)) {
		if (after_word(t->text, "call") != NULL) {
			t->pending = 1;
			break;
		}
		parse_inner(t, call);
	}
	return TRACE_CALL;
}

void trace_release_call(struct trace_call *call)
{
	size_t i;

	for (i = 0; i < call->resume_count; i++)
		free(call->resumes[i].endpoint);
	for (i = 0; i < call->buffer_count; i++)
		free(call->buffers[i].bytes);
	for (i = 0; i < call->comment_count; i++)
		free(call->comments[i]);
	free(call->resumes);
	free(call->buffers);
	free(call->comments);
	free(call->who);
	free(call->label);
}

void trace_release(struct trace *t)
{
	free(t->text);
}
