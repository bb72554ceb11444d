# SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later
"""The calling side of ffabi on bare metal as the client of the firmware."""
from __future__ import annotations

import conversation
import payload
from machine import IMAGES, MACHINES, Boot, Score, run

# The level that the firmware owns, the highest version it offers, KiB of the smallest RX/TX buffer.
CHOICES = [(level, version, buffers) for level in (2, 3) for version in ("1.0", "1.1", "1.2", "1.3") for buffers in (4, 64)]


def judge(name: str, version: str, buffers: int, score: Score) -> None:
    calls = conversation.read(name, score)
    if not calls:
        return
    sent = conversation.regions(calls, "vm0")
    spoken = {call["version"] for call in calls if call["caller"] == "vm0" and call["request"]["name"] != "FFA_VERSION_32"}
    score.check(spoken == {version}, f"{name}: it speaks {version}", str(spoken))
    score.check([len(s.ranges) for s in sent if s.pages not in (1,)] == [2, 300, 3000], f"{name}: 2, 300 and 3000 constituents",
                str([len(s.ranges) for s in sent]))
    room = buffers << 10
    score.check(all(sum(s.fragments) == s.total and max(s.fragments) <= room and len(s.fragments) == -(-s.total // room) for s in sent),
                f"{name}: fragments of at most {buffers} KiB add up", str([s.fragments for s in sent]))
    score.check(sorted(s.handle for s in sent) == sorted(conversation.reclaimed(calls, "vm0")), f"{name}: each of {len(sent)} regions is reclaimed once")


def boots(score: Score) -> None:
    for level, version, buffers in CHOICES:
        name = f"caller-el{level}-v{version}-{buffers}k"
        words = f"version={version} buffers={buffers} entry={payload.ENTRY:x} trace={IMAGES / name}.trace"
        loads = [(IMAGES / f"firmware-el{level}.elf", None), (IMAGES / "caller.bin", payload.ENTRY)]
        run(Boot(name, MACHINES[level], loads, cpu="cortex-a72", memory=payload.MEMORY, seconds=60, words=words), score)
        judge(name, version, buffers, score)
