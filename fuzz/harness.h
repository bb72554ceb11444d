/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * What every target shares: how the first bytes of an input choose the context, blocks of exact
 * size, the count of loads, and how a broken invariant ends the program.
 */
#ifndef FUZZ_HARNESS_H
#define FUZZ_HARNESS_H

#include <ffabi/calls.h>
#include <ffabi/wire.h>

#include "shape.h"

/*
 * byte 0: version (0 to 3: 1.0 to 1.3; 4, 5: none; else modulo 4); byte 1: usage, modulo 6, in
 * bits 3:0, instances in bits 7:4; byte 2: waived rules, in the order of FFABI_WAIVE_*; byte 3: as
 * the target likes; bytes 4-7: a number, little-endian, as the target likes.  The rest is the body.
 */
#define FUZZ_HEAD 8u
#define FUZZ_LONGEST 65536u

/*
 * The option with which targets of codecs also write what they read with each single byte of the
 * values changed, in all versions: too slow for every input, and what the sweep of
 * fuzz/standalone.c is for.
 */
#define FUZZ_EACH_BYTE 0xff
/* And with which, the rest of an input being nothing, fuzz/target/codec.c goes through all codecs.
 */
#define FUZZ_EVERY_KIND 0xfe

struct fuzz_input {
	struct ffabi_ctx c;
	enum ffabi_usage usage;
	uint8_t options;
	uint32_t number;
	const uint8_t *body;
	size_t n;
};

/* One program has one target. */
struct fuzz_target {
	const char *name;
	const struct fuzz_shape *shape; /* of the body, for the mutator; a null pointer: none */
	void (*run)(const struct fuzz_input *in);
	void (*run_text)(const uint8_t *data, size_t n); /* instead of run: there is no head */
};
extern const struct fuzz_target fuzz_target;

/* The version as 0 to 3, or FUZZ_VERSIONS. */
unsigned int fuzz_version(uint32_t version);

/* Splits the head off; 0 when it is not all there. */
int fuzz_split(const uint8_t *data, size_t n, struct fuzz_input *in);

/* Ends the program with the number of the invariant (DESIGN section 5 in fuzz/README.md). */
void fuzz_broken(int invariant, const char *what, const char *file, int line)
	__attribute__((noreturn));
#define REQUIRE(invariant, condition, what)                                                        \
	do {                                                                                       \
		if (!(condition))                                                                  \
			fuzz_broken(invariant, what, __FILE__, __LINE__);                          \
	} while (0)

/* -- bytes: exactly n, so that the address sanitizer guards both ends -- */

uint8_t *fuzz_block(size_t n, int fill);
uint8_t *fuzz_copy(const uint8_t *data, size_t n);
/* Are bytes from..to all as they were filled? */
int fuzz_untouched(const uint8_t *data, size_t from, size_t to, int fill);

/* -- loads: inside the first len bytes of src, and in a single pass once each -- */

enum fuzz_pass {
	FUZZ_ANY, /* private bytes may be loaded again */
	FUZZ_ONCE,
	FUZZ_HOSTILE /* once, and what was loaded is overwritten behind the reader's back */
};
void fuzz_watch(const struct ffabi_src *src, uint64_t len, enum fuzz_pass pass);
void fuzz_unwatch(void);

/* -- invariant 8 -- */

/* The violation is that of the verdict, names a field, and lies below limit (0xffffffff: anywhere).
 */
void fuzz_judge_refusal(const struct ffabi_ctx *c, enum ffabi_rule rule, uint64_t limit);
/* Two refusals, or acceptances, are the same. */
int fuzz_same_verdict(const struct ffabi_ctx *a, enum ffabi_rule ra, const struct ffabi_ctx *b,
		      enum ffabi_rule rb);

/* -- invariant 7: all combinations of waivers that include those of from -- */

#define FUZZ_ALL_WAIVED                                                                            \
	(FFABI_WAIVE_CONV | FFABI_WAIVE_WIDTH | FFABI_WAIVE_MBZ | FFABI_WAIVE_SBZ |                \
	 FFABI_WAIVE_ENUM)

/* The next larger set, or 0 after the last. */
uint16_t fuzz_more_waivers(uint16_t from, uint16_t now);

#endif /* FUZZ_HARNESS_H */
