"""Every memory transaction descriptor in the traces: decoded strictly in the version in force, written again to the same bytes.

The traces are read by a parser of this file's own.  Some buffers are there in part only (a first fragment, a dump that was cut off): what is
missing are constituents, and any that complete the page count are put in their place; they come after the bytes that are compared.
"""
from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache

import pytest

from codec import ROOT, VERSIONS
from transaction import Found, No, Range, build, check, joined, join, read, run, write

CAPTURES = ROOT / "tests" / "captures"
VERSION, SHARE, LEND, DONATE, REQ, RESP, FRAG_RX, FRAG_TX = 0x63, 0x73, 0x72, 0x71, 0x74, 0x75, 0x7A, 0x7B
USAGE = {SHARE: "share", LEND: "lend", DONATE: "donate", REQ: "retrieve_req", RESP: "retrieve_resp"}
PROBE = "nwprobe-debian-tfa2.12-el3spmc"
# trace -> the version in force, descriptors sent (and received) with these calls
COUNTS = {
    "linux-pass-el1": ("1.1", {"share": 10}),
    "linux-emul-10000": ("1.0", {"share": 9}),
    "el3spmc-optee-sp-linux": ("1.1", {"share": 10, "retrieve_req": 2, "retrieve_resp": 2}),
    "tinysp-debian-tfa2.12-el3spmc": ("1.1", {"share": 1}),
    PROBE: ("1.1", {"share": 28, "lend": 2, "donate": 1, "retrieve_req": 1}),
    "uboot-pass-el1": ("1.1", {}),
}
# The probe's malformed calls, by hand from its bytes: call -> refusal, why
DEVIATIONS = {
    246: (No("ENUM", "data_access", 50, 3), "permissions are 3, a reserved encoding"),
    252: (No("MBZ", "reserved", 2, 0x13), "attributes are 0x13: shareability bits of Device memory"),
    255: (No("MBZ", "flags", 4, 1), "flags ask to zero memory that is shared"),
    256: (No("RANGE", "page_count", 88, 0), "a constituent of no pages"),
    259: (No("RANGE", "fragment_length", 80, 96), "the fragment is longer than the whole"),
    261: (No("RULE", "total_length", 104, 104), "the length has 8 bytes more than the parts"),
    262: (No("SHORT", "address_range_count", 68, 1), "the length ends before the constituent"),
    263: (No("RANGE", "access_size", 24, 0), "the buffer in x3 holds zeros"),
    268: (No("MBZ", "handle", 8, 0x1234), "a handle before there is one"),
    273: (No("ALIGN", "address", 80, 0x68000800), "an address inside a page"),
    277: (No("OVERLAP", "address", 96, 0x68000000), "the same page twice"),
    281: (No("RANGE", "access_count", 28, 0), "the retrieve request of a hypervisor names no receiver"),
}


@pytest.fixture(scope="module", autouse=True)
def driver() -> None:
    build()


@dataclass
class Call:
    """One block of a trace."""

    number: int
    caller: str
    x: list[int] = field(default_factory=list)
    out: list[int] = field(default_factory=list)
    buffers: dict[str, bytearray] = field(default_factory=dict)


@dataclass(frozen=True)
class Sent:
    """A descriptor or the first fragment of one, as far as the trace shows it."""

    call: int
    version: str
    usage: str
    total: int
    fragment: int
    data: bytes


@lru_cache(maxsize=None)
def calls(trace: str) -> tuple[Call, ...]:
    found: list[Call] = []
    into = bytearray()
    for text in (CAPTURES / f"{trace}.txt").read_text().splitlines():
        if start := re.match(r"call (\d+) (\S+)", text):
            found.append(Call(int(start[1]), start[2] if start[2].startswith("vm") else ""))
        elif line := re.match(r" (in|out) ", text):
            values = [int(v, 16) for v in re.findall(r"=([0-9a-f]+)", text)]
            setattr(found[-1], "x" if line[1] == "in" else "out", values)
        elif name := re.match(r" +(\w+) pa=", text):
            into = found[-1].buffers[name[1]] = bytearray()
        elif row := re.match(r"  +[0-9a-f]{4}: ((?:[0-9a-f]{2} ?)+)$", text):
            into += bytes.fromhex(row[1])
    return tuple(found)


def function(word: int) -> int:
    return word & 0xFF if word & 0xBFFFFF00 == 0x84000000 else -1


@lru_cache(maxsize=None)
def descriptors(trace: str) -> tuple[Sent, ...]:
    found: list[Sent] = []
    agreed: dict[str, int] = {}
    for call in calls(trace):
        fid = function(call.x[0])
        if fid == VERSION and call.out and not call.out[0] >> 31 & 1:
            agreed[call.caller] = min(call.x[1] & 0x7FFFFFFF, call.out[0] & 0xFFFFFFFF)
        version = next((name for name, number in VERSIONS.items() if number == agreed.get(call.caller)), "1.2")
        if fid in (SHARE, LEND, DONATE, REQ) and "tx" in call.buffers:
            found.append(Sent(call.number, version, USAGE[fid], call.x[1], call.x[2], bytes(call.buffers["tx"])))
        if fid == REQ and call.out and function(call.out[0]) == RESP and "rx" in call.buffers:
            found.append(Sent(call.number, version, USAGE[RESP], call.out[1], call.out[2], bytes(call.buffers["rx"])))
    return tuple(found)


