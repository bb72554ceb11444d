"""Shapes, seeds and dictionaries for fuzzers: from the model and the reference codecs, never from the plans of the C."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from . import vectors
from .model import Array, Descriptor, Field, Spec
from .ref import Refused, Values
from .refrecord import TableContext, TableReference

U64 = (1 << 64) - 1
MANY = 3  # elements of the larger seeds


@dataclass(frozen=True)
class FieldShape:
    """struct fuzz_field."""

    name: str
    member: str  # of the struct; nothing where it has none
    at: int
    size: int
    kind: str
    hi: int
    lo: int
    versions: int
    usages: int
    when: str
    when_value: int
    value: int
    min: int
    max: int
    max_id: str
    unless_id: str
    unless_mask: int
    unless_least: int
    unless_most: int
    unit: int
    listed: tuple[int, ...]


@dataclass(frozen=True)
class RuleShape:
    kind: str
    first: str
    second: str
    first_value: int
    second_value: int


@dataclass(frozen=True)
class ArrayShape:
    """struct fuzz_array; numbers by version as (number, field)."""

    of: str
    count: str
    offset: tuple[tuple[int, str], ...]
    stride: tuple[tuple[int, str], ...]
    sum: str
    sum_equals: str
    unique: str
    part: str
    part_offset: str


@dataclass(frozen=True)
class Shape:
    key: str
    chapter: str
    usages: int
    sizes: tuple[int, ...]
    aligns: tuple[int, ...]
    fields: tuple[FieldShape, ...]
    rules: tuple[RuleShape, ...]
    array: ArrayShape | None


class Shapes:
    """Every table of a description as data."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.bit = {usage: 1 << i for i, usage in enumerate(spec.usages)}
        self.reference = TableReference(spec)

    def all(self) -> list[Shape]:
        """In an order in which each one only refers to those before it."""
        found: dict[str, Shape] = {}

        def visit(d: Descriptor) -> None:
            for array in d.arrays:
                for key in (array.of, part_of(array)[0]):
                    if key in self.spec.descriptors:
                        visit(self.spec.descriptors[key])
            found.setdefault(d.key, self.shape(d))

        for d in self.spec.descriptors.values():
            visit(d)
        return list(found.values())

    def shape(self, d: Descriptor) -> Shape:
        aligns = tuple(max((load(f) for f in d.fields if v in f.life), default=1) for v in range(len(d.sizes)))
        fields = tuple(self.field(d, f) for f in d.fields)
        return Shape(d.key, d.chapter, sum(self.bit[u] for u in d.usages), d.sizes, aligns, fields,
                     tuple(self.rule(d, r) for r in d.rules), self.array(d.arrays[0]) if d.arrays else None)

    def field(self, d: Descriptor, f: Field) -> FieldShape:
        versions = sum(1 << v for v, size in enumerate(d.sizes) if size and v in f.life)
        usages = sum(self.bit[u] for u in f.uses or d.usages or self.spec.usages)
        when, when_value = (f.when[0], self.encoding(d, f, *f.when)) if f.when else ("none", 0)
        unless = self.unless(d, f)
        member = f.name if f.kind is not None and not f.reserved and versions else ""
        return FieldShape(
            f.name or "reserved", member, f.at, f.size, self.kind(f), min(f.hi, 63), f.lo, versions, usages, when, when_value,
            f.value or 0, f.min or 0, f.max if isinstance(f.max, int) else U64, f.max if isinstance(f.max, str) else "none",
            *unless, f.multiple_of or 0, self.listed(f))

    @staticmethod
    def kind(f: Field) -> str:
        if f.reserved:
            return "RESERVED"
        if f.value is not None:
            return "CONSTANT"
        assert f.kind is not None
        if f.kind.spread != "bits":
            return "BYTES"
        return "ENUM" if f.enum is not None else "FLAGS" if f.flags is not None else "NUMBER"

    def listed(self, f: Field) -> tuple[int, ...]:
        versions = range(len(self.spec.versions))
        if f.enum is not None:
            return tuple(sum(1 << e.value for e in f.enum.values if v in e.life) for v in versions)
        return tuple(sum(1 << b.at for b in f.flags.bits if v in b.life) if f.flags is not None else 0 for v in versions)

    @staticmethod
    def encoding(d: Descriptor, near: Field | None, name: str, value: str) -> int:
        owners = [f for f in d.fields if f.name == name and f.enum is not None and (near is None or f.life.first <= near.life.last)]
        return next(e.value for f in owners if f.enum for e in f.enum.values if e.name == value)

    @staticmethod
    def unless(d: Descriptor, f: Field) -> tuple[str, int, int, int]:
        """Which field, which of its bits, and the least and the greatest value of those with which this one may be set."""
        if f.zero_above:
            return f.zero_above[0], U64, 0, f.zero_above[1]
        if not f.zero_unless:
            return "none", 0, 0, U64
        name, _, flag = f.zero_unless.partition(".")
        owner = next(o for o in d.fields if o.name == name).flags
        return name, sum(1 << b.at for b in owner.bits if b.name == flag) if flag and owner else U64, 1, U64

    def rule(self, d: Descriptor, rule: Any) -> RuleShape:
        first, second = rule.fields
        if rule.keyword == "no_wrap":
            return RuleShape("NO_WRAP", first, second, self.spec.page_size, 0)
        if rule.keyword == "both_or_neither":
            return RuleShape("BOTH_OR_NEITHER", first, second, 0, 0)
        return RuleShape("FORBID", first, second, *(self.encoding(d, None, n, v) for n, v in zip(rule.fields, rule.values)))

    @staticmethod
    def array(a: Array) -> ArrayShape:
        numbers = [tuple((0, n) if isinstance(n, str) else (n, "none") for n in given) for given in (a.offset, a.stride)]
        rules = dict(a.rules)
        sums = rules.get("sum", {})
        unique = rules.get("unique", "none")
        part, part_offset = part_of(a)
        return ArrayShape(a.of, a.count, numbers[0], numbers[1], sums.get("field", "none"), sums.get("equals", "none"),
                          unique if unique != a.name else "none", part, part_offset)


