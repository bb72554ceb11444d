/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Memory transaction descriptors, byte by byte as DEN0140 and the 1.0 tables have them. */
#ifndef FFABI_TEST_SANDBOX_TRANSACTION_H
#define FFABI_TEST_SANDBOX_TRANSACTION_H

#include "sandbox_world.h"

#define SHARE 0x84000073
#define LEND 0x84000072
#define DONATE 0x84000071
#define RETRIEVE 0x84000074
#define RELINQUISH 0x84000076
#define RECLAIM 0x84000077
#define FRAG_RX 0x8400007a
#define FRAG_TX 0x8400007b

/* What a descriptor says; zero is what most say. */
struct deal {
	uint32_t version;
	uint16_t sender;
	uint16_t attributes; /* 0x2f: Normal, write-back, inner shareable */
	uint32_t flags;
	uint64_t handle;
	uint64_t tag;
	uint16_t receivers[3];
	uint8_t access[3]; /* 1 read-only, 2 read-write, 8 executable */
	uint8_t access_flags[3];
	unsigned int receiver_count; /* 0: one */
	uint64_t ranges[4][2]; /* address, pages */
	unsigned int range_count;
};

/* Writes it at an address; its length. */
static inline uint32_t write_deal(uint64_t at, const struct deal *d)
{
	const int old = d->version == FFABI_V1_0;
	const uint32_t head = old ? 32 : 48;
	const uint32_t size = d->version >= FFABI_V1_2 ? 32 : 16;
	const unsigned int n = d->receiver_count != 0 ? d->receiver_count : 1;
	const uint32_t composite = head + n * size;
	uint64_t pages = 0;
	unsigned int i;

	memset(bytes(at), 0, 0x1000);
	put(at, 2, d->sender);
	put(at + 2, 2, d->attributes);
	put(at + 4, 4, d->flags);
	put(at + 8, 8, d->handle);
	put(at + 16, 8, d->tag);
	put(at + 24, 4, old ? 0 : size);
	put(at + 28, 4, n);
	put(at + 32, 4, old ? 0 : 48);
	for (i = 0; i < n; i++) {
		put(at + head + i * size, 2, d->receivers[i]);
		put(at + head + i * size + 2, 1, d->access[i]);
		put(at + head + i * size + 3, 1, d->access_flags[i]);
		put(at + head + i * size + 4, 4, d->range_count != 0 ? composite : 0);
	}
	if (d->range_count == 0)
		return composite;
	for (i = 0; i < d->range_count; i++) {
		put(at + composite + 16 + 16 * i, 8, d->ranges[i][0]);
		put(at + composite + 24 + 16 * i, 4, d->ranges[i][1]);
		pages += d->ranges[i][1];
	}
	put(at + composite, 4, pages);
	put(at + composite + 4, 4, d->range_count);
	return composite + 16 + 16 * d->range_count;
}

/* VM 1 lets 0x8001 read and write pages 4 and 5 of its own. */
static inline struct deal usual(uint32_t version)
{
	struct deal d;

	memset(&d, 0, sizeof(d));
	d.version = version;
	d.sender = 1;
	d.attributes = 0x2f;
	d.tag = 0x7a6;
	d.receivers[0] = 0x8001;
	d.access[0] = 2;
	d.ranges[0][0] = VM_PAGES + 0x4000;
	d.ranges[0][1] = 2;
	d.range_count = 1;
	return d;
}

/* VM 1 sends it. */
static inline void send_deal(uint32_t fid, const struct deal *d)
{
	const uint32_t n = write_deal(VM_PAGES, d);

	CALL(1, fid, n, n);
}

/* The request that 0x8001 answers it with. */
static inline struct deal asking(const struct deal *d, uint64_t handle)
{
	struct deal out = *d;

	out.handle = handle;
	out.flags = 0;
	out.attributes = 0;
	out.range_count = 0;
	return out;
}

/* Partition 0x8001 or 0x8002 makes one call, and the reply is in world.entered. */
static inline void partition_calls(uint16_t id, uint64_t x0, uint64_t x1, uint64_t x2, uint64_t x3,
				   uint64_t x4)
{
	rewind_script();
	SCRIPT(0, x0, x1, x2, x3, x4);
	SCRIPT(1, 0x8400006b);
	CALL(0, 0x8400006d, (uint64_t)id << 16);
	IS(0x8400006b, (uint64_t)id << 16);
}

static inline uint64_t tx_of(uint16_t id)
{
	return id == 0x8001 ? SP_PAGES : SP2_PAGES;
}

static inline void retrieve(uint16_t id, const struct deal *d)
{
	const uint32_t n = write_deal(tx_of(id), d);

	partition_calls(id, RETRIEVE, n, n, 0, 0);
}

static inline void relinquish(uint16_t id, uint64_t handle, uint32_t flags)
{
	put(tx_of(id), 8, handle);
	put(tx_of(id) + 8, 4, flags);
	put(tx_of(id) + 12, 4, 1);
	put(tx_of(id) + 16, 2, id);
	partition_calls(id, RELINQUISH, 0, 0, 0, 0);
}

/* A world in which everyone of the deal has its buffers. */
static inline void begin_deals_of(struct ffabi_sandbox_config *config)
{
	build(config);
	map_buffers(1, VM_PAGES);
	map_buffers(2, VM2_PAGES);
	partition_calls(0x8001, 0xc4000066, SP_PAGES, SP_PAGES + 0x1000, 1, 0);
	ENTERED(0x84000061);
	partition_calls(0x8002, 0xc4000066, SP2_PAGES, SP2_PAGES + 0x1000, 1, 0);
	ENTERED(0x84000061);
}

static inline void begin_deals(uint32_t version)
{
	begin_deals_of(plan(version));
}

#define PARTITION_REFUSED(code) ENTERED(0x84000060, 0, code)

#endif /* FFABI_TEST_SANDBOX_TRANSACTION_H */
