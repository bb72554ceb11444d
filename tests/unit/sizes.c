/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * r014: a size is compared outside sizeof.  sizeof(x == 4) is the size of an int,
 * true whatever x is; so the sizes that the contract promises are compared at run
 * time here, members of every width among them.
 */
#include <stddef.h>

#include <ffabi/diagnostics.h>
#include <ffabi/memory.h>

#include "check.h"

#define SIZE_OF(type, member) sizeof(((struct type *)0)->member)

int main(void)
{
	CHECK(sizeof(struct ffabi_violation) == 16);
	CHECK(offsetof(struct ffabi_violation, rule) == 0);
	CHECK(offsetof(struct ffabi_violation, field) == 2);
	CHECK(offsetof(struct ffabi_violation, at) == 4);
	CHECK(offsetof(struct ffabi_violation, value) == 8);
	CHECK(sizeof(struct ffabi_regs) == 18 * 8);
	CHECK(sizeof(struct ffabi_uuid) == 16);
	CHECK(sizeof(struct ffabi_ctx) == 24);

	CHECK(SIZE_OF(ffabi_mem_share, total_length) == 4);
	CHECK(SIZE_OF(ffabi_mem_share, buffer_address) == 8);
	CHECK(SIZE_OF(ffabi_mem_frag_rx, handle) == 8);
	CHECK(SIZE_OF(ffabi_mem_frag_rx, endpoint_id) == 2);
	CHECK(SIZE_OF(ffabi_mem_perm_set, data_access) == 1);
	CHECK(SIZE_OF(ffabi_console_log, chars) == 128);
	return done();
}
