/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */
/* A driver without any mutant, to record its answers. */
int driver_main(void);

long mutant;

int main(void)
{
	return driver_main();
}
