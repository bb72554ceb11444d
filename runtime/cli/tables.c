/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
#include "tables.h"

#include <ffabi/boot_information_table.h>
#include <ffabi/memory_descriptors_table.h>
#include <ffabi/messaging_table.h>
#include <ffabi/partition_table.h>
#include <ffabi/setup_table.h>
#include <ffabi/text.h>

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define LONGEST_NAME 64
#define MAX_NEAR 3

/*
 * The library has a function for each table, and no list of them.  A table that is
 * missing here is found by its name in the documents, and shown without a verdict.
 */
#define EACH_PLAIN(X)                                                                              \
	X(endpoint_rxtx, ENDPOINT_RXTX)                                                            \
	X(partition_info, PARTITION_INFO)                                                          \
	X(ns_resource_info, NS_RESOURCE_INFO)                                                      \
	X(address_map, ADDRESS_MAP)                                                                \
	X(partition_message_header, PARTITION_MESSAGE_HEADER)                                      \
	X(mem_composite, MEM_COMPOSITE)                                                            \
	X(mem_constituent, MEM_CONSTITUENT)                                                        \
	X(mem_hyp_retrieve, MEM_HYP_RETRIEVE)                                                      \
	X(mem_relinquish_descriptor, MEM_RELINQUISH_DESCRIPTOR)                                    \
	X(boot_info_header, BOOT_INFO_HEADER)                                                      \
	X(boot_info_descriptor, BOOT_INFO_DESCRIPTOR)                                              \
	X(boot_info_v1_0, BOOT_INFO_V1_0)                                                          \
	X(boot_info_v1_0_item, BOOT_INFO_V1_0_ITEM)
#define EACH_WITH_USAGES(X)                                                                        \
	X(mem_transaction, MEM_TRANSACTION)                                                        \
	X(mem_access, MEM_ACCESS)

typedef enum ffabi_rule check(struct ffabi_ctx *c, enum ffabi_usage usage,
			      const struct ffabi_src *src, uint64_t at);

#define CHECK_PLAIN(name, upper)                                                                   \
	static enum ffabi_rule check_##name(struct ffabi_ctx *c, enum ffabi_usage usage,           \
					    const struct ffabi_src *src, uint64_t at)              \
	{                                                                                          \
		struct ffabi_##name out;                                                           \
                                                                                                   \
		(void)usage;                                                                       \
		return ffabi_##name##_unpack(c, src, at, &out);                                    \
	}
#define CHECK_WITH_USAGES(name, upper)                                                             \
	static enum ffabi_rule check_##name(struct ffabi_ctx *c, enum ffabi_usage usage,           \
					    const struct ffabi_src *src, uint64_t at)              \
	{                                                                                          \
		struct ffabi_##name out;                                                           \
                                                                                                   \
		return ffabi_##name##_unpack(c, usage, src, at, &out);                             \
	}
EACH_PLAIN(CHECK_PLAIN)
EACH_WITH_USAGES(CHECK_WITH_USAGES)

#define ROW(name, upper) [FFABI_TABLE_##upper] = {#name, check_##name},
static const struct {
	const char *key;
	check *check;
} tables[FFABI_TABLE_COUNT] = {EACH_PLAIN(ROW) EACH_WITH_USAGES(ROW)};

/* "Endpoint RX/TX descriptor" -> "endpoint_rxtx_descriptor" */
static void fold(const char *text, char out[LONGEST_NAME])
{
	size_t n = 0;

	for (; *text != '\0' && n + 1 < LONGEST_NAME; text++) {
		const unsigned char c = (unsigned char)*text;

		if (isalnum(c))
			out[n++] = (char)tolower(c);
		else if (c == ' ' || c == '_' || c == '-')
			out[n++] = '_';
	}
	out[n] = '\0';
}

const char *table_key(unsigned int table)
{
	return tables[table].key != NULL ? tables[table].key : ffabi_table_name(table);
}

