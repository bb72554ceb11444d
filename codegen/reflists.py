"""The reference reading of lists: partitions, indirect messages, relinquish descriptors, ranges of buffers, boot information, resources.

A list answers with the elements that come before the first broken rule, and that rule.  What the description does not state, because it
is about bytes outside of any table, is here: where a payload and the contents of boot information lie, and how a name ends.
"""
from __future__ import annotations

from dataclasses import dataclass, field, replace

from .model import Array, Life, Spec
from .ref import Refused, Values
from .refobject import Bytes, Node, ObjectReference, Walk, number
from .refrecord import TableContext

WORD = 8
REGISTERS = 15  # x3 to x17
PARTITION, MESSAGE, RELINQUISH = "partition_info", "partition_message_header", "mem_relinquish_descriptor"
BOOT, BOOT_ITEM = "boot_info_header", "boot_info_descriptor"
BOOT_LIST, RESOURCES = "boot_info_v1_0", "ns_resource_info"
RXTX, COMPOSITE, RANGE = "endpoint_rxtx", "mem_composite", "mem_constituent"


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

    def says_size(self) -> Life:
        """The versions in which FFA_SUCCESS says how long the entries are."""
        layout = self.spec.calls["partition_info_get"].success
        assert layout is not None
        return next(e for e in layout.entries if e.name == "descriptor_size").life

    def partitions(self, ctx: TableContext, data: bytes, count: int, size: int) -> Listed:
        """Entries in the RX buffer; size is what the callee says.  Registers have no place in the buffer: 0."""
        found = Listed()
        sizes = self.spec.descriptors[PARTITION].sizes
        step = size if ctx.version in self.says_size() else sizes[ctx.version]
        try:
            if step < sizes[min(ctx.version, self.says_size().first)]:
                raise Refused("RANGE", "descriptor_size", 0, size)
            if step % WORD:
                raise Refused("ALIGN", "descriptor_size", 0, size)
            if step * count > len(data):
                raise Refused("SHORT", "count", 0, count)
            for i in range(count):
                found.elements.append(self.tables.unpack(PARTITION, self.objects.layout_of(PARTITION, ctx, step), data, step * i))
        except Refused as no:
            found.end = no
        return found

    def partition_of_regs(self, ctx: TableContext, words: list[int], size: int, i: int) -> Values | None:
        """Entry i of those in registers, if they have room for it; words are x3 and on.  The codec of the reply has judged the size."""
        if size * (i + 1) > WORD * len(words):
            return None
        data = b"".join(word.to_bytes(WORD, "little") for word in words)[size * i:size * (i + 1)]
        least = self.spec.descriptors[PARTITION].sizes[self.says_size().first]
        return self.tables.unpack(PARTITION, self.objects.layout_of(PARTITION, ctx, max(size, least)), data, 0)

    def partition_to_regs(self, ctx: TableContext, entry: Values, i: int) -> tuple[int, list[int]] | None:
        """The size of an entry and the words of all registers, the others zero; nothing if there is no room."""
        data = self.tables.pack(PARTITION, ctx, entry, 1 << 16, 0)
        if len(data) * (i + 1) > WORD * REGISTERS:
            return None
        whole = (bytes(len(data) * i) + data).ljust(WORD * REGISTERS, b"\0")
        return len(data), [int.from_bytes(whole[at:at + WORD], "little") for at in range(0, len(whole), WORD)]

    # -- id lists ----------------------------------------------------------------------------------------------------------

    def id_lists(self, wide: bool, count: int, sizes: int, words: list[int]) -> Listed:
        """Lists of notifications pending, in registers of 8 or 4 bytes: an endpoint, how many of its vCPUs, three places for those."""
        width = WORD if wide else WORD // 2
        data = b"".join((word & (1 << 8 * width) - 1).to_bytes(width, "little") for word in words)
        ids = [int.from_bytes(data[at:at + 2], "little") for at in range(0, len(data), 2)]
        room, found = len(ids), Listed()
        for n in range(count):
            vcpus = sizes >> 2 * n & 3
            if n >= room:
                return replace(found, end=Refused("SHORT", "list_count", n, count))
            if len(ids) < 1 + vcpus:
                return replace(found, end=Refused("SHORT", "list_sizes", n, sizes))
            endpoint, *own = ids[:1 + vcpus]
            del ids[:1 + vcpus]
            found.elements.append({"endpoint_id": endpoint, "vcpu_count": vcpus, "vcpu_ids": (own + [0] * 3)[:3]})
        return found

    @staticmethod
    def write_id_lists(wide: bool, lists: list[list[int]]) -> tuple[int, int, int, list[int]]:
        """more_pending, list_count, list_sizes and the registers; a list is an endpoint and its vCPUs."""
        width, ids, sizes = WORD if wide else WORD // 2, bytearray(), 0
        taken = 0
        for given in lists:
            if len(ids) + 2 * len(given) > 5 * width:
                break
            sizes |= len(given) - 1 << 2 * taken
            ids += b"".join(n.to_bytes(2, "little") for n in given)
            taken += 1
        ids = ids.ljust(5 * width, b"\0")
        return int(taken < len(lists)), taken, sizes, [int.from_bytes(ids[at:at + width], "little") for at in range(0, 5 * width, width)]

    # -- messages and relinquish descriptors -----------------------------------------------------------------------------

    def message(self, ctx: TableContext, data: bytes) -> tuple[Values, int, int]:
        """The header, where the payload begins and how long it is."""
        values = self.tables.unpack(MESSAGE, ctx, data, 0)
        at, n = number(values, "payload_offset"), number(values, "payload_size")
        if at > len(data):
            self.short(MESSAGE, ctx, "payload_offset", at)
        if at + n > len(data):
            self.short(MESSAGE, ctx, "payload_size", n)
        return values, at, n

    def short(self, key: str, ctx: TableContext, name: str, value: int, at: int = 0) -> None:
        raise Refused("SHORT", name, at + self.objects.place(key, ctx, name), value)

    def relinquish(self, ctx: TableContext, data: bytes, room: int) -> tuple[Values, list[int]]:
        """The header and the ids, for which the caller has so much room."""
        node = self.objects.read(RELINQUISH, ctx, Bytes(data, len(data)))
        name = self.spec.descriptors[RELINQUISH].arrays[0].name
        ids = [number(e, name) for e in node.elements]
        if len(ids) > room:
            raise Refused("RANGE", "endpoint_count", self.objects.place(RELINQUISH, ctx, "endpoint_count"), len(ids))
        self.once(ids, node.first)
        return node.values, ids

    def write_relinquish(self, ctx: TableContext, values: Values, ids: list[int], room: int) -> bytes:
        first = self.spec.descriptors[RELINQUISH].sizes[ctx.version]
        if first + 2 * len(ids) > room:
            self.short(RELINQUISH, ctx, "endpoint_count", len(ids))
        head = self.tables.pack(RELINQUISH, ctx, {**values, "endpoint_count": len(ids)}, room, 0)
        self.once(ids, first)
        return head + b"".join(n.to_bytes(2, "little") for n in ids)

    @staticmethod
    def once(ids: list[int], first: int) -> None:
        for i, n in enumerate(ids):
            if n in ids[:i]:
                raise Refused("RULE", "endpoint_id", first + 2 * i, n)

    # -- writing: room for all of it comes first ----------------------------------------------------------------------------

    def write_partitions(self, ctx: TableContext, entries: list[Values], room: int) -> bytes:
        size = self.spec.descriptors[PARTITION].sizes[ctx.version]
        if size * len(entries) > room:
            raise Refused("SHORT", "count", 0, len(entries))
        return b"".join(self.tables.pack(PARTITION, ctx, entry, room, size * i) for i, entry in enumerate(entries))

    def write_message(self, ctx: TableContext, values: Values, payload: bytes, room: int) -> bytes:
        at = number(values, "payload_offset")
        if at + len(payload) > room:
            self.short(MESSAGE, ctx, "payload_size", len(payload))
        head = self.tables.pack(MESSAGE, ctx, {**values, "payload_size": len(payload)}, room, 0)
        return head.ljust(at, b"\0") + payload

    def write_boot(self, ctx: TableContext, said: Values, items: list[Values], room: int) -> bytes:
        """The tables, and no contents; said: version and blob_size.  A consumer of the blob would accept what they say."""
        first, step = (self.spec.descriptors[key].sizes[ctx.version] for key in (BOOT, BOOT_ITEM))
        size = number(said, "blob_size")
        header: Values = {**said, "descriptor_size": step, "descriptor_count": len(items), "descriptor_offset": first}
        out = self.tables.pack(BOOT, ctx, header, first, 0)
        if size > room:
            self.short(BOOT, ctx, "blob_size", size)
        if first + step * len(items) > size:
            self.short(BOOT, ctx, "descriptor_count", len(items))
        for i, item in enumerate(items):
            out += self.tables.pack(BOOT_ITEM, ctx, item, size, first + step * i)
        no = self.boot(ctx, out.ljust(size, b"\0")).end
        if no is not None:
            raise no
        return out

    # -- ranges ----------------------------------------------------------------------------------------------------------

    def rxtx(self, ctx: TableContext, data: bytes) -> Listed:
        """The ranges of the RX buffer, then those of the TX buffer; in 1.0 it is not known where they are."""
        found, taken = Listed(), range(0)
        try:
            if ctx.version == 0:
                raise Refused("VERSION", "version", 0, 1 << 16)
            header = self.tables.unpack(RXTX, ctx, data, 0)
            places = [number(header, name) for name in ("rx_composite_offset", "tx_composite_offset")]
            parts = []
            size = self.spec.descriptors[COMPOSITE].sizes[ctx.version]
            for at in places:
                if at < taken.stop and at + size > taken.start:  # before its bytes are taken a second time
                    break
                parts.append(self.composite(ctx, data, at))
                taken = range(at, at + parts[-1][1])
            if len(parts) < 2 or min(places) + parts[places.index(min(places))][1] > max(places):
                raise Refused("OVERLAP", "tx_composite_offset", self.objects.place(RXTX, ctx, "tx_composite_offset"), places[1])
            found.header = header
            for at, (values, _) in zip(places, parts):
                self.ranges(ctx, data, at, values, found.elements)
        except Refused as no:
            found.end = no
        return found

    def composite(self, ctx: TableContext, data: bytes, at: int) -> tuple[Values, int]:
        """A composite descriptor that has all of its ranges behind it, and how long both are."""
        values = self.tables.unpack(COMPOSITE, ctx, data, at)
        sizes = [self.spec.descriptors[key].sizes[ctx.version] for key in (COMPOSITE, RANGE)]
        n = sizes[0] + sizes[1] * number(values, "address_range_count")
        if at + n > len(data):
            self.short(COMPOSITE, ctx, "address_range_count", number(values, "address_range_count"), at)
        return values, n

    def ranges(self, ctx: TableContext, data: bytes, at: int, values: Values, out: list[Values]) -> None:
        first, step = (self.spec.descriptors[key].sizes[ctx.version] for key in (COMPOSITE, RANGE))
        pages = 0
        for i in range(number(values, "address_range_count")):
            out.append(self.tables.unpack(RANGE, ctx, data, at + first + step * i))
            pages += number(out[-1], "page_count")
        if pages != values["total_page_count"]:
            raise Refused("RULE", "total_page_count", at + self.objects.place(COMPOSITE, ctx, "total_page_count"), pages)

    # -- tables with one array ---------------------------------------------------------------------------------------------

    def table(self, key: str, ctx: TableContext, data: bytes) -> Listed:
        """A list that is nothing but its description: boot information of 1.0, resources."""
        return self.walked(key, ListWalk(self.objects, ctx, Bytes(data, len(data)), None))

    @staticmethod
    def walked(key: str, walk: ListWalk) -> Listed:
        end = None
        try:
            walk.root(key)
        except Refused as no:
            end = no
        return Listed(walk.found.values, walk.found.elements, end) if walk.placed else Listed(end=end)

    # -- boot information ------------------------------------------------------------------------------------------------

    def boot(self, ctx: TableContext, data: bytes) -> Listed:
        try:
            size = number(self.tables.unpack(BOOT, ctx, data, 0), "blob_size")
            if size > len(data):
                self.short(BOOT, ctx, "blob_size", size)
        except Refused as no:
            return Listed(end=no)
        return self.walked(BOOT, BootWalk(self.objects, ctx, Bytes(data[:size], size), None))


