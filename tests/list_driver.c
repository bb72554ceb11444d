/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Asks the walkers of lists: one request a line on standard input, one answer a line.
 * tests/lists.py speaks it.  Numbers are hexadecimal, BYTES are digits in pairs, or - for
 * none.  An answer is what was read, then ok or no RULE FIELD AT VALUE, AT in decimal.
 *
 *   partitions VERSION WAIVE COUNT SIZE BYTES   the entries
 *   regs VERSION WAIVE SIZE INDEX WORD ...      one entry of the 15 words
 *   message VERSION WAIVE BYTES                 the header, where the payload is
 *   relinquish VERSION WAIVE ROOM BYTES         the header, then the ids
 *   pack VERSION WAIVE ROOM HANDLE FLAGS ID ... BYTES of a relinquish descriptor
 *   boot VERSION WAIVE BYTES                    the header, then the descriptors
 */
#include <ffabi/lists.h>

#include "driver_words.h"

#define MOST_IDS 256

static struct ffabi_ctx context(void)
{
	struct ffabi_ctx c = {0, 0, 0, {0, 0, 0, 0}};

	c.version = (uint32_t)number();
	c.waive = (uint16_t)number();
	return c;
}

static void verdict(const struct ffabi_ctx *c, enum ffabi_rule rule)
{
	printf(" ");
	if (rule == FFABI_OK || rule == FFABI_END)
		printf("ok");
	else if (rule != c->err.rule)
		die("another rule is returned than recorded");
	else
		refusal(c);
}

static void say_partition(const struct ffabi_partition_info *p)
{
	say(p->partition_id), say(p->exec_ctx_count), say(p->proxy_id);
	say(p->properties), say(p->more_properties), say(p->id_type);
	say(p->protocol_uuid.lo), say(p->protocol_uuid.hi);
	say(p->image_uuid.lo), say(p->image_uuid.hi), say(p->ffa_version);
}

static void partitions(void)
{
	struct ffabi_ctx c = context();
	struct ffabi_partition_cursor cur;
	struct ffabi_partition_info info;
	struct ffabi_entries said;
	enum ffabi_rule rule;
	struct ffabi_src src;

	said.count = (uint32_t)number();
	said.size = (uint32_t)number();
	src = bytes();
	watch(&src, src.len, 1);
	rule = ffabi_partition_open(&c, &src, &said, &cur);
	while (rule == FFABI_OK) {
		memset(&info, 0xee, sizeof(info));
		rule = ffabi_partition_next(&c, &cur, &info);
		if (rule == FFABI_OK)
			say_partition(&info);
	}
	verdict(&c, rule);
	drop(src.base);
}

static void regs(void)
{
	struct ffabi_ctx c = context();
	struct ffabi_partition_info_get_regs_success in;
	struct ffabi_partition_info info;
	enum ffabi_rule rule;
	uint32_t i;

	memset(&in, 0xee, sizeof(in));
	memset(&info, 0xee, sizeof(info));
	in.descriptor_size = (uint16_t)number();
	i = (uint32_t)number();
	for (unsigned int j = 0; j < 15; j++)
		in.descriptors[j] = number();
	window.base = NULL; /* the words go through a buffer of the library's own */
	window.len = UINT64_MAX;
	window.once = 0;
	rule = ffabi_partition_of_regs(&c, &in, i, &info);
	if (rule == FFABI_OK)
		say_partition(&info);
	verdict(&c, rule);
}

static void message(void)
{
	struct ffabi_ctx c = context();
	const struct ffabi_src src = bytes();
	struct ffabi_partition_message_header h;
	struct ffabi_extent payload;
	enum ffabi_rule rule;

	watch(&src, src.len, 1);
	memset(&h, 0xee, sizeof(h));
	rule = ffabi_message_open(&c, &src, &h, &payload);
	if (rule == FFABI_OK) {
		say(h.payload_offset), say(h.receiver_id), say(h.sender_id), say(h.payload_size);
		say(h.protocol_uuid.lo), say(h.protocol_uuid.hi);
		say(payload.at), say(payload.n);
	}
	verdict(&c, rule);
	drop(src.base);
}

