# SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later
"""Mutants of the generator: every check, number and store of the C that it prints, changed in turn; the tests have to notice.

    generator.py [--sample N] [--seed N] [--only CALL,...] [--report] [--summary FILE]

Survivors go to build/mutation/generator-survivors.tsv; the exit status is 1 when one is not excused in equivalent.tsv, unless --report.
"""
from __future__ import annotations

import argparse
import csv
import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cases
import equivalence
from schemata import Mutant, Schemata

from codegen.__main__ import ROOT, read_spec
from codegen.emit import Printer
from codegen.model import Spec

BUILD = ROOT / "build" / "mutation"
HERE = Path(__file__).resolve().parent
FLAGS = ["-std=gnu11", "-O0", "-w", "-DFFABI_LOAD_HOOK", f"-I{ROOT}/runtime/include"]  # a byte that is loaded twice is no answer
# Tables of texts and of names: no codec reads them.
NOT_CODECS = ("text_", "describe", "legal", "calls", "status_violation", "linux_errno", "u_boot_errno")


@dataclass
class Build:
    """The library of a description with all of its mutants, and its two drivers."""

    folder: Path
    mutants: list[Mutant] = field(default_factory=list)
    lines: dict[str, list[str]] = field(default_factory=dict)  # file -> its lines, before any change
    bodies: dict[tuple[str, str], str] = field(default_factory=dict)  # of functions

    def text(self, mutant: Mutant) -> str:
        """The line of a mutant and the five that follow, in one."""
        return " ".join(" ".join(self.lines[mutant.file][mutant.line - 1:mutant.line + 5]).split())

    @property
    def calls(self) -> Path:
        return self.folder / "calls"

    @property
    def tables(self) -> Path:
        return self.folder / "tables"


def build(spec: Spec, folder: Path, breaks: Sequence[tuple[str, str, str]] = ()) -> Build:
    """breaks: text of generated files that is replaced beforehand, for the test of this machinery."""
    schemata, made = Schemata(), Build(folder)
    sources = []
    for path, text in Printer(spec, spec.prefix, "python3 -m codegen").files().items():
        for file, old, new in breaks:
            if path == file:
                assert old in text
                text = text.replace(old, new)
        if path.startswith("src/") and not path.removeprefix("src/").startswith(NOT_CODECS):
            made.lines[path] = text.splitlines()
            text = schemata.file(path, text)
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists() or target.read_text(encoding="utf-8") != text:
            target.write_text(text, encoding="utf-8")
        if path.startswith("src/"):
            sources.append(target)
    made.mutants, made.bodies = schemata.mutants, schemata.bodies
    compile_all(folder, [*sources, *sorted(ROOT.glob("runtime/*.c"))])
    return made


def compile_all(folder: Path, sources: list[Path]) -> None:
    """Both drivers, as programs that serve mutants."""
    objects = folder / "obj"
    objects.mkdir(exist_ok=True)
    library = folder / "library.a"
    library.unlink(missing_ok=True)
    flags = [*FLAGS, f"-I{folder}/include"]
    subprocess.run(["cc", *flags, "-c", *sources], cwd=objects, check=True)
    subprocess.run(["ar", "rcs", library, *(objects / f"{s.stem}.o" for s in sources)], check=True)
    for name, driver in (("calls", "driver.c"), ("tables", "table_driver.c")):
        subprocess.run(["cc", *flags, "-Dmain=driver_main", "-c", folder / "tests" / driver, "-o", objects / "driver.o"], check=True)
        subprocess.run(["cc", *flags, HERE / "runner.c", objects / "driver.o", library, "-o", folder / name], check=True)
        subprocess.run(["cc", *flags, HERE / "plain.c", objects / "driver.o", library, "-o", folder / f"{name}-plain"], check=True)


def owner(mutant: Mutant, keys: Sequence[str]) -> str:
    """The call or table that a function is of; - is those that tell calls apart, -all- those that call all others."""
    name = mutant.function.removeprefix("ffabi_")
    found = [key for key in keys if name == key or name.startswith(f"{key}_")]
    if mutant.file in ("src/request.c", "src/message.c"):
        return "-"
    if mutant.file == "src/reply.c":  # chooses the codec of the replies to each call
        return "-all-"
    return max(found, key=len, default="-")


def serve(program: Path, jobs: list[tuple[Mutant, str]], folder: Path) -> list[Mutant]:
    """Those that survive the questions about their call or table.  Mutant 0 is none: it has to survive all of them."""
    lines = [f"{number} {folder / key}.in {folder / key}.out" for number, key in
             [*((0, key) for key in sorted({key for _, key in jobs})), *((m.id, key) for m, key in jobs)]]
    done = subprocess.run([program], input="".join(f"{line}\n" for line in lines), capture_output=True, text=True, check=True)
    answers = [line.split() for line in done.stdout.splitlines()]
    assert len(answers) == len(lines) and all(verdict == "survives" for number, verdict in answers if number == "0")
    told = dict(answers)
    return [m for m, _ in jobs if told[str(m.id)] == "survives"]


