/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Transactions that break one rule each: ffabi writes a good one to the TX buffer, a few bytes
 * of it are changed, and it is sent.  Offsets are those of the tables of DEN0140, by hand.
 */
#include <ffabi/memory_reply.h>
#include <ffabi/status.h>
#include <ffabi/text.h>

#include "../console.h"
#include "payload.h"

#define ANY FFABI_V1_0, FFABI_V1_3
#define V1_0_ONLY FFABI_V1_0, FFABI_V1_0
#define V1_1_ON FFABI_V1_1, FFABI_V1_3
#define BEFORE_1_2 FFABI_V1_0, FFABI_V1_1
#define V1_2_ON FFABI_V1_2, FFABI_V1_3

/* Where the bytes are that a row changes: the beginning of that part of the transaction. */
enum part {
	HEADER,
	ACCESS, /* of the first borrower */
	OTHER, /* of the second */
	COMPOSITE,
	RANGE, /* the first of two */
	LENGTH /* no bytes: at is added to the length */
};

struct mistake {
	const char *what;
	uint32_t first, last; /* versions */
	enum part part;
	int32_t at;
	uint8_t size;
	uint64_t value;
	uint16_t rule;
	uint16_t field;
};

static const struct mistake mistakes[] = {
	{"attributes: bits 7:6", V1_0_ONLY, HEADER, 2, 1, 0xef, FFABI_E_MBZ, FFABI_F_RESERVED},
	{"attributes: the byte behind them", V1_0_ONLY, HEADER, 3, 1, 1, FFABI_E_MBZ,
	 FFABI_F_RESERVED},
	{"attributes: bits 15:7", V1_1_ON, HEADER, 2, 2, 0x00af, FFABI_E_MBZ, FFABI_F_RESERVED},
	{"attributes: security of a sender", V1_1_ON, HEADER, 2, 2, 0x006f, FFABI_E_MBZ,
	 FFABI_F_SECURITY},
	{"memory type 3", ANY, HEADER, 2, 1, 0x3f, FFABI_E_ENUM, FFABI_F_MEMORY_TYPE},
	{"cacheability 2", ANY, HEADER, 2, 1, 0x2b, FFABI_E_ENUM, FFABI_F_CACHEABILITY},
	{"shareability 1", ANY, HEADER, 2, 1, 0x2d, FFABI_E_ENUM, FFABI_F_SHAREABILITY},
	{"Device memory with shareability", ANY, HEADER, 2, 1, 0x11, FFABI_E_MBZ, FFABI_F_RESERVED},
	{"no memory type, bits 3:2", ANY, HEADER, 2, 1, 0x04, FFABI_E_MBZ, FFABI_F_RESERVED},
	{"no memory type, bits 1:0", ANY, HEADER, 2, 1, 0x01, FFABI_E_MBZ, FFABI_F_RESERVED},
	{"zeroing of memory that is shared", ANY, HEADER, 4, 4, 1, FFABI_E_MBZ, FFABI_F_FLAGS},
	{"flags that do not exist", ANY, HEADER, 4, 4, 0x80000000, FFABI_E_MBZ, FFABI_F_FLAGS},
	{"a handle before there is one", ANY, HEADER, 8, 8, 1, FFABI_E_MBZ, FFABI_F_HANDLE},
	{"bytes 24 to 27", V1_0_ONLY, HEADER, 24, 4, 1, FFABI_E_MBZ, FFABI_F_RESERVED},
	{"access descriptors of 0 bytes", V1_1_ON, HEADER, 24, 4, 0, FFABI_E_RANGE,
	 FFABI_F_ACCESS_SIZE},
	{"access descriptors of 24 bytes", V1_1_ON, HEADER, 24, 4, 24, FFABI_E_ALIGN,
	 FFABI_F_ACCESS_SIZE},
	{"no access descriptor", ANY, HEADER, 28, 4, 0, FFABI_E_RANGE, FFABI_F_ACCESS_COUNT},
	{"4 G access descriptors", ANY, HEADER, 28, 4, 0xffffffff, FFABI_E_SHORT,
	 FFABI_F_ACCESS_COUNT},
	{"access descriptors in the header", V1_1_ON, HEADER, 32, 4, 32, FFABI_E_RANGE,
	 FFABI_F_ACCESS_OFFSET},
	{"access descriptors at 56", V1_1_ON, HEADER, 32, 4, 56, FFABI_E_ALIGN,
	 FFABI_F_ACCESS_OFFSET},
	{"access descriptors behind the end", V1_1_ON, HEADER, 32, 4, 0xfffffff0, FFABI_E_SHORT,
	 FFABI_F_ACCESS_OFFSET},
	{"the sender as its own borrower", ANY, ACCESS, 0, 2, 0, FFABI_E_RULE, FFABI_F_ENDPOINT_ID},
	{"one borrower twice", ANY, OTHER, 0, 2, TEE_ID, FFABI_E_RULE, FFABI_F_ENDPOINT_ID},
	{"instruction access 3", ANY, ACCESS, 2, 1, 0x0e, FFABI_E_ENUM, FFABI_F_INSTRUCTION_ACCESS},
	{"data access 3", ANY, ACCESS, 2, 1, 0x03, FFABI_E_ENUM, FFABI_F_DATA_ACCESS},
	{"flags of a borrower", ANY, ACCESS, 3, 1, 0x02, FFABI_E_MBZ, FFABI_F_FLAGS},
	{"no composite descriptor", ANY, ACCESS, 4, 4, 0, FFABI_E_RANGE, FFABI_F_COMPOSITE_OFFSET},
	{"a composite descriptor at 84", ANY, ACCESS, 4, 4, 84, FFABI_E_ALIGN,
	 FFABI_F_COMPOSITE_OFFSET},
	{"a composite descriptor in the access descriptors", V1_0_ONLY, ACCESS, 4, 4, 48,
	 FFABI_E_OVERLAP, FFABI_F_COMPOSITE_OFFSET},
	{"a composite descriptor in the access descriptors", V1_1_ON, ACCESS, 4, 4, 64,
	 FFABI_E_OVERLAP, FFABI_F_COMPOSITE_OFFSET},
	{"a composite descriptor behind the end", ANY, ACCESS, 4, 4, 0xfffffff8, FFABI_E_SHORT,
	 FFABI_F_COMPOSITE_OFFSET},
	{"another composite descriptor of the second borrower", ANY, OTHER, 4, 4, 128, FFABI_E_RULE,
	 FFABI_F_COMPOSITE_OFFSET},
	{"more pages than there are", ANY, COMPOSITE, 0, 4, 3, FFABI_E_RULE,
	 FFABI_F_TOTAL_PAGE_COUNT},
	{"fewer pages than there are", ANY, COMPOSITE, 0, 4, 1, FFABI_E_RULE,
	 FFABI_F_TOTAL_PAGE_COUNT},
	{"no range", ANY, COMPOSITE, 4, 4, 0, FFABI_E_RANGE, FFABI_F_ADDRESS_RANGE_COUNT},
	{"a range behind the end", ANY, COMPOSITE, 4, 4, 3, FFABI_E_SHORT,
	 FFABI_F_ADDRESS_RANGE_COUNT},
	{"4 G ranges", ANY, COMPOSITE, 4, 4, 0xffffffff, FFABI_E_SHORT,
	 FFABI_F_ADDRESS_RANGE_COUNT},
	{"a range that is not counted", ANY, COMPOSITE, 4, 4, 1, FFABI_E_RULE,
	 FFABI_F_TOTAL_LENGTH},
	{"an address between pages", ANY, RANGE, 0, 8, SHARED + 8, FFABI_E_ALIGN, FFABI_F_ADDRESS},
	{"a range without a page", ANY, RANGE, 8, 4, 0, FFABI_E_RANGE, FFABI_F_PAGE_COUNT},
	{"a range around the end of memory", ANY, RANGE, 0, 8, 0xfffffffffffff000, FFABI_E_RULE,
	 FFABI_F_PAGE_COUNT},
	{"one page twice", ANY, RANGE, 0, 8, SHARED + 2 * FFABI_PAGE_SIZE, FFABI_E_OVERLAP,
	 FFABI_F_ADDRESS},
	{"the last range cut off", ANY, LENGTH, -16, 0, 0, FFABI_E_SHORT,
	 FFABI_F_ADDRESS_RANGE_COUNT},
	{"bytes behind the last range", ANY, LENGTH, 8, 0, 0, FFABI_E_RULE, FFABI_F_TOTAL_LENGTH},
	{"a length that is no multiple of 8", ANY, LENGTH, 4, 0, 0, FFABI_E_ALIGN,
	 FFABI_F_TOTAL_LENGTH},
	{"a header cut off", BEFORE_1_2, LENGTH, -88, 0, 0, FFABI_E_SHORT, FFABI_F_NONE},
	{"a header cut off", V1_2_ON, LENGTH, -120, 0, 0, FFABI_E_SHORT, FFABI_F_NONE},
};

