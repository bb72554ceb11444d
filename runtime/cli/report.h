/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* What goes wrong: messages on standard error, and the exit status that sums them up. */
#ifndef FFABI_CLI_REPORT_H
#define FFABI_CLI_REPORT_H

#include <stddef.h>

enum exit_status {
	EXIT_FINE = 0,
	EXIT_BUG = 1, /* the library contradicts itself */
	EXIT_TROUBLE = 2 /* wrong usage, input that is not understood, I/O errors */
};

struct report {
	const char *file; /* named in messages; a null pointer: the command line */
	int trouble;
	int bug;
};

/* "FILE:LINE: message", or "ffabi: message" when there is no file. */
void report_trouble(struct report *r, size_t line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void report_bug(struct report *r, size_t line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* A bug weighs more than trouble: it would otherwise drown in traces of malformed calls. */
enum exit_status report_status(const struct report *r);

/* Room for one more element of an array; ends the command when memory runs out. */
void *make_room(void *array, size_t count, size_t *capacity, size_t size);
char *copy_text(const char *text, size_t length);

#endif /* FFABI_CLI_REPORT_H */
