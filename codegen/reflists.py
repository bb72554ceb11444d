"""The reference reading of lists: partitions, indirect messages, relinquish descriptors, boot information.

A list answers with the elements that come before the first broken rule, and that rule.  What the description does not state, because it
is about bytes outside of any table, is here: where a payload and the contents of boot information lie, and how a name ends.
"""
from __future__ import annotations

from dataclasses import dataclass, field, replace

from .model import Array, Entry, Spec
from .ref import Refused, Values
from .refobject import Bytes, Node, ObjectReference, Walk, number
from .refrecord import TableContext

WORD = 8
PARTITION, MESSAGE, RELINQUISH = "partition_info", "partition_message_header", "mem_relinquish_descriptor"
BOOT, BOOT_ITEM = "boot_info_header", "boot_info_descriptor"


@dataclass
class Listed:
    """header: of the list, if it has one and was accepted; end: the rule that is broken, or nothing."""

    header: Values = field(default_factory=dict)
    elements: list[Values] = field(default_factory=list)
    end: Refused | None = None


class ListReference:
    """Reads lists of a description."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.objects = ObjectReference(spec)
        self.tables = self.objects.tables

    # -- partitions ----------------------------------------------------------------------------------------------------

    def said(self, call: str, name: str, ctx: TableContext) -> Entry:
        """A value of FFA_SUCCESS: the register that it is in is the place to blame."""
        layout = self.spec.calls[call].success
        assert layout is not None
        entries = [e for e in layout.entries if e.name == name]
        return next((e for e in entries if ctx.version in e.life), entries[0])

    def partitions(self, ctx: TableContext, data: bytes, count: int, size: int) -> Listed:
        """Entries in the RX buffer; size is what the callee says from the version on in which it says it."""
        found = Listed()
        where = self.said("partition_info_get", "descriptor_size", ctx)
        sizes = self.spec.descriptors[PARTITION].sizes
        try:
            if ctx.version not in where.life:
                size = sizes[ctx.version]
            if size < sizes[min(ctx.version, where.life.first)]:
                raise Refused("RANGE", where.name, where.regs[0], size)
            if size % WORD:
                raise Refused("ALIGN", where.name, where.regs[0], size)
            if size * count > len(data):
                raise Refused("SHORT", "count", self.said("partition_info_get", "count", ctx).regs[0], count)
            for i in range(count):
                found.elements.append(self.tables.unpack(PARTITION, self.objects.layout_of(PARTITION, ctx, size), data, size * i))
        except Refused as no:
            found.end = no
        return found

    def partition_of_regs(self, ctx: TableContext, words: list[int], size: int, i: int) -> Values:
        """Entry i of those in registers; words are x3 and on.  The codec of the reply has judged what its version asks; here is what
        any version does."""
        where, array = (self.said("partition_info_get_regs", name, ctx) for name in ("descriptor_size", "descriptors"))
        sizes = self.spec.descriptors[PARTITION].sizes
        if size < sizes[self.said("partition_info_get", "descriptor_size", ctx).life.first]:
            raise Refused("RANGE", where.name, where.regs[0], size)
        if size % WORD:
            raise Refused("ALIGN", where.name, where.regs[0], size)
        if size * (i + 1) > WORD * len(words):
            raise Refused("SHORT", array.name, array.regs[0], i)
        data = b"".join(word.to_bytes(WORD, "little") for word in words)
        return self.tables.unpack(PARTITION, self.objects.layout_of(PARTITION, ctx, size), data[size * i:size * (i + 1)], 0)

    # -- messages and relinquish descriptors -----------------------------------------------------------------------------

    def message(self, ctx: TableContext, data: bytes) -> tuple[Values, int, int]:
        """The header, where the payload begins and how long it is."""
        values = self.tables.unpack(MESSAGE, ctx, data, 0)
        at, n = number(values, "payload_offset"), number(values, "payload_size")
        if at + n > len(data):
            raise Refused("SHORT", "payload_size", self.objects.place(MESSAGE, ctx, "payload_size"), n)
        return values, at, n

    def relinquish(self, ctx: TableContext, data: bytes, room: int) -> tuple[Values, list[int]]:
        """The header, and the ids that there is room for: only those are compared."""
        node = self.objects.read(RELINQUISH, ctx, Bytes(data, len(data)))
        name = self.spec.descriptors[RELINQUISH].arrays[0].name
        ids = [number(e, name) for e in node.elements[:room]]
        self.once(ids, node)
        return node.values, ids

    def write_relinquish(self, ctx: TableContext, values: Values, ids: list[int], room: int) -> bytes:
        head = self.tables.pack(RELINQUISH, ctx, {**values, "endpoint_count": len(ids)}, room, 0)
        if len(head) + 2 * len(ids) > room:
            raise Refused("SHORT", "endpoint_count", self.objects.place(RELINQUISH, ctx, "endpoint_count"), len(ids))
        self.once(ids, Node(RELINQUISH, 0, values, len(head), 2))
        return head + b"".join(n.to_bytes(2, "little") for n in ids)

    @staticmethod
    def once(ids: list[int], node: Node) -> None:
        for i, n in enumerate(ids):
            if n in ids[:i]:
                raise Refused("RULE", "endpoint_id", node.first + node.stride * i, n)

    # -- boot information ------------------------------------------------------------------------------------------------

    def boot(self, ctx: TableContext, data: bytes) -> Listed:
        found = Listed()
        try:
            header = self.tables.unpack(BOOT, ctx, data, 0)
            size = number(header, "blob_size")
            if size > len(data):
                raise Refused("SHORT", "blob_size", self.objects.place(BOOT, ctx, "blob_size"), size)
            walk = BootWalk(self.objects, ctx, Bytes(data[:size], size), None)
        except Refused as no:
            return replace(found, end=no)
        try:
            walk.root(BOOT)
        except Refused as no:
            found.end = no
        return replace(found, header=header if walk.placed else {}, elements=walk.found.elements)


class BootWalk(Walk):
    """Descriptors of boot information, with what they point to."""

    placed = False

    def elements(self, node: Node, array: Array, count: int, base: int) -> None:
        self.placed = True
        super().elements(node, array, count, base)

    def element_rules(self, node: Node, array: Array, value: Values, at: int) -> None:
        name = value["name"]
        assert isinstance(name, list)
        if self.is_a(value, "name_format", "string") and (name[-1] or any(name[name.index(0):])):
            self.blame("RULE", array.of, "name", at, 0)
        if self.is_a(value, "contents_format", "value") and not 1 <= number(value, "size") <= WORD:
            self.blame("RANGE", array.of, "size", at, number(value, "size"))
        if self.is_a(value, "contents_format", "offset") and number(value, "contents") + number(value, "size") > self.whole.total:
            self.blame("SHORT", array.of, "contents", at, number(value, "contents"))

    def is_a(self, value: Values, name: str, enumerator: str) -> bool:
        enum = next(f.enum for f in self.ref.spec.descriptors[BOOT_ITEM].fields if f.name == name)
        assert enum is not None
        return value[name] == next(v.value for v in enum.values if v.name == enumerator)
