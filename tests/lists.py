"""Lists in C and as the reference reads them: builds tests/list_driver.c, speaks its line protocol, makes legal lists from a seed."""
from __future__ import annotations

import random
from dataclasses import dataclass, replace
from pathlib import Path

import sanitized
from codec import ROOT, VERSIONS, WAIVE
from codegen.ref import Refused, Values
from codegen.reflists import BOOT, BOOT_ITEM, MESSAGE, PARTITION, RELINQUISH, Listed, ListReference
from codegen.refrecord import TableContext
from objects import SPEC, TABLES, Case, fixed_by, legal_values, size

LISTS = ListReference(SPEC)
OPS = ("partitions", "regs", "message", "relinquish", "pack", "boot")
REGISTERS = 15  # x3 to x17


def build() -> Path:
    tables = ("memory_descriptors_table", "partition_table", "messaging_table", "boot_information_table", "text_rule", "text_field")
    return sanitized.build("list-driver", [ROOT / "tests" / "list_driver.c", ROOT / "tests" / "driver_words.h"],
                           sanitized.library(("core", "wire", "lists"), tables))


@dataclass(frozen=True)
class List:
    """A request to a walker.  numbers: what the caller says beside the bytes; starts: where the tables are."""

    op: str
    ctx: TableContext
    data: bytes = b""
    numbers: tuple[int, ...] = ()
    starts: tuple[tuple[str, TableContext, int], ...] = ()

    @property
    def line(self) -> str:
        waive = sum(WAIVE[rule] for rule in self.ctx.waive)
        words = [self.op, f"{VERSIONS[SPEC.versions[self.ctx.version]]:x}", f"{waive:x}", *(f"{n:x}" for n in self.numbers)]
        return " ".join(words + ([] if self.op in ("regs", "pack") else [self.data.hex() or "-"]))

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
        return Listed(elements=[LISTS.partition_of_regs(self.ctx, words, entry_size, i)])

    def read_message(self) -> list[int | str]:
        values, at, n = LISTS.message(self.ctx, self.data)
        return [*flat(values), at, n]

    def read_relinquish(self) -> list[int | str]:
        values, ids = LISTS.relinquish(self.ctx, self.data, self.numbers[0])
        return [*flat(values), *ids]

    def read_pack(self) -> list[int | str]:
        room, handle, flags, *ids = self.numbers
        return [LISTS.write_relinquish(self.ctx, {"handle": handle, "flags": flags}, ids, room).hex()] * 2

    def read_boot(self) -> Listed:
        return LISTS.boot(self.ctx, self.data)


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
    step = rng.choice((24, 24, 32, 48, 56))
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
    return List("relinquish", ctx, data, (rng.choice((count, count, count + 1, count - 1, 0)),), ((RELINQUISH, ctx, 0),))


def pack(rng: random.Random, ctx: TableContext, count: int) -> List:
    end = 16 + 2 * count
    ids = rng.sample(range(1 << 16), count)
    return List("pack", ctx, b"", (rng.choice((end, end, end + 1, end + 40)), rng.getrandbits(64), rng.randrange(4), *ids))


def boot(rng: random.Random, ctx: TableContext, count: int, case: Case = None) -> List:
    """Descriptors with gaps behind the header and between each other; contents at the end of the blob."""
    first, step = 32 + 8 * rng.choice((0, 0, 1, 6)), 32 + 8 * rng.choice((0, 0, 1, 4))
    end = first + step * count + rng.choice((0, 16, 77))
    out = bytearray(rng.randbytes(end + rng.choice((0, 0, 5, 64))))
    header = {"version": 0x10001, "blob_size": end, "descriptor_size": step, "descriptor_count": count, "descriptor_offset": first}
    out[:32] = TABLES.pack(BOOT, ctx, header, end, 0)
    for i in range(count):
        body = TABLES.pack(BOOT_ITEM, ctx, boot_item(rng, ctx, end, case), end, first + step * i)
        out[first + step * i:first + step * i + 32] = body
    return List("boot", ctx, bytes(out), (), ((BOOT, ctx, 0), *((BOOT_ITEM, ctx, first + step * i) for i in range(count))))


def boot_item(rng: random.Random, ctx: TableContext, end: int, case: Case) -> Values:
    values = legal_values(rng, BOOT_ITEM, ctx, fixed_by(BOOT_ITEM, case))
    if values["name_format"] == 0:
        text = [rng.randrange(1, 256) for _ in range(rng.randrange(16))]
        values["name"] = text + [0] * (16 - len(text))
    if values["contents_format"] == 1:
        values["size"] = rng.randrange(1, 9)
    if values["contents_format"] == 2:
        at = rng.choice((0, end, rng.randrange(end + 1)))
        values.update(contents=at, size=rng.choice((0, end - at)))
    return values
