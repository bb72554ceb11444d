"""Checks of layouts: which registers and bits an entry states, as what, and that all of them are stated once."""
from __future__ import annotations

from collections import defaultdict

from .checklist import Found, check, entries, layouts, when
from .conditions import condition, split
from .kinds import Kind
from .model import Entry, Layout, Spec
from .slices import Point, clipped, live, pieces, required, universe, width


@check
def one_statement(spec: Spec) -> Found:
    """An entry is reserved, a constant, or a named field of a known type."""
    for _, _, entry in entries(spec):
        place = entry.said.place
        said = (bool(entry.reserved), entry.value is not None, bool(entry.type_name))
        if sum(said) > 1:
            yield place, "reserved, value and a type exclude each other"
        elif not any(said):
            yield place, "a field has a type" if entry.name else "neither reserved, value nor a field"
        elif entry.type_name and entry.kind is None:
            yield place, f"{entry.type_name} is no type"
        elif not entry.reserved and not entry.name:
            yield place, "a field and a constant have a name"
        elif entry.reserved and entry.name:
            yield place, "reserved bits have no name"


@check
def register_list(spec: Spec) -> Found:
    """Registers are all of one width and given upwards; a pair is two neighbours."""
    for _, _, entry in entries(spec):
        parts = [part for text in entry.written for part in text.split("-")]
        numbers = [int(part[1:]) for part in parts]
        text = ", ".join(entry.written)
        if len({part[0] for part in parts}) > 1:
            yield entry.said.place, f"{text}: w and x registers do not mix"
        elif len(entry.written) > 1 and (len(parts) > 2 or numbers[1] != numbers[0] + 1):
            yield entry.said.place, f"{text}: a pair is two neighbouring registers, the lower one first"
        elif numbers != sorted(numbers):
            yield entry.said.place, f"{text}: registers are given upwards"


@check
def bit_span(spec: Spec) -> Found:
    """Bits are given high to low and lie inside the register."""
    for _, _, entry in entries(spec):
        top = 63 if entry.wide else 31
        if not 0 <= entry.lo <= entry.hi <= top:
            yield entry.said.place, f"bits {entry.hi}:{entry.lo} do not lie in {top}:0"


@check
def coverage(spec: Spec) -> Found:
    """Every bit of every register that is passed is stated exactly once, in every version and convention."""
    for call, layout in layouts(spec):
        for point in universe(spec, call, layout):
            stated: dict[int, int] = defaultdict(int)
            whole: dict[int, int] = {}
            for piece in pieces(spec, layout, point):
                twice = stated[piece.reg] & piece.mask
                if twice:
                    yield piece.entry.said.place, f"{bits(twice)} of register {piece.reg} is already stated ({when(spec, [point])})"
                stated[piece.reg] |= piece.mask
                whole[piece.reg] = max(whole.get(piece.reg, 32), width(spec, piece.entry, point))
            for reg in required(spec, layout, point):
                missing = ((1 << whole.get(reg, 32)) - 1) & ~stated[reg]
                if missing:
                    yield layout.said.place, f"{bits(missing)} of register {reg} is not stated ({when(spec, [point])})"


def bits(mask: int) -> str:
    """The first run of a mask in words."""
    lo = (mask & -mask).bit_length() - 1
    hi = lo
    while mask >> (hi + 1) & 1:
        hi += 1
    return f"bit {lo}" if hi == lo else f"bits {hi}:{lo}"


@check
def never_passed(spec: Spec) -> Found:
    """Every register of an entry is passed in some version and convention in which the entry speaks of it."""
    for call, layout in layouts(spec):
        points = universe(spec, call, layout)
        for entry in layout.entries:
            if 0 in entry.regs and layout.as_ != "version":
                yield entry.said.place, "register 0 holds the function id"
            if not points or entry.life.first > entry.life.last:
                continue
            here = [point for point in points if live(entry, point)]
            passed = {reg for point in here for reg in clipped(spec, entry, point)}
            if not here:
                yield entry.said.place, "exists in no version and convention of these registers"
            elif set(entry.regs) - passed:
                yield entry.said.place, f"register {min(set(entry.regs) - passed)} is not passed in any of these versions and conventions"
            elif all(entry.lo >= width(spec, entry, point) for point in here):
                yield entry.said.place, f"bits {entry.hi}:{entry.lo} are not passed in any of these versions and conventions"


