/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* The port header of Xen. */
#ifndef FFABI_PORT_H
#define FFABI_PORT_H

#include <xen/types.h>

#define UINT64_MAX 0xffffffffffffffffull /* Xen has limits up to 32 bits only */

#endif /* FFABI_PORT_H */
