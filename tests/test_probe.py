"""Single-bit probing of every register codec against tests/facts/registers.tsv, a table that is not derived from spec/.

Every codec starts from registers it accepts; each bit of x0-x17 is flipped in turn and the C driver says what that bit is.
A codec is a linear map plus checks, so single bits determine it.  build/probe-report.txt lists all that was found.
"""
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Any

import pytest

from codec import BUILD, VERSIONS, WAIVE, Answer, line, run
from probe_table import BASES, FEATURE, FEATURE_IDS, FUNCTION, KEYS, LAYERS, MEMBERS, Name, Row, load_names, load_rows

CONVS = ("smc32", "smc64")
BITS = [(reg, bit) for reg in range(18) for bit in range(64)]
# Which of them are also asked of the codec of all replies to a call; x0 there may make another reply.
IN_REPLY = [n for n, (reg, bit) in enumerate(BITS) if reg in (1, 2) or (reg and bit in (0, 15, 31, 32, 63))]
# A field's bit may be refused by a rule about values, not by one about reserved bits.
VALUE_RULES = {"RANGE", "ENUM", "ALIGN", "RULE", "KEY", "FID"}
# Where the table makes a field depend on the FF-A instance: (instances that may use it, instances that may not).
AT_INSTANCE = {
    "MBZ at other instances": (("ns_phys",), ("ns_virt", "s_phys", "s_virt")),
    "MBZ at virtual": (("ns_phys",), ("ns_virt", "s_virt")),
    "MBZ at NS-phys": (("ns_virt", "s_virt"), ("ns_phys",)),
    "MBZ for the endpoint": (("ns_phys", "ns_virt"), ("s_virt",)),  # the rows say: forwarded only, at NS physical or NS virtual
    "MBZ for SPs": (("ns_phys",), ("s_virt",)),
}
# Rows for "both" conventions that have no 64-bit form before 1.3, when its function id came.
NO_64_BEFORE_1_3 = {"FFA_ERROR", "FFA_INTERRUPT", "FFA_MSG_WAIT", "FFA_YIELD", "FFA_RUN", "FFA_NORMAL_WORLD_RESUME"}

# Where we differ from the table on purpose: table abi, codec, direction, register, field, what our codec does instead, why.
EXCEPTIONS = [
    ("*", "*", "*", 0, "reserved", "FID", "bits 23:16 of w0 are compared as part of the function id; with one of them set it is another id"),
    ("FFA_VERSION", "version", "success", 0, "reserved", "ENUM", "bit 31 of w0 tells a version from an error code: the answer is read as a code"),
    ("FFA_VERSION", "version", "error", 0, "smccc_code", "kind", "a code without bit 31 cannot be told from a version"),
    ("FFA_CONSOLE_LOG", "console_log", "call", "*", "chars", "SBZ", "characters past char_count are no part of the message and should be zero"),
    (FUNCTION, "features_function", "success", "*", "properties_*", "MBZ", "the message of a function without properties: both registers are 0"),
    (FEATURE, "features_*", "call", 1, "reserved", "KEY", "the message of one feature: all of w1 is a constant"),
    ("FFA_MSG_WAIT", "msg_wait", "call", 1, "reserved", "accepted",
     "the ids before 1.2: the table has none in the call, but has them in the FFA_MSG_WAIT that answers FFA_RUN since 1.0"),
    ("FFA_MSG_SEND_DIRECT_REQ:VERSION_REQ", "version_req", "call", 3, "version", "MBZ", "bit 31 of a version is zero, as in w1 of FFA_VERSION"),
]


