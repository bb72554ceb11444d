/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Asking for functions, features and ids. */
#include <ffabi/caller_setup.h>

/* A reply is read by the message that was asked; all of them differ in the success alone. */
#define READ(type, unpacked, take)                                                                 \
	do {                                                                                       \
		type reply;                                                                        \
		const enum ffabi_rule rule = unpacked;                                             \
		r = ffabi_settle(c, rule, &reply.kind, &reply.u.error);                            \
		if (r == FFABI_OK) {                                                               \
			take;                                                                      \
		}                                                                                  \
	} while (0)

static ffabi_result read_function(struct ffabi_ctx *c, uint32_t fid, const struct ffabi_regs *regs,
				  struct ffabi_features_answer *out)
{
	ffabi_result r;

	switch (fid & ~(uint32_t)FFABI_SMC64) {
	case FFABI_FN_RXTX_MAP:
		out->of = FFABI_CALL_FEATURES_RXTX_MAP;
		READ(struct ffabi_features_rxtx_map_reply,
		     ffabi_features_rxtx_map_reply_unpack(c, regs, &reply),
		     out->u.rxtx_map.max_size = reply.u.success.max_size;
		     out->u.rxtx_map.min_size_and_align = reply.u.success.min_size_and_align);
		break;
	case FFABI_FN_MEM_DONATE:
		out->of = FFABI_CALL_FEATURES_MEM_DONATE;
		READ(struct ffabi_features_mem_donate_reply,
		     ffabi_features_mem_donate_reply_unpack(c, regs, &reply),
		     out->u.mem_send_properties = reply.u.success.properties);
		break;
	case FFABI_FN_MEM_LEND:
		out->of = FFABI_CALL_FEATURES_MEM_LEND;
		READ(struct ffabi_features_mem_lend_reply,
		     ffabi_features_mem_lend_reply_unpack(c, regs, &reply),
		     out->u.mem_send_properties = reply.u.success.properties);
		break;
	case FFABI_FN_MEM_SHARE:
		out->of = FFABI_CALL_FEATURES_MEM_SHARE;
		READ(struct ffabi_features_mem_share_reply,
		     ffabi_features_mem_share_reply_unpack(c, regs, &reply),
		     out->u.mem_send_properties = reply.u.success.properties);
		break;
	case FFABI_FN_MEM_RETRIEVE_REQ:
		out->of = FFABI_CALL_FEATURES_MEM_RETRIEVE_REQ;
		READ(struct ffabi_features_mem_retrieve_req_reply,
		     ffabi_features_mem_retrieve_req_reply_unpack(c, regs, &reply),
		     out->u.mem_retrieve_req.properties = reply.u.success.properties;
		     out->u.mem_retrieve_req.outstanding_retrievals =
			     reply.u.success.outstanding_retrievals);
		break;
	default:
		out->of = FFABI_CALL_FEATURES_FUNCTION;
		READ(struct ffabi_features_function_reply,
		     ffabi_features_function_reply_unpack(c, regs, &reply), (void)0);
		break;
	}
	return r;
}

/* Which feature has this id: the generated packers alone know the ids. */
static enum ffabi_call feature_of(struct ffabi_ctx *c, uint32_t id)
{
	struct ffabi_regs regs;

	if (ffabi_features_npi_pack(c, &regs) == FFABI_OK && regs.x[1] == id)
		return FFABI_CALL_FEATURES_NPI;
	if (ffabi_features_sri_pack(c, &regs) == FFABI_OK && regs.x[1] == id)
		return FFABI_CALL_FEATURES_SRI;
	if (ffabi_features_mei_pack(c, &regs) == FFABI_OK && regs.x[1] == id)
		return FFABI_CALL_FEATURES_MEI;
	if (ffabi_features_notifications_pack(c, &regs) == FFABI_OK && regs.x[1] == id)
		return FFABI_CALL_FEATURES_NOTIFICATIONS;
	return FFABI_CALL_FEATURES_FEATURE;
}

static ffabi_result read_feature(struct ffabi_ctx *c, const struct ffabi_regs *regs,
				 struct ffabi_features_answer *out)
{
	ffabi_result r;

