/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Part of a memory transaction: a fragment is a piece of what ffabi_mem_write() writes.
 * The writer goes over at most four parts, byte by byte over one that crosses an edge.
 * unwind: 7 put_bytes.0:6 put_part.0:50
 */
#include <bytes.h>
#include <ffabi/transaction.h>

/* Header, access descriptor, composite descriptor and range of the version that has most. */
#define ROOM 112

/* ffabi_mem_fragment; 1 access descriptor, 1 range, buffers up to 112 bytes */
void prove_mem_fragment(void)
{
	struct ffabi_ctx c = any_context(), w = c;
	_Alignas(8) uint8_t whole[ROOM], part[ROOM], before[ROOM];
	const struct ffabi_dst all = {whole, ROOM};
	struct ffabi_dst dst = {part, 0};
	struct ffabi_mem_transaction header;
	struct ffabi_mem_access access;
	struct ffabi_mem_constituent range;
	struct ffabi_mem_message in = {&header, &access, &range, 0, 0};
	struct ffabi_mem_length length;
	enum ffabi_usage usage;
	uint32_t total, offset, accesses, ranges;
	uint64_t len, k;

	GIVEN(usage == FFABI_USAGE_SHARE || usage == FFABI_USAGE_LEND ||
	      usage == FFABI_USAGE_DONATE || usage == FFABI_USAGE_RETRIEVE_RESP);
	GIVEN(accesses <= 1 && ranges <= 1 && len <= sizeof(part) && k < sizeof(part));
	in.access_count = accesses;
	in.range_count = ranges;
	dst.len = len;
	/* a fragment behind the first is asked for only when the first was accepted */
	GIVEN(ffabi_mem_write(&w, usage, &in, &all, &total) == FFABI_OK);
	__CPROVER_array_copy(before, part);
	if (ffabi_mem_fragment(&c, usage, &in, offset, &dst, &length) != FFABI_OK) {
		REACHED("refused");
		CLAIM("only for the offset, or for want of room",
		      offset >= total || offset % 8 != 0 || len < 8);
		CLAIM("a refused fragment leaves the bytes alone", part[k] == before[k]);
		return;
	}
	REACHED("written");
	CLAIM("what there is room for, or the rest",
	      length.total == total &&
		      length.fragment == (total - offset <= len ? total - offset : len / 8 * 8));
	CLAIM("the bytes of the whole, and no other is touched",
	      part[k] == (k < length.fragment ? whole[offset + k] : before[k]));
}
