/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Stands in for the kernel's <linux/types.h>: what it gives a driver on arm64, and no more. */
#ifndef _LINUX_TYPES_H
#define _LINUX_TYPES_H

typedef unsigned char __u8;
typedef unsigned short __u16;
typedef signed int __s32;
typedef unsigned int __u32;
typedef unsigned long long __u64; /* where <stdint.h> has unsigned long */

typedef __u8 uint8_t;
typedef __u16 uint16_t;
typedef __s32 int32_t;
typedef __u32 uint32_t;
typedef __u64 uint64_t;

#endif /* _LINUX_TYPES_H */
