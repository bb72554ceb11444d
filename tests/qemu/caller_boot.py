# SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later
"""The calling side of ffabi on bare metal as the client of the firmware."""
from __future__ import annotations

from dataclasses import dataclass

import conversation
import payload
from machine import IMAGES, MACHINES, Boot, Score, run

@dataclass(frozen=True)
class Choice:
    level: int  # that the firmware owns
    version: str  # the highest that it offers
    buffers: int  # KiB of the smallest RX/TX buffer
    endpoint: int = 0  # 1: the payload is a VM, at a virtual instance
    conduit: str = "smc"

    @property
    def name(self) -> str:
        return f"caller-el{self.level}-v{self.version}-{self.buffers}k" + (f"-vm{self.endpoint}-{self.conduit}" if self.endpoint else "")


VERSIONS = ["1.0", "1.1", "1.2", "1.3"]
CHOICES = [Choice(level, version, buffers) for level in (2, 3) for version in VERSIONS for buffers in (4, 64)]
CHOICES += [Choice(2, version, 4, 1, conduit) for version in VERSIONS for conduit in ("smc", "hvc")]


def judge(choice: Choice, score: Score) -> None:
    name, version, buffers, caller = choice.name, choice.version, choice.buffers, f"vm{choice.endpoint}"
    calls = conversation.read(name, score)
    if not calls:
        return
    sent = conversation.regions(calls, caller)
    spoken = {call["version"] for call in calls if call["caller"] == caller and call["request"]["name"] != "FFA_VERSION_32"}
    score.check(spoken == {version}, f"{name}: it speaks {version}", str(spoken))
    score.check([len(s.ranges) for s in sent if s.pages not in (1,)] == [2, 300, 3000], f"{name}: 2, 300 and 3000 constituents",
                str([len(s.ranges) for s in sent]))
    room = buffers << 10
    score.check(all(sum(s.fragments) == s.total and max(s.fragments) <= room and len(s.fragments) == -(-s.total // room) for s in sent),
                f"{name}: fragments of at most {buffers} KiB add up", str([s.fragments for s in sent]))
    score.check(sorted(s.handle for s in sent) == sorted(conversation.reclaimed(calls, caller)), f"{name}: each of {len(sent)} regions is reclaimed once")


def boots(score: Score) -> None:
    for choice in CHOICES:
        words = (f"version={choice.version} buffers={choice.buffers} id={choice.endpoint:x} conduit={choice.conduit} entry={payload.ENTRY:x} "
                 f"trace={IMAGES / choice.name}.trace")
        loads = [(IMAGES / f"firmware-el{choice.level}.elf", None), (IMAGES / "caller.bin", payload.ENTRY)]
        run(Boot(choice.name, MACHINES[choice.level], loads, cpu="cortex-a72", memory=payload.MEMORY, seconds=60, words=words), score)
        judge(choice, score)
