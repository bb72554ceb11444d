"""Rows of the reference pages."""
from __future__ import annotations

from .codec import where_text
from .model import Entry, Layout, Spec
from .view import life_note


def rows(spec: Spec, layout: Layout) -> list[tuple[str, ...]]:
    """One row per entry: register, bits, field, type, versions, meaning."""
    return [row(spec, entry) for entry in layout.entries]


def row(spec: Spec, entry: Entry) -> tuple[str, ...]:
    where, _, bits = where_text(entry).partition("[")
    if entry.reserved:
        name, kind = "reserved", entry.reserved.upper()
    elif entry.value is not None:
        name, kind = entry.name, f"constant {entry.value:#x}"
    else:
        assert entry.kind is not None
        name, kind = entry.name, entry.kind.name
    life = " ".join(part for part in (life_note(spec, entry.life), entry.conv.upper()) if part)
    said = [entry.said.doc, *limits(entry)]
    if entry.said.status:
        said.append(f"**{entry.said.status}**" + (f": {entry.said.note}" if entry.said.note else ""))
    elif entry.said.note:
        said.append(entry.said.note)
    return where, bits.rstrip("]"), name, kind, life, "; ".join(s for s in said if s).replace("|", "\\|")


def limits(entry: Entry) -> list[str]:
    """The rules of a field in words."""
    found = []
    if entry.min is not None:
        found.append(f"at least {entry.min}")
    if entry.max is not None:
        found.append(f"at most {entry.max}")
    if entry.multiple_of:
        found.append(f"a multiple of {entry.multiple_of}")
    if entry.bias:
        found.append(f"the register holds the value minus {entry.bias}")
    if entry.zero_unless:
        found.append(f"zero unless {entry.zero_unless}")
    if entry.only_at:
        found.append(f"zero except at {', '.join(entry.only_at)}")
    if entry.fid_of:
        found.append(f"a function id of {entry.fid_of}")
    if entry.length:
        found.append(f"{entry.length} of them")
    return found


def rule_lines(layout: Layout) -> list[str]:
    """The rules between fields in words."""
    lines = []
    for rule in layout.rules:
        a, b = rule.fields
        if rule.keyword == "never":
            lines.append(f"never {a} = {rule.values[0]} with {b} = {rule.values[1]}")
        else:
            lines.append(f"{a} and {b} are both zero or both not")
    return lines
