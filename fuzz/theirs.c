/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * The mutator for any parser: the input is one table, and nothing else.  Given when it is compiled:
 * FUZZ_SHAPE, a table of generated/fuzz/shapes.h; FUZZ_MINOR, the version 1.x; FUZZ_USE, enum
 * ffabi_usage, or 0.
 */
#include "mutate.h"
#include "shapes.h"

#include <ffabi/calls.h>

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)

size_t LLVMFuzzerMutate(uint8_t *data, size_t n, size_t max) __attribute__((weak));
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t n, size_t max, unsigned int seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t na, const uint8_t *b, size_t nb,
				 uint8_t *out, size_t max, unsigned int seed);

static const struct fuzz_meaning meaning = {&JOIN(fuzz_shape_, FUZZ_SHAPE), FUZZ_MINOR, FUZZ_USE};

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t n, size_t max, unsigned int seed)
{
	if (seed % 8 == 0 && LLVMFuzzerMutate != NULL)
		return LLVMFuzzerMutate(data, n, max);
	return fuzz_mutate(&meaning, data, n, max, seed);
}

size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t na, const uint8_t *b, size_t nb,
				 uint8_t *out, size_t max, unsigned int seed)
{
	return fuzz_cross(&meaning, a, na, b, nb, out, max, seed);
}

#ifdef FUZZ_FOR_AFL
/* AFL_CUSTOM_MUTATOR_LIBRARY: the same for AFL++. */
static unsigned int drawn;
static uint8_t made[1u << 20];

void *afl_custom_init(void *afl, unsigned int seed);
size_t afl_custom_fuzz(void *self, uint8_t *data, size_t n, uint8_t **out, const uint8_t *other,
		       size_t other_n, size_t max);
void afl_custom_deinit(void *self);

void *afl_custom_init(void *afl, unsigned int seed)
{
	(void)afl;
	drawn = seed;
	return &drawn;
}

size_t afl_custom_fuzz(void *self, uint8_t *data, size_t n, uint8_t **out, const uint8_t *other,
		       size_t other_n, size_t max)
{
	(void)self;
	max = max < sizeof(made) ? max : sizeof(made);
	*out = made;
	drawn = drawn * 1103515245u + 12345u;
	if (other != NULL && other_n != 0 && drawn % 4 == 0)
		return fuzz_cross(&meaning, data, n, other, other_n, made, max, drawn);
	for (size_t i = 0; i < n && i < max; i++)
		made[i] = data[i];
	return fuzz_mutate(&meaning, made, n < max ? n : max, max, drawn);
}

void afl_custom_deinit(void *self)
{
	(void)self;
}
#endif
