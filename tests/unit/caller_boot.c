/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Finding a piece of boot information: header of 32 bytes, descriptors of 32 bytes. */
#include <ffabi/caller_boot.h>

#include "check.h"

#define TYPE(class, type) ((uint64_t)((class) << 7 | (type)))
#define ADDRESS 0
#define VALUE (1 << 2)
static uint64_t blob[16];

/* Signature 0xffa, version 1.1, blob of 128 bytes, 3 descriptors of 32 bytes from byte 32 on. */
static void start(void)
{
	static const uint64_t words[16] = {
		0x0001000100000ffa,
		32ull << 32 | 128,
		32ull << 32 | 3,
		0,
		/* "dtb": a device tree at an address */
		0x627464,
		0,
		100ull << 32 | ADDRESS << 16 | TYPE(0, 0),
		0x60000000,
		/* "own": number 5 of the producer's, 4 bytes in place */
		0x6e776f,
		0,
		4ull << 32 | VALUE << 16 | TYPE(1, 5),
		0x1234,
		/* "hob": a hand-off block list */
		0x626f68,
		0,
		200ull << 32 | ADDRESS << 16 | TYPE(0, 1),
		0x60001000,
	};

	memcpy(blob, words, sizeof(words));
}

int main(void)
{
	const struct ffabi_boot_wanted fdt = {FFABI_BOOT_INFO_TYPE_CLASS_STANDARD,
					      FFABI_BOOT_INFO_STANDARD_TYPE_FDT};
	const struct ffabi_boot_wanted hob = {FFABI_BOOT_INFO_TYPE_CLASS_STANDARD,
					      FFABI_BOOT_INFO_STANDARD_TYPE_HOB_LIST};
	const struct ffabi_boot_wanted own = {FFABI_BOOT_INFO_TYPE_CLASS_IMPLEMENTATION_DEFINED, 5};
	const struct ffabi_boot_wanted none = {FFABI_BOOT_INFO_TYPE_CLASS_IMPLEMENTATION_DEFINED,
					       1};
	const struct ffabi_src src = {(const uint8_t *)blob, sizeof(blob)};
	const struct ffabi_src cut = {(const uint8_t *)blob, sizeof(blob) - 8};
	struct ffabi_ctx c = {FFABI_V1_1, FFABI_STRICT, 0, {0, 0, 0, 0}};
	struct ffabi_boot_info_descriptor d;

	start();
	CHECK(ffabi_boot_find(&c, &src, &fdt, &d) == FFABI_OK);
	CHECK(d.contents == 0x60000000 && d.size == 100);
	CHECK(ffabi_boot_find(&c, &src, &own, &d) == FFABI_OK);
	CHECK(d.contents == 0x1234 && d.contents_format == FFABI_BOOT_INFO_CONTENTS_FORMAT_VALUE);
	CHECK(ffabi_boot_find(&c, &src, &hob, &d) == FFABI_OK && d.contents == 0x60001000);
	CHECK(ffabi_boot_find(&c, &src, &none, &d) == FFABI_END);
	CHECK(ffabi_boot_find(&c, &cut, &fdt, &d) == FFABI_E_SHORT);
	blob[10] |= 1ull << 24; /* what stands before the piece is checked, too */
	CHECK(ffabi_boot_find(&c, &src, &hob, &d) == FFABI_E_MBZ);
	CHECK(ffabi_boot_find(&c, &src, &fdt, &d) == FFABI_OK);
	start();
	blob[0] ^= 1;
	CHECK(ffabi_boot_find(&c, &src, &fdt, &d) != FFABI_OK);
	return done();
}