/* What differs where the owner gives the memory up. */
static const struct mistake lending = {
	"lending with flags that do not exist", ANY, HEADER, 4, 4, 4, FFABI_E_MBZ, FFABI_F_FLAGS};
static const struct mistake donation = {"a donation to two", ANY, HEADER, 28, 4, 2, FFABI_E_RANGE,
					FFABI_F_ACCESS_COUNT};

/* What should be zero: a receiver ignores it, so it is taken. */
static const struct mistake ignored[] = {
	{"bytes 36 to 47", V1_1_ON, HEADER, 36, 8, ~0ull, FFABI_E_SBZ, FFABI_F_RESERVED},
	{"bits 7:4 of permissions", ANY, ACCESS, 2, 1, 0xf2, FFABI_E_SBZ, FFABI_F_RESERVED},
	{"the end of an access descriptor", BEFORE_1_2, ACCESS, 8, 8, 1, FFABI_E_SBZ,
	 FFABI_F_RESERVED},
	{"the end of an access descriptor", V1_2_ON, ACCESS, 24, 8, 1, FFABI_E_SBZ,
	 FFABI_F_RESERVED},
	{"the end of the composite descriptor", ANY, COMPOSITE, 8, 8, 1, FFABI_E_SBZ,
	 FFABI_F_RESERVED},
	{"the end of a range", ANY, RANGE, 12, 4, 1, FFABI_E_SBZ, FFABI_F_RESERVED},
};

