"""What the proofs hold the C of registers against: the language page as C, one version and convention at a time.

Like ref.py, this shares the model and slices.py with the generator and none of the planning.  It says for every layout what
each version and convention refuses, in which order, and what every value and register has to be; the templates of
generated/proofs/ print it, and CBMC compares it with the codecs for all inputs.
"""
from __future__ import annotations

from dataclasses import dataclass

from .model import CONVS, Call, Entry, Layout, Rule, Spec
from .names import Names
from .slices import Point, clipped, pieces, required, universe, width

BIT30 = 1 << 30
U32, U64 = (1 << 32) - 1, (1 << 64) - 1


def number(value: int) -> str:
    return f"{value:#x}ull" if value > 9 else f"{value}u"


@dataclass(frozen=True)
class Refuse:
    """One rule: the expression that is true when it is broken.  No waiver helps where it is firm."""

    rule: str
    field: str
    at: str
    value: str
    broken: str
    firm: bool = False


@dataclass(frozen=True)
class Let:
    """One value: of a member, or of a register."""

    target: str
    value: str


Step = Refuse | Let


@dataclass(frozen=True)
class Case:
    """The points that share their steps."""

    cond: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Part:
    """A member as the comparison of two structures needs it."""

    name: str
    count: int  # elements, 0 for a single one
    uuid: bool
    length: str  # the member that counts the characters


def merged(cases: list[tuple[str, tuple[Step, ...]]]) -> list[Case]:
    """Equal cases under one condition."""
    found: dict[tuple[Step, ...], list[str]] = {}
    for cond, steps in cases:
        found.setdefault(steps, []).append(cond)
    return [Case(" || ".join(conds), steps) for steps, conds in found.items()]


