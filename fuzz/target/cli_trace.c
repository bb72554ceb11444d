/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* ffabi decode trace: the first byte chooses the options.  Seeds: captures */
#include "command.h"

#include <string.h>

static void run(const uint8_t *data, size_t n)
{
	static const uint32_t versions[] = {0, FFABI_V1_0, FFABI_V1_1, FFABI_V1_2, FFABI_V1_3};
	char *operands[] = {(char[]){"-"}};
	struct options o;

	if (n == 0)
		return;
	memset(&o, 0, sizeof(o));
	o.json = data[0] & 1;
	o.buffers = data[0] >> 1 & 1;
	o.version = versions[(data[0] >> 4) % 5];
	o.operands = operands;
	o.operand_count = 1;
	fuzz_command(decode_trace, &o, data + 1, n - 1);
}

const struct fuzz_target fuzz_target = {"cli_trace", NULL, NULL, run};
