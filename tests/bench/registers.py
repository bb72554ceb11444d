"""Register codecs: their budgets, what they cannot do without, and the table."""
from __future__ import annotations

import statistics

from cases import OPS, Subject
from codegen.codec import Codec, Member
from codegen.conditions import Cond, points_of
from rows import Block, Row, on_both

# Instructions on aarch64, from DESIGN.md; a reply is unpacked like a request.
BUDGET = {"pack": 25, "unpack": 32, "by_id": 60, "reply": 32}
MINIMAL = ("mem_share",)  # minimal.c does these by hand
VERSION, RETURN, CHECK, DISPATCH, KIND = 4, 2, 2, 9, 6


def pairs(n: int) -> int:
    """A load or store moves two registers."""
    return (n + 1) // 2


def elements(members: tuple[Member, ...]) -> int:
    return sum(2 if m.show == "UUID" else m.count or 1 for m in members if m.show != "BYTES")


class Floor:
    """An estimate of what any code with the same checks executes in one version and convention; README.md has the sums."""

    def __init__(self, codec: Codec, subject: Subject) -> None:
        self.codec = codec
        self.versions = subject.request.spec.versions
        self.point = (self.versions.index(subject.version), subject.conv)

    def holds(self, cond: Cond) -> bool:
        return self.point in points_of(cond, frozenset([self.point]), self.versions)

    def checks(self, packing: bool) -> int:
        return CHECK * sum(self.holds(c.cond) for c in self.codec.checks + (self.codec.fits if packing else ()))

    def pack(self) -> int:
        """Nine stores; the id, which takes two instructions and one more for its convention; the members' loads."""
        k = self.codec
        return 9 + 2 + k.both + pairs(elements(k.members)) + VERSION + self.checks(True) + RETURN

    def zeroes(self) -> tuple[set[int], set[int]]:
        """The registers that are tested for zero bits, and those that only a waivable rule asks about."""
        tested: set[int] = set()
        waivable: set[int] = set()
        for r in self.codec.refused:
            if self.holds(r.cond):
                regs = {reg for part in r.parts for reg in part.regs} | (set(r.narrow) if self.point[1] == "smc32" else set())
                (waivable if r.sbz else tested).update(regs)
        return tested, waivable

    def unpack(self, id_test: bool = True) -> int:
        """Each register loaded once, what has to be zero ORed into one word and tested, the members stored."""
        k = self.codec
        tested, waivable = self.zeroes()
        held = {slot.where.reg for group in k.groups if self.holds(group.cond) for slot in group.slots}
        loads = pairs(len(tested | waivable | held | {0}))
        zero = max(len(tested | waivable) - 1, 0) + 1 + (4 if waivable else 0)  # the version and the waiver, each with a branch
        head = (4 + k.both if id_test else 0) + VERSION
        return head + loads + zero + pairs(elements(k.members)) + self.checks(False) + CHECK * len(k.keys) + RETURN


def floors(subject: Subject) -> Row:
    request = Floor(subject.view.request.codec, subject)
    found = {"pack": request.pack(), "unpack": request.unpack(), "by_id": request.unpack() + DISPATCH}
    if subject.view.success:
        found["reply"] = Floor(subject.view.success.codec, subject).unpack(False) + KIND
    return {op: found[op] for op in subject.ops()}


def block(subjects: list[Subject], counts: dict[str, list[int]], text: dict[str, int]) -> Block:
    made = Block(("call", "version", "conv"), [*on_both(list(OPS)), "text"])
    keys = [((s.key, s.version, s.conv), op) for s in subjects for op in s.ops()]
    for prefix, numbers in counts.items():
        for (key, op), number in zip(keys, numbers, strict=True):
            made.rows.setdefault(key, {})[prefix + op] = number
    for key, row in made.rows.items():
        row["text"] = text[key[0]]
    return made


def minimal_block(keys: list[tuple[str, str, str, str]], counts: dict[str, list[int]]) -> Block:
    """keys: call, version, convention and op of the cases that minimal.c does."""
    columns = on_both(["pack", "unpack"])
    made = Block(("minimal", "version", "conv"), columns, tuple(columns))
    for prefix, numbers in counts.items():
        for (call, version, conv, op), number in zip(keys, numbers, strict=True):
            made.rows.setdefault((f"minimal {call}", version, conv), {})[prefix + op] = number
    return made


def passing(key: tuple[str, str, str]) -> str:
    """What decides how many registers an unpacker has to look at."""
    if key[2] == "smc32":
        return "SMC32"
    return "SMC64 before 1.2" if key[1] in ("1.0", "1.1") else "SMC64 from 1.2 on"


def cell(row: Row, column: str) -> str:
    return f"{row.get(column, '-')}{'*' if row.get(column, 0) > BUDGET.get(column, 1 << 30) else ' '}"


def show(rows: Block, minimal: Block, subjects: list[Subject]) -> None:
    columns = rows.columns[:-1]
    print(f"{'':42}{'aarch64 instructions':^32}{'host instructions':^32}{'bytes':>7}")
    heads = [c.removeprefix("host_").replace("_", " ") for c in columns]
    print(f"{'call':30}{'version':>7} {'':4}" + "".join(f"{h:>8}" for h in heads) + f"{'.text':>7}")
    before = ""
    for (call, version, conv), row in rows.rows.items():
        print(f"{call if call != before else '':31}{version:>4}  {conv[3:]:4}" + "".join(f"{cell(row, c):>8}" for c in columns)
              + (f"{row['text']:>7}" if call != before else ""))
        before = call
    for (call, version, conv), row in minimal.rows.items():
        cells = [row.get(machine + op, "-") for machine in ("", "host_") for op in OPS]
        print(f"{call:31}{version:>4}  {conv[3:]:4}" + "".join(f"{c:>7} " for c in cells))
    print()
    floor = {(s.key, s.version, s.conv): floors(s) for s in subjects}
    for op, budget in BUDGET.items():
        counts = [(row[op], floor[key][op], key) for key, row in rows.rows.items() if op in row]
        over = [(count, least) for count, least, _ in counts if count > budget]
        worst = max((count, key) for count, _, key in counts)
        beyond = sum(least > budget for _, least in over)
        print(f"{op.replace('_', ' '):7} budget {budget}: {len(over)} of {len(counts)} over (*), {beyond} of them even at the floor; "
              f"median {statistics.median(c for c, _, _ in counts):g}, "
              f"{statistics.median(c - least for c, least, _ in counts):g} above the floor; most {worst[0]} ({' '.join(worst[1])})")
    groups: dict[str, list[tuple[int, int]]] = {}
    for key, row in rows.rows.items():
        groups.setdefault(passing(key), []).append((row["unpack"], floor[key]["unpack"]))
    for group, pairs_ in groups.items():
        print(f"  unpack, {group + ':':18} {sum(count > BUDGET['unpack'] for count, _ in pairs_):>3} of {len(pairs_):>3} over; "
              f"median {statistics.median(c for c, _ in pairs_):g}, floor {statistics.median(f for _, f in pairs_):g}")
    wide = [rows.rows[call, "1.2", conv]["unpack"] - rows.rows[call, "1.1", conv]["unpack"]
            for call, version, conv in rows.rows if version == "1.1" and conv == "smc64" and (call, "1.2", conv) in rows.rows]
    print(f"  x8 to x17 in SMC64 from 1.2 on: {statistics.median(wide):g} instructions (median of {len(wide)} calls)")
