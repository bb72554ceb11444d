"""The library compiles unchanged in every tree that might embed it: tests/flags.tsv holds the flags of each.

What must hold for the objects of a row, besides compiling without a warning: nothing undefined but the library's own
functions (a struct assignment is enough to call memcpy), no writable data, no relocation in a data section (tables must be
usable before relocation, and at two addresses at once), and little stack.
"""
from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PORTS = ROOT / "tests" / "ports"  # stand-ins for the trees' own headers; the port headers themselves are in runtime/ports
INCLUDES = [ROOT / "runtime" / "include", ROOT / "generated" / "include"]
GENERATED = sorted((ROOT / "generated" / "src").glob("*.c"))
RUNTIME = sorted((ROOT / "runtime").glob("*.c"))
ASSEMBLY = sorted((ROOT / "runtime").glob("*.S"))  # empty for other architectures than the one in its name
HEADERS = sorted(header for folder in INCLUDES for header in folder.rglob("*.h"))
STACK_GENERATED, STACK_RUNTIME = 64, 256
STACK_GENERATED_WIDE = 128  # arm32: 64-bit values take two registers; big-endian: every load is a call, the others stay live
# What a flag makes the compiler call, and the tree therefore has.
PROVIDED = {"-fstack-protector": {"__stack_chk_fail", "__stack_chk_guard"}}
# Sections for unwinders and debuggers: trees discard them, or their linker scripts settle them.
NOT_DATA = re.compile(r"\.(eh_frame|ARM\.ex|debug|note|comment|llvm)")


@dataclass(frozen=True)
class Row:
    """One line of flags.tsv: how one tree compiles C."""

    target: str
    compiler: tuple[str, ...]
    flags: tuple[str, ...]

    @property
    def msvc(self) -> bool:
        return self.compiler[0].startswith("clang-cl")

    @property
    def port(self) -> Path | None:
        """The folder that stands in for the tree's own headers, where the tree has no <stdint.h>."""
        folder = PORTS / self.target.removesuffix("-gcc")
        return folder if folder.is_dir() else None

    def command(self) -> list[str]:
        """Everything but the sources."""
        program = list(self.compiler)
        if self.msvc:
            # clang-cl is clang under another name; Debian packages it apart, so ask clang for its ways.
            program = [shutil.which(program[0]) or "clang-19", "--driver-mode=cl", *program[1:]]
        command = [*program, *self.flags]
        if not self.msvc:
            command += ["-Werror", "-ffunction-sections", "-fstack-usage", "-c"]
        if self.port:
            command += ["-nostdinc", f"-I{self.port}", f"-I{ROOT / 'runtime' / 'ports' / self.port.name}"]
        return command + [f"-I{folder}" for folder in INCLUDES] + (["--"] if self.msvc else [])

    def inputs(self, sources: list[Path]) -> list[str]:
        """C first; a tree that compiles C as C++ says so for all that follows."""
        assembly = [str(source) for source in sources if source.suffix == ".S"]
        return [str(source) for source in sources if source.suffix != ".S"] + (["-x", "assembler-with-cpp", *assembly] if assembly else [])


def runtime_of(row: Row) -> list[Path]:
    return RUNTIME if row.msvc else RUNTIME + ASSEMBLY  # clang-cl has no assembler of this dialect


def rows() -> list[Row]:
    lines = [line for line in (ROOT / "tests" / "flags.tsv").read_text().splitlines() if line and not line.startswith("#")]
    found = []
    for line in lines[1:]:
        target, compiler, flags = line.split("\t")
        flags = re.sub(r"\s*\([^)]*\)$", "", flags)
        found.append(Row(target, tuple(compiler.split()), tuple(shlex.split(flags))))
    return found


ROWS = rows()


@dataclass
class Objects:
    """What the compiler and readelf say about one set of objects."""

    messages: str = ""
    undefined: set[str] = field(default_factory=set)
    writable: list[str] = field(default_factory=list)
    relocated: list[str] = field(default_factory=list)
    stacks: list[tuple[int, str, str]] = field(default_factory=list)  # bytes, source, function


