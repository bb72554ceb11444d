/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Finding boot information. */
#include <ffabi/caller_boot.h>

enum ffabi_rule ffabi_boot_find(struct ffabi_ctx *c, const struct ffabi_src *src,
				const struct ffabi_boot_wanted *wanted,
				struct ffabi_boot_info_descriptor *out)
{
	struct ffabi_boot_cursor cur;
	enum ffabi_rule rule = ffabi_boot_open(c, src, &cur);

	while (rule == FFABI_OK) {
		rule = ffabi_boot_next(c, &cur, out);
		if (rule == FFABI_OK && out->type_class == wanted->type_class &&
		    (out->type_class == FFABI_BOOT_INFO_TYPE_CLASS_STANDARD
			     ? out->standard_type
			     : out->implementation_defined_type) == wanted->type)
			return FFABI_OK;
	}
	return rule;
}
