"""The fuzzers can fail: a mistake is planted in a copy of the library, and the target that guards against it reports it, naming the invariant.

In the ordinary tests by the sweep of the seeds; with FUZZ_PLANTS=libfuzzer (make fuzz-plants) also by fuzzing, within a bounded number of
executions that start from the seeds alone.
"""
from __future__ import annotations

import os
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
FLAGS = ["-std=gnu11", "-g", "-O1", "-w", "-DFFABI_LOAD_HOOK", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
INCLUDE = [f"-I{ROOT}/runtime/include", f"-I{ROOT}/generated/include"]
HEADERS = {"runtime/include/ffabi/core.h": ["runtime/boot_information.c", "generated/src/boot_information_table.c"]}


class Form(NamedTuple):
    """One way to build and run a target: its folder in build/fuzz/, compiler, flags for objects, for programs, the object with main()."""

    name: str
    compiler: str
    objects: tuple[str, ...]
    program: tuple[str, ...]
    main: str
    run: tuple[str, ...]

    @property
    def folder(self) -> Path:
        return BUILD / "fuzz" / self.name


SWEEP = Form("standalone", "cc", (), (), "obj/fuzz/standalone.o", ("--sweep",))
FUZZING = Form("libfuzzer", "clang-14", ("-fsanitize=fuzzer-no-link",), ("-fsanitize=fuzzer",), "", (f"-runs={RUNS}", "-seed=1", "-max_len=2048"))
FORMS = [SWEEP, FUZZING] if os.environ.get("FUZZ_PLANTS") == "libfuzzer" else [SWEEP]


class Plant(NamedTuple):
    """In file, the first match of pattern becomes text; the target says one of the reports.  swept: it takes an option of the head that the sweep
    goes through and that mutation seldom meets with a legal call behind it."""

    name: str
    file: str
    pattern: str
    text: str
    target: str
    reports: str
    swept: bool = False


TABLES = "generated/src/memory_descriptors_table.c"
PLANTS = [
    Plant("a byte is fetched twice", TABLES, r"(\tv4 = )(ffabi_get32\(p \+ 4\));", r"\1\2 + 0 * \2;", "mem_cursor", "invariant 2"),
    Plant("a value is fetched again behind the back of the hook", "runtime/wire.c", r"(ffabi_put64\(to, ffabi_get64\(from\)\));",
          r"{ \1; if (to != dst->base) to[-8] = from[-8]; }", "snapshot", "invariant 2"),
    Plant("a table is read beyond the end", "generated/src/partition_table.c", r"if \(!ffabi_fits\(src->len, at, 24\)\)", "if (0)",
          "partition_info_check", "invariant 1|AddressSanitizer"),
    Plant("containment wraps", "runtime/include/ffabi/core.h", r"return off <= len && n <= len - off;", "return (uint32_t)(off + n) <= len;",
          "boot_information", "invariant [13]|AddressSanitizer|SEGV"),
    Plant("a reserved bit is let through", TABLES, r"& 0xff80u\) != 0", "& 0xff00u) != 0", "mem_transaction_check", "invariant 4"),
    Plant("an enumeration takes one more", TABLES, r"in->data_access > 2", "in->data_access > 3", "mem_access_check", "invariant 4"),
    Plant("a table is packed with a bit less", TABLES, r"ffabi_put32\(p \+ 12, in->endpoint_count\)",
          "ffabi_put32(p + 12, in->endpoint_count & 0x7fffffff)", "mem_relinquish_descriptor_check", "invariant 5"),
    Plant("bytes are written before the values are judged", TABLES, r"(\trule = mem_composite_valid\()", r"\tffabi_st32(dst, at, 0);\n\1",
          "mem_composite_check", "invariant 6"),
    Plant("a byte is not written", TABLES, r"\tffabi_put64\(p \+ 8, 0\);\n", "", "mem_access_check", "invariant 6"),
    Plant("a waiver refuses", TABLES, r"&& \(c->waive & FFABI_WAIVE_SBZ\) == 0\)", "|| (c->waive & FFABI_WAIVE_SBZ) != 0)",
          "mem_transaction_check", "invariant [78]"),
    Plant("the violation is another", "runtime/core.c", r"c->err.rule = \(uint16_t\)rule;", "c->err.rule = FFABI_E_MBZ;", "relinquish", "invariant 8"),
    Plant("a refused fragment is counted", "runtime/assembly.c", r"(\tconst uint32_t missing = a->total - a->received;\n)",
          r"\1\tif (n > missing) a->received = a->total;\n", "mem_fragments", "invariant 9"),
    Plant("an endpoint may be named twice", "runtime/relinquish.c", r"if \(ids\[i\] == id\)", "if (0)", "relinquish", "invariant 4"),
    Plant("contents outside the blob", "runtime/boot_information.c", r"!ffabi_fits\(h->blob_size, d->contents, d->size\)", "d->contents > h->blob_size",
          "boot_information", "invariant 1"),
    Plant("a register is not written", "generated/src/memory.c", r"\tx\[4\] = 0;\n", "", "request", "invariant 6"),
    Plant("the slow way of a reader forgets a rule", "generated/src/cpu_cycles.c", r"if \(out->endpoint_id != 0 && \(c->instance & \(FFABI_S_VIRT\)\) != 0 &&",
          "if (0 &&", "codec", "invariant 7", swept=True),
    Plant("a value loses a bit", "generated/src/memory_reply.c", r"x\[2\] = \(uint32_t\)in->handle;", "x[2] = (uint32_t)in->handle & ~2u;", "reply", "invariant 5"),
]


@pytest.fixture(scope="module", params=FORMS, ids=[form.name for form in FORMS])
def form(request: pytest.FixtureRequest) -> Form:
    """A form with the unchanged objects of every target that takes part."""
    programs = sorted({f"build/fuzz/{request.param.name}/{plant.target}" for plant in PLANTS})
    done = subprocess.run(["make", "-s", "-j2", "-C", ROOT, *programs], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    found: Form = request.param
    return found


def planted(plant: Plant, form: Form, tmp: Path) -> list[Path]:
    """Objects that come before those of the library; of a header, what includes it there."""
    path = ROOT / plant.file
    text, count = re.subn(plant.pattern, plant.text, path.read_text(), count=1)
    assert count == 1, f"{plant.file} has changed: {plant.pattern} is no longer in it, so this plant has to be made anew"
    changed = tmp / plant.file
    changed.parent.mkdir(parents=True)
    changed.write_text(text)
    compiled = [changed] if changed.suffix == ".c" else [ROOT / name for name in HEADERS[plant.file]]
    objects = []
    for source in compiled:
        objects.append(tmp / f"{source.stem}.o")
        subprocess.run([form.compiler, *FLAGS, *form.objects, f"-I{tmp}/runtime/include", *INCLUDE, "-c", source, "-o", objects[-1]], check=True)
    return objects


def build(target: str, form: Form, tmp: Path, changed: list[Path]) -> Path:
    own = ROOT / "fuzz" / "target" / f"{target}.c"
    main = form.folder / "obj" / ("fuzz/target" if own.exists() else "generated/fuzz") / f"{target}.o"
    others = [form.folder / "obj/fuzz/mutator.o", *([form.folder / form.main] if form.main else []), *changed, form.folder / "kit.a"]
    subprocess.run([form.compiler, *FLAGS, *form.program, main, *others, "-o", tmp / "program"], check=True)
    return tmp / "program"


def run(program: Path, form: Form, target: str, tmp: Path) -> subprocess.CompletedProcess[str]:
    artifacts = [f"-artifact_prefix={tmp}/"] if form is FUZZING else []
    return subprocess.run([program, *form.run, *artifacts, seeds.write(tmp / "seeds", target)], capture_output=True, text=True, errors="replace", check=False)


@pytest.mark.parametrize("plant", PLANTS, ids=[p.name.replace(" ", "-") for p in PLANTS])
def test_a_planted_mistake_is_found(plant: Plant, form: Form, tmp_path: Path) -> None:
    if plant.swept and form is FUZZING:
        pytest.skip("found by the sweep")
    done = run(build(plant.target, form, tmp_path, planted(plant, form, tmp_path)), form, plant.target, tmp_path)
    assert done.returncode != 0, f"not found by {form.name}"
    assert re.search(plant.reports, done.stderr), done.stderr[-1500:]
    assert form is not FUZZING or list(tmp_path.glob("crash-*")), "no input was kept"


@pytest.mark.parametrize("target", ["mem_composite_check", "relinquish"])
def test_without_a_plant_nothing_is_found(target: str, form: Form, tmp_path: Path) -> None:
    """The same of targets that are unchanged."""
    done = run(form.folder / target, form, target, tmp_path)
    assert done.returncode == 0, done.stderr[-1500:]
