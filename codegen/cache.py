"""What one run leaves for the next in build/codegen: never needed, never believed when anything it was made from has changed."""
from __future__ import annotations

import hashlib
import importlib.util
import pickle
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

HERE = Path(__file__).resolve().parent
FOLDER = HERE.parent / "build" / "codegen"
Made = TypeVar("Made")


def keep(name: str, raw: bytes) -> None:
    """Writes a file whole or not at all; a checkout that cannot be written works without."""
    try:
        FOLDER.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=FOLDER, delete=False) as file:
            file.write(raw)
        Path(file.name).replace(FOLDER / name)
    except OSError:
        pass


def kept(name: str) -> bytes | None:
    try:
        return (FOLDER / name).read_bytes()
    except OSError:
        return None


def library(name: str) -> bytes:
    """The first file of a library, in which it says its version, without importing it."""
    found = importlib.util.find_spec(name)
    return Path(found.origin).read_bytes() if found and found.origin else b""


def remembered(name: str, sources: Iterable[Path], make: Callable[[], Made], options: str = "") -> Made:
    """What make() returned when options, sources, the generator and Python were these, byte for byte; what it raises is not remembered."""
    sha = hashlib.sha256(f"{sys.version}\n{options}\n".encode() + b"".join(map(library, ("yaml", "jsonschema", "jinja2"))))
    for path in [*sorted(sources), *sorted(HERE.glob("*.py"))]:
        raw = path.read_bytes()
        sha.update(f"\n{path.parent.name}/{path.name} {len(raw)}\n".encode() + raw)
    key = sha.digest()
    raw = kept(f"{name}.pickle") or b""
    head, body = raw[:2 * len(key)], raw[2 * len(key):]
    if head == key + hashlib.sha256(body).digest():
        made: Made = pickle.loads(body)
        return made
    made = make()
    body = pickle.dumps(made, pickle.HIGHEST_PROTOCOL)
    keep(f"{name}.pickle", key + hashlib.sha256(body).digest() + body)
    return made
