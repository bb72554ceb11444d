/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* The transaction that the cases write and read, and whether they did. */
#include <string.h>

#include "harness.h"

enum {
	BYTES = 48 + 16 * MINIMAL_BORROWERS + 16 + 16 * MINIMAL_RANGES,
	UNTOUCHED = 0xa5
};

static struct ffabi_mem_transaction header;
static struct ffabi_mem_access access[MINIMAL_BORROWERS];
static struct ffabi_mem_constituent ranges[MINIMAL_RANGES];
static uint64_t bytes[BYTES / 8];
static uint64_t room[BYTES / 8 + 1];

struct bench_transaction bench_tx;
struct minimal_transaction bench_read;
void *(*const volatile bench_copy)(void *, const void *, size_t) = memcpy;

/* Normal memory that is shared for reading and writing; no two numbers of one kind are equal. */
static void bench_compose(uint32_t borrowers, uint32_t count)
{
	struct bench_transaction *t = &bench_tx;
	uint32_t i;

	header.sender_id = 0x8001;
	header.memory_type = FFABI_MEMORY_TYPE_NORMAL;
	header.cacheability = FFABI_CACHEABILITY_WRITE_BACK;
	header.shareability = FFABI_SHAREABILITY_INNER_SHAREABLE;
	header.tag = 0x123456789abcdef0;
	for (i = 0; i < borrowers; i++) {
		access[i].endpoint_id = (uint16_t)(0x10 + i);
		access[i].data_access = FFABI_DATA_ACCESS_READ_WRITE;
	}
	for (i = 0; i < count; i++) {
		ranges[i].address = 0x880000000 + (uint64_t)i * 0x10000;
		ranges[i].page_count = 1 + i % 16;
	}
	t->message.header = &header;
	t->message.access = access;
	t->message.ranges = ranges;
	t->message.access_count = borrowers;
	t->message.range_count = count;
	t->length.total = minimal_write(&t->message, (uint8_t *)bytes);
	t->length.fragment = t->length.total;
	t->src.base = (const uint8_t *)bytes;
	t->src.len = t->length.total;
	t->dst.base = (uint8_t *)room;
	t->dst.len = sizeof(room);
}

/* What the case before left is overwritten; the transaction is made again only when it is another
 * one. */
void bench_prepare(const struct bench_case *b)
{
	struct bench_transaction *t = &bench_tx;

	memset(room, UNTOUCHED, sizeof(room));
	memset(&t->written, UNTOUCHED, sizeof(*t) - offsetof(struct bench_transaction, written));
	if (t->message.access_count != b->borrowers || t->message.range_count != b->ranges)
		bench_compose(b->borrowers, b->ranges);
}

static int bench_differ(const struct ffabi_mem_transaction *h)
{
	const struct ffabi_mem_transaction *sent = bench_tx.message.header;

	return h->sender_id != sent->sender_id || h->memory_type != sent->memory_type ||
	       h->cacheability != sent->cacheability || h->shareability != sent->shareability ||
	       h->flags != sent->flags || h->tag != sent->tag ||
	       h->access_count != bench_tx.message.access_count;
}

/* Of access descriptor i and constituent j, the last ones in all cases but one. */
static int bench_others(const struct ffabi_mem_access *a, uint32_t i,
			const struct ffabi_mem_constituent *r, uint32_t j)
{
	return a->endpoint_id != access[i].endpoint_id || a->data_access != access[i].data_access ||
	       r->address != ranges[j].address || r->page_count != ranges[j].page_count;
}

int bench_wrong_bytes(void)
{
	const uint32_t total = bench_tx.length.total;
	const uint8_t *end = (const uint8_t *)room + total;

	return memcmp(room, bytes, total) != 0 || *end != UNTOUCHED;
}

int bench_wrong_view(void)
{
	const struct ffabi_mem_view *v = &bench_tx.view;
	const uint32_t borrower = bench_tx.message.access_count - 1;
	const uint32_t range = bench_tx.message.range_count - 1;
	struct ffabi_mem_access a;
	struct ffabi_mem_constituent r;

	ffabi_mem_view_access(v, borrower, &a);
	ffabi_mem_view_range(v, range, &r);
	return bench_differ(&v->header) || bench_others(&a, borrower, &r, range) ||
	       v->ranges_here != range + 1;
}

int bench_wrong_copy(void)
{
	return bench_wrong_bytes() || bench_wrong_view();
}

int bench_wrong_walk(void)
{
	const struct bench_transaction *t = &bench_tx;

	return bench_differ(&t->header) || bench_others(&t->access, t->message.access_count - 1,
							&t->range, t->message.range_count - 1);
}

int bench_wrong_bulk(void)
{
	uint32_t i;

	for (i = 0; i < bench_tx.message.range_count; i++) {
		if (bench_others(&bench_tx.access, bench_tx.message.access_count - 1,
				 &bench_read.ranges[i], i))
			return 1;
	}
	return bench_differ(&bench_tx.header);
}

int bench_wrong_header(void)
{
	return bench_differ(&bench_tx.header);
}

int bench_wrong_read(void)
{
	uint32_t i;

	for (i = 0; i < bench_tx.message.range_count; i++) {
		if (bench_others(&bench_read.access[0], 0, &bench_read.ranges[i], i))
			return 1;
	}
	return bench_differ(&bench_read.header);
}

enum ffabi_rule walk_cursors(void)
{
	struct ffabi_ctx *c = &bench_ctx;
	struct bench_transaction *t = &bench_tx;
	enum ffabi_rule rule =
		ffabi_mem_open(c, FFABI_USAGE_SHARE, &t->src, &t->length, &t->cursor, &t->header);

	while (rule == FFABI_OK)
		rule = ffabi_mem_next_access(c, &t->cursor, &t->access);
	if (rule != FFABI_END)
		return rule;
	rule = ffabi_mem_open_composite(c, &t->cursor, &t->composite);
	while (rule == FFABI_OK)
		rule = ffabi_mem_next_range(c, &t->cursor, &t->range);
	return rule == FFABI_END ? FFABI_OK : rule;
}

enum ffabi_rule walk_bulk(void)
{
	struct ffabi_ctx *c = &bench_ctx;
	struct bench_transaction *t = &bench_tx;
	struct ffabi_mem_constituent *out = bench_read.ranges;
	uint32_t n;
	enum ffabi_rule rule =
		ffabi_mem_open(c, FFABI_USAGE_SHARE, &t->src, &t->length, &t->cursor, &t->header);

	while (rule == FFABI_OK)
		rule = ffabi_mem_next_access(c, &t->cursor, &t->access);
	if (rule != FFABI_END)
		return rule;
	rule = ffabi_mem_open_composite(c, &t->cursor, &t->composite);
	for (; rule == FFABI_OK; out += n)
		rule = ffabi_mem_next_ranges(c, &t->cursor, out, MINIMAL_RANGES, &n);
	return rule == FFABI_END ? FFABI_OK : rule;
}

enum ffabi_rule walk_copy(void)
{
	static const struct ffabi_mem_limits limits = {0};
	struct ffabi_ctx *c = &bench_ctx;
	struct bench_transaction *t = &bench_tx;
	const struct ffabi_extent whole = {0, t->length.fragment};
	const struct ffabi_src copy = {t->dst.base, t->dst.len};
	const enum ffabi_rule rule = ffabi_snapshot(c, &t->src, &whole, &t->dst);

	if (rule != FFABI_OK)
		return rule;
	return ffabi_mem_check(c, FFABI_USAGE_SHARE, &copy, &t->length, &limits, &t->view);
}
