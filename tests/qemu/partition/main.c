/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/*
 * The partitions of ../firmware as one image at S-EL1, for a partition manager that is
 * not ours: services of the TEE, and an echo of every other message.
 */
#include <ffabi/request.h>

#include "../console.h"
#include "../firmware/firmware.h"
#include "../firmware/partition.h"
#include "../firmware/tee_message.h"

#define WRITE(name, value) __asm__ volatile("msr " name ", %0" ::"r"((uint64_t)(value)))
#define BLOCK_DEVICE 0x0060000000000401ull
#define BLOCK_NORMAL 0x705ull
#define NON_SECURE 0x0060000000000020ull /* and never executed */
/* Secure memory of the virt machine. */
#define SECURE_START 0x0e000000ull
#define SECURE_END 0x0f000000ull

static uint64_t gigabytes[512] __attribute__((aligned(4096)));
static uint64_t blocks[512] __attribute__((aligned(4096)));
static uint8_t buffers[2][PARTITION_BUFFER] __attribute__((aligned(65536)));

void partition_main(void);

void firmware_broken(const char *what)
{
	say("FAIL partition: ");
	say(what);
	say("\n");
	leave(1);
}

/* Devices and secure memory in 2 MiB blocks; memory of the normal world in 1 GiB blocks. */
static void map_memory(void)
{
	uint64_t address;
	uint64_t i;

	for (i = 0; i < 512; i++) {
		address = i << 21;
		blocks[i] =
			address | (address >= SECURE_START && address < SECURE_END ? BLOCK_NORMAL
										   : BLOCK_DEVICE);
	}
	gigabytes[0] = (uint64_t)blocks | 3;
	for (i = 1; i < 4; i++)
		gigabytes[i] = i << 30 | BLOCK_NORMAL | NON_SECURE;
	WRITE("mair_el1", 0xff00);
	WRITE("tcr_el1", 0x200803519ull); /* 39 bits, 4 KiB pages */
	WRITE("ttbr0_el1", gigabytes);
	__asm__ volatile("dsb sy\n\tisb");
	WRITE("sctlr_el1", 0x30d00800ull | 1u << 12 | 1u << 2 | 1u);
	__asm__ volatile("isb");
}

static int is_service(const struct ffabi_regs *regs)
{
	const uint32_t word = (uint32_t)regs->x[3];

	return word <= TEE_UNREGISTER_SHM || word == TEE_CALL_WITH_ARG;
}

/* Nothing here gives it cycles without a message. */
static int is_message(const struct ffabi_regs *regs)
{
	const uint32_t fn = (uint32_t)regs->x[0] & ~(uint32_t)FFABI_SMC64;

	return fn == FFABI_FN_MSG_SEND_DIRECT_REQ || fn == FFABI_FN_MSG_SEND_DIRECT_REQ2;
}

void partition_main(void)
{
	const struct ffabi_msg_wait wait = {0};
	const struct ffabi_conduit smc = {ffabi_smc, 0};
	struct partition p = {
		/* managers leave words of the last call in unused registers */
		.ctx = {.version = FFABI_V1_1, .waive = FFABI_AS_SPECIFIED | FFABI_WAIVE_MBZ},
		.id = 0x8001,
		.tx = buffers[0],
		.rx = buffers[1],
		.size = FFABI_PAGE_SIZE,
	};
	struct ffabi_regs regs;

	map_memory();
	ffabi_caller_init(&p.k, &smc);
	if (!partition_start(&p))
		firmware_broken("the manager refuses its version or its buffers");
	say("ok partition: version and buffers were accepted\n");
	if (ffabi_msg_wait_pack(&p.ctx, FFABI_SMC32, &wait, &regs) != FFABI_OK)
		firmware_broken("FFA_MSG_WAIT cannot be packed");
	for (;;) {
		ffabi_smc(0, &regs);
		if (!is_message(&regs))
			firmware_broken("it was entered with something else than a message");
		if (is_service(&regs))
			tee_run(&p, &regs);
		else
			echo_run(&p, &regs);
	}
}
