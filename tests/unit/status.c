/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Error codes: their names, and what they mean in a call.  A text is never null, and
 * what a call does not say of a code is what the code means anywhere.  r133, r137,
 * r158, r164: the numbers.
 */
#include <ffabi/calls.h>
#include <ffabi/text.h>

#include "check.h"

#define MEM_SHARE 0x84000073
#define MEM_SHARE_64 0xc4000073
#define NOTIFICATION_INFO_GET 0x84000083
#define UNKNOWN 0x840000ff

static const char *const names[] = {
	"SUCCESS",   "NOT_SUPPORTED", "INVALID_PARAMETERS",
	"NO_MEMORY", "BUSY",	      "INTERRUPTED",
	"DENIED",    "RETRY",	      "ABORTED",
	"NO_DATA",   "NOT_READY",
};

static const int32_t no_codes[] = {1,	 2,    10,     256,	  -11,	     -12,
				   -256, -257, -65536, INT32_MAX, INT32_MIN, INT32_MIN + 1};

static void test_names(void)
{
	unsigned int i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		CHECK(same(ffabi_status_name(-(int32_t)i), names[i]));
	for (i = 0; i < sizeof(no_codes) / sizeof(no_codes[0]); i++)
		CHECK(ffabi_status_name(no_codes[i]) == NULL);
	CHECK(FFABI_STATUS_NOT_SUPPORTED == -1 && FFABI_STATUS_INVALID_PARAMETERS == -2 &&
	      FFABI_STATUS_NO_MEMORY == -3);
	CHECK(FFABI_STATUS_BUSY == -4 && FFABI_STATUS_INTERRUPTED == -5 &&
	      FFABI_STATUS_DENIED == -6 && FFABI_STATUS_RETRY == -7);
	CHECK(FFABI_STATUS_ABORTED == -8 && FFABI_STATUS_NO_DATA == -9 &&
	      FFABI_STATUS_NOT_READY == -10);
}

/* FFA_VERSION has other numbers: -3 is not NO_MEMORY there. */
static void test_smccc_names(void)
{
	CHECK(same(ffabi_smccc_status_name(-1), "SMCCC_NOT_SUPPORTED"));
	CHECK(same(ffabi_smccc_status_name(-3), "SMCCC_INVALID_PARAMETER"));
	CHECK(ffabi_smccc_status_name(-2) ==
	      NULL); /* NOT_REQUIRED: never an answer to FFA_VERSION */
	CHECK(ffabi_smccc_status_name(-4) == NULL);
	CHECK(ffabi_smccc_status_name(1) == NULL);
	CHECK(ffabi_smccc_status_name(INT32_MIN) == NULL);
	CHECK(FFABI_SMCCC_NOT_SUPPORTED == -1 && FFABI_SMCCC_INVALID_PARAMETER == -3);
}

static void test_texts(void)
{
	static const char none[] = "not an error code of FF-A";
	unsigned int i;
	uint32_t n;
	int32_t code;

	for (n = 0x50; n < 0x100; n++) {
		for (code = -12; code <= 2; code++) {
			const char *text = ffabi_status_text(0x84000000 + n, code);

			CHECK(text != NULL && text[0] != '\0');
			CHECK(text == ffabi_status_text(0xc4000000 + n, code));
		}
	}
	for (i = 0; i < sizeof(no_codes) / sizeof(no_codes[0]); i++) {
		CHECK(same(ffabi_status_text(MEM_SHARE, no_codes[i]), none));
		CHECK(same(ffabi_status_text(UNKNOWN, no_codes[i]), none));
	}
	/* each code means something else */
	for (code = -10; code <= 0; code++) {
		const char *general = ffabi_status_text(UNKNOWN, code);

		CHECK(!same(general, none));
		CHECK(!same(general, ffabi_status_text(UNKNOWN, code + 1)));
	}
	/* a call that says more than the code does, in both conventions */
	CHECK(!same(ffabi_status_text(MEM_SHARE, -2), ffabi_status_text(UNKNOWN, -2)));
	CHECK(strstr(ffabi_status_text(MEM_SHARE, -2), "descriptor") != NULL);
	CHECK(same(ffabi_status_text(MEM_SHARE, -2), ffabi_status_text(MEM_SHARE_64, -2)));
	CHECK(strstr(ffabi_status_text(NOTIFICATION_INFO_GET, -9), "notification") != NULL);
	/* and one that says nothing of it */
	CHECK(same(ffabi_status_text(MEM_SHARE, -9), ffabi_status_text(UNKNOWN, -9)));
	CHECK(same(ffabi_status_text(NOTIFICATION_INFO_GET, -7), ffabi_status_text(UNKNOWN, -7)));
}

int main(void)
{
	test_names();
	test_smccc_names();
	test_texts();
	return done();
}
