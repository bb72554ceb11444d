/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Memory transactions in private bytes.  Seeds: mem_transaction vectors-memory hypervisors */
#include "memory.h"
#include "shapes.h"

#include <stdlib.h>
#include <string.h>

/* Invariant 4: what holds of the whole when it was accepted strictly, looked at once more. */
static void check_rules(const struct fuzz_input *in, const struct fuzz_memory *m)
{
	const struct ffabi_mem_places *p = &m->places;
	const uint64_t end = p->access + (uint64_t)p->access_size * p->access_count;
	struct ffabi_mem_length length;
	struct ffabi_mem_limits limits;
	uint64_t pages = 0;

	fuzz_memory_length(in, &length, &limits);
	if (in->usage == FFABI_USAGE_HYP_RETRIEVE_REQ) {
		REQUIRE(4, p->access_count == 0 && p->composite == 0,
			"parts behind the request of a hypervisor");
		return;
	}
	REQUIRE(1, end <= in->n, "access descriptors outside");
	REQUIRE(4, p->access >= ffabi_mem_transaction_size(in->c.version),
		"an array in the header");
	for (uint32_t i = 0; i < p->access_count; i++) {
		REQUIRE(4, m->access[i].composite_offset == p->composite,
			"two composite descriptors");
		for (uint32_t j = 0; j < i; j++)
			REQUIRE(4, m->access[i].endpoint_id != m->access[j].endpoint_id,
				"an endpoint is named twice");
	}
	REQUIRE(4, p->composite != 0 || in->usage >= FFABI_USAGE_RETRIEVE_REQ, "no memory is sent");
	if (p->composite == 0)
		return;
	REQUIRE(4, p->composite >= end || p->ranges + 16 * (uint64_t)m->here <= p->access,
		"parts share bytes");
	REQUIRE(4, p->ranges + 16 * (uint64_t)m->composite.address_range_count <= length.total,
		"constituents outside");
	for (uint32_t i = 0; i < m->here; i++) {
		const struct ffabi_mem_constituent *r = &m->ranges[i];

		pages += r->page_count;
		REQUIRE(4, r->page_count != 0 && r->address % FFABI_PAGE_SIZE == 0,
			"a broken range");
		REQUIRE(3, r->address / FFABI_PAGE_SIZE + r->page_count <= 1ull << 52,
			"a range wraps");
		for (uint32_t j = 0; j < i && m->here <= limits.overlap_limit; j++)
			REQUIRE(4,
				r->address / FFABI_PAGE_SIZE >=
						m->ranges[j].address / FFABI_PAGE_SIZE +
							m->ranges[j].page_count ||
					m->ranges[j].address / FFABI_PAGE_SIZE >=
						r->address / FFABI_PAGE_SIZE + r->page_count,
				"ranges overlap");
	}
	if (m->here == m->composite.address_range_count)
		REQUIRE(4, pages == m->composite.total_page_count, "another sum of pages");
}

/* Is this where the writer would have put everything? */
static int canonical(const struct fuzz_input *in, const struct fuzz_memory *m)
{
	const struct ffabi_mem_places *p = &m->places;
	const uint64_t end = p->access + (uint64_t)p->access_size * p->access_count;

	return p->access == ffabi_mem_transaction_size(in->c.version) &&
	       p->access_size == ffabi_mem_access_size(in->c.version) &&
	       (p->composite == 0 || p->composite == end) && (in->options & 3) == 0 &&
	       m->here == m->composite.address_range_count &&
	       in->n == (p->composite != 0 ? p->ranges + 16 * (uint64_t)m->here : end);
}

static void check_repack(const struct fuzz_input *in, const struct fuzz_memory *m)
{
	struct ffabi_dst dst = {fuzz_block(in->n, 0x5a), in->n};
	struct ffabi_ctx c = in->c;
	struct ffabi_mem_message message;
	uint32_t total = 0;

	c.waive = FFABI_STRICT;
	fuzz_memory_message(m, &message);
	REQUIRE(5,
		ffabi_mem_write(&c, in->usage, &message, &dst, &total) == FFABI_OK &&
			total == in->n && !memcmp(dst.base, in->body, total),
		"what was accepted is written differently");
	free(dst.base);
}

/* A cursor agrees, but for the rules that need a second look. */
static void check_cursor(const struct fuzz_input *in, const struct ffabi_ctx *checked,
			 enum ffabi_rule rule, const uint8_t *data, const struct fuzz_memory *m)
{
	const int second_look =
		(rule == FFABI_E_RULE && checked->err.field == FFABI_F_ENDPOINT_ID) ||
		(rule == FFABI_E_OVERLAP && checked->err.field == FFABI_F_ADDRESS);
	struct ffabi_ctx c = in->c;
	struct fuzz_memory walked;
	enum ffabi_rule other;

	c.waive = checked->waive;
	other = fuzz_memory_walk(in, &c, data, FUZZ_ONCE, &walked);
	if (!second_look)
		REQUIRE(10, fuzz_same_verdict(checked, rule, &c, other), "a cursor disagrees");
	if (other == FFABI_OK && rule == FFABI_OK)
		REQUIRE(10, fuzz_memory_same(m, &walked), "a cursor reads other values");
	if (other == FFABI_OK)
		fuzz_memory_release(&walked);
}

static void check_strict(const struct fuzz_input *in, const uint8_t *data, int *accepted)
{
	struct ffabi_ctx c = in->c;
	struct fuzz_memory m;
	enum ffabi_rule rule;

	c.waive = FFABI_STRICT;
	rule = fuzz_memory_check(in, &c, data, &m);
	check_cursor(in, &c, rule, data, &m);
	*accepted = rule == FFABI_OK;
	if (rule != FFABI_OK)
		return;
	check_rules(in, &m);
	if (canonical(in, &m))
		check_repack(in, &m);
	fuzz_memory_release(&m);
}

static void check_waivers(const struct fuzz_input *in, const uint8_t *data, int strict)
{
	struct ffabi_ctx c = in->c;
	struct fuzz_memory m;
	int accepted = fuzz_memory_check(in, &c, data, &m) == FFABI_OK;

	REQUIRE(7, accepted || !strict, "a waiver refuses what was accepted");
	while (accepted) {
		fuzz_memory_release(&m);
		c.waive = fuzz_more_waivers(in->c.waive, c.waive);
		if (c.waive == 0)
			break;
		accepted = fuzz_memory_check(in, &c, data, &m) == FFABI_OK;
		REQUIRE(7, accepted, "a waiver refuses what was accepted");
	}
}

static void run(const struct fuzz_input *in)
{
	uint8_t *data = fuzz_copy(in->body, in->n);
	int strict;

	check_strict(in, data, &strict);
	check_waivers(in, data, strict);
	free(data);
}

const struct fuzz_target fuzz_target = {"mem_check", &fuzz_shape_mem_transaction, run, NULL};
