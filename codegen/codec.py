"""From a layout to the plan of its packer and unpacker: plain data, every register, mask and name final."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .conditions import ALWAYS, Cond, condition, split
from .model import Call, Entry, Layout, Rule, Spec
from .slices import Point, clipped, live, pieces, required, universe, width

ALL = (1 << 64) - 1
UPPER = ALL ^ 0xFFFFFFFF
LOWER = 0xFFFFFFFF


@dataclass(frozen=True)
class Member:
    """A member of the host structure; count is 0 unless it is an array."""

    name: str
    ctype: str
    count: int
    where: str
    doc: str
    show: str
    neutral: int  # the value that stands for "not in this version"
    signed: bool


@dataclass(frozen=True)
class Where:
    """Bits of the registers that hold one element: form says how they are joined."""

    form: str  # bits | word | pair | uuid_w | uuid_x
    reg: int
    lo: int = 0
    bits: int = 64


@dataclass(frozen=True)
class Slot:
    """One element of a member (index -1: the member itself) and how to load it."""

    member: Member
    index: int
    where: Where
    bias: int = 0


@dataclass(frozen=True)
class Group:
    """Loads that share a condition; otherwise lists the slots that are neutral when it is false."""

    cond: Cond
    slots: tuple[Slot, ...]
    otherwise: tuple[Slot, ...]


@dataclass(frozen=True)
class Term:
    """One part of a register that is packed: a slot, or a constant."""

    cond: Cond
    slot: Slot | None = None
    part: str = ""  # of a pair or UUID: lo | hi | uuid_0 ... uuid_3
    value: int = 0


@dataclass(frozen=True)
class Store:
    reg: int
    terms: tuple[Term, ...]


@dataclass(frozen=True)
class Masked:
    """Registers of one mask under one condition, for the fast test."""

    mask: int
    regs: tuple[int, ...]


@dataclass(frozen=True)
class Refused:
    cond: Cond
    parts: tuple[Masked, ...]
    narrow: tuple[int, ...]  # x registers, of which SMC32 passes the lower half
    sbz: bool  # nothing but bits that should be zero, which a waiver lets us skip


@dataclass(frozen=True)
class Refuse:
    """One step of the slow test, which names the register."""

    cond: Cond
    first: int
    last: int
    upper: str  # none | all | narrow
    mask: int
    rule: str
    field: str


@dataclass(frozen=True)
class Key:
    """A register holds a constant."""

    reg: int
    mask: int
    value: int
    field: str


@dataclass(frozen=True)
class KeyIds:
    """A member is one of the function ids of a call."""

    reg: int
    member: Member
    ids: tuple[tuple[Cond, str], ...]  # call and convention as names.fid wants them
    call: str


@dataclass(frozen=True)
class Check:
    """A rule on the members; kind names its C form and its line of reference semantics."""

    kind: str
    cond: Any  # a Cond, or in a descriptor a record.Use
    at: int
    member: Member
    numbers: tuple[int, ...] = ()
    other: Member | None = None
    flag: str = ""
    ranges: tuple[tuple[Any, int, int | None], ...] = ()  # None: up to the greatest value that the bits have
    rule: str = ""
    words: tuple[int, ...] = ()
    bytes_: bool = False


@dataclass(frozen=True)
class Text:
    """A member of characters, counted by another member."""

    member: Member
    length: Member
    reg: int
    cond: Cond


@dataclass(frozen=True)
class Codec:
    """Everything a template needs to print one packer and one unpacker."""

    call: Call
    part: str  # "" for a request, success or error
    layout: Layout
    points: tuple[Point, ...]
    convs: tuple[str, ...]
    first: str  # versions of its life
    last: str
    late: tuple[tuple[str, str], ...]  # convention -> version from which on it exists
    members: tuple[Member, ...]
    keys: tuple[Key, ...]
    key_ids: tuple[KeyIds, ...]
    refused: tuple[Refused, ...]
    refuse: tuple[Refuse, ...]
    groups: tuple[Group, ...]
    texts: tuple[Text, ...]
    overflow: tuple[Check, ...]  # unpacking a biased value
    fits: tuple[Check, ...]  # packing: what the wire has no room for
    checks: tuple[Check, ...]  # both directions
    stores: tuple[Store, ...]
    fid: str  # the call whose id register 0 holds; "" when none

    @property
    def both(self) -> bool:
        return len(self.convs) > 1


class Planner:
    """Plans one layout of one call."""

    def __init__(self, spec: Spec, call: Call, layout: Layout, part: str) -> None:
        self.spec, self.call, self.layout, self.part = spec, call, layout, part
        self.points = universe(spec, call, layout)
        self.all = frozenset(self.points)
        self.pieces = {point: pieces(spec, layout, point) for point in self.points}
        self.wide = {point: [(clipped(spec, entry, point), entry.wide) for entry in layout.entries] for point in self.points}
        self.members: dict[str, Member] = {}
        self.holes: dict[str, list[Entry]] = {}
        for entry in layout.entries:
            if (entry.kind is not None or entry.fid_of) and self.live(entry):
                self.holes.setdefault(entry.name, []).append(entry)
        for name, entries in self.holes.items():
            self.members[name] = self.member(name, entries)

    def cond(self, points: set[Point] | frozenset[Point]) -> Cond:
        return condition(frozenset(points), self.all, self.spec.versions)

    def live(self, entry: Entry) -> frozenset[Point]:
        return frozenset(p for p in self.points if clipped(self.spec, entry, p))

    def member(self, name: str, entries: list[Entry]) -> Member:
        kind = entries[0].kind
        assert kind is not None
        count = 0
        if kind.spread == "words":
            count = max(len(clipped(self.spec, e, p)) for e in entries for p in self.points)
        elif kind.spread == "bytes":
            count = max(len(clipped(self.spec, e, p)) * width(self.spec, e, p) // 8 for e in entries for p in self.points)
        doc = next((e.said.doc for e in entries if e.said.doc), "")
        return Member(name, kind.ctype, count, where_text(entries[0]), doc, kind.show, entries[0].bias, kind.signed)

    # -- where each element is --------------------------------------------------------------------------------------

    def element(self, entry: Entry, point: Point, index: int) -> Where | None:
        """The registers of one element of the entry there, or None."""
        assert entry.kind is not None
        regs = clipped(self.spec, entry, point)
        spread = entry.kind.spread
        if not regs or spread == "bytes":
            return None
        if spread == "words":
            return Where("word", regs[index]) if index < len(regs) else None
        if spread == "word":
            return Where("word", regs[0])
        if spread == "uuid":
            return Where("uuid_x" if entry.wide else "uuid_w", regs[0])
        if len(regs) == 2:
            return Where("pair", regs[0])
        top = width(self.spec, entry, point) - 1
        hi = min(entry.hi, top, entry.lo + entry.kind.bits - 1)
        return Where("bits", regs[0], entry.lo, hi - entry.lo + 1)

    def elements(self, name: str) -> list[tuple[int, dict[Point, Where]]]:
        """For each element of a member: where it is, at the points where it is."""
        member = self.members[name]
        found = []
        for index in range(member.count) if member.count else (-1,):
            places = {}
            for entry in self.holes[name]:
                for point in self.points:
                    where = self.element(entry, point, max(index, 0))
                    if where is not None:
                        places[point] = where
            found.append((index, places))
        return found

    def loads(self) -> tuple[Group, ...]:
        groups: list[Group] = []

        def add(cond: Cond, slots: tuple[Slot, ...], otherwise: tuple[Slot, ...]) -> None:
            if groups and groups[-1].cond == cond:
                last = groups.pop()
                groups.append(Group(cond, last.slots + slots, last.otherwise + otherwise))
            else:
                groups.append(Group(cond, slots, otherwise))

        for name, member in self.members.items():
            if member.show == "BYTES":
                continue
            for index, places in self.elements(name):
                wheres = list(dict.fromkeys(places.values()))
                for i, where in enumerate(wheres):
                    points = frozenset(p for p, w in places.items() if w == where)
                    slot = Slot(member, index, where, member.neutral)
                    cond = self.cond(points)
                    if len(wheres) > 1 and i > 0:
                        groups.append(Group(cond, (slot,), ()))
                    else:
                        add(cond, (slot,), () if cond.always else (slot,))
        return tuple(groups)

    # -- what is refused ---------------------------------------------------------------------------------------------

    def reserved_mask(self, entry: Entry, point: Point, full: int) -> int:
        """The bits of the entry that have to be zero there."""
        if entry.reserved:
            return full
        if entry.flags is not None:
            listed = sum(1 << (bit.at + entry.lo) for bit in entry.flags.bits if point[0] in bit.life)
            return full & ~listed
        return 0

    def first_register(self) -> int:
        return 0 if self.layout.as_ == "version" else 1

    def upper_of(self, reg: int, point: Point) -> str:
        """Which upper bits of a register are not passed: none, all, or narrow (by convention)."""
        wide = [wide for regs, wide in self.wide[point] if reg in regs]
        if not wide or not any(wide):
            return "all"
        convs = {conv for at, conv in self.points if reg < self.spec.passed[conv][at]}
        return "none" if convs == {"smc64"} else "all" if convs == {"smc32"} else "narrow"

    def fast(self) -> tuple[Refused, ...]:
        masks: dict[int, dict[Point, int]] = {}
        narrow: dict[int, set[Point]] = {}
        should: dict[int, set[Point]] = {}  # registers that are reserved as a whole and should be zero
        for point in self.points:
            regs = required(self.spec, self.layout, point)
            if self.layout.as_ != "version":
                masks.setdefault(0, {})[point] = UPPER
            for reg in regs:
                upper = self.upper_of(reg, point)
                masks.setdefault(reg, {})[point] = UPPER if upper == "all" else 0
                if upper == "narrow":
                    narrow.setdefault(reg, set()).add(point)
            for piece in self.pieces[point]:
                full = self.reserved_mask(piece.entry, point, piece.mask)
                if piece.entry.reserved and piece.entry.wide and piece.entry.whole:
                    full = ALL
                    narrow.get(piece.reg, set()).discard(point)
                    if piece.entry.reserved == "sbz":
                        should.setdefault(piece.reg, set()).add(point)
                masks[piece.reg][point] |= full
        by_cond: dict[tuple[Cond, bool], dict[int, list[int]]] = {}
        for reg, at in sorted(masks.items()):
            for points, bits in split(at).items():
                if points:
                    sbz = bits == ALL and points <= should.get(reg, set())
                    by_cond.setdefault((self.cond(points), sbz), {}).setdefault(bits, []).append(reg)
        narrow_by: dict[tuple[Cond, bool], list[int]] = {}
        for reg, points_ in sorted(narrow.items()):
            if points_:
                narrow_by.setdefault((self.cond(points_), False), []).append(reg)
        conds = sorted({*by_cond, *narrow_by}, key=lambda k: (k[1], not k[0].always, k[0].since, k[0].below, k[0].conv))
        return tuple(
            Refused(key[0], tuple(Masked(mask, tuple(regs)) for mask, regs in sorted(by_cond.get(key, {}).items(), reverse=True)),
                    tuple(narrow_by.get(key, ())), key[1])
            for key in conds)

    def slow(self) -> tuple[Refuse, ...]:
        """Register by register: first the width, then reserved bits in the order of the entries."""
        steps: dict[int, list[Refuse]] = {}
        last = max(max(required(self.spec, self.layout, p)) for p in self.points)
        if self.layout.as_ != "version":
            steps[0] = [Refuse(ALWAYS, 0, 0, "all", 0, "MBZ", "reserved")]
        for reg in range(self.first_register(), last + 1):
            here = [p for p in self.points if reg in required(self.spec, self.layout, p)]
            uppers: dict[str, set[Point]] = {}
            for point in here:
                uppers.setdefault(self.upper_of(reg, point), set()).add(point)
            reserved = self.reserved_lines(reg, here)
            lines: list[Refuse] = []
            for upper, points in uppers.items():
                if upper == "none":
                    continue
                cond = self.cond(points)
                if reserved and reserved[0].cond == cond:
                    head = reserved.pop(0)
                    lines.append(Refuse(cond, reg, reg, upper, head.mask, head.rule, head.field))
                else:
                    lines.append(Refuse(cond, reg, reg, upper, 0, "MBZ", "reserved"))
            steps[reg] = lines + reserved
        return tuple(runs(steps))

    def reserved_lines(self, reg: int, here: list[Point]) -> list[Refuse]:
        masks: dict[tuple[str, str], dict[Point, int]] = {}
        for point in here:
            for piece in self.pieces[point]:
                mask = self.reserved_mask(piece.entry, point, piece.mask)
                if piece.reg != reg or not mask:
                    continue
                entry = piece.entry
                rule = (entry.reserved or (entry.flags.reserved if entry.flags else "")).upper()
                key = (rule, "reserved" if entry.reserved else entry.name)
                if entry.reserved and entry.wide and entry.whole and self.upper_of(reg, point) != "none":
                    mask &= LOWER if point[1] == "smc32" else ALL
                at = masks.setdefault(key, {})
                at[point] = at.get(point, 0) | mask
        lines = []
        for (rule, name), at in masks.items():
            for points, bits in split(at).items():
                if points:
                    lines.append(Refuse(self.cond(points), reg, reg, "none", bits, rule, name))
        return lines

    # -- constants, rules, stores ------------------------------------------------------------------------------------

    def keys(self) -> tuple[Key, ...]:
        by_reg: dict[int, Key] = {}
        for entry in self.layout.entries:
            if entry.value is None:
                continue
            hi = min(entry.hi, 31 if not entry.wide else 63)
            mask = ((1 << (hi - entry.lo + 1)) - 1) << entry.lo
            old = by_reg.get(entry.regs[0], Key(entry.regs[0], 0, 0, entry.name))
            by_reg[old.reg] = Key(old.reg, old.mask | mask, old.value | entry.value << entry.lo, old.field)
        return tuple(by_reg.values())

    def key_ids(self) -> tuple[KeyIds, ...]:
        found = []
        for entry in self.layout.entries:
            if not entry.fid_of:
                continue
            target = self.spec.calls[entry.fid_of]
            ids = []
            for conv in target.fids:
                points = frozenset(p for p in self.points if target.fid(conv, p[0]) is not None)
                if points:
                    ids.append((self.cond(points), conv))
            found.append(KeyIds(entry.regs[0], self.members[entry.name], tuple(ids), entry.fid_of))
        return tuple(found)

    def stores(self) -> tuple[Store, ...]:
        terms: dict[int, dict[Term, set[Point]]] = {}
        for name, member in self.members.items():
            if member.show == "BYTES":
                continue
            for index, places in self.elements(name):
                for point, where in places.items():
                    slot = Slot(member, index, where, member.neutral)
                    for reg, part in parts(where):
                        terms.setdefault(reg, {}).setdefault(Term(ALWAYS, slot, part), set()).add(point)
        for entry in self.layout.entries:
            if entry.value is not None:
                term = Term(ALWAYS, None, "", entry.value << entry.lo)
                terms.setdefault(entry.regs[0], {}).setdefault(term, set()).update(self.live(entry))
        stores = []
        for reg in range(self.first_register(), 18):
            found = []
            for term, points in terms.get(reg, {}).items():
                elsewhere = self.elsewhere(term, reg)
                cond = ALWAYS if not elsewhere else self.cond(points)
                found.append(Term(cond, term.slot, term.part, term.value))
            stores.append(Store(reg, tuple(found)))
        return tuple(stores)

    def elsewhere(self, term: Term, reg: int) -> bool:
        """Is the element, where it is not in these bits, somewhere else?  (If it is nowhere, it is zero there.)"""
        if term.slot is None:
            return False
        for index, places in self.elements(term.slot.member.name):
            if index == term.slot.index:
                return any((reg, term.part) not in parts(w) or w.lo != term.slot.where.lo for w in places.values())
        return False


def parts(where: Where) -> tuple[tuple[int, str], ...]:
    """Which register takes which part of the element."""
    if where.form == "pair":
        return ((where.reg, "lo"), (where.reg + 1, "hi"))
    if where.form == "uuid_x":
        return ((where.reg, "uuid_lo"), (where.reg + 1, "uuid_hi"))
    if where.form == "uuid_w":
        return tuple((where.reg + i, f"uuid_{i}") for i in range(4))
    return ((where.reg, ""),)


def runs(steps: dict[int, list[Refuse]]) -> list[Refuse]:
    """Steps of neighbouring registers that say the same become one."""
    merged: list[Refuse] = []
    for reg in sorted(steps):
        for step in steps[reg]:
            last = merged[-1] if merged else None
            same = last is not None and len(steps[reg]) == 1 and last.last == reg - 1 and len(steps[reg - 1]) == 1
            if same and last is not None and (last.cond, last.upper, last.mask, last.rule, last.field) == (
                    step.cond, step.upper, step.mask, step.rule, step.field):
                merged[-1] = Refuse(last.cond, last.first, reg, last.upper, last.mask, last.rule, last.field)
            else:
                merged.append(step)
    return merged


def where_text(entry: Entry) -> str:
    """The registers of an entry as a person writes them."""
    letter = "x" if entry.wide else "w"
    text = f"{letter}{entry.regs[0]}" + (f"-{letter}{entry.regs[-1]}" if len(entry.regs) > 1 else "")
    if not entry.whole:
        text += f"[{entry.hi}]" if entry.hi == entry.lo else f"[{entry.hi}:{entry.lo}]"
    return text


def plan(spec: Spec, call: Call, layout: Layout, part: str) -> Codec:
    """The codec of a layout: part is "" for the request, or success or error."""
    from .fieldrules import field_checks, fit_checks, overflow_checks  # the rules stand in a file of their own

    planner = Planner(spec, call, layout, part)
    convs = tuple(c for c in ("smc32", "smc64") if any(p[1] == c for p in planner.points))
    first = {conv: min(p[0] for p in planner.points if p[1] == conv) for conv in convs}
    begin, end = min(p[0] for p in planner.points), max(p[0] for p in planner.points)
    late = tuple((conv, spec.versions[v]) for conv, v in first.items() if v > begin)
    checks = field_checks(planner)
    texts = []
    for name, member in planner.members.items():
        if member.show == "BYTES":
            for entry in planner.holes[name]:
                texts.append(Text(member, planner.members[entry.length], entry.regs[0], planner.cond(planner.live(entry))))
    fid = {"": call.carrier or call.key, "success": "success", "error": ""}[part]
    return Codec(
        call, part, layout, planner.points, convs, spec.versions[begin], spec.versions[end], late,
        tuple(planner.members.values()), planner.keys(), planner.key_ids(), planner.fast(), planner.slow(),
        planner.loads(), tuple(texts), overflow_checks(planner), fit_checks(planner), checks, planner.stores(),
        "" if layout.as_ == "version" else fid)


__all__ = ["Codec", "Planner", "plan", "Rule", "live"]
