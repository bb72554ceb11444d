/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Buffers of proofs.  One byte, any byte, is watched: it may be loaded once.  Each load
 * is aligned and inside what the caller was given.
 */
#ifndef FFABI_PROVE_BYTES_H
#define FFABI_PROVE_BYTES_H

#include <prove.h>

static const uint8_t *watched_base;
static uint64_t watched_len;
static uint64_t watched_byte;
static unsigned int watched_loads;

/* From here on loads are of src, in one pass. */
static inline void watch(const uint8_t *base, uint64_t len)
{
	uint64_t any;

	watched_base = base;
	watched_len = len;
	watched_byte = any;
	watched_loads = 0;
}

/* Any number of bytes that a buffer has room for, watched from here on. */
static inline struct ffabi_src any_src(const uint8_t *buffer, uint64_t room)
{
	struct ffabi_src src;

	src.base = buffer;
	GIVEN(src.len <= room);
	watch(buffer, src.len);
	return src;
}

void ffabi_load_hook(const volatile uint8_t *p, unsigned int n)
{
	const uint64_t at = (uint64_t)__CPROVER_POINTER_OFFSET(p) -
			    (uint64_t)__CPROVER_POINTER_OFFSET(watched_base);

	CLAIM("a load of the buffer", __CPROVER_same_object((const void *)p, watched_base));
	CLAIM("a load inside the buffer", at <= watched_len && n <= watched_len - at);
	CLAIM("an aligned load", at % n == 0);
	if (watched_byte - at < n) {
		CLAIM("each byte is loaded once", watched_loads == 0);
		watched_loads++;
	}
}

/* n bytes at b + at, little-endian. */
static inline uint64_t take(const uint8_t *b, unsigned int at, unsigned int n)
{
	uint64_t value = 0;

	for (unsigned int i = 0; i < n; i++)
		value |= (uint64_t)b[at + i] << 8 * i;
	return value;
}

static inline void put(uint8_t *b, unsigned int at, unsigned int n, uint64_t value)
{
	for (unsigned int i = 0; i < n; i++)
		b[at + i] |= (uint8_t)(value >> 8 * i);
}

#endif /* FFABI_PROVE_BYTES_H */
