/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Mutation of tables by their shape. */
#include "tree.h"

#include <string.h>

/* -- chance -- */

static uint32_t state = 1;

static void seed_with(unsigned int seed)
{
	state = seed * 2654435761u | 1u;
}

static uint32_t chance(uint32_t n)
{
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return n != 0 ? state % n : 0;
}

static uint64_t any(void)
{
	return (uint64_t)chance(0xffffffff) << 32 | chance(0xffffffff);
}

/* One of the bits that are set, as a number. */
static uint64_t one_of(uint64_t set)
{
	unsigned int n = chance(64);

	for (unsigned int i = 0; i < 64 && set != 0; i++, n = (n + 1) % 64) {
		if ((set >> n & 1) != 0)
			return n;
	}
	return 0;
}

/* -- values -- */

/* One that the description allows, as far as the field alone can say. */
static uint64_t legal_value(const struct fuzz_field *f, unsigned int version)
{
	const uint64_t unit = f->unit > 1 ? f->unit : 1;
	const uint64_t top = f->max < fuzz_mask(f) ? f->max : fuzz_mask(f);
	const uint64_t least = (f->min + unit - 1) / unit * unit;
	uint64_t value;

	switch ((enum fuzz_kind)f->kind) {
	case FUZZ_RESERVED:
		return 0;
	case FUZZ_CONSTANT:
		return f->value;
	case FUZZ_ENUM:
		return one_of(f->listed[version]);
	case FUZZ_FLAGS:
		return any() & f->listed[version];
	case FUZZ_NUMBER:
	case FUZZ_BYTES:
		break;
	}
	value = chance(3) != 0 ? least + unit * chance(8) : (any() & fuzz_mask(f)) / unit * unit;
	return value < least ? least : value > top ? top / unit * unit : value;
}

/* One at the edge of something, often illegal; n is the size of the whole. */
static uint64_t edge_value(const struct fuzz_field *f, uint64_t was, size_t n)
{
	const uint64_t edges[] = {0,
				  1,
				  fuzz_mask(f),
				  fuzz_mask(f) - 1,
				  fuzz_mask(f) >> 1,
				  fuzz_mask(f) / 2 + 1,
				  f->min - 1,
				  f->max + 1,
				  f->max,
				  f->min + f->unit,
				  f->unit / 2,
				  was + 1,
				  was - 1,
				  was * 2,
				  was / 2,
				  was ^ 1ull << chance(64),
				  n,
				  n - 1,
				  n - chance(64),
				  n / 8 * 8,
				  fuzz_mask(f) / 16 + 1 + chance(4),
				  (uint64_t)chance(16) * 8,
				  ~0xfffull,
				  any()};

	return edges[chance(sizeof(edges) / sizeof(edges[0]))];
}

static void change_field(const struct fuzz_field *f, uint8_t *record, unsigned int version,
			 size_t n, int legal)
{
	if (f->size > 8) {
		record[f->at + chance(f->size)] = (uint8_t)(chance(4) != 0 ? chance(256) : 0);
		return;
	}
	fuzz_put(f, record,
		 legal ? legal_value(f, version) : edge_value(f, fuzz_get(f, record), n));
}

/* A statement of the version and usage, or a null pointer when there is none. */
static const struct fuzz_field *pick_field(const struct fuzz_shape *s, const struct fuzz_meaning *m)
{
	unsigned int i = chance(s->field_count);

	for (unsigned int k = 0; k < s->field_count; k++, i = (i + 1) % s->field_count) {
		if (fuzz_live(&s->fields[i], m->version, m->usage))
			return &s->fields[i];
	}
	return NULL;
}

