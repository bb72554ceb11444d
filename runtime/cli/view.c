/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
#include "view.h"

#include <ffabi/text.h>

#include <string.h>

const struct ffabi_desc_field *view_field(const struct view *v, unsigned int i)
{
	const struct ffabi_desc_field *f = ffabi_describe_field(v->layout.first + i);

	return ffabi_desc_live(f, v->described, v->conv) ? f : NULL;
}

static int has_fields(const struct view *v)
{
	unsigned int i;

	for (i = 0; i < v->layout.count; i++) {
		if (view_field(v, i) != NULL)
			return 1;
	}
	return 0;
}

void view_describe(struct view *v, struct ffabi_desc_layout layout)
{
	const enum ffabi_conv conv = v->conv;
	uint32_t version;

	v->layout = layout;
	v->described = v->version;
	if (has_fields(v))
		return;
	for (version = FFABI_V1_0; version <= FFABI_V1_3; version++) {
		v->described = version;
		if (has_fields(v))
			return;
	}
	v->described = v->version;
	v->conv = conv == FFABI_SMC64 ? FFABI_SMC32 : FFABI_SMC64;
	if (!has_fields(v))
		v->conv = conv;
}

/* Bits of one register that the field takes. */
static uint64_t field_mask(const struct ffabi_desc_field *f, enum ffabi_conv conv)
{
	const unsigned int hi = f->hi == 63 && conv == FFABI_SMC32 ? 31 : f->hi;

	return (UINT64_MAX >> (63 - hi)) & (UINT64_MAX << f->lo);
}

/* Bits of x[n] that described fields take: reserved ones, or all. */
static uint64_t described_bits(const struct view *v, unsigned int n, int only_reserved)
{
	uint64_t bits = 0;
	unsigned int i;

	for (i = 0; i < v->layout.count; i++) {
		const struct ffabi_desc_field *f = view_field(v, i);

		if (f == NULL || n < f->first || n > f->last)
			continue;
		if (!only_reserved || f->show == FFABI_SHOW_RESERVED)
			bits |= field_mask(f, v->conv);
	}
	return bits;
}

uint64_t view_stray_bits(const struct view *v, unsigned int n)
{
	const uint64_t id = n == 0 ? UINT32_MAX : 0; /* the function id */

	return v->regs->x[n] & ~(described_bits(v, n, 0) | id);
}

uint64_t view_reserved_bits(const struct view *v, unsigned int n)
{
	return v->regs->x[n] & described_bits(v, n, 1);
}

const struct ffabi_desc_field *view_find(const struct view *v, enum ffabi_show show)
{
	unsigned int i;

	for (i = 0; i < v->layout.count; i++) {
		const struct ffabi_desc_field *f = view_field(v, i);

		if (f != NULL && f->show == show)
			return f;
	}
	return NULL;
}

uint64_t view_value_or(const struct view *v, unsigned int field, uint64_t otherwise)
{
	unsigned int i;

	for (i = 0; i < v->layout.count; i++) {
		const struct ffabi_desc_field *f = view_field(v, i);

		if (f != NULL && f->field == field)
			return ffabi_desc_value(f, v->regs, v->conv);
	}
	return otherwise;
}

uint64_t view_word(const struct view *v, unsigned int n)
{
	return v->conv == FFABI_SMC64 ? v->regs->x[n] : (uint32_t)v->regs->x[n];
}

void view_characters(const struct view *v, const struct ffabi_desc_field *f, struct characters *out)
{
	const struct ffabi_desc_field *length = ffabi_describe_field(v->layout.first + f->table);
	const uint64_t announced = ffabi_desc_value(length, v->regs, v->conv);
	const unsigned int each = v->conv == FFABI_SMC64 ? 8 : 4;
	struct ffabi_text_size n;

	n.size = each * (f->last - f->first + 1u);
	n.count = n.size;
	ffabi_get_bytes(v->regs->x, f->first, v->conv, out->bytes, &n);
	out->announced = announced < n.size ? (unsigned int)announced : n.size;
	out->used = n.size;
	while (out->used > out->announced && out->bytes[out->used - 1] == 0)
		out->used--;
}

int view_name(const struct view *v, char text[FUNCTION_TEXT_SIZE])
{
	return v->kind == VIEW_KNOWN && function_text(function_id(v->regs), text);
}

const char *view_message_name(const struct view *v)
{
	const char *name = ffabi_call_name(v->message);
	const char *carrier = ffabi_call_name(v->call);
	const size_t length = strlen(carrier);

	if (strncmp(name, carrier, length) == 0 && strncmp(name + length, ": ", 2) == 0)
		return name + length + 2;
	return name;
}

const char *view_meaning(const struct view *v, const struct ffabi_desc_field *status)
{
	const uint64_t value = ffabi_desc_value(status, v->regs, v->conv);

	if (v->question.of == FFABI_CALL_COUNT)
		return NULL;
	return ffabi_status_text(v->question.fid, (int32_t)(uint32_t)value);
}

char view_register_letter(const struct view *v, const struct ffabi_desc_field *f)
{
	return f->hi > 31 && !(f->hi == 63 && v->conv == FFABI_SMC32) ? 'x' : 'w';
}

char view_violation_letter(const struct view *v)
{
	unsigned int i;

	for (i = 0; i < v->layout.count && v->strict.value <= UINT32_MAX; i++) {
		const struct ffabi_desc_field *f = view_field(v, i);

		if (f != NULL && v->strict.at >= f->first && v->strict.at <= f->last)
			return view_register_letter(v, f);
	}
	return v->strict.value <= UINT32_MAX ? 'w' : 'x';
}
