"""table.tsv: what every cell came to, as it is committed; a run is compared with it."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .kept import version

TABLE = Path(__file__).resolve().parent / "table.tsv"
TOLERANCE = 1.03
COMPILERS = ("aarch64-linux-gnu-gcc", "aarch64-linux-gnu-g++", "arm-none-eabi-gcc", "clang-19")
Place = tuple[str, str, str, str]  # tree, part, compiler, optimisation


@dataclass(frozen=True)
class Entry:
    """Bytes of .text, the largest stack (None: the compiler does not say), what is called of the tree; or a word why there is nothing."""

    text: int
    stack: int | None = None
    calls: tuple[str, ...] = ()
    word: str = ""

    def __str__(self) -> str:
        return self.word or " ".join([f"{self.text}/{'-' if self.stack is None else self.stack}", *self.calls])


def entry(said: str) -> Entry:
    head, *calls = said.split()
    text, slash, stack = head.partition("/")
    if not slash:
        return Entry(0, word=said)
    return Entry(int(text), None if stack == "-" else int(stack), tuple(calls))


def made_by() -> list[str]:
    return [f"# {compiler}: {version(compiler)}" for compiler in COMPILERS]


def read(path: Path = TABLE) -> tuple[list[str], dict[Place, Entry]]:
    """The compilers, and the cells."""
    if not path.exists():
        return [], {}
    lines = path.read_text().splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    heads = [tuple(head.split()) for head in rows[0][2:]]
    cells = {(tree, part, *head): entry(said) for tree, part, *row in rows[1:] for head, said in zip(heads, row) if said}
    return [line for line in lines if line.startswith("#")], cells  # type: ignore[return-value]


def write(cells: Mapping[Place, Entry], trees: Sequence[str], parts: Sequence[str], heads: Sequence[tuple[str, str]], path: Path = TABLE) -> None:
    lines = [*made_by(), "\t".join(["tree", "part", *(" ".join(head) for head in heads)])]
    for tree in trees:
        for part in parts:
            row = [str(cells.get((tree, part, *head), "")) for head in heads]
            if any(row):
                lines.append("\t".join([tree, part, *row]))
    path.write_text("\n".join(lines) + "\n")


def worse(old: Entry, new: Entry) -> str:
    """What a cell has to be asked about, in words."""
    if old.word or new.word:
        return "" if old.word == new.word else f"{new} is not {old}"
    if more := sorted(set(new.calls) - set(old.calls)):
        return f"calls {', '.join(more)}"
    if new.text > old.text * TOLERANCE:
        return f"{new.text} bytes of .text, {old.text} before"
    return ""


def compare(cells: Mapping[Place, Entry]) -> list[str]:
    compilers, old = read()
    if compilers != made_by():
        print("table.tsv was made by other compilers: its numbers are not compared")
        return []
    found = []
    for place, made in cells.items():
        said = worse(old[place], made) if place in old else "is not in table.tsv"
        if said:
            found.append(f"{', '.join(place)}: {said}")
    return found