@check
def type_fits(spec: Spec) -> Found:
    """A field's type has room for its bits and the registers that the type asks for."""
    for _, _, entry in entries(spec):
        if entry.kind is None:
            continue
        n, kind, place = len(entry.regs), entry.kind, entry.said.place
        if kind.spread == "uuid":
            if not entry.whole or n != (2 if entry.wide else 4):
                yield place, "a UUID takes four w registers or two x registers"
        elif kind.spread == "words":
            if not entry.whole or not entry.wide:
                yield place, "words takes whole x registers"
        elif kind.spread == "bytes":
            if not entry.whole or not entry.wide or not entry.length:
                yield place, "bytes takes whole x registers and a length"
        elif kind.spread == "word":
            if n != 1 or not entry.whole or not entry.wide:
                yield place, f"{kind.name} takes one whole x register"
        elif n == 2:
            if entry.wide or not entry.whole or kind.bits != 64:
                yield place, "two registers make one 64-bit value out of two w registers"
        elif n != 1:
            yield place, f"{kind.name} takes one register"
        elif kind.signed and (entry.wide or not entry.whole):
            yield place, f"{kind.name} takes one whole w register"
        elif kind.bits < entry.hi - entry.lo + 1 <= 64:  # or bit_span says more
            yield place, f"{entry.hi - entry.lo + 1} bits do not fit {kind.name}"


@check
def same_member(spec: Spec) -> Found:
    """Entries of one name in one layout become one member: they agree on its type and never meet."""
    for call, layout in layouts(spec):
        points = universe(spec, call, layout)
        seen: dict[str, list[Entry]] = defaultdict(list)
        for entry in layout.entries:
            if entry.kind is None:
                continue
            for other in seen[entry.name]:
                line = other.said.place.line
                if member_type(other) != member_type(entry):
                    yield entry.said.place, f"{entry.name} has another type than in line {line}"
                    break
                both = [point for point in points if live(entry, point) and live(other, point)]
                if both:
                    yield entry.said.place, f"{entry.name} is already in line {line} ({when(spec, both[:1])})"
                    break
            seen[entry.name].append(entry)


def member_type(entry: Entry) -> tuple[Kind | None, int]:
    return entry.kind, entry.bias


@check
def constants(spec: Spec) -> Found:
    """A constant is one value of one register, at any time: it tells this layout from others."""
    for call, layout in layouts(spec):
        points = universe(spec, call, layout)
        for entry in layout.entries:
            place = entry.said.place
            if entry.value is None and not entry.fid_of:
                continue
            if len(entry.regs) != 1:
                yield place, "a constant takes one register"
            if not all(live(entry, point) for point in points):
                yield place, "a constant holds in all versions and conventions"
            narrow = min((width(spec, entry, point) for point in points), default=64)
            top = min(entry.hi, narrow - 1)
            if entry.value is not None and entry.value >> max(top - entry.lo + 1, 0):
                yield place, f"value {entry.value:#x} does not fit bits {top}:{entry.lo}"
            if entry.fid_of and entry.fid_of in spec.calls:
                target = spec.calls[entry.fid_of]
                if entry.type_name != "function_id" or entry.wide or not entry.whole:
                    yield place, "fid_of is for a whole w register of type function_id"
                if not target.fids:
                    yield place, f"fid_of: {target.key} has no function id of its own"
                elif not call.life.within(target.life):
                    yield place, f"fid_of: {target.key} does not exist in all versions of the call"


@check
def testable(spec: Spec) -> Found:
    """One test of version and convention tells when a statement holds; C has no other way to say it (conditions.py)."""
    for call, layout in layouts(spec):
        everywhere = frozenset(universe(spec, call, layout))
        if not everywhere:
            continue
        found: dict[frozenset[Point], Entry] = {}
        members: dict[str, frozenset[Point]] = defaultdict(frozenset)
        for entry in layout.entries:
            here = frozenset(point for point in everywhere if clipped(spec, entry, point))
            found.setdefault(here, entry)
            if entry.kind is not None:
                members[entry.name] |= here
                found.setdefault(members[entry.name], entry)
        for entry, reserved in reserved_bits(spec, layout, everywhere):
            for points in split(reserved):
                found.setdefault(points, entry)
        blamed = set()
        for points, entry in found.items():
            if points and entry.said.place not in blamed and not has_test(points, everywhere, spec.versions):
                blamed.add(entry.said.place)
                yield entry.said.place, f"no single test of version and convention tells when this holds: {when(spec, points)}"


def reserved_bits(spec: Spec, layout: Layout, points: frozenset[Point]) -> list[tuple[Entry, dict[Point, int]]]:
    """For each register: the bits that have to be zero, by point, and the last entry that says so."""
    masks: dict[int, dict[Point, int]] = defaultdict(dict)
    last: dict[int, Entry] = {}
    for point in sorted(points):
        for piece in pieces(spec, layout, point):
            if piece.entry.reserved:
                masks[piece.reg][point] = masks[piece.reg].get(point, 0) | piece.mask
                last[piece.reg] = piece.entry
    return [(last[reg], at) for reg, at in masks.items()]


def has_test(points: frozenset[Point], everywhere: frozenset[Point], versions: tuple[str, ...]) -> bool:
    try:
        condition(points, everywhere, versions)
    except ValueError:
        return False
    return True
