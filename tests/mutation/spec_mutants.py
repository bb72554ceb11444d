# SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later
"""Every number and flag of spec/*.yaml, changed in turn: what the change is, where it stands, and whom it touches.

A place (register, bits, offset) cannot change alone, since the description states each bit exactly once: it changes together with its
neighbour, by exchange, by moving their boundary, or by moving into what is reserved behind it.  The same holds for the version in
which one layout follows another.
"""
from __future__ import annotations

import copy
import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from codegen.load import Document, Sources, dotted
from codegen.model import Spec, registers, span

Path = tuple[Any, ...]
Edit = tuple[Path, Any]


class Mark(enum.Enum):
    """A value that stands for none; it stays itself between processes."""

    GONE = 0


GONE = Mark.GONE
VERSIONS = ("1.0", "1.1", "1.2", "1.3")


@dataclass(frozen=True)
class Mutant:
    file: str
    line: int
    path: str
    kind: str
    what: str
    status: str  # alpha, unconfirmed or empty: what the description itself says of the fact
    touches: frozenset[str]  # calls, tables, and shared things: status, errno, violations
    edits: tuple[Edit, ...] = field(compare=False)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.path}: {self.what}"


def mutated(sources: Sources, mutants: list[Mutant]) -> Sources:
    """The description with these changes; lines and digests stay as they are."""
    def changed(doc: Document) -> Document:
        edits = [edit for m in mutants if m.file == doc.file for edit in m.edits]
        if not edits:
            return doc
        data = copy.deepcopy(doc.data)
        # Whatever is taken away, last and from the back: it would move what stands behind it.
        for path, value in sorted(edits, key=lambda e: (e[1] is GONE, [-p if isinstance(p, int) else 0 for p in e[0]])):
            node = data
            for part in path[:-1]:
                node = node[part]
            if value is GONE:
                del node[path[-1]]
            else:
                node[path[-1]] = value
        return Document(doc.file, data, doc.lines, doc.digest)

    return replace(sources, root=changed(sources.root), errors=changed(sources.errors), chapters=tuple(changed(d) for d in sources.chapters))


def certainty(data: Any, path: Path) -> str:
    """What the statement, or anything that it stands in, says of itself."""
    found, node = "", data
    for part in (*path, None):
        if isinstance(node, dict):
            since = node.get("since", "")
            own = node.get("status", "")
            found = (own if isinstance(own, str) else "") or found or ("alpha" if since == VERSIONS[-1] else "")
        if part is None or not isinstance(node, (dict, list)) or (isinstance(node, dict) and part not in node):
            break
        node = node[part]
    return "alpha" if not found and VERSIONS[-1] in path else found