def question(s: Sent) -> str:
    """A dump that was cut off is asked for as a shorter fragment, in whole constituents."""
    fragment = s.fragment if len(s.data) >= s.fragment else len(s.data)
    return check(s.version, s.usage, s.data[:fragment], total=s.total, fragment=fragment)


def whole(f: Found) -> Found:
    """With constituents for those that were not seen: they have the pages that were not seen."""
    lacking = f.address_range_count - len(f.ranges)
    pages = f.total_page_count - sum(r.page_count for r in f.ranges)
    more = [Range(0x1000_0000_0000 + 0x1000_0000 * i, 1) for i in range(lacking)]
    if more:
        more[-1] = more[-1]._replace(page_count=pages - lacking + 1)
    assert lacking or not pages
    return replace(f, ranges=(*f.ranges, *more))


def test_nothing_is_missed() -> None:
    """Whatever buffer goes with one of these calls is there, in the version that both sides agreed on."""
    for trace, (version, counts) in COUNTS.items():
        found = descriptors(trace)
        assert {s.version for s in found} <= {version}, trace
        assert {usage: sum(s.usage == usage for s in found) for usage in counts} == counts, trace
        assert len(found) == sum(counts.values())
        carriers = [c.number for c in calls(trace) if function(c.x[0]) in (SHARE, LEND, DONATE, REQ)]
        bare = [260] if trace == PROBE else []  # both lengths are 0
        assert [s.call for s in found if s.usage != "retrieve_resp"] == [n for n in carriers if n not in bare], trace
    assert set(DEVIATIONS) <= {s.call for s in descriptors(PROBE)}


@pytest.mark.parametrize("trace", COUNTS)
def test_descriptors_are_read_and_written_again(trace: str) -> None:
    sent = [s for s in descriptors(trace) if trace != PROBE or s.call not in DEVIATIONS]
    for s, f in zip(sent, read([question(s) for s in sent])):
        assert isinstance(f, Found), (trace, s.call, f)
        again = run([write(s.version, s.usage, whole(f))])[0]
        compared = min(len(s.data), s.fragment)
        assert again.total == s.total, (trace, s.call)
        assert again.data[:compared] == s.data[:compared], (trace, s.call)
        assert compared == s.total or f.ranges and len(f.ranges) < f.address_range_count, (trace, s.call)


def test_malformed_calls_are_refused_for_what_they_are() -> None:
    sent = [s for s in descriptors(PROBE) if s.call in DEVIATIONS]
    assert {s.call: no for s, no in zip(sent, read([question(s) for s in sent]))} == {call: no for call, (no, _) in DEVIATIONS.items()}


def fragments(trace: str) -> list[tuple[Sent, list[Call]]]:
    """Each first fragment that is shorter than the whole, with the calls that send the rest."""
    found = []
    for s in descriptors(trace):
        if s.fragment < s.total:
            rest = calls(trace)[[c.number for c in calls(trace)].index(s.call) + 1:]
            last = next((i for i, c in enumerate(rest) if function(c.x[0]) != FRAG_TX), len(rest))
            found.append((s, list(rest[:last])))
    return found


@pytest.mark.parametrize("trace, count, complete", [("linux-emul-10000", 2, 2), (PROBE, 2, 1), ("linux-pass-el1", 2, 0), ("el3spmc-optee-sp-linux", 2, 0)])
def test_fragments_are_put_together(trace: str, count: int, complete: int) -> None:
    """The offset that the receiver asks for next is that of the assembly; what comes of it is checked and written as one."""
    done = 0
    found = fragments(trace)
    assert len(found) == count
    for s, rest in found:
        if not rest or any(len(c.buffers["tx"]) < c.x[3] for c in rest) or len(s.data) < s.fragment:
            continue  # dumps that were cut off
        verdicts, data = joined(join(s.total, s.total, [s.data, *((c.x[3], bytes(c.buffers["tx"])) for c in rest)]))
        if isinstance(verdicts[-1], No):
            assert (trace, rest[-1].number) == (PROBE, 294)
            assert verdicts[-1] == No("RANGE", "fragment_length", 112, 4096) and data == s.data
            continue
        offset = s.fragment
        for verdict, call in zip(verdicts[1:], rest):
            offset += call.x[3]
            assert verdict == ("end" if offset == s.total else "more", offset)
            if verdict[0] == "more":
                assert function(call.out[0]) == FRAG_RX and call.out[3] == offset
        assert bytes(rest[-1].buffers.get("assembled", data)) == data
        f = read([check(s.version, s.usage, data)])[0]
        assert isinstance(f, Found) and run([write(s.version, s.usage, f)])[0].data == data
        done += 1
    assert done == complete


def test_what_the_responder_assembled_is_what_was_sent() -> None:
    for call in calls("linux-emul-10000"):
        if function(call.x[0]) == SHARE and "assembled" in call.buffers:
            assert call.buffers["assembled"] == call.buffers["tx"]
