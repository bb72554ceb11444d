/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Operations of a caller: one step from any state that the steps before leave, and any
 * reply, so any number of steps.  Replies are read by the codecs themselves; fragments
 * and characters are packed by stubs that answer anything.
 */
#include <ffabi/caller_console.h>
#include <ffabi/caller_memory.h>
#include <ffabi/caller_messages.h>
#include <ffabi/caller_setup.h>
#include <prove.h>

#define CHARS 32

/* Bytes of the descriptor that is sent. */
static uint32_t whole;

enum ffabi_rule ffabi_mem_fragment(struct ffabi_ctx *c, enum ffabi_usage usage,
				   const struct ffabi_mem_message *in, uint32_t offset,
				   const struct ffabi_dst *dst, struct ffabi_mem_length *length)
{
	enum ffabi_rule any;
	uint32_t n;

	(void)usage, (void)in, (void)dst;
	GIVEN(any >= FFABI_OK && any < FFABI_E_COUNT && any != FFABI_END);
	if (any != FFABI_OK)
		return ffabi_fail(c, any, FFABI_F_NONE, 0, 0);
	GIVEN(offset < whole && n != 0 && n <= whole - offset);
	length->total = whole;
	length->fragment = n;
	return FFABI_OK;
}

enum ffabi_rule ffabi_console_log_pack(struct ffabi_ctx *c, enum ffabi_conv conv,
				       const struct ffabi_console_log *in, struct ffabi_regs *out)
{
	enum ffabi_rule any;

	(void)conv, (void)in, (void)out;
	GIVEN(any >= FFABI_OK && any < FFABI_E_COUNT && any != FFABI_END);
	return ffabi_fail(c, any, FFABI_F_NONE, 0, 0);
}

static struct ffabi_ctx known_context(void)
{
	struct ffabi_ctx c = any_context();

	GIVEN(c.version >= FFABI_V1_0 && c.version <= FFABI_V1_3);
	return c;
}

static int says(const struct ffabi_regs *regs, uint32_t number)
{
	return ((uint32_t)regs->x[0] & ~(uint32_t)FFABI_SMC64) == number;
}

static int goes_on(ffabi_result r)
{
	return r == FFABI_ISSUE || r == FFABI_RESUME;
}

static uint32_t any_length(void)
{
	uint32_t any;

	return any;
}

/* ffabi_sending_start */
void prove_sending_begins(void)
{
	struct ffabi_ctx c = known_context();
	struct ffabi_regs regs;
	struct ffabi_mem_message message;
	struct ffabi_sending s;
	struct ffabi_tx tx;
	const enum ffabi_owner old = tx.owner;
	ffabi_result result;

	whole = any_length();
	s.message = &message;
	s.tx = &tx;
	result = ffabi_sending_start(&c, &s, &regs);
	CLAIM("TX is handed over with the call, and not else",
	      tx.owner == (result == FFABI_ISSUE ? FFABI_OWNER_CALLEE : old));
	if (result != FFABI_ISSUE) {
		REACHED("refused");
		CLAIM("there is a rule", result > FFABI_OK && result < FFABI_E_COUNT);
		return;
	}
	REACHED("issued");
	CLAIM("TX was the caller's", old == FFABI_OWNER_CALLER);
	CLAIM("a step begins like this",
	      s.sent != 0 && s.sent <= whole && s.length.total == whole && !s.named);
}

