/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
#include "../console.h"
#include "firmware.h"
#include "level.h"
#include "manager.h"
#include "psci.h"
#include "record.h"

void firmware_main(void);
void firmware_called(uint64_t *x, uint64_t syndrome);

static void end(void) __attribute__((noreturn));
static void end(void)
{
	record_close();
	say("end\n");
	leave(0);
}

void firmware_end(void)
{
	say(manager_settled() ? "ok " : "FAIL ");
	say("firmware: no memory is shared but what was expected, and every invariant holds at the "
	    "end\n");
	end();
}

void firmware_broken(const char *what)
{
	say("FAIL firmware: ");
	say(what);
	say("\n");
	end();
}

/* A function that is not PSCI's is ffabi's, which has an answer to unknown ones too. */
void firmware_called(uint64_t *x, uint64_t syndrome)
{
	const uint8_t conduit = level_conduit(syndrome);
	struct ffabi_regs regs;
	uint32_t i;

	if (conduit == 0)
		image_lost(syndrome, 0, 0);
	if (psci_call(x))
		return;
	for (i = 0; i < 18; i++)
		regs.x[i] = x[i];
	manager_call(&regs, conduit);
	for (i = 0; i < 18; i++)
		x[i] = regs.x[i];
}

void firmware_main(void)
{
	struct options options;

	level_prepare();
	if (!options_read(&options))
		leave(1);
	if (!record_open(options.trace))
		firmware_broken("the host cannot create the file of the trace");
	if (!manager_start(&options))
		firmware_broken("the tables of partitions contradict each other, or a fault cannot "
				"be injected");
	level_enter(options.entry, options.argument);
}
