"""The output folder: writes only what changed, or says what would."""
from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def same(target: Path, text: str) -> bool:
    return target.exists() and target.read_bytes() == text.encode()


def stale(files: Mapping[str, str], out: Path) -> list[str]:
    """What is missing or other than it should be, and what should not be there."""
    there = {str(p.relative_to(out)) for p in out.rglob("*") if p.is_file()}
    return [path for path, text in files.items() if not same(out / path, text)] + sorted(there - set(files))


def write(files: Mapping[str, str], out: Path) -> list[str]:
    """Writes what differs, removes what is no longer generated; returns the changed paths."""
    changed = []
    old = out / "MANIFEST"
    if old.exists():
        listed = [line.split("  ", 1)[1] for line in old.read_text().splitlines() if "  " in line and not line.startswith("#")]
        for path in listed:
            if path not in files and (out / path).exists():
                (out / path).unlink()
                changed.append(path)
    for path, text in files.items():
        target = out / path
        if same(target, text):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        changed.append(path)
    return changed
