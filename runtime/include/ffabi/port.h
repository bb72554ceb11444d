/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * The one header to replace when ffabi moves into another tree: it supplies
 * uint8_t, uint16_t, uint32_t, uint64_t and int32_t, and nothing else.
 */
#ifndef FFABI_PORT_H
#define FFABI_PORT_H

#include <stdint.h>

#endif /* FFABI_PORT_H */
