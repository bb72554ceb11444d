/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
#include "buffers.h"

#include <ffabi/describe.h>
#include <ffabi/fields.h>

#include <string.h>

enum where {
	TX_OF_REQUEST, /* call: the request */
	RX_OF_REPLY, /* call: the reply */
	RX_OF_SUCCESS /* call: what FFA_SUCCESS answers */
};

/* Which table a call passes, where, and for what use. */
struct holding {
	enum ffabi_call call;
	enum where where;
	enum ffabi_table table;
	unsigned int usage; /* enum ffabi_usage, or 0 */
};

/* The description says it (buffer: in spec/), but for fragments: they go on with what a transaction
 * ends with. */
static const struct holding *find_holding(enum ffabi_call call, enum where where,
					  struct holding *room)
{
	struct ffabi_desc_buffer said;
	int tx;

	ffabi_describe_buffer(call, &said);
	room->call = call;
	room->where = where;
	room->table = (enum ffabi_table)said.table;
	room->usage = said.usage;
	if (call == FFABI_CALL_MEM_FRAG_TX && where != RX_OF_SUCCESS) {
		room->table = FFABI_TABLE_MEM_CONSTITUENT;
		return room;
	}
	tx = said.where == FFABI_IN_TX || said.where == FFABI_IN_TX_OR_ADDRESS;
	if (said.where == FFABI_IN_NONE || tx != (where == TX_OF_REQUEST))
		return NULL;
	return room;
}

static int is_kind(const struct trace_buffer *b, const char *kind)
{
	return strcmp(b->kind, kind) == 0;
}

static const struct holding *held_in(const struct exchange *e, const struct trace_buffer *b,
				     struct holding *room)
{
	const struct holding *held = NULL;

	if (is_kind(b, "tx") && e->request != NULL)
		return find_holding(e->request->call, TX_OF_REQUEST, room);
	if (is_kind(b, "rx") && e->reply != NULL && e->reply->kind == VIEW_KNOWN) {
		held = find_holding(e->reply->call, RX_OF_REPLY, room);
		if (held == NULL && e->reply->call == FFABI_CALL_SUCCESS)
			held = find_holding(e->reply->question.of, RX_OF_SUCCESS, room);
	}
	return held;
}

/* The registers that speak of a buffer: those of the request for tx, of the reply for rx. */
static const struct view *speaker(const struct exchange *e, const struct holding *held)
{
	return held->where == TX_OF_REQUEST ? e->request : e->reply;
}

