"""C against the reference codec at the edges: the first and the last bit of every statement, each limit and its neighbours.

test_differential.py asks at random; here every statement is met at every version and convention, alone and behind waived bits.
tests/mutation/ measures what is still missed.
"""
from __future__ import annotations

import random
from collections.abc import Iterator

import codec
import pytest
from test_differential import REF, SPEC, expected_unpack, flat, got_unpack, guess, legal, parts, waive_mask

from codegen.model import Call, Entry, Layout
from codegen.ref import Context, Refused, Value, Values
from codegen.slices import Point, clipped, live, pieces, universe

NONE: frozenset[str] = frozenset()
AS_SPECIFIED = frozenset({"WIDTH", "SBZ"})
ALL = frozenset({"WIDTH", "SBZ", "MBZ", "ENUM", "CONV"})
U64 = (1 << 64) - 1
Line = tuple[str, tuple[object, ...]]


UNKNOWN = (0, 0xFFFF, 0x10004, 0x20000)  # versions that nobody speaks


def plain(layout: Layout, entry: Entry, version: int) -> Value:
    """The smallest value that the field may have."""
    assert entry.kind is not None
    if entry.kind.spread in ("words", "bytes"):
        return [0] * (REF.array(layout, REF.members(layout)[entry.name]) * (8 if entry.kind.spread == "bytes" else 1))
    if entry.kind.spread == "uuid":
        return (0, 0)
    if entry.fid_of:
        return next(fid for given in SPEC.calls[entry.fid_of].fids.values() for _, fid in given)
    lowest = min(value.value & (1 << entry.kind.bits) - 1 for value in entry.enum.values if version in value.life) if entry.enum else 0
    return max(entry.min or 0, lowest, entry.bias)


def packed(call: Call, part: str, point: Point, values: Values) -> list[int] | None:
    try:
        if part == "request":
            return REF.pack_request(call.key, Context(point[0]), point[1], values)
        return REF.pack_reply(call.key, Context(point[0]), point[1], part, values)
    except Refused:
        return None


def live_now(layout: Layout, point: Point) -> dict[str, Entry]:
    return {e.name: e for e in reversed(layout.entries) if e.kind is not None and live(e, point) and clipped(SPEC, e, point)}


def smallest(call: Call, part: str, layout: Layout, point: Point) -> Values | None:
    """Legal values with as few bits as possible; any that are legal, where zero is not."""
    rng, here = random.Random(f"edges {call.key} {part} {point}"), live_now(layout, point)
    values = {name: plain(layout, here.get(name, entries[0]), point[0]) for name, entries in REF.members(layout).items()}
    for name, entry in here.items():
        if isinstance(entry.max, str):
            values[entry.max] = values[name]
    if packed(call, part, point, values) is None:  # a member that the version does not have is neutral
        values |= {name: REF.neutral(layout, entries) for name, entries in REF.members(layout).items() if name not in here}
    if part != "error" and packed(call, part, point, values) is None:  # zero is not legal: any values that are
        x = legal(rng, call, part, layout, Context(point[0]), point[1])
        assert x is not None
        values = REF.unpack_request(call.key, Context(point[0]), x) if part == "request" else REF.unpack_reply(call.key, Context(point[0]), point[1], x)[1]
    if packed(call, part, point, values) is None:
        assert part == "error" and point[1] == "smc64" and point[0] < 3, (call.key, part, point)  # FFA_ERROR has no such id there
        return None
    return values


def legal_values(call: Call, part: str, layout: Layout, point: Point) -> Values | None:
    """The smallest, of which as many as possible are replaced by others, member by member; an array is filled to its end."""
    rng, here = random.Random(f"values {call.key} {part} {point}"), live_now(layout, point)
    values = smallest(call, part, layout, point)
    for name in [*values, *values] if values is not None else ():
        if name not in here:
            continue
        guesses = [guess(rng, layout, here[name], REF.members(layout)[name]) for _ in range(4)]
        if isinstance(values[name], list) and here[name].kind.spread == "words":
            guesses = [[rng.getrandbits(bits) | 1 for _ in range(len(clipped(SPEC, here[name], point)))] + [0] * 18 for bits in (64, 32)] + guesses
            guesses = [g[:len(values[name])] for g in guesses]
        for new in guesses:
            other = {**values, name: new}
            if new != values[name] and new not in (0, (0, 0)) and packed(call, part, point, other) is not None:
                values = other
                break
    return values


