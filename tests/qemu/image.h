/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* What the start of every image needs, for assembly.  TOP is the exception level it owns. */
/* clang-format off */
#ifndef QEMU_IMAGE_H
#define QEMU_IMAGE_H

#define LEVEL_2(name, level) name ## level
#define LEVEL_1(name, level) LEVEL_2(name, level)
#define OF_TOP(name) LEVEL_1(name, TOP) /* esr_el -> esr_el2 */

	.macro	address register, symbol
	adrp	\register, \symbol
	add	\register, \register, :lo12:\symbol
	.endm

/* The first instructions: a stack, and zeroes where the image says so (image.ld). */
	.macro	image_start
	.section .text.start, "ax"
	.global	_start
_start:
	address	x0, stack_top
	mov	sp, x0
	address	x0, bss_start
	address	x1, bss_end
1:	str	xzr, [x0], #8
	cmp	x0, x1
	b.lo	1b
	.endm

/*
 * Vectors: synchronous exceptions of the level below go to handler; all others to
 * image_lost(), which is told the syndrome, where it was and for what address.
 */
	.macro	image_vectors handler
lost:
	mrs	x0, OF_TOP(esr_el)
	mrs	x1, OF_TOP(elr_el)
	mrs	x2, OF_TOP(far_el)
	bl	image_lost
	b	.

	.balign	2048
vectors:
	.rept	8
	b	lost
	.balign	128
	.endr
	b	\handler
	.balign	128
	.rept	7
	b	lost
	.balign	128
	.endr
	.endm

#endif /* QEMU_IMAGE_H */
