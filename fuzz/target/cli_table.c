/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * ffabi decode TABLE: the head as everywhere; options of the head: bit 0 JSON, bits 7:1 the table;
 * number: --at in bits 15:0, --total in bits 31:16.  The body is the file, bytes or hexadecimal
 * text.  Seeds: tables hex
 */
#include "../runtime/cli/tables.h"
#include "command.h"

#include <string.h>

static void run(const struct fuzz_input *in)
{
	const unsigned int table = (in->options >> 1) % FFABI_TABLE_COUNT;
	char *operands[] = {(char[]){"-"}};
	struct options o;

	memset(&o, 0, sizeof(o));
	o.json = in->options & 1;
	o.version = in->c.version;
	o.table = table_key(table);
	o.usage = table == FFABI_TABLE_MEM_TRANSACTION || table == FFABI_TABLE_MEM_ACCESS
			  ? in->usage
			  : (enum ffabi_usage)0;
	o.at = in->number & 0xffff;
	o.total = in->number >> 16;
	o.operands = operands;
	o.operand_count = 1;
	if (fuzz_version(o.version) < FUZZ_VERSIONS)
		fuzz_command(decode_table, &o, in->body, in->n);
}

const struct fuzz_target fuzz_target = {"cli_table", NULL, run, NULL};
