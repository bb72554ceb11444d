/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * The description as data: every layout lies in the list of fields, and every field of it
 * can be read out of any registers.
 * unwind: 260
 */
#include <ffabi/calls.h>
#include <ffabi/describe.h>
#include <prove.h>

/* ffabi_describe, ffabi_describe_field */
void prove_describe(void)
{
	struct ffabi_desc_layout layout;
	const struct ffabi_desc_field *f;
	unsigned int call, part;
	uint16_t i;

	ffabi_describe(call, (enum ffabi_desc_part)part, &layout);
	CLAIM("nothing of what is unknown",
	      (call < FFABI_CALL_COUNT && part <= FFABI_PART_ERROR) || layout.count == 0);
	if (i >= layout.count) {
		REACHED("no such field");
		return;
	}
	REACHED("a field");
	f = ffabi_describe_field((unsigned int)layout.first + i);
	CLAIM("every field of a layout is in the list", f != 0);
	CLAIM("registers in order", f->first <= f->last && f->last < 18);
	CLAIM("bits in order", f->lo <= f->hi && f->hi < 64);
}

/* ffabi_desc_value, ffabi_desc_uuid, ffabi_desc_live */
void prove_desc_value(void)
{
	const struct ffabi_regs r = any_regs();
	const enum ffabi_conv conv = any_conv();
	struct ffabi_desc_layout layout;
	const struct ffabi_desc_field *f;
	struct ffabi_uuid uuid;
	enum ffabi_call call;
	enum ffabi_desc_part part;
	uint32_t version;
	uint64_t value;
	uint16_t i;

	GIVEN(call < FFABI_CALL_COUNT && part <= FFABI_PART_ERROR);
	ffabi_describe(call, part, &layout);
	GIVEN(i < layout.count);
	f = ffabi_describe_field((unsigned int)layout.first + i);
	REACHED("a field");
	if (!ffabi_desc_live(f, version, conv))
		return;
	CLAIM("a field of a known version", version >= FFABI_V1_0 && version <= FFABI_V1_3);
	if (f->show == FFABI_SHOW_UUID) {
		ffabi_desc_uuid(f, &r, &uuid);
	} else if (f->first == f->last) {
		value = ffabi_desc_value(f, &r, conv);
		CLAIM("no more than its bits, and the bias",
		      f->hi - f->lo == 63 || value - f->bias >> (f->hi - f->lo) < 2);
	}
}

/* ffabi_describe_table, ffabi_describe_table_field */
void prove_describe_table(void)
{
	struct ffabi_desc_layout layout;
	const struct ffabi_desc_table_field *f;
	unsigned int table;
	uint16_t i;

	ffabi_describe_table(table, &layout);
	CLAIM("nothing of what is unknown", table < FFABI_TABLE_COUNT || layout.count == 0);
	if (i >= layout.count) {
		REACHED("no such field");
		return;
	}
	REACHED("a field");
	f = ffabi_describe_table_field((unsigned int)layout.first + i);
	CLAIM("every field of a table is in the list", f != 0);
	CLAIM("the deciding field is of the same table", f->when <= layout.count);
	CLAIM("bits in order", f->size > 8 || (f->lo <= f->hi && f->hi < 8 * f->size));
}

/* ffabi_describe_buffer */
void prove_describe_buffer(void)
{
	struct ffabi_desc_buffer b;
	unsigned int call;

	ffabi_describe_buffer(call, &b);
	CLAIM("a known buffer", b.where <= FFABI_IN_TX_OR_ADDRESS);
	CLAIM("a known table", b.where == FFABI_IN_NONE || b.table < FFABI_TABLE_COUNT);
	REACHED("a buffer");
}

/* ffabi_enumerator_name, ffabi_flag_name */
void prove_enumerator_name(void)
{
	unsigned int table, bit;
	uint64_t value;
	const char *text = ffabi_enumerator_name(table, value);

	REACHED("a name or none");
	CLAIM("a flag is an enumerator of its table",
	      ffabi_flag_name(table, bit) == ffabi_enumerator_name(table, bit));
	if (text == 0)
		return;
	CLAIM("inside the blob", __CPROVER_r_ok(text, 1));
	if (__CPROVER_POINTER_OFFSET(text) != 0)
		CLAIM("at the beginning of a string", text[-1] == '\0');
}

/* ffabi_passed */
void prove_passed(void)
{
	uint32_t version;
	const unsigned int passed = ffabi_passed(version, any_conv());

	REACHED("a count");
	CLAIM("registers of a call", passed == 8 || passed == 18);
}
