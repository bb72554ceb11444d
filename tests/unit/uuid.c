/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * r172, r184, r187: one UUID, four ways to write it: text, bytes, four w registers and
 * two x registers.  Every byte is another one, so no swap goes unseen.
 */
#include <ffabi/messaging.h>
#include <ffabi/partition.h>

#include "check.h"

static const uint8_t bytes[17] = {
	0xff, /* so that the bytes are at an odd address */
	0xa1, 0xa2, 0xa3, 0xa4, 0xb1, 0xb2, 0xc1, 0xc2,
	0xd1, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7, 0xd8,
};

int main(void)
{
	const struct ffabi_uuid text =
		FFABI_UUID(0xa1a2a3a4, 0xb1b2, 0xc1c2, 0xd1d2, 0xd3d4d5d6d7d8);
	const struct ffabi_uuid service =
		FFABI_UUID(0x486178e0, 0xe7f8, 0x11e3, 0xbc5e, 0x0002a5d5c51b);
	struct ffabi_ctx c = {FFABI_V1_2, FFABI_STRICT, 0, {0, 0, 0, 0}};
	struct ffabi_partition_info_get get, got;
	struct ffabi_partition_info_get_regs regs, regs_got;
	struct ffabi_msg_send_direct_req2 req, req_got;
	struct ffabi_uuid uuid;
	struct ffabi_regs r;
	uint8_t out[18];

	CHECK(text.lo == 0xc2c1b2b1a4a3a2a1);
	CHECK(text.hi == 0xd8d7d6d5d4d3d2d1);
	/* bytes e0 78 61 48 would be the other order; the first byte written is the first sent */
	CHECK(service.lo == 0xe311f8e7e0786148);
	CHECK(service.hi == 0x1bc5d5a502005ebc);

	ffabi_uuid_from_bytes(&uuid, bytes + 1);
	CHECK(uuid.lo == text.lo && uuid.hi == text.hi);
	memset(out, 0xee, sizeof(out));
	ffabi_uuid_to_bytes(&text, out + 1);
	CHECK(memcmp(out + 1, bytes + 1, 16) == 0);
	CHECK(out[0] == 0xee && out[17] == 0xee);

	memset(&get, 0, sizeof(get));
	get.uuid = text;
	CHECK(ffabi_partition_info_get_pack(&c, &get, &r) == FFABI_OK);
	CHECK(r.x[1] == 0xa4a3a2a1 && r.x[2] == 0xc2c1b2b1);
	CHECK(r.x[3] == 0xd4d3d2d1 && r.x[4] == 0xd8d7d6d5);
	CHECK(ffabi_partition_info_get_unpack(&c, &r, &got) == FFABI_OK);
	CHECK(got.uuid.lo == text.lo && got.uuid.hi == text.hi);

	memset(&regs, 0, sizeof(regs));
	regs.uuid = text;
	CHECK(ffabi_partition_info_get_regs_pack(&c, &regs, &r) == FFABI_OK);
	CHECK(r.x[1] == 0xc2c1b2b1a4a3a2a1 && r.x[2] == 0xd8d7d6d5d4d3d2d1);
	CHECK(ffabi_partition_info_get_regs_unpack(&c, &r, &regs_got) == FFABI_OK);
	CHECK(regs_got.uuid.lo == text.lo && regs_got.uuid.hi == text.hi);

	memset(&req, 0, sizeof(req));
	req.protocol_uuid = text;
	CHECK(ffabi_msg_send_direct_req2_pack(&c, &req, &r) == FFABI_OK);
	CHECK(r.x[2] == 0xc2c1b2b1a4a3a2a1 && r.x[3] == 0xd8d7d6d5d4d3d2d1);
	CHECK(ffabi_msg_send_direct_req2_unpack(&c, &r, &req_got) == FFABI_OK);
	CHECK(req_got.protocol_uuid.lo == text.lo && req_got.protocol_uuid.hi == text.hi);
	return done();
}
