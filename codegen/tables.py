"""Text and description tables: strings in one blob, offsets of 16 bits, no pointers."""
from __future__ import annotations

from dataclasses import dataclass, field

from .model import Descriptor, Entry, Enum, Field, FlagSet, Layout, Spec
from .rules import FIXED_FIELDS, RULES
from .slices import clipped, universe
from .view import CallView, Library


@dataclass
class Blob:
    """Strings laid end to end with their terminators; equal strings are stored once."""

    strings: list[str] = field(default_factory=list)
    offsets: dict[str, int] = field(default_factory=dict)
    size: int = 0

    def add(self, text: str) -> int:
        if text not in self.offsets:
            self.offsets[text] = self.size
            self.strings.append(text)
            self.size += len(text.encode()) + 1
        return self.offsets[text]

    @property
    def sizes(self) -> list[int]:
        return [len(s.encode()) + 1 for s in self.strings]


@dataclass(frozen=True)
class TextTable:
    """Texts by a small number; texts[i] belongs to number i."""

    name: str
    function: str
    parameter: str
    doc: str
    blob: Blob
    offsets: tuple[int, ...]
    index: str  # C expression of the index


def text_table(name: str, function: str, parameter: str, doc: str, texts: list[str], index: str = "") -> TextTable:
    blob = Blob()
    return TextTable(name, function, parameter, doc, blob, tuple(blob.add(t) for t in texts), index or parameter.split()[-1])


@dataclass(frozen=True)
class DescField:
    name: str
    show: str
    table: int
    first: int
    last: int
    hi: int
    lo: int
    live: int
    bias: int


@dataclass(frozen=True)
class TableField:
    """A field of a descriptor; when is 1 + the index of the field that decides, or 0."""

    name: str
    show: str
    table: int
    at: int
    size: int
    hi: int
    lo: int
    versions: int
    usages: int
    when: int
    value: int


@dataclass(frozen=True)
class Named:
    """An enumerator or a flag of table number table."""

    table: int
    value: int
    offset: int


@dataclass(frozen=True)
class Description:
    fields: list[DescField]
    table_fields: list[TableField]
    table_layouts: list[tuple[str, int, int]]  # descriptor -> first, count
    layouts: list[tuple[str, list[tuple[int, int]]]]  # call -> (first, count) of request, success, error
    blob: Blob
    names: list[Named]


@dataclass(frozen=True)
class Meanings:
    blob: Blob
    rows: list[tuple[int, int, int, str, str]]  # function number, -code, offset, call, code
    general: list[tuple[int, int]]  # -code, offset
    unknown: int


