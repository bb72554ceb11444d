"""make bench: executed instructions, bytes and stack of calls, tables and transactions, against budgets and baseline.tsv.

Exit status 1 when a number is more than 3 % above the baseline.  --update makes this run the baseline.
"""
from __future__ import annotations

import argparse
import sys

import cases
import measure
import registers
import rows
import sizes
import transactions
from codegen.__main__ import read_spec
from codegen.names import Names
from codegen.view import Library

RESULT = measure.ROOT / "build" / "bench.tsv"


def run_all() -> list[rows.Block]:
    """Measures and shows everything."""
    spec = read_spec(measure.ROOT / "spec")
    library = Library(spec, Names(spec.prefix))
    measure.run(["make", "-s", "-j2", "build/driver"])
    subjects = cases.subjects(library)
    minimal = cases.minimal(subjects, registers.MINIMAL)
    measure.OUT.mkdir(parents=True, exist_ok=True)
    text = cases.source(subjects, minimal, transactions.source())
    objects = measure.build(measure.AARCH64, text)
    measure.build(measure.HOST, text)
    lengths = [sum(len(s.ops()) for s in subjects), len(minimal), len(transactions.CASES)]
    counts: list[dict[str, list[int]]] = [{}, {}, {}]
    by_function = measure.trace_aarch64(set(measure.functions(objects)))
    for prefix, found in (("", [count.total() for count in by_function]), ("host_", measure.trace_host())):
        if found[0] != 0 or len(found) != sum(lengths) + 1:
            raise SystemExit(f"bench: {len(found)} counts of {sum(lengths) + 1} cases, {found[:1]} instructions for no call")
        at = 1
        for part, length in zip(counts, lengths):
            part[prefix] = found[at:at + length]
            at += length
    of_calls = sizes.by_call(objects, library)
    calls = registers.block(subjects, counts[0], of_calls)
    least = registers.minimal_block(minimal, counts[1])
    sent = transactions.block(counts[2])
    parts = sizes.functions(objects)
    total = sizes.totals(library, objects, sum(of_calls.values()), parts)
    registers.show(calls, least, subjects)
    transactions.show(sent)
    transactions.show_functions(by_function[-lengths[2]:])
    of_chapters = sizes.chapters(library, objects)
    sizes.show_chapters(of_chapters)
    sizes.show(parts, total)
    return [calls, least, sent, parts, of_chapters, total]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--update", action="store_true", help="make this run the baseline")
    options = parser.parse_args()
    blocks = run_all()
    rows.write(blocks, RESULT)
    if options.update:
        rows.write(blocks, rows.BASELINE)
        return 0
    worse = rows.compare(blocks) if rows.BASELINE.exists() else []
    for line in worse:
        print(f"worse than the baseline: {line}", file=sys.stderr)
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
