"""From the plans to what the templates print: every name, list and number final."""
from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from .codec import LOWER, UPPER, Codec, KeyIds, plan
from .conditions import ALWAYS, Cond, condition, points_of
from .model import CONVS, Call, Chapter, Life, Said, Spec
from .names import Names
from .proofs import CallProof, Who, whose
from .rules import FIXED_FIELDS


@dataclass(frozen=True)
class CodecView:
    """A codec with its C names."""

    codec: Codec
    name: str  # of its static functions
    struct: str
    function: str
    scope: str  # "static " or nothing
    fid_test: str
    fid_value: str
    plain: bool  # a success without parameters, which core.c reads and writes
    spec: Spec

    def __getattr__(self, key: str) -> Any:
        return getattr(self.codec, key)

    @property
    def read_upper(self) -> bool:
        return self.codec.both and any(s.where.form == "word" for g in self.codec.groups for s in g.slots)

    @property
    def judge_conv(self) -> bool:
        return self.codec.both

    @property
    def steps(self) -> list[dict[str, Any]]:
        """The slow test as a table: conditions become sets of versions and conventions."""
        found = []
        for step in self.codec.refuse:
            points = points_of(step.cond, frozenset(self.codec.points), self.spec.versions)
            live = sum(1 << (version + (4 if conv == "smc64" else 0)) for version, conv in points)
            upper = {"none": 0, "all": 1, "narrow": 2}[step.upper]
            found.append({"mask": step.mask, "field": step.field, "first": step.first, "last": step.last, "rule": step.rule,
                          "upper": upper, "live": live})
        return found

    @property
    def narrow(self) -> bool:
        """Does the unpacker need the bits that SMC32 does not pass?"""
        return self.codec.both and any(r.narrow for r in self.codec.refused)

    @property
    def unpack_conv(self) -> bool:
        """Does the unpacker look at the convention?"""
        k = self.codec
        return k.both

    @property
    def pack_uses_ctx(self) -> bool:
        k = self.codec
        return not self.scope or bool(k.late or k.fits or k.checks or k.key_ids)

    @property
    def zero_high(self) -> bool:
        return all(not s.terms for s in self.codec.stores if s.reg > 7)

    @property
    def low_stores(self) -> list[Any]:
        return [s for s in self.codec.stores if s.reg <= 7 or not self.zero_high]


def is_plain(codec: Codec) -> bool:
    """Registers 1 to 7 reserved, nothing else: the answer of most calls."""
    steps = [(s.first, s.last, s.upper, s.mask, s.rule) for s in codec.refuse]
    return not codec.members and steps == [(0, 0, "all", 0, "MBZ"), (1, 7, "all", LOWER, "MBZ")]


def codec_view(spec: Spec, names: Names, call: Call, part: str) -> CodecView | None:
    layout = {"": call.request, "success": call.success, "error": call.error}[part]
    if layout is None:
        return None
    codec = plan(spec, call, layout, part)
    base = "_".join(p for p in (call.key, part) if p)
    test = value = ""
    if codec.fid:
        if codec.both:
            test = f"((uint32_t)x[0] & ~(uint32_t)FFABI_SMC64) != {names.number(codec.fid)}"
            value = f"{names.number(codec.fid)} | (uint32_t)conv"
        else:
            test = f"(uint32_t)x[0] != {names.fid(codec.fid, codec.convs[0])}"
            value = names.fid(codec.fid, codec.convs[0])
    plain = part == "success" and is_plain(codec)
    public = part == ""
    function = names.struct(base) if public else base
    return CodecView(codec, base, f"struct {names.struct(base)}", function, "" if public else "static ",
                     test if public else "", value, plain, spec)


@dataclass(frozen=True)
class Follow:
    """A call that can complete another, under a condition."""

    key: str
    cond: Cond
    args: bool
    both: bool


@dataclass(frozen=True)
class FollowGroup:
    carrier: str
    same: bool
    members: tuple[Follow, ...]