/* Everything legal, but what ties it to other parts stays. */
static void legalize(const struct fuzz_shape *s, const struct fuzz_meaning *m, uint8_t *record)
{
	for (int turn = 0; turn < 2; turn++) { /* the second time, those that decide are settled */
		for (unsigned int i = 0; i < s->field_count; i++) {
			const struct fuzz_field *f = &s->fields[i];

			if (f->size <= 8 && fuzz_live(f, m->version, m->usage) &&
			    fuzz_meant(s, f, m->version, m->usage, record))
				fuzz_put(f, record, legal_value(f, m->version));
			else if (f->kind == FUZZ_RESERVED && f->size > 8 &&
				 fuzz_live(f, m->version, m->usage))
				memset(record + f->at, 0, f->size);
		}
	}
}

/* -- where -- */

/* A record of the tree: its bytes, its shape, and where in the data it was. */
struct spot {
	const struct fuzz_shape *shape;
	uint8_t *bytes;
	size_t at;
};

static void spot_in_list(struct fuzz_list *l, struct spot *out)
{
	const uint32_t i = chance(l->count);

	out->shape = l->shape;
	out->bytes = l->bytes + (size_t)i * l->stride;
	out->at = l->at + (size_t)i * l->stride;
}

static void pick_spot(struct fuzz_tree *t, struct spot *out)
{
	const unsigned int which = chance(6);

	if (which >= 4 && t->sub.count != 0 && t->sub.shape != NULL)
		spot_in_list(&t->sub, out);
	else if (which == 3 && t->has_part)
		*out = (struct spot){t->part.shape, t->part.bytes, t->part.at};
	else if (which >= 1 && t->list.count != 0 && t->list.shape != NULL)
		spot_in_list(&t->list, out);
	else
		*out = (struct spot){t->head.shape, t->head.bytes, 0};
}

/* -- elements -- */

static struct fuzz_list *pick_list(struct fuzz_tree *t)
{
	return t->has_part && chance(2) != 0 ? &t->sub : &t->list;
}

static void add_element(struct fuzz_tree *t, struct fuzz_list *l)
{
	const uint32_t from = chance(l->count);
	uint8_t *added = l->bytes + (size_t)l->count * l->stride;

	if (l->stride == 0 || (size_t)(l->count + 1) * l->stride > FUZZ_LIST)
		return;
	memset(added, 0, l->stride);
	if (l->count != 0)
		memcpy(added, l->bytes + (size_t)from * l->stride, l->stride);
	if (l->shape == NULL)
		added[chance(2)] = (uint8_t)chance(256);
	else if (l->count == 0 || chance(2) != 0)
		legalize(l->shape, &t->meaning, added);
	else if (chance(2) != 0)
		change_field(&l->shape->fields[0], added, t->meaning.version, 0, 1);
	l->count++;
}

static void drop_element(struct fuzz_list *l)
{
	const uint32_t i = chance(l->count);
	uint8_t *gone = l->bytes + (size_t)i * l->stride;

	if (l->count == 0)
		return;
	memmove(gone, gone + l->stride, (size_t)(l->count - i - 1) * l->stride);
	l->count--;
}

static void swap_elements(struct fuzz_list *l)
{
	uint8_t *a = l->bytes + (size_t)chance(l->count) * l->stride;
	uint8_t *b = l->bytes + (size_t)chance(l->count) * l->stride;

	for (uint32_t i = 0; l->count != 0 && i < l->stride; i++) {
		const uint8_t kept = a[i];

		a[i] = b[i];
		b[i] = kept;
	}
}

/* The same elements farther apart, or closer. */
static void change_stride(struct fuzz_tree *t, struct fuzz_list *l)
{
	static uint8_t copy[FUZZ_LIST];
	const uint32_t was = l->stride;
	const uint32_t now = fuzz_element_size(l->shape, chance(FUZZ_VERSIONS)) + 8 * chance(5);

	if (now == 0 || (size_t)now * l->count > FUZZ_LIST || t->head.shape->array == NULL)
		return;
	memcpy(copy, l->bytes, sizeof(copy));
	memset(l->bytes, 0, sizeof(l->bytes));
	for (uint32_t i = 0; i < l->count; i++)
		memcpy(l->bytes + (size_t)i * now, copy + (size_t)i * was, was < now ? was : now);
	l->stride = now;
}

