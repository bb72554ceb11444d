/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Reading values out of registers by the generated description tables. */
#include <ffabi/describe.h>

#define ALL 0xffffffffffffffffull
#define LOW 0xffffffffull

int ffabi_desc_live(const struct ffabi_desc_field *f, uint32_t version, enum ffabi_conv conv)
{
	const uint32_t minor = version - FFABI_V1_0;

	if (minor > 3)
		return 0;
	return f->live >> (conv != FFABI_SMC32 ? 4 + minor : minor) & 1;
}

static uint64_t bits_of(uint64_t reg, unsigned int hi, unsigned int lo)
{
	return reg >> lo & (ALL >> (63 - hi + lo));
}

uint64_t ffabi_desc_value(const struct ffabi_desc_field *f, const struct ffabi_regs *r,
			  enum ffabi_conv conv)
{
	const unsigned int hi = f->hi == 63 && conv == FFABI_SMC32 ? 31 : f->hi;

	if (f->last == f->first + 1 && f->hi == 31)
		return (r->x[f->first] & LOW) | r->x[f->last] << 32;
	return bits_of(r->x[f->first], hi, f->lo) + f->bias;
}

void ffabi_desc_uuid(const struct ffabi_desc_field *f, const struct ffabi_regs *r,
		     struct ffabi_uuid *out)
{
	const uint64_t *x = r->x + f->first;

	if (f->last == f->first + 1) {
		out->lo = x[0];
		out->hi = x[1];
	} else {
		out->lo = (x[0] & LOW) | x[1] << 32;
		out->hi = (x[2] & LOW) | x[3] << 32;
	}
}
