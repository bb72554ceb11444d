"""Lists of partitions, indirect messages, relinquish descriptors and boot information: C against the reference reading.

Verdict, rule, field, offset, value, and every value read before the first broken rule; legal lists from seeds, each rule broken
once, every truncation, random bytes.
"""
from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import lists
import pytest

from codegen.ref import Refused, Values
from codegen.reflists import BOOT, BOOT_ITEM, BOOT_LIST, COMPOSITE, MESSAGE, PARTITION, RANGE, RELINQUISH, RESOURCES, RXTX
from codegen.refrecord import TableContext
from lists import LISTS, List, in_registers
from objects import SPEC, TABLES, broken_table, cases_of, field_rules, legal_values, with_bits
from sanitized import ask

WAIVABLE = ("MBZ", "SBZ", "ENUM")
VERSIONS = {"partitions": range(4), "regs": range(2, 4), "message": range(1, 4), "relinquish": range(4), "boot": range(1, 4),
            "boot_list": range(1), "resources": range(3, 4), "rxtx": range(1, 4), "pack": range(4), "entries": range(4), "send": range(1, 4),
            "produce": range(1, 4)}

MET: Counter[str] = Counter()


@pytest.fixture(scope="module", autouse=True)
def driver() -> None:
    lists.build()


def blame(answer: str) -> str:
    """The rule and the field of a refusal."""
    return " ".join(answer.split()[-4:-2])


def agree(cases: list[List]) -> list[str]:
    wanted = [case.expected for case in cases]
    for case, want, answer in zip(cases, wanted, ask(lists.build(), [case.line for case in cases])):
        assert " ".join(answer.split()) == want, case.line
    return wanted


def made(rng: random.Random, op: str, ctx: TableContext, n: int) -> List:
    """A legal one; the first of a run are short."""
    count = n % 8
    least = 1 if op in ("relinquish", "pack", "rxtx") else 0
    more = () if op in ("regs", "message", "send") else (count + least,)
    found: List = getattr(lists, op)(rng, ctx, *more)
    return found


@pytest.mark.parametrize("op", lists.OPS)
def test_legal_lists(op: str) -> None:
    rng = random.Random(f"legal {op}")
    cases = [made(rng, op, TableContext(v), n) for v in VERSIONS[op] for n in range(40)]
    assert all(verdict.endswith("ok") for verdict in agree(cases))


@pytest.mark.parametrize("op, count", [("partitions", 170), ("relinquish", 200), ("pack", 200), ("boot", 100),
                                       ("boot_list", 100), ("resources", 100), ("rxtx", 170), ("entries", 170), ("produce", 100)])
def test_long_lists(op: str, count: int) -> None:
    rng = random.Random(f"long {op}")
    cases = [getattr(lists, op)(rng, TableContext(v), count) for v in VERSIONS[op]]
    assert all(verdict.endswith("ok") for verdict in agree(cases))


# -- one rule broken -------------------------------------------------------------------------------------------------------

# The tables of boot_list have no rules but its signature.
TABLES_OF = {"partitions": (PARTITION,), "regs": (PARTITION,), "message": (MESSAGE,), "relinquish": (RELINQUISH,), "boot": (BOOT, BOOT_ITEM),
             "resources": (RESOURCES, "address_map"), "rxtx": (RXTX, COMPOSITE, RANGE)}


def broken_in(rng: random.Random, op: str, ctx: TableContext) -> Iterator[tuple[str, List, tuple[str, str, int]]]:
    """Each rule of each field of each table of a list."""
    for case in dict.fromkeys(c for key in TABLES_OF[op] for c in cases_of(key, ctx.version)):
        count = [] if op in ("regs", "message") else [3]
        whole = getattr(lists, op)(rng, ctx, *count, **({"case": case} if op in ("partitions", "regs", "boot") else {}))
        for key, layout, at in {start[0]: start for start in rng.sample(whole.starts, len(whole.starts))}.values():
            for rule, data, (what, name, where) in broken_table(rng, key, layout, whole.data, at, case):
                changed = replace(whole, data=data)
                yield rule, in_registers(changed) if op == "regs" else changed, (what, name, where - at if op == "regs" else where)


