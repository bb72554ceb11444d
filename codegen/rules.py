"""What can be wrong with registers: the names of enum ffabi_rule (runtime/include/ffabi/core.h), in its order, with their texts."""
from __future__ import annotations

RULES = {
    "OK": "nothing is wrong",
    "END": "the end of the sequence",
    "VERSION": "this version of FF-A does not have it",
    "FID": "another function id was expected",
    "KEY": "the constant that identifies the message differs",
    "CONV": "the other calling convention was expected",
    "WIDTH": "the upper half of a 32-bit register is not zero",
    "MBZ": "bits that must be zero are set",
    "SBZ": "bits that should be zero are set",
    "ENUM": "a reserved encoding",
    "RANGE": "a value out of range",
    "ALIGN": "a value that is not a multiple of its unit",
    "ABSENT": "this version or convention has no place for the value",
    "RULE": "two fields contradict each other",
    "SHORT": "bytes beyond the end of the buffer",
    "OVERLAP": "two parts of the object share bytes",
}

WAIVABLE = ("CONV", "WIDTH", "MBZ", "SBZ", "ENUM")

# The numbers, for the reference codec and the tests.
NUMBER = {name: number for number, name in enumerate(RULES)}

# Field numbers that core.h fixes; all other names follow in alphabetical order.
FIXED_FIELDS = ("none", "reserved", "upper_half", "function_id", "version")
