"""C text as it is committed: lines broken at 100 columns, comments moved above what they would push over the edge."""
from __future__ import annotations

import re
import textwrap

WIDTH = 100
TRAILING = re.compile(r"^(\t+)([^/\t][^/]*[;,]) /\* (.*) \*/$")
DEFINE = re.compile(r"^(#define \S+ \S+) /\* (.*) \*/$")


def columns(line: str) -> int:
    return len(line.expandtabs(8))


def break_points(line: str) -> list[tuple[int, int]]:
    """(depth of parentheses, index) after every ", ", " | ", " && " and " || "."""
    found = []
    depth = 0
    text = False
    for i, char in enumerate(line):
        if char == '"' and line[i - 1] != "\\":
            text = not text
        if text:
            continue
        depth += (char == "(") - (char == ")")
        for mark in (", ", " | ", " && ", " || "):
            if line.startswith(mark, i):
                found.append((depth, i + len(mark)))
    return found


def broken(line: str) -> list[str]:
    """The line in pieces of at most WIDTH columns; continuation lines are indented by two more tabs."""
    indent = re.match(r"\t*", line).group(0)  # type: ignore[union-attr]
    lines = []
    while columns(line) > WIDTH:
        fitting = [(depth, i) for depth, i in break_points(line) if columns(line[:i].rstrip()) <= WIDTH and i > len(indent) + 2]
        if not fitting:
            break
        lowest = min(depth for depth, _ in fitting)
        cut = max(i for depth, i in fitting if depth <= lowest)
        if columns(line[:cut]) < WIDTH // 2:
            cut = max(i for _, i in fitting)
        lines.append(line[:cut].rstrip())
        line = indent + "\t\t" + line[cut:]
    return [*lines, line]


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
    for raw in text.splitlines():
        for line in tidy_line(raw.rstrip()):
            closing = line.strip() in ("}", "};")
            if not line and (not lines or not lines[-1] or lines[-1].endswith("{")):
                continue
            if closing and lines and not lines[-1]:
                lines.pop()
            lines.append(line)
    while lines and not lines[-1]:
        lines.pop()
    return "\n".join(lines) + "\n"
