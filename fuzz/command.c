/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* The ffabi command in this process; needs a libc whose standard streams can be replaced. */
#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* -- JSON: one value, as far as nesting and strings go -- */

struct json {
	const char *p, *end;
	int fine;
};

static void skip_string(struct json *j)
{
	for (j->p++; j->p < j->end && *j->p != '"'; j->p++)
		j->p += *j->p == '\\';
	j->fine = j->fine && j->p < j->end;
	j->p++;
}

/* A line: brackets match outside strings. */
static int is_json(const char *line, size_t n)
{
	struct json j = {line, line + n, n != 0 && line[0] == '{'};
	char open[256];
	size_t depth = 0;

	while (j.fine && j.p < j.end) {
		const char c = *j.p;

		if (c == '"') {
			skip_string(&j);
			continue;
		}
		if (c == '{' || c == '[') {
			j.fine = depth < sizeof(open);
			if (j.fine)
				open[depth++] = c;
		} else if (c == '}' || c == ']') {
			j.fine = depth != 0 && open[--depth] == (c == '}' ? '{' : '[');
		}
		j.p++;
	}
	return j.fine && depth == 0;
}

static void check_output(const struct options *o, const char *text, size_t n)
{
	const char *line = text, *end;

	for (size_t i = 0; i < n; i++) {
		const uint8_t c = (uint8_t)text[i];

		REQUIRE(1, c == '\n' || c == '\t' || (c >= 0x20 && c != 0x7f),
			"a control character is printed");
	}
	for (; o->json && line < text + n; line = end + 1) {
		end = memchr(line, '\n', (size_t)(text + n - line));
		REQUIRE(10, end != NULL && is_json(line, (size_t)(end - line)),
			"not a line of JSON");
	}
}

void fuzz_command(enum exit_status (*command)(const struct options *o), const struct options *o,
		  const uint8_t *input, size_t n)
{
	static FILE *null;
	FILE *const in = stdin, *const out = stdout, *const err = stderr;
	uint8_t *bytes = fuzz_copy(input, n);
	char *text = NULL;
	size_t length = 0;
	enum exit_status status;

	if (null == NULL)
		null = fopen("/dev/null", "w");
	stdin = fmemopen(bytes, n != 0 ? n : 1, "rb");
	stdout = open_memstream(&text, &length);
	stderr = null;
	if (stdin == NULL || stdout == NULL || null == NULL)
		abort();
	status = command(o);
	fclose(stdin);
	fclose(stdout);
	stdin = in;
	stdout = out;
	stderr = err;
	REQUIRE(5, status == EXIT_FINE || status == EXIT_TROUBLE, "the library contradicts itself");
	check_output(o, text, length);
	free(text);
	free(bytes);
}
