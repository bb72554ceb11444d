/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* What has to be true of any cursor. */
#include "walk.h"

#include <stdlib.h>
#include <string.h>

#define SCRIBBLE 0xee
#define SMALLEST 8u /* no element takes fewer bytes */

struct pass {
	uint8_t *data, *cursor, *elements;
	uint32_t count;
	struct ffabi_ctx c;
	enum ffabi_rule rule;
};

static void start(struct pass *p, const struct fuzz_input *in, const struct fuzz_walker *w)
{
	p->data = fuzz_copy(in->body, in->n);
	p->cursor = fuzz_block(w->cursor_size, SCRIBBLE);
	p->elements = fuzz_block((in->n / SMALLEST + 2) * w->element_size, SCRIBBLE);
	p->count = 0;
	p->c = in->c;
}

static void finish(struct pass *p)
{
	free(p->data);
	free(p->cursor);
	free(p->elements);
}

static void walk(struct pass *p, const struct fuzz_input *in, const struct fuzz_walker *w,
		 enum fuzz_pass kind)
{
	const struct ffabi_src src = {p->data, in->n};

	fuzz_watch(&src, in->n, kind);
	p->rule = w->open(&p->c, in, &src, p->cursor);
	while (p->rule == FFABI_OK) {
		uint8_t *element = p->elements + p->count * w->element_size;

		REQUIRE(1, p->count <= in->n / SMALLEST, "more elements than bytes");
		p->rule = w->next(&p->c, p->cursor, element);
		if (p->rule != FFABI_OK)
			break;
		if (w->judge != NULL)
			w->judge(in, p->cursor, element);
		p->count++;
	}
	fuzz_unwatch();
	REQUIRE(8, p->c.version == in->c.version, "the version of the context is another");
	if (p->rule != FFABI_END)
		fuzz_judge_refusal(&p->c, p->rule, 0xffffffff);
	else
		REQUIRE(1, p->count == w->announced(p->cursor), "another count of elements");
}

void fuzz_walk(const struct fuzz_input *in, const struct fuzz_walker *w)
{
	struct pass shared, quiet, strict;

	start(&shared, in, w);
	start(&quiet, in, w);
	start(&strict, in, w);
	walk(&shared, in, w, FUZZ_HOSTILE);
	walk(&quiet, in, w, FUZZ_ONCE);
	REQUIRE(2,
		shared.count == quiet.count &&
			fuzz_same_verdict(&shared.c, shared.rule, &quiet.c, quiet.rule),
		"a writer behind the reader changes the verdict");
	REQUIRE(2, !memcmp(shared.elements, quiet.elements, shared.count * w->element_size),
		"a writer behind the reader changes a value");
	strict.c.waive = FFABI_STRICT;
	walk(&strict, in, w, FUZZ_ONCE);
	if (strict.rule == FFABI_END) {
		REQUIRE(7, quiet.rule == FFABI_END, "a waiver refuses what was accepted");
		if (w->accepted != NULL)
			w->accepted(in, strict.cursor, strict.elements, strict.count);
	}
	finish(&shared);
	finish(&quiet);
	finish(&strict);
}