static uint64_t last_handle;

/* Two pages for two borrowers, in TX; how many bytes. */
static uint32_t write_good(void)
{
	const struct ffabi_mem_transaction header = {
		.sender_id = own_id,
		.memory_type = FFABI_MEMORY_TYPE_NORMAL,
		.cacheability = FFABI_CACHEABILITY_WRITE_BACK,
		.shareability = FFABI_SHAREABILITY_INNER_SHAREABLE,
	};
	const struct ffabi_mem_access access[2] = {
		{.endpoint_id = TEE_ID, .data_access = FFABI_DATA_ACCESS_READ_WRITE},
		{.endpoint_id = ECHO_ID, .data_access = FFABI_DATA_ACCESS_READ_WRITE},
	};
	const struct ffabi_mem_constituent ranges[2] = {{SHARED, 1},
							{SHARED + 2 * FFABI_PAGE_SIZE, 1}};
	const struct ffabi_mem_message message = {&header, access, ranges, 2, 2};
	uint32_t total = 0;

	check(ffabi_mem_write(&k.ctx, FFABI_USAGE_SHARE, &message, &k.tx.dst, &total) == FFABI_OK,
	      "a transaction is written");
	return total;
}

static uint32_t start_of(enum part part)
{
	const uint32_t access = k.ctx.version == FFABI_V1_0 ? 32u : 48u;
	const uint32_t size = k.ctx.version < FFABI_V1_2 ? 16u : 32u;

	switch (part) {
	case ACCESS:
		return access;
	case OTHER:
		return access + size;
	case COMPOSITE:
		return access + 2u * size;
	case RANGE:
		return access + 2u * size + 16u;
	default:
		return 0;
	}
}

static uint32_t change(const struct mistake *m, uint32_t total)
{
	uint32_t i;

	if (m->part == LENGTH)
		return total + (uint32_t)m->at;
	for (i = 0; i < m->size; i++)
		tx[start_of(m->part) + (uint32_t)m->at + i] = (uint8_t)(m->value >> (8u * i));
	/* Of the sender itself: it has another id as a VM. */
	if (m->part == ACCESS && m->at == 0)
		tx[start_of(ACCESS)] = (uint8_t)own_id;
	/* Two pages from there on wrap. */
	if (m->value == 0xfffffffffffff000)
		tx[start_of(RANGE) + 8] = 2;
	return total;
}

/* The call for memory that its owner gives up. */
static enum ffabi_rule pack_away(enum ffabi_usage usage, uint32_t total, struct ffabi_regs *regs)
{
	const struct ffabi_mem_lend lend = {total, total, 0, 0};
	const struct ffabi_mem_donate donate = {total, total, 0, 0};

	return usage == FFABI_USAGE_LEND
		       ? ffabi_mem_lend_pack(&k.ctx, FFABI_SMC64, &lend, regs)
		       : ffabi_mem_donate_pack(&k.ctx, FFABI_SMC64, &donate, regs);
}

