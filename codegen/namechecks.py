"""Checks of names and texts: what the description says must be possible to write in C."""
from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from .checklist import Found, check, entries, enums, flag_sets, statements
from .kinds import KINDS
from .model import Spec
from .names import RESERVED_WORDS, Names
from .problems import Place
from .rules import FIXED_FIELDS

RUNTIME = Path(__file__).resolve().parent.parent / "runtime"
# What a header of the runtime defines; what it merely mentions may well be generated.
DEFINED = re.compile(r"^(?:(?:struct|enum|union) (\w+) \{|#define (\w+)|\t(\w+)(?: = [^;]*)?,?(?: /\*.*)?$|[a-z][\w *]*\b(\w+)\()", re.M)
# Files and sums that every library has; "" stands for the prefix.
FILES = ("calls", "fields", "text", "request", "message", "reply", "describe", "legal", "status")
SUMS = ("request", "message", "reply")
ENUMS = ("call", "field", "status", "smccc_status", "usage", "conduit_type")
# Two fields of the runtime contract mean the same wherever they stand; the others are no fields of a call.
SHARED_FIELDS = ("function_id", "version")
UNFIT = re.compile(r"[^ -~]|\*/|/\*|\?\?[=/'()!<>-]")


@check
def c_names(spec: Spec) -> Found:
    """Names make distinct C identifiers and are no reserved words."""
    owners: dict[str, str] = {}
    for kind, name, place in named(spec):
        if name in RESERVED_WORDS:
            yield place, f"{name} is a reserved word of C or C++"
        if kind != "field" and owners.setdefault(name, kind + name) != kind + name:
            yield place, f"another object is already called {name}"
        if kind.startswith(("enum", "flags")) and name in KINDS:
            yield place, f"{name} is a built-in type"
    makers: dict[str, tuple[str, Place | None]] = {word: ("the runtime", None) for word in runtime_names(spec.prefix)}
    makers |= {word: ("every library", None) for word in fixed_names(spec)}
    for word, place in identifiers(spec):
        maker, first = makers.setdefault(word, (place.path, place))
        if first != place:
            yield place, f"makes {word}, which {maker} has too"


def named(spec: Spec) -> Iterator[tuple[str, str, Place]]:
    for chapter in spec.chapters:
        for enum in chapter.enums:
            yield f"enum of {chapter.key} ", enum.name, enum.said.place
        for flags in chapter.flags:
            yield f"flags of {chapter.key} ", flags.name, flags.said.place
    for call in spec.calls.values():
        yield "call ", call.key, call.said.place
    for table in spec.descriptors.values():
        yield "descriptor ", table.key, table.said.place
        for field in table.fields:
            if field.name:
                yield "field", field.name, field.said.place
    for _, _, entry in entries(spec):
        if entry.name:
            yield "field", entry.name, entry.said.place


def identifiers(spec: Spec) -> Iterator[tuple[str, Place]]:
    """The C names that the description asks for, and the files."""
    names = Names(spec.prefix)
    for chapter in spec.chapters:
        for stem in (chapter.key, f"{chapter.key}_reply", f"{chapter.key}_table"):
            yield f"{stem}.h", chapter.place
            yield f"{names.upper}_{stem.upper()}_H", chapter.place
    for enum in enums(spec):
        for value in enum.values:
            yield names.enumerator(enum.name, value.name), value.said.place
    for flags in flag_sets(spec):
        for bit in flags.bits:
            yield names.enumerator(flags.name, bit.name), bit.said.place
    for call in spec.calls.values():
        place = call.said.place
        yield names.call(call.key), place
        for conv in call.fids:
            yield names.fid(call.key, conv), place
        if call.fids:
            yield names.number(call.key), place
        parts = ["", "reply", *(part for part, layout in (("success", call.success), ("error", call.error)) if layout)]
        for part in parts:
            yield f"struct {names.struct(call.key, part)}", place
        for part in ("", "reply"):
            yield names.function("_".join(p for p in (call.key, part) if p), "pack"), place
    for table in spec.descriptors.values():
        yield f"struct {names.struct(table.key)}", table.said.place
        for verb in ("pack", "valid", "size"):
            yield names.function(table.key, verb), table.said.place
        yield f"{names.upper}_{table.key.upper()}_SIZE", table.said.place
        for array in table.arrays:
            for keyword, _ in array.rules:
                yield f"{names.upper}_{table.key.upper()}_{array.name.upper()}_{keyword.upper()}", array.said.place
    for kind, name, place in named(spec):
        if kind == "field" and name in FIXED_FIELDS and name not in SHARED_FIELDS:
            yield names.field(name), place


def fixed_names(spec: Spec) -> Iterator[str]:
    """What is generated whatever the description says."""
    names = Names(spec.prefix)
    for name in FILES:
        yield f"{name}.h"
        yield f"{names.upper}_{name.upper()}_H"
    for sum_ in SUMS:
        yield "struct " + names.struct(sum_)
        yield names.function(sum_, "pack")
    yield from ("struct " + names.struct(enum) for enum in ENUMS)
    yield from (names.enumerator("status", value.name) for value in spec.status.values)
    yield names.enumerator("status", "success")
    yield from (f"{names.upper}_{value.name.upper()}" for value in spec.smccc_status.values)
    yield from (names.enumerator("usage", usage) for usage in spec.usages)
    yield from (names.enumerator("conduit", conduit) for conduit in spec.conduits)
    yield names.call("count")


@lru_cache(maxsize=None)
def runtime_names(prefix: str) -> frozenset[str]:
    """What the headers of the runtime define: tags (one name space, written as structures), macros, enumerators, functions, files."""
    found = set()
    for header in sorted((RUNTIME / "include" / prefix).glob("*.h")):
        found.add(header.name)
        for tag, *others in DEFINED.findall(header.read_text()):
            found |= {f"struct {tag}"} if tag else {name for name in others if name}
    return frozenset(found)


@check
def plain_text(spec: Spec) -> Found:
    """Texts become comments and strings: printable ASCII in one paragraph, nothing that ends or begins a comment."""
    for place, text in texts(spec):
        bad = UNFIT.search(text)
        if bad:
            yield place, f"a text cannot hold {bad.group()!a}"


def texts(spec: Spec) -> Iterator[tuple[Place, str]]:
    for chapter in spec.chapters:
        yield chapter.place, chapter.title
        yield chapter.place, chapter.doc
    for said, *_ in statements(spec):
        for text in (said.doc, said.note, *(ref for _, ref in said.ref)):
            yield said.place, text
    for table in spec.descriptors.values():
        yield table.said.place, table.name
    for call in spec.calls.values():
        yield call.said.place, call.name
        for meaning in call.meanings:
            yield meaning.said.place, meaning.text
        for layout in (call.request, call.success, call.error):
            if layout is not None:
                yield layout.said.place, layout.said.note
