/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * The least that any code has to do: the same work written by hand for one version,
 * without a single check.  Nobody should use it; it says how far the library is from
 * the end of the road, and its bytes are a second opinion on what the library writes.
 */
#ifndef BENCH_MINIMAL_H
#define BENCH_MINIMAL_H

#include <ffabi/memory.h>
#include <ffabi/transaction.h>

enum {
	MINIMAL_BORROWERS = 64,
	MINIMAL_RANGES = 4000
};

/* All of a transaction as host structures. */
struct minimal_transaction {
	struct ffabi_mem_transaction header;
	struct ffabi_mem_access access[MINIMAL_BORROWERS];
	struct ffabi_mem_composite composite;
	struct ffabi_mem_constituent ranges[MINIMAL_RANGES];
};

/* FFA_MEM_SHARE in 1.1: writes the bytes and says how many; reads every member. */
uint32_t minimal_write(const struct ffabi_mem_message *in, uint8_t *dst);
enum ffabi_rule minimal_read(const uint8_t *src, struct minimal_transaction *out);

/* FFA_MEM_SHARE64; unpack refuses what has to be zero, in 1.2 in x8 to x17 as well. */
enum ffabi_rule minimal_pack(const struct ffabi_mem_share *in, struct ffabi_regs *out);
enum ffabi_rule minimal_unpack_1_1(const struct ffabi_regs *in, struct ffabi_mem_share *out);
enum ffabi_rule minimal_unpack_1_2(const struct ffabi_regs *in, struct ffabi_mem_share *out);

#endif /* BENCH_MINIMAL_H */
