/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* The port header of an EDK2 library. */
#ifndef FFABI_PORT_H
#define FFABI_PORT_H

#include <Base.h>

typedef UINT8 uint8_t;
typedef UINT16 uint16_t;
typedef INT32 int32_t;
typedef UINT32 uint32_t;
typedef UINT64 uint64_t;

#define UINT32_MAX MAX_UINT32
#define UINT64_MAX MAX_UINT64

#endif /* FFABI_PORT_H */