def part_of(a: Array) -> tuple[str, str]:
    part = dict(a.rules).get("part", {})
    return part.get("of", ""), part.get("offset", "none")


def load(f: Field) -> int:
    """The widest access that a field takes."""
    if f.kind is not None and f.kind.spread != "bits":
        return 1 if f.kind.spread == "bytes" else 8
    if not (f.reserved and f.whole):
        return f.size
    return max(n for n in (1, 2, 4, 8) if any(at % n == 0 and at + n <= f.at + f.size for at in range(f.at, f.at + f.size)))


# -- seeds -------------------------------------------------------------------------------------------------------------


class Seeds:
    """Legal objects: each table alone, with one element and with some; bytes of the reference codec."""

    def __init__(self, spec: Spec) -> None:
        self.spec, self.reference = spec, TableReference(spec)

    def lines(self) -> Iterator[str]:
        for d in self.spec.descriptors.values():
            for version, size in enumerate(d.sizes):
                for usage in d.usages if size else ():
                    yield from self.of(d, TableContext(version, usage))
                if size and not d.usages:
                    yield from self.of(d, TableContext(version))
        yield from self.calls()

    def of(self, d: Descriptor, ctx: TableContext) -> Iterator[str]:
        usage = self.spec.usages.index(ctx.usage) if ctx.usage else 0
        for count in (0, 1, MANY) if d.arrays else (0,):
            data = self.whole(d, ctx, count)
            if data is not None:
                yield f"{d.key} {ctx.version} {usage} 0 {data.hex()}"

    def calls(self) -> Iterator[str]:
        """Requests, and replies with the number of their call."""
        numbers = {key: i for i, key in enumerate(self.spec.calls)}
        for v in vectors.vectors(self.spec):
            key, _, part = v.codec.partition(".")
            regs = b"".join(r.to_bytes(8, "little") for r in v.regs).rstrip(b"\0").hex()
            yield f"{'reply' if part else 'request'} {self.spec.versions.index(v.version)} 0 {numbers[key] | (v.conv == 'smc64') << 16} {regs}"

    def whole(self, d: Descriptor, ctx: TableContext, count: int) -> bytes | None:
        """The table and what follows it, as close together as the rules allow; nothing when they refuse it."""
        if not d.arrays or not count:
            return self.fixed(d, ctx, {})
        array = d.arrays[0]
        of = self.spec.descriptors.get(array.of)
        size = of.sizes[ctx.version] if of else 2
        end = d.sizes[ctx.version]
        said, step = array.offset[ctx.version], array.stride[ctx.version]
        offset = -(-end // 16) * 16 if isinstance(said, str) else said
        part, place = part_of(array)
        after = offset + size * count
        tail = self.whole(self.spec.descriptors[part], ctx, count) if part else b""
        elements = [self.element(of, array, ctx, i, {place: after} if part else {}) for i in range(count)]
        given = {array.count: count} | {name: value for name, value in ((said, offset), (step, size)) if isinstance(name, str)}
        sums = dict(array.rules).get("sum")
        if sums:
            given[sums["equals"]] = count
        head = self.fixed(d, ctx, given)
        if head is None or None in elements or tail is None:
            return None
        return head.ljust(offset, b"\0") + b"".join(e or b"" for e in elements) + tail

    def element(self, of: Descriptor | None, array: Array, ctx: TableContext, i: int, given: dict[str, int]) -> bytes | None:
        if of is None:
            return (0x8001 + i).to_bytes(2, "little")
        unique = dict(array.rules).get("unique")
        given = given | ({unique: 0x8001 + i} if unique else {})
        if "address" in self.reference.members(of):
            given["address"] = 0x80000000 + 2 * i * self.spec.page_size
        return self.fixed(of, ctx, given)

    def fixed(self, d: Descriptor, ctx: TableContext, given: dict[str, int]) -> bytes | None:
        values: Values = {name: given.get(name, self.plain(d, ctx, name)) for name in self.reference.members(d)}
        try:
            return self.reference.pack(d.key, ctx, values, d.sizes[ctx.version], 0)
        except Refused:
            return None

    def plain(self, d: Descriptor, ctx: TableContext, name: str) -> Any:
        """The smallest value that a member may have in the version and usage."""
        field = next(f for f in d.fields if f.name == name and f.kind is not None)
        assert field.kind is not None
        if field.kind.spread == "uuid":
            return (0, 0)
        if field.kind.spread in ("bytes", "words"):
            return [0] * (field.size // (8 if field.kind.spread == "words" else 1))
        here = [f for f in d.fields if f.name == name and ctx.version in f.life and (not f.uses or ctx.usage in f.uses)]
        if not here or here[0].when is not None:
            return 0
        unit = here[0].multiple_of or 1
        lowest = min(v.value for v in here[0].enum.values) if here[0].enum else 0
        return max(-(-(here[0].min or 0) // unit) * unit, lowest)


def dictionary(spec: Spec) -> str:
    """Words of libFuzzer and AFL: function ids, constants, limits; little-endian."""
    words: dict[bytes, str] = {}
    for call in spec.calls.values():
        for conv, given in call.fids.items():
            for _, fid in given:
                words.setdefault(fid.to_bytes(4, "little"), f"{call.key}_{conv[-2:]}")
    for status in (*spec.status.values, *spec.smccc_status.values):
        words.setdefault((status.value & 0xFFFFFFFF).to_bytes(4, "little"), f"status_{status.name}")
    for d in spec.descriptors.values():
        for f in d.fields:
            for value in (f.value, f.min, f.max, f.multiple_of):
                if isinstance(value, int) and value > 1 and f.size <= 8:
                    words.setdefault(value.to_bytes(f.size, "little"), f"{d.key}_{f.name}")
    for name, value, size in (("page", spec.page_size, 8), ("top_page", -spec.page_size & U64, 8), ("all_ones", 0xFFFFFFFF, 4)):
        words.setdefault(value.to_bytes(size, "little"), name)
    return "".join(f'{name}_{i}="{"".join(f"{chr(92)}x{b:02x}" for b in word)}"\n' for i, (word, name) in enumerate(words.items()))


def seeds(spec: Spec) -> str:
    """A line a seed: table or request or reply, version, usage, number, bytes."""
    head = "# kind version usage number bytes (from the reference codecs; number of a reply: its call, bit 16 set in SMC64)"
    return "\n".join([head, *Seeds(spec).lines()]) + "\n"
