/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* What a trace says of the firmware that answered. */
#include <ffabi/request.h>

#include <stdlib.h>
#include <string.h>

#include "replay.h"

/* Addresses of one trace in at most this many pieces of memory, for the tables of the sandbox. */
#define MOST_PIECES 64u
#define WHOLE_PAGES(bytes) (((bytes) + FFABI_PAGE_SIZE - 1) / FFABI_PAGE_SIZE)

int endpoint_id(const char *name, uint16_t *id)
{
	uint64_t value;

	if (strncmp(name, "vm", 2) != 0 || !parse_hex(name + 2, &value) || value > UINT16_MAX)
		return 0;
	*id = (uint16_t)value;
	return 1;
}

static int succeeded(const struct talk *t)
{
	return t->call.out.line != 0 && t->decoded.reply.kind == VIEW_KNOWN &&
	       t->decoded.reply.call == FFABI_CALL_SUCCESS;
}

static int not_supported(const struct talk *t)
{
	const struct view *v = &t->decoded.reply;

	return t->call.out.line != 0 && v->kind == VIEW_KNOWN && v->call == FFABI_CALL_ERROR &&
	       (int32_t)view_value_or(v, FFABI_F_STATUS, 0) == FFABI_STATUS_NOT_SUPPORTED;
}

static struct ffabi_sandbox_endpoint *endpoint_of(struct world *w, uint16_t id)
{
	struct ffabi_sandbox_config *c = &w->config;
	size_t capacity = w->endpoint_capacity;
	uint32_t i;

	for (i = 0; i < c->endpoint_count; i++) {
		if (w->endpoints[i].id == id)
			return &w->endpoints[i];
	}
	w->more = make_room(w->more, i, &capacity, sizeof(*w->more));
	w->endpoints = make_room(w->endpoints, i, &w->endpoint_capacity, sizeof(*w->endpoints));
	memset(&w->endpoints[i], 0, sizeof(w->endpoints[i]));
	w->more[i] = calloc(1, sizeof(*w->more[i]));
	if (w->more[i] == NULL)
		abort();
	w->endpoints[i].id = id;
	w->endpoints[i].instance = FFABI_S_VIRT;
	c->endpoint_count++;
	return &w->endpoints[i];
}

static void add_uuid(struct world *w, const struct ffabi_sandbox_endpoint *e,
		     const struct ffabi_uuid *uuid)
{
	struct replay_endpoint *more = w->more[e - w->endpoints];
	uint32_t i;

	if (uuid->lo == 0 && uuid->hi == 0)
		return;
	for (i = 0; i < more->uuid_count; i++) {
		if (more->uuids[i].lo == uuid->lo && more->uuids[i].hi == uuid->hi)
			return;
	}
	if (more->uuid_count < MAX_UUIDS)
		more->uuids[more->uuid_count++] = *uuid;
}

/* Later and longer descriptors say more than earlier ones: nothing that was said is lost. */
static void add_partition(struct world *w, const struct ffabi_partition_info *info,
			  const struct ffabi_uuid *asked)
{
	struct ffabi_sandbox_endpoint *e = endpoint_of(w, info->partition_id);

	e->vcpu_count = info->exec_ctx_count;
	e->properties |= info->properties;
	e->more_properties |= info->more_properties;
	add_uuid(w, e, &info->protocol_uuid);
	add_uuid(w, e, asked);
}

/* Pages that somebody names: they are whose call names them. */
static void add_memory(struct world *w, const struct talk *t, uint64_t address, uint64_t page_count)
{
	struct ffabi_sandbox_config *c = &w->config;
	struct ffabi_sandbox_pages *m;

	if (page_count == 0 || page_count > UINT32_MAX)
		return;
	w->memory = make_room(w->memory, c->memory_count, &w->memory_capacity, sizeof(*w->memory));
	m = &w->memory[c->memory_count++];
	m->address = address & ~(uint64_t)(FFABI_PAGE_SIZE - 1);
	m->page_count = (uint32_t)page_count;
	m->owner = t->caller;
}

