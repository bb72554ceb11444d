/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* Dispatch for whoever answers calls. */
#include <ffabi/callee.h>
#include <ffabi/legal.h>
#include <ffabi/status.h>
#include <ffabi/wire.h>

/* The version in bits 30:0 of w0 and w1 of FFA_VERSION; from 1.3 on, no version. */
#define NULL_VERSION 0u
#define MAJOR(version) ((version) >> 16)

static enum ffabi_status refused(struct ffabi_exchange *ex, enum ffabi_rule rule)
{
	if (rule == FFABI_OK)
		return FFABI_STATUS_SUCCESS;
	return ffabi_status_of_violation(ex->call, &ex->ctx.err);
}

static enum ffabi_status not_offered(struct ffabi_exchange *ex)
{
	return refused(ex, ffabi_fail(&ex->ctx, FFABI_E_FID, FFABI_F_FUNCTION_ID, 0, ex->fid));
}

static int is_ffa(uint32_t fid)
{
	const uint32_t number = fid & ~(uint32_t)FFABI_SMC64;

	return number >= FFABI_FN_FIRST && number <= FFABI_FN_LAST;
}

/* FFA_SUCCESS with all results zero; volatile, or compilers call memset. */
static void prepare(struct ffabi_exchange *ex, enum ffabi_call of)
{
	volatile ffabi_wire64 *word = (volatile ffabi_wire64 *)(void *)&ex->reply;
	unsigned int i;

	for (i = 0; i < sizeof(ex->reply) / sizeof(*word); i++)
		word[i] = 0;
	ex->reply.of = of;
	ex->reply.u.error.kind = FFABI_CALL_SUCCESS;
}

/* What a peer that asks for this version will speak; NULL_VERSION: nothing. */
static uint32_t settle(const struct ffabi_callee *callee, uint32_t asked)
{
	if (MAJOR(asked) != MAJOR(callee->highest) || asked < callee->lowest)
		return NULL_VERSION;
	return asked < callee->highest ? asked : callee->highest;
}

/* A peer that asks for more than can be spoken may still come down to the highest. */
static uint32_t offered(const struct ffabi_callee *callee, uint32_t asked)
{
	return asked < callee->lowest ? NULL_VERSION : callee->highest;
}

/* The version that the answer holds; what is agreed on goes into the peer. */
static uint32_t negotiate(const struct ffabi_callee *callee, struct ffabi_peer *peer,
			  const struct ffabi_version *asked)
{
	const uint32_t settled = settle(callee, asked->version);

	switch (asked->query_type) {
	case FFABI_VERSION_QUERY_NEGOTIATED:
		return peer->version;
	case FFABI_VERSION_QUERY_COMPATIBILITY:
		return offered(callee, asked->version);
	default:
		break;
	}
	if (peer->locked && settled != peer->version)
		return NULL_VERSION;
	if (settled != NULL_VERSION)
		peer->version = settled;
	return offered(callee, asked->version);
}

static void refuse_version(struct ffabi_exchange *ex, enum ffabi_smccc_status status)
{
	prepare(ex, FFABI_CALL_VERSION);
	ex->reply.u.version.kind = FFABI_CALL_ERROR;
	ex->reply.u.version.u.error.status = status;
}

/*
 * FFA_VERSION is read as the lower of what both sides may speak: only 1.3 has query
 * types, and to an older callee they are bits to be ignored.
 */
static enum ffabi_status take_version(const struct ffabi_callee *callee, struct ffabi_peer *peer,
				      struct ffabi_exchange *ex)
{
	struct ffabi_version *request = &ex->request.u.version;
	const uint32_t asked = (uint32_t)ex->regs->x[1];
	const int latest = callee->highest >= FFABI_V1_3 &&
			   (asked >= FFABI_V1_3 || peer->version >= FFABI_V1_3);
	uint32_t told;

