"""The library compiles unchanged in every tree that might embed it: tests/flags.tsv holds the flags of each.

Each row as its tree has it; `make matrix` takes every copy of the library, both compilers and two optimisations.
"""
from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from matrix import coff
from matrix.objects import ASSEMBLY, GENERATED, RUNTIME, Objects, compile_all
from matrix.subsets import INCLUDES, library
from matrix.trees import Row, rows

HEADERS = sorted(header for folder in INCLUDES for header in folder.rglob("*.h"))
ROWS = rows()


@pytest.fixture(scope="module")
def compiled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[Objects]]]:
    """Every row that is tested, being compiled two at a time."""
    wanted = {item.callspec.params["row"].target for item in request.session.items
              if item.module is request.module and getattr(item, "callspec", None) is not None and "row" in item.callspec.params}
    folder = tmp_path_factory.mktemp("compile")
    with ThreadPoolExecutor(2) as pool:
        yield {row.target: pool.submit(compile_all, row, folder / row.target, *library(row))
               for row in ROWS if row.target in wanted}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.target)
def test_tree(row: Row, compiled: dict[str, Future[Objects]]) -> None:
    if shutil.which(row.program) is None:
        pytest.skip(f"{row.program} is not installed")
    found = compiled[row.target].result()
    print("largest stacks:", ", ".join(f"{name} {size}" for size, _, name in sorted(found.stacks, reverse=True)[:3]))
    problems = list(found.problems(row))
    if problems:
        pytest.fail(f"{row.target}: {' '.join(row.command(library(row)[1]))}\n" + "\n".join(problems), pytrace=False)


def test_object_names() -> None:
    """TF-A and EDK2 compile all sources of a library into one folder: two files of one name would be one object."""
    names = [path.stem for path in GENERATED + RUNTIME + ASSEMBLY]
    twice = sorted(name for name in set(names) if names.count(name) > 1)
    assert not twice, f"in generated/src and in runtime: {twice}"


def test_one_relocatable_object(tmp_path: Path) -> None:
    """No name is defined twice, even where the whole library is one object."""
    if shutil.which("aarch64-linux-gnu-gcc") is None:
        pytest.skip("aarch64-linux-gnu-gcc is not installed")
    objects = []
    for part, sources in (("generated", GENERATED), ("runtime", RUNTIME + ASSEMBLY)):
        (tmp_path / part).mkdir()
        command = ["aarch64-linux-gnu-gcc", "-O0", "-c", *(f"-I{folder}" for folder in INCLUDES), *map(str, sources)]
        subprocess.run(command, cwd=tmp_path / part, check=True)
        objects += sorted(map(str, (tmp_path / part).glob("*.o")))
    subprocess.run(["aarch64-linux-gnu-ld", "-r", "-o", tmp_path / "ffabi.o", *objects], check=True)
    left = subprocess.run(["aarch64-linux-gnu-nm", "-u", tmp_path / "ffabi.o"], capture_output=True, text=True, check=True)
    assert left.stdout == ""


@pytest.mark.parametrize("command", ["aarch64-linux-gnu-gcc -std=c99 -pedantic", "clang++-19 -std=c++17 -x c++ -ffreestanding"])
def test_headers(command: str, tmp_path: Path) -> None:
    """Each header can be the first one that a source includes, and can be included twice."""
    words = command.split()
    if shutil.which(words[0]) is None:
        pytest.skip(f"{words[0]} is not installed")
    sources = []
    for header in HEADERS:
        source = tmp_path / f"{header.stem}.c"
        include = f"#include <{header.parent.name}/{header.name}>\n"
        source.write_text(include * 2 + "extern int not_empty;\n")
        sources.append(str(source))
    flags = ["-Wall", "-Wextra", "-Werror", "-fsyntax-only", *(f"-I{folder}" for folder in INCLUDES)]
    done = subprocess.run([*words, *flags, *sources], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


BAD = """
struct big { long words[64]; };
struct big copied;
int counter = 1;
static const int one = 1;
const int *const table[] = { &one };
void copy(struct big *to, const struct big *from) { *to = *from; }
int deep(int n) { volatile char room[300]; room[n] = 1; return room[0]; }
"""


def test_the_tests(tmp_path: Path) -> None:
    """What test_tree looks for is found where it is."""
    source = tmp_path / "bad.c"
    source.write_text(BAD)
    row = next(row for row in ROWS if row.target == "tf-a")
    bad = Row("bad", row.compiler, ("-std=gnu99", "-Os", "-fno-pie"))
    found = compile_all(bad, tmp_path, {"part": [source]}, [])
    assert found.messages == "" and found.undefined == {"memcpy"} and found.text > 8
    assert [line.split(": ")[1] for line in found.writable] == [".data", ".bss"]
    assert len(found.relocated) == 1 and ".rodata: R_AARCH64_ABS64" in found.relocated[0]
    assert found.largest[0] >= 300 and found.largest[1:] == ("bad.c", "deep")
    assert [line.partition(":")[0] for line in found.problems(bad)] == ["undefined", *["writable data"] * 2, "relocation in data", "stack"]
    warned = compile_all(Row("warned", row.compiler, ("-Wall", "-Wmissing-prototypes")), tmp_path / "w", {"part": [source]}, [])
    assert "no previous prototype" in next(warned.problems(bad))


def test_the_tests_of_coff(tmp_path: Path) -> None:
    """The same of clang-cl's objects."""
    if shutil.which("clang-19") is None:
        pytest.skip("clang-19 is not installed")
    source = tmp_path / "bad.c"
    source.write_text(BAD.replace("int counter = 1;", "extern int missing(void); int counter = 1; int calls(void) { return missing(); }"))
    row = next(row for row in ROWS if row.msvc)
    found = compile_all(Row("bad", row.compiler, ("/c", "/O1")), tmp_path, {"part": [source]}, [])
    assert found.messages == "" and found.undefined >= {"missing"} and "calls" not in found.undefined and found.text > 8
    assert {line.split(": ")[1] for line in found.writable} == {".data", ".bss"}
    assert [line for line in found.relocated if ".rdata: 1 relocations" in line]
    assert coff.read((tmp_path / "part" / "bad.obj").read_bytes()).defined >= {"counter", "copied", "table", "copy", "deep"}