@pytest.mark.parametrize("op, version", [(op, v) for op in TABLES_OF for v in VERSIONS[op]])
def test_each_rule_of_each_field(op: str, version: int) -> None:
    rng = random.Random(f"fields {op} {version}")
    ctx = TableContext(version)
    broken = [b for _ in range(8) for b in broken_in(rng, op, ctx)]
    for (rule, _, wanted), verdict in zip(broken, agree([b[1] for b in broken])):
        assert "no {} {} {} ".format(*wanted) in verdict, f"{rule}: {verdict}, not {wanted}"
    met = Counter(b[0] for b in broken)
    rules = set(field_rules(rng, ctx, TABLES_OF[op]))
    assert rules
    print(f"{op} {SPEC.versions[version]}: {len(broken)} cases break {len(rules)} rules, the rarest {min(met[r] for r in rules)} times")
    assert rules <= set(met), sorted(rules - set(met))
    for rule in WAIVABLE:
        some = [b for b in broken if b[2][0] in WAIVABLE]
        verdicts = agree([replace(b[1], ctx=replace(ctx, waive=frozenset({rule}))) for b in some])
        assert [blame(v) == f"{b[2][0]} {b[2][1]}" for v, b in zip(verdicts, some)] == [b[2][0] != rule for b in some]


def number_at(whole: List, key: str, name: str, at: int, value: int) -> List:
    f = next(f for f in SPEC.descriptors[key].fields if f.name == name and whole.ctx.version in f.life)
    return replace(whole, data=with_bits(whole.data, at, f, value))


def place(key: str, name: str, version: int, at: int = 0) -> int:
    return at + LISTS.objects.place(key, TableContext(version), name)


