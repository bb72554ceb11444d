"""Which replies a call may have, C against the reference reading: each function id in register 0, each kind that a packer is given.

A reply is read and written again by the number of its call, so the choice of the codec of each call is met, too.
"""
from __future__ import annotations

import codec
import pytest
from test_differential import REF, SPEC, waive_mask
from test_edges import UNKNOWN, legal_values, packed

from codegen.model import Call, Layout
from codegen.ref import Context, Refused, Values
from codegen.slices import universe

CONVS = ("smc32", "smc64")
WAIVERS = (frozenset(), frozenset({"CONV"}), frozenset({"CONV", "WIDTH", "MBZ", "SBZ", "ENUM"}))
KEYS = list(SPEC.calls)
BIT30 = 1 << 30
NOBODY = 0x840000E0  # in the range of FF-A, and the id of no call


def refusal(no: Refused) -> str:
    return f"no {no.rule} {no.field} {no.at} {no.value:x}"


def shown(x: list[int]) -> str:
    return " ".join(["ok", *(f"{v:x}" for v in x)])


def pack(call: Call, ctx: Context, conv: str, kind: str, values: Values, own: str) -> str:
    """own is the convention of a reply that need not have the one of the request."""
    try:
        if kind == "error":
            return shown(REF.pack_reply(call.key, ctx, own if call.error is None else conv, kind, values))
        if kind == "success":
            return shown(REF.pack_reply(call.key, ctx, conv, kind, values))
        REF.exists(call, ctx)
        reply = next((r for r in call.replies if r.call == kind), None)
        if reply is None:
            raise Refused("FID", "function_id", 0, KEYS.index(kind))
        if ctx.version not in reply.life and reply.life != call.life:
            target = SPEC.calls[kind]
            raise Refused("VERSION", "function_id", 0, REF.number(target.carrier or kind))
        return shown(REF.pack_request(kind, ctx, spoken(call, conv) if reply.same else own, values))
    except Refused as no:
        return refusal(no)


def spoken(call: Call, conv: str) -> str:
    """The convention of a request: that which is asked for, or the only one."""
    convs = SPEC.convs(call)
    return conv if len(convs) == 2 else convs[0]


def again(call: Call, ctx: Context, conv: str, x: list[int]) -> str:
    """A reply is read, and packed as it was read."""
    try:
        kind, values = REF.unpack_reply(call.key, ctx, conv, x)
    except Refused as no:
        return refusal(no)
    got = "smc64" if x[0] & BIT30 and not (call.success and call.success.as_ == "version") else "smc32"
    return f"ok {kind} {got} : {pack(call, ctx, conv, kind, values, got)}"


def answers() -> list[list[int]]:
    """Registers with each function id; those of a request are legal, since that is what follows some requests."""
    found = []
    for call in SPEC.calls.values():
        for point in sorted(universe(SPEC, call, call.request)):
            values = legal_values(call, "request", call.request, point)
            assert values is not None or call.key == "error"
            x = packed(call, "request", point, values) if values is not None else None
            if x is not None:
                found.append(x)
    bare = [[fid ^ other, *[0] * 17] for fid in (NOBODY, *(f for c in SPEC.calls.values() for given in c.fids.values() for _, f in given))
            for other in (0, BIT30)]
    return [*{tuple(x): x for x in [*found, *bare]}.values()]


ANSWERS = answers()


def line(op: str, key: str, version: int, waive: frozenset[str], conv: str, numbers: list[int]) -> str:
    head = f"{op} {key} {version:x} {waive_mask(waive):x} 0 {conv == 'smc64':x}"
    return " ".join([head, *(f"{n:x}" for n in numbers)])


def compare(questions: dict[str, str]) -> set[str]:
    for (text, want), got in zip(questions.items(), codec.ask(list(questions))):
        assert got == want, text
    return {want.split()[0] for want in questions.values()}


def number(version: int) -> int:
    return codec.VERSIONS[SPEC.versions[version]]


@pytest.mark.parametrize("key", KEYS)
def test_replies_by_function_id(key: str) -> None:
    call, questions = SPEC.calls[key], dict[str, str]()
    for x in ANSWERS:
        may_follow = any(x[0] & 0xFFFFFFFF & ~BIT30 == REF.number(SPEC.calls[r.call].carrier or r.call) for r in call.replies)
        ends = x[0] & 0xFFFFFFFF & ~BIT30 in (REF.number("success"), REF.number("error"))
        for version in range(4):
            for conv in CONVS if may_follow or ends else CONVS[:1]:
                for waive in WAIVERS if may_follow or ends else WAIVERS[:1]:
                    questions[line("A", key, number(version), waive, conv, x)] = again(call, Context(version, waive), conv, x)
    mine = [fid for r in call.replies for given in SPEC.calls[SPEC.calls[r.call].carrier or r.call].fids.values() for _, fid in given]
    for fid in (NOBODY, *mine):
        for unknown in UNKNOWN:
            questions[line("A", key, unknown, frozenset(), "smc32", [fid, *[0] * 17])] = f"no VERSION version 0 {unknown:x}"
    assert compare(questions) == {"ok", "no"}


def zeros(layout: Layout) -> Values:
    found: Values = {}
    for name, entries in REF.members(layout).items():
        kind = entries[0].kind
        assert kind is not None
        size = REF.array(layout, entries) * (8 if kind.spread == "bytes" else 1) if kind.spread in ("words", "bytes") else 0
        found[name] = [0] * size if size else (0, 0) if kind.spread == "uuid" else 0
    return found


def zero_reply(call: Call, ctx: Context, conv: str, kind: str, own: str) -> str:
    layout = {"success": call.success, "error": call.error}.get(kind) or SPEC.calls[kind].request
    return pack(call, ctx, conv, kind, zeros(layout), own)


@pytest.mark.parametrize("key", KEYS)
def test_replies_by_kind(key: str) -> None:
    call, questions = SPEC.calls[key], dict[str, str]()
    for version in range(4):
        for n, kind in enumerate(KEYS):
            for conv in CONVS:
                for own in CONVS:
                    questions[line("K", key, number(version), frozenset(), conv, [n, own == "smc64"])] = \
                        zero_reply(call, Context(version), conv, kind, own)
        for n in (len(KEYS), 0x7FFFFFFF):
            exists = any(SPEC.fid(call, c, version) is not None for c in CONVS)
            want = f"no FID function_id 0 {n:x}" if exists else f"no VERSION version 0 {number(version):x}"
            questions[line("K", key, number(version), frozenset(), "smc32", [n, 0])] = want
    for unknown in UNKNOWN:
        questions[line("K", key, unknown, frozenset(), "smc32", [len(KEYS), 0])] = f"no VERSION version 0 {unknown:x}"
    assert "no" in compare(questions)


def test_replies_to_what_is_no_call() -> None:
    want = f"no FID function_id 0 {len(KEYS):x}"
    assert codec.ask([line("A", "-", number(1), frozenset(), "smc32", ANSWERS[0]), line("K", "-", number(1), frozenset(), "smc32", [0, 0])]) == [want] * 2
