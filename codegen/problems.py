"""What is wrong with a description, and where."""
from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A line of a specification file and the object that stands there."""

    file: str
    line: int
    path: str


@dataclass(frozen=True)
class Problem:
    """One mistake; check names the rule of the language that was broken."""

    check: str
    place: Place
    what: str

    def __str__(self) -> str:
        where = f" {self.place.path}:" if self.place.path else ""
        return f"{self.place.file}:{self.place.line}:{where} {self.what}"


class SpecError(Exception):
    """The description cannot be used; problems says why, in file order."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(p) for p in problems))
        self.problems = problems


class UnknownName(Exception):
    """A call, table or version that the description does not have; the message lists near ones."""
