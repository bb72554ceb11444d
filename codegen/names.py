"""Every C name is built here, from the document's own words; --prefix changes the first of them."""
from __future__ import annotations

from dataclasses import dataclass

# C99 to C23, C++17 and the names that headers are free to define as macros.
RESERVED_WORDS = frozenset("""
alignas alignof and and_eq asm auto bitand bitor bool break case catch char char8_t char16_t char32_t class compl concept
const const_cast consteval constexpr constinit continue co_await co_return co_yield decltype default delete do double
dynamic_cast else enum explicit export extern false float for friend goto if inline int linux long mutable namespace new
noexcept not not_eq nullptr operator or or_eq private protected public register reinterpret_cast requires restrict return
short signed sizeof static static_assert static_cast struct switch template this thread_local throw true try typedef typeof
typeof_unqual typeid typename union unix unsigned using virtual void volatile wchar_t while xor xor_eq NULL errno
""".split())


@dataclass(frozen=True)
class Names:
    """The C names of one library; prefix in lower case without the underscore."""

    prefix: str

    @property
    def upper(self) -> str:
        return self.prefix.upper()

    def function(self, call: str, what: str) -> str:
        return f"{self.prefix}_{call}_{what}"

    def struct(self, *parts: str) -> str:
        return "_".join((self.prefix, *(p for p in parts if p)))

    def call(self, call: str) -> str:
        return f"{self.upper}_CALL_{call.upper()}"

    def fid(self, call: str, conv: str) -> str:
        return f"{self.upper}_FID_{call.upper()}_{conv[-2:]}"

    def number(self, call: str) -> str:
        return f"{self.upper}_FN_{call.upper()}"

    def field(self, name: str) -> str:
        return f"{self.upper}_F_{name.upper()}"

    def enumerator(self, enum: str, name: str) -> str:
        return f"{self.upper}_{enum.upper()}_{name.upper()}"

    def version(self, version: str) -> str:
        return f"{self.upper}_V{version.replace('.', '_')}"

    def rule(self, rule: str) -> str:
        return f"{self.upper}_OK" if rule == "OK" else f"{self.upper}_E_{rule}"
