/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
#include "report.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void say(const struct report *r, size_t line, const char *format, va_list arguments)
{
	fflush(stdout); /* what was decoded so far comes first */
	if (r->file == NULL)
		fputs("ffabi: ", stderr);
	else if (line == 0)
		fprintf(stderr, "%s: ", r->file);
	else
		fprintf(stderr, "%s:%zu: ", r->file, line);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
}

void report_trouble(struct report *r, size_t line, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say(r, line, format, arguments);
	va_end(arguments);
	r->trouble = 1;
}

void report_bug(struct report *r, size_t line, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say(r, line, format, arguments);
	va_end(arguments);
	r->bug = 1;
}

enum exit_status report_status(const struct report *r)
{
	if (r->bug)
		return EXIT_BUG;
	return r->trouble ? EXIT_TROUBLE : EXIT_FINE;
}

static void out_of_memory(void)
{
	fputs("ffabi: out of memory\n", stderr);
	exit(EXIT_TROUBLE);
}

void *make_room(void *array, size_t count, size_t *capacity, size_t size)
{
	size_t wanted;
	void *larger;

	if (count < *capacity)
		return array;
	wanted = *capacity == 0 ? 16 : *capacity * 2;
	if (wanted > SIZE_MAX / 2 / size)
		out_of_memory();
	larger = realloc(array, wanted * size);
	if (larger == NULL)
		out_of_memory();
	*capacity = wanted;
	return larger;
}

char *copy_text(const char *text, size_t length)
{
	char *copy = malloc(length + 1);

	if (copy == NULL)
		out_of_memory();
	memcpy(copy, text, length);
	copy[length] = '\0';
	return copy;
}
