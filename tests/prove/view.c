/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Checked views of memory transactions: what ffabi_mem_check() lets through, its accessors
 * read without fail.
 * unwind: 4 check_access.0:3 new_endpoint.0:2 next_apart.0:2
 */
#include <bytes.h>
#include <ffabi/transaction.h>

#define ROOM 96

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

/* The accessors of a view read what the codecs, which accept them, read of its bytes. */
static void see(const struct ffabi_mem_view *v, uint32_t i, uint32_t j)
{
	struct ffabi_ctx c = v->ctx;
	struct ffabi_mem_access access, its;
	struct ffabi_mem_constituent range, codecs;

	if (i < v->places.access_count) {
		REACHED("an access descriptor");
		ffabi_mem_view_access(v, i, &access);
		c.version = v->places.access_layout;
		CLAIM("the codec accepts the access descriptor",
		      ffabi_mem_access_unpack(&c, v->usage, &v->src,
					      v->places.access +
						      (uint64_t)v->places.access_size * i,
					      &its) == FFABI_OK);
		CLAIM("its values are seen",
		      access.endpoint_id == its.endpoint_id && access.flags == its.flags &&
			      access.data_access == its.data_access &&
			      access.instruction_access == its.instruction_access &&
			      access.composite_offset == its.composite_offset);
		CLAIM("it names the composite descriptor",
		      access.composite_offset == v->places.composite);
	}
	if (j < v->ranges_here) {
		REACHED("a constituent");
		ffabi_mem_view_range(v, j, &range);
		c.version = v->ctx.version;
		CLAIM("the codec accepts the constituent",
		      ffabi_mem_constituent_unpack(&c, &v->src,
						   v->places.ranges +
							   (uint64_t)FFABI_MEM_CONSTITUENT_SIZE * j,
						   &codecs) == FFABI_OK);
		CLAIM("its values are seen too",
		      range.address == codecs.address && range.page_count == codecs.page_count);
	}
}

/* ffabi_mem_check, ffabi_mem_view_access, ffabi_mem_view_range; 2 access descriptors, 2 ranges,
 * buffer up to 96 bytes */
void prove_mem_view(void)
{
	struct ffabi_ctx c = any_context(), s = c;
	_Alignas(8) uint8_t buffer[ROOM];
	struct ffabi_src src = {buffer, 0};
	const enum ffabi_usage usage = any_usage();
	struct ffabi_mem_length length;
	struct ffabi_mem_limits limits;
	struct ffabi_mem_transaction header;
	struct ffabi_mem_cursor cur;
	struct ffabi_mem_view view;
	enum ffabi_rule rule;
	uint64_t len;
	uint32_t i, j;

	GIVEN(len <= ROOM);
	src.len = len;
	inside(buffer, length.fragment < len ? length.fragment : len);
	GIVEN(ffabi_mem_open(&s, usage, &src, &length, &cur, &header) != FFABI_OK ||
	      header.access_count <= 2);
	rule = ffabi_mem_check(&c, usage, &src, &length, &limits, &view);
	CLAIM("version, waivers and instance stay",
	      c.version == s.version && c.waive == s.waive && c.instance == s.instance);
	if (rule != FFABI_OK) {
		REACHED("refused");
		CLAIM("the rule is named", c.err.rule == rule);
		return;
	}
	REACHED("accepted");
	CLAIM("the fragment is here", length.fragment <= len && length.fragment <= length.total &&
					      view.src.base == buffer &&
					      view.src.len == length.fragment);
	CLAIM("ranges are those of a composite descriptor",
	      view.ranges_here <= view.composite.address_range_count &&
		      (view.places.composite != 0 || view.ranges_here == 0));
	see(&view, i, j);
}
