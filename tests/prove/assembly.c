/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Putting fragments together: one step from any state, so any number of steps.
 * unwind: 20
 */
#include <bytes.h>
#include <ffabi/transaction.h>

/* ffabi_mem_assemble; any buffer */
void prove_mem_assemble(void)
{
	struct ffabi_ctx c = any_context();
	_Alignas(8) uint8_t whole[32];
	struct ffabi_dst dst = {whole, 0};
	struct ffabi_mem_assembly a;
	uint32_t total;
	uint64_t len;

	GIVEN(len <= sizeof(whole));
	dst.len = len;
	if (ffabi_mem_assemble(&c, &dst, total, &a) != FFABI_OK) {
		REACHED("refused");
		return;
	}
	REACHED("begun");
	CLAIM("the whole has room", a.total == total && total <= len && total % 8 == 0);
	CLAIM("nothing is here yet", a.received == 0);
}

/* ffabi_mem_add; buffers up to 32 bytes, from any state that assemble and add leave */
void prove_mem_add(void)
{
	struct ffabi_ctx c = any_context();
	_Alignas(8) uint8_t whole[32], before[32], fragment[32];
	struct ffabi_mem_assembly a, old;
	struct ffabi_src src = {fragment, 0};
	enum ffabi_rule rule;
	uint64_t len, k;
	uint32_t n;

	a.dst.base = whole;
	GIVEN(a.dst.len <= sizeof(whole) && a.total <= a.dst.len && a.total % 8 == 0);
	GIVEN(a.received <= a.total && a.received % 8 == 0);
	GIVEN(len <= sizeof(fragment) && k < sizeof(whole));
	src.len = len;
	old = a;
	__CPROVER_array_copy(before, whole);
	watch(fragment, len);
	rule = ffabi_mem_add(&c, &a, &src, n);
	CLAIM("the whole is where it was",
	      a.dst.base == whole && a.dst.len == old.dst.len && a.total == old.total);
	if (rule != FFABI_OK && rule != FFABI_END) {
		REACHED("refused");
		CLAIM("nothing remains of it", a.received == old.received && whole[k] == before[k]);
		return;
	}
	REACHED("added");
	CLAIM("it was there, and was missing",
	      n != 0 && n % 8 == 0 && n <= len && n <= old.total - old.received);
	CLAIM("it is counted", a.received == old.received + n);
	CLAIM("the last one is told", (rule == FFABI_END) == (a.received == a.total));
	CLAIM("its bytes and no others",
	      whole[k] == (k - old.received < n ? fragment[k - old.received] : before[k]));
}