def judge(spec: Spec, made: Build, mutants: list[Mutant]) -> list[Mutant]:
    """The survivors of the questions about their own call or table."""
    left: list[Mutant] = []
    of = {m.id: m.file.endswith("_table.c") for m in mutants}
    for is_table, program, keys in ((False, made.calls, list(spec.calls)), (True, made.tables, list(spec.descriptors))):
        mine = [(m, owner(m, keys)) for m in mutants if of[m.id] == is_table]
        if not mine:
            continue
        plain = program.with_name(f"{program.name}-plain")
        wanted = keys if any(key == "-all-" for _, key in mine) else sorted({key for _, key in mine if key != "-"}, key=keys.index)
        told = cases.of_tables(plain, wanted) if is_table else cases.of_calls(plain, wanted)
        folder = made.folder / ("table-cases" if is_table else "cases")
        every = {q: a for asked in told.lines.values() for q, a in asked.items()}
        told.lines["-all-"] = every
        told.write(folder)
        left += serve(program, [(m, key if key in told.lines else "-all-") for m, key in mine], folder)
    return left


@dataclass(frozen=True)
class Excuse:
    """Why no test can tell some mutants: patterns of the file, the function, the text (of the line and what follows) and the change."""

    file: str
    function: str
    text: str
    mutant: str
    why: str

    def holds(self, mutant: Mutant, text: str) -> bool:
        return (re.fullmatch(self.mutant, mutant.what) is not None and re.match(self.text, text) is not None
                and re.fullmatch(self.function, mutant.function) is not None and re.fullmatch(self.file, mutant.file) is not None)


def excuses() -> list[Excuse]:
    with open(HERE / "equivalent.tsv", encoding="utf-8") as file:
        return [Excuse(**row) for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


def world(spec: Spec, mutant: Mutant) -> equivalence.World:
    """Where the function of a mutant may be called."""
    key = owner(mutant, [*spec.calls, *spec.descriptors])
    if key in spec.descriptors and mutant.file.endswith("_table.c"):
        table = spec.descriptors[key]
        return equivalence.World(tuple(v for v, size in enumerate(table.sizes) if size), (0,),
                                 tuple(1 << spec.usages.index(usage) for usage in table.usages) or (0,), ())
    call = spec.calls.get(key)
    if call is None:
        return equivalence.World((0, 1, 2, 3), (0, 1), (0,), ())
    ids = [fid for k in (("success",) if mutant.file.endswith("_reply.c") else (call.carrier or key,)) for given in spec.calls[k].fids.values() for _, fid in given]
    valued = call.success is not None and call.success.as_ == "version" and mutant.file.endswith("_reply.c")
    return equivalence.World(tuple(v for v in range(len(spec.versions)) if v in call.life), tuple(int(conv == "smc64") for conv in spec.convs(call)), (0,), () if valued else tuple(ids))


def summary(mutants: list[Mutant], left: list[Mutant], gaps: list[Mutant]) -> str:
    """Counts for each file."""
    columns = [Counter(m.file for m in some) for some in (mutants, left, gaps)]
    lines = ["file\tmutants\tkilled\tequivalent\tsurvive"]
    for file in [*sorted(columns[0]), ""]:
        made, alive, open_ = (c[file] if file else sum(c.values()) for c in columns)
        lines.append(f"{file or 'all'}\t{made}\t{made - alive}\t{alive - open_}\t{open_}")
    return "".join(f"{line}\n" for line in lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=0, help="that many mutants, chosen by the seed (default: all)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="calls and tables, separated by commas")
    parser.add_argument("--report", action="store_true", help="survivors are no failure")
    parser.add_argument("--summary", type=Path, default=BUILD / "generator-summary.tsv")
    options = parser.parse_args()
    spec = read_spec(ROOT / "spec")
    made = build(spec, BUILD / "generator")
    mutants = made.mutants
    if options.only:
        keys = [*spec.calls, *spec.descriptors]
        mutants = [m for m in mutants if owner(m, keys) in options.only.split(",")]
    if options.sample and options.sample < len(mutants):
        mutants = random.Random(options.seed).sample(mutants, options.sample)
    left = judge(spec, made, mutants)
    known, used = excuses(), set()
    rows: list[tuple[Mutant, str]] = []
    for m in left:
        why = equivalence.excused(m, made.bodies[m.file, m.function], world(spec, m))
        found = [] if why else [e for e in known if e.holds(m, made.text(m))]
        used |= set(found)
        rows.append((m, found[0].why if found else why))
    with open(BUILD / "generator-survivors.tsv", "w", encoding="utf-8") as file:
        file.write("file\tline\tfunction\tmutant\twhy\ttext\n")
        file.writelines(f"{m.file}\t{m.line}\t{m.function}\t{m.what}\t{why}\t{made.text(m)}\n" for m, why in rows)
    gaps = [m for m, why in rows if not why]
    options.summary.write_text(summary(mutants, left, gaps), encoding="utf-8")
    print(f"generator: {len(mutants)} of {len(made.mutants)} mutants, {len(mutants) - len(left)} killed, "
          f"{len(left) - len(gaps)} equivalent, {len(gaps)} survive")
    for m in gaps[:50]:
        print(f"  {m}")
    idle = [e for e in known if e not in used] if len(mutants) == len(made.mutants) else []
    for excuse in idle:
        print(f"  equivalent.tsv: excuses nothing: {excuse.text} {excuse.mutant}")
    return 1 if (gaps or idle) and not options.report else 0


if __name__ == "__main__":
    sys.exit(main())
