"""How each tree compiles C: the rows of tests/flags.tsv, as they stand and with another compiler or optimisation."""
from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PORTS = ROOT / "tests" / "ports"  # stand-ins for the trees' own headers; the port headers themselves are in runtime/ports
MAKERS = ("gcc", "clang")
OPTIMISATIONS = ("-Os", "-O2")
# The compiler of the other maker for the same machine and language.  Only clang has a driver that speaks MSVC's options.
OTHER = {
    "aarch64-linux-gnu-gcc": "clang-19 --target=aarch64-linux-gnu",
    "clang-19 --target=aarch64-none-elf": "aarch64-linux-gnu-gcc",
    "clang-19 --target=aarch64_be-none-elf": "aarch64-linux-gnu-gcc -mbig-endian",
    "clang-19 --target=armv7a-none-eabi": "arm-none-eabi-gcc -march=armv7-a",
    "clang++-19 --target=aarch64-none-elf": "aarch64-linux-gnu-g++",
}
# Options that only one maker has, and what stands for them in the other's command.
ONLY = {
    "gcc": {"-Wlogical-op": ""},
    "clang": {"-Wshift-sign-overflow": "", "-std=c23": "-std=c2x"},  # gcc 12 knows C23 by its draft's name
}
# What a flag makes the compiler call, and the tree or its linker therefore has.
PROVIDED = {
    "-fstack-protector": {"__stack_chk_fail", "__stack_chk_guard"},
    "-fpic": {"_GLOBAL_OFFSET_TABLE_"},  # the linker's; with -fstack-protector the guard is found by it
}
# Trees that let the compiler take them for a hosted environment and have what it may then call: README.md says where.
HOSTED = {tree: {"memcpy", "memset"} for tree in ("op-tee", "linux", "pkvm-nvhe", "c99", "msvc-like")}
PROVIDED_MSVC = {"__security_check_cookie", "__security_cookie"}  # /GS, on unless a tree says /GS-


@dataclass(frozen=True)
class Row:
    """One line of flags.tsv: how one tree compiles C."""

    target: str
    compiler: tuple[str, ...]
    flags: tuple[str, ...]

    @property
    def msvc(self) -> bool:
        return self.compiler[0].startswith("clang-cl")

    @property
    def maker(self) -> str:
        return "clang" if self.compiler[0].startswith("clang") else "gcc"

    @property
    def program(self) -> str:
        """What has to be installed.  clang-cl is clang under another name; Debian packages it apart, so clang is asked for its ways."""
        return "clang-19" if self.msvc and not shutil.which(self.compiler[0]) else self.compiler[0]

    @property
    def port(self) -> Path | None:
        """The folder that stands in for the tree's own headers, where the tree has no <stdint.h>."""
        folder = PORTS / self.target.removesuffix("-gcc")
        return folder if folder.is_dir() else None

    @property
    def hosted(self) -> set[str]:
        return HOSTED.get(self.target, set())

    @property
    def guarded(self) -> bool:
        """Does every function check a guard?"""
        return "-fstack-protector-all" in self.flags

    @property
    def provided(self) -> set[str]:
        if self.msvc:
            return self.hosted | PROVIDED_MSVC
        return self.hosted.union(*(names for flag, names in PROVIDED.items() if any(f.startswith(flag) for f in self.flags)))

    def under(self, maker: str, optimisation: str) -> Row | None:
        """The same tree with that maker's compiler and that optimisation; None where there is no such compiler."""
        compiler = " ".join(self.compiler)
        flags = [flag for flag in self.flags if not flag.startswith("-O")]
        if maker != self.maker:
            if compiler not in OTHER:
                return None
            compiler = OTHER[compiler]
            flags = [word for flag in flags for word in ONLY[self.maker].get(flag, flag).split()]
        level = {"-Os": "/O1", "-O2": "/O2"}[optimisation] if self.msvc else optimisation
        return replace(self, compiler=tuple(compiler.split()), flags=(level, *flags))

    def command(self, includes: Iterable[Path]) -> list[str]:
        """Everything but the sources."""
        program = [self.program, *(["--driver-mode=cl"] if self.msvc else []), *self.compiler[1:]]
        command = [*program, *self.flags]
        if not self.msvc:
            command += ["-Werror", "-ffunction-sections", "-fstack-usage", "-c"]
        if self.port:
            command += ["-nostdinc", f"-I{self.port}"]
        return command + [f"-I{folder}" for folder in includes] + (["--"] if self.msvc else [])

    def takes(self, sources: Iterable[Path]) -> list[Path]:
        """clang-cl has no assembler of our dialect."""
        return [source for source in sources if source.suffix != ".S" or not self.msvc]

    def inputs(self, sources: Iterable[Path]) -> list[str]:
        """C first; a tree that compiles C as C++ says so for all that follows."""
        assembly = [str(source) for source in sources if source.suffix == ".S"]
        return [str(source) for source in sources if source.suffix != ".S"] + (["-x", "assembler-with-cpp", *assembly] if assembly else [])


def rows() -> list[Row]:
    lines = [line for line in (ROOT / "tests" / "flags.tsv").read_text().splitlines() if line and not line.startswith("#")]
    found = []
    for line in lines[1:]:
        target, compiler, flags = line.split("\t")
        flags = re.sub(r"\s*\([^)]*\)$", "", flags)
        found.append(Row(target, tuple(compiler.split()), tuple(shlex.split(flags))))
    return found
