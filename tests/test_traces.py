"""The ffabi command on real traffic: every call of the six traces is decoded, well-formed ones pack back, deviations are listed.

tests/vectors/deviations.tsv names every request and reply that strict reading refuses, with the reason.  The reasons that
speak of a whole class are verified against the registers of the trace itself, which no code of ours has touched:
echo: the reply still holds the request's register; sign_extended: a negative error code fills all 64 bits;
size_at_1_0: a descriptor size of 8 where version 1.0 has no such result.
"""
from __future__ import annotations

import csv
import json
import re
import subprocess
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from codec import BUILD, ROOT

CAPTURES = ROOT / "tests" / "captures"
CALLS = {  # trace -> calls, exit status
    "linux-pass-el1": (53, 0),
    "linux-emul-10000": (60, 0),
    "uboot-pass-el1": (13, 0),
    "el3spmc-optee-sp-linux": (87, 0),
    "tinysp-debian-tfa2.12-el3spmc": (16, 0),
    "nwprobe-debian-tfa2.12-el3spmc": (299, 2),
}
# Not FF-A: SMCCC_VERSION, SMCCC_ARCH_FEATURES, PSCI_VERSION; in FF-A's range but nobody's: a 64-bit FFA_VERSION, 0x840000ef.
FOREIGN = {("nwprobe-debian-tfa2.12-el3spmc", n) for n in (1, 2, 3)}
UNKNOWN = {("nwprobe-debian-tfa2.12-el3spmc", n) for n in (14, 204)}


