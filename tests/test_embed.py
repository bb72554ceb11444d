"""make embed: a copy that stands by itself, has what was asked for and nothing else, and is made again the same."""
from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from matrix.subsets import CASES, files, spec, wish

from codegen.embed import Wish, embed, place

ROOT = Path(__file__).resolve().parent.parent
CC = ["gcc", "-std=c99", "-O1", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Wredundant-decls", "-Wmissing-prototypes", "-Werror"]
LANGUAGES = {"c": ["gcc", "-std=c99", "-pedantic", "-x", "c"], "c++": ["g++", "-std=c++17", "-x", "c++"]}
COPIES = [*((name, "tree") for name in CASES), ("share", "single"), ("one version", "single"), ("all", "single")]


def make(dest: Path, arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["make", "-s", "embed", f"DEST={dest}", *arguments.split()], cwd=ROOT, capture_output=True, text=True, check=False)


def made(dest: Path, arguments: str) -> Path:
    """What make embed does, in this process: test_make_does_the_same holds them together."""
    assert place(files(arguments), dest) == []
    return dest


def objects(dest: Path) -> list[Path]:
    """The copy compiled, in its own folder, with nothing of this project in sight."""
    sources = [path.relative_to(dest) for path in sorted(dest.rglob("*.c"))]
    (dest / "o").mkdir()
    done = subprocess.run([*CC, "-I../include", "-I..", "-c", *(f"../{path}" for path in sources)], cwd=dest / "o", capture_output=True,
                          text=True, check=False)
    assert done.returncode == 0 and not done.stderr, done.stderr[:4000]
    return sorted((dest / "o").glob("*.o"))


def symbols(files: list[Path], *options: str) -> set[str]:
    listed = subprocess.run(["nm", "-P", *options, *map(str, files)], capture_output=True, text=True, check=True).stdout
    return {line.split()[0] for line in listed.splitlines() if " " in line}


Copy = tuple[str, Path, list[Path]]  # what was asked for, where it is, its objects


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Copy]:
    """Each copy made and compiled once, when it is first asked for."""
    @cache
    def of(name: str, form: str) -> Copy:
        dest = made(tmp_path_factory.mktemp("embed") / "copy", f"{CASES[name]} FORM={form}")
        return f"{CASES[name]} FORM={form}", dest, objects(dest)
    return of


@pytest.fixture(params=COPIES, ids=lambda p: f"{p[0]}, {p[1]}")
def copy(request: pytest.FixtureRequest, copies: Callable[[str, str], Copy]) -> Copy:
    return copies(*request.param)


@pytest.mark.parametrize("case", [("share", "tree"), ("all", "single")], ids=lambda p: f"{p[0]}, {p[1]}")
def test_make_does_the_same(case: tuple[str, str], tmp_path: Path) -> None:
    """The command writes, byte for byte, what the other tests look at."""
    arguments = f"{CASES[case[0]]} FORM={case[1]}"
    done = make(tmp_path / "copy", arguments)
    assert (done.returncode, done.stderr) == (0, "") and f"{len(files(arguments))} files" in done.stdout
    written = {str(path.relative_to(tmp_path / "copy")): path.read_text() for path in (tmp_path / "copy").rglob("*") if path.is_file()}
    assert written == files(arguments)


def test_nothing_is_missing(copy: Copy) -> None:
    _, _, compiled = copy
    assert symbols(compiled, "-u") - symbols(compiled, "-g", "--defined-only") == set()


