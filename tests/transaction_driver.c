/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Asks the walkers and writers of memory transactions: one request a line on standard
 * input, one answer a line.  tests/transaction.py speaks it.  Numbers are hexadecimal,
 * BYTES are digits in pairs, or - for none.
 *
 *   check VERSION USAGE WAIVE TOTAL FRAGMENT LIMIT BYTES   ok and all that a view tells
 *   walk  ...                                              the same, by cursors
 *   write VERSION USAGE WAIVE ROOM MESSAGE                 ok TOTAL BYTES
 *   piece VERSION USAGE WAIVE OFFSET ROOM MESSAGE          ok TOTAL BYTES, of one fragment
 *   pieces VERSION USAGE WAIVE SIZE MESSAGE                ok TOTAL COUNT, of all fragments
 *   convert VERSION USAGE WAIVE TO BYTES                   ok TOTAL BYTES, in version TO
 *   join ROOM TOTAL LENGTH BYTES ...                       a verdict a fragment, then BYTES
 *   mutate VERSION USAGE BYTES                             of each byte, which values pass
 *
 * or no RULE FIELD AT VALUE, AT in decimal.  Whatever is worse than a wrong answer (a byte
 * loaded twice or from elsewhere, a torn refusal) ends the program.
 */
#include "transaction_request.h"

/* -- reading -- */

struct request {
	struct ffabi_ctx c;
	enum ffabi_usage usage;
	struct ffabi_src src;
	struct ffabi_mem_length length;
	struct ffabi_mem_limits limits;
};

static void common(struct request *r)
{
	memset(r, 0, sizeof(*r));
	r->c.version = (uint32_t)number();
	r->usage = usage_of(word());
	r->c.waive = (uint16_t)number();
}

/* A local variable that somebody forgets to set does not hold what it should by chance. */
static void scribble(void)
{
	volatile uint8_t stack[512];

	for (unsigned int i = 0; i < sizeof(stack); i++)
		stack[i] = 0xee;
}

/* The bytes that may be looked at. */
static uint64_t within(const struct request *r)
{
	return r->length.fragment < r->src.len ? r->length.fragment : r->src.len;
}

static enum ffabi_rule check(struct request *r, struct found *f)
{
	static struct ffabi_mem_view v;
	enum ffabi_rule rule;

	watch(&r->src, within(r), 0);
	memset(&v, 0xee, sizeof(v));
	rule = ffabi_mem_check(&r->c, r->usage, &r->src, &r->length, &r->limits, &v);
	if (rule != FFABI_OK)
		return rule;
	f->header = v.header;
	f->places = v.places;
	f->composite = v.composite;
	f->here = v.ranges_here;
	if (v.places.access_count > MOST || v.ranges_here > MOST)
		die("too many parts for this program");
	for (uint32_t i = 0; i < v.places.access_count; i++) {
		scribble();
		ffabi_mem_view_access(&v, i, &f->access[i]);
	}
	for (uint32_t i = 0; i < v.ranges_here; i++) {
		scribble();
		ffabi_mem_view_range(&v, i, &f->ranges[i]);
	}
	return FFABI_OK;
}

/* Constituents one by one, or, with room for some, as many at a time. */
static enum ffabi_rule walk_ranges(struct request *r, struct ffabi_mem_cursor *cur, struct found *f,
				   uint32_t room)
{
	enum ffabi_rule rule;
	uint32_t n = 1;

	f->here = 0;
	do {
		struct ffabi_mem_constituent *out = &f->ranges[f->here % MOST];

		if (room != 0)
			rule = ffabi_mem_next_ranges(&r->c, cur, out, LEAST(room, MOST), &n);
		else
			rule = ffabi_mem_next_range(&r->c, cur, out);
		if (room != 0 && (n > room || (rule == FFABI_OK) > n))
			die("an impossible number of constituents");
		if (rule == FFABI_OK || (room != 0 && rule != FFABI_END))
			f->here += n;
	} while (rule == FFABI_OK);
	if (rule == FFABI_END && room != 0 && n != 0)
		die("there is something behind the end");
	return rule;
}

