/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* <linux/arm-smccc.h> includes it and needs nothing of it here. */
