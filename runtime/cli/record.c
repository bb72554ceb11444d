/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
#include "record.h"

#include <string.h>

static const table_field *described(unsigned int table, unsigned int i)
{
	struct ffabi_desc_layout layout;

	ffabi_describe_table(table, &layout);
	return i < layout.count ? ffabi_describe_table_field(layout.first + i) : NULL;
}

static int has_version(const table_field *f, uint32_t version)
{
	const uint32_t minor = version - FFABI_V1_0;

	return minor <= FFABI_V1_3 - FFABI_V1_0 && (f->versions >> minor & 1) != 0;
}

/* Every byte of a table is described, so it ends where its last field does. */
uint32_t table_size(unsigned int table, uint32_t version)
{
	const table_field *f;
	uint32_t size = 0;
	unsigned int i;

	if (table == NO_TABLE)
		return NUMBER_SIZE;
	for (i = 0; (f = described(table, i)) != NULL; i++) {
		if (has_version(f, version) && (uint32_t)f->at + f->size > size)
			size = (uint32_t)f->at + f->size;
	}
	return size;
}

/* The usages that any field has: a field without a word on usages has them all. */
static unsigned int all_usages(void)
{
	const table_field *f;
	unsigned int all = 0;
	unsigned int table;
	unsigned int i;

	for (table = 0; table < FFABI_TABLE_COUNT; table++) {
		for (i = 0; (f = described(table, i)) != NULL; i++)
			all |= f->usages;
	}
	return all;
}

int table_has_usages(unsigned int table)
{
	const unsigned int all = all_usages();
	const table_field *f;
	unsigned int i;

	for (i = 0; (f = described(table, i)) != NULL; i++) {
		if (f->usages != all)
			return 1;
	}
	return 0;
}

uint32_t table_layout(unsigned int table, uint32_t version, uint64_t room)
{
	uint32_t v;

	for (v = version; v >= FFABI_V1_0; v--) {
		const uint32_t size = table_size(table, v);

		if (size != 0 && size <= room)
			return v;
	}
	return 0;
}

unsigned int record_field_count(const struct record *r)
{
	struct ffabi_desc_layout layout;

	ffabi_describe_table(r->table, &layout);
	return layout.count;
}

static int is_here(const struct record *r, const table_field *f)
{
	return has_version(f, r->version) && ffabi_fits(r->room, f->at, f->size);
}

/* Does the field that decides on this one say that it is meant? */
static int is_meant(const struct record *r, const table_field *f)
{
	const table_field *decides;

	if (f->when == 0)
		return 1;
	decides = described(r->table, f->when - 1u);
	return decides != NULL && is_here(r, decides) && record_value(r, decides) == f->value;
}

static int has_usage(const struct record *r, const table_field *f)
{
	return r->usage == 0 || (f->usages & r->usage) != 0;
}

const table_field *record_field(const struct record *r, unsigned int i)
{
	const table_field *f = described(r->table, i);

	if (f == NULL || !is_here(r, f) || !has_usage(r, f) || !is_meant(r, f))
		return NULL;
	return f;
}

const table_field *record_find(const struct record *r, unsigned int field)
{
	const unsigned int count = record_field_count(r);
	unsigned int i;

	for (i = 0; i < count; i++) {
		const table_field *f = record_field(r, i);

		if (f != NULL && f->field == field)
			return f;
	}
	return NULL;
}

uint8_t record_byte(const struct record *r, uint64_t offset)
{
	return ffabi_ld8(r->src, r->at + offset);
}

uint64_t record_load(const struct record *r, uint64_t offset, unsigned int n)
{
	uint64_t value = 0;

	while (n-- > 0)
		value = value << 8 | record_byte(r, offset + n);
	return value;
}

uint64_t record_value(const struct record *r, const table_field *f)
{
	const uint64_t container = record_load(r, f->at, f->size);

	return container >> f->lo & UINT64_MAX >> (63 - f->hi + f->lo);
}

int record_is_zero(const struct record *r, uint64_t offset, uint64_t n)
{
	uint64_t i;

	for (i = 0; i < n; i++) {
		if (record_byte(r, offset + i) != 0)
			return 0;
	}
	return 1;
}

int field_is_whole(const table_field *f)
{
	return f->lo == 0 && f->hi == 8u * f->size - 1;
}

/* Marks the bits of the field; says whether one was marked before. */
static int mark(struct coverage *c, const table_field *f, int only_look)
{
	int taken = 0;
	unsigned int bit;

	for (bit = f->lo; bit <= f->hi; bit++) {
		const unsigned int byte = f->at + bit / 8;
		const uint8_t mask = (uint8_t)(1u << bit % 8);

		if (byte >= LARGEST_TABLE)
			continue;
		taken |= (c->bits[byte] & mask) != 0;
		if (!only_look)
			c->bits[byte] |= mask;
	}
	return taken;
}

void record_cover(const struct record *r, struct coverage *out)
{
	const unsigned int count = record_field_count(r);
	unsigned int i;

	memset(out, 0, sizeof(*out));
	for (i = 0; i < count; i++) {
		const table_field *f = record_field(r, i);

		if (f != NULL)
			mark(out, f, 0);
	}
}

static int is_zero(const struct record *r, const table_field *f)
{
	return f->size > 8 ? record_is_zero(r, f->at, f->size) : record_value(r, f) == 0;
}

const table_field *record_foreign(const struct record *r, struct coverage *c, unsigned int *i)
{
	const table_field *f;

	while ((f = described(r->table, (*i)++)) != NULL) {
		if (f->show == FFABI_SHOW_RESERVED || has_usage(r, f) || !is_here(r, f) ||
		    !is_meant(r, f) || is_zero(r, f) || mark(c, f, 1))
			continue;
		mark(c, f, 0);
		return f;
	}
	return NULL;
}

uint64_t record_fixed(const struct record *r)
{
	const uint32_t size = table_size(r->table, r->version);

	return size < r->room ? size : r->room;
}

uint8_t record_stray(const struct record *r, const struct coverage *c, uint64_t offset)
{
	const uint8_t taken = offset < LARGEST_TABLE ? c->bits[offset] : 0;

	return (uint8_t)(record_byte(r, offset) & ~taken);
}
