"""What the shape cannot say.  One function a check; its name is the check's, and tests/bad-spec/ has a file of that name.

Here: chapters, calls, replies, types and what is said of them.  layoutchecks.py has the registers, fieldchecks.py the
rules on fields, namechecks.py the C names, tablechecks.py the tables in memory, arraychecks.py
what belongs together in them.
"""
from __future__ import annotations

from collections import defaultdict

from . import arraychecks, fieldchecks, layoutchecks, namechecks, tablechecks
from .checklist import CHECKS, Found, check, entries, enums, fields, flag_sets, layouts, stated, statements
from .model import CONVS, Call, Entry, Field, Life, Said, Spec
from .problems import Place, Problem
from .slices import universe

__all__ = ["CHECKS", "run", "arraychecks", "fieldchecks", "layoutchecks", "namechecks", "tablechecks"]

ANSWERS = ("success", "error")  # of every call, stated by keys of their own


def run(spec: Spec) -> list[Problem]:
    """Every problem of the description, in file order."""
    problems = [Problem(name, place, what) for name, function in CHECKS.items() for place, what in function(spec)]
    unique = {(p.place, p.what): p for p in problems}
    return sorted(unique.values(), key=lambda p: (p.place.file, p.place.line))


@check
def chapter_name(spec: Spec) -> Found:
    """A chapter is called as its file (a dash of the file is an underscore of the name)."""
    for chapter in spec.chapters:
        file = chapter.file.rsplit("/", 1)[-1]
        if chapter.key != file.removesuffix(".yaml").replace("-", "_"):
            yield chapter.place, f"the chapter is called {chapter.key}, its file {file}"


@check
def duplicate_call(spec: Spec) -> Found:
    """A call is described once, and the document's name means one call."""
    seen: dict[str, Place] = {}
    names: dict[str, Place] = {}
    for chapter in spec.chapters:
        for call in chapter.calls:
            place = call.said.place
            if call.key in seen:
                yield place, f"the call is already described in {seen[call.key].file}:{seen[call.key].line}"
            elif call.name in names:
                yield place, f"{names[call.name].path} is already named {call.name}"
            seen.setdefault(call.key, place)
            names.setdefault(call.name, place)


@check
def function_ids(spec: Spec) -> Found:
    """Ids are of the FF-A range, carry their convention in bit 30, and belong to one call as long as it exists."""
    seen: dict[int, str] = {}
    for call in spec.calls.values():
        place = call.said.place
        if call.carrier and call.fids:
            yield place, "a carried message has no function id of its own"
        if not call.carrier and not call.fids:
            yield place, "the call has neither a function id nor a carrier"
        numbers = set()
        for conv, given in call.fids.items():
            for since, fid in given:
                numbers.add(fid & 0xFFFF)
                if not 0 <= fid - spec.fid_first[conv] < spec.fid_count:
                    yield place, f"{fid:#010x} is no {conv.upper()} function id of FF-A"
                if seen.setdefault(fid, call.key) != call.key:
                    yield place, f"{fid:#010x} already belongs to {seen[fid]}"
                if since not in call.life and call.life.first <= call.life.last:
                    yield place, f"{conv}: the call does not exist in version {spec.versions[since]}"
            if len(given) > 1:
                yield place, f"{conv}: a call keeps its function id in all versions"
        if len(numbers) > 1:
            yield place, "the function numbers of the two conventions differ"
        for version in range(call.life.first, call.life.last + 1) if call.fids else ():
            if all(call.fid(conv, version) is None for conv in CONVS):
                yield place, f"the call has no function id in version {spec.versions[version]}"


@check
def unknown_name(spec: Spec) -> Found:
    """Calls, fields, types and error codes that are named exist."""
    codes = {e.name.upper() for e in (*spec.status.values, *spec.smccc_status.values)}
    for call in spec.calls.values():
        if call.carrier and (call.carrier not in spec.calls or spec.calls[call.carrier].carrier):
            yield call.said.place, f"the carrier {call.carrier} is no call"
        for reply in call.replies:
            if reply.call not in spec.calls and reply.call not in ANSWERS:
                yield reply.said.place, f"{reply.call} is no call"
        for meaning in call.meanings:
            if meaning.code not in codes:
                yield meaning.said.place, f"{meaning.code} is no error code"
        if call.buffer and call.buffer.length and not fields(call.request, call.buffer.length):
            yield call.said.place, f"the request has no field {call.buffer.length}"
    for call, layout, entry in entries(spec):
        place = entry.said.place
        if entry.fid_of and entry.fid_of not in spec.calls:
            yield place, f"{entry.fid_of} is no call"
        if isinstance(entry.max, str) and not fields(layout, entry.max):
            yield place, f"max: the layout has no field {entry.max}"
        if entry.length and not fields(layout, entry.length):
            yield place, f"length: the layout has no field {entry.length}"
        if entry.zero_unless:
            name, _, flag = entry.zero_unless.partition(".")
            owners = fields(layout, name)
            if not owners:
                yield place, f"zero_unless: the layout has no field {name}"
            elif flag and (owners[0].flags is None or flag not in {b.name for b in owners[0].flags.bits}):
                yield place, f"zero_unless: {name} has no flag {flag}"
    for call, layout in layouts(spec):
        for rule in layout.rules:
            for i, name in enumerate(rule.fields):
                owners = fields(layout, name)
                if not owners:
                    yield rule.place, f"{rule.keyword}: the layout has no field {name}"
                elif rule.values and (owners[0].enum is None or rule.values[i] not in {v.name for v in owners[0].enum.values}):
                    yield rule.place, f"{rule.keyword}: {name} has no enumerator {rule.values[i]}"


