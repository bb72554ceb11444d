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

# One table, one file of proofs, and what they need.
FILES = ("generated/proofs/memory_descriptors_table.c", "generated/proofs/proofs.h", "generated/src/memory_descriptors_table.c",
         "runtime/core.c", "runtime/wire.c", "tests/prove/prove.h", "tests/prove/bytes.h")
READ = "static enum ffabi_rule mem_relinquish_descriptor_read("
WRITE = "static enum ffabi_rule mem_relinquish_descriptor_write("
# The defect; where to look for the text; the text; what it becomes; the proof; a claim that has to be refuted.
DEFECTS = {
    "bound": (READ, "ffabi_fits(src->len, at, 16)", "ffabi_fits(src->len, at, 15)", "unpack", "a load inside the buffer"),
    "double-fetch": (READ, "v12 = ffabi_ld32(src, at + 12);", "v12 = ffabi_ld32(src, at + 12); v12 = ffabi_ld32(src, at + 12);",
                     "unpack", "each byte is loaded once"),
    "mask": (READ, "(v8 & 0xfffffffcu) != 0", "(v8 & 0xfffffff8u) != 0", "unpack", "same rule as the description"),
    "dropped-check": (READ, "if (out->endpoint_count == 0)", "if (0)", "unpack", "same rule as the description"),
    "blame": (READ, "FFABI_F_ENDPOINT_COUNT, (uint32_t)at + 12", "FFABI_F_ENDPOINT_COUNT, (uint32_t)at + 8", "unpack", "err.at"),
    "early-store": (WRITE, "rule = mem_relinquish_descriptor_valid(", "ffabi_st64(dst, at, 0); rule = mem_relinquish_descriptor_valid(",
                    "pack", "a refused pack leaves the bytes alone"),
    "lost-store": (WRITE, "ffabi_st32(dst, at + 12, in->endpoint_count);", "", "pack", "every byte is as described, and no other is touched"),
}


def prove(root: Path, only: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, ROOT / "tests/prove/prove.py", "--root", root, "--only", f"^mem_relinquish_descriptor_table_{only}$"]
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
    path = folder / "generated/src/memory_descriptors_table.c"
    text = path.read_text()
    begin = text.index(function)
    end = text.index("\n}\n", begin)
    assert text.count(old, begin, end) == 1, f"the code that the defect is planted in has changed: {old}"
    path.write_text(text[:begin] + text[begin:end].replace(old, new) + text[end:])


def test_the_code_is_proved(tmp_path: Path) -> None:
    done = prove(copied(tmp_path), "(un)?pack")
    assert done.returncode == 0 and "2 proved, 0 failed" in done.stdout, done.stdout + done.stderr


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_defect_is_refuted(defect: str, tmp_path: Path) -> None:
    function, old, new, proof, claim = DEFECTS[defect]
    planted(copied(tmp_path), function, old, new)
    done = prove(tmp_path, proof)
    assert done.returncode == 1 and "0 proved, 1 failed" in done.stdout, done.stdout + done.stderr
    assert f" {claim}\n" in done.stdout
    assert "Violated property:" in done.stdout
    assert (tmp_path / f"build/prove/mem_relinquish_descriptor_table_{proof}.trace").read_text().startswith("Trace for")


def test_a_proof_that_reaches_nothing_fails(tmp_path: Path) -> None:
    """An assumption that nothing satisfies would make every claim true."""
    path = copied(tmp_path) / "tests/prove/prove.h"
    text = path.read_text()
    assert text.count("GIVEN(c.instance == 0 ||") == 1
    path.write_text(text.replace("GIVEN(c.instance == 0 ||", "GIVEN(0); GIVEN(c.instance == 0 ||"))
    done = prove(tmp_path, "unpack")
    assert done.returncode == 1 and "reached: accepted: it is not" in done.stdout, done.stdout + done.stderr


def test_what_there_was_no_time_for_is_named(tmp_path: Path) -> None:
    command = [sys.executable, ROOT / "tests/prove/prove.py", "--root", copied(tmp_path), "--only", "mem_relinquish", "--time", "0.001"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "skipped, out of time: mem_relinquish_descriptor_table_" in done.stdout
    assert done.returncode == 0
