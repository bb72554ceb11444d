/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Id lists in the registers of FFA_NOTIFICATION_INFO_GET: who has notifications pending. */
#include <ffabi/lists.h>

#define SUCCESS struct ffabi_notification_info_get_success
#define REGISTERS (sizeof(((SUCCESS *)0)->ids) / sizeof(((SUCCESS *)0)->ids[0]))
#define ID_BITS (8u * (unsigned int)sizeof(uint16_t))
#define COUNT_BITS 2u /* of list_sizes a list */

#define IDS_PER_X ((unsigned int)(sizeof(uint64_t) / sizeof(uint16_t)))
#define IDS_PER_W ((unsigned int)(sizeof(uint32_t) / sizeof(uint16_t)))

static unsigned int ids_per_register(enum ffabi_conv conv)
{
	return conv == FFABI_SMC64 ? IDS_PER_X : IDS_PER_W;
}

/* Divided by constants: division by a variable calls a function on 32-bit Arm. */
static unsigned int register_of(enum ffabi_conv conv, unsigned int i)
{
	return conv == FFABI_SMC64 ? i / IDS_PER_X : i / IDS_PER_W;
}

static unsigned int shift_of(enum ffabi_conv conv, unsigned int i)
{
	return ID_BITS * (conv == FFABI_SMC64 ? i % IDS_PER_X : i % IDS_PER_W);
}

void ffabi_id_lists_open(const SUCCESS *in, enum ffabi_conv conv, struct ffabi_id_list_cursor *cur)
{
	cur->in = in;
	cur->conv = conv;
	cur->next = 0;
	cur->taken = 0;
}

static uint16_t id_at(const struct ffabi_id_list_cursor *cur, unsigned int i)
{
	return (uint16_t)(cur->in->ids[register_of(cur->conv, i)] >> shift_of(cur->conv, i));
}

enum ffabi_rule ffabi_id_lists_next(struct ffabi_ctx *c, struct ffabi_id_list_cursor *cur,
				    struct ffabi_id_list *out)
{
	const unsigned int room = ids_per_register(cur->conv) * REGISTERS;
	unsigned int i;

	if (cur->next >= cur->in->list_count)
		return FFABI_END;
	if (cur->next >= room)
		return ffabi_fail(c, FFABI_E_SHORT, FFABI_F_LIST_COUNT, cur->next,
				  cur->in->list_count);
	out->vcpu_count =
		(uint16_t)(cur->in->list_sizes >> COUNT_BITS * cur->next & FFABI_ID_LIST_VCPUS);
	if (1u + out->vcpu_count > room - cur->taken)
		return ffabi_fail(c, FFABI_E_SHORT, FFABI_F_LIST_SIZES, cur->next,
				  cur->in->list_sizes);
	out->endpoint_id = id_at(cur, cur->taken);
	for (i = 0; i < FFABI_ID_LIST_VCPUS; i++)
		out->vcpu_ids[i] = i < out->vcpu_count ? id_at(cur, cur->taken + 1 + i) : 0;
	cur->taken += 1u + out->vcpu_count;
	cur->next++;
	return FFABI_OK;
}

void ffabi_id_lists_start(SUCCESS *out, enum ffabi_conv conv, struct ffabi_id_list_writer *w)
{
	unsigned int i;

	out->more_pending = 0;
	out->list_count = 0;
	out->list_sizes = 0;
	for (i = 0; i < REGISTERS; i++)
		out->ids[i] = 0;
	w->out = out;
	w->conv = conv;
	w->taken = 0;
}

static void put_id(struct ffabi_id_list_writer *w, uint16_t id)
{
	w->out->ids[register_of(w->conv, w->taken)] |= (uint64_t)id << shift_of(w->conv, w->taken);
	w->taken++;
}

enum ffabi_rule ffabi_id_lists_add(struct ffabi_ctx *c, struct ffabi_id_list_writer *w,
				   const struct ffabi_id_list *in)
{
	const unsigned int room = ids_per_register(w->conv) * REGISTERS;
	unsigned int i;

	if (in->vcpu_count > FFABI_ID_LIST_VCPUS)
		return ffabi_fail(c, FFABI_E_RANGE, FFABI_F_LIST_SIZES, w->out->list_count,
				  in->vcpu_count);
	if (1u + in->vcpu_count > room - w->taken) {
		w->out->more_pending = 1;
		return FFABI_END;
	}
	w->out->list_sizes |= (uint64_t)in->vcpu_count << COUNT_BITS * w->out->list_count;
	w->out->list_count++;
	put_id(w, in->endpoint_id);
	for (i = 0; i < in->vcpu_count; i++)
		put_id(w, in->vcpu_ids[i]);
	return FFABI_OK;
}
