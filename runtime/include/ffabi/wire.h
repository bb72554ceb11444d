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
#if !defined(FFABI_BYTE_ACCESS) && defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
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

/* The eight accesses that there are: pointers to bytes inside, aligned to their width. */
static inline uint8_t ffabi_get8(const volatile uint8_t *p)
{
	ffabi_load_hook(p, 1);
	return *p;
}

static inline void ffabi_put8(uint8_t *p, uint8_t value)
{
	*p = value;
}

#ifdef FFABI_BYTE_ACCESS /* out of line: many small accesses would swell every reader */

uint16_t ffabi_get16(const volatile uint8_t *p);
uint32_t ffabi_get32(const volatile uint8_t *p);
uint64_t ffabi_get64(const volatile uint8_t *p);
void ffabi_put16(uint8_t *p, uint16_t value);
void ffabi_put32(uint8_t *p, uint32_t value);
void ffabi_put64(uint8_t *p, uint64_t value);

#else /* one aligned access each: single-copy atomic on Arm, so nothing tears */

static inline uint16_t ffabi_get16(const volatile uint8_t *p)
{
	ffabi_load_hook(p, 2);
	return *(const FFABI_VOLATILE ffabi_wire16 *)(const volatile void *)p;
}

static inline uint32_t ffabi_get32(const volatile uint8_t *p)
{
	ffabi_load_hook(p, 4);
	return *(const FFABI_VOLATILE ffabi_wire32 *)(const volatile void *)p;
}

static inline uint64_t ffabi_get64(const volatile uint8_t *p)
{
	ffabi_load_hook(p, 8);
	return *(const FFABI_VOLATILE ffabi_wire64 *)(const volatile void *)p;
}

static inline void ffabi_put16(uint8_t *p, uint16_t value)
{
	*(ffabi_wire16 *)(void *)p = value;
}

static inline void ffabi_put32(uint8_t *p, uint32_t value)
{
	*(ffabi_wire32 *)(void *)p = value;
}

static inline void ffabi_put64(uint8_t *p, uint64_t value)
{
	*(ffabi_wire64 *)(void *)p = value;
}

#endif

/* The same at an offset that ffabi_fits() has let through. */
static inline uint8_t ffabi_ld8(const struct ffabi_src *s, uint64_t at)
{
	return ffabi_get8(s->base + at);
}

static inline uint16_t ffabi_ld16(const struct ffabi_src *s, uint64_t at)
{
	return ffabi_get16(s->base + at);
}

static inline uint32_t ffabi_ld32(const struct ffabi_src *s, uint64_t at)
{
	return ffabi_get32(s->base + at);
}

static inline uint64_t ffabi_ld64(const struct ffabi_src *s, uint64_t at)
{
	return ffabi_get64(s->base + at);
}

static inline void ffabi_st8(const struct ffabi_dst *d, uint64_t at, uint8_t value)
{
	ffabi_put8(d->base + at, value);
}

static inline void ffabi_st16(const struct ffabi_dst *d, uint64_t at, uint16_t value)
{
	ffabi_put16(d->base + at, value);
}

static inline void ffabi_st32(const struct ffabi_dst *d, uint64_t at, uint32_t value)
{
	ffabi_put32(d->base + at, value);
}

static inline void ffabi_st64(const struct ffabi_dst *d, uint64_t at, uint64_t value)
{
	ffabi_put64(d->base + at, value);
}

/* Elements of one size, one behind the other. */
struct ffabi_elements {
	uint64_t at; /* byte offset of the first */
	uint32_t count;
};

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
