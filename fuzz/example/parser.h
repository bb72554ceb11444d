/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
#ifndef FUZZ_EXAMPLE_PARSER_H
#define FUZZ_EXAMPLE_PARSER_H

#include <stddef.h>
#include <stdint.h>

/* Pages of a memory transaction descriptor of n bytes, or a negative number. */
int64_t example_share(const uint8_t *data, size_t n);

#endif /* FUZZ_EXAMPLE_PARSER_H */
