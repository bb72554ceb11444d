"""Elements one behind the other: what a scan ORs together, and settles once.

A scan judges many elements of one table at first sight: it accepts no element that the reader of one would refuse, but may refuse
one that it would accept; then the reader is asked.  So it needs no order of rules and no place to blame.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .model import Array, Descriptor, Field, Spec
from .record import Slice, Value

WORD = 8  # bytes of a load


@dataclass(frozen=True)
class Part:
    """A member or container inside a word: shift to its lowest bit."""

    word: int
    shift: int
    bits: int


@dataclass(frozen=True)
class Run:
    """words: offsets of the loads; zero: word and the bits of it that are zero in a good element; least: values that are not zero;
    limits: values with the largest number that no_wrap cannot refuse, whatever the other member holds."""

    stride: int
    words: tuple[int, ...]
    zero: tuple[tuple[int, int], ...]
    units: tuple[tuple[Value, int], ...]  # the same of a member: what it is a multiple of, less 1
    least: tuple[Value, ...]
    limits: tuple[tuple[Value, int], ...]
    values: tuple[Value, ...]
    sum: Value

    @property
    def sums_words(self) -> bool:
        """Adding whole words adds up the member: whatever else is in its word is zero in a good element."""
        place = part(self.sum.where.reg, self.sum.where.lo, self.sum.where.bits)
        others = (1 << 8 * WORD) - (1 << place.bits)
        return place.shift == 0 and dict(self.zero).get(place.word, 0) == others

    @property
    def stores(self) -> list[tuple[int, list[tuple[str, int]]]]:
        """Each word with the members that make it, and how far each is shifted."""
        found: dict[int, list[tuple[str, int]]] = {word: [] for word in self.words}
        for value in self.values:
            place = part(value.where.reg, value.where.lo, value.where.bits)
            found[place.word].append((value.member.name, place.shift))
        return list(found.items())


def part(at: int, lo: int, bits: int) -> Part:
    word = at - at % WORD
    return Part(word, 8 * (at - word) + lo, bits)


def summed(spec: Spec, table: Descriptor) -> tuple[Array, str] | None:
    """The array whose elements are this table, and the field of it that is added up."""
    for owner in spec.descriptors.values():
        for array in owner.arrays:
            for keyword, said in array.rules:
                if keyword == "sum" and array.of == table.key:
                    return array, said["field"]
    return None


def obstacles(table: Descriptor, array: Array) -> Iterator[str]:
    """What a scan of this table cannot do."""
    if table.usages or len({*table.sizes} - {0}) > 1 or any(f.life != table.life for f in table.fields):
        yield f"a scan takes one layout; {table.key} has several"
    size = max(table.sizes)
    if size % WORD or {stride for stride, there in zip(array.stride, table.sizes) if there} != {size}:
        yield f"a scan takes elements of whole words, one behind the other; {table.key} has {size} bytes"
    for field in table.fields:
        if not field.whole or not field.reserved and not plain(field):
            yield f"a scan takes whole numbers; {table.key} has {field.name or 'bits'} at {field.at}"
    for rule in table.rules:
        if rule.keyword != "no_wrap" or any(f.name == rule.fields[0] and f.size != WORD for f in table.fields):
            yield f"a scan cannot judge {rule.keyword} of {', '.join(rule.fields)}"


def plain(field: Field) -> bool:
    """A number with no other rules than a power of two that divides it, and that it is not zero."""
    unit = field.multiple_of or 1
    return (field.kind is not None and field.kind.spread == "bits" and not field.kind.signed and field.enum is None and field.flags is None
            and field.max is None and field.min in (None, 0, 1) and not field.zero_unless and field.zero_above is None and field.when is None and unit & (unit - 1) == 0)


def plan_run(spec: Spec, table: Descriptor, layout: Slice) -> Run | None:
    found = summed(spec, table)
    if found is None:
        return None
    array, name = found
    assert not list(obstacles(table, array))
    value = {v.member.name: v for v in layout.values}
    zero: dict[int, int] = {}
    units = []
    for step in layout.reserved:
        p = part(step.at, 0, 0)
        zero[p.word] = zero.get(p.word, 0) | step.mask << p.shift
    for check in layout.checks:
        if check.kind == "multiple_of":
            p = part(check.at, 0, 0)
            zero[p.word] = zero.get(p.word, 0) | (check.numbers[0] - 1) << p.shift
            units.append((value[check.member.name], check.numbers[0] - 1))
    limits = []
    for check in layout.checks:
        if check.kind == "no_wrap":
            assert check.other is not None
            most = ((1 << value[check.member.name].where.bits) - 1) * check.numbers[0]
            limits.append((value[check.other.name], (1 << 64) - most))
            zero.setdefault(value[check.other.name].where.reg, 0)
            if all(v.member != check.other for v, _ in units):
                units.append((value[check.other.name], 0))
    least = tuple(value[c.member.name] for c in layout.checks if c.kind == "min")
    return Run(layout.size, tuple(range(0, layout.size, WORD)), tuple(zero.items()), tuple(units), least, tuple(limits), layout.values,
               value[name])