class CallView:
    """One call, or carried message, with its request and its reply."""

    def __init__(self, spec: Spec, names: Names, call: Call) -> None:
        self.spec, self.names, self.call = spec, names, call
        self.key, self.name = call.key, call.name
        request = codec_view(spec, names, call, "")
        assert request is not None
        self.request = request
        self.success = codec_view(spec, names, call, "success")
        self.error = codec_view(spec, names, call, "error")
        self.args = bool(request.members)
        self.both = request.both
        self.proof = CallProof(spec, names, call)
        self.struct = request.struct
        self.fids = [(conv, spec.versions[since] if since > call.life.first else "", fid)
                     for conv, given in call.fids.items() for since, fid in given]

    @property
    def number(self) -> int:
        return next(fid for _, _, fid in self.fids) & ~0x40000000

    @property
    def live(self) -> int:
        """Bit n: in SMC32 of version n, bit 4 + n: in SMC64."""
        return sum(1 << (version + (4 if conv == "smc64" else 0)) for version in range(len(self.spec.versions)) for conv in CONVS
                   if self.spec.fid(self.call, conv, version) is not None)

    @property
    def legal(self) -> int:
        """Four bits an instance, one for each conduit; all where the description says nothing."""
        given = self.call.instances or self.spec.carrier_of(self.call).instances
        conduits, every = list(self.spec.conduits), list(self.spec.instances)
        bits = [1 << (4 * every.index(instance) + conduits.index(conduit)) for instance, ways in given.items() for conduit in ways]
        return sum(bits) if given else 0xFFFF

    @property
    def comment(self) -> str:
        lines = [f"{self.name}: {self.call.said.doc}.", self.life_text(), *self.instance_lines()]
        said = self.call.said
        if said.status:
            lines.append(f"Status: {said.status}{'. ' + sentence(said.note) if said.note else '.'}")
        elif said.note:
            lines.append(sentence(said.note))
        if self.call.request.said.note:
            lines.append(sentence(self.call.request.said.note))
        return block_comment([line for line in lines if line])

    def life_text(self) -> str:
        life, versions = self.call.life, self.spec.versions
        refs = refs_text(self.call.said)
        if life.last == len(versions) - 1:
            return f"{refs}; from version {versions[life.first]} on."
        return f"{refs}; versions {versions[life.first]} to {versions[life.last]}."

    def instance_lines(self) -> list[str]:
        where = [f"{key} ({', '.join(conduits)})" for key, conduits in self.call.instances.items()]
        return [f"Legal at {'; '.join(where)}."] if where else []


def sentence(text: str) -> str:
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def refs_text(said: Said) -> str:
    return "; ".join(text for _, text in said.ref)


def block_comment(lines: list[str]) -> str:
    """Lines of prose as one C comment of at most 96 columns."""
    import textwrap

    wrapped = [part for line in lines for part in textwrap.wrap(line.replace("*/", "* /"), 92)]
    if len(wrapped) == 1 and len(wrapped[0]) <= 90:
        return f"/* {wrapped[0]} */"
    return "/*\n" + "\n".join(" * " + line for line in wrapped) + "\n */"


