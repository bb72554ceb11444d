"""Checks of what belongs together in a table: its loads, the fields of one name, the operands of rules, its arrays."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .checklist import Found, check, is_number, is_single
from .model import Array, Descriptor, Field, Spec
from .runplan import obstacles
from .tablechecks import mask

Point = tuple[int, str]  # version, usage (or "" of a table that has none)


def points_of(spec: Spec, table: Descriptor) -> list[Point]:
    """Every version and usage in which the table can be met."""
    return [(version, usage) for version in range(len(spec.versions)) if table.sizes[version] for usage in table.usages or ("",)]


def live(field: Field, point: Point) -> bool:
    return point[0] in field.life and (not field.uses or point[1] in field.uses)


def where(spec: Spec, point: Point) -> str:
    return f"version {spec.versions[point[0]]}" + (f", {point[1]}" if point[1] else "")


def members(table: Descriptor, name: str) -> list[Field]:
    """The fields that make the member of that name."""
    return [field for field in table.fields if field.name == name and field.kind is not None]


@check
def table_size(spec: Spec) -> Found:
    """A table is described once, and has a size in every version that has it."""
    seen: dict[str, Descriptor] = {}
    for table in (table for chapter in spec.chapters for table in chapter.descriptors):
        if table.key in seen:
            first = seen[table.key].said.place
            yield table.said.place, f"the table is already described in {first.file}:{first.line}"
        seen.setdefault(table.key, table)
        for version in range(table.life.first, table.life.last + 1):
            if not table.sizes[version]:
                yield table.said.place, f"the table has no size in version {spec.versions[version]}"


@check
def table_loads(spec: Spec) -> Found:
    """Loads do not overlap: each byte of a shared buffer is fetched once.  (table_coverage has bits that are stated twice.)"""
    for table in spec.descriptors.values():
        for i, field in enumerate(table.fields):
            for other in table.fields[:i]:
                both = max(field.life.first, other.life.first) <= min(field.life.last, other.life.last)
                apart = field.at >= other.at + other.size or other.at >= field.at + field.size
                twice = mask(field) << 8 * field.at & mask(other) << 8 * other.at and together(spec, table, field, other)
                if both and not apart and not twice and (field.at, field.size) != (other.at, other.size):
                    yield field.said.place, f"{field.size} bytes at {field.at} are part of the {other.size} at {other.at} in line {other.said.place.line}"
                    break


def together(spec: Spec, table: Descriptor, field: Field, other: Field) -> list[Point]:
    """Where both fields are, whatever others hold."""
    if field.when != other.when and None not in (field.when, other.when):
        return []
    return [p for p in points_of(spec, table) if live(field, p) and live(other, p)]


@check
def table_members(spec: Spec) -> Found:
    """Fields of one name are one member: they agree on its type, and never meet; a constant is always there."""
    for table in spec.descriptors.values():
        seen: dict[str, list[Field]] = {}
        for field in table.fields:
            place = field.said.place
            if field.value is not None and (field.uses or field.when):
                yield place, "a constant holds in all usages, whatever other fields hold"
            if field.value is not None and field.value >> max(field.hi - field.lo + 1, 0):
                yield place, f"value {field.value:#x} does not fit bits {field.hi}:{field.lo}"
            if field.kind is None:
                continue
            if field.kind.signed and field.hi - field.lo + 1 != field.kind.bits:
                yield place, f"{field.kind.name} takes {field.kind.bits} bits"
            if field.kind.spread == "bytes" and not field.whole:
                yield place, "bytes takes whole bytes"
            for other in seen.setdefault(field.name, []):
                line, meet = other.said.place.line, together(spec, table, field, other)
                if member_type(other) != member_type(field):
                    yield place, f"{field.name} has another type than in line {line}"
                    break
                if meet:
                    yield place, f"{field.name} is already in line {line} ({where(spec, meet[0])})"
                    break
            seen[field.name].append(field)


def member_type(field: Field) -> tuple[str, str, int]:
    """What fields of one name have in common: the C type, and the size of an array."""
    assert field.kind is not None
    return field.kind.ctype, field.kind.spread, 0 if is_single(field) else field.size


@check
def table_operands(spec: Spec) -> Found:
    """A field that another one or a rule names is a single value, and there whenever it is named."""
    for table in spec.descriptors.values():
        for field in table.fields:
            place = field.said.place
            if field.when is not None:
                owner = next(iter(members(table, field.when[0])), None)
                if owner is not None and owner.when is not None:
                    yield place, f"when: {owner.name} depends on another field itself"
                yield from ((place, f"when: {what}") for what in absent(spec, table, field, field.when[0]))
            above = field.zero_above[0] if field.zero_above else ""
            for rule, text in (("max", field.max), ("zero_unless", field.zero_unless), ("zero_above", above)):
                if isinstance(text, str) and text:
                    yield from ((place, f"{rule}: {what}") for what in operand(spec, table, field, rule, text))
        for rule_ in table.rules:
            for name, value in zip(rule_.fields, rule_.values or rule_.fields):
                found = members(table, name)
                if not found:
                    continue  # table_names
                if not is_single(found[0]):
                    yield rule_.place, f"{rule_.keyword}: {name} is no single value"
                elif rule_.values and (found[0].enum is None or value not in {v.name for v in found[0].enum.values}):
                    yield rule_.place, f"{rule_.keyword}: {name} has no enumerator {value}"
                elif missing := [v for v, size in enumerate(table.sizes) if size and not any(v in f.life for f in found)]:
                    yield rule_.place, f"{rule_.keyword}: {name} does not exist in version {spec.versions[missing[0]]}"


def operand(spec: Spec, table: Descriptor, field: Field, rule: str, text: str) -> Iterator[str]:
    """What is wrong with the other field of a rule."""
    name, _, flag = text.partition(".")
    found = members(table, name)
    if not found:
        return  # table_names
    if name == field.name:
        yield "a field is not compared with itself"
    elif flag and (found[0].flags is None or flag not in {bit.name for bit in found[0].flags.bits}):
        yield f"{name} has no flag {flag}"
    elif not (is_single(found[0]) if rule == "zero_unless" else is_number(found[0])):
        yield f"{name} is no {'single value' if rule == 'zero_unless' else 'plain number'}"
    else:
        yield from absent(spec, table, field, name)


def absent(spec: Spec, table: Descriptor, field: Field, name: str) -> Iterator[str]:
    """Where the field is and the other one is not."""
    for point in points_of(spec, table):
        if members(table, name) and live(field, point) and not any(live(other, point) for other in members(table, name)):
            yield f"{name} does not exist in {where(spec, point)}"
            break


@check
def table_arrays(spec: Spec) -> Found:
    """Elements lie behind the fixed part and apart from each other; their rules name numbers that they have."""
    for table in spec.descriptors.values():
        for array in table.arrays:
            place, element = array.said.place, spec.descriptors.get(array.of)
            for what, given in (("count", (array.count,)), ("offset", array.offset), ("stride", array.stride)):
                for name in dict.fromkeys(text for text in given if isinstance(text, str)):
                    if members(table, name) and not is_number(members(table, name)[0]):
                        yield place, f"{what}: {name} is no plain number"
            if element is not None or array.of == "u16":
                yield from distances(spec, table, array, element)
                for rule, said in array.rules:
                    yield from ((place, f"{rule}: {what}") for what in array_rule(spec, table, array, element, rule, said))


def distances(spec: Spec, table: Descriptor, array: Array, element: Descriptor | None) -> Found:
    """Numbers that let elements overlap each other, or the fixed part; the first version that has them is named."""
    for version in (version for version, size in enumerate(table.sizes) if size):
        place, shown = array.said.place, spec.versions[version]
        offset, stride = array.offset[version], array.stride[version]
        least = 2 if element is None else element.sizes[version]
        if not least:
            yield place, f"{array.of} does not exist in version {shown}"
            return
        if isinstance(offset, int) and offset < table.sizes[version]:
            yield place, f"offset {offset} lies in the fixed part of version {shown}"
            return
        if isinstance(stride, int) and stride < least:
            yield place, f"stride {stride} is less than the {least} bytes of {array.of} in version {shown}"
            return


def array_rule(spec: Spec, table: Descriptor, array: Array, element: Descriptor | None, rule: str, said: object) -> Iterator[str]:
    """What a rule of an array names: fields of the elements, and of the table."""
    data = said if isinstance(said, dict) else {"field": said}
    if rule == "nothing_behind":
        yield from no_usage(table, data)
        if data["of"] not in [other["of"] for keyword, other in array.rules if keyword == "part"]:
            yield f"{data['of']} is no part that the elements point to"
        return
    inner = str(data["offset"] if rule == "part" else data["field"])
    if inner != array.name if element is None else not any(map(is_number, members(element, inner))):
        yield f"the elements have no number {inner}"
    if rule == "sum" and not any(map(is_number, members(table, str(data["equals"])))):
        yield f"the table has no number {data['equals']}"
    if rule == "differs" and not any(map(is_number, members(table, str(data["from"])))):
        yield f"the table has no number {data['from']}"
    if rule == "sum" and element is not None:
        yield from obstacles(element, array)
    if rule == "part" and data["of"] not in spec.descriptors:
        yield f"{data['of']} is no table"
    yield from no_usage(table, data)


def no_usage(table: Descriptor, said: dict[str, Any]) -> Iterator[str]:
    for usage in (*said.get("in", ()), *said.get("absent_in", ())):
        if usage not in table.usages:
            yield f"{usage} is no usage of the table"


@check
def table_usage(spec: Spec) -> Found:
    """A buffer holds its table in a usage that the table has."""
    for call in spec.calls.values():
        table = spec.descriptors.get(call.buffer.holds) if call.buffer else None
        if call.buffer is None or table is None:
            continue
        if call.buffer.usage and call.buffer.usage not in table.usages:
            yield call.said.place, f"buffer: {call.buffer.usage} is no usage of {table.key}"
        elif table.usages and not call.buffer.usage:
            yield call.said.place, f"buffer: the usage of {table.key} is missing"
