/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Memory that a partition retrieves, uses and relinquishes. */
#ifndef FIRMWARE_SHARED_H
#define FIRMWARE_SHARED_H

#include <ffabi/transaction.h>

#include "partition.h"

enum {
	SHARED_ROOM = 1 << 18
}; /* bytes of the largest response: 16000 constituents */

struct shared {
	uint8_t room[SHARED_ROOM] __attribute__((aligned(8)));
	struct ffabi_mem_view view;
	uint64_t handle;
	uint64_t size; /* bytes of the memory */
	uint64_t first; /* the range found last: offset of its first byte, its index, itself */
	uint32_t index;
	struct ffabi_mem_constituent range;
};

/* Retrieves what owner shared or lent under the handle, in as many fragments as it takes; 0 when
 * refused.
 */
int shared_open(struct partition *p, uint16_t owner, uint64_t handle, struct shared *s);

/* Byte at of the memory; at is below size. */
uint8_t *shared_byte(struct shared *s, uint64_t at);

void shared_close(struct partition *p, const struct shared *s);

#endif /* FIRMWARE_SHARED_H */
