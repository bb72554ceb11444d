"""What answers a broken rule, and what systems make of an error code: two tables of errors.yaml."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .load import Document, Path_
from .problems import Problem, SpecError
from .rules import RULES

MALFORMED = "INVALID_PARAMETERS"  # the answer that a call can replace with its own
HOLDS = ("OK", "END")  # no broken rules


@dataclass(frozen=True)
class Errno:
    """The errno of each code, as a positive number; unknown is for numbers that are no code of the map."""

    key: str
    doc: str
    source: str
    numbers: Mapping[str, int]
    names: Mapping[str, str]
    unknown: int
    unknown_name: str


@dataclass(frozen=True)
class Answers:
    """rules: rule -> code, where the code is not MALFORMED."""

    rules: Mapping[str, str]
    errnos: tuple[Errno, ...]


def read_answers(doc: Document) -> Answers:
    """Both tables; raises SpecError for what they cannot say."""
    problems = [Problem("answers", doc.place(path), what) for path, what in wrong(doc)]
    if problems:
        raise SpecError(problems)
    numbers = doc.data["errno_numbers"]
    errnos = tuple(
        Errno(key, data["doc"], data["source"], {code: numbers[name] for code, name in data["codes"].items()}, data["codes"],
              numbers[data["unknown"]], data["unknown"])
        for key, data in doc.data["errno"].items())
    return Answers({rule: code for rule, code in doc.data["violations"]["codes"].items() if code != MALFORMED}, errnos)


def wrong(doc: Document) -> Iterator[tuple[Path_, str]]:
    """Every rule has an answer, every code exists, and every errno has a number."""
    known = {row["name"] for row in doc.data["status"]["codes"]}
    answered = doc.data["violations"]["codes"]
    above: Path_ = ("violations", "codes")
    for rule in RULES:
        if rule not in answered and rule not in HOLDS:
            yield above, f"nothing answers {rule}"
    for rule, code in answered.items():
        if rule not in RULES or rule in HOLDS:
            yield (*above, rule), f"{rule} is no rule that can be broken"
        if code not in known:
            yield (*above, rule), f"{code} is no error code"
    for key, data in doc.data["errno"].items():
        for code, name in data["codes"].items():
            if code not in known:
                yield ("errno", key, "codes", code), f"{code} is no error code"
            if name not in doc.data["errno_numbers"]:
                yield ("errno", key, "codes", code), f"{name} has no number"
        if data["unknown"] not in doc.data["errno_numbers"]:
            yield ("errno", key, "unknown"), f"{data['unknown']} has no number"
