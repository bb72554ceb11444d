/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Entry of a partition at S-EL1, translation off. */

	.macro	address register, symbol
	adrp	\register, \symbol
	add	\register, \register, :lo12:\symbol
	.endm

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
	address	x0, vectors
	msr	vbar_el1, x0
	isb
	bl	partition_main
	b	.

	.text
lost:
	mrs	x0, esr_el1
	mrs	x1, elr_el1
	mrs	x2, far_el1
	bl	partition_lost
	b	.

	.balign	2048
vectors:
	.rept	16
	b	lost
	.balign	128
	.endr
