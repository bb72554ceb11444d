"""The logic of runtime/sandbox/ is freestanding; only its host part allocates.  What it does is tested by tests/unit/sandbox_*.c."""
# SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later
from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
SANDBOX = ROOT / "runtime" / "sandbox"
HOST = {"sandbox.c"}
LOGIC = sorted(path for path in SANDBOX.glob("*.c") if path.name not in HOST)
STACK = 256
FLAGS = ["-std=c11", "-Os", "-mgeneral-regs-only", "-ffreestanding", "-fstack-usage", "-Wall", "-Wextra", "-Werror"]


@pytest.fixture(scope="module")
def objects(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sandbox")
    subprocess.run(["aarch64-linux-gnu-gcc", *FLAGS, f"-I{ROOT}/runtime/include", f"-I{ROOT}/generated/include", "-c", *LOGIC],
                   cwd=folder, check=True)
    return folder


def test_only_the_host_part_includes_the_host(objects: Path) -> None:
    included = {name: re.findall(r"#include <((?!ffabi/)[^>]+)>", (SANDBOX / name).read_text(encoding="utf-8"))
                for name in [*HOST, *(path.name for path in LOGIC), *(path.name for path in SANDBOX.glob("*.h"))]}
    assert included.pop("sandbox.c") == ["stdlib.h"]
    assert {name: found for name, found in included.items() if found} == {}


def test_the_logic_needs_nothing_else(objects: Path) -> None:
    wanted = subprocess.run(["aarch64-linux-gnu-nm", "-u", *objects.glob("*.o")], capture_output=True, text=True, check=True).stdout
    names = re.findall(r"^ +U (\w+)$", wanted, re.M)
    assert names
    assert sorted({name for name in names if not name.startswith("ffabi_")}) == []


def test_the_logic_has_no_data_of_its_own(objects: Path) -> None:
    """The table of handlers is constant; nothing can be written to."""
    sizes = subprocess.run(["aarch64-linux-gnu-nm", *objects.glob("*.o")], capture_output=True, text=True, check=True).stdout
    assert re.findall(r"^\w+ [bBdDcC] (\w+)$", sizes, re.M) in ([], ["handlers"])


def test_frames_are_small(objects: Path) -> None:
    frames = {line.split("\t")[0]: int(line.split("\t")[1]) for path in objects.glob("*.su")
              for line in path.read_text(encoding="utf-8").splitlines()}
    assert len(frames) > 80
    assert {name: size for name, size in frames.items() if size > STACK} == {}


def test_firmware_never_gets_it_by_accident() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(r"^LIB_SRC := \$\(wildcard runtime/\*\.c\) \$\(wildcard generated/src/\*\.c\)$", makefile, re.M)


def test_handwritten_numbers_are_not_the_specifications() -> None:
    """Offsets, masks and ids come from generated headers: no hexadecimal constant but a default id and a limit."""
    found = {path.name: re.findall(r"\b0x[0-9a-fA-F]+", re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S))
             for path in [*SANDBOX.glob("*.c"), *SANDBOX.glob("*.h")]}
    assert {name: numbers for name, numbers in found.items() if numbers} == {"memory.c": ["0xffff"], "sandbox.c": ["0x8000"]}


