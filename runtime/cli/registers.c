/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
#include "registers.h"

#include <string.h>

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

int parse_hex(const char *text, uint64_t *value)
{
	uint64_t sum = 0;
	int after_digit = 0;

	if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X'))
		text += 2;
	for (; *text != '\0'; text++) {
		const int digit = digit_value(*text);

		if (*text == '_' && after_digit) {
			after_digit = 0;
			continue;
		}
		if (digit < 0 || sum >> 60 != 0)
			return 0;
		sum = sum << 4 | (uint64_t)digit;
		after_digit = 1;
	}
	*value = sum;
	return after_digit;
}

int parse_decimal(const char *text, uint64_t *value)
{
	uint64_t sum = 0;

	if (*text == '\0')
		return 0;
	for (; *text != '\0'; text++) {
		const int digit = digit_value(*text);

		if (digit < 0 || digit > 9 || sum > (UINT64_MAX - 9) / 10)
			return 0;
		sum = sum * 10 + (uint64_t)digit;
	}
	*value = sum;
	return 1;
}

char *next_word(char **rest)
{
	char *word = *rest + strspn(*rest, " \t");
	char *end = word + strcspn(word, " \t");

	if (*word == '\0')
		return NULL;
	*rest = *end == '\0' ? end : end + 1;
	*end = '\0';
	return word;
}

/* "x12=" or "w12=": the number, and where the value starts. */
static int parse_register_name(const char *word, uint64_t *number, const char **value)
{
	const char *equals = strchr(word, '=');
	char digits[3] = "";
	size_t length;

	if (equals == NULL || (word[0] != 'x' && word[0] != 'w'))
		return 0;
	length = (size_t)(equals - word) - 1;
	if (length == 0 || length >= sizeof(digits))
		return 0;
	memcpy(digits, word + 1, length);
	*value = equals + 1;
	return parse_decimal(digits, number) && *number < REGISTER_COUNT;
}

int parse_register(struct report *r, size_t line, const char *word, struct register_set *set)
{
	const char *text = word;
	uint64_t number = set->bare;
	uint64_t value = 0;
	int is_w = 0;

	if (strchr(word, '=') == NULL) {
		if (set->bare++ >= REGISTER_COUNT) {
			report_trouble(r, line, "more than %u words", REGISTER_COUNT);
			return 0;
		}
	} else if (parse_register_name(word, &number, &text)) {
		is_w = word[0] == 'w';
	} else {
		report_trouble(r, line, "'%s' is no register: expected x0=HEX to x17=HEX", word);
		return 0;
	}
	if (!parse_hex(text, &value)) {
		report_trouble(r, line, "'%s' is no hexadecimal number of 64 bits", word);
		return 0;
	}
	if (is_w && value > UINT32_MAX) {
		report_trouble(r, line, "'%s' does not fit a w register; write x%u", word,
			       (unsigned int)number);
		return 0;
	}
	if ((set->given & 1u << number) != 0) {
		report_trouble(r, line, "x%u is given twice", (unsigned int)number);
		return 0;
	}
	set->given |= 1u << number;
	set->regs.x[number] = value;
	return 1;
}

int parse_register_line(struct report *r, size_t line, char *words, struct register_set *set)
{
	const char *word;
	unsigned int i;

	memset(set, 0, sizeof(*set));
	while ((word = next_word(&words)) != NULL) {
		if (!parse_register(r, line, word, set))
			return 0;
	}
	if ((set->given & X0_TO_X7) == X0_TO_X7)
		return 1;
	for (i = 0; (set->given >> i & 1) != 0; i++)
		;
	report_trouble(r, line, "too few registers: x%u is missing (x0 to x7 are required)", i);
	return 0;
}