class ReplyView:
    """The sum type that answers one call."""

    def __init__(self, view: CallView, views: dict[str, CallView]) -> None:
        call, spec, names = view.call, view.spec, view.names
        self.view = view
        self.without_fid = call.success is not None and call.success.as_ == "version"
        self.split = view.success.keys[0] if self.without_fid and view.success else None
        self.conv = "conv" if view.both else f"FFABI_{view.request.convs[0].upper()}"
        smc32 = view.success is not None and (view.success.layout.as_ == "smc32" or not view.success.both)
        only = view.success.convs[0].upper() if view.success else ""
        self.success_conv = f"FFABI_{only}" if smc32 else "conv"
        groups: dict[tuple[str, bool], list[Follow]] = {}
        points = frozenset(view.request.points)
        for reply in call.replies:
            if reply.call not in views:
                continue
            target = views[reply.call]
            here = frozenset(p for p in points if p[0] in reply.life and p[0] in target.call.life)
            cond = condition(here, points, spec.versions) if reply.life != call.life else ALWAYS
            carrier = target.call.carrier or target.key
            groups.setdefault((carrier, reply.same), []).append(Follow(target.key, cond, target.args, target.both))
        self.follow = [FollowGroup(carrier, same, tuple(members)) for (carrier, same), members in groups.items()]
        self.union = []
        if view.success and view.success.members:
            self.union.append({"name": "success", "struct": view.success.struct})
        self.union.append({"name": "error", "struct": view.error.struct if view.error else f"struct {names.struct('error')}"})
        for group in self.follow:
            for member in group.members:
                if member.args:
                    self.union.append({"name": member.key, "struct": f"struct {names.struct(member.key)}"})
        conv = ", enum ffabi_conv conv" if view.both else ""
        reply_struct = f"struct {names.struct(call.key)}_reply"
        base = f"enum ffabi_rule {names.struct(call.key)}_reply"
        self.unpack_proto = f"{base}_unpack(struct ffabi_ctx *c{conv}, const struct ffabi_regs *in, {reply_struct} *out)"
        self.pack_proto = f"{base}_pack(struct ffabi_ctx *c{conv}, const {reply_struct} *in, struct ffabi_regs *out)"

    @property
    def unpack_uses_conv(self) -> bool:
        return self.success_conv == "conv" and self.view.success is not None or any(g.same for g in self.follow)

    @property
    def pack_uses_conv(self) -> bool:
        success = self.view.success is not None and self.view.success.both
        return success or any(g.same and m.both for g in self.follow for m in g.members)

    @property
    def comment(self) -> str:
        call = self.view.call
        kinds = ["FFA_SUCCESS"] if call.success else []
        kinds += ["FFA_ERROR"] + [r.call for r in call.replies]
        lines = [f"{self.view.name} is answered by {', '.join(kinds)}." if not self.without_fid
                 else f"{self.view.name} is answered in w0, without a function id."]
        if call.success and call.success.said.note:
            lines.append(sentence(call.success.said.note))
        for meaning in call.meanings:
            life = f" (from {self.view.spec.versions[meaning.life.first]})" if meaning.life.first > call.life.first else ""
            lines.append(f"{meaning.code}{life}: {meaning.text}")
        if self.view.both:
            lines.append("conv is the convention of the request.")
        return block_comment(lines)


class ChapterView:
    """A chapter file: two headers and two sources."""

    def __init__(self, chapter: Chapter, calls: list[CallView], chapter_of: dict[str, str], views: dict[str, CallView]) -> None:
        self.key, self.title, self.doc = chapter.key, chapter.title, chapter.doc
        self.calls = calls
        self.enums, self.flags = used_tables(chapter, calls)
        self.sources = [chapter.file]
        needed = {chapter.key, chapter_of["error"]}
        for call in calls:
            for group in call.reply.follow:  # type: ignore[attr-defined]
                needed |= {chapter_of[m.key] for m in group.members}
        self.reply_includes = sorted(needed)
        keys = dict.fromkeys(["error", *(m.key for c in calls for g in c.reply.follow for m in g.members)])  # type: ignore[attr-defined]
        self.delegates = [views[key] for key in keys]


def used_tables(chapter: Chapter, calls: list[CallView]) -> tuple[list[Any], list[Any]]:
    """The enumerations and flag sets of the chapter that the chosen calls use."""
    used = set()
    for view in calls:
        for layout in (view.call.request, view.call.success, view.call.error):
            for entry in layout.entries if layout else ():
                used |= {t.name for t in (entry.enum, entry.flags) if t is not None}
    return [e for e in chapter.enums if e.name in used], [f for f in chapter.flags if f.name in used]


@dataclass(frozen=True)
class SumMember:
    key: str
    args: bool
    both: bool
    struct: str
    test: str


@dataclass(frozen=True)
class Family:
    carrier: str
    members: tuple[SumMember, ...]
    field: str
    reg: int


@dataclass(frozen=True)
class Sum:
    """A sum over requests, by function id or by carrier and constants."""

    name: str
    doc: str
    unpack_doc: str
    includes: list[str]
    members: list[SumMember]
    families: list[Family]
    proof: list[Who]


class TableChapter:
    """The tables of a chapter: one header and one source."""

    def __init__(self, chapter: Chapter, library: Library) -> None:
        from .recordview import RecordView, chapter_tables

        self.key, self.title, self.doc, self.sources = chapter.key, chapter.title, chapter.doc, [chapter.file]
        taken = {t.name for c in library.chapters if c.key == chapter.key for t in (*c.enums, *c.flags)}
        self.tables = chapter_tables(chapter, taken)
        self.records = [RecordView(library.spec, library.names, d) for d in chapter.descriptors]


