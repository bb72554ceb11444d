/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Checked views of memory transactions: what ffabi_mem_check() lets through, its accessors
 * read without fail.
 * unwind: 7
 */
#include <bytes.h>
#include <ffabi/transaction.h>

/* One access descriptor, a composite descriptor and one range in every version; more of one in
 * some. */
#define ROOM 112

static enum ffabi_usage any_usage(void)
{
	unsigned int any;

	GIVEN(any == FFABI_USAGE_SHARE || any == FFABI_USAGE_LEND || any == FFABI_USAGE_DONATE ||
	      any == FFABI_USAGE_RETRIEVE_REQ || any == FFABI_USAGE_RETRIEVE_RESP ||
	      any == FFABI_USAGE_HYP_RETRIEVE_REQ);
	return (enum ffabi_usage)any;
}

/* Check may look at a byte again, for its bytes are private: none is watched. */
static void inside(const uint8_t *base, uint64_t len)
{
	watch(base, len);
	watched_byte = UINT64_MAX;
}

struct checked {
	enum ffabi_rule rule;
	uint64_t len;
	struct ffabi_mem_length length;
	struct ffabi_mem_view view;
};

static void check_any(struct ffabi_ctx *c, const uint8_t *buffer, struct checked *out)
{
	struct ffabi_src src = {buffer, 0};
	struct ffabi_mem_limits limits;
	uint64_t len;

	GIVEN(len <= ROOM);
	src.len = len;
	out->len = len;
	inside(buffer, out->length.fragment < len ? out->length.fragment : len);
	out->rule = ffabi_mem_check(c, any_usage(), &src, &out->length, &limits, &out->view);
}

/* ffabi_mem_check; buffer up to 112 bytes */
void prove_mem_check(void)
{
	struct ffabi_ctx c = any_context(), s = c;
	_Alignas(8) uint8_t buffer[ROOM];
	struct checked is;

	check_any(&c, buffer, &is);
	CLAIM("version, waivers and instance stay",
	      c.version == s.version && c.waive == s.waive && c.instance == s.instance);
	if (is.rule != FFABI_OK) {
		REACHED("refused");
		CLAIM("the rule is named", c.err.rule == is.rule);
		return;
	}
	REACHED("accepted");
	CLAIM("the fragment is here", is.length.fragment <= is.len &&
					      is.length.fragment <= is.length.total &&
					      is.view.src.len == is.length.fragment);
	CLAIM("ranges are those of a composite descriptor",
	      is.view.ranges_here <= is.view.composite.address_range_count &&
		      (is.view.places.composite != 0 || is.view.ranges_here == 0));
}

/* ffabi_mem_view_access, after ffabi_mem_check; buffer up to 112 bytes */
void prove_mem_view_access(void)
{
	struct ffabi_ctx c = any_context();
	_Alignas(8) uint8_t buffer[ROOM];
	struct ffabi_mem_access seen, codecs;
	struct checked is;
	uint32_t i;

	check_any(&c, buffer, &is);
	GIVEN(is.rule == FFABI_OK && i < is.view.places.access_count);
	REACHED("an access descriptor");
	watch(buffer, is.length.fragment);
	ffabi_mem_view_access(&is.view, i, &seen);
	c.version = is.view.places.access_layout;
	watch(buffer, is.length.fragment);
	CLAIM("the codec accepts it",
	      ffabi_mem_access_unpack(&c, is.view.usage, &is.view.src,
				      is.view.places.access +
					      (uint64_t)is.view.places.access_size * i,
				      &codecs) == FFABI_OK);
	CLAIM("its values are seen", seen.endpoint_id == codecs.endpoint_id &&
					     seen.data_access == codecs.data_access &&
					     seen.instruction_access == codecs.instruction_access &&
					     seen.flags == codecs.flags &&
					     seen.composite_offset == codecs.composite_offset);
	CLAIM("it names the composite descriptor",
	      seen.composite_offset == is.view.places.composite);
}

/* ffabi_mem_view_range, after ffabi_mem_check; buffer up to 112 bytes */
void prove_mem_view_range(void)
{
	struct ffabi_ctx c = any_context();
	_Alignas(8) uint8_t buffer[ROOM];
	struct ffabi_mem_constituent seen, codecs;
	struct checked is;
	uint32_t i;

	check_any(&c, buffer, &is);
	GIVEN(is.rule == FFABI_OK && i < is.view.ranges_here);
	REACHED("a constituent");
	watch(buffer, is.length.fragment);
	ffabi_mem_view_range(&is.view, i, &seen);
	watch(buffer, is.length.fragment);
	CLAIM("the codec accepts it",
	      ffabi_mem_constituent_unpack(&c, &is.view.src,
					   is.view.places.ranges +
						   (uint64_t)FFABI_MEM_CONSTITUENT_SIZE * i,
					   &codecs) == FFABI_OK);
	CLAIM("its values are seen",
	      seen.address == codecs.address && seen.page_count == codecs.page_count);
}
