"""Any request by its function id, and any message that a call carries, C against the reference reading: read, and written again."""
from __future__ import annotations

from collections.abc import Callable

import codec
from test_differential import REF, SPEC, is_message
from test_edges import UNKNOWN
from test_reply_kinds import ANSWERS, BIT30, KEYS, NOBODY, compare, number, refusal, shown, spoken, zeros

from codegen.ref import Context, Refused

# Blamed when no message of the call has these registers; FFA_FEATURES asks about something in any case.
UNTOLD = {"msg_send_direct_req": ("framework", 2), "msg_send_direct_resp": ("framework", 2),
          "msg_send_direct_req2": ("protocol_uuid_lo", 2), "msg_send_direct_resp2": ("protocol_uuid_lo", 2)}
CARRIERS = {call.carrier for call in SPEC.calls.values() if call.carrier}


def line(op: str, word: str, version: int, x: list[int]) -> str:
    return " ".join([op, word, f"{version:x}", "0 0 0", *(f"{n:x}" for n in x)])


def again(key: str, ctx: Context, x: list[int]) -> str:
    """A call is read, and packed as it was read."""
    got = "smc64" if x[0] & BIT30 else "smc32"
    try:
        values = REF.unpack_request(key, ctx, x)
        return f"ok {key} {got} : {shown(REF.pack_request(key, ctx, spoken(SPEC.calls[key], got), values))}"
    except Refused as no:
        return refusal(no)


def named(x: list[int]) -> str:
    return next((key for key, call in SPEC.calls.items() if not call.carrier and REF.number(key) == x[0] & 0xFFFFFFFF & ~BIT30), "")


def request(ctx: Context, x: list[int]) -> str:
    key = named(x)
    return again(key, ctx, x) if key else refusal(Refused("FID", "function_id", 0, x[0]))


def message(ctx: Context, x: list[int]) -> str:
    carrier = named(x)
    if carrier not in CARRIERS:
        return refusal(Refused("FID", "function_id", 0, x[0]))
    key = next((call.key for call in SPEC.calls.values() if call.carrier == carrier and is_message(call, ctx, x)), "")
    if key:
        return again(key, ctx, x)
    field, reg = UNTOLD[carrier]
    return refusal(Refused("KEY", field, reg, x[reg]))


def of_the_others(x: list[int]) -> list[list[int]]:
    """The registers, and with one bit changed of those that tell messages apart."""
    flips = [(reg, bit) for reg in (1, 2, 3, 9) for bit in (0, 1, 2, 7, 8, 31, 32, 63)] if named(x) in CARRIERS else []
    return [x, *([v ^ (1 << bit if n == reg else 0) for n, v in enumerate(x)] for reg, bit in flips)]


def asked(op: str, of: Callable[[Context, list[int]], str]) -> dict[str, str]:
    found = {}
    for given in ANSWERS:
        for x in of_the_others(given):
            for version in range(4):
                found[line(op, "-", number(version), x)] = of(Context(version), x)
    return found


def zero_packed(op: str) -> dict[str, str]:
    found = {}
    for n, key in enumerate(KEYS):
        call = SPEC.calls[key]
        for version in range(4):
            try:
                if bool(call.carrier) != (op == "M"):
                    raise Refused("FID", "function_id", 0, n)
                want = shown(REF.pack_request(key, Context(version), spoken(call, "smc32"), zeros(call.request)))
            except Refused as no:
                want = refusal(no)
            found[line(op, f"{n:x}", number(version), [])] = want
    return found | {line(op, f"{n:x}", number(1), []): refusal(Refused("FID", "function_id", 0, n)) for n in (len(KEYS), 0x7FFFFFFF)}


def test_requests() -> None:
    assert compare(asked("Q", request)) == {"ok", "no"}


def test_messages() -> None:
    assert compare(asked("M", message)) == {"ok", "no"}


def test_packed_by_number() -> None:
    assert compare(zero_packed("Q") | zero_packed("M")) == {"ok", "no"}


def test_versions_that_nobody_speaks() -> None:
    """An id of nobody is told before the version."""
    found = {}
    for unknown in UNKNOWN:
        for x in (x for x in ANSWERS if named(x) in CARRIERS):
            field, reg = UNTOLD.get(named(x), ("version", 0))
            want = Refused("KEY", field, reg, x[reg]) if reg else Refused("VERSION", field, 0, unknown)
            if not reg and x[0] & BIT30:  # FFA_FEATURES has one convention
                want = Refused("FID", "function_id", 0, x[0])
            found[line("M", "-", unknown, x)] = refusal(want)
        found[line("Q", "-", unknown, [NOBODY])] = refusal(Refused("FID", "function_id", 0, NOBODY))
        found[line("M", "-", unknown, [NOBODY])] = refusal(Refused("FID", "function_id", 0, NOBODY))
        found[line("Q", "-", unknown, [REF.number("id_get")])] = refusal(Refused("VERSION", "version", 0, unknown))
        found[line("M", "-", unknown, [REF.number("features")])] = refusal(Refused("VERSION", "version", 0, unknown))
    compare(found)