@dataclass
class Case:
    """One codec, one direction, one version, one convention (of the request), seen through one list of table layers."""

    codec: str
    direction: str
    version: str
    conv: str
    said: str  # the convention of the answer that is packed
    layers: list[str]
    members: list[str]
    base: list[int] = field(default_factory=list)
    answer: Answer = Answer(False)
    rows: dict[tuple[int, int], Row] = field(default_factory=dict)
    regs: dict[int, list[Row]] = field(default_factory=dict)

    @property
    def reply(self) -> bool:
        return self.direction in ("success", "error")

    @property
    def actual(self) -> str:
        """The convention of the registers at hand: that of the reply, where there is one; FFA_VERSION answers without an id."""
        return CONVS[self.base[0] >> 30 & 1] if self.codec != "version" else "smc32"

    def spoken(self) -> str:
        """The codec whose members are compared: that of the answering call in the direction other:X."""
        return self.direction[len("other:FFA_"):].lower() if self.direction.startswith("other:") else self.codec

    @property
    def key(self) -> tuple[str, str, tuple[int, ...]]:
        """Cases with the same key are asked the same: a request says itself which convention it has."""
        return self.ask("U", []), self.version, tuple(self.base)

    def flipped(self, reg: int, bit: int) -> list[int]:
        out = list(self.base)
        out[reg] ^= 1 << bit
        return out

    def ask(self, op: str, numbers: list[int], waive: int = 0, instance: str = "", whole: bool = False) -> str:
        codec = self.codec + ".reply" if self.reply or whole else self.spoken()
        kind = self.direction if op == "P" and self.reply else ""
        conv = self.said if op == "P" else self.conv if self.reply or whole else "smc32"
        return line(op, codec, self.version, numbers, waive, instance, conv, kind)

    def __str__(self) -> str:
        return f"{self.codec} {self.direction} {self.version} {self.conv}"


Bit = tuple[str, str, Row, int, int]  # case, version, row, register, bit
Later = tuple[str, Case, int, int, Any, Any]  # what, case, register, bit, row, more


