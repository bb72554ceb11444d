"""A descriptor with its C names."""
from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from .codec import Member
from .model import Chapter, Descriptor, Spec
from .names import Names
from .record import Container, Reserved, Slice, Use, Value, plan_record
from .tableproofs import TableProof
from .view import block_comment, refs_text, sentence


class SliceView:
    """A slice; suffix tells its static functions from those of other slices."""

    def __init__(self, plan: Slice, members: tuple[Member, ...], only: bool) -> None:
        self.plan = plan
        self.suffix = "" if only else "_v" + plan.versions[0].replace(".", "_")
        here = {v.member.name for v in plan.values} | {m.name for _, m in plan.blobs}
        gone = [m for m in members if m.name not in here]
        always = {v.member.name for v in plan.values if v.use.always}
        conditional = [v for v in plan.values if not v.use.always and v.member.name not in always]
        self.set_first = [v for i, v in enumerate(conditional) if v.member.name not in {w.member.name for w in conditional[:i]}]
        self.set_first += [Value(m, i, w, Use()) for m in gone if m.show != "BYTES" for i, w in places(m)]
        self.cleared = [m for m in gone if m.show == "BYTES"]

    def __getattr__(self, key: str) -> Any:
        return getattr(self.plan, key)

    @property
    def grouped(self) -> list[tuple[Use, list[Value]]]:
        """Values by their condition; those without one first, for others may ask for them."""
        found: dict[Use, list[Value]] = {Use(): []}
        for value in self.plan.values:
            found.setdefault(value.use, []).append(value)
        return [(use, values) for use, values in found.items() if values]

    @property
    def reserved(self) -> list[Any]:
        """Each step with the part of its condition that speaks of usages."""
        return [ReservedView(r, replace(r.use, member="", value=0)) for r in self.plan.reserved]


@dataclass(frozen=True)
class ReservedView:
    step: Reserved
    use_usages: Use

    def __getattr__(self, key: str) -> Any:
        return getattr(self.step, key)


def places(member: Member) -> list[tuple[int, Any]]:
    """Every place of a member that the version does not have, to be set to zero."""
    from .codec import Where

    if member.show == "UUID":
        return [(-1, Where("uuid_lo", 0)), (-1, Where("uuid_hi", 0))]
    return [(i, Where("bits", 0)) for i in (range(member.count) if member.count else (-1,))]


class RecordView:
    """One table."""

    def __init__(self, spec: Spec, names: Names, descriptor: Descriptor) -> None:
        plan = plan_record(spec, descriptor)
        self.spec, self.descriptor = spec, descriptor
        self.key, self.name, self.members, self.usages = descriptor.key, descriptor.name, plan.members, descriptor.usages
        self.slices = [SliceView(s, plan.members, len(plan.slices) == 1) for s in plan.slices]
        self.struct = f"struct {names.struct(descriptor.key)}"
        self.proof = TableProof(spec, names, descriptor)
        usage = ", enum ffabi_usage usage" if descriptor.usages else ""
        base = f"{names.struct(descriptor.key)}"
        self.unpack_proto = (f"enum ffabi_rule {base}_unpack(struct ffabi_ctx *c{usage}, const struct ffabi_src *src, uint64_t at, "
                             f"{self.struct} *out)")
        self.pack_proto = (f"enum ffabi_rule {base}_pack(struct ffabi_ctx *c{usage}, const {self.struct} *in, "
                           "const struct ffabi_dst *dst, uint64_t at)")
        self.valid_proto = f"enum ffabi_rule {base}_valid(struct ffabi_ctx *c{usage}, const {self.struct} *in, uint64_t at)"
        self.size_proto = f"uint32_t {base}_size(uint32_t version)"

    @property
    def sizes(self) -> list[tuple[int, list[str]]]:
        """Each size with its versions."""
        found: dict[int, list[str]] = {}
        for version, size in zip(self.spec.versions, self.descriptor.sizes):
            if size:
                found.setdefault(size, []).append(version)
        return list(found.items())

    @property
    def comment(self) -> str:
        said = self.descriptor.said
        sizes = "; ".join(f"{size} bytes in {', '.join(versions)}" for size, versions in self.sizes)
        lines = [f"{self.name}: {said.doc}.", f"{refs_text(said)}; {sizes}."]
        if said.status or said.note:
            lines.append(sentence(f"{said.status + ': ' if said.status else ''}{said.note}"))
        return block_comment(lines)


@dataclass(frozen=True)
class Tables:
    """The enumerations and flag sets that the tables of a chapter use, and its calls do not."""

    enums: list[Any]
    flags: list[Any]


def chapter_tables(chapter: Chapter, taken: set[str]) -> Tables:
    used = {t.name for d in chapter.descriptors for f in d.fields for t in (f.enum, f.flags) if t is not None} - taken
    return Tables([e for e in chapter.enums if e.name in used], [f for f in chapter.flags if f.name in used])


__all__ = ["RecordView", "Tables", "chapter_tables", "Container"]
