/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
#include "options.h"

#include <ffabi/core.h>

#include "../console.h"

static char words[1024];

/* What follows name= when the word begins with it. */
static char *value_of(char *word, const char *name)
{
	while (*name != '\0' && *word == *name) {
		word++;
		name++;
	}
	return *name == '\0' && *word == '=' ? word + 1 : 0;
}

static uint64_t number(const char *text, uint64_t base)
{
	uint64_t value = 0;

	for (; *text != '\0'; text++)
		value = value * base + (uint64_t)(*text <= '9' ? *text - '0' : *text - 'a' + 10);
	return value;
}

static int take(char *word, struct options *out)
{
	char *value;

	if ((value = value_of(word, "version")) != 0 && value[0] == '1' && value[1] == '.')
		out->version = FFABI_V1_0 + (uint32_t)number(value + 2, 10);
	else if ((value = value_of(word, "buffers")) != 0)
		out->buffers = (uint32_t)number(value, 10);
	else if ((value = value_of(word, "entry")) != 0)
		out->entry = number(value, 16);
	else if ((value = value_of(word, "x0")) != 0)
		out->argument = number(value, 16);
	else if ((value = value_of(word, "echo")) != 0)
		out->echo = (uint16_t)number(value, 16);
	else if ((value = value_of(word, "id")) != 0)
		out->id = (uint16_t)number(value, 16);
	else if ((value = value_of(word, "conduit")) != 0)
		out->hvc = value[0] == 'h';
	else if ((value = value_of(word, "peer")) != 0)
		out->peer = 1;
	else if ((value = value_of(word, "fault")) != 0 && out->fault_count < MOST_FAULTS)
		out->faults[out->fault_count++] = value;
	else if ((value = value_of(word, "malformed")) != 0)
		out->malformed = (uint32_t)number(value, 10);
	else if ((value = value_of(word, "servant")) != 0)
		out->servant = (uint32_t)number(value, 10);
	else if ((value = value_of(word, "left")) != 0)
		out->left = (uint32_t)number(value, 10);
	else if ((value = value_of(word, "trace")) != 0)
		out->trace = value;
	else
		return 0;
	return 1;
}

int options_read(struct options *out)
{
	char *next = words;
	char *word;

	out->version = FFABI_V1_2;
	out->buffers = 4;
	out->entry = 0;
	out->argument = 0;
	out->id = 0;
	out->hvc = 0;
	out->echo = 0x8002;
	out->peer = 0;
	out->fault_count = 0;
	out->malformed = 0;
	out->servant = 0;
	out->left = 0;
	out->trace = "";
	if (!host_arguments(words, sizeof(words))) {
		say("FAIL the words of -semihosting-config do not fit\n");
		return 0;
	}
	while (*next != '\0') {
		word = next;
		while (*next != '\0' && *next != ' ')
			next++;
		if (*next != '\0')
			*next++ = '\0';
		if (!take(word, out)) {
			say("FAIL unknown word: ");
			say(word);
			say("\n");
			return 0;
		}
	}
	return 1;
}
