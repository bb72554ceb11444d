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
    malformed: int = 0  # 1: the payload sends such transactions, too
    servant: int = 0  # 1: a third partition, which does what the payload says

    @property
    def name(self) -> str:
        return f"caller-el{self.level}-v{self.version}-{self.buffers}k" + (f"-vm{self.endpoint}-{self.conduit}" if self.endpoint else "") + ("-malformed" if self.malformed else "") + ("-servant" if self.servant else "")


VERSIONS = ["1.0", "1.1", "1.2", "1.3"]
CHOICES = [Choice(level, version, buffers) for level in (2, 3) for version in VERSIONS for buffers in (4, 64)]
CHOICES += [Choice(2, version, 4, 1, conduit) for version in VERSIONS for conduit in ("smc", "hvc")]
CHOICES += [Choice(2, version, 4, malformed=1) for version in VERSIONS]
CHOICES += [Choice(2, "1.1", 4, 1, malformed=1), Choice(3, "1.1", 4, malformed=1)]
CHOICES += [Choice(level, version, 4, servant=1) for level in (2, 3) for version in VERSIONS]
CHOICES += [Choice(2, "1.2", 4, 1, servant=1)]


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


def judge_malformed(name: str, lines: list[str], score: Score) -> None:
    """What the trace says was malformed is what the firmware refused, and what the payload counted."""
    calls = conversation.decode(name, score)
    sent = [(call, {v["rule"] for half in ("request", "tx") for v in conversation.violations(call[half])})
            for call in calls if call["request"]["name"].startswith(("FFA_MEM_SHARE", "FFA_MEM_LEND", "FFA_MEM_DONATE"))]
    malformed = [call["call"] for call, rules in sent if rules - {"SBZ"}]
    refused = [call["call"] for call, _ in sent if call["reply"]["fields"].get("status") == "INVALID_PARAMETERS"]
    told = [int(line.split(": ")[1]) for line in lines if line.startswith("# refused: ")]
    # One more is well-formed and refused: the share with nobody.
    score.check(told == [len(malformed)] and malformed == refused[:-1], f"{name}: {len(malformed)} malformed transactions, and no others, were refused",
                f"{told}, {sorted(set(malformed) ^ set(refused[:-1]))[:8]}")
    ignored = [call["call"] for call, rules in sent if rules == {"SBZ"}]
    score.check(len(ignored) >= 4 and not set(ignored) & set(refused), f"{name}: {len(ignored)} with bits that should be zero were taken")


# What a boot with the servant adds to the calls of the normal world.
OF_BORROWERS = {"FFA_MEM_LEND", "FFA_MEM_DONATE", "FFA_MEM_SHARE", "FFA_MEM_RECLAIM", "FFA_MEM_RETRIEVE_REQ", "FFA_MEM_RELINQUISH"}
OF_NOTIFICATIONS = {f"FFA_NOTIFICATION_{what}" for what in ("BITMAP_CREATE", "BITMAP_DESTROY", "BIND", "UNBIND", "GET")}


def judge_servant(choice: Choice, lines: list[str], score: Score) -> None:
    name, caller = choice.name, f"vm{choice.endpoint}"
    calls = conversation.read(name, score)
    made = {who: {call["request"]["name"].removesuffix("_32").removesuffix("_64") for call in calls if call["caller"] == who}
            for who in (caller, "vm8003")}
    notified = choice.version != "1.0" and choice.endpoint == 0
    logged = choice.version in ("1.2", "1.3")
    wanted = OF_BORROWERS | (OF_NOTIFICATIONS if notified else set()) | ({"FFA_CONSOLE_LOG"} if logged else set())
    score.check(wanted <= made[caller], f"{name}: the payload makes {len(wanted)} calls with the servant", str(wanted - made[caller]))
    wanted = (OF_BORROWERS - {"FFA_MEM_LEND"} | ({"FFA_NOTIFICATION_SET"} if notified else set())
              | ({"FFA_CONSOLE_LOG"} if logged else set()))
    score.check(wanted <= made["vm8003"], f"{name}: the servant makes {len(wanted)}", str(wanted - made["vm8003"]))
    shared = [call["tx"] for call in calls if call["caller"] == caller and call["request"]["name"].startswith("FFA_MEM_SHARE")]
    score.check([len(tx["composite"]["constituents"]) for tx in shared if len(tx["access"]) == 3] == [170], f"{name}: 170 ranges for three borrowers")
    said = ["# the payload logs this line in as many calls as it takes", "the servant says more than fits in one call of any convention, in all 4 registers."]
    score.check(not logged or all(line in lines for line in said), f"{name}: the console has both lines, where the version has one")


def boots(score: Score) -> None:
    for choice in CHOICES:
        words = (f"version={choice.version} buffers={choice.buffers} id={choice.endpoint:x} conduit={choice.conduit} malformed={choice.malformed} servant={choice.servant} entry={payload.ENTRY:x} "
                 f"trace={IMAGES / choice.name}.trace")
        loads = [(IMAGES / f"firmware-el{choice.level}.elf", None), (IMAGES / "caller.bin", payload.ENTRY)]
        lines = run(Boot(choice.name, MACHINES[choice.level], loads, cpu="cortex-a72", memory=payload.MEMORY, seconds=60, words=words), score)
        if choice.malformed:
            judge_malformed(choice.name, lines, score)
        elif choice.servant:
            judge_servant(choice, lines, score)
        else:
            judge(choice, score)
