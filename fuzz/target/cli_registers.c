/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * ffabi decode call: a byte of options, then words apart by spaces; where the option asks for it,
 * the first of them names the call that is replied to.  Seeds: registers
 */
#include "command.h"

#include <stdlib.h>
#include <string.h>

#define MOST 64

static void run(const uint8_t *data, size_t n)
{
	static const uint32_t versions[] = {0, FFABI_V1_0, FFABI_V1_1, FFABI_V1_2, FFABI_V1_3};
	char *words[MOST];
	char *text, *rest = NULL, *word;
	struct options o;

	if (n == 0 || memchr(data, '\0', n) != NULL)
		return;
	text = (char *)fuzz_block(n, 0);
	memcpy(text, data + 1, n - 1);
	memset(&o, 0, sizeof(o));
	o.json = data[0] & 1;
	o.version = versions[(data[0] >> 4) % 5];
	o.operands = words;
	word = strtok_r(text, " ", &rest);
	if ((data[0] & 2) != 0 && word != NULL) {
		o.reply_to = word;
		word = strtok_r(NULL, " ", &rest);
	}
	for (; word != NULL && o.operand_count < MOST; word = strtok_r(NULL, " ", &rest))
		words[o.operand_count++] = word;
	fuzz_command(decode_call, &o, data, 0);
	free(text);
}

const struct fuzz_target fuzz_target = {"cli_registers", NULL, NULL, run};
