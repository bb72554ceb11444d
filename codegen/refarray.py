"""The rules of arrays, one line of meaning each: which element, if any, is the first to break one.  The walkers in runtime/ have to agree."""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Element = Mapping[str, int]


def unique(field: str, elements: Sequence[Element], owner: Element) -> int | None:
    return first(i for i, e in enumerate(elements) if e[field] in [before[field] for before in elements[:i]])


def differs(said: Mapping[str, Any], elements: Sequence[Element], owner: Element) -> int | None:
    return first(i for i, e in enumerate(elements) if e[said["field"]] == owner[said["from"]])


def all_equal(said: Mapping[str, Any], elements: Sequence[Element], owner: Element) -> int | None:
    return first(i for i, e in enumerate(elements) if e[said["field"]] != elements[0][said["field"]])


def sum_(said: Mapping[str, Any], elements: Sequence[Element], owner: Element) -> int | None:
    return None if sum(e[said["field"]] for e in elements) == owner[said["equals"]] else len(elements)


def nothing_behind(total: int, array_end: int, part_end: int) -> bool:
    """Both ends are offsets in the object, of which total is the length."""
    return total == max(array_end, part_end)


def first(found: Any) -> int | None:
    return next(iter(found), None)


MEANING: dict[str, Callable[[Any, Sequence[Element], Element], int | None]] = {
    "unique": unique, "differs": differs, "all_equal": all_equal, "sum": sum_}


def holds(said: Any, usages: Sequence[str], usage: str) -> bool:
    """Is the rule one of that usage?"""
    return usage in (said.get("in", usages) if isinstance(said, dict) else usages)
