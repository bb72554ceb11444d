/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Id lists of FFA_NOTIFICATION_INFO_GET.  Registers are worked by hand from the description of the
 * call. */
#include <ffabi/lists.h>

#include "buffers.h"

static int list_is(const struct ffabi_id_list *l, uint16_t endpoint, uint16_t count, uint16_t last)
{
	return l->endpoint_id == endpoint && l->vcpu_count == count &&
	       (count == 0 || l->vcpu_ids[count - 1] == last);
}

/* 64 bits: x3 = vCPUs of 2: 0, 1, 5; then 0x8001 alone, then vCPU 7 of 3. */
static void wide_lists(void)
{
	struct ffabi_notification_info_get_success in = {0};
	struct ffabi_id_list_cursor cur;
	struct ffabi_id_list list;
	struct ffabi_ctx c = at(FFABI_V1_1);

	in.list_count = 3;
	in.list_sizes = 3 | 0 << 2 | 1 << 4;
	in.ids[0] = 0x0005000100000002ull;
	in.ids[1] = 0x0000000700038001ull;
	ffabi_id_lists_open(&in, FFABI_SMC64, &cur);
	CHECK(ffabi_id_lists_next(&c, &cur, &list) == FFABI_OK && list_is(&list, 2, 3, 5));
	CHECK(list.vcpu_ids[0] == 0 && list.vcpu_ids[1] == 1);
	CHECK(ffabi_id_lists_next(&c, &cur, &list) == FFABI_OK && list_is(&list, 0x8001, 0, 0));
	CHECK(ffabi_id_lists_next(&c, &cur, &list) == FFABI_OK && list_is(&list, 3, 1, 7));
	CHECK(ffabi_id_lists_next(&c, &cur, &list) == FFABI_END);
}

/* 32 bits: two ids a register; the third list would begin with the eleventh id. */
static void narrow_lists(void)
{
	struct ffabi_notification_info_get_success in = {0};
	struct ffabi_id_list_cursor cur;
	struct ffabi_id_list list;
	struct ffabi_ctx c = at(FFABI_V1_1);

	in.list_count = 3;
	in.list_sizes = 3 | 3 << 2 | 1 << 4;
	in.ids[0] = 0x00010002;
	in.ids[1] = 0x00030002;
	in.ids[2] = 0x00040003;
	in.ids[3] = 0x00060005;
	in.ids[4] = 0x00000004; /* the third has an endpoint, and its vCPU 0 */
	ffabi_id_lists_open(&in, FFABI_SMC32, &cur);
	CHECK(ffabi_id_lists_next(&c, &cur, &list) == FFABI_OK && list_is(&list, 2, 3, 3));
	CHECK(ffabi_id_lists_next(&c, &cur, &list) == FFABI_OK && list_is(&list, 3, 3, 6));
	CHECK(ffabi_id_lists_next(&c, &cur, &list) == FFABI_OK && list_is(&list, 4, 1, 0));
	in.list_sizes = 3 | 3 << 2 | 2 << 4;
	ffabi_id_lists_open(&in, FFABI_SMC32, &cur);
	CHECK(ffabi_id_lists_next(&c, &cur, &list) == FFABI_OK);
	CHECK(ffabi_id_lists_next(&c, &cur, &list) == FFABI_OK);
	REFUSED(ffabi_id_lists_next(&c, &cur, &list), FFABI_E_SHORT, FFABI_F_LIST_SIZES, 2, 0x2f);
	in.list_sizes = 0;
	in.list_count = 31; /* what no codec lets through */
	ffabi_id_lists_open(&in, FFABI_SMC32, &cur);
	cur.next = 10;
	REFUSED(ffabi_id_lists_next(&c, &cur, &list), FFABI_E_SHORT, FFABI_F_LIST_COUNT, 10, 31);
}

static void written_lists(void)
{
	const struct ffabi_id_list busy = {2, 3, {0, 1, 5}}, global = {0x8001, 0, {0, 0, 0}};
	struct ffabi_notification_info_get_success out;
	struct ffabi_id_list bad = {2, 4, {0, 0, 0}};
	struct ffabi_id_list_writer w;
	struct ffabi_ctx c = at(FFABI_V1_1);

	memset(&out, 0x5a, sizeof(out));
	ffabi_id_lists_start(&out, FFABI_SMC32, &w);
	CHECK(ffabi_id_lists_add(&c, &w, &busy) == FFABI_OK &&
	      ffabi_id_lists_add(&c, &w, &global) == FFABI_OK);
	CHECK(out.list_count == 2 && out.list_sizes == 3 && out.more_pending == 0);
	CHECK(out.ids[0] == 0x00000002 && out.ids[1] == 0x00050001 && out.ids[2] == 0x8001 &&
	      out.ids[3] == 0);
	REFUSED(ffabi_id_lists_add(&c, &w, &bad), FFABI_E_RANGE, FFABI_F_LIST_SIZES, 2, 4);
	CHECK(ffabi_id_lists_add(&c, &w, &busy) == FFABI_OK);
	CHECK(ffabi_id_lists_add(&c, &w, &busy) == FFABI_END && out.more_pending == 1 &&
	      out.list_count == 3);
	CHECK(ffabi_id_lists_add(&c, &w, &global) == FFABI_OK && out.list_count == 4);
	CHECK(out.ids[4] == 0x80010005 && out.list_sizes == (3 | 3 << 4));
	ffabi_id_lists_start(&out, FFABI_SMC64, &w);
	CHECK(ffabi_id_lists_add(&c, &w, &busy) == FFABI_OK && out.ids[0] == 0x0005000100000002ull);
}

int main(void)
{
	wide_lists();
	narrow_lists();
	written_lists();
	return done();
}
