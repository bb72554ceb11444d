/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* The words of requests and answers of the driver of memory transactions. */
#ifndef FFABI_TESTS_TRANSACTION_REQUEST_H
#define FFABI_TESTS_TRANSACTION_REQUEST_H

#include <ffabi/transaction.h>

#include "driver_words.h"

#define MOST 4096 /* access descriptors, constituents */
#define LEAST(a, b) ((a) < (b) ? (a) : (b))

static enum ffabi_usage usage_of(const char *name)
{
	static const char *const names[] = {"share",	    "lend",	     "donate",
					    "retrieve_req", "retrieve_resp", "hyp_retrieve_req"};

	for (unsigned int i = 0; i < 6; i++) {
		if (!strcmp(name, names[i]))
			return (enum ffabi_usage)(1u << i);
	}
	die("not a usage");
	return (enum ffabi_usage)0;
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
