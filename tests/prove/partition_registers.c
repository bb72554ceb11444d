/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Partition information in the registers of FFA_PARTITION_INFO_GET_REGS.  The library puts
 * the words of an entry into a union and reads its bytes.
 * unwind: 20
 * flags: -Uunion
 */
#include <ffabi/lists.h>
#include <prove.h>

/* The library's own copy of an entry is all that is loaded. */
void ffabi_load_hook(const volatile uint8_t *p, unsigned int n)
{
	CLAIM("a load inside an object", __CPROVER_r_ok((const void *)p, n));
}

/* ffabi_partition_of_regs */
void prove_partition_of_regs(void)
{
	struct ffabi_ctx c = any_context(), s = c;
	struct ffabi_partition_info_get_regs_success in;
	struct ffabi_partition_info out;
	enum ffabi_rule rule;
	uint32_t i;

	rule = ffabi_partition_of_regs(&c, &in, i, &out);
	CLAIM("version, waivers and instance stay",
	      c.version == s.version && c.waive == s.waive && c.instance == s.instance);
	CLAIM("nothing beyond the registers",
	      rule == FFABI_END || (i < 15 && (i + 1) * (in.descriptor_size / 8) <= 15));
	if (rule == FFABI_OK)
		REACHED("an entry");
	else
		REACHED("none");
}

/* ffabi_partition_to_regs */
void prove_partition_to_regs(void)
{
	struct ffabi_ctx c = any_context();
	struct ffabi_partition_info_get_regs_success out, before;
	const struct ffabi_partition_info in;
	enum ffabi_rule rule;
	uint32_t i, k, words;

	GIVEN(k < 15);
	before = out;
	words = ffabi_partition_info_size(c.version) / 8;
	rule = ffabi_partition_to_regs(&c, &in, i, &out);
	if (rule != FFABI_OK) {
		REACHED("refused, or no room");
		CLAIM("the registers stay", out.descriptors[k] == before.descriptors[k] &&
						    out.descriptor_size == before.descriptor_size);
		return;
	}
	REACHED("put");
	CLAIM("inside the registers", (i + 1) * words <= 15 && out.descriptor_size == 8 * words);
	CLAIM("its own registers and no others",
	      (k >= i * words && k < (i + 1) * words) ||
		      out.descriptors[k] == before.descriptors[k]);
}
