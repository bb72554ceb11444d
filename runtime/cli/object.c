/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
#include "object.h"

#include <ffabi/fields.h>
#include <ffabi/transaction.h>

#include <string.h>

#include "tables.h"

/* Constituents of which each is compared with each other one. */
#define OVERLAP_LIMIT 1024

/*
 * What leads where: "arrays" in spec/, which the library does not have as data yet.
 * This is the only place of it.  A field of 0, or one that the version does not have:
 * the array begins behind the fixed part, its elements have their own size.
 */
static const struct {
	unsigned int table;
	const char *name;
	unsigned int element;
	unsigned int count, offset, stride; /* enum ffabi_field */
} arrays[] = {
	{FFABI_TABLE_MEM_TRANSACTION, "access", FFABI_TABLE_MEM_ACCESS, FFABI_F_ACCESS_COUNT,
	 FFABI_F_ACCESS_OFFSET, FFABI_F_ACCESS_SIZE},
	{FFABI_TABLE_MEM_COMPOSITE, "constituents", FFABI_TABLE_MEM_CONSTITUENT,
	 FFABI_F_ADDRESS_RANGE_COUNT, 0, 0},
	{FFABI_TABLE_MEM_RELINQUISH_DESCRIPTOR, "endpoints", NO_TABLE, FFABI_F_ENDPOINT_COUNT, 0,
	 0},
	{FFABI_TABLE_BOOT_INFO_HEADER, "descriptors", FFABI_TABLE_BOOT_INFO_DESCRIPTOR,
	 FFABI_F_DESCRIPTOR_COUNT, FFABI_F_DESCRIPTOR_OFFSET, FFABI_F_DESCRIPTOR_SIZE},
	{FFABI_TABLE_BOOT_INFO_V1_0, "items", FFABI_TABLE_BOOT_INFO_V1_0_ITEM, FFABI_F_COUNT, 0, 0},
	{FFABI_TABLE_NS_RESOURCE_INFO, "address_maps", FFABI_TABLE_ADDRESS_MAP,
	 FFABI_F_ADDRESS_MAP_COUNT, FFABI_F_ADDRESS_MAP_OFFSET, FFABI_F_ADDRESS_MAP_SIZE},
};
#define ARRAY_COUNT (sizeof(arrays) / sizeof(arrays[0]))

/* Parts at an offset from the start of the object; 0 is no part. */
static const struct {
	unsigned int table;
	const char *name;
	unsigned int part;
	unsigned int offset; /* enum ffabi_field */
} parts[] = {
	{FFABI_TABLE_MEM_ACCESS, "composite", FFABI_TABLE_MEM_COMPOSITE, FFABI_F_COMPOSITE_OFFSET},
	{FFABI_TABLE_ENDPOINT_RXTX, "rx_composite", FFABI_TABLE_MEM_COMPOSITE,
	 FFABI_F_RX_COMPOSITE_OFFSET},
	{FFABI_TABLE_ENDPOINT_RXTX, "tx_composite", FFABI_TABLE_MEM_COMPOSITE,
	 FFABI_F_TX_COMPOSITE_OFFSET},
};
#define PART_COUNT (sizeof(parts) / sizeof(parts[0]))

/* Tables that come in lists without anything in front of them. */
static int comes_in_lists(unsigned int table)
{
	size_t i;

	for (i = 0; i < ARRAY_COUNT; i++) {
		if (arrays[i].element == table)
			return 1;
	}
	return table == FFABI_TABLE_PARTITION_INFO;
}

void object_start(struct object *o, const uint8_t *bytes, uint64_t count, uint32_t version)
{
	memset(o, 0, sizeof(*o));
	o->src.base = bytes;
	o->src.len = count;
	o->total = count;
	o->fragment = count;
	o->version = version;
}

void object_record(const struct object *o, const struct section *s, uint64_t i, struct record *out)
{
	const uint64_t at = s->at + i * s->stride;

	out->src = &o->src;
	out->table = s->table;
	out->version = s->version;
	out->usage = o->usage;
	out->at = at;
	out->room = at < o->src.len ? o->src.len - at : 0;
	if (s->is_array && out->room > s->stride)
		out->room = s->stride;
}

static struct section *add(struct object *o, unsigned int table, unsigned int parent, uint64_t at)
{
	struct section *s;

	if (o->section_count == MAX_SECTIONS)
		return NULL;
	s = &o->sections[o->section_count++];
	s->table = table;
	s->parent = parent;
	s->at = at;
	s->version = o->version;
	s->announced = 1;
	return s;
}

static void count_here(const struct object *o, struct section *s)
{
	const uint32_t size = table_size(s->table, s->version);
	uint64_t fit = 0;

	if (size != 0 && ffabi_fits(o->src.len, s->at, size))
		fit = s->is_array ? (o->src.len - s->at - size) / s->stride + 1 : 1;
	s->here = s->announced < fit ? s->announced : fit;
}

static void add_single(struct object *o, unsigned int table, const char *name, unsigned int parent,
		       uint64_t at)
{
	struct section *s = add(o, table, parent, at);

	if (s == NULL)
		return;
	s->name = name;
	count_here(o, s);
}

struct run {
	uint64_t at, stride, announced;
};

static void add_array(struct object *o, unsigned int table, const char *name, unsigned int parent,
		      const struct run *run)
{
	struct section *s = add(o, table, parent, run->at);

	if (s == NULL)
		return;
	s->name = name;
	s->is_array = 1;
	s->stride = run->stride;
	s->announced = run->announced;
	if (table != NO_TABLE)
		s->version = table_layout(table, o->version, run->stride);
	if (s->version != 0)
		count_here(o, s);
	else
		s->version = o->version; /* elements too small for any version: none is shown */
}

