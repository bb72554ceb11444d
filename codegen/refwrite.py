"""The reference writing of whole objects: where everything goes, and its bytes, as the description states them.

Parts lie one behind the other, each at a multiple of 16; counts, offsets and distances are the writer's own business.
"""
from __future__ import annotations

from dataclasses import dataclass

from .model import Array
from .ref import Refused, Values
from .refobject import ObjectReference, number
from .refrecord import TableContext

U32 = (1 << 32) - 1
UNIT = 16


@dataclass(frozen=True)
class Message:
    """What an object is to say: its table, the elements behind it, and those behind the part (none: no part)."""

    values: Values
    elements: tuple[Values, ...]
    below: tuple[Values, ...] = ()


class ObjectWriter:
    """Writes one object of a description in one context."""

    def __init__(self, ref: ObjectReference, key: str, ctx: TableContext) -> None:
        self.ref = ref
        self.key = key
        self.ctx = ctx
        self.sizes = {name: d.sizes[ctx.version] for name, d in ref.spec.descriptors.items()}
        self.array = ref.spec.descriptors[key].arrays[0]
        self.part = dict(self.array.rules).get("part")

    def write(self, m: Message, room: int) -> bytes:
        header, part, end = self.lay_out(m)
        out = bytearray(self.ref.tables.pack(self.key, self.ctx, header, end, 0))
        for i, element in enumerate(m.elements):
            out += self.element(m, element, i, part)
        if self.part is not None and m.below:
            out += bytes(part - len(out))
            out += self.written_part(self.part["of"], m, part)
        if end > room:
            raise Refused("SHORT", "total_length", room & U32, end)
        return bytes(out)

    def lay_out(self, m: Message) -> tuple[Values, int, int]:
        """The table with all that the writer sets, the place of the part (0: none), the end."""
        version, array = self.ctx.version, self.array
        offset, stride = array.offset[version], array.stride[version]
        values: Values = {**m.values, array.count: len(m.elements)}
        values.update({name: 0 for name in (*array.offset, *array.stride) if isinstance(name, str)})
        first = offset if isinstance(offset, int) else self.sizes[self.key]
        step = stride if isinstance(stride, int) else self.sizes[array.of]
        values.update({name: n for name, n in ((offset, first), (stride, step)) if isinstance(name, str)})
        end = first + step * len(m.elements)
        if not m.below or self.part is None:
            return values, 0, end
        part = -(-end // UNIT) * UNIT
        below = self.below()
        return values, part, part + self.sizes[self.part["of"]] + self.sizes[below.of] * len(m.below)

    def below(self) -> Array:
        assert self.part is not None
        return self.ref.spec.descriptors[self.part["of"]].arrays[0]

    def element(self, m: Message, element: Values, i: int, part: int) -> bytes:
        size = self.sizes[self.array.of]
        first = self.array.offset[self.ctx.version]
        at = (first if isinstance(first, int) else self.sizes[self.key]) + size * i
        values: Values = {**element, self.part["offset"]: part} if self.part is not None else element
        data = self.ref.tables.pack(self.array.of, self.ctx, values, at + size, at)
        rules = dict(self.array.rules)
        name, differs = rules.get("unique"), rules.get("differs")
        if differs and self.ctx.usage in differs.get("in", (self.ctx.usage,)) and element[differs["field"]] == m.values[differs["from"]]:
            self.refuse_element(differs["field"], element, at)
        if name and any(e[name] == element[name] for e in m.elements[:i]):
            self.refuse_element(name, element, at)
        return data

    def refuse_element(self, name: str, element: Values, at: int) -> None:
        self.ctx.refuse("RULE", name, at + self.ref.place(self.array.of, self.ctx, name), number(element, name))

    def written_part(self, key: str, m: Message, at: int) -> bytes:
        """The part and its elements, which are judged first: the part says what they add up to."""
        array, size = self.below(), self.sizes[self.below().of]
        first = at + self.sizes[key]
        body = b"".join(self.ref.tables.pack(array.of, self.ctx, e, first + size * (i + 1), first + size * i) for i, e in enumerate(m.below))
        values: Values = {array.count: len(m.below)}
        for keyword, said in array.rules:
            if keyword == "sum":
                total = sum(number(e, said["field"]) for e in m.below)
                if total > U32:
                    raise Refused("RANGE", said["equals"], at + self.ref.place(key, self.ctx, said["equals"]), total)
                values[said["equals"]] = total
        return self.ref.tables.pack(key, self.ctx, values, first, at) + body