@check
def replies(spec: Spec) -> Found:
    """A reply can be met, and told from the other replies by its function id."""
    for call in spec.calls.values():
        seen: dict[str, str] = {}
        for reply in call.replies:
            if reply.call in ANSWERS:
                yield reply.said.place, f"every call can be answered with {reply.call}; success: and error: say how"
                continue
            if reply.call not in spec.calls:
                continue
            target = spec.calls[reply.call]
            carrier = spec.carrier_of(target)
            if reply.call in seen.values():
                yield reply.said.place, f"{reply.call} is already a reply"
            elif carrier.key in seen:
                yield reply.said.place, f"{reply.call} cannot be told from {seen[carrier.key]}: both have the function id of {carrier.key}"
            seen.setdefault(carrier.key, reply.call)
            both = reply.life.common(target.life)
            if reply.life.first <= reply.life.last and both.first > both.last:
                yield reply.said.place, f"{reply.call} exists in none of these versions"
            for conv in spec.convs(call) if reply.same else ():
                if conv not in carrier.fids:
                    yield reply.said.place, f"{reply.call} cannot be in the convention of the request: it has no {conv} function id"


@check
def says_nothing(spec: Spec) -> Found:
    """What changes nothing is not said: it would be one more thing to be wrong."""
    for call in spec.calls.values():
        if call.success is not None and call.success.as_ == "smc32" and spec.convs(call) == ("smc32",):
            yield call.success.said.place, "as: smc32 says nothing: the call has no other convention"
        for reply in call.replies:
            target = spec.calls.get(reply.call)
            if target is not None and reply.life != call.life and reply.life.common(target.life) == call.life.common(target.life):
                yield reply.said.place, f"since and until say nothing: {reply.call} exists in no other versions of the call"


@check
def version_reply(spec: Spec) -> Found:
    """A call that is answered without a function id, as FFA_VERSION is, tells success from error by a constant."""
    for call in spec.calls.values():
        success, error = call.success, call.error
        if error is not None and (success is None or success.as_ != "version"):
            yield error.said.place, "only a call with a success as: version has an error of its own"
        if success is None or success.as_ != "version":
            continue
        if error is None:
            yield success.said.place, "a call with a success as: version states its error too"
        if not any(entry.value is not None for entry in success.entries):
            yield success.said.place, "no constant tells the success from the error"
        for layout in (success, error):
            if layout is not None and not any(entry.kind for entry in layout.entries):
                yield layout.said.place, "a reply without a function id has a field"
        for reply in call.replies:
            yield reply.said.place, "a call that is answered without a function id has no other replies"


@check
def error_codes(spec: Spec) -> Found:
    """A call returns the codes of its own error reply, in versions that have them."""
    for call in spec.calls.values():
        table = spec.status if call.error is None else spec.smccc_status
        codes = {value.name.upper(): value.life for value in (*spec.status.values, *spec.smccc_status.values)}
        known = {value.name.upper() for value in table.values}
        for meaning in call.meanings:
            if meaning.code not in codes:
                continue
            if meaning.code not in known:
                yield meaning.said.place, f"{meaning.code} is none of the codes that the call returns ({table.name})"
            elif not meaning.life.within(codes[meaning.code]) and meaning.life.first <= meaning.life.last:
                yield meaning.said.place, f"exists in versions in which the code {meaning.code} does not"


@check
def malformed_code(spec: Spec) -> Found:
    """A malformed request is answered with a code of FF-A that the call returns.  (FFA_VERSION: one with the same number.)"""
    known = {value.name.upper() for value in spec.status.values}
    for call in spec.calls.values():
        if call.malformed and call.malformed not in known:
            yield call.said.place, f"malformed: {call.malformed} is no error code"
        elif call.malformed and not {call.malformed, f"SMCCC_{call.malformed}"} & {m.code for m in call.meanings}:
            yield call.said.place, f"malformed: the errors of the call do not have {call.malformed}"


