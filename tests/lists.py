"""Lists in C and as the reference reads them: builds tests/list_driver.c, speaks its line protocol, makes legal lists from a seed."""
from __future__ import annotations

import random
from dataclasses import dataclass, replace
from pathlib import Path

import sanitized
from codec import ROOT, VERSIONS, WAIVE
from codegen.ref import Refused, Values
from codegen.reflists import (BOOT, BOOT_ITEM, BOOT_LIST, COMPOSITE, MESSAGE, PARTITION, RANGE, REGISTERS, RELINQUISH, RESOURCES, RXTX, Listed,
                              ListReference)
from codegen.refrecord import TableContext
from objects import SPEC, TABLES, Case, fixed_by, legal_ranges, legal_values, size

LISTS = ListReference(SPEC)
READERS = ("partitions", "regs", "message", "relinquish", "boot", "boot_list", "resources", "rxtx")
WRITERS = ("pack", "entries", "send", "produce")
OPS = READERS + WRITERS
RUNTIME = ("core", "wire", "partition_lists", "relinquish", "boot_information", "indirect_messages", "resource_lists", "notification_lists")


def build() -> Path:
    tables = ("memory_descriptors_table", "partition_table", "messaging_table", "boot_information_table", "setup_table", "text_rule", "text_field")
    return sanitized.build("list-driver", [ROOT / "tests" / "list_driver.c", ROOT / "tests" / "driver_words.h"],
                           sanitized.library(RUNTIME, tables))


@dataclass(frozen=True)
class List:
    """A request to a walker.  numbers: what the caller says beside the bytes; starts: where the tables are."""

    op: str
    ctx: TableContext
    data: bytes = b""
    numbers: tuple[int, ...] = ()
    starts: tuple[tuple[str, TableContext, int], ...] = ()
    tables: tuple[Values, ...] = ()  # what a writer is given

    @property
    def line(self) -> str:
        waive = sum(WAIVE[rule] for rule in self.ctx.waive)
        words = [self.op, f"{VERSIONS[SPEC.versions[self.ctx.version]]:x}", f"{waive:x}", *(f"{n:x}" for n in self.numbers)]
        words += [f"{n:x}" for values in self.tables for n in flat(values)]
        return " ".join(words + ([self.data.hex() or "-"] if self.op in READERS + ("send",) and self.op != "regs" else []))

    @property
    def expected(self) -> str:
        try:
            found = getattr(self, f"read_{self.op}")()
        except Refused as no:
            found = Listed(end=no)
        said = found if isinstance(found, list) else [*flat(found.header), *(n for e in found.elements for n in flat(e))]
        end = None if isinstance(found, list) else found.end
        words = [n if isinstance(n, str) else f"{n:x}" for n in said]
        return " ".join([*words, f"no {end.rule} {end.field} {end.at} {end.value:x}" if end else "ok"])

    # -- one for each request ------------------------------------------------------------------------------------------

    def read_partitions(self) -> Listed:
        return LISTS.partitions(self.ctx, self.data, *self.numbers)

    def read_regs(self) -> Listed:
        entry_size, i, *words = self.numbers
        found = LISTS.partition_of_regs(self.ctx, words, entry_size, i)
        return Listed(elements=[found] if found else [])

    def read_message(self) -> list[int | str]:
        values, at, n = LISTS.message(self.ctx, self.data)
        return [*flat(values), at, n]

    def read_relinquish(self) -> list[int | str]:
        values, ids = LISTS.relinquish(self.ctx, self.data, self.numbers[0])
        return [*flat(values), *ids]

    def read_pack(self) -> list[int | str]:
        room, handle, flags, *ids = self.numbers
        return twice(LISTS.write_relinquish(self.ctx, {"handle": handle, "flags": flags}, ids, room))

    def read_boot(self) -> Listed:
        return LISTS.boot(self.ctx, self.data)

    def read_boot_list(self) -> Listed:
        return LISTS.table(BOOT_LIST, self.ctx, self.data)

    def read_resources(self) -> Listed:
        return LISTS.table(RESOURCES, self.ctx, self.data)

    def read_rxtx(self) -> Listed:
        return LISTS.rxtx(self.ctx, self.data)

    def read_entries(self) -> list[int | str]:
        return twice(LISTS.write_partitions(self.ctx, list(self.tables), self.numbers[0]))

    def read_send(self) -> list[int | str]:
        return twice(LISTS.write_message(self.ctx, self.tables[0], self.data, self.numbers[0]))

    def read_produce(self) -> list[int | str]:
        room, version, blob, _ = self.numbers
        return twice(LISTS.write_boot(self.ctx, {"version": version, "blob_size": blob}, list(self.tables), room))


def twice(data: bytes) -> list[int | str]:
    """The driver writes over two backgrounds."""
    return [data.hex() or "-"] * 2


