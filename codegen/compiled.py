"""Templates as Python's code, kept between runs."""
from __future__ import annotations

import jinja2
from jinja2.bccache import Bucket

from .cache import keep, kept


class Compiled(jinja2.BytecodeCache):
    """Templates as Python's code; options are what their meaning depends on beside their text."""

    def __init__(self, options: str) -> None:
        self.options = f"{jinja2.__version__} {options}\n"

    def get_source_checksum(self, source: str) -> str:
        return super().get_source_checksum(self.options + source)

    def load_bytecode(self, bucket: Bucket) -> None:
        raw = kept(f"{bucket.key}.template")
        if raw is not None:
            bucket.bytecode_from_string(raw)

    def dump_bytecode(self, bucket: Bucket) -> None:
        keep(f"{bucket.key}.template", bucket.bytecode_to_string())
