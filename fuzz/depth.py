# SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later
"""How deep the mutator of tables reaches, beside libFuzzer's mutation of bytes: edges that are covered after the same number of executions, from
the same seeds with the same dictionary; the median of some runs.  depth.py RUNS; exit status 1 when it does not reach deeper on the whole.
"""
from __future__ import annotations

import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import run
import seeds

TARGETS = ("mem_check", "mem_cursor", "mem_write", "boot_information", "partition_list", "relinquish")
TIMES = 3  # runs with different random numbers
EMPTY = {"mem_transaction", "mem_relinquish_descriptor", "entries", "blobs"}


def few(target: str, folder: Path) -> None:
    """One seed a version: the first legal table, so that most is left to find."""
    found: dict[int, bytes] = {}
    for name, data in seeds.inputs(target).items() if target != "example" else ():
        if any(name.startswith(kind) for kind in EMPTY):
            found.setdefault(data[0], data)
    if target == "example":
        found[1] = seeds.bodies("mem_transaction", 1, 0)[0]
    for version, data in found.items():
        (folder / str(version)).write_bytes(data)


def edges(program: Path, target: str, runs: int, number: int) -> int:
    with tempfile.TemporaryDirectory() as name:
        few(target, Path(name))
        command = [program, f"-runs={runs}", f"-seed={number}", *run.OPTIONS, name]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=True)
    found = re.findall(r"DONE\s+cov: (\d+)", done.stderr)
    return int(found[-1])


def main() -> int:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 20000
    sums = [0, 0]
    print(f"edges after {runs} executions, median of {TIMES}\n{'target':18} {'bytes':>7} {'tables':>7}")
    for target in (*TARGETS, "example"):
        forms = [run.BUILD / "plain" / target, run.BUILD / ("theirs/example" if target == "example" else f"libfuzzer/{target}")]
        medians = [round(statistics.median(edges(form, target, runs, i + 1) for i in range(TIMES))) for form in forms]
        sums = [a + b for a, b in zip(sums, medians)]
        print(f"{target:18} {medians[0]:7} {medians[1]:7}", flush=True)
    print(f"{'all':18} {sums[0]:7} {sums[1]:7}")
    return 0 if sums[1] > sums[0] else 1


if __name__ == "__main__":
    sys.exit(main())
