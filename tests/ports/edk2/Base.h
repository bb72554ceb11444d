/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Stands in for EDK2's <Base.h>: the types of AArch64 that ffabi needs, under EDK2's names. */
#ifndef __BASE_H__
#define __BASE_H__

typedef unsigned char UINT8;
typedef unsigned short UINT16;
typedef int INT32;
typedef unsigned int UINT32;
typedef unsigned long long UINT64;

#define MAX_UINT32 ((UINT32)0xFFFFFFFF)
#define MAX_UINT64 ((UINT64)0xFFFFFFFFFFFFFFFFULL)

#endif /* __BASE_H__ */