/* ffabi_sending_step, ffabi_mem_resume, ffabi_tx_needed */
void prove_sending_goes_on(void)
{
	struct ffabi_ctx c = known_context();
	struct ffabi_regs regs = any_regs();
	const struct ffabi_regs reply = regs;
	struct ffabi_mem_message message;
	struct ffabi_sending s, old;
	struct ffabi_tx tx;
	ffabi_result result;

	whole = any_length();
	s.message = &message;
	s.tx = &tx;
	tx.owner = FFABI_OWNER_CALLEE;
	GIVEN(s.sent != 0 && s.sent <= whole && s.length.total == whole);
	old = s;
	result = ffabi_sending_step(&c, &s, &regs);
	CLAIM("TX is the callee's as long as it goes on",
	      tx.owner == (goes_on(result) ? FFABI_OWNER_CALLEE : FFABI_OWNER_CALLER));
	CLAIM("nobody else may use it then",
	      goes_on(result) == (ffabi_tx_needed(&c, &tx) != FFABI_OK));
	CLAIM("a later step begins like this one", s.sent <= whole && s.length.total == whole);
	if (result == FFABI_ISSUE) {
		REACHED("the next fragment");
		CLAIM("that was asked for",
		      says(&reply, FFABI_FN_MEM_FRAG_RX) && says(&regs, FFABI_FN_MEM_FRAG_TX));
		CLAIM("it is not empty", s.sent > old.sent);
	} else if (result == FFABI_RESUME) {
		REACHED("resumed");
		CLAIM("after a pause",
		      says(&reply, FFABI_FN_MEM_OP_PAUSE) && says(&regs, FFABI_FN_MEM_OP_RESUME));
		CLAIM("nothing is sent twice, or left out", s.sent == old.sent);
	} else if (result == FFABI_OK) {
		REACHED("done");
		CLAIM("the callee says so, and has all of it",
		      says(&reply, FFABI_FN_SUCCESS) && old.sent == whole);
	} else {
		REACHED("refused");
		return;
	}
	CLAIM("the region is named, and keeps its name",
	      s.named && (!old.named || s.handle == old.handle));
}

/* ffabi_giving_step */
void prove_giving_step(void)
{
	struct ffabi_ctx c = known_context();
	struct ffabi_regs regs = any_regs();
	const struct ffabi_regs reply = regs;
	uint64_t handle;
	const ffabi_result result = ffabi_giving_step(&c, handle, &regs);

	CLAIM("it takes one call, and what resumes it", result != FFABI_ISSUE);
	if (result == FFABI_RESUME) {
		REACHED("resumed");
		CLAIM("after a pause",
		      says(&reply, FFABI_FN_MEM_OP_PAUSE) && says(&regs, FFABI_FN_MEM_OP_RESUME));
	} else if (result == FFABI_OK) {
		REACHED("done");
		CLAIM("the callee says so", says(&reply, FFABI_FN_SUCCESS));
	} else {
		REACHED("refused");
	}
}

static void step_of_direct(ffabi_result result, const struct ffabi_direct *old,
			   const struct ffabi_direct *d, const struct ffabi_regs *reply,
			   const struct ffabi_regs *regs)
{
	CLAIM("it takes one call, and what resumes it", result != FFABI_ISSUE);
	CLAIM("who asks whom stays", d->sender_id == old->sender_id &&
					     d->receiver_id == old->receiver_id &&
					     d->answer == old->answer && d->conv == old->conv);
	if (result == FFABI_RESUME)
		CLAIM("whoever stopped is run",
		      (says(reply, FFABI_FN_INTERRUPT) || says(reply, FFABI_FN_YIELD)) &&
			      says(regs, FFABI_FN_RUN));
	if (result == FFABI_OK)
		CLAIM("only the awaited response is one", says(reply, d->answer));
}

/* ffabi_direct_step, ffabi_direct_resume */
void prove_direct_step(void)
{
	struct ffabi_ctx c = known_context();
	struct ffabi_regs regs = any_regs();
	const struct ffabi_regs reply = regs;
	struct ffabi_msg_send_direct_resp out;
	struct ffabi_direct d, old;
	ffabi_result result;

	d.answer = FFABI_FN_MSG_SEND_DIRECT_RESP; /* as start leaves it */
	old = d;
	result = ffabi_direct_step(&c, &d, &regs, &out);
	step_of_direct(result, &old, &d, &reply, &regs);
	if (result == FFABI_RESUME)
		REACHED("stopped");
	if (result == FFABI_OK) {
		REACHED("answered");
		CLAIM("by whom it was asked of",
		      out.sender_id == d.receiver_id && out.receiver_id == d.sender_id);
	}
}

