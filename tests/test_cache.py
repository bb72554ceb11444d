"""What the generator keeps between runs never shows in what it says."""
from __future__ import annotations

from pathlib import Path

import pytest

from codegen import cache
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
    assert cache.Compiled("a").get_source_checksum("x") != cache.Compiled("b").get_source_checksum("x")