class LayoutProof:
    """One layout of one call: its cases for reading and for writing."""

    def __init__(self, spec: Spec, names: Names, call: Call, layout: Layout, fid_of_call: str) -> None:
        self.spec, self.names, self.call, self.layout, self.owner = spec, names, call, layout, fid_of_call
        self.points = universe(spec, call, layout)
        self.members: dict[str, list[Entry]] = {}
        for entry in layout.entries:
            if entry.kind is not None and any(clipped(spec, entry, p) for p in self.points):
                self.members.setdefault(entry.name, []).append(entry)

    @property
    def unpack(self) -> list[Case]:
        return merged([(self.cond(p), tuple(self.reading(p))) for p in self.points])

    @property
    def pack(self) -> list[Case]:
        return merged([(self.cond(p), tuple(self.writing(p))) for p in self.points])

    @property
    def parts(self) -> list[Part]:
        found = []
        for name, entries in self.members.items():
            kind = entries[0].kind
            assert kind is not None
            counted = self.array(entries) if kind.spread in ("words", "bytes") else 0
            found.append(Part(name, counted, kind.spread == "uuid", entries[0].length if kind.spread == "bytes" else ""))
        return found

    def cond(self, point: Point) -> str:
        return f"(c->version == {self.names.version(self.spec.versions[point[0]])} && conv == FFABI_{point[1].upper()})"

    def array(self, entries: list[Entry]) -> int:
        kind = entries[0].kind
        assert kind is not None
        counts = [len(clipped(self.spec, e, p)) * (width(self.spec, e, p) // 8 if kind.spread == "bytes" else 1)
                  for e in entries for p in self.points]
        return max(counts)

    def here(self, entries: list[Entry], point: Point) -> Entry | None:
        return next((e for e in entries if clipped(self.spec, e, point)), None)

    def value(self, struct: str, name: str) -> str:
        kind = self.members[name][0].kind
        assert kind is not None
        return f"(uint64_t){'(uint32_t)' if kind.signed else ''}{struct}->{name}"

    # -- reading -----------------------------------------------------------------------------------------------------

    def reading(self, point: Point) -> list[Step]:
        steps = [*self.identify(point), *self.reserved(point)]
        for name, entries in self.members.items():
            steps += self.read(name, entries, point)
        steps += self.rules(point, "e")
        for entries in self.members.values():
            steps += self.read_bytes(entries, point)
        return steps

    def identify(self, point: Point) -> list[Step]:
        steps: list[Step] = []
        first: dict[int, str] = {}
        for e in sorted((e for e in self.layout.entries if e.value is not None), key=lambda e: self.order(e.regs[0])):
            reg = e.regs[0]
            name = first.setdefault(reg, e.name)
            mask = (1 << (e.hi - e.lo + 1)) - 1
            broken = f"(x[{reg}]{f' >> {e.lo}' if e.lo else ''} & {number(mask)}) != {number(e.value or 0)}"
            steps.append(Refuse("KEY", name, str(reg), f"x[{reg}]", broken))
        for e in self.layout.entries:
            if e.fid_of:
                reg = e.regs[0]
                steps.append(Refuse("KEY", e.name, str(reg), f"x[{reg}]", self.no_id(e, point, f"(x[{reg}] & 0xffffffffu)")))
        return steps

    def order(self, reg: int) -> int:
        """Registers with constants in the order in which the layout names them."""
        return list(dict.fromkeys(e.regs[0] for e in self.layout.entries if e.value is not None)).index(reg)

    def no_id(self, entry: Entry, point: Point, text: str) -> str:
        target = self.spec.calls[entry.fid_of]
        ids = [fid for conv in target.fids if (fid := target.fid(conv, point[0])) is not None]
        return " && ".join(f"{text} != {number(fid)}" for fid in ids) or "1"

    def reserved(self, point: Point) -> list[Step]:
        steps: list[Step] = []
        if self.layout.as_ != "version":
            steps.append(Refuse("WIDTH", "upper_half", "0", "x[0]", "(x[0] >> 32) != 0"))
        stated = pieces(self.spec, self.layout, point)
        for reg in required(self.spec, self.layout, point):
            here = [p for p in stated if p.reg == reg]
            if not any(width(self.spec, p.entry, point) == 64 for p in here):
                steps.append(Refuse("WIDTH", "upper_half", str(reg), f"x[{reg}]", f"(x[{reg}] >> 32) != 0"))
            for piece in here:
                entry, mask = piece.entry, piece.mask if piece.entry.reserved else 0
                rule, name = entry.reserved, "reserved"
                if entry.flags is not None:
                    mask = piece.mask & ~sum(1 << (b.at + entry.lo) for b in entry.flags.bits if point[0] in b.life)
                    rule, name = entry.flags.reserved, entry.name
                if mask:
                    steps.append(Refuse(rule.upper(), name, str(reg), f"x[{reg}]", f"(x[{reg}] & {number(mask)}) != 0"))
        return steps

    def read(self, name: str, entries: list[Entry], point: Point) -> list[Step]:
        entry, kind = self.here(entries, point), entries[0].kind
        assert kind is not None
        regs = clipped(self.spec, entry, point) if entry else ()
        full = number((1 << width(self.spec, entry, point)) - 1) if entry else ""
        at = f"e->{name}"
        if kind.spread == "words":
            return [Let(f"{at}[{i}]", f"x[{regs[i]}] & {full}" if i < len(regs) else "0") for i in range(self.array(entries))]
        if kind.spread == "bytes":
            return [Let(f"{at}[{i}]", "0") for i in range(self.array(entries))]
        if kind.spread == "uuid":
            words = [f"x[{reg}] & {full}" for reg in regs] or ["0", "0"]
            if len(words) == 4:
                words = [f"({words[0]}) | ({words[1]}) << 32", f"({words[2]}) | ({words[3]}) << 32"]
            return [Let(f"{at}.lo", words[0]), Let(f"{at}.hi", words[1])]
        if entry is None:
            return [Let(at, str(entries[0].bias))]
        if len(regs) == 2:
            return [Let(at, f"(x[{regs[0]}] & {number(U32)}) | (x[{regs[1]}] & {number(U32)}) << 32")]
        hi = min(entry.hi, width(self.spec, entry, point) - 1)
        mask = (1 << (hi - entry.lo + 1)) - 1 & (1 << kind.bits) - 1
        raw = f"(x[{regs[0]}]{f' >> {entry.lo}' if entry.lo else ''} & {number(mask)})"
        steps: list[Step] = []
        if entry.bias:
            steps.append(Refuse("RANGE", name, str(regs[0]), f"x[{regs[0]}]", f"{raw} + {entry.bias} > {number((1 << kind.bits) - 1)}"))
        return [*steps, Let(at, f"(__typeof__({at}))({raw} + {entry.bias})" if entry.bias else f"(__typeof__({at})){raw}")]

    def text_bytes(self, entry: Entry, point: Point) -> list[tuple[int, int]]:
        """Register and shift of each character."""
        return [(reg, 8 * i) for reg in clipped(self.spec, entry, point) for i in range(width(self.spec, entry, point) // 8)]

    def read_bytes(self, entries: list[Entry], point: Point) -> list[Step]:
        entry, kind = self.here(entries, point), entries[0].kind
        if entry is None or kind is None or kind.spread != "bytes":
            return []
        count = f"e->{entry.length}"
        chars = self.text_bytes(entry, point)
        rest = " || ".join(f"({i} >= {count} && (x[{reg}] >> {shift} & 0xff) != 0)" for i, (reg, shift) in enumerate(chars))
        reg = entry.regs[0]
        return [Refuse("SBZ", entry.name, str(reg), f"x[{reg}]", rest),
                *(Let(f"e->{entry.name}[{i}]", f"{i} < {count} ? (uint8_t)(x[{reg}] >> {shift}) : 0") for i, (reg, shift) in enumerate(chars))]

    # -- rules -------------------------------------------------------------------------------------------------------

    def rules(self, point: Point, struct: str) -> list[Step]:
        steps: list[Step] = []
        for name, entries in self.members.items():
            for entry in entries:
                if clipped(self.spec, entry, point) and entry.kind and entry.kind.spread in ("bits", "word"):
                    steps += self.field_rules(entry, point, struct)
        for rule in self.layout.rules:
            owners = [self.members.get(f, []) for f in rule.fields]
            if all(self.here(o, point) for o in owners):
                steps.append(self.rule(rule, [o[0] for o in owners], struct))
        return steps

    def field_rules(self, entry: Entry, point: Point, struct: str) -> list[Step]:
        value = self.value(struct, entry.name)
        found: list[tuple[str, str]] = []
        if entry.enum is not None:
            mask = U32 if entry.enum.signed else U64
            known = [v.value & mask for v in entry.enum.values if point[0] in v.life]
            found.append(("ENUM", " && ".join(f"{value} != {number(k)}" for k in known) or "1"))
        if entry.min is not None:
            found.append(("RANGE", f"{value} < {number(entry.min)}"))
        if entry.max is not None:
            limit = self.value(struct, entry.max) if isinstance(entry.max, str) else number(entry.max)
            found.append(("RANGE", f"{value} > {limit}"))
        if entry.multiple_of:
            found.append(("ALIGN", f"{value} % {number(entry.multiple_of)} != 0"))
        if entry.zero_unless:
            name, _, flag = entry.zero_unless.partition(".")
            owner = self.members[name][0].flags
            bits = sum(1 << b.at for b in owner.bits if b.name == flag) if flag and owner else U64
            found.append(("MBZ", f"{value} != 0 && ({self.value(struct, name)} & {number(bits)}) == 0"))
        if entry.only_at:
            found.append(("MBZ", f"{value} != 0 && {self.elsewhere(entry.only_at)}"))
        for bit in entry.flags.bits if entry.flags else ():
            if bit.only_at and point[0] in bit.life:
                found.append(("MBZ", f"({value} >> {bit.at} & 1) != 0 && {self.elsewhere(bit.only_at)}"))
        return [Refuse(rule, entry.name, str(entry.regs[0]), self.blamed(struct, entry), broken) for rule, broken in found]

    def blamed(self, struct: str, entry: Entry) -> str:
        return self.value(struct, entry.name)

    def elsewhere(self, allowed: tuple[str, ...]) -> str:
        others = [f"FFABI_{key.upper()}" for key in self.spec.instances if key not in allowed]
        return "(" + " || ".join(f"c->instance == {name}" for name in others) + ")" if others else "0"

    def rule(self, rule: Rule, owners: list[Entry], struct: str) -> Step:
        first, second = (self.value(struct, name) for name in rule.fields)
        if rule.keyword == "both_or_neither":
            broken = f"({first} == 0) != ({second} == 0)"
        else:
            named = [{v.name: v.value for v in e.enum.values} for e in owners if e.enum is not None]
            values = [names[value] for names, value in zip(named, rule.values)]
            broken = f"{first} == {number(values[0])} && {second} == {number(values[1])}"
        return Refuse("RULE", rule.fields[1], str(owners[1].regs[0]), self.blamed(struct, owners[1]), broken)

    # -- writing -----------------------------------------------------------------------------------------------------

    def writing(self, point: Point) -> list[Step]:
        """The registers that are not named are zero."""
        steps: list[Step] = []
        for e in self.layout.entries:
            if e.fid_of:
                steps.append(Refuse("KEY", e.name, str(e.regs[0]), self.blamed("in", e), self.no_id(e, point, self.value("in", e.name))))
        for name, entries in self.members.items():
            steps += self.room(entries, point)
        steps += self.rules(point, "in")
        terms: dict[int, list[str]] = {reg: [] for reg in range(18)}
        if self.layout.as_ != "version":
            fid = self.spec.calls[self.owner].fid(point[1], point[0])
            assert fid is not None
            terms[0].append(number(fid))
        for entry in self.layout.entries:
            if entry.value is not None:
                terms[entry.regs[0]].append(f"{number(entry.value)} << {entry.lo}" if entry.lo else number(entry.value))
            elif entry.kind is not None and clipped(self.spec, entry, point):
                self.store(entry, point, terms)
        return [*steps, *(Let(f"x[{reg}]", " | ".join(parts)) for reg, parts in terms.items() if parts)]

    def room(self, entries: list[Entry], point: Point) -> list[Step]:
        first, entry = entries[0], self.here(entries, point)
        kind, name, reg = first.kind, first.name, str(first.regs[0])
        assert kind is not None
        if kind.spread == "bytes":
            return []
        if kind.spread == "words":
            return self.room_for_words(entries, point)
        if kind.spread == "uuid":
            joined = f"(in->{name}.lo | in->{name}.hi)"
            return [] if entry else [Refuse("ABSENT", name, reg, joined, f"{joined} != 0")]
        value = self.value("in", name)
        if entry is None:
            return [Refuse("ABSENT", name, reg, self.blamed("in", first), f"{value} != {first.bias}")]
        return self.wide_enough(entry, point, value)

    def room_for_words(self, entries: list[Entry], point: Point) -> list[Step]:
        first, entry = entries[0], self.here(entries, point)
        count = len(clipped(self.spec, entry, point)) if entry else 0
        words = [f"in->{first.name}[{i}]" for i in range(self.array(entries))]
        lost, kept = "(" + " | ".join(words[count:]) + ")", "(" + " | ".join(words[:count]) + ")"
        steps: list[Step] = []
        if words[count:]:
            steps.append(Refuse("ABSENT", first.name, str(first.regs[0]), lost, f"{lost} != 0"))
        if entry and width(self.spec, entry, point) == 32:
            steps.append(Refuse("RANGE", first.name, str(first.regs[0]), kept, f"({kept} >> 32) != 0"))
        return steps

    def wide_enough(self, entry: Entry, point: Point, value: str) -> list[Step]:
        steps: list[Step] = []
        blamed, reg = self.blamed("in", entry), str(entry.regs[0])
        if entry.flags is not None:
            listed = sum(1 << b.at for b in entry.flags.bits if point[0] in b.life)
            steps.append(Refuse(entry.flags.reserved.upper(), entry.name, reg, blamed, f"({value} & ~{number(listed)}) != 0"))
        if len(entry.regs) == 2:
            return steps
        top = (1 << (min(entry.hi, width(self.spec, entry, point) - 1) - entry.lo + 1)) - 1
        bounded = isinstance(entry.max, int) and entry.max <= top + entry.bias  # then the maximum says it, in its turn
        if top + entry.bias < U64 and not bounded:
            steps.append(Refuse("RANGE", entry.name, reg, blamed, f"{value} > {number(top + entry.bias)}"))
        if entry.bias:
            steps.append(Refuse("RANGE", entry.name, reg, blamed, f"{value} < {entry.bias}"))
        return steps

    def store(self, entry: Entry, point: Point, terms: dict[int, list[str]]) -> None:
        regs, name = clipped(self.spec, entry, point), f"in->{entry.name}"
        assert entry.kind is not None
        spread = entry.kind.spread
        if spread == "uuid" and len(regs) == 2:
            words = [f"{name}.lo", f"{name}.hi"]
        elif spread == "uuid":
            words = [text for half in ("lo", "hi") for text in (f"({name}.{half} & {number(U32)})", f"{name}.{half} >> 32")]
        elif spread == "words":
            words = [f"{name}[{i}]" for i in range(len(regs))]
        elif spread == "bytes":
            for i, (reg, shift) in enumerate(self.text_bytes(entry, point)):
                terms[reg].append(f"({i} < in->{entry.length} ? (uint64_t){name}[{i}] << {shift} : 0)")
            return
        elif len(regs) == 2:
            words = [f"({self.value('in', entry.name)} & {number(U32)})", f"{self.value('in', entry.name)} >> 32"]
        else:
            value = f"({self.value('in', entry.name)} - {entry.bias})" if entry.bias else self.value("in", entry.name)
            words = [f"{value} << {entry.lo}" if entry.lo else value]
        for reg, word in zip(regs, words):
            terms[reg].append(word)


@dataclass(frozen=True)
class FollowProof:
    """A call that can complete another."""

    key: str
    number: str
    versions: str
    same: bool
    args: bool
    both: bool


class CallProof:
    """A call with the proofs of its request and of its reply."""

    def __init__(self, spec: Spec, names: Names, call: Call) -> None:
        self.spec, self.names, self.call, self.key = spec, names, call, call.key
        owner = spec.carrier_of(call)
        self.convs = spec.convs(call)
        self.both = len(self.convs) == 2
        self.request = LayoutProof(spec, names, call, call.request, owner.key)
        self.args = bool(self.request.members)
        fids = [fid for given in owner.fids.values() for _, fid in given]
        self.numbers = [number(n) for n in dict.fromkeys(fid & ~BIT30 if self.both else fid for fid in fids)]
        self.mask = number(U32 & ~BIT30 if self.both else U32)
        self.success = LayoutProof(spec, names, call, call.success, "success") if call.success else None
        self.error = LayoutProof(spec, names, call, call.error, "error") if call.error else None

    def versions(self, conv: str = "") -> str:
        """The versions that have the call, in any convention or in one."""
        found = [self.names.version(text) for v, text in enumerate(self.spec.versions)
                 if any(self.spec.fid(self.call, c, v) is not None for c in CONVS if conv in ("", c))]
        return "(" + (" || ".join(f"c.version == {v}" for v in found) or "0") + ")"

    @property
    def conv(self) -> str:
        """The convention of a call that has only one."""
        return f"FFABI_{self.convs[0].upper()}"

    # -- the reply ---------------------------------------------------------------------------------------------------

    @property
    def request_conv(self) -> str:
        return "conv" if self.both else self.conv

    @property
    def success_conv(self) -> str:
        """The convention of FFA_SUCCESS."""
        assert self.call.success is not None
        return "FFABI_SMC32" if self.call.success.as_ in ("smc32", "version") else self.request_conv

    @property
    def success_same(self) -> bool:
        """Another convention that is waived is then read as what it is."""
        assert self.call.success is not None
        return self.call.success.as_ == "same" and self.both

    @property
    def mark(self) -> Entry:
        """The constant that tells a success without function id from an error."""
        assert self.call.success is not None
        return next(e for e in self.call.success.entries if e.value is not None)

    def number_of(self, key: str) -> str:
        call = self.spec.calls[key]
        return number(next(fid & ~BIT30 for given in self.spec.carrier_of(call).fids.values() for _, fid in given))

    @property
    def error_number(self) -> str:
        return self.number_of("error")

    @property
    def success_number(self) -> str:
        return self.number_of("success")

    @property
    def follow(self) -> list[FollowProof]:
        found = []
        for reply in self.call.replies:
            if reply.call not in self.spec.calls:
                continue
            target = self.spec.calls[reply.call]
            versions = [self.names.version(text) for v, text in enumerate(self.spec.versions) if v in reply.life or reply.life == self.call.life]
            test = "(" + (" || ".join(f"c->version == {v}" for v in versions) or "0") + ")"
            args = any(e.kind is not None for e in target.request.entries)
            found.append(FollowProof(reply.call, self.number_of(reply.call), test, reply.same, args, len(self.spec.convs(target)) == 2))
        return found


@dataclass(frozen=True)
class Who:
    """A call with the registers that name it; last of its carrier: what is blamed when none is named."""

    key: str
    args: bool
    number: str
    test: str
    last: bool = False
    field: str = ""
    reg: int = 0


def whose(spec: Spec, names: Names, carried: bool) -> list[Who]:
    """Requests by their function ids, or the messages that other calls carry by the constants in them."""
    proofs = [CallProof(spec, names, call) for call in spec.calls.values() if bool(call.carrier) == carried]
    if not carried:
        return [Who(p.key, p.args, p.number_of(p.key), "") for p in proofs]
    found = []
    for carrier in dict.fromkeys(p.call.carrier for p in proofs):
        family = [p for p in proofs if p.call.carrier == carrier]
        for p in family:
            told = [s for s in family[0].request.identify(family[0].request.points[0]) if isinstance(s, Refuse)]
            last = p is family[-1] and bool(p.request.identify(p.request.points[0]))
            found.append(Who(p.key, p.args, p.number_of(p.key), named(p), last, told[0].field if told else "", int(told[0].at) if told else 0))
    return found


def named(proof: CallProof) -> str:
    """The registers hold the constants of the message, in a version that has it."""
    tests = []
    for version in dict.fromkeys(p[0] for p in proof.request.points):
        point = next(p for p in proof.request.points if p[0] == version)
        told = [f"!({s.broken})" for s in proof.request.identify(point) if isinstance(s, Refuse)]
        tests.append(" && ".join([f"c->version == {proof.names.version(proof.spec.versions[version])}", *told]))
    return "((" + ") || (".join(tests) + "))"
