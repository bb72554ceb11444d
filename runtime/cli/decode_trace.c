/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* ffabi decode trace FILE */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "json.h"
#include "print.h"
#include "value.h"

/* Blocks are set apart by an empty line, comments stay together. */
static void print_comment(const char *text, int *first)
{
	if (!*first)
		putchar('\n');
	*first = 0;
	print_plain(stdout, text);
	putchar('\n');
}

static void show_text(const struct decoded *d, int with_buffers, int *first)
{
	size_t i;

	if (!*first)
		putchar('\n');
	*first = 0;
	print_call(stdout, d, with_buffers);
	for (i = 0; i < d->call->comment_count; i++)
		print_comment(d->call->comments[i], first);
}

static void decode_stream(const struct options *o, struct trace *t, struct session *s)
{
	struct trace_call call;
	struct decoded decoded;
	enum trace_item item;
	int first = 1;

	while ((item = trace_next(t, &call)) != TRACE_END) {
		if (item == TRACE_COMMENT) {
			if (!o->json)
				print_comment(t->text, &first);
			continue;
		}
		follow(s, t->report, &call, &decoded);
		if (o->json)
			json_call(stdout, &decoded, o->buffers);
		else
			show_text(&decoded, o->buffers, &first);
		follow_release(&decoded);
		trace_release_call(&call);
	}
}

enum exit_status decode_trace(const struct options *o)
{
	const char *file = o->operands[0];
	const int from_stdin = strcmp(file, "-") == 0;
	struct report report = {from_stdin ? "standard input" : file, 0, 0};
	struct trace trace;
	struct session session;

	memset(&trace, 0, sizeof(trace));
	memset(&session, 0, sizeof(session));
	session.forced = o->version;
	trace.report = &report;
	trace.in = from_stdin ? stdin : fopen(file, "r");
	if (trace.in == NULL) {
		report_trouble(&report, 0, "%s", strerror(errno));
		return EXIT_TROUBLE;
	}
	decode_stream(o, &trace, &session);
	trace_release(&trace);
	session_release(&session);
	if (!from_stdin)
		fclose(trace.in);
	return report_status(&report);
}
