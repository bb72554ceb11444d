/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Targets of what travels in registers: the body is x0 to x17, little-endian; what is missing is
 * zero. */
#ifndef FUZZ_REGISTERS_H
#define FUZZ_REGISTERS_H

#include "harness.h"

void fuzz_registers(const struct fuzz_input *in, struct ffabi_regs *out);

/* A sum type with its reader and writer; out and in are of struct_size bytes. */
struct fuzz_sum {
	size_t struct_size;
	enum ffabi_rule (*unpack)(struct ffabi_ctx *c, const struct fuzz_input *in,
				  const struct ffabi_regs *regs, void *out);
	enum ffabi_rule (*pack)(struct ffabi_ctx *c, const struct fuzz_input *in, const void *what,
				struct ffabi_regs *out);
	/* The convention that the registers of what was unpacked are passed in. */
	enum ffabi_conv (*conv)(const struct fuzz_input *in, const struct ffabi_regs *regs);
	/* Makes any bytes a value whose kind may be looked at. */
	void (*make)(const struct fuzz_input *in, void *what);
};

/* As the codec, and what has to be true of every verdict. */
enum ffabi_rule fuzz_registers_unpack(const struct fuzz_input *in, const struct fuzz_sum *sum,
				      struct ffabi_ctx *c, const struct ffabi_regs *regs,
				      void *out);
enum ffabi_rule fuzz_registers_pack(const struct fuzz_input *in, const struct fuzz_sum *sum,
				    struct ffabi_ctx *c, const void *what, struct ffabi_regs *out);
/* Of values that were read strictly from regs. */
void fuzz_registers_accepted(const struct fuzz_input *in, const struct fuzz_sum *sum,
			     const struct ffabi_regs *regs, const void *what);

/* What has to be true of any registers, and of any values. */
void fuzz_registers_check(const struct fuzz_input *in, const struct fuzz_sum *sum);

#endif /* FUZZ_REGISTERS_H */
