"""The reference codec: a second, independent reading of the description.

It shares the model and slices.py with the generator, and none of the planning that leads to C: it looks at one version
and one convention at a time, bit by bit, and does what the language page (spec/README.md) says.  The tests hold the C
against it: accept or refuse, the rule, the field, the place and every value.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .model import CONVS, Call, Entry, Layout, Rule, Spec
from .slices import Point, clipped, pieces, required, width

Value = int | list[int] | tuple[int, int]
Values = dict[str, Value]
BIT30 = 1 << 30
U32, U64 = (1 << 32) - 1, (1 << 64) - 1


@dataclass
class Refused(Exception):
    """The first rule that is broken."""

    rule: str
    field: str
    at: int
    value: int


@dataclass(frozen=True)
class Context:
    """As struct ffabi_ctx: the version's index, the waived rules, the instance or nothing."""

    version: int
    waive: frozenset[str] = frozenset()
    instance: str = ""

    def refuse(self, rule: str, field: str, at: int, value: int) -> None:
        if rule not in self.waive:
            raise Refused(rule, field, at, value & U64)


class Reference:
    """Packs and unpacks any layout of a description."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec

    # -- requests ----------------------------------------------------------------------------------------------------

    def unpack_request(self, key: str, ctx: Context, x: list[int]) -> Values:
        call = self.spec.calls[key]
        owner = self.spec.carrier_of(call)
        conv = self.conv_of(call, x[0])
        numbers = {fid & ~BIT30 for given in owner.fids.values() for _, fid in given}
        number = x[0] & U32 & (~BIT30 if len(self.spec.convs(call)) == 2 else U32)
        wanted = numbers if len(self.spec.convs(call)) == 2 else {fid for given in owner.fids.values() for _, fid in given}
        if number not in wanted:
            raise Refused("FID", "function_id", 0, x[0])
        self.speaks(call, ctx, conv)
        return self.unpack(call.request, ctx, conv, x)

    def pack_request(self, key: str, ctx: Context, conv: str, values: Values) -> list[int]:
        call = self.spec.calls[key]
        if conv not in self.spec.convs(call):
            conv = self.spec.convs(call)[0]
        self.speaks(call, ctx, conv)
        x = self.pack(call.request, ctx, conv, values)
        fid = self.spec.fid(call, conv, ctx.version)
        assert fid is not None
        x[0] = fid
        return x

    def conv_of(self, call: Call, x0: int) -> str:
        convs = self.spec.convs(call)
        return convs[0] if len(convs) == 1 else CONVS[1] if x0 & BIT30 else CONVS[0]

    def speaks(self, call: Call, ctx: Context, conv: str) -> None:
        owner = self.spec.carrier_of(call)
        if not any(self.spec.fid(call, c, ctx.version) is not None for c in owner.fids):
            raise Refused("VERSION", "version", 0, self.version_number(ctx))
        if self.spec.fid(call, conv, ctx.version) is None:
            raise Refused("VERSION", "function_id", 0, BIT30 if conv == "smc64" else 0)

    def version_number(self, ctx: Context) -> int:
        major, minor = self.spec.versions[ctx.version].split(".")
        return int(major) << 16 | int(minor)

    # -- replies -----------------------------------------------------------------------------------------------------

    def unpack_reply(self, key: str, ctx: Context, conv: str, x: list[int]) -> tuple[str, Values]:
        """The kind of the reply, and its values when it is FFA_SUCCESS or FFA_ERROR."""
        call = self.spec.calls[key]
        if call.success is not None and call.success.as_ == "version":
            assert call.error is not None
            mark = next(e for e in call.success.entries if e.value is not None)
            good = (x[0] >> mark.lo) & 1 == mark.value
            layout = call.success if good else call.error
            if ctx.version not in call.life:
                raise Refused("VERSION", "version", 0, self.version_number(ctx))
            return ("success" if good else "error"), self.unpack(layout, ctx, "smc32", x)
        got = "smc64" if x[0] & BIT30 else "smc32"
        conv = conv if len(self.spec.convs(call)) == 2 else self.spec.convs(call)[0]
        number = x[0] & U32 & ~BIT30
        if number == self.number("error"):  # also when the version does not have the call: that is what the callee says then
            return "error", self.unpack_request("error", ctx, x)
        self.exists(call, ctx)
        if call.success is not None and number == self.number("success"):
            return "success", self.unpack_success(call, ctx, conv, got, x)
        for reply in call.replies:
            target = self.spec.calls[reply.call]
            if number != self.number(target.carrier or target.key):
                continue
            if reply.same and got != conv:
                ctx.refuse("CONV", "function_id", 0, x[0])
            if ctx.version not in reply.life and reply.life != call.life:
                raise Refused("VERSION", "function_id", 0, x[0])
            return reply.call, self.unpack_request(reply.call, ctx, x)
        raise Refused("FID", "function_id", 0, x[0])

    def unpack_success(self, call: Call, ctx: Context, conv: str, got: str, x: list[int]) -> Values:
        layout = call.success
        assert layout is not None
        convs = self.spec.convs(call)
        wanted = "smc32" if layout.as_ == "smc32" else conv if len(convs) == 2 else convs[0]
        if got != wanted:
            ctx.refuse("CONV", "function_id", 0, x[0])
        return self.unpack(layout, ctx, got if layout.as_ == "same" and len(convs) == 2 else wanted, x)

    def pack_reply(self, key: str, ctx: Context, conv: str, kind: str, values: Values) -> list[int]:
        """conv is the request's; an FFA_ERROR is packed in the same convention where it has one."""
        call = self.spec.calls[key]
        if kind == "error" and call.error is None:
            return self.pack_request("error", ctx, conv, values)
        self.exists(call, ctx)
        layout = call.success if kind == "success" else call.error
        if layout is None:
            raise Refused("FID", "function_id", 0, list(self.spec.calls).index(kind))
        convs = self.spec.convs(call)
        conv = "smc32" if layout.as_ in ("smc32", "version") else conv if len(convs) == 2 else convs[0]
        if layout.as_ == "same":
            self.speaks(call, ctx, conv)
        x = self.pack(layout, ctx, conv, values)
        if layout.as_ != "version":
            fid = self.spec.calls["success"].fid(conv, ctx.version)
            assert fid is not None
            x[0] = fid
        return x

    def exists(self, call: Call, ctx: Context) -> None:
        if not any(self.spec.fid(call, c, ctx.version) is not None for c in CONVS):
            raise Refused("VERSION", "version", 0, self.version_number(ctx))

    def number(self, key: str) -> int:
        return next(fid & ~BIT30 for given in self.spec.calls[key].fids.values() for _, fid in given)

    # -- one layout --------------------------------------------------------------------------------------------------

    def members(self, layout: Layout) -> dict[str, list[Entry]]:
        found: dict[str, list[Entry]] = {}
        for entry in layout.entries:
            if entry.kind is not None:
                found.setdefault(entry.name, []).append(entry)
        return found

    def unpack(self, layout: Layout, ctx: Context, conv: str, x: list[int]) -> Values:
        point = (ctx.version, conv)
        self.identify(layout, ctx, point, lambda reg: x[reg], x)
        self.reserved(layout, ctx, point, x)
        values: Values = {}
        for name, entries in self.members(layout).items():
            here = [e for e in entries if clipped(self.spec, e, point)]
            values[name] = self.read(here[0], point, x) if here else self.neutral(layout, entries)
            if here and here[0].kind and here[0].kind.spread == "words":
                found = values[name]
                assert isinstance(found, list)
                values[name] = found + [0] * (self.array(layout, entries) - len(found))
        self.field_rules(layout, ctx, point, values)
        for name, entries in self.members(layout).items():
            kind = entries[0].kind
            if kind is not None and kind.spread == "bytes":
                self.read_bytes(layout, ctx, point, entries, values, x)
        return values

    def identify(self, layout: Layout, ctx: Context, point: Point, load: Callable[[int], int], x: list[int]) -> None:
        """Constants, register by register, then function ids."""
        regs = dict.fromkeys(e.regs[0] for e in layout.entries if e.value is not None)
        for reg in regs:
            constants = [e for e in layout.entries if e.value is not None and e.regs[0] == reg]
            for entry in constants:
                mask = (1 << (entry.hi - entry.lo + 1)) - 1
                if load(reg) >> entry.lo & mask != entry.value:
                    raise Refused("KEY", constants[0].name, reg, x[reg])
        for entry in layout.entries:
            if entry.fid_of and load(entry.regs[0]) & U32 not in self.ids(entry, point):
                raise Refused("KEY", entry.name, entry.regs[0], x[entry.regs[0]])

    def ids(self, entry: Entry, point: Point) -> set[int]:
        target = self.spec.calls[entry.fid_of]
        return {fid for conv in target.fids if (fid := target.fid(conv, point[0])) is not None}

    def reserved(self, layout: Layout, ctx: Context, point: Point, x: list[int]) -> None:
        """In register order: the width first, then reserved bits in the order of the entries."""
        if layout.as_ != "version" and x[0] >> 32:
            ctx.refuse("WIDTH", "upper_half", 0, x[0])
        stated = pieces(self.spec, layout, point)
        for reg in required(self.spec, layout, point):
            here = [p for p in stated if p.reg == reg]
            if not any(width(self.spec, p.entry, point) == 64 for p in here) and x[reg] >> 32:
                ctx.refuse("WIDTH", "upper_half", reg, x[reg])
            for piece in here:
                entry = piece.entry
                mask = piece.mask if entry.reserved else 0
                if entry.flags is not None:
                    listed = sum(1 << (b.at + entry.lo) for b in entry.flags.bits if point[0] in b.life)
                    mask = piece.mask & ~listed
                if x[reg] & mask:
                    rule = (entry.reserved or entry.flags.reserved if entry.flags else entry.reserved).upper()
                    ctx.refuse(rule, "reserved" if entry.reserved else entry.name, reg, x[reg])

    def neutral(self, layout: Layout, entries: list[Entry]) -> Value:
        kind = entries[0].kind
        assert kind is not None
        if kind.spread == "words":
            return [0] * self.array(layout, entries)
        return (0, 0) if kind.spread == "uuid" else [] if kind.spread == "bytes" else entries[0].bias

    def array(self, layout: Layout, entries: list[Entry]) -> int:
        """How many elements the member has in the C structure: the most that any version and convention passes."""
        del layout
        counts = [len(clipped(self.spec, e, (v, c))) for e in entries for v in range(len(self.spec.versions)) for c in CONVS
                  if v in e.life]
        return max(counts)

    def read(self, entry: Entry, point: Point, x: list[int]) -> Value:
        kind, regs = entry.kind, clipped(self.spec, entry, point)
        assert kind is not None
        full = (1 << width(self.spec, entry, point)) - 1
        if kind.spread == "words":
            return [x[reg] & full for reg in regs]
        if kind.spread == "bytes":
            return []
        if kind.spread == "word":
            return x[regs[0]] & full
        if kind.spread == "uuid":
            words = [x[reg] & full for reg in regs]
            return (words[0], words[1]) if len(words) == 2 else (words[0] | words[1] << 32, words[2] | words[3] << 32)
        if len(regs) == 2:
            return x[regs[0]] & U32 | (x[regs[1]] & U32) << 32
        hi = min(entry.hi, width(self.spec, entry, point) - 1)
        raw = x[regs[0]] >> entry.lo & ((1 << (hi - entry.lo + 1)) - 1) & ((1 << kind.bits) - 1)
        if entry.bias and raw + entry.bias >> kind.bits:
            raise Refused("RANGE", entry.name, regs[0], x[regs[0]])
        return raw + entry.bias

    def read_bytes(self, layout: Layout, ctx: Context, point: Point, entries: list[Entry], values: Values, x: list[int]) -> None:
        here = [e for e in entries if clipped(self.spec, e, point)]
        if not here:
            return
        step = width(self.spec, here[0], point) // 8
        text = [x[reg] >> 8 * i & 0xFF for reg in clipped(self.spec, here[0], point) for i in range(step)]
        count = values[here[0].length]
        assert isinstance(count, int)
        if any(text[count:]):
            ctx.refuse("SBZ", here[0].name, here[0].regs[0], x[here[0].regs[0]])
        size = self.array(layout, entries) * 8
        values[here[0].name] = text[:count] + [0] * (size - min(count, len(text)))

    # -- rules -------------------------------------------------------------------------------------------------------

    def field_rules(self, layout: Layout, ctx: Context, point: Point, values: Values) -> None:
        for name, entries in self.members(layout).items():
            for entry in entries:
                if clipped(self.spec, entry, point):
                    value = values[name]
                    if isinstance(value, int):
                        self.field_rule(layout, entry, ctx, point, value, values)
        for rule in layout.rules:
            owners = [self.members(layout)[f][0] for f in rule.fields]
            if all(any(clipped(self.spec, e, point) for e in self.members(layout)[f]) for f in rule.fields):
                self.rule(rule, owners, ctx, values)

    def field_rule(self, layout: Layout, entry: Entry, ctx: Context, point: Point, value: int, values: Values) -> None:
        def refuse(rule: str) -> None:
            ctx.refuse(rule, entry.name, entry.regs[0], value)

        if entry.enum is not None:
            signed = value - (1 << 32) if entry.enum.signed and value >> 31 else value
            if signed not in {v.value for v in entry.enum.values if point[0] in v.life}:
                refuse("ENUM")
        if entry.min is not None and value < entry.min:
            refuse("RANGE")
        limit = values[entry.max] if isinstance(entry.max, str) else entry.max
        if isinstance(limit, int) and value > limit:
            refuse("RANGE")
        if entry.multiple_of and value % entry.multiple_of:
            refuse("ALIGN")
        if entry.zero_unless and value:
            name, _, flag = entry.zero_unless.partition(".")
            other = values[name]
            assert isinstance(other, int)
            owner = self.members(layout)[name][0].flags
            bits = sum(1 << b.at for b in owner.bits if b.name == flag) if flag and owner else U64
            if not other & bits:
                refuse("MBZ")
        if entry.only_at and value and ctx.instance and ctx.instance not in entry.only_at:
            refuse("MBZ")
        for bit in entry.flags.bits if entry.flags else ():
            if bit.only_at and point[0] in bit.life and value >> bit.at & 1 and ctx.instance and ctx.instance not in bit.only_at:
                refuse("MBZ")

    def rule(self, rule: Rule, owners: list[Entry], ctx: Context, values: Values) -> None:
        first, second = (values[name] for name in rule.fields)
        assert isinstance(first, int) and isinstance(second, int)
        if rule.keyword == "both_or_neither":
            broken = (first == 0) != (second == 0)
        else:
            named = [{v.name: v.value for v in e.enum.values} for e in owners if e.enum is not None]
            broken = [first, second] == [names[value] for names, value in zip(named, rule.values)]
        if broken:
            ctx.refuse("RULE", rule.fields[1], owners[1].regs[0], second)

    # -- packing -----------------------------------------------------------------------------------------------------

    def pack(self, layout: Layout, ctx: Context, conv: str, values: Values) -> list[int]:
        point = (ctx.version, conv)
        for entry in layout.entries:
            if entry.fid_of and values[entry.name] not in self.ids(entry, point):
                number = values[entry.name]
                assert isinstance(number, int)
                raise Refused("KEY", entry.name, entry.regs[0], number)
        for name, entries in self.members(layout).items():
            self.room(entries, ctx, point, values[name])
        self.field_rules(layout, ctx, point, values)
        x = [0] * 18
        for entry in layout.entries:
            if entry.value is not None:
                x[entry.regs[0]] |= entry.value << entry.lo
            elif entry.kind is not None and clipped(self.spec, entry, point):
                self.store(entry, point, values, x)
        return x

    def room(self, entries: list[Entry], ctx: Context, point: Point, value: Value) -> None:
        """Does the version have a place for the value, and is it wide enough?"""
        first = entries[0]
        here = next((e for e in entries if clipped(self.spec, e, point)), None)
        kind = first.kind
        assert kind is not None
        if kind.spread == "bytes":
            return
        if isinstance(value, list):
            count = len(clipped(self.spec, here, point)) if here else 0
            lost = 0
            for word in value[count:]:
                lost |= word
            if lost:
                raise Refused("ABSENT", first.name, first.regs[0], lost)
            joined = 0
            for word in value[:count]:
                joined |= word
            if here and joined >> width(self.spec, here, point):
                raise Refused("RANGE", first.name, first.regs[0], joined)
            return
        if isinstance(value, tuple):
            if here is None and any(value):
                raise Refused("ABSENT", first.name, first.regs[0], value[0] | value[1])
            return
        if here is None:
            if value != first.bias:
                raise Refused("ABSENT", first.name, first.regs[0], value)
            return
        self.wide_enough(here, ctx, point, value)

    def wide_enough(self, entry: Entry, ctx: Context, point: Point, value: int) -> None:
        assert entry.kind is not None
        if entry.flags is not None:
            listed = sum(1 << b.at for b in entry.flags.bits if point[0] in b.life)
            if value & ~listed:
                ctx.refuse(entry.flags.reserved.upper(), entry.name, entry.regs[0], value)
        if len(entry.regs) == 2:
            return
        bits = min(entry.hi, width(self.spec, entry, point) - 1) - entry.lo + 1
        top = (1 << bits) - 1
        bounded = isinstance(entry.max, int) and entry.max <= top + entry.bias  # then the maximum says it, in its turn
        if value - entry.bias > top and not bounded:
            raise Refused("RANGE", entry.name, entry.regs[0], value)
        if value < entry.bias:
            raise Refused("RANGE", entry.name, entry.regs[0], value)

    def store(self, entry: Entry, point: Point, values: Values, x: list[int]) -> None:
        value, regs = values[entry.name], clipped(self.spec, entry, point)
        if isinstance(value, tuple):
            words = list(value) if len(regs) == 2 else [value[0] & U32, value[0] >> 32, value[1] & U32, value[1] >> 32]
            for reg, word in zip(regs, words):
                x[reg] = word
        elif isinstance(value, list):
            count = values[entry.length] if entry.length else None
            for i, word in enumerate(value):
                if entry.kind and entry.kind.spread == "words" and i < len(regs):
                    x[regs[i]] = word
                elif isinstance(count, int) and i < count:
                    step = width(self.spec, entry, point) // 8
                    x[regs[i // step]] |= word << 8 * (i % step)
        elif len(regs) == 2:
            x[regs[0]], x[regs[1]] = value & U32, value >> 32
        else:
            x[regs[0]] |= value - entry.bias << entry.lo
