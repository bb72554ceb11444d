/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* The words of requests and answers of drivers, and how they watch loads. */
#ifndef FFABI_TESTS_DRIVER_WORDS_H
#define FFABI_TESTS_DRIVER_WORDS_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ffabi/text.h>
#include <ffabi/wire.h>

/* A build with FFABI_BYTE_ACCESS takes descriptors from any address. */
#ifndef MISALIGN
#define MISALIGN 0
#endif

static inline void die(const char *why)
{
	fprintf(stderr, "%s\n", why);
	exit(3);
}

/* -- loads: inside the bytes of the source, and in a single pass once each -- */

static struct {
	const volatile uint8_t *base;
	uint64_t len;
	uint8_t seen[1 << 16];
	int once;
} window;

static inline void watch(const struct ffabi_src *src, uint64_t len, int once)
{
	window.base = src->base;
	window.len = len;
	window.once = once;
	if (len > sizeof(window.seen))
		die("descriptor too long for this program");
	memset(window.seen, 0, len);
}

void ffabi_load_hook(const volatile uint8_t *p, unsigned int n)
{
	const uint64_t at = (uint64_t)(p - window.base);

	if (p < window.base || at > window.len || n > window.len - at)
		die("a load outside the source");
	for (unsigned int i = 0; i < n && window.once; i++) {
		if (window.seen[at + i]++)
			die("a byte is loaded twice");
	}
}

/* -- words of a request -- */

static char line[1 << 20];

static inline char *word(void)
{
	char *found = strtok(NULL, " \n");

	if (!found)
		die("a word is missing");
	return found;
}

static inline uint64_t number(void)
{
	char *end;
	char *text = word();
	const uint64_t found = strtoull(text, &end, 16);

	if (*end)
		die("not a number");
	return found;
}

/* Exactly n bytes, so that the address sanitizer guards both ends; filled with one value. */
static inline uint8_t *block(uint64_t n, int fill)
{
	uint8_t *found = malloc(n + MISALIGN);

	if (!found)
		die("out of memory");
	memset(found + MISALIGN, fill, n);
	return found + MISALIGN;
}

static inline void drop(const volatile uint8_t *found)
{
	free((void *)((uintptr_t)found - MISALIGN));
}

static inline struct ffabi_src bytes(void)
{
	const char *text = word();
	const uint64_t n = strcmp(text, "-") ? strlen(text) / 2 : 0;
	uint8_t *found = block(n, 0);
	struct ffabi_src src = {found, n};

	for (uint64_t i = 0; i < n; i++) {
		const char pair[3] = {text[2 * i], text[2 * i + 1], 0};

		found[i] = (uint8_t)strtoul(pair, NULL, 16);
	}
	return src;
}

/* -- answers -- */

static inline void refusal(const struct ffabi_ctx *c)
{
	printf("no %s %s %u %llx", ffabi_rule_name(c->err.rule), ffabi_field_name(c->err.field),
	       c->err.at, (unsigned long long)c->err.value);
}

static inline void say(uint64_t value)
{
	printf(" %llx", (unsigned long long)value);
}

static inline void say_bytes(const uint8_t *found, uint64_t n)
{
	printf(n ? " " : " -");
	for (uint64_t i = 0; i < n; i++)
		printf("%02x", found[i]);
}

#endif /* FFABI_TESTS_DRIVER_WORDS_H */
