/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* The ffabi command: its arguments. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "lookup.h"
#include "registers.h"
#include "tables.h"

#ifndef FFABI_RELEASE
#define FFABI_RELEASE "0.1.0"
#endif

static const char usage[] =
	"usage: ffabi decode trace FILE|- [--version 1.x] [--json] [--buffers]\n"
	"       ffabi decode call [--version 1.x] [--reply-to FID|NAME] [--json] x0=84000073 ...\n"
	"       ffabi decode TABLE --version 1.x [--usage U] [--at N] [--total N] [--json] FILE|-\n"
	"       ffabi replay FILE|- [--known FILE]\n"
	"       ffabi --version | --help\n";

static const char help[] =
	"\n"
	"Says what the registers of FF-A calls mean, and what the bytes that they pass in memory.\n"
	"\n"
	"decode trace   every call of a trace and its reply; - is standard input\n"
	"decode call    one call: registers as x0=HEX or w1=HEX (others are zero), or 8 or 18\n"
	"               bare words for x0-x7 or x0-x17; 0x in front and _ between digits allowed\n"
	"decode TABLE   a table in memory, and what it leads to: mem_transaction, "
	"mem_constituent,\n"
	"               partition_info, boot_info_header, ... (decode tables lists them); FILE "
	"has\n"
	"               its bytes, or hexadecimal text: digits, OFFS: in front, # comments\n"
	"\n"
	"replay         makes the calls of a trace again, to a small partition manager that is "
	"set\n"
	"               up as the replies of the trace tell, and compares what the replies mean\n"
	"\n"
	"--version 1.x  the FF-A version in force, 1.0 to 1.3; otherwise what FFA_VERSION\n"
	"               negotiates in a trace, and 1.2 before that and for one call\n"
	"--reply-to     the registers are the reply to this call: 84000073, FFA_MEM_SHARE_64,\n"
	"               mem_share\n"
	"--usage        what a memory transaction is for: share, lend, donate, retrieve_req,\n"
	"               retrieve_resp\n"
	"--at N         the table begins at byte N of the file (decimal, or 0x and hexadecimal)\n"
	"--total N      the file is the first fragment of a descriptor of N bytes\n"
	"--json         one JSON object a line for each call, or for the table\n"
	"--known FILE   calls whose replies are known to differ: a number and the reason on each "
	"line\n"
	"--buffers      the bytes that calls passed in memory as they are, too\n"
	"\n"
	"A line that begins with ! names what the specification does not allow, \"strict\" the\n"
	"first rule that the library found broken.\n"
	"\n"
	"Exit status: 0 all is decoded, whether or not the calls obey the specification;\n"
	"1 a call does not pack back into its own registers, a bug of ffabi, or (replay) a reply\n"
	"differs otherwise than is known; 2 wrong usage,\n"
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

/* "96" or "0x60" */
static int parse_number(const char *text, uint64_t *value)
{
	if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X'))
		return parse_hex(text, value);
	return parse_decimal(text, value);
}

/* Options that stand alone. */
static int parse_switch(struct options *o, const char *name)
{
	if (strcmp(name, "--json") == 0)
		o->json = 1;
	else if (strcmp(name, "--buffers") == 0)
		o->buffers = 1;
	else
		return 0;
	return 1;
}

static enum exit_status take_value(struct options *o, const char *name, const char *value)
{
	if (strcmp(name, "--reply-to") == 0)
		o->reply_to = value;
	else if (strcmp(name, "--known") == 0)
		o->known = value;
	else if (strcmp(name, "--version") == 0 && !parse_version(value, &o->version))
		return misused("the version is 1.0, 1.1, 1.2 or 1.3, not ", value);
	else if (strcmp(name, "--usage") == 0 && !find_usage(value, &o->usage))
		return misused("the usage is share, lend, donate, retrieve_req or retrieve_resp, "
			       "not ",
			       value);
	else if (strcmp(name, "--at") == 0 && !parse_number(value, &o->at))
		return misused("--at takes a number, not ", value);
	else if (strcmp(name, "--total") == 0 && (!parse_number(value, &o->total) || o->total == 0))
		return misused("--total takes a number of bytes, not ", value);
	return EXIT_FINE;
}

static enum exit_status parse_option(struct options *o, char **arguments, int count, int *i)
{
	static const char *const names[] = {"--reply-to", "--version", "--usage",
					    "--at",	  "--total",   "--known"};
	const char *name = arguments[*i];
	const char *value = NULL;
	size_t k;

	if (parse_switch(o, name))
		return EXIT_FINE;
	for (k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
		const int found = option_value(arguments, count, i, names[k], &value);

		if (found > 0)
			return take_value(o, names[k], value);
		if (found == 0)
			return misused("a value is missing after ", name);
	}
	return misused("unknown option ", name);
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

/* Which options does each kind of decoding take? */
static enum exit_status check_options(const struct options *o, const char *what)
{
	const int is_trace = strcmp(what, "trace") == 0;
	const int is_call = strcmp(what, "call") == 0;

	if (!is_call && o->reply_to != NULL)
		return misused("--reply-to is for decode call", "");
	if (o->known != NULL)
		return misused("--known is for replay", "");
	if (!is_trace && o->buffers)
		return misused("--buffers is for decode trace", "");
	if ((is_trace || is_call) && (o->usage != 0 || o->at != 0 || o->total != 0))
		return misused("--usage, --at and --total are for tables, not for decode ", what);
	if (is_trace && o->operand_count != 1)
		return misused("decode trace takes one file", "");
	if (is_call && o->operand_count == 0)
		return misused("decode call takes registers", "");
	return EXIT_FINE;
}

static enum exit_status decode(const char *what, char **arguments, int count)
{
	enum exit_status status;
	struct options o;

	if (strcmp(what, "tables") == 0 && count == 0)
		return list_tables();
	status = parse_arguments(&o, arguments, count);
	if (status == EXIT_FINE)
		status = check_options(&o, what);
	if (status != EXIT_FINE)
		return status;
	if (strcmp(what, "trace") == 0)
		return decode_trace(&o);
	if (strcmp(what, "call") == 0)
		return decode_call(&o);
	o.table = what;
	return decode_table(&o);
}

static enum exit_status replay(char **arguments, int count)
{
	struct options o;
	const enum exit_status status = parse_arguments(&o, arguments, count);

	if (status != EXIT_FINE)
		return status;
	if (o.operand_count != 1)
		return misused("replay takes one file", "");
	if (o.version != 0 || o.json || o.buffers || o.reply_to != NULL || o.usage != 0 ||
	    o.at != 0 || o.total != 0)
		return misused("replay takes no option but --known", "");
	return replay_trace(&o);
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
	if (strcmp(argv[1], "replay") == 0)
		return replay(argv + 2, argc - 2);
	if (strcmp(argv[1], "decode") != 0)
		return misused("unknown command ", argv[1]);
	if (argc < 3)
		return misused("decode what? trace, call or a table", "");
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
