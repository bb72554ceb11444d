"""What the generator keeps between runs never shows in what it says."""
from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from codegen import __main__ as command
from codegen import cache, compiled
from codegen.__main__ import ROOT, known_spec, read_spec
from codegen.emit import Printer


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(cache, "FOLDER", tmp_path / "kept")
    return tmp_path / "kept"


def test_remembered_until_a_source_changes(folder: Path, tmp_path: Path) -> None:
    source, made = tmp_path / "a.yaml", []

    def make() -> str:
        made.append(source.read_text())
        return made[-1]

    for text, times in (("one", 1), ("one", 1), ("two", 2), ("two", 2), ("one", 3)):
        source.write_text(text)
        assert cache.remembered("x", [source], make) == text and len(made) == times


@pytest.mark.parametrize("damage", [lambda raw: b"", lambda raw: raw[:-1], lambda raw: raw[:40], lambda raw: raw[:-1] + bytes([raw[-1] ^ 1])])
def test_damaged_files_are_made_again(damage: object, folder: Path, tmp_path: Path) -> None:
    source = tmp_path / "a.yaml"
    source.write_text("x")
    assert cache.remembered("x", [source], lambda: ["first"]) == ["first"]
    file = folder / "x.pickle"
    file.write_bytes(damage(file.read_bytes()))  # type: ignore[operator]
    assert cache.remembered("x", [source], lambda: ["again"]) == ["again"]
    assert cache.remembered("x", [source], lambda: ["never"]) == ["again"]


def test_the_description_is_the_same(folder: Path) -> None:
    assert known_spec(ROOT / "spec") == read_spec(ROOT / "spec") == known_spec(ROOT / "spec")
    assert (folder / "spec.pickle").exists()


def printed() -> dict[str, str]:
    spec = known_spec(ROOT / "spec")
    return Printer(spec, spec.prefix, "x").files()


def test_the_output_is_the_same(folder: Path) -> None:
    """Without anything kept, with it, where nothing can be kept, and with templates whose kept form is damaged."""
    first = printed()
    templates = sorted(folder.glob("*.template"))
    assert len(templates) > 20 and printed() == first
    for template in templates:
        template.write_bytes(template.read_bytes()[:-7])
    assert printed() == first


def test_nothing_can_be_kept(folder: Path) -> None:
    folder.parent.mkdir(exist_ok=True)
    folder.write_text("a file, where a folder would be made")
    assert printed()["MANIFEST"] and folder.is_file()


def test_options_of_the_language_count(folder: Path) -> None:
    """Kept templates were compiled under certain options; under others they are others."""
    assert compiled.Compiled("a").get_source_checksum("x") != compiled.Compiled("b").get_source_checksum("x")


@pytest.fixture
def places(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """Copies of everything that the output is made from, in the place of the originals."""
    found = {}
    for what, owner, name in (("spec", None, ""), ("template", command, "TEMPLATES"), ("header", command, "HEADERS"), ("code", cache, "HERE")):
        source = getattr(owner, name) if owner else ROOT / "spec"
        found[what] = shutil.copytree(source, tmp_path / "sources" / what)
        if owner:
            monkeypatch.setattr(owner, name, found[what])
    return found


def test_printed_again_only_when_something_changed(places: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    printings = []

    def files(self: Printer) -> dict[str, str]:
        printings.append(self.arguments)
        return {"a.h": f"{len(printings)} \n", "MANIFEST": "#\n"}

    monkeypatch.setattr(Printer, "files", files)
    out = tmp_path / "out"

    def run(*more: str) -> int:
        assert command.main(["--spec", str(places["spec"]), "--out", str(out), *more]) == 0
        return len(printings)

    assert run() == 1 and run() == 1
    (out / "a.h").write_text("spoilt")
    assert run() == 1 and (out / "a.h").read_text().startswith("1 ")
    for n, (what, file) in enumerate((("spec", "ffa.yaml"), ("template", "table.c.j2"), ("header", "ffabi/core.h"), ("code", "view.py")), 2):
        path = places[what] / file
        raw = path.read_bytes()
        path.write_bytes(raw + b"\n")
        assert run() == n and run() == n and (out / "a.h").read_text().startswith(f"{n} "), what
    assert run("--prefix", "acme") == 6 and run("--prefix", "acme") == 6 and run() == 7


def test_a_check_prints_anew(places: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was kept is not asked when the question is whether the output is right."""
    arguments = ["--spec", str(places["spec"]), "--out", str(tmp_path / "out")]
    monkeypatch.setattr(Printer, "files", lambda _: {"a.h": "first\n"})
    assert command.main(arguments) == 0 and command.main([*arguments, "--check"]) == 0
    monkeypatch.setattr(Printer, "files", lambda _: {"a.h": "other\n"})
    assert command.main(arguments) == 0 and command.main([*arguments, "--check"]) == 1


def test_what_is_kept_is_what_is_printed(folder: Path, tmp_path: Path) -> None:
    options = command.parse([])
    assert command.known_files(options) == command.printed(options) == command.known_files(options)
    assert (folder / "files.pickle").exists()
