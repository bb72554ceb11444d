/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Id lists of FFA_NOTIFICATION_INFO_GET: the body is x0 to x17, or, where they are no reply, the
 * values of one; bit 16 of the number of the head is the convention.  Seeds: reply
 */
#include "registers.h"

#include <ffabi/lists.h>

#include <stdlib.h>
#include <string.h>

#define MOST 32u
#define SUCCESS struct ffabi_notification_info_get_success

static unsigned int room(enum ffabi_conv conv)
{
	return conv == FFABI_SMC64 ? 20 : 10;
}

/* All lists, at most one more than ids there are: how many, and the verdict. */
static unsigned int read_lists(struct ffabi_ctx *c, const SUCCESS *s, enum ffabi_conv conv,
			       struct ffabi_id_list *out, enum ffabi_rule *verdict)
{
	struct ffabi_id_list_cursor cur;
	unsigned int count = 0, ids = 0;
	enum ffabi_rule rule;

	ffabi_id_lists_open(s, conv, &cur);
	while ((rule = ffabi_id_lists_next(c, &cur, &out[count])) == FFABI_OK) {
		const struct ffabi_id_list *l = &out[count++];

		ids += 1u + l->vcpu_count;
		REQUIRE(1, l->vcpu_count <= FFABI_ID_LIST_VCPUS && ids <= room(conv),
			"more ids than registers hold");
		for (unsigned int i = l->vcpu_count; i < FFABI_ID_LIST_VCPUS; i++)
			REQUIRE(10, l->vcpu_ids[i] == 0, "a vCPU that is not there");
	}
	*verdict = rule;
	if (rule == FFABI_END)
		REQUIRE(1, count == s->list_count, "another count of lists");
	else
		fuzz_judge_refusal(c, rule, MOST);
	return count;
}

static int same(const struct ffabi_id_list *a, const struct ffabi_id_list *b)
{
	return a->endpoint_id == b->endpoint_id && a->vcpu_count == b->vcpu_count &&
	       !memcmp(a->vcpu_ids, b->vcpu_ids, a->vcpu_count * sizeof(a->vcpu_ids[0]));
}

/* Lists one after the other, as far as there is room: they are read again. */
static void write_lists(const struct fuzz_input *in, enum ffabi_conv conv,
			const struct ffabi_id_list *lists, unsigned int count)
{
	struct ffabi_id_list back[MOST + 1], given[MOST];
	struct ffabi_id_list_writer w;
	struct ffabi_ctx c = in->c;
	unsigned int added = 0;
	SUCCESS out;
	enum ffabi_rule rule;

	memset(&out, 0xa5, sizeof(out));
	ffabi_id_lists_start(&out, conv, &w);
	for (unsigned int i = 0; i < count; i++) {
		const SUCCESS before = out;

		rule = ffabi_id_lists_add(&c, &w, &lists[i]);
		if (rule == FFABI_OK) {
			given[added++] = lists[i];
			continue;
		}
		REQUIRE(6,
			out.list_count == before.list_count &&
				out.list_sizes == before.list_sizes &&
				!memcmp(out.ids, before.ids, sizeof(out.ids)),
			"a list without room leaves something");
		if (rule == FFABI_END)
			REQUIRE(4, out.more_pending == 1, "nobody is told that there is more");
		else
			REQUIRE(4, lists[i].vcpu_count > FFABI_ID_LIST_VCPUS, "a list is refused");
	}
	REQUIRE(5, read_lists(&c, &out, conv, back, &rule) == added && rule == FFABI_END,
		"lists that were written are refused");
	for (unsigned int i = 0; i < added; i++)
		REQUIRE(5, same(&given[i], &back[i]), "lists that were written read differently");
}

static void run(const struct fuzz_input *in)
{
	const enum ffabi_conv asked = (in->number >> 16 & 1) != 0 ? FFABI_SMC64 : FFABI_SMC32;
	struct ffabi_notification_info_get_reply reply;
	struct ffabi_id_list lists[MOST + 1], any[MOST];
	struct ffabi_ctx c = in->c;
	struct ffabi_regs regs;
	enum ffabi_rule rule;
	SUCCESS s;

	fuzz_registers(in, &regs);
	memset(&s, 0, sizeof(s));
	memcpy(&s, in->body, in->n < sizeof(s) ? in->n : sizeof(s));
	if (ffabi_notification_info_get_reply_unpack(&c, asked, &regs, &reply) == FFABI_OK &&
	    reply.kind == FFABI_CALL_SUCCESS)
		s = reply.u.success;
	memset(lists, 0xee, sizeof(lists));
	write_lists(in, asked, lists, read_lists(&c, &s, asked, lists, &rule));
	memset(any, 0, sizeof(any));
	memcpy(any, in->body, in->n < sizeof(any) ? in->n : sizeof(any));
	write_lists(in, asked, any, in->options % MOST);
}

const struct fuzz_target fuzz_target = {"id_lists", NULL, run, NULL};
