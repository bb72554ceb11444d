/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* What of PSCI 1.1 (DEN0022) and of the SMC Calling Convention (DEN0028) an OS asks of a machine
 * with one processor. */
#ifndef FIRMWARE_PSCI_H
#define FIRMWARE_PSCI_H

#include <stdint.h>

/* Answers in x[0]; 0 when the function is one of FF-A. */
int psci_call(uint64_t *x);

#endif /* FIRMWARE_PSCI_H */
