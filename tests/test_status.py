"""Where calls are legal, and what answers a mistake: generated tables against facts that do not come from spec/."""
from __future__ import annotations

import csv
import ctypes
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from codegen import checks
from codegen.answers import read_answers
from codegen.load import Document, load
from codegen.model import build
from codegen.problems import SpecError

ROOT = Path(__file__).resolve().parent.parent
INSTANCES = {"NS-phys": 1, "NS-virt": 2, "S-phys": 4, "S-virt": 8}
CONDUITS = {"SMC": 1, "HVC": 2, "SVC": 4, "ERET": 8}
EVERYWHERE = {(i, c) for i in INSTANCES for c in CONDUITS}
# What the table of facts does not say: a transaction in fragments goes on both ways, and so passes the SPMD as its first part does.
BEYOND_FACTS = {
    "FFA_MEM_FRAG_RX": {("NS-phys", "ERET"), ("NS-virt", "ERET"), ("S-phys", "SMC"), ("S-phys", "ERET"), ("S-virt", "ERET")},
    "FFA_MEM_FRAG_TX": {("NS-phys", "ERET"), ("NS-virt", "ERET"), ("S-phys", "SMC"), ("S-phys", "ERET"), ("S-virt", "ERET")},
    "FFA_YIELD": {("S-phys", "SMC")},  # as FFA_MSG_WAIT, which a partition says instead
}
# How a call crosses an instance: below a physical one is EL3, which is entered by SMC and left by ERET; SVC is S-EL0's.
POSSIBLE = {"NS-phys": {"SMC", "ERET"}, "NS-virt": {"SMC", "HVC", "ERET"}, "S-phys": {"SMC", "ERET"}, "S-virt": {"SMC", "HVC", "SVC", "ERET"}}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    out = tmp_path_factory.mktemp("status") / "status.so"
    names = ("legal", "status_violation", "linux_errno", "u_boot_errno", "calls", "text_call", "text_function")
    subprocess.run(["cc", "-shared", "-fPIC", f"-I{ROOT}/runtime/include", f"-I{ROOT}/generated/include",
                    *(ROOT / "generated" / "src" / f"{name}.c" for name in names), "-o", out], check=True)
    found = ctypes.CDLL(str(out))
    found.ffabi_call_name.restype = ctypes.c_char_p
    return found


def calls(library: ctypes.CDLL) -> Iterator[tuple[int, str]]:
    number = 0
    while (name := library.ffabi_call_name(number)) is not None:
        yield number, name.decode()
        number += 1


