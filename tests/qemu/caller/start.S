/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Entry of a payload of the firmware: at EL1 or EL2, translation off. */

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
	bl	caller_main
	b	.
