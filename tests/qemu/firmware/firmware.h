/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* A small firmware that serves FF-A with ffabi. */
#ifndef FIRMWARE_H
#define FIRMWARE_H

/* Says what is left, closes the trace, and ends the machine. */
void firmware_end(void) __attribute__((noreturn));
/* The same when the firmware itself is wrong. */
void firmware_broken(const char *what) __attribute__((noreturn));

#endif /* FIRMWARE_H */