def edge_bits(layout: Layout, point: Point) -> list[tuple[int, int]]:
    """Register and bit: where statements begin and end, the neighbours of flags, the edges of every register."""
    found = {(reg, bit) for reg in range(18) for bit in (0, 31, 32, 63)} | {(0, 16), (0, 30), (0, 3)}
    found |= {(reg, bit) for entry in layout.entries for reg in entry.regs for bit in (entry.lo, entry.hi)}  # also of other versions
    for piece in pieces(SPEC, layout, point):
        found |= {(piece.reg, piece.lo), (piece.reg, piece.hi)}
        for flag in piece.entry.flags.bits if piece.entry.flags else ():
            found |= {(piece.reg, min(piece.hi, piece.lo + flag.at + n)) for n in (0, 1)}
    return sorted(found)


def edge_values(entry: Entry) -> list[int]:
    """Limits and what is beside them."""
    assert entry.kind is not None
    bits = min(entry.hi - entry.lo + 1 if len(entry.regs) == 1 else 64, entry.kind.bits)
    marks = {0, (1 << bits) - 1} | ({1 << 32} if bits > 32 else set())
    marks |= {n for n in (entry.min, entry.bias, entry.multiple_of, entry.max if isinstance(entry.max, int) else None) if n}
    marks |= {value.value for value in entry.enum.values} if entry.enum else set()
    marks |= {1 << flag.at for flag in entry.flags.bits} if entry.flags else set()
    marks |= {fid for given in SPEC.calls[entry.fid_of].fids.values() for _, fid in given} if entry.fid_of else set()
    marks |= {entry.multiple_of >> 1, 3 * entry.multiple_of, entry.multiple_of << 20} if entry.multiple_of else set()
    return sorted({(mark + n) & (1 << entry.kind.bits) - 1 for mark in marks for n in (-1, 0, 1)})


def put(x: list[int], entry: Entry, point: Point, value: int) -> list[int] | None:
    """The registers with another value of a field; None where the version does not have it."""
    regs = clipped(SPEC, entry, point)
    if not regs or entry.kind is None or entry.kind.spread not in ("bits", "word"):
        return None
    out = list(x)
    if len(regs) == 2:
        out[regs[0]], out[regs[1]] = value & 0xFFFFFFFF, value >> 32
        return out
    mask = (1 << entry.hi - entry.lo + 1) - 1
    out[regs[0]] = out[regs[0]] & ~(mask << entry.lo) & U64 | (value & mask) << entry.lo
    return out


def dirty(x: list[int], layout: Layout, point: Point, rules: tuple[str, ...], upper: bool = True) -> list[int]:
    """With reserved bits and upper halves set, which a waiver lets us ignore, and with registers that do not travel."""
    out = list(x)
    for piece in pieces(SPEC, layout, point):
        if piece.entry.reserved in rules:
            out[piece.reg] |= piece.mask
        if upper and (not piece.entry.wide or point[1] == "smc32") and (layout.as_ != "version" or piece.reg):
            out[piece.reg] |= 0xFFFFFFFF << 32
    if upper and layout.as_ != "version":
        out[0] |= 0xFFFFFFFF << 32
    return stuffed(out, point)


def bare(x: list[int], layout: Layout, point: Point) -> list[int]:
    """With nothing but what tells the call: what is not legal then is blamed after what is reserved."""
    out = list(x)
    for piece in pieces(SPEC, layout, point):
        if piece.entry.kind is not None and piece.entry.value is None and not piece.entry.fid_of:
            out[piece.reg] &= ~piece.mask
    return out


def stuffed(x: list[int], point: Point) -> list[int]:
    """With something in the registers that the version does not pass: nobody looks there."""
    count = SPEC.passed[point[1]][point[0]]
    return [*x[:count], *[U64] * (18 - count)]


def others(layout: Layout, entry: Entry) -> list[str]:
    """The fields that the rules of a field look at."""
    found = [entry.zero_unless.partition(".")[0], entry.max if isinstance(entry.max, str) else ""]
    found += [name for rule in layout.rules if entry.name in rule.fields for name in rule.fields if name != entry.name]
    return [name for name in found if name]


