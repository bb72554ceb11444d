"""The description as frozen objects.  build() turns plain data into a Spec; what may be said is judged in checks.py."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .answers import Answers, read_answers
from .kinds import KINDS, Kind, enum_kind, flags_kind
from .load import Document, Path_, Sources
from .problems import Place

CONVS = ("smc32", "smc64")


@dataclass(frozen=True)
class Life:
    """First and last version (index) in which an object exists, both inclusive."""

    first: int
    last: int

    def __contains__(self, version: object) -> bool:
        return isinstance(version, int) and self.first <= version <= self.last

    def within(self, other: Life) -> bool:
        return other.first <= self.first and self.last <= other.last

    def common(self, other: Life) -> Life:
        """The versions in which both exist; the last is before the first when there is none."""
        return Life(max(self.first, other.first), min(self.last, other.last))


@dataclass(frozen=True)
class Said:
    """What every object says of itself."""

    place: Place
    doc: str = ""
    ref: tuple[tuple[int, str], ...] = ()
    status: str = ""
    note: str = ""


@dataclass(frozen=True)
class Enumerator:
    name: str
    value: int
    life: Life
    said: Said


@dataclass(frozen=True)
class Enum:
    name: str
    values: tuple[Enumerator, ...]
    said: Said
    signed: bool = False


@dataclass(frozen=True)
class Flag:
    name: str
    at: int
    life: Life
    only_at: tuple[str, ...]
    said: Said


@dataclass(frozen=True)
class FlagSet:
    name: str
    reserved: str
    bits: tuple[Flag, ...]
    said: Said


@dataclass(frozen=True)
class Entry:
    """One statement about bits of one register, or of several in a row."""

    regs: tuple[int, ...]
    wide: bool  # an x register: 64 bits in SMC64
    hi: int
    lo: int
    whole: bool  # no bits given: the register's whole width
    life: Life
    conv: str  # "" is both
    said: Said
    name: str = ""
    kind: Kind | None = None
    enum: Enum | None = None
    flags: FlagSet | None = None
    reserved: str = ""
    value: int | None = None
    fid_of: str = ""
    only_at: tuple[str, ...] = ()
    min: int | None = None
    max: int | str | None = None
    multiple_of: int | None = None
    bias: int = 0
    zero_unless: str = ""
    length: str = ""
    written: tuple[str, ...] = ()  # the registers as the file has them: a range in one piece, a pair in two
    type_name: str = ""


@dataclass(frozen=True)
class Rule:
    """A rule between fields: its keyword and its operands."""

    keyword: str
    fields: tuple[str, ...]
    values: tuple[str, ...]  # enumerators, for never
    place: Place


@dataclass(frozen=True)
class Layout:
    """The registers of a request or of a reply; as_ is the convention of a success."""

    entries: tuple[Entry, ...]
    rules: tuple[Rule, ...]
    as_: str
    said: Said


@dataclass(frozen=True)
class Reply:
    call: str
    same: bool
    life: Life
    said: Said


@dataclass(frozen=True)
class Meaning:
    """What an error code means in one call."""

    code: str
    text: str
    life: Life
    said: Said


@dataclass(frozen=True)
class Buffer:
    holds: str
    where: str
    length: str
    usage: str


@dataclass(frozen=True)
class Call:
    key: str
    name: str
    chapter: str
    life: Life
    said: Said
    fids: Mapping[str, tuple[tuple[int, int], ...]]  # conv -> (from version, id), ascending
    carrier: str
    instances: Mapping[str, tuple[str, ...]]
    request: Layout
    success: Layout | None
    error: Layout | None
    replies: tuple[Reply, ...]
    meanings: tuple[Meaning, ...]
    malformed: str  # the code that answers a request that breaks a rule; "" is the usual one
    buffer: Buffer | None

    def fid(self, conv: str, version: int) -> int | None:
        """The function id in that convention and version, if there is one."""
        found = None
        for since, fid in self.fids.get(conv, ()):
            if since <= version and version in self.life:
                found = fid
        return found


@dataclass(frozen=True)
class Field:
    """One statement about bits of a descriptor: of the container of size bytes at byte offset at."""

    at: int
    size: int
    hi: int
    lo: int
    whole: bool
    life: Life
    said: Said
    name: str = ""
    kind: Kind | None = None
    enum: Enum | None = None
    flags: FlagSet | None = None
    reserved: str = ""
    value: int | None = None
    uses: tuple[str, ...] = ()  # empty: all
    when: tuple[str, str] | None = None  # another field, and the enumerator that it has
    min: int | None = None
    max: int | str | None = None
    multiple_of: int | None = None
    zero_unless: str = ""
    zero_above: tuple[str, int] | None = None  # another field, and the greatest value with which this one may be set
    type_name: str = ""


@dataclass(frozen=True)
class Array:
    """What follows the fixed part: elements, where they begin and how far apart they are (numbers by version, or fields)."""

    name: str
    of: str
    count: str
    offset: tuple[int | str, ...]
    stride: tuple[int | str, ...]
    rules: tuple[tuple[str, Any], ...]
    said: Said


@dataclass(frozen=True)
class Descriptor:
    """A table in memory."""

    key: str
    name: str
    chapter: str
    life: Life
    said: Said
    usages: tuple[str, ...]
    sizes: tuple[int, ...]  # by version, 0 where it does not exist
    fields: tuple[Field, ...]
    rules: tuple[Rule, ...]
    arrays: tuple[Array, ...]
    in_place_of: tuple[str, str] | None = None  # another table, and the usage in which this one stands there


@dataclass(frozen=True)
class Chapter:
    key: str
    title: str
    doc: str
    file: str
    digest: str
    place: Place
    enums: tuple[Enum, ...]
    flags: tuple[FlagSet, ...]
    calls: tuple[Call, ...]
    descriptors: tuple[Descriptor, ...] = ()


@dataclass(frozen=True)
class Spec:
    prefix: str
    versions: tuple[str, ...]
    alpha: tuple[str, ...]
    page_size: int
    documents: Mapping[str, str]
    width: Mapping[str, int]
    passed: Mapping[str, tuple[int, ...]]  # conv -> number of registers, by version
    fid_first: Mapping[str, int]  # conv -> first function id of FF-A
    fid_count: int
    instances: Mapping[str, str]
    conduits: Mapping[str, str]
    usages: tuple[str, ...]
    status: Enum
    smccc_status: Enum
    chapters: tuple[Chapter, ...]
    digests: Mapping[str, str]
    answers: Answers
    calls: Mapping[str, Call] = field(default_factory=dict)
    descriptors: Mapping[str, Descriptor] = field(default_factory=dict)

    def convs(self, call: Call) -> tuple[str, ...]:
        """The conventions in which the call, or its carrier, can be made."""
        owner = self.carrier_of(call)
        return tuple(conv for conv in CONVS if conv in owner.fids)

    def carrier_of(self, call: Call) -> Call:
        return self.calls.get(call.carrier, call) if call.carrier else call

    def fid(self, call: Call, conv: str, version: int) -> int | None:
        if version not in call.life:
            return None
        return self.carrier_of(call).fid(conv, version)


class Builder:
    """Reads one document into objects; unknown names are left to checks.py."""

    def __init__(self, doc: Document, versions: tuple[str, ...], page_size: int, builtin: Mapping[str, Enum]) -> None:
        self.doc = doc
        self.versions = versions
        self.page_size = page_size
        self.enums: dict[str, Enum] = dict(builtin)
        self.flags: dict[str, FlagSet] = {}

    def life(self, data: Any, parent: Life) -> Life:
        if not isinstance(data, dict):
            return parent
        first = self.versions.index(data["since"]) if "since" in data else parent.first
        last = self.versions.index(data["until"]) if "until" in data else parent.last
        return Life(first, last)

    def said(self, data: Any, path: Path_) -> Said:
        if not isinstance(data, dict):
            return Said(self.doc.place(path))
        ref = data.get("ref", ())
        if isinstance(ref, str):
            ref = {self.versions[0]: ref}
        refs = tuple((self.versions.index(v), text) for v, text in dict(ref).items())
        return Said(self.doc.place(path), data.get("doc", ""), refs, data.get("status", ""), data.get("note", ""))

    @property
    def always(self) -> Life:
        return Life(0, len(self.versions) - 1)

    def enum(self, name: str, data: dict[str, Any], path: Path_) -> Enum:
        values = []
        for key, item in data["values"].items():
            value = item if isinstance(item, int) else item["value"]
            below = path + ("values", key)
            values.append(Enumerator(key, value, self.life(item, self.always), self.said(item, below)))
        return Enum(name, tuple(values), self.said(data, path))

    def flag_set(self, name: str, data: dict[str, Any], path: Path_) -> FlagSet:
        bits = []
        for key, item in data["bits"].items():
            below = path + ("bits", key)
            only = tuple(item.get("only_at", ()))
            bits.append(Flag(key, item["at"], self.life(item, self.always), only, self.said(item, below)))
        return FlagSet(name, data["reserved"], tuple(bits), self.said(data, path))

    def entry(self, data: dict[str, Any], path: Path_, parent: Life) -> Entry:
        regs, wide = registers(data["reg"])
        written = (data["reg"],) if isinstance(data["reg"], str) else tuple(data["reg"])
        whole = "bits" not in data
        hi, lo = (63 if wide else 31, 0) if whole else span(data["bits"])
        name = data.get("type", "")
        enum, flags = self.enums.get(name), self.flags.get(name)
        kind = KINDS.get(name)
        bits = min(hi - lo + 1, 64)  # a longer span is for checks.py to report
        if enum is not None and kind is None:
            kind = enum_kind(name, bits)
        elif flags is not None and kind is None:
            kind = flags_kind(name, bits)
        unit = data.get("multiple_of")
        return Entry(
            regs, wide, hi, lo, whole, self.life(data, parent), data.get("conv", ""), self.said(data, path),
            data.get("name", ""), kind, enum, flags, data.get("reserved", ""), data.get("value"), data.get("fid_of", ""),
            tuple(data.get("only_at", ())), data.get("min"), data.get("max"),
            self.page_size if unit == "page_size" else unit,
            data.get("bias", 0), data.get("zero_unless", ""), data.get("length", ""), written, name)

    def layout(self, data: dict[str, Any] | None, path: Path_, parent: Life) -> Layout | None:
        if data is None:
            return None
        entries = tuple(self.entry(item, path + ("regs", i), parent) for i, item in enumerate(data["regs"]))
        rules = tuple(self.rule(item, path + ("rules", i)) for i, item in enumerate(data.get("rules", ())))
        return Layout(entries, rules, data.get("as", "same"), self.said(data, path))

    def rule(self, item: dict[str, Any], path: Path_) -> Rule:
        keyword, operands = next(iter(item.items()))
        values = tuple(operands.values()) if isinstance(operands, dict) else ()
        return Rule(keyword, tuple(operands), values, self.doc.place(path))

    def call(self, key: str, data: dict[str, Any], path: Path_, chapter: str) -> Call:
        life = self.life(data, self.always)
        fids = {}
        for conv in CONVS:
            if conv in data:
                given = data[conv] if isinstance(data[conv], dict) else {self.versions[life.first]: data[conv]}
                fids[conv] = tuple(sorted((self.versions.index(v), fid) for v, fid in given.items()))
        replies = []
        for i, item in enumerate(data.get("replies", ())):
            reply = item if isinstance(item, dict) else {"call": item}
            replies.append(Reply(reply["call"], "conv" in reply, self.life(reply, life), self.said(item, path + ("replies", i))))
        meanings = []
        for code, item in data.get("errors", {}).items():
            text = item if isinstance(item, str) else item["text"]
            below = path + ("errors", code)
            meanings.append(Meaning(code, " ".join(text.split()), self.life(item, life), self.said(item, below)))
        buffer = data.get("buffer")
        request = self.layout(data["request"], path + ("request",), life)
        assert request is not None
        return Call(
            key, data.get("name", "FFA_" + key.upper()), chapter, life, self.said(data, path), fids,
            data.get("carrier", ""), {k: tuple(v) for k, v in data.get("instances", {}).items()}, request,
            self.layout(data.get("success"), path + ("success",), life),
            self.layout(data.get("error"), path + ("error",), life), tuple(replies), tuple(meanings), data.get("malformed", ""),
            Buffer(buffer["holds"], buffer["in"], buffer.get("length", ""), buffer.get("usage", "")) if buffer else None)

    def by_version(self, data: Any) -> tuple[Any, ...]:
        """A scalar, or a map "from this version on", as one value a version."""
        if not isinstance(data, dict):
            return (data,) * len(self.versions)
        return tuple(data[max(known)] if (known := [k for k in data if k <= v]) else 0 for v in self.versions)

    def field(self, data: dict[str, Any], path: Path_, parent: Life) -> Field:
        name = data.get("type", "")
        enum, flags, kind = self.enums.get(name), self.flags.get(name), KINDS.get(name)
        size = data.get("size", kind.bits // 8 if kind else 0)
        whole = "bits" not in data
        hi, lo = (8 * size - 1, 0) if whole else span(data["bits"])
        if enum is not None and kind is None:
            kind = enum_kind(name, min(hi - lo + 1, 64))
        elif flags is not None and kind is None:
            kind = Kind(name, f"uint{8 * size}_t", 8 * size, "FLAGS")
        unit = data.get("multiple_of")
        return Field(
            data["at"], size, hi, lo, whole, self.life(data, parent), self.said(data, path), data.get("name", ""), kind, enum, flags,
            data.get("reserved", ""), data.get("value"), tuple(data.get("in", ())), next(iter(data.get("when", {}).items()), None),
            data.get("min"), data.get("max"), self.page_size if unit == "page_size" else unit, data.get("zero_unless", ""),
            next(iter(data.get("zero_above", {}).items()), None), name)

    def descriptor(self, key: str, data: dict[str, Any], path: Path_, chapter: str) -> Descriptor:
        life = self.life(data, self.always)
        sizes = tuple(size if v in life else 0 for v, size in enumerate(self.by_version(data["size"])))
        fields = tuple(self.field(item, path + ("fields", i), life) for i, item in enumerate(data["fields"]))
        rules = tuple(self.rule(item, path + ("rules", i)) for i, item in enumerate(data.get("rules", ())))
        arrays = tuple(
            Array(name, item["of"], item["count"], self.by_version(item["offset"]), self.by_version(item["stride"]),
                  tuple(next(iter(rule.items())) for rule in item.get("rules", ())), self.said(item, path + ("arrays", name)))
            for name, item in data.get("arrays", {}).items())
        return Descriptor(key, data["name"], chapter, life, self.said(data, path), tuple(data.get("usages", ())), sizes, fields, rules, arrays,
                          next(iter(data.get("in_place_of", {}).items()), None))

    def chapter(self) -> Chapter:
        data = self.doc.data
        enums = [self.enum(k, v, ("enums", k)) for k, v in data.get("enums", {}).items()]
        self.enums.update({e.name: e for e in enums})
        sets = [self.flag_set(k, v, ("flags", k)) for k, v in data.get("flags", {}).items()]
        self.flags.update({s.name: s for s in sets})
        calls = [self.call(k, v, ("calls", k), data["chapter"]) for k, v in data.get("calls", {}).items()]
        tables = [self.descriptor(k, v, ("descriptors", k), data["chapter"]) for k, v in data.get("descriptors", {}).items()]
        return Chapter(data["chapter"], data["title"], data["doc"], self.doc.file, self.doc.digest,
                       self.doc.place(("chapter",)), tuple(enums), tuple(sets), tuple(calls), tuple(tables))


def registers(text: str | list[str]) -> tuple[tuple[int, ...], bool]:
    """'w4-w7', 'x3' or ['w1', 'w2'] as register numbers, and whether they are x registers."""
    if isinstance(text, list):
        numbers = tuple(int(part[1:]) for part in text)
        return numbers, text[0][0] == "x"
    first, _, last = text.partition("-")
    return tuple(range(int(first[1:]), int((last or first)[1:]) + 1)), first[0] == "x"


def span(text: str) -> tuple[int, int]:
    """'31:16' or '5' as (high, low)."""
    hi, _, lo = text.partition(":")
    return int(hi), int(lo or hi)


def codes(doc: Document, name: str, versions: tuple[str, ...]) -> Enum:
    """A table of errors.yaml as an enumeration of signed values."""
    builder = Builder(doc, versions, 0, {})
    values = []
    for i, item in enumerate(doc.data[name]["codes"]):
        path = (name, "codes", i)
        values.append(Enumerator(item["name"].lower(), item["value"], builder.life(item, builder.always),
                                 builder.said(item, path)))
    return Enum(name, tuple(values), builder.said(doc.data[name], (name,)), signed=True)


def build(sources: Sources) -> Spec:
    """Every document of the sources as one Spec."""
    root = sources.root.data
    versions = tuple(root["versions"])
    status = codes(sources.errors, "status", versions)
    smccc = codes(sources.errors, "smccc_status", versions)
    success = Enumerator("success", 0, Life(0, len(versions) - 1), Said(status.said.place, "the call completed"))
    result = Enum("result", (success, *status.values), status.said, signed=True)
    builtin = {"status": status, "result": result, "smccc_status": smccc}
    chapters = tuple(Builder(doc, versions, root["page_size"], builtin).chapter() for doc in sources.chapters)
    passed = {}
    for conv, said in root["registers"].items():
        count = said["count"] if isinstance(said["count"], dict) else {versions[0]: said["count"]}
        passed[conv] = tuple(count[max(v for v in count if v <= version)] for version in versions)
    digests = {doc.file: doc.digest for doc in (sources.root, sources.errors, *sources.chapters)}
    calls = {call.key: call for chapter in chapters for call in chapter.calls}
    descriptors = {d.key: d for chapter in chapters for d in chapter.descriptors}
    return Spec(root["prefix"], versions, tuple(root["alpha"]), root["page_size"], root["documents"],
                {conv: said["width"] for conv, said in root["registers"].items()}, passed,
                {conv: root["function_ids"][conv] for conv in CONVS}, root["function_ids"]["count"],
                root["instances"], root["conduits"], tuple(root["usages"]), status, smccc, chapters, digests, read_answers(sources.errors), calls,
                descriptors)
