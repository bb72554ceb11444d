/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
#include "faults.h"

#include <ffabi/text.h>

/* What follows name and a colon when the word begins with both. */
static const char *after(const char *word, const char *name)
{
	while (name != 0 && *name != '\0' && *word == *name) {
		word++;
		name++;
	}
	return name != 0 && *name == '\0' && *word == ':' ? word + 1 : 0;
}

static const char *read_kind(const char *word, struct ffabi_spmc_fault *out)
{
	const char *rest = after(word, "INTERRUPT");

	out->kind = FFABI_SPMC_FAULT_INTERRUPT;
	if (rest != 0)
		return rest;
	out->kind = FFABI_SPMC_FAULT_STATUS;
	for (out->status = -1; ffabi_status_name(out->status) != 0; out->status--) {
		rest = after(word, ffabi_status_name(out->status));
		if (rest != 0)
			return rest;
	}
	return 0;
}

static const char *read_call(const char *word, struct ffabi_spmc_fault *out)
{
	const char *rest;
	uint32_t i;

	for (i = 0; i < FFABI_CALL_COUNT; i++) {
		rest = after(word, ffabi_call_name(i));
		out->call = (enum ffabi_call)i;
		if (rest != 0)
			return rest;
	}
	return 0;
}

int fault_read(const char *word, struct ffabi_spmc_fault *out)
{
	const char *rest = read_kind(word, out);

	if (rest != 0)
		rest = read_call(rest, out);
	if (rest == 0)
		return 0;
	for (out->countdown = 0; *rest >= '0' && *rest <= '9'; rest++)
		out->countdown = out->countdown * 10 + (uint32_t)(*rest - '0');
	return *rest == '\0' && out->countdown != 0;
}
