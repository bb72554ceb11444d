"""The fuzzers can fail: a mistake is planted in a copy of the library, and the target that guards against it reports it, naming the invariant,
within a bounded number of executions that start from the seeds alone."""
from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from codec import BUILD, ROOT

sys.path.insert(0, str(ROOT / "fuzz"))
import seeds  # noqa: E402

RUNS = 60000
OBJECTS = BUILD / "fuzz" / "libfuzzer"
FLAGS = ["-std=gnu11", "-g", "-O1", "-w", "-DFFABI_LOAD_HOOK", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
INCLUDE = [f"-I{ROOT}/runtime/include", f"-I{ROOT}/generated/include"]
HEADERS = {"runtime/include/ffabi/core.h": ["runtime/lists.c", "generated/src/messaging_table.c"]}


class Plant(NamedTuple):
    """In file, the first match of pattern becomes text; the target says one of the reports."""

    name: str
    file: str
    pattern: str
    text: str
    target: str
    reports: str


TABLES = "generated/src/memory_descriptors_table.c"
PLANTS = [
    Plant("a byte is fetched twice", TABLES, r"(v8 = (ffabi_ld32\(src, at \+ 8\));)", r"v8 = \2 + 0 * \2;", "mem_cursor", "invariant 2"),
    Plant("a value is fetched again behind the back of the hook", "runtime/wire.c", r"(\t\tffabi_st64\(dst, i, ffabi_ld64\(src, what->at \+ i\)\);)",
          r"{ \1 if (i) ((uint8_t *)dst->base)[i - 8] = src->base[what->at + i - 8]; }", "snapshot", "invariant 2"),
    Plant("a table is read beyond the end", "generated/src/partition_table.c", r"if \(!ffabi_fits\(src->len, at, 24\)\)", "if (0)",
          "partition_info_check", "invariant 1|AddressSanitizer"),
    Plant("containment wraps", "runtime/include/ffabi/core.h", r"return off <= len && n <= len - off;", "return (uint32_t)(off + n) <= len;",
          "indirect_message", "invariant [13]|AddressSanitizer|SEGV"),
    Plant("a reserved bit is let through", TABLES, r"& 0xff80u\) != 0", "& 0xff00u) != 0", "mem_transaction_check", "invariant 4"),
    Plant("an enumeration takes one more", TABLES, r"in->data_access > 2", "in->data_access > 3", "mem_access_check", "invariant 4"),
    Plant("a table is packed with a bit less", TABLES, r"ffabi_st32\(dst, at \+ 12, in->endpoint_count\)",
          "ffabi_st32(dst, at + 12, in->endpoint_count & 0x7fffffff)", "mem_relinquish_descriptor_check", "invariant 5"),
    Plant("bytes are written before the values are judged", TABLES, r"(\trule = mem_composite_valid\()", r"\tffabi_st32(dst, at, 0);\n\1",
          "mem_composite_check", "invariant 6"),
    Plant("a byte is not written", TABLES, r"\tffabi_st64\(dst, at \+ 8, 0\);\n", "", "mem_access_check", "invariant 6"),
    Plant("a waiver refuses", TABLES, r"&& \(c->waive & FFABI_WAIVE_SBZ\) == 0\)", "|| (c->waive & FFABI_WAIVE_SBZ) != 0)",
          "mem_transaction_check", "invariant [78]"),
    Plant("the violation is another", "runtime/core.c", r"c->err.rule = \(uint16_t\)rule;", "c->err.rule = FFABI_E_MBZ;", "relinquish", "invariant 8"),
    Plant("a refused fragment is counted", "runtime/assembly.c", r"(\tconst uint32_t missing = a->total - a->received;\n)",
          r"\1\tif (n > missing) a->received = a->total;\n", "mem_fragments", "invariant 9"),
    Plant("an endpoint may be named twice", "runtime/lists.c", r"if \(ids\[i\] == id\)", "if (0)", "relinquish", "invariant 4"),
    Plant("contents outside the blob", "runtime/lists.c", r"!ffabi_fits\(cur->src.len, d->contents, d->size\)", "d->contents > cur->src.len",
          "boot_information", "invariant 1"),
    Plant("a register is not written", "generated/src/memory.c", r"\tx\[4\] = 0;\n", "", "request", "invariant 6"),
    Plant("a value loses a bit", "generated/src/memory_reply.c", r"x\[2\] = \(uint32_t\)in->handle;", "x[2] = (uint32_t)in->handle & ~2u;", "reply", "invariant 5"),
]


@pytest.fixture(scope="module", autouse=True)
def objects() -> None:
    """The unchanged objects of every target that takes part."""
    programs = sorted({f"build/fuzz/libfuzzer/{plant.target}" for plant in PLANTS})
    done = subprocess.run(["make", "-s", "-j2", "-C", ROOT, *programs], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]


def planted(plant: Plant, tmp: Path) -> list[Path]:
    """Objects that come before those of the library; of a header, what includes it there."""
    path = ROOT / plant.file
    text, count = re.subn(plant.pattern, plant.text, path.read_text(), count=1)
    assert count == 1, f"{plant.file} has changed: {plant.pattern} is no longer in it, so this plant has to be made anew"
    changed = tmp / plant.file
    changed.parent.mkdir(parents=True)
    changed.write_text(text)
    compiled = [changed] if changed.suffix == ".c" else [ROOT / name for name in HEADERS[plant.file]]
    objects_ = []
    for source in compiled:
        objects_.append(tmp / f"{source.stem}.o")
        subprocess.run(["clang-14", *FLAGS, "-fsanitize=fuzzer-no-link", f"-I{tmp}/runtime/include", *INCLUDE, "-c", source, "-o", objects_[-1]], check=True)
    return objects_


def build(target: str, tmp: Path, changed: list[Path]) -> Path:
    own = ROOT / "fuzz" / "target" / f"{target}.c"
    main = OBJECTS / "obj" / ("fuzz/target" if own.exists() else "generated/fuzz") / f"{target}.o"
    program = tmp / "program"
    subprocess.run(["clang-14", *FLAGS, "-fsanitize=fuzzer", main, OBJECTS / "obj/fuzz/mutator.o", *changed, OBJECTS / "kit.a", "-o", program], check=True)
    return program


def fuzz(program: Path, target: str, tmp: Path) -> subprocess.CompletedProcess[str]:
    folder = seeds.write(tmp / "seeds", target)
    return subprocess.run([program, f"-runs={RUNS}", "-seed=1", "-max_len=2048", f"-artifact_prefix={tmp}/", folder], capture_output=True, text=True,
                          errors="replace", check=False)


@pytest.mark.parametrize("plant", PLANTS, ids=[p.name.replace(" ", "-") for p in PLANTS])
def test_a_planted_mistake_is_found(plant: Plant, tmp_path: Path) -> None:
    done = fuzz(build(plant.target, tmp_path, planted(plant, tmp_path)), plant.target, tmp_path)
    assert done.returncode != 0, f"not found in {RUNS} executions"
    assert re.search(plant.reports, done.stderr), done.stderr[-1500:]
    assert list(tmp_path.glob("crash-*")), "no input was kept"


def test_without_a_plant_nothing_is_found(tmp_path: Path) -> None:
    """The same number of executions of one of the targets, unchanged."""
    done = fuzz(OBJECTS / "mem_cursor", "mem_cursor", tmp_path)
    assert done.returncode == 0, done.stderr[-1500:]