def inspect(out: Objects, elf: str) -> None:
    """Reads the output of readelf -S -s -r over several files."""
    defined: set[str] = set()
    name = into = ""
    for line in elf.splitlines():
        if line.startswith("File: "):
            name = line[6:]
        elif section := re.match(r" +\[ *\d+\] (\S+) +\S+ +[0-9a-f]+ [0-9a-f]+ ([0-9a-f]+) [0-9a-f]+ +([A-Zop]*) ", line):
            if "W" in section[3] and int(section[2], 16):
                out.writable.append(f"{name}: {section[1]}: {int(section[2], 16)} bytes")
        elif heading := re.match(r"Relocation section '\.rela?(\.\S+)'", line):
            into = heading[1]
        elif re.match(r"[0-9a-f]{8,16} +[0-9a-f]{8,16} R_", line):
            if not into.startswith(".text") and not NOT_DATA.match(into):
                out.relocated.append(f"{name}: {into}: {' '.join(line.split()[2:])}")
        elif symbol := re.match(r" +\d+: [0-9a-f]+ +\S+ (\S+) +(?:GLOBAL|WEAK) +\S+ +(?:\[.*\] +)?(\S+) (\S+)$", line):
            (out.undefined if symbol[2] == "UND" else defined).add(symbol[3])
    out.undefined -= defined


def compile_all(row: Row, folder: Path, parts: dict[str, list[Path]]) -> Objects:
    """One compiler process for all sources of a part: each is still a translation unit of its own, with its own object."""
    out = Objects()
    objects: list[Path] = []
    for part, sources in parts.items():
        here = folder / part
        here.mkdir(parents=True)
        done = subprocess.run([*row.command(), *row.inputs(sources)], cwd=here, capture_output=True, text=True, check=False)
        out.messages += done.stdout + done.stderr
        made = sorted(here.glob("*.o*"))
        if not out.messages and (done.returncode or [o.stem for o in made] != sorted(s.stem for s in sources)):
            out.messages = f"{row.compiler[0]}: status {done.returncode}, {len(made)} objects of {len(sources)} sources"
        objects += made
        for usage in sorted(here.glob("*.su")):
            for line in usage.read_text().splitlines():
                where, size, how = line.split("\t")
                assert how == "static", line
                out.stacks.append((int(size), f"{part}/{usage.stem}", where.rsplit(":", 1)[1]))
    if objects and not row.msvc:  # COFF objects: readelf cannot read them, and clang-cl writes no .su files
        elf = subprocess.run(["readelf", "-W", "-S", "-s", "-r", *map(str, objects)], capture_output=True, text=True, check=True)
        inspect(out, elf.stdout)
    return out


@pytest.fixture(scope="module")
def compiled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[Objects]]]:
    """Every row that is tested, being compiled two at a time."""
    wanted = {item.callspec.params["row"].target for item in request.session.items
              if item.module is request.module and getattr(item, "callspec", None) is not None and "row" in item.callspec.params}
    folder = tmp_path_factory.mktemp("compile")
    with ThreadPoolExecutor(2) as pool:
        yield {row.target: pool.submit(compile_all, row, folder / row.target, {"generated": GENERATED, "runtime": runtime_of(row)})
               for row in ROWS if row.target in wanted}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.target)
def test_tree(row: Row, compiled: dict[str, Future[Objects]]) -> None:
    program = row.compiler[0]
    if shutil.which("clang-19" if row.msvc else program) is None:
        pytest.skip(f"{program} is not installed")
    found = compiled[row.target].result()
    problems = [found.messages[:6000]] if found.messages else []
    allowed = {name for flag, names in PROVIDED.items() if any(f.startswith(flag) for f in row.flags) for name in names}
    if not found.messages:  # else what a refused source defines is missing
        problems += [f"undefined: {name}" for name in sorted(found.undefined - allowed)]
    problems += [f"writable data: {line}" for line in found.writable]
    problems += [f"relocation in data: {line}" for line in found.relocated]
    print("largest stacks:", ", ".join(f"{name} {size}" for size, _, name in sorted(found.stacks, reverse=True)[:3]))
    generated = STACK_GENERATED_WIDE if row.target in ("arm32", "big-endian") else STACK_GENERATED
    for size, source, name in found.stacks:
        if size > (generated if source.startswith("generated/") else STACK_RUNTIME):
            problems.append(f"stack: {source}.c: {name}: {size} bytes")
    if problems:
        pytest.fail(f"{row.target}: {' '.join(row.command())}\n" + "\n".join(problems), pytrace=False)


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
    found = compile_all(Row("bad", row.compiler, ("-std=gnu99", "-Os", "-fno-pie")), tmp_path, {"part": [source]})
    assert found.messages == "" and found.undefined == {"memcpy"}
    assert [line.split(": ")[1] for line in found.writable] == [".data", ".bss"]
    assert len(found.relocated) == 1 and ".rodata: R_AARCH64_ABS64" in found.relocated[0]
    assert max(found.stacks)[0] >= 300 and max(found.stacks)[2] == "deep"
    warned = compile_all(Row("warned", row.compiler, ("-Wall", "-Wmissing-prototypes")), tmp_path / "w", {"part": [source]})
    assert "no previous prototype" in warned.messages
