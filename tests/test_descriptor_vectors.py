"""Mistakes in memory transaction descriptors that implementations shipped, as literal vectors: tests/vectors/descriptors.tsv.

tests/vectors/README.md says what the columns hold.  Expected values are worked out by hand from the rule; nothing here is
computed by the library.
"""
from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from codec import ROOT
from transaction import LIMIT, USAGES, Access, Found, Header, No, Range, Written, ask, build, check, convert, join, joined, parse, piece, read, write

VECTORS = ROOT / "tests" / "vectors"
# What a message is made of that the input does not name: attributes 0x2f, read-write.
PLAIN = Header(memory_type=2, cacheability=3, shareability=3)


def load() -> list[dict[str, str]]:
    with open(VECTORS / "descriptors.tsv", encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


ROWS = load()
BASES = {row["id"]: bytes.fromhex(row["input"].replace(" ", "")) for row in ROWS if row["id"].startswith("base")}


@pytest.fixture(scope="module", params=["aligned", "bytes"])
def program(request: pytest.FixtureRequest) -> Path:
    """The driver, and the driver made of byte accesses, which lays descriptors at addresses that are 4 more than a multiple of 8."""
    return build() if request.param == "aligned" else build("transaction-driver-bytes", "-DFFABI_BYTE_ACCESS", "-DMISALIGN=4")


# -- inputs ------------------------------------------------------------------------------------------------------------


def cut(word: str) -> bytes:
    """base11, or some of its bytes: base11[0:64]."""
    name, _, ends = word.partition("[")
    first, last = map(int, ends.rstrip("]").split(":")) if ends else (0, len(BASES[name]))
    assert last <= len(BASES[name])
    return BASES[name][first:last]


def bytes_of(text: str) -> bytes:
    """Plain bytes, or a base vector, then OFFSET=BYTES written over it and +BYTES behind it, in the order in which they stand."""
    words = text.split()
    if not words[0].startswith("base"):
        return bytes.fromhex("".join(words))
    out = bytearray(cut(words[0]))
    for word in words[1:]:
        at, _, digits = word.partition("=") if "=" in word else (str(len(out)), "", word.removeprefix("+"))
        data = bytes.fromhex(digits)
        assert int(at) <= len(out) and (word[0] == "+" or int(at) + len(data) <= len(out)), word
        out[int(at):int(at) + len(data)] = data
    return bytes(out)


def options(text: str) -> tuple[dict[str, int], str]:
    """Words NAME=NUMBER apart from all others."""
    named = dict(re.findall(r"(?<!\S)([a-z_]+)=(\w+)(?!\S)", text))
    rest = re.sub(r"(?<!\S)[a-z_]+=\w+(?!\S)", "", text)
    return {name: int(value, 0) for name, value in named.items()}, rest.strip()


def message_of(text: str) -> tuple[Found, dict[str, int]]:
    """Members of the header, access=ENDPOINT and range=ADDRESS:PAGES; of a message that says nothing, the base vector's."""
    access = [Access(int(id_, 0), data_access=2) for id_ in re.findall(r"access=(\w+)", text)]
    ranges = [Range(int(address, 0), int(pages, 0)) for address, pages in re.findall(r"range=(\w+):(\w+)", text)]
    named, rest = options(re.sub(r"(access|range)=\S+", "", text))
    assert not rest, rest
    header = PLAIN._replace(**{name: value for name, value in named.items() if name in Header._fields})
    if not access:
        header, access, ranges = header._replace(sender_id=1), [Access(0x8001, data_access=2)], [Range(0x80000000, 1)]
    return Found(header, tuple(access), tuple(ranges)), named


def fragment(word: str) -> bytes | tuple[int, bytes]:
    if word.endswith(":zeros"):
        return bytes(int(word.removesuffix(":zeros")))
    return cut(word)


# -- verdicts ------------------------------------------------------------------------------------------------------------


def refused_as(no: object, words: list[str]) -> str:
    """RULE FIELD AT, and the value where the vector has one."""
    if not isinstance(no, No):
        return f"accepted: {no}"
    expected = [words[0], words[1], int(words[2])] + [int(word, 0) for word in words[3:]]
    return "" if list(no)[:len(expected)] == expected else f"{no}"


def member(f: Found, name: str) -> int:
    array = re.fullmatch(r"(\w+)\[(\d+)\]", name)
    if array:
        part = f.ranges if array[1] in Range._fields else f.access
        return getattr(part[int(array[2])], array[1])
    if name.startswith("places."):
        return getattr(f.places, name.removeprefix("places."))
    if name == "ranges_here":
        return len(f.ranges)
    return getattr(f.header if name in Header._fields else f, name)


def reading(row: dict[str, str], program: Path) -> str:
    data = bytes_of(row["input"])
    given = [] if row["lengths"] == "-" else [int(n, 0) for n in row["lengths"].split("/")]
    total, shown, limit = [*given, *[len(data), len(data), LIMIT][len(given):]]
    lines = [check(row["version"], row["usage"], data, total=total, fragment=shown, limit=limit)]
    answer = read(lines, program)[0]
    if row["does"] == "walk":
        answer = parse("walk", ask([lines[0].replace("check", "walk", 1)], program)[0])  # type: ignore[assignment]
    verdict, *words = row["expected"].split()
    if verdict == "no":
        return refused_as(answer, words)
    if isinstance(answer, No):
        return f"{answer}"
    wanted = {name: int(value, 0) for name, _, value in (word.partition("=") for word in words)}
    wrong = {name: hex(member(answer, name)) for name, value in wanted.items() if member(answer, name) != value}
    return f"{wrong}" if wrong else ""


def written(answer: object, expected: str) -> str:
    """no ..., same BASE, or total=N and OFFSET=BYTES."""
    words = expected.split()
    if words[0] == "no":
        return refused_as(answer, words[1:])
    if not isinstance(answer, Written):
        return f"{answer}"
    if words[0] == "same":
        return "" if answer.data == BASES[words[1]] else answer.data.hex()
    for name, _, value in (word.partition("=") for word in words):
        if name == "total" and answer.total != int(value):
            return f"total {answer.total}"
        if name != "total" and answer.data[int(name):int(name) + len(value) // 2] != bytes.fromhex(value):
            return f"at {name}: {answer.data[int(name):].hex(' ', 4)}"
    return ""


def writing(row: dict[str, str], program: Path) -> str:
    m, named = message_of(row["input"])
    if row["does"] == "write":
        line = write(row["version"], row["usage"], m)
    else:
        line = piece(row["version"], row["usage"], m, offset=named["offset"], room=named["room"])
    return written(parse(row["does"], ask([line], program)[0]), row["expected"])


def converting(row: dict[str, str], program: Path) -> str:
    text, _, to = row["input"].partition(" to=")
    return written(parse("convert", ask([convert(row["version"], row["usage"], bytes_of(text), to)], program)[0]), row["expected"])


def joining(row: dict[str, str], program: Path) -> str:
    named, rest = options(row["input"])
    verdicts, data = joined(join(named["room"], named["total"], [fragment(word) for word in rest.split()]), program)
    for n, expected in enumerate(row["expected"].split("; ")):
        words = expected.split()
        if words[0] == "same":
            wrong = "" if data == BASES[words[1]] else data.hex()
        elif words[0] == "no":
            wrong = refused_as(verdicts[n], words[1:])
        else:
            wrong = "" if verdicts[n] == (words[0], int(words[1])) else f"{verdicts[n]}"
        if wrong:
            return f"fragment {n}: {wrong}"
    return "" if n + 1 >= len(verdicts) else f"{verdicts}"


DOES: dict[str, Callable[[dict[str, str], Path], str]] = {
    "read": reading, "walk": reading, "write": writing, "piece": writing, "convert": converting, "join": joining}


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_vector(row: dict[str, str], program: Path) -> None:
    wrong = DOES[row["does"]](row, program)
    assert not wrong, f"{row['id']} ({row['shows']}): expected {row['expected']}, got {wrong}"


# -- the account -----------------------------------------------------------------------------------------------------------


def test_vectors_have_names_of_their_own() -> None:
    assert [name for name, n in Counter(row["id"] for row in ROWS).items() if n > 1] == []
    assert all(row["usage"] in (*USAGES, "-") and row["shows"] and row["expected"] for row in ROWS)


@pytest.mark.parametrize("name, old, new", [("r062", "RULE", "RANGE"), ("r062", " 64 ", " 0 "), ("r062", " 1", " 2"), ("r071", "0x8002", "0x8003"),
                                            ("r121-lend", "10000000", "08000000"), ("r002", "more 64", "more 72"), ("r016-up", "base11", "base10")])
def test_a_broken_expectation_fails(name: str, old: str, new: str) -> None:
    row = next(row for row in ROWS if row["id"] == name)
    bad = row | {"expected": row["expected"].replace(old, new)}
    assert bad != row
    assert DOES[row["does"]](row, build()) == ""
    assert DOES[row["does"]](bad, build()) != ""