def command(*args: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    done = subprocess.run([BUILD / "ffabi-san", *args], input=stdin, capture_output=True, text=True, check=False)
    assert "Sanitizer" not in done.stderr, done.stderr[:2000]
    return done


@lru_cache(maxsize=None)
def decoded(trace: str) -> tuple[dict[str, Any], ...]:
    done = command("decode", "trace", "--json", str(CAPTURES / f"{trace}.txt"))
    assert done.returncode == CALLS[trace][1], done.stderr
    return tuple(json.loads(line) for line in done.stdout.splitlines())


@lru_cache(maxsize=None)
def registers(trace: str) -> dict[int, dict[str, Any]]:
    """call -> label, in, out: read from the trace by a parser of the test's own."""
    found: dict[int, dict[str, Any]] = {}
    call = 0
    for text in (CAPTURES / f"{trace}.txt").read_text().splitlines():
        if head := re.match(r"call (\d+) \S+ (.*)", text):
            call = int(head[1])
            found[call] = {"label": head[2]}
        elif line := re.match(r" (in|out) ", text):
            found[call][line[1]] = [int(v, 16) for v in re.findall(r"x\d+=([0-9a-f]+)", text)]
    return found


def deviations() -> list[dict[str, str]]:
    with (ROOT / "tests" / "vectors" / "deviations.tsv").open() as file:
        return list(csv.DictReader(file, delimiter="\t"))


def test_528_calls() -> None:
    assert sum(len(decoded(trace)) for trace in CALLS) == 528
    assert {trace: len(decoded(trace)) for trace in CALLS} == {trace: n for trace, (n, _) in CALLS.items()}


@pytest.mark.parametrize("trace", list(CALLS))
def test_every_call_has_its_name(trace: str) -> None:
    """The label that the tracer wrote (its own name of the function id) agrees with ours."""
    checked = 0
    for call in decoded(trace):
        key = (trace, call["call"])
        name = call["request"]["name"]
        if key in FOREIGN | UNKNOWN:
            assert name is None, key
            continue
        assert name, key
        label = registers(trace)[call["call"]]["label"].split()[0]
        if label.startswith("FFA_"):
            short = re.sub(r"(_32|_64)$", "", label)
            assert re.sub(r"(_32|_64)$", "", name) == short.replace("FFA_MSG_SEND_DIRECT_REQ64", "FFA_MSG_SEND_DIRECT_REQ"), key
            assert label == short or name == label, key
            checked += 1
    assert checked > 5


@pytest.mark.parametrize("trace", list(CALLS))
def test_well_formed_calls_pack_back(trace: str) -> None:
    sides = Counter()
    for call in decoded(trace):
        for side in ("request", "reply"):
            part = call[side]
            if part is None or (trace, call["call"]) in FOREIGN | UNKNOWN:
                continue
            if part["strict"] is None:
                assert part["repacks"] is True, (trace, call["call"], side)
                sides[side] += 1
        for part in call.get("resumed", ()):
            if (trace, call["call"]) == ("el3spmc-optee-sp-linux", 84):
                assert part["function"] == "0x8f7"  # the tracer shows an interrupted normal world, not a reply
                continue
            assert part["strict"] is None and part["repacks"] is True, (trace, call["call"])
            sides["resumed"] += 1
    assert sides["request"] > 8
    if trace.startswith("el3spmc"):
        assert sides["resumed"] == 40


def test_deviations_are_the_listed_ones() -> None:
    got = []
    for trace in CALLS:
        for call in decoded(trace):
            for side in ("request", "reply"):
                part = call[side]
                if part is not None and part["strict"] is not None:
                    no = part["strict"]
                    got.append((trace, call["call"], side, no["rule"], no.get("register"), no["field"]))
    listed = [(d["trace"], int(d["call"]), d["side"], d["rule"], int(d["register"]) if d["register"] else None, d["field"])
              for d in deviations()]
    assert sorted(map(str, got)) == sorted(map(str, listed))


def test_reasons_hold_in_the_trace_itself() -> None:
    seen = Counter()
    for d in deviations():
        regs = registers(d["trace"])[int(d["call"])]
        seen[d["reason"]] += 1
        if d["reason"] == "echo":
            at = int(d["register"])
            assert d["side"] == "reply" and regs["out"][at] == regs["in"][at] != 0, d
        elif d["reason"] == "sign_extended":
            code = regs["out"][int(d["register"])]
            assert code >> 32 == 0xFFFFFFFF and code & 0x80000000 and regs["out"][0] == 0x84000060, d
        elif d["reason"] == "size_at_1_0":
            assert regs["in"][0] == 0x84000068 and regs["out"][3] == 8, d
        else:
            assert d["side"] == "request" and len(d["reason"].split()) > 2, d
    assert seen["echo"] > 50 and seen["sign_extended"] > 150 and seen["size_at_1_0"] == 6


def test_a_conversation_reads_as_it_was() -> None:
    """A few calls, their fields worked out by hand from the registers in the trace files."""
    uboot = {call["call"]: call for call in decoded("uboot-pass-el1")}
    assert uboot[11]["request"]["fields"] == {"uuid": "486178e0-e7f8-11e3-bc5e-0002a5d5c51b"}
    assert uboot[11]["reply"]["fields"] == {"count": 1}
    assert uboot[6]["request"]["fields"] == {"tx_address": "0xbe472000", "rx_address": "0xbe470000", "page_count": 1}
    assert uboot[13]["request"]["fields"]["receiver_id"] == "0x8001"
    probe = {call["call"]: call for call in decoded("nwprobe-debian-tfa2.12-el3spmc")}
    assert probe[282]["request"]["strict"]["rule"] == "MBZ" and probe[282]["reply"]["fields"]["status"] == "INVALID_PARAMETERS"
    assert probe[4]["reply"]["fields"] == {"status": "SMCCC_NOT_SUPPORTED"}
    sp = {call["call"]: call for call in decoded("el3spmc-optee-sp-linux")}
    assert sp[1]["caller"] == "vm8001" and sp[1]["request"]["fields"] == {"version": "1.1"}


def test_versions_are_those_negotiated() -> None:
    """1.2 until FFA_VERSION is answered, then the lower of asked and answered."""
    versions = [(c["call"], c["version"]) for c in decoded("linux-emul-10000")]
    assert versions[0] == (1, "1.2") and all(v == "1.0" for _, v in versions[1:])
    assert {c["version"] for c in decoded("linux-pass-el1")[1:]} == {"1.1"}


def test_bad_lines_are_named_and_the_rest_is_shown(tmp_path: Path) -> None:
    good = (CAPTURES / "uboot-pass-el1.txt").read_text()
    lines = good.splitlines()
    broken = tmp_path / "broken.txt"
    broken.write_text("\n".join([
        *lines[:4],  # a comment and call 1
        "call 2 smc short", " in  x0=84000063 x1=10000",
        "call 3 smc hex", " in  " + " ".join(f"x{i}=zz" for i in range(18)),
        "call 4 smc unknown", " in  " + " ".join(f"x{i}={'c4000063' if i == 0 else '0'}" for i in range(18)),
        "nonsense", *lines[4:7]]) + "\n")
    done = command("decode", "trace", str(broken))
    assert done.returncode == 2
    for number in (6, 8, 10, 11):
        assert re.search(rf"broken\.txt:{number}: ", done.stderr), (number, done.stderr)
    assert done.stdout.count("FFA_VERSION_32") == 2


@pytest.mark.parametrize("args, words", [
    ((), "usage"),
    (("decode",), "usage"),
    (("decode", "trace"), "usage"),
    (("decode", "trace", "/nonexistent"), "No such file"),
    (("decode", "call", "x0=84000063", "x1=nonsense"), "x1=nonsense"),
    (("decode", "call", "84000063", "10001"), "8 or 18"),
    (("decode", "call", "--version", "1.9", "x0=84000063"), "1.9"),
    (("frobnicate",), "usage"),
])
def test_wrong_use_is_explained(args: tuple[str, ...], words: str) -> None:
    done = command(*args)
    assert done.returncode == 2 and words in done.stderr, done.stderr


def test_a_register_dump_in_three_forms() -> None:
    named = command("decode", "call", "x0=0x84000077", "x1=ffffffc0", "x3=5").stdout
    bare = command("decode", "call", "84000077", "ffffffc0", "0", "5", "0", "0", "0", "0").stdout
    full = command("decode", "call", "84000077", "ffffffc0", "0", "5", *["0"] * 14).stdout
    assert named == bare == full
    assert re.search(r"handle +w1-w2 +0xffffffc0", named)
    assert re.search(r"flags .*zero_memory.*bit 2", named)
    assert re.search(r"strict: MBZ flags w3 = 0x5", named)


def test_characters_and_errors_in_that_call() -> None:
    text = command("decode", "call", "--version", "1.2", "x0=c400008a", "x1=8", "x2=4847464544434241").stdout
    assert '"ABCDEFGH"' in text
    text = command("decode", "call", "--reply-to", "FFA_MEM_RECLAIM", "x0=84000060", "x2=fffffffa").stdout
    assert "FFA_ERROR DENIED (-6): a borrower still has access" in text


def test_version_and_help() -> None:
    assert re.fullmatch(r"ffabi \d+\.\d+\.\d+\n", command("--version").stdout)
    assert "decode trace" in command("--help").stdout
