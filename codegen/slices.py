"""One layout per version and convention: which bits of which register a statement covers there."""
from __future__ import annotations

from dataclasses import dataclass

from .model import Call, Entry, Layout, Spec

Point = tuple[int, str]  # (version index, convention)


@dataclass(frozen=True)
class Piece:
    """An entry's bits in one register, in one version and convention."""

    entry: Entry
    reg: int
    hi: int
    lo: int

    @property
    def mask(self) -> int:
        return ((1 << (self.hi - self.lo + 1)) - 1) << self.lo


def universe(spec: Spec, call: Call, layout: Layout) -> tuple[Point, ...]:
    """Every version and convention in which the layout can be met."""
    points = []
    for version in range(len(spec.versions)):
        if version not in call.life:
            continue
        if layout.as_ in ("smc32", "version"):
            points.append((version, "smc32"))
            continue
        for conv in spec.convs(call):
            if spec.fid(call, conv, version) is not None:
                points.append((version, conv))
    return tuple(points)


def live(entry: Entry, point: Point) -> bool:
    """Does the entry speak of this version and convention at all?"""
    return entry.life.first <= point[0] <= entry.life.last and entry.conv in ("", point[1])


def clipped(spec: Spec, entry: Entry, point: Point) -> tuple[int, ...]:
    """The registers of the entry that are passed there."""
    if not live(entry, point):
        return ()
    count = spec.passed[point[1]][point[0]]
    return entry.regs if max(entry.regs, default=0) < count else tuple(reg for reg in entry.regs if reg < count)


def width(spec: Spec, entry: Entry, point: Point) -> int:
    """How many bits of its registers the entry speaks of."""
    return spec.width[point[1]] if entry.wide else 32


def pieces(spec: Spec, layout: Layout, point: Point) -> list[Piece]:
    """The layout in one version and convention, in the order of its entries."""
    found = []
    for entry in layout.entries:
        top = width(spec, entry, point) - 1
        for reg in clipped(spec, entry, point):
            hi = top if entry.whole else min(entry.hi, top)
            if entry.lo <= hi:
                found.append(Piece(entry, reg, hi, entry.lo))
    return found


def required(spec: Spec, layout: Layout, point: Point) -> range:
    """The registers of which every bit has to be stated."""
    first = 0 if layout.as_ == "version" else 1
    return range(first, spec.passed[point[1]][point[0]])
