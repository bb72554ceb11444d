"""What a row makes of a set of sources, and what of it must not be.

What must hold, besides compiling without a warning: nothing undefined but the library's own functions (a struct assignment is
enough to call memcpy), no writable data, no relocation in a data section (tables must be usable before relocation, and at two
addresses at once), and little stack.
"""
from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from . import coff
from .trees import ROOT, Row

GENERATED = sorted((ROOT / "generated" / "src").glob("*.c"))
RUNTIME = sorted((ROOT / "runtime").glob("*.c"))
ASSEMBLY = sorted((ROOT / "runtime").glob("*.S"))  # empty for other architectures than the one in its name
STACK_GENERATED, STACK_RUNTIME = 64, 256
# What a function of generated/ may have more where its row is why; README.md names the functions and the instructions.
STACK_WIDE = {"arm32": 64, "big-endian": 64}
STACK_GUARD = 32  # gcc's guard and the frame record that its check needs
STACK_CALL = 16  # two registers that live across clang's memset
HANDWRITTEN = {path.name for path in RUNTIME}
# Sections for unwinders and debuggers: trees discard them, or their linker scripts settle them.
NOT_DATA = re.compile(r"\.(eh_frame|ARM\.ex|debug|note|comment|llvm)")
# What a copy in one file says above the lines of each of its sources.
ORIGIN = re.compile(r"/\* src/(\S+\.c) \*/$")


@dataclass
class Objects:
    """What the compiler and readelf say about one object, or about several that are linked."""

    messages: str = ""
    defined: set[str] = field(default_factory=set)
    undefined: set[str] = field(default_factory=set)
    writable: list[str] = field(default_factory=list)
    relocated: list[str] = field(default_factory=list)
    stacks: list[tuple[int, str, str]] = field(default_factory=list)  # bytes, source, function
    text: int = 0

    @property
    def largest(self) -> tuple[int, str, str]:
        return max(self.stacks, default=(0, "", ""))

    def problems(self, row: Row) -> Iterator[str]:
        """What must not be, in words."""
        if self.messages:
            yield self.messages[:6000]
        else:  # else what a refused source defines is missing
            yield from (f"undefined: {name}" for name in sorted(self.undefined - row.provided))
        yield from (f"writable data: {line}" for line in self.writable)
        yield from (f"relocation in data: {line}" for line in self.relocated)
        generated = stack_generated(row)
        for size, source, name in self.stacks:
            if size > (STACK_RUNTIME if source in HANDWRITTEN else generated):
                yield f"stack: {source}: {name}: {size} bytes"


def above(stack: tuple[int, str, str]) -> bool:
    """Has a function of generated/ more than any row's limit?"""
    size, source, _ = stack
    return source not in HANDWRITTEN and size > STACK_GENERATED


def stack_generated(row: Row) -> int:
    """How much stack a function of generated/ may have."""
    if row.maker == "gcc" and row.guarded:
        return STACK_GENERATED + STACK_GUARD
    if row.maker == "clang" and row.hosted:
        return STACK_GENERATED + STACK_CALL
    return STACK_GENERATED + STACK_WIDE.get(row.target, 0)


def together(objects: Iterable[Objects]) -> Objects:
    """As the linker sees them: what one defines, another may use."""
    out = Objects()
    for made in objects:
        out.messages += made.messages
        out.defined |= made.defined
        out.undefined |= made.undefined
        out.writable += made.writable
        out.relocated += made.relocated
        out.stacks += made.stacks
        out.text += made.text
    out.undefined -= out.defined
    return out


def read_elf(out: Objects, name: str, elf: str) -> None:
    """Reads the output of readelf -S -s -r."""
    into = ""
    for line in elf.splitlines():
        if section := re.match(r" +\[ *\d+\] (\S+) +\S+ +[0-9a-f]+ [0-9a-f]+ ([0-9a-f]+) [0-9a-f]+ +([A-Zop]*) ", line):
            size = int(section[2], 16)
            if "W" in section[3] and size:
                out.writable.append(f"{name}: {section[1]}: {size} bytes")
            out.text += size if "X" in section[3] else 0
        elif heading := re.match(r"Relocation section '\.rela?(\.\S+)'", line):
            into = heading[1]
        elif re.match(r"[0-9a-f]{8,16} +[0-9a-f]{8,16} R_", line):
            if not into.startswith(".text") and not NOT_DATA.match(into):
                out.relocated.append(f"{name}: {into}: {' '.join(line.split()[2:])}")
        elif symbol := re.match(r" +\d+: [0-9a-f]+ +\S+ (\S+) +(?:GLOBAL|WEAK) +\S+ +(?:\[.*\] +)?(\S+) (\S+)$", line):
            (out.undefined if symbol[2] == "UND" else out.defined).add(symbol[3])