class Probe:
    def __init__(self, rows: list[Row], only: str = "*") -> None:
        self.rows, self.only, self.names = rows, only, load_names()
        self.failures: list[str] = []
        self.notes: Counter[str] = Counter()  # what is only reported -> how many bits
        self.lines = self.bits = 0
        self.probed: dict[Row, int] = {}
        self.used: set[object] = set()
        self.proved: set[Bit] = set()  # a bit that was seen to land in its member
        self.refused: dict[Bit, tuple[bool, str]] = {}  # a bit of a field that was refused: is the refusal about it?
        self.cases = self.find_cases()

    def send(self, lines: list[str]) -> list[Answer]:
        self.lines += len(lines)
        return run(lines)

    def complain(self, row: Row | None, case: Case, what: str, strong: bool | None = None) -> None:
        if strong if strong is not None else row is not None and row.strong:
            self.failures.append(f"{case}: {what} [{row or 'width'}]")
        else:
            self.note(f"differs: {row or case}: {re.sub(r'^x[^ ]+ ', '', what)}")

    def note(self, text: str) -> None:
        self.notes[text] += 1

    # Which cases there are.

    def layers_of(self, codec: str, direction: str) -> list[list[str]]:
        if direction != "call" or f"{codec}.call" in LAYERS:
            found = LAYERS.get(f"{codec}.{direction}")
            if found:
                return found
        wanted = {codec, codec.replace("_resp", "_ack")}
        abis = {r.abi for r in self.rows if r.direction == direction and not r.abi.startswith("FFA_FEATURES:")}
        return [[a] for a in sorted(abis) if (a.partition(":")[2] or a[4:]).lower() in wanted]

    def find_cases(self) -> list[Case]:
        found: list[tuple[Case, list[int]]] = []
        others = sorted({r.direction for r in self.rows if r.direction.startswith("other:")})
        for codec in KEYS:
            if not fnmatchcase(codec, self.only):
                continue
            for direction in ["call", "success", "error", *others]:
                layers = self.layers_of(codec, direction)
                spoken = direction[len("other:FFA_"):].lower() if direction in others else codec
                struct = {"call": codec, "success": f"{codec}_success", "error": f"{codec}_error"}.get(direction, spoken)
                if direction == "error" and struct not in MEMBERS:
                    struct = "error"
                if not layers and direction == "call":
                    self.note(f"ours only: the table has no rows for {codec}")
                for version in VERSIONS:
                    for conv in CONVS:
                        for base in BASES.get(f"{spoken}.{direction if spoken == codec else 'call'}", [{}]):
                            if base.get("conv", conv) != conv or str(base.get("since", "1.0")) > version:
                                continue
                            for one in layers:
                                names = MEMBERS.get(struct, [])
                                case = Case(codec, direction, version, conv, conv, one, names)
                                found.append((case, [int(base.get(n, 0)) for n in names]))
        return self.start(found)

    def start(self, found: list[tuple[Case, list[int]]]) -> list[Case]:
        """Packs the bases; keeps the cases that the library has."""
        packed = self.send([c.ask("P", v) for c, v in found])
        for i, ((case, values), answer) in enumerate(zip(found, packed)):
            # A call of one convention is answered by an id of the other one until that has its own.
            if answer.rule == "VERSION" and case.conv == "smc64" and case.direction not in ("call", "success"):
                case.said = "smc32"
                packed[i] = self.send([case.ask("P", values)])[0]
        have = {(c.codec, c.version, CONVS[a.values[0] >> 30 & 1]) for (c, _), a in zip(found, packed) if a.ok and c.direction == "call"}
        kept = []
        for (case, _), answer in zip(found, packed):
            if not answer.ok and answer.rule not in ("VERSION", "CONV", "FID"):
                self.failures.append(f"{case}: the base is refused: {answer}")
            elif answer.ok and (case.codec, case.version, case.conv) in have:
                case.base = list(answer.values)
                kept.append(case)
        for case, answer in zip(kept, self.send([c.ask("U", c.base) for c in kept])):
            case.answer = answer
            if not answer.ok or (case.reply and answer.words != (case.direction,)):
                self.failures.append(f"{case}: what pack wrote is not taken: {answer}")
            self.look_up(case)
            self.constants(case)
        return [c for c in kept if c.answer.ok]

    def look_up(self, case: Case) -> None:
        """What the table says of each bit: its own rows first, then those of the id that carries the answer, then those of all calls."""
        groups = [[r for r in self.rows if r.abi == abi and r.direction == case.direction and r.holds(case.version, case.conv)]
                  for abi in case.layers]
        carrier = {"success": "FFA_SUCCESS", "error": "FFA_ERROR", "call": ""}.get(case.direction, case.direction[6:])
        if case.codec == "version" and case.reply:
            carrier = ""
        groups += [[r for r in self.rows if r.abi == abi and r.direction == "call" and r.field != "results"
                    and r.holds(case.version, case.actual)] for abi in (carrier, "*")]
        for group in groups:
            taken: dict[tuple[int, int], Row] = {}
            for row in group:
                for reg in range(row.first, row.last + 1):
                    for bit in range(64) if row.field == "not_used" else range(row.lo, row.hi + 1):
                        assert (reg, bit) not in taken, f"two rows say what x{reg}[{bit}] is: {row} and {taken[reg, bit]}"
                        taken[reg, bit] = row
            for at, row in taken.items():
                if case.rows.setdefault(at, row) is row:
                    case.regs.setdefault(at[0], []).append(row)

    def constants(self, case: Case) -> None:
        """Bits whose value the table gives, and the ids of features: flipping cannot tell whether a constant is the right one."""
        for reg, rows in case.regs.items():
            for row in {r for r in rows if r.meaning.isdigit() and r.direction == "call"}:
                got = case.base[reg] >> row.lo & (2 << row.hi - row.lo) - 1
                if got != int(row.meaning):
                    self.complain(row, case, f"x{reg} is {got}, not {row.meaning}")
        if case.codec in FEATURE_IDS and case.direction == "call" and case.base[1] != FEATURE_IDS[case.codec]:
            self.failures.append(f"{case}: asks for feature {case.base[1]}")

    # What the codec does with each bit.

    def probe(self) -> None:
        for i in range(0, len(self.cases), 40):
            part = self.cases[i:i + 40]
            asked: dict[tuple[str, str, tuple[int, ...]], list[str]] = {}
            replies = []
            for case in part:
                lines = [case.ask("U", case.flipped(reg, bit)) for reg, bit in BITS]
                asked[case.key] = lines
                if case.direction.startswith("other:"):
                    replies += [(case, n, case.ask("U", case.flipped(*BITS[n]), whole=True)) for n in IN_REPLY]
            told = iter(self.send([text for lines in asked.values() for text in lines]))
            answers = {key: [next(told) for _ in BITS] for key in asked}
            self.bits += len(part) * len(BITS)
            for (case, n, _), answer in zip(replies, self.send([r[2] for r in replies])):
                self.same_through_reply(case, *BITS[n], answers[case.key][n], answer)
            later: list[Later] = []
            for case in part:
                for (reg, bit), answer in zip(BITS, answers[case.key]):
                    self.judge(case, reg, bit, answer, later)
            self.follow_up(later)
        self.settle()

    def same_through_reply(self, case: Case, reg: int, bit: int, alone: Answer, whole: Answer) -> None:
        if whole.ok and whole.words == (case.spoken(),):
            whole = replace(whole, values=alone.values, words=())
        if alone != whole:
            self.complain(None, case, f"x{reg}[{bit}] as a reply: {whole}; as a call: {alone}", strong=True)

    def judge(self, case: Case, reg: int, bit: int, a: Answer, later: list[Later]) -> None:
        row = case.rows.get((reg, bit))
        if row:
            self.probed[row] = self.probed.get(row, 0) + 1
        label = ("kind" if a.words != case.answer.words else "accepted") if a.ok else a.rule
        place = f"x{reg}[{bit}]"
        if row is None:
            rows = case.regs.get(reg, [])
            if bit >= 32 and (case.actual == "smc32" or (rows and not any(r.wide for r in rows))):
                # Bits 63:32 of a w register: refused, or dropped where the caller wants them dropped.
                if a.rule != "WIDTH" or a.at != reg:
                    self.complain(None, case, f"{place} is above a w register: {label}", case.actual == "smc32" or any(r.strong for r in rows))
                else:
                    later.append(("same", case, reg, bit, None, "WIDTH"))
            else:
                self.note(f"not in the table: {case.codec} {case.direction} x{reg}: ours {label}")
        elif row.field == "not_used":
            if a != case.answer:
                self.complain(row, case, f"{place} is not passed: {label}")
        elif row.abi == "*" and reg == 0:
            # Another id: not ours, or in a reply another answer.  Bit 30 asks for the other convention, which may exist.
            other = case.reply and 0x60 <= case.base[0] & 0xFF ^ 1 << bit < 0x98 and label != "accepted"
            if row.reserved and label == "FID":
                self.excused(row, case, reg, label)
            elif bit == 30 and case.direction == "call":
                self.judge_convention(case, row, label)
            elif bit != 30 and label != "FID" and not other:
                self.complain(row, case, f"{place} makes another function id: {label}")
        elif row.reserved:
            if a.rule in ("MBZ", "SBZ") and a.at == reg:
                if row.rule in ("MBZ", "SBZ") and a.rule != row.rule:
                    self.note(f"other class: {row}: table {row.rule}, ours {a.rule} in {case.codec} {case.direction} {case.version}")
                later.append(("same", case, reg, bit, row, a.rule))
            elif not self.excused(row, case, reg, label):
                self.complain(row, case, f"{place} is reserved: {label}")
        else:
            self.judge_field(case, reg, bit, row, a, label, later)

    def judge_convention(self, case: Case, row: Row, label: str) -> None:
        """Bit 30 of an id: the same call in the other convention, where there is one."""
        other = CONVS[case.actual == "smc32"]
        known = any(r.abi in case.layers and r.direction == "call" and r.holds(case.version, other) for r in self.rows)
        late = other == "smc64" and case.version < "1.3" and case.layers[0] in NO_64_BEFORE_1_3
        if (known and not late) == (label in ("FID", "VERSION", "CONV")):
            self.complain(row, case, f"x0[30] makes it {other}: {label}")

    def judge_field(self, case: Case, reg: int, bit: int, row: Row, a: Answer, label: str, later: list[Later]) -> None:
        key = (f"{case.codec} {case.direction} {case.conv} {case.layers}", case.version, row, reg, bit)
        if label == "accepted":
            wrong = self.landed(case, reg, bit, row, a)
            if wrong:
                self.complain(row, case, f"x{reg}[{bit}] {wrong}")
            else:
                self.proved.add(key)
                later.append(("pack", case, reg, bit, row, a.values))
                if row.rule in AT_INSTANCE and bit in (row.lo, row.hi):
                    later.append(("instance", case, reg, bit, row, ""))
        elif label in VALUE_RULES or (row.rule != "-" and label in ("MBZ", "SBZ")):
            names = {n.member.partition("[")[0].partition(".")[0] for n in self.pieces(row, case, bit)}
            own = a.at == reg and label not in ("MBZ", "SBZ") and (label == "KEY" or a.field in names)
            self.refused[key] = (own, f"{label} {a.field} x{a.at}")
            if label == "ENUM" and own:
                later.append(("enum", case, reg, bit, row, key))
        elif not self.excused(row, case, reg, label):
            self.complain(row, case, f"x{reg}[{bit}] is a field: {label} {a.field} x{a.at}")

    def excused(self, row: Row, case: Case, reg: int, label: str) -> bool:
        for e in EXCEPTIONS:
            abi = e[0] == row.abi if e[0] == "*" else fnmatchcase(row.abi, e[0])
            if abi and all(fnmatchcase(str(x), str(y)) for x, y in zip((case.codec, case.direction, reg, row.field, label), e[1:6])):
                self.used.add(e)
                return True
        return False

    def pieces(self, row: Row, case: Case, bit: int) -> list[Name]:
        found = [n for n in self.names if n.field == row.field and n.lo <= bit <= n.hi
                 and fnmatchcase(row.abi, n.abi) and fnmatchcase(row.direction, n.direction)
                 and (n.member in case.members or f"{n.member}[0]" in case.members)]
        for n in found:
            self.used.add(n)
        return found or [Name(row.abi, row.direction, row.field, row.hi, row.lo, row.field, 0, 0)]

    def landed(self, case: Case, reg: int, bit: int, row: Row, a: Answer) -> str:
        """Why the changed bit is not where it belongs; empty when it is."""
        signed = [v & 0xFFFFFFFF if v >> 31 == 0x1FFFFFFFF else v for v in a.values]
        before = [v & 0xFFFFFFFF if v >> 31 == 0x1FFFFFFFF else v for v in case.answer.values]
        changed = [i for i, (v, w) in enumerate(zip(signed, before)) if v != w]
        if len(changed) != 1:
            return f"changes {[case.members[i] for i in changed] or 'nothing'}"
        name = case.members[changed[0]]
        piece, = self.pieces(row, case, bit)
        to, want = bit - max(piece.lo, row.lo) + piece.at, piece.member
        if want == "chars":
            per = 8 if case.actual == "smc64" else 4
            want, to = f"chars[{(reg - row.first) * per + bit // 8}]", bit % 8
        elif f"{want}[0]" in case.members:
            want = f"{want}[{reg - row.first}]"
        if name != want:
            return f"is {name}, not {want}"
        got = (signed[changed[0]] - piece.bias) ^ (before[changed[0]] - piece.bias)
        return "" if got == 1 << to else f"changes {got:#x} of {name}, not bit {to}"

    def follow_up(self, later: list[Later]) -> None:
        """Packing gives the bit back; a waived rule makes the bit of no effect; an enumeration that is waived takes it."""
        asked: list[tuple[Later, str, str]] = []
        for item in later:
            what, case, reg, bit, row, extra = item
            flipped = case.flipped(reg, bit)
            if what == "pack":
                asked.append((item, "", case.ask("P", list(extra))))
            elif what == "instance":
                asked += [(item, i, case.ask("U", flipped, instance=i)) for group in AT_INSTANCE[row.rule] for i in group]
            else:
                asked.append((item, "", case.ask("U", flipped, WAIVE["ENUM" if what == "enum" else extra])))
        for (item, instance, _), a in zip(asked, self.send([q[2] for q in asked])):
            what, case, reg, bit, row, extra = item
            if what == "pack":
                if not a.ok or [v ^ w for v, w in zip(a.values, case.base)] != [1 << bit if r == reg else 0 for r in range(18)]:
                    self.complain(row, case, f"x{reg}[{bit}] is not packed again: {a}")
            elif what == "same":
                if a.ok and a != case.answer and row and any(re.match("flags|attributes|limits|.*properties", m) for m in case.members) \
                        and [v ^ w for v, w in zip(a.values, case.answer.values) if v != w] == [1 << bit]:
                    self.note(f"kept: {row} in {case.codec}, though {extra} is waived")
                elif a != case.answer:
                    self.complain(row, case, f"x{reg}[{bit}] is not ignored with {extra} waived: {a}", row.strong if row else True)
            elif what == "instance":
                # A value in two registers is refused at the first of them.
                refused = a.rule == "MBZ" and a.at in (reg, reg - row.field.endswith("_hi"))
                if not (a.ok if instance in AT_INSTANCE[row.rule][0] else refused):
                    self.complain(row, case, f"x{reg}[{bit}] at {instance}: {a}")
            else:
                wrong = self.landed(case, reg, bit, row, a) if a.ok else str(a)
                if wrong:
                    self.complain(row, case, f"x{reg}[{bit}] with ENUM waived {wrong}")
                else:
                    self.proved.add(extra)

    def settle(self) -> None:
        """A bit that no base let through has to be refused for its own value; only then is it known whose bit it is.

        A field that must be zero at times has to be let through at other times, if only in another codec of the same row.
        """
        elsewhere = {key[1:] for key in self.proved}
        for key, (own, what) in self.refused.items():
            if key not in self.proved:
                codec, _, row, reg, bit = key
                text = f"always refused: {' '.join(codec.split()[:2])} {row.field} x{reg}: {what}"
                if not own and row.strong and not (row.rule != "-" and key[1:] in elsewhere):
                    self.failures.append(f"{text}, bit {bit}")
                else:
                    self.note(text)
        seen = {(row, case.version, case.conv) for case in self.cases for row in set(case.rows.values())}
        for row in self.rows:
            for version in row.versions:
                for conv in CONVS:
                    if row.abi == "*" or self.only != "*" or not row.holds(version, conv) or (row, version, conv) in seen:
                        continue
                    excused = row.variant == "both" and conv == "smc64" and version < "1.3" and row.abi in NO_64_BEFORE_1_3
                    if excused:
                        self.used.add(row.abi)
                    if row.strong and not excused:
                        self.failures.append(f"no codec of ours for {row} in {version} {conv}")
                    else:
                        self.note(f"not ours: {row} in {version} {conv}")
        for case in self.cases:
            if not any(row.abi in case.layers for row in case.rows.values()):
                self.failures.append(f"the table has no row for {case}")


