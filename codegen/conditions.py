"""When a statement holds: a set of (version, convention) points, as the shortest test that picks it out of its universe."""
from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from .slices import Point


@dataclass(frozen=True)
class Cond:
    """version >= since, version < below, convention == conv; an empty string asks for nothing."""

    since: str = ""
    below: str = ""
    conv: str = ""
    negated: bool = False

    @property
    def always(self) -> bool:
        return not (self.since or self.below or self.conv)

    @property
    def terms(self) -> int:
        return (self.since != "") + (self.below != "") + (self.conv != "")


ALWAYS = Cond()


@lru_cache(maxsize=None)
def condition(points: frozenset[Point], universe: frozenset[Point], versions: tuple[str, ...]) -> Cond:
    """The test with the fewest terms that is true for points and false for the rest of the universe."""
    if points == universe:
        return ALWAYS
    for negated, wanted in ((False, points), (True, universe - points)):
        for cond in tests(versions):
            if points_of(cond, universe, versions) == wanted:
                return replace(cond, negated=negated)
    raise ValueError(f"no single test picks {sorted(points)} out of {sorted(universe)}")


@lru_cache(maxsize=None)
def tests(versions: tuple[str, ...]) -> tuple[Cond, ...]:
    """Every test, the shortest first."""
    found = [Cond(since, below, conv) for conv in ("", "smc32", "smc64") for since in ("", *versions[1:]) for below in ("", *versions[1:])]
    return tuple(sorted(found, key=lambda c: c.terms))


def points_of(cond: Cond, universe: frozenset[Point], versions: tuple[str, ...]) -> frozenset[Point]:
    """The points at which a test is true."""
    since = versions.index(cond.since) if cond.since else 0
    below = versions.index(cond.below) if cond.below else len(versions)
    met = frozenset(p for p in universe if since <= p[0] < below and cond.conv in ("", p[1]))
    return universe - met if cond.negated else met


def split(masks: dict[Point, int]) -> dict[frozenset[Point], int]:
    """Bits grouped by the set of points at which they are set."""
    every = 0
    for mask in masks.values():
        every |= mask
    groups: dict[frozenset[Point], int] = {frozenset(): every}
    for point, mask in masks.items():
        refined: dict[frozenset[Point], int] = {}
        for points, bits in groups.items():
            for part, key in ((bits & mask, points | {point}), (bits & ~mask, points)):
                if part:
                    refined[key] = refined.get(key, 0) | part
        groups = refined
    return groups

