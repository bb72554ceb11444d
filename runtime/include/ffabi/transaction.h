/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Memory transaction descriptors as a whole: the header, the array of endpoint
 * memory access descriptors, the composite descriptor and its constituents.
 *
 * Reading.  A cursor walks a buffer that others may write to, in one pass: every
 * byte is taken once, rules on whole arrays are settled when it says FFABI_END, and
 * nothing may take effect before.  ffabi_mem_check() does the same walk over a
 * private copy, adds the rules that need a second look, and yields a view whose
 * accessors cannot fail.
 *
 * Writing.  ffabi_mem_write() checks everything, then stores; ffabi_mem_fragment()
 * writes any part of the same bytes, for a TX buffer smaller than the descriptor.
 *
 * The order in which a reader finds rules broken, whichever way it reads:
 *   1. the lengths; the version; the fields of the header, in the order of its table;
 *      the array of access descriptors lies in the fragment
 *   2. each access descriptor in turn: its fields; its composite_offset, which is that of the
 *      first one, or lies in the whole and beside the other parts; its endpoint is not the
 *      sender; and, with ffabi_mem_check() alone, not the endpoint of one before it
 *   3. the composite descriptor: its fields; its constituents lie in the whole and beside the
 *      other parts; nothing lies behind all parts
 *   4. each constituent in turn: its fields; and, with ffabi_mem_check() alone, it shares no
 *      page with one before it, as far as overlap_limit goes
 *   5. at the end: the sum of the pages
 * In which usages these hold is said by the tables: FFABI_MEM_TRANSACTION_ACCESS_*.
 *
 * ffabi_mem_check() looks at constituents again when they are not good at first sight.  Both
 * looks stay inside the same bytes; but only bytes that nobody else writes to are the same
 * the second time, which is why it wants a private copy.
 *
 * A violation is reported at the byte offset of its field in the descriptor.  Lengths
 * have no field there: those of a descriptor are reported where its bytes end, those of
 * one of several fragments where the fragment begins.
 */
#ifndef FFABI_TRANSACTION_H
#define FFABI_TRANSACTION_H

#include <ffabi/memory_descriptors_table.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes of the whole descriptor, and of the part that is here: w1 and w2 of the call. */
struct ffabi_mem_length {
	uint32_t total;
	uint32_t fragment;
};

/* Where the parts are, as offsets from the start of the descriptor. */
struct ffabi_mem_places {
	uint32_t access; /* of the first endpoint memory access descriptor */
	uint32_t access_size; /* from one to the next */
	uint32_t access_count;
	uint32_t access_layout; /* FFABI_V1_x, the version whose access descriptors these are */
	uint32_t composite; /* 0: no composite descriptor, as in most retrieve requests */
	uint32_t ranges; /* of the first constituent */
};

/* One pass over a buffer.  The members are the cursor's own. */
struct ffabi_mem_cursor {
	struct ffabi_src src;
	uint32_t total; /* bytes of the whole descriptor; src has those of the fragment */
	enum ffabi_usage usage;
	struct ffabi_mem_places places;
	uint16_t sender_id;
	uint32_t next; /* index of the next access descriptor or constituent */
	uint32_t here; /* constituents in the fragment, once the composite descriptor is read */
	struct ffabi_mem_composite composite;
	uint64_t pages; /* counted so far */
};

/*
 * Reads the header; with FFABI_USAGE_HYP_RETRIEVE_REQ that of a hypervisor's request, of which
 * all members but the handle are 0.  src->len has to hold at least the fragment, and the fragment
 * all parts but the constituents; both lengths are multiples of 8.
 */
enum ffabi_rule ffabi_mem_open(struct ffabi_ctx *c, enum ffabi_usage usage,
			       const struct ffabi_src *src, const struct ffabi_mem_length *length,
			       struct ffabi_mem_cursor *cur, struct ffabi_mem_transaction *out);

/*
 * The next access descriptor; FFABI_END after the last.  All of them name the same
 * composite descriptor, or, in a retrieval, none.
 */
enum ffabi_rule ffabi_mem_next_access(struct ffabi_ctx *c, struct ffabi_mem_cursor *cur,
				      struct ffabi_mem_access *out);

/*
 * The composite descriptor, after FFABI_END of the access descriptors; FFABI_END
 * when the transaction has none.
 */
enum ffabi_rule ffabi_mem_open_composite(struct ffabi_ctx *c, struct ffabi_mem_cursor *cur,
					 struct ffabi_mem_composite *out);

