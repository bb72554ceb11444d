/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Asks one mutant after the other, each in a process of its own, since a mutant may read astray or
 * never end.  Standard input has a line for each: NUMBER QUESTIONS ANSWERS, two files.  A mutant is
 * killed by the first answer that differs, or by not answering at all.  The driver's own main
 * is compiled as driver_main.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

int driver_main(void);

long mutant;

static void answer(const char *questions, int to)
{
	const struct rlimit seconds = {2, 2};
	const struct rlimit no_core = {0, 0};
	const int from = open(questions, O_RDONLY);
	const int nowhere = open("/dev/null", O_WRONLY);

	setrlimit(RLIMIT_CPU, &seconds);
	setrlimit(RLIMIT_CORE, &no_core);
	dup2(from, 0);
	dup2(to, 1);
	dup2(nowhere, 2);
	exit(driver_main());
}

/* 1 when what comes is what was expected, to the last byte. */
static int same(int from, const char *expected, size_t len)
{
	static char got[1 << 16];
	size_t at = 0;
	ssize_t n;

	while ((n = read(from, got, sizeof(got))) > 0) {
		if ((size_t)n > len - at || memcmp(got, expected + at, (size_t)n) != 0)
			return 0;
		at += (size_t)n;
	}
	return at == len;
}

static int survives(const char *questions, const char *answers)
{
	const int file = open(answers, O_RDONLY);
	struct stat is;
	char *expected;
	int ends[2];
	int status;
	int alive;
	pid_t child;

	if (file < 0 || fstat(file, &is) != 0 || is.st_size == 0 || pipe(ends) != 0)
		exit(2);
	expected = mmap(NULL, (size_t)is.st_size, PROT_READ, MAP_PRIVATE, file, 0);
	close(file);
	child = fork();
	if (child == 0) {
		close(ends[0]);
		answer(questions, ends[1]);
	}
	close(ends[1]);
	alive = same(ends[0], expected, (size_t)is.st_size);
	close(ends[0]);
	if (!alive)
		kill(child, SIGKILL);
	waitpid(child, &status, 0);
	munmap(expected, (size_t)is.st_size);
	return alive && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int main(void)
{
	static char line[4096];
	static char questions[2048];
	static char answers[2048];
	FILE *jobs =
		fdopen(dup(0), "r"); /* the driver reads stdin: nothing may be buffered there */

	while (fgets(line, sizeof(line), jobs) != NULL) {
		if (sscanf(line, "%ld %2047s %2047s", &mutant, questions, answers) != 3)
			return 2;
		printf("%ld %s\n", mutant, survives(questions, answers) ? "survives" : "killed");
		fflush(stdout);
	}
	return 0;
}
