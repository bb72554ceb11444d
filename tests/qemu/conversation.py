# SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later
"""What the trace of a boot has to show, as `ffabi decode trace --json` reads it."""
from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from machine import IMAGES, ROOT, Score

# What Linux does that the specification has not: in 1.0, FFA_FEATURES knows functions only, and it asks for features too.
KNOWN = {("1.0", "FFA_FEATURES_32", "RANGE", "function_id")}


@dataclass
class Sent:
    """One memory region, from FFA_MEM_SHARE or its like to the last fragment."""

    name: str
    version: str
    total: int
    fragments: list[int]
    pages: int
    ranges: list[tuple[int, int]]  # address, pages
    handle: str


def violations(value: Any) -> Iterator[dict[str, Any]]:
    """Every verdict that is not null, wherever it stands."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "strict" and inner is not None:
                yield inner
            else:
                yield from violations(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from violations(inner)


def constituents(elements: list[dict[str, Any]]) -> list[tuple[int, int]]:
    return [(int(element["fields"]["address"], 16), element["fields"]["page_count"]) for element in elements]


def regions(calls: list[dict[str, Any]], sender: str | None) -> list[Sent]:
    """What the sender shared, fragments put together; in a trace of one caller, nobody is named."""
    sent: list[Sent] = []
    for call in calls:
        if call["caller"] != sender or not call["reply"]:
            continue
        name, fields = call["request"]["name"], call["request"]["fields"]
        reply = call["reply"]["fields"]
        if name.startswith(("FFA_MEM_SHARE", "FFA_MEM_LEND", "FFA_MEM_DONATE")) and "handle" in reply:
            composite = call["tx"]["composite"]
            sent.append(Sent(name, call["version"], fields["total_length"], [fields["fragment_length"]],
                             composite["fields"]["total_page_count"], constituents(composite["constituents"]), reply["handle"]))
        elif name.startswith("FFA_MEM_FRAG_TX"):
            sent[-1].fragments.append(fields["fragment_length"])
            sent[-1].ranges += constituents(call["tx"]["elements"])
    return sent


def reclaimed(calls: list[dict[str, Any]], owner: str | None) -> list[str]:
    return [call["request"]["fields"]["handle"] for call in calls
            if call["caller"] == owner and call["request"]["name"].startswith("FFA_MEM_RECLAIM") and call["reply"]["kind"] == "FFA_SUCCESS"]


def broken(call: dict[str, Any], waived: frozenset[str]) -> list[dict[str, Any]]:
    """The rules that a call breaks, but for those that are waived in replies and what Linux is known for."""
    found = []
    for half, value in call.items():
        for v in violations(value):
            known = (call["version"], call["request"]["name"], v["rule"], v["field"]) in KNOWN
            if not known and not (half == "reply" and v["rule"] in waived):
                found.append(v)
    return found


def decode(name: str, score: Score) -> list[dict[str, Any]]:
    """The calls of a trace; none when it cannot be read."""
    trace = IMAGES / f"{name}.trace"
    if not score.check(trace.is_file() and trace.stat().st_size > 0, f"{name}: there is a trace", str(trace)):
        return []
    done = subprocess.run([ROOT / "build" / "ffabi", "decode", "trace", "--json", trace], capture_output=True, text=True, timeout=120, check=False)
    if not score.check(done.returncode == 0 and not done.stderr, f"{name}: the trace decodes", done.stderr[:400]):
        return []
    return [json.loads(line) for line in done.stdout.splitlines()]


def read(name: str, score: Score, waived: frozenset[str] = frozenset()) -> list[dict[str, Any]]:
    """The same, after the checks that every good trace passes."""
    calls = decode(name, score)
    if not calls:
        return []
    unknown = [f"call {call['call']}: {v}" for call in calls for v in broken(call, waived)]
    score.check(not unknown, f"{name}: no register and no byte breaks a rule in {len(calls)} calls"
                + (f", waiving {' and '.join(sorted(waived))} in replies" if waived else ""), "; ".join(unknown[:3]))
    part = [call["call"] for call in calls for half in ("request", "reply")
            if call[half] and not call[half]["strict"] and call[half]["repacks"] is not True]
    score.check(not part, f"{name}: every request and reply that breaks none packs back to its registers", f"calls {part[:5]}")
    return calls


def replays(name: str, score: Score) -> None:
    """The sandbox of the host, configured from the trace, answers every call as the firmware did."""
    trace = IMAGES / f"{name}.trace"
    done = subprocess.run([ROOT / "build" / "ffabi", "replay", trace], capture_output=True, text=True, timeout=120, check=False)
    score.check(done.returncode == 0 and "0 known differences, 0 others" in done.stdout, f"{name}: the trace replays without a difference",
                (done.stdout + done.stderr)[:400])
