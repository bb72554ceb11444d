/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Entry of a partition at S-EL1, translation off. */
#include "../image.h"

	image_start
	address	x0, vectors
	msr	vbar_el1, x0
	isb
	bl	partition_main
	b	.

	.text
	image_vectors lost
