# SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later
"""The firmware goes wrong on purpose below Linux: what its driver does is asserted, by its process and in the trace."""
from __future__ import annotations

from typing import Any

import conversation
from linux_boot import boot
from machine import Score, run

# errno of the system calls: what ffa_to_linux_errno() in Linux's arm_ffa driver makes of BUSY and RETRY; its ffa_setup_and_transmit() of a fragment before the last.
EBUSY, EAGAIN, ENXIO = 16, 11, 6
TEE_COMMUNICATION = "ffff000e"  # what the optee driver says of a call that fails below it

# The calls of Linux until then: a share for messages and one that is allocated come before those of linux/init.c, three direct
# messages of the driver and four of sessions and their memory before those of a share.  Each refusal is followed by another attempt,
# and a call that a fault has answered does not count for those behind it.
FAULTS = [
    ("BUSY", "FFA_MEM_SHARE", 4),  # of 2 pages
    ("RETRY", "FFA_MEM_SHARE", 5),  # of 16
    ("INTERRUPT", "FFA_MSG_SEND_DIRECT_REQ", 12),  # before the partition inverts 16
    ("BUSY", "FFA_MSG_SEND_DIRECT_REQ", 14),  # of 250
    ("NO_MEMORY", "FFA_MEM_FRAG_TX", 1),  # of 1000
    ("BUSY", "FFA_MEM_RECLAIM", 8),  # of 4000
]
EXPECTED = f"refused2={EBUSY} refused16={EAGAIN} failed250={TEE_COMMUNICATION} refused1000={ENXIO}"
LEFT = 1  # the 4000 pages: Linux tries to reclaim them once.  A share whose fragment was refused, of 1000 pages, gives way to the next one.


def said(calls: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """What Linux was told instead of an answer, after it was set up."""
    start = next((i for i, call in enumerate(calls) if call["request"]["name"].startswith("FFA_MEM_SHARE")), 0)
    found = []
    for call in calls[start:]:
        reply = call["reply"]
        if call["caller"] == "vm0" and reply and reply["kind"] in ("FFA_ERROR", "FFA_INTERRUPT"):
            what = reply["fields"]["status"] if reply["kind"] == "FFA_ERROR" else "INTERRUPT"
            found.append((what, call["request"]["name"].rsplit("_", 1)[0]))
    return found


def operation(score: Score) -> None:
    b = boot(2, "1.1", 4, "-faults", EXPECTED, " ".join(f"fault={what}:{call}:{n}" for what, call, n in FAULTS) + f" left={LEFT}")
    run(b, score)
    calls = conversation.read(b.name, score)
    score.check(said(calls) == [(what, call) for what, call, _ in FAULTS], f"{b.name}: Linux was told of {len(FAULTS)} faults, and of no other",
                str(said(calls)))
    stopped = [i for i, call in enumerate(calls) if call["reply"] and call["reply"]["kind"] == "FFA_INTERRUPT"]
    after = [calls[i + 1]["request"] for i in stopped]
    score.check([(r["name"], r["fields"].get("target_endpoint_id")) for r in after] == [("FFA_RUN_32", "0x8001")], f"{b.name}: FFA_RUN follows FFA_INTERRUPT", str(after))
    sent, back = conversation.regions(calls, "vm0"), conversation.reclaimed(calls, "vm0")
    kept = [s.pages for s in sent if s.handle not in back]
    score.check(kept == [1000, 4000], f"{b.name}: all is reclaimed but what was refused or begun", str(kept))


def set_up(score: Score) -> None:
    b = boot(3, "1.1", 4, "-no-listing", "nodriver=1", "fault=BUSY:FFA_PARTITION_INFO_GET:1")
    run(b, score)
    calls = conversation.read(b.name, score)
    names = [call["request"]["name"] for call in calls if call["caller"] == "vm0"]
    score.check(names[-1:] == ["FFA_RXTX_UNMAP_32"], f"{b.name}: Linux gives its buffers back and makes no call after that", str(names[-3:]))


def boots(score: Score) -> None:
    operation(score)
    set_up(score)
