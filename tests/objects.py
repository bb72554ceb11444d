"""Memory transactions of any legal shape from a seed, and each rule of each part broken once; values and places come from the model."""
from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Optional

from codegen.__main__ import ROOT, read_spec
from codegen.model import Descriptor, Field
from codegen.ref import Value, Values
from codegen.refobject import ObjectReference, number
from codegen.refrecord import TableContext, bits, parts
from codegen.refwrite import Message

SPEC = read_spec(ROOT / "spec")
REF = ObjectReference(SPEC)
TABLES = REF.tables
HEADER, ACCESS, COMPOSITE, RANGE = "mem_transaction", "mem_access", "mem_composite", "mem_constituent"
TRANSACTION = (HEADER, ACCESS, COMPOSITE, RANGE)
PAGE = SPEC.page_size
RETRIEVALS = ("retrieve_req", "retrieve_resp")
CONTEXTS = [TableContext(version, usage) for version in range(len(SPEC.versions)) for usage in SPEC.descriptors[HEADER].usages]
Case = Optional[tuple[str, str]]  # a field of a table, and the enumerator that it has
Change = tuple[str, bytes, tuple[str, str, int]]  # a rule, bytes that break it, and what is blamed: rule, field, offset
ON_ARRAYS = {"part", "all_equal", "unique", "differs", "sum", "nothing_behind"}  # what broken_whole breaks of the rules of arrays


def size(key: str, ctx: TableContext) -> int:
    return SPEC.descriptors[key].sizes[ctx.version]


# -- legal values ------------------------------------------------------------------------------------------------------


def live(d: Descriptor, ctx: TableContext) -> list[Field]:
    return [f for f in d.fields if ctx.version in f.life and TABLES.used(f, ctx)]


def selected(f: Field, d: Descriptor, values: Values) -> bool:
    """Is this the meaning that the bits have, given what the owner of the case holds?"""
    if f.when is None:
        return True
    owner = next(o for o in d.fields if o.name == f.when[0])
    assert owner.enum is not None
    return values[owner.name] == next(v.value for v in owner.enum.values if v.name == f.when[1])


def legal_value(rng: random.Random, f: Field, version: int) -> int:
    width = f.hi - f.lo + 1
    if f.enum is not None:
        return rng.choice([v.value for v in f.enum.values if version in v.life and v.value >= (f.min or 0)])
    if f.flags is not None:
        return sum(1 << b.at for b in f.flags.bits if version in b.life and rng.random() < 0.4)
    return rng.choice((0, rng.getrandbits(width), rng.getrandbits(width), (1 << width) - 1))


