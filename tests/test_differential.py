"""C against the reference codec: accept or refuse, rule, field, place and every value, over random and one-field-mutated registers.

The two readings share the description and slices.py, nothing of the planning or printing.  What both could get wrong
together, the description itself, is the business of test_probe.py, test_traces.py and the vectors.
"""
from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator

import codec
import pytest

from codegen.__main__ import ROOT, read_spec
from codegen.model import Call, Entry, Layout
from codegen.ref import Context, Reference, Refused, Value, Values
from codegen.slices import clipped, universe

SPEC = read_spec(ROOT / "spec")
REF = Reference(SPEC)
WAIVERS = (frozenset(), frozenset({"WIDTH", "SBZ"}), frozenset({"MBZ", "SBZ", "WIDTH", "ENUM", "CONV"}))
PER_POINT = 40
EDGES = (0, 1, 2, 3, 4, 7, 8, 9, 24, 47, 48, 63, 64, 0xFF, 0x100, 0x8001, 0xFFFF, 0x1000, 0x10001, 0x80000000, 0x84000066,
         0xC4000066, 0xFFFFFFFE, 0xFFFFFFFF, 1 << 32, 0xFFFFFFFFFFFFF000, (1 << 64) - 1)


def members(layout: Layout) -> dict[str, list[Entry]]:
    return REF.members(layout)


def flat(layout: Layout, values: Values) -> list[int]:
    """Values in the order in which the driver reads and prints them."""
    out: list[int] = []
    for name, entries in members(layout).items():
        value = values[name]
        kind = entries[0].kind
        assert kind is not None
        if isinstance(value, list):
            size = REF.array(layout, entries) * (8 if kind.spread == "bytes" else 1)
            out += value + [0] * (size - len(value))
        elif isinstance(value, tuple):
            out += list(value)
        else:
            out.append(value)
    return out


def narrowed(layout: Layout, numbers: tuple[int, ...]) -> list[int]:
    """Signed members are printed sign-extended; compare them as they travel."""
    out, at = list(numbers), 0
    for entries in members(layout).values():
        kind = entries[0].kind
        assert kind is not None
        if kind.signed:
            out[at] &= 0xFFFFFFFF
        at += 2 if kind.spread == "uuid" else 1
        if kind.spread in ("words", "bytes"):
            at += REF.array(layout, entries) * (8 if kind.spread == "bytes" else 1) - 1
    return out


def guess(rng: random.Random, layout: Layout, entry: Entry, entries: list[Entry]) -> Value:
    """A value that has a fair chance to be legal, cut to the width of the member."""
    kind = entry.kind
    assert kind is not None
    if kind.spread == "words":
        wide = rng.choice((0xFFFFFFFF, (1 << 64) - 1))
        used = rng.choice((0, 1, 5, 6, 99))
        return [rng.choice((0, rng.getrandbits(64) & wide)) if i < used else 0 for i in range(REF.array(layout, entries))]
    if kind.spread == "bytes":
        return [rng.randrange(256) for _ in range(REF.array(layout, entries) * 8)]
    if kind.spread == "uuid":
        return (rng.getrandbits(64), rng.getrandbits(64))
    choices = [rng.choice(EDGES[:8]), rng.choice(EDGES), rng.getrandbits(kind.bits), 0]
    if entry.enum is not None:
        choices += [v.value for v in entry.enum.values] * 2
    if entry.flags is not None:
        choices += [1 << b.at for b in entry.flags.bits] * 2
    if entry.fid_of:
        choices += [fid for given in SPEC.calls[entry.fid_of].fids.values() for _, fid in given] * 4
    if entry.multiple_of:
        choices += [entry.multiple_of * rng.randrange(16)] * 3
    if entry.min is not None:
        choices += [entry.min, entry.min + 1]
    return rng.choice(choices) & ((1 << kind.bits) - 1)


def values_for(rng: random.Random, layout: Layout) -> Values:
    return {name: guess(rng, layout, rng.choice(entries), entries) for name, entries in members(layout).items()}


def mutated(rng: random.Random, x: list[int]) -> list[int]:
    """One register changed: a bit, a small value, an edge, or its upper half."""
    out = list(x)
    reg = rng.randrange(18)
    out[reg] = rng.choice((
        out[reg] ^ 1 << rng.randrange(64), out[reg] ^ 1 << rng.randrange(32), rng.choice(EDGES),
        out[reg] | rng.getrandbits(32) << 32, rng.getrandbits(64)))
    return out


def waive_mask(waived: frozenset[str]) -> int:
    return sum(codec.WAIVE[rule] for rule in waived)


def parts(call: Call) -> Iterator[tuple[str, Layout]]:
    yield "request", call.request
    if call.success is not None:
        yield "success", call.success
    yield "error", call.error or SPEC.calls["error"].request


def legal(rng: random.Random, call: Call, part: str, layout: Layout, ctx: Context, conv: str) -> list[int] | None:
    """Registers that the reference packs, or None when no guess was legal."""
    for _ in range(60):
        try:
            if part == "request":
                return REF.pack_request(call.key, ctx, conv, values_for(rng, layout))
            return REF.pack_reply(call.key, ctx, conv, part, values_for(rng, layout))
        except Refused:
            continue
    return None