/*
 * The next constituent of this fragment; FFABI_END after the last one that is here.
 * When all of them are here, END also means that their pages add up to the total.
 */
enum ffabi_rule ffabi_mem_next_range(struct ffabi_ctx *c, struct ffabi_mem_cursor *cur,
				     struct ffabi_mem_constituent *out);

/*
 * Several at once: n of them, at least one and at most room, which is not 0; with a refusal,
 * those before the one that is refused.  The rules, and which is broken first, are those of
 * next_range.  What is judged, blamed and put out are the same loads: there is no second look,
 * so nobody can change a byte between its check and its use.
 */
enum ffabi_rule ffabi_mem_next_ranges(struct ffabi_ctx *c, struct ffabi_mem_cursor *cur,
				      struct ffabi_mem_constituent *out, uint32_t room,
				      uint32_t *n);

/* A checked descriptor in memory that nobody else writes to. */
struct ffabi_mem_view {
	struct ffabi_ctx ctx;
	enum ffabi_usage usage;
	struct ffabi_src src;
	struct ffabi_mem_transaction header;
	struct ffabi_mem_places places;
	struct ffabi_mem_composite composite; /* zero when there is none */
	uint32_t ranges_here; /* constituents in this fragment */
};

/*
 * Every rule, on every part that is in the fragment.  overlap_limit: constituents
 * of which each is compared with each other one, at most; 0 does not compare.
 */
struct ffabi_mem_limits {
	uint32_t overlap_limit;
};
enum ffabi_rule ffabi_mem_check(struct ffabi_ctx *c, enum ffabi_usage usage,
				const struct ffabi_src *src, const struct ffabi_mem_length *length,
				const struct ffabi_mem_limits *limits, struct ffabi_mem_view *out);

/* Element i of a view; i is below places.access_count, or ranges_here. */
void ffabi_mem_view_access(const struct ffabi_mem_view *v, uint32_t i,
			   struct ffabi_mem_access *out);
void ffabi_mem_view_range(const struct ffabi_mem_view *v, uint32_t i,
			  struct ffabi_mem_constituent *out);

/*
 * What a sender, or a relayer that answers a retrieve request, has to say.  The
 * writer sets access_size, access_count and access_offset of the header,
 * composite_offset of the access descriptors and the counts of the composite
 * descriptor itself.  No constituents: no composite descriptor.
 */
struct ffabi_mem_message {
	const struct ffabi_mem_transaction *header;
	const struct ffabi_mem_access *access;
	const struct ffabi_mem_constituent *ranges;
	uint32_t access_count;
	uint32_t range_count;
};

/* Checks everything and says how many bytes it takes. */
enum ffabi_rule ffabi_mem_measure(struct ffabi_ctx *c, enum ffabi_usage usage,
				  const struct ffabi_mem_message *in, uint32_t *total);

/* Writes the whole descriptor, or nothing: SHORT when dst has no room for it. */
enum ffabi_rule ffabi_mem_write(struct ffabi_ctx *c, enum ffabi_usage usage,
				const struct ffabi_mem_message *in, const struct ffabi_dst *dst,
				uint32_t *total);

/*
 * Writes bytes offset to offset + fragment of the descriptor; fragment is what dst has
 * room for, a multiple of 8, or the rest.  offset is a multiple of 8 below the total.
 * The fragment at 0 checks everything, like measure; the message stays as it is until
 * the last one is written.
 */
enum ffabi_rule ffabi_mem_fragment(struct ffabi_ctx *c, enum ffabi_usage usage,
				   const struct ffabi_mem_message *in, uint32_t offset,
				   const struct ffabi_dst *dst, struct ffabi_mem_length *length);

/* Fragments put together in dst, which is private and has room for the whole. */
struct ffabi_mem_assembly {
	struct ffabi_dst dst;
	uint32_t total;
	uint32_t received;
};

/* total bytes are expected, a multiple of 8; SHORT, and nothing is kept, when dst is smaller. */
enum ffabi_rule ffabi_mem_assemble(struct ffabi_ctx *c, const struct ffabi_dst *dst, uint32_t total,
				   struct ffabi_mem_assembly *out);

/*
 * One more fragment of n bytes; refused, and the assembly is as before, when it is
 * empty, not a multiple of 8, longer than what is missing, or longer than src.
 * FFABI_END when it was the last one.
 */
enum ffabi_rule ffabi_mem_add(struct ffabi_ctx *c, struct ffabi_mem_assembly *a,
			      const struct ffabi_src *src, uint32_t n);

#ifdef __cplusplus
}
#endif

#endif /* FFABI_TRANSACTION_H */