static enum ffabi_rule walk_by(struct request *r, struct found *f, uint32_t room)
{
	struct ffabi_mem_cursor cur;
	enum ffabi_rule rule;
	uint32_t i;

	memset(&cur, 0xee, sizeof(cur));
	f->here = 0;
	watch(&r->src, within(r), 1);
	rule = ffabi_mem_open(&r->c, r->usage, &r->src, &r->length, &cur, &f->header);
	if (rule == FFABI_OK &&
	    (ffabi_mem_open_composite(&r->c, &cur, &f->composite) != FFABI_END ||
	     ffabi_mem_next_range(&r->c, &cur, f->ranges) != FFABI_END))
		die("something is there before its time");
	for (i = 0; rule == FFABI_OK; i++)
		rule = ffabi_mem_next_access(&r->c, &cur, &f->access[i % MOST]);
	if (rule != FFABI_END)
		return rule;
	if (ffabi_mem_next_access(&r->c, &cur, f->access) != FFABI_END)
		die("the end is not the end");
	memset(&f->composite, 0, sizeof(f->composite));
	rule = ffabi_mem_open_composite(&r->c, &cur, &f->composite);
	f->here = 0;
	if (rule == FFABI_OK)
		rule = walk_ranges(r, &cur, f, room);
	f->places = cur.places;
	if (rule == FFABI_END && ffabi_mem_next_range(&r->c, &cur, f->ranges) != FFABI_END)
		die("the end is not the end");
	return rule == FFABI_END ? FFABI_OK : rule;
}

static enum ffabi_rule walk(struct request *r, struct found *f)
{
	return walk_by(r, f, 0);
}

/* Many at a time is one by one: the verdict, the blame, and what came before it. */
static void walk_many(struct request *r, enum ffabi_rule rule, const struct found *one)
{
	static const uint32_t rooms[] = {1, 3, MOST};
	static struct found many;
	const struct ffabi_violation no = r->c.err;

	for (unsigned int i = 0; i < sizeof(rooms) / sizeof(rooms[0]); i++) {
		if (walk_by(r, &many, rooms[i]) != rule)
			die("many at a time have another verdict");
		if (rule != FFABI_OK && memcmp(&no, &r->c.err, sizeof(no)))
			die("many at a time blame something else");
		if (many.here != one->here)
			die("many at a time are more or less");
		for (uint32_t j = 0; j < one->here; j++) {
			if (many.ranges[j].address != one->ranges[j].address ||
			    many.ranges[j].page_count != one->ranges[j].page_count)
				die("many at a time are others");
		}
	}
}

static void read_one(enum ffabi_rule (*how)(struct request *, struct found *))
{
	struct request r;

	common(&r);
	r.length.total = (uint32_t)number();
	r.length.fragment = (uint32_t)number();
	r.limits.overlap_limit = (uint32_t)number();
	r.src = bytes();
	if (how(&r, &found) == FFABI_OK)
		say_found(&found);
	else
		refusal(&r.c);
	drop(r.src.base);
}

/* -- writing -- */

/* From byte n on, the destination is as it was. */
static void untouched(const struct ffabi_dst *dst, uint64_t n, int fill)
{
	for (uint64_t i = n; i < dst->len; i++) {
		if (dst->base[i] != fill)
			die("a byte is written that should not be");
	}
}

/*
 * A fragment, or all of it where there is no offset.  What was written does not depend on
 * what was there; the arrays of the message end where they have to.
 */
static enum ffabi_rule write_into(struct request *r, const struct ffabi_mem_message *given,
				  const uint32_t *offset, struct ffabi_dst *dst,
				  struct ffabi_mem_length *length)
{
	const uint64_t access = sizeof(*given->access) * LEAST(given->access_count, MOST);
	const uint64_t ranges = sizeof(*given->ranges) * LEAST(given->range_count, MOST);
	struct ffabi_dst other = {block(dst->len, 0xa5), dst->len};
	struct ffabi_mem_message m = *given;
	enum ffabi_rule rule = FFABI_OK;

