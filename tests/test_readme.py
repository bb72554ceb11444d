"""The README shows what really happens: its commands print what stands below them, its C compiles."""
from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

from codec import ROOT

README = (ROOT / "README.md").read_text()


def shown() -> list[tuple[str, str]]:
    """(command, output) of every "$ command" in an indented block."""
    found: list[tuple[str, list[str]]] = []
    inside = False
    for line in README.splitlines():
        if line.startswith("    $ "):
            found.append((line[6:], []))
            inside = True
        elif inside and line.startswith("    "):
            found[-1][1].append(line[4:])
        else:
            inside = False
    return [(command, "\n".join(lines) + "\n") for command, lines in found]


def test_commands() -> None:
    assert len(shown()) >= 2
    for command, output in shown():
        done = subprocess.run(shlex.split(command), cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.stdout == output, command
        assert done.returncode == 0 and not done.stderr, command


def test_c(tmp_path: Path) -> None:
    """The lines of the example, in a function whose surroundings are declared here."""
    block = re.search(r"^    struct ffabi_ctx c = .*?(?=^\S)", README, re.M | re.S)
    assert block and block[0].count("\n") > 8
    source = tmp_path / "example.c"
    source.write_text(f"""
#include <ffabi/memory_reply.h>
#include <ffabi/text.h>
int refused(const struct ffabi_violation *err);
void smc(struct ffabi_regs *regs);
void log(const char *text);
int example(uint64_t handle);
int example(uint64_t handle)
{{
{block[0]}
    return 0;
}}
""")
    subprocess.run(["cc", "-std=c99", "-Wall", "-Wextra", "-Wno-missing-field-initializers", "-Wno-builtin-declaration-mismatch", "-Werror",
                    f"-I{ROOT}/runtime/include", f"-I{ROOT}/generated/include", "-c", source, "-o", tmp_path / "example.o"], check=True)


def test_examples() -> None:
    """The four tasks are those of tests/examples/, which test_caller.py compiles, runs and counts."""
    for name in ("share", "receive", "direct", "list"):
        body = re.search(r"\t/\* example \*/\n(.*?)\t/\* end \*/", (ROOT / "tests" / "examples" / f"{name}.c").read_text(), re.S)
        assert body
        lines = ["    " + line[1:].replace("\t", " " * 8) if line.strip() else "" for line in body[1].splitlines()]
        assert "\n".join(lines) in README, name


def test_paths() -> None:
    """Everything that the README links or names in its tables exists."""
    for path in re.findall(r"\]\(([^)]+)\)", README):
        assert (ROOT / path).exists(), path
    for path in re.findall(r"\| (tests/[\w./-]+)", README):
        assert (ROOT / path).exists(), path


def test_targets() -> None:
    """What any page or CI tells to make, make help explains."""
    help_ = subprocess.run(["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    known = {word for line in help_.splitlines() for word in line[:17].split()}
    pages = [ROOT / ".ci" / "run", *(path for path in ROOT.rglob("*.md") if "build" not in path.relative_to(ROOT).parts)]
    told = {(path.name, target) for path in pages
            for target in re.findall(r"(?:`|^    |^)(?:timeout \d+ )?make (?:-s )?([a-z][a-z-]+)", path.read_text(), re.M)}
    assert len(told) > 30
    assert sorted((page, target) for page, target in told if target not in known) == []
