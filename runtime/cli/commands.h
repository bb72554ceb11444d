/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* What the ffabi command does, once its arguments are understood. */
#ifndef FFABI_CLI_COMMANDS_H
#define FFABI_CLI_COMMANDS_H

#include "report.h"

#include <stdint.h>

struct options {
	uint32_t version; /* 0: what the calls negotiate */
	int json;
	int buffers;
	const char *reply_to; /* a null pointer: registers are a request */
	char **operands;
	int operand_count;
};

enum exit_status decode_trace(const struct options *o);
enum exit_status decode_call(const struct options *o);

#endif /* FFABI_CLI_COMMANDS_H */
