/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Calls through a conduit that answers anything: how often it is called, and with what.
 * unwind: 20
 */
#include <ffabi/caller.h>
#include <prove.h>

#define RETRIES 2

static unsigned int calls, watched;
static struct ffabi_regs request;

static void answer_anything(void *self, struct ffabi_regs *regs)
{
	(void)self;
	CLAIM("each time the same call", regs->x[watched] == request.x[watched]);
	calls++;
	*regs = any_regs();
}

/* ffabi_caller_carries, ffabi_caller_carries_once, ffabi_caller_begin; 2 repetitions */
void prove_caller_carries(void)
{
	struct ffabi_caller k;
	uint32_t resumes;
	ffabi_result r;
	_Bool once;
	int issued;

	k.conduit.call = answer_anything;
	GIVEN(k.bounds.retries <= RETRIES && watched < 18);
	request = any_regs();
	k.regs = request;
	calls = 0;
	ffabi_caller_begin(&k);
	resumes = k.left.resumes;
	issued = once ? ffabi_caller_carries_once(&k, r) : ffabi_caller_carries(&k, r);
	CLAIM("issued when it is to go on, within the bound",
	      issued == (r == FFABI_ISSUE || (r == FFABI_RESUME && resumes != 0)));
	CLAIM("no more often than the bounds say",
	      issued ? calls != 0 && calls <= 1 + k.bounds.retries : calls == 0);
	CLAIM("each resumption counts", k.left.resumes == resumes - (issued && r == FFABI_RESUME));
	CLAIM("the version cannot change any more", k.locked);
	if (calls == 1 + RETRIES)
		REACHED("repeated");
	if (!issued)
		REACHED("not issued");
}

/* ffabi_caller_init, ffabi_caller_send */
void prove_caller_send(void)
{
	const struct ffabi_conduit conduit = {answer_anything, 0};
	struct ffabi_caller k;
	enum ffabi_rule packed;

	ffabi_caller_init(&k, &conduit);
	CLAIM("no version, no buffers, no tries, not locked",
	      k.ctx.version == 0 && k.tx.owner == FFABI_OWNER_NONE &&
		      k.rx.owner == FFABI_OWNER_NONE && k.bounds.retries == 0 &&
		      k.bounds.resumes == 0 && !k.locked);
	GIVEN(watched < 18);
	request = any_regs();
	k.regs = request;
	calls = 0;
	CLAIM("what was wrong with it is passed on", ffabi_caller_send(&k, packed) == packed);
	CLAIM("sent once, if it was packed", calls == (packed == FFABI_OK));
	if (packed == FFABI_OK)
		REACHED("sent");
	else
		REACHED("not sent");
}

/* ffabi_settle, ffabi_issue */
void prove_settle(void)
{
	struct ffabi_ctx c = any_context();
	struct ffabi_error error;
	enum ffabi_rule rule;
	enum ffabi_call kind;
	ffabi_result result;

	GIVEN(rule >= FFABI_OK && rule < FFABI_E_COUNT);
	result = ffabi_settle(&c, rule, &kind, &error);
	CLAIM("no error is taken for success",
	      (result == FFABI_OK) == (rule == FFABI_OK && kind != FFABI_CALL_ERROR));
	CLAIM("a broken rule first", rule == FFABI_OK || result == (ffabi_result)rule);
	CLAIM("a status is the callee's", result >= 0 || result == error.status);
	CLAIM("issued if it is packed", (ffabi_issue(rule) == FFABI_ISSUE) == (rule == FFABI_OK));
	if (result < 0)
		REACHED("a status");
	if (result > 0)
		REACHED("a rule");
}
