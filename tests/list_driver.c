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
 *   boot, boot_list, resources VERSION WAIVE BYTES    the header, then the elements
 *   rxtx VERSION WAIVE BYTES                    the descriptor, ranges of RX, ranges of TX
 *
 *   id_lists VERSION WAIVE SMC64 COUNT SIZES WORD ...   the lists of 5 words
 *
 * Writers answer with what they wrote, over two different backgrounds:
 *
 *   pack VERSION WAIVE ROOM HANDLE FLAGS ID ...           a relinquish descriptor
 *   entries VERSION WAIVE ROOM COUNT MEMBER ...           partitions
 *   send VERSION WAIVE ROOM MEMBER ... PAYLOAD            a message, without payload_size
 *   to_regs VERSION WAIVE INDEX MEMBER ...                not bytes: the size and 15 words
 *   add_lists VERSION WAIVE SMC64 VCPUS ID ...            not bytes: all of the reply
 *   produce VERSION WAIVE ROOM PRODUCER SIZE COUNT MEMBER ...    boot information
 */
#include <ffabi/lists.h>

#include "driver_words.h"

#define MOST 256

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
	/* r146: the hook sees each byte of the header taken once */
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

static void say_item(const struct ffabi_boot_info_descriptor *d)
{
	for (unsigned int i = 0; i < sizeof(d->name); i++)
		say(d->name[i]);
	say(d->type_class), say(d->standard_type), say(d->implementation_defined_type);
	say(d->contents_format), say(d->name_format), say(d->size), say(d->contents);
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
		if (rule == FFABI_OK)
			say_item(&d);
	}
	verdict(&c, rule);
	drop(src.base);
}

static void boot_list(void)
{
	struct ffabi_ctx c = context();
	const struct ffabi_src src = bytes();
	struct ffabi_boot_info_v1_0_item item;
	struct ffabi_boot_list_cursor cur;
	enum ffabi_rule rule;

	watch(&src, src.len, 1);
	memset(&cur, 0xee, sizeof(cur));
	rule = ffabi_boot_list_open(&c, &src, &cur);
	if (rule == FFABI_OK)
		say(cur.count);
	while (rule == FFABI_OK) {
		memset(&item, 0xee, sizeof(item));
		rule = ffabi_boot_list_next(&c, &cur, &item);
		for (unsigned int i = 0; rule == FFABI_OK && i < sizeof(item.name); i++)
			say(item.name[i]);
		if (rule == FFABI_OK)
			say(item.value), say(item.size);
	}
	verdict(&c, rule);
	drop(src.base);
}

static void resources(void)
{
	struct ffabi_ctx c = context();
	const struct ffabi_src src = bytes();
	struct ffabi_resource_cursor cur;
	struct ffabi_address_map m;
	enum ffabi_rule rule;

	watch(&src, src.len, 1);
	memset(&cur, 0xee, sizeof(cur));
	rule = ffabi_resource_open(&c, &src, &cur);
	if (rule == FFABI_OK) {
		say(cur.header.address_map_size), say(cur.header.address_map_count);
		say(cur.header.address_map_offset);
	}
	while (rule == FFABI_OK) {
		memset(&m, 0xee, sizeof(m));
		rule = ffabi_resource_next(&c, &cur, &m);
		if (rule == FFABI_OK) {
			say(m.base_address), say(m.page_count), say(m.permissions);
			say(m.endpoint_id_low), say(m.endpoint_id_high), say(m.flags);
		}
	}
	verdict(&c, rule);
	drop(src.base);
}

static void rxtx(void)
{
	struct ffabi_ctx c = context();
	const struct ffabi_src src = bytes();
	struct ffabi_rxtx_ranges ranges;
	struct ffabi_mem_constituent r;
	struct ffabi_endpoint_rxtx e;
	enum ffabi_rule rule;

	watch(&src, src.len, 1);
	memset(&e, 0xee, sizeof(e));
	memset(&ranges, 0xee, sizeof(ranges));
	rule = ffabi_rxtx_open(&c, &src, &e, &ranges);
	if (rule == FFABI_OK) {
		say(e.endpoint_id), say(e.rx_range_count), say(e.rx_composite_offset);
		say(e.tx_range_count), say(e.tx_composite_offset);
	}
	for (int i = 0; i < 2 && (rule == FFABI_OK || rule == FFABI_END); i++) {
		do {
			rule = ffabi_range_next(&c, i ? &ranges.tx : &ranges.rx, &r);
			if (rule == FFABI_OK)
				say(r.address), say(r.page_count);
		} while (rule == FFABI_OK);
	}
	verdict(&c, rule);
	drop(src.base);
}