def expected_unpack(call: Call, part: str, ctx: Context, conv: str, x: list[int]) -> tuple[object, ...]:
    try:
        if part == "request":
            return ("ok", (), flat(call.request, REF.unpack_request(call.key, ctx, x)))
        kind, values = REF.unpack_reply(call.key, ctx, conv, x)
    except Refused as no:
        return ("no", no.rule, no.field, no.at, no.value)
    if kind not in ("success", "error"):
        return ("ok", (kind,), None)
    layout = call.success if kind == "success" else call.error or SPEC.calls["error"].request
    assert layout is not None
    return ("ok", (kind,), flat(layout, values))


def got_unpack(call: Call, part: str, answer: codec.Answer) -> tuple[object, ...]:
    if not answer.ok:
        return ("no", answer.rule, answer.field, answer.at, answer.value)
    if part == "request":
        return ("ok", (), narrowed(call.request, answer.values))
    kind = answer.words[0]
    if kind not in ("success", "error"):
        return ("ok", answer.words, None)
    layout = call.success if kind == "success" else call.error or SPEC.calls["error"].request
    assert layout is not None
    return ("ok", answer.words, narrowed(layout, answer.values))


@pytest.mark.parametrize("key", list(SPEC.calls))
def test_unpack(key: str) -> None:
    rng = random.Random(f"unpack {key}")
    call = SPEC.calls[key]
    lines, wanted = [], []
    for part, layout in parts(call):
        for version, conv in sorted({(v, c) for v, c in universe(SPEC, call, call.request)}):
            for n in range(PER_POINT):
                ctx = Context(version if n else rng.randrange(4), rng.choice(WAIVERS), rng.choice(("", "", *SPEC.instances)))
                x = legal(rng, call, part, layout, ctx, conv) or [rng.getrandbits(64) for _ in range(18)]
                if n % 3:
                    x = mutated(rng, x)
                lines.append(codec.line("U", key if part == "request" else f"{key}.reply", SPEC.versions[ctx.version], x,
                                        waive_mask(ctx.waive), ctx.instance, conv))
                wanted.append((part, expected_unpack(call, part, ctx, conv, x)))
    outcome: Counter[str] = Counter()
    for text, (part, want), answer in zip(lines, wanted, codec.run(lines)):
        assert got_unpack(call, part, answer) == want, text
        outcome[str(want[0])] += 1
    assert outcome["ok"] >= len(lines) // 10 and outcome["no"] >= len(lines) // 50, outcome


@pytest.mark.parametrize("key", list(SPEC.calls))
def test_pack(key: str) -> None:
    rng = random.Random(f"pack {key}")
    call = SPEC.calls[key]
    lines, wanted = [], []
    for part, layout in parts(call):
        for version, conv in sorted({(v, c) for v, c in universe(SPEC, call, call.request)}):
            for n in range(PER_POINT):
                ctx = Context(version if n else rng.randrange(4), rng.choice(WAIVERS), rng.choice(("", "", *SPEC.instances)))
                values = values_for(rng, layout)
                try:
                    if part == "request":
                        want: tuple[object, ...] = ("ok", REF.pack_request(key, ctx, conv, values))
                    else:
                        want = ("ok", REF.pack_reply(key, ctx, conv, part, values))
                except Refused as no:
                    want = ("no", no.rule, no.field, no.at, no.value)
                lines.append(codec.line("P", key if part == "request" else f"{key}.reply", SPEC.versions[ctx.version],
                                        flat(layout, values), waive_mask(ctx.waive), ctx.instance, conv,
                                        "" if part == "request" else part))
                wanted.append(want)
    for text, want, answer in zip(lines, wanted, codec.run(lines)):
        got = ("ok", list(answer.values)) if answer.ok else ("no", answer.rule, answer.field, answer.at, answer.value)
        assert got == want, text


def first_refusal(key: str, ctx: Context, x: list[int]) -> str:
    try:
        REF.unpack_request(key, ctx, x)
    except Refused as no:
        return no.rule
    return ""


def is_message(call: Call, ctx: Context, x: list[int]) -> bool:
    """Do the constants of a carried message, and its ids of calls, hold?"""
    for entry in call.request.entries:
        if entry.value is not None and x[entry.regs[0]] >> entry.lo & (2 << entry.hi - entry.lo) - 1 != entry.value:
            return False
        if entry.fid_of and x[entry.regs[0]] & 0xFFFFFFFF not in [fid for given in SPEC.calls[entry.fid_of].fids.values() for _, fid in given]:
            return False
    return ctx.version in call.life


def told_apart(ctx: Context, x: list[int]) -> tuple[str, str]:
    """The call whose id register 0 holds, and the message that it carries, tried in the order of the description."""
    request = next((key for key, call in SPEC.calls.items() if not call.carrier and first_refusal(key, ctx, x) != "FID"), "-")
    family = [call for call in SPEC.calls.values() if call.carrier and REF.number(call.carrier) == x[0] & 0xFFFFFFFF & ~(1 << 30)]
    message = next((call.key for call in family if is_message(call, ctx, x)), "-")
    return request, "-" if message == "-" or first_refusal(message, ctx, x) in ("FID", "KEY") else message


