"""Readers and writers of memory transaction descriptors: the bytes on one side are laid out by hand (transaction_bytes.py).

tests/transaction_driver.c, built with sanitizers and the load hook, sees to what no answer shows: no byte is loaded twice or from outside,
a refused write or fragment leaves nothing behind, an accepted one writes every byte.  Real traffic: test_transaction_traces.py; mistakes of
others: test_descriptor_vectors.py.
"""
from __future__ import annotations

import struct
from dataclasses import replace
from math import ceil

import codec
import pytest

from codec import VERSIONS, WAIVE
from codegen import refarray
from transaction import HYP, SENDS, USAGES, Access, Found, Header, No, Range, Written, build, check, convert, join, joined, mutate, piece, pieces, read, run, write
from transaction_bytes import BASE, HANDLE, HEADER, NORMAL, STRIDE, laid_out, message_of, poked, said, share

@pytest.fixture(scope="module", autouse=True)
def driver() -> None:
    build()


# -- base vectors ------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("version, size, array, composite, length",
                         [("1.0", 0, 0, 48, 80), ("1.1", 16, 48, 64, 96), ("1.2", 32, 48, 80, 112), ("1.3", 32, 48, 80, 112)])
def test_base_vectors(version: str, size: int, array: int, composite: int, length: int) -> None:
    data = BASE[version]
    assert len(data) == length and data == laid_out(version)
    f = read([check(version, "share", data)])[0]
    assert f == Found(Header(1, 2, 3, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, size, 1, array), (Access(0x8001, 0, 2, 0, composite, 0, 0),),
                      (Range(0x80000000, 1),))
    assert f.places == (array or 32, size or 16, 1, composite, composite + 16)
    assert (f.total_page_count, f.address_range_count) == (1, 1)
    assert run([write(version, "share", said(f))]) == [Written(length, data)]


def test_base_vectors_of_another_version_are_refused() -> None:
    lines = [check("1.0", "share", BASE["1.1"]), check("1.0", "share", BASE["1.2"]), check("1.1", "share", BASE["1.0"])]
    assert read(lines) == [No("MBZ", "reserved", 24, 16), No("MBZ", "reserved", 24, 32), No("SBZ", "reserved", 36, 48)]


def test_larger_and_smaller_access_descriptors_are_read_as_far_as_they_go() -> None:
    of_1_2, of_1_1 = read([check("1.1", "share", BASE["1.2"]), check("1.2", "share", BASE["1.1"])])
    assert of_1_2.places == (48, 32, 1, 80, 96) and of_1_1.places == (48, 16, 1, 64, 80)
    assert said(of_1_2) == said(of_1_1) == share(1, 1)


# -- the seed: FFA_MEM_SHARE in version 1.0 -------------------------------------------------------------------------------


def test_the_first_share_byte_for_byte() -> None:
    lines, expected = [], []
    for borrowers in range(1, 5):
        for n in range(1, 171):
            flags, tag, sender = 2 * (n % 2), 0x1122334455667788 * n & 0xFFFFFFFFFFFFFFFF, n
            pages = [1 + (7 * i) % 5 for i in range(n)]
            data = struct.pack("<HBBIQQII", sender, 0x2F, 0, flags, 0, tag, 0, borrowers)
            for i in range(borrowers):
                data += struct.pack("<HBBIQ", 0x8001 + i, 2, 0, 32 + 16 * borrowers, 0)
            data += struct.pack("<IIQ", sum(pages), n, 0)
            for i in range(n):
                data += struct.pack("<QII", 0x80000000 + 0x8000 * i, pages[i], 0)
            assert len(data) == 32 + 16 * borrowers + 16 + 16 * n
            m = Found(NORMAL._replace(sender_id=sender, flags=flags, tag=tag), tuple(Access(0x8001 + i, 0, 2) for i in range(borrowers)),
                      tuple(Range(0x80000000 + 0x8000 * i, pages[i]) for i in range(n)))
            lines.append(write("1.0", "share", m))
            expected.append(Written(len(data), data))
    assert run(lines) == expected


def test_the_first_share_in_registers() -> None:
    lengths = [32 + 16 * borrowers + 16 + 16 * n for borrowers in range(1, 5) for n in range(1, 171)]
    answers = codec.run([codec.line("P", "mem_share", "1.0", [n, n, 0, 0]) for n in lengths])
    assert [a.values for a in answers] == [(0x84000073, n, n, *[0] * 15) for n in lengths]


# -- writing -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("usage", USAGES)
@pytest.mark.parametrize("version", VERSIONS)
def test_every_usage_both_ways(version: str, usage: str) -> None:
    m, numbers = message_of(usage)
    data = laid_out(version, ranges=m.ranges, **numbers)
    assert run([write(version, usage, m)]) == [Written(len(data), data)]
    f = read([check(version, usage, data)])[0]
    assert isinstance(f, Found) and said(f) == m


@pytest.mark.parametrize("version", VERSIONS)
def test_a_write_fits_or_does_not(version: str) -> None:
    m = share(2, 3)
    total = HEADER[version] + 2 * STRIDE[version] + 16 + 3 * 16
    rooms = list(range(total + 9))
    expected = [No("SHORT", "total_length", room, total) for room in rooms[:total]]
    assert run([write(version, "share", m, room=room) for room in rooms])[:total] == expected
    assert {a.total for a in run([write(version, "share", m, room=room) for room in rooms[total:]])} == {total}


