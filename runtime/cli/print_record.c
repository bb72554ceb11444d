/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
#include "print_record.h"

#include <ffabi/text.h>

#include <inttypes.h>
#include <string.h>

#include "tables.h"
#include "value.h"

void place_text(const struct object *o, uint64_t at, char text[PLACE_SIZE])
{
	snprintf(text, PLACE_SIZE, "0x%04" PRIx64, o->base + at);
}

/* "0x0002[5:4]" */
static void field_place(const struct object *o, const struct record *r, const table_field *f,
			char text[PLACE_SIZE])
{
	const size_t n = (place_text(o, r->at + f->at, text), strlen(text));

	if (field_is_whole(f))
		return;
	if (f->hi == f->lo)
		snprintf(text + n, PLACE_SIZE - n, "[%u]", f->hi);
	else
		snprintf(text + n, PLACE_SIZE - n, "[%u:%u]", f->hi, f->lo);
}

void print_bytes(FILE *out, const struct record *r, uint64_t offset, uint64_t n)
{
	uint64_t i;

	for (i = 0; i < n && i < 16; i++)
		fprintf(out, "%s%02x", i == 0 ? "" : " ", record_byte(r, offset + i));
	if (n > 16)
		fputs(" ...", out);
}

static void print_text(FILE *out, const struct record *r, const table_field *f)
{
	uint8_t bytes[UINT8_MAX];
	size_t n = f->size;
	size_t i;

	for (i = 0; i < n; i++)
		bytes[i] = record_byte(r, f->at + i);
	while (n > 0 && bytes[n - 1] == 0)
		n--;
	print_quoted(out, bytes, n);
}

static void print_uuid(FILE *out, const struct record *r, const table_field *f)
{
	char text[UUID_TEXT_SIZE];
	uint8_t bytes[16];
	size_t i;

	for (i = 0; i < sizeof(bytes); i++)
		bytes[i] = record_byte(r, f->at + i);
	uuid_bytes_text(bytes, text);
	fputs(text, out);
}

static void print_words(FILE *out, const struct record *r, const table_field *f)
{
	unsigned int i;

	for (i = 0; i + 8 <= f->size; i += 8)
		fprintf(out, "%s0x%" PRIx64, i == 0 ? "" : " ", record_load(r, f->at + i, 8));
}

static void print_number(FILE *out, unsigned int show, unsigned int table, uint64_t value)
{
	if (show == FFABI_SHOW_DEC && value < 10)
		fprintf(out, "%" PRIu64, value);
	else if (show == FFABI_SHOW_DEC)
		fprintf(out, "%" PRIu64 " (0x%" PRIx64 ")", value, value);
	else
		print_scalar(out, show, table, value);
}

void print_field_value(FILE *out, const struct record *r, const table_field *f)
{
	switch (f->show) {
	case FFABI_SHOW_UUID:
		print_uuid(out, r, f);
		break;
	case FFABI_SHOW_WORDS:
		print_words(out, r, f);
		break;
	case FFABI_SHOW_BYTES:
		print_text(out, r, f);
		break;
	default:
		if (f->size > 8)
			print_bytes(out, r, f->at, f->size);
		else
			print_number(out, f->show, f->table, record_value(r, f));
		break;
	}
}

int field_is_shown(const table_field *f)
{
	return f != NULL && f->show != FFABI_SHOW_RESERVED;
}

struct columns {
	int place;
	int name;
};

static int longer(int a, size_t b)
{
	return (size_t)a < b ? (int)b : a;
}

static struct columns measure(const struct object *o, const struct record *r)
{
	const unsigned int count = record_field_count(r);
	struct columns width = {0, 0};
	char place[PLACE_SIZE];
	unsigned int i;

	for (i = 0; i < count; i++) {
		const table_field *f = record_field(r, i);

		if (!field_is_shown(f))
			continue;
		field_place(o, r, f, place);
		width.place = longer(width.place, strlen(place));
		width.name = longer(width.name, strlen(ffabi_field_name(f->field)));
	}
	return width;
}

void begin_line(const struct page *p)
{
	fprintf(p->out, "%*s", p->indent, "");
}

static void print_field(const struct page *p, const struct record *r, const table_field *f,
			const struct columns *width)
{
	char place[PLACE_SIZE];

	field_place(p->o, r, f, place);
	begin_line(p);
	fprintf(p->out, "%-*s  %-*s  ", width->place, place, width->name,
		ffabi_field_name(f->field));
	print_field_value(p->out, r, f);
	fputc('\n', p->out);
}

/* Reserved bytes matter only when they are not zero. */
static void print_reserved(const struct page *p, const struct record *r, const table_field *f)
{
	const enum ffabi_rule rule = f->table == 0 ? FFABI_E_MBZ : FFABI_E_SBZ;
	char place[PLACE_SIZE];

	if (f->size > 8 ? record_is_zero(r, f->at, f->size) : record_value(r, f) == 0)
		return;
	field_place(p->o, r, f, place);
	begin_line(p);
	fprintf(p->out, "! %s %s = ", ffabi_rule_name(rule), place);
	if (f->size > 8)
		print_bytes(p->out, r, f->at, f->size);
	else
		fprintf(p->out, "0x%" PRIx64, record_value(r, f));
	fprintf(p->out, ": %s be zero\n", rule == FFABI_E_MBZ ? "must" : "should");
}

/* What is set though the layout does not have it: fields of other usages, and bits of no field. */
static void print_others(const struct page *p, const struct record *r)
{
	const uint64_t size = record_fixed(r);
	struct coverage taken;
	char place[PLACE_SIZE];
	const table_field *f;
	unsigned int i = 0;
	uint64_t byte;

	record_cover(r, &taken);
	while ((f = record_foreign(r, &taken, &i)) != NULL) {
		field_place(p->o, r, f, place);
		begin_line(p);
		fprintf(p->out, "! %s %s = ", place, ffabi_field_name(f->field));
		print_field_value(p->out, r, f);
		fprintf(p->out, ": no field of %s\n", usage_name(r->usage));
	}
	for (byte = 0; byte < size; byte++) {
		const unsigned int bits = record_stray(r, &taken, byte);

		if (bits == 0)
			continue;
		place_text(p->o, r->at + byte, place);
		begin_line(p);
		fprintf(p->out, "! %s = 0x%x: no field describes 0x%x\n", place,
			record_byte(r, byte), bits);
	}
}

/* An element can be larger than the layout that is known of it. */
void print_surplus(const struct page *p, const struct record *r)
{
	const uint64_t size = record_fixed(r);
	char place[PLACE_SIZE];

	if (r->room == size || record_is_zero(r, size, r->room - size))
		return;
	place_text(p->o, r->at + size, place);
	begin_line(p);
	fprintf(p->out, "%s  %" PRIu64 " bytes beyond the layout: ", place, r->room - size);
	print_bytes(p->out, r, size, r->room - size);
	fputc('\n', p->out);
}

void print_record(const struct page *p, const struct record *r, int with_named)
{
	const struct columns width = measure(p->o, r);
	const unsigned int count = record_field_count(r);
	unsigned int i;

	for (i = 0; i < count; i++) {
		const table_field *f = record_field(r, i);

		if (f != NULL && f->show == FFABI_SHOW_RESERVED)
			print_reserved(p, r, f);
		else if (f != NULL && with_named)
			print_field(p, r, f, &width);
	}
	print_others(p, r);
}
