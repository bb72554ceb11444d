/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* What goes wrong on purpose, as a word of a boot says it. */
#ifndef FIRMWARE_FAULTS_H
#define FIRMWARE_FAULTS_H

#include <spmc.h>

/*
 * WHAT:CALL:N, the Nth call from now on, without those that a word before this one
 * has answered: WHAT is a status (BUSY), or INTERRUPT for a call that
 * gives cycles away.  0 when the word says nothing that can be injected.
 */
int fault_read(const char *word, struct ffabi_spmc_fault *out);

#endif /* FIRMWARE_FAULTS_H */
