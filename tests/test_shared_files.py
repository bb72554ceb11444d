"""Mistakes in ffa.yaml and errors.yaml, on which every chapter rests: named with file and line, never a traceback."""
from __future__ import annotations

import copy
import random
import shutil
from pathlib import Path

import pytest
import yaml

from codegen import checks
from codegen.load import Document, Sources, check_shape, load
from codegen.model import build
from codegen.problems import Problem, SpecError
from test_bad_spec import damage

SPEC = Path(__file__).resolve().parent.parent / "spec"

MISTAKES = [
    ("ffa.yaml", "prefix: ffabi", "prefix: 2ffabi", "prefix: '2ffabi' does not match"),
    ("ffa.yaml", "page_size: 4096", "page_size: many", "page_size: 'many' is not of type 'integer'"),
    ("ffa.yaml", 'alpha: ["1.3"]', 'alpha: ["1.9"]', "alpha[0]: '1.9' is not one of"),
    ("ffa.yaml", 'alpha: ["1.3"]', 'alpha: ["1.3", "1.3"]', "alpha: ['1.3', '1.3'] has non-unique elements"),
    ("ffa.yaml", "smc32: { width: 32, count: 8 }", "smc32: { width: 31, count: 8 }", "registers.smc32.width: 31 is not one of"),
    ("ffa.yaml", '"1.2": 18 }', '"1.2": 19 }', "registers.smc64.count.1.2: 19 is greater than the maximum of 18"),
    ("ffa.yaml", "  hvc: Hypervisor Call", "  hvc: []", "conduits.hvc: [] is not of type 'string'"),
    ("ffa.yaml", "  - memory\n", "  - memory\n  - setup\n", "chapters: ["),
    ("ffa.yaml", "usages: [", "uses: [", "Additional properties are not allowed ('uses' was unexpected)"),
    ("ffa.yaml", "prefix: ffabi                    # of every public C name; --prefix replaces it\n", "", "'prefix' is a required property"),
    ("errors.yaml", "value:  -6", "value:  6", "status.codes[5].value: 6 is greater than the maximum of -1"),
    ("errors.yaml", "type: s32", "type: u32", "status.type: 's32' was expected"),
    ("errors.yaml", "name: DENIED", "name: Denied", "status.codes[5].name: 'Denied' does not match"),
    ("errors.yaml", "    MBZ: INVALID_PARAMETERS", "    MBZ: 7", "violations.codes.MBZ: 7 is not of type 'string'"),
    ("errors.yaml", "EINTR: 4", "EINTR: -4", "errno_numbers.EINTR: -4 is less than the minimum of 1"),
    ("errors.yaml", "    unknown: EINVAL\n  u_boot", "  u_boot", "errno.linux: 'unknown' is a required property"),
    ("errors.yaml", "errno:\n", "errno: 7\nno_errno:\n", "errno: 7 is not of type 'object'"),
]


def problems_of(spec: Path) -> list[Problem]:
    try:
        return checks.run(build(load(spec)))
    except SpecError as err:
        return err.problems


@pytest.mark.parametrize(("name", "old", "new", "message"), MISTAKES, ids=[m[3] for m in MISTAKES])
def test_mistake(name: str, old: str, new: str, message: str, tmp_path: Path) -> None:
    spec = tmp_path / "spec"
    shutil.copytree(SPEC, spec)
    text = (spec / name).read_text()
    assert text.count(old) >= 1
    line = text[:text.index(old)].count("\n") + 1
    (spec / name).write_text(text.replace(old, new, 1))
    found = [problem for problem in problems_of(spec) if message in str(problem)]
    assert len(found) == 1, [str(p) for p in problems_of(spec)]
    assert found[0].place.file == f"spec/{name}"
    # A list, or an object that lacks something, is named where it begins.
    assert 1 <= found[0].place.line <= line + 1 and (found[0].place.line in (line, line + 1) or "required" in message or message.startswith("chapters"))


@pytest.mark.parametrize("seed", range(6))
def test_damaged_shared_files_end_in_problems(seed: int) -> None:
    rng = random.Random(seed)
    schema = yaml.safe_load((SPEC / "schema.yaml").read_text())
    real = load(SPEC)
    refused = 0
    for _ in range(20):
        shape, doc = rng.choice([("shared", real.root), ("errors", real.errors)])
        data = copy.deepcopy(doc.data)
        damage(rng, data)
        damaged = Document(doc.file, data, doc.lines, doc.digest)
        problems = check_shape(damaged, {"$ref": f"#/$defs/{shape}", "$defs": schema["$defs"]})
        if not problems:
            root, errors = (damaged, real.errors) if shape == "shared" else (real.root, damaged)
            try:
                problems = checks.run(build(Sources(root, errors, real.chapters)))
            except SpecError as err:
                problems = err.problems
        refused += bool(problems)
        assert all(problem.place.line > 0 and problem.what for problem in problems)
    assert refused >= 10
