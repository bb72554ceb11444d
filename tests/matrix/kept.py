"""What compilations made, in build/matrix: a source is compiled again when compiler, command, source, a header or the judge changed."""
from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path

from . import coff, objects
from .objects import Objects, compile_each, together
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


def kept_as(row: Row, source: Path, includes: Iterable[Path]) -> Path:
    folders = [*includes, *([row.port] if row.port else [])]
    said = [version(row.program), *row.command([]), source.name]
    said += [digest(path) for path in [source, *folders, Path(objects.__file__), Path(coff.__file__)]]
    name = hashlib.sha256("\n".join(said).encode()).hexdigest()
    return FOLDER / name[:2] / f"{name}.json"


def load(file: Path) -> Objects | None:
    if not file.exists():
        return None
    said = json.loads(file.read_text())
    sets = {name: set(said[name]) for name in ("defined", "undefined")}
    return Objects(**said | sets | {"stacks": [tuple(stack) for stack in said["stacks"]]})


def store(file: Path, made: Objects) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(asdict(made) | {"defined": sorted(made.defined), "undefined": sorted(made.undefined)}))


def compile_changed(row: Row, folder: Path, parts: Mapping[str, Sequence[Path]], includes: Sequence[Path]) -> Objects:
    """What compile_all() makes."""
    found: list[Objects] = []
    for part, every in parts.items():
        known = {source: load(kept_as(row, source, includes)) for source in row.takes(every)}
        if changed := [source for source, made in known.items() if made is None]:
            messages, new = compile_each(row, folder / part, changed, includes)
            found.append(Objects(messages=messages))
            for source, made in new.items():
                store(kept_as(row, source, includes), made)
                found.append(made)
        found += [made for made in known.values() if made]
    return together(found)