class Finder:
    """All mutants of one document."""

    def __init__(self, doc: Document, spec: Spec) -> None:
        self.doc, self.spec = doc, spec
        self.touches: frozenset[str] = frozenset()

    def make(self, path: Path, kind: str, what: str, *edits: Edit, of: frozenset[str] | None = None) -> Mutant:
        return Mutant(self.doc.file, self.doc.line(path), dotted(path), kind, what, certainty(self.doc.data, path),
                      self.touches if of is None else of, edits)

    def chapter(self) -> Iterator[Mutant]:
        data = self.doc.data
        for group, walk in (("enums", self.enum), ("flags", self.flags)):
            for key, item in data.get(group, {}).items():
                users = re.compile(rf"'type': '{key}'")
                self.touches = frozenset([*(k for k, v in data.get("calls", {}).items() if users.search(str(v))),
                                          *(f"table:{k}" for k, v in data.get("descriptors", {}).items() if users.search(str(v)))])
                yield from walk((group, key), item)
        for key, item in data.get("calls", {}).items():
            self.touches = frozenset([key])
            yield from self.call(("calls", key), item)
        for key, item in data.get("descriptors", {}).items():
            self.touches = frozenset([f"table:{key}"])
            yield from self.table(("descriptors", key), item)

    # -- shared by all objects -------------------------------------------------------------------------------------------

    def life(self, path: Path, item: Any) -> Iterator[Mutant]:
        if not isinstance(item, dict):
            return
        for key in ("since", "until"):
            for step in (-1, 1):
                if key in item and 0 <= (at := VERSIONS.index(item[key]) + step) < len(VERSIONS):
                    yield self.make(path, "version", f"{key} {item[key]} -> {VERSIONS[at]}", (path + (key,), VERSIONS[at]))

    def numbers(self, path: Path, item: dict[str, Any]) -> Iterator[Mutant]:
        """Rules with a number: another number, and none."""
        for key in ("min", "max", "multiple_of", "bias", "value"):
            old = item.get(key)
            new = 8192 if old == "page_size" else old * 2 if key == "multiple_of" and isinstance(old, int) else old
            if isinstance(old, int) and key != "multiple_of":
                new = old + 1 if key != "max" else old - 1
            if isinstance(new, int):
                yield self.make(path, key, f"{key} {old} -> {new}", (path + (key,), new))
            if old is not None and key not in ("value", "bias"):
                yield self.make(path, key, f"without {key} {old}", (path + (key,), GONE))
        for key in ("zero_unless", "only_at", "zero_below"):
            if key in item:
                yield self.make(path, key, f"without {key}", (path + (key,), GONE))
        if isinstance(item.get("zero_below"), dict):
            for name, number in item["zero_below"].items():
                yield self.make(path, "zero_below", f"{name} {number} -> {number + 1}", (path + ("zero_below", name), number + 1))
        if "reserved" in item:
            other = {"mbz": "sbz", "sbz": "mbz"}[item["reserved"]]
            yield self.make(path, "reserved", f"{item['reserved']} -> {other}", (path + ("reserved",), other))

    def rules(self, path: Path, item: dict[str, Any]) -> Iterator[Mutant]:
        for i, rule in enumerate(item.get("rules", ())):
            yield self.make(path + ("rules", i), "rule", f"without {next(iter(rule))}", (path + ("rules", i), GONE))

    def succession(self, path: Path, items: list[dict[str, Any]]) -> Iterator[Mutant]:
        """The version in which one layout follows another, of all that change there."""
        for before, after in zip(VERSIONS, VERSIONS[1:]):
            old = [i for i, e in enumerate(items) if e.get("until") == before]
            new = [i for i, e in enumerate(items) if e.get("since") == after]
            for step in (-1, 1):
                first = VERSIONS.index(after) + step
                if old and new and 0 < first < len(VERSIONS):
                    edits = [(path + (i, "until"), VERSIONS[first - 1]) for i in old] + [(path + (i, "since"), VERSIONS[first]) for i in new]
                    yield self.make(path + (new[0],), "version", f"the layout of {after} from {VERSIONS[first]} on", *edits)

    def enum(self, path: Path, item: dict[str, Any]) -> Iterator[Mutant]:
        taken = {v if isinstance(v, int) else v["value"] for v in item["values"].values()}
        for name, said in item["values"].items():
            at = path + ("values", name)
            old = said if isinstance(said, int) else said["value"]
            edit = at if isinstance(said, int) else at + ("value",)
            new = next(n for n in range(old + 1, old + 300) if n not in taken)
            yield self.make(at, "enumerator", f"{old} -> {new}", (edit, new))
            smaller = next((n for n in range(old) if n not in taken), None)
            if smaller is not None:
                yield self.make(at, "enumerator", f"{old} -> {smaller}", (edit, smaller))
            yield from self.life(at, said)
        yield from self.exchanges(path, item["values"], "enumerator", "value")

    def exchanges(self, path: Path, items: dict[str, Any], kind: str, key: str) -> Iterator[Mutant]:
        """The numbers of two neighbours exchanged: the set of numbers stays, so only who knows their meaning can tell."""
        group = "values" if kind == "enumerator" else "bits"
        said = list(items.items())
        for (a, x), (b, y) in zip(said, said[1:]):
            one, two = (v if isinstance(v, int) else v[key] for v in (x, y))
            places = [path + (group, n) if isinstance(v, int) else path + (group, n, key) for n, v in ((a, x), (b, y))]
            yield self.make(path + (group, a), kind, f"{a} and {b} exchanged", (places[0], two), (places[1], one))

    def flags(self, path: Path, item: dict[str, Any]) -> Iterator[Mutant]:
        yield from self.numbers(path, {"reserved": item["reserved"]})
        taken = {bit["at"] for bit in item["bits"].values()}
        for name, bit in item["bits"].items():
            at = path + ("bits", name)
            new = next(n for n in range(bit["at"] + 1, 99) if n not in taken)
            yield self.make(at, "flag", f"at {bit['at']} -> {new}", (at + ("at",), new))
            yield from self.life(at, bit)
            if "only_at" in bit:
                yield self.make(at, "only_at", "without only_at", (at + ("only_at",), GONE))
        yield from self.exchanges(path, item["bits"], "flag", "at")

    # -- calls -----------------------------------------------------------------------------------------------------------

    def call(self, path: Path, item: dict[str, Any]) -> Iterator[Mutant]:
        for conv, base in (("smc32", 0x840000E0), ("smc64", 0xC40000E0)):
            given = item.get(conv)
            places = [(path + (conv,), given)] if isinstance(given, int) else [(path + (conv, v), fid) for v, fid in (given or {}).items()]
            for place, fid in places:
                other = [(path + (c,), item[c] & ~0xFF | 0xE0) for c in ("smc32", "smc64") if c != conv and isinstance(item.get(c), int)]
                yield self.make(place, "function id", f"{fid:#x} -> {base:#x}", (place, base), *other)
            for version in given if isinstance(given, dict) else ():
                at = VERSIONS.index(version) + (1 if version < VERSIONS[-1] else -1)
                if VERSIONS[at] not in given:
                    yield self.make(path + (conv, version), "version", f"{conv} from {version} -> {VERSIONS[at]}",
                                    (path + (conv, version), GONE), (path + (conv, VERSIONS[at]), given[version]))
        yield from self.life(path, item)
        for instance, conduits in item.get("instances", {}).items():
            for conduit in conduits:
                left = [c for c in conduits if c != conduit]
                place = path + ("instances", instance)
                yield self.make(place, "instance", f"without {conduit}", (place, left if left else GONE))
        for part in ("request", "success", "error"):
            if part in item:
                yield from self.layout(path + (part,), item[part], part)
        for i, reply in enumerate(item.get("replies", ())):
            place = path + ("replies", i)
            yield self.make(place, "reply", f"without {reply if isinstance(reply, str) else reply['call']}", (place, GONE))
            if isinstance(reply, dict):
                yield from self.life(place, reply)
                if "conv" in reply:
                    yield self.make(place, "reply", "in any convention", (place + ("conv",), GONE))
        for code, said in item.get("errors", {}).items():
            place = path + ("errors", code)
            yield self.make(place, "error of a call", f"without {code}", (place, GONE))
            yield from self.life(place, said)
        if "malformed" in item:
            yield self.make(path + ("malformed",), "malformed", "without malformed", (path + ("malformed",), GONE))
        for key, old in item.get("buffer", {}).items():
            new = {"in": {"tx": "rx", "rx": "tx", "tx_or_address": "tx"}, "usage": {"share": "lend"}}.get(key, {}).get(old)
            if new or key == "usage":
                yield self.make(path + ("buffer",), "buffer", f"{key} {old} -> {new or 'share'}", (path + ("buffer", key), new or "share"))

    def layout(self, path: Path, item: dict[str, Any], part: str) -> Iterator[Mutant]:
        regs, at = item["regs"], path + ("regs",)
        if item.get("as") == "smc32":
            yield self.make(path, "as", "in the convention of the request", (path + ("as",), GONE))
        for i, entry in enumerate(regs):
            yield from self.life(at + (i,), entry)
            yield from self.numbers(at + (i,), entry)
        for i, (one, two) in enumerate(zip(regs, regs[1:])):
            yield from self.neighbours(at, i, one, two)
        yield from self.succession(at, regs)
        yield from self.rules(path, item)

    def neighbours(self, at: Path, i: int, one: dict[str, Any], two: dict[str, Any]) -> Iterator[Mutant]:
        """Two entries that follow each other in one layout."""
        def place(entry: dict[str, Any]) -> tuple[int, bool, int]:
            (numbers, wide), bits = registers(entry["reg"]), span(entry["bits"]) if "bits" in entry else (-1, 0)
            return len(numbers), wide, bits[0] - bits[1]

        if any(one.get(k) != two.get(k) for k in ("since", "until", "conv")):
            return
        if place(one) == place(two) and ("reserved" not in one or "reserved" not in two):
            edits = [(at + (i + n, key), entry[key]) for n, entry in ((0, two), (1, one)) for key in ("reg", "bits") if key in entry]
            yield self.make(at + (i,), "place", f"{label(one)} and {label(two)} exchanged", *edits)
        if one["reg"] == two["reg"] and "bits" in one and "bits" in two:
            yield from self.boundary(at, i, one, two)
        (first, wide), (rest, _) = registers(one["reg"]), registers(two["reg"])
        if "reserved" not in one and "reserved" in two and "bits" not in one and "bits" not in two and rest[0] == first[-1] + 1:
            letter, moved = "x" if wide else "w", tuple(n + 1 for n in first)
            yield self.make(at + (i,), "place", f"{label(one)} one register on", (at + (i, "reg"), text_of(one["reg"], letter, moved)),
                            (at + (i + 1, "reg"), [*one_run(letter, (first[0], *rest[1:]))][0]),
                            *([(at + (i + 1,), GONE)] if False else []))

    def boundary(self, at: Path, i: int, one: dict[str, Any], two: dict[str, Any]) -> Iterator[Mutant]:
        (hi, lo), (top, low) = span(one["bits"]), span(two["bits"])
        if lo != top + 1:
            return
        for a, b, fits in ((lo + 1, top + 1, hi > lo), (lo - 1, top - 1, top > low)):
            if fits:
                yield self.make(at + (i,), "bits", f"{label(one)} and {label(two)} meet at bit {a}, not {lo}",
                                (at + (i, "bits"), f"{hi}:{a}"), (at + (i + 1, "bits"), f"{b}:{low}"))

    # -- tables ----------------------------------------------------------------------------------------------------------

    def table(self, path: Path, item: dict[str, Any]) -> Iterator[Mutant]:
        key, at = path[1], path + ("fields",)
        fields, known = item["fields"], self.spec.descriptors[path[1]].fields
        for i, field in enumerate(fields):
            yield from self.life(at + (i,), field)
            yield from self.numbers(at + (i,), field)
            for usage in field.get("in", ()):
                left = [u for u in field["in"] if u != usage]
                yield self.make(at + (i,), "usage", f"not in {usage}", (at + (i, "in"), left if left else GONE))
        for i, (one, two) in enumerate(zip(fields, fields[1:])):
            a, b = known[i], known[i + 1]
            if any(one.get(k) != two.get(k) for k in ("since", "until", "in")):
                continue
            if "bits" in one and "bits" in two and one["at"] == two["at"]:
                yield from self.boundary(at, i, one, two)
                if a.hi - a.lo == b.hi - b.lo and ("reserved" not in one or "reserved" not in two) and "when" not in one and "when" not in two:
                    yield self.make(at + (i,), "place", f"{label(one)} and {label(two)} exchanged",
                                    (at + (i, "bits"), two["bits"]), (at + (i + 1, "bits"), one["bits"]))
            elif "bits" not in one and "bits" not in two and a.at + a.size == b.at and ("reserved" not in one or "reserved" not in two):
                yield self.make(at + (i,), "place", f"{label(one)} and {label(two)} exchanged",
                                (at + (i, "at"), a.at + b.size), (at + (i + 1, "at"), a.at))
        yield from self.succession(at, fields)
        yield from self.rules(path, item)
        for version, size in (item["size"] if isinstance(item["size"], dict) else {"": item["size"]}).items():
            place = path + ("size", version) if version else path + ("size",)
            yield self.make(place, "size", f"{size} -> {size + 8}", (place, size + 8))
        yield from self.arrays(path, item, key)

    def arrays(self, path: Path, item: dict[str, Any], key: str) -> Iterator[Mutant]:
        for name, array in item.get("arrays", {}).items():
            place = path + ("arrays", name)
            for word in ("offset", "stride"):
                given = array[word] if isinstance(array[word], dict) else {"": array[word]}
                for version, number in given.items():
                    if isinstance(number, int):
                        where = place + ((word, version) if version else (word,))
                        yield self.make(where, "array", f"{word} {number} -> {number + 8}", (where, number + 8))
            yield from self.rules(place, array)


