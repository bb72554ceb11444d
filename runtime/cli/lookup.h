/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Finding calls by number and by name. */
#ifndef FFABI_CLI_LOOKUP_H
#define FFABI_CLI_LOOKUP_H

#include <ffabi/calls.h>
#include <ffabi/core.h>

/* The function id is the low half of x0. */
uint32_t function_id(const struct ffabi_regs *regs);

/* Does it lie in the range that belongs to FF-A? */
int is_ffa(uint32_t fid);

/* "FFA_MEM_SHARE_64"; returns 0 when the function id is not known. */
#define FUNCTION_TEXT_SIZE 64
int function_text(uint32_t fid, char text[FUNCTION_TEXT_SIZE]);

/* What a reply answers. */
struct question {
	enum ffabi_call of; /* call or message; FFABI_CALL_COUNT: no call of FF-A */
	enum ffabi_conv conv;
	uint32_t fid; /* in w0 of the request */
};

/*
 * By function id (c4000073) or name (FFA_MEM_SHARE_64, mem_share, PSCI_REQ); a
 * name alone takes the convention of the reply where the call has both.
 */
int find_question(const char *text, const struct ffabi_regs *reply, struct question *out);

int parse_version(const char *text, uint32_t *version);

#endif /* FFABI_CLI_LOOKUP_H */
