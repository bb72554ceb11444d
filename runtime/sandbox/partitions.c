/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Who is there: ids, and the lists of partitions in the RX buffer or in registers. */
#include "logic.h"

enum ffabi_status ffabi_spmc_id_get(void *self, struct ffabi_peer *peer, struct ffabi_exchange *x)
{
	(void)self;
	x->reply.u.id_get.u.success.id = peer->id;
	return FFABI_STATUS_SUCCESS;
}

enum ffabi_status ffabi_spmc_spm_id_get(void *self, struct ffabi_peer *peer,
					struct ffabi_exchange *x)
{
	const struct ffabi_spmc *s = self;

	(void)peer;
	x->reply.u.spm_id_get.u.success.id = s->id;
	return FFABI_STATUS_SUCCESS;
}

enum ffabi_status ffabi_spmc_features_sri(void *self, struct ffabi_peer *peer,
					  struct ffabi_exchange *x)
{
	const struct ffabi_spmc *s = self;

	if (s->sri == 0 || peer->id != s->scheduler)
		return FFABI_STATUS_NOT_SUPPORTED;
	x->reply.u.features_sri.u.success.interrupt_id = s->sri;
	return FFABI_STATUS_SUCCESS;
}

enum ffabi_status ffabi_spmc_features_npi(void *self, struct ffabi_peer *peer,
					  struct ffabi_exchange *x)
{
	const struct ffabi_spmc *s = self;

	(void)peer;
	if (s->npi == 0)
		return FFABI_STATUS_NOT_SUPPORTED;
	x->reply.u.features_npi.u.success.interrupt_id = s->npi;
	return FFABI_STATUS_SUCCESS;
}

/* A partition that does not know the NS bit could take Non-secure memory for Secure. */
enum ffabi_status ffabi_spmc_features_retrieve(void *self, struct ffabi_peer *peer,
					       struct ffabi_exchange *x)
{
	const uint32_t ns_bit =
		x->request.u.features.input_properties & FFABI_MEM_RETRIEVE_REQ_INPUT_NS_BIT;

	(void)self;
	if (peer->version == FFABI_V1_0)
		return FFABI_STATUS_SUCCESS;
	if (ns_bit == 0 && peer->instance == FFABI_S_VIRT)
		return FFABI_STATUS_NOT_SUPPORTED;
	if (ns_bit != 0)
		x->reply.u.features_mem_retrieve_req.u.success.properties =
			FFABI_MEM_RETRIEVE_REQ_PROPERTIES_NS_BIT;
	return FFABI_STATUS_SUCCESS;
}

static int equal(const struct ffabi_uuid *a, const struct ffabi_uuid *b)
{
	return a->lo == b->lo && a->hi == b->hi;
}

static int nil(const struct ffabi_uuid *uuid)
{
	return uuid->lo == 0 && uuid->hi == 0;
}

int ffabi_spmc_knows(const struct ffabi_spmc_partition *p, const struct ffabi_uuid *uuid)
{
	uint32_t i;

	for (i = 0; i < p->uuid_count; i++) {
		if (equal(&p->uuids[i], uuid))
			return 1;
	}
	return nil(uuid);
}

/* One pass over what a caller may see of the partitions with a UUID. */
struct walk {
	const struct ffabi_spmc *s;
	const struct ffabi_spmc_partition *caller;
	const struct ffabi_uuid *uuid;
	uint32_t next; /* partition */
	uint32_t protocol; /* of it */
};

static void start(struct walk *w, const struct ffabi_spmc *s, const struct ffabi_peer *peer,
		  const struct ffabi_uuid *uuid)
{
	w->s = s;
	w->caller = (const struct ffabi_spmc_partition *)(const void *)peer;
	w->uuid = uuid;
	w->next = 0;
	w->protocol = 0;
}

/* VMs are the hypervisor's: other VMs see them, the secure world and its interface do not. */
static int listed(const struct walk *w, const struct ffabi_spmc_partition *p)
{
	if (!ffabi_spmc_secure(p) && w->caller->peer.instance != FFABI_NS_VIRT)
		return 0;
	if (w->caller->peer.version >= FFABI_V1_3 && !nil(w->uuid) && equal(&p->image, w->uuid))
		return 1;
	return ffabi_spmc_knows(p, w->uuid);
}