def label(item: dict[str, Any]) -> str:
    return item.get("name", "reserved bits")


def text_of(old: Any, letter: str, numbers: tuple[int, ...]) -> Any:
    """Registers as the description writes them: one, a run, or a pair."""
    if isinstance(old, list):
        return [f"{letter}{n}" for n in numbers]
    return f"{letter}{numbers[0]}" if len(numbers) == 1 else f"{letter}{numbers[0]}-{letter}{numbers[-1]}"


def one_run(letter: str, numbers: tuple[int, ...]) -> Iterator[Any]:
    """A run of registers with a hole cannot be written in one piece: the place in front of it alone, when the rest is empty."""
    yield f"{letter}{numbers[0]}" if len(numbers) == 1 else f"{letter}{numbers[0]}"


def shared(sources: Sources, spec: Spec) -> Iterator[Mutant]:
    """errors.yaml and ffa.yaml."""
    errors = Finder(sources.errors, spec)
    data = sources.errors.data
    for group in ("status", "smccc_status"):
        of = frozenset(["status" if group == "status" else "version"])
        for i, item in enumerate(data[group]["codes"]):
            path = (group, "codes", i)
            errors.touches = of
            yield errors.make(path, "error code", f"{item['name']} {item['value']} -> -20", (path + ("value",), -20))
            yield from errors.life(path, item)
    for rule, code in data["violations"]["codes"].items():
        path, new = ("violations", "codes", rule), "DENIED"
        yield errors.make(path, "violation", f"{code} -> {new}", (path, new), of=frozenset(["violations"]))
    for system, item in data["errno"].items():
        for code, name in item["codes"].items():
            path = ("errno", system, "codes", code)
            new = "EINTR" if name != "EINTR" else "EBUSY"
            yield errors.make(path, "errno", f"{name} -> {new}", (path, new), of=frozenset([f"errno:{system}"]))
        path = ("errno", system, "unknown")
        yield errors.make(path, "errno", f"{item['unknown']} -> EINTR", (path, "EINTR"), of=frozenset([f"errno:{system}"]))
    for name, number in data["errno_numbers"].items():
        path = ("errno_numbers", name)
        yield errors.make(path, "errno", f"{number} -> {number + 200}", (path, number + 200), of=frozenset(f"errno:{s}" for s in data["errno"]))
    root = Finder(sources.root, spec)
    root.touches = frozenset(["*"])
    data = sources.root.data
    yield root.make(("page_size",), "page size", "4096 -> 8192", (("page_size",), 8192))
    for conv, item in data["registers"].items():
        for version, count in (item["count"].items() if isinstance(item["count"], dict) else [("", item["count"])]):
            path = ("registers", conv, "count") + ((version,) if version else ())
            yield root.make(path, "registers", f"{count} -> {count - 1}", (path, count - 1))


def all_mutants(sources: Sources, spec: Spec) -> list[Mutant]:
    found = [m for doc in sources.chapters for m in Finder(doc, spec).chapter()]
    return [*found, *shared(sources, spec)]
