/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* What a partition is handed at its start; lists.h walks all of it. */
#ifndef FFABI_CALLER_BOOT_H
#define FFABI_CALLER_BOOT_H

#include <ffabi/lists.h>

#ifdef __cplusplus
extern "C" {
#endif

/* FFABI_BOOT_INFO_TYPE_CLASS_*, and FFABI_BOOT_INFO_STANDARD_TYPE_* or a number of the producer's.
 */
struct ffabi_boot_wanted {
	uint8_t type_class;
	uint8_t type;
};
/*
 * The first piece of that type in the blob that starts src, of which src->len bytes are
 * readable; FFABI_END when there is none.  All descriptors before it are checked.
 */
enum ffabi_rule ffabi_boot_find(struct ffabi_ctx *c, const struct ffabi_src *src,
				const struct ffabi_boot_wanted *wanted,
				struct ffabi_boot_info_descriptor *out);

#ifdef __cplusplus
}
#endif

#endif /* FFABI_CALLER_BOOT_H */