	ex->ctx.version = latest ? FFABI_V1_3 : FFABI_V1_2;
	ex->request.call = FFABI_CALL_VERSION;
	ex->request.conv = ex->conv;
	if (ffabi_version_unpack(&ex->ctx, ex->regs, request) != FFABI_OK) {
		refuse_version(ex,
			       latest ? FFABI_SMCCC_INVALID_PARAMETER : FFABI_SMCCC_NOT_SUPPORTED);
		return FFABI_STATUS_SUCCESS;
	}
	told = negotiate(callee, peer, request);
	if (told == NULL_VERSION && !latest) {
		refuse_version(ex, FFABI_SMCCC_NOT_SUPPORTED);
		return FFABI_STATUS_SUCCESS;
	}
	prepare(ex, FFABI_CALL_VERSION);
	ex->reply.u.version.u.success.version = told;
	return FFABI_STATUS_SUCCESS;
}

/*
 * What ends other calls is part of every answer, in whatever direction it goes.
 * All else is offered to a peer that may call it: not what it is entered with.
 */
static int offers(const struct ffabi_callee *callee, const struct ffabi_peer *peer, uint32_t fid)
{
	const unsigned int calls = FFABI_CONDUIT_SMC | FFABI_CONDUIT_HVC | FFABI_CONDUIT_SVC;
	const enum ffabi_call call = ffabi_call_of(fid);

	if (!ffabi_call_exists(call, peer->version, ffabi_conv_of(fid)))
		return 0;
	switch (call) {
	case FFABI_CALL_ERROR:
	case FFABI_CALL_SUCCESS:
	case FFABI_CALL_INTERRUPT:
	case FFABI_CALL_VERSION:
	case FFABI_CALL_FEATURES:
		return 1;
	default:
		return ffabi_call_legal(call, peer->instance, calls) && callee->handlers[call] != 0;
	}
}

/* A partition of 1.1 or later has to handle the NS bit before it may retrieve anything. */
static int lacks_ns_bit(const struct ffabi_peer *peer, const struct ffabi_message *query)
{
	return query->call == FFABI_CALL_FEATURES_MEM_RETRIEVE_REQ &&
	       peer->instance == FFABI_S_VIRT && peer->version >= FFABI_V1_1 &&
	       (query->u.features_mem_retrieve_req.input_properties &
		FFABI_MEM_RETRIEVE_REQ_INPUT_NS_BIT) == 0;
}

static enum ffabi_status take_features(const struct ffabi_callee *callee,
				       const struct ffabi_peer *peer, struct ffabi_exchange *ex)
{
	const uint32_t id = ex->request.u.features.id;
	const enum ffabi_rule rule = ffabi_message_unpack(&ex->ctx, ex->regs, &ex->message);
	int has;

	if (rule != FFABI_OK)
		return refused(ex, rule);
	if (is_ffa(id) || ex->message.call == FFABI_CALL_FEATURES_FUNCTION)
		has = offers(callee, peer, id) && !lacks_ns_bit(peer, &ex->message);
	else
		has = callee->handlers[ex->message.call] != 0;
	if (!has)
		return refused(ex, ffabi_fail(&ex->ctx, FFABI_E_FID, FFABI_F_ID, 1, id));
	prepare(ex, ex->message.call);
	return FFABI_STATUS_SUCCESS;
}

enum ffabi_status ffabi_callee_take(const struct ffabi_callee *callee, struct ffabi_peer *peer,
				    struct ffabi_exchange *ex, const struct ffabi_regs *regs)
{
	enum ffabi_rule rule;

	ex->regs = regs;
	ex->fid = (uint32_t)regs->x[0];
	ex->call = ffabi_call_of(ex->fid);
	ex->conv = ffabi_conv_of(ex->fid);
	ex->ctx.version = peer->version;
	ex->ctx.waive = callee->waive;
	ex->ctx.instance = peer->instance;
	ffabi_fail(&ex->ctx, FFABI_OK, FFABI_F_NONE, 0, 0);
	if (ex->call == FFABI_CALL_VERSION &&
	    ffabi_call_legal(ex->call, peer->instance, peer->conduit))
		return take_version(callee, peer, ex);
	if (peer->version == NULL_VERSION || !is_ffa(ex->fid))
		return not_offered(ex);
	peer->locked = 1;
	if (ex->call == FFABI_CALL_COUNT ||
	    !ffabi_call_legal(ex->call, peer->instance, peer->conduit) ||
	    (ex->call != FFABI_CALL_FEATURES && callee->handlers[ex->call] == 0))
		return not_offered(ex);
	rule = ffabi_request_unpack(&ex->ctx, regs, &ex->request);
	if (rule != FFABI_OK)
		return refused(ex, rule);
	if (ex->call == FFABI_CALL_FEATURES)
		return take_features(callee, peer, ex);
	prepare(ex, ex->call);
	return FFABI_STATUS_SUCCESS;
}

