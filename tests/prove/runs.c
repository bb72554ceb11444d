/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Many constituents at once: the generated scans and runs say, read and write what the
 * codec of one element does, which is proved of itself.
 * unwind: 11
 */
#include <bytes.h>
#include <ffabi/memory_descriptors_table.h>

#define MOST 3
#define FIVE 5 /* one, and the four that a scan takes at a time */
#define FOURS 9 /* one, and twice the four */
#define EACH FFABI_MEM_CONSTITUENT_SIZE
#define ROOM (MOST * EACH + 8)

static struct ffabi_ctx any_known_context(void)
{
	struct ffabi_ctx c = any_context();

	GIVEN(c.version >= FFABI_V1_0 && c.version <= FFABI_V1_3);
	return c;
}

static struct ffabi_elements any_run(uint32_t most)
{
	struct ffabi_elements run;

	GIVEN(run.count <= most);
	return run;
}

/* ffabi_mem_constituent_scan: any of them; 5 constituents, buffer up to 88 bytes */
void prove_constituent_scan(void)
{
	struct ffabi_ctx c = any_known_context();
	_Alignas(8) uint8_t buffer[FIVE * EACH + 8];
	struct ffabi_src src = {buffer, 0};
	const struct ffabi_elements run = any_run(FIVE);
	struct ffabi_mem_constituent one;
	uint64_t len, sum;
	uint32_t i;

	GIVEN(len <= sizeof(buffer) && i < run.count);
	src.len = len;
	watch(buffer, len);
	if (!ffabi_mem_constituent_scan(&src, &run, &sum)) {
		REACHED("not at first sight");
		return;
	}
	REACHED("good at first sight");
	watch(buffer, len);
	CLAIM("unpack accepts it",
	      ffabi_mem_constituent_unpack(&c, &src, run.at + (uint64_t)EACH * i, &one) ==
		      FFABI_OK);
}

/* ffabi_mem_constituent_scan: the sum; 5 constituents */
void prove_constituent_scan_sum(void)
{
	_Alignas(8) uint8_t buffer[FIVE * EACH];
	const struct ffabi_src src = {buffer, sizeof(buffer)};
	struct ffabi_elements run = any_run(FIVE);
	uint64_t sum, pages = 0;
	uint32_t i;

	run.at = 0;
	watch(buffer, sizeof(buffer));
	if (!ffabi_mem_constituent_scan(&src, &run, &sum))
		return;
	REACHED("good at first sight");
	for (i = 0; i < run.count; i++)
		pages += *(const uint32_t *)(buffer + EACH * i +
					     FFABI_MEM_CONSTITUENT_AT_PAGE_COUNT);
	CLAIM("the sum is that of the pages", sum == pages);
}

/* ffabi_mem_constituent_unpack_run; 3 constituents, buffer up to 56 bytes */
void prove_constituent_unpack_run(void)
{
	struct ffabi_ctx c = any_known_context(), s = c;
	_Alignas(8) uint8_t buffer[ROOM];
	struct ffabi_src src = {buffer, 0};
	struct ffabi_elements run = any_run(MOST);
	const struct ffabi_elements asked = run;
	struct ffabi_mem_constituent out[MOST], one;
	enum ffabi_rule rule;
	uint64_t len, sum, pages;
	uint32_t i;

	GIVEN(len <= sizeof(buffer) && sum <= UINT64_MAX / 2);
	GIVEN(asked.count != 0); /* an empty run anywhere outside is refused, and no element is */
	pages = sum;
	src.len = len;
	watch(buffer, len);
	rule = ffabi_mem_constituent_unpack_run(&c, &src, &run, out, &sum);
	CLAIM("version, waivers and instance stay",
	      c.version == s.version && c.waive == s.waive && c.instance == s.instance);
	if (!ffabi_fits(len, asked.at, (uint64_t)EACH * asked.count) || asked.at % 8 != 0) {
		REACHED("not all are there");
		CLAIM("refused as one is", rule == FFABI_E_SHORT || rule == FFABI_E_ALIGN);
		CLAIM("nothing is added", sum == pages);
		return;
	}
	CLAIM("no more than were asked for", run.count <= asked.count && run.at == asked.at);
	for (i = 0; i < run.count; i++) {
		watch(buffer, len);
		CLAIM("unpack accepts each of them",
		      ffabi_mem_constituent_unpack(&s, &src, run.at + (uint64_t)EACH * i, &one) ==
			      FFABI_OK);
		CLAIM("and reads the same",
		      one.address == out[i].address && one.page_count == out[i].page_count);
		pages += one.page_count;
	}
	CLAIM("the sum is that of their pages", sum == pages);
	if (run.count == asked.count) {
		REACHED("all of them");
		CLAIM("accepted", rule == FFABI_OK);
		return;
	}
	watch(buffer, len);
	CLAIM("unpack says the same of the next",
	      ffabi_mem_constituent_unpack(&s, &src, run.at + (uint64_t)EACH * run.count, &one) ==
		      rule);
	if (rule != FFABI_OK) {
		REACHED("refused");
		CLAIM("and blames the same",
		      c.err.rule == s.err.rule && c.err.field == s.err.field &&
			      c.err.at == s.err.at && c.err.value == s.err.value);
	} else {
		CLAIM("and reads the same of it",
		      one.address == out[run.count].address &&
			      one.page_count == out[run.count].page_count);
	}
}

/* ffabi_mem_constituent_scan_values; 9 constituents */
void prove_constituent_scan_values(void)
{
	struct ffabi_ctx c = any_known_context();
	struct ffabi_mem_constituent in[FOURS];
	uint64_t sum, pages = 0;
	uint32_t count, i;

	GIVEN(count <= FOURS);
	if (!ffabi_mem_constituent_scan_values(in, count, &sum)) {
		REACHED("not at first sight");
		return;
	}
	REACHED("good at first sight");
	for (i = 0; i < count; i++) {
		CLAIM("each of them is valid",
		      ffabi_mem_constituent_valid(&c, &in[i], 0) == FFABI_OK);
		pages += in[i].page_count;
	}
	CLAIM("the sum is that of the pages", sum == pages);
}

/* ffabi_mem_constituent_store_run; 9 constituents */
void prove_constituent_store_run(void)
{
	struct ffabi_ctx c = any_known_context();
	_Alignas(8) uint8_t run[FOURS * EACH], single[FOURS * EACH];
	const struct ffabi_dst dst = {single, sizeof(single)};
	struct ffabi_mem_constituent in[FOURS];
	uint32_t count, i;
	uint64_t k;

	GIVEN(count <= FOURS && k < FOURS * EACH);
	__CPROVER_array_copy(single, run);
	ffabi_mem_constituent_store_run(in, count, run);
	for (i = 0; i < count; i++)
		CLAIM("one can be stored",
		      ffabi_mem_constituent_store(&c, &in[i], &dst, (uint64_t)EACH * i) ==
			      FFABI_OK);
	REACHED("stored");
	CLAIM("the bytes of one after the other, and no others", run[k] == single[k]);
}
