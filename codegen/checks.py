"""What the shape cannot say.  One function a check; its name is the check's, and tests/bad-spec/ has a file of that name."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

from .model import Call, Entry, Enum, FlagSet, Layout, Life, Said, Spec
from .names import RESERVED_WORDS
from .problems import Place, Problem
from .slices import pieces, required, universe, width

Found = Iterator[tuple[Place, str]]
CHECKS: dict[str, Callable[[Spec], Found]] = {}


def check(function: Callable[[Spec], Found]) -> Callable[[Spec], Found]:
    CHECKS[function.__name__] = function
    return function


def run(spec: Spec) -> list[Problem]:
    """Every problem of the description, in file order."""
    problems = [Problem(name, place, what) for name, function in CHECKS.items() for place, what in function(spec)]
    unique = {(p.place.file, p.place.line, p.what): p for p in problems}
    return sorted(unique.values(), key=lambda p: (p.place.file, p.place.line))


def layouts(spec: Spec) -> Iterator[tuple[Call, Layout]]:
    for call in spec.calls.values():
        for layout in (call.request, call.success, call.error):
            if layout is not None:
                yield call, layout


def entries(spec: Spec) -> Iterator[tuple[Call, Layout, Entry]]:
    for call, layout in layouts(spec):
        for entry in layout.entries:
            yield call, layout, entry


def enums(spec: Spec) -> Iterator[Enum]:
    for chapter in spec.chapters:
        yield from chapter.enums


def flag_sets(spec: Spec) -> Iterator[FlagSet]:
    for chapter in spec.chapters:
        yield from chapter.flags


def field_names(layout: Layout) -> set[str]:
    return {entry.name for entry in layout.entries if entry.kind is not None}


@check
def chapter_name(spec: Spec) -> Found:
    """A chapter is called as its file."""
    for chapter in spec.chapters:
        file = chapter.file.rsplit("/", 1)[-1].removesuffix(".yaml")
        if "/" in chapter.file and chapter.key != file:
            yield chapter.place, f"the chapter is called {chapter.key}, its file {file}.yaml"


@check
def duplicate_call(spec: Spec) -> Found:
    """A call is described once."""
    seen: dict[str, Place] = {}
    for chapter in spec.chapters:
        for call in chapter.calls:
            if call.key in seen:
                first = seen[call.key]
                yield call.said.place, f"the call is already described in {first.file}:{first.line}"
            seen.setdefault(call.key, call.said.place)


@check
def function_ids(spec: Spec) -> Found:
    """Ids are of the FF-A range, carry their convention in bit 30, and belong to one call."""
    seen: dict[int, str] = {}
    for call in spec.calls.values():
        if call.carrier and call.fids:
            yield call.said.place, "a carried message has no function id of its own"
        if not call.carrier and not call.fids:
            yield call.said.place, "the call has neither a function id nor a carrier"
        numbers = set()
        for conv, given in call.fids.items():
            for _, fid in given:
                numbers.add(fid & 0xFFFF)
                if not 0 <= fid - spec.fid_first[conv] < spec.fid_count:
                    yield call.said.place, f"{fid:#010x} is no {conv.upper()} function id of FF-A"
                if seen.setdefault(fid, call.key) != call.key:
                    yield call.said.place, f"{fid:#010x} already belongs to {seen[fid]}"
        if len(numbers) > 1:
            yield call.said.place, "the function numbers of the two conventions differ"


@check
def unknown_name(spec: Spec) -> Found:
    """Calls, fields, types and error codes that are named exist."""
    codes = {e.name.upper() for e in (*spec.status.values, *spec.smccc_status.values)}
    for call in spec.calls.values():
        if call.carrier and (call.carrier not in spec.calls or spec.calls[call.carrier].carrier):
            yield call.said.place, f"the carrier {call.carrier} is no call"
        for reply in call.replies:
            if reply.call not in spec.calls:
                yield reply.place, f"{reply.call} is no call"
        for meaning in call.meanings:
            if meaning.code not in codes:
                yield meaning.said.place, f"{meaning.code} is no error code"
        if call.buffer and call.buffer.length and call.buffer.length not in field_names(call.request):
            yield call.said.place, f"the request has no field {call.buffer.length}"
    for call, layout, entry in entries(spec):
        names = field_names(layout)
        place = entry.said.place
        if entry.fid_of and entry.fid_of not in spec.calls:
            yield place, f"{entry.fid_of} is no call"
        if isinstance(entry.max, str) and entry.max not in names:
            yield place, f"max: the layout has no field {entry.max}"
        if entry.length and entry.length not in names:
            yield place, f"length: the layout has no field {entry.length}"
        if entry.zero_unless:
            name, _, flag = entry.zero_unless.partition(".")
            owner = next((e for e in layout.entries if e.name == name and e.kind), None)
            if owner is None:
                yield place, f"zero_unless: the layout has no field {name}"
            elif flag and (owner.flags is None or flag not in {b.name for b in owner.flags.bits}):
                yield place, f"zero_unless: {name} has no flag {flag}"
    for call, layout in layouts(spec):
        for rule in layout.rules:
            for i, name in enumerate(rule.fields):
                owner = next((e for e in layout.entries if e.name == name and e.kind), None)
                if owner is None:
                    yield rule.place, f"{rule.keyword}: the layout has no field {name}"
                elif rule.values and (owner.enum is None or rule.values[i] not in {v.name for v in owner.enum.values}):
                    yield rule.place, f"{rule.keyword}: {name} has no enumerator {rule.values[i]}"


@check
def one_statement(spec: Spec) -> Found:
    """An entry is reserved, a constant, or a named field of a known type."""
    for _, _, entry in entries(spec):
        field = entry.kind is not None or bool(entry.fid_of)
        said = [bool(entry.reserved), entry.value is not None, field]
        if sum(said) != 1:
            if not any(said):
                yield entry.said.place, "the type is missing or unknown" if entry.name else "neither reserved, value nor a field"
            else:
                yield entry.said.place, "reserved, value and a type exclude each other"
        elif not entry.reserved and not entry.name:
            yield entry.said.place, "a field and a constant have a name"
        elif entry.reserved and entry.name:
            yield entry.said.place, "reserved bits have no name"


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
            where = f"version {spec.versions[point[0]]}, {point[1].upper()}"
            stated: dict[int, int] = defaultdict(int)
            whole: dict[int, int] = {}
            for piece in pieces(spec, layout, point):
                twice = stated[piece.reg] & piece.mask
                if twice:
                    yield piece.entry.said.place, f"{bits(twice)} of register {piece.reg} is already stated ({where})"
                stated[piece.reg] |= piece.mask
                whole[piece.reg] = max(whole.get(piece.reg, 32), width(spec, piece.entry, point))
            for reg in required(spec, layout, point):
                missing = ((1 << whole.get(reg, 32)) - 1) & ~stated[reg]
                if missing:
                    yield layout.said.place, f"{bits(missing)} of register {reg} is not stated ({where})"


def bits(mask: int) -> str:
    """The first run of a mask in words."""
    lo = (mask & -mask).bit_length() - 1
    hi = lo
    while mask >> (hi + 1) & 1:
        hi += 1
    return f"bit {lo}" if hi == lo else f"bits {hi}:{lo}"


@check
def type_fits(spec: Spec) -> Found:
    """A field's type has room for its bits and the registers that the type asks for."""
    for _, _, entry in entries(spec):
        if entry.kind is None:
            continue
        n, place = len(entry.regs), entry.said.place
        if entry.kind.spread == "uuid":
            if not entry.whole or n != (2 if entry.wide else 4):
                yield place, "a UUID takes four w registers or two x registers"
        elif entry.kind.spread in ("words", "bytes"):
            if not entry.whole or (entry.kind.spread == "bytes" and not entry.length):
                yield place, f"{entry.kind.name} takes whole registers" + (" and a length" if entry.kind.spread == "bytes" else "")
        elif entry.kind.spread == "word":
            if n != 1 or not entry.whole or not entry.wide:
                yield place, f"{entry.kind.name} takes one whole x register"
        elif n == 2:
            if entry.wide or not entry.whole or entry.kind.bits != 64:
                yield place, "two registers make one 64-bit value out of two w registers"
        elif n != 1:
            yield place, f"{entry.kind.name} takes one register"
        elif entry.hi - entry.lo + 1 > entry.kind.bits and not (entry.whole and entry.wide and entry.kind.bits == 32):
            yield place, f"{entry.hi - entry.lo + 1} bits do not fit {entry.kind.name}"


