/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* The words of requests and answers of the driver of memory transactions, and how it watches loads.
 */
#ifndef FFABI_TESTS_TRANSACTION_REQUEST_H
#define FFABI_TESTS_TRANSACTION_REQUEST_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ffabi/text.h>
#include <ffabi/transaction.h>

#define MOST 4096 /* access descriptors, constituents */
#define LEAST(a, b) ((a) < (b) ? (a) : (b))

/* A build with FFABI_BYTE_ACCESS takes descriptors from any address. */
#ifndef MISALIGN
#define MISALIGN 0
#endif

static void die(const char *why)
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

static void watch(const struct ffabi_src *src, uint64_t len, int once)
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

static char *word(void)
{
	char *found = strtok(NULL, " \n");

	if (!found)
		die("a word is missing");
	return found;
}

static uint64_t number(void)
{
	char *end;
	char *text = word();
	const uint64_t found = strtoull(text, &end, 16);

	if (*end)
		die("not a number");
	return found;
}

/* Exactly n bytes, so that the address sanitizer guards both ends; filled with one value. */
static uint8_t *block(uint64_t n, int fill)
{
	uint8_t *found = malloc(n + MISALIGN);

	if (!found)
		die("out of memory");
	memset(found + MISALIGN, fill, n);
	return found + MISALIGN;
}

static void drop(const volatile uint8_t *found)
{
	free((void *)((uintptr_t)found - MISALIGN));
}

static struct ffabi_src bytes(void)
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

static enum ffabi_usage usage_of(const char *name)
{
	static const char *const names[] = {"share", "lend", "donate", "retrieve_req",
					    "retrieve_resp", "hyp_retrieve_req"};

	for (unsigned int i = 0; i < 6; i++) {
		if (!strcmp(name, names[i]))
			return (enum ffabi_usage)(1u << i);
	}
	die("not a usage");
	return (enum ffabi_usage)0;
}

/* -- answers -- */

static void refusal(const struct ffabi_ctx *c)
{
	printf("no %s %s %u %llx", ffabi_rule_name(c->err.rule), ffabi_field_name(c->err.field),
	       c->err.at, (unsigned long long)c->err.value);
}

static void say(uint64_t value)
{
	printf(" %llx", (unsigned long long)value);
}

static void say_bytes(const uint8_t *found, uint64_t n)
{
	printf(n ? " " : " -");
	for (uint64_t i = 0; i < n; i++)
		printf("%02x", found[i]);
}

/* What a descriptor says, however it was read, and what a message is made of. */
static struct found {
	struct ffabi_mem_transaction header;
	struct ffabi_mem_places places;
	struct ffabi_mem_composite composite;
	struct ffabi_mem_access access[MOST];
	struct ffabi_mem_constituent ranges[MOST];
	uint32_t here;
} found;

static void say_found(const struct found *f)
{
	const struct ffabi_mem_transaction *h = &f->header;
	const struct ffabi_mem_places *p = &f->places;
	const uint64_t numbers[] = {h->sender_id,
				    h->memory_type,
				    h->cacheability,
				    h->device_memory,
				    h->shareability,
				    h->security,
				    h->flags,
				    h->bypass_multi_borrower_check,
				    h->alignment_hint_valid,
				    h->alignment_hint,
				    h->transaction_type,
				    h->handle,
				    h->tag,
				    h->access_size,
				    h->access_count,
				    h->access_offset,
				    p->access,
				    p->access_size,
				    p->access_count,
				    p->composite,
				    p->ranges,
				    f->composite.total_page_count,
				    f->composite.address_range_count,
				    f->here};

	printf("ok");
	for (unsigned int i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		say(numbers[i]);
	for (uint32_t i = 0; i < p->access_count; i++) {
		const struct ffabi_mem_access *a = &f->access[i];

		say(a->endpoint_id), say(a->instruction_access), say(a->data_access);
		say(a->flags), say(a->composite_offset);
		say(a->implementation_defined[0]), say(a->implementation_defined[1]);
	}
	for (uint32_t i = 0; i < f->here; i++)
		say(f->ranges[i].address), say(f->ranges[i].page_count);
}

static void message(struct found *f, struct ffabi_mem_message *m)
{
	m->header = &f->header;
	m->access = f->access;
	m->ranges = f->ranges;
	m->access_count = f->places.access_count;
	m->range_count = f->here;
}

/* MESSAGE: the header, a count and the access descriptors, a count and the constituents. */
static void read_message(struct found *f)
{
	struct ffabi_mem_transaction *h = &f->header;

	memset(h, 0xee, sizeof(*h)); /* what the writer sets by itself is not looked at */
	h->sender_id = (uint16_t)number();
	h->memory_type = (uint8_t)number();
	h->cacheability = (uint8_t)number();
	h->device_memory = (uint8_t)number();
	h->shareability = (uint8_t)number();
	h->security = (uint8_t)number();
	h->flags = (uint32_t)number();
	h->bypass_multi_borrower_check = (uint8_t)number();
	h->alignment_hint_valid = (uint8_t)number();
	h->alignment_hint = (uint8_t)number();
	h->transaction_type = (uint8_t)number();
	h->handle = number();
	h->tag = number();
	f->places.access_count = (uint32_t)number();
	for (uint32_t i = 0; i < f->places.access_count && i < MOST; i++) {
		struct ffabi_mem_access *a = &f->access[i];

		a->endpoint_id = (uint16_t)number();
		a->instruction_access = (uint8_t)number();
		a->data_access = (uint8_t)number();
		a->flags = (uint8_t)number();
		a->composite_offset = 0xeeeeeeee;
		a->implementation_defined[0] = number();
		a->implementation_defined[1] = number();
	}
	f->here = (uint32_t)number();
	for (uint32_t i = 0; i < f->here && i < MOST; i++) {
		f->ranges[i].address = number();
		f->ranges[i].page_count = (uint32_t)number();
	}
}

#endif /* FFABI_TESTS_TRANSACTION_REQUEST_H */
