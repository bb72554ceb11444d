/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* The resources that FFA_NS_RES_INFO_GET returns.  Seeds: ns_resource_info */
#include "shapes.h"
#include "walk.h"

#include <ffabi/lists.h>

static enum ffabi_rule open_list(struct ffabi_ctx *c, const struct fuzz_input *in,
				 const struct ffabi_src *src, void *cursor)
{
	(void)in;
	return ffabi_resource_open(c, src, cursor);
}

static enum ffabi_rule next(struct ffabi_ctx *c, void *cursor, void *element)
{
	return ffabi_resource_next(c, cursor, element);
}

static uint64_t announced(const void *cursor)
{
	return ((const struct ffabi_resource_cursor *)cursor)->header.address_map_count;
}

static void run(const struct fuzz_input *in)
{
	static const struct fuzz_walker walker = {sizeof(struct ffabi_resource_cursor),
						  sizeof(struct ffabi_address_map),
						  open_list,
						  next,
						  announced,
						  NULL,
						  NULL};

	fuzz_walk(in, &walker);
}

const struct fuzz_target fuzz_target = {"resources", &fuzz_shape_ns_resource_info, run, NULL};
