/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
#include "print_table.h"

#include <ffabi/text.h>

#include <inttypes.h>
#include <string.h>

#include "print_record.h"
#include "tables.h"
#include "value.h"

/* Longer arrays are abridged to their beginning and end. */
#define LONG_ARRAY 32
#define SHOWN_FIRST 16
#define SHOWN_LAST 4
/* Elements with so few fields take one line. */
#define ROW_FIELDS 2
#define STEP 2

/* All on one line: "0x0050  [0]  address 0x80000000  page_count 1" */
static void print_row(const struct page *p, const struct section *s, uint64_t index)
{
	struct record r;
	char place[PLACE_SIZE];
	unsigned int i;

	object_record(p->o, s, index, &r);
	place_text(p->o, r.at, place);
	begin_line(p);
	fprintf(p->out, "%s  [%" PRIu64 "]", place, index);
	if (s->table == NO_TABLE) {
		fprintf(p->out, "  0x%" PRIx64 "\n", record_load(&r, 0, NUMBER_SIZE));
		return;
	}
	for (i = 0; i < record_field_count(&r); i++) {
		const table_field *f = record_field(&r, i);

		if (!field_is_shown(f))
			continue;
		fprintf(p->out, "  %s ", ffabi_field_name(f->field));
		print_field_value(p->out, &r, f);
	}
	fputc('\n', p->out);
	print_record(p, &r, 0);
	print_surplus(p, &r);
}

static int takes_a_row(const struct section *s)
{
	struct ffabi_desc_layout layout;
	unsigned int shown = 0;
	unsigned int i;

	if (s->table == NO_TABLE)
		return 1;
	ffabi_describe_table(s->table, &layout);
	for (i = 0; i < layout.count; i++)
		shown += field_is_shown(ffabi_describe_table_field(layout.first + i)) ? 1 : 0;
	return shown <= ROW_FIELDS;
}

static void print_element(const struct page *p, const struct section *s, uint64_t index)
{
	struct page inner = *p;
	struct record r;
	char place[PLACE_SIZE];

	object_record(p->o, s, index, &r);
	place_text(p->o, r.at, place);
	begin_line(p);
	fprintf(p->out, "%s[%" PRIu64 "] at %s\n", s->name != NULL ? s->name : "", index, place);
	inner.indent += STEP;
	print_record(&inner, &r, 1);
	print_surplus(&inner, &r);
}

/* Elements that are announced and not here; those of a later fragment are no mistake. */
static void print_missing(const struct page *p, const struct section *s)
{
	const int later = p->o->total > p->o->src.len;
	char place[PLACE_SIZE];

	place_text(p->o, s->at + s->here * s->stride, place);
	begin_line(p);
	if (section_is_cramped(s))
		fprintf(p->out,
			"! %" PRIu64 " announced, of %" PRIu64 " bytes each: too few for one\n",
			s->announced, s->stride);
	else if (later)
		fprintf(p->out, "%s  %" PRIu64 " more, not in this part\n", place,
			s->announced - s->here);
	else
		fprintf(p->out, "! %s  %" PRIu64 " more announced, missing\n", place,
			s->announced - s->here);
}

static void print_cut(const struct page *p, const struct record *r)
{
	const int later = p->o->total > p->o->src.len;
	char place[PLACE_SIZE];

	place_text(p->o, r->at, place);
	begin_line(p);
	fprintf(p->out, "%s%s  %" PRIu64 " of %" PRIu32 " bytes are %s\n", later ? "" : "! ", place,
		r->room, table_size(r->table, r->version), later ? "in this part" : "here");
}

static void print_array(const struct page *p, const struct section *s)
{
	const int rows = takes_a_row(s);
	struct page inner = *p;
	char version[VERSION_TEXT_SIZE];
	uint64_t i;

	if (rows && s->name != NULL) {
		begin_line(p);
		fprintf(p->out, "%s\n", s->name);
		inner.indent += STEP;
	}
	if (s->version != p->o->version) {
		version_text(s->version, version);
		begin_line(&inner);
		fprintf(p->out, "(layout of version %s)\n", version);
	}
	for (i = 0; i < s->here; i++) {
		if (s->here > LONG_ARRAY && i == SHOWN_FIRST) {
			i = s->here - SHOWN_LAST;
			begin_line(&inner);
			fprintf(p->out, "... %" PRIu64 " more\n", i - SHOWN_FIRST);
		}
		if (rows)
			print_row(&inner, s, i);
		else
			print_element(&inner, s, i);
	}
	if (s->announced > s->here)
		print_missing(&inner, s);
}

