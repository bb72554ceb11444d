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
    except (SpecError, LookupError, ValueError, TypeError, AssertionError):
        return True


def run_batch(numbered: tuple[int, list[Mutant]]) -> list[tuple[Mutant, Verdict]]:
    number, batch = numbered
    folder = BUILD / f"variant-{multiprocessing.current_process().name}"
    try:
        variant = Variant(build(mutated(SOURCES, batch)), folder, BUILD / "objects")
        evidence.programs(variant)
        failures = KNOWS.failures(variant)
    except (DoesNotCompile, LookupError, ValueError, AssertionError, TypeError, OSError) as error:
        return [(m, ("killed", f"does not compile: {type(error).__name__}") if len(batch) == 1 else ("doubt", str(error)[:200])) for m in batch]
    finally:
        for old in folder.glob("*.so"):
            old.unlink()
    killed: dict[Mutant, str] = {}
    unclear: list[tuple[str, list[Mutant]]] = []
    for name, about in failures:
        hit = [m for m in batch if (m.touches | widened(m)) & about]
        if len(batch) == 1:
            hit = batch
        if len(hit) == 1:
            killed.setdefault(hit[0], name)
        else:
            unclear.append((name, hit or batch))
    doubtful = {m for _, hit in unclear if not any(m in killed for m in hit) for m in hit}
    return [(m, ("killed", killed[m]) if m in killed else ("doubt", "") if m in doubtful else ("survives", "")) for m in batch]


def widened(mutant: Mutant) -> frozenset[str]:
    """A change of the family of transactions is seen by all tests of it."""
    return evidence.FAMILY if mutant.touches & evidence.FAMILY else frozenset()


def judge(mutants: list[Mutant], jobs: int) -> dict[Mutant, Verdict]:
    global KNOWS
    original = Variant(SPEC, BUILD / "spec-original", BUILD / "objects")
    evidence.programs(original)
    KNOWS = evidence.Evidence(original)
    KNOWS.shared = {table.name: users(chapter, table.name) for chapter in SPEC.chapters for table in (*chapter.enums, *chapter.flags)}
    found: dict[Mutant, Verdict] = {}
    with multiprocessing.get_context("fork").Pool(jobs) as pool:
        alone: list[list[Mutant]] = []
        for mutant, no in zip(mutants, pool.map(refused, mutants, chunksize=20)):
            if no:
                found[mutant] = ("refused", "the description contradicts itself")
        work = batches([m for m in mutants if m not in found])
        print(f"spec: {len(mutants)} mutants, {len(found)} refused, {len(work)} builds", flush=True)
        for done in pool.imap_unordered(run_batch, enumerate(work)):
            found.update(done)
            alone += [[m] for m, verdict in done if verdict[0] == "doubt"]
        print(f"spec: {len(alone)} alone", flush=True)
        for done in pool.imap_unordered(run_batch, enumerate(alone)):
            found.update(done)
    for folder in BUILD.glob("variant-*"):
        shutil.rmtree(folder)
    return found


def users(chapter: object, name: str) -> set[str]:
    calls = {c.key for c in chapter.calls for part in (c.request, c.success, c.error) if part  # type: ignore[attr-defined]
             for e in part.entries if e.type_name == name}
    return calls | {f"table:{d.key}" for d in chapter.descriptors for f in d.fields if f.type_name == name}  # type: ignore[attr-defined]


def summary(found: dict[Mutant, Verdict]) -> str:
    """Counts for each file and kind; `word` is what rests on nothing but our word and is not marked as uncertain."""
    names = ("mutants", "refused", "killed", "alpha", "unconfirmed", "word")
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
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--summary", type=Path, default=BUILD / "spec-summary.tsv")
    options = parser.parse_args()
    BUILD.mkdir(parents=True, exist_ok=True)
    mutants = all_mutants(SOURCES, SPEC)
    if options.sample and options.sample < len(mutants):
        mutants = random.Random(options.seed).sample(mutants, options.sample)
    found = judge(mutants, options.jobs)
    with open(BUILD / "spec-survivors.tsv", "w", encoding="utf-8") as file:
        file.write("file\tline\tpath\tkind\tmutant\tstatus\n")
        file.writelines(f"{m.file}\t{m.line}\t{m.path}\t{m.kind}\t{m.what}\t{m.status or '-'}\n"
                        for m in sorted(found, key=lambda m: (m.file, m.line, m.what)) if found[m][0] == "survives")
    with open(BUILD / "spec-killed.tsv", "w", encoding="utf-8") as file:
        file.write("file\tline\tpath\tmutant\tby\n")
        file.writelines(f"{m.file}\t{m.line}\t{m.path}\t{m.what}\t{found[m][1]}\n"
                        for m in sorted(found, key=lambda m: (m.file, m.line, m.what)) if found[m][0] == "killed")
    options.summary.write_text(summary(found), encoding="utf-8")
    print(summary({m: v for m, v in found.items()}).splitlines()[0])
    print(next(line for line in summary(found).splitlines() if line.startswith("all\t")))
    return 0


if __name__ == "__main__":
    sys.exit(main())
