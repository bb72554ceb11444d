/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* A slow reading of tables by their shape: shares nothing with the generated codecs. */
#include "shape.h"

int fuzz_live(const struct fuzz_field *f, unsigned int version, unsigned int usage)
{
	return (f->versions >> version & 1) != 0 && (usage == 0 || (f->usages & usage) != 0);
}

uint64_t fuzz_mask(const struct fuzz_field *f)
{
	const unsigned int bits = f->hi - f->lo + 1u;

	return bits >= 64 ? ~0ull : (1ull << bits) - 1;
}

static uint64_t container(const struct fuzz_field *f, const uint8_t *data)
{
	uint64_t value = 0;

	for (unsigned int i = 0; i < f->size && i < 8; i++)
		value |= (uint64_t)data[f->at + i] << 8 * i;
	return value;
}

uint64_t fuzz_get(const struct fuzz_field *f, const uint8_t *data)
{
	return container(f, data) >> f->lo & fuzz_mask(f);
}

void fuzz_put(const struct fuzz_field *f, uint8_t *data, uint64_t value)
{
	const uint64_t mask = fuzz_mask(f) << f->lo;
	const uint64_t bits = (container(f, data) & ~mask) | (value << f->lo & mask);

	for (unsigned int i = 0; i < f->size && i < 8; i++)
		data[f->at + i] = (uint8_t)(bits >> 8 * i);
}

int fuzz_meant(const struct fuzz_shape *s, const struct fuzz_field *f, unsigned int version,
	       unsigned int usage, const uint8_t *data)
{
	const struct fuzz_field *owner;

	if (f->when == 0)
		return 1;
	owner = fuzz_find(s, f->when, version, usage, NULL);
	return owner != NULL && fuzz_get(owner, data) == f->when_value;
}

const struct fuzz_field *fuzz_find(const struct fuzz_shape *s, unsigned int id,
				   unsigned int version, unsigned int usage, const uint8_t *data)
{
	for (unsigned int i = 0; i < s->field_count; i++) {
		const struct fuzz_field *f = &s->fields[i];

		if (f->id == id && f->kind != FUZZ_RESERVED && fuzz_live(f, version, usage) &&
		    (data == NULL || fuzz_meant(s, f, version, usage, data)))
			return f;
	}
	return NULL;
}

static int all_zero(const struct fuzz_field *f, const uint8_t *data)
{
	if (f->size <= 8)
		return fuzz_get(f, data) == 0;
	for (unsigned int i = 0; i < f->size; i++) {
		if (data[f->at + i] != 0)
			return 0;
	}
	return 1;
}

/* Does another statement speak of the same bits in this version and usage? */
static int covered(const struct fuzz_shape *s, const struct fuzz_field *f, unsigned int version,
		   unsigned int usage)
{
	for (unsigned int i = 0; i < s->field_count; i++) {
		const struct fuzz_field *g = &s->fields[i];

		if (g->at == f->at && g->lo <= f->hi && f->lo <= g->hi &&
		    fuzz_live(g, version, usage))
			return 1;
	}
	return 0;
}

static uint64_t value_of(const struct fuzz_shape *s, unsigned int id, unsigned int version,
			 unsigned int usage, const uint8_t *data)
{
	const struct fuzz_field *f = fuzz_find(s, id, version, usage, data);

	return f != NULL ? fuzz_get(f, data) : 0;
}

static int in_bounds(const struct fuzz_shape *s, const struct fuzz_field *f, unsigned int version,
		     unsigned int usage, const uint8_t *data)
{
	const uint64_t value = fuzz_get(f, data);
	uint64_t other;

	if (value < f->min || value > f->max || (f->unit > 1 && value % f->unit != 0))
		return 0;
	if (f->max_id != 0 && value > value_of(s, f->max_id, version, usage, data))
		return 0;
	if (f->unless_id == 0 || value == 0)
		return 1;
	other = value_of(s, f->unless_id, version, usage, data) & f->unless_mask;
	return other >= f->unless_least && other <= f->unless_most;
}

static int field_obeys(const struct fuzz_shape *s, const struct fuzz_field *f, unsigned int version,
		       unsigned int usage, const uint8_t *data)
{
	if (!fuzz_live(f, version, usage)) /* of another usage: zero where nothing else is said */
		return (f->versions >> version & 1) == 0 || f->kind == FUZZ_RESERVED ||
		       covered(s, f, version, usage) || all_zero(f, data);
	if (!fuzz_meant(s, f, version, usage, data))
		return 1;
	switch ((enum fuzz_kind)f->kind) {
	case FUZZ_RESERVED:
		return all_zero(f, data);
	case FUZZ_CONSTANT:
		return fuzz_get(f, data) == f->value;
	case FUZZ_ENUM: {
		const uint64_t value = fuzz_get(f, data);

		if (value > 63 || (f->listed[version] >> value & 1) == 0)
			return 0;
		break;
	}
	case FUZZ_FLAGS:
		if ((fuzz_get(f, data) & ~f->listed[version]) != 0)
			return 0;
		break;
	case FUZZ_NUMBER:
		break;
	case FUZZ_BYTES:
		return 1;
	}
	return in_bounds(s, f, version, usage, data);
}

static int rule_holds(const struct fuzz_shape *s, const struct fuzz_rule *r, unsigned int version,
		      unsigned int usage, const uint8_t *data)
{
	const uint64_t first = value_of(s, r->first, version, usage, data);
	const uint64_t second = value_of(s, r->second, version, usage, data);

	switch ((enum fuzz_rule_kind)r->kind) {
	case FUZZ_NO_WRAP:
		return second == 0 || (second <= ~0ull / r->first_value &&
				       first <= ~0ull - (second * r->first_value - 1));
	case FUZZ_BOTH_OR_NEITHER:
		return (first == 0) == (second == 0);
	case FUZZ_FORBID:
		return first != r->first_value || second != r->second_value;
	}
	return 0;
}

int fuzz_obeys(const struct fuzz_shape *s, unsigned int version, unsigned int usage,
	       const uint8_t *data)
{
	for (unsigned int i = 0; i < s->field_count; i++) {
		if (!field_obeys(s, &s->fields[i], version, usage, data))
			return 0;
	}
	for (unsigned int i = 0; i < s->rule_count; i++) {
		if (!rule_holds(s, &s->rules[i], version, usage, data))
			return 0;
	}
	return 1;
}