@check
def same_member(spec: Spec) -> Found:
    """Entries of one name in one layout become one member: they agree on its type."""
    for _, layout in layouts(spec):
        seen: dict[str, Entry] = {}
        for entry in layout.entries:
            if entry.kind is None:
                continue
            first = seen.setdefault(entry.name, entry)
            assert first.kind is not None
            if (first.kind.ctype, first.kind.spread, first.bias) != (entry.kind.ctype, entry.kind.spread, entry.bias):
                yield entry.said.place, f"{entry.name} has another type than in line {first.said.place.line}"


@check
def life_span(spec: Spec) -> Found:
    """Nothing outlives its owner, and nothing ends before it begins."""

    def judge(said: Said, life: Life, owner: Life, of: str) -> Found:
        if life.first > life.last:
            yield said.place, "until is before since"
        elif not life.within(owner):
            yield said.place, f"exists in versions in which {of} does not"

    always = Life(0, len(spec.versions) - 1)
    for enum in enums(spec):
        for value in enum.values:
            yield from judge(value.said, value.life, always, "the specification")
    for flags in flag_sets(spec):
        for bit in flags.bits:
            yield from judge(bit.said, bit.life, always, "the specification")
    for call in spec.calls.values():
        owner = spec.carrier_of(call).life if call.carrier else always
        yield from judge(call.said, call.life, owner, "its carrier" if call.carrier else "the specification")
        for meaning in call.meanings:
            yield from judge(meaning.said, meaning.life, call.life, "the call")
        for layout in (call.request, call.success, call.error):
            for entry in layout.entries if layout else ():
                yield from judge(entry.said, entry.life, call.life, "the call")