static uint64_t lesser(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* The bytes as far as they are recorded; what the trace leaves out is not missing in the call. */
static void start_recorded(const struct exchange *e, const struct trace_buffer *b,
			   struct decoded_buffer *out)
{
	object_start(&out->object, b->bytes, b->count, e->version);
	if (b->count < b->length)
		out->object.total = b->length;
}

static void decode_transaction(const struct exchange *e, const struct trace_buffer *b,
			       const struct holding *held, struct decoded_buffer *out)
{
	const struct view *v = speaker(e, held);
	const uint64_t fragment = view_value_or(v, FFABI_F_FRAGMENT_LENGTH, b->count);
	const uint64_t total = view_value_or(v, FFABI_F_TOTAL_LENGTH, fragment);
	const int cut = b->count < fragment;
	const uint64_t here = cut ? b->count & ~UINT64_C(7) : fragment;

	out->expected = fragment;
	object_start(&out->object, b->bytes, here, e->version);
	out->object.total = total;
	out->object.fragment = fragment > total ? fragment : here;
	object_of_table(&out->object, held->table, held->usage);
	if (cut && out->object.strict.rule == FFABI_E_SHORT)
		out->object.judged = 0; /* what is not recorded cannot be judged */
	out->state = BUFFER_DECODED;
}

static void decode_partitions(const struct exchange *e, const struct trace_buffer *b,
			      const struct holding *held, struct decoded_buffer *out)
{
	const uint64_t own = table_size(held->table, e->version);
	const uint64_t size = view_value_or(e->reply, FFABI_F_DESCRIPTOR_SIZE, own);
	const uint64_t count = view_value_or(e->reply, FFABI_F_COUNT, 0);

	out->state = BUFFER_UNUSED;
	if (size == 0 || count == 0)
		return;
	out->expected = lesser(size * count, b->length);
	start_recorded(e, b, out);
	object_of_elements(&out->object, held->table, count, size);
	out->state = BUFFER_DECODED;
}

/* A fragment behind the first one holds constituents, if it begins where one does. */
static void decode_fragment(struct session *s, const struct exchange *e,
			    const struct trace_buffer *b, const struct holding *held,
			    struct decoded_buffer *out)
{
	const struct view *v = speaker(e, held);
	const uint64_t length = view_value_or(v, FFABI_F_FRAGMENT_LENGTH, b->count);
	const struct transfer *t =
		session_transfer(s, e->caller, view_value_or(v, FFABI_F_HANDLE, 0));
	const uint64_t size = table_size(held->table, e->version);
	uint64_t at;

	out->state = BUFFER_LOST;
	out->expected = length;
	if (t == NULL || t->ranges == 0)
		return;
	out->state = BUFFER_PART;
	at = held->where == TX_OF_REQUEST
		     ? t->next
		     : view_value_or(e->request, FFABI_F_FRAGMENT_OFFSET, t->next);
	if (at < t->ranges || (at - t->ranges) % size != 0)
		return;
	object_start(&out->object, b->bytes, lesser(length, b->count), e->version);
	out->object.base = at;
	object_of_elements(&out->object, held->table, out->object.src.len / size, size);
	out->state = BUFFER_DECODED;
}

static void decode_whole(const struct exchange *e, const struct trace_buffer *b,
			 const struct holding *held, struct decoded_buffer *out)
{
	out->expected = b->length;
	start_recorded(e, b, out);
	object_of_table(&out->object, held->table, held->usage);
	out->state = BUFFER_DECODED;
}

static const struct trace_buffer *find_buffer(const struct exchange *e, const char *kind,
					      size_t *index)
{
	for (*index = 0; *index < e->buffer_count; (*index)++) {
		if (is_kind(&e->buffers[*index], kind))
			return &e->buffers[*index];
	}
	return NULL;
}

/* The fragments that a responder has put together, of this call and those before it. */
static void decode_assembled(struct session *s, const struct exchange *e,
			     const struct trace_buffer *b, struct decoded_buffer *out)
{
	const struct holding *held = NULL;
	struct holding room;
	const struct transfer *t;
	const struct trace_buffer *tx;
	struct holding whole;
	size_t i;

	if (e->request != NULL)
		held = find_holding(e->request->call, TX_OF_REQUEST, &room);
	if (held == NULL)
		return;
	tx = find_buffer(e, "tx", &i);
	if (tx != NULL && tx->count == b->count && b->count != 0 &&
	    memcmp(tx->bytes, b->bytes, b->count) == 0) {
		out->state = BUFFER_SAME;
		return;
	}
	whole = *held;
	t = session_transfer(s, e->caller, view_value_or(e->request, FFABI_F_HANDLE, 0));
	if (held->call == FFABI_CALL_MEM_FRAG_TX && t == NULL)
		return;
	if (held->call == FFABI_CALL_MEM_FRAG_TX) {
		whole.table = FFABI_TABLE_MEM_TRANSACTION;
		whole.usage = t->usage;
	}
	decode_whole(e, b, &whole, out);
}

static void decode_buffer(struct session *s, const struct exchange *e, const struct trace_buffer *b,
			  struct decoded_buffer *out)
{
	struct holding room;
	const struct holding *held = held_in(e, b, &room);

	memset(out, 0, sizeof(*out));
	if (is_kind(b, "assembled"))
		decode_assembled(s, e, b, out);
	else if (held == NULL || table_size(held->table, e->version) == 0)
		out->state = BUFFER_UNKNOWN;
	else if (held->table == FFABI_TABLE_MEM_TRANSACTION)
		decode_transaction(e, b, held, out);
	else if (held->table == FFABI_TABLE_PARTITION_INFO)
		decode_partitions(e, b, held, out);
	else if (held->table == FFABI_TABLE_MEM_CONSTITUENT)
		decode_fragment(s, e, b, held, out);
	else
		decode_whole(e, b, held, out);
}

/* The first part of a transaction has passed: what is known of it helps with the rest. */
static void learn_transfer(struct session *s, const struct exchange *e, const struct object *o,
			   const struct view *lengths, uint64_t handle)
{
	struct transfer t;

	t.endpoint = e->caller;
	t.handle = handle;
	t.usage = o->usage;
	t.ranges = object_ranges(o);
	t.next = view_value_or(lengths, FFABI_F_FRAGMENT_LENGTH, o->src.len);
	session_begin_transfer(s, &t);
}

static void learn_sent(struct session *s, const struct exchange *e,
		       const struct decoded_buffer *buffers)
{
	const int wants_more = e->reply->call == FFABI_CALL_MEM_FRAG_RX;
	uint64_t handle = view_value_or(e->request, FFABI_F_HANDLE, 0);
	struct transfer *t;
	size_t i;

	if (e->request->call != FFABI_CALL_MEM_FRAG_TX) {
		if (!wants_more || find_buffer(e, "tx", &i) == NULL ||
		    buffers[i].state != BUFFER_DECODED)
			return;
		handle = view_value_or(e->reply, FFABI_F_HANDLE, 0);
		learn_transfer(s, e, &buffers[i].object, e->request, handle);
	}
	t = session_transfer(s, e->caller, handle);
	if (t != NULL && wants_more)
		t->next = view_value_or(e->reply, FFABI_F_FRAGMENT_OFFSET, t->next);
	else if (t != NULL)
		session_end_transfer(s, t);
}

/* A retrieved descriptor says itself which region it is about. */
static void learn_received(struct session *s, const struct exchange *e,
			   const struct decoded_buffer *buffers)
{
	const table_field *handle;
	const struct object *o;
	struct record header;
	size_t i;

	if (find_buffer(e, "rx", &i) == NULL || buffers[i].state != BUFFER_DECODED)
		return;
	o = &buffers[i].object;
	object_record(o, &o->sections[0], 0, &header);
	handle = record_find(&header, FFABI_F_HANDLE);
	if (handle != NULL && o->total > o->src.len)
		learn_transfer(s, e, o, e->reply, record_value(&header, handle));
}

void decode_buffers(struct session *s, const struct exchange *e, struct decoded_buffer *out)
{
	const struct holding *sent = NULL;
	struct holding room;
	size_t i;

	for (i = 0; i < e->buffer_count; i++)
		decode_buffer(s, e, &e->buffers[i], &out[i]);
	if (e->request == NULL || e->reply == NULL || e->reply->kind != VIEW_KNOWN)
		return;
	sent = find_holding(e->request->call, TX_OF_REQUEST, &room);
	if (sent != NULL && (sent->table == FFABI_TABLE_MEM_TRANSACTION ||
			     sent->table == FFABI_TABLE_MEM_CONSTITUENT))
		learn_sent(s, e, out);
	if (e->reply->call == FFABI_CALL_MEM_RETRIEVE_RESP)
		learn_received(s, e, out);
}
