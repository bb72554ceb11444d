"""A descriptor with its C names."""
from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from .codec import Member
from .model import Chapter, Descriptor, Spec
from .names import Names
from .record import Container, Reserved, Slice, Use, Value, plan_record
from .runplan import plan_run
from .tableproofs import TableProof
from .view import block_comment, refs_text, sentence


class SliceView:
    """A slice; suffix tells its static functions from those of other slices."""

    def __init__(self, plan: Slice, members: tuple[Member, ...], usages: tuple[str, ...], only: bool) -> None:
        self.plan, self.usages = plan, usages
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

    @property
    def guard(self) -> Guard | None:
        """The fast test; a single step is tested as such."""
        return Guard(self.plan, self.usages) if len(self.plan.reserved) > 1 else None


class Guard:
    """What is ORed together and compared with zero once: always, by the usage, or by the field that decides."""

    def __init__(self, plan: Slice, usages: tuple[str, ...]) -> None:
        steps = [s for s in plan.reserved if s.selector is None]
        self.bits = 64 if any(c.size == 8 for c in plan.containers) else 32
        self.always = self.terms([s for s in steps if not s.use.usages])
        groups: dict[tuple[Reserved, ...], list[str]] = {}
        for usage in usages:
            here = tuple(s for s in steps if usage in s.use.usages)
            if here:
                groups.setdefault(here, []).append(usage)
        self.by_usage = [(Use(tuple(names)), self.terms(list(here))) for here, names in groups.items()]
        cases: dict[tuple[tuple[int, ...], Use], list[Reserved]] = {}
        for step in plan.reserved:
            if step.selector is not None:
                cases.setdefault((step.selector, Use(step.use.usages)), []).append(step)
        self.by_field = [(selector, use, self.terms(here)) for (selector, use), here in cases.items()]

    @staticmethod
    def terms(steps: list[Reserved]) -> list[tuple[int, int, bool]]:
        """Container, bits of it that should be zero, and whether these are all."""
        found: dict[int, int] = {}
        full = {s.at for s in steps if s.full}
        for step in steps:
            found[step.at] = found.get(step.at, 0) | step.mask
        return [(at, mask, at in full) for at, mask in found.items()]


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
        self.slices = [SliceView(s, plan.members, descriptor.usages, len(plan.slices) == 1) for s in plan.slices]
        self.run = plan_run(spec, descriptor, plan.slices[0]) if plan.slices else None
        self.struct = f"struct {names.struct(descriptor.key)}"
        self.proof = TableProof(spec, names, descriptor)
        usage = ", enum ffabi_usage usage" if descriptor.usages else ""
        base = f"{names.struct(descriptor.key)}"
        self.unpack_proto = (f"enum ffabi_rule {base}_unpack(struct ffabi_ctx *c{usage}, const struct ffabi_src *src, uint64_t at, "
                             f"{self.struct} *out)")
        self.pack_proto = (f"enum ffabi_rule {base}_pack(struct ffabi_ctx *c{usage}, const {self.struct} *in, "
                           "const struct ffabi_dst *dst, uint64_t at)")
        self.valid_proto = f"enum ffabi_rule {base}_valid(struct ffabi_ctx *c{usage}, const {self.struct} *in, uint64_t at)"
        self.store_proto = f"enum ffabi_rule {base}_store(struct ffabi_ctx *c, const {self.struct} *in, const struct ffabi_dst *dst, uint64_t at)"
        self.scan_proto = f"int {base}_scan(const struct ffabi_src *src, const struct ffabi_elements *run, uint64_t *sum)"
        self.unpack_run_proto = (f"enum ffabi_rule {base}_unpack_run(struct ffabi_ctx *c, const struct ffabi_src *src, struct ffabi_elements *run, "
                                 f"{self.struct} *out, uint64_t *sum)")
        self.scan_values_proto = f"int {base}_scan_values(const {self.struct} *in, uint32_t count, uint64_t *sum)"
        self.store_run_proto = f"void {base}_store_run(const {self.struct} *in, uint32_t count, uint8_t *p)"
        self.size_proto = f"uint32_t {base}_size(uint32_t version)"
        self.largest, self.at_prefix = f"{base.upper()}_LARGEST", f"{base.upper()}_AT_"

    @property
    def sizes(self) -> list[tuple[int, list[str]]]:
        """Each size with its versions."""
        found: dict[int, list[str]] = {}
        for version, size in zip(self.spec.versions, self.descriptor.sizes):
            if size:
                found.setdefault(size, []).append(version)
        return list(found.items())

    @property
    def places(self) -> list[tuple[str, int]]:
        """Offset of each field; where it moves, its later places are told apart by the version that moves it."""
        found: dict[str, int] = {}
        for field in self.descriptor.fields:
            if field.name and field.kind is not None:
                name = self.at_prefix + field.name.upper()
                if found.setdefault(name, field.at) != field.at:
                    found[f"{name}_V{self.spec.versions[field.life.first].replace('.', '_')}"] = field.at
        return list(found.items())

    @property
    def array_rules(self) -> list[tuple[str, str, list[str]]]:
        """For the walkers: which rule of which array, and the usages in which it holds."""
        return [(array.name, keyword, self.rule_usages(said)) for array in self.descriptor.arrays for keyword, said in array.rules
                if self.usages and keyword != "part"]

    def rule_usages(self, said: Any) -> list[str]:
        return list(said.get("in", self.usages) if isinstance(said, dict) else self.usages)

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
