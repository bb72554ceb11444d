"""Numbers of generated C against the tables of tests/facts, which do not come from spec/."""
from __future__ import annotations

import subprocess
from pathlib import Path

import fact_tables
import pytest

ROOT = Path(__file__).resolve().parent.parent


def headers() -> list[str]:
    files = [*(ROOT / "generated" / "include" / "ffabi").glob("*.h"), ROOT / "generated" / "tests" / "offsets.h"]
    return [path.read_text(encoding="utf-8") for path in files]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("facts") / "facts.so"
    sources = [ROOT / "generated" / "src" / f"{name}.c" for name in fact_tables.LIBRARY]
    subprocess.run(["cc", "-shared", "-fPIC", f"-I{ROOT}/runtime/include", f"-I{ROOT}/generated/include", *sources, "-o", out], check=True)
    return out


def test_tables_agree(library: Path) -> None:
    compared: dict[str, list[str]] = {}
    wrong = [what for what, _ in fact_tables.judge(headers(), fact_tables.load(library), compared)]
    assert sorted(wrong) == sorted(fact_tables.EXCEPTIONS)
    print({name: len(what) for name, what in compared.items()})
    assert {name for name, what in compared.items() if len(what) < 25} == set()


@pytest.mark.parametrize("old, new, word", [
    ("#define FFABI_AT_1_1_MEM_TRANSACTION_TAG 16", "#define FFABI_AT_1_1_MEM_TRANSACTION_TAG 24", "TAG is 24, not 16"),
    ("#define FFABI_MEM_RELINQUISH_FLAGS_ZERO_MEMORY 0x1u", "#define FFABI_MEM_RELINQUISH_FLAGS_ZERO_MEMORY 0x4u", "not bit 0"),
    ("FFABI_MEMORY_SECURITY_SECURE = 0", "FFABI_MEMORY_SECURITY_SECURE = 1", "SECURE is 1, not 0"),
])
def test_a_wrong_number_is_found(library: Path, old: str, new: str, word: str) -> None:
    texts = headers()
    assert sum(old in text for text in texts) == 1
    wrong = [what for what, _ in fact_tables.judge([text.replace(old, new) for text in texts], fact_tables.load(library))]
    assert any(word in what for what in wrong)
