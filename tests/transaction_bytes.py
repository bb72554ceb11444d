"""Memory transaction descriptors laid out by hand, with struct.pack: nothing here comes from the library or from spec/."""
from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import replace

from transaction import Access, Found, Header, Range

HEADER = {"1.0": 32, "1.1": 48, "1.2": 48, "1.3": 48}
STRIDE = {"1.0": 16, "1.1": 16, "1.2": 32, "1.3": 32}
NORMAL = Header(sender_id=1, memory_type=2, cacheability=3, shareability=3)  # attributes 0x2f
HANDLE = 0x8000_0000_0000_1234


def laid_out(version: str, access: Iterable[tuple[int, int]] = ((0x8001, 2),), ranges: Iterable[tuple[int, int]] = ((0x80000000, 1),), *,
             attributes: int = 0x2F, flags: int = 0, handle: int = 0, tag: int = 0, array: int = 0, stride: int = 0, composite: int = 0,
             total: int = 0, gap: int = 0xCC) -> bytes:
    """A descriptor whose parts lie anywhere; what lies between is gap.  access: endpoint and permissions; ranges: address and pages."""
    access, ranges = list(access), list(ranges)
    array, stride = array or HEADER[version], stride or STRIDE[version]
    composite = composite or array + stride * len(access)
    out = bytearray([gap] * max(total, array + stride * len(access), composite + 16 + 16 * len(ranges) if ranges else 0))
    if version == "1.0":
        out[:32] = struct.pack("<HBBIQQII", 1, attributes, 0, flags, handle, tag, 0, len(access))
    else:
        out[:48] = struct.pack("<HHIQQIIIIQ", 1, attributes, flags, handle, tag, stride, len(access), array, 0, 0)
    for i, (endpoint, permissions) in enumerate(access):
        at = array + stride * i
        known = bytes(24 if version in ("1.2", "1.3") and stride >= 32 else 8)
        out[at:at + 8 + len(known)] = struct.pack("<HBBI", endpoint, permissions, 0, composite if ranges else 0) + known
    if ranges:
        out[composite:composite + 16] = struct.pack("<IIQ", sum(pages for _, pages in ranges) & 0xFFFFFFFF, len(ranges), 0)
        for i, (address, pages) in enumerate(ranges):
            out[composite + 16 + 16 * i:composite + 32 + 16 * i] = struct.pack("<QII", address, pages, 0)
    return bytes(out)


def share(borrowers: int, constituents: int) -> Found:
    return Found(NORMAL, tuple(Access(0x8001 + i, data_access=2) for i in range(borrowers)),
                 tuple(Range(0x80000000 + 0x10000 * i, 1 + i % 16) for i in range(constituents)))


def said(f: Found) -> Found:
    """What the sender said: without what the writer adds."""
    return replace(f, header=f.header._replace(access_size=0, access_count=0, access_offset=0),
                   access=tuple(a._replace(composite_offset=0) for a in f.access))


# The base vectors, by hand from their table.
WORDS = {
    "1.0": "01002f0000000000 0000000000000000 0000000000000000 0000000001000000"
           "0180020030000000 0000000000000000"
           "0100000001000000 0000000000000000 0000008000000000 0100000000000000",
    "1.1": "01002f0000000000 0000000000000000 0000000000000000 1000000001000000 3000000000000000 0000000000000000"
           "0180020040000000 0000000000000000"
           "0100000001000000 0000000000000000 0000008000000000 0100000000000000",
    "1.2": "01002f0000000000 0000000000000000 0000000000000000 2000000001000000 3000000000000000 0000000000000000"
           "0180020050000000 0000000000000000 0000000000000000 0000000000000000"
           "0100000001000000 0000000000000000 0000008000000000 0100000000000000",
}
BASE = {version: bytes.fromhex(text.replace(" ", "")) for version, text in WORDS.items()}
BASE["1.3"] = BASE["1.2"]


def message_of(usage: str) -> tuple[Found, dict[str, int]]:
    """Something that is legal in a usage, and its flags and handle as numbers."""
    m = share(1, 1)
    if usage == "retrieve_req":
        return replace(m, header=m.header._replace(transaction_type=1, handle=HANDLE, alignment_hint=5, alignment_hint_valid=1), ranges=()), {
            "flags": 1 << 9 | 5 << 5 | 1 << 3, "handle": HANDLE}
    if usage == "retrieve_resp":
        return replace(m, header=m.header._replace(transaction_type=2, handle=HANDLE, flags=1)), {"flags": 0x11, "handle": HANDLE}
    if usage != "share":
        return replace(m, header=m.header._replace(flags=3)), {"flags": 3}
    return m, {}


def poked(version: str, *changes: tuple[int, str, int], data: bytes = b"") -> bytes:
    """Numbers of some format written over a base vector."""
    out = bytearray(data or BASE[version])
    for at, form, value in changes:
        struct.pack_into("<" + form, out, at, value)
    return bytes(out)
