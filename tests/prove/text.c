/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Texts, for any number that is asked for: nothing, or a string that begins behind a
 * zero of its blob and ends in it.
 * unwind: 260
 */
#include <ffabi/calls.h>
#include <ffabi/text.h>
#include <prove.h>

static void a_string(const char *text)
{
	if (text == 0) {
		REACHED("no text");
		return;
	}
	REACHED("a text");
	CLAIM("inside the blob", __CPROVER_r_ok(text, 1));
	CLAIM("the blob ends with zero",
	      text[__CPROVER_OBJECT_SIZE(text) - 1 - __CPROVER_POINTER_OFFSET(text)] == '\0');
	if (__CPROVER_POINTER_OFFSET(text) != 0)
		CLAIM("at the beginning of a string", text[-1] == '\0');
}

static unsigned int any_number(void)
{
	unsigned int any;

	return any;
}

static int32_t any_status(void)
{
	int32_t any;

	return any;
}

/* ffabi_rule_name */
void prove_rule_name(void)
{
	const unsigned int rule = any_number();

	a_string(ffabi_rule_name(rule));
	CLAIM("every rule has one", (ffabi_rule_name(rule) != 0) == (rule < FFABI_E_COUNT));
}

/* ffabi_rule_text */
void prove_rule_text(void)
{
	const unsigned int rule = any_number();

	a_string(ffabi_rule_text(rule));
	CLAIM("every rule has one", (ffabi_rule_text(rule) != 0) == (rule < FFABI_E_COUNT));
}

/* ffabi_field_name */
void prove_field_name(void)
{
	const unsigned int field = any_number();

	a_string(ffabi_field_name(field));
	CLAIM("every violation names a field that has one",
	      field > FFABI_F_VERSION || ffabi_field_name(field) != 0);
}

/* ffabi_call_name */
void prove_call_name(void)
{
	const unsigned int call = any_number();

	a_string(ffabi_call_name(call));
	CLAIM("every call has one", (ffabi_call_name(call) != 0) == (call < FFABI_CALL_COUNT));
}

/* ffabi_table_name */
void prove_table_name(void)
{
	const unsigned int table = any_number();

	a_string(ffabi_table_name(table));
	CLAIM("every table has one", (ffabi_table_name(table) != 0) == (table < FFABI_TABLE_COUNT));
}

/* ffabi_status_name */
void prove_status_name(void)
{
	const int32_t status = any_status();

	a_string(ffabi_status_name(status));
	CLAIM("every code has one",
	      (ffabi_status_name(status) != 0) ==
		      (status <= FFABI_STATUS_SUCCESS && status >= FFABI_STATUS_NOT_READY));
}

/* ffabi_smccc_status_name */
void prove_smccc_status_name(void)
{
	a_string(ffabi_smccc_status_name(any_status()));
}

/* ffabi_function_name, ffabi_call_of */
void prove_function_name(void)
{
	const uint32_t fid = any_number();

	a_string(ffabi_function_name(fid));
	CLAIM("a call of the library, or none", ffabi_call_of(fid) <= FFABI_CALL_COUNT);
	CLAIM("a name for every call",
	      (ffabi_function_name(fid) != 0) == (ffabi_call_of(fid) != FFABI_CALL_COUNT));
}

/* ffabi_status_text */
void prove_status_text(void)
{
	const char *text = ffabi_status_text(any_number(), any_status());

	REACHED("a text");
	CLAIM("never nothing", text != 0);
	CLAIM("inside the blob", __CPROVER_r_ok(text, 1));
	CLAIM("the blob ends with zero",
	      text[__CPROVER_OBJECT_SIZE(text) - 1 - __CPROVER_POINTER_OFFSET(text)] == '\0');
	if (__CPROVER_POINTER_OFFSET(text) != 0)
		CLAIM("at the beginning of a string", text[-1] == '\0');
}