static void toggle_part(struct fuzz_tree *t)
{
	const struct fuzz_array *a = t->head.shape->array;

	if (a == NULL || a->part == NULL)
		return;
	t->has_part = !t->has_part;
	if (!t->has_part)
		return;
	t->part.shape = a->part;
	memset(t->part.bytes, 0, sizeof(t->part.bytes));
	memset(&t->sub, 0, sizeof(t->sub));
	if (a->part->array != NULL) {
		t->sub.shape = a->part->array->of;
		t->sub.stride = fuzz_element_size(t->sub.shape, t->meaning.version);
		add_element(t, &t->sub);
	}
}

/* The field of the elements that has to differ gets other values. */
static void make_unique(struct fuzz_tree *t)
{
	const struct fuzz_array *a = t->head.shape->array;
	const struct fuzz_field *f;
	const uint32_t first = chance(0x10000);

	if (a == NULL || a->of == NULL || a->unique == 0)
		return;
	f = fuzz_find(a->of, a->unique, t->meaning.version, t->meaning.usage, NULL);
	for (uint32_t i = 0; f != NULL && i < t->list.count; i++)
		fuzz_put(f, t->list.bytes + (size_t)i * t->list.stride, first + i);
}

static void edit(struct fuzz_tree *t, size_t n)
{
	const struct fuzz_field *f;
	struct spot spot;

	switch (chance(12)) {
	case 0:
	case 1:
		add_element(t, pick_list(t));
		break;
	case 2:
		drop_element(pick_list(t));
		break;
	case 3:
		swap_elements(pick_list(t));
		break;
	case 4:
		change_stride(t, &t->list);
		break;
	case 5:
		t->gap = 16 * chance(4);
		t->part_gap = 8 * chance(4);
		break;
	case 6:
		toggle_part(t);
		break;
	case 7:
		make_unique(t);
		break;
	case 8:
		pick_spot(t, &spot);
		legalize(spot.shape, &t->meaning, spot.bytes);
		break;
	default:
		pick_spot(t, &spot);
		f = pick_field(spot.shape, &t->meaning);
		if (f != NULL)
			change_field(f, spot.bytes, t->meaning.version, n, chance(3) != 0);
	}
}

/* -- bytes that stay where they are -- */

/* One field, whatever else is broken already. */
static void change_in_place(struct fuzz_tree *t, uint8_t *data, size_t n)
{
	const struct fuzz_field *f;
	struct spot spot;

	pick_spot(t, &spot);
	f = pick_field(spot.shape, &t->meaning);
	if (f != NULL && spot.at + f->at + f->size <= n)
		change_field(f, data + spot.at, t->meaning.version, n, chance(2) == 0);
}

/* One count, offset, stride or sum. */
static void break_one(struct fuzz_tree *t, uint8_t *data, size_t n)
{
	const struct fuzz_record *r = t->has_part && chance(2) != 0 ? &t->part : &t->head;
	const struct fuzz_array *a = r->shape->array;
	const struct fuzz_field *f;
	size_t at = r->at;
	unsigned int id;

	if (a == NULL) {
		change_in_place(t, data, n);
		return;
	}
	const unsigned int ids[] = {a->count, a->offset[t->meaning.version].id,
				    a->stride[t->meaning.version].id, a->sum_equals,
				    a->part_offset};
	const unsigned int which = chance(5);

	id = ids[which];
	f = id != 0 && which != 4
		    ? fuzz_find(r->shape, id, t->meaning.version, t->meaning.usage, NULL)
		    : NULL;
	if (which == 4 && id != 0 && t->list.count != 0) {
		f = fuzz_find(a->of, id, t->meaning.version, t->meaning.usage, NULL);
		at = t->list.at + (size_t)chance(t->list.count) * t->list.stride;
	}
	if (f != NULL && at + f->at + f->size <= n)
		fuzz_put(f, data + at, edge_value(f, fuzz_get(f, data + at), n));
}