/* Sends what lies in TX: the status, and the handle at SUCCESS.  The replies are alike. */
static int32_t send_bytes(enum ffabi_usage usage, uint32_t total, uint64_t *handle)
{
	const struct ffabi_mem_share call = {total, total, 0, 0};
	struct ffabi_mem_share_reply reply;
	struct ffabi_regs regs;
	enum ffabi_rule rule = usage == FFABI_USAGE_SHARE
				       ? ffabi_mem_share_pack(&k.ctx, FFABI_SMC64, &call, &regs)
				       : pack_away(usage, total, &regs);

	if (rule == FFABI_OK) {
		k.conduit.call(k.conduit.self, &regs);
		rule = ffabi_mem_share_reply_unpack(&k.ctx, FFABI_SMC64, &regs, &reply);
	}
	check(rule == FFABI_OK, "the call and its reply can be read");
	if (rule != FFABI_OK || reply.kind == FFABI_CALL_ERROR)
		return rule != FFABI_OK ? 1 : (int32_t)reply.u.error.status;
	*handle = reply.u.success.handle;
	return FFABI_STATUS_SUCCESS;
}

static int32_t share(uint32_t total, uint64_t *handle)
{
	return send_bytes(FFABI_USAGE_SHARE, total, handle);
}

/* The rule and the field are those of the row, whoever reads. */
static int32_t judge(enum ffabi_usage usage, const struct mistake *m, uint32_t total)
{
	const struct ffabi_src src = {tx, total};
	const struct ffabi_mem_length length = {total, total};
	const struct ffabi_mem_limits limits = {2};
	struct ffabi_mem_view view;
	struct ffabi_ctx strict = {.version = k.ctx.version};
	enum ffabi_rule rule = ffabi_mem_check(&strict, usage, &src, &length, &limits, &view);

	if (rule != m->rule || strict.err.field != m->field) {
		say("# ");
		say(rule < FFABI_E_VERSION ? "none" : ffabi_rule_name(rule));
		say(" ");
		say(rule < FFABI_E_VERSION ? "" : ffabi_field_name(strict.err.field));
		say("\n");
	}
	check(rule == m->rule && strict.err.field == m->field,
	      "ffabi names the rule and the field");
	return (int32_t)ffabi_status_of_violation(FFABI_CALL_MEM_SHARE, &strict.err);
}

/* The next handle follows the last one: no transaction was begun in between. */
static void check_nothing_left(void)
{
	const uint32_t total = write_good();
	uint64_t handle = 0;

	check(share(total, &handle) == FFABI_STATUS_SUCCESS && handle == last_handle + 1,
	      "a good one follows, with the next handle");
	last_handle = handle;
	expect(reclaim(handle), FFABI_OK, "it is reclaimed");
}

static int has_row(const struct mistake *m)
{
	return k.ctx.version >= m->first && k.ctx.version <= m->last;
}

static void refuse(enum ffabi_usage usage, const struct mistake *m)
{
	const uint32_t total = change(m, write_good());
	uint64_t handle = 0;

	check(judge(usage, m, total) == FFABI_STATUS_INVALID_PARAMETERS,
	      "its answer is INVALID_PARAMETERS, as the description has it");
	check(send_bytes(usage, total, &handle) == FFABI_STATUS_INVALID_PARAMETERS, m->what);
	check_nothing_left();
}

static void ignore(const struct mistake *m)
{
	const uint32_t total = change(m, write_good());
	uint64_t handle = 0;

	(void)judge(FFABI_USAGE_SHARE, m, total);
	check(share(total, &handle) == FFABI_STATUS_SUCCESS && handle == last_handle + 1, m->what);
	last_handle = handle;
	expect(reclaim(handle), FFABI_OK, "it is reclaimed");
}

void send_malformed(const struct options *options)
{
	uint32_t count = 0;
	uint32_t i;

	if (!options->malformed)
		return;
	check(share(write_good(), &last_handle) == FFABI_STATUS_SUCCESS,
	      "a good one to begin with");
	expect(reclaim(last_handle), FFABI_OK, "it is reclaimed");
	for (i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++)
		if (has_row(&mistakes[i])) {
			refuse(FFABI_USAGE_SHARE, &mistakes[i]);
			count++;
		}
	refuse(FFABI_USAGE_LEND, &lending);
	refuse(FFABI_USAGE_DONATE, &donation);
	for (i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		if (has_row(&ignored[i]))
			ignore(&ignored[i]);
	say("# refused: ");
	say_decimal(count + 2);
	say("\n");
}