def at_instances(entry: Entry) -> list[str]:
    return ["", *SPEC.instances] if entry.only_at or entry.flags and any(bit.only_at for bit in entry.flags.bits) else [""]


def questions(call: Call, part: str, layout: Layout, point: Point) -> Iterator[tuple[Context, list[int]]]:
    """Registers in a context."""
    values, least, version = legal_values(call, part, layout, point), smallest(call, part, layout, point), point[0]
    base = packed(call, part, point, values) if values is not None else None
    if base is None:
        return
    for other in range(4):
        yield Context(other), base
    yield Context(version), stuffed(base, point)
    empty = (packed(call, part, point, least) if least is not None else None) or base
    for reg, bit in edge_bits(layout, point):
        flipped = [v ^ (1 << bit if n == reg else 0) for n, v in enumerate(base)]
        strict = str(expected_unpack(call, part, Context(version), point[1], flipped)[1])
        for waive in (NONE, AS_SPECIFIED, ALL, ALL - {strict}, frozenset({strict})) if strict in ALL else (NONE, AS_SPECIFIED):
            yield Context(version, waive), flipped
        for clean in (empty, bare(empty, layout, point)):
            yield Context(version), [v ^ (1 << bit if n == reg else 0) for n, v in enumerate(clean)]
        yield Context(version), [U64 if n == reg + 1 else v for n, v in enumerate(flipped)]
    reserved = dirty(base, layout, point, ("mbz", "sbz"), upper=False)
    soiled, lightly = dirty(base, layout, point, ("mbz", "sbz")), dirty(base, layout, point, ("sbz",))
    yield Context(version, ALL), soiled
    yield Context(version, AS_SPECIFIED), lightly
    for clean in (base, empty):
        yield Context(version, frozenset({"WIDTH"})), dirty(clean, layout, point, ())
        yield Context(version, ALL - {"WIDTH"}), dirty(clean, layout, point, ("mbz", "sbz"), upper=False)
        for reg in range(1, 18):
            yield Context(version), [U64 if n == reg else v for n, v in enumerate(clean)]
            yield Context(version), [U64 >> 32 if n == reg else U64 ^ U64 >> 32 if n == reg + 1 else v for n, v in enumerate(clean)]
    yield Context(version), [base[0], *[U64] * 17]
    yield Context(version), [base[0] | U64 ^ U64 >> 32, *[U64] * 17]
    for entry in layout.entries:
        if not live(entry, point) or entry.kind is None:
            continue
        for value in edge_values(entry):
            asked = [(reserved, ALL - {"WIDTH"}), (base, NONE), (base, frozenset({"MBZ"})), (base, frozenset({"ENUM"})), (soiled, ALL), (soiled, ALL - {"ENUM"}), (lightly, AS_SPECIFIED)]
            if at_instances(entry) != [""]:  # where something else is refused at the same instance
                asked += [(empty, NONE), (dirty(empty, layout, point, ("sbz",)), AS_SPECIFIED)]
            for clean, waive in asked:
                for x in beside(layout, entry, point, put(clean, entry, point, value)):
                    for instance in at_instances(entry):
                        yield Context(version, waive, instance), x


def beside(layout: Layout, entry: Entry, point: Point, x: list[int] | None) -> Iterator[list[int]]:
    """The registers, and with each field that matters to this one empty, 1, and full."""
    if x is None:
        return
    yield x
    for name in others(layout, entry):
        for owner in (e for e in layout.entries if e.name == name and live(e, point)):
            for value in (0, 1, 1 << owner.hi - owner.lo, U64):
                changed = put(x, owner, point, value)
                if changed is not None:
                    yield changed


def edges_of(entry: Entry, old: Value) -> list[Value]:
    """Values of a member, some of which its bits have no room for."""
    assert entry.kind is not None
    if isinstance(old, tuple):
        return [(1, 0), (0, 1), (U64, U64)]
    if isinstance(old, list):
        wide = [0xFF] if entry.kind.spread == "bytes" else [U64, 1 << 32]
        return [[v if n == i else before for n, before in enumerate(old)] for i in range(len(old)) for v in wide]
    top = 1 << entry.hi - entry.lo + 1 if len(entry.regs) == 1 else 0
    return [*edge_values(entry), *(n & (1 << entry.kind.bits) - 1 for n in (top, top + entry.bias, top - 1 + entry.bias, 1 << 32))]


