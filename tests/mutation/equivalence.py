# SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later
"""Which mutants change nothing that a caller can see, found by evaluating the C: of fast tests, and of the steps of slow tests.

A fast test ORs together what should be zero.  A change that sends no fewer registers (or bytes) to the slow test is none: that one judges
again.  What is an OR of bits is known when each bit is; what compares a field with a number is tried with all values of its byte.
The steps of a slow test are equal when each bit is refused for the same reason, and the reasons come in the same order.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import and_
from typing import Any

from schemata import Mutant

U64 = (1 << 64) - 1
UPPER = U64 ^ 0xFFFFFFFF
FID = 0x84000000  # bits that every function id has
# enum ffabi_rule of runtime/include/ffabi/core.h: a rule's number is its bit in a waiver mask.
WAIVE = {"CONV": 1 << 5, "WIDTH": 1 << 6, "MBZ": 1 << 7, "SBZ": 1 << 8, "ENUM": 1 << 9}
WAIVERS = (0, WAIVE["SBZ"], WAIVE["MBZ"], WAIVE["ENUM"], sum(WAIVE.values()), sum(WAIVE.values()) - WAIVE["SBZ"])
GUARD = re.compile(r"^\trefused = .*?^\tif \(refused != 0\)", re.M | re.S)
STATEMENT = re.compile(r"refused = (?P<all>[^;]*);|(?P<else>else )?if \((?P<cond>(?:(?!refused \|=).)*)\) refused \|= (?P<more>[^;]*);"
                       r"|if \(refused != (?P<end>.*)\)$")
STEP = re.compile(r"^\t\t\{ (.*) \},$", re.M)
FIELDS = ("reserved", "field", "first", "last", "rule", "upper", "live")


@dataclass(frozen=True)
class World:
    """Where a codec may be called: versions from 1.0 on, conventions (1 is SMC64), usages, ids of its registers (none: x0 is a value)."""

    versions: tuple[int, ...]
    convs: tuple[int, ...]
    usages: tuple[int, ...]
    ids: tuple[int, ...]


def change(mutant: Mutant, body: str) -> str:
    assert body[mutant.at:mutant.at + len(mutant.old)] == mutant.old, mutant
    return body[:mutant.at] + mutant.new + body[mutant.at + len(mutant.old):]


def excused(mutant: Mutant, body: str, world: World) -> str:
    """Why the mutant is none, or nothing."""
    if not mutant.old:
        return ""
    if body.startswith("const uint64_t upper = conv != FFABI_SMC32 ? 0 : ", mutant.at - len("const uint64_t upper = conv != FFABI_SMC32 ? ")) and \
            "upper" not in GUARD.sub("", body).replace("const uint64_t upper", ""):
        return "the fast test alone looks at upper halves, and sends no fewer cases to the slow one (equivalence.py)"
    for guard in GUARD.finditer(body):
        if guard.start() <= mutant.at < guard.end() and no_fewer(mutant, body, guard[0], world):
            return "the fast test sends no fewer cases to the slow one (equivalence.py)"
    line = body[body.rfind("\n", 0, mutant.at) + 1:body.find("\n", mutant.at)]
    if STEP.match(line) and judge(body, world) == judge(change(mutant, body), world):
        return "the steps judge alike (equivalence.py)"
    return ""


# -- fast tests --------------------------------------------------------------------------------------------------------


class Registers(dict[int, int]):
    """What lies beside them is taken for zero."""

    def __missing__(self, key: int) -> int:
        return 0


def number(found: re.Match[str]) -> str:
    return str(int(found[1], 16 if found[1].startswith("0x") else 10))


def python(expression: str) -> str:
    """An expression of C over unsigned numbers, none of which wraps other than by being cut to 64 bits."""
    out = re.sub(r"\b(0x[0-9a-f]+|\d+)(?:ull|ul|u)?\b", number, expression)
    out = re.sub(r"\bFFABI_V(\d)_(\d)\b", lambda m: str(int(m[1]) << 16 | int(m[2])), out)
    out = re.sub(r"\bFFABI_WAIVE_(\w+)\b", lambda m: str(WAIVE[m[1]]), out)
    out = re.sub(r"\bFFABI_USAGE_(\w+)\b", lambda m: f"USAGE['{m[1].lower()}']", out)
    out = re.sub(r"\bFFABI_SMC(32|64)\b", lambda m: str(int(m[1] == "64")), out)
    out = out.replace("FFABI_UPPER", str(UPPER)).replace("c->", "").replace("&&", " and ").replace("||", " or ")
    return re.sub(r"!(?!=)", " not ", out)


@lru_cache(maxsize=None)
def fast_test(guard: str, bits: int) -> Callable[[dict[str, Any]], bool] | None:
    """Is the slow test taken?  bits is the size of `refused`, which is an int when it is small.  None for what is written in another way than the templates write it."""
    text = " ".join(guard.split())
    lines, at = ["def test(e):", " refused = 0"], 0
    while at < len(text):
        found = STATEMENT.match(text, at)
        if found is None:
            return None
        if found["all"] is not None:
            lines.append(f" refused = {python(found['all'])}")
        elif found["end"] is not None:
            lines.append(f" return refused != {python(found['end'])}{' & (1 << %d) - 1' % bits if bits > 16 else ''}")
        else:
            lines.append(f" {'el' if found['else'] else ''}if {python(found['cond'])}: refused |= {python(found['more'])}")
        at = found.end() + (text[found.end():found.end() + 1] == " ")
    names = sorted({*re.findall(r"\b(?:x|v\d+|upper|usage|conv|version|waive|USAGE)\b", "\n".join(lines))})
    lines[1:1] = [f" {name} = e['{name}']" for name in names]
    space: dict[str, Any] = {}
    exec("\n".join(lines), space)  # noqa: S102: made of the text of generated C, by the above
    return space["test"]  # type: ignore[no-any-return]


def no_fewer(mutant: Mutant, body: str, guard: str, world: World) -> bool:
    start = mutant.at - body.index(guard)
    after = fast_test(guard[:start] + mutant.new + guard[start + len(mutant.old):], size_of_refused(body))
    cases = sent(body, guard, world)
    return after is not None and cases is not None and all(after(e) for e in cases)


def size_of_refused(body: str) -> int:
    found = re.search(r"\tuint(\d+)_t refused;", body)
    return int(found[1]) if found else 64


@lru_cache(maxsize=8)
def sent(body: str, guard: str, world: World) -> list[dict[str, Any]] | None:
    """The cases that go to the slow test."""
    test = fast_test(guard, size_of_refused(body))
    return None if test is None else [e for e in surroundings(body, guard, world) if test(e)]


def keys_of(body: str, world: World) -> tuple[Registers, dict[int, int]]:
    """What the registers hold in any case, since something else was refused above, and which bits of them are known by that."""
    x, known = Registers(), dict[int, int]()
    if world.ids:
        x[0], known[0] = reduce(and_, world.ids), 0xFFFFFFFF
    above = body[:body.find("refused = ")]
    for reg, mask, value in re.findall(r"if \(\(x\[(\d+)\] & 0x([0-9a-f]+)u?l*\) != 0x([0-9a-f]+)u?l*\)\s+return ffabi_fail\(c, FFABI_E_KEY,", above):
        x[int(reg)], known[int(reg)] = x[int(reg)] | int(value, 16), known.get(int(reg), 0) | int(mask, 16)
    for reg in re.findall(r"\(uint32_t\)x\[(\d+)\] [!=]= FFABI_FID_", above):
        x[int(reg)], known[int(reg)] = x[int(reg)] | FID, known.get(int(reg), 0) | 0xFFFFFFFF
    return x, known


def surroundings(body: str, guard: str, world: World) -> Iterator[dict[str, Any]]:
    """Nothing set, everything, each bit alone; and each value of the byte of a field that is compared."""
    x, known = keys_of(body, world)
    sizes = {name: int(bits) for bits, name in re.findall(r"\tuint(\d+)_t (v\d+);", body)}
    compared = {name for cond in re.findall(r"if \(([^;]*)\)\s+refused \|=", guard) for name in re.findall(r"\bv\d+\b", cond)}
    usages = {name: n for n, name in enumerate(("share", "lend", "donate", "retrieve_req", "retrieve_resp"))}
    flags = {name: 1 << n for name, n in usages.items()}
    for version in world.versions if "version" in guard else (0,):
        for conv in world.convs if "conv" in guard or "upper" in guard else (0,):
            for waive in WAIVERS if "waive" in guard else (0,):
                for usage in world.usages if "usage" in guard else (0,):
                    e: dict[str, Any] = {"version": 0x10000 + version, "conv": conv, "waive": waive, "usage": usage, "USAGE": flags,
                                         "upper": 0 if conv else UPPER, "x": x, **dict.fromkeys(sizes, 0)}
                    yield e
                    yield {**e, "x": Registers({reg: U64 & ~known.get(reg, 0) | x[reg] for reg in range(18)})}
                    for reg in range(18) if not sizes else ():
                        for bit in (n for n in range(64) if not known.get(reg, 0) >> n & 1):
                            yield {**e, "x": Registers({**x, reg: x[reg] | 1 << bit})}
                    for value in range(256) if compared else (0,):
                        chosen = dict.fromkeys(compared, value)
                        yield {**e, **chosen}
                        yield {**e, **{name: (1 << bits) - 1 for name, bits in sizes.items()}, **chosen}
                        for name, bits in sizes.items():
                            yield from ({**e, **chosen, name: chosen.get(name, 0) | 1 << bit} for bit in range(bits))


# -- slow tests --------------------------------------------------------------------------------------------------------


def steps_of(body: str) -> list[dict[str, Any]] | None:
    found = []
    for row in STEP.findall(body):
        words = [w.strip() for w in row.split(",")]
        if len(words) != len(FIELDS):
            return None
        step: dict[str, Any] = dict(zip(FIELDS, words))
        for key in ("reserved", "first", "last", "upper", "live"):
            step[key] = eval(python(step[key])) & (U64 if key == "reserved" else 0xFF)  # noqa: S307: numbers of generated C
        found.append(step)
    return found


def judge(body: str, world: World) -> list[object] | None:
    """In each context: which bits are refused for which reason, in the order of the judgement."""
    steps = steps_of(body)
    given = re.search(r"ffabi_judge\(c, x, (FFABI_SMC32|FFABI_SMC64|conv), steps", body)
    if steps is None or given is None:
        return None
    convs = world.convs if given[1] == "conv" else (int(given[1] == "FFABI_SMC64"),)
    waivers = [a | b | c for a in (0, WAIVE["WIDTH"]) for b in (0, WAIVE["MBZ"]) for c in (0, WAIVE["SBZ"])]
    return [order(steps, version, conv, waive, world) for version in world.versions for conv in convs for waive in waivers]


def order(steps: list[dict[str, Any]], version: int, conv: int, waive: int, world: World) -> list[object]:
    seen: dict[int, int] = {0: 0xFFFFFFFF} if world.ids else {}  # the function id was judged before
    found: list[list[Any]] = []
    for step in steps:
        if not step["live"] >> 4 * conv + version & 1:
            continue
        upper = UPPER if step["upper"] == 1 or step["upper"] == 2 and not conv else 0
        reserved = 0 if waive & WAIVE.get(step["rule"].removeprefix("FFABI_E_"), 0) else step["reserved"]
        for reg in range(step["first"], step["last"] + 1):
            if reg == 0 and any(reserved & fid for fid in world.ids):
                found.append(["refused, whatever else", 0])
            for reason, mask in ((("WIDTH", reg), 0 if waive & WAIVE["WIDTH"] else upper), ((step["rule"], step["field"], reg), reserved)):
                new = mask & ~seen.get(reg, 0)
                if reg > 17:
                    found.append(["a register that does not exist", reg])
                if new:
                    seen[reg] = seen.get(reg, 0) | new
                    if found and found[-1][0] == reason:
                        found[-1][1] |= new
                    else:
                        found.append([reason, new])
    return [tuple(item) for item in found]
