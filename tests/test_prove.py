"""The proofs can fail: defects planted in a copy of the generated code are refuted, each by the claim that is about it.

Nothing is downloaded: without cbmc on PATH, or unpacked by `make prove` before, these tests are skipped and say so.
"""
from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CBMC = subprocess.run([ROOT / "tests/prove/get-cbmc.sh", "--unpacked"], capture_output=True, text=True, check=False)
pytestmark = pytest.mark.skipif(CBMC.returncode != 0, reason=CBMC.stderr.strip() or "cbmc is there")

# The smallest table, its file of proofs, and what they need.
TABLE = "generated/src/boot_information_table.c"
FILES = (TABLE, "generated/proofs/boot_information_table.c", "generated/proofs/proofs.h", "runtime/core.c", "runtime/wire.c",
         "tests/prove/prove.h", "tests/prove/bytes.h")
READ = "static enum ffabi_rule boot_info_v1_0_read("
STORE = "static enum ffabi_rule boot_info_v1_0_store("
# The defect; where to look for the text; the text; what it becomes; the proof; a claim that has to be refuted.
DEFECTS = {
    "double-fetch": (READ, "v4 = ffabi_get32(p + 4);", "v4 = ffabi_get32(p + 4); v4 = ffabi_get32(p + 4);", "unpack",
                     "each byte is loaded once"),
    "signature": (READ, "!= 0x412d4646u", "!= 0x412d4647u", "unpack", "same rule as the description"),
    "lost-store": (STORE, "ffabi_put32(p + 4, in->count);", "", "pack", "every byte is as described, and no other is touched"),
}


def prove(root: Path, only: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, ROOT / "tests/prove/prove.py", "--root", root, "--only", f"^boot_info_v1_0_table_{only}$"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def copied(folder: Path) -> Path:
    for name in FILES:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, target)
    for name in ("generated/include", "runtime/include"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


def planted(folder: Path, function: str, old: str, new: str) -> None:
    path = folder / TABLE
    text = path.read_text()
    begin = text.index(function)
    end = text.index("\n}\n", begin)
    assert text.count(old, begin, end) == 1, f"the code that the defect is planted in has changed: {old}"
    path.write_text(text[:begin] + text[begin:end].replace(old, new) + text[end:])


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_defect_is_refuted(defect: str, tmp_path: Path) -> None:
    function, old, new, proof, claim = DEFECTS[defect]
    planted(copied(tmp_path), function, old, new)
    done = prove(tmp_path, proof)
    assert done.returncode == 1 and "0 proved, 1 failed" in done.stdout, done.stdout + done.stderr
    assert f" {claim}\n" in done.stdout
    assert (tmp_path / f"build/prove/boot_info_v1_0_table_{proof}.trace").read_text().startswith("Trace for")


def test_a_proof_that_reaches_nothing_fails(tmp_path: Path) -> None:
    """An assumption that nothing satisfies would make every claim true."""
    path = copied(tmp_path) / "tests/prove/prove.h"
    text = path.read_text()
    assert text.count("GIVEN(c.instance == 0 ||") == 1
    path.write_text(text.replace("GIVEN(c.instance == 0 ||", "GIVEN(0); GIVEN(c.instance == 0 ||"))
    done = prove(tmp_path, "unpack")
    assert done.returncode == 1 and "reached: accepted: it is not" in done.stdout, done.stdout + done.stderr


def test_what_there_was_no_time_for_is_named(tmp_path: Path) -> None:
    command = [sys.executable, ROOT / "tests/prove/prove.py", "--root", copied(tmp_path), "--only", "^boot_info_v1_0_table_", "--time", "0.001"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "skipped, out of time: boot_info_v1_0_table_" in done.stdout
    assert done.returncode == 0