WRONG_MESSAGES = [  # usage, version, message, refusal
    ("share", "1.0", share(0, 1), No("RANGE", "access_count", 28)),
    ("donate", "1.1", share(2, 1), No("RANGE", "access_count", 28, 2)),
    ("share", "1.1", share(1, 0), No("RANGE", "composite_offset", 52)),
    ("retrieve_resp", "1.1", share(1, 1), No("RANGE", "transaction_type", 4)),
    ("share", "1.1", replace(share(1, 1), header=NORMAL._replace(flags=1)), No("MBZ", "flags", 4, 1)),
    ("share", "1.1", replace(share(1, 1), header=NORMAL._replace(handle=1)), No("MBZ", "handle", 8, 1)),
    ("share", "1.1", replace(share(1, 1), header=NORMAL._replace(cacheability=2)), No("ENUM", "cacheability", 2, 2)),
    ("share", "1.1", replace(share(1, 1), header=NORMAL._replace(memory_type=1)), No("ABSENT", "cacheability", 2, 3)),
    ("share", "1.1", replace(share(2, 1), access=(Access(7), Access(7))), No("RULE", "endpoint_id", 64, 7)),
    ("share", "1.2", replace(share(2, 1), access=(Access(7), Access(7))), No("RULE", "endpoint_id", 80, 7)),
    ("share", "1.1", replace(share(2, 1), access=(Access(7), Access(1))), No("RULE", "endpoint_id", 64, 1)),
    ("lend", "1.0", replace(share(1, 1), access=(Access(1),)), No("RULE", "endpoint_id", 32, 1)),
    ("share", "1.2", replace(share(2, 1), access=(Access(7), Access(8, data_access=3))), No("ENUM", "data_access", 82, 3)),
    ("share", "1.1", replace(share(1, 1), access=(Access(7, implementation_defined_1=5),)), No("ABSENT", "implementation_defined", 56, 5)),
    ("share", "1.0", replace(share(1, 3), ranges=(Range(0, 1), Range(0x1000, 0), Range(0x2000, 1))), No("RANGE", "page_count", 88)),
    ("share", "1.0", replace(share(1, 2), ranges=(Range(0, 1), Range(0x1800, 1))), No("ALIGN", "address", 80, 0x1800)),
    ("share", "1.0", replace(share(1, 2), ranges=(Range(0, 0xFFFFFFFF), Range(1 << 60, 1))), No("RANGE", "total_page_count", 48, 1 << 32)),
]


@pytest.mark.parametrize("usage, version, m, no", WRONG_MESSAGES)
def test_a_wrong_message_is_refused_where_it_is_wrong(usage: str, version: str, m: Found, no: No) -> None:
    assert run([write(version, usage, m), pieces(version, usage, m, size=64), piece(version, usage, m, offset=0, room=4096)]) == [no] * 3


@pytest.mark.parametrize("usage, values, no", [  # each would go out over the bits of its neighbours
    ("lend", {"alignment_hint": 0xB0}, No("MBZ", "alignment_hint", 4, 0xB0)), ("retrieve_req", {"security": 3}, No("MBZ", "security", 2, 3)),
    ("share", {"handle": 0x1000}, No("MBZ", "handle", 8, 0x1000))])
def test_a_field_of_another_usage_has_no_place_even_when_rules_are_waived(usage: str, values: dict[str, int], no: No) -> None:
    m, _ = message_of(usage)
    m = replace(m, header=m.header._replace(**values))
    assert run([write("1.1", usage, m, waive=sum(WAIVE.values()))]) == [no]


def test_an_unknown_version_is_refused() -> None:
    for line in (check("1.1", "share", BASE["1.1"]), write("1.1", "share", share(1, 1)), piece("1.1", "share", share(1, 1), offset=0, room=96)):
        assert run([line.replace(" 10001 ", " 20000 ", 1)]) == [No("VERSION", "version", 0, 0x20000)]


def test_a_descriptor_has_a_length_of_32_bits() -> None:
    """Refused before the arrays are looked at: the driver has no more than 4096 elements behind these counts."""
    for access, ranges, end in ((1, 0xFFFFFFB, 80 + 16 * 0xFFFFFFB), (1, 0xFFFFFFFF, 80 + 16 * 0xFFFFFFFF),
                                (0x10000000, 1, 80 + 16 * 0x10000000), (0xFFFFFFFF, 0xFFFFFFFF, 64 + 32 * 0xFFFFFFFF)):
        words = f"{' 0' * 13} {access:x}{' 8001 0 2 0 0 0' * min(access, 4096)} {ranges:x}{' 0 1' * min(ranges, 4096)}"
        for line in ("write 10001 share 0 1000", "piece 10001 share 0 0 1000", "piece 10001 share 0 8 1000"):
            assert run([line + words]) == [No("RANGE", "total_length", 0xFFFFFFFF, end)]


