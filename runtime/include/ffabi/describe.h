/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * What each register of a call means, as data: for decoders, logs and tests.  The
 * tables are generated (generated/src/describe.c); they hold numbers and offsets
 * into string blobs, so they need no relocation and cost nothing unless linked.
 */
#ifndef FFABI_DESCRIBE_H
#define FFABI_DESCRIBE_H

#include <ffabi/core.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How a value is meant to be read. */
enum ffabi_show {
	FFABI_SHOW_RESERVED, /* zero: mbz, one: sbz, in table */
	FFABI_SHOW_CONSTANT, /* tells this layout from others; always the same */
	FFABI_SHOW_DEC,
	FFABI_SHOW_HEX,
	FFABI_SHOW_SIGNED, /* 32 bits, two's complement */
	FFABI_SHOW_VERSION, /* major.minor */
	FFABI_SHOW_FUNCTION, /* a function id or feature id */
	FFABI_SHOW_STATUS, /* an FF-A status code */
	FFABI_SHOW_SMCCC_STATUS, /* a status code of the SMC Calling Convention */
	FFABI_SHOW_UUID, /* 16 bytes over 4 w or 2 x registers */
	FFABI_SHOW_WORDS, /* each register is one element of an array */
	FFABI_SHOW_BYTES, /* characters; table: which field of the layout counts them, from 0 */
	FFABI_SHOW_ENUM, /* one of the enumerators of table */
	FFABI_SHOW_FLAGS /* a set of the flags of table, bit 0 at lo */
};

struct ffabi_desc_field {
	uint16_t field; /* enum ffabi_field */
	uint8_t show; /* enum ffabi_show */
	uint8_t table; /* of enumerators or flags, else as enum ffabi_show says */
	uint8_t first, last; /* registers, inclusive */
	uint8_t hi, lo; /* bits of each; 63 means the width of the convention */
	uint8_t live; /* bit n: SMC32 of version 1.n, bit 4 + n: SMC64 of version 1.n */
	uint8_t bias; /* added to what the register holds */
};

/* count fields from fields[first] on; count is 0 when there is no such layout. */
struct ffabi_desc_layout {
	uint16_t first;
	uint16_t count;
};

enum ffabi_desc_part {
	FFABI_PART_REQUEST,
	FFABI_PART_SUCCESS,
	FFABI_PART_ERROR /* only where the call does not answer with FFA_ERROR */
};

/* call: enum ffabi_call.  The fields are in register order. */
void ffabi_describe(unsigned int call, enum ffabi_desc_part part, struct ffabi_desc_layout *out);
const struct ffabi_desc_field *ffabi_describe_field(unsigned int index);

/* Is the field part of this version and convention? */
int ffabi_desc_live(const struct ffabi_desc_field *f, uint32_t version, enum ffabi_conv conv);

/*
 * The value of a field of at most 64 bits: two 32-bit registers are joined, the
 * lower-numbered one in the low half; the bias is added.
 */
uint64_t ffabi_desc_value(const struct ffabi_desc_field *f, const struct ffabi_regs *r,
			  enum ffabi_conv conv);
/* A UUID field, whichever registers it takes. */
void ffabi_desc_uuid(const struct ffabi_desc_field *f, const struct ffabi_regs *r,
		     struct ffabi_uuid *out);

/* The name of an enumerator or of flag number bit, or a null pointer. */
const char *ffabi_enumerator_name(unsigned int table, uint64_t value);
const char *ffabi_flag_name(unsigned int table, unsigned int bit);

/* Tables in memory: a field of the fixed part, in the order of its bytes. */
struct ffabi_desc_table_field {
	uint16_t field; /* enum ffabi_field */
	uint8_t show; /* enum ffabi_show */
	uint8_t table; /* of enumerators or flags, else as enum ffabi_show says */
	uint16_t at; /* byte offset of the container */
	uint8_t size; /* bytes of the container */
	uint8_t hi, lo; /* bits of it, for containers of at most 8 bytes */
	uint8_t versions; /* bit n: version 1.n */
	uint8_t usages; /* enum ffabi_usage */
	uint8_t when; /* 0, or 1 + which field of the table decides whether this one is meant */
	uint8_t value; /* what that field has to be */
};

/* Which buffer of a call holds a table. */
enum ffabi_desc_where {
	FFABI_IN_NONE,
	FFABI_IN_TX,
	FFABI_IN_RX,
	FFABI_IN_TX_OR_ADDRESS /* TX, unless the call names another buffer */
};
struct ffabi_desc_buffer {
	uint8_t where; /* enum ffabi_desc_where */
	uint8_t table; /* enum ffabi_table */
	uint8_t usage; /* enum ffabi_usage, or 0 */
	uint16_t length; /* the field that counts its bytes, or FFABI_F_NONE */
};

/* call: enum ffabi_call.  where is FFABI_IN_NONE when the call passes no table. */
void ffabi_describe_buffer(unsigned int call, struct ffabi_desc_buffer *out);

/* table: enum ffabi_table. */
void ffabi_describe_table(unsigned int table, struct ffabi_desc_layout *out);
const struct ffabi_desc_table_field *ffabi_describe_table_field(unsigned int index);

#ifdef __cplusplus
}
#endif

#endif /* FFABI_DESCRIBE_H */