@check
def enumerators(spec: Spec) -> Found:
    """Values are unique and fit the bits of every field of the type."""
    for enum in enums(spec):
        seen: dict[int, str] = {}
        for value in enum.values:
            if seen.setdefault(value.value, value.name) != value.name:
                yield value.said.place, f"{value.value} is already {seen[value.value]}"
    for _, _, entry in entries(spec):
        if entry.enum is None or entry.enum.signed:
            continue
        for value in entry.enum.values:
            if value.value >> (entry.hi - entry.lo + 1):
                yield entry.said.place, f"{value.name} = {value.value} does not fit bits {entry.hi}:{entry.lo}"


@check
def flag_bits(spec: Spec) -> Found:
    """Flags have a bit each, inside every field of the type."""
    for flags in flag_sets(spec):
        seen: dict[tuple[int, int], str] = {}
        for bit in flags.bits:
            for version in range(bit.life.first, bit.life.last + 1):
                if seen.setdefault((bit.at, version), bit.name) != bit.name:
                    yield bit.said.place, f"bit {bit.at} is already {seen[bit.at, version]}"
    for _, _, entry in entries(spec):
        for bit in entry.flags.bits if entry.flags else ():
            if bit.at > entry.hi - entry.lo:
                yield entry.said.place, f"flag {bit.name} (bit {bit.at}) does not fit bits {entry.hi}:{entry.lo}"


@check
def bounds(spec: Spec) -> Found:
    """A minimum and a maximum that a value of the field can meet."""
    for _, _, entry in entries(spec):
        if entry.kind is None:
            continue
        top = 1 << (64 if entry.wide and entry.whole or len(entry.regs) > 1 else entry.hi - entry.lo + 1)
        limit = entry.max if isinstance(entry.max, int) else top - 1
        if entry.min is not None and entry.min > limit:
            yield entry.said.place, f"min {entry.min} is above {limit}"
        if isinstance(entry.max, int) and entry.max >= top:
            yield entry.said.place, f"max {entry.max} does not fit the field"


@check
def uncertain(spec: Spec) -> Found:
    """What is not certain says why; what only an alpha version has is marked."""
    alpha = min(spec.versions.index(v) for v in spec.alpha) if spec.alpha else len(spec.versions)
    for said, life, what, above in statements(spec):
        if said.status == "unconfirmed" and not (said.note or above):
            yield said.place, "status: unconfirmed needs a note that says what is uncertain"
        if what == "call" and life.first >= alpha and not said.status:
            yield said.place, f"exists only from version {spec.versions[alpha]} on: status: alpha is missing"


def statements(spec: Spec) -> Iterator[tuple[Said, Life, str, str]]:
    """Everything that can be uncertain, with the note of what it is part of."""
    for call in spec.calls.values():
        yield call.said, call.life, "call", ""
        for meaning in call.meanings:
            yield meaning.said, meaning.life, "error", ""
        for layout in (call.request, call.success, call.error):
            for entry in layout.entries if layout else ():
                assert layout is not None
                yield entry.said, entry.life, "entry", layout.said.note or call.said.note


@check
def c_names(spec: Spec) -> Found:
    """Names make distinct C identifiers and are no reserved words."""
    owners: dict[str, str] = {}
    for kind, name, place in named(spec):
        if name in RESERVED_WORDS:
            yield place, f"{name} is a reserved word of C or C++"
        if kind != "field":
            key = name.upper()
            if owners.setdefault(key, kind + name) != kind + name:
                yield place, f"another object is already called {name}"


def named(spec: Spec) -> Iterator[tuple[str, str, Place]]:
    for chapter in spec.chapters:
        for enum in chapter.enums:
            yield f"enum of {chapter.key} ", enum.name, enum.said.place
        for flags in chapter.flags:
            yield f"flags of {chapter.key} ", flags.name, flags.said.place
    for call in spec.calls.values():
        yield "call ", call.key, call.said.place
    for table in spec.descriptors.values():
        yield "descriptor ", table.key, table.said.place
    for _, _, entry in entries(spec):
        if entry.name:
            yield "field", entry.name, entry.said.place


@check
def identified(spec: Spec) -> Found:
    """A carried message is told from others by constants; only the last of its carrier may have none."""
    by_carrier: dict[str, list[Call]] = defaultdict(list)
    for call in spec.calls.values():
        if call.carrier:
            by_carrier[call.carrier].append(call)
    for family in by_carrier.values():
        for call in family[:-1]:
            if not any(e.value is not None or e.fid_of for e in call.request.entries):
                yield call.said.place, "no constant identifies the message"

