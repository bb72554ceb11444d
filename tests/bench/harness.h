/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * What harness.c, transaction.c and the generated cases share.  A trace tells them from
 * what is measured by name: all their functions begin with bench_, except walk_*, the
 * loops around a library function that its user has to write, which are measured.
 */
#ifndef BENCH_HARNESS_H
#define BENCH_HARNESS_H

#include <stddef.h>

#include <ffabi/message.h>
#include <ffabi/reply.h>
#include <ffabi/request.h>
#include <ffabi/transaction.h>

#include "minimal.h"

/* One call of one function; its arguments are constants of the case. */
struct bench_case {
	const char *name;
	uint32_t version;
	void (*run)(void);
	const struct ffabi_regs *expect; /* what a packer has to write */
	uint32_t borrowers, ranges; /* of the transaction that bench_tx holds */
	int (*wrong)(void); /* is what the case made of it not that transaction? */
};

/* Room for whatever a case unpacks into. */
union bench_out {
	struct ffabi_request request;
	struct ffabi_message message;
	struct ffabi_reply reply;
};

/* A memory transaction, its bytes, and room for what is made of either. */
struct bench_transaction {
	struct ffabi_mem_message message;
	struct ffabi_mem_length length;
	struct ffabi_src src; /* the bytes, by minimal_write() */
	struct ffabi_dst dst;
	uint32_t written;
	struct ffabi_mem_view view;
	struct ffabi_mem_cursor cursor;
	struct ffabi_mem_transaction header;
	struct ffabi_mem_access access;
	struct ffabi_mem_composite composite;
	struct ffabi_mem_constituent range;
};

extern struct ffabi_ctx bench_ctx;
extern struct ffabi_regs bench_regs;
extern union bench_out bench_out;
extern enum ffabi_rule bench_rule; /* the result of the case */

extern struct bench_transaction bench_tx;
extern struct minimal_transaction bench_read; /* what minimal_read() found */
extern void *(*const volatile bench_copy)(void *, const void *,
					  size_t); /* memcpy, its address resolved */

void bench_prepare(const struct bench_case *b);
int bench_wrong_bytes(void);
int bench_wrong_view(void);
int bench_wrong_copy(void);
int bench_wrong_walk(void);
int bench_wrong_bulk(void);
int bench_wrong_header(void);
int bench_wrong_read(void);

enum ffabi_rule walk_cursors(void);
enum ffabi_rule walk_bulk(void);
enum ffabi_rule walk_copy(void);

extern const struct bench_case bench_cases[];
extern const unsigned int bench_count;

#endif /* BENCH_HARNESS_H */
