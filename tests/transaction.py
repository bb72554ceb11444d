"""Memory transactions in C as Python functions: builds tests/transaction_driver.c and speaks its line protocol."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import sanitized
from codec import BUILD, ROOT, VERSIONS

USAGES = ("share", "lend", "donate", "retrieve_req", "retrieve_resp")
SENDS = USAGES[:3]
HYP = "hyp_retrieve_req"  # a header of which only the handle counts
LIMIT = 64  # constituents that are compared with each other unless a test says otherwise
LIBRARY = sanitized.library(("core", "wire", "assembly", "transaction_read", "transaction_write"), ("memory_descriptors_table", "text_rule", "text_field"))
DRIVER = [ROOT / "tests" / name for name in ("transaction_driver.c", "transaction_request.h", "driver_words.h")]


def build(name: str = "transaction-driver", *flags: str) -> Path:
    return sanitized.build(name, DRIVER, LIBRARY, *flags)


class Header(NamedTuple):
    """struct ffabi_mem_transaction; the last three are the writer's own business."""

    sender_id: int = 0
    memory_type: int = 0
    cacheability: int = 0
    device_memory: int = 0
    shareability: int = 0
    security: int = 0
    flags: int = 0
    bypass_multi_borrower_check: int = 0
    alignment_hint_valid: int = 0
    alignment_hint: int = 0
    transaction_type: int = 0
    handle: int = 0
    tag: int = 0
    access_size: int = 0
    access_count: int = 0
    access_offset: int = 0


class Places(NamedTuple):
    """struct ffabi_mem_places."""

    access: int = 0
    access_size: int = 0
    access_count: int = 0
    composite: int = 0
    ranges: int = 0


class Access(NamedTuple):
    """struct ffabi_mem_access."""

    endpoint_id: int = 0
    instruction_access: int = 0
    data_access: int = 0
    flags: int = 0
    composite_offset: int = 0
    implementation_defined_0: int = 0
    implementation_defined_1: int = 0


class Range(NamedTuple):
    """struct ffabi_mem_constituent."""

    address: int = 0
    page_count: int = 0


class No(NamedTuple):
    """A refusal."""

    rule: str
    field: str
    at: int
    value: int = 0


@dataclass(frozen=True)
class Found:
    """What a descriptor says, or what a message is to say."""

    header: Header
    access: tuple[Access, ...] = ()
    ranges: tuple[Range, ...] = ()
    places: Places = field(default=Places(), compare=False)
    total_page_count: int = field(default=0, compare=False)
    address_range_count: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Written:
    """total is the length of the whole, data what was written of it."""

    total: int
    data: bytes


# -- requests ---------------------------------------------------------------------------------------------------------


def digits(data: bytes) -> str:
    return data.hex() or "-"


def head(op: str, version: str, usage: str, waive: int, *numbers: int) -> str:
    return " ".join([op, f"{VERSIONS[version]:x}", usage, f"{waive:x}", *(f"{n:x}" for n in numbers)])


def check(version: str, usage: str, data: bytes, *, total: int = -1, fragment: int = -1, waive: int = 0, limit: int = LIMIT,
          op: str = "check") -> str:
    """Both lengths are those of the bytes unless given."""
    total = len(data) if total < 0 else total
    return f"{head(op, version, usage, waive, total, len(data) if fragment < 0 else fragment, limit)} {digits(data)}"


def message(m: Found) -> str:
    numbers = [*m.header[:13], len(m.access)]
    for a in m.access:
        numbers += [*a[:4], *a[5:]]
    numbers.append(len(m.ranges))
    for r in m.ranges:
        numbers += r
    return " ".join(f"{n:x}" for n in numbers)


def write(version: str, usage: str, m: Found, *, room: int = 1 << 16, waive: int = 0) -> str:
    return f"{head('write', version, usage, waive, room)} {message(m)}"


def piece(version: str, usage: str, m: Found, *, offset: int, room: int) -> str:
    return f"{head('piece', version, usage, 0, offset, room)} {message(m)}"


def pieces(version: str, usage: str, m: Found, *, size: int) -> str:
    return f"{head('pieces', version, usage, 0, size)} {message(m)}"


def convert(version: str, usage: str, data: bytes, to: str) -> str:
    return f"{head('convert', version, usage, 0, VERSIONS[to])} {digits(data)}"


def join(room: int, total: int, fragments: Sequence[bytes | tuple[int, bytes]]) -> str:
    """Fragments are bytes, or the length that is claimed and the bytes that are there."""
    words = ["join", f"{room:x}", f"{total:x}"]
    for fragment in fragments:
        claimed, data = fragment if isinstance(fragment, tuple) else (len(fragment), fragment)
        words += [f"{claimed:x}", digits(data)]
    return " ".join(words)


def mutate(version: str, usage: str, data: bytes) -> str:
    return f"mutate {VERSIONS[version]:x} {usage} {digits(data)}"


# -- answers ----------------------------------------------------------------------------------------------------------


def refusal(words: list[str]) -> No:
    return No(words[1], words[2], int(words[3]), int(words[4], 16))


def unhex(word: str) -> bytes:
    return b"" if word == "-" else bytes.fromhex(word)


def found(words: list[str]) -> Found:
    numbers = [int(word, 16) for word in words]
    header, places = Header(*numbers[:16]), Places(*numbers[16:21])
    pages, count, here = numbers[21:24]
    rest = numbers[24:]
    access = tuple(Access(*rest[7 * i:7 * i + 7]) for i in range(places.access_count))
    rest = rest[7 * len(access):]
    assert len(rest) == 2 * here
    return Found(header, access, tuple(Range(*rest[2 * i:2 * i + 2]) for i in range(here)), places, pages, count)


def ask(lines: Sequence[str], program: Path | None = None) -> list[str]:
    return sanitized.ask(program or BUILD / "transaction-driver", lines)


def parse(op: str, answer: str) -> Found | Written | No | list[int] | list[bytes]:
    words = answer.split()
    if words[0] == "no":
        return refusal(words)
    assert words[0] == "ok", answer
    if op in ("check", "walk"):
        return found(words[1:])
    if op == "pieces":
        return [int(word, 16) for word in words[1:]]
    if op == "mutate":
        return [bytes.fromhex(word) for word in words[1:]]
    return Written(int(words[1], 16), unhex(words[2]))


def run(lines: Sequence[str], program: Path | None = None) -> list:
    return [parse(line.split(" ", 1)[0], answer) for line, answer in zip(lines, ask(lines, program))]


def read(lines: Sequence[str], program: Path | None = None) -> list[Found | No]:
    """check of every line, and the cursors have to see the same: but they do not compare parts with each other."""
    both = ask([*lines, *(line.replace("check", "walk", 1) for line in lines)], program)
    for line, one, other in zip(lines, both, both[len(lines):]):
        if not one.startswith(("no RULE endpoint_id", "no OVERLAP address ")):
            assert one == other, f"{line[:200]}: check says {one}, cursors {other}"
    return [parse("check", answer) for answer in both[:len(lines)]]  # type: ignore[misc]


def joined(line: str, program: Path | None = None) -> tuple[list[tuple[str, int] | No], bytes]:
    """The verdict on each fragment (more or end, and the bytes that are there), and the bytes."""
    answer = ask([line], program)[0]
    if answer.startswith("no") and "|" not in answer:
        return [refusal(answer.split())], b""
    *steps, data = answer.split(" | ")
    verdicts: list[tuple[str, int] | No] = []
    for step in steps:
        words = step.split()
        verdicts.append(refusal(words) if words[0] == "no" else (words[0], int(words[1], 16)))
    return verdicts, unhex(data.strip())