static uint64_t value_or(const struct record *r, unsigned int field, uint64_t otherwise)
{
	const table_field *f = field != 0 ? record_find(r, field) : NULL;

	return f != NULL ? record_value(r, f) : otherwise;
}

static void add_arrays(struct object *o, unsigned int parent)
{
	const struct section *s = &o->sections[parent];
	struct record r;
	struct run run;
	size_t i;

	if (s->is_array || s->here == 0)
		return;
	object_record(o, s, 0, &r);
	for (i = 0; i < ARRAY_COUNT; i++) {
		const uint32_t own = table_size(arrays[i].element, o->version);

		if (arrays[i].table != s->table)
			continue;
		run.at = s->at + value_or(&r, arrays[i].offset, table_size(s->table, s->version));
		run.stride = value_or(&r, arrays[i].stride, own);
		run.announced = value_or(&r, arrays[i].count, 0);
		add_array(o, arrays[i].element, arrays[i].name, parent, &run);
	}
}

/* Where the first of the records that has such a part says it is. */
static uint64_t find_part(const struct object *o, const struct section *s, unsigned int field)
{
	struct record r;
	uint64_t at = 0;
	uint64_t i;

	for (i = 0; i < s->here && at == 0; i++) {
		object_record(o, s, i, &r);
		at = value_or(&r, field, 0);
	}
	return at;
}

static void add_parts(struct object *o, unsigned int index)
{
	const struct section *s = &o->sections[index];
	size_t i;

	for (i = 0; i < PART_COUNT; i++) {
		uint64_t at;

		if (parts[i].table != s->table)
			continue;
		at = find_part(o, s, parts[i].offset);
		if (at != 0)
			add_single(o, parts[i].part, parts[i].name, s->is_array ? s->parent : index,
				   at);
	}
}

/* Elements one after the other until one is refused, or misses bytes. */
static void check_section(struct object *o, const struct section *s, struct ffabi_ctx *c)
{
	const int misses = s->announced > s->here && o->total <= o->src.len;
	uint64_t i;
	int done;

	c->version = s->version;
	for (i = 0; i < s->here + (misses ? 1 : 0); i++) {
		if (table_check(c, s->table, (enum ffabi_usage)o->usage, &o->src,
				s->at + i * s->stride, &done) != FFABI_OK) {
			o->strict = c->err;
			return;
		}
		if (!done)
			o->judged = s->table == NO_TABLE;
	}
}

static void check_sections(struct object *o)
{
	struct ffabi_ctx c;
	unsigned int i;

	memset(&c, 0, sizeof(c));
	c.waive = FFABI_STRICT;
	o->judged = 1;
	for (i = 0; i < o->section_count && o->strict.rule == FFABI_OK && o->judged; i++)
		check_section(o, &o->sections[i], &c);
}

static void check_transaction(struct object *o)
{
	const struct ffabi_mem_limits limits = {OVERLAP_LIMIT};
	struct ffabi_mem_length length;
	struct ffabi_mem_view view;
	struct ffabi_ctx c;

	memset(&c, 0, sizeof(c));
	memset(&view, 0, sizeof(view));
	c.version = o->version;
	c.waive = FFABI_STRICT;
	length.total = (uint32_t)o->total;
	length.fragment = (uint32_t)o->fragment;
	o->judged = o->total <= UINT32_MAX && o->fragment <= UINT32_MAX;
	if (o->judged && ffabi_mem_check(&c, (enum ffabi_usage)o->usage, &o->src, &length, &limits,
					 &view) != FFABI_OK)
		o->strict = c.err;
}

void object_of_table(struct object *o, unsigned int table, unsigned int usage)
{
	unsigned int i;

	o->table = table;
	o->usage = usage;
	if (comes_in_lists(table)) {
		const uint32_t size = table_size(table, o->version);

		object_of_elements(o, table, (o->src.len + size - 1) / size, size);
		return;
	}
	add_single(o, table, NULL, 0, 0);
	for (i = 0; i < o->section_count; i++) {
		add_arrays(o, i);
		add_parts(o, i);
	}
	if (table == FFABI_TABLE_MEM_TRANSACTION)
		check_transaction(o);
	else
		check_sections(o);
}

void object_of_elements(struct object *o, unsigned int table, uint64_t announced, uint64_t stride)
{
	struct run run = {0, stride, announced};

	o->table = table;
	if (stride == 0)
		run.stride = table_size(table, o->version);
	add_array(o, table, NULL, 0, &run);
	check_sections(o);
}

int section_is_cramped(const struct section *s)
{
	return s->is_array && s->stride < table_size(s->table, s->version);
}

const struct section *object_short(const struct object *o)
{
	unsigned int i;

	if (o->total > o->src.len)
		return NULL;
	for (i = 0; i < o->section_count; i++) {
		const struct section *s = &o->sections[i];

		if (s->announced > s->here && !section_is_cramped(s))
			return s;
	}
	return NULL;
}

uint64_t object_end(const struct object *o)
{
	uint64_t end = 0;
	unsigned int i;

	for (i = 0; i < o->section_count; i++) {
		const struct section *s = &o->sections[i];
		struct record last;

		if (s->here == 0)
			continue;
		object_record(o, s, s->here - 1, &last);
		if (s->is_array && s->table != NO_TABLE && last.room < s->stride)
			last.room = table_size(s->table, s->version);
		else if (!s->is_array)
			last.room = record_fixed(&last);
		if (last.at + last.room > end)
			end = last.at + last.room;
	}
	return end;
}

uint64_t object_ranges(const struct object *o)
{
	unsigned int i;

	for (i = 0; i < o->section_count; i++) {
		if (o->sections[i].table == FFABI_TABLE_MEM_CONSTITUENT)
			return o->sections[i].at;
	}
	return 0;
}
