"""Tables in memory at the edges, C against the reference reading: each limit and its neighbours, the first and last bit of each
statement, each version and usage, each length and alignment; reading, writing, judging and storing.

test_tables.py asks at random; here every statement is met, alone and behind what is waived.  tests/mutation/ measures what is missed.
"""
from __future__ import annotations

import random
from collections.abc import Callable, Iterator

import codec
import pytest
import test_tables
from test_tables import REF, SPEC, contexts, flat, guess, head

from codegen.model import Descriptor, Field
from codegen.ref import Refused, Value, Values
from codegen.refrecord import TableContext, parts

driver = test_tables.driver  # builds what is asked
AT = 16  # where the tables stand, so that a place that is blamed shows it
UNKNOWN = (0, 0xFFFF, 0x10004, 0x20000)  # versions that nobody speaks
ALL = frozenset(codec.WAIVE)
TABLES = list(SPEC.descriptors)
RUNS = ("mem_constituent",)  # whose elements are also read many at a time
Questions = dict[str, list[str]]  # with the right answers


def no(refusal: Refused) -> list[str]:
    return ["no", refusal.rule, refusal.field, str(refusal.at), f"{refusal.value:x}"]


def refusal_of(answer: list[str]) -> str:
    return answer[1] if answer[0] == "no" else ""


def behind_waivers(ctx: TableContext, ask: Callable[[TableContext], list[str]]) -> Iterator[tuple[TableContext, list[str]]]:
    """Strictly; then with each rule waived that was broken, one more at a time; and with all waived but that one."""
    waived: frozenset[str] = frozenset()
    while True:
        now = TableContext(ctx.version, ctx.usage, waived)
        answer = ask(now)
        yield now, answer
        rule = refusal_of(answer)
        if rule not in ALL - waived:
            return
        other = TableContext(ctx.version, ctx.usage, ALL - {rule})
        yield other, ask(other)
        waived |= {rule}


# -- values ------------------------------------------------------------------------------------------------------------


def here(d: Descriptor, ctx: TableContext) -> list[Field]:
    return [f for f in d.fields if ctx.version in f.life]


def lowest(field: Field, version: int) -> Value:
    """The smallest value that a field may have."""
    assert field.kind is not None
    if field.kind.spread != "bits":
        return (0, 0) if field.kind.spread == "uuid" else [0] * len(parts(field))
    return max(field.min or 0, min((v.value for v in field.enum.values if version in v.life), default=0) if field.enum else 0)


def neutral(d: Descriptor, name: str) -> Value:
    first = next(f for f in d.fields if f.name == name)
    assert first.kind is not None
    return (0, 0) if first.kind.spread == "uuid" else 0 if first.kind.spread == "bits" else [0] * len(parts(first))


def packed(key: str, ctx: TableContext, values: Values) -> bytes | None:
    try:
        return REF.pack(key, ctx, values, 4096, AT)
    except Refused:
        return None


def selections(d: Descriptor, ctx: TableContext) -> list[dict[str, int]]:
    """The values that decide which fields there are; one choice for each enumerator, the last of them first."""
    owners = {f.when[0] for f in here(d, ctx) if f.when is not None}
    assert len(owners) < 2, "the choices of two members would have to be combined"
    found = [{f.name: v.value} for f in here(d, ctx) if f.name in owners and f.enum for v in f.enum.values if ctx.version in v.life]
    return found[::-1] or [{}]


def smallest(key: str, ctx: TableContext, chosen: dict[str, int]) -> Values:
    """Legal values, with as few bits as possible."""
    d = SPEC.descriptors[key]
    values: Values = {name: neutral(d, name) for name in REF.members(d)} | chosen
    for field in here(d, ctx):
        if field.kind is not None and field.name not in chosen and REF.applies(field, here(d, ctx), ctx, values):
            values[field.name] = lowest(field, ctx.version)
    assert packed(key, ctx, values) is not None, (key, ctx, values)
    return values


def legal_values(key: str, ctx: TableContext, chosen: dict[str, int]) -> Values:
    """The smallest, of which as many as possible are replaced by others, member by member."""
    d, values = SPEC.descriptors[key], smallest(key, ctx, chosen)
    rng = random.Random(f"table edges {key} {ctx.version} {ctx.usage} {chosen}")
    for name in values.keys() - chosen.keys():
        for _ in range(8):
            other = {**values, name: guess(rng, d, name)}
            if other[name] not in (values[name], 0, (0, 0)) and packed(key, ctx, other) is not None:
                values = other
                break
    return values