size_t fuzz_mutate(const struct fuzz_meaning *m, uint8_t *data, size_t n, size_t max,
		   unsigned int seed)
{
	static struct fuzz_tree t;
	size_t made;

	seed_with(seed);
	if (m->shape->size[m->version] == 0 || chance(8) == 0)
		return fuzz_mutate_bytes(data, n, max, seed);
	fuzz_take_apart(&t, m, data, n);
	if (chance(4) == 0) {
		change_in_place(&t, data, n);
		return n;
	}
	for (unsigned int turns = 1 + chance(4); turns != 0; turns--)
		edit(&t, n);
	made = fuzz_put_together(&t, data, max);
	if (made == 0)
		return fuzz_mutate_bytes(data, n, max, seed);
	if (chance(2) != 0) {
		fuzz_take_apart(&t, m, data, made);
		break_one(&t, data, made);
	}
	return made;
}

size_t fuzz_cross(const struct fuzz_meaning *m, const uint8_t *a, size_t na, const uint8_t *b,
		  size_t nb, uint8_t *out, size_t max, unsigned int seed)
{
	static struct fuzz_tree mine, theirs;
	struct fuzz_list *to, *from;

	seed_with(seed);
	if (m->shape->size[m->version] == 0 || m->shape->array == NULL)
		return fuzz_cross_bytes(a, na, b, nb, out, max, seed);
	fuzz_take_apart(&mine, m, a, na);
	fuzz_take_apart(&theirs, m, b, nb);
	if (theirs.has_part && (!mine.has_part || chance(2) != 0)) {
		mine.has_part = 1;
		mine.part = theirs.part;
		mine.sub = theirs.sub;
	}
	to = mine.has_part && theirs.has_part && chance(2) != 0 ? &mine.sub : &mine.list;
	from = to == &mine.sub ? &theirs.sub : &theirs.list;
	for (unsigned int k = 1 + chance(4); k != 0 && from->count != 0 && to->stride != 0; k--) {
		const uint32_t size = from->stride < to->stride ? from->stride : to->stride;

		add_element(&mine, to);
		if (to->count != 0)
			memcpy(to->bytes + (size_t)chance(to->count) * to->stride,
			       from->bytes + (size_t)chance(from->count) * from->stride, size);
	}
	return fuzz_put_together(&mine, out, max);
}

/* -- bytes -- */

size_t fuzz_mutate_bytes(uint8_t *data, size_t n, size_t max, unsigned int seed)
{
	seed_with(seed ^ 0x5bd1e995u);
	for (unsigned int turns = 1 + chance(3); turns != 0; turns--) {
		const size_t at = chance((uint32_t)n);
		const size_t count = 1 + chance(8);

		if (n == 0 || (chance(6) == 0 && n + count <= max)) {
			if (n + count > max)
				return n;
			memmove(data + at + count, data + at, n - at);
			memset(data + at, (int)chance(256), count);
			n += count;
		} else if (chance(6) == 0 && count < n - at) {
			memmove(data + at, data + at + count, n - at - count);
			n -= count;
		} else if (chance(2) != 0) {
			data[at] ^= (uint8_t)(1u << chance(8));
		} else {
			data[at] = (uint8_t)(chance(2) != 0 ? chance(256) : 0u - chance(2));
		}
	}
	return n;
}

size_t fuzz_cross_bytes(const uint8_t *a, size_t na, const uint8_t *b, size_t nb, uint8_t *out,
			size_t max, unsigned int seed)
{
	size_t head, rest;

	seed_with(seed);
	head = chance((uint32_t)na + 1);
	rest = chance((uint32_t)nb + 1);
	head = head < max ? head : max;
	memcpy(out, a, head);
	rest = nb - rest < max - head ? nb - rest : max - head;
	memcpy(out + head, b + (nb - rest), rest);
	return head + rest;
}
