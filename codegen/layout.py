"""C text as it is committed: lines broken at 100 columns, comments moved above what they would push over the edge."""
from __future__ import annotations

import re
import textwrap

WIDTH = 100
TRAILING = re.compile(r"^(\t+)([^/\t][^/]*[;,]) /\* (.*) \*/$")
TOKEN = re.compile(r'(?<!\\)"|[()]|, | (?:\||&&|\|\|) ')
DEFINE = re.compile(r"^(#define \S+ \S+) /\* (.*) \*/$")


def columns(line: str) -> int:
    return len(line.expandtabs(8))


def break_points(line: str) -> list[tuple[int, int]]:
    """(depth of parentheses, index) after every ", ", " | ", " && " and " || " outside of strings."""
    found = []
    depth = 0
    text = False
    for token in TOKEN.finditer(line):
        word = token[0]
        if word == '"':
            text = not text
        elif text:
            continue
        elif word == "(":
            depth += 1
        elif word == ")":
            depth -= 1
        else:
            found.append((depth, token.end()))
    return found


def broken(line: str) -> list[str]:
    """The line in pieces of at most WIDTH columns; continuation lines are indented by two more tabs."""
    indent = re.match(r"\t*", line).group(0)  # type: ignore[union-attr]
    points = break_points(line)
    lines = []
    head, start = "", 0  # the line that is left is head and what begins at start
    while len(line) - start > WIDTH or columns(head + line[start:]) > WIDTH:
        least = start - len(head) + len(indent) + 2
        near = [(depth, i) for depth, i in points if least < i <= start + WIDTH + 1]
        fitting = [(depth, i) for depth, i in near if columns((head + line[start:i]).rstrip()) <= WIDTH]
        if not fitting:
            break
        lowest = min(depth for depth, _ in fitting)
        cut = max(i for depth, i in fitting if depth <= lowest)
        if columns(head + line[start:cut]) < WIDTH // 2:
            cut = max(i for _, i in fitting)
        lines.append((head + line[start:cut]).rstrip())
        head, start = indent + "\t\t", cut
    return [*lines, head + line[start:]]


def tidy_line(line: str) -> list[str]:
    if columns(line) <= WIDTH:
        return [line]
    match = TRAILING.match(line) or DEFINE.match(line)
    if match:
        indent = match.group(1) if line.startswith("\t") else ""
        code = match.group(2) if line.startswith("\t") else match.group(1)
        text = match.groups()[-1]
        if columns(f"{indent}/* {text} */") <= WIDTH:
            return [f"{indent}/* {text} */", indent + code]
        wrapped = textwrap.wrap(text, WIDTH - 8 * len(indent) - 3)
        return [f"{indent}/*", *(f"{indent} * {part}" for part in wrapped), f"{indent} */", indent + code]
    return broken(line)


def tidy(text: str) -> str:
    """No trailing blanks, no two empty lines in a row, none before a closing brace, and lines that fit."""
    lines: list[str] = []
    for raw in map(str.rstrip, text.splitlines()):
        if not raw:
            if lines and lines[-1] and not lines[-1].endswith("{"):
                lines.append(raw)
            continue
        if raw.endswith(("}", "};")) and raw.strip("\t ") in ("}", "};") and lines and not lines[-1]:
            lines.pop()
        if len(raw) + 7 * raw.count("\t") <= WIDTH:  # no tab is wider than that
            lines.append(raw)
        else:
            lines += tidy_line(raw)
    while lines and not lines[-1]:
        lines.pop()
    return "\n".join(lines) + "\n"
