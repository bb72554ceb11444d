/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Decoded calls as JSON. */
#ifndef FFABI_CLI_JSON_H
#define FFABI_CLI_JSON_H

#include <stdio.h>

#include "follow.h"

/* "name": "FFA_MEM_SHARE_64", "fields": {...}, "strict": null, "repacks": true; no braces around */
void json_view(FILE *out, const struct view *v);

/* One object on one line. */
void json_call(FILE *out, const struct decoded *d, int with_buffers);

#endif /* FFABI_CLI_JSON_H */
