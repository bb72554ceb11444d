/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* What registers say, ready to be printed in whatever form. */
#ifndef FFABI_CLI_VIEW_H
#define FFABI_CLI_VIEW_H

#include <ffabi/describe.h>

#include "lookup.h"
#include "registers.h"

enum view_kind {
	VIEW_FOREIGN, /* no function id of FF-A */
	VIEW_UNKNOWN, /* one that the library does not know */
	VIEW_KNOWN
};

struct view {
	const struct ffabi_regs *regs;
	uint32_t version; /* in force */
	uint32_t described; /* whose fields are shown: another one where that in force has none */
	enum ffabi_conv conv;
	enum view_kind kind;
	enum ffabi_call call; /* named by w0; SUCCESS or ERROR for a reply without function id */
	enum ffabi_call message; /* that these registers carry, or FFABI_CALL_COUNT */
	int is_reply;
	struct question question; /* answered by this reply */
	struct ffabi_desc_layout layout;
	int accepted; /* by strict unpacking */
	struct ffabi_violation strict; /* when not accepted */
	int repacks; /* when accepted */
	uint32_t differs; /* bit n: packing gave another x[n] */
};

/* Settles which version and convention the layout is read in. */
void view_describe(struct view *v, struct ffabi_desc_layout layout);

/* Field i of the layout, or a null pointer when that version and convention lack it. */
const struct ffabi_desc_field *view_field(const struct view *v, unsigned int i);

/* Bits of x[n] that no field describes, and reserved bits that are set. */
uint64_t view_stray_bits(const struct view *v, unsigned int n);
uint64_t view_reserved_bits(const struct view *v, unsigned int n);

/* The first field that is shown in this way (a version, a status), or a null pointer. */
const struct ffabi_desc_field *view_find(const struct view *v, enum ffabi_show show);

/* The value of a field, by enum ffabi_field, where the layout has it. */
uint64_t view_value_or(const struct view *v, unsigned int field, uint64_t otherwise);

/* Element n of words: the part of x[n] that the convention passes. */
uint64_t view_word(const struct view *v, unsigned int n);

/* The characters of a field: as many as are announced, and up to the last that is not zero. */
#define MAX_CHARACTERS (8 * REGISTER_COUNT)
struct characters {
	uint8_t bytes[MAX_CHARACTERS];
	unsigned int announced, used;
};
void view_characters(const struct view *v, const struct ffabi_desc_field *f,
		     struct characters *out);

/* "FFA_MEM_SHARE_64"; returns 0 for a reply without function id and for what is not known. */
int view_name(const struct view *v, char text[FUNCTION_TEXT_SIZE]);

/* The name of the carried message, without that of the call in front. */
const char *view_message_name(const struct view *v);

/* What the status code of this error reply means for the call that it answers, if that is known. */
const char *view_meaning(const struct view *v, const struct ffabi_desc_field *status);

/* 'x' or 'w': does the field use more than the low half of its registers? */
char view_register_letter(const struct view *v, const struct ffabi_desc_field *f);
/* The same for the register that strict unpacking refused. */
char view_violation_letter(const struct view *v);

#endif /* FFABI_CLI_VIEW_H */
