"""ffabi replay: the real drivers' conversations, made again with the sandbox; what differs is found, whatever it is."""
from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CAPTURES = ROOT / "tests" / "captures"
PROGRAM = ROOT / "build" / "ffabi-san"
LINUX, UBOOT, EMUL, BOTH = (CAPTURES / f"{name}.txt" for name in ("linux-pass-el1", "uboot-pass-el1", "linux-emul-10000", "el3spmc-optee-sp-linux"))
SUMMARY = re.compile(r"(\d+) calls replayed, (\d+) partitions, (\d+) known differences, (\d+) others")


@pytest.fixture(scope="module", autouse=True)
def program() -> None:
    quiet = {name: value for name, value in os.environ.items() if not name.startswith("MAKE") and name != "MFLAGS"}
    subprocess.run(["make", "-s", "build/ffabi-san"], cwd=ROOT, env=quiet, check=True)


def replay(*arguments: object, text: str | None = None) -> tuple[int, list[str], str]:
    done = subprocess.run([PROGRAM, "replay", *map(str, arguments)], input=text, capture_output=True, text=True, check=False)
    assert "Sanitizer" not in done.stderr and "runtime error" not in done.stderr, done.stderr
    return done.returncode, done.stdout.splitlines(), done.stderr


@pytest.mark.parametrize(("trace", "calls", "known"), [(LINUX, 53, 3), (UBOOT, 13, 2), (EMUL, 60, 1), (BOTH, 87, 14)],
                         ids=["linux", "uboot", "emul", "both sides"])
def test_whole_conversation(trace: Path, calls: int, known: int) -> None:
    """Each answer means what the firmware's meant, but for those in the list, which do differ."""
    status, out, err = replay(trace, "--known", trace.with_suffix(".known"))
    assert (status, err) == (0, "")
    summary = SUMMARY.fullmatch(out[-1])
    assert summary and tuple(map(int, summary.groups())) == (calls, 1, known, 0)
    # nothing is hidden: each known difference is printed, with its reason
    status, alone, err = replay(trace)
    assert status == 1 and len(alone) == known + 1
    assert [line for line in out[:-1] if not line.startswith("  known: ")] == alone[:-1]


def changed(trace: Path, number: int, register: str, value: int) -> str:
    """The trace with another register in the reply of a call."""
    before, mark, after = trace.read_text().partition(f"\ncall {number} ")
    assert mark
    at = after.index("\n out ")
    reply, count = re.subn(rf"\b{register}=[0-9a-f]+", f"{register}={value:016x}", after[at:].split("\n", 2)[1], count=1)
    assert count == 1
    lines = after[at:].split("\n", 2)
    return before + mark + after[:at] + "\n" + reply + "\n" + lines[2]


# What the firmware might have said instead, and what the replay says of it.
CHANGES = [
    (4, "x0", 0x84000060, "#4 FFA_RXTX_MAP_64 (line 11): answer: FFA_ERROR_32 SUCCESS (0) in the trace, FFA_SUCCESS_32 here"),
    (14, "x2", 2, "#14 FFA_PARTITION_INFO_GET_32 (line 41): count: 2 in the trace, 1 here"),
    (16, "x0", 0x84000060, "#16 FFA_RX_RELEASE_32 (line 50): answer: FFA_ERROR_32 SUCCESS (0) in the trace, FFA_SUCCESS_32 here"),
    (20, "x0", 0xC4000061, "#20 FFA_NOTIFICATION_BIND_32 (line 62): answer: FFA_SUCCESS_64 in the trace, FFA_SUCCESS_32 here"),
    (36, "x0", 0x84000062, "#36 FFA_MEM_RECLAIM_32 (line 131): answer: FFA_INTERRUPT_32 in the trace, FFA_SUCCESS_32 here"),
]


