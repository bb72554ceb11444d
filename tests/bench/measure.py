"""Builds the library with the cases, counts executed instructions in traces, and reads sizes out of objects."""
from __future__ import annotations

import re
import subprocess
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
OUT = ROOT / "build" / "bench"
HERE = ROOT / "tests" / "bench"
INCLUDES = [f"-I{ROOT / 'runtime/include'}", f"-I{ROOT / 'generated/include'}", f"-I{HERE}"]
LIBRARY = sorted([*(ROOT / "runtime").glob("*.c"), *(ROOT / "generated" / "src").glob("*.c")])


@dataclass(frozen=True)
class Machine:
    """A compiler and how what it makes is run."""

    name: str
    cc: str
    flags: tuple[str, ...]
    link: tuple[str, ...] = ()
    emulator: tuple[str, ...] = ()

    @property
    def folder(self) -> Path:
        return OUT / self.name

    @property
    def program(self) -> Path:
        return self.folder / "bench"

    def version(self) -> str:
        return run([self.cc, "--version"]).splitlines()[0]


AARCH64 = Machine("aarch64", "aarch64-linux-gnu-gcc", ("-Os", "-mgeneral-regs-only"), ("-static",), ("qemu-aarch64",))
HOST = Machine("host", "gcc", ("-Os",))


def run(command: list[str], cwd: Path = ROOT) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"bench: {command[0]} failed ({done.returncode}):\n{(done.stdout + done.stderr)[-3000:]}")
    return done.stdout


def objects(machine: Machine) -> list[Path]:
    """The objects of the library: as many as sources, in two folders because some sources have the same name."""
    made = []
    for part in ("runtime", "generated"):
        folder = machine.folder / part
        folder.mkdir(parents=True, exist_ok=True)
        for old in [*folder.glob("*.o"), *folder.glob("*.su")]:
            old.unlink()
        sources = [str(s) for s in LIBRARY if s.is_relative_to(ROOT / part)]
        run([machine.cc, "-std=c11", *machine.flags, *INCLUDES, "-fstack-usage", "-c", *sources], folder)
        made += sorted(folder.glob("*.o"))
    return made


def build(machine: Machine, cases: str) -> list[Path]:
    """The program; returns the objects of the library alone."""
    library = objects(machine)
    source = OUT / "cases.c"
    source.write_text(cases)
    # Two cases may be the same machine code; merged, one would be charged with the calls of both.
    own = [str(HERE / f"{name}.c") for name in ("harness", "transaction", "minimal")]
    run([machine.cc, "-std=c11", *machine.flags, "-fno-ipa-icf", *machine.link, *INCLUDES, *own, str(source),
         *map(str, library), "-o", str(machine.program)])
    run([*machine.emulator, str(machine.program)])  # every case says whether it did what it should
    return library


def functions(library: list[Path]) -> dict[str, int]:
    """Bytes of each function; clones of one function (.constprop, .part, .isra) count as that function."""
    sizes: dict[str, int] = {}
    for line in run(["aarch64-linux-gnu-nm", "-S", *map(str, library)]).splitlines():
        found = re.match(r"[0-9a-f]+ ([0-9a-f]+) [tT] ([^.]+)", line)
        if found:
            sizes[found[2]] = sizes.get(found[2], 0) + int(found[1], 16)
    return sizes


def stacks(library: list[Path]) -> dict[str, int]:
    """Bytes of stack that each function itself takes."""
    found: dict[str, int] = {}
    for path in library:
        for line in path.with_suffix(".su").read_text().splitlines():
            place, size, _ = line.split("\t")
            name = place.rsplit(":", 1)[1].split(".")[0]
            found[name] = max(found.get(name, 0), int(size))
    return found


def sections(library: list[Path]) -> dict[str, dict[str, int]]:
    """For each object the bytes of .text, .rodata, .data and .bss, whatever their suffixes."""
    out: dict[str, dict[str, int]] = {}
    here: dict[str, int] = {}
    for line in run(["aarch64-linux-gnu-size", "-A", *map(str, library)]).splitlines():
        if "  :" in line:
            path = Path(line.split()[0])
            here = out.setdefault(f"{path.parent.name}/{path.name}", dict.fromkeys((".text", ".rodata", ".data", ".bss"), 0))
        elif found := re.match(r"(\.(?:text|rodata|data|bss))\S* +(\d+)", line):
            here[found[1]] += int(found[2])
    return out


def trace_aarch64(library: set[str]) -> list[Counter[str]]:
    """Instructions that each case executes in what is measured, by function, in the order of the cases.

    In single steps a translation block is one instruction, and -d exec writes a line for each block that runs.  Only lines
    of the library, of walk_*, minimal_* and memcpy count, so the cases' own instructions need not be subtracted; a first case
    that calls nothing checks it.
    """
    # QEMU 8.1 gave the option another name and later dropped the old one.
    single = "-one-insn-per-tb" if "-one-insn-per-tb" in run(["qemu-aarch64", "--help"]) else "-singlestep"
    command = ["qemu-aarch64", single, "-d", "exec,nochain", str(AARCH64.program)]
    counts: list[Counter[str]] = []
    inside = copies = False
    count: Counter[str] = Counter()
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as done:
        assert done.stderr is not None
        for line in done.stderr:
            if not line.startswith("Trace "):
                raise SystemExit(f"bench: qemu-aarch64 was interrupted: {line}")
            name = line.rsplit("] ", 1)[1].strip().split(".")[0]
            if name == "bench_begin":
                inside, copies, count = True, False, Counter()
            elif name == "bench_end":
                if inside:
                    counts.append(count)
                inside = False
            elif not inside or name == "main" or name.startswith("bench_"):
                continue
            elif name in library or name.startswith(("walk_", "minimal_")):
                count[name] += 1
            elif (copies or not count) and "memcpy" in name:  # of the case itself, not of the library
                copies = True
                count["memcpy"] += 1
            elif not count and not name:  # the way to it: libc has one for each processor
                continue
            else:
                raise SystemExit(f"bench: the library called {name}")
    if done.returncode != 0:
        raise SystemExit(f"bench: qemu-aarch64 {AARCH64.program.name} failed ({done.returncode})")
    return counts


def trace_host() -> list[int]:
    """The same for the host: the inclusive cost that callgrind writes for the one call that each case makes."""
    out = OUT / "callgrind.out"
    run(["valgrind", "--tool=callgrind", "--compress-strings=no", "--compress-pos=no", f"--callgrind-out-file={out}",
         str(HOST.program)])
    costs = dict.fromkeys(re.findall(r"static void (bench_\w+)\(void\)", (OUT / "cases.c").read_text()), 0)
    case = ""
    lines = iter(out.read_text().splitlines())
    for line in lines:
        if line.startswith("fn="):
            case = line[3:]
        elif line.startswith("calls=") and case in costs:
            if not line.startswith("calls=1 ") or costs[case]:
                raise SystemExit(f"bench: {case} made more than one call")
            costs[case] = int(next(lines).split()[1])
    return list(costs.values())
