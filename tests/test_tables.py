"""Tables in memory, C against the reference reading: verdict, rule, field, offset and values; single fetch and exact bounds.

The driver is built with the load hook (each byte at most once, none outside) and with buffers of exact size under ASan.
"""
from __future__ import annotations

import random
import subprocess
from collections import Counter

import codec
import pytest
import sanitized

from codegen.__main__ import ROOT, read_spec
from codegen.model import Descriptor
from codegen.ref import Refused, Value, Values
from codegen.refrecord import TableContext, TableReference

SPEC = read_spec(ROOT / "spec")
REF = TableReference(SPEC)
DRIVER = codec.BUILD / "table-driver"
WAIVERS = (frozenset(), frozenset({"SBZ"}), frozenset({"MBZ", "SBZ", "ENUM"}))
EDGES = (0, 1, 2, 3, 8, 15, 16, 32, 48, 64, 80, 0x2F, 0x0FFA, 0x1000, 0x8001, 0xFFFF, 0x412D4646, 0x80000000, 0xFFFFFFFF,
         0x80000000000, (1 << 64) - 0x1000)


@pytest.fixture(scope="module", autouse=True)
def driver() -> None:
    sources = sorted(ROOT.glob("runtime/*.c")) + sorted(ROOT.glob("generated/src/*.c"))
    sanitized.build(DRIVER.name, [ROOT / "generated/tests/table_driver.c"], sources)


def usage_number(usage: str) -> int:
    return 1 << SPEC.usages.index(usage) if usage else 0


def head(op: str, table: str, ctx: TableContext, length: int, at: int) -> str:
    waive = sum(codec.WAIVE[rule] for rule in ctx.waive)
    version = codec.VERSIONS[SPEC.versions[ctx.version]]
    return f"{op} {table} {version:x} {waive:x} {usage_number(ctx.usage):x} {length:x} {at:x}"


def drive(lines: list[str]) -> list[list[str]]:
    done = subprocess.run([DRIVER], input="\n".join(lines) + "\n", capture_output=True, text=True, check=False)
    assert done.returncode == 0 and not done.stderr, done.stderr[:2000]
    answers = [line.split() for line in done.stdout.splitlines()]
    assert len(answers) == len(lines)
    return answers


def flat(values: Values) -> list[int]:
    out: list[int] = []
    for value in values.values():
        out += list(value) if isinstance(value, (list, tuple)) else [value]
    return out


