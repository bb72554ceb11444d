# SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later
"""The C of a changed description: what did not change is not compiled again."""
from __future__ import annotations

import hashlib
import re
import subprocess
from functools import lru_cache
from pathlib import Path

from codegen import vectors
from codegen.__main__ import ROOT
from codegen.emit import Printer
from codegen.model import Spec

FLAGS = ["-std=gnu11", "-O0", "-w"]
COMMENT = re.compile(r"/\*.*?\*/", re.S)


class Quick(Printer):
    """What is compiled, and nothing else."""

    def render(self, template: str, **values: object) -> str:
        return "" if template.endswith(".md.j2") else super().render(template, **values)


def generated(spec: Spec) -> dict[str, str]:
    """Files without comments, which a changed place would change."""
    real, vectors.text = vectors.text, lambda _: ""
    try:
        files = Quick(spec, spec.prefix, "").files()
    finally:
        vectors.text = real
    return {path: COMMENT.sub("", text) for path, text in files.items() if path.endswith((".c", ".h"))}


class Variant:
    """A folder with generated C and programs made of it; objects are kept by content, for all variants together."""

    def __init__(self, spec: Spec, folder: Path, objects: Path) -> None:
        self.spec, self.folder, self.objects = spec, folder, objects
        self.files = generated(spec)
        objects.mkdir(parents=True, exist_ok=True)
        for path, text in self.files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            if not target.exists() or target.read_text(encoding="utf-8") != text:
                target.write_text(text, encoding="utf-8")
        self.includes = [f"-I{ROOT}/runtime/include", f"-I{folder}/include"]
        self.known: dict[str, str] = {}

    def digest(self, text: str) -> str:
        """Of a source and all headers of the library that it includes."""
        found = hashlib.sha256(text.encode())
        for name in sorted(set(re.findall(r"#include [<\"]([\w./]+)[>\"]", text))):
            if name not in self.known:
                self.known[name] = ""
                header = self.files.get(f"include/{name}") or local(name)
                self.known[name] = self.digest(header) if header else ""
            found.update(self.known[name].encode())
        return found.hexdigest()[:32]

    def object(self, source: Path, *flags: str) -> Path:
        text = source.read_text(encoding="utf-8")
        target = self.objects / f"{hashlib.sha256((self.digest(text) + str(flags)).encode()).hexdigest()[:32]}.o"
        if not target.exists():
            part = target.with_suffix(f".{self.folder.name}.part")
            done = subprocess.run(["cc", *FLAGS, *self.includes, f"-I{source.parent}", *flags, "-c", source, "-o", part],
                                  capture_output=True, text=True, check=False)
            if done.returncode != 0:
                raise DoesNotCompile(f"{source.name}: {done.stderr}")
            part.rename(target)
        return target

    def sources(self) -> list[Path]:
        return sorted(self.folder / path for path in self.files if path.startswith("src/"))

    def library(self) -> Path:
        target = self.folder / "library.a"
        target.unlink(missing_ok=True)
        runtime = [s for s in sorted(ROOT.glob("runtime/*.c"))]
        subprocess.run(["ar", "rcs", target, *(self.object(s) for s in [*self.sources(), *runtime])], check=True)
        return target

    def program(self, name: str, source: Path, *flags: str) -> Path:
        target = self.folder / name
        done = subprocess.run(["cc", self.object(source, *flags), self.folder / "library.a", "-o", target], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise DoesNotCompile(f"{name}: {done.stderr}")
        return target

    def shared(self, name: str, stems: tuple[str, ...]) -> Path:
        target = self.folder / f"{name}-{hashlib.sha256(str(sorted(self.files.items())).encode()).hexdigest()[:12]}.so"
        objects = [self.object(self.folder / "src" / f"{stem}.c", "-fPIC") for stem in stems]
        subprocess.run(["cc", "-shared", *objects, "-o", target], check=True)
        return target


class DoesNotCompile(Exception):
    pass


@lru_cache(maxsize=None)
def local(name: str) -> str:
    """A handwritten header, or nothing."""
    for folder in (ROOT / "runtime" / "include", ROOT / "tests", ROOT / "tests" / "unit"):
        if (folder / name).exists():
            return (folder / name).read_text(encoding="utf-8")
    return ""
