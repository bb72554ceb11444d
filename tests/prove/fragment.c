/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Part of a memory transaction: a fragment is a piece of what ffabi_mem_write() writes.
 * Versions, offsets and lengths are taken one after the other: constants cost little.
 * unwind: 40 put_bytes.0:7 put_part.0:50
 * object-bits: 12
 */
#include <bytes.h>
#include <ffabi/transaction.h>

/* Header, access descriptor, composite descriptor and range of the version that has most. */
#define WHOLE 112
#define PART 56

struct message {
	struct ffabi_mem_transaction header;
	struct ffabi_mem_access access;
	struct ffabi_mem_constituent range;
};

struct sent {
	enum ffabi_usage usage;
	struct ffabi_mem_message in;
	uint32_t total;
	uint8_t bytes[WHOLE];
};

static void fragment(struct ffabi_ctx c, const struct sent *whole, uint32_t offset, uint32_t len)
{
	_Alignas(8) uint8_t part[PART];
	const struct ffabi_dst dst = {part, len};
	struct ffabi_mem_length length;
	uint8_t before;
	uint32_t k;

	GIVEN(k < sizeof(part));
	before = part[k];
	if (ffabi_mem_fragment(&c, whole->usage, &whole->in, offset, &dst, &length) != FFABI_OK) {
		REACHED("refused");
		CLAIM("only for the offset, or for want of room",
		      offset >= whole->total || offset % 8 != 0 || len < 8);
		CLAIM("a refused fragment leaves the bytes alone", part[k] == before);
		return;
	}
	REACHED("written");
	CLAIM("what there is room for, or the rest",
	      length.total == whole->total &&
		      length.fragment ==
			      (whole->total - offset <= len ? whole->total - offset : len / 8 * 8));
	CLAIM("the bytes of the whole, and no other is touched",
	      part[k] == (k < length.fragment ? whole->bytes[offset + k] : before));
}

/* A fragment behind the first is asked for only when the first was accepted. */
static void fragments(uint32_t version)
{
	struct ffabi_ctx c = any_context(), w;
	struct message said;
	struct sent whole;
	const struct ffabi_dst all = {whole.bytes, WHOLE};
	uint32_t offset, len, o, l;

	c.version = version;
	w = c;
	whole.in = (struct ffabi_mem_message){&said.header, &said.access, &said.range, 1, 1};
	GIVEN(whole.usage == FFABI_USAGE_SHARE || whole.usage == FFABI_USAGE_LEND ||
	      whole.usage == FFABI_USAGE_DONATE || whole.usage == FFABI_USAGE_RETRIEVE_RESP);
	GIVEN(ffabi_mem_write(&w, whole.usage, &whole.in, &all, &whole.total) == FFABI_OK);
	for (o = 0; o < WHOLE; o += 8) {
		for (l = 4; l <= PART; l += 12) {
			if (offset == o && len == l) {
				fragment(c, &whole, o, l);
				return;
			}
		}
	}
}

/* ffabi_mem_fragment: 1.0; 1 access descriptor, 1 range, offsets that are multiples of 8, buffers
 * of 4, 16, 28, 40 and 52 bytes */
void prove_mem_fragment_v1_0(void)
{
	fragments(FFABI_V1_0);
}

/* ffabi_mem_fragment: 1.1; 1 access descriptor, 1 range, offsets that are multiples of 8, buffers
 * of 4, 16, 28, 40 and 52 bytes */
void prove_mem_fragment_v1_1(void)
{
	fragments(FFABI_V1_1);
}

/* ffabi_mem_fragment: 1.2; 1 access descriptor, 1 range, offsets that are multiples of 8, buffers
 * of 4, 16, 28, 40 and 52 bytes */
void prove_mem_fragment_v1_2(void)
{
	fragments(FFABI_V1_2);
}

/* ffabi_mem_fragment: 1.3; 1 access descriptor, 1 range, offsets that are multiples of 8, buffers
 * of 4, 16, 28, 40 and 52 bytes */
void prove_mem_fragment_v1_3(void)
{
	fragments(FFABI_V1_3);
}
