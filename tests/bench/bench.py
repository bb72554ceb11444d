"""make bench: executed instructions and bytes of every call, against the budgets and against baseline.tsv.

Exit status 1 when a number is more than 3 % above the baseline.  --update makes this run the baseline.
"""
from __future__ import annotations

import argparse
import statistics
import sys
from pathlib import Path

import cases
import measure
from codegen.__main__ import read_spec
from codegen.names import Names
from codegen.tables import Tables
from codegen.view import Library

BASELINE = measure.HERE / "baseline.tsv"
RESULT = measure.ROOT / "build" / "bench.tsv"
# Instructions on aarch64, from DESIGN.md; a reply is unpacked like a request.
BUDGET = {"pack": 25, "unpack": 32, "by_id": 60, "reply": 32}
MESSAGE_OVERHEAD = 5  # bytes beyond the text itself
TOLERANCE = 1.03
COLUMNS = [f"{machine}{op}" for machine in ("", "host_") for op in cases.OPS] + ["text"]
Rows = dict[tuple[str, str, str], dict[str, int]]  # (call, version, convention) or ("total", what, "") -> column -> number


def by_call(sizes: dict[str, int], library: Library) -> dict[str, int]:
    """The bytes of each call's own functions, which begin with its key; a longer key claims a function first."""
    found = dict.fromkeys(library.views, 0)
    for name, size in sizes.items():
        words = name.removeprefix("ffabi_").split("_")
        keys = ["_".join(words[:n]) for n in range(len(words) - 1, 0, -1)]
        key = next((key for key in keys if key in found), None)
        if key:
            found[key] += size
    return found


def totals(library: Library, objects: list[Path], of_calls: int) -> dict[str, int]:
    """Bytes of the library and of its parts, and what a text of an error costs beyond its letters."""
    sizes = measure.sections(objects)
    found = {f"{name} of all": sum(s[name] for s in sizes.values()) for name in (".text", ".rodata", ".data", ".bss")}
    found[".text of all calls"] = of_calls
    for name in ("request", "message", "reply"):
        found[f".text of {name}.o"] = sizes[f"generated/{name}.o"][".text"]
    found[".text of core.o"] = sizes["runtime/core.o"][".text"]
    tables = {name: s for name, s in sizes.items() if name.startswith("generated/text_")}
    for section in (".text", ".rodata"):
        found[f"{section} of all text_*.o"] = sum(s[section] for s in tables.values())
    found[".rodata of text_meaning.o"] = sizes["generated/text_meaning.o"][".rodata"]
    meanings = Tables(library.spec, library).meanings()
    found["letters of text_meaning.o"] = sum(len(text.encode()) for text in meanings.blob.strings)
    found["messages of text_meaning.o"] = len(meanings.rows) + len(meanings.general)
    return found


def run_all() -> Rows:
    spec = read_spec(measure.ROOT / "spec")
    library = Library(spec, Names(spec.prefix))
    measure.run(["make", "-s", "-j2", "build/driver"])
    found = cases.subjects(library)
    measure.OUT.mkdir(parents=True, exist_ok=True)
    text = cases.source(found)
    objects = measure.build(measure.AARCH64, text)
    measure.build(measure.HOST, text)
    sizes = measure.functions(objects)
    rows: Rows = {(s.key, s.version, s.conv): {} for s in found}
    ops = [(s, op) for s in found for op in s.ops()]
    for prefix, counts in (("", measure.trace_aarch64(set(sizes))), ("host_", measure.trace_host())):
        if counts[0] != 0 or len(counts) != len(ops) + 1:
            raise SystemExit(f"bench: {len(counts)} counts of {len(ops) + 1} cases, {counts[:1]} instructions for no call")
        for (subject, op), count in zip(ops, counts[1:]):
            rows[subject.key, subject.version, subject.conv][prefix + op] = count
    text_of = by_call(sizes, library)
    for (key, _, _), row in rows.items():
        row["text"] = text_of[key]
    for what, number in totals(library, objects, sum(text_of.values())).items():
        rows["total", what, ""] = {"text": number}
    return rows


