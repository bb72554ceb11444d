/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Primitives of the runtime that the generated code does not reach by itself.
 * unwind: 26
 */
#include <bytes.h>
#include <ffabi/core.h>

/* ffabi_uuid_from_bytes, ffabi_uuid_to_bytes */
void prove_uuid(void)
{
	uint8_t bytes[16], back[16];
	struct ffabi_uuid uuid, again;
	unsigned int i;

	ffabi_uuid_from_bytes(&uuid, bytes);
	ffabi_uuid_to_bytes(&uuid, back);
	GIVEN(i < 16);
	CLAIM("the same bytes", back[i] == bytes[i]);
	CLAIM("byte 0 in the lowest bits",
	      (uuid.lo & 0xff) == bytes[0] && uuid.hi >> 56 == bytes[15]);
	ffabi_uuid_from_bytes(&again, back);
	CLAIM("the same number", again.lo == uuid.lo && again.hi == uuid.hi);
	REACHED("the end");
}

/* ffabi_fits */
void prove_fits(void)
{
	uint64_t len, off, n;

	if (ffabi_fits(len, off, n)) {
		REACHED("it fits");
		CLAIM("the sum does not wrap", off + n >= off);
		CLAIM("the end is inside", off + n <= len);
	} else {
		REACHED("it does not");
		CLAIM("the end is outside, or the sum wraps", off + n < off || off + n > len);
	}
}

/* ffabi_snapshot; buffers up to 24 bytes */
void prove_snapshot(void)
{
	struct ffabi_ctx c = any_context();
	_Alignas(8) uint8_t shared[24], own[24], before[24];
	struct ffabi_src src = {shared, 0};
	struct ffabi_dst dst = {own, 0};
	struct ffabi_extent what;
	uint64_t from, to, k;

	GIVEN(from <= sizeof(shared) && to <= sizeof(own) && k < sizeof(own));
	src.len = from;
	dst.len = to;
	__CPROVER_array_copy(before, own);
	watch(shared, from);
	if (ffabi_snapshot(&c, &src, &what, &dst) != FFABI_OK) {
		REACHED("refused");
		CLAIM("only for want of room",
		      c.err.rule == FFABI_E_SHORT &&
			      (!ffabi_fits(from, what.at, what.n) || what.n > to));
		CLAIM("nothing is copied", own[k] == before[k]);
		return;
	}
	REACHED("copied");
	CLAIM("what was asked for is there", what.at <= from && what.n <= from - what.at);
	CLAIM("those bytes and no others",
	      own[k] == (k < what.n ? shared[what.at + k] : before[k]));
}
