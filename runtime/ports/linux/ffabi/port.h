/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* The port header of a Linux driver. */
#ifndef FFABI_PORT_H
#define FFABI_PORT_H

#include <linux/types.h>

/* The kernel's limits are called U32_MAX and U64_MAX. */
#define UINT32_MAX 0xffffffffu
#define UINT64_MAX 0xffffffffffffffffull

#endif /* FFABI_PORT_H */
