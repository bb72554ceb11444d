/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* The list of boot information of version 1.0.  Seeds: boot_info_v1_0 */
#include "shapes.h"
#include "walk.h"

#include <ffabi/lists.h>

static enum ffabi_rule open_list(struct ffabi_ctx *c, const struct fuzz_input *in,
				 const struct ffabi_src *src, void *cursor)
{
	(void)in;
	return ffabi_boot_list_open(c, src, cursor);
}

static enum ffabi_rule next(struct ffabi_ctx *c, void *cursor, void *element)
{
	return ffabi_boot_list_next(c, cursor, element);
}

static uint64_t announced(const void *cursor)
{
	return ((const struct ffabi_boot_list_cursor *)cursor)->count;
}

static void run(const struct fuzz_input *in)
{
	static const struct fuzz_walker walker = {sizeof(struct ffabi_boot_list_cursor),
						  sizeof(struct ffabi_boot_info_v1_0_item),
						  open_list,
						  next,
						  announced,
						  NULL,
						  NULL};

	fuzz_walk(in, &walker);
}

const struct fuzz_target fuzz_target = {"boot_list", &fuzz_shape_boot_info_v1_0, run, NULL};