def broken_partitions(rng: random.Random, v: int) -> Iterator[tuple[str, List, str]]:
    whole = lists.partitions(rng, TableContext(v), 3)
    count, step = whole.numbers
    if v:
        yield "partitions: size", replace(whole, numbers=(count, rng.randrange(24))), "RANGE descriptor_size 0"
        yield "partitions: size multiple of 8", replace(whole, numbers=(count, step + rng.randrange(1, 8))), "ALIGN descriptor_size 0"
    step = step if v else 8
    room = step * 3 - rng.randrange(1, step)
    yield "partitions: in the buffer", replace(whole, data=whole.data[:room]), "SHORT count 0"
    for n in (len(whole.data) // step + 1, (1 << 32) // step + 1, 0xFFFFFFFF):
        yield "partitions: in the buffer", replace(whole, numbers=(n, whole.numbers[1])), "SHORT count 0"


def broken_regs(rng: random.Random, v: int) -> Iterator[tuple[str, List, str]]:
    """A size that the codec of the reply would not have let through."""
    whole = lists.regs(rng, TableContext(v))
    few = 8 * rng.randrange(3)
    yield "regs: size", replace(whole, numbers=(few, 0, *whole.numbers[2:])), "SHORT none 0"


def broken_message(rng: random.Random, v: int) -> Iterator[tuple[str, List, str]]:
    whole = lists.message(rng, TableContext(v))
    for name in ("payload_size", "payload_offset"):
        big = number_at(whole, MESSAGE, name, 0, rng.choice((len(whole.data) + 1, 0xFFFFFFFF)))
        yield f"message: {name} in the buffer", big, f"SHORT {name} {place(MESSAGE, name, v)}"


def broken_relinquish(rng: random.Random, v: int) -> Iterator[tuple[str, List, str]]:
    whole = replace(lists.relinquish(rng, TableContext(v), 4), numbers=(4,))
    many = number_at(whole, RELINQUISH, "endpoint_count", 0, rng.choice(((len(whole.data) - 16) // 2 + 1, 0x80000002, 0xFFFFFFFF)))
    yield "relinquish: in the buffer", many, f"SHORT endpoint_count {place(RELINQUISH, 'endpoint_count', v)}"
    yield "relinquish: room", replace(whole, numbers=(rng.randrange(4),)), f"RANGE endpoint_count {place(RELINQUISH, 'endpoint_count', v)}"
    i, j = sorted(rng.sample(range(4), 2))
    twice = whole.data[:16 + 2 * j] + whole.data[16 + 2 * i:18 + 2 * i] + whole.data[18 + 2 * j:]
    yield "relinquish: unique", replace(whole, data=twice), f"RULE endpoint_id {16 + 2 * j}"


def broken_pack(rng: random.Random, v: int) -> Iterator[tuple[str, List, str]]:
    whole = lists.pack(rng, TableContext(v), 4)
    room, handle, flags, *ids = whole.numbers
    yield "pack: room for the ids", replace(whole, numbers=(rng.randrange(24), handle, flags, *ids)), "SHORT endpoint_count 12"
    yield "pack: min", replace(whole, numbers=(room, handle, flags)), "RANGE endpoint_count 12"
    yield "pack: flags", replace(whole, numbers=(room, handle, 1 << rng.randrange(2, 32), *ids)), "MBZ flags 8"
    i, j = sorted(rng.sample(range(4), 2))
    ids[j] = ids[i]
    yield "pack: unique", replace(whole, numbers=(room, handle, flags, *ids)), f"RULE endpoint_id {16 + 2 * j}"


def broken_boot(rng: random.Random, v: int) -> Iterator[tuple[str, List, str]]:
    whole = lists.boot(rng, TableContext(v), 3)
    header = TABLES.unpack(BOOT, whole.ctx, whole.data, 0)
    blob, step, first = (header[name] for name in ("blob_size", "descriptor_size", "descriptor_offset"))
    assert isinstance(blob, int) and isinstance(step, int) and isinstance(first, int)
    constant = bytearray(whole.data)
    constant[rng.randrange(4)] ^= 1 << rng.randrange(8)
    yield "boot: signature", replace(whole, data=bytes(constant)), "KEY signature 0"
    for name, value, blamed in (
            ("blob_size", rng.choice((len(whole.data) + 1, 0xFFFFFFFF)), "blob_size"),
            ("descriptor_count", rng.choice(((blob - first) // step + 1, 0x8000001, 0xFFFFFFFF)), "descriptor_count"),
            ("descriptor_size", rng.choice(((blob - first) // 24 * 8 + 8, 0xFFFFFFF8)), "descriptor_count"),
            ("descriptor_offset", rng.choice((blob // 8 * 8 + 8, 0xFFFFFFF8)), "descriptor_offset")):
        yield f"boot: {name} in the blob", number_at(whole, BOOT, name, 0, value), f"SHORT {blamed} {place(BOOT, blamed, v)}"
    yield from broken_items(rng, whole, blob, rng.choice(whole.starts[1:])[2])


def broken_items(rng: random.Random, whole: List, blob: int, at: int) -> Iterator[tuple[str, List, str]]:
    """Names, values, and contents in the blob (from 1.3 on)."""
    v = whole.ctx.version

    def item(**changes: object) -> List:
        values: Values = {**lists.boot_item(rng, whole.ctx, 0, blob, None), **changes}  # type: ignore[dict-item]
        body = TABLES.pack(BOOT_ITEM, whole.ctx, values, blob, at)
        return replace(whole, data=whole.data[:at] + body + whole.data[at + 32:])

    plain = {"name_format": 1, "contents_format": 0}
    full, tail = [65] * 16, [65, 0, 0, 66] + [0] * 12
    for name in (full, tail):
        yield "boot: name", item(**{**plain, "name_format": 0, "name": name}), f"RULE name {place(BOOT_ITEM, 'name', v, at)}"
    for n in (0, 9, 0xFFFFFFFF):
        yield "boot: value", item(**{**plain, "contents_format": 1, "size": n}), f"RANGE size {place(BOOT_ITEM, 'size', v, at)}"
    if v == 3:
        for what, where, n in (("SHORT", blob - 8, 9), ("SHORT", blob + 1, 0), ("SHORT", (1 << 64) - 8, 16), ("SHORT", 0, blob + 1),
                               ("OVERLAP", 0, 1), ("OVERLAP", 31, 1), ("OVERLAP", 0, blob), ("OVERLAP", at, 1), ("OVERLAP", at + 31, 1),
                               ("OVERLAP", whole.starts[1][2], blob - whole.starts[1][2])):
            far = item(**{**plain, "contents_format": 2, "contents": where, "size": n})
            yield f"boot: contents {what}", far, f"{what} contents {place(BOOT_ITEM, 'contents', v, at)}"


def broken_boot_list(rng: random.Random, v: int) -> Iterator[tuple[str, List, str]]:
    whole = lists.boot_list(rng, TableContext(v), 3)
    constant = bytearray(whole.data)
    constant[rng.randrange(4)] ^= 1 << rng.randrange(8)
    yield "boot_list: signature", replace(whole, data=bytes(constant)), "KEY signature 0"
    for n in ((len(whole.data) - 8) // 32 + 1, 0x8000001, 0xFFFFFFFF):
        yield "boot_list: in the buffer", number_at(whole, BOOT_LIST, "count", 0, n), "SHORT count 4"


def broken_resources(rng: random.Random, v: int) -> Iterator[tuple[str, List, str]]:
    whole = lists.resources(rng, TableContext(v), 3)
    end = len(whole.data)
    for name, value, blamed in (("address_map_offset", rng.choice((end + 8, 0xFFFFFFF8)), "address_map_offset"),
                                ("address_map_count", rng.choice((end // 16 + 1, 0x10000001, 0xFFFFFFFF)), "address_map_count"),
                                ("address_map_size", rng.choice((end, 0xFFFFFFF8)), "address_map_count")):
        yield f"resources: {name} in the buffer", number_at(whole, RESOURCES, name, 0, value), f"SHORT {blamed} {place(RESOURCES, blamed, v)}"
    at = whole.starts[2][2]
    wrap = number_at(number_at(whole, "address_map", "base_address", at, (1 << 64) - 4096), "address_map", "page_count", at, 2)
    yield "resources: no_wrap", wrap, f"RULE page_count {place('address_map', 'page_count', v, at)}"


def broken_rxtx(rng: random.Random, v: int) -> Iterator[tuple[str, List, str]]:
    whole = lists.rxtx(rng, TableContext(v), 3)
    rx, tx = (at for key, _, at in whole.starts if key == COMPOSITE)
    blame = f"OVERLAP tx_composite_offset {place(RXTX, 'tx_composite_offset', v)}"
    for where in (rx, rx + 8, rx + 56):
        yield "rxtx: apart", number_at(whole, RXTX, "tx_composite_offset", 0, where), blame
    if rx >= 24:
        noise = replace(whole, data=whole.data[:rx - 8] + b"\xff" * 8 + whole.data[rx:])
        yield "rxtx: apart", number_at(noise, RXTX, "tx_composite_offset", 0, rx - 8), blame
    low, high = sorted((rx, tx))
    reach = number_at(whole, COMPOSITE, "address_range_count", low, (high - low - 16) // 16 + 1)
    yield "rxtx: apart", reach, blame
    for at in (rx, tx):
        for n in ((len(whole.data) - at) // 16, 0x10000001, 0xFFFFFFFF):
            yield "rxtx: in the buffer", number_at(whole, COMPOSITE, "address_range_count", at, n), f"SHORT address_range_count {at + 4}"
        yield "rxtx: sum", number_at(whole, COMPOSITE, "total_page_count", at, rng.getrandbits(32)), f"RULE total_page_count {at}"
    for name in ("rx_composite_offset", "tx_composite_offset"):
        far = rng.choice((len(whole.data) // 8 * 8, 0xFFFFFFF8))
        yield "rxtx: part in the buffer", number_at(whole, RXTX, name, 0, far), f"SHORT none {far}"


def broken_entries(rng: random.Random, v: int) -> Iterator[tuple[str, List, str]]:
    whole = lists.entries(rng, TableContext(v), 3)
    step = SPEC.descriptors[PARTITION].sizes[v]
    yield "entries: room", replace(whole, numbers=(rng.randrange(3 * step), 3)), "SHORT count 0"
    i = rng.randrange(3)
    wrong = {**whole.tables[i], "properties": 1 << 31}
    yield "entries: each", replace(whole, tables=(*whole.tables[:i], wrong, *whole.tables[i + 1:])), f"MBZ properties {step * i + 4}"


def broken_send(rng: random.Random, v: int) -> Iterator[tuple[str, List, str]]:
    whole = lists.send(rng, TableContext(v))
    end = whole.tables[0]["payload_offset"] + len(whole.data)  # type: ignore[operator]
    yield "send: room", replace(whole, numbers=(rng.randrange(end),)), "SHORT payload_size 16"
    near = {**whole.tables[0], "payload_offset": rng.randrange(20 if v == 1 else 40)}
    yield "send: min", replace(whole, tables=(near,)), "RANGE payload_offset 8"


def broken_produce(rng: random.Random, v: int) -> Iterator[tuple[str, List, str]]:
    whole = lists.produce(rng, TableContext(v), 3)
    room, version, blob, count = whole.numbers
    yield "produce: room", replace(whole, numbers=(rng.randrange(blob), version, blob, count)), "SHORT blob_size 8"
    small = rng.randrange(32, 128)
    yield "produce: size", replace(whole, numbers=(room, version, small, count)), "SHORT descriptor_count 16"
    i = rng.randrange(3)
    for changes, wanted in (({"contents_format": 1, "size": 9}, "RANGE size 20"), ({"name_format": 0, "name": [1] * 16}, "RULE name 0")):
        wrong: Values = {**whole.tables[i], "contents_format": 0, **changes}  # type: ignore[dict-item]
        what, field, at = wanted.split()
        changed = replace(whole, tables=(*whole.tables[:i], wrong, *whole.tables[i + 1:]))
        yield "produce: name" if field == "name" else "produce: size of a value", changed, f"{what} {field} {32 + 32 * i + int(at)}"


@pytest.mark.parametrize("op", lists.OPS)
def test_each_rule_of_the_whole(op: str) -> None:
    rng = random.Random(f"whole {op}")
    broken = [b for v in VERSIONS[op] for _ in range(12) for b in globals()[f"broken_{op}"](rng, v)]
    for (rule, _, wanted), verdict in zip(broken, agree([b[1] for b in broken])):
        assert f"no {wanted} " in verdict, f"{rule}: {verdict}, not {wanted}"
    met = Counter(b[0] for b in broken)
    for rule, n in sorted(met.items()):
        print(f"{n:5} {rule}")
    MET.update(met)


# -- less, and nonsense ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("op", [op for op in lists.READERS if op != "regs"])
def test_every_truncation(op: str) -> None:
    """What is refused is refused because bytes are missing."""
    rng = random.Random(f"cut {op}")
    cases = []
    for v in VERSIONS[op]:
        for n in (2, 3):
            whole = made(rng, op, TableContext(v), n)
            cases += [replace(whole, data=whole.data[:n]) for n in range(len(whole.data))]
    verdicts = Counter(v.split()[-4] if " no " in f" {v}" else "ok" for v in agree(cases))
    assert verdicts["SHORT"] > len(cases) // 3 and set(verdicts) <= {"SHORT", "ok"}, verdicts


@pytest.mark.parametrize("op", lists.READERS)
def test_changed_at_random(op: str) -> None:
    """From one changed byte to nothing but noise, in any version; with and without waivers."""
    rng = random.Random(f"noise {op}")
    cases = []
    for n in range(400):
        ctx = TableContext(rng.choice(VERSIONS[op]), waive=frozenset(rule for rule in WAIVABLE if rng.random() < 0.3))
        whole = made(rng, op, replace(ctx, waive=frozenset()), n)
        data = bytearray(whole.data if n % 10 else rng.randbytes(rng.randrange(200)))
        for _ in range(rng.choice((1, 1, 2, 6)) if data else 0):
            at = rng.randrange(len(data))
            data[at] = rng.choice((data[at] ^ 1 << rng.randrange(8), 0, 1, 0xFF, rng.randrange(256)))
        changed = replace(whole, ctx=ctx, data=bytes(data))
        if op == "regs":
            changed = in_registers(replace(changed, data=bytes(data.ljust(8 * lists.REGISTERS, b"\0")), numbers=(*whole.numbers[:2], 0)))
        if changed.numbers and n % 4 == 0:
            changed = replace(changed, numbers=(rng.choice((0, 8, 16, 24, 48, 0xFFF8)), *changed.numbers[1:]))
        cases.append(changed)
    verdicts = Counter(verdict.endswith("ok") for verdict in agree(cases))
    assert min(verdicts[True], verdicts[False]) > 20, verdicts


def test_a_table_that_a_version_lacks() -> None:
    cases = [List("message", TableContext(0), bytes(64)), List("boot", TableContext(0), bytes(64))]
    assert agree(cases) == ["no VERSION version 0 10000"] * 2


# -- registers -----------------------------------------------------------------------------------------------------------------


def said(requests: list[str]) -> list[str]:
    return [" ".join(answer.split()) for answer in ask(lists.build(), requests)]


def words_of(*numbers: object) -> str:
    return " ".join(f"{n:x}" for number in numbers for n in (number if isinstance(number, list) else [number]))


def test_partitions_into_registers() -> None:
    """Each entry where it fits, END where none does, and nothing of one that breaks a rule."""
    rng = random.Random("to registers")
    requests, wanted = [], []
    for n in range(200):
        ctx = TableContext(rng.choice((1, 2, 3)))
        values = legal_values(rng, PARTITION, ctx, {} if n % 4 else {"properties": 1 << 31})
        i = rng.choice((0, 1, 2, 3, 4, 5, 0xFFFFFFFF))
        requests.append(f"to_regs {0x10000 + ctx.version:x} 0 {i:x} {words_of(lists.flat(values))}")
        found: object = None
        try:
            found = LISTS.partition_to_regs(ctx, values, i)
        except Refused as no:
            fits = i < 15 * 8 // SPEC.descriptors[PARTITION].sizes[ctx.version]
            wanted.append(f"no {no.rule} {no.field} {no.at} {no.value:x}" if fits else "ok")
            continue
        wanted.append(f"{words_of(*found)} ok" if isinstance(found, tuple) else "ok")
    assert said(requests) == wanted
    assert min(sum(w == "ok" for w in wanted), sum(w.startswith("no MBZ") for w in wanted)) > 10


@pytest.mark.parametrize("wide", [0, 1], ids=["smc32", "smc64"])
def test_id_lists(wide: int) -> None:
    """Of any sizes and counts, and more than fit."""
    rng = random.Random(f"ids {wide}")
    requests, wanted = [], []
    for n in range(300):
        count, sizes = rng.randrange(1, 32 if n % 3 else 8), rng.choice((0, rng.getrandbits(40), rng.getrandbits(40) & rng.getrandbits(40)))
        words = [rng.getrandbits(64) for _ in range(5)]
        requests.append(f"id_lists 10001 0 {wide} {words_of(count, sizes, words)}")
        found = LISTS.id_lists(bool(wide), count, sizes, words)
        end = f"no {found.end.rule} {found.end.field} {found.end.at} {found.end.value:x}" if found.end else "ok"
        wanted.append(" ".join([*(f"{n:x}" for e in found.elements for n in lists.flat(e)), end]))
    assert said(requests) == wanted
    met = Counter(blame(w) for w in wanted)
    assert min(met["SHORT list_count"], met["SHORT list_sizes"], sum(w.endswith("ok") for w in wanted)) > 10, met


@pytest.mark.parametrize("wide", [0, 1], ids=["smc32", "smc64"])
def test_id_lists_are_written(wide: int) -> None:
    rng = random.Random(f"write ids {wide}")
    requests, wanted = [], []
    for _ in range(200):
        given = [[rng.getrandbits(16) for _ in range(rng.randrange(1, 5))] for _ in range(rng.randrange(1, 12))]
        requests.append(f"add_lists 10001 0 {wide} {' '.join(f'{len(g) - 1:x} {words_of(g)}' for g in given)}")
        wanted.append(f"{words_of(*LISTS.write_id_lists(bool(wide), given))} ok")
    assert said(requests) == wanted
    assert len({w[0] for w in wanted}) == 2
    assert said([f"add_lists 10001 0 {wide} 0 7 4 8 1 2 3"]) == ["0 1 0 7 0 0 0 0 no RANGE list_sizes 1 4"]


WHOLE = {
    "partitions": "size, size multiple of 8, in the buffer", "regs": "size", "message": "payload_size in the buffer, payload_offset in the buffer",
    "relinquish": "in the buffer, room, unique", "boot_list": "signature, in the buffer",
    "boot": "signature, blob_size in the blob, descriptor_count in the blob, descriptor_size in the blob, descriptor_offset in the blob, "
            "name, value, contents SHORT, contents OVERLAP",
    "resources": "address_map_offset in the buffer, address_map_count in the buffer, address_map_size in the buffer, no_wrap",
    "rxtx": "apart, in the buffer, sum, part in the buffer", "pack": "room for the ids, min, flags, unique", "entries": "room, each",
    "send": "room, min", "produce": "room, size, size of a value, name"}


def test_every_rule_of_the_whole_was_broken() -> None:
    if len({rule.split(":")[0] for rule in MET}) < len(lists.OPS):
        pytest.skip("not all tests were run")
    assert set(MET) == {f"{op}: {rule}" for op, rules in WHOLE.items() for rule in rules.split(", ")}
