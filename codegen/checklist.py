"""The list of checks, and the ways through a description that they share."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from .model import Call, Entry, Enum, Field, FlagSet, Layout, Life, Said, Spec
from .problems import Place
from .slices import Point

Found = Iterator[tuple[Place, str]]
CHECKS: dict[str, Callable[[Spec], Found]] = {}


def check(function: Callable[[Spec], Found]) -> Callable[[Spec], Found]:
    """A check goes by the name of its function; tests/bad-spec/ has a file of that name."""
    CHECKS[function.__name__] = function
    return function


def layouts(spec: Spec) -> Iterator[tuple[Call, Layout]]:
    for call in spec.calls.values():
        for layout in (call.request, call.success, call.error):
            if layout is not None:
                yield call, layout


def entries(spec: Spec) -> Iterator[tuple[Call, Layout, Entry]]:
    for call, layout in layouts(spec):
        for entry in layout.entries:
            yield call, layout, entry


def stated(spec: Spec) -> Iterator[Entry | Field]:
    """Everything that says what some bits are, of registers and of tables."""
    for _, _, entry in entries(spec):
        yield entry
    for table in spec.descriptors.values():
        yield from table.fields


def enums(spec: Spec) -> Iterator[Enum]:
    for chapter in spec.chapters:
        yield from chapter.enums


def flag_sets(spec: Spec) -> Iterator[FlagSet]:
    for chapter in spec.chapters:
        yield from chapter.flags


def fields(layout: Layout, name: str) -> list[Entry]:
    """The entries that make the member of that name."""
    return [entry for entry in layout.entries if entry.kind is not None and entry.name == name]


def is_single(entry: Entry | Field) -> bool:
    """Is the member one value, no array and no structure?"""
    return entry.kind is not None and entry.kind.spread in ("bits", "word")


def is_number(entry: Entry | Field) -> bool:
    """Is it a value that can be compared?  (An enumeration can: a rule may leave out some of its values.)"""
    return is_single(entry) and entry.kind is not None and not entry.kind.signed and entry.flags is None


def statements(spec: Spec) -> Iterator[tuple[Said, Life, str, str]]:
    """Everything that says something of itself: what it is, and the note of what it is part of."""
    always = Life(0, len(spec.versions) - 1)
    for enum in enums(spec):
        yield enum.said, always, "enum", ""
        for value in enum.values:
            yield value.said, value.life, "enumerator", enum.said.note
    for flags in flag_sets(spec):
        yield flags.said, always, "flags", ""
        for bit in flags.bits:
            yield bit.said, bit.life, "flag", flags.said.note
    for call in spec.calls.values():
        yield call.said, call.life, "call", ""
        for meaning in call.meanings:
            yield meaning.said, meaning.life, "error", ""
        for reply in call.replies:
            yield reply.said, reply.life, "reply", ""
    for call, layout, entry in entries(spec):
        yield entry.said, entry.life, "entry", layout.said.note or call.said.note
    for table in spec.descriptors.values():
        yield table.said, table.life, "descriptor", ""
        for field in table.fields:
            yield field.said, field.life, "field", table.said.note
        for array in table.arrays:
            yield array.said, table.life, "array", table.said.note


def when(spec: Spec, points: Iterable[Point]) -> str:
    """Points in words: version 1.0, SMC32 (and so on for the others)."""
    return "; ".join(f"version {spec.versions[version]}, {conv.upper()}" for version, conv in sorted(points))
