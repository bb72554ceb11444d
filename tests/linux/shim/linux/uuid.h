/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* 16 bytes in the order in which they are written. */
#ifndef SHIM_UUID_H
#define SHIM_UUID_H

#include <linux/types.h>

typedef struct {
	u8 b[16];
} uuid_t;

#endif /* SHIM_UUID_H */