def read_coff(out: Objects, path: Path) -> None:
    """The same of an object of clang-cl."""
    made = coff.read(path.read_bytes())
    out.undefined |= made.undefined
    out.defined |= made.defined
    for section in made.sections:
        if section.writable and section.size:
            out.writable.append(f"{path.name}: {section.name}: {section.size} bytes")
        if section.data and section.relocations:
            out.relocated.append(f"{path.name}: {section.name}: {section.relocations} relocations")
        out.text += section.size if section.code else 0


def origins(source: Path) -> dict[str, str]:
    """Function -> the source of the library it comes from, in a copy that is one file."""
    found: dict[str, str] = {}
    origin = ""
    for line in source.read_text().splitlines():
        if mark := ORIGIN.match(line):
            origin = mark[1]
        elif origin and (head := re.match(r"(?:[A-Za-z].*?\b)?(\w+)\(", line)):
            found[head[1]] = origin
    return found


def plain(symbol: str) -> str:
    """The name of a function as the source has it: .su files have C++'s, or a clone's."""
    if mangled := re.match(r"_ZL?(\d+)(\w+)", symbol):
        return mangled[2][:int(mangled[1])]
    head = symbol.partition("(")[0]
    return re.split(r"[\s*]", head)[-1].partition(".")[0]


def read_stacks(out: Objects, usage: Path, source: Path) -> None:
    """Reads a .su file."""
    known = origins(source)
    for line in usage.read_text().splitlines():
        where, size, how = line.split("\t")
        assert how == "static", line
        name = plain(where.rsplit(":", 1)[1])
        out.stacks.append((int(size), known.get(name, source.name), name))


def read_elfs(objects: Sequence[Path]) -> dict[Path, str]:
    """What readelf says of each; of one alone it does not say which it is."""
    said = subprocess.run(["readelf", "-W", "-S", "-s", "-r", *map(str, objects), "/dev/null"], capture_output=True, text=True, check=False).stdout
    each = [part.split("\n", 1) for part in re.split(r"^File: ", said, flags=re.M)[1:]]
    return {Path(name): text for name, text in each if name != "/dev/null"}


def compile_each(row: Row, folder: Path, sources: Sequence[Path], includes: Sequence[Path]) -> tuple[str, dict[Path, Objects]]:
    """One compiler process for all: each is still a translation unit of its own, with its own object.  Messages, or what was made."""
    folder.mkdir(parents=True)
    done = subprocess.run([*row.command(includes), *row.inputs(sources)], cwd=folder, capture_output=True, text=True, check=False)
    objects = {source: folder / f"{source.stem}.{'obj' if row.msvc else 'o'}" for source in sources}
    if done.stdout or done.stderr:
        return done.stdout + done.stderr, {}
    if done.returncode or not all(path.exists() for path in objects.values()):
        return f"{row.compiler[0]}: status {done.returncode}, {len(list(folder.glob('*.o*')))} objects of {len(sources)} sources", {}
    made = {source: Objects() for source in sources}
    elfs = {} if row.msvc else read_elfs(list(objects.values()))
    for source, path in objects.items():
        if row.msvc:  # clang-cl writes no .su files
            read_coff(made[source], path)
            continue
        read_elf(made[source], path.name, elfs[path])
        if (usage := path.with_suffix(".su")).exists():
            read_stacks(made[source], usage, source)
    return "", made


def compile_all(row: Row, folder: Path, parts: Mapping[str, Sequence[Path]], includes: Sequence[Path]) -> Objects:
    """All sources of a library."""
    found: list[Objects] = []
    for part, sources in parts.items():
        messages, made = compile_each(row, folder / part, row.takes(sources), includes)
        found += [Objects(messages=messages), *made.values()]
    return together(found)
