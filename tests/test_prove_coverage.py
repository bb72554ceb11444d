# SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later
"""Each public function is named by a line of tests/prove/proved.tsv, proved or open, or by unproved.tsv, which says why not."""
from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "prove"))

import prove  # noqa: E402

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
DIRECTIVE = re.compile(r"^[ \t]*#(?:.*\\\n)*.*$", re.MULTILINE)
TYPEDEF = re.compile(r"\btypedef\b[^;{]*;")
# A name behind a type: not a call in the body of an inline function.
DECLARED = re.compile(r"^(?:[A-Za-z_][\w \t]*[ \t*\n]\**)?(ffabi_\w+)\(", re.MULTILINE)


def rows(path: Path) -> list[list[str]]:
    return [line.split("\t") for line in path.read_text().splitlines()[1:]]


def declared(text: str) -> set[str]:
    """Functions of a header."""
    for noise in (COMMENT, DIRECTIVE, TYPEDEF):
        text = noise.sub("", text)
    text = re.sub(r"\breturn\b[^;]*;", "", text)
    return set(DECLARED.findall(text))


def public() -> set[str]:
    headers = [path for folder in ("generated/include", "runtime/include") for path in sorted((ROOT / folder).rglob("*.h"))]
    return {name for path in headers for name in declared(path.read_text())}


def named() -> set[str]:
    return {name for row in rows(ROOT / "tests/prove/proved.tsv") for name in re.findall(r"ffabi_\w+", row[2])}


def excused() -> dict[re.Pattern[str], str]:
    return {re.compile(pattern): reason for pattern, reason in rows(ROOT / "tests/prove/unproved.tsv")}


def test_declarations_are_found() -> None:
    text = "#define X(a) ffabi_no(a)\n/* int ffabi_not(int); */\ntypedef int ffabi_type(void *self);\nint ffabi_one(int);\n" \
           "static inline uint32_t ffabi_two(const struct ffabi_ctx *c)\n{\n\treturn ffabi_called(c);\n}\n" \
           "const struct x *ffabi_three(void);\nenum ffabi_rule\nffabi_four(void);\nenum ffabi_rule ffabi_five(int a,\n\t\tint b);\n"
    assert declared(text) == {"ffabi_one", "ffabi_two", "ffabi_three", "ffabi_five"} | {"ffabi_four"}


def test_each_public_function_has_a_proof_or_an_excuse() -> None:
    left = public() - named()
    missing = sorted(name for name in left if not any(p.fullmatch(name) for p in excused()))
    assert not missing, f"no proof names them, and tests/prove/unproved.tsv does not say why: {', '.join(missing)}"


def test_no_excuse_is_stale() -> None:
    left = public() - named()
    stale = [p.pattern for p in excused() if not any(p.fullmatch(name) for name in left)]
    assert not stale, f"all that they name has a proof: {', '.join(stale)}"
    assert all(len(reason) > 20 for reason in excused().values())


def test_lines_of_a_run_replace_their_own_and_no_others() -> None:
    """What ran out of time is open, not proved; a proof that fails or has no line is told."""
    program = prove.Program(Path("tests/prove/x.c"))
    done = prove.Proof(program, "b", "ffabi_b", "", "proved", 7, 1.5)
    late = prove.Proof(program, "c", "ffabi_c", "", "timeout", 0, 900.0)
    old = {name: ["tests/prove/x.c", name, f"ffabi_{name}", "complete", "5", "proved"] for name in "abc"}
    lines = [line.split("\t") for line in prove.summary([done, late], old).splitlines()[1:]]
    assert [row[1:] for row in lines] == [["a", "ffabi_a", "complete", "5", "proved"], ["b", "ffabi_b", "complete", "7", "proved"],
                                          ["c", "ffabi_c", "complete", "-", "open"]]
    assert prove.differences([done], old, False) == []
    assert prove.differences([late], old, False) == ["c: timeout, and proved before"]
    assert prove.differences([done], {}, False) == ["b: no line in proved.tsv"]