def may_return() -> dict[str, set[str]]:
    """Each call that is offered and the error codes that the description gives it."""
    offered = re.findall(r"\[FFABI_CALL_((?!FEATURES_|COUNT)\w+)\] =", (SANDBOX / "spmc.c").read_text(encoding="utf-8"))
    calls: dict[str, set[str]] = {}
    for path in sorted((ROOT / "spec").glob("*.yaml")):
        for name, call in (yaml.safe_load(path.read_text(encoding="utf-8")).get("calls") or {}).items():
            calls[name.upper()] = set(call.get("errors") or {})
    return {name: calls[name] for name in offered}


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[int, int]]:
    """Function number and status of every FFA_ERROR that the unit tests of the sandbox expect: not those met at random."""
    folder = tmp_path_factory.mktemp("seen")
    quiet = {name: value for name, value in os.environ.items() if not name.startswith("MAKE") and name != "MFLAGS"}
    subprocess.run(["make", "-s", "-j2", "lib", "sandbox"], cwd=ROOT, env=quiet, check=True)
    found = set()
    for source in sorted(set((ROOT / "tests" / "unit").glob("sandbox_*.c")) - {ROOT / "tests" / "unit" / "sandbox_random.c"}):
        program = folder / source.stem
        subprocess.run(["cc", "-std=c11", "-O1", f"-I{ROOT}/runtime/include", f"-I{SANDBOX}", f"-I{ROOT}/generated/include", source,
                        ROOT / "build" / "libffabi-sandbox.a", ROOT / "build" / "libffabi.a", "-o", program], check=True)
        told = subprocess.run([program], capture_output=True, text=True, check=True, env=os.environ | {"FFABI_SEEN": "1"}).stderr
        found |= {(int(fid, 16), int(status)) for fid, status in re.findall(r"^seen (\w+) (-\d+)$", told, re.M)}
    return found


def test_every_status_of_every_call_is_reached(seen: set[tuple[int, int]]) -> None:
    header = (ROOT / "generated" / "include" / "ffabi" / "calls.h").read_text(encoding="utf-8")
    number = {name: int(fid, 16) & 0xFF for name, fid in re.findall(r"^#define FFABI_FN_(\w+) (0x\w+)u", header, re.M)}
    status = {name: int(value) for name, value in re.findall(r"^\tFFABI_STATUS_(\w+) = (-\d+)", header, re.M)}
    wanted = {(name, code) for name, codes in may_return().items() for code in codes}
    assert len(wanted) > 100
    assert sorted((name, code) for name, code in wanted if (number[name], status[code]) not in seen) == []


@pytest.mark.parametrize("name", ["sandbox_memory", "sandbox_retrieve", "sandbox_fragments", "sandbox_messages", "sandbox_setup"])
def test_no_byte_is_fetched_twice(name: str, counting: list[Path], tmp_path: Path) -> None:
    """The tests again, in a build that tells each load: every byte of a TX buffer is taken at most once in a call."""
    program = tmp_path / name
    subprocess.run(["cc", *COUNTING, f"-I{SANDBOX}", ROOT / "tests" / "unit" / f"{name}.c", *counting, "-o", program], check=True)
    done = subprocess.run([program], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and re.search(r"^\d+ passed, 0 failed$", done.stdout, re.M), done.stdout


def test_a_second_fetch_is_seen(counting: list[Path], tmp_path: Path) -> None:
    """The count is no idle one: where the copy is made twice, it fails."""
    (tmp_path / "twice.c").write_text((SANDBOX / "memory.c").read_text(encoding="utf-8").replace(
        "ffabi_mem_add(c, &r->assembly, &p->box.tx, what->fragment);",
        "ffabi_mem_add(c, &r->assembly, &p->box.tx, what->fragment), ffabi_ld8(&p->box.tx, 0);"), encoding="utf-8")
    others = [path for path in counting if path.name != "memory.o" or "sandbox" not in path.parent.name]
    assert len(others) == len(counting) - 1
    subprocess.run(["cc", *COUNTING, f"-I{SANDBOX}", ROOT / "tests" / "unit" / "sandbox_memory.c", tmp_path / "twice.c", *others,
                    "-o", tmp_path / "twice"], check=True)
    done = subprocess.run([tmp_path / "twice"], capture_output=True, text=True, check=False)
    assert done.returncode != 0 and "fetched" in done.stdout


COUNTING = ["-std=c11", "-O1", "-DFFABI_LOAD_HOOK", f"-I{ROOT}/runtime/include", f"-I{ROOT}/generated/include"]


@pytest.fixture(scope="module")
def counting(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    found = []
    for folder in (ROOT / "runtime", SANDBOX, ROOT / "generated" / "src"):
        out = tmp_path_factory.mktemp(f"counting_{folder.name}_")
        subprocess.run(["cc", *COUNTING, "-c", *folder.glob("*.c")], cwd=out, check=True)
        found += sorted(out.glob("*.o"))
    return found