static uint32_t properties_of(const struct ffabi_spmc_partition *p, uint32_t version)
{
	uint32_t known = FFABI_PARTITION_PROPERTIES_DIRECT_REQ_RECV |
			 FFABI_PARTITION_PROPERTIES_DIRECT_REQ_SEND |
			 FFABI_PARTITION_PROPERTIES_INDIRECT_MSG;

	if (version >= FFABI_V1_1)
		known |= FFABI_PARTITION_PROPERTIES_NOTIFICATION_RECV;
	return p->properties & known;
}

static uint32_t more_of(const struct ffabi_spmc_partition *p, const struct ffabi_peer *peer)
{
	uint32_t known = 0;

	if (peer->version >= FFABI_V1_1)
		known |= FFABI_PARTITION_MORE_PROPERTIES_AARCH64;
	if (peer->version >= FFABI_V1_1 && peer->instance == FFABI_NS_PHYS)
		known |= FFABI_PARTITION_MORE_PROPERTIES_VM_CREATED_MSG |
			 FFABI_PARTITION_MORE_PROPERTIES_VM_DESTROYED_MSG;
	if (peer->version >= FFABI_V1_2)
		known |= FFABI_PARTITION_MORE_PROPERTIES_DIRECT_REQ2_RECV |
			 FFABI_PARTITION_MORE_PROPERTIES_DIRECT_REQ2_SEND;
	if (peer->version >= FFABI_V1_3)
		known |= FFABI_PARTITION_MORE_PROPERTIES_LIVE_ACTIVATION |
			 FFABI_PARTITION_MORE_PROPERTIES_CPU_RENDEZVOUS |
			 FFABI_PARTITION_MORE_PROPERTIES_SMC64_CPU_CYCLE_FIDS;
	return p->more_properties & known;
}

static void describe(const struct walk *w, const struct ffabi_spmc_partition *p,
		     struct ffabi_partition_info *out)
{
	const struct ffabi_peer *peer = &w->caller->peer;
	const int tell = nil(w->uuid) || (peer->version >= FFABI_V1_3 && equal(&p->image, w->uuid));

	out->partition_id = p->peer.id;
	out->exec_ctx_count = p->vcpu_count;
	out->proxy_id = 0;
	out->properties = properties_of(p, peer->version);
	out->more_properties = more_of(p, peer);
	out->id_type = FFABI_PARTITION_ID_TYPE_PE_ENDPOINT;
	out->protocol_uuid.lo = 0;
	out->protocol_uuid.hi = 0;
	out->image_uuid.lo = 0;
	out->image_uuid.hi = 0;
	out->ffa_version = 0;
	if (tell && peer->version >= FFABI_V1_1 && w->protocol < p->uuid_count)
		out->protocol_uuid = p->uuids[w->protocol];
	if (peer->version >= FFABI_V1_3) {
		out->image_uuid = p->image;
		out->ffa_version = p->peer.version;
	}
}

/* The next entry, or 0; out may be null.  Without a UUID there is one for each protocol. */
static int step(struct walk *w, struct ffabi_partition_info *out)
{
	while (w->next < w->s->partition_count) {
		const struct ffabi_spmc_partition *p = &w->s->partitions[w->next];
		const int yes = listed(w, p);

		if (yes && out != 0)
			describe(w, p, out);
		w->protocol++;
		if (!yes || w->caller->peer.version == FFABI_V1_0 || !nil(w->uuid) ||
		    w->protocol >= p->uuid_count) {
			w->next++;
			w->protocol = 0;
		}
		if (yes)
			return 1;
	}
	return 0;
}

static uint32_t count(const struct ffabi_spmc *s, const struct ffabi_peer *peer,
		      const struct ffabi_uuid *uuid)
{
	uint32_t n = 0;
	struct walk w;

	start(&w, s, peer, uuid);
	while (step(&w, 0))
		n++;
	return n;
}