def flat(values: Values) -> list[int]:
    return [n for v in values.values() for n in (v if isinstance(v, (list, tuple)) else (v,))]


# -- legal lists ---------------------------------------------------------------------------------------------------------


def partitions(rng: random.Random, ctx: TableContext, count: int, case: Case = None) -> List:
    """Entries as long as this version's, longer, or of an earlier version that says their size."""
    own = size(PARTITION, ctx)
    step = own if ctx.version == 0 else rng.choice((own, own, 24, 32, 48, 56, 64))
    layout = LISTS.objects.layout_of(PARTITION, ctx, step)
    out = bytearray(rng.randbytes(step * count + rng.choice((0, 0, 1, 8, 100))))
    for i in range(count):
        body = TABLES.pack(PARTITION, layout, legal_values(rng, PARTITION, layout, fixed_by(PARTITION, case)), 1 << 20, step * i)
        out[step * i:step * i + len(body)] = body
    said = rng.choice((0, 24, rng.getrandbits(32))) if ctx.version == 0 else step
    return List("partitions", ctx, bytes(out), (count, said), tuple((PARTITION, layout, step * i) for i in range(count)))


def regs(rng: random.Random, ctx: TableContext, case: Case = None) -> List:
    """Entry i of as many as fit; the registers of the others are anything."""
    step = rng.choice((24, 48, 24, 32, 48, 56))
    layout = LISTS.objects.layout_of(PARTITION, ctx, step)
    i = rng.randrange(REGISTERS * 8 // step)
    body = TABLES.pack(PARTITION, layout, legal_values(rng, PARTITION, layout, fixed_by(PARTITION, case)), 48, 0)
    data = bytearray(rng.randbytes(8 * REGISTERS))
    data[step * i:step * i + len(body)] = body
    return in_registers(List("regs", ctx, bytes(data), (step, i), ((PARTITION, layout, step * i),)))


def in_registers(made: List) -> List:
    """The bytes as registers."""
    words = [int.from_bytes(made.data[at:at + 8], "little") for at in range(0, 8 * REGISTERS, 8)]
    return replace(made, numbers=(*made.numbers[:2], *words))


def message(rng: random.Random, ctx: TableContext) -> List:
    header = size(MESSAGE, ctx)
    at, n = header + rng.choice((0, 0, 1, 4, 24)), rng.choice((0, 1, 8, 100))
    values = legal_values(rng, MESSAGE, ctx, {"payload_offset": at, "payload_size": n})
    data = TABLES.pack(MESSAGE, ctx, values, header, 0) + rng.randbytes(at + n - header + rng.choice((0, 0, 1, 64)))
    return List("message", ctx, data, (), ((MESSAGE, ctx, 0),))


def relinquish(rng: random.Random, ctx: TableContext, count: int) -> List:
    values = legal_values(rng, RELINQUISH, ctx, {"endpoint_count": count})
    ids = b"".join(n.to_bytes(2, "little") for n in rng.sample(range(1 << 16), count))
    data = TABLES.pack(RELINQUISH, ctx, values, 16, 0) + ids + rng.randbytes(rng.choice((0, 0, 1, 2, 9)))
    return List("relinquish", ctx, data, (rng.choice((count, count, count + 1, 200)),), ((RELINQUISH, ctx, 0),))


def pack(rng: random.Random, ctx: TableContext, count: int) -> List:
    end = 16 + 2 * count
    ids = rng.sample(range(1 << 16), count)
    return List("pack", ctx, b"", (rng.choice((end, end, end + 1, end + 40)), rng.getrandbits(64), rng.randrange(4), *ids))


def boot(rng: random.Random, ctx: TableContext, count: int, case: Case = None) -> List:
    """Descriptors with gaps behind the header and between each other; contents at the end of the blob."""
    first, step = 32 + 8 * rng.choice((0, 0, 1, 6)), 32 + 8 * rng.choice((0, 0, 1, 4))
    low = first + step * count
    end = low + rng.choice((0, 16, 77))
    out = bytearray(rng.randbytes(end + rng.choice((0, 0, 5, 64))))
    header = {"version": 0x10001, "blob_size": end, "descriptor_size": step, "descriptor_count": count, "descriptor_offset": first}
    out[:32] = TABLES.pack(BOOT, ctx, header, end, 0)
    for i in range(count):
        body = TABLES.pack(BOOT_ITEM, ctx, boot_item(rng, ctx, low, end, case), end, first + step * i)
        out[first + step * i:first + step * i + 32] = body
    return List("boot", ctx, bytes(out), (), ((BOOT, ctx, 0), *((BOOT_ITEM, ctx, first + step * i) for i in range(count))))


def boot_item(rng: random.Random, ctx: TableContext, low: int, end: int, case: Case) -> Values:
    """Contents given by offset lie from low to end."""
    values = legal_values(rng, BOOT_ITEM, ctx, fixed_by(BOOT_ITEM, case))
    if values["name_format"] == 0:
        text = [rng.randrange(1, 256) for _ in range(rng.randrange(16))]
        values["name"] = text + [0] * (16 - len(text))
    if values["contents_format"] == 1:
        values["size"] = rng.randrange(1, 9)
    if values["contents_format"] == 2:
        at = rng.choice((low, end, rng.randrange(low, end + 1)))
        values.update(contents=at, size=rng.choice((0, end - at)))
    return values


def boot_list(rng: random.Random, ctx: TableContext, count: int) -> List:
    items = b"".join(TABLES.pack(f"{BOOT_LIST}_item", ctx, legal_values(rng, f"{BOOT_LIST}_item", ctx, {}), 32, 0) for _ in range(count))
    data = TABLES.pack(BOOT_LIST, ctx, {"count": count}, 8, 0) + items + rng.randbytes(rng.choice((0, 0, 3, 40)))
    return List("boot_list", ctx, data, (), ((BOOT_LIST, ctx, 0), *((f"{BOOT_LIST}_item", ctx, 8 + 32 * i) for i in range(count))))


def resources(rng: random.Random, ctx: TableContext, count: int) -> List:
    first, step = 16 + 8 * rng.choice((0, 0, 1, 4)), 16 + 8 * rng.choice((0, 0, 1, 4))
    out = bytearray(rng.randbytes(first + step * count + rng.choice((0, 0, 5, 64))))
    out[:16] = TABLES.pack(RESOURCES, ctx, {"address_map_size": step, "address_map_count": count, "address_map_offset": first}, 16, 0)
    for i, r in enumerate(legal_ranges(rng, count)):
        values = legal_values(rng, "address_map", ctx, {"base_address": r["address"], "page_count": r["page_count"]})
        out[first + step * i:first + step * i + 16] = TABLES.pack("address_map", ctx, values, 16, 0)
    return List("resources", ctx, bytes(out), (), ((RESOURCES, ctx, 0), *(("address_map", ctx, first + step * i) for i in range(count))))


def rxtx(rng: random.Random, ctx: TableContext, count: int) -> List:
    """Ranges of the RX buffer and of the TX buffer, in either order."""
    counts, gap = (count, rng.randrange(1, 5)), 16 + 8 * rng.choice((0, 1, 3))
    order = rng.choice(((0, 1), (1, 0)))
    at, places = gap, [0, 0]
    for i in order:
        places[i] = at
        at += 16 + 16 * counts[i] + 8 * rng.choice((0, 0, 1, 3))
    out = bytearray(rng.randbytes(at + rng.choice((0, 0, 5))))
    header = legal_values(rng, RXTX, ctx, {"rx_composite_offset": places[0], "tx_composite_offset": places[1]})
    out[:12] = TABLES.pack(RXTX, ctx, header, 12, 0)
    starts: list[tuple[str, TableContext, int]] = [(RXTX, ctx, 0)]
    for i, where in enumerate(places):
        ranges = legal_ranges(rng, counts[i])
        pages = sum(r["page_count"] for r in ranges)  # type: ignore[misc]
        body = TABLES.pack(COMPOSITE, ctx, {"total_page_count": pages, "address_range_count": counts[i]}, 16, 0)
        body += b"".join(TABLES.pack(RANGE, ctx, r, 16, 0) for r in ranges)
        out[where:where + len(body)] = body
        starts += [(COMPOSITE, ctx, where), *((RANGE, ctx, where + 16 + 16 * n) for n in range(counts[i]))]
    return List("rxtx", ctx, bytes(out), (), tuple(starts))


# -- writers ---------------------------------------------------------------------------------------------------------------


def entries(rng: random.Random, ctx: TableContext, count: int) -> List:
    end = size(PARTITION, ctx) * count
    return List("entries", ctx, b"", (rng.choice((end, end + 1, end + 50)), count),
                tables=tuple(legal_values(rng, PARTITION, ctx, {}) for _ in range(count)))


def send(rng: random.Random, ctx: TableContext) -> List:
    data = rng.randbytes(rng.choice((0, 1, 8, 77)))
    values = legal_values(rng, MESSAGE, ctx, {"payload_offset": size(MESSAGE, ctx) + rng.choice((0, 0, 1, 30))})
    del values["payload_size"]
    end = values["payload_offset"] + len(data)  # type: ignore[operator]
    return List("send", ctx, data, (end + rng.choice((0, 1, 50)),), tables=(values,))


def produce(rng: random.Random, ctx: TableContext, count: int) -> List:
    low = 32 + 32 * count
    end = low + rng.choice((0, 16, 77))
    items = tuple(boot_item(rng, ctx, low, end, None) for _ in range(count))
    return List("produce", ctx, b"", (end + rng.choice((0, 1, 50)), 0x10001, end, count), tables=items)
