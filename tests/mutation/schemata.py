# SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later
"""Generated C with all of its mutants in one program: each check, number and store is written so that `mutant` changes it.

The number of the mutant is chosen at run time, so one build carries thousands of them, and each costs a fork.
"""
from __future__ import annotations

import re
from dataclasses import dataclass, field

HEAD = """
extern long mutant;
#define DROP(id, ...) (mutant != (id) && (__VA_ARGS__))
#define FORCE(id, ...) (mutant == (id) || (__VA_ARGS__))
#define SHIFTED(id, n) (mutant == (id) ? (n) + 1 : mutant == (id) + 1 ? (n) - 1 : (n))
#define MASKED(id, n) (mutant == (id) ? (n) >> 1 : mutant == (id) + 1 ? (n) << 1 : mutant == (id) + 2 ? 0 & (n) : (n))
#define NEXT(id, n) (mutant == (id) ? (n) + 1 : (n))
#define OTHER(id, n) (mutant == (id) ? (n) << 1 : (n))
"""

FUNCTION = re.compile(r"^(?:FFABI_COLD )?(?:static )?(?:FFABI_INLINE )?(?:enum|uint32_t|int|bool|const) [^;=]*?\b(\w+)\([^;{]*\)\n\{\n(.*?)^\}", re.M | re.S)
STORE = re.compile(r"^\t+(?:x\[\d+\] = |out->[\w.\[\]]+ = |refused \|?= |ffabi_st\d+\(|FFABI_ZERO_8_17\()[^;]*;", re.M)
NUMBER = re.compile(r"(?<![\w.\"])(0x[0-9a-f]+(?:u|ull|ul)?|\d+u?)(?![\w.\"])")
VERSION = re.compile(r"\bFFABI_V1_\d\b")
NAMED = re.compile(r"\bFFABI_[EF]_\w+\b")  # the rule and the field that are blamed
WAIVER = re.compile(r"\bFFABI_WAIVE_\w+\b")


@dataclass(frozen=True)
class Mutant:
    id: int
    file: str
    line: int
    function: str
    what: str
    at: int = field(default=0, compare=False)  # where in the body the change is, what stands there, and what instead
    old: str = field(default="", compare=False)
    new: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.function}: {self.what}"


class Schemata:
    """Instruments files one after the other; the mutants are numbered from 1."""

    def __init__(self) -> None:
        self.mutants: list[Mutant] = []
        self.bodies: dict[tuple[str, str], str] = {}  # file, function

    def file(self, name: str, text: str) -> str:
        """The text with every mutant of its functions."""
        out, end = [], 0
        for found in FUNCTION.finditer(text):
            out.append(text[end:found.start(2)])
            first = text.count("\n", 0, found.start(2)) + 1
            out.append(Body(self, name, first, found[1]).text(found[2]))
            end = found.end(2)
        instrumented = "".join(out) + text[end:]
        at = instrumented.rindex("#include <ffabi/")
        at = instrumented.index("\n", at) + 1
        return instrumented[:at] + HEAD + instrumented[at:]