def edge_values(field: Field) -> list[int]:
    """Limits and what is beside them; with those that the bits have no room for."""
    assert field.kind is not None
    bits = field.hi - field.lo + 1
    marks = {0, (1 << bits) - 1, 1 << bits}
    marks |= {n for n in (field.min, field.multiple_of, field.max if isinstance(field.max, int) else None) if n}
    marks |= {v.value for v in field.enum.values} if field.enum else set()
    marks |= {1 << flag.at for flag in field.flags.bits} if field.flags else set()
    if field.multiple_of:
        marks |= {field.multiple_of >> 1, 3 * field.multiple_of, field.multiple_of << 20, (field.multiple_of << 20) + (field.multiple_of >> 1)}
    for rule in SPEC.descriptors[owner_of(field)].rules:
        if rule.keyword == "no_wrap" and field.name in rule.fields:
            marks |= {(1 << 64) - SPEC.page_size, (1 << 64) - 2 * SPEC.page_size, 1 << 63}
    return sorted({(mark + n) & (1 << field.kind.bits) - 1 for mark in marks for n in (-1, 0, 1)})


def owner_of(field: Field) -> str:
    return next(key for key, d in SPEC.descriptors.items() if any(f is field for f in d.fields))


def others(d: Descriptor, field: Field) -> list[tuple[str, int]]:
    """Members that the rules of a field look at, with values that matter to it."""
    found: list[tuple[str, int]] = []
    name, _, flag = field.zero_unless.partition(".")
    if name:
        owner = next(f for f in d.fields if f.name == name)
        found += [(name, 0), (name, 1), *((name, 1 << b.at) for b in (owner.flags.bits if owner.flags else ()) if b.name == flag)]
    if field.zero_above:
        found += [(field.zero_above[0], field.zero_above[1] + n) for n in (-1, 0, 1, 2)]
    if isinstance(field.max, str):
        found += [(field.max, n) for n in (0, 1, 2, 3)]
    for rule in d.rules:
        if field.name in rule.fields:
            other = next(n for n in rule.fields if n != field.name)
            found += [(other, n) for n in (0, 1, 2, 3, *((1 << 64) - n * SPEC.page_size for n in (1, 2, 0xFFFFFFFE, 0xFFFFFFFF)))]
            found += [(other, v.value) for f in d.fields if f.name == other and f.enum for v in f.enum.values]
    width = {f.name: f.kind.bits for f in d.fields if f.kind is not None}
    return list(dict.fromkeys((name, value & (1 << width[name]) - 1) for name, value in found))


def layout(d: Descriptor, version: int) -> tuple[object, ...]:
    """Equal for versions that agree in everything."""
    return (d.sizes[version], *((version in f.life, *(version in v.life for v in (f.enum.values if f.enum else ())),
                                 *(version in b.life for b in (f.flags.bits if f.flags else ()))) for f in d.fields))


def worlds(key: str) -> Iterator[tuple[TableContext, dict[str, int], bool]]:
    """Each version, usage and choice; whether all is asked about it, or (an earlier version is the same) only what tells versions apart."""
    d = SPEC.descriptors[key]
    seen: set[object] = set()
    for ctx in contexts(d):
        for chosen in selections(d, ctx):
            world = (layout(d, ctx.version), ctx.usage, *chosen.items())
            yield ctx, chosen, world not in seen
            seen.add(world)


# -- reading -----------------------------------------------------------------------------------------------------------


def read(key: str, ctx: TableContext, data: bytes, at: int) -> list[str]:
    try:
        return ["ok", *(f"{v:x}" for v in flat(REF.unpack(key, ctx, data, at)))]
    except Refused as refusal:
        return no(refusal)


def put(body: bytes, field: Field, value: int) -> bytes:
    mask = (1 << field.hi - field.lo + 1) - 1
    raw = int.from_bytes(body[field.at:field.at + field.size], "little") & ~(mask << field.lo) | (value & mask) << field.lo
    return body[:field.at] + raw.to_bytes(field.size, "little") + body[field.at + field.size:]


def edge_bits(d: Descriptor, ctx: TableContext) -> list[int]:
    """Bits of the table: where statements and the loads for them begin and end, flags and their neighbours."""
    found = set()
    for field in here(d, ctx):
        found |= {8 * field.at + field.lo, 8 * field.at + field.hi}
        found |= {8 * at + bit for at, size in parts(field) for bit in (0, 8 * size - 1)}
        for flag in field.flags.bits if field.flags else ():
            found |= {8 * field.at + min(field.hi, field.lo + flag.at + n) for n in (0, 1)}
    return sorted(found)


