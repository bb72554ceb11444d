"""The numbers of a run: blocks of rows, their file, and what became worse than the baseline."""
from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import measure

BASELINE = measure.HERE / "baseline.tsv"
TOLERANCE = 1.03
Key = tuple[str, str, str]
Row = dict[str, int]


@dataclass
class Block:
    """Rows of one kind; limits are columns of code that is not the library's, which the baseline does not judge."""

    heads: Key
    columns: list[str]
    limits: tuple[str, ...] = ()
    rows: dict[Key, Row] = field(default_factory=dict)

    def lines(self) -> list[str]:
        out = ["\t".join([*self.heads, *self.columns])]
        return out + ["\t".join([*key, *(str(row.get(c, "-")) for c in self.columns)]) for key, row in self.rows.items()]


def on_both(columns: list[str]) -> list[str]:
    """aarch64 has the plain name."""
    return [f"{machine}{column}" for machine in ("", "host_") for column in columns]


def compilers() -> list[str]:
    return [f"# {machine.name}: {machine.version()} {' '.join(machine.flags)}" for machine in (measure.AARCH64, measure.HOST)]


def write(blocks: list[Block], path: Path) -> None:
    parts = ["\n".join(block.lines()) for block in blocks]
    path.write_text("\n".join(compilers()) + "\n" + "\n\n".join(parts) + "\n")


def read(path: Path) -> tuple[list[str], dict[Key, Row]]:
    """The compilers, and the rows of all blocks: no two of them have the same key."""
    text = path.read_text()
    with_ = [line for line in text.splitlines() if line.startswith("#")]
    rows: dict[Key, Row] = {}
    for part in "\n".join(line for line in text.splitlines() if not line.startswith("#")).split("\n\n"):
        heads, *lines = [line.split("\t") for line in part.splitlines()]
        for first, second, third, *numbers in lines:
            rows[first, second, third] = {c: int(n) for c, n in zip(heads[3:], numbers) if n != "-"}
    return with_, rows


def compare(blocks: list[Block]) -> list[str]:
    """What became worse than the baseline; a compiler that is not the baseline's says nothing about the code."""
    with_, old = read(BASELINE)
    other = [name for name, a, b in zip(("aarch64", "host"), with_, compilers()) if a != b]
    for name in other:
        print(f"the baseline was made by another {name} compiler: its numbers are not compared")
    worse = []
    for block in blocks:
        for key, row in block.rows.items():
            for column, number in row.items():
                machine = "host" if column.startswith("host_") else "aarch64"
                before = old.get(key, {}).get(column)
                counted = key[1].startswith(("letters", "messages"))  # texts are to grow
                if before is None or machine in other or counted or column in block.limits:
                    continue
                if number > before * TOLERANCE:
                    worse.append(f"{' '.join(part for part in key if part)}: {column} {before} -> {number}")
    return worse
