"""The caller side against the sandbox; every unit test again on AArch64 and with byte accesses; examples, their lines counted."""
from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
UNIT = sorted((ROOT / "tests" / "unit").glob("*.c"))
EXAMPLES = ROOT / "tests" / "examples"
SANDBOX = ROOT / "runtime" / "sandbox"
PARTS = (ROOT / "runtime", SANDBOX, ROOT / "generated" / "src")  # each with its own objects: some have files of one name
WARNINGS = ["-std=c11", "-Wall", "-Wextra", "-Werror", f"-I{ROOT}/runtime/include", f"-I{SANDBOX}", f"-I{ROOT}/generated/include"]
SANITIZE = ["-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
# Each task, and how many lines of code it may take.
LIMITS = {"share": 13, "receive": 8, "direct": 6, "list": 8}


@dataclass(frozen=True)
class Build:
    """One way to build the library and run what is linked with it."""

    compiler: str
    flags: tuple[str, ...]
    runner: tuple[str, ...] = ()


BUILDS = {
    "aarch64": Build("aarch64-linux-gnu-gcc", ("-O2", "-static"), ("qemu-aarch64",)),
    "byte-access": Build("cc", ("-DFFABI_BYTE_ACCESS", *SANITIZE)),
}


@pytest.fixture(scope="module", params=BUILDS)
def build(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Build, list[Path]]:
    """A build and its objects of the library and, where there is one, of the sandbox."""
    way = BUILDS[request.param]
    for program in (way.compiler, *way.runner):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    folder = tmp_path_factory.mktemp(request.param)
    for part in filter(Path.is_dir, PARTS):
        (folder / part.name).mkdir()
        subprocess.run([way.compiler, *way.flags, *WARNINGS, "-c", *part.glob("*.c")], cwd=folder / part.name, check=True)
    return way, sorted(folder.glob("*/*.o"))


def run(way: Build, source: Path, objects: list[Path], folder: Path) -> None:
    """Compiles one test program, runs it, and wants checks that passed, and none that did not."""
    program = folder / source.stem
    subprocess.run([way.compiler, *way.flags, *WARNINGS, source, *objects, "-o", program], check=True)
    done = subprocess.run([*way.runner, program], capture_output=True, text=True, check=False)
    summary = re.fullmatch(r"(\d+) passed, 0 failed", (done.stdout.splitlines() or [""])[-1])
    assert done.returncode == 0 and not done.stderr and summary and int(summary[1]) > 0, done.stdout + done.stderr


@pytest.mark.parametrize("source", UNIT, ids=[path.stem for path in UNIT])
def test_unit(source: Path, build: tuple[Build, list[Path]], tmp_path: Path) -> None:
    run(build[0], source, build[1], tmp_path)


def test_sandbox(build: tuple[Build, list[Path]], tmp_path: Path) -> None:
    if not SANDBOX.is_dir():
        pytest.skip("there is no sandbox yet")
    run(build[0], ROOT / "tests" / "sandbox" / "caller.c", build[1], tmp_path)


@pytest.mark.parametrize("name", LIMITS)
def test_example(name: str, build: tuple[Build, list[Path]], tmp_path: Path) -> None:
    run(build[0], EXAMPLES / f"{name}.c", build[1], tmp_path)


def shown(text: str) -> list[str]:
    """The lines of code between the two marks: those that are neither empty nor a comment alone."""
    part = re.search(r"/\* example \*/\n(.*?)\t/\* end \*/", text, re.S)
    assert part, "no example in it"
    return [line for line in part[1].splitlines() if line.strip() and not re.fullmatch(r"\s*/\*.*\*/", line)]


@pytest.mark.parametrize("name", LIMITS)
def test_length(name: str) -> None:
    lines = shown((EXAMPLES / f"{name}.c").read_text(encoding="utf-8"))
    assert 0 < len(lines) <= LIMITS[name], "\n".join(lines)
    assert max(len(line.expandtabs(8)) for line in lines) <= 100


def test_examples_are_all_counted() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.c")} == set(LIMITS)


def test_counting() -> None:
    assert shown("x\n\t/* example */\n\tint a;\n\n\t/* why */\n\tb(); /* c */\n\t/* end */\n") == ["\tint a;", "\tb(); /* c */"]
