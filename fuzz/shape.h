/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * The shape of a table as data, for mutators and for a second reading of its rules.
 * generated/fuzz/shapes.c has one of each table; it is derived from the description, not from the
 * plans of the codecs.
 */
#ifndef FUZZ_SHAPE_H
#define FUZZ_SHAPE_H

#include <stddef.h>
#include <stdint.h>

#define FUZZ_VERSIONS 4

enum fuzz_kind {
	FUZZ_RESERVED,
	FUZZ_CONSTANT,
	FUZZ_NUMBER,
	FUZZ_ENUM, /* listed[v]: bit n is set where n is an encoding */
	FUZZ_FLAGS, /* listed[v]: the bits that are defined */
	FUZZ_BYTES /* characters, identifiers: anything */
};

/* One statement of the description about bits hi..lo of the container of size bytes at offset at.
 */
struct fuzz_field {
	uint16_t id; /* enum ffabi_field */
	uint16_t at, size;
	uint8_t kind; /* enum fuzz_kind */
	uint8_t hi, lo; /* of containers of at most 8 bytes */
	uint8_t versions; /* bit n: version 1.n */
	uint8_t usages; /* enum ffabi_usage */
	uint16_t when; /* the field that decides whether this one is meant, or 0 */
	uint64_t when_value;
	uint64_t value; /* of a constant */
	uint64_t min, max;
	uint16_t max_id; /* the field that is the maximum, or 0 */
	uint16_t unless_id; /* zero unless the bits unless_mask of that field are between.. */
	uint64_t unless_mask, unless_least, unless_most;
	uint64_t unit; /* the value is a multiple of it; 0 or 1: any */
	uint64_t listed[FUZZ_VERSIONS];
};

enum fuzz_rule_kind {
	FUZZ_NO_WRAP, /* first + second pages end inside 64 bits */
	FUZZ_BOTH_OR_NEITHER,
	FUZZ_FORBID /* not these two values together */
};

struct fuzz_rule {
	uint8_t kind;
	uint16_t first, second; /* enum ffabi_field */
	uint64_t first_value, second_value; /* NO_WRAP: the page size is the first */
};

/* A number that is the same in all tables of a version, or the value of a field. */
struct fuzz_number {
	uint32_t number;
	uint16_t id; /* enum ffabi_field, or 0 */
};

struct fuzz_shape;

/* Elements that follow the fixed part. */
struct fuzz_array {
	const struct fuzz_shape *of; /* a null pointer: 16-bit numbers */
	uint16_t count; /* enum ffabi_field, as all below */
	struct fuzz_number offset[FUZZ_VERSIONS], stride[FUZZ_VERSIONS];
	uint16_t sum, sum_equals; /* of a field of the elements, in a field of the table; or 0 */
	uint16_t unique; /* field of the elements, or 0 */
	uint16_t part_offset; /* field of the elements that says where part is, or 0 */
	const struct fuzz_shape *part;
};

struct fuzz_shape {
	const char *name;
	uint32_t size[FUZZ_VERSIONS]; /* 0: the version does not have it */
	uint8_t align[FUZZ_VERSIONS];
	uint8_t usages; /* 0: one use only */
	uint16_t field_count, rule_count;
	const struct fuzz_field *fields;
	const struct fuzz_rule *rules;
	const struct fuzz_array *array; /* or a null pointer */
};

/* -- reading by shape (shape.c); data has the bytes of the fixed part, version is 0 to 3 -- */

/* Is the statement part of that version and usage? */
int fuzz_live(const struct fuzz_field *f, unsigned int version, unsigned int usage);
/* The live statement about a named field, or a null pointer; when is judged by data unless that is
 * null. */
const struct fuzz_field *fuzz_find(const struct fuzz_shape *s, unsigned int id,
				   unsigned int version, unsigned int usage, const uint8_t *data);
/* Does the field that decides have the value that it is meant with? */
int fuzz_meant(const struct fuzz_shape *s, const struct fuzz_field *f, unsigned int version,
	       unsigned int usage, const uint8_t *data);
uint64_t fuzz_get(const struct fuzz_field *f, const uint8_t *data);
void fuzz_put(const struct fuzz_field *f, uint8_t *data, uint64_t value);
/* Bits that the field has. */
uint64_t fuzz_mask(const struct fuzz_field *f);
/* Do all rules of the description on the fixed part hold?  The place is not judged. */
int fuzz_obeys(const struct fuzz_shape *s, unsigned int version, unsigned int usage,
	       const uint8_t *data);

#endif /* FUZZ_SHAPE_H */
