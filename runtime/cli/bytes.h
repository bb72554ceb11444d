/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Bytes from a file: as they are, or written as hexadecimal digits. */
#ifndef FFABI_CLI_BYTES_H
#define FFABI_CLI_BYTES_H

#include <stddef.h>
#include <stdint.h>

#include "report.h"

struct bytes {
	uint8_t *data; /* as aligned as malloc makes it */
	size_t count, capacity;
};

/*
 * A file, or standard input for "-".  A file of nothing but text holds pairs of
 * digits: "0010: 2f00 01" on a line, # starts a comment.  Reports what is wrong and
 * returns 0; out is to be released in any case.
 */
int load_bytes(struct report *r, const char *file, struct bytes *out);
void release_bytes(struct bytes *b);

#endif /* FFABI_CLI_BYTES_H */
