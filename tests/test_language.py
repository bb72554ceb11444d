"""spec/README.md and spec/tables.md, held to what they say: every fragment passes the checks and becomes the C that is printed below it.

A fence tells how its fragment is put into a chapter:
  chapter     keys of a chapter file; chapter, title and doc are supplied where they are left out
  call        calls, by key
  entry       entries of the request of FFA_EXAMPLE (SMC32; "entry smc64", "entry both" for the others)
  layout      regs and rules of that request
  success     the success of that call, whose request is empty
  enum, flags enumerations and flag sets, each the type of one register of FFA_EXAMPLE
  codes       rows of errors.yaml, instead of those with the same names
Registers of FFA_EXAMPLE that a fragment does not mention are reserved here.  "wrong" before one of these words: the
fragment is refused, and the text block below it is the message.  Calls, enumerations and flag sets of a fragment take the
place of those of the same name in spec/.
"""
from __future__ import annotations

import copy
import re
import tempfile
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from codegen import checks, subset
from codegen.__main__ import ROOT
from codegen.emit import Printer
from codegen.kinds import KINDS
from codegen.load import Document, Sources, check_shape, load, read_yaml
from codegen.model import Spec, build, registers
from codegen.problems import SpecError
from codegen.ref import Context, Reference, Refused
from codegen.rules import RULES, WAIVABLE

SPEC = ROOT / "spec"
PAGES = (SPEC / "README.md", SPEC / "tables.md", SPEC / "decisions.md")
SCHEMA = yaml.safe_load((SPEC / "schema.yaml").read_text())
FENCE = re.compile(r"^```(\w*) *([^\n]*)\n(.*?)^```$", re.M | re.S)
ELLIPSIS = re.compile(r"^\s*/\* \.\.\. \*/\s*$", re.M)
WRAPS = ("chapter", "call", "entry", "layout", "success", "enum", "flags", "codes")
FIDS = {"smc32": 0x840000F0, "smc64": 0xC40000F0}  # of FFA_EXAMPLE: in the range of FF-A, used by no call


@dataclass(eq=False)
class Fragment:
    """A yaml block of the page and the blocks that say what becomes of it."""

    line: int
    info: str
    text: str
    becomes: list[tuple[str, str]] = field(default_factory=list)

    @property
    def words(self) -> list[str]:
        return self.info.split()

    @property
    def wrong(self) -> bool:
        return self.words[0] == "wrong"

    def __str__(self) -> str:
        return f"line {self.line}: {self.info}"


def page() -> str:
    """Both pages; lines are counted through."""
    return "".join(file.read_text() for file in PAGES)


def fences() -> list[tuple[int, str, str, str]]:
    """(line, language, rest of the info string, text) of every fenced block."""
    text = page()
    return [(text.count("\n", 0, m.start()) + 1, m[1], m[2], m[3]) for m in FENCE.finditer(text)]


def fragments() -> list[Fragment]:
    found: list[Fragment] = []
    for line, language, info, text in fences():
        if language == "yaml":
            found.append(Fragment(line, info, text))
        elif language in ("c", "md", "text"):
            assert found, f"line {line}: nothing stands before this block"
            found[-1].becomes.append((language, text))
    return found


FRAGMENTS = fragments()
RIGHT = [f for f in FRAGMENTS if not f.wrong]
WRONG = [f for f in FRAGMENTS if f.wrong]


@cache
def sources() -> Sources:
    return load(SPEC)


def filled(regs: list[dict[str, Any]], convs: list[str]) -> list[dict[str, Any]]:
    """The entries, and reserved ones for the registers that none of them mentions."""
    used = {reg for entry in regs for reg in registers(entry["reg"])[0]}
    rest = [{"reg": f"w{i}", "reserved": "mbz"} for i in range(1, 8) if i not in used]
    if "smc64" in convs:
        rest += [{"reg": f"x{i}", "reserved": "sbz"} for i in range(8, 18) if i not in used]
    return regs + rest


def example(convs: list[str], request: dict[str, Any], **parts: Any) -> dict[str, Any]:
    """FFA_EXAMPLE with that request."""
    request = request | {"regs": filled(request["regs"], convs)}
    return {"calls": {"example": {"doc": "An example", "ref": "DEN0077A 1.0", **{c: FIDS[c] for c in convs}, "request": request, **parts}}}


