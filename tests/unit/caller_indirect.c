/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Indirect messages.  r151: the header has a reserved word before, and from 1.2 on a
 * UUID behind, what 1.1 has: offset at byte 8, ids at 12, size at 16, UUID at 24.
 */
#include <ffabi/caller_messages.h>

#include "script.h"

static struct ffabi_caller k;
static const uint8_t text[] = {'h', 'e', 'l', 'l', 'o'};
static const struct ffabi_indirect hello = {
	4, 0x8001, 0, 0, FFABI_UUID(0x486178e0, 0xe7f8, 0x11e3, 0xbc5e, 0x0002a5d5c51b), text, 5,
};
static const struct ffabi_indirect nil = {4, 0x8001, 0, 2, {0, 0}, text, 5};

static void sees_1_1(void)
{
	static const uint8_t bytes[] = {0,    0, 0, 0, 0, 0, 0, 0,   20,  0,   0,   0,	 0x01,
					0x80, 4, 0, 5, 0, 0, 0, 'h', 'e', 'l', 'l', 'o', 0xee};

	CHECK(memcmp(tx_page, bytes, sizeof(bytes)) == 0);
}

static void sees_1_2(void)
{
	static const uint8_t bytes[] = {
		0,    0,    0,	  0,	0,    0,    0,	  0,	40,   0,    0,	  0,
		0x01, 0x80, 4,	  0,	5,    0,    0,	  0,	0,    0,    0,	  0,
		0x48, 0x61, 0x78, 0xe0, 0xe7, 0xf8, 0x11, 0xe3, 0xbc, 0x5e, 0x00, 0x02,
		0xa5, 0xd5, 0xc5, 0x1b, 'h',  'e',  'l',  'l',	'o',  0xee,
	};

	CHECK(memcmp(tx_page, bytes, sizeof(bytes)) == 0);
}

static void test_send(void)
{
	static const struct turn old[] = {{{0x84000086, 0, 2}, SUCCESS, sees_1_1}};
	static const struct turn new[] = {
		{{0x84000086}, FAILED(-4), sees_1_2},
		{{0x84000086}, SUCCESS, sees_1_2},
		{{0x84000086}, FAILED(-6), NULL},
		{{0x84000086}, {0x84000065}, NULL},
	};

	SCRIPTED(&k, FFABI_V1_1, old);
	mapped(&k);
	CHECK(ffabi_caller_message(&k, &nil) == FFABI_OK && over());
	SCRIPTED(&k, FFABI_V1_2, new);
	mapped(&k);
	k.bounds.retries = 1;
	CHECK(ffabi_caller_message(&k, &hello) == FFABI_OK);
	CHECK(ffabi_caller_message(&k, &hello) == FFABI_STATUS_DENIED);
	CHECK(ffabi_caller_message(&k, &hello) == FFABI_E_FID && over());
	CHECK(k.tx.owner == FFABI_OWNER_CALLER);
}

static void test_not_sent(void)
{
	struct ffabi_indirect big = nil;

	UNCALLED(&k, FFABI_V1_1);
	CHECK(ffabi_caller_message(&k, &nil) == FFABI_E_RULE);
	CHECK(k.ctx.err.field == FFABI_F_TX_ADDRESS);
	mapped(&k);
	big.size = 4096 - 19; /* one more than is left behind the header */
	CHECK(ffabi_caller_message(&k, &big) == FFABI_E_SHORT);
	CHECK(k.ctx.err.field == FFABI_F_PAYLOAD_SIZE && tx_page[0] == 0xeeeeeeeeeeeeeeee);
	big.size = 0xffffffff;
	CHECK(ffabi_caller_message(&k, &big) == FFABI_E_SHORT);
	big = nil;
	big.flags = 1;
	CHECK(ffabi_caller_message(&k, &big) == FFABI_E_MBZ);
	UNCALLED(&k, FFABI_V1_0);
	mapped(&k);
	CHECK(ffabi_caller_message(&k, &nil) == FFABI_E_VERSION && over());
}

/* A message of five bytes at byte 24, as a 1.1 sender that left a gap would place it. */
static void message_arrives(uint8_t size)
{
	static const uint8_t bytes[] = {0, 0, 0,    0,	  0,	0,    0,   0,	24, 0,
					0, 0, 0x04, 0x00, 0x01, 0x80, 5,   0,	0,  0,
					0, 0, 0,    0,	  'h',	'e',  'l', 'l', 'o'};

	memcpy(rx_page, bytes, sizeof(bytes));
	((uint8_t *)rx_page)[16] = size;
}

static void test_receive(void)
{
	static const struct turn turns[] = {RELEASE, RELEASE, RELEASE, RELEASE, RELEASE};
	struct ffabi_partition_message_header header;
	uint64_t room[1] = {0};
	struct ffabi_dst payload = {(uint8_t *)room, sizeof(room)};

	SCRIPTED(&k, FFABI_V1_1, turns);
	CHECK(ffabi_caller_receive(&k, &header, &payload) == FFABI_E_RULE && script.next == 0);
	mapped(&k);
	message_arrives(5);
	CHECK(ffabi_caller_receive(&k, &header, &payload) == FFABI_OK && script.next == 1);
	CHECK(header.sender_id == 0x8001 && header.receiver_id == 4 && header.payload_size == 5);
	CHECK(memcmp(room, "hello", 6) == 0 && k.rx.owner == FFABI_OWNER_CALLEE);
	message_arrives(5);
	((uint8_t *)rx_page)[0] = 1; /* should be zero: for the receiver to ignore */
	spoil(&k);
	CHECK(ffabi_caller_receive(&k, &header, &payload) == FFABI_OK && script.next == 2);
	k.waive_replies = FFABI_STRICT;
	CHECK(ffabi_caller_receive(&k, &header, &payload) == FFABI_E_SBZ && script.next == 3);
	/* the buffer goes back, too, when the message is refused */
	message_arrives(9);
	CHECK(ffabi_caller_receive(&k, &header, &payload) == FFABI_E_SHORT && script.next == 4);
	message_arrives(5);
	((uint8_t *)rx_page)[10] = 1; /* an offset of 64 KiB */
	CHECK(ffabi_caller_receive(&k, &header, &payload) == FFABI_E_SHORT && over());
	CHECK(k.rx.owner == FFABI_OWNER_CALLEE);
}

int main(void)
{
	test_send();
	test_not_sent();
	test_receive();
	return done();
}
