/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Taking a table apart, and putting it together with everything in its place. */
#include "tree.h"

#include <string.h>

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static size_t rounded(size_t n, size_t unit)
{
	return (n + unit - 1) / unit * unit;
}

uint32_t fuzz_element_size(const struct fuzz_shape *of, unsigned int version)
{
	return of != NULL ? of->size[version] : 2;
}

static const struct fuzz_field *field_of(const struct fuzz_tree *t, const struct fuzz_record *r,
					 unsigned int id)
{
	return id != 0 ? fuzz_find(r->shape, id, t->meaning.version, t->meaning.usage, NULL) : NULL;
}

static uint64_t value_of(const struct fuzz_tree *t, const struct fuzz_record *r, unsigned int id)
{
	const struct fuzz_field *f = field_of(t, r, id);

	return f != NULL ? fuzz_get(f, r->bytes) : 0;
}

static void set(const struct fuzz_tree *t, struct fuzz_record *r, unsigned int id, uint64_t value)
{
	const struct fuzz_field *f = field_of(t, r, id);

	if (f != NULL)
		fuzz_put(f, r->bytes, value);
}

/* -- apart -- */

/* Returns where it ends. */
static size_t take_record(struct fuzz_record *r, const struct fuzz_tree *t,
			  const struct fuzz_shape *shape, const uint8_t *data, size_t n, size_t at)
{
	const size_t size = shape->size[t->meaning.version];

	memset(r, 0, sizeof(*r));
	r->shape = shape;
	r->at = at;
	if (at < n)
		memcpy(r->bytes, data + at, least(size, n - at));
	return at + size;
}

static size_t take_list(struct fuzz_list *l, const struct fuzz_tree *t, const struct fuzz_record *r,
			const uint8_t *data, size_t n)
{
	const struct fuzz_array *a = r->shape->array;
	const struct fuzz_number *offset, *stride;
	uint64_t step, count, from;

	memset(l, 0, sizeof(*l));
	l->at = n;
	if (a == NULL)
		return 0;
	offset = &a->offset[t->meaning.version];
	stride = &a->stride[t->meaning.version];
	from = r->at + (offset->id != 0 ? value_of(t, r, offset->id) : offset->number);
	step = stride->id != 0 ? value_of(t, r, stride->id) : stride->number;
	l->shape = a->of;
	if (step < fuzz_element_size(a->of, 0) || step == 0 || step > FUZZ_LIST / 2)
		step = fuzz_element_size(a->of, t->meaning.version);
	l->stride = (uint32_t)step;
	if (step == 0 || from >= n)
		return 0;
	count = least((size_t)((n - from) / step), FUZZ_LIST / (size_t)step);
	if (value_of(t, r, a->count) < count)
		count = value_of(t, r, a->count);
	l->count = (uint32_t)count;
	l->at = (size_t)from;
	memcpy(l->bytes, data + from, (size_t)(count * step));
	return (size_t)(from + count * step);
}

/* Where the first element says that the part is; 0: nowhere. */
static uint64_t part_place(const struct fuzz_tree *t)
{
	const struct fuzz_array *a = t->head.shape->array;
	const struct fuzz_field *f;

	if (a == NULL || a->part == NULL || t->list.count == 0)
		return 0;
	f = fuzz_find(a->of, a->part_offset, t->meaning.version, t->meaning.usage, NULL);
	return f != NULL ? fuzz_get(f, t->list.bytes) : 0;
}

void fuzz_take_apart(struct fuzz_tree *t, const struct fuzz_meaning *m, const uint8_t *data,
		     size_t n)
{
	size_t end, other;
	uint64_t place;

	memset(t, 0, sizeof(*t));
	t->meaning = *m;
	end = take_record(&t->head, t, m->shape, data, n, 0);
	other = take_list(&t->list, t, &t->head, data, n);
	end = other > end ? other : end;
	place = part_place(t);
	if (place != 0 && place < n) {
		t->has_part = 1;
		other = take_record(&t->part, t, m->shape->array->part, data, n, (size_t)place);
		end = other > end ? other : end;
		other = take_list(&t->sub, t, &t->part, data, n);
		end = other > end ? other : end;
	}
	if (end < n) {
		t->tail_n = least(n - end, FUZZ_TAIL);
		memcpy(t->tail, data + end, t->tail_n);
	}
}

