# SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later
"""Boots images on QEMU's virt machine and counts what they say: `ok WHAT` or `FAIL WHAT` a line, and `end` at the end."""
from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "build" / "qemu"
MACHINES = {2: "virtualization=on", 3: "virtualization=on,secure=on"}  # by the level that gets the machine


@dataclass
class Score:
    """Counts checks, and prints each."""

    passed: int = 0
    failed: int = 0

    def check(self, good: bool, what: str, detail: str = "") -> bool:
        self.passed += good
        self.failed += not good
        print(("ok   " if good else "FAIL ") + what + (f": {detail}" if detail and not good else ""), flush=True)
        return good


@dataclass(frozen=True)
class Boot:
    """One machine: where exceptions go first, and what lies in its memory."""

    name: str
    machine: str  # options of -M virt
    loads: Sequence[tuple[Path, int | None]]  # a file and its address; an ELF image has its own
    cpu: str = "max"
    memory: int = 256  # MiB
    seconds: int = 30
    words: str = ""  # what the image asks the host for
    flash: Path | None = None  # firmware at address 0

    def command(self) -> list[str]:
        config = "enable=on,target=native" + "".join(f",arg={word}" for word in self.words.split())
        command = ["qemu-system-aarch64", "-M", f"virt,gic-version=3,acpi=off,{self.machine}", "-cpu", self.cpu, "-m", str(self.memory),
                   "-nographic", "-nic", "none", "-no-reboot", "-semihosting-config", config]
        if self.flash:
            command += ["-bios", str(self.flash)]
        for path, address in self.loads:
            place = "cpu-num=0" if address is None else f"addr={address:#x},force-raw=on"
            command += ["-device", f"loader,file={path},{place}"]
        return command


def run(boot: Boot, score: Score) -> list[str]:
    """Boots, counts the lines of the image as checks, and returns all lines; a machine that never says `end` has failed."""
    where = IMAGES / f"{boot.name}.log"
    over = False
    with open(where, "wb") as log:
        try:
            subprocess.run(boot.command(), stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, timeout=boot.seconds, check=False)
        except subprocess.TimeoutExpired:
            over = True
    lines = where.read_text(errors="replace").replace("\r", "").splitlines()
    for line in lines:
        if found := re.match(r"(ok|FAIL) (.*)", line):
            score.check(found[1] == "ok", f"{boot.name}: {found[2]}")
    why = f"after {boot.seconds} s" if over else "it stopped"
    score.check("end" in lines, f"{boot.name}: came to its end", f"{why}; last line: {lines[-1] if lines else 'none'}; log: {where}")
    return lines