@pytest.fixture(scope="module")
def probe() -> Iterator[Probe]:
    done = Probe(load_rows())
    done.probe()
    kinds = Counter(text.partition(":")[0] for text in done.notes.elements())
    rows = [r for r in done.rows if r in done.probed]
    head = [f"{len(done.cases)} cases, {done.bits} flipped bits, {done.lines} driver lines, {len(done.failures)} failures",
            f"{len(rows)} of {len(done.rows)} rows compared, {sum(r.strong for r in rows)} of them with two or more code sources",
            "only reported, by bits: " + ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))]
    BUILD.mkdir(exist_ok=True)
    body = done.failures + [f"{count:6} {text}" for text, count in sorted(done.notes.items())] + [f"excepted: {e}" for e in EXCEPTIONS]
    (BUILD / "probe-report.txt").write_text("\n".join(head + body) + "\n", encoding="utf-8")
    print("\n".join(["", "probe:", *head]))
    yield done


def test_no_bit_contradicts_the_table(probe: Probe) -> None:
    assert not probe.failures, "\n".join(probe.failures[:40])


def test_every_row_is_compared(probe: Probe) -> None:
    missing = [str(row) for row in probe.rows if row not in probe.probed]
    assert not missing


def test_nothing_stale_is_excused(probe: Probe) -> None:
    assert [e for e in EXCEPTIONS if e not in probe.used] == []
    assert NO_64_BEFORE_1_3 <= probe.used
    assert [n for n in probe.names if n not in probe.used] == []


