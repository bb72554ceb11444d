"""What compilations made, in build/matrix: one is made again only when its compiler, its command, its files or the judge changed."""
from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import asdict
from functools import cache
from pathlib import Path

from . import coff, objects
from .objects import Objects
from .trees import ROOT, Row

FOLDER = ROOT / "build" / "matrix"


@cache
def version(program: str) -> str:
    if shutil.which(program) is None:
        return "not installed"
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    return said.stdout.splitlines()[0]


@cache
def digest(folder: Path) -> str:
    """Of every file below it, or of one file; a copy's list of itself and its build files are nothing that a compiler reads."""
    sha = hashlib.sha256()
    for path in sorted(folder.rglob("*.[chS]")) if folder.is_dir() else [folder]:
        raw = path.read_bytes()
        sha.update(f"{path.relative_to(folder) if folder.is_dir() else path.name} {len(raw)}\n".encode() + raw)
    return sha.hexdigest()


def key(row: Row, sources: Iterable[Path], includes: Iterable[Path]) -> str:
    folders = [*includes, *([row.port] if row.port else [])]
    said = [version(row.program), *row.command([]), *(source.name for source in sources)]
    said += [digest(path) for path in [*sources, *folders]]
    said += [digest(Path(judge)) for judge in (objects.__file__, coff.__file__)]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def remembered(name: str, make: Callable[[], Objects]) -> Objects:
    file = FOLDER / f"{name}.json"
    if file.exists():
        said = json.loads(file.read_text())
        return Objects(**said | {"undefined": set(said["undefined"]), "stacks": [tuple(stack) for stack in said["stacks"]]})
    made = make()
    FOLDER.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(asdict(made) | {"undefined": sorted(made.undefined)}))
    return made
