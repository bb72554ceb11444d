"""The generator as a program: the same output everywhere, options that work or are refused, parts that compile on their own."""
from __future__ import annotations

import copy
import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import jinja2
import pytest

from codegen import checks
from codegen.emit import TEMPLATES, Printer, renamed
from codegen.load import Document, Sources, load
from codegen.model import Spec, build
from codegen.problems import Problem
from codegen.slices import clipped, universe
from codegen.subset import pick_calls

ROOT = Path(__file__).resolve().parent.parent
GENERATED = ROOT / "generated"
CC = ["cc", "-std=c99", "-O1", "-Wall", "-Wextra", "-Wpedantic", "-Werror"]
# Parts of the library, and the runtime sources that any of them may need; transaction_*.c and assembly.c want all of memory.yaml.
PARTS = ["--calls=ffa_mem_share", "--calls=version,features,id_get", "--versions=1.0", "--versions=1.1,1.2", "--prefix=acme"]
NEEDED = ("core", "values", "wire")
# Templates that may be longer than the 120 lines that fit a look; each is waiting to be split.
LINES = 120
LONG = {"codec.j2", "driver.c.j2", "macros.j2", "record.j2", "run.j2", "table_driver.c.j2"}


def codegen(*options: str | Path, cwd: Path = ROOT, seed: str = "0") -> subprocess.CompletedProcess[str]:
    """The generator, as make and people call it."""
    env = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed}
    return subprocess.run([sys.executable, "-m", "codegen", *map(str, options)], cwd=cwd, env=env, capture_output=True, text=True, check=False)


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@cache
def real() -> Sources:
    return load(ROOT / "spec")


@cache
def spec() -> Spec:
    return build(real())


# -- determinism -----------------------------------------------------------------------------------------------------


def test_output_depends_on_nothing_but_the_description(tmp_path: Path) -> None:
    """Neither the order of hashes, nor the working directory, nor the place of the output."""
    trees = []
    for seed, name in (("1", "one"), ("2", "another")):
        cwd = tmp_path / name
        cwd.mkdir()
        done = codegen("--out", tmp_path / f"out-{name}" / name, cwd=cwd, seed=seed)
        assert (done.returncode, done.stderr) == (0, "")
        assert not list(cwd.iterdir())
        trees.append(tree(tmp_path / f"out-{name}" / name))
    assert len(trees[0]) > 50 and trees[0] == trees[1]
    assert sorted(done.stdout.splitlines()) == sorted(trees[1])


def test_a_description_may_be_called_anything(tmp_path: Path) -> None:
    """Only the banners, which name their sources, tell it from spec/."""
    shutil.copytree(ROOT / "spec", tmp_path / "ours")
    done = codegen("--spec", tmp_path / "ours", "--out", tmp_path / "out")
    assert (done.returncode, done.stderr) == (0, "")
    made, kept = tree(tmp_path / "out"), tree(ROOT / "generated")
    assert "from ours/errors.yaml (" in made["include/ffabi/status.h"].decode()
    assert made["include/ffabi/status.h"] == kept["include/ffabi/status.h"].replace(b"from spec/", b"from ours/")
    assert made.keys() == kept.keys()


