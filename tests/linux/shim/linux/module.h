/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* No option of the kernel is on. */
#ifndef SHIM_MODULE_H
#define SHIM_MODULE_H

#define IS_REACHABLE(option) 0

struct module;

#endif /* SHIM_MODULE_H */
