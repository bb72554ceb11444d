/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * The side that answers: one call from any state of the peer, so any number of calls.
 * What decodes requests and messages, and encodes replies, is replaced by stubs that answer
 * anything: they are proved of themselves.  The unions are unions here: the callee clears one.
 * unwind: 40
 * flags: -Uunion
 */
#include <ffabi/callee.h>
#include <ffabi/legal.h>
#include <prove.h>

static enum ffabi_rule anything(struct ffabi_ctx *c)
{
	enum ffabi_rule any;
	struct ffabi_violation violation;

	GIVEN(any >= FFABI_OK && any < FFABI_E_COUNT && any != FFABI_END);
	if (any == FFABI_OK)
		return any;
	c->err = violation;
	c->err.rule = (uint16_t)any;
	return any;
}

static unsigned int requests_read;
static struct ffabi_regs packed;

enum ffabi_rule ffabi_request_unpack(struct ffabi_ctx *c, const struct ffabi_regs *in,
				     struct ffabi_request *out)
{
	(void)in;
	(void)out;
	requests_read++;
	return anything(c);
}

enum ffabi_rule ffabi_message_unpack(struct ffabi_ctx *c, const struct ffabi_regs *in,
				     struct ffabi_message *out)
{
	enum ffabi_call any;

	(void)in;
	GIVEN(any >= FFABI_CALL_FEATURES_RXTX_MAP && any < FFABI_CALL_COUNT);
	out->call = any;
	return anything(c);
}

enum ffabi_rule ffabi_reply_pack(struct ffabi_ctx *c, enum ffabi_conv conv,
				 const struct ffabi_reply *in, struct ffabi_regs *out)
{
	(void)conv;
	(void)in;
	*out = packed;
	return anything(c);
}

/* Versions that are known, in order; some handlers, or none. */
static struct ffabi_callee any_callee(ffabi_callee_handler *const *handlers)
{
	struct ffabi_callee callee;

	callee.handlers = handlers;
	GIVEN(callee.lowest >= FFABI_V1_0 && callee.lowest <= callee.highest &&
	      callee.highest <= FFABI_V1_3);
	return callee;
}

/* What any history leaves: no version yet, or one that is spoken; only with one it is locked. */
static int sound(const struct ffabi_callee *callee, const struct ffabi_peer *peer)
{
	if (peer->version == 0)
		return !peer->locked;
	return peer->locked <= 1 && peer->version >= callee->lowest &&
	       peer->version <= callee->highest;
}

/* ffabi_callee_take: versions */
void prove_callee_version(void)
{
	ffabi_callee_handler *handlers[FFABI_CALL_COUNT];
	const struct ffabi_callee callee = any_callee(handlers);
	const struct ffabi_regs regs = any_regs();
	struct ffabi_exchange ex;
	struct ffabi_peer peer, old;

	GIVEN(sound(&callee, &peer));
	old = peer;
	(void)ffabi_callee_take(&callee, &peer, &ex, &regs);
	CLAIM("a later call begins like this one", sound(&callee, &peer));
	CLAIM("who it is stays",
	      peer.id == old.id && peer.instance == old.instance && peer.conduit == old.conduit);
	CLAIM("what is locked stays so", !old.locked || peer.locked == old.locked);
	CLAIM("and so does its version", !old.locked || peer.version == old.version);
	CLAIM("a version that is agreed on is not lost", old.version == 0 || peer.version != 0);
	if (ffabi_call_of((uint32_t)regs.x[0]) != FFABI_CALL_VERSION) {
		REACHED("another call");
		CLAIM("only FFA_VERSION changes it", peer.version == old.version);
	} else {
		REACHED("FFA_VERSION");
		CLAIM("FFA_VERSION locks nothing", peer.locked == old.locked || old.version != 0);
		if (peer.version != old.version)
			CLAIM("never above what was asked for",
			      peer.version <= (uint32_t)regs.x[1]);
	}
}