def test_identify() -> None:
    """Any registers: which request is it, and which message?"""
    rng = random.Random("identify")
    lines, wanted = [], []
    for key, call in SPEC.calls.items():
        for version, conv in sorted(universe(SPEC, call, call.request)):
            for n in range(24 if call.carrier else 3):
                ctx = Context(rng.randrange(4) if n % 3 == 2 else version)
                x = legal(rng, call, "request", call.request, Context(version), conv) or [0] * 18
                at = rng.choice((1, 1, 2, 2, 3)) if call.carrier else 0
                x[at] ^= rng.choice((0, 1, 2, 3, 1 << rng.randrange(32), 1 << rng.randrange(64), 1 << 31)) if n else 0
                lines.append(codec.line("I", "-", SPEC.versions[ctx.version], x))
                wanted.append(told_apart(ctx, x))
    for text, want, answer in zip(lines, wanted, codec.run(lines)):
        assert answer.words == want, text
    assert {key for pair in wanted for key in pair} == {*SPEC.calls, "-"}


def test_every_rule_is_met() -> None:
    """Changed registers break every rule that a register codec can break; otherwise the comparison is emptier than it looks."""
    rng = random.Random("rules")
    met: Counter[str] = Counter()
    for key, call in SPEC.calls.items():
        for part, layout in parts(call):
            for version, conv in universe(SPEC, call, call.request):
                for _ in range(30):
                    x = legal(rng, call, part, layout, Context(version), conv)
                    if x is None:
                        continue
                    x[0] ^= rng.choice((0,) * 9 + (1 << 30,))
                    wrong = Context(rng.choice((version,) * 9 + (0,)), frozenset(), rng.choice(("", *SPEC.instances)))
                    want = expected_unpack(call, part, wrong, conv, mutated(rng, x))
                    met[str(want[1]) if want[0] == "no" else "OK"] += 1
    assert {"FID", "KEY", "CONV", "WIDTH", "MBZ", "SBZ", "ENUM", "RANGE", "ALIGN", "RULE", "VERSION", "OK"} <= set(met), met


def test_strict_round_trip() -> None:
    """Accepted in strict mode: packing gives the same registers, as far as the version and convention pass them."""
    rng = random.Random("round")
    lines, passed = [], []
    for key, call in SPEC.calls.items():
        for version, conv in universe(SPEC, call, call.request):
            for _ in range(10):
                x = legal(rng, call, "request", call.request, Context(version), conv)
                if x is not None:
                    lines.append(codec.line("U", key, SPEC.versions[version], x, conv=conv))
                    passed.append((key, version, conv, x))
    back = []
    for (key, version, conv, x), answer in zip(passed, codec.run(lines)):
        assert answer.ok, (key, x, answer)
        back.append(codec.line("P", key, SPEC.versions[version], narrowed(SPEC.calls[key].request, answer.values), conv=conv))
    for (key, version, conv, x), answer in zip(passed, codec.run(back)):
        count = SPEC.passed[conv][version]
        assert list(answer.values[:count]) == x[:count], key
        assert not any(answer.values[count:]), key


def test_generated_vectors() -> None:
    """generated/tests/vectors.txt: nearly every codec has a legal example in every version; C packs and unpacks each of them."""
    lines, wanted, met = [], [], set()
    for text in (ROOT / "generated" / "tests" / "vectors.txt").read_text().splitlines()[1:]:
        head, values, regs = (part.split() for part in text.split("|"))
        key, version, conv = head
        met.add(key)
        numbers, x = [int(n, 16) for n in values], [int(n, 16) for n in regs]
        reply = key.endswith(".reply")
        lines.append(codec.line("P", key, version, numbers, conv=conv, kind="success" if reply else ""))
        wanted.append(x)
        lines.append(codec.line("U", key, version, x, conv=conv))
        wanted.append(numbers)
    for line, want, answer in zip(lines, wanted, codec.run(lines)):
        got = list(answer.values)
        if line.startswith("U"):
            layout = SPEC.calls[line.split()[1].removesuffix(".reply")]
            got = narrowed(layout.success if ".reply" in line.split()[1] else layout.request, answer.values)  # type: ignore[arg-type]
        assert answer.ok and got == want, line
    assert met >= {*SPEC.calls, *(f"{key}.reply" for key, call in SPEC.calls.items() if call.success)}


def test_clipping_is_what_the_tables_say() -> None:
    """A hand-checked example of what both readings build on: direct request payload by version and convention."""
    payload = [e for e in SPEC.calls["msg_send_direct_req"].request.entries if e.name == "payload"]
    counts = {(v, c): sum(len(clipped(SPEC, e, (v, c))) for e in payload) for v in range(4) for c in ("smc32", "smc64")}
    assert counts == {**{(v, "smc32"): 5 for v in range(4)}, (0, "smc64"): 5, (1, "smc64"): 5, (2, "smc64"): 5, (3, "smc64"): 15}
