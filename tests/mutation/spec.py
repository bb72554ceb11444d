# SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later
"""Mutants of the description: every number and flag of spec/*.yaml, changed in turn; what did not come from spec/ has to notice.

    spec.py [--sample N] [--seed N] [--jobs N] [--summary FILE] [--survivors FILE]

Many independent mutants share a build: no two of them touch the same call or table, so that a failure tells which one it is about;
what stays in doubt is built again, apart from those that one failure named with it, and then alone.  The verdicts of each build are kept
in build/mutation/spec-builds/, and a run that was interrupted goes on from there when it is started again, unless anything it depends on
has changed.
"""
from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import evidence
from spec_mutants import Mutant, all_mutants, mutated
from variant import DoesNotCompile, Variant, generated

from codegen import checks
from codegen.__main__ import ROOT
from codegen.load import load
from codegen.model import Spec, build
from codegen.problems import SpecError

BUILD = ROOT / "build" / "mutation"
HERE = Path(__file__).resolve().parent
SOURCES = load(ROOT / "spec")
SPEC = build(SOURCES)
Verdict = tuple[str, str]  # refused, killed, survives, reader or doubt; by what
KNOWS: evidence.Evidence


def scope(mutant: Mutant) -> frozenset[str]:
    """What may hold one mutant of a build: the parts of a transaction are tested together, and all else by name."""
    found = set(mutant.touches)
    if found & evidence.FAMILY:
        found |= evidence.FAMILY
    for key in mutant.touches & SPEC.calls.keys():
        found |= {SPEC.calls[key].carrier} - {""}
    if mutant.kind == "malformed":
        found.add("violations")  # one test after the other: the first that fails hides the next
    return frozenset(found)


def batches(mutants: Sequence[Mutant], apart: Mapping[Mutant, str], most: int) -> list[list[Mutant]]:
    """As few builds as a simple rule gives: each mutant into the first build that has room for it, and none that it has to keep apart from."""
    found: list[list[Mutant]] = []
    held: list[set[str]] = []
    for mutant in sorted(mutants, key=lambda m: -len(scope(m))):
        mine = scope(mutant) | {apart.get(mutant, "")} - {""}
        for batch, taken in zip(found, held):
            if len(batch) < most and not taken & mine and "*" not in mine | taken:
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


@lru_cache(maxsize=None)
def state() -> str:
    """What every verdict depends on: the description, the generator, the runtime and the tests; not the results themselves."""
    found = hashlib.sha256()
    for folder in ("spec", "codegen", "runtime", "tests"):
        for path in sorted(p for p in (ROOT / folder).rglob("*") if p.is_file() and "__pycache__" not in p.parts):
            if not (path.parent == HERE and path.suffix in (".tsv", ".md")):
                found.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


def kept(batch: list[Mutant]) -> list[tuple[Mutant, Verdict]]:
    """The verdicts on a build, of now or of an earlier run."""
    name = hashlib.sha256("\n".join((state(), *(f"{m} {m.kind}" for m in batch))).encode()).hexdigest()[:32]
    file = BUILD / "spec-builds" / f"{name}.json"
    if not file.exists():
        of = {m: n for n, m in enumerate(batch)}
        part = file.with_suffix(".part")
        part.write_text(json.dumps([[of[m], *verdict] for m, verdict in run_batch(batch)]), encoding="utf-8")
        part.rename(file)
    return [(batch[n], (verdict, by)) for n, verdict, by in json.loads(file.read_text(encoding="utf-8"))]


def bounded(work: tuple[float, list[Mutant]]) -> list[tuple[Mutant, Verdict]]:
    """Nothing more is judged when the time is over."""
    end, batch = work
    return kept(batch) if time.monotonic() < end else []


gone_together: list[Mutant] = []


def run_batch(whole: list[Mutant]) -> list[tuple[Mutant, Verdict]]:
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
    except (DoesNotCompile, subprocess.SubprocessError, LookupError, ValueError, AssertionError, TypeError, OSError) as error:
        return no + [(m, ("killed", f"does not build: {type(error).__name__}") if len(whole) == 1 else ("doubt", str(error)[:200])) for m in batch]
    finally:
        for old in folder.glob("*.so"):
            old.unlink()
    return no + attributed(batch, failures, len(whole) == 1)


