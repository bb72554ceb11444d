"""The layout and the numbers of Linux's <linux/arm_ffa.h> agree with ours: the compiler asserts it (tests/linux/witness.c).

The header is that of the package linux-headers-6.12.*-common, which tests/setup.sh installs.  Nothing of Linux is copied.
"""
from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from codegen.load import load
from codegen.model import Spec, build

ROOT = Path(__file__).resolve().parent.parent
HERE = ROOT / "tests" / "linux"
COMPILER = "aarch64-linux-gnu-gcc"
PACKAGE = "linux-headers-6.12.*-common"
FLAGS = ["-std=gnu11", "-Wall", "-Wextra", "-Werror", "-nostdinc", "-fsyntax-only", "-fmax-errors=0", "-fno-diagnostics-show-caret"]

# The tables that Linux has a structure of, and the versions these describe.  Of the header of an indirect message Linux 6.12
# has the form of 1.1 only (later kernels add the UUID), so its size and its UUID of 1.2 have no witness.
TABLES = {"MEM_TRANSACTION", "MEM_ACCESS", "MEM_COMPOSITE", "MEM_CONSTITUENT", "PARTITION_INFO", "PARTITION_MESSAGE_HEADER"}
VERSIONS = {"1_0", "1_1", "1_2"}
NOT_IN_LINUX = {
    "FFABI_SIZE_1_2_PARTITION_MESSAGE_HEADER", "FFABI_AT_1_2_PARTITION_MESSAGE_HEADER_PROTOCOL_UUID",
    "FFABI_AT_1_1_MEM_TRANSACTION_SECURITY", "FFABI_AT_1_2_MEM_TRANSACTION_SECURITY",
    "FFABI_AT_1_2_MEM_TRANSACTION_BYPASS_MULTI_BORROWER_CHECK",
    # Linux takes every partition for a PE endpoint.
    "FFABI_AT_1_1_PARTITION_INFO_ID_TYPE", "FFABI_AT_1_2_PARTITION_INFO_ID_TYPE",
    "FFABI_AT_1_1_PARTITION_INFO_PROXY_ID", "FFABI_AT_1_2_PARTITION_INFO_PROXY_ID",
}
# Macros of the header with no number of their own: other macros are made of them.  FFA_MEM_RETRIEVE_SELF_BORROWER, which is
# a number, has a misleading name: the bit says that the endpoint is another borrower than the one that retrieves.
NOT_NUMBERS = {"FFA_SMC", "FFA_SMC_32", "FFA_SMC_64", "FFA_FN_NATIVE", "FFA_MAJOR_VERSION_MASK", "FFA_MINOR_VERSION_MASK"}
# Members that hold nothing.
RESERVED: dict[str, set[str]] = {"partition_info": set(), "indirect_msg_hdr": {"flags", "res0"}}


def kernel() -> Path:
    """The include folder of the newest package."""
    found = [header.parent.parent for header in Path("/usr/src").glob(f"{PACKAGE}/include/linux/arm_ffa.h")]
    if not found:
        pytest.skip(f"no package {PACKAGE} in /usr/src: tests/setup.sh test installs it, where Debian's archive has it")
    if shutil.which(COMPILER) is None:
        pytest.skip(f"{COMPILER} is not installed")
    return max(found, key=lambda path: [int(n) for n in re.findall(r"\d+", str(path))])


def bits(spec: Spec | None = None) -> str:
    """What generated/tests/offsets.h does not have: the lowest bit of each field in its container, and the page size."""
    spec = spec or build(load(ROOT / "spec"))
    lines: set[str] = set()
    for descriptor in spec.descriptors.values():
        for number, version in enumerate(spec.versions):
            name = f"FFABI_LO_{version.replace('.', '_')}_{descriptor.key.upper()}"
            lines |= {f"#define {name}_{field.name.upper()} {field.lo}" for field in descriptor.fields
                      if field.name and descriptor.sizes[number] and number in field.life}
    return "".join(f"{line}\n" for line in sorted(lines))  # one that two statements put in different places is defined twice


def compile_witness(folder: Path, *options: str, edit: tuple[str, str] = ("", "")) -> list[str]:
    """The assertions that fail; edit changes a line of offsets.h."""
    include = kernel()
    (folder / "bits.h").write_text(bits())
    offsets = (ROOT / "generated" / "tests" / "offsets.h").read_text()
    assert edit[0] in offsets
    (folder / "offsets.h").write_text(offsets.replace(*edit) if edit[0] else offsets)
    folders = [folder, HERE / "shim", ROOT / "tests" / "ports" / "linux", ROOT / "runtime" / "ports" / "linux", ROOT / "runtime" / "include",
               ROOT / "generated" / "include"]
    command = [COMPILER, *FLAGS, *options, *(f"-I{path}" for path in folders), f"-isystem{include}", str(HERE / "witness.c")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    failed = re.findall(r'error: static assertion failed: "(.*)"$', done.stderr, re.MULTILINE)
    others = [line for line in done.stderr.splitlines() if re.search(r"(error|warning): (?!static assertion failed)", line)]
    assert not others and (done.returncode == 0) == (not failed), f"{shlex.join(command)}\n{done.stderr[:4000]}"
    return failed


def test_linux_agrees(tmp_path: Path) -> None:
    assert compile_witness(tmp_path) == []


def test_a_wrong_number_is_found(tmp_path: Path) -> None:
    wrong = ("#define FFABI_AT_1_1_MEM_TRANSACTION_TAG 16\n", "#define FFABI_AT_1_1_MEM_TRANSACTION_TAG 24\n")
    assert compile_witness(tmp_path, edit=wrong) == ["offsetof(struct ffa_mem_region, tag) is not FFABI_AT_1_1_MEM_TRANSACTION_TAG"]


def test_nothing_is_left_out(tmp_path: Path) -> None:
    """With all of our numbers off by one every assertion fails; together they name all of ours and all of theirs."""
    failed = compile_witness(tmp_path, "-DOFF_BY=1")
    assert len(failed) == len(set(failed))
    print(f"{len(failed)} assertions, against {kernel()}")
    named = set(re.findall(r"\w+", " ".join(failed)))

    numbers = re.findall(r"#define (FFABI_(?:AT|SIZE)_(\d_\d)_(\w+))", (ROOT / "generated" / "tests" / "offsets.h").read_text())
    ours = {name for name, version, rest in numbers if version in VERSIONS
            and any(rest == table or rest.startswith(f"{table}_") for table in TABLES)}
    assert ours - named == NOT_IN_LINUX

    header = (kernel() / "linux" / "arm_ffa.h").read_text()
    theirs = set(re.findall(r"^#define\s+(FFA_\w+)", header, re.MULTILINE))
    assert theirs - named == NOT_NUMBERS
    for structure in ("mem_region", "mem_region_attributes", "composite_mem_region", "mem_region_addr_range",
                      "partition_info", "indirect_msg_hdr"):
        body = re.search(rf"^struct ffa_{structure} {{\n(.*?)^}};", header, re.MULTILINE | re.DOTALL)
        assert body is not None, structure
        members = set(re.findall(r"^\tu\d+ (\w+)(?:\[\d+\])?;$", body[1], re.MULTILINE))
        named_here = set(re.findall(rf"offsetof\(struct ffa_{structure}, (\w+)\)", " ".join(failed)))
        assert members - named_here == RESERVED.get(structure, {"reserved"})
