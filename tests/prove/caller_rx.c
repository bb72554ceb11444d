/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Who owns the RX buffer of a caller: one step of an operation from any state and any
 * reply, so any number of steps.  A buffer that was handed over goes back next, whatever
 * is in it.  Descriptors are checked and written by stubs that answer anything.
 * unwind: 40
 */
#include <ffabi/caller_memory.h>
#include <ffabi/caller_partitions.h>
#include <prove.h>

static enum ffabi_rule anything(struct ffabi_ctx *c)
{
	enum ffabi_rule any;

	GIVEN(any >= FFABI_OK && any < FFABI_E_COUNT);
	c->err.rule = (uint16_t)any;
	return any;
}

enum ffabi_rule ffabi_mem_check(struct ffabi_ctx *c, enum ffabi_usage usage,
				const struct ffabi_src *src, const struct ffabi_mem_length *length,
				const struct ffabi_mem_limits *limits, struct ffabi_mem_view *out)
{
	(void)usage, (void)src, (void)length, (void)limits, (void)out;
	return anything(c);
}

enum ffabi_rule ffabi_mem_write(struct ffabi_ctx *c, enum ffabi_usage usage,
				const struct ffabi_mem_message *in, const struct ffabi_dst *dst,
				uint32_t *total)
{
	(void)usage, (void)in, (void)dst, (void)total;
	return anything(c);
}

enum ffabi_rule ffabi_mem_assemble(struct ffabi_ctx *c, const struct ffabi_dst *dst, uint32_t total,
				   struct ffabi_mem_assembly *out)
{
	(void)dst, (void)total, (void)out;
	return anything(c);
}

enum ffabi_rule ffabi_mem_add(struct ffabi_ctx *c, struct ffabi_mem_assembly *a,
			      const struct ffabi_src *src, uint32_t n)
{
	(void)a, (void)src, (void)n;
	return anything(c);
}

enum ffabi_rule ffabi_partition_open(struct ffabi_ctx *c, const struct ffabi_src *src,
				     const struct ffabi_entries *said,
				     struct ffabi_partition_cursor *cur)
{
	(void)src, (void)said, (void)cur;
	return anything(c);
}

/* At most two entries. */
enum ffabi_rule ffabi_partition_next(struct ffabi_ctx *c, struct ffabi_partition_cursor *cur,
				     struct ffabi_partition_info *out)
{
	static unsigned int times;

	(void)cur, (void)out;
	return times++ < 2 ? anything(c) : FFABI_END;
}

enum ffabi_rule ffabi_partition_of_regs(struct ffabi_ctx *c,
					const struct ffabi_partition_info_get_regs_success *in,
					uint32_t i, struct ffabi_partition_info *out)
{
	(void)in, (void)out;
	return i < 2 ? anything(c) : FFABI_END;
}

static struct ffabi_ctx known_context(void)
{
	struct ffabi_ctx c = any_context();

	GIVEN(c.version >= FFABI_V1_0 && c.version <= FFABI_V1_3);
	return c;
}

/* Its word is that the buffer is the caller's. */
static int says(const struct ffabi_regs *regs, uint32_t number)
{
	return ((uint32_t)regs->x[0] & ~(uint32_t)FFABI_SMC64) == number;
}