def test_headers_stand_alone(copy: Copy) -> None:
    _, dest, _ = copy
    names = [header.relative_to(dest / "include" if (dest / "include").exists() else dest) for header in sorted(dest.rglob("*.h"))]
    assert names
    (dest / "o" / "headers").mkdir()
    alone = [dest / "o" / "headers" / f"{name.stem}.c" for name in names]
    for path, name in zip(alone, names):
        path.write_text(f"#include <{name}>\n")
    for language in LANGUAGES.values():  # one process, yet each header begins a translation unit
        done = subprocess.run([*language, "-fsyntax-only", "-Wall", "-Wextra", "-Werror", f"-I{dest / 'include'}", f"-I{dest}", *alone],
                              capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[:2000]
    shutil.rmtree(dest / "o" / "headers")


def test_manifest_records_the_command(copy: Copy) -> None:
    arguments, dest, _ = copy
    lines = (dest / "MANIFEST").read_text().splitlines()
    said = {word for word in lines[0].removeprefix("# make embed").split()}
    assert said == {word for word in arguments.split() if word != "FORM=tree"}
    listed = {line.split("  ")[1] for line in lines[1:]}
    assert listed == {str(path.relative_to(dest)) for path in dest.rglob("*") if path.is_file() and path.suffix != ".o"} - {"MANIFEST"}
    assert wish(lines[0].removeprefix("# make embed")) == wish(arguments)
    made(dest, lines[0].removeprefix("# make embed "))
    checked = subprocess.run(["sha256sum", "-c", "--quiet"], input="\n".join(lines[1:]) + "\n", cwd=dest, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


def test_licence_and_prefix(copy: Copy) -> None:
    arguments, dest, compiled = copy
    assert (dest / "LICENSE").read_text() == (ROOT / "LICENSE").read_text()
    texts = {path: path.read_text() for path in dest.rglob("*.[ch]")}
    assert all(text.startswith("/* SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later */\n") for text in texts.values())
    prefix = "acme" if "PREFIX=acme" in arguments else "ffabi"
    assert {name for name in symbols(compiled, "-g", "--defined-only") if not name.startswith(prefix + "_")} == set()
    if prefix == "acme":
        assert not [path for path, text in texts.items() if re.search(r"\bffabi[_/]|\bFFABI_", text)]


WANTED = {
    "share": ({"mem_share_pack", "mem_share_reply_unpack", "mem_write", "mem_fragment", "status_text"},
              {"mem_share_unpack", "mem_share_reply_pack", "mem_check", "mem_lend_pack", "request_unpack", "version_pack", "boot_open"}),
    "parser": ({"mem_check", "mem_open", "mem_next_range", "mem_view_range", "mem_assemble", "snapshot"}, {"mem_share_unpack", "boot_open"}),
    "one version": ({"notification_info_get_unpack", "notification_info_get_reply_pack", "request_unpack", "id_lists_add"},
                    {"notification_info_get_pack", "notification_info_get_reply_unpack", "mem_check"}),
    "lists": ({"boot_open", "boot_pack", "partition_next"}, {"mem_check", "relinquish_unpack", "id_lists_next"}),
    "retrieve": ({"mem_write", "mem_check", "relinquish_pack", "mem_retrieve_req_pack"}, {"relinquish_unpack", "mem_share_pack"}),
}


@pytest.mark.parametrize("name", WANTED)
def test_what_was_asked_for_and_nothing_else(name: str, copies: Callable[[str, str], Copy]) -> None:
    _, _, compiled = copies(name, "tree")
    found = {symbol.removeprefix("ffabi_") for symbol in symbols(compiled, "-g", "--defined-only")}
    there, absent = WANTED[name]
    assert there - found == set() and found & absent == set()


@pytest.mark.parametrize(("arguments", "message"), [
    ("CALLS=mem_shar", "embed: no call is named mem_shar; near: mem_share"),
    ("TABLES=mem_transactions", "embed: no table is named mem_transactions; near: mem_transaction"),
    ("VERSIONS=1.4", "embed: no version 1.4; there are 1.0, 1.1, 1.2, 1.3"),
    ("SIDE=calle", "embed: no side is named calle; there are caller, callee, both"),
    ("FORM=flat", "embed: no form is named flat; there are tree, single"),
    ("PORT=bsd", "embed: no port is named bsd; there are stdint, linux, xen, edk2"),
    ("PREFIX=Acme", "embed: prefix Acme: lower-case letters and digits are wanted, and no word of C"),
])
def test_unknown_names_are_refused(arguments: str, message: str, tmp_path: Path) -> None:
    done = make(tmp_path / "copy", arguments)
    assert done.returncode != 0 and done.stderr.startswith(message), done.stderr
    assert not (tmp_path / "copy").exists()


def test_dest_is_needed() -> None:
    done = subprocess.run(["make", "-s", "embed"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode != 0 and "DEST=folder is missing" in done.stderr


@pytest.mark.parametrize("port", ["linux", "xen", "edk2"])
@pytest.mark.parametrize("form", ["tree", "single"])
def test_ports(port: str, form: str, tmp_path: Path) -> None:
    """With the types of a tree that has no <stdint.h>."""
    dest = made(tmp_path / "copy", f"CALLS=mem_share PORT={port} FORM={form}")
    sources = sorted(dest.rglob("*.c"))
    done = subprocess.run(["gcc", "-std=gnu99", "-nostdinc", "-ffreestanding", "-Wall", "-Wextra", "-Werror", f"-I{ROOT / 'tests' / 'ports' / port}",
                           f"-I{dest / 'include'}", "-c", *sources], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and len(list(tmp_path.glob("*.o"))) == len(sources), done.stderr[:2000]


def test_what_others_wrote_is_left_alone(tmp_path: Path) -> None:
    """A replaced port header stays; a file that somebody edited is not overwritten, and nothing is written at all."""
    dest = made(tmp_path / "copy", "CALLS=version")
    port, edited = dest / "include" / "ffabi" / "port.h", dest / "src" / "setup.c"
    port.write_text("#include <our/types.h>\n")
    done = make(dest, "CALLS=id_get")
    assert done.returncode == 0 and "port.h: left as it is" in done.stdout and port.read_text() == "#include <our/types.h>\n"
    edited.write_text(edited.read_text() + "/* ours */\n")
    before = {path: path.read_bytes() for path in dest.rglob("*") if path.is_file()}
    done = make(dest, "CALLS=mem_share")
    assert done.returncode != 0 and "would overwrite src/setup.c that this command did not write" in done.stderr
    assert {path: path.read_bytes() for path in dest.rglob("*") if path.is_file()} == before


def test_a_smaller_copy_takes_away_what_it_no_longer_has(tmp_path: Path) -> None:
    dest = made(tmp_path / "copy", "CALLS=mem_share")
    assert (dest / "src" / "memory.c").exists()
    made(dest, "CALLS=version")
    assert not (dest / "src" / "memory.c").exists() and (dest / "src" / "setup.c").exists()


@pytest.mark.parametrize("side", ["caller", "callee", "both"])
def test_every_call_and_table_can_be_had_alone(side: str) -> None:
    """Without a compiler: everything that is mentioned is there."""
    wishes = [Wish(calls=(call,), side=side, form="single") for call in list(spec().calls)[::3]]
    wishes += [Wish(tables=(table,), side=side, form="single") for table in spec().descriptors]
    for wish in wishes:
        texts = embed(spec(), wish)
        header, source = texts["ffabi.h"], texts["ffabi.c"]
        called = set(re.findall(r"\b(ffabi_\w+)\(", re.sub(r"/\*.*?\*/", "", source, flags=re.S)))
        declared = set(re.findall(r"\b(ffabi_\w+)\(", header))
        assert called - declared == set(), (wish, called - declared)


def test_conduits(tmp_path: Path) -> None:
    """A caller gets them, in a tree of files, under its own prefix; they assemble."""
    dest = made(tmp_path / "copy", "CALLS=version SIDE=caller PREFIX=acme")
    done = subprocess.run(["aarch64-linux-gnu-gcc", f"-I{dest / 'include'}", "-c", dest / "src" / "conduit_aarch64.S", "-o", tmp_path / "c.o"],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    defined = symbols([tmp_path / "c.o"], "-g", "--defined-only")
    assert defined == {f"acme_{name}" for name in ("smc", "hvc", "svc", "smc_8", "hvc_8", "svc_8")}
    header = (dest / "include" / "acme" / "conduit.h").read_text()
    assert all(re.search(rf"\b{name}[,;]", header) for name in defined)
    assert not list(made(tmp_path / "callee", "CALLS=version SIDE=callee").rglob("*.S"))