class Library:
    """Everything that is printed."""

    def __init__(self, spec: Spec, names: Names) -> None:
        self.spec, self.names = spec, names
        self.views = {key: CallView(spec, names, call) for key, call in spec.calls.items()}
        for view in self.views.values():
            view.reply = ReplyView(view, self.views)  # type: ignore[attr-defined]
        self.calls = list(self.views.values())
        chapter_of = {call.key: chapter.key for chapter in spec.chapters for call in chapter.calls}
        self.chapters = [
            ChapterView(chapter, [self.views[c.key] for c in chapter.calls if c.key in self.views], chapter_of, self.views)
            for chapter in spec.chapters]
        self.chapters = [chapter for chapter in self.chapters if chapter.calls]
        self.table_chapters = [TableChapter(chapter, self) for chapter in spec.chapters if chapter.descriptors]
        used = {m.name for v in self.calls for k in (v.request, v.success, v.error) if k for m in k.members}
        used |= {e.name for v in self.calls for c in (v.request, v.success, v.error) if c for e in c.layout.entries if e.name}
        used |= {f.name for d in spec.descriptors.values() for f in d.fields if f.name}
        self.fields = sorted(used - set(FIXED_FIELDS))

    def sum_member(self, view: CallView) -> SumMember:
        tests = [f"(x[{k.reg}] & {hex_(k.mask)}) == {hex_(k.value)}" for k in view.request.keys]
        tests += [key_ids(self.names, k, f"(uint32_t)x[{k.reg}]", True) for k in view.request.key_ids]
        life = view.call.life
        if tests and life != self.spec.carrier_of(view.call).life:
            first, last = self.spec.versions[life.first], self.spec.versions[life.last]
            tests.insert(0, f"ffabi_speaks(c, {self.names.version(first)}, {self.names.version(last)})")
        return SumMember(view.key, view.args, view.both, view.struct, " && ".join(tests))

    def request(self) -> Sum:
        members = [self.sum_member(v) for v in self.calls if not v.call.carrier]
        includes = [c.key for c in self.chapters if any(not v.call.carrier for v in c.calls)]
        return Sum("request", "Any request, told apart by its function id.",
                   "FFABI_E_FID when no call of this library has the function id.", includes, members, [], whose(self.spec, self.names, False))

    def message(self) -> Sum:
        carried = [v for v in self.calls if v.call.carrier]
        families = []
        for carrier in dict.fromkeys(v.call.carrier for v in carried):
            members = tuple(self.sum_member(v) for v in carried if v.call.carrier == carrier)
            first = next(v for v in carried if v.call.carrier == carrier).request
            told = [(k.field, k.reg) for k in first.keys] + [(k.member.name, k.reg) for k in first.key_ids]
            families.append(Family(carrier, members, *(told[0] if told else ("none", 0))))
        includes = [c.key for c in self.chapters if any(v.call.carrier for v in c.calls)]
        return Sum("message", "Messages that travel in the registers of another call: feature queries, framework messages, protocols.",
                   "FFABI_E_FID when the call carries no messages, FFABI_E_KEY when it carries none that is known.",
                   includes, [self.sum_member(v) for v in carried], families,
                   whose(self.spec, self.names, True))


def hex_(value: int) -> str:
    """A mask or value of a 64-bit register."""
    return f"{value:#x}u" if value <= LOWER else f"{value:#x}ull"


def hex32(value: int) -> str:
    return f"{value:#010x}u" if value > 0xFFFF else f"{value:#x}u"


def key_ids(names: Names, key: KeyIds, text: str, positive: bool = False) -> str:
    """Is the text one (or none) of the function ids?"""
    tests = []
    for cond, conv in key.ids:
        test = f"{text} == {names.fid(key.call, conv)}"
        if not cond.always:
            test = f"(c->version >= {names.version(cond.since)} && {test})"
        tests.append(test)
    if positive:
        return " || ".join(tests) if len(tests) == 1 else f"({' || '.join(tests)})"
    return f"!({' || '.join(tests)})"


def ctype_bits(ctype: str) -> int:
    found = re.search(r"(\d+)_t$", ctype)
    return int(found.group(1)) if found else 0


def life_note(spec: Spec, life: Life) -> str:
    """'from 1.1', '1.0 to 1.1' or nothing."""
    if life.first == 0 and life.last == len(spec.versions) - 1:
        return ""
    if life.last == len(spec.versions) - 1:
        return f"from {spec.versions[life.first]}"
    if life.first == life.last:
        return f"{spec.versions[life.first]} only"
    return f"{spec.versions[life.first]} to {spec.versions[life.last]}"


__all__ = ["Library", "UPPER"]