def wrapped(wrap: str, convs: list[str], data: Any) -> dict[str, Any]:
    """The fragment as the keys of a chapter."""
    if wrap == "chapter":
        return dict(data)
    if wrap == "call":
        return {"calls": data}
    if wrap in ("enum", "flags"):
        types = [{"reg": f"w{i}", "name": name, "type": name} for i, name in enumerate(data, 1)]
        return {"enums" if wrap == "enum" else "flags": data} | example(convs, {"regs": types})
    if wrap == "success":
        answered = ["smc32"] if data.get("as") == "smc32" else convs
        return example(convs, {"regs": []}, success=data | {"regs": filled(data["regs"], answered)})
    return example(convs, {"regs": data} if wrap == "entry" else data)


def paths_of(wrap: str) -> tuple[str, ...]:
    """Where the fragment stands in its chapter, for the lines of messages."""
    return {"chapter": (), "call": ("calls",), "enum": ("enums",), "flags": ("flags",), "success": ("calls", "example", "success"),
            "entry": ("calls", "example", "request", "regs"), "layout": ("calls", "example", "request")}[wrap]


def described(fragment: Fragment) -> tuple[Spec, list[str]]:
    """The description with the fragment in it, and the calls of the fragment; SpecError when it is refused."""
    *_, wrap = (w for w in fragment.words if w in WRAPS)
    convs = {"smc64": ["smc64"], "both": ["smc32", "smc64"]}.get(fragment.words[-1], ["smc32"])
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "example.yaml")
        file.write_text(fragment.text)
        doc = read_yaml(file, file.name)
    real = copy.deepcopy(sources())
    if wrap == "codes":
        rows = {row["name"]: row for row in real.errors.data["status"]["codes"]} | {row["name"]: row for row in doc.data}
        real.errors.data["status"]["codes"] = list(rows.values())
        return build(real), []
    data = {"chapter": "example", "title": "Example", "doc": "An example"} | wrapped(wrap, convs, doc.data)
    lines = {paths_of(wrap) + path: line for path, line in doc.lines.items()}
    chapter = Document("example.yaml", data, lines, doc.digest)
    problems = check_shape(chapter, SCHEMA)
    if problems:
        raise SpecError(problems)
    for other in real.chapters:
        for kind in ("calls", "enums", "flags"):
            for name in data.get(kind, {}):
                other.data.get(kind, {}).pop(name, None)
    # The fragment comes last: what it replaces cannot be named twice.
    return build(Sources(real.root, real.errors, (*real.chapters, chapter))), list(data.get("calls", {}))


@cache
def generated(fragment: Fragment) -> dict[str, str]:
    """Every file that comes of the fragment, by path; SpecError when it is refused."""
    spec, calls = described(fragment)
    problems = checks.run(spec)
    if problems:
        raise SpecError(problems)
    if calls:
        spec = subset.pick_calls(spec, calls)
    return Printer(spec, spec.prefix, "test").files()


def folded(text: str) -> str:
    return " ".join(text.split())


def holds(file: str, block: str) -> bool:
    """Do the pieces of the block occur in the file, whole words and in order?"""
    at, text = 0, f" {folded(file)} "
    for piece in ELLIPSIS.split(block):
        if piece.strip():
            found = text.find(f" {folded(piece)} ", at)
            if found < 0:
                return False
            at = found + len(folded(piece)) + 1
    return True


@pytest.mark.parametrize("fragment", RIGHT, ids=str)
def test_fragment(fragment: Fragment) -> None:
    """The fragment is accepted and becomes what the page prints."""
    files = generated(fragment)
    assert fragment.becomes, "the page does not show what becomes of it"
    for language, block in fragment.becomes:
        endings = {"c": (".c", ".h"), "md": (".md",), "text": ()}[language]
        assert any(holds(text, block) for path, text in files.items() if path.endswith(endings)), block


@pytest.mark.parametrize("fragment", WRONG, ids=str)
def test_refused_fragment(fragment: Fragment) -> None:
    """The fragment is refused with the messages that the page prints."""
    with pytest.raises(SpecError) as refused:
        generated(fragment)
    assert fragment.becomes == [("text", f"{refused.value}\n")]


def test_comparison_can_fail() -> None:
    """A block in which one number or name is another is not found."""
    for fragment in RIGHT:
        files = generated(fragment).values()
        for _, block in fragment.becomes:
            words = re.findall(r"\w{3,}", block)
            for word in (words[0], words[-1]):
                assert not any(holds(text, re.sub(rf"\b{word}\b", f"{word}7", block)) for text in files), (str(fragment), word)


def test_fences() -> None:
    """Nothing stands in a fence that no test looks at."""
    for line, language, info, _ in fences():
        assert language in ("yaml", "c", "md", "text"), f"line {line}"
        words = info.split()
        assert [w for w in words if w in WRAPS] == words[int("wrong" in words):][:1] if language == "yaml" else not info, f"line {line}"


