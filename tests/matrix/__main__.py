"""make matrix: each row of tests/flags.tsv x each copy of the library x gcc and clang x -Os and -O2.

Shows a table, compares it with table.tsv (or makes it the table), and fails when a cell is not as it must be, with the compiler's
message, or worse than the table says.
"""
from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from . import table
from .kept import compile_changed
from .objects import Objects, above
from .subsets import CASES, FORMS, WHOLE, Sources, copied, library
from .trees import MAKERS, OPTIMISATIONS, ROOT, Row, rows

BUILD = ROOT / "build"
HEADS = tuple(product(MAKERS, OPTIMISATIONS))
SUBSETS = (WHOLE, *(f"{case}, {form}" for form, case in product(FORMS, CASES)))
NO_COMPILER = "-"


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
    def place(self) -> table.Place:
        return self.cell.tree, self.cell.subset, self.cell.maker, self.cell.optimisation

    @property
    def entry(self) -> table.Entry:
        """What came of it, or what is wrong in a few words."""
        if self.cell.row is None:
            return table.Entry(0, word=NO_COMPILER)
        kinds = dict.fromkeys(problem.partition(":")[0] if "\n" not in problem else "refused" for problem in self.problems)
        stack = self.made.largest[0] if self.made.stacks else None
        return table.Entry(self.made.text, stack, tuple(sorted(self.made.undefined)), ", ".join(kinds).upper())


def cells(trees: list[str], subsets: list[str]) -> Iterator[Cell]:
    """Part by part: a copy is made once for trees with the same types."""
    for subset, row, (maker, optimisation) in product(subsets, rows(), HEADS):
        if row.target in trees:
            yield Cell(row.target, subset, maker, optimisation, row.under(maker, optimisation))


def sources(cell: Cell, row: Row, copies: Path) -> Sources:
    return library(row) if cell.subset == WHOLE else copied(cell.arguments, row, copies)


def compile_cell(cell: Cell, row: Row, found: Sources, folder: Path) -> Outcome:
    parts, includes = found
    command = " ".join(row.command(includes))
    if shutil.which(row.program) is None:
        return Outcome(cell, command, (f"{row.program}: is not installed",), Objects())
    with tempfile.TemporaryDirectory(dir=folder) as here:
        made = compile_changed(row, Path(here), parts, includes)
    return Outcome(cell, command, tuple(made.problems(row)), made)


def show(outcomes: Iterable[Outcome], then: Callable[[list[Outcome]], None]) -> list[Outcome]:
    """A line for each tree and part as soon as it is done, a column for each compiler and optimisation; then gets the line."""
    print(f"bytes of .text/largest stack, and what is called of the tree\n{'tree':12}{'part':22}"
          + "".join(f"{' '.join(head):>22}" for head in HEADS), flush=True)
    shown: list[Outcome] = []
    for outcome in outcomes:
        cell = outcome.cell
        if len(shown) % len(HEADS) == 0:
            print(f"{cell.tree:12}{cell.subset:22}", end="")
        shown.append(outcome)
        ends = len(shown) % len(HEADS) == 0
        print(f"{str(outcome.entry)[:21]:>22}", end="\n" if ends else "", flush=True)
        if ends:
            then(shown[-len(HEADS):])
    return shown


def run(wanted: list[Cell], jobs: int, then: Callable[[list[Outcome]], None]) -> list[Outcome]:
    """Copies are made one after the other, because the generator is no faster in two threads, while others are compiled."""
    BUILD.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILD) as name, ThreadPoolExecutor(1) as copier, ThreadPoolExecutor(jobs) as pool:
        folder = Path(name)

        def start(cell: Cell) -> Future[Outcome]:
            row = cell.row
            if row is None:
                return pool.submit(Outcome, cell, "", (), Objects())
            found = copier.submit(sources, cell, row, folder / "copies")
            return pool.submit(lambda: compile_cell(cell, row, found.result(), folder))

        return show((future.result() for future in [start(cell) for cell in wanted]), then)


def chosen(said: str, known: list[str], what: str) -> list[str]:
    """Those that begin with one of the words, all without a word."""
    words = [word.strip() for word in said.split(";") if word.strip()]
    found = [name for name in known if not words or any(name == word or name.startswith(word + ",") for word in words)]
    if not found:
        raise SystemExit(f"matrix: no {what} is named {said}; there are {'; '.join(known)}")
    return found


def wide(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """The functions of generated/ above the general limit, where their row allows more."""
    for outcome in outcomes:
        if found := sorted((stack for stack in outcome.made.stacks if above(stack)), reverse=True):
            yield f"{', '.join(outcome.place)}: " + ", ".join(f"{name} {size}" for size, _, name in found)


def entries(outcomes: Iterable[Outcome]) -> dict[table.Place, table.Entry]:
    return {outcome.place: outcome.entry for outcome in outcomes if not outcome.problems}


def update(outcomes: Iterable[Outcome]) -> None:
    """Puts what is as it must be into the table; other cells stay."""
    table.write(table.read()[1] | entries(outcomes), [row.target for row in rows()], SUBSETS, HEADS)


def main() -> int:
    parser = argparse.ArgumentParser(prog="matrix", description="Compiles every part of the library as every tree would.")
    parser.add_argument("--trees", default="", metavar="NAME;...", help="only these rows of tests/flags.tsv")
    parser.add_argument("--parts", default="", metavar="NAME;...", help="only these parts, such as library or share")
    parser.add_argument("--update", action="store_true", help="what is made is the table from now on")
    parser.add_argument("--jobs", type=int, default=2)
    said = parser.parse_args()
    wanted = list(cells(chosen(said.trees, [row.target for row in rows()], "tree"), chosen(said.parts, list(SUBSETS), "part")))
    outcomes = run(wanted, said.jobs, update if said.update else lambda _: None)
    wrong = [outcome for outcome in outcomes if outcome.problems]
    for outcome in wrong:
        cell = outcome.cell
        print(f"\n{cell.tree}: {cell.subset}: {outcome.command}\n" + "\n".join(outcome.problems[:20]), file=sys.stderr)
    compiled = sum(outcome.cell.row is not None for outcome in outcomes)
    print("", *wide(outcomes), "", f"{compiled} cells, {len(wrong)} not as they must be", sep="\n")
    worse = [] if said.update else table.compare(entries(outcomes))
    for line in worse:
        print(f"table.tsv: {line}", file=sys.stderr)
    return 1 if wrong or worse else 0


if __name__ == "__main__":
    sys.exit(main())
