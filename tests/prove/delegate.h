/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Proofs of functions that leave part of their work to the codecs of other calls: those
 * are replaced by stubs that note what they were asked and answer anything, always the
 * same.  What they really answer is proved of themselves.
 */
#ifndef FFABI_PROVE_DELEGATE_H
#define FFABI_PROVE_DELEGATE_H

#include <ffabi/calls.h>
#include <prove.h>

struct delegation {
	unsigned int times;
	enum ffabi_call call;
	enum ffabi_conv conv;
	const void *in;
	const void *out; /* nothing where the call has no arguments */
};
static struct delegation asked, latest, earlier;

static enum ffabi_rule delegate(struct ffabi_ctx *c, enum ffabi_call call, enum ffabi_conv conv,
				const void *in, const void *out)
{
	static enum ffabi_rule answer;
	static struct ffabi_violation violation;
	static _Bool decided;
	enum ffabi_rule any;
	struct ffabi_violation anything;

	if (!decided) {
		GIVEN(any >= FFABI_OK && any < FFABI_E_COUNT && any != FFABI_END);
		answer = any;
		violation = anything;
		decided = 1;
	}
	asked = (struct delegation){asked.times + 1, call, conv, in, out};
	if (answer != FFABI_OK)
		c->err = violation;
	return answer;
}

/* Ends what one call has asked; it passed on the whole of its own objects. */
static void passed_on(const void *in, const void *out)
{
	CLAIM("passed on once", asked.times <= 1);
	CLAIM("passed on from the caller's object",
	      asked.times == 0 || asked.in == 0 || __CPROVER_same_object(asked.in, in));
	CLAIM("passed on into the caller's object",
	      asked.times == 0 || asked.out == 0 || __CPROVER_same_object(asked.out, out));
	earlier = latest;
	latest = asked;
	asked = (struct delegation){0};
}

static int delegated(void)
{
	return latest.times != 0;
}

/* The last two asked for the same. */
static int same_delegations(void)
{
	return latest.times == earlier.times &&
	       (latest.times == 0 || (latest.call == earlier.call && latest.conv == earlier.conv));
}

#endif /* FFABI_PROVE_DELEGATE_H */