enum ffabi_rule table_check(struct ffabi_ctx *c, unsigned int table, enum ffabi_usage usage,
			    const struct ffabi_src *src, uint64_t at, int *done)
{
	*done = table < FFABI_TABLE_COUNT && tables[table].check != NULL;
	return *done ? tables[table].check(c, usage, src, at) : FFABI_OK;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* How many letters have to be changed, added or left out. */
static size_t distance(const char *a, const char *b)
{
	size_t row[LONGEST_NAME + 1];
	const size_t n = strlen(b);
	size_t i;
	size_t k;

	for (k = 0; k <= n; k++)
		row[k] = k;
	for (i = 0; a[i] != '\0'; i++) {
		size_t corner = row[0];

		row[0] = i + 1;
		for (k = 1; k <= n; k++) {
			const size_t changed = corner + (a[i] != b[k - 1]);

			corner = row[k];
			row[k] = least(changed, least(row[k], row[k - 1]) + 1);
		}
	}
	return row[n];
}

/* The nearest few, or all where none is near. */
static void report_unknown(struct report *r, const char *text, const char *folded)
{
	char names[LONGEST_NAME * FFABI_TABLE_COUNT] = "";
	unsigned int found = 0;
	size_t limit;
	unsigned int i;

	for (limit = 1; found == 0 && limit <= least(strlen(folded) / 2, 6); limit++) {
		for (i = 0; i < FFABI_TABLE_COUNT && found < MAX_NEAR; i++) {
			if (distance(folded, table_key(i)) > limit)
				continue;
			strcat(strcat(names, found == 0 ? "" : ", "), table_key(i));
			found++;
		}
	}
	for (i = 0; found == 0 && i < FFABI_TABLE_COUNT; i++)
		strcat(strcat(names, i == 0 ? "" : ", "), table_key(i));
	if (found != 0)
		report_trouble(r, 0, "no table '%.60s'; near it: %s", text, names);
	else
		report_trouble(r, 0, "no table '%.60s'; there are: %s", text, names);
}

/* Which tables have this in their key or name? */
static unsigned int find_parts(const char *folded, char names[], unsigned int *table)
{
	char name[LONGEST_NAME];
	unsigned int found = 0;
	unsigned int i;

	for (i = 0; i < FFABI_TABLE_COUNT; i++) {
		fold(ffabi_table_name(i), name);
		if (strstr(table_key(i), folded) == NULL && strstr(name, folded) == NULL)
			continue;
		strcat(strcat(names, found == 0 ? "" : ", "), table_key(i));
		*table = i;
		found++;
	}
	return found;
}

int find_table(struct report *r, const char *text, unsigned int *table)
{
	char names[LONGEST_NAME * FFABI_TABLE_COUNT] = "";
	char folded[LONGEST_NAME];
	char name[LONGEST_NAME];
	unsigned int found;
	unsigned int i;

	fold(text, folded);
	for (i = 0; i < FFABI_TABLE_COUNT; i++) {
		fold(ffabi_table_name(i), name);
		if (strcmp(folded, table_key(i)) == 0 || strcmp(folded, name) == 0) {
			*table = i;
			return 1;
		}
	}
	found = folded[0] != '\0' ? find_parts(folded, names, table) : 0;
	if (found > 1)
		report_trouble(r, 0, "'%.60s' is more than one table: %s", text, names);
	else if (found == 0)
		report_unknown(r, text, folded);
	return found == 1;
}

static const struct {
	enum ffabi_usage usage;
	const char *name;
} usages[] = {
	{FFABI_USAGE_SHARE, "share"},
	{FFABI_USAGE_LEND, "lend"},
	{FFABI_USAGE_DONATE, "donate"},
	{FFABI_USAGE_RETRIEVE_REQ, "retrieve_req"},
	{FFABI_USAGE_RETRIEVE_RESP, "retrieve_resp"},
};
#define USAGE_COUNT (sizeof(usages) / sizeof(usages[0]))

const char *usage_name(unsigned int usage)
{
	size_t i;

	for (i = 0; i < USAGE_COUNT; i++) {
		if (usages[i].usage == usage)
			return usages[i].name;
	}
	return NULL;
}

int find_usage(const char *text, enum ffabi_usage *usage)
{
	size_t i;

	for (i = 0; i < USAGE_COUNT; i++) {
		if (strcmp(text, usages[i].name) == 0) {
			*usage = usages[i].usage;
			return 1;
		}
	}
	return 0;
}
