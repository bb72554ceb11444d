/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Values as JSON. */
#ifndef FFABI_CLI_JSON_VALUE_H
#define FFABI_CLI_JSON_VALUE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

void json_string(FILE *out, const char *text);
/* Bytes as the characters of a string. */
void json_bytes(FILE *out, const uint8_t *bytes, size_t n);
/* "0x1f" */
void json_hex(FILE *out, uint64_t value);
/* A number, or a string where readers would lose digits. */
void json_number(FILE *out, uint64_t value);
/* A value by enum ffabi_show, with the table of its enumerators or flags. */
void json_scalar(FILE *out, unsigned int show, unsigned int table, uint64_t value);

#endif /* FFABI_CLI_JSON_VALUE_H */
