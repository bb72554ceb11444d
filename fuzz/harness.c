/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* The entry point of all targets, and what they share. */
#include "harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ffabi/fields.h>
#include <ffabi/text.h>

static const uint32_t versions[] = {FFABI_V1_0, FFABI_V1_1, FFABI_V1_2, FFABI_V1_3};
static const uint16_t waivers[] = {FFABI_WAIVE_CONV, FFABI_WAIVE_WIDTH, FFABI_WAIVE_MBZ,
				   FFABI_WAIVE_SBZ, FFABI_WAIVE_ENUM};
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define ALL_WAIVERS ((1u << COUNT(waivers)) - 1)

void fuzz_broken(int invariant, const char *what, const char *file, int line)
{
	fprintf(stderr, "%s:%d: %s: invariant %d is broken: %s\n", file, line, fuzz_target.name,
		invariant, what);
	abort();
}

/* -- input -- */

unsigned int fuzz_version(uint32_t version)
{
	for (unsigned int i = 0; i < COUNT(versions); i++) {
		if (versions[i] == version)
			return i;
	}
	return FUZZ_VERSIONS;
}

static uint16_t waived(unsigned int bits)
{
	unsigned int found = 0;

	for (unsigned int i = 0; i < COUNT(waivers); i++)
		found |= (bits >> i & 1) != 0 ? waivers[i] : 0u;
	return (uint16_t)found;
}

int fuzz_split(const uint8_t *data, size_t n, struct fuzz_input *in)
{
	if (n < FUZZ_HEAD || n > FUZZ_LONGEST)
		return 0;
	memset(in, 0, sizeof(*in));
	in->c.version = data[0] == 4   ? versions[COUNT(versions) - 1] + 1
			: data[0] == 5 ? 0
				       : versions[data[0] % COUNT(versions)];
	in->c.waive = waived(data[2]);
	in->usage = (enum ffabi_usage)(1u << (data[1] & 15) % 6);
	in->c.instance = data[1] >> 4;
	in->options = data[3];
	in->number = data[4] | (uint32_t)data[5] << 8 | (uint32_t)data[6] << 16 |
		     (uint32_t)data[7] << 24;
	in->body = data + FUZZ_HEAD;
	in->n = n - FUZZ_HEAD;
	return 1;
}

uint16_t fuzz_more_waivers(uint16_t from, uint16_t now)
{
	unsigned int bits = 0;

	while (bits <= ALL_WAIVERS && waived(bits) != now)
		bits++;
	while (++bits <= ALL_WAIVERS) {
		if ((waived(bits) & from) == from)
			return waived(bits);
	}
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct fuzz_input in;

	if (fuzz_target.run_text != NULL)
		fuzz_target.run_text(data, n);
	else if (fuzz_split(data, n, &in))
		fuzz_target.run(&in);
	fuzz_unwatch();
	return 0;
}

/* -- bytes -- */

uint8_t *fuzz_block(size_t n, int fill)
{
	uint8_t *found = malloc(n);

	if (found == NULL && n != 0)
		abort();
	if (n != 0)
		memset(found, fill, n);
	return found;
}

uint8_t *fuzz_copy(const uint8_t *data, size_t n)
{
	uint8_t *found = fuzz_block(n, 0);

	if (n != 0)
		memcpy(found, data, n);
	return found;
}

int fuzz_untouched(const uint8_t *data, size_t from, size_t to, int fill)
{
	for (size_t i = from; i < to; i++) {
		if (data[i] != fill)
			return 0;
	}
	return 1;
}

/* -- loads -- */

static struct {
	const volatile uint8_t *base;
	uint64_t len;
	enum fuzz_pass pass;
	uint64_t last, last_size; /* what a hostile neighbour overwrites next */
	uint8_t seen[FUZZ_LONGEST];
} window;

void fuzz_watch(const struct ffabi_src *src, uint64_t len, enum fuzz_pass pass)
{
	REQUIRE(1, len <= sizeof(window.seen), "a window too long for the harness");
	window.base = src->base;
	window.len = len;
	window.pass = pass;
	window.last_size = 0;
	memset(window.seen, 0, len);
}

void fuzz_unwatch(void)
{
	window.base = NULL;
}

void ffabi_load_hook(const volatile uint8_t *p, unsigned int n)
{
	const uint64_t at = (uint64_t)((uintptr_t)p - (uintptr_t)window.base);

	if (window.base == NULL)
		return;
	REQUIRE(1, at <= window.len && n <= window.len - at, "a load outside the source");
	REQUIRE(1, (uintptr_t)p % n == 0, "a load that is not aligned");
	if (window.pass == FUZZ_ANY)
		return;
	for (unsigned int i = 0; i < n; i++)
		REQUIRE(2, window.seen[at + i]++ == 0, "a byte is loaded twice");
	if (window.pass != FUZZ_HOSTILE)
		return;
	for (uint64_t i = 0; i < window.last_size; i++)
		((volatile uint8_t *)(uintptr_t)window.base)[window.last + i] ^= 0xff;
	window.last = at;
	window.last_size = n;
}

/* -- verdicts -- */

void fuzz_judge_refusal(const struct ffabi_ctx *c, enum ffabi_rule rule, uint64_t limit)
{
	REQUIRE(8, rule > FFABI_END && rule < FFABI_E_COUNT, "a verdict that is no rule");
	REQUIRE(8, c->err.rule == rule, "the violation is not that of the verdict");
	REQUIRE(8, c->err.field == FFABI_F_NONE || *ffabi_field_name(c->err.field) != '\0',
		"the violation names no field");
	REQUIRE(8, c->err.at <= limit, "the violation lies outside");
	REQUIRE(8, (c->waive >> rule & 1) == 0, "a waived rule is refused");
}

int fuzz_same_verdict(const struct ffabi_ctx *a, enum ffabi_rule ra, const struct ffabi_ctx *b,
		      enum ffabi_rule rb)
{
	const int fine = ra <= FFABI_END;

	if (fine || rb <= FFABI_END)
		return fine && rb <= FFABI_END;
	return ra == rb && a->err.field == b->err.field && a->err.at == b->err.at &&
	       a->err.value == b->err.value;
}