static enum ffabi_status fill(struct ffabi_spmc *s, struct ffabi_spmc_partition *p,
			      const struct ffabi_uuid *uuid)
{
	const uint32_t size = ffabi_partition_info_size(p->peer.version);
	struct ffabi_ctx *c = ffabi_spmc_speak(s, p);
	struct ffabi_partition_info info;
	struct walk w;
	uint64_t at;

	start(&w, s, &p->peer, uuid);
	for (at = 0; step(&w, &info); at += size) {
		if (ffabi_partition_info_pack(c, &info, &p->box.rx, at) != FFABI_OK)
			return FFABI_STATUS_ABORTED;
	}
	p->box.owner = FFABI_SPMC_CONSUMER;
	return FFABI_STATUS_SUCCESS;
}

enum ffabi_status ffabi_spmc_partition_info_get(void *self, struct ffabi_peer *peer,
						struct ffabi_exchange *x)
{
	const struct ffabi_partition_info_get *in = &x->request.u.partition_info_get;
	struct ffabi_partition_info_get_success *out = &x->reply.u.partition_info_get.u.success;
	struct ffabi_spmc_partition *p = ffabi_spmc_caller(peer);
	const uint32_t n = count(self, peer, &in->uuid);
	const uint32_t size = ffabi_partition_info_size(peer->version);

	if (n == 0)
		return FFABI_STATUS_INVALID_PARAMETERS;
	out->count = n;
	if ((in->flags & FFABI_PARTITION_INFO_GET_FLAGS_COUNT_ONLY) != 0)
		return FFABI_STATUS_SUCCESS;
	if (!ffabi_spmc_buffer_free(p))
		return FFABI_STATUS_BUSY;
	if (!ffabi_fits(p->box.rx.len, 0, (uint64_t)size * n))
		return FFABI_STATUS_NO_MEMORY;
	out->descriptor_size = peer->version == FFABI_V1_0 ? 0 : size;
	return fill(self, p, &in->uuid);
}

/* The tag is right, and not given where there can be none yet. */
static enum ffabi_status check_tag(const struct ffabi_spmc *s,
				   const struct ffabi_partition_info_get_regs *in, uint32_t n)
{
	if (n == 0 || in->start_index >= n || (in->start_index == 0 && in->info_tag != 0))
		return FFABI_STATUS_INVALID_PARAMETERS;
	if (in->start_index != 0 && in->info_tag != s->info_tag)
		return FFABI_STATUS_RETRY;
	return FFABI_STATUS_SUCCESS;
}

/* Entries from the start index on, as many as there are registers for; the index behind the last.
 */
static uint32_t fill_regs(struct ffabi_spmc *s, const struct ffabi_peer *peer,
			  const struct ffabi_partition_info_get_regs *in,
			  struct ffabi_partition_info_get_regs_success *out)
{
	struct ffabi_partition_info info;
	struct ffabi_ctx *c;
	struct walk w;
	uint32_t i = 0;

	start(&w, s, peer, &in->uuid);
	c = ffabi_spmc_speak(s, w.caller);
	while (step(&w, &info)) {
		if (i >= in->start_index &&
		    ffabi_partition_to_regs(c, &info, i - in->start_index, out) != FFABI_OK)
			break;
		i++;
	}
	return i;
}

enum ffabi_status ffabi_spmc_partition_info_get_regs(void *self, struct ffabi_peer *peer,
						     struct ffabi_exchange *x)
{
	const struct ffabi_partition_info_get_regs *in = &x->request.u.partition_info_get_regs;
	struct ffabi_partition_info_get_regs_success *out =
		&x->reply.u.partition_info_get_regs.u.success;
	struct ffabi_spmc *s = self;
	const uint32_t n = count(s, peer, &in->uuid);
	const enum ffabi_status status = check_tag(s, in, n);
	uint32_t end;

	if (status != FFABI_STATUS_SUCCESS)
		return status;
	end = fill_regs(s, peer, in, out);
	if (end == in->start_index)
		return FFABI_STATUS_NO_MEMORY;
	out->info_tag = s->info_tag;
	out->current_index = (uint16_t)(end - 1);
	out->last_index = (uint16_t)(n - 1);
	return FFABI_STATUS_SUCCESS;
}