# A table that is wrong in one place: codec, how to find the rows, what becomes of them.
WRONG: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "two ids swapped": ("interrupt", {"abi": "FFA_INTERRUPT", "field": "vcpu_id"}, {"field": "endpoint_id"}),
    "another constant": ("pm_resp", {"abi": "FFA_MSG_SEND_DIRECT_RESP:PM_RESP", "field": "msg_type"}, {"meaning": "3"}),
    "two flags swapped": ("notification_set", {"abi": "FFA_NOTIFICATION_SET", "field": "per_vcpu"}, {"field": "delay_sri"}),
    "two halves swapped": ("mem_reclaim", {"abi": "FFA_MEM_RECLAIM", "field": "handle_lo"}, {"field": "handle_hi"}),
    "a field made reserved": ("rxtx_unmap", {"abi": "FFA_RXTX_UNMAP", "field": "vm_id"}, {"field": "reserved", "rule": "MBZ"}),
    "a reserved register made a field": ("rx_release", {"abi": "FFA_RX_RELEASE", "versions": ("1.0",)}, {"field": "vm_id", "rule": "-"}),
    "a field from another bit on": ("partition_info_get", {"abi": "FFA_PARTITION_INFO_GET", "field": "count"}, {"lo": 1}),
    "a count without its bias": ("mem_perm_get", {"field": "page_count_minus_1"}, {"field": "page_count"}),
    "w made x": ("mem_retrieve_resp", {"abi": "FFA_MEM_RETRIEVE_RESP", "field": "total_length"}, {"wide": True, "hi": 63}),
    "x made w": ("rxtx_map", {"abi": "FFA_RXTX_MAP", "field": "tx_address", "variant": "64"}, {"wide": False, "hi": 31}),
    "an array from another register on": ("msg_send_direct_req2", {"abi": "FFA_MSG_SEND_DIRECT_REQ2", "field": "payload"}, {"first": 5}),
    "registers that are not passed": ("psci_req", {"field": "extended"}, {"field": "not_used"}),
    "an instance too many": ("mem_frag_tx", {"abi": "FFA_MEM_FRAG_TX", "field": "endpoint_id"}, {"rule": "MBZ at NS-phys"}),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_table_is_noticed(what: str) -> None:
    codec, find, change = WRONG[what]
    rows = load_rows()
    hit = [r for r in rows if all(getattr(r, k) == v for k, v in find.items())]
    assert hit
    probe = Probe([replace(r, **change) if r in hit else r for r in rows], codec)
    probe.probe()
    assert probe.failures


def test_one_source_is_not_enough_to_fail() -> None:
    codec, find, change = WRONG["two ids swapped"]
    rows = [replace(r, sources=("recalled?", "read~", "one")) for r in load_rows()]
    probe = Probe([replace(r, **change) if all(getattr(r, k) == v for k, v in find.items()) else r for r in rows], codec)
    probe.probe()
    assert not probe.failures
    assert any("is vcpu_id, not endpoint_id" in text for text in probe.notes)
