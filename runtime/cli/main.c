/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* The ffabi command: its arguments. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "lookup.h"

#ifndef FFABI_RELEASE
#define FFABI_RELEASE "0.1.0"
#endif

static const char usage[] =
	"usage: ffabi decode trace FILE|- [--version 1.x] [--json] [--buffers]\n"
	"       ffabi decode call [--version 1.x] [--reply-to FID|NAME] [--json] x0=84000073 ...\n"
	"       ffabi --version | --help\n";

static const char help[] =
	"\n"
	"Says what the registers of FF-A calls mean.\n"
	"\n"
	"decode trace   every call of a trace and its reply; - is standard input\n"
	"decode call    one call: registers as x0=HEX or w1=HEX (others are zero), or 8 or 18\n"
	"               bare words for x0-x7 or x0-x17; 0x in front and _ between digits allowed\n"
	"\n"
	"--version 1.x  the FF-A version in force, 1.0 to 1.3; otherwise what FFA_VERSION\n"
	"               negotiates in a trace, and 1.2 before that and for one call\n"
	"--reply-to     the registers are the reply to this call: 84000073, FFA_MEM_SHARE_64,\n"
	"               mem_share\n"
	"--json         one JSON object a line for each call\n"
	"--buffers      the bytes that calls passed in memory, too\n"
	"\n"
	"A line that begins with ! names what the specification does not allow, \"strict\" the\n"
	"first rule that the library found broken.\n"
	"\n"
	"Exit status: 0 all is decoded, whether or not the calls obey the specification;\n"
	"1 a call does not pack back into its own registers, a bug of ffabi; 2 wrong usage,\n"
	"input that is not understood, or an I/O error.\n";

static enum exit_status misused(const char *what, const char *which)
{
	fprintf(stderr, "ffabi: %s%s\n%s", what, which, usage);
	return EXIT_TROUBLE;
}

/* "--name VALUE" or "--name=VALUE": the value; 0 when it is missing, -1 for another option. */
static int option_value(char **arguments, int count, int *i, const char *name, const char **value)
{
	const size_t length = strlen(name);
	const char *argument = arguments[*i];

	if (strncmp(argument, name, length) != 0)
		return -1;
	if (argument[length] == '=') {
		*value = argument + length + 1;
		return 1;
	}
	if (argument[length] != '\0')
		return -1;
	if (*i + 1 >= count)
		return 0;
	*value = arguments[++*i];
	return 1;
}

static enum exit_status parse_option(struct options *o, char **arguments, int count, int *i)
{
	const char *name = arguments[*i];
	const char *value = NULL;
	int found;

	if (strcmp(name, "--json") == 0) {
		o->json = 1;
		return EXIT_FINE;
	}
	if (strcmp(name, "--buffers") == 0) {
		o->buffers = 1;
		return EXIT_FINE;
	}
	found = option_value(arguments, count, i, "--reply-to", &o->reply_to);
	if (found > 0)
		return EXIT_FINE;
	if (found < 0)
		found = option_value(arguments, count, i, "--version", &value);
	if (found < 0)
		return misused("unknown option ", name);
	if (found == 0)
		return misused("a value is missing after ", name);
	if (!parse_version(value, &o->version))
		return misused("the version is 1.0, 1.1, 1.2 or 1.3, not ", value);
	return EXIT_FINE;
}

/* Options anywhere, operands moved to the front; after -- there are only operands. */
static enum exit_status parse_arguments(struct options *o, char **arguments, int count)
{
	int only_operands = 0;
	int i;

	memset(o, 0, sizeof(*o));
	o->operands = arguments;
	for (i = 0; i < count; i++) {
		const char *argument = arguments[i];

		if (!only_operands && strcmp(argument, "--") == 0) {
			only_operands = 1;
		} else if (only_operands || argument[0] != '-' || argument[1] == '\0') {
			arguments[o->operand_count++] = arguments[i];
		} else {
			const enum exit_status status = parse_option(o, arguments, count, &i);

			if (status != EXIT_FINE)
				return status;
		}
	}
	return EXIT_FINE;
}

static enum exit_status decode(const char *what, char **arguments, int count)
{
	const int is_trace = strcmp(what, "trace") == 0;
	enum exit_status status;
	struct options o;

	if (!is_trace && strcmp(what, "call") != 0)
		return misused("decode what? trace or call, not ", what);
	status = parse_arguments(&o, arguments, count);
	if (status != EXIT_FINE)
		return status;
	if (is_trace && o.reply_to != NULL)
		return misused("--reply-to is for decode call", "");
	if (!is_trace && o.buffers)
		return misused("--buffers is for decode trace", "");
	if (is_trace && o.operand_count != 1)
		return misused("decode trace takes one file", "");
	if (!is_trace && o.operand_count == 0)
		return misused("decode call takes registers", "");
	return is_trace ? decode_trace(&o) : decode_call(&o);
}

static enum exit_status run(int argc, char **argv)
{
	if (argc < 2)
		return misused("what shall be done?", "");
	if (strcmp(argv[1], "--version") == 0) {
		puts("ffabi " FFABI_RELEASE);
		return EXIT_FINE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		printf("%s%s", usage, help);
		return EXIT_FINE;
	}
	if (strcmp(argv[1], "decode") != 0)
		return misused("unknown command ", argv[1]);
	if (argc < 3)
		return misused("decode what? trace or call", "");
	return decode(argv[2], argv + 3, argc - 3);
}

int main(int argc, char **argv)
{
	enum exit_status status = run(argc, argv);

	errno = 0;
	if (ferror(stdout) || fclose(stdout) != 0) {
		fprintf(stderr, "ffabi: standard output: %s\n",
			errno != 0 ? strerror(errno) : "write error");
		status = EXIT_TROUBLE;
	}
	return (int)status;
}
