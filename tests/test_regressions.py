"""Mistakes that implementations of FF-A shipped, as literal vectors (tests/vectors/registers.tsv) and C tests (tests/unit/);
and what implementations are seen to do with single registers (cited.tsv).

Expected values are worked out by hand from the rule; nothing here is computed by the library.
"""
from __future__ import annotations

import csv
import os
import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from codec import BUILD, ROOT, VERSIONS, WAIVE, Answer, line, run
from probe_table import MEMBERS

VECTORS = ROOT / "tests" / "vectors"
UNIT = sorted([*(ROOT / "tests" / "unit").glob("*.c"), ROOT / "tests" / "sandbox" / "caller.c"])
ALL_ONES = (1 << 64) - 1
OPS = {"unpack": "U", "pack": "P", "identify": "I"}


def load(name: str) -> list[dict[str, str]]:
    with open(VECTORS / name, encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def load_vectors() -> list[dict[str, str]]:
    return load("registers.tsv") + load("cited.tsv")


def places(name: str) -> list[str]:
    """The names that a name stands for: x8-x17, payload[0-4]."""
    run_of = re.fullmatch(r"(\w+\[|x)(\d+)-x?(\d+)(\]?)", name)
    if not run_of:
        return [name]
    start, first, last, end = run_of.groups()
    return [f"{start}{i}{end}" for i in range(int(first), int(last) + 1)]


def fill(names: list[str], text: str) -> list[int]:
    """One number for each name: what the text says, else zero."""
    values: dict[str, int] = {}
    for word in text.split():
        name, _, value = word.partition("=")
        if name == "chars":
            found = {f"chars[{i}]": ord(c) for i, c in enumerate(value)}
        else:
            found = {place: int(value, 0) & ALL_ONES for place in places(name)}
        assert not found.keys() & values.keys(), f"{name} is given twice"
        values |= found
    unknown = values.keys() - set(names)
    assert not unknown, f"there is no {sorted(unknown)}"
    return [values.get(name, 0) for name in names]


REGS = [f"x{i}" for i in range(18)]


def members(codec: str, kind: str) -> list[str]:
    key = codec.removesuffix(".reply")
    if not codec.endswith(".reply"):
        return MEMBERS.get(key, [])
    return MEMBERS.get(f"{key}_{kind}", MEMBERS["error"] if kind == "error" else [])


def question(v: dict[str, str]) -> str:
    op, text, kind = OPS[v["does"]], v["input"], ""
    names = REGS
    if op == "P":
        if v["codec"].endswith(".reply"):
            kind, _, text = text.partition(":")
        names = members(v["codec"], kind)
    waive = sum(WAIVE[name] for name in v["waive"].split(",") if name != "-")
    version = v["version"] if v["version"] in VERSIONS else "1.0"
    asked = line(op, v["codec"], version, fill(names, text), waive, v["instance"].strip("-"), v["conv"], kind)
    if version != v["version"]:  # a version that does not exist
        words = asked.split()
        words[2] = f"{int(v['version'], 0):x}"
        asked = " ".join(words)
    return asked


def wanted(v: dict[str, str]) -> Answer:
    text = v["expected"]
    if text.startswith("no "):
        _, rule, blamed, register = text.split()
        return Answer(False, rule=rule, field=blamed, at=int(register[1:]))
    if v["does"] == "identify":
        request, message = text.split()
        return Answer(True, words=(request, message))
    if v["does"] == "pack":
        return Answer(True, tuple(fill(REGS, text)))
    assert text.startswith("ok"), text
    text, kind = text[2:], ""
    if v["codec"].endswith(".reply"):
        kind, _, text = text.strip().partition(":")
    return Answer(True, tuple(fill(members(v["codec"], kind), text)), (kind,) if kind else ())


def verdict(v: dict[str, str], got: Answer) -> str:
    """What is wrong; empty when all is as the vector says.  The value of a refusal is not part of a vector."""
    want = wanted(v)
    if not got.ok:
        got = Answer(False, rule=got.rule, field=got.field, at=got.at)
    return "" if got == want else f"{v['id']}: {v['shows']}\n  wanted {want}\n  got    {got}"


@pytest.fixture(scope="module")
def answers() -> dict[str, str]:
    vectors = load_vectors()
    return {v["id"]: verdict(v, got) for v, got in zip(vectors, run([question(v) for v in vectors]))}


@pytest.mark.parametrize("vector", [v["id"] for v in load_vectors()])
def test_vector(vector: str, answers: dict[str, str]) -> None:
    assert not answers[vector], answers[vector]


def test_vectors_have_names_of_their_own() -> None:
    assert [name for name, n in Counter(v["id"] for v in load_vectors()).items() if n > 1] == []


@pytest.mark.parametrize("change", [("expected", "x1=0x80010000", "x1=0xFFFFFFFF80010000"), ("version", "1.1", "0x20000"),
                                    ("expected", "x0=0x8400006F ", ""), ("input", "sender_id", "receiver_id")])
def test_a_broken_expectation_fails(change: tuple[str, str, str]) -> None:
    good = next(v for v in load_vectors() if v["id"] == "r083")
    column, old, new = change
    bad = good | {column: good[column].replace(old, new)}
    assert bad != good
    assert verdict(good, run([question(good)])[0]) == ""
    assert verdict(bad, run([question(bad)])[0]) != ""


def test_every_id_is_accounted_for_once() -> None:
    ids = (ROOT / "tests" / "facts" / "regressions-ids.txt").read_text(encoding="utf-8").split()
    told = re.findall(r"^\| (r\d{3}) \|", (VECTORS / "README.md").read_text(encoding="utf-8"), re.M)
    rows = (VECTORS / "descriptors.tsv").read_text(encoding="utf-8").splitlines()
    vectors = {v["id"][:4] for v in load("registers.tsv")} | set(re.findall(r"^r\d{3}", "\n".join(rows), re.M))
    assert len(ids) == len(set(ids)) == 117
    assert sorted([*told, *vectors]) == sorted(ids)


def test_what_is_cited_says_where_it_stands() -> None:
    """Each source is NAME:PATH:FUNCTION of a public code base."""
    wrong = [v["id"] for v in load("cited.tsv") if not v["sources"]
             or not all(re.fullmatch(r"[a-z][\w.-]*:[\w./+-]+:\w[\w.:]*", s) for s in v["sources"].split(", "))]
    assert wrong == []


def test_c_tests_that_are_named_exist() -> None:
    named = re.findall(r"^\| (r\d{3}) \| (tests/[\w/]+\.c)", (VECTORS / "README.md").read_text(encoding="utf-8"), re.M)
    assert named
    assert [name for name, path in named if name not in (ROOT / path).read_text(encoding="utf-8")] == []


@pytest.fixture(scope="module")
def library() -> list[Path]:
    """The objects that the driver is made of, and the sandbox: the library with sanitizers."""
    quiet = {name: value for name, value in os.environ.items() if not name.startswith("MAKE") and name != "MFLAGS"}
    subprocess.run(["make", "-s", "-j2", "build/driver", "build/libffabi-sandbox-san.a"], cwd=ROOT, env=quiet, check=True)
    sources = [*(ROOT / "runtime").glob("*.c"), *(ROOT / "generated" / "src").glob("*.c")]
    objects = [(BUILD / "san" / source.relative_to(ROOT)).with_suffix(".o") for source in sorted(sources)]
    return [BUILD / "libffabi-sandbox-san.a", *objects]


@pytest.mark.parametrize("source", UNIT, ids=[path.stem for path in UNIT])
def test_unit(source: Path, library: list[Path], tmp_path: Path) -> None:
    program = tmp_path / source.stem
    subprocess.run(["cc", "-std=c11", "-Wall", "-Wextra", "-Werror", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all",
                    f"-I{ROOT}/runtime/include", f"-I{ROOT}/runtime/sandbox", f"-I{ROOT}/generated/include", source, *library, "-o", program], check=True)
    done = subprocess.run([program], capture_output=True, text=True, check=False)
    summary = re.fullmatch(r"(\d+) passed, 0 failed", (done.stdout.splitlines() or [""])[-1])
    assert done.returncode == 0 and not done.stderr and summary and int(summary[1]) > 0, done.stdout + done.stderr