def bodies(d: Descriptor, ctx: TableContext, body: bytes, chosen: dict[str, int]) -> Iterator[bytes]:
    """The table with one thing changed, clean and with everything set that can be waived, or what should be zero alone."""
    soiled, lightly = soil(d, ctx, body, ("mbz", "sbz")), soil(d, ctx, body, ("sbz",))
    yield soiled
    yield lightly
    yield from flipped(d, ctx, body)
    for field in here(d, ctx):
        if field.kind is None or field.kind.spread != "bits" or not relevant(field, chosen):
            continue
        for value in edge_values(field):
            for base in dict.fromkeys((body, soiled, lightly)):
                changed = put(base, field, value)
                yield changed
                for name, beside in others(d, field):
                    yield from (put(changed, f, beside) for f in here(d, ctx) if f.name == name)


def flipped(d: Descriptor, ctx: TableContext, body: bytes) -> Iterator[bytes]:
    whole = int.from_bytes(body, "little")
    yield from ((whole ^ 1 << bit).to_bytes(len(body), "little") for bit in edge_bits(d, ctx))


def relevant(field: Field, chosen: dict[str, int]) -> bool:
    """All fields with the first choice; with the others those alone that depend on it."""
    return not chosen or field.name in chosen or field.when is not None


def soil(d: Descriptor, ctx: TableContext, body: bytes, rules: tuple[str, ...]) -> bytes:
    """With all reserved bits set."""
    for field in here(d, ctx):
        if field.reserved in rules:
            body = body[:field.at] + b"\xff" * field.size + body[field.at + field.size:] if field.whole else put(body, field, -1)
    return body


def readings(key: str) -> Questions:
    d, found = SPEC.descriptors[key], Questions()

    def ask(ctx: TableContext, data: bytes, at: int) -> list[str]:
        answer = read(key, ctx, data, at)
        found[f"{head('U', key, ctx, len(data), at)} {data.hex()}"] = answer
        return answer

    first = {ctx.version: chosen for ctx, chosen, _ in reversed(list(worlds(key)))}
    for ctx, chosen, new in worlds(key):
        body, empty = packed(key, ctx, legal_values(key, ctx, chosen)), packed(key, ctx, smallest(key, ctx, chosen))
        assert body is not None and empty is not None
        placed = bytes(AT) + body
        for version in range(4):
            ask(TableContext(version, ctx.usage), placed, AT)
        if not new:
            continue
        for changed in (*bodies(d, ctx, body, {} if chosen == first[ctx.version] else chosen), *flipped(d, ctx, empty)):
            for _ in behind_waivers(ctx, lambda now, changed=changed: ask(now, bytes(AT) + changed, AT)):  # type: ignore[misc]
                pass
        for length in range(len(placed)):
            ask(ctx, placed[:length], AT)
        for at in range(AT):
            ask(ctx, bytes(at) + body, at)
        for at in (len(placed), 1 << 32, (1 << 64) - 8, (1 << 64) - len(body)):
            ask(ctx, placed, at)
    return found


# -- writing -----------------------------------------------------------------------------------------------------------


def written(key: str, ctx: TableContext, values: Values, length: int, at: int) -> list[str]:
    before = bytes([0x5A]) * length
    try:
        body = REF.pack(key, ctx, values, length, at)
    except Refused as refusal:
        return [*no(refusal), *([before.hex()] if length else [])]
    return ["ok", (before[:at] + body + before[at + len(body):]).hex()]


def member_edges(d: Descriptor, ctx: TableContext, name: str, old: Value) -> list[Value]:
    if isinstance(old, tuple):
        return [(0, 0), (1, 0), (0, 1)]
    if isinstance(old, list):
        return [[v if n == i else before for n, before in enumerate(old)] for i in range(len(old)) for v in (0, 0xFF)]
    return [v for f in d.fields if f.name == name for v in edge_values(f)]


def changes(d: Descriptor, ctx: TableContext, base: Values, chosen: dict[str, int]) -> Iterator[Values]:
    """Each member at each of its edges, and with it the members that matter to it."""
    yield base
    for name in base:
        fields = [f for f in d.fields if f.name == name]
        if not any(relevant(f, chosen) for f in fields):
            continue
        for value in member_edges(d, ctx, name, base[name]):
            changed = {**base, name: value}
            yield changed
            for field in fields:
                yield from ({**changed, other: beside} for other, beside in others(d, field))


