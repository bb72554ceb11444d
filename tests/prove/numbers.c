/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * Tables that turn numbers into numbers: whatever is asked.
 * unwind: 40
 */
#include <ffabi/legal.h>
#include <ffabi/status.h>
#include <prove.h>

/* ffabi_call_exists, ffabi_call_legal, ffabi_conv_of */
void prove_legal(void)
{
	enum ffabi_call call;
	uint32_t version;
	uint64_t fid;
	unsigned int instance, conduit;

	if (ffabi_call_exists(call, version, ffabi_conv_of(fid))) {
		REACHED("there");
		CLAIM("a call of a known version", (unsigned int)call < FFABI_CALL_COUNT &&
							   version >= FFABI_V1_0 &&
							   version <= FFABI_V1_3);
	}
	if (ffabi_call_legal(call, instance, conduit)) {
		REACHED("legal");
		CLAIM("a call", (unsigned int)call < FFABI_CALL_COUNT);
		CLAIM("what is not asked decides nothing",
		      ffabi_call_legal(call, 0, conduit) && ffabi_call_legal(call, instance, 0));
	} else {
		REACHED("not legal");
	}
}

/* ffabi_status_of_violation, ffabi_linux_errno, ffabi_u_boot_errno */
void prove_status_numbers(void)
{
	struct ffabi_violation err;
	enum ffabi_call call;
	int32_t status;
	const enum ffabi_status answer = ffabi_status_of_violation(call, &err);
	const int32_t in_linux = ffabi_linux_errno(status);
	const int32_t in_u_boot = ffabi_u_boot_errno(status);

	CLAIM("an error, when something was refused", err.rule == FFABI_OK || err.rule == FFABI_END
							      ? answer == FFABI_STATUS_SUCCESS
							      : answer < 0);
	CLAIM("only success is success",
	      (in_linux == 0) == (status == 0) && (in_u_boot == 0) == (status == 0));
	CLAIM("an error number below zero",
	      in_linux <= 0 && in_linux > -4096 && in_u_boot <= 0 && in_u_boot > -4096);
	if (answer < 0)
		REACHED("an error");
}
