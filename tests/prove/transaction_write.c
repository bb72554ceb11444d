/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Writing whole memory transactions.  Versions and numbers of elements are taken one after
 * the other: constants cost little.
 * unwind: 20
 * object-bits: 12
 */
#include <bytes.h>
#include <ffabi/transaction.h>

#define ACCESSES 2
#define RANGES 2
/* Header, access descriptors, composite descriptor and ranges of the version that has most. */
#define ROOM 160

struct message {
	struct ffabi_mem_transaction header;
	struct ffabi_mem_access access[ACCESSES];
	struct ffabi_mem_constituent ranges[RANGES];
};

static enum ffabi_usage any_usage(void)
{
	unsigned int any;

	GIVEN(any == FFABI_USAGE_SHARE || any == FFABI_USAGE_LEND || any == FFABI_USAGE_DONATE ||
	      any == FFABI_USAGE_RETRIEVE_REQ || any == FFABI_USAGE_RETRIEVE_RESP ||
	      any == FFABI_USAGE_HYP_RETRIEVE_REQ);
	return (enum ffabi_usage)any;
}

static void write(struct ffabi_ctx c, uint32_t accesses, uint32_t ranges)
{
	struct ffabi_ctx m = c;
	const enum ffabi_usage usage = any_usage();
	_Alignas(8) uint8_t buffer[ROOM], other[ROOM];
	struct ffabi_dst dst = {buffer, 0};
	const struct ffabi_dst dst2 = {other, ROOM};
	struct message said;
	const struct ffabi_mem_message in = {&said.header, said.access, said.ranges, accesses,
					     ranges};
	uint32_t total, measured, k;
	uint8_t before;
	uint64_t len;

	GIVEN(len <= sizeof(buffer) && k < sizeof(buffer));
	dst.len = len;
	before = buffer[k];
	if (ffabi_mem_write(&c, usage, &in, &dst, &total) != FFABI_OK) {
		REACHED("refused");
		CLAIM("a refused write leaves the bytes alone", buffer[k] == before);
		return;
	}
	REACHED("written");
	CLAIM("it fits", total <= len);
	CLAIM("no other byte is touched", k < total || buffer[k] == before);
	CLAIM("it was measured",
	      ffabi_mem_measure(&m, usage, &in, &measured) == FFABI_OK && measured == total);
	CLAIM("written again", ffabi_mem_write(&m, usage, &in, &dst2, &measured) == FFABI_OK);
	CLAIM("what was there before does not show", k >= total || buffer[k] == other[k]);
}

static void writes(uint32_t version)
{
	struct ffabi_ctx c = any_context();
	uint32_t accesses, ranges, a, r;

	c.version = version;
	for (a = 0; a <= ACCESSES; a++) {
		for (r = 0; r <= RANGES; r++) {
			if (accesses == a && ranges == r) {
				write(c, a, r);
				return;
			}
		}
	}
}

/* ffabi_mem_measure, ffabi_mem_write: 1.0; 2 access descriptors, 2 ranges, buffer up to 160 bytes
 */
void prove_mem_write_v1_0(void)
{
	writes(FFABI_V1_0);
}

/* ffabi_mem_measure, ffabi_mem_write: 1.1; 2 access descriptors, 2 ranges, buffer up to 160 bytes
 */
void prove_mem_write_v1_1(void)
{
	writes(FFABI_V1_1);
}

/* ffabi_mem_measure, ffabi_mem_write: 1.2; 2 access descriptors, 2 ranges, buffer up to 160 bytes
 */
void prove_mem_write_v1_2(void)
{
	writes(FFABI_V1_2);
}

/* ffabi_mem_measure, ffabi_mem_write: 1.3; 2 access descriptors, 2 ranges, buffer up to 160 bytes
 */
void prove_mem_write_v1_3(void)
{
	writes(FFABI_V1_3);
}