def writings(key: str) -> Questions:
    """What pack, valid and store are asked; valid has neither room nor alignment to judge, and store takes what it says yes to."""
    d, found = SPEC.descriptors[key], Questions()

    def ask(op: str, ctx: TableContext, values: Values, length: int, at: int) -> list[str]:
        answer = written(key, ctx, values, length, at)
        if op == "V":
            answer = answer[:1] if answer[0] == "ok" else answer[:5]
        found[f"{head(op, key, ctx, 0 if op == 'V' else length, at)} {' '.join(f'{v:x}' for v in flat(values))}"] = answer
        return answer

    first = {ctx.version: chosen for ctx, chosen, _ in reversed(list(worlds(key)))}
    for ctx, chosen, new in worlds(key):
        base, room = legal_values(key, ctx, chosen), AT + max(d.sizes) + 1
        for version in range(4):
            for op in "PV":
                ask(op, TableContext(version, ctx.usage), base, room, AT)
        ask("W", ctx, base, room, AT)
        if not new:
            continue
        wrong: Values | None = None
        for values in changes(d, ctx, base, {} if chosen == first[ctx.version] else chosen):
            for now, answer in behind_waivers(ctx, lambda now, values=values: ask("P", now, values, room, AT)):  # type: ignore[misc]
                ask("V", now, values, room, AT)
                wrong = values if answer[0] == "no" else wrong
                if answer[0] == "ok":
                    ask("W", now, values, room, AT)
        for op, values in (("P", base), ("W", base), *((("P", wrong),) if wrong is not None else ())):
            for length in range(AT + d.sizes[ctx.version] + 1):
                ask(op, ctx, values, length, AT)
            for at in range(AT):
                ask(op, ctx, values, room, at)
            for at in (room, 1 << 32, (1 << 64) - 8):
                ask(op, ctx, values, room, at)
    return found


def strangers(key: str) -> Questions:
    """Versions that nobody speaks, and those that do not have the table; how large it is in the others."""
    d, found = SPEC.descriptors[key], Questions()
    last = contexts(d)[-1]
    values = legal_values(key, last, selections(d, last)[0])
    body = packed(key, last, values)
    assert body is not None
    versions = {codec.VERSIONS[name]: d.sizes[n] for n, name in enumerate(SPEC.versions)} | {number: 0 for number in UNKNOWN}
    for number, size in versions.items():
        found[f"S {key} {number:x}"] = [f"{size:x}"]
        if size:
            continue
        refused = ["no", "VERSION", "version", str(AT), f"{number:x}"]
        for op, length, said in (("U", AT + len(body), ""), ("V", 0, ""), ("P", AT + len(body), "5a"), ("W", AT + len(body), "5a")):
            words = head(op, key, last, length, AT).split()
            numbers = (bytes(AT) + body).hex() if op == "U" else " ".join(f"{v:x}" for v in flat(values))
            found[" ".join([*words[:2], f"{number:x}", *words[3:], numbers])] = [*refused, *([said * length] if said else [])]
    return found


# -- elements one behind the other -------------------------------------------------------------------------------------

LAST = (1 << 64) - 0xFFFFFFFF * SPEC.page_size  # the greatest address with which no number of pages wraps round
GOOD = [(0x80000000, 1), (0x1000, 0xFFFFFFFF), (0x40000000000, 3), (0, 2), (0x7FFFFFFFF000, 0x80000000), (LAST, 0xFFFFFFFF)]
BAD = [(0x80000000, 0), (0x80000800, 1), (0x80000001, 1), (LAST + SPEC.page_size, 0xFFFFFFFF), (1 << 64 - 1, 0), ((1 << 64) - 0x1000, 2)]
DIRTY = [(0x80000000, 1 | 1 << 32), (0x80000000, 1 | 1 << 63), (0x80000800, 1 | 1 << 40)]  # with reserved bits


def element_bytes(elements: list[tuple[int, int]]) -> bytes:
    return b"".join(address.to_bytes(8, "little") + count.to_bytes(8, "little") for address, count in elements)


