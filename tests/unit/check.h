/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Checks that stay on whatever NDEBUG says; a test ends with `return done();`. */
#ifndef FFABI_TEST_CHECK_H
#define FFABI_TEST_CHECK_H

#include <stdint.h>
#include <stdio.h>
#include <string.h>

static unsigned int passed, failed;

#define CHECK(what) check((what) ? 1 : 0, #what, __FILE__, __LINE__)

static inline void check(int ok, const char *what, const char *file, int line)
{
	if (ok) {
		passed++;
		return;
	}
	failed++;
	printf("%s:%d: %s\n", file, line, what);
}

/* Equal strings, or both null. */
static inline int same(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static inline int done(void)
{
	printf("%u passed, %u failed\n", passed, failed);
	return failed != 0;
}

#endif /* FFABI_TEST_CHECK_H */
