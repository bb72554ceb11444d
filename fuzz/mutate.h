/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Mutation of tables by their shape.  It needs shape.c and generated/fuzz/shapes.c, nothing of the
 * library, so that it serves any parser of FF-A descriptors.  Not reentrant.
 */
#ifndef FUZZ_MUTATE_H
#define FUZZ_MUTATE_H

#include "shape.h"

/* What the bytes are meant to be: version 0 to 3, usage as enum ffabi_usage or 0. */
struct fuzz_meaning {
	const struct fuzz_shape *shape;
	unsigned int version;
	unsigned int usage;
};

/*
 * Changes n bytes of data, which has room for max, and returns how many there are then.  Elements
 * come, go and change places, fields get legal or extreme values, strides and gaps grow; counts,
 * offsets, strides and sums then agree again, and in every other case one of them is broken.
 */
size_t fuzz_mutate(const struct fuzz_meaning *m, uint8_t *data, size_t n, size_t max,
		   unsigned int seed);

/* The elements of one among those of the other; returns the bytes in out. */
size_t fuzz_cross(const struct fuzz_meaning *m, const uint8_t *a, size_t na, const uint8_t *b,
		  size_t nb, uint8_t *out, size_t max, unsigned int seed);

/* Bytes as bytes: bits flipped, bytes set, moved, inserted, erased; one is taken from the other. */
size_t fuzz_mutate_bytes(uint8_t *data, size_t n, size_t max, unsigned int seed);
size_t fuzz_cross_bytes(const uint8_t *a, size_t na, const uint8_t *b, size_t nb, uint8_t *out,
			size_t max, unsigned int seed);

#endif /* FUZZ_MUTATE_H */
