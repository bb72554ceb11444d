/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Entry, vectors and the way down of a firmware that owns exception level TOP (2 or 3). */
#include "../image.h"

#define FRAME_SIZE 256 /* x0-x30, and one to keep the stack aligned */

	.macro	frame op
	\op	x2, x3, [sp, #16]
	\op	x4, x5, [sp, #32]
	\op	x6, x7, [sp, #48]
	\op	x8, x9, [sp, #64]
	\op	x10, x11, [sp, #80]
	\op	x12, x13, [sp, #96]
	\op	x14, x15, [sp, #112]
	\op	x16, x17, [sp, #128]
	\op	x18, x19, [sp, #144]
	\op	x20, x21, [sp, #160]
	\op	x22, x23, [sp, #176]
	\op	x24, x25, [sp, #192]
	\op	x26, x27, [sp, #208]
	\op	x28, x29, [sp, #224]
	.endm

	image_start
	address	x0, vectors
	msr	OF_TOP(vbar_el), x0
	isb
	bl	firmware_main
	b	.

	.text
/* Runs x0 with x1 in its x0, at the level of SPSR x2; never returns. */
	.global	enter
enter:
	msr	OF_TOP(elr_el), x0
	msr	OF_TOP(spsr_el), x2
	mov	x0, x1
	mov	x1, xzr
	mov	x2, xzr
	mov	x3, xzr
	isb
	eret

/* An exception of the level below: x0-x30 go to C and come back. */
called:
	sub	sp, sp, #FRAME_SIZE
	stp	x0, x1, [sp]
	frame	stp
	str	x30, [sp, #240]
	mov	x0, sp
	mrs	x1, OF_TOP(esr_el)
	bl	firmware_called
	frame	ldp
	ldr	x30, [sp, #240]
	ldp	x0, x1, [sp]
	add	sp, sp, #FRAME_SIZE
	eret

	image_vectors called
