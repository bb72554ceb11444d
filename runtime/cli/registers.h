/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Registers as people write them: x0=84000073, w1=0x60, or bare hexadecimal words. */
#ifndef FFABI_CLI_REGISTERS_H
#define FFABI_CLI_REGISTERS_H

#include <ffabi/core.h>

#include <stddef.h>

#include "report.h"

#define REGISTER_COUNT 18u
#define X0_TO_X7 0xffu

struct register_set {
	struct ffabi_regs regs; /* zero where not given */
	uint32_t given; /* bit n: x[n] */
	unsigned int bare; /* how many were given as bare words */
};

/* Up to 16 digits, 0x in front and _ between digits allowed. */
int parse_hex(const char *text, uint64_t *value);
int parse_decimal(const char *text, uint64_t *value);

/* Takes the next word off *rest, ending it with a null character; a null pointer at the end. */
char *next_word(char **rest);

/* One word into the set; reports what is wrong and returns 0. */
int parse_register(struct report *r, size_t line, const char *word, struct register_set *set);

/* All words of a line of a trace: x0-x7 must be there, x8-x17 may be. */
int parse_register_line(struct report *r, size_t line, char *words, struct register_set *set);

#endif /* FFABI_CLI_REGISTERS_H */
