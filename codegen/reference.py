"""Rows of the reference pages."""
from __future__ import annotations

from .codec import where_text
from .model import Call, Descriptor, Entry, Field, Layout, Said, Spec
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
    return where, bits.rstrip("]"), name, kind, life, meaning(entry.said, *limits(entry))


def meaning(said: Said, *more: str) -> str:
    """What something is, and how certain that is, for the cell of a table."""
    parts = [said.doc, *more]
    if said.status:
        parts.append(f"**{said.status}**" + (f": {said.note}" if said.note else ""))
    elif said.note:
        parts.append(said.note)
    return "; ".join(part for part in parts if part).replace("|", "\\|")


def reply_rows(spec: Spec, call: Call) -> list[tuple[str, str, str]]:
    """One row per call that may answer: the call, the versions in which both exist, when it comes."""
    found = []
    for reply in call.replies:
        life = reply.life.common(spec.calls[reply.call].life)
        same = "in the convention of the request" if reply.same else ""
        found.append((reply.call, life_note(spec, life), meaning(reply.said, same)))
    return found


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


def table_rows(spec: Spec, descriptor: Descriptor) -> list[tuple[str, ...]]:
    """One row per field of a table in memory: byte, bits, field, type, versions, uses, meaning."""
    return [table_row(spec, field) for field in descriptor.fields]


def table_row(spec: Spec, field: Field) -> tuple[str, ...]:
    where = str(field.at) if field.size == 1 else f"{field.at}-{field.at + field.size - 1}"
    bits = "" if field.whole else str(field.lo) if field.hi == field.lo else f"{field.hi}:{field.lo}"
    if field.reserved:
        name, kind = "reserved", field.reserved.upper()
    elif field.value is not None:
        name, kind = field.name, f"constant {field.value:#x}"
    else:
        name, kind = field.name, field.type_name
    uses = ", ".join(field.uses) + (f" when {field.when[0]} is {field.when[1]}" if field.when else "")
    said = [f"at least {field.min}"] if field.min is not None else []
    said += [f"at most {field.max}"] if field.max is not None else []
    said += [f"a multiple of {field.multiple_of}"] if field.multiple_of else []
    said += [f"zero unless {field.zero_unless}"] if field.zero_unless else []
    said += [f"zero where {field.zero_above[0]} is above {field.zero_above[1]}"] if field.zero_above else []
    return where, bits, name, kind, life_note(spec, field.life), uses.strip(), meaning(field.said, *said)


def table_lines(descriptor: Descriptor) -> list[str]:
    """The rules between fields, and what follows the fixed part, in words."""
    lines = [f"{rule.keyword}: {', '.join(rule.fields)}" for rule in descriptor.rules]
    for array in descriptor.arrays:
        offset, stride = (" or ".join(dict.fromkeys(str(v) for v in part if v)) for part in (array.offset, array.stride))
        text = f"{array.name}: {array.count} elements ({array.of}) from byte {offset} on, {stride} bytes apart"
        lines.append(text + (f"; {array.said.doc}" if array.said.doc else ""))
        for keyword, operands in array.rules:
            words = ", ".join(f"{k} {' '.join(v) if isinstance(v, list) else v}" for k, v in operands.items()) if isinstance(operands, dict) else operands
            lines.append(f"{array.name}: {keyword} {words}")
    return lines
