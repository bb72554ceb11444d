/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* The mutator of libFuzzer for our own targets: the head chooses what the body is meant to be. */
#include "harness.h"
#include "mutate.h"

#include <string.h>

size_t LLVMFuzzerMutate(uint8_t *data, size_t n, size_t max) __attribute__((weak));
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t n, size_t max, unsigned int seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t na, const uint8_t *b, size_t nb,
				 uint8_t *out, size_t max, unsigned int seed);

static size_t plain(uint8_t *data, size_t n, size_t max, unsigned int seed)
{
	return LLVMFuzzerMutate != NULL ? LLVMFuzzerMutate(data, n, max)
					: fuzz_mutate_bytes(data, n, max, seed);
}

/* What the body is meant to be; 0: bytes. */
static int meaning(const uint8_t *data, size_t n, struct fuzz_meaning *m)
{
	struct fuzz_input in;

	if (fuzz_target.shape == NULL || !fuzz_split(data, n, &in))
		return 0;
	m->shape = fuzz_target.shape;
	m->version = fuzz_version(in.c.version);
	m->usage = m->shape->usages != 0 ? in.usage : 0;
	return m->version < FUZZ_VERSIONS;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t n, size_t max, unsigned int seed)
{
	struct fuzz_meaning m;

	if (seed % 8 == 0 || !meaning(data, n, &m) || max <= FUZZ_HEAD)
		return plain(data, n, max, seed);
	if (seed % 8 == 1) /* another context for the same bytes */
		data[seed / 8 % FUZZ_HEAD] = (uint8_t)(seed >> 16);
	return FUZZ_HEAD + fuzz_mutate(&m, data + FUZZ_HEAD, n - FUZZ_HEAD, max - FUZZ_HEAD, seed);
}

size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t na, const uint8_t *b, size_t nb,
				 uint8_t *out, size_t max, unsigned int seed)
{
	struct fuzz_meaning m;

	if (!meaning(a, na, &m) || nb < FUZZ_HEAD || max < FUZZ_HEAD)
		return fuzz_cross_bytes(a, na, b, nb, out, max, seed);
	memcpy(out, a, FUZZ_HEAD);
	return FUZZ_HEAD + fuzz_cross(&m, a + FUZZ_HEAD, na - FUZZ_HEAD, b + FUZZ_HEAD,
				      nb - FUZZ_HEAD, out + FUZZ_HEAD, max - FUZZ_HEAD, seed);
}
