# SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later
"""Linux's own FF-A driver as the client of the firmware, and the trace of what they said."""
from __future__ import annotations

import conversation
import payload
from machine import IMAGES, MACHINES, Boot, Score, run

CPU = "cortex-a72"
# The level that the firmware owns, the highest version it offers, KiB of the smallest RX/TX buffer.
CHOICES = [(2, "1.0", 4), (2, "1.1", 4), (2, "1.1", 64), (2, "1.2", 64), (3, "1.0", 64), (3, "1.1", 4), (3, "1.2", 4)]


def boot(level: int, version: str, buffers: int, about: str = "", arguments: str = "", more: str = "") -> Boot:
    """arguments are for Linux, more words for the firmware; about is part of the name."""
    initramfs = IMAGES / "initramfs"
    initramfs.write_bytes(payload.archive({"init": (IMAGES / "init").read_bytes()}))
    name = f"linux-el{level}-v{version}-{buffers}k{about}"
    tree = payload.device_tree(MACHINES[level], CPU, initramfs, f"ffa={version} {arguments}")
    words = f"version={version} buffers={buffers} entry={payload.ENTRY:x} x0={payload.TREE:x} trace={IMAGES / name}.trace {more}"
    loads = [(IMAGES / f"firmware-el{level}.elf", None), (IMAGES / "Image", payload.ENTRY), (tree, payload.TREE),
             (initramfs, payload.INITRAMFS)]
    return Boot(name, MACHINES[level], loads, cpu=CPU, memory=payload.MEMORY, seconds=120, words=words)


PAGES = [1, 2, 16, 250, 251, 1000, 4000]  # that linux/init.c shares, after some memory of the driver's own
# Bytes of a transaction with one borrower up to its first constituent: header, access descriptor, composite descriptor.
BEFORE_RANGES = {"1.0": 32 + 16 + 16, "1.1": 48 + 16 + 16}
SPOKEN = {"1.0": "1.0", "1.1": "1.1", "1.2": "1.1"}  # Linux 6.12 asks for 1.1


def judge(name: str, version: str, buffers: int, score: Score) -> None:
    calls = conversation.read(name, score)
    if not calls:
        return
    sent = conversation.regions(calls, "vm0")
    room = buffers << 10
    spoken = {call["version"] for call in calls if call["caller"] == "vm0"} - {"1.2"}  # before FFA_VERSION nothing is agreed on
    score.check(spoken <= {SPOKEN[version]} and all(s.version == SPOKEN[version] for s in sent), f"{name}: Linux speaks {SPOKEN[version]}", str(spoken))
    order = iter(sent)
    score.check(all(any(s.pages == n for s in order) for n in PAGES), f"{name}: it shares {', '.join(map(str, PAGES))} pages in turn",
                str([s.pages for s in sent]))
    score.check(all(sum(n for _, n in s.ranges) == s.pages for s in sent), f"{name}: the constituents of each share are its pages")
    score.check(all(s.total == BEFORE_RANGES[SPOKEN[version]] + 16 * len(s.ranges) == sum(s.fragments) for s in sent),
                f"{name}: lengths and fragments add up")
    most = max(sent, key=lambda s: len(s.ranges))
    score.check(len(most.ranges) > 3000, f"{name}: thousands of constituents in one share", str(len(most.ranges)))
    score.check(all(len(s.fragments) == -(-s.total // room) for s in sent) and max(max(s.fragments) for s in sent) <= room,
                f"{name}: {len(most.fragments)} fragments of at most {buffers} KiB for the largest", str(most.fragments))
    asked = [call for call in calls if call["caller"] == "vm8001" and call["request"]["name"].startswith("FFA_MEM_FRAG_RX")]
    score.check((len(asked) > 0) == (most.total > room), f"{name}: the partition retrieves it in {len(asked) and 'fragments' or 'one piece'}",
                f"{len(asked)} FFA_MEM_FRAG_RX")
    conversation.replays(name, score)
    left = sorted(s.handle for s in sent)
    score.check(left == sorted(conversation.reclaimed(calls, "vm0")), f"{name}: each of {len(sent)} shares is reclaimed once")


def boots(score: Score) -> None:
    for level, version, buffers in CHOICES:
        b = boot(level, version, buffers)
        run(b, score)
        judge(b.name, version, buffers, score)
