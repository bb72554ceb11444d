/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* All that a parser needs to be fuzzed. */
#include "parser.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	(void)example_share(data, n);
	return 0;
}