	m.access = memcpy(malloc(access), given->access, access);
	m.ranges = memcpy(malloc(ranges), given->ranges, ranges);
	for (int turn = 0; turn < 2; turn++) {
		struct ffabi_dst *d = turn ? dst : &other;

		memset(d->base, turn ? 0x5a : 0xa5, d->len);
		if (offset)
			rule = ffabi_mem_fragment(&r->c, r->usage, &m, *offset, d, length);
		else
			rule = ffabi_mem_write(&r->c, r->usage, &m, d, &length->total);
		if (!offset)
			length->fragment = length->total;
		untouched(d, rule == FFABI_OK ? length->fragment : 0, turn ? 0x5a : 0xa5);
	}
	if (rule == FFABI_OK && memcmp(dst->base, other.base, length->fragment))
		die("a byte is not written");
	free((void *)(uintptr_t)m.access);
	free((void *)(uintptr_t)m.ranges);
	drop(other.base);
	return rule;
}

static void write_one(int piece)
{
	const uint32_t *where = NULL;
	struct ffabi_mem_length length;
	struct ffabi_mem_message m;
	struct ffabi_dst dst;
	struct request r;
	uint32_t offset;

	common(&r);
	if (piece) {
		offset = (uint32_t)number();
		where = &offset;
	}
	dst.len = number();
	dst.base = block(dst.len, 0);
	read_message(&found);
	message(&found, &m);
	if (write_into(&r, &m, where, &dst, &length) == FFABI_OK) {
		printf("ok %x", length.total);
		say_bytes(dst.base, length.fragment);
	} else {
		refusal(&r.c);
	}
	drop(dst.base);
}

/* -- fragments -- */

static enum ffabi_rule add(struct ffabi_ctx *c, struct ffabi_mem_assembly *a,
			   const struct ffabi_src *src, uint32_t n)
{
	const struct ffabi_mem_assembly before = *a;
	uint8_t *copy = block(a->dst.len, 0);
	enum ffabi_rule rule;

	memcpy(copy, a->dst.base, a->dst.len);
	watch(src, src->len, 1);
	rule = ffabi_mem_add(c, a, src, n);
	if (rule != FFABI_OK && rule != FFABI_END &&
	    (memcmp(&before, a, sizeof(before)) || memcmp(copy, a->dst.base, a->dst.len)))
		die("a refused fragment leaves something behind");
	drop(copy);
	return rule;
}

/* What has to be refused at any point, and leave no trace. */
static void add_wrong(struct ffabi_ctx *c, struct ffabi_mem_assembly *a)
{
	const uint32_t missing = a->total - a->received;
	const struct ffabi_src empty = {a->dst.base, 0};
	struct ffabi_src src = {block(missing + 16, 0xdd), missing + 16};

	if (add(c, a, &src, 0) != FFABI_E_RANGE || add(c, a, &src, missing + 8) != FFABI_E_RANGE ||
	    add(c, a, &src, 0xffffffff) != FFABI_E_RANGE || add(c, a, &src, 4) != FFABI_E_ALIGN ||
	    add(c, a, &src, missing - 1) != FFABI_E_ALIGN || add(c, a, &empty, 8) != FFABI_E_SHORT)
		die("a wrong fragment is taken");
	drop(src.base);
}