def neutral(f: Field) -> Value:
    assert f.kind is not None
    return {"words": [0] * (f.size // 8), "bytes": [0] * f.size, "uuid": (0, 0)}.get(f.kind.spread, 0)


def spread_value(rng: random.Random, f: Field) -> Value:
    """Of a field that is no number."""
    assert f.kind is not None
    words = [rng.choice((0, rng.getrandbits(64))) for _ in range(f.size // 8)]
    return list(rng.randbytes(f.size)) if f.kind.spread == "bytes" else words if f.kind.spread == "words" else (words[0], words[1])


def legal_values(rng: random.Random, key: str, ctx: TableContext, fixed: Values) -> Values:
    """Numbers with a minimum or a unit are the layout's business: they come in fixed."""
    d = SPEC.descriptors[key]
    values: Values = {name: neutral(next(f for f in d.fields if f.name == name)) for name in TABLES.members(d)}
    for f in live(d, ctx):
        if f.kind is not None and f.when is None:
            values[f.name] = legal_value(rng, f, ctx.version) if f.kind.spread == "bits" else spread_value(rng, f)
    values.update(fixed)
    for f in live(d, ctx):
        if f.kind is not None and f.when is not None and selected(f, d, values):
            values[f.name] = legal_value(rng, f, ctx.version)
    return values


def legal_ranges(rng: random.Random, count: int) -> list[Values]:
    """Apart from each other, in any order, at either end of the address space too."""
    page = rng.choice((0, 0, rng.getrandbits(36)))
    found: list[Values] = []
    for _ in range(count):
        pages = rng.choice((1, 1, rng.randrange(1, 600), rng.randrange(1, 1 << 20)))
        found.append({"address": page * PAGE, "page_count": pages})
        page += pages + rng.choice((0, 0, 1, rng.getrandbits(20)))
    if found and rng.random() < 0.2:
        last = rng.randrange(1, 9)
        found[-1] = {"address": (1 << 64) - last * PAGE, "page_count": last}
    rng.shuffle(found)
    return found


# -- legal objects -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shape:
    """Where the parts are: composite 0 is none; total counts all bytes."""

    array: int
    stride: int
    composite: int
    total: int


@dataclass(frozen=True)
class Made:
    """An object with what is known of it by construction; fragment: how many of its bytes are here."""

    ctx: TableContext
    data: bytes
    message: Message
    shape: Shape
    fragment: int = -1
    total: int = -1
    room: int = -1  # bytes there are, if less than the fragment
    limit: int = 1 << 16

    @property
    def here(self) -> int:
        return len(self.data) if self.fragment < 0 else self.fragment

    @property
    def whole(self) -> int:
        return len(self.data) if self.total < 0 else self.total

    @property
    def element(self) -> TableContext:
        """The layout that the access descriptors have."""
        return REF.layout_of(ACCESS, self.ctx, self.shape.stride)

    @property
    def ranges(self) -> int:
        return self.shape.composite + size(COMPOSITE, self.ctx) if self.shape.composite else 0


def canonical(ctx: TableContext, borrowers: int, count: int) -> Shape:
    """As the writer lays it out."""
    array, stride = size(HEADER, ctx), size(ACCESS, ctx)
    end = array + stride * borrowers
    return Shape(array, stride, end if count else 0, end + (16 + 16 * count if count else 0))


def any_shape(rng: random.Random, ctx: TableContext, borrowers: int, count: int) -> Shape:
    """Gaps, larger and smaller access descriptors, the composite descriptor before or behind them, in a retrieval bytes behind everything."""
    array, stride, need = size(HEADER, ctx), size(ACCESS, ctx), 16 + 16 * count
    before, composite = False, 0
    if ctx.version > 0:
        stride = rng.choice((stride, 16, 32, 48, 64, 112))
        before = count > 0 and rng.random() < 0.3
        if before:
            composite = (64 if ctx.usage not in RETRIEVALS else array) + 8 * rng.choice((0, 0, 1, 2, 5))
            array = -(-(composite + need) // 16) * 16
        array += 16 * rng.choice((0, 0, 1, 3))
    end = array + stride * borrowers
    if count and not before:
        low = max(end, 64 if ctx.version > 0 and ctx.usage not in RETRIEVALS else end)
        composite = low + 8 * rng.choice((0, 0, 1, 2, 5, 33))
        end = composite + need
    return Shape(array, stride, composite, end + (8 * rng.choice((0, 0, 0, 1, 7)) if ctx.usage in RETRIEVALS else 0))


def lay_out(rng: random.Random, ctx: TableContext, shape: Shape, m: Message) -> bytes:
    """Nobody's bytes are random."""
    out = bytearray(rng.randbytes(shape.total))

    def put(key: str, layout: TableContext, values: Values, at: int) -> None:
        body = TABLES.pack(key, layout, values, shape.total, at)
        out[at:at + len(body)] = body

    put(HEADER, ctx, m.values, 0)
    for i, element in enumerate(m.elements):
        put(ACCESS, REF.layout_of(ACCESS, ctx, shape.stride), element, shape.array + shape.stride * i)
    if m.below:
        pages = sum(number(r, "page_count") for r in m.below)
        put(COMPOSITE, ctx, {"total_page_count": pages, "address_range_count": len(m.below)}, shape.composite)
        for i, r in enumerate(m.below):
            put(RANGE, ctx, r, shape.composite + size(COMPOSITE, ctx) + size(RANGE, ctx) * i)
    return bytes(out)


def make(rng: random.Random, ctx: TableContext, borrowers: int, count: int, *, plain: bool = False, shape: Shape | None = None,
         fixed: Values | None = None) -> Made:
    """A legal object; plain: as the writer lays it out; fixed: values that the header has to have."""
    borrowers = 1 if ctx.usage == "donate" else borrowers
    shape = shape or (canonical if plain else lambda *a: any_shape(rng, *a))(ctx, borrowers, count)
    said = ctx.version > 0
    alone: Values = {f.name: 0 for f in SPEC.descriptors[HEADER].fields if f.zero_below and borrowers < f.zero_below[1]}
    header = legal_values(rng, HEADER, ctx, {
        "access_size": shape.stride if said else 0, "access_count": borrowers, "access_offset": shape.array if said else 0, **alone, **(fixed or {})})
    layout = REF.layout_of(ACCESS, ctx, shape.stride)
    ids = rng.sample([n for n in range(1 << 16) if n != header["sender_id"]], borrowers)
    access = tuple(legal_values(rng, ACCESS, layout, {"endpoint_id": n, "composite_offset": shape.composite}) for n in ids)
    m = Message(header, access, tuple(legal_ranges(rng, count)) if count else ())
    return Made(ctx, lay_out(rng, ctx, shape, m), m, shape)


# -- one rule broken ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Broken:
    """A legal object with one rule broken; second: cursors, which look once, let it through."""

    rule: str  # which one, for counting: table, place, keyword
    made: Made
    wanted: tuple[str, str, int]  # rule, field, offset
    second: bool = False


def with_bits(data: bytes, at: int, f: Field, value: int) -> bytes:
    out = bytearray(data)
    raw = int.from_bytes(out[at + f.at:at + f.at + f.size], "little")
    mask = (1 << (f.hi - f.lo + 1)) - 1
    out[at + f.at:at + f.at + f.size] = (raw & ~(mask << f.lo) | (value & mask) << f.lo).to_bytes(f.size, "little")
    return bytes(out)


def field_breaks(rng: random.Random, key: str, ctx: TableContext, f: Field) -> Iterator[tuple[str, int, str, str, int]]:
    """Each rule of one field: its keyword, a value that breaks it, and what is blamed (rule, field, byte)."""
    d, width = SPEC.descriptors[key], f.hi - f.lo + 1
    if not TABLES.used(f, ctx):
        if f.kind is not None and not TABLES.covered(f, [x for x in d.fields if ctx.version in x.life], ctx):
            yield "in", 1 << rng.randrange(width), "MBZ", f.name, f.at
        return
    if f.reserved:
        bit = rng.randrange(width)
        where = next(offset for offset, n in parts(f) if offset + n > f.at + (bit + f.lo) // 8)
        yield "reserved", 1 << bit, f.reserved.upper(), "reserved", where
    if f.flags is not None:
        free = [b for b in range(width) if not any(x.at == b and ctx.version in x.life for x in f.flags.bits)]
        if free:
            yield "flags", 1 << rng.choice(free), f.flags.reserved.upper(), f.name, f.at
    if f.enum is not None:
        free = [n for n in range(1 << min(width, 12)) if not any(v.value == n and ctx.version in v.life for v in f.enum.values)]
        if free:
            yield "enum", rng.choice(free), "ENUM", f.name, f.at
    if f.min:
        yield "min", f.min - 1, "RANGE", f.name, f.at
    if isinstance(f.max, int) and f.max < (1 << width) - 1:
        yield "max", f.max + 1, "RANGE", f.name, f.at
    if f.multiple_of:
        yield "multiple_of", (f.min or 0) + f.multiple_of * rng.randrange(1, 9) + rng.randrange(1, f.multiple_of), "ALIGN", f.name, f.at


def table_places(rng: random.Random, made: Made) -> Iterator[tuple[str, TableContext, int]]:
    """One of each table of an object, and where it is."""
    yield HEADER, made.ctx, 0
    yield ACCESS, made.element, made.shape.array + made.shape.stride * rng.randrange(len(made.message.elements))
    if made.message.below:
        yield COMPOSITE, made.ctx, made.shape.composite
        yield RANGE, made.ctx, made.ranges + size(RANGE, made.ctx) * rng.randrange(len(made.message.below))


def rule_name(key: str, ctx: TableContext, f: Field, keyword: str) -> str:
    return f"{SPEC.versions[ctx.version]} {ctx.usage} {key} byte {f.at} bits {f.hi}:{f.lo} {f.when or ''} {keyword}"


def field_rules(rng: random.Random, ctx: TableContext, keys: tuple[str, ...] = TRANSACTION) -> Iterator[str]:
    """Every rule of a field of those tables."""
    for key in keys:
        for f in SPEC.descriptors[key].fields:
            if ctx.version in f.life:
                for keyword, *_ in field_breaks(rng, key, ctx, f):
                    yield rule_name(key, ctx, f, keyword)


def cases_of(key: str, version: int) -> list[Case]:
    """What `when` tells apart in a table, and nothing in particular."""
    found = {f.when for f in SPEC.descriptors[key].fields if f.when is not None and version in f.life}
    return [None, *sorted(found)]


def fixed_by(key: str, case: Case) -> Values:
    """The value that selects a case."""
    if case is None:
        return {}
    owner = next(f for f in SPEC.descriptors[key].fields if f.name == case[0])
    assert owner.enum is not None
    return {case[0]: next(v.value for v in owner.enum.values if v.name == case[1])}


def broken_table(rng: random.Random, key: str, layout: TableContext, data: bytes, at: int, case: Case) -> Iterator[Change]:
    """Each rule of each field of a table in that case, once: which rule, the bytes, what is blamed."""
    for f in SPEC.descriptors[key].fields:
        if layout.version not in f.life or f.when != case or f.value is not None:
            continue
        for keyword, value, rule, name, where in field_breaks(rng, key, layout, f):
            if keyword in ("reserved", "flags"):
                value |= bits(f, int.from_bytes(data[at + f.at:at + f.at + f.size], "little"))
            yield rule_name(key, layout, f, keyword), with_bits(data, at, f, value), (rule, name, at + where)


def few_allowed() -> Values:
    """What lets a count be broken without breaking another rule before."""
    return {f.name: 0 for f in SPEC.descriptors[HEADER].fields if f.zero_below}


def broken_fields(rng: random.Random, ctx: TableContext, plain: bool) -> Iterator[Broken]:
    """Each rule of each field of each table, once."""
    for case in cases_of(HEADER, ctx.version):
        made = make(rng, ctx, 3, 4, plain=plain, fixed={**fixed_by(HEADER, case), **few_allowed()})
        for key, layout, at in table_places(rng, made):
            for rule, data, wanted in broken_table(rng, key, layout, made.data, at, case):
                yield Broken(rule, replace(made, data=data), wanted)


# -- rules on the whole ------------------------------------------------------------------------------------------------


def poked(made: Made, key: str, name: str, at: int, value: int) -> Made:
    layout = made.element if key == ACCESS else made.ctx
    f = next(f for f in live(SPEC.descriptors[key], layout) if f.name == name)
    return replace(made, data=with_bits(made.data, at, f, value))


def blamed(made: Made, key: str, name: str, at: int) -> int:
    return at + REF.place(key, made.element if key == ACCESS else made.ctx, name)


def broken_lengths(rng: random.Random, made: Made) -> Iterator[Broken]:
    n = len(made.data)
    less = 8 * rng.randrange(n // 8)
    odd = rng.randrange(1, 8)
    yield Broken("length: fragment beyond total", replace(made, total=less), ("RANGE", "fragment_length", less))
    yield Broken("length: total multiple of 8", replace(made, total=n + odd), ("ALIGN", "total_length", n + odd))
    yield Broken("length: fragment multiple of 8", replace(made, fragment=n - odd), ("ALIGN", "fragment_length", n - odd))
    room = rng.randrange(n)
    yield Broken("length: fragment in the buffer", replace(made, room=room), ("SHORT", "fragment_length", room))
    cut = 8 * rng.randrange(size(HEADER, made.ctx) // 8)
    yield Broken("header in the fragment", replace(made, fragment=cut), ("SHORT", "none", 0))
    if made.message.below and made.shape.composite > made.shape.array:
        cut = made.shape.composite + 8 * rng.randrange(2)
        yield Broken("composite in the fragment", replace(made, fragment=cut), ("SHORT", "none", made.shape.composite))


def broken_access(rng: random.Random, made: Made) -> Iterator[Broken]:
    """The array of access descriptors and what relates its elements."""
    shape, n = made.shape, len(made.message.elements)
    where = [shape.array + shape.stride * i for i in range(n)]
    if made.ctx.version > 0:
        value = rng.choice((-(-len(made.data) // 16) * 16 + 16, 0xFFFFFFF0))
        yield Broken("access: offset in the fragment", poked(made, HEADER, "access_offset", 0, value),
                     ("SHORT", "access_offset", blamed(made, HEADER, "access_offset", 0)))
    many = (len(made.data) - shape.array) // shape.stride + 1
    if made.ctx.usage != "donate":
        for value in (many, rng.choice(((1 << 32) // shape.stride + 1, 0xFFFFFFFF))):
            yield Broken("access: count in the fragment", poked(made, HEADER, "access_count", 0, value),
                         ("SHORT", "access_count", blamed(made, HEADER, "access_count", 0)))
    if made.ctx.version > 0:
        value = rng.choice((-(-(len(made.data) - shape.array + 1) // 16) * 16, 0xFFFFFFF0))
        yield Broken("access: stride in the fragment", poked(made, HEADER, "access_size", 0, value),
                     ("SHORT", "access_count", blamed(made, HEADER, "access_count", 0)))
    alone = make(rng, made.ctx, 1, 1)
    for f in live(SPEC.descriptors[HEADER], made.ctx):
        if f.zero_below:
            yield Broken("header: zero_below", poked(alone, HEADER, f.name, 0, 1), ("MBZ", f.name, f.at))
    if made.ctx.usage not in RETRIEVALS:
        i = rng.randrange(n)
        yield Broken("access: differs", poked(made, ACCESS, "endpoint_id", where[i], number(made.message.values, "sender_id")),
                     ("RULE", "endpoint_id", blamed(made, ACCESS, "endpoint_id", where[i])))
        more = replace(made, data=made.data + bytes(8 * rng.choice((1, 2, 9))))
        yield Broken("access: nothing_behind", more, ("RULE", "total_length", len(more.data)))
    if n > 1:
        i = rng.randrange(1, n)
        first = number(made.message.elements[rng.randrange(i)], "endpoint_id")
        yield Broken("access: unique", poked(made, ACCESS, "endpoint_id", where[i], first),
                     ("RULE", "endpoint_id", blamed(made, ACCESS, "endpoint_id", where[i])), second=True)
        value = shape.composite + 8 if shape.composite else 64
        yield Broken("access: all_equal", poked(made, ACCESS, "composite_offset", where[i], value),
                     ("RULE", "composite_offset", blamed(made, ACCESS, "composite_offset", where[i])))
        if made.ctx.usage in RETRIEVALS and shape.composite:
            yield Broken("access: all_equal, none", poked(made, ACCESS, "composite_offset", where[i], 0),
                         ("RULE", "composite_offset", blamed(made, ACCESS, "composite_offset", where[i])))


def broken_part(rng: random.Random, made: Made) -> Iterator[Broken]:
    """Where the composite descriptor is."""
    shape, at = made.shape, made.shape.array
    blame = blamed(made, ACCESS, "composite_offset", at)
    least = 0 if made.ctx.usage in RETRIEVALS else 48 if made.ctx.version == 0 else 64
    end = shape.array + shape.stride * len(made.message.elements)
    for value in (len(made.data) // 8 * 8 - 8, 0xFFFFFFF8):
        yield Broken("part: in the whole", poked(made, ACCESS, "composite_offset", at, value), ("SHORT", "composite_offset", blame))
    inside = [n for n in range(max(8, least), size(HEADER, made.ctx), 8) if n + 16 <= len(made.data)]
    if inside:
        value = rng.choice(inside)
        yield Broken("part: beside the header", poked(made, ACCESS, "composite_offset", at, value), ("OVERLAP", "composite_offset", blame))
    for n in (shape.array - 8, shape.array, end - 8):
        if least <= n <= len(made.data) - 16 and n >= size(HEADER, made.ctx):
            yield Broken("part: beside the array", poked(made, ACCESS, "composite_offset", at, n), ("OVERLAP", "composite_offset", blame))


def broken_ranges(rng: random.Random, made: Made) -> Iterator[Broken]:
    """The array of constituents, what they add up to, and whether they overlap."""
    shape, n = made.shape, len(made.message.below)
    count, total = (blamed(made, COMPOSITE, name, shape.composite) for name in ("address_range_count", "total_page_count"))
    for value in ((len(made.data) - made.ranges) // 16 + 1, 0x10000000, 0x10000000 + n, 0xFFFFFFFF):
        many = poked(made, COMPOSITE, "address_range_count", shape.composite, value)
        yield Broken("ranges: count in the whole", many, ("SHORT", "address_range_count", count))
    if shape.composite < shape.array:
        least = (shape.array - made.ranges) // 16 + 1
        many = poked(made, COMPOSITE, "address_range_count", shape.composite, least)
        yield Broken("ranges: beside the array", many, ("OVERLAP", "address_range_count", count))
    pages = sum(number(r, "page_count") for r in made.message.below)
    for value in {pages - 1, pages + 1, rng.choice((0, 0xFFFFFFFF))} - {pages}:
        yield Broken("ranges: sum", poked(made, COMPOSITE, "total_page_count", shape.composite, value), ("RULE", "total_page_count", total))
    few = replace(made, fragment=max(made.ranges + 16 * (n - 1), shape.array + shape.stride * len(made.message.elements)))
    if few.fragment < made.ranges + 16 * n:
        here = sum(number(r, "page_count") for r in made.message.below[:n - 1])
        if here:
            less = poked(few, COMPOSITE, "total_page_count", shape.composite, here - 1)
            yield Broken("ranges: sum so far", less, ("RULE", "total_page_count", total))
    i = rng.randrange(n)
    last = made.ranges + size(RANGE, made.ctx) * i
    wrap = poked(made, RANGE, "address", last, (1 << 64) - PAGE)
    yield Broken("range: no_wrap", poked(wrap, RANGE, "page_count", last, 2), ("RULE", "page_count", blamed(made, RANGE, "page_count", last)))
    if n > 1:
        yield from broken_overlaps(rng, made)


def broken_overlaps(rng: random.Random, made: Made) -> Iterator[Broken]:
    """The later of two ranges is blamed, wherever in the first it begins or the first in it."""
    n = len(made.message.below)
    i, j = sorted(rng.sample(range(n), 2))
    first, at = made.message.below[i], made.ranges + size(RANGE, made.ctx) * j
    start, pages = number(first, "address"), number(first, "page_count")
    for address in (start, start + (pages - 1) * PAGE):
        other = poked(made, RANGE, "address", at, address)
        old = number(made.message.below[j], "page_count")
        other = poked(other, RANGE, "page_count", at, 1)
        other = poked(other, COMPOSITE, "total_page_count", made.shape.composite,
                      sum(number(r, "page_count") for r in made.message.below) - old + 1)
        yield Broken("ranges: disjoint", replace(other, limit=j + 1), ("OVERLAP", "address", blamed(made, RANGE, "address", at)), second=True)


def broken_whole(rng: random.Random, made: Made) -> Iterator[Broken]:
    yield from broken_lengths(rng, made)
    yield from broken_access(rng, made)
    if made.message.below:
        yield from broken_part(rng, made)
        yield from broken_ranges(rng, made)


WHOLE = {  # every rule of broken_whole
    "length: fragment beyond total", "length: total multiple of 8", "length: fragment multiple of 8", "length: fragment in the buffer",
    "header in the fragment", "composite in the fragment", "access: offset in the fragment", "access: count in the fragment",
    "access: stride in the fragment", "header: zero_below", "access: differs",
    "access: nothing_behind", "access: unique", "access: all_equal", "access: all_equal, none", "part: in the whole",
    "part: beside the header", "part: beside the array", "ranges: count in the whole", "ranges: beside the array", "ranges: sum", "ranges: sum so far", "range: no_wrap",
    "ranges: disjoint"}
