"""The types that a register field can have: what they are in C and how they are shown."""
from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """ctype and its bits; spread says how registers make the value."""

    name: str
    ctype: str
    bits: int
    show: str
    spread: str = "bits"  # bits | word | uuid | words | bytes
    signed: bool = False


KINDS = {
    kind.name: kind
    for kind in (
        Kind("u8", "uint8_t", 8, "DEC"),
        Kind("u16", "uint16_t", 16, "DEC"),
        Kind("u32", "uint32_t", 32, "DEC"),
        Kind("u64", "uint64_t", 64, "HEX"),
        Kind("s32", "int32_t", 32, "SIGNED", signed=True),
        Kind("id", "uint16_t", 16, "HEX"),
        Kind("handle", "uint64_t", 64, "HEX"),
        Kind("bitmap", "uint64_t", 64, "HEX"),
        Kind("function_id", "uint32_t", 32, "FUNCTION"),
        Kind("version", "uint32_t", 32, "VERSION"),
        Kind("status", "int32_t", 32, "STATUS", signed=True),
        Kind("result", "int32_t", 32, "STATUS", signed=True),
        Kind("smccc_status", "int32_t", 32, "SMCCC_STATUS", signed=True),
        Kind("word", "uint64_t", 64, "HEX", "word"),
        Kind("address", "uint64_t", 64, "HEX", "word"),
        Kind("uuid", "struct ffabi_uuid", 128, "UUID", "uuid"),
        Kind("words", "uint64_t", 64, "WORDS", "words"),
        Kind("bytes", "uint8_t", 8, "BYTES", "bytes"),
    )
}


def enum_kind(name: str, bits: int) -> Kind:
    """An enumeration is an integer of the smallest width that holds its field."""
    size = next(n for n in (8, 16, 32, 64) if bits <= n)
    return Kind(name, f"uint{size}_t", size, "ENUM")


def flags_kind(name: str, bits: int) -> Kind:
    """A set of flags stays one word."""
    size = 64 if bits > 32 else 32
    return Kind(name, f"uint{size}_t", size, "FLAGS")
