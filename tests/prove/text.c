/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Texts, for any number that is asked for: nothing, or a string that begins behind a
 * zero of its blob and ends in it.  Where a symbolic place in a blob of many strings is
 * too much for a solver, the numbers that have a text are asked one after the other,
 * and one claim says that all others have none.
 * unwind: 260
 */
#include <ffabi/calls.h>
#include <ffabi/text.h>
#include <prove.h>

static void a_text(const char *text)
{
	CLAIM("there is one", text != 0);
	REACHED("a text");
	CLAIM("inside the blob", __CPROVER_r_ok(text, 1));
	CLAIM("the blob ends with zero",
	      text[__CPROVER_OBJECT_SIZE(text) - 1 - __CPROVER_POINTER_OFFSET(text)] == '\0');
	if (__CPROVER_POINTER_OFFSET(text) != 0)
		CLAIM("at the beginning of a string", text[-1] == '\0');
}

static void a_string(const char *text)
{
	if (text == 0)
		REACHED("no text");
	else
		a_text(text);
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
	const unsigned int other = any_number();

	for (unsigned int rule = 0; rule < FFABI_E_COUNT; rule++)
		a_text(ffabi_rule_name(rule));
	CLAIM("no other rule has one", other < FFABI_E_COUNT || ffabi_rule_name(other) == 0);
}

/* ffabi_rule_text */
void prove_rule_text(void)
{
	const unsigned int other = any_number();

	for (unsigned int rule = 0; rule < FFABI_E_COUNT; rule++)
		a_text(ffabi_rule_text(rule));
	CLAIM("no other rule has one", other < FFABI_E_COUNT || ffabi_rule_text(other) == 0);
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
	const unsigned int other = any_number();

	for (unsigned int call = 0; call < FFABI_CALL_COUNT; call++)
		a_text(ffabi_call_name(call));
	CLAIM("no other call has one", other < FFABI_CALL_COUNT || ffabi_call_name(other) == 0);
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

/* One after the other: each function id of FF-A with each error code. */
static void a_text_of_each_code(uint32_t fid)
{
	for (int32_t code = FFABI_STATUS_NOT_READY; code <= FFABI_STATUS_SUCCESS; code++)
		a_text(ffabi_status_text(fid, code));
}

/* How many numbers behind the first may be calls; that others have none is claimed below. */
enum {
	NUMBERS = 0x40
};

/* ffabi_status_text: of calls */
void prove_status_text(void)
{
	for (uint32_t number = 0; number < NUMBERS; number++)
		a_text_of_each_code(FFABI_FN_FIRST + number);
}

/* ffabi_status_text: of anything else */
void prove_status_text_general(void)
{
	const uint32_t fid = any_number();
	const int32_t status = any_status();
	const char *text = ffabi_status_text(fid, status);

	a_text_of_each_code(0);
	a_text(ffabi_status_text(0, 1));
	if (status > FFABI_STATUS_SUCCESS || status < FFABI_STATUS_NOT_READY)
		CLAIM("one text for what is no code", text == ffabi_status_text(0, 1));
	else if ((fid & ~(uint32_t)FFABI_SMC64) < FFABI_FN_FIRST ||
		 (fid & ~(uint32_t)FFABI_SMC64) >= FFABI_FN_FIRST + NUMBERS)
		CLAIM("the general meaning for what is no call",
		      text == ffabi_status_text(0, status));
}

/* ffabi_status_text: of SMC64 */
void prove_status_text_64(void)
{
	const uint32_t fid = any_number();
	const int32_t status = any_status();
	const char *text = ffabi_status_text(fid, status);

	REACHED("a text");
	CLAIM("the convention makes no difference",
	      text == ffabi_status_text(fid ^ FFABI_SMC64, status));
}