def packings(call: Call, part: str, layout: Layout, point: Point) -> Iterator[tuple[Context, Values]]:
    """Values in a context: each member at each of its edges."""
    base, least = legal_values(call, part, layout, point), smallest(call, part, layout, point)
    if base is None or least is None:
        return
    for other in range(4):
        yield Context(other), base
    for name, entries in REF.members(layout).items():
        for entry in entries:
            for new in edges_of(entry, base[name]):
                changed = [{**base, name: new}, *([{**least, name: new}] if at_instances(entry) != [""] else ())]
                changed += [{**base, name: new, other: value} for other in others(layout, entry) for value in (0, 1)]
                for values in changed:
                    for waive in (NONE, ALL, frozenset({"MBZ"}), frozenset({"SBZ"})):
                        for instance in at_instances(entry):
                            yield Context(point[0], waive, instance), values


@pytest.mark.parametrize("key", list(SPEC.calls))
def test_unpack(key: str) -> None:
    call, lines = SPEC.calls[key], dict[tuple[str, str], tuple[object, ...]]()
    for part, layout in parts(call):
        for version, conv in sorted(universe(SPEC, call, call.request)):
            for ctx, x in questions(call, part, layout, (version, conv)):
                text = codec.line("U", key if part == "request" else f"{key}.reply", SPEC.versions[ctx.version], x, waive_mask(ctx.waive),
                                  ctx.instance, conv)
                if (text, part) not in lines:
                    lines[text, part] = expected_unpack(call, part, ctx, conv, x)
    for ((text, part), want), answer in zip(lines.items(), codec.run([text for text, _ in lines])):
        assert got_unpack(call, part, answer) == want, text


@pytest.mark.parametrize("key", list(SPEC.calls))
def test_pack(key: str) -> None:
    call, lines = SPEC.calls[key], dict[str, tuple[object, ...]]()
    for part, layout in parts(call):
        for version, conv in sorted(universe(SPEC, call, call.request)):
            for ctx, values in packings(call, part, layout, (version, conv)):
                text = codec.line("P", key if part == "request" else f"{key}.reply", SPEC.versions[ctx.version], flat(layout, values),
                                  waive_mask(ctx.waive), ctx.instance, conv, "" if part == "request" else part)
                if text not in lines:
                    try:
                        lines[text] = ("ok", REF.pack_request(key, ctx, conv, values) if part == "request"
                                       else REF.pack_reply(key, ctx, conv, part, values))
                    except Refused as no:
                        lines[text] = ("no", no.rule, no.field, no.at, no.value)
    for (text, want), answer in zip(lines.items(), codec.run(list(lines))):
        got = ("ok", list(answer.values)) if answer.ok else ("no", answer.rule, answer.field, answer.at, answer.value)
        assert got == want, text


@pytest.mark.parametrize("key", list(SPEC.calls))
def test_versions_that_nobody_speaks(key: str) -> None:
    call, lines = SPEC.calls[key], list[tuple[str, int]]()
    for part, layout in parts(call):
        if part == "error" and call.error is not None:
            continue  # FFA_VERSION fails alike in all versions, also before there is one
        for point in sorted(universe(SPEC, call, call.request))[-1:]:
            values = legal_values(call, part, layout, point)
            x = packed(call, part, point, values) if values is not None else None
            assert x is not None and values is not None
            name = key if part == "request" else f"{key}.reply"
            for text in (codec.line("U", name, "1.0", x, conv=point[1]),
                         codec.line("P", name, "1.0", flat(layout, values), conv=point[1], kind="" if part == "request" else part)):
                for number in UNKNOWN:
                    words = text.split()
                    lines.append((" ".join([*words[:2], f"{number:x}", *words[3:]]), number))
    for (text, number), answer in zip(lines, codec.run([text for text, _ in lines])):
        assert (answer.ok, answer.rule, answer.field, answer.at, answer.value) == (False, "VERSION", "version", 0, number), text
