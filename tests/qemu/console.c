/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
#include "console.h"

/* Operations of Arm's semihosting interface (Semihosting for AArch32 and AArch64, 2.0). */
enum {
	SYS_OPEN = 0x01,
	SYS_CLOSE = 0x02,
	SYS_WRITE = 0x05,
	SYS_GET_CMDLINE = 0x15,
	SYS_EXIT_EXTENDED = 0x20
};
enum {
	OPEN_WB = 5
};
static const uint64_t application_exit = 0x20026;

/* PL011 of the virt machine; QEMU takes characters at any time. */
static volatile uint32_t *const uart_data = (volatile uint32_t *)0x09000000;

static int64_t semihost(uint64_t operation, const void *arguments)
{
	register uint64_t x0 __asm__("x0") = operation;
	register const void *x1 __asm__("x1") = arguments;

	__asm__ volatile("hlt #0xf000" : "+r"(x0) : "r"(x1) : "memory");
	return (int64_t)x0;
}

void say(const char *text)
{
	while (*text != '\0')
		*uart_data = (uint32_t)(unsigned char)*text++;
}

static void say_digit(uint64_t value)
{
	const char text[2] = {"0123456789abcdef"[value & 15], '\0'};

	say(text);
}

void say_hex(uint64_t value)
{
	int shift;

	say("0x");
	for (shift = 60; shift >= 0; shift -= 4)
		say_digit(value >> shift);
}

void say_decimal(uint64_t value)
{
	char text[21];
	char *p = text + sizeof(text) - 1;

	*p = '\0';
	do {
		*--p = (char)('0' + value % 10);
		value /= 10;
	} while (value != 0);
	say(p);
}

void leave(int status)
{
	const uint64_t block[2] = {application_exit, (uint64_t)status};

	for (;;)
		semihost(SYS_EXIT_EXTENDED, block);
}

void image_lost(uint64_t syndrome, uint64_t where, uint64_t address)
{
	say("FAIL exception, syndrome ");
	say_hex(syndrome);
	say(" at ");
	say_hex(where);
	say(" for ");
	say_hex(address);
	say("\n");
	leave(1);
}

static uint64_t length_of(const char *text)
{
	uint64_t n = 0;

	while (text[n] != '\0')
		n++;
	return n;
}

int64_t host_create(const char *name)
{
	const uint64_t block[3] = {(uint64_t)name, OPEN_WB, length_of(name)};

	return semihost(SYS_OPEN, block);
}

void host_write(int64_t file, const char *bytes, uint64_t count)
{
	const uint64_t block[3] = {(uint64_t)file, (uint64_t)bytes, count};

	semihost(SYS_WRITE, block);
}

void host_close(int64_t file)
{
	const uint64_t block[1] = {(uint64_t)file};

	semihost(SYS_CLOSE, block);
}

int host_arguments(char *room, uint64_t size)
{
	uint64_t block[2];

	block[0] = (uint64_t)room;
	block[1] = size;
	return semihost(SYS_GET_CMDLINE, block) == 0;
}