def attributed(batch: list[Mutant], failures: Sequence[evidence.Failure], alone: bool) -> list[tuple[Mutant, Verdict]]:
    """A failure that is about one mutant of the build kills it.  One that may be about several puts them in doubt, also when another
    evidence kills one of them: that it explains the failure does not say that the others are no cause of it."""
    killed: dict[Mutant, str] = {}
    doubtful: dict[Mutant, str] = {}
    for name, about in failures:
        hit = [m for m in batch if (m.touches | widened(m)) & about]
        if alone:
            hit = batch
        if len(hit) == 1:
            killed.setdefault(hit[0], name)
        else:
            doubtful |= dict.fromkeys(hit or batch, name)
    return [(m, ("killed", killed[m]) if m in killed else ("doubt", doubtful[m]) if m in doubtful else ("survives", "")) for m in batch]


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
    (BUILD / "spec-builds").mkdir(exist_ok=True)
    state()  # as it is now, for all processes
    with multiprocessing.get_context("fork").Pool(jobs) as pool:
        doubt = list(mutants)
        apart: dict[Mutant, str] = {}
        for most in (len(mutants), 6, 1):
            work = batches(doubt, apart, most)
            random.Random(1).shuffle(work)  # what a bounded run comes to is a fair part
            print(f"spec: {len(doubt)} mutants in {len(work)} builds", flush=True)
            apart = {}
            for n, done in enumerate(pool.imap_unordered(bounded, ((end, batch) for batch in work)), 1):
                found.update(done)
                apart |= {m: f"{n}: {by}" for m, (verdict, by) in done if verdict == "doubt"}
                progress(n, len(work))
            doubt = list(apart)
        left = [m for m, verdict in found.items() if verdict[0] == "survives"]
        print(f"spec: {len(left)} survive; is their C another?", flush=True)
        found.update({m: ("reader", "") for m, same in zip(left, pool.map(unseen, left, chunksize=8)) if same})
    for folder in BUILD.glob("variant-*"):
        shutil.rmtree(folder)
    return found


def code(spec: Spec) -> dict[str, str]:
    """The C that firmware compiles, without comments."""
    return {path: text for path, text in generated(spec).items() if path.startswith(("include/", "src/"))}


@lru_cache(maxsize=None)
def known_code() -> dict[str, str]:
    return code(SPEC)


def unseen(mutant: Mutant) -> bool:
    """Is the C the same, so that only a reader of the reference pages could tell?"""
    return code(build(mutated(SOURCES, [mutant]))) == known_code()


def progress(done: int, of: int) -> None:
    if done % 20 == 0:
        print(f"  {done} of {of}", flush=True)


def rests(mutant: Mutant, verdict: Verdict) -> str:
    """What a survivor rests on: the description's own doubt, or our word; or nothing that a program does rests on it."""
    return "reader" if verdict[0] == "reader" else mutant.status or "word"


def survivors(found: dict[Mutant, Verdict]) -> str:
    """Each with its line: what of the description rests on nothing but our word, and what it says of that itself."""
    lines = ["file\tline\tpath\tkind\tchange\trests on"]
    lines += [f"{m.file}\t{m.line}\t{m.path}\t{m.kind}\t{m.what}\t{rests(m, found[m])}"
              for m in sorted(found, key=lambda m: (m.file, m.line, m.what)) if found[m][0] in ("survives", "reader")]
    return "".join(f"{line}\n" for line in lines)


def summary(found: dict[Mutant, Verdict]) -> str:
    """Counts for each file and kind; `word` is what rests on nothing but our word and is not marked as uncertain,
    `reader` what changes no line of C."""
    names = ("mutants", "refused", "killed", "reader", "alpha", "unconfirmed", "word", "doubt")
    rows: dict[tuple[str, str], Counter[str]] = {}
    for mutant, (verdict, _) in found.items():
        for key in ((mutant.file, mutant.kind), ("all", "all")):
            row = rows.setdefault(key, Counter())
            row["mutants"] += 1
            row[rests(mutant, (verdict, "")) if verdict == "survives" else verdict] += 1
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
    parser.add_argument("--survivors", type=Path, default=BUILD / "spec-survivors.tsv")
    options = parser.parse_args()
    BUILD.mkdir(parents=True, exist_ok=True)
    mutants = all_mutants(SOURCES, SPEC)
    if options.sample and options.sample < len(mutants):
        mutants = random.Random(options.seed).sample(mutants, options.sample)
    found = judge(mutants, options.jobs, options.seconds)
    options.survivors.write_text(survivors(found), encoding="utf-8")
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