/* ffabi_retrieval_step */
void prove_retrieval_rx(void)
{
	struct ffabi_ctx c = known_context();
	struct ffabi_regs regs = any_regs();
	const struct ffabi_regs reply = regs;
	struct ffabi_mem_transaction header;
	struct ffabi_mem_message message;
	struct ffabi_retrieval r;
	struct ffabi_tx tx;
	struct ffabi_rx rx;
	uint8_t state;
	ffabi_result result;

	message.header = &header;
	r.message = &message;
	r.tx = &tx;
	r.rx = &rx;
	/* 0 and 1 wait for a reply with contents, 2 for that of FFA_RX_RELEASE */
	GIVEN(r.state <= 2 && r.result != FFABI_ISSUE && r.result != FFABI_RESUME);
	GIVEN(rx.owner == (r.state == 2 ? FFABI_OWNER_CALLER : FFABI_OWNER_CALLEE));
	state = r.state;
	result = ffabi_retrieval_step(&c, &r, &regs);
	if (state != 2) {
		CLAIM("handed over exactly when the reply says so",
		      (rx.owner == FFABI_OWNER_CALLER) ==
			      says(&reply,
				   state == 0 ? FFABI_FN_MEM_RETRIEVE_RESP : FFABI_FN_MEM_FRAG_TX));
		if (rx.owner == FFABI_OWNER_CALLER) {
			REACHED("handed over");
			CLAIM("the next call gives it back",
			      result == FFABI_ISSUE && regs.x[0] == FFABI_FN_RX_RELEASE &&
				      r.state == 2);
		} else {
			REACHED("not handed over");
		}
	} else if (rx.owner == FFABI_OWNER_CALLEE) {
		REACHED("released");
		CLAIM("a later step begins like one of these",
		      (result != FFABI_ISSUE && result != FFABI_RESUME) || r.state == 1);
	} else {
		REACHED("not released");
		CLAIM("the operation ends there, and the buffer stays the caller's",
		      result != FFABI_OK && result != FFABI_ISSUE && result != FFABI_RESUME);
	}
	CLAIM("TX is the caller's again, unless the request was paused",
	      result == FFABI_RESUME || tx.owner == FFABI_OWNER_CALLER);
}

/* ffabi_listing_step; 2 entries */
void prove_listing_rx(void)
{
	struct ffabi_ctx c = known_context();
	struct ffabi_regs regs = any_regs();
	const struct ffabi_regs reply = regs;
	struct ffabi_partition_info entries[2];
	struct ffabi_listing l;
	struct ffabi_rx rx;
	uint8_t state;
	ffabi_result result;

	l.rx = &rx;
	l.entries = entries;
	/* 0 reads registers, 1 the RX buffer, 2 releases it */
	GIVEN(l.state <= 2 && l.room <= 2 && l.filled <= 2);
	GIVEN(l.state != 1 || l.filled == 0);
	GIVEN(l.result != FFABI_ISSUE && l.result != FFABI_RESUME);
	GIVEN(l.state != 2 || l.room != 0 || c.version == FFABI_V1_0);
	GIVEN(rx.owner == (l.state == 2 ? FFABI_OWNER_CALLER : FFABI_OWNER_CALLEE));
	state = l.state;
	result = ffabi_listing_step(&c, &l, &regs);
	if (state == 2) {
		REACHED("releasing");
		CLAIM("the end", result != FFABI_ISSUE && result != FFABI_RESUME);
	} else if (rx.owner == FFABI_OWNER_CALLER) {
		REACHED("handed over");
		CLAIM("by a reply that says so, to a request that asks for it",
		      state == 1 && says(&reply, FFABI_FN_SUCCESS) &&
			      (l.room != 0 || c.version == FFABI_V1_0));
		CLAIM("the next call gives it back",
		      result == FFABI_ISSUE && regs.x[0] == FFABI_FN_RX_RELEASE && l.state == 2);
	} else {
		REACHED("not handed over");
		CLAIM("nothing is there to give back",
		      state == 0 || !says(&reply, FFABI_FN_SUCCESS) ||
			      (l.room == 0 && c.version != FFABI_V1_0));
	}
}

/* ffabi_rx_release_start, ffabi_rx_release_step */
void prove_rx_release_steps(void)
{
	struct ffabi_ctx c = known_context();
	struct ffabi_regs regs = any_regs();
	struct ffabi_rx rx;
	enum ffabi_owner old = rx.owner;
	ffabi_result result = ffabi_rx_release_start(&c, &rx, &regs);

	CLAIM("nobody gives back what is not his",
	      (result == FFABI_ISSUE) == (old == FFABI_OWNER_CALLER));
	CLAIM("it is not given back by asking", rx.owner == old);
	if (result != FFABI_ISSUE)
		return;
	regs = any_regs();
	result = ffabi_rx_release_step(&c, &rx, &regs);
	if (rx.owner == FFABI_OWNER_CALLEE) {
		REACHED("given back");
		CLAIM("by the callee's word", result == FFABI_OK || result == FFABI_STATUS_DENIED);
	} else {
		REACHED("refused");
		CLAIM("it stays", rx.owner == FFABI_OWNER_CALLER && result != FFABI_OK);
	}
}
