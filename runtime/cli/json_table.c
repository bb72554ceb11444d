/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
#include "json_table.h"

#include <ffabi/text.h>

#include <inttypes.h>
#include <string.h>

#include "json_value.h"
#include "tables.h"
#include "value.h"

/* Elements of a list that has no table in front of it. */
#define BARE_LIST "elements"

/* The bytes of a field, and how many there are up to the last that is not zero. */
static size_t load(const struct record *r, const table_field *f, uint8_t bytes[UINT8_MAX])
{
	size_t used = 0;
	size_t i;

	for (i = 0; i < f->size; i++) {
		bytes[i] = record_byte(r, f->at + i);
		if (bytes[i] != 0)
			used = i + 1;
	}
	return used;
}

static void hex_digits(FILE *out, const struct record *r, uint64_t offset, uint64_t n)
{
	uint64_t i;

	fputc('"', out);
	for (i = 0; i < n; i++)
		fprintf(out, "%02x", record_byte(r, offset + i));
	fputc('"', out);
}

static void words(FILE *out, const struct record *r, const table_field *f)
{
	unsigned int i;

	fputc('[', out);
	for (i = 0; i + 8 <= f->size; i += 8) {
		fputs(i == 0 ? "" : ", ", out);
		json_hex(out, record_load(r, f->at + i, 8));
	}
	fputc(']', out);
}

static void value(FILE *out, const struct record *r, const table_field *f)
{
	uint8_t bytes[UINT8_MAX];
	char uuid[UUID_TEXT_SIZE];
	const size_t used = load(r, f, bytes);

	switch (f->show) {
	case FFABI_SHOW_UUID:
		uuid_bytes_text(bytes, uuid);
		json_string(out, uuid);
		break;
	case FFABI_SHOW_WORDS:
		words(out, r, f);
		break;
	case FFABI_SHOW_BYTES:
		json_bytes(out, bytes, used);
		break;
	default:
		if (f->size > 8)
			hex_digits(out, r, f->at, f->size);
		else
			json_scalar(out, f->show, f->table, record_value(r, f));
		break;
	}
}

static void fields(FILE *out, const struct record *r)
{
	const unsigned int count = record_field_count(r);
	const char *separator = "";
	unsigned int i;

	fputs("\"fields\": {", out);
	for (i = 0; i < count; i++) {
		const table_field *f = record_field(r, i);

		if (f == NULL || f->show == FFABI_SHOW_RESERVED)
			continue;
		fputs(separator, out);
		json_string(out, ffabi_field_name(f->field));
		fputs(": ", out);
		value(out, r, f);
		separator = ", ";
	}
	fputc('}', out);
}

/* Bits of a byte that are set and that no field with a name holds. */
static unsigned int nameless(const struct record *r, uint64_t byte)
{
	const unsigned int count = record_field_count(r);
	unsigned int bits = record_byte(r, byte);
	unsigned int i;
	unsigned int bit;

	for (i = 0; i < count; i++) {
		const table_field *f = record_field(r, i);

		if (f == NULL || f->show == FFABI_SHOW_RESERVED || byte < f->at ||
		    byte >= (uint64_t)f->at + f->size)
			continue;
		for (bit = 0; bit < 8; bit++) {
			const uint64_t place = (byte - f->at) * 8 + bit;

			if (place >= f->lo && place <= f->hi)
				bits &= ~(1u << bit);
		}
	}
	return bits;
}

/* By offset, byte for byte: {"0x24": "0x1"} */
static void others(FILE *out, const struct object *o, const struct record *r)
{
	const uint64_t size = record_fixed(r);
	unsigned int found = 0;
	uint64_t byte;

	for (byte = 0; byte < size; byte++) {
		const unsigned int bits = nameless(r, byte);

		if (bits == 0)
			continue;
		fputs(found++ == 0 ? ", \"others\": {" : ", ", out);
		json_hex(out, o->base + r->at + byte);
		fputs(": ", out);
		json_hex(out, bits);
	}
	if (found != 0)
		fputc('}', out);
}

static void record(FILE *out, const struct object *o, const struct record *r)
{
	fputs("\"at\": ", out);
	json_number(out, o->base + r->at);
	fputs(", ", out);
	fields(out, r);
	others(out, o, r);
}

static void elements(FILE *out, const struct object *o, const struct section *s)
{
	struct record r;
	uint64_t i;

	fputc('[', out);
	for (i = 0; i < s->here; i++) {
		object_record(o, s, i, &r);
		fputs(i == 0 ? "" : ", ", out);
		if (s->table == NO_TABLE) {
			json_hex(out, record_load(&r, 0, NUMBER_SIZE));
			continue;
		}
		fputc('{', out);
		record(out, o, &r);
		fputc('}', out);
	}
	fputc(']', out);
}

static void section(FILE *out, const struct object *o, unsigned int index);

static void inner_sections(FILE *out, const struct object *o, unsigned int parent)
{
	unsigned int i;

	for (i = parent + 1; i < o->section_count; i++) {
		if (o->sections[i].parent != parent)
			continue;
		fputs(", ", out);
		section(out, o, i);
	}
}

/* "access": [...] or "composite": {...}; only members for the object itself */
static void section(FILE *out, const struct object *o, unsigned int index)
{
	const struct section *s = &o->sections[index];
	struct record r;

	if (s->name != NULL || s->is_array) {
		json_string(out, s->name != NULL ? s->name : BARE_LIST);
		fputs(": ", out);
	}
	if (s->is_array) {
		elements(out, o, s);
		return;
	}
	object_record(o, s, 0, &r);
	fputs(s->name != NULL ? "{" : "", out);
	record(out, o, &r);
	inner_sections(out, o, index);
	fputs(s->name != NULL ? "}" : "", out);
}

static void verdict(FILE *out, const struct object *o)
{
	if (!o->judged) {
		fputs(", \"strict\": null, \"checked\": false", out);
	} else if (o->strict.rule == FFABI_OK) {
		fputs(", \"strict\": null", out);
	} else {
		fputs(", \"strict\": {\"rule\": ", out);
		json_string(out, ffabi_rule_name(o->strict.rule));
		fputs(", \"field\": ", out);
		if (o->strict.field != FFABI_F_NONE)
			json_string(out, ffabi_field_name(o->strict.field));
		else
			fputs("null", out);
		fputs(", \"at\": ", out);
		json_number(out, o->base + o->strict.at);
		fputs(", \"value\": ", out);
		json_hex(out, o->strict.value);
		fputc('}', out);
	}
}

void json_object(FILE *out, const struct object *o)
{
	const char *usage = usage_name(o->usage);
	char version[VERSION_TEXT_SIZE];

	fputs("\"table\": ", out);
	json_string(out, table_key(o->table));
	version_text(o->version, version);
	fprintf(out, ", \"version\": \"%s\"", version);
	if (usage != NULL)
		fprintf(out, ", \"usage\": \"%s\"", usage);
	fprintf(out, ", \"length\": %" PRIu64 ", \"total\": %" PRIu64 ", ", o->src.len, o->total);
	if (o->section_count > 0)
		section(out, o, 0);
	verdict(out, o);
}
