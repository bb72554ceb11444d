"""One legal example of every request and success, in every version and convention: seeds for fuzzers, and a test of its own.

The registers come from the reference codec (ref.py), not from the C.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .model import Call, Entry, Layout, Spec
from .ref import Context, Reference, Refused, Value, Values
from .slices import clipped, universe


@dataclass(frozen=True)
class Vector:
    """A codec (key, or key.reply), where it is met, its values in the order of its members, and the registers."""

    codec: str
    version: str
    conv: str
    values: tuple[int, ...]
    regs: tuple[int, ...]


def vectors(spec: Spec) -> Iterator[Vector]:
    reference = Reference(spec)
    for call in spec.calls.values():
        for part, layout in (("", call.request), ("success", call.success)):
            if layout is None:
                continue
            for version, conv in universe(spec, call, call.request):
                found = example(spec, reference, call, part, layout, Context(version), conv)
                if found is not None:
                    values, regs = found
                    codec = f"{call.key}.reply" if part else call.key
                    yield Vector(codec, spec.versions[version], conv, flat(reference, layout, values), tuple(regs))


def example(spec: Spec, reference: Reference, call: Call, part: str, layout: Layout, ctx: Context, conv: str) -> tuple[Values, list[int]] | None:
    """Plain legal values; fields that depend on each other are tried in a few combinations."""
    for attempt in range(3):
        values = {name: plain(spec, reference, layout, entries, ctx, conv, attempt) for name, entries in reference.members(layout).items()}
        try:
            if part:
                return values, reference.pack_reply(call.key, ctx, conv, part, values)
            return values, reference.pack_request(call.key, ctx, conv, values)
        except Refused:
            continue
    return None


def plain(spec: Spec, reference: Reference, layout: Layout, entries: list[Entry], ctx: Context, conv: str, attempt: int) -> Value:
    """A small legal value of one member: distinct numbers first, the least ones when rules between fields refuse those."""
    point = (ctx.version, conv)
    here = next((e for e in entries if clipped(spec, e, point)), None)
    first = entries[0]
    assert first.kind is not None
    size = reference.array(layout, entries)
    if first.kind.spread == "bytes":
        return list(b"A") + [0] * (8 * size - 1)
    if first.kind.spread == "words":
        count = len(clipped(spec, here, point)) if here else 0
        return [0x11111111 + i if i < count else 0 for i in range(size)]
    if first.kind.spread == "uuid":
        return (0xE311F8E7E0786148, 0x1BC5D5A502005EBC) if here else (0, 0)
    if here is None:
        return first.bias
    return number(spec, here, ctx, attempt)


def number(spec: Spec, entry: Entry, ctx: Context, attempt: int) -> int:
    if entry.fid_of:
        target = spec.calls[entry.fid_of]
        return next(fid for conv in target.fids if (fid := target.fid(conv, ctx.version)) is not None)
    if entry.enum is not None:
        return next(v.value for v in entry.enum.values if ctx.version in v.life) & 0xFFFFFFFF
    if entry.flags is not None:
        return 0 if attempt else sum(1 << b.at for b in entry.flags.bits if ctx.version in b.life)
    least = max(entry.min or 0, entry.bias)
    if attempt == 2 or entry.zero_unless:
        return least
    if entry.multiple_of:
        return entry.multiple_of
    top = entry.max if isinstance(entry.max, int) else 1 << 30
    return min(max(least, 1 if attempt else 0x12), top, (1 << min(entry.hi - entry.lo + 1, 30)) - 1 + entry.bias)


def flat(reference: Reference, layout: Layout, values: Values) -> tuple[int, ...]:
    """Values in the order in which C structures have them."""
    out: list[int] = []
    for name in reference.members(layout):
        value = values[name]
        out += list(value) if isinstance(value, (list, tuple)) else [value]
    return tuple(out)


def text(spec: Spec) -> str:
    """A line a vector: codec, version, convention, values, registers; all numbers hexadecimal."""
    lines = ["# codec version convention | values in the order of the members | x0 to x17 (from the reference codec)"]
    for v in vectors(spec):
        lines.append(f"{v.codec} {v.version} {v.conv} | {' '.join(f'{n:x}' for n in v.values)} | {' '.join(f'{n:x}' for n in v.regs)}")
    return "\n".join(lines) + "\n"
