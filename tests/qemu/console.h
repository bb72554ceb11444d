/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* What a bare-metal image says and how it ends: the serial port of QEMU's virt machine, and
 * semihosting. */
#ifndef QEMU_CONSOLE_H
#define QEMU_CONSOLE_H

#include <stdint.h>

void say(const char *text);
void say_hex(uint64_t value);
void say_decimal(uint64_t value);

/* An exception where none can be: says it with FAIL, and ends the machine. */
void image_lost(uint64_t syndrome, uint64_t where, uint64_t address) __attribute__((noreturn));

/* Ends the machine; QEMU exits with the status. */
void leave(int status) __attribute__((noreturn));

/* A file on the host, written from its start; negative when the host refuses. */
int64_t host_create(const char *name);
void host_write(int64_t file, const char *bytes, uint64_t count);
void host_close(int64_t file);

/* The words with which QEMU was started: -semihosting-config arg=...; 0 when they have no room. */
int host_arguments(char *room, uint64_t size);

#endif /* QEMU_CONSOLE_H */