# -- fragments -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("borrowers, constituents", [(1, 1), (2, 3), (4, 16)])
def test_every_fragment_size(version: str, borrowers: int, constituents: int) -> None:
    """The driver compares with the whole, and tries fragments that are wrong before each one that is right."""
    m = share(borrowers, constituents)
    total = HEADER[version] + STRIDE[version] * borrowers + 16 + 16 * constituents
    sizes = [*range(8, total + 1, 8), 9, 20, 31, total - 1, total + 1, 4096]
    counts = [ceil(total / (size if size > total else size // 8 * 8)) for size in sizes]
    assert run([pieces(version, "share", m, size=size) for size in sizes]) == [[total, count] for count in counts]


@pytest.mark.parametrize("usage", USAGES)
@pytest.mark.parametrize("version", VERSIONS)
def test_every_usage_in_fragments(version: str, usage: str) -> None:
    """A retrieve request ends with its access descriptors."""
    m, numbers = message_of(usage)
    data = laid_out(version, ranges=m.ranges, **numbers)
    offsets = range(0, len(data), 8)
    assert run([piece(version, usage, m, offset=offset, room=24) for offset in offsets]) == [
        Written(len(data), data[offset:offset + 24]) for offset in offsets]
    assert run([pieces(version, usage, m, size=size) for size in (8, 24, 40)]) == [[len(data), ceil(len(data) / size)] for size in (8, 24, 40)]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_fragment_is_a_part_of_the_whole(version: str) -> None:
    m = share(2, 3)
    data = laid_out(version, [(0x8001, 2), (0x8002, 2)], m.ranges)
    places = [(offset, room) for offset in range(0, len(data), 8) for room in (8, 24, 40, len(data), 4096)]
    answers = run([piece(version, "share", m, offset=offset, room=room) for offset, room in places])
    assert answers == [Written(len(data), data[offset:offset + room]) for offset, room in places]


@pytest.mark.parametrize("version, total", [("1.0", 80), ("1.1", 96), ("1.2", 112), ("1.3", 112)])
def test_fragments_that_cannot_be(version: str, total: int) -> None:
    wrong = {(total, 64): No("RANGE", "fragment_offset", total, total), (0xFFFFFFF8, 64): No("RANGE", "fragment_offset", total, 0xFFFFFFF8),
             (4, 64): No("ALIGN", "fragment_offset", 4, 4), (8, 7): No("SHORT", "fragment_length", 8, 7),
             (total - 8, 0): No("SHORT", "fragment_length", total - 8, 0)}
    assert run([piece(version, "share", share(1, 1), offset=offset, room=room) for offset, room in wrong]) == list(wrong.values())


def test_an_assembly_begins_with_a_length_that_can_be() -> None:
    for room, total, no in ((96, 0, No("RANGE", "total_length", 0, 0)), (96, 97, No("ALIGN", "total_length", 97, 97)),
                            (96, 100, No("ALIGN", "total_length", 100, 100)), (95, 96, No("SHORT", "total_length", 95, 96)),
                            (0, 0xFFFFFFF8, No("SHORT", "total_length", 0, 0xFFFFFFF8))):
        assert joined(join(room, total, [])) == ([no], b"")
    assert joined(join(100, 96, [BASE["1.1"]])) == ([("end", 96)], BASE["1.1"])


# -- lengths -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("usage", USAGES)
@pytest.mark.parametrize("version", VERSIONS)
def test_whatever_is_shorter_is_refused(version: str, usage: str) -> None:
    """The bytes lie in a block of exactly their size.  A first fragment may lack constituents, but nothing else."""
    m, numbers = message_of(usage)
    m = replace(m, access=(Access(7, 0, 2),) if usage == "donate" else (Access(7, 0, 2), Access(8, 0, 2)),
                ranges=() if not m.ranges else share(1, 4).ranges)
    data = laid_out(version, [(a.endpoint_id, 2) for a in m.access], m.ranges, **numbers)
    assert said(read([check(version, usage, data)])[0]) == m
    lengths = range(len(data))
    for no in read([check(version, usage, data[:n]) for n in lengths]):
        assert isinstance(no, No) and no.rule in ("SHORT", "ALIGN"), no
    array = HEADER[version] + STRIDE[version] * len(m.access)
    for n, answer in zip(lengths, read([check(version, usage, data[:n], total=len(data)) for n in lengths])):
        if m.ranges and n >= array + 16 and n % 8 == 0:
            assert isinstance(answer, Found) and answer.ranges == m.ranges[:(n - array - 16) // 16]
        elif n % 8:
            assert answer == No("ALIGN", "fragment_length", n, n)
        elif n < HEADER[version]:
            assert answer == No("SHORT", "none", 0, n)
        elif n < array:
            assert answer == No("SHORT", "access_count", 28, len(m.access))
        else:
            assert answer == No("SHORT", "none", array, n)
    longer = [check(version, usage, data[:n], total=len(data), fragment=len(data)) for n in lengths]
    assert read(longer) == [No("SHORT", "fragment_length", n, len(data)) for n in lengths]


@pytest.mark.parametrize("total, fragment, no", [
    (88, 96, No("RANGE", "fragment_length", 88, 96)), (0, 8, No("RANGE", "fragment_length", 0, 8)),
    (100, 96, No("ALIGN", "total_length", 100, 100)), (96, 92, No("ALIGN", "fragment_length", 92, 92)),
    (0xFFFFFFF8, 0xFFFFFFF8, No("SHORT", "fragment_length", 96, 0xFFFFFFF8)), (96, 0, No("SHORT", "none", 0, 0))])
def test_lengths_that_cannot_be(total: int, fragment: int, no: No) -> None:
    assert read([check("1.1", "share", BASE["1.1"], total=total, fragment=fragment)]) == [no]


# -- where the parts are ---------------------------------------------------------------------------------------------------

ANYWHERE = [  # what laid_out is told: all legal from 1.1 on, those without array and stride in 1.0 too
    {"composite": 8}, {"composite": 16}, {"composite": 0x400}, {"array": 64}, {"array": 80, "composite": 40}, {"array": 0x1000},
    {"stride": 16}, {"stride": 32}, {"stride": 48}, {"stride": 64}, {"stride": 0x200, "array": 96, "composite": 8},
    {"array": 160, "composite": -96}, {"array": 144, "composite": -80}, {"array": 0x400, "stride": 64, "composite": -0x380}]


def laid_anywhere(version: str, place: dict[str, int]) -> bytes:
    """composite: bytes behind the access descriptors, or from the start of their array when negative; total: bytes behind everything."""
    array, stride = place.get("array", HEADER[version]), place.get("stride", STRIDE[version])
    more = place.get("composite", 0)
    composite = array + (2 * stride if more >= 0 else 0) + more
    return laid_out(version, [(0x8001, 2), (0x8002, 6)], [(0x80000000, 1), (0x90000000, 2), (0xA0000000, 1)], array=array, stride=stride,
                    composite=composite, total=max(array + 2 * stride, composite + 64) + place.get("total", 0))


def places_of(version: str) -> list[dict[str, int]]:
    """1.0 fixes the place and size of access descriptors."""
    return [place for place in ANYWHERE if version != "1.0" or not place.keys() & {"array", "stride"}]


@pytest.mark.parametrize("version, place", [(version, place) for version in VERSIONS for place in places_of(version)], ids=str)
def test_parts_may_lie_anywhere(version: str, place: dict[str, int]) -> None:
    expected = Found(NORMAL, (Access(0x8001, 0, 2), Access(0x8002, 1, 2)), (Range(0x80000000, 1), Range(0x90000000, 2), Range(0xA0000000, 1)))
    data = laid_anywhere(version, place)
    f = read([check(version, "share", data)])[0]
    assert isinstance(f, Found), f
    assert said(f) == expected
    plain = {to: laid_out(to, [(0x8001, 2), (0x8002, 6)], expected.ranges) for to in VERSIONS}
    assert run([write(version, "share", said(f))]) == [Written(len(plain[version]), plain[version])]
    assert run([convert(version, "share", data, to) for to in VERSIONS]) == [Written(len(p), p) for p in plain.values()]


def two(version: str) -> bytes:
    return laid_anywhere(version, {})


MISPLACED = [  # version, bytes, refusal: offsets by hand from the base vectors
    ("1.1", poked("1.1", (24, "I", 0)), No("RANGE", "access_size", 24, 0)),
    ("1.1", poked("1.1", (24, "I", 8)), No("RANGE", "access_size", 24, 8)),
    ("1.1", poked("1.1", (24, "I", 15)), No("RANGE", "access_size", 24, 15)),
    ("1.2", poked("1.2", (24, "I", 24)), No("ALIGN", "access_size", 24, 24)),
    ("1.1", poked("1.1", (24, "I", 0xFFFFFFF0)), No("SHORT", "access_count", 28, 1)),
    ("1.1", poked("1.1", (28, "I", 0x10000001)), No("SHORT", "access_count", 28, 0x10000001)),  # times 16 is 16 in 32 bits
    ("1.2", poked("1.2", (28, "I", 0x08000001)), No("SHORT", "access_count", 28, 0x08000001)),
    ("1.0", poked("1.0", (28, "I", 0x10000001)), No("SHORT", "access_count", 28, 0x10000001)),
    ("1.0", poked("1.0", (28, "I", 0xFFFFFFFF)), No("SHORT", "access_count", 28, 0xFFFFFFFF)),
    ("1.1", poked("1.1", (28, "I", 4)), No("SHORT", "access_count", 28, 4)),
    ("1.1", poked("1.1", (32, "I", 32)), No("RANGE", "access_offset", 32, 32)),
    ("1.1", poked("1.1", (32, "I", 56)), No("ALIGN", "access_offset", 32, 56)),
    ("1.1", poked("1.1", (32, "I", 96)), No("SHORT", "access_count", 28, 1)),
    ("1.1", poked("1.1", (32, "I", 112)), No("SHORT", "access_offset", 32, 112)),
    ("1.1", poked("1.1", (32, "I", 0xFFFFFFF0)), No("SHORT", "access_offset", 32, 0xFFFFFFF0)),
    ("1.0", poked("1.0", (36, "I", 40)), No("RANGE", "composite_offset", 36, 40)),
    ("1.1", poked("1.1", (52, "I", 56)), No("RANGE", "composite_offset", 52, 56)),
    ("1.1", poked("1.1", (52, "I", 68)), No("ALIGN", "composite_offset", 52, 68)),
    ("1.1", poked("1.1", (52, "I", 88)), No("SHORT", "composite_offset", 52, 88)),
    ("1.1", poked("1.1", (52, "I", 0xFFFFFFF8)), No("SHORT", "composite_offset", 52, 0xFFFFFFF8)),
    ("1.2", poked("1.2", (52, "I", 0xFFFFFFF8)), No("SHORT", "composite_offset", 52, 0xFFFFFFF8)),
    ("1.2", poked("1.2", (52, "I", 64)), No("OVERLAP", "composite_offset", 52, 64)),  # inside the access descriptor
    ("1.2", poked("1.2", (52, "I", 72)), No("OVERLAP", "composite_offset", 52, 72)),
    ("1.1", poked("1.1", (52, "I", 64), data=two("1.1")), No("OVERLAP", "composite_offset", 52, 64)),  # the second access descriptor
    ("1.1", poked("1.1", (68, "I", 88), data=two("1.1")), No("RULE", "composite_offset", 68, 88)),
    ("1.2", poked("1.2", (84, "I", 120), data=two("1.2")), No("RULE", "composite_offset", 84, 120)),
    ("1.0", poked("1.0", (52, "I", 72), data=two("1.0")), No("RULE", "composite_offset", 52, 72)),
    ("1.1", poked("1.1", (68, "I", 0)), No("RANGE", "address_range_count", 68, 0)),
    ("1.1", poked("1.1", (68, "I", 2)), No("SHORT", "address_range_count", 68, 2)),
    ("1.1", poked("1.1", (68, "I", 0x10000001)), No("SHORT", "address_range_count", 68, 0x10000001)),
    ("1.0", poked("1.0", (52, "I", 0xFFFFFFFF)), No("SHORT", "address_range_count", 52, 0xFFFFFFFF)),
    ("1.1", poked("1.1", (68, "I", 5), data=laid_anywhere("1.1", {"array": 144, "composite": -80})),
     No("OVERLAP", "address_range_count", 68, 5)),  # from 64, with four ranges up to the access descriptors at 144
    ("1.1", poked("1.1", (148, "I", 136), data=laid_anywhere("1.1", {"array": 144, "composite": -80})),
     No("OVERLAP", "composite_offset", 148, 136)),
    # the constituent at 80 is also an access descriptor: endpoint 0x1000, permissions 2, composite descriptor at 64
    ("1.2", laid_out("1.2", ranges=[(0x4000021000, 1)], array=80, composite=64), No("OVERLAP", "address_range_count", 68, 1)),
]


@pytest.mark.parametrize("version, data, no", MISPLACED, ids=[f"{i}-{version}-{no.rule}-{no.field}" for i, (version, _, no) in enumerate(MISPLACED)])
def test_misplaced_parts_are_refused(version: str, data: bytes, no: No) -> None:
    assert read([check(version, "share", data)]) == [no]


@pytest.mark.parametrize("version", VERSIONS)
def test_the_composite_descriptor_of_a_retrieval(version: str) -> None:
    """May be missing; where it is not, it is beside the header and the access descriptor."""
    access = HEADER[version]
    good = laid_out(version, flags=8, handle=HANDLE)
    wrong = {8: "OVERLAP", 12: "ALIGN", 24: "OVERLAP", access - 8: "OVERLAP", access: "OVERLAP", access + STRIDE[version] - 8: "OVERLAP",
             len(good) - 8: "SHORT", len(good): "SHORT", 0xFFFFFFF8: "SHORT"}
    answers = read([check(version, "retrieve_resp", poked(version, (access + 4, "I", offset), data=good)) for offset in wrong])
    assert answers == [No(rule, "composite_offset", access + 4, offset) for offset, rule in wrong.items()]
    none = read([check(version, usage, poked(version, (access + 4, "I", 0), data=good)) for usage in USAGES[3:]])
    assert [(f.places.composite, f.ranges, f.address_range_count) for f in none] == [(0, (), 0)] * 2
    if version != "1.0":  # a send has it from 64 on
        close = laid_out(version, flags=8, handle=HANDLE, array=80, composite=48)
        assert read([check(version, "retrieve_resp", close)])[0].ranges == (Range(0x80000000, 1),)
        assert read([check(version, "share", laid_out(version, array=80, composite=48))]) == [No("RANGE", "composite_offset", 84, 48)]


def test_judgements_on_layout() -> None:
    """16-byte access descriptors where the header says so, composite descriptors at multiples of 8 taken, of 16 made."""
    small = laid_out("1.2", [(0x8001, 2), (0x8002, 6)], stride=16, gap=0)
    for version in ("1.2", "1.3"):
        f = read([check(version, "share", small)])[0]
        assert [a.endpoint_id for a in f.access] == [0x8001, 0x8002] and f.places == (48, 16, 2, 80, 96)
    assert read([check("1.2", "share", poked("1.2", (72, "Q", 1), data=small))]) == [No("SBZ", "reserved", 72, 1)]
    for version in VERSIONS:
        odd = laid_out(version, composite=HEADER[version] + STRIDE[version] + 8)
        assert read([check(version, "share", odd)])[0].places.composite % 16 == 8
        lines = [write(version, "share", share(n, 1)) for n in range(1, 9)]
        made = [w.data for w in run(lines)]
        assert {struct.unpack_from("<I", data, HEADER[version] + 4)[0] % 16 for data in made} == {0}


# -- rules on whole arrays -------------------------------------------------------------------------------------------------


def test_ranges_that_overlap() -> None:
    ranges = [(0x90000000, 1), (0x80000000, 4), (0x80004000, 1), (0x7FFFF000, 1), (0x80003000, 1)]  # the last is in the second
    data = laid_out("1.1", ranges=ranges)
    assert isinstance(read([check("1.1", "share", laid_out("1.1", ranges=ranges[:4]))])[0], Found)
    for limit, answer in ((0, Found), (4, Found), (5, No), (64, No)):
        got = read([check("1.1", "share", data, limit=limit)])[0]
        assert isinstance(got, answer)
    assert got == No("OVERLAP", "address", 80 + 4 * 16, 0x80003000)
    around = laid_out("1.1", ranges=[(0x80003000, 1), (0x80000000, 8)])
    last = laid_out("1.1", ranges=[(0xFFFFFFFFFFFFF000, 1), (0, 1), (0x1000, 0xFFFFFFFF)])
    assert read([check("1.1", "share", around)])[0] == No("OVERLAP", "address", 96, 0x80000000)
    assert read([check("1.1", "share", poked("1.1", (64, "I", 0), data=last))])[0] == No("RULE", "total_page_count", 64, 0x100000001)


def test_pages_are_counted_as_far_as_they_are_here() -> None:
    data = laid_out("1.1", ranges=[(0x80000000, 2), (0x90000000, 3), (0xA0000000, 4)])
    few, none, many = (poked("1.1", (64, "I", n), data=data) for n in (4, 0, 10))
    at = ("RULE", "total_page_count", 64)
    answers = read([check("1.1", "share", d[:n], total=len(data)) for d in (data, few, none, many) for n in (96, 112, 128)])
    assert [a if isinstance(a, No) else len(a.ranges) for a in answers] == [1, 2, 3, 1, No(*at, 5), No(*at, 9), No(*at, 2), No(*at, 5),
                                                                              No(*at, 9), 1, 2, No(*at, 9)]


def test_as_many_pages_as_32_bits_count() -> None:
    m = replace(share(1, 2), ranges=(Range(0, 0xFFFFFFFE), Range(1 << 60, 1)))
    data = laid_out("1.0", ranges=m.ranges)
    assert run([write("1.0", "share", m)]) == [Written(len(data), data)]
    assert read([check("1.0", "share", data)])[0].total_page_count == 0xFFFFFFFF


@pytest.mark.parametrize("version", ["1.0", "1.2"])
def test_the_end_of_the_address_space(version: str) -> None:
    """What a scan cannot accept at first sight: the last page may be named, and nothing behind it; neither is blamed on another."""
    good = ((0x80000000, 3), (0xFFFFFFFFFFFFF000, 1), (0xFFFFF00000001000, 0xFFFF), (0x90000000, 2))
    m = replace(share(1, 4), ranges=tuple(Range(*r) for r in good))
    access = [(0x8001, 2)]
    data = laid_out(version, access, good)
    assert run([write(version, "share", m)]) == [Written(len(data), data)]
    assert said(read([check(version, "share", data, limit=0)])[0]) == m
    first = HEADER[version] + STRIDE[version] + 16
    for i, (address, pages) in enumerate(((0xFFFFFFFFFFFFF000, 2), (0xFFFFFFFFFFFFE000, 3), (0xFFFFF00000002000, 0xFFFFFFFF))):
        bad = [*good[:i], (address, pages), *good[i + 1:]]
        no = No("RULE", "page_count", first + 16 * i + 8, pages)
        assert read([check(version, "share", laid_out(version, access, bad), limit=0)]) == [no]
        assert run([write(version, "share", replace(m, ranges=tuple(Range(*r) for r in bad)))]) == [no]


def test_an_endpoint_is_named_once() -> None:
    for version, usage, at in (("1.0", "share", 32), ("1.1", "lend", 48), ("1.2", "retrieve_req", 48), ("1.3", "retrieve_resp", 48)):
        flags = 8 if usage.startswith("retrieve") else 0
        access = [(7, 2), (8, 2), (9, 2), (8, 2)]
        data = laid_out(version, access, flags=flags)
        assert read([check(version, usage, data)]) == [No("RULE", "endpoint_id", at + 3 * STRIDE[version], 8)]


def test_a_sender_is_no_receiver_of_its_own() -> None:
    """r073.  In a retrieval the owner is named as the sender, and nobody says that it is not the receiver."""
    for version, at in (("1.0", 32), ("1.1", 48), ("1.2", 48)):
        data = laid_out(version, [(0x8001, 2), (1, 2)])
        second = at + STRIDE[version]
        assert read([check(version, usage, data) for usage in ("share", "lend")]) == [No("RULE", "endpoint_id", second, 1)] * 2
        assert isinstance(read([check(version, "retrieve_resp", laid_out(version, [(0x8001, 2), (1, 2)], flags=8))])[0], Found)
    assert read([check("1.1", "donate", laid_out("1.1", [(1, 2)]))]) == [No("RULE", "endpoint_id", 48, 1)]


def test_what_is_sent_ends_with_its_last_part() -> None:
    """Of what is retrieved nobody says it."""
    for version in VERSIONS:
        data, more = BASE[version], bytes(8)
        n = len(data) + 8
        assert read([check(version, usage, data + more) for usage in SENDS]) == [No("RULE", "total_length", n, n)] * 3
        assert read([check(version, "share", data, total=n)]) == [No("RULE", "total_length", n, n)]
        assert isinstance(read([check(version, "retrieve_resp", laid_out(version, flags=8) + more)])[0], Found)
    # The access descriptors may be the last part: at 160, behind the composite descriptor.
    last = laid_anywhere("1.1", {"array": 160, "composite": -96})
    assert isinstance(read([check("1.1", "share", last)])[0], Found)
    assert read([check("1.1", "share", last + bytes(16))]) == [No("RULE", "total_length", len(last) + 16, len(last) + 16)]


def test_who_leaves_other_borrowers_aside_names_one_receiver() -> None:
    one, two = (laid_out("1.2", [(0x8001 + i, 2) for i in range(n)], [], flags=0x400, handle=HANDLE) for n in (1, 2))
    assert read([check("1.2", "retrieve_req", two)]) == [No("MBZ", "bypass_multi_borrower_check", 4, 1)]
    assert read([check("1.2", "retrieve_req", one)])[0].header.bypass_multi_borrower_check == 1
    m = replace(share(2, 0), header=NORMAL._replace(bypass_multi_borrower_check=1, handle=HANDLE))
    assert run([write("1.2", "retrieve_req", m)]) == [No("MBZ", "bypass_multi_borrower_check", 4, 1)]
    assert isinstance(run([write("1.2", "retrieve_req", replace(m, access=share(1, 0).access))])[0], Written)


@pytest.mark.parametrize("seed", range(40))
def test_the_rules_of_arrays_are_those_of_the_reference(seed: int) -> None:
    """Small numbers, so that most rules are broken; the reference says which element is the first."""
    access = [((seed * 7 + 3 * i * (i + seed % 5)) % 6 + 1, 2) for i in range(1 + seed % 5)]
    ranges = [(0x80000000 + 0x10000 * i, 1 + (seed + i) % 3) for i in range(1 + seed % 4)]
    total = sum(n for _, n in ranges) + (seed % 3 == 0)
    data = poked("1.1", (64 + 16 * (len(access) - 1), "I", total), data=laid_out("1.1", access, ranges))
    answer = read([check("1.1", "share", data)])[0]
    elements = [{"endpoint_id": e, "composite_offset": 48 + 16 * len(access)} for e, _ in access]
    found = [refarray.differs({"field": "endpoint_id", "from": "sender_id"}, elements, {"sender_id": 1}),
             refarray.unique("endpoint_id", elements, {}), refarray.all_equal({"field": "composite_offset"}, elements, {})]
    broken = min((i for i in found if i is not None), default=None)
    pages = refarray.sum_({"field": "n", "equals": "total"}, [{"n": n} for _, n in ranges], {"total": total})
    if broken is not None:
        assert answer == No("RULE", "endpoint_id", 48 + 16 * broken, access[broken][0])
    elif pages is not None:
        assert answer == No("RULE", "total_page_count", 48 + 16 * len(access), sum(n for _, n in ranges))
    else:
        assert isinstance(answer, Found)


# -- the request of a hypervisor ------------------------------------------------------------------------------------------------


def hyp(version: str, handle: int = HANDLE) -> bytes:
    """The header and nothing else; nothing in it but the handle."""
    return bytes(8) + struct.pack("<Q", handle) + bytes(HEADER[version] - 16)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_hypervisor_asks_what_a_region_holds(version: str) -> None:
    data, m = hyp(version), Found(Header(handle=HANDLE))
    f = read([check(version, HYP, data)])[0]
    assert isinstance(f, Found) and said(f) == m and f.places.access_count == 0
    assert run([write(version, HYP, m), *(piece(version, HYP, m, offset=at, room=8) for at in range(0, len(data), 8))]) == [
        Written(len(data), data), *(Written(len(data), data[at:at + 8]) for at in range(0, len(data), 8))]
    assert read([check(version, HYP, data[:n]) for n in (0, 8, len(data) - 8)]) == [No("SHORT", "none", 0, n) for n in (0, 8, len(data) - 8)]
    # As a request for retrieval it names nobody.
    assert isinstance(read([check(version, "retrieve_req", data)])[0], No)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_hypervisor_says_nothing_but_the_handle(version: str) -> None:
    answers = read([check(version, HYP, poked(version, (at, "B", 1), data=hyp(version))) for at in range(HEADER[version])])
    for at, answer in enumerate(answers):
        if 8 <= at < 16:
            assert isinstance(answer, Found) and answer.header.handle == HANDLE & ~(255 << 8 * (at - 8)) | 1 << 8 * (at - 8)
        else:
            assert isinstance(answer, No) and answer[:2] == ("SBZ" if at >= 36 else "MBZ", "reserved") and answer.at <= at < answer.at + 8
    for name in ("sender_id", "memory_type", "flags", "tag", "transaction_type", "security"):
        assert run([write(version, HYP, Found(Header(handle=HANDLE)._replace(**{name: 1})))]) == [No("ABSENT", name, 0, 1)]
    assert run([write(version, HYP, replace(share(n, 1 - n), header=Header(handle=HANDLE))) for n in (0, 1)]) == [
        No("ABSENT", "address_range_count", 0, 1), No("ABSENT", "access_count", 0, 1)]


# -- one byte changed --------------------------------------------------------------------------------------------------------


def legal(version: str, usage: str) -> list[set[int]]:
    """For every byte of the descriptor of a usage, the values that are legal there while the others stay."""
    old, large = version == "1.0", version in ("1.2", "1.3")
    asks, answers = usage == "retrieve_req", usage == "retrieve_resp"
    zero: set[int] = {0}
    anything = set(range(256))
    normal = {0x20 | c << 2 | s for c in (1, 3) for s in (0, 2, 3)}
    attributes = normal | {0} | {0x10 | kind << 2 for kind in range(4)}
    if answers and not old:
        attributes |= {0x40 | a for a in attributes}
    flags = {"share": {0, 2}, "lend": {0, 1, 2, 3}, "donate": {0, 1, 2, 3}, "retrieve_req": anything,
             "retrieve_resp": {t << 3 | f for t in (1, 2, 3) for f in range(8)}}[usage]
    more = set(range(8 if large else 4)) if asks else zero  # one receiver may ask that other borrowers are not looked at
    handle = anything if asks or answers else zero
    # The sender is 1 and the receiver 0x8001; in a send they are not the same.
    sender, receiver = (anything, anything) if asks or answers else (anything - {0x80}, anything - {0})
    out = [anything, sender, attributes, zero, flags, more, zero, zero, *[handle] * 8, *[anything] * 8]
    out += [zero if old else {16, 32} if large else {16}, zero, zero, zero, {1}, zero, zero, zero]
    if not old:
        # At 64 a reader of 1.2 sees the rest of the access descriptor and the composite descriptor as one without a composite descriptor.
        out += [{48, 64} if large and answers else {48}, *[zero] * 15]
    composite = HEADER[version] + STRIDE[version]
    permissions = {instruction << 2 | data for instruction in range(3) for data in range(3)}
    out += [anything, receiver, permissions, {0, 1}, zero if asks else {0, composite} if answers else {composite}, zero, zero, zero]
    out += [*[anything] * 16, *[zero] * 8] if large else [zero] * 8
    if not asks:
        out += [{1}, zero, zero, zero, {1}, *[zero] * 11]
        out += [zero, {n << 4 for n in range(16)}, *[anything] * 6, {1}, *[zero] * 7]
    return out


@pytest.mark.parametrize("usage", USAGES)
@pytest.mark.parametrize("version", VERSIONS)
def test_one_byte_changed(version: str, usage: str) -> None:
    """Also: what is accepted is written the same, relaxed rules accept it, cursors agree with check; the driver looks."""
    m, numbers = message_of(usage)
    data = laid_out(version, ranges=m.ranges, **numbers)
    accepted = [{v for v in range(256) if bits[v // 8] >> v % 8 & 1} for bits in run([mutate(version, usage, data)])[0]]
    expected = legal(version, usage)
    assert len(data) == len(expected) == len(accepted)
    assert [(at, a ^ e) for at, (a, e) in enumerate(zip(accepted, expected)) if a != e] == []


@pytest.mark.parametrize("version", VERSIONS)
def test_one_byte_changed_anywhere(version: str) -> None:
    """Layouts that the writer does not make: nothing is read twice or outside, verdicts agree; gaps are nobody's."""
    run([mutate(version, "share", laid_out(version, ranges=[(0xFFFFFFFFFFFFF000, 1), (0x80000000, 2)]))])
    for place in places_of(version):
        if max(place.values()) >= 0x200:
            continue
        data = laid_anywhere(version, place)
        maps = run([mutate(version, "share", data)])[0]
        free = [at for at, bits in enumerate(maps) if data[at] == 0xCC]
        assert all(maps[at] == b"\xff" * 32 for at in free), place
        assert len(free) >= (8 if place.keys() != {"stride"} else 0)


@pytest.mark.parametrize("usage", SENDS)
def test_waivers_let_through_what_they_name(usage: str) -> None:
    """Each alone, and nothing else: MBZ (flags, handle), SBZ (reserved words), ENUM (cacheability)."""
    spoilt = {"MBZ": (8, "Q", 1), "SBZ": (40, "Q", 1), "ENUM": (2, "H", 0x2B)}
    for rule, change in spoilt.items():
        data = poked("1.1", change)
        for name in ("MBZ", "SBZ", "ENUM"):
            answer = read([check("1.1", usage, data, waive=WAIVE[name])])[0]
            assert isinstance(answer, Found) == (name == rule)
            if name == rule:
                assert answer.header.handle == 0 and answer.header.cacheability == (2 if name == "ENUM" else 3)
