/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Masks and fields, as constant expressions. */
#ifndef SHIM_BITFIELD_H
#define SHIM_BITFIELD_H

#define BIT(n) (1ul << (n))
#define GENMASK(hi, lo) GENMASK_ULL(hi, lo)
#define GENMASK_ULL(hi, lo) ((~0ull >> (63 - (hi))) & (~0ull << (lo)))
#define LOWEST_BIT(mask) ((mask) & -(mask))
#define FIELD_GET(mask, word) (((word) & (mask)) / LOWEST_BIT(mask))
#define FIELD_PREP(mask, value) (((value)*LOWEST_BIT(mask)) & (mask))

#endif /* SHIM_BITFIELD_H */