/* ffabi_callee_take: who may call what */
void prove_callee_take(void)
{
	ffabi_callee_handler *handlers[FFABI_CALL_COUNT];
	const struct ffabi_callee callee = any_callee(handlers);
	const struct ffabi_regs regs = any_regs();
	struct ffabi_exchange ex;
	struct ffabi_peer peer;
	enum ffabi_status status;

	GIVEN(sound(&callee, &peer));
	requests_read = 0;
	status = ffabi_callee_take(&callee, &peer, &ex, &regs);
	CLAIM("the request as it came", ex.regs == &regs && ex.fid == (uint32_t)regs.x[0]);
	CLAIM("read once at most", requests_read <= 1);
	if (status != FFABI_STATUS_SUCCESS) {
		REACHED("refused");
		CLAIM("with an error", status < 0);
		CLAIM("that has a reason", ex.ctx.err.rule != FFABI_OK);
		return;
	}
	REACHED("taken");
	CLAIM("a call that is known", ex.call < FFABI_CALL_COUNT);
	CLAIM("legal where it comes from", ffabi_call_legal(ex.call, peer.instance, peer.conduit));
	if (ex.call == FFABI_CALL_VERSION)
		return;
	CLAIM("with a version in force", peer.version != 0 && ex.ctx.version == peer.version);
	CLAIM("from then on locked", peer.locked);
	CLAIM("the request was read", requests_read == 1);
	CLAIM("and there is somebody to answer it",
	      ex.call == FFABI_CALL_FEATURES || handlers[ex.call] != 0);
}

/* ffabi_callee_give */
void prove_callee_give(void)
{
	struct ffabi_regs regs = any_regs();
	const struct ffabi_regs before = regs;
	struct ffabi_exchange ex;
	unsigned int k, count;

	GIVEN(k < 18);
	packed = any_regs();
	if (ffabi_callee_give(&ex, &regs) != FFABI_OK) {
		REACHED("refused");
		CLAIM("the registers stay", regs.x[k] == before.x[k]);
		return;
	}
	REACHED("given");
	count = ffabi_passed(ex.ctx.version, ex.reply.of == FFABI_CALL_VERSION
						     ? FFABI_SMC32
						     : ffabi_conv_of(packed.x[0]));
	CLAIM("what the reply passes, and no other register",
	      regs.x[k] == (k < count ? packed.x[k] : before.x[k]));
}

/* ffabi_callee_refuse */
void prove_callee_refuse(void)
{
	struct ffabi_regs regs = any_regs();
	const struct ffabi_regs before = regs;
	struct ffabi_exchange ex;
	enum ffabi_status status;
	uint32_t version;
	unsigned int k;

	/* as take leaves it */
	ex.call = ffabi_call_of(ex.fid);
	ex.conv = ffabi_conv_of(ex.fid);
	version = ex.ctx.version;
	GIVEN(ex.call != FFABI_CALL_VERSION && k < 18);
	GIVEN(version == 0 || (version >= FFABI_V1_0 && version <= FFABI_V1_3));
	GIVEN(status < 0);
	ffabi_callee_refuse(&ex, status, &regs);
	CLAIM("x8 and up keep what they held", k < 8 || regs.x[k] == before.x[k]);
	if (regs.x[0] == FFABI_FN_ERROR) {
		REACHED("FFA_ERROR");
		CLAIM("an error code, zero-extended",
		      (int32_t)(uint32_t)regs.x[2] < 0 && regs.x[2] >> 32 == 0);
		CLAIM("all else is zero", k == 0 || k == 2 || k > 7 || regs.x[k] == 0);
	} else {
		REACHED("not FF-A");
		CLAIM("unknown to SMCCC", (uint32_t)regs.x[0] == UINT32_MAX);
		CLAIM("and nothing else is said", k == 0 || regs.x[k] == before.x[k]);
	}
}