/* -- together -- */

static void sum_up(const struct fuzz_tree *t, struct fuzz_record *r, const struct fuzz_list *l)
{
	const struct fuzz_array *a = r->shape->array;
	const struct fuzz_field *f;
	uint64_t sum = 0;

	if (a->sum == 0 || a->of == NULL)
		return;
	f = fuzz_find(a->of, a->sum, t->meaning.version, t->meaning.usage, NULL);
	for (uint32_t i = 0; f != NULL && i < l->count; i++)
		sum += fuzz_get(f, l->bytes + (size_t)i * l->stride);
	set(t, r, a->sum_equals, sum);
}

/* The record knows of its list; returns where the list begins, seen from the record. */
static size_t settle(const struct fuzz_tree *t, struct fuzz_record *r, struct fuzz_list *l,
		     size_t gap)
{
	const struct fuzz_array *a = r->shape->array;
	const struct fuzz_number *offset = &a->offset[t->meaning.version];
	const struct fuzz_number *stride = &a->stride[t->meaning.version];
	const size_t size = r->shape->size[t->meaning.version];
	const size_t from = offset->id != 0 ? rounded(size, 16) + gap : offset->number;

	if (stride->id == 0 && stride->number != l->stride) { /* another version's */
		l->stride = stride->number;
		l->count = l->stride != 0 ? (uint32_t)least(l->count, FUZZ_LIST / l->stride) : 0;
	}
	set(t, r, a->count, l->count);
	set(t, r, offset->id, from);
	set(t, r, stride->id, l->stride);
	sum_up(t, r, l);
	return from;
}

static void point_at_part(struct fuzz_tree *t, uint64_t place)
{
	const struct fuzz_array *a = t->head.shape->array;
	const struct fuzz_field *f =
		fuzz_find(a->of, a->part_offset, t->meaning.version, t->meaning.usage, NULL);

	for (uint32_t i = 0; f != NULL && i < t->list.count; i++)
		fuzz_put(f, t->list.bytes + (size_t)i * t->list.stride, place);
}

static size_t store(uint8_t *out, size_t at, const uint8_t *bytes, size_t n)
{
	memcpy(out + at, bytes, n);
	return at + n;
}

size_t fuzz_put_together(struct fuzz_tree *t, uint8_t *out, size_t max)
{
	const struct fuzz_array *a = t->head.shape->array;
	const unsigned int version = t->meaning.version;
	size_t end = t->head.shape->size[version], from = end, place = 0, sub = 0;

	if (a != NULL) {
		t->head.at = 0;
		from = settle(t, &t->head, &t->list, t->gap);
		end = from + (size_t)t->list.stride * t->list.count;
		if (t->has_part) {
			place = rounded(end, 8) + t->part_gap;
			sub = place + settle(t, &t->part, &t->sub, 0);
			end = sub + (size_t)t->sub.stride * t->sub.count;
		}
		if (a->part != NULL)
			point_at_part(t, place);
	}
	if (end > max)
		return 0;
	memset(out, 0, end);
	store(out, 0, t->head.bytes, t->head.shape->size[version]);
	if (a != NULL)
		store(out, from, t->list.bytes, (size_t)t->list.stride * t->list.count);
	if (t->has_part) {
		store(out, place, t->part.bytes, t->part.shape->size[version]);
		store(out, sub, t->sub.bytes, (size_t)t->sub.stride * t->sub.count);
	}
	return store(out, end, t->tail, least(t->tail_n, max - end));
}
