/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Bytes of buffers: the only way in which any code of ffabi touches them.  All
 * values are little-endian on the wire; each load is one access of its own width,
 * and no byte is loaded twice in one pass.
 */
#ifndef FFABI_WIRE_H
#define FFABI_WIRE_H

#include <ffabi/core.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Bytes that somebody else may be changing while they are read.  base is 8-byte
 * aligned; len is what the caller has mapped, or less.
 */
struct ffabi_src {
	const volatile uint8_t *base;
	uint64_t len;
};

/* Bytes to be written; base is 8-byte aligned. */
struct ffabi_dst {
	uint8_t *base;
	uint64_t len;
};

/* Single bytes where a wider access is not wanted: big-endian hosts, Device memory. */
#if !defined(FFABI_BYTE_ACCESS) && defined(__BYTE_ORDER__) && \
	__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define FFABI_BYTE_ACCESS
#endif

/* A test build counts every load: each byte at most once. */
#ifdef FFABI_LOAD_HOOK
void ffabi_load_hook(const volatile uint8_t *p, unsigned int n);
#else
#define ffabi_load_hook(p, n) ((void)0)
#endif

/* Provers have no use for volatile. */
#ifdef FFABI_NO_VOLATILE
#define FFABI_VOLATILE
#else
#define FFABI_VOLATILE volatile
#endif

#if defined(__GNUC__)
#define FFABI_MAY_ALIAS __attribute__((may_alias))
#else
#define FFABI_MAY_ALIAS
#endif
typedef uint16_t FFABI_MAY_ALIAS ffabi_wire16;
typedef uint32_t FFABI_MAY_ALIAS ffabi_wire32;
typedef uint64_t FFABI_MAY_ALIAS ffabi_wire64;

static inline uint8_t ffabi_ld8(const struct ffabi_src *s, uint64_t at)
{
	const volatile uint8_t *p = s->base + at;

	ffabi_load_hook(p, 1);
	return *p;
}

static inline void ffabi_st8(const struct ffabi_dst *d, uint64_t at, uint8_t value)
{
	d->base[at] = value;
}

#ifdef FFABI_BYTE_ACCESS /* out of line: many small accesses would swell every reader */

uint16_t ffabi_ld16(const struct ffabi_src *s, uint64_t at);
uint32_t ffabi_ld32(const struct ffabi_src *s, uint64_t at);
uint64_t ffabi_ld64(const struct ffabi_src *s, uint64_t at);
void ffabi_st16(const struct ffabi_dst *d, uint64_t at, uint16_t value);
void ffabi_st32(const struct ffabi_dst *d, uint64_t at, uint32_t value);
void ffabi_st64(const struct ffabi_dst *d, uint64_t at, uint64_t value);

#else /* one aligned access each: single-copy atomic on Arm, so nothing tears */

static inline uint16_t ffabi_ld16(const struct ffabi_src *s, uint64_t at)
{
	const volatile uint8_t *p = s->base + at;

	ffabi_load_hook(p, 2);
	return *(const FFABI_VOLATILE ffabi_wire16 *)(const volatile void *)p;
}

static inline uint32_t ffabi_ld32(const struct ffabi_src *s, uint64_t at)
{
	const volatile uint8_t *p = s->base + at;

	ffabi_load_hook(p, 4);
	return *(const FFABI_VOLATILE ffabi_wire32 *)(const volatile void *)p;
}

static inline uint64_t ffabi_ld64(const struct ffabi_src *s, uint64_t at)
{
	const volatile uint8_t *p = s->base + at;

	ffabi_load_hook(p, 8);
	return *(const FFABI_VOLATILE ffabi_wire64 *)(const volatile void *)p;
}

static inline void ffabi_st16(const struct ffabi_dst *d, uint64_t at, uint16_t value)
{
	*(ffabi_wire16 *)(void *)(d->base + at) = value;
}

static inline void ffabi_st32(const struct ffabi_dst *d, uint64_t at, uint32_t value)
{
	*(ffabi_wire32 *)(void *)(d->base + at) = value;
}

static inline void ffabi_st64(const struct ffabi_dst *d, uint64_t at, uint64_t value)
{
	*(ffabi_wire64 *)(void *)(d->base + at) = value;
}

#endif

/*
 * One volatile pass over shared bytes into private ones.  n bytes of src from at
 * on; SHORT, and nothing copied, when src or dst has no room for them.
 */
struct ffabi_extent {
	uint64_t at;
	uint64_t n;
};
enum ffabi_rule ffabi_snapshot(struct ffabi_ctx *c, const struct ffabi_src *src,
			       const struct ffabi_extent *what, const struct ffabi_dst *dst);

#ifdef __cplusplus
}
#endif

#endif /* FFABI_WIRE_H */
