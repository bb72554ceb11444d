"""Which parts of C files a few names need: files are cut into declarations, and what nothing reaches is left out.

It reads the C that this project writes: declarations begin in column 0 and end with `;` or `}` there.
"""
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

WORD = re.compile(r"\b[A-Za-z_]\w*\b")
PASTED = re.compile(r"\b([A-Za-z_]\w*)##")
COMMENT = re.compile(r"/\*.*?\*/|\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])'", re.S)
INNER = re.compile(r"\{[^{}]*\}")
GUARD = re.compile(r"#ifndef (\w+_H)\n#define \1\n")
INCLUDE = re.compile(r"#include [<\"]([^>\"]+)[>\"]\n")


@dataclass(frozen=True)
class Item:
    """A declaration, a macro, or a block of conditional ones; with the comment above it."""

    text: str
    close: bool  # it follows the one before without an empty line

    @cached_property
    def code(self) -> str:
        return COMMENT.sub(" ", self.text)

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(WORD.findall(self.code))

    @cached_property
    def pasted(self) -> frozenset[str]:
        """Beginnings of words that a macro makes up."""
        return frozenset(PASTED.findall(self.code))

    @cached_property
    def names(self) -> frozenset[str]:
        """What it declares or defines."""
        return frozenset(declared(self.code))

    @cached_property
    def constant(self) -> bool:
        return re.match(r"\s*(enum \{|#define \w+ )", self.code) is not None

    @cached_property
    def hidden(self) -> bool:
        """Its names are those of its file alone, if that is no header."""
        return re.match(r"\s*((\w+_COLD )?static\b|#define|typedef\b|(struct|union|enum)( \w+)? \{)", self.code) is not None


def declared(code: str) -> Iterator[str]:
    """The names that a declaration, or each one in a conditional block, introduces."""
    if code.lstrip().startswith("#if"):
        lines = code.replace("\\\n", " ").splitlines()
        for item in cut("\n".join(line for line in lines if not re.match(r"#(if|el|end)", line)) + "\n"):
            yield from item.names
        return
    if macro := re.match(r"\s*#define (\w+)", code):
        yield macro[1]
        return
    head = code
    while (inner := INNER.sub("<>", head)) != head:
        head = inner
    if tag := re.match(r"\s*(?:typedef )?(?:struct|union|enum) (\w+) \{", code):
        yield tag[1]
    if re.match(r"\s*(typedef )?enum\b[^;({]*\{", code):
        body = code[code.index("{") + 1:code.rindex("}")]
        yield from re.findall(r"(?:^|,|\{)\s*(\w+)", body)
    elif re.match(r"\s*typedef\b", code):
        yield from re.findall(r"(\w+)(?:\([^()]*\))?;\s*$", code)
    elif call := re.search(r"\b(\w+)\(", head):
        yield call[1]
    elif named := re.search(r"\b(\w+)(\[[^\]]*\])*\s*(=|;)", head):
        yield named[1]


def cut(text: str) -> Iterator[Item]:
    """The text as items, comments with what they stand above."""
    lines = text.split("\n")
    held: list[str] = []
    i = 0
    last = -1
    while i < len(lines):
        line = lines[i]
        if not line.strip() and not held:
            i += 1
            continue
        start = i
        if not held:
            close = start == last
        if line.startswith("/*"):
            while "*/" not in lines[i]:
                i += 1
            i += 1
            held += lines[start:i]
            continue
        if not line.strip():  # a comment that stands alone speaks of the file
            held = []
            i += 1
            continue
        i = end_of(lines, i)
        yield Item("\n".join([*held, *lines[start:i]]) + "\n", close)
        held, last = [], i


def end_of(lines: list[str], i: int) -> int:
    """The line behind the item that begins in line i."""
    if lines[i].startswith("#if"):
        depth = 0
        while True:
            depth += lines[i].startswith("#if") - lines[i].startswith("#endif")
            i += 1
            if depth == 0:
                return i
    if lines[i].startswith("#"):
        while lines[i].endswith("\\"):
            i += 1
        return i + 1
    depth, comment = 0, False
    while True:
        bare = COMMENT.sub(" ", lines[i])
        if comment:
            comment, bare = "*/" not in bare, bare.partition("*/")[2]
        if "/*" in bare:
            comment, bare = True, bare.partition("/*")[0]
        depth += sum(bare.count(c) for c in "({") - sum(bare.count(c) for c in ")}")
        if depth == 0 and (bare.rstrip().endswith(";") or bare.startswith("}")):
            return i + 1
        i += 1


@dataclass(frozen=True)
class Source:
    """A C file as its banner, its includes and its items."""

    path: str
    banner: str
    guard: str  # "" of a .c file
    includes: tuple[str, ...]
    items: tuple[Item, ...]

    @property
    def header(self) -> bool:
        return bool(self.guard)

    def body(self, keep: Iterable[Item]) -> str:
        """Those of its items, in its order."""
        kept = set(map(id, keep))
        return "".join(("" if item.close else "\n") + item.text for item in self.items if id(item) in kept)


def read(path: str, text: str) -> Source:
    """A file of this project."""
    guard = GUARD.search(text)
    if guard:
        banner, body = text[:guard.start()], text[guard.end():text.rindex("#endif")]
        body = body.replace('#ifdef __cplusplus\nextern "C" {\n#endif\n', "").replace("#ifdef __cplusplus\n}\n#endif\n", "")
    else:
        first = INCLUDE.search(text)
        assert first, path
        banner, body = text[:first.start()], text[first.start():]
    includes = tuple(INCLUDE.findall(body))
    return Source(path, banner, guard[1] if guard else "", includes, tuple(cut(INCLUDE.sub("", body))))


@dataclass
class Library:
    """All files, with who defines what."""

    sources: Mapping[str, Source]
    public: dict[str, list[tuple[str, Item]]] = field(default_factory=dict)
    local: dict[tuple[str, str], list[Item]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for path, source in self.sources.items():
            for item in source.items:
                for name in item.names:
                    if source.header or not item.hidden:
                        self.public.setdefault(name, []).append((path, item))
                    else:
                        self.local.setdefault((path, name), []).append(item)

    def needs(self, path: str, item: Item) -> Iterator[tuple[str, Item]]:
        """What an item in that file mentions."""
        words = set(item.words)
        for start in item.pasted:
            words |= {name for name in self.public if name.startswith(start)}
        for word in words:
            if (path, word) in self.local:
                yield from ((path, found) for found in self.local[path, word])
            else:
                yield from self.public.get(word, ())

    def reach(self, roots: Iterable[str]) -> dict[str, list[Item]]:
        """The items that the names need, by file."""
        todo = [found for name in roots for found in self.public.get(name, ())]
        seen: dict[int, tuple[str, Item]] = {}
        while todo:
            path, item = todo.pop()
            if id(item) not in seen:
                seen[id(item)] = (path, item)
                todo += self.needs(path, item)
        kept: dict[str, list[Item]] = {}
        for path, item in seen.values():
            kept.setdefault(path, []).append(item)
        return kept

    def headers(self, path: str, items: Iterable[Item]) -> set[str]:
        """The headers that declare what the items mention."""
        found = {other for item in items for other, _ in self.needs(path, item)}
        return {other for other in found if other != path and self.sources[other].header}
