/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Adds to the types of tests/ports/linux/ what <linux/arm_ffa.h> needs besides. */
#ifndef SHIM_TYPES_H
#define SHIM_TYPES_H

#include_next <linux/types.h>

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __SIZE_TYPE__ size_t;
typedef _Bool bool;

#define false 0
#define NULL ((void *)0)
#define EINVAL 22
#define offsetof(type, member) __builtin_offsetof(type, member)

#endif /* SHIM_TYPES_H */