@pytest.mark.parametrize(("number", "register", "value", "expected"), CHANGES, ids=[str(change[0]) for change in CHANGES])
def test_difference_is_named(number: int, register: str, value: int, expected: str) -> None:
    """The call, the field and both values; and nothing else than before."""
    status, out, _ = replay("-", "--known", LINUX.with_suffix(".known"), text=changed(LINUX, number, register, value))
    assert status == 1
    assert [line for line in out if line.startswith(f"#{number} ")] == [expected]
    assert out[-1] == "53 calls replayed, 1 partitions, 3 known differences, 1 others"


def test_status_of_an_error() -> None:
    text = changed(LINUX, 53, "x2", 0xFFFFFFFA)
    status, out, _ = replay("-", text=text)
    assert status == 1 and "#53 FFA_MEM_SHARE_64 (line 580): answer: FFA_ERROR_32 DENIED (-6) in the trace, FFA_MEM_FRAG_RX_32 here" in out


def test_partition_list() -> None:
    """The list is compared entry by entry: two replies that contradict each other cannot both be met."""
    text = UBOOT.read_text()
    first, second = (m.start() for m in re.finditer(r"\n rx pa=.*\n  0000: ", text))
    at = text.index("0000: ", second) + len("0000: ")
    assert first < second and text[at:at + 11] == "01 80 04 00"
    status, out, _ = replay("-", "--known", UBOOT.with_suffix(".known"), text=text[:at] + "01 80 03 00" + text[at + 11:])
    assert status == 1
    assert [line for line in out if "exec_ctx_count" in line] == \
        ["#7 FFA_PARTITION_INFO_GET_32 (line 20): exec_ctx_count: no such entry here for partition 0x8001"]


def test_handles_are_mapped() -> None:
    """The firmware's handles are its own; but one that it never gave is unknown to the sandbox too."""
    text = LINUX.read_text().replace("x2=0000000000000001 x3=0000000000001000", "x2=0000000000000077 x3=0000000000001000")
    assert text != LINUX.read_text()
    status, out, _ = replay("-", "--known", LINUX.with_suffix(".known"), text=text)
    assert status == 1 and {line.split(" in the trace, ")[1] for line in out if "FFA_MEM_RECLAIM" in line} == \
        {"FFA_ERROR_32 INVALID_PARAMETERS (-2) here"}


def test_one_region_has_one_handle() -> None:
    """An answer in the middle of a transfer that names another region than the transfer does."""
    status, out, _ = replay("-", "--known", EMUL.with_suffix(".known"), text=changed(EMUL, 56, "x1", 0x1234567))
    assert status == 1 and any(line.startswith("#56 FFA_MEM_FRAG_TX_32 (line 1267): handle: 0x") for line in out)


def test_interrupted_request() -> None:
    """An interrupt of the trace comes in the sandbox too, and FFA_RUN brings the answer."""
    zero = " ".join(f"x{i}={0:016x}" for i in range(2, 18))

    def regs(x0: int, x1: int, rest: str = zero) -> str:
        return f"x0={x0:016x} x1={x1:016x} {rest}"

    text = UBOOT.read_text().split("\ncall 9 ")[0] + "\n" + "\n".join([
        "call 9 smc FFA_MSG_SEND_DIRECT_REQ_32 el1", " in  " + regs(0x8400006F, 0x8001), " out " + regs(0x84000062, 0x80010000),
        "call 10 smc FFA_RUN_32 el1", " in  " + regs(0x8400006D, 0x80010000),
        " out " + regs(0x84000070, 0x80010000, zero.replace(f"x5={0:016x}", f"x5={0x55:016x}")), ""])
    status, out, err = replay("-", text=text)
    assert (status, err) == (0, "") and out == ["10 calls replayed, 1 partitions, 0 known differences, 0 others"]


