"""The reference codec of descriptors: byte by byte, one version and one usage at a time.  Shares the model with record.py, no planning."""
from __future__ import annotations

from dataclasses import dataclass

from .model import Descriptor, Field, Rule, Spec
from .ref import Refused, Value, Values

U64 = (1 << 64) - 1


@dataclass(frozen=True)
class TableContext:
    """Version (index), usage or nothing, waived rules."""

    version: int
    usage: str = ""
    waive: frozenset[str] = frozenset()

    def refuse(self, rule: str, field: str, at: int, value: int) -> None:
        if rule not in self.waive:
            raise Refused(rule, field, at, value & U64)


class TableReference:
    """Reads and writes any descriptor of a description."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec

    def live(self, d: Descriptor, ctx: TableContext) -> list[Field]:
        if not d.sizes[ctx.version]:
            major, minor = self.spec.versions[ctx.version].split(".")
            raise Refused("VERSION", "version", 0, int(major) << 16 | int(minor))
        return [f for f in d.fields if ctx.version in f.life]

    def members(self, d: Descriptor) -> list[str]:
        here = [v for v, size in enumerate(d.sizes) if size]
        return list(dict.fromkeys(f.name for f in d.fields if f.kind is not None and any(v in f.life for v in here)))

    # -- reading -----------------------------------------------------------------------------------------------------

    def unpack(self, key: str, ctx: TableContext, data: bytes, at: int) -> Values:
        d = self.spec.descriptors[key]
        fields = self.live_at(d, ctx, at)
        self.room(d, ctx, len(data), at)

        def container(field: Field, size: int = 0) -> int:
            return int.from_bytes(data[at + field.at:at + field.at + (size or field.size)], "little")

        for field in fields:
            if field.value is not None and bits(field, container(field)) != field.value:
                raise Refused("KEY", field.name, at + field.at, container(field))
        self.reserved(d, ctx, fields, data, at)
        values: Values = {}
        for name in self.members(d):
            values[name] = self.read(d, name, ctx, fields, data, at)
        self.rules(d, ctx, fields, values, at)
        return values

    def live_at(self, d: Descriptor, ctx: TableContext, at: int) -> list[Field]:
        try:
            return self.live(d, ctx)
        except Refused as no:
            raise Refused(no.rule, no.field, at & 0xFFFFFFFF, no.value) from None

    def room(self, d: Descriptor, ctx: TableContext, length: int, at: int) -> None:
        size = d.sizes[ctx.version]
        if at > length or size > length - at:
            raise Refused("SHORT", "none", at & 0xFFFFFFFF, length)
        unit = max(max(c for _, c in parts(f)) for f in d.fields if ctx.version in f.life)
        if at % unit:
            raise Refused("ALIGN", "none", at & 0xFFFFFFFF, at)

    def reserved(self, d: Descriptor, ctx: TableContext, fields: list[Field], data: bytes, at: int) -> None:
        for field in sorted(fields, key=lambda f: f.at):
            if field.reserved and self.used(field, ctx):
                for offset, size in parts(field):
                    raw = int.from_bytes(data[at + offset:at + offset + size], "little")
                    mask = (1 << 8 * size) - 1 if field.whole else ((1 << (field.hi - field.lo + 1)) - 1) << field.lo
                    if raw & mask and self.selected(field, fields, data, at):
                        ctx.refuse(field.reserved.upper(), "reserved", at + offset, raw)
            elif field.flags is not None and self.used(field, ctx):
                raw = int.from_bytes(data[at + field.at:at + field.at + field.size], "little")
                listed = sum(1 << b.at for b in field.flags.bits if ctx.version in b.life)
                if bits(field, raw) & ~listed:
                    ctx.refuse(field.flags.reserved.upper(), field.name, at + field.at, raw)
        for field in fields:
            if field.kind is None or field.reserved or self.used(field, ctx) or self.covered(field, fields, ctx):
                continue
            for offset, size in parts(field):
                raw = int.from_bytes(data[at + offset:at + offset + size], "little")
                if (bits(field, raw) if not field.whole else raw):
                    ctx.refuse("MBZ", field.name, at + offset, raw)

    @staticmethod
    def used(field: Field, ctx: TableContext) -> bool:
        return not field.uses or ctx.usage in field.uses

    def covered(self, field: Field, fields: list[Field], ctx: TableContext) -> bool:
        """Do other statements speak of these bits in this usage?"""
        return any(f.at == field.at and f.lo <= field.hi and field.lo <= f.hi and self.used(f, ctx) for f in fields)

    def selected(self, field: Field, fields: list[Field], data: bytes, at: int) -> bool:
        if field.when is None:
            return True
        owner = next(f for f in fields if f.name == field.when[0])
        assert owner.enum is not None
        raw = int.from_bytes(data[at + owner.at:at + owner.at + owner.size], "little")
        return bits(owner, raw) == next(v.value for v in owner.enum.values if v.name == field.when[1])

    def read(self, d: Descriptor, name: str, ctx: TableContext, fields: list[Field], data: bytes, at: int) -> Value:
        first = next(f for f in d.fields if f.name == name)
        assert first.kind is not None
        here = [f for f in fields if f.name == name and self.used(f, ctx) and self.selected(f, fields, data, at)]
        spread = first.kind.spread
        if spread == "bytes":
            return list(data[at + here[0].at:at + here[0].at + here[0].size]) if here else [0] * first.size
        if not here:
            return (0, 0) if spread == "uuid" else [0] * (first.size // 8) if spread == "words" else 0
        words = [int.from_bytes(data[at + o:at + o + s], "little") for o, s in parts(here[0])]
        if spread == "uuid":
            return (words[0], words[1])
        return words if spread == "words" else bits(here[0], words[0])

    # -- rules -------------------------------------------------------------------------------------------------------

    def applies(self, field: Field, fields: list[Field], ctx: TableContext, values: Values) -> bool:
        if not self.used(field, ctx):
            return False
        if field.when is None:
            return True
        owner = next(f for f in fields if f.name == field.when[0])
        assert owner.enum is not None
        return values[owner.name] == next(v.value for v in owner.enum.values if v.name == field.when[1])

    def rules(self, d: Descriptor, ctx: TableContext, fields: list[Field], values: Values, at: int) -> None:
        for name in self.members(d):
            for field in fields:
                value = values[name]
                if field.name == name and isinstance(value, int) and self.applies(field, fields, ctx, values):
                    self.field_rules(field, ctx, value, values, at, fields)
        for rule in d.rules:
            self.rule(rule, ctx, values, at, fields)

    def field_rules(self, field: Field, ctx: TableContext, value: int, values: Values, at: int, fields: list[Field]) -> None:
        where = at + field.at & 0xFFFFFFFF
        if field.enum is not None and value not in {v.value for v in field.enum.values if ctx.version in v.life}:
            ctx.refuse("ENUM", field.name, where, value)
        limit = values[field.max] if isinstance(field.max, str) else field.max
        if field.min is not None and value < field.min or isinstance(limit, int) and value > limit:
            ctx.refuse("RANGE", field.name, where, value)
        if field.multiple_of and value % field.multiple_of:
            ctx.refuse("ALIGN", field.name, where, value)
        if field.zero_unless and value:
            name, _, flag = field.zero_unless.partition(".")
            other, owner = values[name], next(f for f in fields if f.name == name).flags
            mask = sum(1 << b.at for b in owner.bits if b.name == flag) if flag and owner else U64
            assert isinstance(other, int)
            if not other & mask:
                ctx.refuse("MBZ", field.name, where, value)
        if field.zero_above and value:
            other = values[field.zero_above[0]]
            assert isinstance(other, int)
            if other > field.zero_above[1]:
                ctx.refuse("MBZ", field.name, where, value)

    def rule(self, rule: Rule, ctx: TableContext, values: Values, at: int, fields: list[Field]) -> None:
        first, second = (values[name] for name in rule.fields)
        owner = next(f for f in fields if f.name == rule.fields[1])
        assert isinstance(first, int) and isinstance(second, int)
        if rule.keyword == "no_wrap":
            broken = second > 0 and first + second * self.spec.page_size - 1 > U64
        elif rule.keyword == "both_or_neither":
            broken = (first == 0) != (second == 0)
        else:
            named = [{v.name: v.value for v in f.enum.values} for name in rule.fields for f in fields if f.name == name and f.enum]
            broken = [first, second] == [names[value] for names, value in zip(named, rule.values)]
        if broken:
            ctx.refuse("RULE", rule.fields[1], at + owner.at & 0xFFFFFFFF, second)

    # -- writing -----------------------------------------------------------------------------------------------------

    def pack(self, key: str, ctx: TableContext, values: Values, length: int, at: int) -> bytes:
        """The bytes of the fixed part."""
        d = self.spec.descriptors[key]
        fields = self.live_at(d, ctx, at)
        self.room(d, ctx, length, at)
        for name in self.members(d):
            self.place_for(d, name, ctx, fields, values, at)
        self.rules(d, ctx, fields, values, at)
        out = bytearray(d.sizes[ctx.version])
        for field in fields:
            if field.value is not None:
                self.put(out, field.at, field.size, field.value << field.lo)
            elif field.kind is not None and self.applies(field, fields, ctx, values):
                self.store(out, field, values[field.name])
        return bytes(out)

    def place_for(self, d: Descriptor, name: str, ctx: TableContext, fields: list[Field], values: Values, at: int) -> None:
        value = values[name]
        first = next(f for f in d.fields if f.name == name)
        here = [f for f in fields if f.name == name]
        joined = value if isinstance(value, int) else 0
        for part in value if isinstance(value, (list, tuple)) else ():
            joined |= part
        assert first.kind is not None
        if not here:
            if joined and first.kind.spread != "bytes":
                raise Refused("ABSENT", name, at + first.at & 0xFFFFFFFF, joined)
            return
        if not any(self.used(f, ctx) for f in here):
            if joined:  # whatever is waived: it would not be written
                raise Refused("MBZ", name, at + here[0].at & 0xFFFFFFFF, joined)
            return
        for field in here:
            self.wide_enough(field, ctx, fields, values, at)

    def wide_enough(self, field: Field, ctx: TableContext, fields: list[Field], values: Values, at: int) -> None:
        value = values[field.name]
        if not isinstance(value, int) or field.kind is None:
            return
        where = at + field.at & 0xFFFFFFFF
        applies = self.applies(field, fields, ctx, values)
        if field.when is not None and not applies and value:
            raise Refused("ABSENT", field.name, where, value)
        if not applies:
            return
        if field.flags is not None:
            listed = sum(1 << b.at for b in field.flags.bits if ctx.version in b.life)
            if value & ~listed:
                ctx.refuse(field.flags.reserved.upper(), field.name, where, value)
        if value >> (field.hi - field.lo + 1):
            raise Refused("RANGE", field.name, where, value)

    def store(self, out: bytearray, field: Field, value: Value) -> None:
        assert field.kind is not None
        if isinstance(value, int):
            self.put(out, field.at, field.size, value << field.lo)
        elif field.kind.spread == "bytes":
            out[field.at:field.at + field.size] = bytes(value)
        else:
            for (offset, size), word in zip(parts(field), value):
                self.put(out, offset, size, word)

    @staticmethod
    def put(out: bytearray, at: int, size: int, value: int) -> None:
        old = int.from_bytes(out[at:at + size], "little")
        out[at:at + size] = (old | value & ((1 << 8 * size) - 1)).to_bytes(size, "little")


def bits(field: Field, raw: int) -> int:
    return raw >> field.lo & ((1 << (field.hi - field.lo + 1)) - 1)


def parts(field: Field) -> list[tuple[int, int]]:
    """Offset and size of each load that a field takes."""
    if field.kind is not None and field.kind.spread in ("uuid", "words"):
        return [(at, 8) for at in range(field.at, field.at + field.size, 8)]
    if field.kind is not None and field.kind.spread == "bytes":
        return [(at, 1) for at in range(field.at, field.at + field.size)]
    if not (field.reserved and field.whole):
        return [(field.at, field.size)]
    found, at, end = [], field.at, field.at + field.size
    while at < end:
        size = max(n for n in (1, 2, 4, 8) if at % n == 0 and at + n <= end)
        found.append((at, size))
        at += size
    return found