static int by_address(const void *a, const void *b)
{
	const struct ffabi_sandbox_pages *x = a;
	const struct ffabi_sandbox_pages *y = b;

	return x->address < y->address ? -1 : x->address > y->address;
}

static uint64_t end_of(const struct ffabi_sandbox_pages *m)
{
	return m->address + (uint64_t)m->page_count * FFABI_PAGE_SIZE;
}

/* Pieces that touch, or are at most gap bytes apart, become one. */
static void join_memory(struct world *w, uint64_t gap)
{
	struct ffabi_sandbox_pages *m = w->memory;
	uint32_t last = 0;
	uint32_t i;

	for (i = 1; i < w->config.memory_count; i++) {
		const uint64_t end =
			end_of(&m[i]) > end_of(&m[last]) ? end_of(&m[i]) : end_of(&m[last]);

		if (m[i].owner == m[last].owner && m[i].address <= end_of(&m[last]) + gap)
			m[last].page_count = (uint32_t)((end - m[last].address) / FFABI_PAGE_SIZE);
		else
			m[++last] = m[i];
	}
	w->config.memory_count = w->config.memory_count == 0 ? 0 : last + 1;
}

/* The constituents that somebody sends; what is retrieved belongs to who sent it. */
static void derive_ranges(struct world *w, const struct talk *t)
{
	size_t i;
	unsigned int k;
	uint64_t n;

	for (i = 0; i < t->call.buffer_count; i++) {
		const struct object *o = &t->decoded.buffers[i].object;

		if (t->decoded.buffers[i].state != BUFFER_DECODED ||
		    strcmp(t->call.buffers[i].kind, "tx") != 0)
			continue;
		for (k = 0; k < o->section_count; k++) {
			const struct section *s = &o->sections[k];

			for (n = 0; s->table == FFABI_TABLE_MEM_CONSTITUENT && n < s->here; n++) {
				struct record r;
				const table_field *address;
				const table_field *pages;

				object_record(o, s, n, &r);
				address = record_find(&r, FFABI_F_ADDRESS);
				pages = record_find(&r, FFABI_F_PAGE_COUNT);
				if (address != NULL && pages != NULL)
					add_memory(w, t, record_value(&r, address),
						   record_value(&r, pages));
			}
		}
	}
}

static void context_of(const struct talk *t, struct ffabi_ctx *c)
{
	memset(c, 0, sizeof(*c));
	c->version = t->decoded.version;
	c->waive = UINT16_MAX;
}

/* Partitions in the RX buffer. */
static void derive_list(struct world *w, const struct talk *t, const struct ffabi_request *request)
{
	struct ffabi_partition_cursor cursor;
	struct ffabi_partition_info info;
	struct ffabi_reply reply;
	struct ffabi_entries said;
	struct ffabi_src src;
	struct ffabi_ctx c;
	size_t i;

	context_of(t, &c);
	if (ffabi_reply_unpack(&c, FFABI_CALL_PARTITION_INFO_GET, FFABI_SMC32, &t->call.out.regs,
			       &reply) != FFABI_OK)
		return;
	said.count = reply.u.partition_info_get.u.success.count;
	said.size = reply.u.partition_info_get.u.success.descriptor_size;
	for (i = 0; i < t->call.buffer_count; i++) {
		if (strcmp(t->call.buffers[i].kind, "rx") != 0)
			continue;
		src.base = t->call.buffers[i].bytes;
		src.len = t->call.buffers[i].count;
		if (ffabi_partition_open(&c, &src, &said, &cursor) != FFABI_OK)
			continue;
		while (ffabi_partition_next(&c, &cursor, &info) == FFABI_OK)
			add_partition(w, &info, &request->u.partition_info_get.uuid);
	}
}

