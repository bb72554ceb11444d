/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Stands in for Xen's <xen/types.h>: what it gives on arm64, and no more. */
#ifndef XEN_TYPES_H
#define XEN_TYPES_H

typedef unsigned char uint8_t;
typedef unsigned short uint16_t;
typedef signed int int32_t;
typedef unsigned int uint32_t;
typedef unsigned long uint64_t;

#define UINT32_MAX (4294967295U)

#endif /* XEN_TYPES_H */