static void print_single(const struct page *p, const struct section *s)
{
	struct page inner = *p;
	struct record r;

	object_record(p->o, s, 0, &r);
	if (s->name != NULL) {
		begin_line(p);
		fprintf(p->out, "%s\n", s->name);
		inner.indent += STEP;
	}
	print_record(&inner, &r, 1);
	if (s->here == 0)
		print_cut(&inner, &r);
}

static void print_section(const struct page *p, unsigned int index)
{
	const struct section *s = &p->o->sections[index];
	struct page inner = *p;
	unsigned int i;

	if (s->is_array)
		print_array(p, s);
	else
		print_single(p, s);
	inner.indent += s->name != NULL ? STEP : 0;
	for (i = index + 1; i < p->o->section_count; i++) {
		if (p->o->sections[i].parent == index)
			print_section(&inner, i);
	}
}

static void print_head(const struct page *p)
{
	const struct object *o = p->o;
	const char *usage = usage_name(o->usage);
	char version[VERSION_TEXT_SIZE];

	version_text(o->version, version);
	fprintf(p->out, "%s, version %s", ffabi_table_name(o->table), version);
	if (usage != NULL)
		fprintf(p->out, ", %s", usage);
	fprintf(p->out, ", %" PRIu64, o->src.len);
	if (o->total > o->src.len)
		fprintf(p->out, " of %" PRIu64, o->total);
	fprintf(p->out, " byte%s", o->total == 1 ? "" : "s");
	if (o->base != 0)
		fprintf(p->out, " from 0x%04" PRIx64 " on", o->base);
	fputc('\n', p->out);
}

/* Bytes behind everything that is described: padding, a payload, a part of an element. */
static void print_rest(const struct page *p)
{
	const uint64_t end = object_end(p->o);
	char place[PLACE_SIZE];
	struct record rest;

	if (end >= p->o->src.len)
		return;
	memset(&rest, 0, sizeof(rest));
	rest.src = &p->o->src;
	rest.at = end;
	rest.room = p->o->src.len - end;
	place_text(p->o, end, place);
	begin_line(p);
	fprintf(p->out, "%s  %" PRIu64 " more byte%s: ", place, rest.room,
		rest.room == 1 ? "" : "s");
	if (rest.room > 1 && record_is_zero(&rest, 0, rest.room))
		fputs("all zero", p->out);
	else
		print_bytes(p->out, &rest, 0, rest.room);
	fputc('\n', p->out);
}

static void print_verdict(const struct page *p)
{
	const struct ffabi_violation *e = &p->o->strict;
	char place[PLACE_SIZE];
	char version[VERSION_TEXT_SIZE];

	if (p->o->judged && e->rule == FFABI_OK)
		return;
	begin_line(p);
	if (!p->o->judged) {
		fputs("(not checked)\n", p->out);
		return;
	}
	fprintf(p->out, "! strict: %s ", ffabi_rule_name(e->rule));
	if (e->rule == FFABI_E_VERSION) {
		version_text(p->o->version, version);
		fputs(version, p->out);
	} else {
		place_text(p->o, e->at, place);
		if (e->field != FFABI_F_NONE)
			fprintf(p->out, "%s ", ffabi_field_name(e->field));
		fprintf(p->out, "at %s = 0x%" PRIx64, place, e->value);
	}
	fprintf(p->out, ": %s\n", ffabi_rule_text(e->rule));
}

void print_object(FILE *out, const struct object *o, int indent)
{
	const struct page head = {out, o, indent};
	const struct page body = {out, o, indent + STEP};

	print_head(&head);
	if (o->section_count > 0)
		print_section(&body, 0);
	print_rest(&body);
	print_verdict(&body);
}