/* -- writing -- */

/*
 * How a writer is called; total is how many bytes it wrote.  What is written does not depend
 * on what was there; a refusal leaves that alone.
 */
typedef enum ffabi_rule (*writer)(struct ffabi_ctx *c, const struct ffabi_dst *dst,
				  uint32_t *total);

static void written(struct ffabi_ctx *c, uint64_t room, writer write)
{
	enum ffabi_rule rule = FFABI_OK;
	struct ffabi_dst dst;

	dst.len = room;
	for (int fill = 0x5a; fill <= 0xa5; fill += 0xa5 - 0x5a) {
		uint32_t total = 0;
		uint64_t n;

		dst.base = block(dst.len, fill);
		rule = write(c, &dst, &total);
		n = rule == FFABI_OK ? total : 0;
		for (uint64_t i = n; i < dst.len; i++) {
			if (dst.base[i] != fill)
				die("a byte is written that should not be");
		}
		if (rule == FFABI_OK)
			say_bytes(dst.base, n);
		drop(dst.base);
	}
	verdict(c, rule);
}

static struct ffabi_mem_relinquish_descriptor relinquished;
static uint16_t ids[MOST];

static enum ffabi_rule write_relinquish(struct ffabi_ctx *c, const struct ffabi_dst *dst,
					uint32_t *total)
{
	return ffabi_relinquish_pack(c, &relinquished, ids, dst, total);
}

static void pack(void)
{
	struct ffabi_ctx c = context();
	const uint64_t room = number();
	uint32_t n = 0;
	char *text;

	relinquished.handle = number();
	relinquished.flags = (uint32_t)number();
	for (; (text = strtok(NULL, " \n")) != NULL; n++)
		ids[n % MOST] = (uint16_t)strtoul(text, NULL, 16);
	relinquished.endpoint_count = n;
	written(&c, room, write_relinquish);
}

static struct ffabi_partition_info infos[MOST];
static uint32_t info_count;

static enum ffabi_rule write_partitions(struct ffabi_ctx *c, const struct ffabi_dst *dst,
					uint32_t *total)
{
	struct ffabi_entries said = {0xeeeeeeee, 0xeeeeeeee};
	const enum ffabi_rule rule = ffabi_partition_pack(c, infos, info_count, dst, &said);
	const uint32_t size = ffabi_partition_info_size(c->version);

	*total = info_count * size;
	if (rule == FFABI_OK &&
	    (said.count != info_count || said.size != (c->version == FFABI_V1_0 ? 0 : size)))
		die("the reply would say something else");
	return rule;
}

static void read_info(struct ffabi_partition_info *p)
{
	p->partition_id = (uint16_t)number();
	p->exec_ctx_count = (uint16_t)number();
	p->proxy_id = (uint16_t)number();
	p->properties = (uint32_t)number();
	p->more_properties = (uint32_t)number();
	p->id_type = (uint8_t)number();
	p->protocol_uuid.lo = number();
	p->protocol_uuid.hi = number();
	p->image_uuid.lo = number();
	p->image_uuid.hi = number();
	p->ffa_version = (uint32_t)number();
}

static void entries(void)
{
	struct ffabi_ctx c = context();
	const uint64_t room = number();

	info_count = (uint32_t)number();
	for (uint32_t i = 0; i < info_count && i < MOST; i++)
		read_info(&infos[i]);
	written(&c, room, write_partitions);
}

static void to_regs(void)
{
	struct ffabi_ctx c = context();
	struct ffabi_partition_info_get_regs_success out;
	const uint32_t i = (uint32_t)number();
	enum ffabi_rule rule;

	memset(&out, 0, sizeof(out));
	read_info(infos);
	window.base = NULL;
	window.len = UINT64_MAX;
	window.once = 0;
	rule = ffabi_partition_to_regs(&c, infos, i, &out);
	for (unsigned int j = 0; j < 15 && rule != FFABI_OK; j++) {
		if (out.descriptors[j] || out.descriptor_size)
			die("a refused entry leaves something behind");
	}
	if (rule == FFABI_OK)
		say(out.descriptor_size);
	for (unsigned int j = 0; j < 15 && rule == FFABI_OK; j++)
		say(out.descriptors[j]);
	verdict(&c, rule);
}

/* -- id lists -- */

