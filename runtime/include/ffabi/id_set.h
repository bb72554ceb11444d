/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Which ids were met, roughly: spares comparing each with all before it. */
#ifndef FFABI_ID_SET_H
#define FFABI_ID_SET_H

#include <ffabi/port.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Ids by their last six bits, in words of 32: no target calls a function to shift those. */
struct ffabi_id_set {
	uint32_t bits[2];
};

/* 0: the id is new; else it may have been met, or another one with the same last bits. */
static inline int ffabi_met(struct ffabi_id_set *s, uint16_t id)
{
	const uint32_t bit = 1u << (id & 31);
	uint32_t *const word = &s->bits[id >> 5 & 1];
	const int found = (*word & bit) != 0;

	*word |= bit;
	return found;
}

#ifdef __cplusplus
}
#endif

#endif /* FFABI_ID_SET_H */