# -- the page is complete ------------------------------------------------------------------------------------------------


def collected(node: Any, what: str) -> set[str]:
    """What a part of the schema, and what it refers to, has as properties (their names) or as enum (the words)."""
    found: set[str] = set()
    if isinstance(node, dict):
        here = node.get(what)
        found |= {word for word in here if isinstance(word, str)} if isinstance(here, dict if what == "properties" else list) else set()
        for key, value in node.items():
            found |= collected(SCHEMA["$defs"][value.rsplit("/", 1)[-1]] if key == "$ref" else value, what)
    elif isinstance(node, list):
        for value in node:
            found |= collected(value, what)
    return found


PARTS = ("chapter", "title", "doc", "enums", "flags", "calls", "descriptors")  # of a chapter


def keywords() -> set[str]:
    """The keywords of enumerations, flag sets and calls, of ffa.yaml and of errors.yaml."""
    found = {*PARTS, *sources().root.data, *sources().errors.data}
    return found.union(*(collected(SCHEMA["properties"][part], "properties") for part in PARTS))


def words() -> set[str]:
    """The words that can stand as the value of one of them, but versions."""
    return set().union(*(collected(SCHEMA["properties"][part], "enum") for part in PARTS)) - set(sources().root.data["versions"])


def mentioned() -> set[str]:
    """The first word of every code span outside of fences."""
    return {span.split()[0].rstrip(":") for span in re.findall(r"`([^`]+)`", FENCE.sub("", page()))}


@pytest.mark.parametrize("keyword", sorted(keywords()))
def test_keyword_is_explained(keyword: str) -> None:
    assert keyword in mentioned()


@pytest.mark.parametrize("word", sorted(words()))
def test_word_is_explained(word: str) -> None:
    spans = " ".join(re.findall(r"`([^`]+)`", FENCE.sub("", page())))
    assert re.search(rf"\b{word}\b", spans)


def rows(heading: str) -> list[list[str]]:
    """The rows of the table in a section."""
    section = page().split(f" {heading}\n", 1)[1].split("\n#", 1)[0]
    table = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table[2:]]


def test_types() -> None:
    """The table has every type, with its C type."""
    said: dict[str, str] = {}
    for names, ctypes, _ in rows("Fields and types"):
        if names.startswith("`"):
            said |= dict(zip(re.findall(r"`(.+?)`", names), re.findall(r"`(.+?)`", ctypes), strict=True))
    assert said == {kind.name: kind.ctype for kind in KINDS.values()}


def test_rules() -> None:
    """The table has every rule of an entry and of a layout; what it says can be waived can be."""
    said = {cells[0].strip("`"): (cells[2].strip("`"), cells[3]) for cells in rows("Rules")}
    assert set(SCHEMA["$defs"]["rule"]["properties"]) <= set(said) <= keywords()
    assert {"min", "max", "multiple_of", "bias", "zero_unless", "only_at"} <= set(said)
    for keyword, (violation, waived) in said.items():
        assert waived == ("yes" if violation in WAIVABLE else "no"), keyword


def test_what_can_be_waived() -> None:
    sentence = re.search(r"Only ((?:[^.])*?) can be waived", page())
    assert sentence and sorted(re.findall(r"`(\w+)`", sentence[1])) == sorted(WAIVABLE)


def test_violations() -> None:
    """Every violation is explained."""
    spans = set(re.findall(r"`([A-Z]+)`", page()))
    assert spans == set(RULES) - {"OK", "END"}


# -- the order of judgement ----------------------------------------------------------------------------------------------

