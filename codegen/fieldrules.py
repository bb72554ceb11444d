"""The rules on fields as checks: what both directions test, what packing tests first, what unpacking tests of biased values."""
from __future__ import annotations

from collections.abc import Iterator

from .codec import LOWER, Check, Member, Planner
from .conditions import Cond, points_of
from .model import Entry, Enum, Rule
from .slices import Point, clipped, width


def runs_of(values: list[int]) -> list[tuple[int, int]]:
    """Sorted values as contiguous ranges."""
    found: list[tuple[int, int]] = []
    for value in sorted(values):
        if found and found[-1][1] == value - 1:
            found[-1] = (found[-1][0], value)
        else:
            found.append((value, value))
    return found


def enum_ranges(planner: Planner, entry: Entry, enum: Enum, points: frozenset[Point]) -> tuple[tuple[Cond, int, int], ...]:
    """The defined encodings as ranges, each with the versions that define it; () when every encoding is defined."""
    by_points: dict[frozenset[Point], list[int]] = {}
    for value in enum.values:
        here = frozenset(p for p in points if p[0] in value.life)
        if here:
            by_points.setdefault(here, []).append(value.value)
    bits = entry.hi - entry.lo + 1
    if sum(len(v) for p, v in by_points.items() if p == points) == 1 << bits:
        return ()
    ranges = []
    for here, values in by_points.items():
        cond = Cond() if here == points else planner.cond(here)
        ranges += [(cond, lo, hi) for lo, hi in runs_of(values)]
    return tuple(ranges)


def entry_checks(planner: Planner, entry: Entry) -> Iterator[Check]:
    """The rules of one entry, in the order of the language page."""
    points = planner.live(entry)
    member, at, cond = planner.members[entry.name], entry.regs[0], planner.cond(planner.live(entry))
    if entry.enum is not None:
        ranges = enum_ranges(planner, entry, entry.enum, points)
        if ranges:
            yield Check("enum", cond, at, member, ranges=ranges, rule="ENUM")
    if entry.min:
        yield Check("min", cond, at, member, (entry.min,), rule="RANGE")
    if isinstance(entry.max, int):
        yield Check("max", cond, at, member, (entry.max,), rule="RANGE")
    elif entry.max:
        yield Check("max_field", cond, at, member, other=planner.members[entry.max], rule="RANGE")
    if entry.multiple_of:
        yield Check("multiple_of", cond, at, member, (entry.multiple_of,), rule="ALIGN")
    if entry.zero_unless:
        name, _, flag = entry.zero_unless.partition(".")
        owner = planner.holes[name][0].flags
        bit = next((1 << b.at for b in owner.bits if b.name == flag), 0) if owner else 0
        yield Check("zero_unless", cond, at, member, (bit,), planner.members[name], flag, rule="MBZ")
    if entry.only_at:
        yield Check("only_at", cond, at, member, (0,), flag=" ".join(entry.only_at), rule="MBZ")
    for bit_ in entry.flags.bits if entry.flags else ():
        if bit_.only_at:
            here = frozenset(p for p in points if p[0] in bit_.life)
            yield Check("only_at", planner.cond(here), at, member, (1 << bit_.at,), flag=" ".join(bit_.only_at), rule="MBZ")


def rule_check(planner: Planner, rule: Rule) -> Check:
    """A rule between two fields; the second one is blamed."""
    first, second = (planner.members[name] for name in rule.fields)
    entry = planner.holes[second.name][0]
    alive = [frozenset(p for e in planner.holes[m.name] for p in planner.live(e)) for m in (first, second)]
    both = alive[0] & alive[1]
    numbers: tuple[int, ...] = ()
    if rule.keyword == "never":
        numbers = tuple(
            next(v.value for v in planner.holes[name][0].enum.values if v.name == value)  # type: ignore[union-attr]
            for name, value in zip(rule.fields, rule.values))
    return Check(rule.keyword, planner.cond(both), entry.regs[0], second, numbers, first, rule="RULE")


def merged(planner: Planner, checks: list[tuple[Check, frozenset[Point]]]) -> list[Check]:
    """Equal checks of several entries become one, at the points of all."""
    by_check: dict[Check, frozenset[Point]] = {}
    for check, points in checks:
        bare = Check(check.kind, Cond(), check.at, check.member, check.numbers, check.other, check.flag, check.ranges,
                     check.rule, check.words)
        by_check[bare] = by_check.get(bare, frozenset()) | points
    return [Check(c.kind, planner.cond(p), c.at, c.member, c.numbers, c.other, c.flag, c.ranges, c.rule, c.words)
            for c, p in by_check.items()]


# The order of the language page, which holds for a member that several entries make, too.
ORDER = ("enum", "min", "max", "max_field", "multiple_of", "zero_unless", "only_at")


