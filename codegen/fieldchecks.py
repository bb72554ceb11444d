"""Checks of the rules on fields and between them: that they can be met, and that C can say them."""
from __future__ import annotations

from collections.abc import Iterable, Iterator

from .checklist import Found, check, entries, fields, is_number, is_single, layouts, stated, when
from .model import Call, Entry, Field, Layout, Spec
from .slices import Point, clipped, universe, width

RULES = ("min", "max", "multiple_of", "bias", "zero_unless", "only_at", "length")
ABOUT_NUMBERS = RULES[:4]


def given(entry: Entry | Field) -> list[str]:
    """The rules that the entry states."""
    return [rule for rule in RULES if getattr(entry, rule, None) not in (None, "", (), 0) or rule == "min" and entry.min == 0]


@check
def rule_place(spec: Spec) -> Found:
    """A rule stands with a field of a type that it is about."""
    for entry in stated(spec):
        for rule in given(entry):
            if entry.type_name and entry.kind is None:
                continue  # one_statement
            if entry.kind is None:
                yield entry.said.place, f"only a field has {rule}"
            elif rule == "length" and entry.kind.spread != "bytes":
                yield entry.said.place, "only bytes have a length"
            elif rule in ABOUT_NUMBERS and not is_number(entry) or rule == "bias" and entry.enum is not None:
                yield entry.said.place, f"{rule}: {entry.kind.name} is no plain number"
            elif rule in ("zero_unless", "only_at") and not is_single(entry):
                yield entry.said.place, f"{rule}: {entry.kind.name} is no single value"


@check
def bounds(spec: Spec) -> Found:
    """A minimum, a maximum and a unit that a value of the field can meet."""
    for entry in stated(spec):
        if entry.kind is None or not is_number(entry):
            continue
        place, size, bias = entry.said.place, max(entry.hi - entry.lo + 1, 0), 0
        if isinstance(entry, Entry):
            size, bias = 64 if len(entry.regs) > 1 else size, entry.bias
            if bias > 255:
                yield place, f"bias {bias} is above 255"
            elif bias and not (entry.whole and not entry.wide and entry.kind.bits == 32):
                yield place, "bias is for 32 bits in a whole w register"
        top = (1 << size) - 1 + bias
        limit = entry.max if isinstance(entry.max, int) else top
        if entry.min is not None and entry.min > limit:
            yield place, f"min {entry.min} is above {limit}"
        if isinstance(entry.max, int) and entry.max > top:
            yield place, f"max {entry.max} does not fit the field"
        if isinstance(entry.max, int) and entry.max < bias:
            yield place, f"max {entry.max} is below the bias"
        unit = entry.multiple_of
        if unit is not None and unit & (unit - 1):
            yield place, f"multiple_of {unit} is no power of two"
        elif unit is not None and unit > limit:
            yield place, f"multiple_of {unit} leaves nothing but 0"


@check
def instances(spec: Spec) -> Found:
    """only_at leaves out an instance, and names those at which the call can be made."""
    for call, _, entry in entries(spec):
        legal = spec.carrier_of(call).instances
        if len(entry.only_at) == len(spec.instances):
            yield entry.said.place, "only_at lists every instance"
        for instance in entry.only_at if legal else ():
            if instance not in legal:
                yield entry.said.place, f"only_at: the call is not made at {instance}"
    for chapter in spec.chapters:
        for flags in chapter.flags:
            for bit in flags.bits:
                if len(bit.only_at) == len(spec.instances):
                    yield bit.said.place, "only_at lists every instance"


@check
def operands(spec: Spec) -> Found:
    """A rule compares a field with another that is a single value and there whenever the field is."""
    for call, layout in layouts(spec):
        points = universe(spec, call, layout)
        for entry in layout.entries:
            if entry.kind is None:
                continue
            for rule, text in (("max", entry.max), ("zero_unless", entry.zero_unless), ("length", entry.length)):
                if isinstance(text, str) and text:
                    for what in compared(spec, layout, entry, rule, text, points):
                        yield entry.said.place, f"{rule}: {what}"
        for rule_ in layout.rules:
            first, *others = rule_.fields
            if first in others:
                yield rule_.place, f"{rule_.keyword}: {first} is named twice"
            owners = [fields(layout, name) for name in rule_.fields]
            for name, found in zip(rule_.fields, owners):
                if found and not is_single(found[0]):
                    yield rule_.place, f"{rule_.keyword}: {name} is no single value"
            if all(owners) and not set.intersection(*(lives(spec, found, points) for found in owners)):
                yield rule_.place, f"{rule_.keyword}: {' and '.join(rule_.fields)} never meet"
        yield from buffer_length(call, layout)


def buffer_length(call: Call, layout: Layout) -> Found:
    """The field that counts the bytes of a buffer is a number."""
    if layout is call.request and call.buffer and call.buffer.length:
        for owner in fields(layout, call.buffer.length)[:1]:
            if not is_number(owner):
                yield call.said.place, f"buffer: {owner.name} is no plain number"


def compared(spec: Spec, layout: Layout, entry: Entry, rule: str, text: str, points: Iterable[Point]) -> Iterator[str]:
    """What is wrong with the other field of a rule."""
    name, _, flag = text.partition(".")
    owners = fields(layout, name)
    if not owners:
        return  # unknown_name
    if name == entry.name:
        yield "a field is not compared with itself"
    elif rule == "zero_unless" and not is_single(owners[0]):
        yield f"{name} is no single value"
    elif rule != "zero_unless" and not is_number(owners[0]):
        yield f"{name} is no plain number"
    else:
        missing = lives(spec, [entry], points) - lives(spec, owners, points)
        if flag and owners[0].flags is not None:
            life = next((bit.life for bit in owners[0].flags.bits if bit.name == flag), None)
            missing |= {point for point in lives(spec, [entry], points) if life is not None and point[0] not in life}
        if missing:
            yield f"{text} does not exist in {when(spec, [min(missing)])}"


def lives(spec: Spec, found: list[Entry], points: Iterable[Point]) -> set[Point]:
    return {point for point in points if any(clipped(spec, entry, point) for entry in found)}


@check
def characters(spec: Spec) -> Found:
    """Characters end where the registers end, and their count is never above what these hold: C copies that many."""
    for call, layout in layouts(spec):
        points = universe(spec, call, layout)
        for i, entry in enumerate(layout.entries):
            if entry.kind is None or entry.kind.spread != "bytes" or not entry.regs:
                continue
            if not any(count.name == entry.length for count in layout.entries[:i]) and fields(layout, entry.length):
                yield entry.said.place, f"length: {entry.length} has to stand before the characters that it counts"
            if len({conv for _, conv in points}) < 2:
                yield entry.said.place, "bytes are for calls that exist in both conventions"
            for point in points:
                regs = clipped(spec, entry, point)
                if not regs:
                    continue
                if regs[-1] != spec.passed[point[1]][point[0]] - 1:
                    yield entry.said.place, f"bytes take all registers from the first to the last that is passed ({when(spec, [point])})"
                room = len(regs) * width(spec, entry, point) // 8
                for count in fields(layout, entry.length):
                    top = count.max if isinstance(count.max, int) else (1 << (count.hi - count.lo + 1)) - 1 + count.bias
                    if clipped(spec, count, point) and top > room:
                        yield entry.said.place, f"{count.name} can be {top}, the registers hold {room} ({when(spec, [point])})"
