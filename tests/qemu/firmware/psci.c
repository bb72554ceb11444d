/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
#include "psci.h"

#include <ffabi/calls.h>

#include "../console.h"
#include "firmware.h"

enum {
	SMCCC_VERSION = 0x80000000,
	PSCI_VERSION = 0x84000000,
	PSCI_MIGRATE_INFO_TYPE = 0x84000006,
	PSCI_SYSTEM_OFF = 0x84000008,
	PSCI_SYSTEM_RESET = 0x84000009,
	PSCI_FEATURES = 0x8400000a
};
#define NOT_SUPPORTED (~0ull)

static uint64_t features(uint32_t asked)
{
	switch (asked) {
	case SMCCC_VERSION:
	case PSCI_VERSION:
	case PSCI_MIGRATE_INFO_TYPE:
	case PSCI_SYSTEM_OFF:
	case PSCI_SYSTEM_RESET:
	case PSCI_FEATURES:
		return 0;
	default:
		return NOT_SUPPORTED;
	}
}

int psci_call(uint64_t *x)
{
	const uint32_t fid = (uint32_t)x[0];
	const uint32_t fn = fid & ~(uint32_t)FFABI_SMC64;

	switch (fid) {
	case SMCCC_VERSION:
		x[0] = 0x10002;
		return 1;
	case PSCI_VERSION:
		x[0] = 0x10001;
		return 1;
	case PSCI_MIGRATE_INFO_TYPE:
		x[0] = 2; /* nothing to migrate */
		return 1;
	case PSCI_FEATURES:
		x[0] = features((uint32_t)x[1]);
		return 1;
	case PSCI_SYSTEM_OFF:
		firmware_end();
	case PSCI_SYSTEM_RESET:
		say("FAIL the payload asked for a reset\n");
		firmware_end();
	default:
		if (fn >= FFABI_FN_FIRST && fn <= FFABI_FN_LAST)
			return 0;
		x[0] = NOT_SUPPORTED;
		return 1;
	}
}
