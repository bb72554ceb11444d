/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * A program for targets without libFuzzer: runs the files, and the files of the folders, that it is given; with
 * none, standard input, in a persistent loop when AFL++ compiled it.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOST (1u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static uint8_t bytes[MOST];
static unsigned int count;

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

static int run_file(const char *path)
{
	FILE *in = fopen(path, "rb");

	if (in == NULL) {
		perror(path);
		return 0;
	}
	fprintf(stderr, "%s%c", path, isatty(2) ? '\r' : '\n'); /* the last one named is the one that fails */
	run(fread(bytes, 1, sizeof(bytes), in));
	fclose(in);
	return 1;
}

static int run_path(const char *path)
{
	DIR *folder = opendir(path);
	const struct dirent *entry;
	int fine = 1;

	if (folder == NULL)
		return run_file(path);
	while ((entry = readdir(folder)) != NULL) {
		char name[4096];

		if (entry->d_name[0] == '.')
			continue;
		snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
		fine &= run_file(name);
	}
	closedir(folder);
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

	for (int i = 1; i < argc; i++)
		fine &= run_path(argv[i]);
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
