/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* The partition manager: the sandbox's logic over tables of this machine, and who runs on it. */
#ifndef FIRMWARE_MANAGER_H
#define FIRMWARE_MANAGER_H

#include <ffabi/conduit.h>

#include "options.h"

/* 0 when the tables contradict each other or a fault cannot be injected; partitions are
 * initialised. */
int manager_start(const struct options *options);

/* A call of the normal world by that enum ffabi_conduit_type, answered in place. */
void manager_call(struct ffabi_regs *regs, uint8_t conduit);

/* Says what the normal world left behind; 1 when it is what was expected, and every fault came
 * about. */
int manager_settled(void);

#endif /* FIRMWARE_MANAGER_H */