static void id_lists(void)
{
	struct ffabi_ctx c = context();
	const enum ffabi_conv conv = number() ? FFABI_SMC64 : FFABI_SMC32;
	struct ffabi_notification_info_get_success in;
	struct ffabi_id_list_cursor cur;
	struct ffabi_id_list list;
	enum ffabi_rule rule;

	memset(&in, 0xee, sizeof(in));
	in.list_count = (uint8_t)number();
	in.list_sizes = number();
	for (unsigned int i = 0; i < 5; i++)
		in.ids[i] = number();
	ffabi_id_lists_open(&in, conv, &cur);
	do {
		memset(&list, 0xee, sizeof(list));
		rule = ffabi_id_lists_next(&c, &cur, &list);
		if (rule != FFABI_OK)
			break;
		say(list.endpoint_id), say(list.vcpu_count);
		for (unsigned int i = 0; i < FFABI_ID_LIST_VCPUS; i++)
			say(list.vcpu_ids[i]);
	} while (rule == FFABI_OK);
	verdict(&c, rule);
}

static void add_lists(void)
{
	struct ffabi_ctx c = context();
	const enum ffabi_conv conv = number() ? FFABI_SMC64 : FFABI_SMC32;
	struct ffabi_notification_info_get_success out;
	enum ffabi_rule rule = FFABI_OK;
	struct ffabi_id_list_writer w;
	struct ffabi_id_list list;
	char *text;

	memset(&out, 0xee, sizeof(out));
	ffabi_id_lists_start(&out, conv, &w);
	while (rule == FFABI_OK && (text = strtok(NULL, " \n")) != NULL) {
		memset(&list, 0xee, sizeof(list));
		list.vcpu_count = (uint16_t)strtoul(text, NULL, 16);
		list.endpoint_id = (uint16_t)number();
		for (uint32_t i = 0; i < list.vcpu_count && i < FFABI_ID_LIST_VCPUS; i++)
			list.vcpu_ids[i] = (uint16_t)number();
		rule = ffabi_id_lists_add(&c, &w, &list);
	}
	say(out.more_pending), say(out.list_count), say(out.list_sizes);
	for (unsigned int i = 0; i < 5; i++)
		say(out.ids[i]);
	verdict(&c, rule);
}

static struct ffabi_partition_message_header sent;
static const uint8_t *payload;

static enum ffabi_rule write_message(struct ffabi_ctx *c, const struct ffabi_dst *dst,
				     uint32_t *total)
{
	return ffabi_message_write(c, &sent, payload, dst, total);
}

static void send(void)
{
	struct ffabi_ctx c = context();
	const uint64_t room = number();
	struct ffabi_src src;

	sent.payload_offset = (uint32_t)number();
	sent.receiver_id = (uint16_t)number();
	sent.sender_id = (uint16_t)number();
	sent.protocol_uuid.lo = number();
	sent.protocol_uuid.hi = number();
	src = bytes();
	sent.payload_size = (uint32_t)src.len;
	payload = (const uint8_t *)(uintptr_t)src.base;
	written(&c, room, write_message);
	drop(src.base);
}

static struct ffabi_boot_info_descriptor items[MOST];
static struct ffabi_boot_blob blob;

static enum ffabi_rule write_blob(struct ffabi_ctx *c, const struct ffabi_dst *dst, uint32_t *total)
{
	*total = ffabi_boot_info_header_size(c->version) +
		 blob.count * ffabi_boot_info_descriptor_size(c->version);
	return ffabi_boot_pack(c, &blob, dst);
}

static void produce(void)
{
	struct ffabi_ctx c = context();
	const uint64_t room = number();

	blob.descriptors = items;
	blob.version = (uint32_t)number();
	blob.size = (uint32_t)number();
	blob.count = (uint32_t)number();
	for (uint32_t i = 0; i < blob.count && i < MOST; i++) {
		struct ffabi_boot_info_descriptor *d = &items[i];

		for (unsigned int j = 0; j < sizeof(d->name); j++)
			d->name[j] = (uint8_t)number();
		d->type_class = (uint8_t)number();
		d->standard_type = (uint8_t)number();
		d->implementation_defined_type = (uint8_t)number();
		d->contents_format = (uint8_t)number();
		d->name_format = (uint8_t)number();
		d->size = (uint32_t)number();
		d->contents = number();
	}
	written(&c, room, write_blob);
}

int main(void)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} ops[] = {{"partitions", partitions}, {"regs", regs},	       {"message", message},
		   {"relinquish", relinquish}, {"boot", boot},	       {"boot_list", boot_list},
		   {"resources", resources},   {"rxtx", rxtx},	       {"pack", pack},
		   {"entries", entries},       {"send", send},	       {"produce", produce},
		   {"to_regs", to_regs},       {"id_lists", id_lists}, {"add_lists", add_lists}};

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
