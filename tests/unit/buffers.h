/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* What tests of tables need: a context, a buffer, and what a refusal has to say. */
#ifndef FFABI_TEST_BUFFERS_H
#define FFABI_TEST_BUFFERS_H

#include <ffabi/fields.h>
#include <ffabi/wire.h>

#include "check.h"

#define ALIGNED __attribute__((aligned(8)))

static inline struct ffabi_ctx at(uint32_t version)
{
	struct ffabi_ctx c = {0};

	c.version = version;
	return c;
}

static inline struct ffabi_src bytes(const void *base, size_t len)
{
	struct ffabi_src src;

	src.base = base;
	src.len = len;
	return src;
}

static inline struct ffabi_dst room(void *base, size_t len)
{
	struct ffabi_dst dst;

	dst.base = base;
	dst.len = len;
	return dst;
}

/* The call was refused, and err says all of this. */
#define REFUSED(call, broken, whom, where, found)                                                  \
	CHECK((call) == (broken) && c.err.rule == (broken) && c.err.field == (whom) &&             \
	      c.err.at == (where) && c.err.value == (found))

#endif /* FFABI_TEST_BUFFERS_H */
