/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* ffabi decode call x0=... */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "decode.h"
#include "json.h"
#include "print.h"
#include "value.h"

/* Without FFA_VERSION there is nothing to learn a version from. */
#define VERSION_ASSUMED FFABI_V1_2

/* Either all operands are bare words, 8 or 18 of them, or none is. */
static int check_operands(const struct options *o, struct report *r)
{
	int bare = 0;
	int i;

	for (i = 0; i < o->operand_count; i++)
		bare += strchr(o->operands[i], '=') == NULL;
	if (bare == 0 || (bare == o->operand_count && (bare == 8 || bare == (int)REGISTER_COUNT)))
		return 1;
	report_trouble(r, 0, "expected registers as x0=HEX, or 8 or %u bare words", REGISTER_COUNT);
	return 0;
}

static int parse_operands(const struct options *o, struct report *r, struct register_set *set)
{
	int i;

	memset(set, 0, sizeof(*set));
	if (!check_operands(o, r))
		return 0;
	for (i = 0; i < o->operand_count; i++) {
		if (!parse_register(r, 0, o->operands[i], set))
			return 0;
	}
	if ((set->given & 1) == 0)
		report_trouble(r, 0, "x0 is missing");
	return (set->given & 1) != 0;
}

static void show(const struct options *o, const struct view *v)
{
	char version[VERSION_TEXT_SIZE];

	if (o->json) {
		version_text(v->version, version);
		printf("{\"version\": \"%s\", \"%s\": {", version,
		       v->is_reply ? "reply" : "request");
		json_view(stdout, v);
		puts("}}");
		return;
	}
	if (v->is_reply) {
		fputs("-> ", stdout);
		print_reply_name(stdout, v);
	} else {
		print_name(stdout, v);
	}
	putchar('\n');
	print_fields(stdout, v);
}

enum exit_status decode_call(const struct options *o)
{
	const uint32_t version = o->version != 0 ? o->version : VERSION_ASSUMED;
	struct report report = {NULL, 0, 0};
	struct register_set set;
	struct question question;
	struct view view;

	if (!parse_operands(o, &report, &set))
		return EXIT_TROUBLE;
	if (o->reply_to == NULL) {
		view_request(&view, &set.regs, version);
	} else if (find_question(o->reply_to, &set.regs, &question)) {
		view_reply(&view, &set.regs, version, &question);
	} else {
		report_trouble(&report, 0, "--reply-to %s: no such call", o->reply_to);
		return EXIT_TROUBLE;
	}
	show(o, &view);
	report_view(&report, 0, &view);
	return report_status(&report);
}
