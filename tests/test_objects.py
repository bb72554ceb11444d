"""Whole memory transactions, C against the reference reading: verdict, rule, field, offset and every value, by check and by cursors.

Objects come from seeds (objects.py): legal ones of any shape, each rule of each part broken once, every truncation, random bytes.
"""
from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import objects
import pytest

from codec import WAIVE
from codegen.ref import Refused, Values
from codegen.refobject import Bytes, Node, number
from codegen.refrecord import TableContext
from codegen.refwrite import Message, ObjectWriter
from objects import ACCESS, CONTEXTS, HEADER, RANGE, REF, SPEC, Made, make
from transaction import Access, Found, Header, Range, ask, build, check, piece, write

WAIVABLE = ("MBZ", "SBZ", "ENUM")
SIZES = [(1, 1), (1, 2), (2, 3), (3, 5), (4, 16), (6, 1), (1, 0), (3, 0)]


@pytest.fixture(scope="module", autouse=True)
def driver() -> None:
    build()


def sizes_of(ctx: TableContext) -> list[tuple[int, int]]:
    """A retrieval may go without a composite descriptor."""
    return SIZES if ctx.usage in objects.RETRIEVALS else SIZES[:-2]


def name_of(ctx: TableContext) -> str:
    return f"{SPEC.versions[ctx.version]}-{ctx.usage}"


def waived(ctx: TableContext) -> int:
    return sum(WAIVE[rule] for rule in ctx.waive)


# -- what the reference says, in the words of the driver ---------------------------------------------------------------


def numbers(node: Node) -> list[int]:
    """In the order in which the driver prints a descriptor."""
    part = node.part
    out = [number(node.values, name) for name in Header._fields]
    out += [node.first, node.stride, len(node.elements), part.at if part else 0, part.first if part else 0]
    out += [number(part.values, name) if part else 0 for name in ("total_page_count", "address_range_count")]
    out.append(len(part.elements) if part else 0)
    for access in node.elements:
        words = access["implementation_defined"]
        assert isinstance(words, list)
        out += [*(number(access, name) for name in Access._fields[:5]), *words]
    for r in part.elements if part else ():
        out += [number(r, name) for name in Range._fields]
    return out


def expected(made: Made, limit: int | None) -> str:
    try:
        there = made.data if made.room < 0 else made.data[:made.room]
        whole = REF.lengths(Bytes(there, made.whole), made.here)
        return " ".join(["ok", *(f"{n:x}" for n in numbers(REF.read(HEADER, made.ctx, whole, limit)))])
    except Refused as no:
        return f"no {no.rule} {no.field} {no.at} {no.value:x}"


def request(made: Made, op: str) -> str:
    there = made.data if made.room < 0 else made.data[:made.room]
    return check(SPEC.versions[made.ctx.version], made.ctx.usage, there, total=made.whole, fragment=made.here, waive=waived(made.ctx),
                 limit=made.limit, op=op)


def agree(cases: Sequence[Made]) -> list[str]:
    """Both ways to read each case say what the reference says; the verdict of check."""
    verdicts = [expected(made, made.limit) for made in cases]
    once = [verdict if verdict.startswith("ok") else expected(made, None) for made, verdict in zip(cases, verdicts)]
    lines = [request(made, op) for op in ("check", "walk") for made in cases]
    for line, want, got in zip(lines, [*verdicts, *once], ask(lines)):
        assert got == want, line
    return verdicts


