"""What the proofs hold the C of tables against: the language page as C, one version and usage at a time.

The counterpart of proofs.py for descriptors; shares the model with record.py, and no planning.
"""
from __future__ import annotations

from dataclasses import dataclass

from .model import Descriptor, Field, Rule, Spec
from .names import Names
from .proofs import Case, Let, Part, Refuse, Step, U64, merged, number
from .refrecord import parts

Point = tuple[int, str]  # (version index, usage or nothing)


@dataclass(frozen=True)
class Put:
    """Bytes of a container that is written."""

    put: int
    size: int
    value: str


class TableProof:
    """One table: its cases for reading and for writing."""

    def __init__(self, spec: Spec, names: Names, descriptor: Descriptor) -> None:
        self.spec, self.names, self.d, self.key = spec, names, descriptor, descriptor.key
        self.usages = descriptor.usages
        self.versions = [v for v, size in enumerate(descriptor.sizes) if size]
        self.points: list[Point] = [(v, usage) for v in self.versions for usage in (self.usages or ("",))]
        self.members = list(dict.fromkeys(
            f.name for f in descriptor.fields if f.kind is not None and any(v in f.life for v in self.versions)))
        self.largest = max(descriptor.sizes)

    def first(self, name: str) -> Field:
        return next(f for f in self.d.fields if f.name == name)

    @property
    def parts(self) -> list[Part]:
        found = []
        for name in self.members:
            field = self.first(name)
            assert field.kind is not None
            count = {"words": field.size // 8, "bytes": field.size}.get(field.kind.spread, 0)
            found.append(Part(name, count, field.kind.spread == "uuid", ""))
        return found

    @property
    def lost(self) -> list[tuple[str, str]]:
        """Characters that some versions have no place for, which writing ignores: the member and those versions."""
        found = []
        for name in self.members:
            kind = self.first(name).kind
            gone = [v for v in self.versions if not any(f.name == name and v in f.life for f in self.d.fields)]
            if kind is not None and kind.spread == "bytes" and gone:
                found.append((name, " || ".join(f"c.version == {self.names.version(self.spec.versions[v])}" for v in gone)))
        return found

    @property
    def layouts(self) -> list[tuple[str, int, int]]:
        """Version, bytes, and the alignment that the widest access needs."""
        return [(self.names.version(self.spec.versions[v]), self.d.sizes[v],
                 max(size for f in self.d.fields if v in f.life for _, size in parts(f))) for v in self.versions]

    @property
    def unpack(self) -> list[Case]:
        return merged([(self.cond(p), tuple(self.reading(p))) for p in self.points])

    @property
    def valid(self) -> list[Case]:
        return merged([(self.cond(p), tuple(self.rules_of_writing(p))) for p in self.points])

    @property
    def stores(self) -> list[Case]:
        return merged([(self.cond(p), tuple(self.puts(p))) for p in self.points])

    def cond(self, point: Point) -> str:
        usage = f" && usage == FFABI_USAGE_{point[1].upper()}" if point[1] else ""
        return f"(c->version == {self.names.version(self.spec.versions[point[0]])}{usage})"

    def live(self, point: Point) -> list[Field]:
        return [f for f in self.d.fields if point[0] in f.life]

    @staticmethod
    def used(field: Field, point: Point) -> bool:
        return not field.uses or point[1] in field.uses

    def selector(self, field: Field, point: Point, struct: str) -> str:
        """The test of the field that decides whether this one is meant: of the bytes, or of a structure; '' when none does."""
        if field.when is None:
            return ""
        owner = next(f for f in self.live(point) if f.name == field.when[0])
        assert owner.enum is not None
        value = next(v.value for v in owner.enum.values if v.name == field.when[1])
        return f"{self.value(struct, owner.name) if struct else self.bits(owner)} == {number(value)}"

    @staticmethod
    def value(struct: str, name: str) -> str:
        return f"(uint64_t){struct}->{name}"

    @staticmethod
    def raw(at: int, size: int) -> str:
        return f"take(b, {at}, {size})"

    def bits(self, field: Field) -> str:
        mask = number((1 << (field.hi - field.lo + 1)) - 1)
        return f"({self.raw(field.at, field.size)}{f' >> {field.lo}' if field.lo else ''} & {mask})"

    @staticmethod
    def both(*tests: str) -> str:
        return " && ".join(t for t in tests if t)

    # -- reading -----------------------------------------------------------------------------------------------------

    def reading(self, point: Point) -> list[Step]:
        fields = self.live(point)
        steps: list[Step] = []
        for f in fields:
            if f.value is not None:
                steps.append(Refuse("KEY", f.name, self.at(f.at), self.raw(f.at, f.size), f"{self.bits(f)} != {number(f.value)}"))
        steps += self.reserved(fields, point)
        for name in self.members:
            steps += self.read(name, fields, point)
        return steps + self.rules(point, "e")

    @staticmethod
    def at(offset: int) -> str:
        return f"(uint32_t)(at + {offset})"

    def reserved(self, fields: list[Field], point: Point) -> list[Step]:
        steps: list[Step] = []
        for f in sorted(fields, key=lambda f: f.at):
            if f.reserved and self.used(f, point):
                for offset, size in parts(f):
                    mask = (1 << 8 * size) - 1 if f.whole else ((1 << (f.hi - f.lo + 1)) - 1) << f.lo
                    broken = self.both(f"({self.raw(offset, size)} & {number(mask)}) != 0", self.selector(f, point, ""))
                    steps.append(Refuse(f.reserved.upper(), "reserved", self.at(offset), self.raw(offset, size), broken))
            elif f.flags is not None and self.used(f, point):
                listed = sum(1 << b.at for b in f.flags.bits if point[0] in b.life)
                steps.append(Refuse(f.flags.reserved.upper(), f.name, self.at(f.at), self.raw(f.at, f.size),
                                    f"({self.bits(f)} & ~{number(listed)}) != 0"))
        for f in fields:
            covered = any(g.at == f.at and g.lo <= f.hi and f.lo <= g.hi and self.used(g, point) for g in fields)
            if f.kind is None or f.reserved or self.used(f, point) or covered:
                continue
            for offset, size in parts(f):
                broken = f"{self.raw(offset, size) if f.whole else self.bits(f)} != 0"
                steps.append(Refuse("MBZ", f.name, self.at(offset), self.raw(offset, size), broken))
        return steps

    def read(self, name: str, fields: list[Field], point: Point) -> list[Step]:
        field, at = self.first(name), f"e->{name}"
        here = [f for f in fields if f.name == name and self.used(f, point)]
        assert field.kind is not None
        spread = field.kind.spread
        if spread == "bytes":
            return [Let(f"{at}[{i}]", f"b[{here[0].at + i}]" if here else "0") for i in range(field.size)]
        if spread in ("uuid", "words"):
            words = [self.raw(*p) for p in parts(here[0])] if here else ["0"] * (field.size // 8)
            targets = [f"{at}.lo", f"{at}.hi"] if spread == "uuid" else [f"{at}[{i}]" for i in range(len(words))]
            return [Let(target, word) for target, word in zip(targets, words)]
        value = "0"
        for f in reversed(here):
            test = self.selector(f, point, "")
            value = f"({test} ? {self.bits(f)} : {value})" if test else self.bits(f)
        return [Let(at, f"(__typeof__({at})){value}" if here else "0")]

    # -- rules -------------------------------------------------------------------------------------------------------

    def rules(self, point: Point, struct: str) -> list[Step]:
        fields = self.live(point)
        steps: list[Step] = []
        for name in self.members:
            for f in fields:
                if f.name == name and self.used(f, point) and f.kind is not None and f.kind.spread in ("bits", "word"):
                    steps += self.field_rules(f, fields, point, struct)
        return steps + [self.rule(rule, fields, struct) for rule in self.d.rules]

    def field_rules(self, field: Field, fields: list[Field], point: Point, struct: str) -> list[Step]:
        value = self.value(struct, field.name)
        found: list[tuple[str, str]] = []
        if field.enum is not None:
            known = [v.value for v in field.enum.values if point[0] in v.life]
            found.append(("ENUM", self.both(*(f"{value} != {number(k)}" for k in known))))
        if field.min is not None:
            found.append(("RANGE", f"{value} < {number(field.min)}"))
        if field.max is not None:
            limit = self.value(struct, field.max) if isinstance(field.max, str) else number(field.max)
            found.append(("RANGE", f"{value} > {limit}"))
        if field.multiple_of:
            found.append(("ALIGN", f"{value} % {number(field.multiple_of)} != 0"))
        if field.zero_unless:
            name, _, flag = field.zero_unless.partition(".")
            owner = next(f for f in fields if f.name == name).flags
            mask = sum(1 << b.at for b in owner.bits if b.name == flag) if flag and owner else U64
            found.append(("MBZ", f"{value} != 0 && ({self.value(struct, name)} & {number(mask)}) == 0"))
        if field.zero_above:
            name, most = field.zero_above
            found.append(("MBZ", f"{value} != 0 && {self.value(struct, name)} > {number(most)}"))
        test = self.selector(field, point, struct)
        return [Refuse(rule, field.name, self.at(field.at), value, self.both(test, broken)) for rule, broken in found]

    def rule(self, rule: Rule, fields: list[Field], struct: str) -> Step:
        first, second = (self.value(struct, name) for name in rule.fields)
        owner = next(f for f in fields if f.name == rule.fields[1])
        if rule.keyword == "no_wrap":
            broken = f"{second} != 0 && {second} * {self.spec.page_size} - 1 > {number(U64)} - {first}"
        elif rule.keyword == "both_or_neither":
            broken = f"({first} == 0) != ({second} == 0)"
        else:
            named = [{v.name: v.value for v in f.enum.values} for name in rule.fields for f in fields if f.name == name and f.enum]
            values = [names[value] for names, value in zip(named, rule.values)]
            broken = f"{first} == {number(values[0])} && {second} == {number(values[1])}"
        return Refuse("RULE", owner.name, self.at(owner.at), second, broken)

    # -- writing -----------------------------------------------------------------------------------------------------

    def rules_of_writing(self, point: Point) -> list[Step]:
        steps: list[Step] = []
        for name in self.members:
            steps += self.place_for(name, self.live(point), point)
        return steps + self.rules(point, "in")

    def place_for(self, name: str, fields: list[Field], point: Point) -> list[Step]:
        first, here = self.first(name), [f for f in fields if f.name == name]
        assert first.kind is not None
        spread = first.kind.spread
        joined = self.value("in", name)
        if spread == "uuid":
            joined = f"(in->{name}.lo | in->{name}.hi)"
        elif spread in ("words", "bytes"):
            size = first.size // 8 if spread == "words" else first.size
            joined = "(" + " | ".join(f"in->{name}[{i}]" for i in range(size)) + ")"
        if not here:
            return [] if spread == "bytes" else [Refuse("ABSENT", name, self.at(first.at), joined, f"{joined} != 0")]
        if not any(self.used(f, point) for f in here):
            return [Refuse("MBZ", name, self.at(here[0].at), joined, f"{joined} != 0", firm=True)]
        steps: list[Step] = []
        for f in here if spread in ("bits", "word") else ():
            steps += self.wide_enough(f, point)
        return steps

    def wide_enough(self, field: Field, point: Point) -> list[Step]:
        value, at = self.value("in", field.name), self.at(field.at)
        if not self.used(field, point):
            return [Refuse("ABSENT", field.name, at, value, f"{value} != 0")] if field.when is not None else []
        test = self.selector(field, point, "in")
        steps: list[Step] = []
        if test:
            steps.append(Refuse("ABSENT", field.name, at, value, f"!({test}) && {value} != 0"))
        if field.flags is not None:
            listed = sum(1 << b.at for b in field.flags.bits if point[0] in b.life)
            steps.append(Refuse(field.flags.reserved.upper(), field.name, at, value, self.both(test, f"({value} & ~{number(listed)}) != 0")))
        top = (1 << (field.hi - field.lo + 1)) - 1
        if top < U64:
            steps.append(Refuse("RANGE", field.name, at, value, self.both(test, f"{value} > {number(top)}")))
        return steps

    def puts(self, point: Point) -> list[Step]:
        """Each container; what is not named is zero."""
        found: list[Put | Let] = []
        for f in self.live(point):
            name = f"in->{f.name}"
            if f.value is not None:
                found.append(Put(f.at, f.size, f"{number(f.value)} << {f.lo}"))
            elif f.kind is None or not self.used(f, point):
                continue
            elif f.kind.spread == "bytes":
                found += [Let(f"b[{f.at + i}]", f"{name}[{i}]") for i in range(f.size)]
            elif f.kind.spread in ("uuid", "words"):
                words = [f"{name}.lo", f"{name}.hi"] if f.kind.spread == "uuid" else [f"{name}[{i}]" for i in range(f.size // 8)]
                found += [Put(at, size, word) for (at, size), word in zip(parts(f), words)]
            else:
                value = f"{self.value('in', f.name)}{f' << {f.lo}' if f.lo else ''}"
                test = self.selector(f, point, "in")
                found.append(Put(f.at, f.size, f"{test} ? {value} : 0" if test else value))
        return found  # type: ignore[return-value]
