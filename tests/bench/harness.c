/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Runs every case between two marks and says which case did not do what it
 * should.  It counts nothing: measure.py reads the counts out of a trace.
 */
#include <stdio.h>
#include <string.h>

#include "harness.h"

struct ffabi_ctx bench_ctx;
struct ffabi_regs bench_regs;
union bench_out bench_out;
enum ffabi_rule bench_rule;

void bench_begin(void);
void bench_end(void);

/* Different bodies, or the compiler makes them one function. */
static volatile unsigned int begun, ended;

__attribute__((noinline)) void bench_begin(void)
{
	begun = 1;
}

__attribute__((noinline)) void bench_end(void)
{
	ended = 2;
}

int main(void)
{
	unsigned int wrong = 0;
	unsigned int i;

	for (i = 0; i < bench_count; i++) {
		const struct bench_case *b = &bench_cases[i];

		memset(&bench_ctx, 0, sizeof(bench_ctx));
		memset(&bench_regs, 0xa5, sizeof(bench_regs));
		memset(&bench_out, 0xa5, sizeof(bench_out));
		if (b->ranges != 0)
			bench_prepare(b);
		bench_ctx.version = b->version;
		bench_rule = FFABI_OK;
		bench_begin();
		b->run();
		bench_end();
		if (bench_rule != FFABI_OK) {
			printf("%s: refused by rule %d, field %u\n", b->name, (int)bench_rule,
			       bench_ctx.err.field);
			wrong++;
		} else if (b->expect != NULL &&
			   memcmp(b->expect, &bench_regs, sizeof(bench_regs)) != 0) {
			printf("%s: other registers than the host packs\n", b->name);
			wrong++;
		} else if (b->wrong != NULL && b->wrong()) {
			printf("%s: not the transaction that it was given\n", b->name);
			wrong++;
		}
	}
	return wrong != 0;
}