def element_lists(bad: list[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """As many as make two turns of four and what is left over, one of each, and a bad one at each place among good ones."""
    several = [*GOOD[:4], *GOOD[:4]]
    yield from (several[:n] for n in range(9))
    for element in [*GOOD, *bad]:
        yield [element]
    for element in bad:
        for n in range(7):
            yield [*several[:n], element, *several[n:6]]


def scanned(key: str, elements: list[tuple[int, int]]) -> list[str]:
    """A scan accepts what it can judge at first sight, as GOOD is one by one and the first four together; nothing that a reader refuses."""
    data = element_bytes(elements)
    taken = all(read(key, TableContext(1), data, n)[0] == "ok" for n in range(0, len(data), 16))
    return ["yes", f"{sum(count for _, count in elements):x}"] if taken else ["no"]


def run_unpacked(key: str, ctx: TableContext, data: bytes, at: int, count: int) -> list[str]:
    """The elements up to the first that is not good, and the verdict on that one."""
    whole = 16 * count
    if at > len(data) or whole > len(data) - at:
        return ["no", "SHORT", "none", str(at & 0xFFFFFFFF), f"{len(data):x}", ":", f"{count:x}", "7"]
    if at % 8:
        return ["no", "ALIGN", "none", str(at), f"{at:x}", ":", f"{count:x}", "7"]
    shown: list[str] = []
    total = 7
    for n in range(count):
        verdict = read(key, TableContext(ctx.version), data, at + 16 * n)
        if verdict[0] != "ok":
            verdict = read(key, ctx, data, at + 16 * n)
            more = verdict[1:] if verdict[0] == "ok" else []
            return [*(["ok"] if more else verdict), ":", f"{n:x}", f"{total:x}", *shown, *more]
        shown += verdict[1:]
        total += int(verdict[2], 16)
    return ["ok", ":", f"{count:x}", f"{total:x}", *shown]


def elements(key: str) -> Questions:
    found = Questions()
    strict, waiving = TableContext(1), TableContext(1, "", frozenset({"SBZ"}))

    def line(op: str, ctx: TableContext, length: int, at: int, count: int, rest: str) -> str:
        return f"{head(op, key, ctx, length, at)} {count:x} {rest}"

    for many in element_lists([*BAD, *DIRTY]):
        data = bytes(8) + element_bytes(many)
        found[line("N", strict, len(data), 8, len(many), data.hex())] = scanned(key, many)
        for ctx in (strict, waiving, TableContext(1, "", ALL - {"SBZ"})):
            found[line("R", ctx, len(data), 8, len(many), data.hex())] = run_unpacked(key, ctx, data, 8, len(many))
    for many in element_lists(BAD):
        numbers = " ".join(f"{a:x} {n:x}" for a, n in many)
        found[line("T", strict, 0, 0, len(many), numbers)] = scanned(key, many)
        body = element_bytes(many)
        found[line("B", strict, len(body) + 24, 8, len(many), numbers)] = ["ok", (b"\x5a" * 8 + body + b"\x5a" * 16).hex()]
    data = element_bytes(GOOD[:2])
    for at in range(16):  # each alignment; from the second element on there is no room
        placed = bytes(at) + data
        found[line("N", strict, len(placed), at, 2, placed.hex())] = scanned(key, GOOD[:2]) if at % 8 == 0 else ["no"]
        found[line("R", strict, len(placed), at, 2, placed.hex())] = run_unpacked(key, strict, placed, at, 2)
    for length in range(len(data)):
        for count in (2, 0xFFFFFFFF):
            found[line("N", strict, length, 0, count, data[:length].hex())] = ["no"]
            found[line("R", strict, length, 0, count, data[:length].hex())] = run_unpacked(key, strict, data[:length], 0, count)
    return found


# -- the tests ---------------------------------------------------------------------------------------------------------


def compare(questions: Questions) -> set[str]:
    """The words with which answers begin."""
    for (line, want), got in zip(questions.items(), test_tables.drive(list(questions))):
        assert got == want, line
    return {want[0] for want in questions.values()}


@pytest.mark.parametrize("key", TABLES)
def test_unpack(key: str) -> None:
    assert compare(readings(key)) == {"ok", "no"}


@pytest.mark.parametrize("key", TABLES)
def test_pack_valid_store(key: str) -> None:
    assert compare(writings(key)) == {"ok", "no"}


@pytest.mark.parametrize("key", TABLES)
def test_versions(key: str) -> None:
    assert "no" in compare(strangers(key))


@pytest.mark.parametrize("key", RUNS)
def test_elements(key: str) -> None:
    assert compare(elements(key)) == {"ok", "no", "yes"}