/* Only what is passed: the rest is preserved by the SMC Calling Convention. */
static void put(const struct ffabi_regs *from, unsigned int count, struct ffabi_regs *to)
{
	volatile uint64_t *x = to->x; /* or compilers call memcpy */
	unsigned int i;

	for (i = 0; i < count; i++)
		x[i] = from->x[i];
}

enum ffabi_rule ffabi_callee_give(struct ffabi_exchange *ex, struct ffabi_regs *regs)
{
	struct ffabi_regs packed;
	const enum ffabi_rule rule = ffabi_reply_pack(&ex->ctx, ex->conv, &ex->reply, &packed);
	enum ffabi_conv conv = FFABI_SMC32; /* FFA_VERSION has no function id in its answer */

	if (rule != FFABI_OK)
		return rule;
	if (ex->reply.of != FFABI_CALL_VERSION)
		conv = ffabi_conv_of(packed.x[0]);
	put(&packed, ffabi_passed(ex->ctx.version, conv), regs);
	return FFABI_OK;
}

/* The callee's own words: strict, whatever it lets pass, and in a version that has FFA_ERROR. */
FFABI_COLD static void give_error(const struct ffabi_exchange *ex, enum ffabi_status status,
				  struct ffabi_regs *regs)
{
	struct ffabi_ctx c = {FFABI_V1_0, FFABI_STRICT, 0, {0, 0, 0, 0}};
	struct ffabi_error error = {0, 0, (int32_t)status, 0};
	struct ffabi_regs packed;

	c.version = ex->ctx.version;
	if (!ffabi_speaks(&c, FFABI_V1_0, FFABI_V1_3)) /* none yet, or one that is unknown */
		c.version = FFABI_V1_0;
	if (ffabi_error_pack(&c, FFABI_SMC32, &error, &packed) != FFABI_OK) {
		error.status = FFABI_STATUS_ABORTED;
		ffabi_error_pack(&c, FFABI_SMC32, &error, &packed);
	}
	put(&packed, ffabi_passed(c.version, FFABI_SMC32), regs);
}

void ffabi_callee_refuse(struct ffabi_exchange *ex, enum ffabi_status status,
			 struct ffabi_regs *regs)
{
	if (ex->call == FFABI_CALL_VERSION) {
		ex->ctx.version = FFABI_V1_0; /* this answer is the same in all versions */
		refuse_version(ex, FFABI_SMCCC_NOT_SUPPORTED);
		ffabi_callee_give(ex, regs);
	} else if (ex->call == FFABI_CALL_COUNT && !is_ffa(ex->fid)) {
		regs->x[0] = ex->conv == FFABI_SMC64 ? ~(uint64_t)0 : ~(uint32_t)0;
	} else {
		give_error(ex, status, regs);
	}
}

enum ffabi_rule ffabi_callee_answer(const struct ffabi_callee *callee, struct ffabi_peer *peer,
				    struct ffabi_exchange *ex, struct ffabi_regs *regs)
{
	enum ffabi_status status = ffabi_callee_take(callee, peer, ex, regs);
	const enum ffabi_rule rule = (enum ffabi_rule)ex->ctx.err.rule;

	if (status == FFABI_STATUS_SUCCESS && ex->reply.of != FFABI_CALL_VERSION &&
	    callee->handlers[ex->reply.of] != 0)
		status = callee->handlers[ex->reply.of](callee->self, peer, ex);
	if (status == FFABI_STATUS_SUCCESS && ffabi_callee_give(ex, regs) != FFABI_OK)
		status = FFABI_STATUS_ABORTED;
	if (status != FFABI_STATUS_SUCCESS)
		ffabi_callee_refuse(ex, status, regs);
	return rule;
}
