/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* What the ffabi command does, once its arguments are understood. */
#ifndef FFABI_CLI_COMMANDS_H
#define FFABI_CLI_COMMANDS_H

#include <ffabi/calls.h>

#include <stdint.h>

#include "report.h"

struct options {
	uint32_t version; /* 0: what the calls negotiate */
	int json;
	int buffers;
	const char *reply_to; /* a null pointer: registers are a request */
	const char *known; /* file of differences that are expected, for replay */
	const char *table; /* to be decoded */
	enum ffabi_usage usage; /* 0: none given */
	uint64_t at; /* where the table begins in the file */
	uint64_t total; /* bytes of the whole descriptor; 0: the file is all of it */
	char **operands;
	int operand_count;
};

enum exit_status decode_trace(const struct options *o);
enum exit_status decode_call(const struct options *o);
enum exit_status decode_table(const struct options *o);
enum exit_status list_tables(void);
enum exit_status replay_trace(const struct options *o);

#endif /* FFABI_CLI_COMMANDS_H */
