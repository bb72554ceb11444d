"""The reference reading of whole objects: a table, the arrays that follow it, and the part that the elements point to.

It knows no object by name: arrays, counts, offsets, distances and rules are those of the description, and what may lie where is
judged on intervals of bytes.  The walkers in runtime/ are written by hand; the tests hold them against this.  The order of the
rules is in spec/tables.md.
"""
from __future__ import annotations

from dataclasses import dataclass, field, replace

from .model import Array, Spec
from .ref import Refused, Values
from .refrecord import TableContext, TableReference

UNIT = 8  # lengths of transactions and of their fragments are multiples of it


@dataclass(frozen=True)
class Bytes:
    """A fragment from the beginning of an object on, and how long the object is."""

    data: bytes
    total: int


@dataclass
class Node:
    """A table as it was found; the elements of its array, and the part to which those point."""

    key: str
    at: int
    values: Values
    first: int = 0
    stride: int = 0
    elements: list[Values] = field(default_factory=list)
    part: Node | None = None


def number(values: Values, name: str) -> int:
    found = values[name]
    assert isinstance(found, int)
    return found


class ObjectReference:
    """Reads objects of a description.  limit: None takes one pass, as cursors do; a number looks again, and compares so many ranges."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.tables = TableReference(spec)

    def lengths(self, said: Bytes, fragment: int) -> Bytes:
        """said: the bytes that are there, and the total that the caller names with fragment; what is to be read of them."""
        if fragment > said.total:
            raise Refused("RANGE", "fragment_length", said.total, fragment)
        for name, length in (("total_length", said.total), ("fragment_length", fragment)):
            if length % UNIT:
                raise Refused("ALIGN", name, length, length)
        if fragment > len(said.data):
            raise Refused("SHORT", "fragment_length", len(said.data), fragment)
        return replace(said, data=said.data[:fragment])

    def read(self, key: str, ctx: TableContext, whole: Bytes, limit: int | None = None) -> Node:
        return Walk(self, ctx, whole, limit).root(key)

    def place(self, key: str, ctx: TableContext, name: str) -> int:
        """The byte of a table at which a field begins."""
        return next(f for f in self.spec.descriptors[key].fields if f.name == name and ctx.version in f.life and self.tables.used(f, ctx)).at

    def layout_of(self, key: str, ctx: TableContext, stride: int) -> TableContext:
        """Elements that are smaller than this version's have the layout of the last version in which they are not."""
        sizes = self.spec.descriptors[key].sizes
        return replace(ctx, version=max(v for v in range(ctx.version + 1) if 0 < sizes[v] <= stride))


