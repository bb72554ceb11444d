"""Programs that are built with sanitizers and the load hook, and asked a line at a time."""
from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from codec import BUILD, ROOT

FLAGS = ["-std=c11", "-g", "-O1", "-Wall", "-Wextra", "-Werror", "-fsanitize=address,undefined", "-fno-sanitize-recover=all",
         "-DFFABI_LOAD_HOOK", f"-I{ROOT}/runtime/include", f"-I{ROOT}/generated/include"]


def library(runtime: Sequence[str], generated: Sequence[str]) -> list[Path]:
    """Sources of the library by their names."""
    return [*(ROOT / "runtime" / f"{name}.c" for name in runtime), *(ROOT / "generated" / "src" / f"{name}.c" for name in generated)]


def build(name: str, driver: Sequence[Path], sources: Sequence[Path], *flags: str) -> Path:
    """driver: the program and its headers.  Made again when a source or a header is newer; beside its name, because others may run it."""
    program = BUILD / name
    headers = [*(ROOT / "runtime" / "include").rglob("*.h"), *(ROOT / "generated" / "include").rglob("*.h")]
    newest = max(path.stat().st_mtime for path in [*sources, *driver, *headers])
    if not program.exists() or program.stat().st_mtime < newest:
        BUILD.mkdir(exist_ok=True)
        made = BUILD / f"{name}.{os.getpid()}"  # in the same folder: counts of branches are written beside it
        subprocess.run(["cc", *FLAGS, *flags, driver[0], *sources, "-o", made], check=True)
        made.replace(program)
    return program


def ask(program: Path, lines: Sequence[str]) -> list[str]:
    """Sends all requests at once; one line of answer each."""
    done = subprocess.run([program], input="".join(f"{line}\n" for line in lines), capture_output=True, text=True, check=False)
    answers = done.stdout.splitlines()
    if done.returncode != 0 or done.stderr:
        asked = lines[len(answers)][:400] if len(answers) < len(lines) else "the end"
        raise AssertionError(f"the driver failed ({done.returncode}) at {asked}: {done.stderr[:2000]}")
    assert len(answers) == len(lines)
    return answers
