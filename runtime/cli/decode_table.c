/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* ffabi decode mem_transaction FILE */
#include <ffabi/text.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "commands.h"
#include "json_table.h"
#include "object.h"
#include "print_table.h"
#include "tables.h"
#include "value.h"

/* "1.1 to 1.3" */
static void report_version(struct report *r, unsigned int table, uint32_t version)
{
	uint32_t first = FFABI_V1_0;
	uint32_t last = FFABI_V1_3;
	char text[3][VERSION_TEXT_SIZE];

	while (first < last && table_size(table, first) == 0)
		first++;
	while (last > first && table_size(table, last) == 0)
		last--;
	version_text(version, text[0]);
	version_text(first, text[1]);
	version_text(last, text[2]);
	if (first == last)
		report_trouble(r, 0, "version %s has no %s; %s has", text[0], table_key(table),
			       text[1]);
	else
		report_trouble(r, 0, "version %s has no %s; %s to %s have", text[0],
			       table_key(table), text[1], text[2]);
}

/* Do the options go with the table? */
static int check_options(const struct options *o, struct report *r, unsigned int table)
{
	const int usages = table_has_usages(table);

	if (o->version == 0)
		report_trouble(r, 0, "decode %s needs --version 1.x: layouts differ",
			       table_key(table));
	else if (table_size(table, o->version) == 0)
		report_version(r, table, o->version);
	else if (usages && o->usage == 0)
		report_trouble(r, 0,
			       "decode %s needs --usage share, lend, donate, retrieve_req or "
			       "retrieve_resp",
			       table_key(table));
	else if (!usages && o->usage != 0)
		report_trouble(r, 0, "--usage is not for %s: it has one use", table_key(table));
	else if (o->total != 0 && table != FFABI_TABLE_MEM_TRANSACTION)
		report_trouble(r, 0, "--total is not for %s: it has no fragments",
			       table_key(table));
	else
		return 1;
	return 0;
}

/* An allocation of its own: aligned, and as long as it says. */
static uint8_t *copy_from(const struct bytes *b, size_t at)
{
	return (uint8_t *)copy_text((const char *)b->data + at, b->count - at);
}

static void report_short(struct report *r, const struct object *o)
{
	const struct section *s = object_short(o);
	const char *what;

	if (s == NULL)
		return;
	what = s->name != NULL ? s->name : table_key(s->table);
	if (s->is_array && s->name != NULL)
		report_trouble(r, 0,
			       "too short: %" PRIu64 " %s announced, %" PRIu64 " of them here",
			       s->announced, what, s->here);
	else
		report_trouble(r, 0,
			       "too short: %s needs %" PRIu32 " bytes at 0x%04" PRIx64
			       ", and there are %" PRIu64 " in all",
			       what, table_size(s->table, s->version),
			       o->base + s->at + s->here * s->stride, o->base + o->src.len);
}

static void show(const struct options *o, const struct object *object)
{
	if (o->json) {
		putchar('{');
		json_object(stdout, object);
		puts("}");
	} else {
		print_object(stdout, object, 0);
	}
}

static void decode_bytes(const struct options *o, struct report *r, unsigned int table,
			 const struct bytes *b)
{
	struct object object;
	uint8_t *copy;

	if (o->at >= b->count) {
		report_trouble(r, 0, "--at 0x%" PRIx64 " is behind the end: there are %zu bytes",
			       o->at, b->count);
		return;
	}
	if (o->total != 0 && o->total < b->count - o->at) {
		report_trouble(r, 0, "--total %" PRIu64 " is less than the %zu bytes here",
			       o->total, b->count - (size_t)o->at);
		return;
	}
	copy = copy_from(b, (size_t)o->at);
	object_start(&object, copy, b->count - o->at, o->version);
	object.base = o->at;
	if (o->total != 0)
		object.total = o->total;
	object_of_table(&object, table, (unsigned int)o->usage);
	show(o, &object);
	report_short(r, &object);
	free(copy);
}

enum exit_status list_tables(void)
{
	unsigned int i;

	for (i = 0; i < FFABI_TABLE_COUNT; i++)
		printf("%-26s %s\n", table_key(i), ffabi_table_name(i));
	return EXIT_FINE;
}

enum exit_status decode_table(const struct options *o)
{
	struct report report = {NULL, 0, 0};
	const char *file;
	unsigned int table = 0;
	struct bytes bytes;

	if (!find_table(&report, o->table, &table) || !check_options(o, &report, table))
		return EXIT_TROUBLE;
	if (o->operand_count != 1) {
		report_trouble(&report, 0, "decode %s takes one file, or -", table_key(table));
		return EXIT_TROUBLE;
	}
	file = o->operands[0];
	report.file = strcmp(file, "-") == 0 ? "standard input" : file;
	if (load_bytes(&report, file, &bytes))
		decode_bytes(o, &report, table, &bytes);
	release_bytes(&bytes);
	return report_status(&report);
}
