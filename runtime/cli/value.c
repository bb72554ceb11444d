/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
#include "value.h"

#include <ffabi/text.h>

#include <inttypes.h>
#include <string.h>

#define WORDS_ON_A_LINE 5

void print_quoted(FILE *out, const uint8_t *bytes, size_t n)
{
	static const char escaped[] = "\a\b\t\n\v\f\r\"\\";
	static const char letters[] = "abtnvfr\"\\";
	const char *found;
	size_t i;

	fputc('"', out);
	for (i = 0; i < n; i++) {
		found = bytes[i] != 0 ? strchr(escaped, bytes[i]) : NULL;
		if (found != NULL)
			fprintf(out, "\\%c", letters[found - escaped]);
		else if (bytes[i] >= 0x20 && bytes[i] < 0x7f)
			fputc(bytes[i], out);
		else
			fprintf(out, "\\%03o", bytes[i]);
	}
	fputc('"', out);
}

void print_plain(FILE *out, const char *text)
{
	for (; *text != '\0'; text++) {
		const unsigned char c = (unsigned char)*text;

		fputc((c < 0x20 && c != '\t') || c == 0x7f ? '?' : c, out);
	}
}

void version_text(uint64_t version, char text[VERSION_TEXT_SIZE])
{
	if (version >> 31 != 0)
		snprintf(text, VERSION_TEXT_SIZE, "0x%" PRIx64, version & UINT32_MAX);
	else
		snprintf(text, VERSION_TEXT_SIZE, "%u.%u", (unsigned int)(version >> 16),
			 (unsigned int)(version & 0xffff));
}

void uuid_bytes_text(const uint8_t bytes[16], char text[UUID_TEXT_SIZE])
{
	char *end = text;
	unsigned int i;

	for (i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*end++ = '-';
		end += snprintf(end, 3, "%02x", bytes[i]);
	}
}

void uuid_text(const struct view *v, const struct ffabi_desc_field *f, char text[UUID_TEXT_SIZE])
{
	struct ffabi_uuid uuid;
	uint8_t bytes[16];

	ffabi_desc_uuid(f, v->regs, &uuid);
	ffabi_uuid_to_bytes(&uuid, bytes);
	uuid_bytes_text(bytes, text);
}

void registers_text(const struct view *v, const struct ffabi_desc_field *f,
		    char text[REGISTERS_TEXT_SIZE])
{
	const char letter = view_register_letter(v, f);
	char *end = text + snprintf(text, 5, "%c%u", letter, f->first);

	if (f->last != f->first)
		end += snprintf(end, 6, "-%c%u", letter, f->last);
	if (f->lo != 0 || (f->hi != 31 && f->hi != 63)) {
		if (f->hi == f->lo)
			snprintf(end, 6, "[%u]", f->hi);
		else
			snprintf(end, 10, "[%u:%u]", f->hi, f->lo);
	}
}

static void print_decimal(FILE *out, uint64_t value)
{
	if (value < 10)
		fprintf(out, "%" PRIu64, value);
	else
		fprintf(out, "0x%" PRIx64 " (%" PRIu64 ")", value, value);
}

static void print_named(FILE *out, const char *name, uint64_t value)
{
	if (name != NULL)
		fprintf(out, "%s (%" PRIu64 ")", name, value);
	else
		fprintf(out, "0x%" PRIx64 " (no such enumerator)", value);
}

static void print_status(FILE *out, const char *name, uint64_t value)
{
	const int32_t status = (int32_t)(uint32_t)value;

	if (name != NULL)
		fprintf(out, "%s (%" PRId32 ")", name, status);
	else
		fprintf(out, "%" PRId32, status);
}

static void print_function(FILE *out, uint64_t value)
{
	char name[FUNCTION_TEXT_SIZE];

	if (function_text((uint32_t)value, name))
		fprintf(out, "%s (0x%" PRIx64 ")", name, value);
	else
		fprintf(out, "0x%" PRIx64, value);
}

static void print_flags(FILE *out, unsigned int table, uint64_t value)
{
	const char *separator = "";
	unsigned int bit;

	if (value == 0) {
		fputs("none", out);
		return;
	}
	for (bit = 0; bit < 64; bit++) {
		const char *name = ffabi_flag_name(table, bit);

		if ((value >> bit & 1) == 0)
			continue;
		if (name != NULL)
			fprintf(out, "%s%s", separator, name);
		else
			fprintf(out, "%sbit %u", separator, bit);
		separator = ", ";
	}
}

/* Up to the last one that is not zero, a few on a line. */
static void print_words(FILE *out, const struct view *v, const struct ffabi_desc_field *f,
			int column)
{
	unsigned int end = f->last + 1u;
	unsigned int n;

	while (end > f->first && view_word(v, end - 1) == 0)
		end--;
	for (n = f->first; n < end; n++) {
		if (n != f->first && (n - f->first) % WORDS_ON_A_LINE == 0)
			fprintf(out, "\n%*s", column, "");
		else if (n != f->first)
			fputc(' ', out);
		fprintf(out, "0x%" PRIx64, view_word(v, n));
	}
	if (end == f->first)
		fputs("all zero", out);
	else if (end <= f->last)
		fputs(", rest zero", out);
}

static void print_characters(FILE *out, const struct view *v, const struct ffabi_desc_field *f)
{
	struct characters c;

	view_characters(v, f, &c);
	print_quoted(out, c.bytes, c.announced);
	if (c.used > c.announced) {
		fputs(", not counted: ", out);
		print_quoted(out, c.bytes + c.announced, c.used - c.announced);
	}
}

static void print_uuid(FILE *out, const struct view *v, const struct ffabi_desc_field *f)
{
	char text[UUID_TEXT_SIZE];

	uuid_text(v, f, text);
	fputs(text, out);
}

void print_scalar(FILE *out, unsigned int show, unsigned int table, uint64_t value)
{
	const int32_t narrow = (int32_t)(uint32_t)value;
	char version[VERSION_TEXT_SIZE];

	switch (show) {
	case FFABI_SHOW_DEC:
		print_decimal(out, value);
		break;
	case FFABI_SHOW_SIGNED:
		fprintf(out, "%" PRId32, narrow);
		break;
	case FFABI_SHOW_VERSION:
		version_text(value, version);
		fputs(version, out);
		break;
	case FFABI_SHOW_FUNCTION:
		print_function(out, value);
		break;
	case FFABI_SHOW_STATUS:
		print_status(out, ffabi_status_name(narrow), value);
		break;
	case FFABI_SHOW_SMCCC_STATUS:
		print_status(out, ffabi_smccc_status_name(narrow), value);
		break;
	case FFABI_SHOW_ENUM:
		print_named(out, ffabi_enumerator_name(table, value), value);
		break;
	case FFABI_SHOW_FLAGS:
		print_flags(out, table, value);
		break;
	default:
		fprintf(out, "0x%" PRIx64, value);
		break;
	}
}

void print_value(FILE *out, const struct view *v, const struct ffabi_desc_field *f, int column)
{
	switch (f->show) {
	case FFABI_SHOW_UUID:
		print_uuid(out, v, f);
		break;
	case FFABI_SHOW_WORDS:
		print_words(out, v, f, column);
		break;
	case FFABI_SHOW_BYTES:
		print_characters(out, v, f);
		break;
	default:
		print_scalar(out, f->show, f->table, ffabi_desc_value(f, v->regs, v->conv));
		break;
	}
}