/* In fragments of a size, put together again, and as one piece: the same bytes. */
static void pieces(void)
{
	struct ffabi_mem_assembly a;
	struct ffabi_mem_length length = {0, 0};
	struct ffabi_mem_message m;
	struct ffabi_dst part, whole, copy;
	enum ffabi_rule rule = FFABI_OK;
	struct request r;
	uint32_t count = 0;
	uint32_t at;

	common(&r);
	part.len = number();
	part.base = block(part.len, 0);
	read_message(&found);
	message(&found, &m);
	if (ffabi_mem_measure(&r.c, r.usage, &m, &length.total) != FFABI_OK) {
		refusal(&r.c);
		drop(part.base);
		return;
	}
	whole.len = length.total;
	whole.base = block(whole.len, 0);
	copy.base = block(whole.len, 0);
	copy.len = whole.len;
	memset(&a, 0xee, sizeof(a));
	if (ffabi_mem_assemble(&r.c, &copy, length.total, &a) != FFABI_OK)
		die("the assembly does not begin");
	for (at = 0; rule == FFABI_OK; at += length.fragment, count++) {
		const struct ffabi_src sent = {part.base, part.len};

		if (write_into(&r, &m, &at, &part, &length) != FFABI_OK)
			die("a fragment is refused");
		add_wrong(&r.c, &a);
		rule = add(&r.c, &a, &sent, length.fragment);
		if (rule == FFABI_OK && length.fragment != (part.len & ~7ull))
			die("a fragment is not full");
	}
	if (rule != FFABI_END || at != whole.len || a.received != whole.len)
		die("the assembly is not complete");
	if (write_into(&r, &m, NULL, &whole, &length) != FFABI_OK ||
	    memcmp(whole.base, copy.base, whole.len))
		die("the fragments are not the whole");
	printf("ok %x %x", a.total, count);
	drop(part.base);
	drop(whole.base);
	drop(copy.base);
}

static void join(void)
{
	struct ffabi_ctx c = {FFABI_V1_1, 0, 0, {0, 0, 0, 0}};
	struct ffabi_mem_assembly a = {{0, 0}, 0, 0};
	struct ffabi_dst dst;
	enum ffabi_rule rule;
	char *text;

	dst.len = number();
	dst.base = block(dst.len, 0x5a);
	rule = ffabi_mem_assemble(&c, &dst, (uint32_t)number(), &a);
	if (rule != FFABI_OK)
		refusal(&c);
	else if (a.dst.base != dst.base || a.dst.len != dst.len)
		die("the assembly is elsewhere");
	while (rule == FFABI_OK && (text = strtok(NULL, " \n")) != NULL) {
		const uint32_t n = (uint32_t)strtoul(text, NULL, 16);
		struct ffabi_src src = bytes();
		enum ffabi_rule verdict = add(&c, &a, &src, n);

		if (verdict == FFABI_OK || verdict == FFABI_END)
			printf("%s %x", verdict == FFABI_OK ? "more" : "end", a.received);
		else
			refusal(&c);
		printf(" | ");
		drop(src.base);
	}
	untouched(&dst, a.received, 0x5a);
	if (rule == FFABI_OK)
		say_bytes(dst.base, a.received);
	drop(dst.base);
}

/* -- both -- */

static void convert(void)
{
	struct ffabi_mem_length length;
	struct ffabi_mem_message m;
	struct ffabi_dst dst;
	struct request r;
	uint32_t to;

	common(&r);
	to = (uint32_t)number();
	r.src = bytes();
	r.length.total = r.length.fragment = (uint32_t)r.src.len;
	if (check(&r, &found) == FFABI_OK) {
		r.c.version = to;
		message(&found, &m);
		dst.len = 2 * r.src.len;
		dst.base = block(dst.len, 0);
		if (write_into(&r, &m, NULL, &dst, &length) == FFABI_OK) {
			printf("ok %x", length.total);
			say_bytes(dst.base, length.total);
		} else {
			refusal(&r.c);
		}
		drop(dst.base);
	} else {
		refusal(&r.c);
	}
	drop(r.src.base);
}

/* Is this where the writer would have put everything? */
static int canonical(const struct request *r, const struct found *f)
{
	const struct ffabi_mem_places *p = &f->places;
	const uint32_t end = p->access + p->access_size * p->access_count;

	return p->access == ffabi_mem_transaction_size(r->c.version) &&
	       p->access_size == ffabi_mem_access_size(r->c.version) &&
	       (p->composite == 0 || p->composite == end) &&
	       r->length.total == (p->composite ? p->ranges + 16 * f->here : end);
}

/* Constituents that are not compared with each other are scanned: no other verdict than a cursor's.
 */
