/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
#define _POSIX_C_SOURCE 200809L /* strncasecmp */
#include "lookup.h"

#include <ffabi/text.h>

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "registers.h"

uint32_t function_id(const struct ffabi_regs *regs)
{
	return (uint32_t)regs->x[0];
}

int is_ffa(uint32_t fid)
{
	const uint32_t number = fid & ~(uint32_t)FFABI_SMC64;

	return number >= FFABI_FN_FIRST && number <= FFABI_FN_LAST;
}

/* Does text name this call?  What is behind the name ("", "_32", "_64") goes out as suffix. */
static int names_call(const char *text, const char *name, const char **suffix)
{
	const size_t length = strlen(name);

	if (strncasecmp(text, name, length) != 0)
		return 0;
	*suffix = text + length;
	return **suffix == '\0' || strcmp(*suffix, "_32") == 0 || strcmp(*suffix, "_64") == 0;
}

int function_text(uint32_t fid, char text[FUNCTION_TEXT_SIZE])
{
	const char *name = ffabi_function_name(fid);
	const char *suffix = ffabi_conv_of(fid) == FFABI_SMC64 ? "_64" : "_32";

	if (name == NULL)
		return 0;
	snprintf(text, FUNCTION_TEXT_SIZE, "%s%s", name, suffix);
	return 1;
}

/* The function id of a call in one convention, or 0. */
static uint32_t fid_of(enum ffabi_call call, enum ffabi_conv conv)
{
	uint32_t fid;

	for (fid = FFABI_FN_FIRST; fid <= FFABI_FN_LAST; fid++) {
		if (ffabi_call_of(fid | (uint32_t)conv) == call)
			return fid | (uint32_t)conv;
	}
	return 0;
}

static void choose_convention(struct question *q, const char *suffix,
			      const struct ffabi_regs *reply)
{
	const uint32_t fid32 = fid_of(q->of, FFABI_SMC32);
	const uint32_t fid64 = fid_of(q->of, FFABI_SMC64);

	if (*suffix != '\0')
		q->conv = suffix[1] == '6' ? FFABI_SMC64 : FFABI_SMC32;
	else if (fid32 != 0 && fid64 == 0)
		q->conv = FFABI_SMC32;
	else if (fid64 != 0 && fid32 == 0)
		q->conv = FFABI_SMC64;
	else
		q->conv = ffabi_conv_of(function_id(reply));
	q->fid = q->conv == FFABI_SMC64 ? fid64 : fid32;
}

int find_question(const char *text, const struct ffabi_regs *reply, struct question *out)
{
	static const char prefix[] = "FFA_";
	const char *suffix;
	unsigned int call;
	uint64_t fid;

	if (parse_hex(text, &fid) && fid <= UINT32_MAX && is_ffa((uint32_t)fid)) {
		out->fid = (uint32_t)fid;
		out->conv = ffabi_conv_of(fid);
		out->of = ffabi_call_of(out->fid);
		return out->of != FFABI_CALL_COUNT;
	}
	for (call = 0; call < FFABI_CALL_COUNT; call++) {
		const char *name = ffabi_call_name(call);
		const int prefixed = strncmp(name, prefix, sizeof(prefix) - 1) == 0;

		if (names_call(text, name, &suffix) ||
		    (prefixed && names_call(text, name + sizeof(prefix) - 1, &suffix))) {
			out->of = (enum ffabi_call)call;
			choose_convention(out, suffix, reply);
			return 1;
		}
	}
	return 0;
}

int parse_version(const char *text, uint32_t *version)
{
	if (strncmp(text, "1.", 2) != 0 || text[2] < '0' || text[2] > '3' || text[3] != '\0')
		return 0;
	*version = FFABI_V1_0 + (uint32_t)(text[2] - '0');
	return 1;
}
