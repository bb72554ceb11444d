"""A part of the description: chosen calls with what they need, chosen versions."""
from __future__ import annotations

import difflib
from collections.abc import Iterable, Set
from dataclasses import replace

from .model import Call, Chapter, Descriptor, Spec
from .problems import UnknownName


def pick_calls(spec: Spec, wanted: list[str], tables: list[str] | None = None) -> Spec:
    """The calls, their follow-up calls and carriers, FFA_SUCCESS and FFA_ERROR; the tables, and those in buffers of the calls."""
    keys = {name_key(spec, name) for name in wanted} | {"error", "success"}
    asked = {table_key(spec, name) for name in tables or ()}
    while True:
        more = set(keys)
        for key in keys:
            call = spec.calls[key]
            more |= {call.carrier} if call.carrier else set()
            more |= {entry.fid_of for entry in call.request.entries if entry.fid_of}
            if key in {name_key(spec, name) for name in wanted}:
                more |= {reply.call for reply in call.replies}
        if more == keys:
            break
        keys = more
    return with_calls(spec, keys, asked)


def with_calls(spec: Spec, keys: set[str], asked: Set[str] = frozenset()) -> Spec:
    def trim(call: Call) -> Call:
        return replace(call, replies=tuple(r for r in call.replies if r.call in keys))

    tables = held(spec, keys, asked)
    chapters = tuple(
        replace(ch, calls=tuple(trim(c) for c in ch.calls if c.key in keys), descriptors=tuple(d for d in ch.descriptors if d.key in tables))
        for ch in spec.chapters)
    return with_chapters(spec, chapters)


def with_chapters(spec: Spec, chapters: tuple[Chapter, ...]) -> Spec:
    calls = {call.key: call for chapter in chapters for call in chapter.calls}
    descriptors = {d.key: d for chapter in chapters for d in chapter.descriptors}
    return replace(spec, chapters=chapters, calls=calls, descriptors=descriptors)


def held(spec: Spec, keys: set[str], asked: Set[str]) -> set[str]:
    """The tables that were asked for or that the buffers of the calls hold, and what those consist of."""
    tables = set(asked) | {call.buffer.holds for key in keys if (call := spec.calls[key]).buffer is not None and call.buffer.holds in spec.descriptors}
    while True:
        more = set(tables)
        for key in tables:
            for array in spec.descriptors[key].arrays:
                parts = [operands["of"] for keyword, operands in array.rules if keyword == "part"]
                more |= {name for name in (array.of, *parts) if name in spec.descriptors}
            more |= {other.key for other in spec.descriptors.values() if other.in_place_of and other.in_place_of[0] == key}
        if more == tables:
            return tables
        tables = more


def name_key(spec: Spec, name: str) -> str:
    key = name.lower().removeprefix("ffa_")
    if key in spec.calls:
        return key
    raise unknown("call", name, key, spec.calls)


def table_key(spec: Spec, name: str) -> str:
    if name.lower() in spec.descriptors:
        return name.lower()
    raise unknown("table", name, name.lower(), spec.descriptors)


def unknown(what: str, name: str, key: str, known: Iterable[str]) -> UnknownName:
    near = difflib.get_close_matches(key, list(known), n=3, cutoff=0.5)
    return UnknownName(f"no {what} is named {name}" + (f"; near: {', '.join(near)}" if near else ""))


def pick_versions(spec: Spec, wanted: list[str]) -> Spec:
    """Only these versions: whatever lies outside of them is cut off."""
    for version in wanted:
        if version not in spec.versions:
            raise UnknownName(f"no version {version}; there are {', '.join(spec.versions)}")
    numbers = sorted(spec.versions.index(v) for v in set(wanted))
    first, last = numbers[0], numbers[-1]
    if numbers != list(range(first, last + 1)):
        raise UnknownName("the versions have to follow one another")
    keys = {k for k, c in spec.calls.items() if c.life.first <= last and c.life.last >= first}
    spec = with_calls(spec, keys, set(spec.descriptors))

    def cut(call: Call) -> Call:
        return replace(call, life=replace(call.life, first=max(call.life.first, first), last=min(call.life.last, last)))

    def shorten(table: Descriptor) -> Descriptor:
        return replace(table, sizes=tuple(size if first <= v <= last else 0 for v, size in enumerate(table.sizes)))

    chapters = tuple(
        replace(ch, calls=tuple(cut(c) for c in ch.calls), descriptors=tuple(d for d in map(shorten, ch.descriptors) if any(d.sizes)))
        for ch in spec.chapters)
    return with_chapters(spec, chapters)
