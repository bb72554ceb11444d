"""Every mistake in a description is reported, with its file, line and object: tests/bad-spec/ has a file for each.

A file NAME.yaml, NAME-2.yaml, ... is about the check NAME.  It begins with a line "# expect: LINE: object.path: message"
for each problem, in the order of the report; "# load: FILE ..." names files that are loaded in its place.
"""
from __future__ import annotations

import ast
import copy
import random
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from codegen import arraychecks, checklist, checks, fieldchecks, layoutchecks, namechecks, tablechecks
from codegen.load import Document, Sources, check_shape, load
from codegen.model import build
from codegen.problems import Problem, SpecError

ROOT = Path(__file__).resolve().parent.parent
SPEC = ROOT / "spec"
FILES = sorted((ROOT / "tests" / "bad-spec").glob("*.yaml"))
MODULES = (checks, layoutchecks, fieldchecks, namechecks, tablechecks, arraychecks)
WHEN_LOADING = ("syntax", "duplicate_key", "schema", "missing_file")


def name_of(file: Path) -> str:
    """The check that a file is about."""
    return re.sub(r"-\d+$", "", file.stem)


def directives(file: Path, word: str) -> list[str]:
    """What stands behind the word in the comments that the file begins with."""
    found = []
    for line in file.read_text(errors="replace").splitlines():
        if not line.startswith("#"):
            break
        if line.startswith(f"# {word}: "):
            found.append(line.removeprefix(f"# {word}: "))
    return found


def problems_of(files: list[Path]) -> list[Problem]:
    try:
        return checks.run(build(load(SPEC, files)))
    except SpecError as err:
        return err.problems


def loaded(file: Path) -> list[Path]:
    return [file.parent / other for line in directives(file, "load") for other in line.split()] or [file]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_file(file: Path) -> None:
    """Exactly the problems that the file expects, in its order."""
    problems = problems_of(loaded(file))
    names = "|".join(re.escape(other.name) for other in loaded(file))
    assert [re.sub(f"^({names}):", "", str(problem)) for problem in problems] == directives(file, "expect")
    assert name_of(file) in {problem.check for problem in problems}


def test_every_check_has_a_file() -> None:
    assert {name_of(file) for file in FILES} == {*checks.CHECKS, *WHEN_LOADING}


def messages(module: Any) -> list[tuple[str, re.Pattern[str]]]:
    """Every message that the checks of a module can yield, as its source and as a pattern."""
    found = []
    tree = ast.parse(Path(module.__file__).read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.Yield):
            value = node.value.elts[-1] if isinstance(node.value, ast.Tuple) else node.value
            before = "" if value is not node.value else ".+: "  # the check itself yields what a helper says, behind its name
            for text in (value.body, value.orelse) if isinstance(value, ast.IfExp) else (value,):
                if isinstance(text, ast.JoinedStr):
                    parts = [re.escape(p.value) if isinstance(p, ast.Constant) else ".+" for p in text.values]
                    found.append((ast.unparse(text), re.compile(before + "".join(parts))))
                elif isinstance(text, ast.Constant):
                    found.append((text.value, re.compile(before + re.escape(text.value))))
    return [(source, pattern) for source, pattern in found if " " in source]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_every_message_has_a_file(module: Any) -> None:
    expected = [line.split(": ", 2)[-1] for file in FILES for line in directives(file, "expect")]
    found = messages(module)
    assert len(found) >= 5
    missing = [source for source, pattern in found if not any(pattern.fullmatch(line) for line in expected)]
    assert not missing, "no file in tests/bad-spec expects:\n" + "\n".join(missing)


def test_every_module_of_checks_is_looked_at() -> None:
    """A check in a module that MODULES leaves out would escape the test of messages."""
    assert {function.__module__ for function in checks.CHECKS.values()} <= {module.__name__ for module in MODULES}
    assert checks.CHECKS is checklist.CHECKS


MANY = """\
chapter: many
title: Examples
doc: Examples of mistakes
enums:
  colour: { doc: A colour, ref: DEN0077A 1.0, values: { red: 0, green: 0 } }
flags:
  wishes: { doc: Wishes, ref: DEN0077A 1.0, reserved: mbz, bits: { fast: { at: 0 }, slow: { at: 0 } } }
calls:
  ping:
    doc: Do nothing
    ref: DEN0077A 1.0
    smc32: 0x84000001
    request:
      regs:
        - { reg: w1, name: size, type: u33 }
        - { reg: w2, name: paint, type: colour, until: "1.0", since: "1.1" }
        - { reg: w2-w6, reserved: mbz, min: 3 }
    success:
      regs:
        - { reg: w1-w7, name: nothing, reserved: mbz }
    replies: [pong]
    errors: { LAZY: the callee does not feel like it }
"""
IN_MANY = """\
many.yaml:5: enums.colour.values.green: 0 is already red
many.yaml:7: flags.wishes.bits.slow: bit 0 is already fast
many.yaml:9: calls.ping: 0x84000001 is no SMC32 function id of FF-A
many.yaml:13: calls.ping.request: bits 31:0 of register 7 is not stated (version 1.0, SMC32)
many.yaml:13: calls.ping.request: bits 31:0 of register 7 is not stated (version 1.1, SMC32)
many.yaml:13: calls.ping.request: bits 31:0 of register 7 is not stated (version 1.2, SMC32)
many.yaml:13: calls.ping.request: bits 31:0 of register 7 is not stated (version 1.3, SMC32)
many.yaml:15: calls.ping.request.regs[0]: u33 is no type
many.yaml:16: calls.ping.request.regs[1]: until is before since
many.yaml:17: calls.ping.request.regs[2]: only a field has min
many.yaml:20: calls.ping.success.regs[0]: reserved bits have no name
many.yaml:21: calls.ping.replies[0]: pong is no call
many.yaml:22: calls.ping.errors.LAZY: LAZY is no error code
"""