class Body:
    """One function."""

    def __init__(self, all_: Schemata, file: str, first: int, name: str) -> None:
        self.all, self.file, self.first, self.name = all_, file, first, name
        self.original = ""

    def add(self, at: int, *whats: str, old: str = "", new: tuple[str, ...] = ()) -> int:
        """Mutants at a place of the original body, and what each puts instead of old; the number of the first of them."""
        line = self.first + self.original.count("\n", 0, at)
        first = len(self.all.mutants) + 1
        for what, instead in zip(whats, new or ("",) * len(whats)):
            self.all.mutants.append(Mutant(len(self.all.mutants) + 1, self.file, line, self.name, what, at, old, instead))
        return first

    def text(self, body: str) -> str:
        self.original = body
        self.all.bodies[self.file, self.name] = body
        edits = [*self.conditions(), *self.stores(), *self.words()]
        # Insertions at one place: what ends there, then what begins; a later edit of a place encloses the earlier ones.
        out = body
        for at, _, old, new in sorted(edits, key=lambda e: (e[0], e[1]), reverse=True):
            assert out[at:at + len(old)] == old
            out = out[:at] + new + out[at + len(old):]
        return out.replace("static const struct ffabi_step steps[]", "const struct ffabi_step steps[]")

    def conditions(self) -> list[tuple[int, int, str, str]]:
        """Each `if` never true, and each always; each `switch` on a neighbour."""
        edits = []
        for found in re.finditer(r"\b(if|switch) \(", self.original):
            begin = found.end()
            end = closing(self.original, begin)
            shown = " ".join(self.original[begin:end].split())
            if found[1] == "if":
                id_ = self.add(begin, f"never ({shown})", old=self.original[begin:end], new=("0",))
                edits += [(begin, 0, "", f"DROP({id_}, "), (end, 2, "", ")")]
                if not self.to_the_slow_test(begin, end):
                    id_ = self.add(begin, f"always ({shown})")
                    edits[-2:] = [(begin, 0, "", f"DROP({id_ - 1}, FORCE({id_}, "), (end, 2, "", "))")]
            else:
                id_ = self.add(begin, f"switch ({shown} + 1)", f"switch ({shown} - 1)")
                edits += [(begin, 0, "", f"SHIFTED({id_}, "), (end, 2, "", ")")]
        return edits

    def to_the_slow_test(self, begin: int, end: int) -> bool:
        """More cases than needed take the slow test, which judges again and lets them pass: no caller can tell."""
        behind = self.original[end:self.original.find(";", end)]
        return "refused" in self.original[begin:end] or re.match(r"\)\s*refused \|=", behind) is not None

    def ignored(self, at: int) -> bool:
        """A step without a mask names no rule and no field; register 18 does not exist, and reading it is no answer."""
        line = self.original[self.original.rfind("\n", 0, at) + 1:self.original.find("\n", at)]
        return line.startswith("\t\t{ 0, FFABI_F_") and self.original[at].isalpha()

    def stores(self) -> list[tuple[int, int, str, str]]:
        edits = []
        for found in STORE.finditer(self.original):
            begin = found.start() + len(found[0]) - len(found[0].lstrip())
            said = " ".join(found[0].split())
            if said.startswith("refused = "):  # nothing is refused, instead of what the stack holds
                id_ = self.add(begin, f"refused = 0, not {said.removeprefix('refused = ')}", old=found[0].strip(), new=("refused = 0;",))
                edits.append((found.end(), 2, "", f" if (mutant == {id_}) refused = 0;"))
                continue
            id_ = self.add(begin, f"without {said}", old=found[0].strip(), new=("refused |= 0;" if said.startswith("refused |= ") else "",))
            edits += [(begin, 0, "", f"do {{ if (mutant != {id_}) "), (found.end(), 2, "", " } while (0);")]
        return edits

    def words(self) -> list[tuple[int, int, str, str]]:
        edits = []
        for found in NUMBER.finditer(self.original):
            before = self.original[:found.start()]
            line = before[before.rfind("\n") + 1:]
            if re.match(r"\s*case ", line) or re.match(r"\s+(?:static |const )*(?:u?int\w*|char|struct [\w]+) \w+\[$", line):
                continue
            number = found[0]
            if number.startswith("0x") and int(number.rstrip("ul"), 16) > 9:
                id_ = self.add(found.start(), f"{number} >> 1", f"{number} << 1", f"{number} is 0", old=number,
                               new=(f"({number} >> 1)", f"({number} << 1)", "0"))
                edits.append((found.start(), 1, number, f"MASKED({id_}, {number})"))
            elif number == "0" and before.endswith("["):  # what stands before an array is anything
                id_ = self.add(found.start(), "0 + 1", old=number, new=("(0 + 1)",))
                edits.append((found.start(), 1, number, f"NEXT({id_}, 0)"))
            else:
                id_ = self.add(found.start(), f"{number} + 1", f"{number} - 1", old=number, new=(f"({number} + 1)", f"({number} - 1)"))
                edits.append((found.start(), 1, number, f"SHIFTED({id_}, {number})"))
        for pattern, macro, whats in ((VERSION, "SHIFTED", ("+ 1", "- 1")), (NAMED, "NEXT", ("+ 1",)), (WAIVER, "OTHER", ("<< 1",))):
            for found in pattern.finditer(self.original):
                line = self.original[self.original.rfind("\n", 0, found.start()) + 1:found.start()]
                if re.match(r"\s*case ", line) or self.ignored(found.start()):
                    continue
                id_ = self.add(found.start(), *(f"{found[0]} {what}" for what in whats), old=found[0],
                               new=tuple(f"({found[0]} {what})" for what in whats))
                edits.append((found.start(), 1, found[0], f"{macro}({id_}, {found[0]})"))
        return edits


def closing(text: str, begin: int) -> int:
    """Where the parenthesis that was opened before begin is closed."""
    depth, at = 1, begin
    while depth:
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        at += 1
    return at - 1