	switch (out->of) {
	case FFABI_CALL_FEATURES_NPI:
		READ(struct ffabi_features_npi_reply,
		     ffabi_features_npi_reply_unpack(c, regs, &reply),
		     out->u.interrupt_id = reply.u.success.interrupt_id);
		break;
	case FFABI_CALL_FEATURES_SRI:
		READ(struct ffabi_features_sri_reply,
		     ffabi_features_sri_reply_unpack(c, regs, &reply),
		     out->u.interrupt_id = reply.u.success.interrupt_id);
		break;
	case FFABI_CALL_FEATURES_MEI:
		READ(struct ffabi_features_mei_reply,
		     ffabi_features_mei_reply_unpack(c, regs, &reply),
		     out->u.interrupt_id = reply.u.success.interrupt_id);
		break;
	case FFABI_CALL_FEATURES_NOTIFICATIONS:
		READ(struct ffabi_features_notifications_reply,
		     ffabi_features_notifications_reply_unpack(c, regs, &reply),
		     out->u.notifications.count_a = reply.u.success.count_a;
		     out->u.notifications.count_b = reply.u.success.count_b;
		     out->u.notifications.limits = reply.u.success.limits);
		break;
	default:
		READ(struct ffabi_features_feature_reply,
		     ffabi_features_feature_reply_unpack(c, regs, &reply),
		     out->u.feature.interface_properties = reply.u.success.interface_properties;
		     out->u.feature.interface_properties_2 =
			     reply.u.success.interface_properties_2);
		break;
	}
	return r;
}

ffabi_result ffabi_features_read(struct ffabi_ctx *c, const struct ffabi_features *asked,
				 const struct ffabi_regs *regs, struct ffabi_features_answer *out)
{
	if (asked->id >= FFABI_FN_FIRST)
		return read_function(c, asked->id, regs, out);
	out->of = feature_of(c, asked->id);
	return read_feature(c, regs, out);
}

ffabi_result ffabi_caller_features(struct ffabi_caller *k, const struct ffabi_features *ask,
				   struct ffabi_features_answer *out)
{
	enum ffabi_rule rule;

	ffabi_caller_begin(k);
	rule = ffabi_caller_send(k, ffabi_features_pack(&k->ctx, ask, &k->regs));
	if (rule != FFABI_OK)
		return ffabi_result_of(rule);
	return ffabi_features_read(&k->ctx, ask, &k->regs, out);
}

uint32_t ffabi_rxtx_min_pages(const struct ffabi_features_rxtx_map_success *in)
{
	switch (in->min_size_and_align) {
	case FFABI_RXTX_MIN_SIZE_KIB_4:
		return 4096u / FFABI_PAGE_SIZE;
	case FFABI_RXTX_MIN_SIZE_KIB_16:
		return 16384u / FFABI_PAGE_SIZE;
	case FFABI_RXTX_MIN_SIZE_KIB_64:
		return 65536u / FFABI_PAGE_SIZE;
	default:
		return 0;
	}
}

ffabi_result ffabi_caller_id(struct ffabi_caller *k, uint16_t *id)
{
	struct ffabi_id_get_reply reply;
	enum ffabi_rule rule;
	ffabi_result r;

	ffabi_caller_begin(k);
	rule = ffabi_caller_send(k, ffabi_id_get_pack(&k->ctx, &k->regs));
	if (rule != FFABI_OK)
		return ffabi_result_of(rule);
	rule = ffabi_id_get_reply_unpack(&k->ctx, &k->regs, &reply);
	r = ffabi_settle(&k->ctx, rule, &reply.kind, &reply.u.error);
	if (r == FFABI_OK)
		*id = reply.u.success.id;
	return r;
}

ffabi_result ffabi_caller_spm_id(struct ffabi_caller *k, uint16_t *id)
{
	struct ffabi_spm_id_get_reply reply;
	enum ffabi_rule rule;
	ffabi_result r;

	ffabi_caller_begin(k);
	rule = ffabi_caller_send(k, ffabi_spm_id_get_pack(&k->ctx, &k->regs));
	if (rule != FFABI_OK)
		return ffabi_result_of(rule);
	rule = ffabi_spm_id_get_reply_unpack(&k->ctx, &k->regs, &reply);
	r = ffabi_settle(&k->ctx, rule, &reply.kind, &reply.u.error);
	if (r == FFABI_OK)
		*id = reply.u.success.id;
	return r;
}
