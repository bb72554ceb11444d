/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * The runtime contract: everything that generated code expects from handwritten
 * code.  No allocation, no libc, no writable data; errors go out as values.
 */
#ifndef FFABI_CORE_H
#define FFABI_CORE_H

#include <ffabi/port.h>

#ifdef __cplusplus
extern "C" {
#endif

/* FF-A versions as FFA_VERSION encodes them: major in bits 30:16, minor in 15:0. */
enum {
	FFABI_V1_0 = 0x10000,
	FFABI_V1_1 = 0x10001,
	FFABI_V1_2 = 0x10002,
	FFABI_V1_3 = 0x10003
};

/* What a check found.  The order is that of ffabi_rule_text(). */
enum ffabi_rule {
	FFABI_OK = 0,
	FFABI_END, /* a cursor is exhausted and every whole-array rule holds */
	FFABI_E_VERSION, /* the version is unknown, or it does not have this object */
	FFABI_E_FID, /* register 0 holds another function id */
	FFABI_E_KEY, /* a constant that identifies the message has another value */
	FFABI_E_CONV, /* the other calling convention, where the specification asks for one */
	FFABI_E_WIDTH, /* bits 63:32 of a 32-bit register are set */
	FFABI_E_MBZ, /* bits that must be zero are set */
	FFABI_E_SBZ, /* bits that should be zero are set */
	FFABI_E_ENUM, /* a reserved encoding */
	FFABI_E_RANGE, /* a value below its minimum, above its maximum, or too wide for its bits */
	FFABI_E_ALIGN, /* a value that is not a multiple of its unit */
	FFABI_E_ABSENT, /* a value that this version or convention has no place for */
	FFABI_E_RULE, /* two fields contradict each other */
	FFABI_E_SHORT, /* bytes beyond the end of the buffer */
	FFABI_E_OVERLAP, /* two parts of an object share bytes */
	FFABI_E_COUNT /* how many; not a rule */
};

/*
 * Rules that a caller may waive, one bit each.  A waived rule accepts what it
 * would refuse.  Reserved bits and upper halves are then ignored and lost; undefined
 * flags, reserved encodings and fields that should be zero here stay in their members.
 * Memory safety is not here.
 */
#define FFABI_WAIVE_CONV (1u << FFABI_E_CONV)
#define FFABI_WAIVE_WIDTH (1u << FFABI_E_WIDTH)
#define FFABI_WAIVE_MBZ (1u << FFABI_E_MBZ)
#define FFABI_WAIVE_SBZ (1u << FFABI_E_SBZ)
#define FFABI_WAIVE_ENUM (1u << FFABI_E_ENUM)
#define FFABI_STRICT 0u
/* What the specification itself tells a receiver to ignore. */
#define FFABI_AS_SPECIFIED (FFABI_WAIVE_WIDTH | FFABI_WAIVE_SBZ)

/* Where a call crosses from caller to callee; 0 when it is not known. */
enum ffabi_instance {
	FFABI_NS_PHYS = 1,
	FFABI_NS_VIRT = 2,
	FFABI_S_PHYS = 4,
	FFABI_S_VIRT = 8
};

/* The calling convention is bit 30 of a function id. */
enum ffabi_conv {
	FFABI_SMC32 = 0,
	FFABI_SMC64 = 0x40000000
};

/* The fields that every call has; enum ffabi_field (generated) goes on from here. */
enum {
	FFABI_F_NONE,
	FFABI_F_RESERVED,
	FFABI_F_UPPER_HALF, /* bits 63:32 of a register of which only 31:0 are passed */
	FFABI_F_FUNCTION_ID,
	FFABI_F_VERSION
};

/* The first rule that was broken: 16 bytes, no strings. */
struct ffabi_violation {
	uint16_t rule; /* enum ffabi_rule */
	uint16_t field; /* enum ffabi_field */
	uint32_t at; /* register number, or byte offset in a descriptor */
	uint64_t value; /* what was found there; of a sum that does not agree, the sum */
};

struct ffabi_ctx {
	uint32_t version; /* FFABI_V1_x: the version both sides agreed on */
	uint16_t waive; /* FFABI_WAIVE_*, or FFABI_STRICT */
	uint16_t instance; /* enum ffabi_instance; 0: fields of other instances are let through */
	struct ffabi_violation err; /* meaningless unless a function refused */
};

/* x0-x17 of one call or reply. */
struct ffabi_regs {
	uint64_t x[18];
};

/*
 * A UUID; lo holds bytes 0-7 and hi bytes 8-15 of its 16 bytes in the order in
 * which they are written, byte 0 (byte 8) in bits 7:0.  So it travels in x2, x3.
 */
struct ffabi_uuid {
	uint64_t lo;
	uint64_t hi;
};

/* 486178e0-e7f8-11e3-bc5e-0002a5d5c51b is
 * FFABI_UUID(0x486178e0, 0xe7f8, 0x11e3, 0xbc5e, 0x0002a5d5c51b). */
#define FFABI_UUID(time_low, time_mid, time_high, clock, node)                                     \
	{                                                                                          \
		FFABI_BSWAP32(time_low) | FFABI_BSWAP16(time_mid) << 32 |                          \
			FFABI_BSWAP16(time_high) << 48,                                            \
			FFABI_BSWAP16(clock) | FFABI_BSWAP16((uint64_t)(node) >> 32) << 16 |       \
				FFABI_BSWAP32(node) << 32                                          \
	}
#define FFABI_BSWAP16(v) (((uint64_t)(v) >> 8 & 0xffu) | ((uint64_t)(v)&0xffu) << 8)
#define FFABI_BSWAP32(v) (FFABI_BSWAP16((uint64_t)(v) >> 16) | FFABI_BSWAP16((uint64_t)(v)) << 16)

void ffabi_uuid_from_bytes(struct ffabi_uuid *out, const uint8_t bytes[16]);
void ffabi_uuid_to_bytes(const struct ffabi_uuid *in, uint8_t bytes[16]);

/* The convention that a function id asks for. */
static inline enum ffabi_conv ffabi_conv_of(uint64_t fid)
{
	return (fid & FFABI_SMC64) != 0 ? FFABI_SMC64 : FFABI_SMC32;
}

/*
 * COLD is kept out of its callers: what is rarely run, or would make their stack deeper.
 * INLINE is what loops consist of, and is never a call.
 */
#if defined(__GNUC__)
#define FFABI_COLD __attribute__((noinline))
#define FFABI_INLINE inline __attribute__((always_inline))
#else
#define FFABI_COLD
#define FFABI_INLINE inline
#endif

/* Is the version one of first..last? */
static inline int ffabi_speaks(const struct ffabi_ctx *c, uint32_t first, uint32_t last)
{
	return c->version - first <= last - first;
}

/* n bytes at off lie inside len; no addition, so nothing can wrap. */
static inline int ffabi_fits(uint64_t len, uint64_t off, uint64_t n)
{
	return off <= len && n <= len - off;
}

/* Records the violation and returns its rule. */
enum ffabi_rule ffabi_fail(struct ffabi_ctx *c, enum ffabi_rule rule, unsigned int field,
			   uint32_t at, uint64_t value);

/*
 * One step of the search for what should have been zero: registers first..last in
 * turn; bits 63:32 that are not passed break WIDTH, bits in reserved break rule.
 */
struct ffabi_step {
	uint64_t reserved;
	uint16_t field; /* whom bits in reserved blame */
	uint8_t first, last;
	uint8_t rule; /* MBZ or SBZ */
	uint8_t upper; /* bits 63:32 are not passed: 1 never, 2 in SMC32 */
	uint8_t live; /* bit n: SMC32 of version 1.n, bit 4 + n: SMC64 of version 1.n */
};

/*
 * Blames the first register that breaks a rule that is not waived; FFABI_OK when
 * all are.  The version is one of 1.0 to 1.3.
 */
enum ffabi_rule ffabi_judge(struct ffabi_ctx *c, const uint64_t *x, enum ffabi_conv conv,
			    const struct ffabi_step *steps, unsigned int count);

/* Bits 63:32. */
#define FFABI_UPPER 0xffffffff00000000ull

/*
 * FFA_SUCCESS without parameters, which answers most calls: take refuses anything
 * in w1-w7, give puts fid in w0 and zero in every other register.
 */
enum ffabi_rule ffabi_take_nothing(struct ffabi_ctx *c, const struct ffabi_regs *in);
enum ffabi_rule ffabi_give_nothing(uint32_t fid, struct ffabi_regs *out);

/* The registers that only SMC64 calls from version 1.2 on pass. */
#define FFABI_ZERO_8_17(x)                                                                         \
	do {                                                                                       \
		(x)[8] = 0;                                                                        \
		(x)[9] = 0;                                                                        \
		(x)[10] = 0;                                                                       \
		(x)[11] = 0;                                                                       \
		(x)[12] = 0;                                                                       \
		(x)[13] = 0;                                                                       \
		(x)[14] = 0;                                                                       \
		(x)[15] = 0;                                                                       \
		(x)[16] = 0;                                                                       \
		(x)[17] = 0;                                                                       \
	} while (0)

/*
 * Characters in the registers from x[first] to the last of the convention, 4 or 8
 * in each, the first in bits 7:0.  get fills all of size bytes, with zero after
 * the last of count characters, and says whether the registers are zero there too.
 */
struct ffabi_text_size {
	uint32_t count; /* characters */
	uint32_t size; /* bytes of the array */
};
void ffabi_put_bytes(uint64_t *x, unsigned int first, enum ffabi_conv conv, const uint8_t *bytes,
		     const struct ffabi_text_size *n);
int ffabi_get_bytes(const uint64_t *x, unsigned int first, enum ffabi_conv conv, uint8_t *bytes,
		    const struct ffabi_text_size *n);

#ifdef __cplusplus
}
#endif

#endif /* FFABI_CORE_H */
