/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* The exception level that the firmware owns: translation, what it traps, the way down. */
#ifndef FIRMWARE_LEVEL_H
#define FIRMWARE_LEVEL_H

#include <stdint.h>

/* Memory of the machine.  All of it is mapped where it is, Normal and cacheable. */
#define RAM_START 0x40000000ull
#define RAM_NORMAL_WORLD 0x1e000000ull /* bytes from RAM_START that Linux is told of */

/* Maps memory, lets the level below have timer, interrupts and SIMD, and traps its SMC. */
void level_prepare(void);

/* Runs code at address entry with x0 = argument below; the firmware goes on when it calls. */
void level_enter(uint64_t entry, uint64_t argument) __attribute__((noreturn));

/*
 * Which enum ffabi_conduit_type the exception is; 0 when it is no call.  The caller goes
 * on after the instruction, which a trap has not passed yet.
 */
uint8_t level_conduit(uint64_t syndrome);

#endif /* FIRMWARE_LEVEL_H */
