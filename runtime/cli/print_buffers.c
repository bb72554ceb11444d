/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
#include "print_buffers.h"

#include <inttypes.h>
#include <string.h>

#include "print_table.h"

static void print_hex_line(FILE *out, const struct trace_buffer *b, size_t offset)
{
	const size_t left = b->count - offset;
	const size_t n = left < 16 ? left : 16;
	size_t i;

	fprintf(out, "    %04zx:", offset);
	for (i = 0; i < 16; i++) {
		if (i < n)
			fprintf(out, " %02x", b->bytes[offset + i]);
		else
			fputs("   ", out);
	}
	fputs("  ", out);
	for (i = 0; i < n; i++) {
		const int c = b->bytes[offset + i];

		fputc(c >= 0x20 && c < 0x7f ? c : '.', out);
	}
	fputc('\n', out);
}

static void print_hex(FILE *out, const struct trace_buffer *b)
{
	size_t offset;

	for (offset = 0; offset < b->count; offset += 16)
		print_hex_line(out, b, offset);
}

void print_hex_buffers(FILE *out, const struct trace_call *call)
{
	size_t i;

	for (i = 0; i < call->buffer_count; i++) {
		const struct trace_buffer *b = &call->buffers[i];

		fprintf(out, "  %s at 0x%" PRIx64 ", %" PRIu64 " bytes", b->kind, b->address,
			b->length);
		if (b->count < b->length)
			fprintf(out, " (the trace has %zu)", b->count);
		fputc('\n', out);
		print_hex(out, b);
	}
}

static void print_decoded(FILE *out, const struct trace_buffer *b, const struct decoded_buffer *d)
{
	fprintf(out, "  %s", b->kind);
	if (d->state != BUFFER_SAME && d->state != BUFFER_UNUSED && b->count < d->expected)
		fprintf(out, " (the trace has %zu of %" PRIu64 " bytes)", b->count, d->expected);
	fputs(": ", out);
	switch (d->state) {
	case BUFFER_DECODED:
		print_object(out, &d->object, 2);
		break;
	case BUFFER_SAME:
		fputs("the same as tx\n", out);
		break;
	case BUFFER_UNUSED:
		fputs("nothing is returned here\n", out);
		break;
	default:
		fputs(d->state == BUFFER_LOST
			      ? "a fragment of a transfer whose beginning is not known\n"
			      : "a fragment that does not begin with a constituent\n",
		      out);
		print_hex(out, b);
		break;
	}
}

void print_buffers(FILE *out, const struct decoded *d, int received)
{
	size_t i;

	for (i = 0; i < d->call->buffer_count; i++) {
		const struct trace_buffer *b = &d->call->buffers[i];

		if (d->buffers[i].state != BUFFER_UNKNOWN &&
		    (strcmp(b->kind, "rx") == 0) == (received != 0))
			print_decoded(out, b, &d->buffers[i]);
	}
}
