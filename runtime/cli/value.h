/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Values as text for people. */
#ifndef FFABI_CLI_VALUE_H
#define FFABI_CLI_VALUE_H

#include <stdio.h>

#include "view.h"

/* column is where further lines of a long value begin. */
void print_value(FILE *out, const struct view *v, const struct ffabi_desc_field *f, int column);

/* A value by enum ffabi_show, with the table of its enumerators or flags. */
void print_scalar(FILE *out, unsigned int show, unsigned int table, uint64_t value);

/* A C string literal; n bytes of any value. */
void print_quoted(FILE *out, const uint8_t *bytes, size_t n);

/* Text from a file, harmless for a terminal. */
void print_plain(FILE *out, const char *text);

#define UUID_TEXT_SIZE 37
void uuid_bytes_text(const uint8_t bytes[16], char text[UUID_TEXT_SIZE]);
void uuid_text(const struct view *v, const struct ffabi_desc_field *f, char text[UUID_TEXT_SIZE]);

/* "1.1", or the bare number when it is no version. */
#define VERSION_TEXT_SIZE 16
void version_text(uint64_t version, char text[VERSION_TEXT_SIZE]);

/* "w2", "x3-x7", "w1[31:16]" */
#define REGISTERS_TEXT_SIZE 24
void registers_text(const struct view *v, const struct ffabi_desc_field *f,
		    char text[REGISTERS_TEXT_SIZE]);

#endif /* FFABI_CLI_VALUE_H */
