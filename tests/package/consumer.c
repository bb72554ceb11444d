/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* The smallest consumer: packs FFA_ID_GET, and says what it made. */
#include <ffabi/setup.h>
#include <ffabi/text.h>

#include <stdio.h>

int main(void)
{
	struct ffabi_ctx c = {0};
	struct ffabi_regs regs;

	c.version = FFABI_V1_1;
	if (ffabi_id_get_pack(&c, &regs) != FFABI_OK)
		return 1;
	printf("%s 0x%08llx\n", ffabi_function_name((uint32_t)regs.x[0]),
	       (unsigned long long)regs.x[0]);
	return 0;
}
