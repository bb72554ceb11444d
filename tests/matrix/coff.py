"""Sections and symbols of a COFF object, as Microsoft's format document lays them out: readelf knows only ELF."""
from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

HEADER, SECTION, SYMBOL = struct.Struct("<HHIIIHH"), struct.Struct("<8sIIIIIIHHI"), struct.Struct("<8sIhHBB")
CODE, DATA, WRITE = 0x20, 0x40 | 0x80, 0x80000000
EXTERNAL = 2
# For debuggers and unwinders, or for the linker.
NOT_DATA = (".debug", ".pdata", ".xdata", ".drectve", ".llvm")


@dataclass(frozen=True)
class Section:
    name: str
    size: int
    relocations: int
    flags: int

    @property
    def code(self) -> bool:
        return bool(self.flags & CODE)

    @property
    def data(self) -> bool:
        return bool(self.flags & DATA) and not self.name.startswith(NOT_DATA)

    @property
    def writable(self) -> bool:
        return bool(self.flags & WRITE)


@dataclass(frozen=True)
class Coff:
    sections: tuple[Section, ...]
    defined: set[str]
    undefined: set[str]


def read(raw: bytes) -> Coff:
    _, sections, _, symbols_at, symbols, optional, _ = HEADER.unpack_from(raw)
    strings = symbols_at + symbols * SYMBOL.size

    def text(at: int) -> str:
        return raw[strings + at:raw.index(b"\0", strings + at)].decode()

    def name(field: bytes) -> str:
        if field[:4] == bytes(4):
            return text(int.from_bytes(field[4:], "little"))
        short = field.rstrip(b"\0").decode()
        return text(int(short[1:])) if short[:1] == "/" else short

    def every_section() -> Iterator[Section]:
        for n in range(sections):
            called, _, _, size, _, _, _, relocations, _, flags = SECTION.unpack_from(raw, HEADER.size + optional + n * SECTION.size)
            yield Section(name(called), size, relocations, flags)

    defined, undefined = set(), set()
    at = 0
    while at < symbols:
        called, value, section, _, storage, more = SYMBOL.unpack_from(raw, symbols_at + at * SYMBOL.size)
        if storage == EXTERNAL:  # one without a section but with a value is a common block: it is defined
            (undefined if section == 0 and value == 0 else defined).add(name(called))
        at += 1 + more
    return Coff(tuple(every_section()), defined, undefined)