/* Partitions in registers. */
static void derive_registers(struct world *w, const struct talk *t,
			     const struct ffabi_request *request)
{
	const struct ffabi_partition_info_get_regs_success *said;
	struct ffabi_partition_info info;
	struct ffabi_reply reply;
	struct ffabi_ctx c;
	uint32_t i;

	context_of(t, &c);
	if (ffabi_reply_unpack(&c, FFABI_CALL_PARTITION_INFO_GET_REGS, FFABI_SMC64,
			       &t->call.out.regs, &reply) != FFABI_OK)
		return;
	said = &reply.u.partition_info_get_regs.u.success;
	for (i = 0; ffabi_partition_of_regs(&c, said, i, &info) == FFABI_OK; i++)
		add_partition(w, &info, &request->u.partition_info_get_regs.uuid);
}

static void derive_feature(struct world *w, const struct talk *t,
			   const struct ffabi_request *request)
{
	const enum ffabi_call asked = ffabi_call_of(request->u.features.id);
	const struct view *reply = &t->decoded.reply;

	if (not_supported(t) && asked != FFABI_CALL_COUNT)
		w->missing[asked] = 1;
	if (!succeeded(t))
		return;
	switch (t->decoded.request.message) {
	case FFABI_CALL_FEATURES_SRI:
		w->config.sri = (uint32_t)view_value_or(reply, FFABI_F_INTERRUPT_ID, 0);
		break;
	case FFABI_CALL_FEATURES_NPI:
		w->config.npi = (uint32_t)view_value_or(reply, FFABI_F_INTERRUPT_ID, 0);
		break;
	case FFABI_CALL_FEATURES_RXTX_MAP:
		w->config.rxtx_min_size =
			(uint8_t)view_value_or(reply, FFABI_F_MIN_SIZE_AND_ALIGN, 0);
		break;
	default:
		break;
	}
}

static void derive_answer(struct world *w, const struct talk *t,
			  const struct ffabi_request *request, uint16_t *client)
{
	const struct view *reply = &t->decoded.reply;

	switch (request->call) {
	case FFABI_CALL_VERSION:
		w->config.version = (uint32_t)view_value_or(reply, FFABI_F_VERSION, 0);
		break;
	case FFABI_CALL_ID_GET:
		*client = (uint16_t)view_value_or(reply, FFABI_F_ID, 0);
		break;
	case FFABI_CALL_SPM_ID_GET:
		w->config.id = (uint16_t)view_value_or(reply, FFABI_F_ID, 0);
		break;
	case FFABI_CALL_PARTITION_INFO_GET:
		derive_list(w, t, request);
		break;
	case FFABI_CALL_PARTITION_INFO_GET_REGS:
		derive_registers(w, t, request);
		break;
	default:
		break;
	}
}

static void derive_call(struct world *w, const struct talk *t, uint16_t *client)
{
	struct ffabi_request request;
	struct ffabi_ctx c;

	context_of(t, &c);
	memset(&request, 0, sizeof(request));
	if (ffabi_request_unpack(&c, &t->call.in.regs, &request) != FFABI_OK)
		return;
	if (request.call == FFABI_CALL_FEATURES)
		derive_feature(w, t, &request);
	else if (not_supported(t))
		w->missing[request.call] = 1;
	else
		w->used[request.call] = 1;
	if (request.call == FFABI_CALL_RXTX_MAP) {
		add_memory(w, t, request.u.rxtx_map.tx_address, request.u.rxtx_map.page_count);
		add_memory(w, t, request.u.rxtx_map.rx_address, request.u.rxtx_map.page_count);
	}
	derive_ranges(w, t);
	if (succeeded(t))
		derive_answer(w, t, &request, client);
}

/* Whoever calls before anybody made it run starts by itself; a version is agreed on by a call. */
static void settle_callers(struct world *w, const struct conversation *c)
{
	struct ffabi_sandbox_endpoint *e;
	struct ffabi_request request;
	struct ffabi_ctx context;
	uint16_t id;
	size_t i;
	size_t k;

	for (i = c->count; i-- > 0;) {
		const struct talk *t = c->talks[i];

		context_of(t, &context);
		e = endpoint_of(w, t->caller);
		e->initialising = 1;
		if (ffabi_request_unpack(&context, &t->call.in.regs, &request) == FFABI_OK &&
		    request.call == FFABI_CALL_VERSION)
			e->version = 0;
		for (k = 0; k < t->call.resume_count; k++) {
			if (endpoint_id(t->call.resumes[k].endpoint, &id))
				endpoint_of(w, id)->initialising = 0;
		}
	}
}

