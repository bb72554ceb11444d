/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
#include "record.h"

#include <ffabi/describe.h>
#include <ffabi/partition_table.h>
#include <ffabi/text.h>

#include "../console.h"

enum {
	OTHER_TABLE = 64
}; /* bytes kept of a buffer whose length no register tells */

static int64_t file = -1;
static uint64_t number;
static char kept[1 << 16];
static uint32_t count;

static void put_char(char c)
{
	if (file < 0)
		return;
	if (count == sizeof(kept)) {
		host_write(file, kept, count);
		count = 0;
	}
	kept[count++] = c;
}

static void put(const char *text)
{
	while (*text != '\0')
		put_char(*text++);
}

static void put_hex(uint64_t value, int digits)
{
	while (digits-- > 0)
		put_char("0123456789abcdef"[value >> 4 * digits & 15]);
}

static void put_decimal(uint64_t value)
{
	char text[21];
	char *p = text + sizeof(text) - 1;

	*p = '\0';
	do {
		*--p = (char)('0' + value % 10);
		value /= 10;
	} while (value != 0);
	put(p);
}

static void put_endpoint(uint16_t id)
{
	int digits = 1;

	while (digits < 4 && id >> 4 * digits != 0)
		digits++;
	put("vm");
	put_hex(id, digits);
}

static void put_registers(const struct ffabi_regs *r)
{
	uint32_t i;

	for (i = 0; i < 18; i++) {
		put(" x");
		put_decimal(i);
		put("=");
		put_hex(r->x[i], 16);
	}
	put("\n");
}

struct bytes {
	uint64_t address;
	const volatile uint8_t *base;
	uint64_t n;
};

static void put_buffer(const char *kind, const struct bytes *b)
{
	uint64_t i;

	put(kind);
	put(" pa=");
	put_hex(b->address, 12);
	put(" len=");
	put_decimal(b->n);
	for (i = 0; i < b->n; i++) {
		if (i % 16 == 0) {
			put("\n  ");
			put_hex(i, i > 0xffff ? 8 : 4);
			put(":");
		}
		put(" ");
		put_hex(b->base[i], 2);
	}
	put("\n");
}

/* The value of a field of a layout, or otherwise. */
struct asked {
	enum ffabi_call call;
	enum ffabi_desc_part part;
	const struct ffabi_regs *regs;
	uint32_t version;
};

static uint64_t value_or(const struct asked *a, unsigned int field, uint64_t otherwise)
{
	const enum ffabi_conv conv = ffabi_conv_of(a->regs->x[0]);
	const struct ffabi_desc_field *f;
	struct ffabi_desc_layout layout;
	uint32_t i;

	ffabi_describe(a->call, a->part, &layout);
	for (i = 0; i < layout.count; i++) {
		f = ffabi_describe_field(layout.first + i);
		if (f->field == field && ffabi_desc_live(f, a->version, conv))
			return ffabi_desc_value(f, a->regs, conv);
	}
	return otherwise;
}

static uint64_t fragment_or(const struct asked *a, const struct ffabi_desc_buffer *said)
{
	return value_or(a, FFABI_F_FRAGMENT_LENGTH, value_or(a, said->length, OTHER_TABLE));
}

static void put_tx(const struct record_call *r)
{
	const struct asked a = {r->call, FFABI_PART_REQUEST, r->in, r->version};
	struct ffabi_desc_buffer said;
	struct bytes b;

	ffabi_describe_buffer(r->call, &said);
	if (r->call != FFABI_CALL_MEM_FRAG_TX && said.where != FFABI_IN_TX &&
	    said.where != FFABI_IN_TX_OR_ADDRESS)
		return;
	b.address = r->buffers->tx_address;
	b.base = r->buffers->tx.base;
	b.n = fragment_or(&a, &said);
	if (b.n <= r->buffers->tx.len)
		put_buffer(" tx", &b);
}

/* How many bytes of the RX buffer the reply speaks of. */
static uint64_t received(const struct record_call *r)
{
	const uint32_t fn = (uint32_t)r->out->x[0] & ~(uint32_t)FFABI_SMC64;
	struct asked a = {r->call, FFABI_PART_REQUEST, r->out, r->version};
	struct ffabi_desc_buffer said;

	if (fn == FFABI_FN_MEM_RETRIEVE_RESP || fn == FFABI_FN_MEM_FRAG_TX) {
		a.call = fn == FFABI_FN_MEM_FRAG_TX ? FFABI_CALL_MEM_FRAG_TX
						    : FFABI_CALL_MEM_RETRIEVE_RESP;
		return value_or(&a, FFABI_F_FRAGMENT_LENGTH, 0);
	}
	ffabi_describe_buffer(r->call, &said);
	if (fn != FFABI_FN_SUCCESS || said.where != FFABI_IN_RX)
		return 0;
	a.part = FFABI_PART_SUCCESS;
	return value_or(&a, FFABI_F_COUNT, 0) *
	       value_or(&a, FFABI_F_DESCRIPTOR_SIZE, ffabi_partition_info_size(r->version));
}

static void put_rx(const struct record_call *r)
{
	const struct bytes b = {r->buffers->rx_address, r->buffers->rx.base, received(r)};

	if (b.n != 0 && b.n <= r->buffers->rx.len)
		put_buffer(" rx", &b);
}

int record_open(const char *name)
{
	if (*name == '\0')
		return 1;
	file = host_create(name);
	return file >= 0;
}

void record_comment(const char *text)
{
	put("# ");
	put(text);
	put("\n");
}

void record_call(const struct record_call *r)
{
	const char *name = ffabi_function_name((uint32_t)r->in->x[0]);

	if (file < 0)
		return;
	put("call ");
	put_decimal(++number);
	put(" ");
	if (r->who != 0)
		put(r->who);
	else
		put_endpoint(r->from);
	put(" ");
	put(name != 0 ? name : "unknown");
	put("\n in ");
	put_registers(r->in);
	if (r->outcome == RECORD_ANSWERED) {
		put(" out");
		put_registers(r->out);
	} else if (r->outcome == RECORD_PASSED) {
		put(" to ");
		put_endpoint(r->to);
		put_registers(r->out);
	}
	if (r->call == FFABI_CALL_COUNT || r->buffers == 0)
		return;
	put_tx(r);
	put_rx(r);
}

void record_close(void)
{
	if (file < 0)
		return;
	host_write(file, kept, count);
	host_close(file);
	file = -1;
}