def test_all_problems_in_one_run(tmp_path: Path) -> None:
    """Nobody has to mend one mistake to learn of the next."""
    file = tmp_path / "many.yaml"
    file.write_text(MANY)
    assert [str(problem) for problem in problems_of([file])] == IN_MANY.splitlines()


def test_all_files_in_one_run(tmp_path: Path) -> None:
    """A file that cannot be read does not hide the mistakes of the others; all reach the command line, with status 2."""
    spec = tmp_path / "spec"
    spec.mkdir()
    for name in ("errors.yaml", "schema.yaml"):
        (spec / name).write_text((SPEC / name).read_text())
    shared = yaml.safe_load((SPEC / "ffa.yaml").read_text())
    (spec / "ffa.yaml").write_text(yaml.safe_dump(shared | {"chapters": ["open", "twice", "nowhere", "shapeless"]}))
    (spec / "open.yaml").write_text("calls: {\n")
    (spec / "twice.yaml").write_text("doc: one\ndoc: two\n")
    (spec / "shapeless.yaml").write_text("chapter: shapeless\ntitle: 3\ndoc: four\nfive: 6\n")
    done = subprocess.run([sys.executable, "-m", "codegen", "--lint", "--spec", spec], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [
        "spec/open.yaml:2: not YAML: did not find expected node content",
        "spec/twice.yaml:2: doc: the key is already given in line 1",
        "spec/nowhere.yaml:1: there is no such file",
        "spec/shapeless.yaml:2: title: 3 is not of type 'string'",
        "spec/shapeless.yaml:4: Additional properties are not allowed ('five' was unexpected)",
        "5 problem(s)"]


@cache
def real() -> Sources:
    return load(SPEC)


def test_the_description_has_no_problems() -> None:
    assert checks.run(build(real())) == []


# -- no mistake ends in a traceback ----------------------------------------------------------------------------------

WORDS: dict[str, list[Any]] = {
    "reg": ["w0", "w8", "x1", "w7-w4", "w4-x7", ["w2", "w1"], ["w1", "w3"], "w1-w4", "x2-x17"],
    "bits": ["0", "15:31", "99:0", "63:32"], "type": ["u8", "u64", "s32", "status", "word", "uuid", "words", "bytes", "nosuch"],
    "value": [0, 1 << 64], "bias": [1, 300], "min": [0, 1 << 33], "max": [0, 1 << 40, "handle", "uuid"], "multiple_of": [3, "page_size"],
    "zero_unless": ["handle", "flags.fast"], "length": ["char_count", "uuid"], "fid_of": ["rxtx_map", "psci_req"], "conv": ["smc32", "smc64"],
    "since": ["1.0", "1.3"], "until": ["1.0", "1.2"], "reserved": ["sbz"], "only_at": [["ns_phys"]], "carrier": ["version", "psci_req"],
}


def containers(data: Any) -> list[Any]:
    """Every mapping and list below data, and data."""
    inner = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return ([data] if isinstance(data, (dict, list)) else []) + [c for item in inner for c in containers(item)]


def damage(rng: random.Random, data: Any) -> None:
    """One accident: something is lost, doubled, turned round, or replaced by a word that stands elsewhere."""
    found = [c for c in containers(data) if c]
    entries = [c for c in found if isinstance(c, dict) and ("reg" in c or "at" in c)]
    target = rng.choice(entries if entries and rng.random() < 0.6 else found)
    if isinstance(target, list):
        accident = rng.choice([target.pop, target.reverse, lambda: target.append(copy.deepcopy(target[0]))])
        accident()
    elif rng.random() < 0.4:
        del target[rng.choice(list(target))]
    else:
        word = rng.choice(list(WORDS))
        target[word] = copy.deepcopy(rng.choice(WORDS[word]))


@pytest.mark.parametrize("seed", range(12))
def test_damaged_descriptions_end_in_problems(seed: int) -> None:
    """Whatever is wrong, the answer is a list of problems with a line; never a traceback."""
    rng = random.Random(seed)
    schema = yaml.safe_load((SPEC / "schema.yaml").read_text())
    refused = 0
    for _ in range(25):
        number = rng.randrange(len(real().chapters))
        doc = real().chapters[number]
        data = copy.deepcopy(doc.data)
        for _ in range(rng.randint(1, 3)):
            damage(rng, data)
        damaged = Document(doc.file, data, doc.lines, doc.digest)
        problems = check_shape(damaged, schema)
        if not problems:
            chapters = (*real().chapters[:number], damaged, *real().chapters[number + 1:])
            problems = checks.run(build(Sources(real().root, real().errors, chapters)))
        refused += bool(problems)
        assert all(problem.place.line > 0 and problem.what for problem in problems)
    assert refused >= 10