/* The normal world: it is not listed, so nothing says what it can do. */
static void settle_client(struct ffabi_sandbox_endpoint *e)
{
	e->instance = FFABI_NS_PHYS;
	e->properties = FFABI_PARTITION_PROPERTIES_DIRECT_REQ_SEND |
			FFABI_PARTITION_PROPERTIES_INDIRECT_MSG |
			FFABI_PARTITION_PROPERTIES_NOTIFICATION_RECV;
	e->more_properties = FFABI_PARTITION_MORE_PROPERTIES_DIRECT_REQ2_SEND;
	e->version = 0;
	e->step = NULL;
}

static void settle_endpoints(struct world *w, uint16_t client, ffabi_sandbox_step *step, void *self)
{
	uint32_t i;

	(void)endpoint_of(w, client);
	for (i = 0; i < w->config.endpoint_count; i++) {
		struct ffabi_sandbox_endpoint *e = &w->endpoints[i];

		e->uuids = w->more[i]->uuids;
		e->uuid_count = w->more[i]->uuid_count;
		e->version = w->config.version;
		e->step = step;
		e->self = self;
		if (e->id == client)
			settle_client(e);
	}
	w->config.scheduler = client;
	w->config.endpoints = w->endpoints;
}

static void settle_memory(struct world *w, uint16_t client, int names_callers)
{
	uint64_t gap = 0;
	uint32_t i;

	for (i = 0; i < w->config.memory_count; i++) {
		if (!names_callers)
			w->memory[i].owner = client;
		w->memory[i].security = w->memory[i].owner == client
						? FFABI_MEMORY_SECURITY_NON_SECURE
						: FFABI_MEMORY_SECURITY_SECURE;
	}
	if (w->config.memory_count > 1)
		qsort(w->memory, w->config.memory_count, sizeof(*w->memory), by_address);
	join_memory(w, gap);
	for (gap = FFABI_PAGE_SIZE; w->config.memory_count > MOST_PIECES; gap *= 2)
		join_memory(w, gap);
	w->config.memory = w->memory;
	w->config.area_count = 2 * MOST_PIECES;
}

void world_derive(struct world *w, const struct conversation *c, ffabi_sandbox_step *step,
		  void *self)
{
	uint16_t client = 0;
	size_t i;

	w->config.version = FFABI_V1_0;
	for (i = 0; i < c->count; i++)
		derive_call(w, c->talks[i], &client);
	if (c->names_callers)
		client = 0; /* the normal world, whatever id a partition was told */
	if (w->config.version > FFABI_V1_3)
		w->config.version = FFABI_V1_3;
	settle_endpoints(w, client, step, self);
	if (c->names_callers)
		settle_callers(w, c);
	settle_memory(w, client, c->names_callers);
}

struct ffabi_sandbox *world_build(struct world *w)
{
	struct ffabi_sandbox *sandbox = ffabi_sandbox_new(&w->config);
	struct ffabi_callee *callee;
	unsigned int i;

	if (sandbox == NULL)
		return NULL;
	callee = &ffabi_sandbox_spmc(sandbox)->callee;
	for (i = 0; i < FFABI_CALL_COUNT; i++)
		w->handlers[i] = w->missing[i] && !w->used[i] ? NULL : callee->handlers[i];
	callee->handlers = w->handlers;
	return sandbox;
}

void world_release(struct world *w)
{
	uint32_t i;

	for (i = 0; i < w->config.endpoint_count; i++)
		free(w->more[i]);
	free(w->more);
	free(w->endpoints);
	free(w->memory);
}
