"""Checks of the tables in memory: every byte and bit stated once, natural alignment, names that exist."""
from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from .checklist import Found, check
from .model import Descriptor, Field, Spec

SIZES = (1, 2, 4, 8)


def cases(d: Descriptor, version: int) -> Iterator[tuple[str, dict[str, str]]]:
    """Every usage, with every choice of enumerators of the fields that decide what others mean."""
    values = {}
    for name in sorted({f.when[0] for f in d.fields if f.when is not None}):
        owner = next((f for f in d.fields if f.name == name and version in f.life), None)
        if owner and owner.enum:
            values[name] = [value.name for value in owner.enum.values if version in value.life]
    for usage in d.usages or ("",):
        yield usage, {}
        for choice in product(*values.values()) if values else ():
            yield usage, dict(zip(values, choice))


def meant(field: Field, version: int, usage: str, case: dict[str, str]) -> bool:
    if version not in field.life or field.uses and usage not in field.uses:
        return False
    return field.when is None or case.get(field.when[0]) == field.when[1]


def mask(field: Field) -> int:
    return ((1 << max(field.hi - field.lo + 1, 0)) - 1) << field.lo


@check
def table_coverage(spec: Spec) -> Found:
    """Every bit of the fixed part is stated exactly once, in every version and usage; bits of other usages are implied."""
    for d in spec.descriptors.values():
        for version, size in enumerate(d.sizes):
            if not size:
                continue
            for usage, case in cases(d, version):
                where = ", ".join([f"version {spec.versions[version]}", *([usage] if usage else []), *(f"{k} {v}" for k, v in case.items())])
                stated = 0
                for field in d.fields:
                    if meant(field, version, usage, case):
                        bits = mask(field) << 8 * field.at
                        if bits & stated:
                            yield field.said.place, f"{byte(bits & stated)} is already stated ({where})"
                        stated |= bits
                implied = 0
                for field in d.fields:
                    if version in field.life and (field.uses and usage not in field.uses or field.when is not None and not case):
                        implied |= mask(field) << 8 * field.at
                missing = ((1 << 8 * size) - 1) & ~(stated | implied)
                if missing:
                    yield d.said.place, f"{byte(missing)} is not stated ({where})"
                if stated >> 8 * size:
                    yield d.said.place, f"{byte(stated >> 8 * size << 8 * size)} lies beyond the {size} bytes ({where})"


def byte(bits: int) -> str:
    """The first bit of a mask as byte and bit."""
    at = (bits & -bits).bit_length() - 1
    return f"byte {at // 8}, bit {at % 8}"


@check
def table_fields(spec: Spec) -> Found:
    """A field is reserved, a constant or typed; its container is naturally aligned and holds its bits."""
    for d in spec.descriptors.values():
        for field in d.fields:
            place = field.said.place
            said = [bool(field.reserved), field.value is not None, field.kind is not None]
            if sum(said) != 1:
                yield place, "the type is missing or unknown" if not any(said) else "reserved, value and a type exclude each other"
                continue
            if bool(field.reserved) == bool(field.name):
                yield place, "reserved bits have no name" if field.name else "a field and a constant have a name"
            if not field.size:
                yield place, "the size is missing"
                continue
            if not field.whole and field.hi >= 8 * field.size or field.hi < field.lo:
                yield place, f"bits {field.hi}:{field.lo} do not lie in {field.size} bytes"
            spread = field.kind.spread if field.kind else "bits"
            if spread in ("uuid", "words"):
                if field.size % 8 or field.at % 8 or spread == "uuid" and field.size != 16:
                    yield place, f"{spread} takes aligned 64-bit words" + (", two of them" if spread == "uuid" else "")
            elif spread == "bits" and not (field.reserved and field.whole):
                if field.size not in SIZES or field.at % field.size:
                    yield place, f"{field.size} bytes at {field.at} are not naturally aligned"
                elif field.kind is not None and field.hi - field.lo + 1 > field.kind.bits:
                    yield place, f"{field.hi - field.lo + 1} bits do not fit {field.kind.name}"


@check
def table_names(spec: Spec) -> Found:
    """Fields, usages, enumerators and tables that are named exist."""
    for d in spec.descriptors.values():
        names = {f.name: f for f in d.fields if f.kind is not None}
        for usage in d.usages:
            if usage not in spec.usages:
                yield d.said.place, f"{usage} is no usage"
        for field in d.fields:
            for usage in field.uses:
                if usage not in d.usages:
                    yield field.said.place, f"in: {usage} is no usage of the table"
            if field.when is not None:
                owner = names.get(field.when[0])
                if owner is None or owner.enum is None:
                    yield field.said.place, f"when: the table has no enumerated field {field.when[0]}"
                elif field.when[1] not in {v.name for v in owner.enum.values}:
                    yield field.said.place, f"when: {field.when[0]} has no enumerator {field.when[1]}"
            for key in (field.max if isinstance(field.max, str) else "", field.zero_unless.partition(".")[0], *(field.zero_above or ())[:1]):
                if key and key not in names:
                    yield field.said.place, f"the table has no field {key}"
        if d.in_place_of is not None:
            other, usage = spec.descriptors.get(d.in_place_of[0]), d.in_place_of[1]
            if other is None:
                yield d.said.place, f"in_place_of: {d.in_place_of[0]} is no table"
            elif usage not in spec.usages or usage in other.usages:
                yield d.said.place, f"in_place_of: {usage} is {'a usage of ' + other.key if usage in other.usages else 'no usage'}"
        for rule in d.rules:
            for name in rule.fields:
                if name not in names:
                    yield rule.place, f"{rule.keyword}: the table has no field {name}"
        for array in d.arrays:
            if array.of != "u16" and array.of not in spec.descriptors:
                yield array.said.place, f"of: {array.of} is no table"
            for key in sorted({array.count, *(v for v in (*array.offset, *array.stride) if isinstance(v, str))}):
                if key not in names:
                    yield array.said.place, f"the table has no field {key}"


@check
def table_holders(spec: Spec) -> Found:
    """The table that a call's buffer holds is described."""
    for call in spec.calls.values():
        if call.buffer is not None and spec.descriptors and call.buffer.holds not in spec.descriptors:
            yield call.said.place, f"buffer: {call.buffer.holds} is no table"
