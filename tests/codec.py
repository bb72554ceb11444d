"""The C codecs as Python functions: speaks the line protocol of generated/tests/driver.c."""
from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
VERSIONS = {"1.0": 0x10000, "1.1": 0x10001, "1.2": 0x10002, "1.3": 0x10003}
# enum ffabi_rule of runtime/include/ffabi/core.h: a rule's number is its bit in a waiver mask.
WAIVE = {"CONV": 1 << 5, "WIDTH": 1 << 6, "MBZ": 1 << 7, "SBZ": 1 << 8, "ENUM": 1 << 9}
INSTANCES = {"": 0, "ns_phys": 1, "ns_virt": 2, "s_phys": 4, "s_virt": 8}


@dataclass(frozen=True)
class Answer:
    """What a codec said: values when it accepted, else the violation; words are the keys of calls (reply kind, request, message)."""

    ok: bool
    values: tuple[int, ...] = ()
    words: tuple[str, ...] = ()
    rule: str = ""
    field: str = ""
    at: int = 0
    value: int = 0


def line(op: str, codec: str, version: str, numbers: list[int], waive: int = 0, instance: str = "", conv: str = "smc32",
         kind: str = "") -> str:
    """One request line of the driver: op U (unpack), P (pack) or I (identify)."""
    head = [op, codec, f"{VERSIONS[version]:x}", f"{waive:x}", f"{INSTANCES[instance]:x}", "1" if conv == "smc64" else "0"]
    if kind:
        head.append("1" if kind == "error" else "0")
    return " ".join(head + [f"{n:x}" for n in numbers])


def parse(text: str, op: str, codec: str) -> Answer:
    words = text.split()
    if not words or words[0] not in ("ok", "no"):
        raise ValueError(f"the driver answered {text!r}")
    if words[0] == "no":
        return Answer(False, rule=words[1], field=words[2], at=int(words[3]), value=int(words[4], 16))
    named = 2 if op == "I" else 1 if op == "U" and codec.endswith(".reply") else 0
    return Answer(True, tuple(int(w, 16) for w in words[1 + named:]), tuple(words[1:1 + named]))


def ask(lines: list[str]) -> list[str]:
    """Sends all lines to the driver at once; one answer each, as the driver prints it."""
    done = subprocess.run([BUILD / "driver"], input="\n".join(lines) + "\n", capture_output=True, text=True, check=False)
    if done.returncode != 0 or done.stderr:
        raise AssertionError(f"the driver failed ({done.returncode}): {done.stderr[:2000]}")
    found = done.stdout.splitlines()
    assert len(found) == len(lines)
    return found


def run(lines: list[str]) -> list[Answer]:
    """Questions of op U, P and I."""
    return [parse(text, *request.split()[:2]) for text, request in zip(ask(lines), lines)]


def one(*args: object, **kwargs: object) -> Answer:
    return run([line(*args, **kwargs)])[0]  # type: ignore[arg-type]


def regs(**x: int) -> list[int]:
    """regs(x0=..., x3=...): eighteen registers, the others zero."""
    return [x.get(f"x{i}", 0) for i in range(18)]
