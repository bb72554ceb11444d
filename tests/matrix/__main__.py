"""make matrix: each row of tests/flags.tsv x each copy of the library x gcc and clang x -Os and -O2.

Writes build/matrix.tsv, shows a table, and fails when a cell is not as it must be, with the compiler's message.
"""
from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from .objects import Objects, compile_all
from .subsets import CASES, FORMS, WHOLE, copied, library
from .trees import MAKERS, OPTIMISATIONS, ROOT, Row, rows

RESULT = ROOT / "build" / "matrix.tsv"
HEADS = ("tree", "part", "compiler", "optimisation", "result", "text", "stack", "function")
SUBSETS = (WHOLE, *(f"{case}, {form}" for case, form in product(CASES, FORMS)))


@dataclass(frozen=True)
class Cell:
    """One compilation."""

    tree: str
    subset: str
    maker: str
    optimisation: str
    row: Row | None  # None: there is no such compiler for the tree

    @property
    def arguments(self) -> str:
        case, _, form = self.subset.partition(", ")
        return f"{CASES[case]} FORM={form}"


@dataclass(frozen=True)
class Outcome:
    cell: Cell
    command: str
    problems: tuple[str, ...]
    made: Objects

    @property
    def result(self) -> str:
        """ok, or what is wrong in a few words."""
        if self.cell.row is None:
            return "no such compiler"
        kinds = dict.fromkeys(problem.partition(":")[0] if "\n" not in problem else "refused" for problem in self.problems)
        return ", ".join(kinds) or "ok"

    def line(self) -> str:
        cell, (stack, _, function) = self.cell, self.made.largest
        known = [str(self.made.text), str(stack), function] if cell.row is not None else ["-"] * 3
        if cell.row is not None and not self.made.stacks:
            known[1:] = ["-", "-"]
        return "\t".join([cell.tree, cell.subset, cell.maker, cell.optimisation, self.result, *known])


def cells(trees: list[str], subsets: list[str]) -> Iterator[Cell]:
    for row, subset, maker, optimisation in product(rows(), subsets, MAKERS, OPTIMISATIONS):
        if row.target in trees:
            yield Cell(row.target, subset, maker, optimisation, row.under(maker, optimisation))


def compile_cell(cell: Cell, copies: Path, folder: Path) -> Outcome:
    row = cell.row
    if row is None:
        return Outcome(cell, "", (), Objects())
    parts, includes = library(row) if cell.subset == WHOLE else copied(cell.arguments, row, copies)
    command = " ".join(row.command(includes))
    if shutil.which(row.program) is None:
        return Outcome(cell, command, (f"{row.program}: is not installed",), Objects())
    with tempfile.TemporaryDirectory(dir=folder) as here:
        made = compile_all(row, Path(here), parts, includes)
    return Outcome(cell, command, tuple(made.problems(row)), made)


def show(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """A line for each tree and part as soon as it is done, a column for each compiler and optimisation: .text and the largest stack."""
    heads = [f"{maker} {optimisation}" for maker, optimisation in product(MAKERS, OPTIMISATIONS)]
    print(f"bytes of .text/largest stack\n{'tree':12}{'part':22}" + "".join(f"{head:>16}" for head in heads), flush=True)
    shown: list[Outcome] = []
    for outcome in outcomes:
        made, cell = outcome.made, outcome.cell
        if len(shown) % len(heads) == 0:
            print(f"{cell.tree:12}{cell.subset:22}", end="")
        stack = f"/{made.largest[0]}" if made.stacks else ""
        said = {"ok": f"{made.text}{stack}", "no such compiler": "-"}.get(outcome.result, outcome.result.upper()[:15])
        shown.append(outcome)
        print(f"{said:>16}", end="\n" if len(shown) % len(heads) == 0 else "", flush=True)
    return shown


def chosen(said: str, known: list[str], what: str) -> list[str]:
    """Those that begin with one of the words, all without a word."""
    words = [word.strip() for word in said.split(";") if word.strip()]
    found = [name for name in known if not words or any(name == word or name.startswith(word + ",") for word in words)]
    if not found:
        raise SystemExit(f"matrix: no {what} is named {said}; there are {'; '.join(known)}")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(prog="matrix", description="Compiles every part of the library as every tree would.")
    parser.add_argument("--trees", default="", metavar="NAME;...", help="only these rows of tests/flags.tsv")
    parser.add_argument("--parts", default="", metavar="NAME;...", help="only these parts, such as library or share")
    parser.add_argument("--jobs", type=int, default=2)
    said = parser.parse_args()
    wanted = list(cells(chosen(said.trees, [row.target for row in rows()], "tree"), chosen(said.parts, list(SUBSETS), "part")))
    RESULT.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=RESULT.parent) as folder, ThreadPoolExecutor(said.jobs) as pool:
        copies = Path(folder) / "copies"
        for cell in wanted:  # one after the other: the generator is no faster in two threads, and a copy serves several cells
            if cell.row is not None and cell.subset != WHOLE:
                copied(cell.arguments, cell.row, copies)
        outcomes = show(pool.map(lambda cell: compile_cell(cell, copies, Path(folder)), wanted))
    RESULT.write_text("\n".join(["\t".join(HEADS), *(outcome.line() for outcome in outcomes)]) + "\n")
    wrong = [outcome for outcome in outcomes if outcome.problems]
    for outcome in wrong:
        cell = outcome.cell
        print(f"\n{cell.tree}: {cell.subset}: {outcome.command}\n" + "\n".join(outcome.problems[:20]), file=sys.stderr)
    compiled = sum(outcome.cell.row is not None for outcome in outcomes)
    print(f"\n{compiled} compilations, {len(wrong)} not as they must be; {RESULT.relative_to(ROOT)}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
