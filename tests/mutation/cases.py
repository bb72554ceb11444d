# SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later
"""The questions that the tests of `make test` ask the generated codecs, one file for each call or table, with the right answers.

The tests themselves run here and judge every answer; what they send is written down on the way.
"""
from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent.parent)]

import codec  # noqa: E402
import test_differential as differential  # noqa: E402
import test_edges as edges  # noqa: E402
import test_reply_kinds as kinds  # noqa: E402
import test_sums as sums  # noqa: E402
import test_table_edges as table_edges  # noqa: E402
import test_tables as tables  # noqa: E402


class Recorder:
    """Stands between a test and its driver."""

    def __init__(self, driver: Path) -> None:
        self.driver = driver
        self.lines: dict[str, dict[str, str]] = {}  # call or table -> question -> answer

    def ask(self, lines: list[str]) -> list[str]:
        done = subprocess.run([self.driver], input="".join(f"{line}\n" for line in lines), capture_output=True, text=True, check=True)
        answers = done.stdout.splitlines()
        assert len(answers) == len(lines) and not done.stderr
        for line, answer in zip(lines, answers):
            op, key = line.split()[:2]
            self.lines.setdefault("-" if op in "IQM" else key.removesuffix(".reply"), {})[line] = answer
        return answers

    def write(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for key, asked in self.lines.items():
            for suffix, text in (("in", asked.keys()), ("out", asked.values())):
                (folder / f"{key}.{suffix}").write_text("".join(f"{line}\n" for line in text), encoding="utf-8")


def of_calls(driver: Path, keys: Iterable[str]) -> Recorder:
    """What test_differential.py, test_edges.py, test_reply_kinds.py and test_sums.py ask; the calls alone that are named."""
    told = Recorder(driver)
    real = codec.ask
    codec.ask = told.ask
    try:
        for key in keys:
            differential.test_unpack(key)
            differential.test_pack(key)
            edges.test_unpack(key)
            edges.test_pack(key)
            edges.test_versions_that_nobody_speaks(key)
            kinds.test_replies_by_function_id(key)
            kinds.test_replies_by_kind(key)
        differential.test_identify()
        differential.test_generated_vectors()
        kinds.test_replies_to_what_is_no_call()
        for test in (sums.test_requests, sums.test_messages, sums.test_packed_by_number, sums.test_versions_that_nobody_speaks):
            test()
    finally:
        codec.ask = real
    return told


def of_tables(driver: Path, keys: Iterable[str]) -> Recorder:
    """What test_tables.py and test_table_edges.py ask."""
    told = Recorder(driver)
    real = tables.drive
    tables.drive = lambda lines: [answer.split() for answer in told.ask(lines)]
    try:
        for key in keys:
            tables.test_unpack(key)
            tables.test_pack(key)
            tables.test_strict_round_trip(key)
            for test in (table_edges.test_unpack, table_edges.test_pack_valid_store, table_edges.test_versions):
                test(key)
            if key in table_edges.RUNS:
                table_edges.test_elements(key)
    finally:
        tables.drive = real
    return told


__all__ = ["Recorder", "of_calls", "of_tables", "Callable", "random"]