def field_checks(planner: Planner) -> tuple[Check, ...]:
    """What both directions test: members in the order of their first entry, then the rules between them."""
    found = []
    for entries in planner.holes.values():
        of_member = [check for entry in entries for check in entry_checks(planner, entry)]
        of_member.sort(key=lambda check: ORDER.index(check.kind))
        found += [(check, points_of(check.cond, planner.all, planner.spec.versions)) for check in of_member]
    checks = merged(planner, found)
    rules = [rule for rule in planner.layout.rules if all(name in planner.members for name in rule.fields)]
    return tuple(checks + [rule_check(planner, rule) for rule in rules])


def overflow_checks(planner: Planner) -> tuple[Check, ...]:
    """A biased value that its member has no room for."""
    found = []
    for entry in planner.layout.entries:
        if entry.kind is not None and planner.live(entry) and entry.bias and entry.hi - entry.lo + 1 >= entry.kind.bits:
            top = (1 << entry.kind.bits) - 1
            cond = planner.cond(planner.live(entry))
            found.append(Check("overflow", cond, entry.regs[0], planner.members[entry.name], (top - entry.bias,), rule="RANGE"))
    return tuple(found)


def fit_checks(planner: Planner) -> tuple[Check, ...]:
    """What packing tests first, member by member: has the version a place for it, and is the place wide enough?"""
    found: list[Check] = []
    for name, member in planner.members.items():
        entries = planner.holes[name]
        kind = entries[0].kind
        assert kind is not None
        if kind.spread == "bytes":
            continue
        at = entries[0].regs[0]
        found += absent(planner, member, at)
        if kind.spread in ("word", "words"):
            found += narrow_words(planner, member, entries, at)
        elif kind.spread == "bits" and entries[0].flags is not None:
            found += unlisted_flags(planner, member, entries[0], at)
            found += narrow_bits(planner, member, entries)
        elif kind.spread == "bits" and len(entries[0].regs) == 1 and not kind.signed:
            found += narrow_bits(planner, member, entries)
        if member.neutral:
            everywhere = frozenset(p for e in entries for p in planner.live(e))
            found.append(Check("min", planner.cond(everywhere), at, member, (member.neutral,), rule="RANGE"))
    return tuple(found)


def absent(planner: Planner, member: Member, at: int) -> Iterator[Check]:
    """Elements that exist at some points only must be neutral at the others."""
    by_points: dict[frozenset[Point], list[int]] = {}
    for index, places in planner.elements(member.name):
        missing = planner.all - frozenset(places)
        if missing:
            by_points.setdefault(missing, []).append(index)
    for points, indexes in by_points.items():
        words = tuple(indexes) if member.count else ()
        yield Check("absent", planner.cond(points), at, member, (member.neutral,), rule="ABSENT", words=words)


def narrow_words(planner: Planner, member: Member, entries: list[Entry], at: int) -> Iterator[Check]:
    """Whole registers are 32 bits wide in SMC32."""
    points = frozenset(p for e in entries for p in planner.live(e) if p[1] == "smc32" or not e.wide)
    if not points:
        return
    count = max(len(clipped(planner.spec, e, p)) for e in entries for p in points)
    words = tuple(range(count)) if member.count else ()
    yield Check("fit", planner.cond(points), at, member, (LOWER,), rule="RANGE", words=words)


def unlisted_flags(planner: Planner, member: Member, entry: Entry, at: int) -> Iterator[Check]:
    """Flags that the version does not list are reserved."""
    assert entry.flags is not None
    by_mask: dict[int, set[Point]] = {}
    for point in planner.live(entry):
        listed = sum(1 << bit.at for bit in entry.flags.bits if point[0] in bit.life)
        by_mask.setdefault(listed, set()).add(point)
    for mask, points in sorted(by_mask.items()):
        rule = entry.flags.reserved.upper()
        yield Check("unlisted", planner.cond(points), at, member, (mask,), rule=rule)


def narrow_bits(planner: Planner, member: Member, entries: list[Entry]) -> Iterator[Check]:
    """A member that is wider than its bits, unless a maximum already says so."""
    by_top: dict[tuple[int, int], set[Point]] = {}
    for entry in entries:
        assert entry.kind is not None
        for point in planner.live(entry):
            bits = min(entry.hi, width(planner.spec, entry, point) - 1) - entry.lo + 1
            top = (1 << bits) - 1 + entry.bias
            if bits < entry.kind.bits and not (isinstance(entry.max, int) and entry.max <= top):
                by_top.setdefault((top, entry.regs[0]), set()).add(point)
    for (top, at), points in by_top.items():
        yield Check("fit", planner.cond(points), at, member, (top,), rule="RANGE")
