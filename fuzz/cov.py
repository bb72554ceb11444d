# SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later
"""Branch coverage of the library by what `make test` runs in C and by the corpus: cov.py prints each branch that is missing, as file:line, and
fails below the goals.  It works on a copy in build/cov/, built by a compiler that counts branches in place of sanitizers.
"""
from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import seeds

TREE = seeds.ROOT / "build" / "cov"
COPIED = ("spec", "codegen", "generated", "runtime", "fuzz", "tests", "Makefile")
# What of the tests runs C of the library in a process of its own.
EVIDENCE = ("test_differential", "test_probe", "test_tables", "test_transactions", "test_descriptor_vectors", "test_regressions",
            "test_traces", "test_transaction_traces", "test_lists", "test_status", "test_cli_tables")
SWEPT = "one_byte_changed"  # tests that change every byte in turn: the sweep does the same, and faster
SHIM = """#!/bin/sh
# The compiler, counting branches: sanitizers and optimisation would make others of them.
for argument do
	shift
	case $argument in -fsanitize*|-fno-sanitize*|-O*|-Werror) ;; *) set -- "$@" "$argument" ;; esac
done
exec /usr/bin/gcc "$@" -O0 --coverage -fno-inline
"""


class Part(NamedTuple):
    """Files that are judged together; goal in per cent, 0: none."""

    name: str
    goal: float
    holds: tuple[str, ...]
    without: tuple[str, ...] = ()


PARTS = (Part("generated code", 100, ("generated/src/", "generated/include/")), Part("runtime", 95, ("runtime/",), ("runtime/cli/", "runtime/sandbox/")),
         Part("the ffabi command", 0, ("runtime/cli/",)), Part("the sandbox", 0, ("runtime/sandbox/",)))


class Missing(NamedTuple):
    file: str
    line: int
    branches: int
    text: str


def prepare() -> dict[str, str]:
    """A fresh copy, and the environment in which cc counts."""
    shutil.rmtree(TREE, ignore_errors=True)
    for name in COPIED:
        source = seeds.ROOT / name
        if source.is_dir():
            shutil.copytree(source, TREE / name, ignore=shutil.ignore_patterns("__pycache__", ".pytest_cache"))
        else:
            shutil.copy(source, TREE / name)
    shim = TREE / "build" / "shim"
    shim.mkdir(parents=True)
    for name in ("cc", "gcc"):
        (shim / name).write_text(SHIM)
        (shim / name).chmod(0o755)
    return os.environ | {"PATH": f"{shim}:{os.environ['PATH']}", "MAKEFLAGS": "", "PYTHONDONTWRITEBYTECODE": "1"}


def sweep(target: str) -> bool:
    """Seeds, with changes, and corpus: none of them fails."""
    plain, swept = seeds.write(TREE / "build" / "corpus", target, kept=True), seeds.write(TREE / "build" / "seeds", target)
    done = subprocess.run([TREE / "build" / "fuzz" / "cov" / target, plain, "--sweep", swept], capture_output=True, text=True, errors="replace", check=False)
    if done.returncode != 0:
        print(f"{target} FAILED on its seeds or corpus:\n{done.stderr[-600:]}", flush=True)
    return done.returncode == 0


def gather(env: dict[str, str]) -> bool:
    """Runs everything; true when nothing failed."""
    targets = seeds.targets()
    build = ["make", "-s", "-j2", "-C", str(TREE), "cli", "build/driver", "build/ffabi-san", *(f"build/fuzz/cov/{t}" for t in targets)]
    subprocess.run(build, env=env, check=True)
    print("corpus", flush=True)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        fine = all(list(pool.map(sweep, targets)))
    tests = [f"tests/{name}.py" for name in EVIDENCE if (TREE / "tests" / f"{name}.py").exists()]
    print("tests", flush=True)
    options = ["-q", "-p", "no:cacheprovider", "-k", f"not {SWEPT}", f"--basetemp={TREE}/build/pytest"]  # what they build counts, too
    done = subprocess.run([sys.executable, "-m", "pytest", *options, *tests], cwd=TREE, env=env, check=False)
    return fine and done.returncode == 0


def measure() -> dict[str, list[tuple[int, list[int]]]]:
    """File -> (line, how often each of its branches was taken)."""
    out = TREE / "build" / "cov.json"
    subprocess.run(["gcovr", "-r", TREE, "--json", out, "-f", "generated/", "-f", "runtime/", "--gcov-ignore-parse-errors", TREE / "build"],
                   cwd=TREE, check=True, stdout=subprocess.DEVNULL)
    found = {}
    for file in json.loads(out.read_text())["files"]:
        lines = [(line["line_number"], [branch["count"] for branch in line["branches"]]) for line in file["lines"]]
        found[file["file"]] = [line for line in lines if line[1]]
    return found


def missing(file: str, lines: list[tuple[int, list[int]]]) -> Iterator[Missing]:
    text = (TREE / file).read_text().splitlines()
    for line, counts in lines:
        if counts.count(0):
            yield Missing(file, line, counts.count(0), text[line - 1].strip())


def excused() -> list[tuple[str, str, str]]:
    """fuzz/unreachable.tsv: file, line as it reads, reason."""
    path = seeds.ROOT / "fuzz" / "unreachable.tsv"
    with open(path, encoding="utf-8") as file:
        return [(row["file"], row["line"], row["reason"]) for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


def judge(part: Part, found: dict[str, list[tuple[int, list[int]]]], excuses: list[tuple[str, str, str]], used: set[int]) -> bool:
    total = taken = 0
    for file, lines in sorted(found.items()):
        if not file.startswith(part.holds) or part.without and file.startswith(part.without):
            continue
        total += sum(len(counts) for _, counts in lines)
        taken += sum(len(counts) - counts.count(0) for _, counts in lines)
        for m in missing(file, lines):
            excuse = next((i for i, (name, text, _) in enumerate(excuses) if name == file and text == m.text), None)
            if excuse is not None:
                used.add(excuse)
                taken += m.branches
            elif part.goal:
                print(f"{file}:{m.line}: {m.branches} not taken: {m.text}")
    if not total:
        return not part.goal
    share = 100 * taken / total
    fine = share >= part.goal
    print(f"{part.name}: {taken} of {total} branches, {share:.2f} %{f', goal {part.goal} %' if part.goal else ''}{'' if fine else ': FAILED'}")
    return fine


def main() -> int:
    gathered = "--again" in sys.argv or gather(prepare())
    found, excuses, used = measure(), excused(), set[int]()
    fine = [judge(part, found, excuses, used) for part in PARTS]
    for i, (file, text, reason) in enumerate(excuses):
        print(f"{file}: {'excused: ' + reason if i in used else 'excused but taken, or gone'}: {text}")
    return 0 if gathered and all(fine) and len(used) == len(excuses) else 1


if __name__ == "__main__":
    sys.exit(main())