@pytest.mark.parametrize(("old", "new", "expected"), [
    (" to  vm8001 ", " to  vm8002 ", "#20 FFA_MSG_SEND_DIRECT_REQ_32 (line 63): next to run: vm8002 in the trace, vm8001 here"),
    (" to  vm0 x0=0000000084000070", " to  vm0 x0=00000000c4000070",
     "#21 FFA_MSG_SEND_DIRECT_RESP_32 (line 66): answer: FFA_MSG_SEND_DIRECT_RESP_64 in the trace, FFA_MSG_SEND_DIRECT_RESP_32 here"),
], ids=["who", "how"])
def test_who_goes_on(old: str, new: str, expected: str) -> None:
    """Who runs after a call, and with which registers."""
    assert old in BOTH.read_text()
    status, out, _ = replay("-", text=BOTH.read_text().replace(old, new, 1))
    assert status == 1 and expected in out


def test_retrieved_descriptor() -> None:
    """What a borrower finds in its RX buffer: all of it but the handle."""
    before, mark, after = BOTH.read_text().partition("\ncall 28 ")
    # the permissions as the sandbox gives them, and the address of another page
    text = after.replace("  0030: 01 80 02 00 40", "  0030: 01 80 06 00 40", 1).replace("  0050: 00 10 6e 40", "  0050: 00 20 6e 40", 1)
    status, out, _ = replay("-", text=before + mark + text)
    assert status == 1 and "#28 FFA_MEM_RETRIEVE_REQ_32 (line 94): rx: byte 0x51 is 0x20 in the trace, 0x10 here" in out
    # the handle is the sandbox's own
    text = after.replace("  0030: 01 80 02 00 40", "  0030: 01 80 06 00 40", 1).replace("  0000: 00 00 6f 00 08 00 00 00 c0", "  0000: 00 00 6f 00 08 00 00 00 c1", 1)
    assert text.count("6f 00 08 00 00 00 c1") == after.count("6f 00 08 00 00 00 c1") + 1
    status, out, _ = replay("-", text=before + mark + text)
    assert status == 1 and not [line for line in out if line.startswith("#28 ")]


def test_list_of_known_differences_has_to_be_true(tmp_path: Path) -> None:
    known = tmp_path / "known"
    known.write_text(UBOOT.with_suffix(".known").read_text() + "4 it does not differ\n")
    status, out, _ = replay(UBOOT, "--known", known)
    assert status == 1 and "#4: said to differ, and does not: it does not differ" in out
    assert out[-1] == "13 calls replayed, 1 partitions, 3 known differences, 1 others"


def test_malformed_calls_do_no_harm() -> None:
    """299 calls of a probe, most of them wrong: the sandbox answers each, and its answers obey the specification."""
    status, out, _ = replay(CAPTURES / "nwprobe-debian-tfa2.12-el3spmc.txt")
    summary = SUMMARY.fullmatch(out[-1])
    assert status == 1 and summary and int(summary[1]) == 299 and 0 < int(summary[4]) < 100
    assert not [line for line in out if "breaks" in line]


@pytest.mark.parametrize(("arguments", "text", "message"), [
    (["/nowhere/trace"], None, "/nowhere/trace: No such file or directory"),
    (["-"], "", "standard input: there is no call in it"),
    (["-"], "call 1 smc X\n in  x0=84\n", "standard input:2: "),
    (["-"], "call 1 vmzz X\n in  " + " ".join(f"x{i}=0" for i in range(8)) + "\n", "standard input:1: who is vmzz?"),
    ([UBOOT, "--known", "/nowhere/known"], None, "/nowhere/known: No such file or directory"),
    ([UBOOT, "--known", UBOOT], None, ":2: not the number of a call and a reason"),
    ([UBOOT, "--json"], None, "replay takes no option but --known"),
    ([UBOOT, UBOOT], None, "replay takes one file"),
    ([UBOOT, "--known"], None, "a value is missing after --known"),
], ids=["missing", "empty", "registers", "callers", "no list", "bad list", "option", "two files", "no value"])
def test_bad_input(arguments: list[object], text: str | None, message: str) -> None:
    status, out, err = replay(*arguments, text=text)
    assert (status, out) == (2, []) and message in err
