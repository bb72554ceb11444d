/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* One codec asked about everything near an input: too slow for every input, and what options of the
 * head choose. */
#ifndef FUZZ_REGISTER_SWEEPS_H
#define FUZZ_REGISTER_SWEEPS_H

#include "registers.h"

/* Values that were accepted, with each byte of them changed, in all versions, at all instances: all
 * registers are written, or none.  what is as it was afterwards. */
void fuzz_sweep_values(const struct fuzz_input *in, const struct fuzz_sum *sum, void *what);

/*
 * Registers that were accepted, with each bit of them changed, at all instances: a bit that breaks
 * a waived rule changes neither the verdict nor a value.  (With it the reader takes its slow way.)
 */
void fuzz_sweep_registers(const struct fuzz_input *in, const struct fuzz_sum *sum,
			  const struct ffabi_regs *regs);

/* Values of every kind, all else zero, in all versions. */
void fuzz_sweep_kinds(const struct fuzz_input *in, const struct fuzz_sum *sum);
/* Every function id of a convention over the registers of the input, in all versions. */
void fuzz_sweep_ids(const struct fuzz_input *in, const struct fuzz_sum *sum, enum ffabi_conv conv);

#endif /* FUZZ_REGISTER_SWEEPS_H */