class Tables:
    """All tables of one library."""

    def __init__(self, spec: Spec, library: Library) -> None:
        self.spec, self.library = spec, library

    def texts(self) -> list[TextTable]:
        fields = [*FIXED_FIELDS, *self.library.fields]
        return [
            text_table("rule", "rule_name", "unsigned int rule", "MBZ, RANGE, ...", list(RULES)),
            text_table("rule_meaning", "rule_text", "unsigned int rule", "what a rule says", list(RULES.values())),
            text_table("field", "field_name", "unsigned int field", "the name of a field", fields),
            text_table("call", "call_name", "unsigned int call", "FFA_MEM_SHARE, ...", [v.name for v in self.library.calls]),
            text_table("table", "table_name", "unsigned int table", "Memory transaction descriptor, ...",
                       [d.name for d in self.spec.descriptors.values()] or [""]),
            text_table("status", "status_name", "int32_t status", "DENIED, ...",
                       ["SUCCESS", *(v.name.upper() for v in self.spec.status.values)], "0u - (uint32_t)status"),
            text_table("smccc_status", "smccc_status_name", "int32_t status", "SMCCC_NOT_SUPPORTED, ...",
                       self.by_negative({v.value: v.name.upper() for v in self.spec.smccc_status.values}), "0u - (uint32_t)status"),
        ]

    @staticmethod
    def by_negative(names: dict[int, str]) -> list[str]:
        """Texts by the negated code; codes between that do not exist have an empty text."""
        return [names.get(-i, "") for i in range(-min(names) + 1)]

    def meanings(self) -> Meanings:
        blob = Blob()
        unknown = blob.add("not an error code of FF-A")
        general = [(0, blob.add("the call completed"))]
        general += [(-v.value, blob.add(v.said.doc)) for v in self.spec.status.values]
        values = {v.name.upper(): -v.value for v in self.spec.status.values}
        values |= {v.name.upper(): -v.value for v in self.spec.smccc_status.values}
        rows = []
        for view in self.library.calls:
            for meaning in view.call.meanings:
                if not view.call.carrier:
                    rows.append((view.number & 0xFF, values[meaning.code], blob.add(meaning.text), view.name, meaning.code))
        if not rows:
            rows.append((0, 0, general[0][1], "none", "no call of this library has a meaning of its own"))  # C has no empty arrays
        return Meanings(blob, sorted(rows), general, unknown)

    def buffers(self) -> list[dict[str, str]]:
        """Which call passes which table, and where."""
        found = []
        for view in self.library.calls:
            b = view.call.buffer
            if b is not None and b.holds in self.spec.descriptors:
                found.append({"key": view.key, "holds": b.holds, "where": b.where, "usage": b.usage, "length": b.length})
        return found

    def offsets(self) -> list[tuple[str, int]]:
        """Where each field of each table is, in each version."""
        found: dict[str, int] = {}
        for d in self.spec.descriptors.values():
            for v, version in enumerate(self.spec.versions):
                if not d.sizes[v]:
                    continue
                name = f"{version.replace('.', '_')}_{d.key.upper()}"
                found[f"SIZE_{name}"] = d.sizes[v]
                for field in d.fields:
                    if field.name and v in field.life:
                        found.setdefault(f"AT_{name}_{field.name.upper()}", field.at)
        return list(found.items())

    # -- the description of every register ---------------------------------------------------------------------------

    def description(self) -> Description:
        fields: list[DescField] = []
        layouts = []
        tables: dict[str, int] = {}
        used: dict[int, Enum | FlagSet] = {}
        for view in self.library.calls:
            spans = []
            for layout in (view.call.request, view.call.success, view.call.error):
                first = len(fields)
                if layout is not None:
                    fields += self.described(view, layout, tables, used)
                spans.append((first, len(fields) - first) if layout is not None else (0, 0))
            layouts.append((view.key, spans))
        table_fields: list[TableField] = []
        table_layouts = []
        for descriptor in self.spec.descriptors.values():
            first = len(table_fields)
            table_fields += self.described_table(descriptor, tables, used)
            table_layouts.append((descriptor.key, first, len(table_fields) - first))
        blob = Blob()
        names = []
        for number, table in sorted(used.items()):
            items = [(v.value, v.name) for v in table.values] if isinstance(table, Enum) else [(b.at, b.name) for b in table.bits]
            names += [Named(number, value, blob.add(name)) for value, name in items]
        if not names:
            names.append(Named(255, 255, blob.add("")))  # C has no empty arrays
        return Description(fields, table_fields, table_layouts, layouts, blob, names)

    def described_table(self, descriptor: Descriptor, tables: dict[str, int], used: dict[int, Enum | FlagSet]) -> list[TableField]:
        found: list[TableField] = []
        bit = {usage: 1 << i for i, usage in enumerate(self.spec.usages)}
        order = sorted(descriptor.fields, key=lambda f: (f.at, -f.lo, f.life.first))
        for field in order:
            show, number = self.shown(field, tables, used)
            versions = sum(1 << v for v, size in enumerate(descriptor.sizes) if size and v in field.life)
            usages = sum(bit[u] for u in (field.uses or descriptor.usages or self.spec.usages))
            when = value = 0
            if field.when is not None:
                when, value = next((1 + i, v.value) for i, f in enumerate(order) if f.name == field.when[0] and f.enum
                                   and f.life.first <= field.life.first <= f.life.last for v in f.enum.values if v.name == field.when[1])
            name = "reserved" if field.reserved else field.name
            found.append(TableField(name, show, number, field.at, field.size, field.hi if field.size <= 8 else 8 * field.size - 1 & 0xFF,
                                    field.lo, versions, usages, when, value))
        return found

    def described(self, view: CallView, layout: Layout, tables: dict[str, int], used: dict[int, Enum | FlagSet]) -> list[DescField]:
        points = universe(self.spec, view.call, layout)
        found: list[DescField] = []
        names: dict[str, int] = {}
        for entry in layout.entries:
            regs: dict[tuple[int, ...], int] = {}
            for point in points:
                here = clipped(self.spec, entry, point)
                if here:
                    regs[here] = regs.get(here, 0) | 1 << (point[0] + (4 if point[1] == "smc64" else 0))
            for here, live in regs.items():
                show, table = self.shown(entry, tables, used)
                if show == "BYTES":
                    table = names[entry.length]
                name = "reserved" if entry.reserved else entry.name
                names.setdefault(entry.name, len(found))
                found.append(DescField(name, show, table, here[0], here[-1], entry.hi, entry.lo, live, entry.bias))
        return found

    def shown(self, entry: Entry | Field, tables: dict[str, int], used: dict[int, Enum | FlagSet]) -> tuple[str, int]:
        if entry.reserved:
            return "RESERVED", int(entry.reserved == "sbz")
        if entry.kind is None:
            return "CONSTANT", 0
        if entry.kind.show in ("ENUM", "FLAGS"):
            table = entry.enum or entry.flags
            assert table is not None
            number = tables.setdefault(table.name, len(tables))
            used[number] = table
            return entry.kind.show, number
        return entry.kind.show, 0