# -- legal ones --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ctx", CONTEXTS, ids=name_of)
def test_legal_objects_of_any_shape(ctx: TableContext) -> None:
    """Whole and as first fragments; the values are those that the object was made of."""
    rng = random.Random(f"legal {ctx}")
    counts = sizes_of(ctx)
    cases = [make(rng, ctx, *counts[n % len(counts)]) for n in range(24)]
    parts = []
    for made in cases:
        head = max(made.shape.array + made.shape.stride * len(made.message.elements), made.ranges)
        if made.message.below:
            parts.append(replace(made, fragment=head + 8 * rng.randrange((len(made.data) - head) // 8 + 1)))
    for made, verdict in zip([*cases, *parts], agree([*cases, *parts])):
        assert verdict.startswith("ok"), verdict
        node = REF.read(HEADER, ctx, Bytes(made.data[:made.here], made.whole))
        assert node.values == made.message.values and tuple(node.elements) == made.message.elements
        assert tuple(node.part.elements if node.part else ()) == made.message.below[:len(node.part.elements) if node.part else 0]
        assert made.fragment >= 0 or (node.part is None) == (not made.message.below)


@pytest.mark.parametrize("version", range(len(SPEC.versions)), ids=SPEC.versions)
def test_long_objects(version: int) -> None:
    """As many constituents as the seed's example, and more than a page holds; as many borrowers as a box has."""
    rng = random.Random(f"long {version}")
    usages = ("share", "lend", "retrieve_resp")
    cases = [replace(make(rng, TableContext(version, rng.choice(usages)), *n), limit=16) for n in ((1, 170), (4, 170), (2, 300), (16, 40), (40, 4))]
    assert all(v.startswith("ok") for v in agree(cases))


# -- one rule broken ---------------------------------------------------------------------------------------------------


def judged(broken: list[objects.Broken]) -> None:
    """C, the reference and whoever broke it agree on what is blamed; cursors accept what takes a second look."""
    for b, verdict in zip(broken, agree([b.made for b in broken])):
        assert verdict.startswith("no {} {} {} ".format(*b.wanted)), f"{b.rule}: {verdict}, not {b.wanted}"
        assert expected(b.made, None).startswith("ok") == b.second, b.rule


@pytest.mark.parametrize("ctx", CONTEXTS, ids=name_of)
def test_each_rule_of_each_field(ctx: TableContext) -> None:
    """As the writer lays an object out, and otherwise; then with waivers: each lets through what it names, and nothing else."""
    rng = random.Random(f"fields {ctx}")
    broken = [b for plain in (True, False, False) for b in objects.broken_fields(rng, ctx, plain)]
    judged(broken)
    met = Counter(b.rule for b in broken)
    rules = set(objects.field_rules(rng, ctx))
    print(f"{name_of(ctx)}: {len(broken)} cases break {len(rules)} rules, the rarest {min(met[rule] for rule in rules)} times")
    assert len(rules) > 20 and rules <= set(met), sorted(rules - set(met))
    for rule in WAIVABLE:
        some = [b for b in broken if b.wanted[0] in WAIVABLE]
        cases = [replace(b.made, ctx=replace(ctx, waive=frozenset({rule}))) for b in rng.sample(some, min(60, len(some)))]
        chosen = [expected(replace(made, ctx=ctx), None).split()[1] for made in cases]
        for was, verdict in zip(chosen, agree(cases)):
            assert verdict.startswith("ok" if was == rule else f"no {was} "), verdict


MET: Counter[str] = Counter()


@pytest.mark.parametrize("ctx", CONTEXTS, ids=name_of)
def test_each_rule_of_the_whole(ctx: TableContext) -> None:
    rng = random.Random(f"whole {ctx}")
    broken, few = [], (0, 1, 2, 5) if ctx.usage in objects.RETRIEVALS else (1, 2, 5)
    for n in range(12):
        made = make(rng, ctx, rng.choice((2, 3, 4)), rng.choice(few) if n else 3, plain=n == 0)
        broken += list(objects.broken_whole(rng, made))
    judged(broken)
    MET.update(b.rule for b in broken)


def test_every_rule_of_the_whole_was_broken() -> None:
    """The arrays of the description have no rule that is not among them."""
    if not MET:
        pytest.skip("test_each_rule_of_the_whole was not run")
    for rule, n in sorted(MET.items()):
        print(f"{n:5} {rule}")
    assert set(MET) == objects.WHOLE
    said = {keyword for d in SPEC.descriptors.values() for a in d.arrays for keyword, _ in a.rules}
    assert said == objects.ON_ARRAYS


# -- less, and nonsense --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ctx", CONTEXTS, ids=name_of)
def test_every_truncation(ctx: TableContext) -> None:
    """The total as before or as short as the bytes."""
    rng = random.Random(f"cut {ctx}")
    cases = []
    for plain in (True, False):
        made = make(rng, ctx, 2, 2, plain=plain)
        cases += [replace(made, fragment=n, room=n) for n in range(len(made.data))]
        cases += [replace(made, fragment=n, room=n, total=n) for n in range(0, len(made.data), 8)]
    verdicts = Counter(verdict.split()[1 if verdict.startswith("no") else 0] for verdict in agree(cases))
    assert verdicts["SHORT"] > 10 and verdicts["ALIGN"] > len(cases) // 2 and set(verdicts) <= {"ok", "SHORT", "ALIGN", "RULE"}


@pytest.mark.parametrize("ctx", CONTEXTS, ids=name_of)
def test_bytes_changed_at_random(ctx: TableContext) -> None:
    """From one changed word to nothing but noise; with and without waivers."""
    rng = random.Random(f"noise {ctx}")
    words = (0, 1, 2, 4, 8, 16, 24, 32, 48, 56, 64, 80, 96, 0x2F, 0x1000, 0x8001, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFF0, 0xFFFFFFFF)
    cases = []
    for n in range(150):
        made = make(rng, ctx, rng.choice((1, 2, 4)), rng.choice((1, 2, 6)))
        data = bytearray(made.data if n % 10 else rng.randbytes(8 * rng.randrange(40)))
        for _ in range(rng.choice((1, 1, 2, 5, 20)) if len(data) else 0):
            at = 4 * rng.randrange(len(data) // 4)
            data[at:at + 4] = rng.choice((*words, rng.getrandbits(32))).to_bytes(4, "little")
        waive = frozenset(rule for rule in WAIVABLE if rng.random() < 0.4)
        here = rng.choice((len(data), len(data), 8 * rng.randrange(len(data) // 8 + 1)))
        cases.append(replace(made, ctx=replace(ctx, waive=waive), data=bytes(data), fragment=here, limit=rng.choice((0, 2, 99))))
    verdicts = Counter(verdict.split()[0] for verdict in agree(cases))
    assert min(verdicts["ok"], verdicts["no"]) >= 10, verdicts


# -- writing -------------------------------------------------------------------------------------------------------------


def as_found(m: Message) -> Found:
    """The message as the driver takes it."""
    access = []
    for a in m.elements:
        words = a["implementation_defined"]
        assert isinstance(words, list)
        access.append(Access(*(number(a, name) for name in Access._fields[:5]), *words))
    return Found(Header(*(number(m.values, name) for name in Header._fields)), tuple(access),
                 tuple(Range(*(number(r, name) for name in Range._fields)) for r in m.below))


def wanted(ctx: TableContext, m: Message, room: int) -> str:
    try:
        data = ObjectWriter(REF, HEADER, ctx).write(m, room)
        return f"ok {len(data):x} {data.hex()}"
    except Refused as no:
        return f"no {no.rule} {no.field} {no.at} {no.value:x}"


def spoilt(rng: random.Random, m: Message) -> Message:
    """One member of one structure holds something else."""
    key = rng.choice((HEADER, HEADER, ACCESS, ACCESS, RANGE) if m.below else (HEADER, ACCESS))
    group = {HEADER: (m.values,), ACCESS: m.elements, RANGE: m.below}[key]
    i = rng.randrange(len(group))
    names = {HEADER: Header._fields[:13], ACCESS: (*Access._fields[:4], "implementation_defined"), RANGE: Range._fields}[key]
    name = rng.choice(names)
    kind = next(f.kind for f in SPEC.descriptors[key].fields if f.name == name and f.kind is not None)
    value = rng.choice((0, 1, 2, 3, 4, 8, 0x1000, 0xFFFFFFFF, 1 << rng.randrange(64), rng.getrandbits(64), number(m.elements[0], "endpoint_id")))
    changed: Values = {**group[i], name: [0, value] if name == "implementation_defined" else value & ((1 << kind.bits) - 1)}
    if key == HEADER:
        return replace(m, values=changed)
    return replace(m, **{"elements" if key == ACCESS else "below": (*group[:i], changed, *group[i + 1:])})


@pytest.mark.parametrize("ctx", CONTEXTS, ids=name_of)
def test_writers(ctx: TableContext) -> None:
    """What the reference lays out, C writes; what it refuses, C refuses, at the same place; then any part of it."""
    rng = random.Random(f"write {ctx}")
    version, lines, answers, outcome = SPEC.versions[ctx.version], [], [], Counter[str]()
    for n in range(90):
        m = make(rng, ctx, *rng.choice(sizes_of(ctx)), plain=True).message
        m = spoilt(rng, m) if n % 3 else m
        here = replace(ctx, waive=frozenset(rule for rule in WAIVABLE if rng.random() < 0.2))
        room = rng.choice((1 << 16, 1 << 16, 1 << 16, 8 * rng.randrange(60)))
        lines.append(write(version, ctx.usage, as_found(m), room=room, waive=waived(here)))
        answers.append(wanted(here, m, room))
        outcome[answers[-1].split()[1 if answers[-1].startswith("no") else 0]] += 1
        whole = wanted(ctx, m, 1 << 16)
        if whole.startswith("ok") and n % 2:
            data = bytes.fromhex(whole.split()[2])
            offset, room = 8 * rng.randrange(len(data) // 8), 8 * rng.randrange(1, 20)
            lines.append(piece(version, ctx.usage, as_found(m), offset=offset, room=room + rng.randrange(8)))
            answers.append(f"ok {len(data):x} {data[offset:offset + room].hex()}")
    for line, want, got in zip(lines, answers, ask(lines)):
        assert got == want, line
    assert outcome["ok"] > 20 and len(outcome) > 4, outcome


def replaced(m: Message, key: str, i: int, changes: Values) -> Message:
    """Other values in element i of a group."""
    if key == HEADER:
        return replace(m, values={**m.values, **changes})
    group = m.elements if key == ACCESS else m.below
    return replace(m, **{"elements" if key == ACCESS else "below": (*group[:i], {**group[i], **changes}, *group[i + 1:])})


def broken_messages(rng: random.Random, ctx: TableContext, case: objects.Case) -> Iterator[tuple[Message, tuple[str, str, int]]]:
    """Each rule that a sender can break, once; counts, distances and offsets are the writer's."""
    made = make(rng, ctx, 3, 3, plain=True, fixed={**(objects.fixed_by(HEADER, case) or {"memory_type": 0}), **objects.few_allowed()})
    # memory_type 0: nothing depends on it
    m, last = made.message, len(made.message.elements) - 1
    where = {HEADER: 0, ACCESS: made.shape.array + made.shape.stride * last, RANGE: made.ranges + 32}
    own = {"access_size", "access_count", "access_offset", "composite_offset"}
    for key, at in where.items():
        for f in SPEC.descriptors[key].fields:
            if ctx.version in f.life and f.when == case and f.kind is not None and f.name not in own:
                for _, value, rule, name, place in objects.field_breaks(rng, key, ctx, f):
                    yield replaced(m, key, last if key == ACCESS else 2, {f.name: value}), (rule, name, at + place)
    for i in range(last):
        same = replaced(m, ACCESS, last, {"endpoint_id": m.elements[i]["endpoint_id"]})
        yield same, ("RULE", "endpoint_id", where[ACCESS])
    if ctx.usage not in objects.RETRIEVALS:
        yield replaced(m, ACCESS, last, {"endpoint_id": m.values["sender_id"]}), ("RULE", "endpoint_id", where[ACCESS])
    yield replaced(m, RANGE, 2, {"address": (1 << 64) - objects.PAGE, "page_count": 2}), ("RULE", "page_count", where[RANGE] + 8)
    many = replaced(replaced(m, RANGE, 0, {"address": 0, "page_count": 0xFFFFFFFF}), RANGE, 1, {"address": 0, "page_count": 1})
    yield many, ("RANGE", "total_page_count", made.shape.composite)
    if ctx.usage not in objects.RETRIEVALS:
        yield replace(m, below=()), ("RANGE", "composite_offset", made.shape.array + 4)
    yield replace(m, elements=()), ("RANGE", "access_count", 28)


@pytest.mark.parametrize("ctx", CONTEXTS, ids=name_of)
def test_writers_refuse_what_breaks_one_rule(ctx: TableContext) -> None:
    rng = random.Random(f"refuse {ctx}")
    broken = [b for case in objects.cases_of(HEADER, ctx.version) for b in broken_messages(rng, ctx, case)]
    answers = ask([write(SPEC.versions[ctx.version], ctx.usage, as_found(m)) for m, _ in broken])
    for (m, blamed), answer in zip(broken, answers):
        assert answer == wanted(ctx, m, 1 << 16) and answer.startswith("no {} {} {} ".format(*blamed)), (blamed, answer)
    assert len(broken) > 20


@pytest.mark.parametrize("ctx", CONTEXTS, ids=name_of)
def test_accepted_and_written_again(ctx: TableContext) -> None:
    """Canonical objects, read strictly: the same bytes.  Others: the bytes of the canonical object that says the same."""
    rng = random.Random(f"again {ctx}")
    lines, answers = [], []
    for n in range(12):
        made = make(rng, ctx, *rng.choice(SIZES[:-2]), plain=n % 2 == 0)
        node = REF.read(HEADER, ctx, Bytes(made.data, len(made.data)), made.limit)
        m = Message(node.values, tuple(node.elements), tuple(node.part.elements if node.part else ()))
        lines.append(write(SPEC.versions[ctx.version], ctx.usage, as_found(m)))
        answers.append(wanted(ctx, m, 1 << 16))
        assert n % 2 or answers[-1] == f"ok {len(made.data):x} {made.data.hex()}"
    assert ask(lines) == answers
