"""Every fuzz target, built by gcc as a program that runs files, holds on its seeds (the description's legal objects, tests/vectors/, captures)
and on fuzz/corpus/, under ASan, UBSan and the load hook."""
from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from codec import BUILD, ROOT

sys.path.insert(0, str(ROOT / "fuzz"))
import seeds  # noqa: E402

TARGETS = seeds.targets()
PROGRAMS = BUILD / "fuzz" / "standalone"


@pytest.fixture(scope="module", autouse=True)
def programs() -> None:
    done = subprocess.run(["make", "-s", "-j2", "-C", ROOT, "fuzz-standalone"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.mark.parametrize("target", TARGETS)
def test_seeds_and_corpus(target: str, tmp_path: Path) -> None:
    folder = seeds.write(tmp_path, target, kept=True)
    count = len(seeds.inputs(target)) + len(seeds.corpus(target))
    done = subprocess.run([PROGRAMS / target, folder], capture_output=True, text=True, errors="replace", check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout == f"{count} inputs\n"


def test_every_target_has_inputs_and_every_corpus_a_target() -> None:
    assert {t for t in TARGETS if not seeds.inputs(t)} == set()
    assert {p.stem for p in seeds.CORPUS.iterdir()} <= set(TARGETS)
    assert max(len(seeds.corpus(t)) for t in TARGETS) <= 60
    assert sum(p.stat().st_size for p in seeds.CORPUS.iterdir()) < 300_000


def test_vectors_are_among_the_seeds() -> None:
    """Each vector of a mistake that can be an input is one, of each target that can take it."""
    memory = {row["id"] for row in seeds.rows("descriptors.tsv") if row["does"] in ("read", "walk", "convert")}
    for target in ("mem_check", "mem_cursor", "mem_write"):
        assert {f"vectors-memory-{id_}" for id_ in memory} <= set(seeds.inputs(target))
    joins = {row["id"] for row in seeds.rows("descriptors.tsv") if row["does"] == "join"}
    assert {f"vectors-join-{id_}" for id_ in joins} == set(seeds.inputs("mem_fragments"))
    registers = [row for row in seeds.rows("registers.tsv") if row["does"] != "pack" and "x0=" in row["input"]]
    found = {name for target in ("request", "reply") for name in seeds.inputs(target)}
    assert {f"vectors-{'reply' if '.' in row['codec'] else 'request'}-{row['id']}" for row in registers} <= found


def test_a_seed_is_what_its_vector_says() -> None:
    """r007: 112 bytes are announced in all, and 96 of them are here."""
    seed = seeds.inputs("mem_check")["vectors-memory-r007"]
    assert seed[:8] == bytes.fromhex("01 00 00 01 70000000") and len(seed) == 8 + 96
    assert seed[8 + 64:8 + 72] == bytes.fromhex("0200000002000000")


def test_a_wrong_path_is_no_success() -> None:
    done = subprocess.run([PROGRAMS / "snapshot", "/nonexistent"], capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "/nonexistent" in done.stderr
