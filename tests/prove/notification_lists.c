/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Id lists in the registers of FFA_NOTIFICATION_INFO_GET: one step from any state that the
 * functions leave, so any number of steps.
 * unwind: 6
 */
#include <ffabi/lists.h>
#include <prove.h>

#define IDS(conv) (5u * ((conv) == FFABI_SMC64 ? 4 : 2)) /* x3 to x7 */

/* Lists of a writer that has been used: each has one id at least, and its size is said. */
static struct ffabi_id_list_writer any_writer(struct ffabi_notification_info_get_success *out)
{
	struct ffabi_id_list_writer w;

	w.out = out;
	w.conv = any_conv();
	GIVEN(w.taken <= IDS(w.conv) && out->list_count <= w.taken);
	return w;
}

/* ffabi_id_lists_start */
void prove_id_lists_start(void)
{
	struct ffabi_notification_info_get_success out;
	const enum ffabi_conv conv = any_conv();
	struct ffabi_id_list_writer w;
	unsigned int i;

	ffabi_id_lists_start(&out, conv, &w);
	REACHED("begun");
	CLAIM("where any step begins", w.out == &out && w.conv == conv && w.taken == 0);
	CLAIM("no list yet", out.list_count == 0 && out.list_sizes == 0 && out.more_pending == 0);
	GIVEN(i < 5);
	CLAIM("no id yet", out.ids[i] == 0);
}

/* ffabi_id_lists_add, from any state that start and add leave */
void prove_id_lists_add(void)
{
	struct ffabi_ctx c = any_context();
	struct ffabi_notification_info_get_success out, old;
	struct ffabi_id_list_writer w = any_writer(&out);
	const unsigned int taken = w.taken;
	struct ffabi_id_list in;
	enum ffabi_rule rule;
	unsigned int i;

	GIVEN(i < 5);
	old = out;
	rule = ffabi_id_lists_add(&c, &w, &in);
	CLAIM("never beyond the registers", w.taken <= IDS(w.conv));
	if (rule != FFABI_OK) {
		REACHED("refused, or no room");
		CLAIM("nothing is added", w.taken == taken && out.list_count == old.list_count &&
						  out.list_sizes == old.list_sizes &&
						  out.ids[i] == old.ids[i]);
		CLAIM("a list with more than 3 vCPUs is refused, one without room is pending",
		      rule == (in.vcpu_count > FFABI_ID_LIST_VCPUS ? FFABI_E_RANGE : FFABI_END));
		CLAIM("only then is more pending", rule != FFABI_END || out.more_pending == 1);
		return;
	}
	REACHED("added");
	CLAIM("one more list", out.list_count == old.list_count + 1);
	CLAIM("its ids are taken", w.taken == taken + 1 + in.vcpu_count);
	CLAIM("a later step begins like this one", out.list_count <= w.taken);
}

/* ffabi_id_lists_next, from any state that open and next leave */
void prove_id_lists_next(void)
{
	struct ffabi_ctx c = any_context();
	struct ffabi_notification_info_get_success in;
	struct ffabi_id_list_cursor cur, old;
	struct ffabi_id_list out;
	enum ffabi_rule rule;
	unsigned int i;

	cur.in = &in;
	cur.conv = any_conv();
	GIVEN(cur.next <= cur.taken && cur.taken <= IDS(cur.conv) && i < FFABI_ID_LIST_VCPUS);
	old = cur;
	rule = ffabi_id_lists_next(&c, &cur, &out);
	CLAIM("the same registers", cur.in == &in && cur.conv == old.conv);
	if (rule != FFABI_OK) {
		REACHED("the end, or refused");
		CLAIM("it stays where it is", cur.next == old.next && cur.taken == old.taken);
		CLAIM("the end when all that were said are read",
		      (rule == FFABI_END) == (old.next >= in.list_count));
		return;
	}
	REACHED("a list");
	CLAIM("no more than were said", old.next < in.list_count);
	CLAIM("its ids are taken",
	      cur.next == old.next + 1 && cur.taken == old.taken + 1 + out.vcpu_count);
	CLAIM("a later step begins like this one",
	      cur.next <= cur.taken && cur.taken <= IDS(cur.conv));
	CLAIM("no id beyond those", i < out.vcpu_count || out.vcpu_ids[i] == 0);
}

static int same_list(const struct ffabi_id_list *a, const struct ffabi_id_list *b, unsigned int i)
{
	return a->endpoint_id == b->endpoint_id && a->vcpu_count == b->vcpu_count &&
	       (i >= a->vcpu_count || a->vcpu_ids[i] == b->vcpu_ids[i]);
}

/* ffabi_id_lists_add, ffabi_id_lists_open, ffabi_id_lists_next; 3 lists */
void prove_id_lists_read_back(void)
{
	struct ffabi_ctx c = any_context();
	struct ffabi_notification_info_get_success regs;
	const enum ffabi_conv conv = any_conv();
	struct ffabi_id_list_writer w;
	struct ffabi_id_list_cursor cur;
	struct ffabi_id_list in[3], out;
	unsigned int i, j, count = 0;

	GIVEN(j < FFABI_ID_LIST_VCPUS);
	ffabi_id_lists_start(&regs, conv, &w);
	while (count < 3 && ffabi_id_lists_add(&c, &w, &in[count]) == FFABI_OK)
		count++;
	ffabi_id_lists_open(&regs, conv, &cur);
	for (i = 0; i < count; i++) {
		CLAIM("what was written is read", ffabi_id_lists_next(&c, &cur, &out) == FFABI_OK);
		CLAIM("as it was", same_list(&in[i], &out, j));
	}
	CLAIM("and nothing else", ffabi_id_lists_next(&c, &cur, &out) == FFABI_END);
	REACHED("the end");
}
