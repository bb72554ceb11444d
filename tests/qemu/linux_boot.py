# SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later
"""Linux's own FF-A driver as the client of the firmware, and the trace of what they said."""
from __future__ import annotations

import payload
from conversation import judge
from machine import IMAGES, MACHINES, Boot, Score, run

CPU = "cortex-a72"
# The level that the firmware owns, the highest version it offers, KiB of the smallest RX/TX buffer.
CHOICES = [(2, "1.0", 4), (2, "1.1", 4), (2, "1.1", 64), (2, "1.2", 64), (3, "1.0", 64), (3, "1.1", 4), (3, "1.2", 4)]


def boot(level: int, version: str, buffers: int) -> Boot:
    initramfs = IMAGES / "initramfs"
    initramfs.write_bytes(payload.archive({"init": (IMAGES / "init").read_bytes()}))
    name = f"linux-el{level}-v{version}-{buffers}k"
    tree = payload.device_tree(MACHINES[level], CPU, initramfs)
    words = f"version={version} buffers={buffers} entry={payload.ENTRY:x} x0={payload.TREE:x} trace={IMAGES / name}.trace"
    loads = [(IMAGES / f"firmware-el{level}.elf", None), (IMAGES / "Image", payload.ENTRY), (tree, payload.TREE),
             (initramfs, payload.INITRAMFS)]
    return Boot(name, MACHINES[level], loads, cpu=CPU, memory=payload.MEMORY, seconds=120, words=words)


def boots(score: Score) -> None:
    for level, version, buffers in CHOICES:
        b = boot(level, version, buffers)
        run(b, score)
        judge(b.name, score)
