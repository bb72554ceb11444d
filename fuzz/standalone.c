/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * A program for targets without libFuzzer: runs the files, and the files of the folders, that it is
 * given; those behind --sweep also with every head, with one byte changed, and cut off anywhere;
 * with none, standard input, in a persistent loop when AFL++ compiled it.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOST (1u << 20)
#define SWEPT 256u /* no longer inputs */

/* Of the head (fuzz/harness.h). */
#define WAIVERS 2u
#define OPTIONS 3u
#define NUMBER 4u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static uint8_t bytes[MOST];
static unsigned int count;
static int sweeping;

/* Exactly n bytes, so that the address sanitizer sees the end. */
static void run(size_t n)
{
	uint8_t *data = malloc(n + (n == 0));

	if (data == NULL)
		abort();
	memcpy(data, bytes, n);
	(void)LLVMFuzzerTestOneInput(data, n);
	free(data);
	count++;
}

/* One byte, of the head or of the rest, takes other values; waived: with all rules waived that can
 * be. */
static void sweep_byte(size_t n, size_t at, int waived)
{
	static const uint8_t values[] = {0, 1, 2, 3, 4, 5, 7, 8, 15, 16, 31, 32, 64, 127, 128, 255};
	const size_t count = at == OPTIONS || at == NUMBER ? 256 : sizeof(values) + 8;
	const uint8_t was = bytes[at], waivers = bytes[WAIVERS];

	if (waived)
		bytes[WAIVERS] = 0xff;
	for (size_t i = 0; i < count; i++) {
		if (count == 256)
			bytes[at] = (uint8_t)i;
		else
			bytes[at] =
				(uint8_t)(i < sizeof(values) ? values[i]
							     : was ^ 1u << (i - sizeof(values)));
		run(n);
	}
	bytes[WAIVERS] = waivers;
	bytes[at] = was;
}

static void sweep(size_t n)
{
	if (n > SWEPT)
		return;
	for (size_t at = 0; at < n; at++) {
		sweep_byte(n, at, 0);
		if (n > WAIVERS && at > OPTIONS)
			sweep_byte(n, at, 1);
	}
	for (size_t less = 0; less < n; less++)
		run(less);
}

static int run_file(const char *path)
{
	size_t n;

	FILE *in = fopen(path, "rb");

	if (in == NULL) {
		perror(path);
		return 0;
	}
	fprintf(stderr, "%s%c", path,
		isatty(2) ? '\r' : '\n'); /* the last one named is the one that fails */
	n = fread(bytes, 1, sizeof(bytes), in);
	fclose(in);
	run(n);
	if (sweeping)
		sweep(n);
	return 1;
}

static int is_input(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* In the order of the names: what fails first is the same everywhere. */
static int run_path(const char *path)
{
	struct dirent **entries;
	const int found = scandir(path, &entries, is_input, alphasort);
	int fine = 1;

	if (found < 0)
		return run_file(path);
	for (int i = 0; i < found; i++) {
		char name[4096];

		snprintf(name, sizeof(name), "%s/%s", path, entries[i]->d_name);
		fine &= run_file(name);
		free(entries[i]);
	}
	free(entries);
	return fine;
}

static void run_stdin(void)
{
	const ssize_t n = read(0, bytes, sizeof(bytes));

	run(n > 0 ? (size_t)n : 0);
}

int main(int argc, char **argv)
{
	int fine = 1;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--sweep") == 0)
			sweeping = 1;
		else
			fine &= run_path(argv[i]);
	}
	if (argc > 1) {
		printf("%u inputs\n", count);
		return fine ? 0 : 2;
	}
#ifdef __AFL_HAVE_MANUAL_CONTROL
	__AFL_INIT();
	while (__AFL_LOOP(10000))
		run_stdin();
#else
	run_stdin();
#endif
	return 0;
}
