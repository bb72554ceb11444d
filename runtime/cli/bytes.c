/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
#include "bytes.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "registers.h"

static void append(struct bytes *b, uint8_t byte)
{
	b->data = make_room(b->data, b->count, &b->capacity, 1);
	b->data[b->count++] = byte;
}

static int read_all(struct report *r, FILE *in, struct bytes *out)
{
	uint8_t block[4096];
	size_t n;
	size_t i;

	errno = 0;
	while ((n = fread(block, 1, sizeof(block), in)) > 0) {
		for (i = 0; i < n; i++)
			append(out, block[i]);
	}
	if (ferror(in))
		report_trouble(r, 0, "%s", errno != 0 ? strerror(errno) : "read error");
	return !ferror(in);
}

static int read_file(struct report *r, const char *file, struct bytes *out)
{
	FILE *in;
	int fine;

	if (strcmp(file, "-") == 0)
		return read_all(r, stdin, out);
	in = fopen(file, "rb");
	if (in == NULL) {
		report_trouble(r, 0, "%s", strerror(errno));
		return 0;
	}
	fine = read_all(r, in, out);
	fclose(in);
	return fine;
}

/* Descriptors hold bytes that no text has; comments may be in any language. */
static int is_text(const struct bytes *b)
{
	int in_comment = 0;
	size_t i;

	for (i = 0; i < b->count; i++) {
		const uint8_t c = b->data[i];

		if (c == '#' || c == '\n')
			in_comment = c == '#' || (in_comment && c != '\n');
		if ((c < 0x20 && (c < '\t' || c > '\r')) || (c >= 0x7f && !in_comment))
			return 0;
	}
	return 1;
}

struct hex {
	struct report *report;
	struct bytes *out;
	size_t line;
};

/* "2f00": two bytes, in this order */
static int parse_pairs(const struct hex *h, const char *word)
{
	char pair[3] = "";
	uint64_t byte;
	size_t i;

	for (i = 0; word[i] != '\0'; i += 2) {
		memcpy(pair, word + i, word[i + 1] != '\0' ? 2 : 1);
		if (strspn(pair, "0123456789abcdefABCDEF") != strlen(pair)) {
			report_trouble(h->report, h->line, "'%.40s' is not hexadecimal", word);
			return 0;
		}
		if (word[i + 1] == '\0') {
			report_trouble(h->report, h->line,
				       "'%.40s' has an odd number of digits; a byte has two", word);
			return 0;
		}
		parse_hex(pair, &byte);
		append(h->out, (uint8_t)byte);
	}
	return 1;
}

/* "0010:" is where the bytes behind it belong. */
static int check_offset(const struct hex *h, char *word)
{
	uint64_t offset;

	word[strlen(word) - 1] = '\0';
	if (parse_hex(word, &offset) && offset == h->out->count)
		return 1;
	report_trouble(h->report, h->line, "offset '%.40s', expected %04zx", word, h->out->count);
	return 0;
}

static int parse_hex_line(const struct hex *h, char *line)
{
	char *word;
	int first = 1;

	line[strcspn(line, "#")] = '\0';
	for (word = line; *word != '\0'; word++) {
		if (*word >= '\t' && *word <= '\r')
			*word = ' ';
	}
	while ((word = next_word(&line)) != NULL) {
		const int is_offset = first && word[strlen(word) - 1] == ':';

		first = 0;
		if (is_offset ? !check_offset(h, word) : !parse_pairs(h, word))
			return 0;
	}
	return 1;
}

static int parse_text(struct report *r, char *text, struct bytes *out)
{
	struct hex h = {r, out, 0};

	while (text != NULL) {
		char *end = strchr(text, '\n');

		h.line++;
		if (end != NULL)
			*end++ = '\0';
		if (!parse_hex_line(&h, text))
			return 0;
		text = end;
	}
	return 1;
}

int load_bytes(struct report *r, const char *file, struct bytes *out)
{
	struct bytes text = {NULL, 0, 0};
	int fine;

	memset(out, 0, sizeof(*out));
	if (!read_file(r, file, out))
		return 0;
	if (is_text(out)) {
		text = *out;
		memset(out, 0, sizeof(*out));
		append(&text, '\0');
		fine = parse_text(r, (char *)text.data, out);
		free(text.data);
		if (!fine)
			return 0;
	}
	if (out->count == 0)
		report_trouble(r, 0, "there are no bytes");
	return out->count != 0;
}

void release_bytes(struct bytes *b)
{
	free(b->data);
}