static void scan(struct request *r, enum ffabi_rule seen)
{
	static struct found f;
	const struct ffabi_violation no = r->c.err;
	const uint32_t limit = r->limits.overlap_limit;
	enum ffabi_rule rule;

	r->limits.overlap_limit = 0;
	rule = check(r, &f);
	r->limits.overlap_limit = limit;
	if (rule == FFABI_E_RULE && r->c.err.field == FFABI_F_ENDPOINT_ID)
		return;
	if (rule != seen || (rule != FFABI_OK && memcmp(&no, &r->c.err, sizeof(no))))
		die("a scan has another verdict");
}

/* Everything that has to be true of any bytes; the verdict. */
static enum ffabi_rule examine(struct request *r)
{
	static const uint16_t waivers[] = {FFABI_WAIVE_MBZ, FFABI_WAIVE_SBZ, FFABI_WAIVE_ENUM,
					   FFABI_WAIVE_MBZ | FFABI_WAIVE_SBZ | FFABI_WAIVE_ENUM};
	static struct found again;
	const enum ffabi_rule rule = check(r, &found);
	const struct ffabi_violation no = r->c.err;
	const int twice = rule == FFABI_E_RULE && no.field == FFABI_F_ENDPOINT_ID;
	const int overlap = rule == FFABI_E_OVERLAP && no.field == FFABI_F_ADDRESS;
	const enum ffabi_rule seen = walk(r, &again);

	if (!twice && !overlap && seen != rule)
		die("a cursor has another verdict");
	if (!twice && !overlap && rule != FFABI_OK && memcmp(&no, &r->c.err, sizeof(no)))
		die("a cursor blames something else");
	walk_many(r, seen, &again);
	scan(r, seen);
	for (unsigned int i = 0; i < 4; i++) {
		r->c.waive = waivers[i];
		if (rule == FFABI_OK && check(r, &again) != FFABI_OK)
			die("a waiver refuses what was accepted");
	}
	walk_many(r, walk(r, &again), &again);
	r->c.waive = FFABI_STRICT;
	r->c.err = no;
	if (rule == FFABI_OK && canonical(r, &found)) {
		struct ffabi_dst dst = {block(r->src.len, 0), r->src.len};
		struct ffabi_mem_message m;
		uint32_t total;

		message(&found, &m);
		if (ffabi_mem_write(&r->c, r->usage, &m, &dst, &total) != FFABI_OK ||
		    total != r->src.len ||
		    memcmp(dst.base, (const void *)(uintptr_t)r->src.base, total))
			die("what was accepted is written differently");
		drop(dst.base);
	}
	return rule;
}

static void mutate(void)
{
	struct request r;
	uint8_t *data;

	memset(&r, 0, sizeof(r));
	r.c.version = (uint32_t)number();
	r.usage = usage_of(word());
	r.src = bytes();
	r.length.total = r.length.fragment = (uint32_t)r.src.len;
	r.limits.overlap_limit = MOST;
	data = (uint8_t *)(uintptr_t)r.src.base;
	printf("ok");
	for (uint64_t at = 0; at < r.src.len; at++) {
		const uint8_t was = data[at];
		uint8_t accepted[32] = {0};

		for (unsigned int value = 0; value < 256; value++) {
			data[at] = (uint8_t)value;
			if (examine(&r) == FFABI_OK)
				accepted[value / 8] |= (uint8_t)(1u << value % 8);
		}
		data[at] = was;
		say_bytes(accepted, sizeof(accepted));
	}
	drop(r.src.base);
}

int main(void)
{
	while (fgets(line, sizeof(line), stdin) != NULL) {
		const char *op = strtok(line, " \n");

		if (!op)
			die("an empty request");
		if (!strcmp(op, "check"))
			read_one(check);
		else if (!strcmp(op, "walk"))
			read_one(walk);
		else if (!strcmp(op, "write") || !strcmp(op, "piece"))
			write_one(op[0] == 'p');
		else if (!strcmp(op, "pieces"))
			pieces();
		else if (!strcmp(op, "convert"))
			convert();
		else if (!strcmp(op, "join"))
			join();
		else if (!strcmp(op, "mutate"))
			mutate();
		else
			die("no such request");
		printf("\n");
	}
	return 0;
}