/* ffabi_direct2_step */
void prove_direct2_step(void)
{
	struct ffabi_ctx c = known_context();
	struct ffabi_regs regs = any_regs();
	const struct ffabi_regs reply = regs;
	struct ffabi_msg_send_direct_resp2 out;
	struct ffabi_direct d, old;
	ffabi_result result;

	d.answer = FFABI_FN_MSG_SEND_DIRECT_RESP2;
	old = d;
	result = ffabi_direct2_step(&c, &d, &regs, &out);
	step_of_direct(result, &old, &d, &reply, &regs);
	if (result == FFABI_RESUME)
		REACHED("stopped");
	if (result == FFABI_OK) {
		REACHED("answered");
		CLAIM("by whom it was asked of",
		      out.sender_id == d.receiver_id && out.receiver_id == d.sender_id);
	}
}

/* ffabi_direct_start, ffabi_direct2_start */
void prove_direct_begins(void)
{
	struct ffabi_ctx c = any_context();
	struct ffabi_regs regs;
	struct ffabi_msg_send_direct_req in;
	struct ffabi_msg_send_direct_req2 in2;
	struct ffabi_direct d;
	_Bool second;
	const ffabi_result result = second ? ffabi_direct2_start(&c, &d, &in2, &regs)
					   : ffabi_direct_start(&c, &d, any_conv(), &in, &regs);

	if (result != FFABI_ISSUE) {
		REACHED("refused");
		CLAIM("there is a rule", result > FFABI_OK && result < FFABI_E_COUNT);
		return;
	}
	REACHED("issued");
	CLAIM("what is awaited answers what was asked",
	      says(&regs, second ? FFABI_FN_MSG_SEND_DIRECT_REQ2 : FFABI_FN_MSG_SEND_DIRECT_REQ) &&
		      d.answer == (second ? FFABI_FN_MSG_SEND_DIRECT_RESP2
					  : FFABI_FN_MSG_SEND_DIRECT_RESP));
	CLAIM("from whom it was asked of",
	      d.receiver_id == (second ? in2.receiver_id : in.receiver_id));
}

/* ffabi_negotiation_start, ffabi_negotiation_step */
void prove_negotiation(void)
{
	struct ffabi_ctx c = any_context();
	struct ffabi_regs regs = any_regs();
	struct ffabi_negotiation n;
	const uint32_t offered = c.version;
	_Bool begins;
	ffabi_result result;

	GIVEN(begins || offered >= n.lowest);
	result = begins ? ffabi_negotiation_start(&c, &n, &regs)
			: ffabi_negotiation_step(&c, &n, &regs);
	CLAIM("nothing is resumed", result != FFABI_RESUME);
	if (result == FFABI_ISSUE) {
		REACHED("offered");
		CLAIM("what the caller speaks", c.version >= n.lowest && c.version >= FFABI_V1_0);
		CLAIM("the highest first, then less and less, so it ends",
		      begins ? c.version == n.highest : c.version < offered);
	}
	if (result == FFABI_OK) {
		REACHED("agreed");
		CLAIM("on what was offered", !begins && c.version == offered);
	}
}

/* ffabi_logging_start, ffabi_logging_step; 32 characters, one step from any state */
void prove_logging(void)
{
	struct ffabi_ctx c = known_context();
	struct ffabi_regs regs = any_regs();
	uint8_t chars[CHARS];
	struct ffabi_logging l, old;
	_Bool begins;
	ffabi_result result;

	l.chars = chars;
	l.conv = any_conv();
	GIVEN(l.length <= CHARS);
	GIVEN(begins || (l.done < l.length && l.asked != 0 && l.asked <= l.length - l.done));
	old = l;
	result = begins ? ffabi_logging_start(&c, &l, &regs) : ffabi_logging_step(&c, &l, &regs);
	CLAIM("what is printed stays", l.chars == old.chars && l.length == old.length);
	if (result == FFABI_ISSUE) {
		REACHED("issued");
		CLAIM("a later step begins like this one",
		      l.done < l.length && l.asked != 0 && l.asked <= l.length - l.done);
		CLAIM("each step prints something or uses up a try, so it ends",
		      begins || l.done > old.done || l.retries < old.retries);
	}
	if (result == FFABI_OK) {
		REACHED("printed");
		CLAIM("all of it", l.done == l.length);
	}
}