class Walk:
    """One reading of one object."""

    def __init__(self, ref: ObjectReference, ctx: TableContext, whole: Bytes, limit: int | None) -> None:
        self.ref = ref
        self.ctx = ctx
        self.whole = whole
        self.limit = limit
        self.taken: list[tuple[int, int]] = []  # bytes that belong to something
        self.closed = False  # the part that is being read is the last one

    def blame(self, rule: str, key: str, name: str, at: int, value: int) -> None:
        self.ctx.refuse(rule, name, at + self.ref.place(key, self.ctx, name) & 0xFFFFFFFF, value)

    def free(self, first: int, end: int) -> bool:
        return all(end <= a or b <= first for a, b in self.taken)

    def root(self, key: str) -> Node:
        self.found = node = self.table(key, 0)
        for array in self.ref.spec.descriptors[key].arrays:
            self.array(node, array, len(self.whole.data), 0)
        return node

    def table(self, key: str, at: int) -> Node:
        values = self.ref.tables.unpack(key, self.ctx, self.whole.data, at)
        self.taken.append((at, at + self.ref.spec.descriptors[key].sizes[self.ctx.version]))
        return Node(key, at, values)

    def array(self, node: Node, array: Array, room: int, base: int) -> None:
        """Places the array in room bytes, then reads it: an array of a part as far as the fragment goes."""
        offset, stride = array.offset[self.ctx.version], array.stride[self.ctx.version]
        first = node.at + (offset if isinstance(offset, int) else number(node.values, offset))
        node.stride = stride if isinstance(stride, int) else number(node.values, stride)
        node.first, count = first, number(node.values, array.count)
        end = first + node.stride * count
        if isinstance(offset, str) and first > room:
            self.blame("SHORT", node.key, offset, node.at, first - node.at)
        if end > room:
            self.blame("SHORT", node.key, array.count, node.at, count)
        if count and not self.free(first, end):
            self.blame("OVERLAP", node.key, array.count, node.at, count)
        self.taken += [(first, end)] if count else []
        if self.closed and max(last for _, last in self.taken) != self.whole.total:
            self.ctx.refuse("RULE", "total_length", self.whole.total, self.whole.total)
        self.elements(node, array, count, base)

    def elements(self, node: Node, array: Array, count: int, base: int) -> None:
        spec = self.ref.spec
        element = spec.descriptors.get(array.of)
        ctx = self.ref.layout_of(array.of, self.ctx, node.stride) if element else self.ctx
        size = element.sizes[ctx.version] if element else 2
        for i in range(count):
            at = node.first + node.stride * i
            if at + size > len(self.whole.data):
                break  # in a later fragment
            value: Values = {array.name: int.from_bytes(self.whole.data[at:at + size], "little")}
            if element:
                value = self.ref.tables.unpack(array.of, ctx, self.whole.data, at)
            self.element_rules(node, array, value, at)
            node.elements.append(value)
        self.array_rules(node, array, count)
        self.follow(node, array, base)

    # -- rules on elements ---------------------------------------------------------------------------------------------

    def element_rules(self, node: Node, array: Array, value: Values, at: int) -> None:
        """What one pass can judge; then what takes a second look."""
        rules, before = dict(array.rules), node.elements
        element = self.ref.spec.descriptors.get(array.of)
        if "part" in rules:
            name = rules["part"]["offset"]
            if not before:
                self.part_fits(array, at, number(value, name))
            elif value[name] != before[0][name]:
                self.blame("RULE", array.of, name, at, number(value, name))
        differs = rules.get("differs")
        if differs and self.ctx.usage in differs.get("in", (self.ctx.usage,)) and value[differs["field"]] == node.values[differs["from"]]:
            self.blame("RULE", array.of, differs["field"], at, number(value, differs["field"]))
        if element is None or self.limit is None:
            return
        if "unique" in rules and any(value[rules["unique"]] == e[rules["unique"]] for e in before):
            self.blame("RULE", array.of, rules["unique"], at, number(value, rules["unique"]))
        ranges = next((rule.fields for rule in element.rules if rule.keyword == "no_wrap"), None)
        if ranges and len(before) < self.limit and any(meet(value, e, ranges, self.ref.spec.page_size) for e in before):
            self.blame("OVERLAP", array.of, ranges[0], at, number(value, ranges[0]))

    def part_fits(self, array: Array, at: int, offset: int) -> None:
        """A part lies in the whole and beside everything that was found before; 0 is none where the usage allows that."""
        part = dict(array.rules)["part"]
        if offset == 0 and self.ctx.usage in part.get("absent_in", ()):
            return
        size = self.ref.spec.descriptors[part["of"]].sizes[self.ctx.version]
        if offset + size > self.whole.total:
            self.blame("SHORT", array.of, part["offset"], at, offset)
        if not self.free(offset, offset + size):
            self.blame("OVERLAP", array.of, part["offset"], at, offset)

    def array_rules(self, node: Node, array: Array, count: int) -> None:
        for keyword, said in array.rules:
            if keyword == "sum":
                found = sum(number(e, said["field"]) for e in node.elements)
                wanted = number(node.values, said["equals"])
                if found > wanted or len(node.elements) == count and found != wanted:
                    self.blame("RULE", node.key, said["equals"], node.at, found)

    def follow(self, node: Node, array: Array, base: int) -> None:
        """The part to which the elements point; its offset counts from the start of the object."""
        part = dict(array.rules).get("part")
        offset = number(node.elements[0], part["offset"]) if part and node.elements else 0
        if part is None or offset == 0:
            return
        behind = dict(array.rules).get("nothing_behind")
        self.closed = behind is not None and self.ctx.usage in behind.get("in", (self.ctx.usage,))
        node.part = self.table(part["of"], base + offset)
        for below in self.ref.spec.descriptors[part["of"]].arrays:
            self.array(node.part, below, self.whole.total, base)


def meet(a: Values, b: Values, fields: tuple[str, ...], page_size: int) -> bool:
    """Do two ranges of pages have a byte in common?"""
    (low, pages), (other, more) = ((number(v, fields[0]), number(v, fields[1])) for v in (a, b))
    return low < other + more * page_size and other < low + pages * page_size


