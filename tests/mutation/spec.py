# SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later
"""Mutants of the description: every number and flag of spec/*.yaml, changed in turn; what did not come from spec/ has to notice.

    spec.py [--sample N] [--seed N] [--jobs N] [--summary FILE]

Many independent mutants share a build: no two of them touch the same call or table, so that a failure tells which one it is about;
what stays in doubt is built alone.  Survivors go to build/mutation/spec-survivors.tsv, the counts to the summary.
"""
from __future__ import annotations

import argparse
import multiprocessing
import random
import shutil
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import evidence
from spec_mutants import Mutant, all_mutants, mutated
from variant import DoesNotCompile, Variant

from codegen import checks
from codegen.__main__ import ROOT
from codegen.load import load
from codegen.model import build
from codegen.problems import SpecError

BUILD = ROOT / "build" / "mutation"
SOURCES = load(ROOT / "spec")
SPEC = build(SOURCES)
Verdict = tuple[str, str]  # refused, killed, survives or doubt; by what
KNOWS: evidence.Evidence


def scope(mutant: Mutant) -> frozenset[str]:
    """What may hold one mutant of a build: the parts of a transaction are tested together, and all else by name."""
    found = set(mutant.touches)
    if found & evidence.FAMILY:
        found |= evidence.FAMILY
    for key in mutant.touches & SPEC.calls.keys():
        found |= {SPEC.calls[key].carrier} - {""}
    return frozenset(found)


def batches(mutants: Sequence[Mutant]) -> list[list[Mutant]]:
    """As few builds as a simple rule gives: each mutant into the first build that has room for it."""
    found: list[list[Mutant]] = []
    held: list[set[str]] = []
    for mutant in sorted(mutants, key=lambda m: -len(scope(m))):
        mine = scope(mutant)
        for batch, taken in zip(found, held):
            if not taken & mine and "*" not in mine | taken:
                batch.append(mutant)
                taken |= mine
                break
        else:
            found.append([mutant])
            held.append(set(mine))
    return found


def refused(mutant: Mutant) -> bool:
    """Does the description contradict itself now?  Only the objects that are touched are judged anew."""
    try:
        return bool(checks.run(build(mutated(SOURCES, [mutant]))))
    except (SpecError, LookupError, ValueError, TypeError, AttributeError, AssertionError):
        return True


def sieve(batch: list[Mutant]) -> tuple[list[Mutant], list[Mutant]]:
    """Those of a batch that the description takes, and those with which it contradicts itself; a problem names the object that has it."""
    left, gone = list(batch), []
    while left:
        try:
            problems = checks.run(build(mutated(SOURCES, left)))
        except (SpecError, LookupError, ValueError, TypeError, AttributeError, AssertionError):
            problems = None
        if problems == []:
            break
        named = {tuple(str(p.place.path).split(".")[:2]) for p in problems or ()}
        keys = {key.partition("[")[0] if group in ("calls", "enums", "flags") else f"table:{key.partition('[')[0]}" for group, key in
                (n for n in named if len(n) == 2)}
        hit = [m for m in left if m.touches & keys or tuple(m.path.split(".")[:2]) in named]
        wrong = [m for m in hit or left if refused(m)]
        if not wrong:
            wrong = hit or left  # only together: none of them can be judged here
            gone_together.extend(wrong)
        left = [m for m in left if m not in wrong]
        gone += wrong
    return left, gone


gone_together: list[Mutant] = []


def run_batch(numbered: tuple[int, list[Mutant]]) -> list[tuple[Mutant, Verdict]]:
    _, whole = numbered
    gone_together.clear()
    batch, gone = sieve(whole)
    no = [(m, ("doubt", "") if m in gone_together and len(whole) > 1 else ("refused", "")) for m in gone]
    if not batch:
        return no
    folder = BUILD / f"variant-{multiprocessing.current_process().name}"
    try:
        variant = Variant(build(mutated(SOURCES, batch)), folder, BUILD / "objects")
        touched = frozenset().union(*(m.touches for m in batch))
        registers, tables = not touched <= {f"table:{key}" for key in SPEC.descriptors}, bool(touched & (evidence.FAMILY | {"*", "status"}))
        evidence.programs(variant, registers, tables)
        failures = KNOWS.failures(variant, registers, tables)
    except (DoesNotCompile, LookupError, ValueError, AssertionError, TypeError, OSError) as error:
        return no + [(m, ("killed", f"does not compile: {type(error).__name__}") if len(whole) == 1 else ("doubt", str(error)[:200])) for m in batch]
    finally:
        for old in folder.glob("*.so"):
            old.unlink()
    killed: dict[Mutant, str] = {}
    unclear: list[tuple[str, list[Mutant]]] = []
    for name, about in failures:
        hit = [m for m in batch if (m.touches | widened(m)) & about]
        if len(whole) == 1:
            hit = batch
        if len(hit) == 1:
            killed.setdefault(hit[0], name)
        else:
            unclear.append((name, hit or batch))
    doubtful = {m for _, hit in unclear if not any(m in killed for m in hit) for m in hit}
    return no + [(m, ("killed", killed[m]) if m in killed else ("doubt", "") if m in doubtful else ("survives", "")) for m in batch]


