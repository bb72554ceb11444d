# SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later
"""Runs the libFuzzer targets: run.py SECONDS [-j JOBS] [TARGET ...] divides the seconds over them; run.py --keep [TARGET ...] puts what
earlier runs found, and what the seeds do not cover already, into fuzz/corpus/; run.py --kept [TARGET ...] counts what is in it.  Exit status 1: a
target failed, and the input is named.
"""
from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
from pathlib import Path

import seeds

BUILD = seeds.ROOT / "build" / "fuzz"
OPTIONS = ("-max_len=4096", f"-dict={seeds.ROOT}/generated/fuzz/ffa.dict", "-timeout=10", "-rss_limit_mb=2048", "-print_final_stats=0")
KEPT = 512  # no longer inputs are committed
MOST = 60  # nor more for one target


def program(target: str) -> Path:
    return BUILD / "libfuzzer" / target


def folders(target: str) -> list[Path]:
    """Where new inputs go, then where others are."""
    work = BUILD / "work" / target
    work.mkdir(parents=True, exist_ok=True)
    return [work, seeds.write(BUILD / "seeds", target, kept=True)]


def failed(target: str, log: str) -> None:
    """Says why, and with which input."""
    inputs = [line.split("Test unit written to ")[1] for line in log.splitlines() if "Test unit written to " in line]
    why = [line for line in log.splitlines() if "invariant" in line or "ERROR: AddressSanitizer" in line or "runtime error" in line]
    print(f"{target}: FAILED: {(why or [log[-500:]])[0]}")
    for path in inputs:
        print(f"    input: {path}\n    again: {program(target)} {path}")


def fuzz(target: str, seconds: int, jobs: int) -> bool:
    crashes = BUILD / "crash"
    crashes.mkdir(parents=True, exist_ok=True)
    command = [program(target), f"-max_total_time={seconds}", f"-artifact_prefix={crashes}/{target}-", *OPTIONS]
    if jobs > 1:
        command.append(f"-fork={jobs}")
    done = subprocess.run([*command, *folders(target)], capture_output=True, text=True, errors="replace", check=False)
    if done.returncode != 0:
        failed(target, done.stderr)
        return False
    last = [line for line in done.stderr.splitlines() if "DONE " in line][-1]
    print(f"{target}: {' '.join(last.split())}", flush=True)
    return True


def keep(target: str) -> None:
    """What adds most to the coverage of the seeds, short inputs only; what was kept before is judged again."""
    work = folders(target)[0]
    fresh = seeds.write(BUILD / "fresh", target)
    merged = BUILD / "merged" / target
    shutil.rmtree(merged, ignore_errors=True)
    shutil.copytree(fresh, merged)
    known = {path.name for path in merged.iterdir()}
    subprocess.run([program(target), "-set_cover_merge=1", "-use_counters=0", f"-max_len={KEPT}", merged, BUILD / "seeds" / target, work],
                   capture_output=True, check=True)
    found = sorted((path for path in merged.iterdir() if path.name not in known), key=lambda path: path.stat().st_mtime_ns)  # the greatest gain first
    lines = [data.hex() + "\n" for data in (path.read_bytes() for path in found[:MOST]) if data]
    path = seeds.CORPUS / f"{target}.txt"
    path.unlink(missing_ok=True)
    if lines:
        path.write_text("".join(sorted(lines, key=lambda line: (len(line), line))), encoding="ascii")
    print(f"{target}: {len(lines)} of {len(found)} inputs, {sum(map(len, lines)) // 2} bytes", flush=True)


def edges(target: str, *folders: Path) -> int:
    """What all inputs there cover."""
    done = subprocess.run([program(target), "-runs=0", *OPTIONS, *folders], capture_output=True, text=True, errors="replace", check=True)
    return int(re.findall(r"cov: (\d+)", done.stderr)[-1])


def kept(targets: list[str]) -> None:
    """Edges that the seeds cover, that they and fuzz/corpus/ do, and that they do with everything earlier runs found here."""
    sums = [0, 0, 0]
    print(f"{'edges':34} {'seeds':>7} {'corpus':>7} {'found':>7}")
    for target in targets:
        work, both = folders(target)
        alone = seeds.write(BUILD / "fresh", target)
        counts = [edges(target, alone), edges(target, both), edges(target, both, work)]
        sums = [a + b for a, b in zip(sums, counts)]
        print(f"{target:34} {counts[0]:7} {counts[1]:7} {counts[2]:7}", flush=True)
    gained, possible = sums[1] - sums[0], sums[2] - sums[0]
    print(f"{'all':34} {sums[0]:7} {sums[1]:7} {sums[2]:7}\n{gained} of {possible} edges beyond the seeds, {100 * sums[1] / sums[2]:.2f} % of all")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seconds", type=int, nargs="?", default=60)
    parser.add_argument("-j", "--jobs", type=int, default=1)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--kept", action="store_true")
    parser.add_argument("--targets", nargs="*", default=[])
    options = parser.parse_args()
    targets = options.targets or seeds.targets()
    if options.keep:
        for target in targets:
            keep(target)
        return 0
    if options.kept:
        kept(targets)
        return 0
    each = max(1, options.seconds // len(targets))
    return 0 if all([fuzz(target, each, options.jobs) for target in targets]) else 1


if __name__ == "__main__":
    sys.exit(main())