@check
def life_span(spec: Spec) -> Found:
    """Nothing outlives its owner, and nothing ends before it begins."""

    def judge(said: Said, life: Life, owner: Life | None = None, of: str = "") -> Found:
        if life.first > life.last:
            yield said.place, "until is before since"
        elif owner is not None and not life.within(owner):
            yield said.place, f"exists in versions in which {of} does not"

    for enum in enums(spec):
        for value in enum.values:
            yield from judge(value.said, value.life)
    for flags in flag_sets(spec):
        for bit in flags.bits:
            yield from judge(bit.said, bit.life)
    for call in spec.calls.values():
        yield from judge(call.said, call.life, spec.carrier_of(call).life, "its carrier")
        for meaning in call.meanings:
            yield from judge(meaning.said, meaning.life, call.life, "the call")
        for reply in call.replies:
            yield from judge(reply.said, reply.life, call.life, "the call")
    for call, _, entry in entries(spec):
        if call.life.first <= call.life.last:
            yield from judge(entry.said, entry.life, call.life, "the call")
    for table in spec.descriptors.values():
        yield from judge(table.said, table.life)
        for field in table.fields if table.life.first <= table.life.last else ():
            yield from judge(field.said, field.life, table.life, "the descriptor")


@check
def enumerators(spec: Spec) -> Found:
    """Values are unique, fit the bits of every field of the type, and there is one whenever a field exists."""
    for enum in enums(spec):
        seen: dict[int, str] = {}
        for value in enum.values:
            if seen.setdefault(value.value, value.name) != value.name:
                yield value.said.place, f"{value.value} is already {seen[value.value]}"
    for entry in stated(spec):
        if entry.enum is None or entry.enum.signed:
            continue
        for value in entry.enum.values:
            if entry.lo <= entry.hi and value.value >> (entry.hi - entry.lo + 1):
                yield entry.said.place, f"{value.name} = {value.value} does not fit bits {entry.hi}:{entry.lo}"
        for version in range(entry.life.first, entry.life.last + 1):
            if not any(version in value.life for value in entry.enum.values):
                yield entry.said.place, f"{entry.enum.name} has no value in version {spec.versions[version]}"


@check
def flag_bits(spec: Spec) -> Found:
    """Flags have a bit each, inside every field of the type, in either convention."""
    for flags in flag_sets(spec):
        seen: dict[tuple[int, int], str] = {}
        for bit in flags.bits:
            for version in range(bit.life.first, bit.life.last + 1):
                if seen.setdefault((bit.at, version), bit.name) != bit.name:
                    yield bit.said.place, f"bit {bit.at} is already {seen[bit.at, version]}"
    for table in spec.descriptors.values():
        for field in table.fields:
            yield from flags_fit(field, field.hi)
    for call, layout, entry in entries(spec):
        narrow = entry.conv != "smc64" and any(conv == "smc32" for _, conv in universe(spec, call, layout))
        yield from flags_fit(entry, min(entry.hi, 31) if narrow else entry.hi)


def flags_fit(entry: Entry | Field, top: int) -> Found:
    for bit in entry.flags.bits if entry.flags else ():
        if bit.at > top - entry.lo:
            yield entry.said.place, f"flag {bit.name} (bit {bit.at}) does not fit bits {top}:{entry.lo}"


@check
def uncertain(spec: Spec) -> Found:
    """What is not certain says why; what only an alpha version has is marked."""
    alpha = min(spec.versions.index(v) for v in spec.alpha) if spec.alpha else len(spec.versions)
    for said, life, what, above in statements(spec):
        if said.status == "unconfirmed" and not (said.note or above):
            yield said.place, "status: unconfirmed needs a note that says what is uncertain"
        if what == "call" and life.first >= alpha and not said.status:
            yield said.place, f"exists only from version {spec.versions[alpha]} on: status: alpha is missing"


@check
def identified(spec: Spec) -> Found:
    """A carried message is told from others by constants; only the last of its carrier may have none."""
    by_carrier: dict[str, list[Call]] = defaultdict(list)
    for call in spec.calls.values():
        if call.carrier:
            by_carrier[call.carrier].append(call)
    for family in by_carrier.values():
        for i, call in enumerate(family):
            if not constants(call) and (i < len(family) - 1 or i == 0):
                yield call.said.place, "no constant identifies the message"
            for other in family[:i]:
                if constants(other) and covers(constants(other), constants(call)):
                    yield call.said.place, f"every such message is taken for {other.key}, whose constants it has"


def constants(call: Call) -> dict[int | str, tuple[int, int]]:
    """What identifies a message: (mask, value) by register, and the calls whose function ids it names."""
    found: dict[int | str, tuple[int, int]] = {}
    for entry in call.request.entries:
        if entry.value is not None and entry.regs:
            mask, value = found.get(entry.regs[0], (0, 0))
            here = ((1 << max(entry.hi - entry.lo + 1, 0)) - 1) << entry.lo
            found[entry.regs[0]] = mask | here, value | entry.value << entry.lo
        elif entry.fid_of:
            found[entry.fid_of] = (0, 0)
    return found


def covers(first: dict[int | str, tuple[int, int]], second: dict[int | str, tuple[int, int]]) -> bool:
    """Does everything with the second constants have the first?"""
    for key, (mask, value) in first.items():
        other, there = second.get(key, (0, -1))
        if there < 0 or mask & ~other or value != there & mask:
            return False
    return True
