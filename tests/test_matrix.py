"""The matrix's own parts: the table, what is compared with it, and what is kept between runs.  test_compile.py tests its judges."""
from __future__ import annotations

from pathlib import Path

import pytest
from matrix import kept, objects, table
from matrix.__main__ import HEADS, SUBSETS, cells, chosen, compile_cell
from matrix.objects import Objects, stack_generated
from matrix.subsets import WHOLE
from matrix.table import Entry, entry, worse
from matrix.trees import MAKERS, OPTIMISATIONS, Row, rows

PLACE = ("tf-a", "library", "gcc", "-Os")
TREES = [row.target for row in rows()]


@pytest.mark.parametrize("said", ["139344/240", "134836/224 memcpy memset", "100/-", "-", "UNDEFINED, STACK"])
def test_entries_are_read_as_written(said: str) -> None:
    assert str(entry(said)) == said


@pytest.mark.parametrize(("old", "new", "said"), [
    (Entry(1000, 64), Entry(1030, 80), ""),
    (Entry(1000, 64), Entry(1031, 64), "1031 bytes of .text, 1000 before"),
    (Entry(1000, 64, ("memset",)), Entry(1000, 64), ""),
    (Entry(1000, 64, ("memset",)), Entry(1000, 64, ("memcpy", "memset")), "calls memcpy"),
    (Entry(0, word="-"), Entry(1000, 64), "1000/64 is not -"),
    (Entry(0, word="-"), Entry(0, word="-"), ""),
])
def test_what_is_worse(old: Entry, new: Entry, said: str) -> None:
    assert worse(old, new) == said


def test_a_table_is_read_as_written(tmp_path: Path) -> None:
    path = tmp_path / "table.tsv"
    known = {PLACE: Entry(10, 16), ("tf-a", "share, tree", "clang", "-O2"): Entry(11, None, ("memset",)), ("c99", "library", "gcc", "-Os"): Entry(0, word="-")}
    table.write(known, TREES, SUBSETS, HEADS, path)
    assert table.read(path) == (table.made_by(), known)
    assert [line.split("\t")[:2] for line in path.read_text().splitlines() if line[0] != "#"][1:] == [
        ["tf-a", "library"], ["tf-a", "share, tree"], ["c99", "library"]]


def test_a_run_is_compared_with_the_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "table.tsv"
    table.write({PLACE: Entry(100, 16)}, TREES, SUBSETS, HEADS, path)
    monkeypatch.setattr(table.read, "__defaults__", (path,))
    assert table.compare({PLACE: Entry(100, 16)}) == []
    assert table.compare({PLACE: Entry(104, 16)}) == ["tf-a, library, gcc, -Os: 104 bytes of .text, 100 before"]
    assert table.compare({(*PLACE[:3], "-O2"): Entry(1, 1)}) == ["tf-a, library, gcc, -O2: is not in table.tsv"]
    path.write_text(path.read_text().replace("# aarch64-linux-gnu-gcc: ", "# aarch64-linux-gnu-gcc: another "))
    assert table.compare({PLACE: Entry(200, 16)}) == [] and "other compilers" in capsys.readouterr().out


def test_the_committed_table_has_every_cell() -> None:
    """Of each row and part that it names, and the whole library of every row."""
    _, known = table.read()
    lines = {place[:2] for place in known}
    assert {(tree, WHOLE) for tree in TREES} <= lines
    for tree, part in lines:
        assert tree in TREES and part in SUBSETS
        for head in HEADS:
            found = known[tree, part, *head]
            assert found.text > 0 or found.word == "-" and tree == "msvc-like" and head[0] == "gcc"


def test_cells() -> None:
    """Everything with everything; only MSVC's options have no second compiler."""
    found = list(cells(TREES, list(SUBSETS)))
    assert len(found) == len(TREES) * len(SUBSETS) * len(MAKERS) * len(OPTIMISATIONS)
    assert {(cell.tree, cell.maker) for cell in found if cell.row is None} == {("msvc-like", "gcc")}


def test_choice() -> None:
    assert chosen("share; library", list(SUBSETS), "part") == ["library", "share, tree", "share, single"]
    with pytest.raises(SystemExit, match="no part is named shares"):
        chosen("shares", list(SUBSETS), "part")


def test_limits() -> None:
    """64 bytes, but for what README.md gives a reason for."""
    allowed = {(row.target, maker): stack_generated(made) for row in rows() for maker in MAKERS if (made := row.under(maker, "-Os"))}
    assert {place: size for place, size in allowed.items() if size != 64} == {
        **{(tree, maker): 128 for tree in ("arm32", "big-endian") for maker in MAKERS}, ("hafnium", "gcc"): 96,
        **{(tree, "clang"): 80 for tree in ("op-tee", "linux", "pkvm-nvhe", "c99", "msvc-like")}}


def test_a_source_is_compiled_again_when_something_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two, header = tmp_path / "src" / "a.c", tmp_path / "src" / "b.c", tmp_path / "include" / "a.h"
    one.parent.mkdir()
    header.parent.mkdir()
    one.write_text("#include <a.h>\nint f(void) { return N; }\n")
    two.write_text("#include <a.h>\nint g(void) { return f(); }\n")
    header.write_text("#define N 1\nint f(void);\nint g(void);\n")
    monkeypatch.setattr(kept, "FOLDER", tmp_path / "kept")
    compiled: list[list[str]] = []
    compile_each = objects.compile_each

    def counted(row: Row, folder: Path, sources: list[Path], includes: list[Path]) -> tuple[str, dict[Path, Objects]]:
        compiled.append([source.name for source in sources])
        return compile_each(row, folder, sources, includes)

    monkeypatch.setattr(kept, "compile_each", counted)
    cell = next(cells(["c99"], [WHOLE]))

    def run(row: Row | None) -> list[list[str]]:
        assert row is not None
        compiled.clear()
        kept.digest.cache_clear()
        sources = {"part": [one, two]}
        outcome = compile_cell(cell, row, (sources, [header.parent]), tmp_path)
        assert not outcome.problems
        assert outcome.made == objects.compile_all(row, tmp_path / f"plain{len(list(tmp_path.iterdir()))}", sources, [header.parent])
        return list(compiled)

    assert run(cell.row) == [["a.c", "b.c"]] and run(cell.row) == []
    one.write_text(one.read_text() + "\n")
    assert run(cell.row) == [["a.c"]]
    header.write_text(header.read_text() + "\n")
    assert run(cell.row) == [["a.c", "b.c"]] and run(cell.row) == []
    assert cell.row is not None and run(cell.row.under("gcc", "-O2")) == [["a.c", "b.c"]]
    two.write_text("#include <a.h>\nint g(void) { return h(); }\n")
    kept.digest.cache_clear()
    for _ in range(2):  # what was refused is not kept
        assert "implicit declaration" in compile_cell(cell, cell.row, ({"part": [one, two]}, [header.parent]), tmp_path).problems[0]
