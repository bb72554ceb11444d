# SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later
"""Boots every image of build/qemu: a line a check, then `N passed, N failed`; the status is 1 when one failed."""
from __future__ import annotations

import sys

import caller_boot
import linux_boot
import linux_faults
import tfa_boot
from machine import IMAGES, MACHINES, Boot, Score, run


def conduits(score: Score) -> None:
    for level, machine in MACHINES.items():
        run(Boot(f"conduit-el{level}", machine, [(IMAGES / f"conduit-el{level}.elf", None)]), score)


GROUPS = {"conduit": conduits, "caller": caller_boot.boots, "linux": linux_boot.boots, "faults": linux_faults.boots, "tfa": tfa_boot.boots}


def main() -> int:
    score = Score()
    wanted = sys.argv[1:] or list(GROUPS)
    if unknown := [name for name in wanted if name not in GROUPS]:
        print(f"usage: run.py [{'|'.join(GROUPS)}] ...; there is no {', '.join(unknown)}", file=sys.stderr)
        return 2
    for name in wanted:
        GROUPS[name](score)
    print(f"{score.passed} passed, {score.failed} failed")
    return 1 if score.failed or not score.passed else 0


if __name__ == "__main__":
    sys.exit(main())