def facts() -> dict[str, set[tuple[str, str]]]:
    found: dict[str, set[tuple[str, str]]] = {}
    with open(ROOT / "tests" / "facts" / "instances.tsv", encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            conduits = set(row["conduit"].split("/"))
            if row["instance"] == "all":
                found.setdefault(row["abi"], set()).update((i, c) for i in INSTANCES for c in conduits & POSSIBLE[i])
            else:
                found.setdefault(row["abi"], set()).update((row["instance"], c) for c in conduits)
    return found


def test_legal_instances(library: ctypes.CDLL) -> None:
    """Every call has the instances and conduits of the table of facts, and no others."""
    known, wrong = facts(), []
    judged = 0
    for number, name in calls(library):
        if re.fullmatch("FFA_[A-Z0-9_]+", name) is None:
            continue  # a message, which goes where its carrier goes
        here = {(i, c) for i, c in EVERYWHERE if library.ffabi_call_legal(number, INSTANCES[i], CONDUITS[c])}
        expected = known[name] | BEYOND_FACTS.get(name, set())
        judged += 1
        if here != expected:
            wrong.append(f"{name}: more {sorted(here - expected)}, less {sorted(expected - here)}")
    assert judged == len(known) >= 50
    assert not wrong, "\n".join(wrong)


def test_calls_of_versions(library: ctypes.CDLL) -> None:
    numbers = {name: number for number, name in calls(library)}

    def versions(name: str, conv: int) -> list[int]:
        return [v for v in range(-1, 6) if library.ffabi_call_exists(numbers[name], 0x10000 + v, conv)]

    smc64 = 0x40000000
    assert versions("FFA_ERROR", 0) == [0, 1, 2, 3] and versions("FFA_ERROR", smc64) == [3]
    assert versions("FFA_MSG_POLL", 0) == [0] and versions("FFA_MSG_POLL", smc64) == []
    assert versions("FFA_MSG_SEND_DIRECT_REQ2", smc64) == [2, 3] and versions("FFA_MSG_SEND_DIRECT_REQ2", 0) == []
    assert versions("FFA_SPM_ID_GET", 0) == [1, 2, 3] and versions("FFA_FEATURES: schedule receiver interrupt", 0) == [1, 2, 3]
    for number in (-1, len(numbers), 1000):
        assert not library.ffabi_call_exists(number, 0x10001, 0) and not library.ffabi_call_legal(number, 0, 0)


def test_any_instance(library: ctypes.CDLL) -> None:
    """0 stands for what is not known; a message goes where its carrier goes."""
    numbers = {name: number for number, name in calls(library)}
    for number in numbers.values():
        assert library.ffabi_call_legal(number, 0, 0)
    legal = library.ffabi_call_legal
    assert legal(numbers["FFA_MEM_PERM_GET"], 8, 0) and not legal(numbers["FFA_MEM_PERM_GET"], 7, 0)
    assert legal(numbers["FFA_MEM_PERM_GET"], 0, 4) and not legal(numbers["FFA_MEM_PERM_GET"], 0, 11)
    assert legal(numbers["FFA_FEATURES: schedule receiver interrupt"], 8, 4) and not legal(numbers["FFA_FEATURES: schedule receiver interrupt"], 1, 4)


# Linux: drivers/firmware/arm_ffa/driver.c; U-Boot: drivers/firmware/arm-ffa/arm-ffa-uclass.c; numbers: include/uapi/asm-generic/errno*.h.
LINUX = {0: 0, -1: -95, -2: -22, -3: -12, -4: -16, -5: -4, -6: -13, -7: -11, -8: -125, -9: -61, -10: -11}
U_BOOT = {code: value for code, value in LINUX.items() if code > -9}


@pytest.mark.parametrize(("name", "expected"), [("linux", LINUX), ("u_boot", U_BOOT)])
def test_errno(library: ctypes.CDLL, name: str, expected: dict[int, int]) -> None:
    """Every 32-bit number has an errno; what has none of its own becomes EINVAL."""
    errno = library[f"ffabi_{name}_errno"]
    others = [*range(-300, 300), 2**31 - 1, -2**31, -2**31 + 1]
    assert {code: errno(code) for code in others} == {code: expected.get(code, -22) for code in others}


RULES = ("OK", "END", "VERSION", "FID", "KEY", "CONV", "WIDTH", "MBZ", "SBZ", "ENUM", "RANGE", "ALIGN", "ABSENT", "RULE", "SHORT", "OVERLAP")
# The calls whose lists of error codes have no INVALID_PARAMETERS.
ONLY_NOT_SUPPORTED = {"FFA_VERSION", "FFA_FEATURES", "FFA_ID_GET", "FFA_SPM_ID_GET", "FFA_INTERRUPT", "FFA_MSG_POLL", "FFA_NORMAL_WORLD_RESUME",
                      "FFA_EL3_INTR_HANDLE"}


def test_answer_to_a_violation(library: ctypes.CDLL) -> None:
    """What a version does not have is not supported; everything else that is wrong is a wrong parameter."""
    class Violation(ctypes.Structure):
        _fields_ = [("rule", ctypes.c_uint16), ("field", ctypes.c_uint16), ("at", ctypes.c_uint32), ("value", ctypes.c_uint64)]

    judged = 0
    for number, name in [*calls(library), (1000, "none"), (-1, "none")]:
        for rule, word in [*enumerate(RULES), (16, "none"), (0xFFFF, "none")]:
            code = 0 if word in ("OK", "END") else -1 if word in ("VERSION", "FID") or name in ONLY_NOT_SUPPORTED else -2
            assert library.ffabi_status_of_violation(number, ctypes.byref(Violation(rule, 1, 2, 3))) == code, (name, word)
            judged += 1
    assert judged > 1000


def test_answers_are_codes_of_the_call() -> None:
    """A call that lists its error codes lists the one that answers a malformed request."""
    spec = build(load(ROOT / "spec"))
    wrong = [call.key for call in spec.calls.values() if call.meanings and call.error is None
             and (call.malformed or "INVALID_PARAMETERS") not in {m.code for m in call.meanings}]
    assert not wrong and checks.run(spec) == []


WRONG = [
    ({"violations": {"codes": {"MBZ": None}}}, "violations.codes: nothing answers MBZ"),
    ({"violations": {"codes": {"NOSUCH": "DENIED"}}}, "violations.codes.NOSUCH: NOSUCH is no rule that can be broken"),
    ({"violations": {"codes": {"END": "DENIED"}}}, "violations.codes.END: END is no rule that can be broken"),
    ({"violations": {"codes": {"MBZ": "LAZY"}}}, "violations.codes.MBZ: LAZY is no error code"),
    ({"errno": {"linux": {"codes": {"LAZY": "EBUSY"}}}}, "errno.linux.codes.LAZY: LAZY is no error code"),
    ({"errno": {"linux": {"codes": {"BUSY": "ELAZY"}}}}, "errno.linux.codes.BUSY: ELAZY has no number"),
    ({"errno": {"u_boot": {"unknown": "ELAZY"}}}, "errno.u_boot.unknown: ELAZY has no number"),
]


def merged(data: Any, change: Any) -> Any:
    """The data with what the change says; None takes a key away."""
    if not isinstance(data, dict) or not isinstance(change, dict):
        return change
    both = {key: merged(data.get(key), change[key]) if key in change else data[key] for key in {**data, **change}}
    return {key: value for key, value in both.items() if value is not None}


@pytest.mark.parametrize(("change", "message"), WRONG, ids=[message for _, message in WRONG])
def test_mistakes_in_the_tables(change: dict[str, Any], message: str) -> None:
    real = load(ROOT / "spec").errors
    with pytest.raises(SpecError) as caught:
        read_answers(Document(real.file, merged(real.data, change), real.lines, real.digest))
    place, line = str(caught.value.problems[0]).split(": ", 1)
    assert line == message and place.startswith("spec/errors.yaml:") and int(place.rsplit(":", 1)[1]) >= 20
    assert len(caught.value.problems) == 1


@pytest.mark.skipif(not (shutil.which("aarch64-linux-gnu-gcc") and shutil.which("qemu-aarch64")), reason="no cross compiler or no qemu")
def test_callee_on_arm(tmp_path: Path) -> None:
    """The dispatcher's own tests, on the machine that it is for."""
    sources = [*(ROOT / "runtime").glob("*.c"), *(ROOT / "generated" / "src").glob("*.c")]
    subprocess.run(["aarch64-linux-gnu-gcc", "-std=c11", "-Os", "-static", f"-I{ROOT}/runtime/include", f"-I{ROOT}/generated/include",
                    ROOT / "tests" / "unit" / "callee.c", *sources, "-o", tmp_path / "callee"], check=True)
    done = subprocess.run(["qemu-aarch64", tmp_path / "callee"], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and re.fullmatch(r"[1-9]\d+ passed, 0 failed\n", done.stdout), done.stdout