def guess(rng: random.Random, d: Descriptor, name: str) -> Value:
    field = rng.choice([f for f in d.fields if f.name == name and f.kind is not None])
    kind = field.kind
    assert kind is not None
    if kind.spread == "bytes":
        return [rng.randrange(256) for _ in range(field.size)]
    if kind.spread == "words":
        return [rng.choice((0, rng.getrandbits(64))) for _ in range(field.size // 8)]
    if kind.spread == "uuid":
        return rng.choice(((0, 0), (rng.getrandbits(64), rng.getrandbits(64))))
    choices = [0, 0, rng.choice(EDGES), rng.getrandbits(kind.bits)]
    choices += [v.value for v in field.enum.values] * 2 if field.enum else []
    choices += [1 << b.at for b in field.flags.bits] if field.flags else []
    choices += [field.multiple_of * rng.randrange(20)] * 3 if field.multiple_of else []
    choices += [field.min, field.min] if field.min is not None else []
    return rng.choice(choices) & ((1 << kind.bits) - 1)


def plain(d: Descriptor, ctx: TableContext, name: str) -> Value:
    """The smallest value that a member may have in the version and usage."""
    here = [f for f in d.fields if f.name == name and f.kind and ctx.version in f.life and (not f.uses or ctx.usage in f.uses)]
    field = next((f for f in d.fields if f.name == name))
    assert field.kind is not None
    if field.kind.spread == "bytes":
        return [0] * field.size
    if field.kind.spread == "words":
        return [0] * (field.size // 8)
    if field.kind.spread == "uuid":
        return (0, 0)
    if not here or here[0].when is not None:
        return 0
    lowest = min(v.value for v in here[0].enum.values) if here[0].enum else 0
    return max(here[0].min or 0, lowest)


def contexts(d: Descriptor) -> list[TableContext]:
    return [TableContext(v, u) for v, size in enumerate(d.sizes) if size for u in d.usages or ("",)]


def legal(rng: random.Random, key: str, ctx: TableContext) -> bytes | None:
    """The plainest legal values, three members of them guessed; None when no guess was legal."""
    d = SPEC.descriptors[key]
    for _ in range(60):
        values = {name: plain(d, ctx, name) for name in REF.members(d)}
        for name in rng.sample(list(values), min(3, len(values))):
            values[name] = guess(rng, d, name)
        try:
            return REF.pack(key, ctx, values, 4096, 0)
        except Refused:
            continue
    return None


def read_back(key: str, ctx: TableContext, data: bytes, at: int) -> list[str]:
    try:
        return ["ok", *(f"{v:x}" for v in flat(REF.unpack(key, ctx, data, at)))]
    except Refused as no:
        return ["no", no.rule, no.field, str(no.at), f"{no.value:x}"]


@pytest.mark.parametrize("key", list(SPEC.descriptors))
def test_unpack(key: str) -> None:
    rng = random.Random(f"table {key}")
    d = SPEC.descriptors[key]
    lines, wanted = [], []
    for base in contexts(d):
        for n in range(60):
            ctx = TableContext(base.version if n else rng.randrange(4), base.usage, rng.choice(WAIVERS))
            body = bytearray(legal(rng, key, base) or rng.randbytes(d.sizes[base.version]))
            if n % 3:
                at = rng.randrange(len(body))
                body[at] = rng.choice((body[at] ^ 1 << rng.randrange(8), rng.randrange(256), 0xFF))
            offset = rng.choice((0, 0, 0, 8, 16, 48, 4, 1))
            data = bytes(offset) + bytes(body[:rng.choice((len(body),) * 8 + (len(body) - 1, 0))])
            lines.append(f"{head('U', key, ctx, len(data), offset)} {data.hex()}")
            wanted.append(read_back(key, ctx, data, offset))
    outcome: Counter[str] = Counter()
    for line, want, got in zip(lines, wanted, drive(lines)):
        assert got == want, line
        outcome[want[0]] += 1
    assert outcome["ok"] > len(lines) // 8 and outcome["no"] > len(lines) // 8, outcome


@pytest.mark.parametrize("key", list(SPEC.descriptors))
def test_pack(key: str) -> None:
    """A refused pack leaves every byte as it was; an accepted one writes exactly the fixed part."""
    rng = random.Random(f"pack table {key}")
    d = SPEC.descriptors[key]
    lines, wanted = [], []
    for base in contexts(d):
        for n in range(60):
            ctx = TableContext(base.version if n else rng.randrange(4), base.usage, rng.choice(WAIVERS))
            values = {name: guess(rng, d, name) for name in REF.members(d)}
            offset, length = rng.choice((0, 8, 16, 4)), rng.choice((128, 128, 128, 16))
            before = bytes([0x5A]) * length
            try:
                body = REF.pack(key, ctx, values, length, offset)
                want = ["ok", (before[:offset] + body + before[offset + len(body):]).hex()]
            except Refused as no:
                want = ["no", no.rule, no.field, str(no.at), f"{no.value:x}", before.hex()]
            lines.append(f"{head('P', key, ctx, length, offset)} {' '.join(f'{v:x}' for v in flat(values))}")
            wanted.append(want)
    for line, want, got in zip(lines, wanted, drive(lines)):
        assert got == want, line


@pytest.mark.parametrize("key", list(SPEC.descriptors))
def test_strict_round_trip(key: str) -> None:
    """Accepted in strict mode: packing what was read gives the same bytes."""
    rng = random.Random(f"round {key}")
    lines, bodies = [], []
    for ctx in contexts(SPEC.descriptors[key]):
        for _ in range(20):
            body = legal(rng, key, ctx)
            assert body is not None, (key, ctx)
            lines.append(f"{head('U', key, ctx, len(body), 0)} {body.hex()}")
            bodies.append((ctx, body))
    back = []
    for (ctx, body), got in zip(bodies, drive(lines)):
        assert got[0] == "ok", (key, ctx, body.hex(), got)
        back.append(f"{head('P', key, ctx, len(body), 0)} {' '.join(got[1:])}")
    for (ctx, body), got in zip(bodies, drive(back)):
        assert got == ["ok", body.hex()], (key, ctx)


def test_by_hand() -> None:
    """Literal bytes, worked from the tables by hand."""
    data = bytes.fromhex("0000008000000000" "02000000" "00000000")  # address 0x80000000, 2 pages
    ctx = TableContext(1)
    assert drive([f"{head('U', 'mem_constituent', ctx, 16, 0)} {data.hex()}"]) == [["ok", "80000000", "2"]]
    wrap = bytes.fromhex("00f0ffffffffffff" "02000000" "00000000")  # the last page, and one beyond
    assert drive([f"{head('U', 'mem_constituent', ctx, 16, 0)} {wrap.hex()}"]) == [["no", "RULE", "page_count", "8", "2"]]
    last = bytes.fromhex("00f0ffffffffffff" "01000000" "00000000")
    assert drive([f"{head('U', 'mem_constituent', ctx, 16, 0)} {last.hex()}"])[0][0] == "ok"
    share = bytes.fromhex("0100" "2f00" "00000000" "0000000000000000" "0000000000000000" "10000000" "01000000" "30000000" + "00" * 12)
    got = drive([f"{head('U', 'mem_transaction', TableContext(1, 'share'), 48, 0)} {share.hex()}"])[0]
    names = REF.members(SPEC.descriptors["mem_transaction"])
    values = dict(zip(names, got[1:]))
    assert values["sender_id"] == "1" and values["memory_type"] == "2" and values["cacheability"] == "3" and values["shareability"] == "3"
    assert values["access_size"] == "10" and values["access_count"] == "1" and values["access_offset"] == "30"