/* The array has exactly room elements, so that the address sanitizer guards its end. */
static void relinquish(void)
{
	struct ffabi_ctx c = context();
	const uint32_t room = (uint32_t)number();
	const struct ffabi_src src = bytes();
	struct ffabi_mem_relinquish_descriptor d;
	struct ffabi_ids ids;
	enum ffabi_rule rule;

	ids.room = room;
	ids.ids = (uint16_t *)(void *)block(2 * (uint64_t)room, 0xee);
	watch(&src, src.len, 1);
	memset(&d, 0xee, sizeof(d));
	rule = ffabi_relinquish_unpack(&c, &src, &d, &ids);
	if (rule == FFABI_OK) {
		say(d.handle), say(d.flags), say(d.endpoint_count);
		for (uint32_t i = 0; i < room && i < d.endpoint_count; i++)
			say(ids.ids[i]);
	}
	verdict(&c, rule);
	drop((uint8_t *)ids.ids);
	drop(src.base);
}

/* What is written does not depend on what was there; a refusal leaves that alone. */
static void pack(void)
{
	struct ffabi_ctx c = context();
	struct ffabi_mem_relinquish_descriptor d;
	static uint16_t ids[MOST_IDS];
	enum ffabi_rule rule = FFABI_OK;
	struct ffabi_dst dst;
	char *text;

	memset(&d, 0xee, sizeof(d));
	dst.len = number();
	d.handle = number();
	d.flags = (uint32_t)number();
	for (d.endpoint_count = 0; (text = strtok(NULL, " \n")) != NULL; d.endpoint_count++)
		ids[d.endpoint_count % MOST_IDS] = (uint16_t)strtoul(text, NULL, 16);
	for (int fill = 0x5a; fill <= 0xa5; fill += 0xa5 - 0x5a) {
		uint32_t total = 0;
		uint64_t written;

		dst.base = block(dst.len, fill);
		rule = ffabi_relinquish_pack(&c, &d, ids, &dst, &total);
		written = rule == FFABI_OK ? total : 0;
		for (uint64_t i = written; i < dst.len; i++) {
			if (dst.base[i] != fill)
				die("a byte is written that should not be");
		}
		if (rule == FFABI_OK)
			say_bytes(dst.base, total);
		drop(dst.base);
	}
	verdict(&c, rule);
}

static void boot(void)
{
	struct ffabi_ctx c = context();
	const struct ffabi_src src = bytes();
	struct ffabi_boot_info_descriptor d;
	struct ffabi_boot_cursor cur;
	enum ffabi_rule rule;

	watch(&src, src.len, 1);
	memset(&cur, 0xee, sizeof(cur));
	rule = ffabi_boot_open(&c, &src, &cur);
	if (rule == FFABI_OK) {
		const struct ffabi_boot_info_header *h = &cur.header;

		say(h->version), say(h->blob_size), say(h->descriptor_size);
		say(h->descriptor_count), say(h->descriptor_offset);
	}
	while (rule == FFABI_OK) {
		memset(&d, 0xee, sizeof(d));
		rule = ffabi_boot_next(&c, &cur, &d);
		if (rule != FFABI_OK)
			break;
		for (unsigned int i = 0; i < sizeof(d.name); i++)
			say(d.name[i]);
		say(d.type_class), say(d.standard_type), say(d.implementation_defined_type);
		say(d.contents_format), say(d.name_format), say(d.size), say(d.contents);
	}
	verdict(&c, rule);
	drop(src.base);
}

int main(void)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} ops[] = {{"partitions", partitions}, {"regs", regs}, {"message", message},
		   {"relinquish", relinquish}, {"pack", pack}, {"boot", boot}};

	while (fgets(line, sizeof(line), stdin) != NULL) {
		const char *op = strtok(line, " \n");
		unsigned int i = 0;

		while (i < sizeof(ops) / sizeof(ops[0]) && (!op || strcmp(op, ops[i].name)))
			i++;
		if (i == sizeof(ops) / sizeof(ops[0]))
			die("no such request");
		ops[i].run();
		printf("\n");
	}
	return 0;
}
