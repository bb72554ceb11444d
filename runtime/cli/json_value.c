/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
#include "json_value.h"

#include <ffabi/describe.h>
#include <ffabi/text.h>

#include <inttypes.h>
#include <string.h>

#include "lookup.h"
#include "value.h"

/* Integers that every reader of JSON keeps exact. */
#define LARGEST_NUMBER (UINT64_C(1) << 53)

void json_bytes(FILE *out, const uint8_t *bytes, size_t n)
{
	size_t i;

	fputc('"', out);
	for (i = 0; i < n; i++) {
		if (bytes[i] == '"' || bytes[i] == '\\')
			fprintf(out, "\\%c", bytes[i]);
		else if (bytes[i] >= 0x20 && bytes[i] < 0x7f)
			fputc(bytes[i], out);
		else
			fprintf(out, "\\u%04x", bytes[i]);
	}
	fputc('"', out);
}

void json_string(FILE *out, const char *text)
{
	json_bytes(out, (const uint8_t *)text, strlen(text));
}

void json_hex(FILE *out, uint64_t value)
{
	fprintf(out, "\"0x%" PRIx64 "\"", value);
}

void json_number(FILE *out, uint64_t value)
{
	if (value <= LARGEST_NUMBER)
		fprintf(out, "%" PRIu64, value);
	else
		json_hex(out, value);
}

static void name_or_number(FILE *out, const char *name, uint64_t value)
{
	if (name != NULL)
		json_string(out, name);
	else
		json_number(out, value);
}

static void status(FILE *out, const char *name, int32_t value)
{
	if (name != NULL)
		json_string(out, name);
	else
		fprintf(out, "%" PRId32, value);
}

static void flags(FILE *out, unsigned int table, uint64_t value)
{
	const char *separator = "";
	unsigned int bit;

	fputc('[', out);
	for (bit = 0; bit < 64; bit++) {
		const char *name = ffabi_flag_name(table, bit);

		if ((value >> bit & 1) == 0)
			continue;
		fputs(separator, out);
		if (name != NULL)
			json_string(out, name);
		else
			fprintf(out, "\"bit %u\"", bit);
		separator = ", ";
	}
	fputc(']', out);
}

void json_scalar(FILE *out, unsigned int show, unsigned int table, uint64_t value)
{
	const int32_t narrow = (int32_t)(uint32_t)value;
	char version[VERSION_TEXT_SIZE];
	char name[FUNCTION_TEXT_SIZE];

	switch (show) {
	case FFABI_SHOW_DEC:
		json_number(out, value);
		break;
	case FFABI_SHOW_SIGNED:
		fprintf(out, "%" PRId32, narrow);
		break;
	case FFABI_SHOW_VERSION:
		version_text(value, version);
		json_string(out, version);
		break;
	case FFABI_SHOW_FUNCTION:
		if (function_text((uint32_t)value, name))
			json_string(out, name);
		else
			json_hex(out, value);
		break;
	case FFABI_SHOW_STATUS:
		status(out, ffabi_status_name(narrow), narrow);
		break;
	case FFABI_SHOW_SMCCC_STATUS:
		status(out, ffabi_smccc_status_name(narrow), narrow);
		break;
	case FFABI_SHOW_ENUM:
		name_or_number(out, ffabi_enumerator_name(table, value), value);
		break;
	case FFABI_SHOW_FLAGS:
		flags(out, table, value);
		break;
	default:
		json_hex(out, value);
		break;
	}
}