class ListWalk(Walk):
    """Knows whether the table and the place of its array were accepted."""

    placed = False

    def elements(self, node: Node, array: Array, count: int, base: int) -> None:
        self.placed = True
        super().elements(node, array, count, base)


class BootWalk(ListWalk):
    """Descriptors of boot information, with what they point to."""

    def element_rules(self, node: Node, array: Array, value: Values, at: int) -> None:
        name = value["name"]
        assert isinstance(name, list)
        if self.is_a(value, "name_format", "string") and (name[-1] or any(name[name.index(0):])):
            self.blame("RULE", array.of, "name", at, 0)
        size, contents = number(value, "size"), number(value, "contents")
        if self.is_a(value, "contents_format", "value") and not 1 <= size <= WORD:
            self.blame("RANGE", array.of, "size", at, size)
        if self.is_a(value, "contents_format", "offset"):
            if contents + size > self.whole.total:
                self.blame("SHORT", array.of, "contents", at, contents)
            if size and not self.free(contents, contents + size):
                self.blame("OVERLAP", array.of, "contents", at, contents)

    def is_a(self, value: Values, name: str, enumerator: str) -> bool:
        enum = next(f.enum for f in self.ref.spec.descriptors[BOOT_ITEM].fields if f.name == name)
        assert enum is not None
        return value[name] == next(v.value for v in enum.values if v.name == enumerator)