# -- files ------------------------------------------------------------------------------------------------------------


def compilers() -> list[str]:
    return [f"# {machine.name}: {machine.version()} {' '.join(machine.flags)}" for machine in (measure.AARCH64, measure.HOST)]


def write(rows: Rows, path: Path) -> None:
    lines = [*compilers(), "\t".join(["call", "version", "conv", *COLUMNS])]
    lines += ["\t".join([*key, *(str(row.get(c, "-")) for c in COLUMNS)]) for key, row in rows.items()]
    path.write_text("\n".join(lines) + "\n")


def read(path: Path) -> tuple[list[str], Rows]:
    lines = path.read_text().splitlines()
    rows: Rows = {}
    for line in [line for line in lines if not line.startswith("#")][1:]:
        call, version, conv, *numbers = line.split("\t")
        rows[call, version, conv] = {c: int(n) for c, n in zip(COLUMNS, numbers) if n != "-"}
    return [line for line in lines if line.startswith("#")], rows


def compare(rows: Rows) -> list[str]:
    """What became worse than the baseline; a compiler that is not the baseline's says nothing about the code."""
    with_, old = read(BASELINE)
    other = [name for name, a, b in zip(("aarch64", "host"), with_, compilers()) if a != b]
    for name in other:
        print(f"the baseline was made by another {name} compiler: its numbers are not compared")
    worse = []
    for key, row in rows.items():
        for column, number in row.items():
            machine = "host" if column.startswith("host_") else "aarch64"
            before = old.get(key, {}).get(column)
            counted = key[1].startswith(("letters", "messages"))  # texts are to grow
            if before is not None and number > before * TOLERANCE and machine not in other and not counted:
                worse.append(f"{' '.join(key)}: {column} {before} -> {number}")
    return worse


# -- the table --------------------------------------------------------------------------------------------------------


def show(rows: Rows) -> None:
    measured = {key: row for key, row in rows.items() if key[0] != "total"}
    print(f"{'':42}{'aarch64 instructions':^32}{'host instructions':^32}{'bytes':>7}")
    heads = [c.removeprefix("host_").replace("_", " ") for c in COLUMNS[:-1]]
    print(f"{'call':30}{'version':>7} {'':4}" + "".join(f"{h:>8}" for h in heads) + f"{'.text':>7}")
    before = ""
    for (call, version, conv), row in measured.items():
        cells = [f"{row.get(c, '-')}{'*' if row.get(c, 0) > BUDGET.get(c, 1 << 30) else ' '}" for c in COLUMNS[:-1]]
        print(f"{call if call != before else '':31}{version:>4}  {conv[3:]:4}" + "".join(f"{c:>8}" for c in cells)
              + (f"{row['text']:>7}" if call != before else ""))
        before = call
    print()
    for op, budget in BUDGET.items():
        counts = sorted(row[op] for row in measured.values() if op in row)
        over = sum(count > budget for count in counts)
        worst = max((row[op], key) for key, row in measured.items() if op in row)
        print(f"{op.replace('_', ' '):7} budget {budget}: {over} of {len(counts)} over (*); median {statistics.median(counts):g}, "
              f"most {worst[0]} ({' '.join(worst[1])})")
    print()
    total = {key[1]: row["text"] for key, row in rows.items() if key[0] == "total"}
    for what, number in total.items():
        print(f"{what:32}{number:>8}")
    overhead = (total[".rodata of text_meaning.o"] - total["letters of text_meaning.o"]) / total["messages of text_meaning.o"]
    print(f"{'bytes a message, without letters':32}{overhead:>8.2f}   budget {MESSAGE_OVERHEAD}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--update", action="store_true", help="make this run the baseline")
    options = parser.parse_args()
    rows = run_all()
    show(rows)
    write(rows, RESULT)
    if options.update:
        write(rows, BASELINE)
        return 0
    worse = compare(rows) if BASELINE.exists() else []
    for line in worse:
        print(f"worse than the baseline: {line}", file=sys.stderr)
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