def widened(mutant: Mutant) -> frozenset[str]:
    """A change of the family of transactions is seen by all tests of it."""
    return evidence.FAMILY if mutant.touches & evidence.FAMILY else frozenset()


def judge(mutants: list[Mutant], jobs: int, seconds: float) -> dict[Mutant, Verdict]:
    global KNOWS
    end = time.monotonic() + (seconds or float("inf"))
    original = Variant(SPEC, BUILD / "spec-original", BUILD / "objects")
    evidence.programs(original)
    KNOWS = evidence.Evidence(original)
    found: dict[Mutant, Verdict] = {}
    with multiprocessing.get_context("fork").Pool(jobs) as pool:
        alone: list[list[Mutant]] = []
        work = batches(mutants)
        random.Random(1).shuffle(work)  # what a bounded run comes to is a fair part
        print(f"spec: {len(mutants)} mutants in {len(work)} builds", flush=True)
        for done in pool.imap_unordered(run_batch, enumerate(work)):
            found.update(done)
            alone += [[m] for m, verdict in done if verdict[0] == "doubt"]
            if time.monotonic() > end:
                break
        print(f"spec: {len(alone)} alone", flush=True)
        for done in pool.imap_unordered(run_batch, enumerate(alone if time.monotonic() < end else ())):
            found.update(done)
            if time.monotonic() > end:
                break
        pool.terminate()
    for folder in BUILD.glob("variant-*"):
        shutil.rmtree(folder)
    return found


def summary(found: dict[Mutant, Verdict]) -> str:
    """Counts for each file and kind; `word` is what rests on nothing but our word and is not marked as uncertain."""
    names = ("mutants", "refused", "killed", "alpha", "unconfirmed", "word", "doubt")
    rows: dict[tuple[str, str], Counter[str]] = {}
    for mutant, (verdict, _) in found.items():
        for key in ((mutant.file, mutant.kind), ("all", "all")):
            row = rows.setdefault(key, Counter())
            row["mutants"] += 1
            row[verdict if verdict != "survives" else mutant.status or "word"] += 1
    lines = ["\t".join(("file", "kind", *names))]
    lines += ["\t".join((*key, *(str(row[name]) for name in names))) for key, row in sorted(rows.items())]
    return "".join(f"{line}\n" for line in lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=0, help="that many mutants, chosen by the seed (default: all)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=0, help="stop after that time, with what was judged until then (default: never)")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--summary", type=Path, default=BUILD / "spec-summary.tsv")
    options = parser.parse_args()
    BUILD.mkdir(parents=True, exist_ok=True)
    mutants = all_mutants(SOURCES, SPEC)
    if options.sample and options.sample < len(mutants):
        mutants = random.Random(options.seed).sample(mutants, options.sample)
    found = judge(mutants, options.jobs, options.seconds)
    with open(BUILD / "spec-survivors.tsv", "w", encoding="utf-8") as file:
        file.write("file\tline\tpath\tkind\tmutant\tstatus\n")
        file.writelines(f"{m.file}\t{m.line}\t{m.path}\t{m.kind}\t{m.what}\t{m.status or '-'}\n"
                        for m in sorted(found, key=lambda m: (m.file, m.line, m.what)) if found[m][0] == "survives")
    with open(BUILD / "spec-killed.tsv", "w", encoding="utf-8") as file:
        file.write("file\tline\tpath\tmutant\tby\n")
        file.writelines(f"{m.file}\t{m.line}\t{m.path}\t{m.what}\t{found[m][1]}\n"
                        for m in sorted(found, key=lambda m: (m.file, m.line, m.what)) if found[m][0] == "killed")
    options.summary.write_text(summary(found), encoding="utf-8")
    print(f"spec: {len(found)} of {len(mutants)} mutants judged")
    print("\n".join(line for line in summary(found).splitlines() if line.startswith(("file\t", "all\t"))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
