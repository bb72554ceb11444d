# SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later
"""TF-A's EL3 SPMC between our caller and our partition at S-EL1, both made of ffabi."""
from __future__ import annotations

import conversation
from machine import IMAGES, MACHINES, Boot, Score, run

ENTRY = 0x60000000  # as tfa/build.sh has it
VERSIONS = ["1.0", "1.1", "1.2"]
# What ffabi_caller_init() waives in replies: managers may leave words of the request in unused registers, and sign-extend error codes.
WAIVED = frozenset({"MBZ", "SBZ", "WIDTH"})


def judge(name: str, version: str, score: Score) -> None:
    calls = conversation.read(name, score, WAIVED)
    if not calls:
        return
    sent = conversation.regions(calls, None)
    versions = {call["version"] for call in calls if call["request"]["name"] != "FFA_VERSION_32"}
    score.check(versions == {version}, f"{name}: it speaks {version}", str(versions))
    if version == "1.2":  # the manager takes memory of 1.0 and 1.1 only
        return
    score.check([len(s.ranges) for s in sent if s.pages != 1] == [2, 300, 1000], f"{name}: 2, 300 and 1000 constituents",
                str([len(s.ranges) for s in sent]))
    score.check(all(sum(s.fragments) == s.total and max(s.fragments) <= 4096 for s in sent), f"{name}: fragments of at most 4 KiB add up",
                str([s.fragments for s in sent]))
    score.check(sorted(s.handle for s in sent) == sorted(conversation.reclaimed(calls, None)), f"{name}: each of {len(sent)} regions is reclaimed once")


def boots(score: Score) -> None:
    for version in VERSIONS:
        name = f"tfa-v{version}"
        words = f"version={version} buffers=4 peer=tfa echo=8001 trace={IMAGES / name}.trace"
        lines = run(Boot(name, MACHINES[3], [(IMAGES / "caller-tfa.bin", ENTRY)], cpu="max,sme=off,pauth-impdef=on", memory=1024, seconds=60,
                         words=words, flash=IMAGES / "tfa.bin"), score)
        score.check("ok partition: version and buffers were accepted" in lines, f"{name}: our partition runs at S-EL1")
        judge(name, version, score)