ORDER = """
enums:
  kinds: { doc: Kinds, ref: DEN0077A 1.1, values: { a: 1, b: 3, c: 8 } }
flags:
  hard: { doc: Hard, ref: DEN0077A 1.1, reserved: mbz, bits: { go: { at: 0 } } }
  soft: { doc: Soft, ref: DEN0077A 1.1, reserved: sbz, bits: { go: { at: 0 } } }
calls:
  example:
    doc: Every rule at once
    ref: DEN0077A 1.1
    since: "1.1"
    smc32: 0x840000F0
    smc64: { "1.2": 0xC40000F0 }
    request:
      regs:
        - { reg: w7, bits: "31:16", name: late, type: u16, since: "1.3" }
        - { reg: w7, bits: "31:16", reserved: mbz, until: "1.2" }
        - { reg: w1, name: mark, value: 7 }
        - { reg: w2, name: asked, type: function_id, fid_of: rxtx_map }
        - { reg: w3, bits: "31:16", reserved: mbz }
        - { reg: w3, bits: "15:0", reserved: sbz }
        - { reg: w4, name: count, type: u32, bias: 1 }
        - { reg: w6, bits: "31:28", name: kind, type: kinds }
        - { reg: w5, bits: "7:0", name: number, type: u8, max: limit, multiple_of: 8, zero_unless: hard.go, only_at: [ns_phys] }
        - { reg: w5, bits: "15:8", name: limit, type: u8 }
        - { reg: w5, bits: "23:16", name: hard, type: hard }
        - { reg: w5, bits: "31:24", name: length, type: u8, max: 80 }
        - { reg: w6, bits: "27:16", name: soft, type: soft }
        - { reg: w6, bits: "15:0", name: one, type: u16 }
        - { reg: w7, bits: "15:0", name: two, type: u16 }
        - { reg: x8-x17, name: text, type: bytes, length: length }
      rules: [{ both_or_neither: [one, two] }]
"""


def said_order(number: int) -> list[str]:
    """The violations of one numbered list of the section, in the order in which the page has them."""
    section = page().split("## The order", 1)[1].split("\n## ", 1)[0]
    lists = re.findall(r"(?:^\d\. .*\n(?:^ .*\n)*)+", section, re.M)
    return re.findall(r"`([A-Z]+)`", lists[number])


@pytest.fixture(scope="module")
def reference() -> Reference:
    spec, _ = described(Fragment(0, "chapter", ORDER))
    assert not checks.run(spec)
    return Reference(spec)


def test_order_of_unpacking(reference: Reference) -> None:
    """Registers that break everything, mended one by one, break the rules in the order of the page."""
    x = [0xC40000F1, 0, 0, 0x1_0001_0001, 0xFFFFFFFF, 0, 1, 0, 1, *[0] * 9]
    version, instance, found = 0, "s_phys", []
    w5 = {"number": 1, "limit": 0, "hard": 0}
    mends: list[dict[str, Any]] = [
        {"x0": 0xC40000F0}, {"version": 1}, {"version": 3}, {"x1": 7}, {"x2": 0x84000066}, {"x3": 0x10001}, {"x3": 1}, {"x3": 0},
        {"x4": 0}, {"x6": 1 << 28 | 1}, {"limit": 100}, {"number": 8}, {"hard": 1}, {"instance": ""}, {"x7": 1}, {"x8": 0}, {}]
    for mend in mends:
        x[5] = w5["number"] | w5["limit"] << 8 | w5["hard"] << 16
        try:
            reference.unpack_request("example", Context(version, frozenset(), instance), x)
        except Refused as no:
            found.append(no.rule)
        version, instance = mend.get("version", version), mend.get("instance", instance)
        for name, value in mend.items():
            if name in w5:
                w5[name] = value
            elif name[0] == "x":
                x[int(name[1:])] = value
    assert len(found) == len(mends) - 1 and found == said_order(0)


def test_order_of_packing(reference: Reference) -> None:
    """The same for values that are packed."""
    values: dict[str, Any] = {"late": 1, "asked": 0, "count": 0, "kind": 0, "number": 0, "limit": 100, "hard": 2, "length": 0, "soft": 2, "one": 1, "two": 0,
                              "text": []}
    version, found = 0, []
    mends: list[dict[str, Any]] = [
        {"version": 2}, {"asked": 0x84000066}, {"late": 0}, {"count": 1}, {"hard": 1}, {"soft": 0}, {"kind": 1}, {"two": 1}, {}]
    for mend in mends:
        try:
            reference.pack_request("example", Context(version), "smc32", values)
        except Refused as no:
            found.append(no.rule)
        version = mend.get("version", version)
        values |= {name: value for name, value in mend.items() if name in values}
    assert len(found) == len(mends) - 1 and found == said_order(1)


# -- what it says of the description -------------------------------------------------------------------------------------


def at(path: str) -> Any:
    """What stands at 'chapter: a.b.0' in spec/."""
    chapter, _, keys = path.partition(": ")
    node = next(doc.data for doc in sources().chapters if doc.data["chapter"] == chapter)
    for key in keys.split("."):
        node = node[int(key)] if isinstance(node, list) else node[key]
    return node


@pytest.mark.parametrize("row", rows("Where sources differ"), ids=lambda row: row[0])
def test_judgement(row: list[str]) -> None:
    """The description says what the page quotes, where the page says it does."""
    _, judgement, where, quote = row
    text = yaml.safe_dump(at(where.strip("`")), width=10_000)
    assert judgement and quote.strip('"') in text
