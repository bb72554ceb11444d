"""From a descriptor to the plan of its reader and writer: versions of one layout share a slice, in which nothing asks for the version."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from .codec import Check, Member, Where
from .fieldrules import runs_of
from .model import Descriptor, Field, Life, Spec


@dataclass(frozen=True)
class Use:
    """When a statement holds inside a slice: in some usages, and while another member has a value."""

    usages: tuple[str, ...] = ()  # empty: all
    member: str = ""
    value: int = 0

    @property
    def always(self) -> bool:
        return not self.usages and not self.member


ANY = Use()


@dataclass(frozen=True)
class Container:
    """A load or a store: size bytes at offset at."""

    at: int
    size: int


@dataclass(frozen=True)
class Reserved:
    """Bits of a container that have to be zero."""

    at: int
    mask: int
    rule: str
    field: str
    use: Use
    selector: tuple[int, int, int, int] | None  # container, shift, mask, value of the field that decides
    full: bool  # the whole container


@dataclass(frozen=True)
class Value:
    """A place of a member (index -1: the member itself)."""

    member: Member
    index: int
    where: Where
    use: Use


@dataclass(frozen=True)
class Fixed:
    """Bits of a container that hold a constant."""

    at: int
    mask: int
    value: int
    field: str


@dataclass(frozen=True)
class Slice:
    """The layout that some versions share."""

    versions: tuple[str, ...]
    size: int
    align: int
    containers: tuple[Container, ...]
    blobs: tuple[tuple[int, Member], ...]  # characters: offset and member
    fixed: tuple[Fixed, ...]
    reserved: tuple[Reserved, ...]
    values: tuple[Value, ...]
    fits: tuple[Check, ...]
    checks: tuple[Check, ...]

    @property
    def stores(self) -> list[tuple[Container, list[Value], int]]:
        """Each container with the members and the constant that it takes."""
        return [(c, [v for v in self.values if v.where.reg == c.at], sum(f.value for f in self.fixed if f.at == c.at))
                for c in self.containers]


@dataclass(frozen=True)
class Record:
    descriptor: Descriptor
    members: tuple[Member, ...]
    slices: tuple[Slice, ...]


def split_containers(field: Field) -> list[Container]:
    """The naturally aligned loads that cover a field."""
    if field.kind is not None and field.kind.spread in ("uuid", "words"):
        return [Container(at, 8) for at in range(field.at, field.at + field.size, 8)]
    if not field.reserved or not field.whole:
        return [Container(field.at, field.size)]
    found, at, end = [], field.at, field.at + field.size
    while at < end:
        size = next(n for n in (8, 4, 2, 1) if at % n == 0 and at + n <= end)
        found.append(Container(at, size))
        at += size
    return found


class RecordPlanner:
    """Plans one descriptor."""

    def __init__(self, spec: Spec, descriptor: Descriptor) -> None:
        self.spec, self.descriptor = spec, descriptor
        self.usages = descriptor.usages
        self.members: dict[str, Member] = {}
        for field in descriptor.fields:  # of versions that are left out, too: code of the runtime speaks of all members
            if field.kind is not None and field.name not in self.members:
                self.members[field.name] = self.member(field)

    def member(self, field: Field) -> Member:
        kind = field.kind
        assert kind is not None
        count = field.size // 8 if kind.spread == "words" else field.size if kind.spread == "bytes" else 0
        doc = next((f.said.doc for f in self.descriptor.fields if f.name == field.name and f.said.doc), "")
        where = f"byte {field.at}" + ("" if field.whole else f"[{field.hi}:{field.lo}]" if field.hi > field.lo else f"[{field.lo}]")
        return Member(field.name, kind.ctype, count, where, doc, kind.show, 0, kind.signed)

    def plan(self) -> Record:
        groups: list[tuple[object, list[int]]] = []
        for version, size in enumerate(self.descriptor.sizes):
            if not size:
                continue
            key = self.layout_key(version)
            if groups and groups[-1][0] == key:
                groups[-1][1].append(version)
            else:
                groups.append((key, [version]))
        slices = tuple(self.slice(versions) for _, versions in groups)
        return Record(self.descriptor, tuple(self.members.values()), slices)

    def layout_key(self, version: int) -> object:
        """What a version looks like: equal keys share a slice."""
        live = [i for i, f in enumerate(self.descriptor.fields) if version in f.life]
        tables = [t for f in self.descriptor.fields if version in f.life for t in (f.enum, f.flags) if t is not None]
        lives: list[Life] = []
        for table in tables:
            lives += [v.life for v in (table.values if hasattr(table, "values") else table.bits)]
        return (tuple(live), self.descriptor.sizes[version], tuple(version in life for life in lives))

    # -- one slice ---------------------------------------------------------------------------------------------------

    def slice(self, versions: list[int]) -> Slice:
        version = versions[0]
        fields = [f for f in self.descriptor.fields if version in f.life]
        loads: dict[int, Container] = {}
        blobs = []
        for field in fields:
            if field.kind is not None and field.kind.spread == "bytes":
                blobs.append((field.at, self.members[field.name]))
                continue
            for container in split_containers(field):
                loads[container.at] = container
        containers = tuple(loads[at] for at in sorted(loads))
        return Slice(
            tuple(self.spec.versions[v] for v in versions), self.descriptor.sizes[version],
            max([c.size for c in containers], default=1), containers, tuple(blobs), self.fixed(fields),
            self.reserved(fields, version), self.values(fields), self.fits(fields, version), self.checks(fields, version))

    def use(self, field: Field, fields: list[Field], usages: tuple[str, ...] = ()) -> Use:
        chosen = usages or field.uses
        if set(chosen) == set(self.usages):
            chosen = ()
        if field.when is None:
            return Use(chosen)
        name, value = field.when
        return Use(chosen, name, self.enumerator(name, value, fields))

    @staticmethod
    def enumerator(name: str, value: str, fields: list[Field]) -> int:
        owner = next(f for f in fields if f.name == name)
        assert owner.enum is not None
        return next(v.value for v in owner.enum.values if v.name == value)

    @staticmethod
    def fixed(fields: list[Field]) -> tuple[Fixed, ...]:
        found = []
        for f in fields:
            if f.value is not None:
                found.append(Fixed(f.at, ((1 << (f.hi - f.lo + 1)) - 1) << f.lo, f.value << f.lo, f.name))
        return tuple(found)

    def reserved(self, fields: list[Field], version: int) -> tuple[Reserved, ...]:
        """In the order of the containers, then of the statements."""
        found: list[Reserved] = []
        for field in sorted(fields, key=lambda f: f.at):
            if field.reserved:
                for c in split_containers(field):
                    mask = (1 << 8 * c.size) - 1 if field.whole else ((1 << (field.hi - field.lo + 1)) - 1) << field.lo
                    full = mask == (1 << 8 * c.size) - 1
                    found.append(Reserved(c.at, mask, field.reserved.upper(), "reserved", self.use(field, fields),
                                          self.selector(field, fields), full))
            elif field.flags is not None:
                listed = sum(1 << (b.at + field.lo) for b in field.flags.bits if version in b.life)
                mask = ((1 << (field.hi - field.lo + 1)) - 1) << field.lo & ~listed
                if mask:
                    found.append(Reserved(field.at, mask, field.flags.reserved.upper(), field.name, self.use(field, fields), None, False))
        return tuple(found + self.foreign(fields))

    def foreign(self, fields: list[Field]) -> list[Reserved]:
        """Bits that belong to other usages only: zero in this one."""
        found = []
        for field in fields:
            if not field.uses or field.reserved or field.kind is None:
                continue
            places = [f for f in fields if f.at == field.at and (f.lo, f.hi) == (field.lo, field.hi)]
            others = tuple(u for u in self.usages if not any(u in (f.uses or self.usages) for f in self.overlapping(field, fields)))
            if others and places[0] is field:
                for c in split_containers(field):
                    mask = (1 << 8 * c.size) - 1 if field.whole else ((1 << (field.hi - field.lo + 1)) - 1) << field.lo
                    found.append(Reserved(c.at, mask, "MBZ", field.name, Use(others), None, mask == (1 << 8 * c.size) - 1))
        return found

    @staticmethod
    def overlapping(field: Field, fields: list[Field]) -> list[Field]:
        return [f for f in fields if f.at == field.at and f.lo <= field.hi and field.lo <= f.hi]

    @staticmethod
    def selector(field: Field, fields: list[Field]) -> tuple[int, int, int, int] | None:
        if field.when is None:
            return None
        owner = next(f for f in fields if f.name == field.when[0])
        value = RecordPlanner.enumerator(field.when[0], field.when[1], fields)
        return owner.at, owner.lo, (1 << (owner.hi - owner.lo + 1)) - 1, value

    def values(self, fields: list[Field]) -> tuple[Value, ...]:
        found = []
        for field in fields:
            kind = field.kind
            if kind is None or kind.spread == "bytes":
                continue
            member, use = self.members[field.name], self.use(field, fields)
            if kind.spread == "words":
                found += [Value(member, i, Where("bits", c.at), use) for i, c in enumerate(split_containers(field))]
            elif kind.spread == "uuid":
                found += [Value(member, -1, Where(form, c.at), use) for form, c in zip(("uuid_lo", "uuid_hi"), split_containers(field))]
            else:
                found.append(Value(member, -1, Where("bits", field.at, field.lo, field.hi - field.lo + 1), use))
        return self.united(found)

    def united(self, statements: Iterable[Any]) -> tuple[Any, ...]:
        """Statements that differ in the usage only become one."""
        usages: dict[Any, set[str]] = {}
        for statement in statements:
            name = "cond" if isinstance(statement, Check) else "use"
            use = getattr(statement, name)
            bare = replace(statement, **{name: replace(use, usages=())})
            usages.setdefault(bare, set()).update(use.usages or self.usages)
        found = []
        for bare, used in usages.items():
            name = "cond" if isinstance(bare, Check) else "use"
            chosen = () if used == set(self.usages) else tuple(u for u in self.usages if u in used)
            found.append(replace(bare, **{name: replace(getattr(bare, name), usages=chosen)}))
        return tuple(found)

    # -- rules -------------------------------------------------------------------------------------------------------

    def checks(self, fields: list[Field], version: int) -> tuple[Check, ...]:
        found: list[Check] = []
        for name in self.members:
            for field in (f for f in fields if f.name == name and f.kind is not None):
                found += self.field_checks(field, fields, version)
        for rule in self.descriptor.rules:
            first, second = (next(f for f in fields if f.name == name) for name in rule.fields)
            numbers = tuple(self.enumerator(n, v, fields) for n, v in zip(rule.fields, rule.values))
            if rule.keyword == "no_wrap":
                numbers = (self.spec.page_size,)
            found.append(Check(rule.keyword, self.use(second, fields), second.at, self.members[second.name], numbers,
                               self.members[first.name], rule="RULE"))
        return self.united(found)

    def field_checks(self, field: Field, fields: list[Field], version: int) -> list[Check]:
        member, use, at = self.members[field.name], self.use(field, fields), field.at
        found = []
        if field.enum is not None:
            known = [v.value for v in field.enum.values if version in v.life]
            top = (1 << (field.hi - field.lo + 1)) - 1
            if len(known) <= top:
                ranges = tuple((ANY, lo, hi if hi < top or lo == hi else None) for lo, hi in runs_of(known))
                found.append(Check("enum", use, at, member, ranges=ranges, rule="ENUM"))
        if field.min:
            found.append(Check("min", use, at, member, (field.min,), rule="RANGE"))
        if isinstance(field.max, int):
            found.append(Check("max", use, at, member, (field.max,), rule="RANGE"))
        elif field.max:
            found.append(Check("max_field", use, at, member, other=self.members[field.max], rule="RANGE"))
        if field.multiple_of:
            found.append(Check("multiple_of", use, at, member, (field.multiple_of,), rule="ALIGN"))
        if field.zero_unless:
            name, _, flag = field.zero_unless.partition(".")
            owner = next(f for f in fields if f.name == name).flags
            bit = next((1 << b.at for b in owner.bits if b.name == flag), 0) if owner else 0
            found.append(Check("zero_unless", use, at, member, (bit,), self.members[name], flag, rule="MBZ"))
        if field.zero_above:
            name, most = field.zero_above
            found.append(Check("zero_above", use, at, member, (most,), self.members[name], rule="MBZ"))
        return found

    def fits(self, fields: list[Field], version: int) -> tuple[Check, ...]:
        """What writing tests first, member by member."""
        found: list[Check] = []
        for name, member in self.members.items():
            here = [f for f in fields if f.name == name and f.kind is not None]
            at = next(f.at for f in self.descriptor.fields if f.name == name)
            words = tuple(range(member.count)) if member.count and member.show == "WORDS" else ()
            if not here:
                if member.show != "BYTES":
                    found.append(Check("absent", ANY, at, member, (0,), rule="ABSENT", words=words))
                continue
            found += self.room(member, here, fields, version)
        return self.united(found)

    def room(self, member: Member, here: list[Field], fields: list[Field], version: int) -> list[Check]:
        found: list[Check] = []
        used = tuple(u for u in self.usages if any(u in (f.uses or self.usages) for f in here))
        if used != self.usages:
            others = Use(tuple(u for u in self.usages if u not in used))
            found.append(Check("absent", others, here[0].at, member, (0,), rule="MBZ"))
        for field in here:
            use = self.use(field, fields)
            if field.when is not None:
                found.append(Check("unless", use, field.at, member, (0,), rule="ABSENT"))
            assert field.kind is not None
            if field.flags is not None:
                listed = sum(1 << b.at for b in field.flags.bits if version in b.life)
                found.append(Check("unlisted", use, field.at, member, (listed,), rule=field.flags.reserved.upper()))
            if field.kind.spread == "bits" and field.hi - field.lo + 1 < field.kind.bits:
                found.append(Check("fit", use, field.at, member, ((1 << (field.hi - field.lo + 1)) - 1,), rule="RANGE"))
        return found


def plan_record(spec: Spec, descriptor: Descriptor) -> Record:
    return RecordPlanner(spec, descriptor).plan()
