/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Entry of a payload of the firmware: at EL1 or EL2, translation off. */
#include "../image.h"

	image_start
	bl	caller_main
	b	.