def test_manifest_names_every_file(tmp_path: Path) -> None:
    """MANIFEST is what sha256sum -c reads, and what the next run cleans up by."""
    assert codegen("--calls=id_get", "--out", tmp_path).returncode == 0
    listing = (tmp_path / "MANIFEST").read_text()
    assert listing.startswith("# python3 -m codegen --calls=id_get\n")
    checked = subprocess.run(["sha256sum", "-c", "--strict", "-"], input=listing.split("\n", 1)[1], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    assert {line.split("  ")[1] for line in listing.splitlines()[1:]} == set(tree(tmp_path)) - {"MANIFEST"}


def test_a_smaller_part_removes_what_it_no_longer_has(tmp_path: Path) -> None:
    codegen("--calls=id_get,run", "--out", tmp_path)
    assert (tmp_path / "src/cpu_cycles.c").exists()
    done = codegen("--calls=id_get", "--out", tmp_path)
    assert not (tmp_path / "src/cpu_cycles.c").exists() and "src/cpu_cycles.c" in done.stdout.splitlines()
    fresh = tmp_path / "fresh"
    codegen("--calls=id_get", "--out", fresh)
    wanted = tree(fresh)
    shutil.rmtree(fresh)
    assert tree(tmp_path) == wanted


# -- --check ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    shutil.copytree(GENERATED, tmp_path / "generated")
    return tmp_path / "generated"


def test_check_accepts_what_is_committed() -> None:
    done = codegen("--check")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("path", ["src/memory.c", "include/ffabi/calls.h", "doc/setup.md", "MANIFEST"])
def test_check_names_a_changed_file(copied: Path, path: str) -> None:
    """One byte is enough; nothing is written."""
    text = bytearray((copied / path).read_bytes())
    text[len(text) // 2] ^= 1
    (copied / path).write_bytes(text)
    before = tree(copied)
    done = codegen("--check", "--out", copied)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [f"generated/{path}: not what the description says; run make regen"]
    assert tree(copied) == before


def test_check_names_stray_and_missing_files(copied: Path) -> None:
    (copied / "src" / "stray.c").write_text("")
    (copied / "src" / "memory.c").unlink()
    done = codegen("--check", "--out", copied)
    assert done.returncode == 1
    assert [line.split(":")[0] for line in done.stderr.splitlines()] == ["generated/src/memory.c", "generated/src/stray.c"]


# -- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("option, message", [
    ("--calls=mem_shar", "codegen: no call is named mem_shar; near: mem_share"),
    ("--calls=version,FFA_RXTX_MAPP", "codegen: no call is named FFA_RXTX_MAPP; near: rxtx_map"),
    ("--calls=zzzzzz", "codegen: no call is named zzzzzz"),
    ("--versions=1.4", "codegen: no version 1.4; there are 1.0, 1.1, 1.2, 1.3"),
    ("--versions=1.0,1.2", "codegen: the versions have to follow one another"),
    ("--spec=nowhere", "nowhere/ffa.yaml:1: there is no such file"),
    ("--colour=red", "codegen: error: unrecognized arguments: --colour=red"),
    ("generated", "codegen: error: unrecognized arguments: generated"),
    ("--out", "codegen: error: argument --out: expected one argument"),
])
def test_bad_usage(option: str, message: str, tmp_path: Path) -> None:
    """Status 2, a message that helps, and nothing written."""
    done = codegen(option, *([] if option == "--out" else ["--out", tmp_path / "out"]), cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert any(line.startswith(message) for line in done.stderr.splitlines()), done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


# -- parts of the library --------------------------------------------------------------------------------------------


def built(option: str, folder: Path) -> list[Path]:
    """The objects of a part and of the runtime that it needs; the runtime takes the prefix of the part."""
    prefix = option.removeprefix("--prefix=") if option.startswith("--prefix") else "ffabi"
    done = codegen(option, "--out", folder / "part")
    assert (done.returncode, done.stderr) == (0, "")
    headers = folder / "runtime" / "include" / prefix
    headers.mkdir(parents=True)
    for header in (ROOT / "runtime" / "include" / "ffabi").glob("*.h"):
        (headers / header.name).write_text(renamed(header.read_text(), "ffabi", prefix))
    for name in NEEDED:
        text = (ROOT / "runtime" / f"{name}.c").read_text()
        (folder / "runtime" / f"{name}.c").write_text(renamed(text, "ffabi", prefix))
    objects = []
    for part, sources in (("generated", sorted((folder / "part" / "src").glob("*.c"))), ("runtime", sorted((folder / "runtime").glob("*.c")))):
        (folder / part).mkdir(exist_ok=True)
        command = [*CC, f"-I{folder / 'part' / 'include'}", f"-I{folder / 'runtime' / 'include'}", "-c", *map(str, sources)]
        compiled = subprocess.run(command, cwd=folder / part, capture_output=True, text=True, check=False)
        assert compiled.returncode == 0 and not compiled.stderr, compiled.stderr[:6000]
        objects += sorted((folder / part).glob("*.o"))
    return objects


def symbols(objects: list[Path], *options: str) -> set[str]:
    listed = subprocess.run(["nm", "-P", *options, *map(str, objects)], capture_output=True, text=True, check=True).stdout
    return {line.split()[0] for line in listed.splitlines() if " " in line}


@pytest.mark.parametrize("option", PARTS)
def test_part_compiles(option: str, tmp_path: Path) -> None:
    objects = built(option, tmp_path)
    prefix = "acme_" if option == "--prefix=acme" else "ffabi_"
    defined = symbols(objects, "-g", "--defined-only")
    assert len(defined) > 20 and {name for name in defined if not name.startswith(prefix)} == set()
    assert symbols(objects, "-u") - defined == set()
    if prefix != "ffabi_":
        assert not {name for name in symbols(objects) if name.lower().startswith("ffabi_")}
        texts = [path.read_text() for path in (tmp_path / "part").rglob("*.[ch]")]
        assert not [name for text in texts for name in re.findall(r"ffabi[_/]\w+", text, re.I)]


def test_parts_have_what_was_asked_for(tmp_path: Path) -> None:
    """And what that needs: the replies that can complete it, FFA_SUCCESS and FFA_ERROR, but nothing else."""
    codegen("--calls=FFA_MEM_SHARE", "--out", tmp_path / "calls")
    calls = set(re.findall(r"^\tFFABI_CALL_(\w+),", (tmp_path / "calls/include/ffabi/calls.h").read_text(), re.M))
    assert calls == {"MEM_SHARE", "SUCCESS", "ERROR", "MEM_FRAG_RX", "MEM_OP_PAUSE"}
    codegen("--versions=1.0", "--out", tmp_path / "versions")
    calls = set(re.findall(r"^\tFFABI_CALL_(\w+),", (tmp_path / "versions/include/ffabi/calls.h").read_text(), re.M))
    assert calls == {call.key.upper() for call in spec().calls.values() if 0 in call.life} and "MSG_SEND" in calls


@pytest.mark.parametrize("key", sorted(spec().calls))
def test_any_call_can_be_a_part(key: str) -> None:
    """Each call alone, with what it needs."""
    part = pick_calls(spec(), [key])
    files = Printer(part, part.prefix, "test").files()
    assert f"FFABI_CALL_{key.upper()}," in files["include/ffabi/calls.h"]


# -- total coverage --------------------------------------------------------------------------------------------------


def said_without(check: str, path: tuple[str, ...], index: int) -> list[Problem]:
    """What a check says when one item of a list is taken out of the loaded data."""
    chapters = []
    for doc in real().chapters:
        data = doc.data
        if path[1] in data.get(path[0], {}):
            inner = data = copy.deepcopy(data)
            for step in path:
                inner = inner[step]
            del inner[index]
        chapters.append(Document(doc.file, data, doc.lines, doc.digest))
    damaged = build(Sources(real().root, real().errors, tuple(chapters)))
    return [Problem(check, place, what) for place, what in checks.CHECKS[check](damaged)]


LAYOUTS = [(call.key, part) for chapter in spec().chapters if chapter.key in ("memory", "diagnostics")
           for call in chapter.calls for part in ("request", "success") if getattr(call, part) is not None]


@pytest.mark.parametrize("key, part", LAYOUTS)
def test_coverage_is_total(key: str, part: str) -> None:
    """No entry can be left out: its registers are reported, those and no others, for the versions in which it was there."""
    layout = getattr(spec().calls[key], part)
    points = universe(spec(), spec().calls[key], layout)
    for index, entry in enumerate(layout.entries):
        wanted = {(str(reg), f"version {spec().versions[point[0]]}, {point[1].upper()}") for point in points for reg in clipped(spec(), entry, point)}
        problems = said_without("coverage", ("calls", key, part, "regs"), index)
        assert wanted and {problem.place.path for problem in problems} == {f"calls.{key}.{part}"}
        found = [re.fullmatch(r"bits? [\d:]+ of register (\d+) is not stated \((.*)\)", problem.what) for problem in problems]
        assert {match.groups() for match in found if match} == wanted and all(found)


@pytest.mark.parametrize("key", [table.key for chapter in spec().chapters if chapter.key == "memory_descriptors" for table in chapter.descriptors])
def test_coverage_of_tables_is_total(key: str) -> None:
    """The same for a table, and the first bit that is missing is that of the field."""
    for index, field in enumerate(spec().descriptors[key].fields):
        if field.uses:
            continue  # what one usage alone states must be zero in the others, without being said
        problems = said_without("table_coverage", ("descriptors", key, "fields"), index)
        assert {problem.place.path for problem in problems} == {f"descriptors.{key}"}
        assert all(problem.what.startswith(f"byte {field.at + field.lo // 8}, bit {field.lo % 8} is not stated (") for problem in problems)


# -- the house -------------------------------------------------------------------------------------------------------


def test_types(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", f"--cache-dir={tmp_path}", "codegen"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.splitlines()[:-1]) == (0, []), done.stdout + done.stderr


def test_templates_are_short() -> None:
    lengths = {path.name: len(path.read_text().splitlines()) for path in TEMPLATES.rglob("*.j2")}
    assert len(lengths) > 15
    assert {name for name, length in lengths.items() if length > LINES} == LONG


def test_templates_refuse_unknown_names() -> None:
    """A name that the view does not have is an error, not an empty text."""
    printer = Printer(spec(), spec().prefix, "test")
    assert printer.env.undefined is jinja2.StrictUndefined
    with pytest.raises(jinja2.UndefinedError):
        printer.env.from_string("{{ nothing_of_this_name }}").render()
    with pytest.raises(jinja2.UndefinedError):
        printer.render("request.h.j2")
