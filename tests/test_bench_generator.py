"""The bench of the generator: what it calls worse than linear, and the larger description that it measures."""
from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from codegen.__main__ import ROOT, read_spec

found = importlib.util.spec_from_file_location("bench_generator", ROOT / "tests" / "bench" / "generator.py")
assert found and found.loader
generator = importlib.util.module_from_spec(found)
found.loader.exec_module(generator)


@pytest.mark.parametrize(("power", "linear"), [(1.0, True), (0.8, True), (1.2, True), (1.7, False), (2.0, False)])
def test_growth(power: float, linear: bool) -> None:
    sizes = {n: {"calls": 80 * n, "loops": {"plan": 40 + 10 * n ** power, "load": 5.0}} for n in generator.TIMES}
    assert (generator.growth(sizes, "plan") <= generator.WORSE) == linear
    assert (generator.growth(sizes, "all") <= generator.WORSE) == linear


def test_a_larger_description(tmp_path: Path) -> None:
    small, large = read_spec(ROOT / "spec"), read_spec(generator.enlarged(tmp_path / "spec", 3))
    assert len(large.calls) == 3 * len(small.calls) - 2 * len(generator.ONCE)
    assert large.fid_count == 3 * small.fid_count
    again = large.calls["mem_share_2"]
    assert again.name == "FFA_MEM_SHARE_2" and again.fids["smc32"][0][1] == small.calls["mem_share"].fids["smc32"][0][1] + 2 * small.fid_count
    assert [reply.call for reply in again.replies] == [r.call if r.call in generator.ONCE else f"{r.call}_2" for r in small.calls["mem_share"].replies]
    assert again.request.entries[1].name == small.calls["mem_share"].request.entries[1].name
