/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
#include "level.h"

#include <ffabi/calls.h>

#define TEXT_1(x) #x
#define TEXT(x) TEXT_1(x)
#define EL TEXT(TOP)
#define WRITE(name, value) __asm__ volatile("msr " name ", %0" ::"r"((uint64_t)(value)))
#define READ(name, to) __asm__ volatile("mrs %0, " name : "=r"(to))

/* Bits of HCR_EL2, SCR_EL3 and SCTLR. */
#define HCR_TSC (1ull << 19)
#define HCR_RW (1ull << 31)
#define SCR_NS 1ull
#define SCR_RES1 (3ull << 4)
#define SCR_HCE (1ull << 8)
#define SCR_RW (1ull << 10)
#define SCTLR_M 1ull
#define SCTLR_C (1ull << 2)
#define SCTLR_I (1ull << 12)
#define SCTLR_RES1 0x30c50830ull
#define SCTLR_EL1_RES1 0x30d00800ull

/* ESR.EC */
enum {
	CLASS_HVC = 0x16,
	CLASS_SMC = 0x17
};

/* SPSR: interrupts masked, and the level. */
enum {
	AT_EL1 = 0x3c5,
	AT_EL2 = 0x3c9
};

void enter(uint64_t entry, uint64_t argument, uint64_t spsr) __attribute__((noreturn));

static uint64_t translation[512] __attribute__((aligned(4096)));

/* 39 bits of addresses in 1 GiB blocks: devices in the first, memory in the next ones. */
static void map_memory(void)
{
	uint64_t i;

	translation[0] = 0x0040000000000401ull;
	for (i = 1; i < 4; i++)
		translation[i] = i << 30 | 0x705ull;
	WRITE("mair_el" EL, 0xff00);
	WRITE("tcr_el" EL, 0x80823519ull);
	WRITE("ttbr0_el" EL, translation);
	__asm__ volatile("dsb sy\n\tisb");
	WRITE("sctlr_el" EL, SCTLR_RES1 | SCTLR_M | SCTLR_C | SCTLR_I);
	__asm__ volatile("isb");
}

#if TOP == 3
/* One security state for the interrupt controller: nothing here handles secure interrupts. */
static void open_interrupts(void)
{
	volatile uint32_t *const gicd_ctlr = (volatile uint32_t *)0x08000000;

	*gicd_ctlr = 1u << 6; /* DS */
	WRITE("s3_6_c12_c12_5", 0xf); /* ICC_SRE_EL3 */
	__asm__ volatile("isb");
}
#endif

void level_prepare(void)
{
	uint64_t value;

	map_memory();
#if TOP == 3
	WRITE("scr_el3", SCR_NS | SCR_RES1 | SCR_HCE | SCR_RW);
	WRITE("cptr_el3", 0);
	open_interrupts();
	WRITE("hcr_el2", HCR_RW);
#else
	WRITE("hcr_el2", HCR_RW | HCR_TSC);
#endif
	WRITE("s3_4_c12_c9_5", 0xf); /* ICC_SRE_EL2 */
	WRITE("cptr_el2", 0x33ff);
	WRITE("cnthctl_el2", 3);
	WRITE("cntvoff_el2", 0);
	WRITE("vttbr_el2", 0);
	READ("midr_el1", value);
	WRITE("vpidr_el2", value);
	READ("mpidr_el1", value);
	WRITE("vmpidr_el2", value);
	WRITE("sctlr_el1", SCTLR_EL1_RES1);
	__asm__ volatile("isb");
}

void level_enter(uint64_t entry, uint64_t argument)
{
	enter(entry, argument, TOP == 3 ? AT_EL2 : AT_EL1);
}

uint8_t level_conduit(uint64_t syndrome)
{
	const uint64_t class = syndrome >> 26;
	uint64_t from;

	if (class == CLASS_HVC)
		return FFABI_CONDUIT_HVC;
	if (class != CLASS_SMC)
		return 0;
	if (TOP == 2) { /* a trapped SMC returns to itself */
		READ("elr_el" EL, from);
		WRITE("elr_el" EL, from + 4);
	}
	return FFABI_CONDUIT_SMC;
}
