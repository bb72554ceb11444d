"""The library, and the parts of it that make embed copies: what a matrix of compilers, and the tests of make embed, are run over."""
from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from codegen.__main__ import ROOT, read_spec
from codegen.embed import Wish, embed, parse, place
from codegen.model import Spec

from .objects import ASSEMBLY, GENERATED, RUNTIME
from .trees import Row

INCLUDES = [ROOT / "runtime" / "include", ROOT / "generated" / "include"]
WHOLE = "library"
# What somebody would embed: a caller of one ABI, a parser, one version, lists alone, another prefix, each side, everything.
CASES = {
    "share": "CALLS=mem_share SIDE=caller",
    "parser": "TABLES=mem_transaction SIDE=callee",
    "one version": "CALLS=notification_info_get VERSIONS=1.1 SIDE=callee",
    "lists": "TABLES=boot_info_header,partition_info VERSIONS=1.2,1.3",
    "partitions": "CALLS=FFA_PARTITION_INFO_GET,FFA_PARTITION_INFO_GET_REGS PREFIX=acme",
    "retrieve": "CALLS=mem_retrieve_req,mem_relinquish VERSIONS=1.0,1.1 SIDE=caller",
    "caller": "SIDE=caller",
    "callee": "SIDE=callee",
    "all": "PREFIX=acme",
}
FORMS = ("tree", "single")
Sources = tuple[dict[str, Sequence[Path]], list[Path]]  # part -> its sources, and the folders of headers


@cache
def spec() -> Spec:
    return read_spec(ROOT / "spec")


def wish(arguments: str) -> Wish:
    """What the words of a make embed ask for."""
    words = [word.partition("=") for word in arguments.split()]
    return parse(["--dest=.", *(f"--{name.lower()}={value}" for name, _, value in words)])[1]


@cache
def files(arguments: str) -> dict[str, str]:
    """The files of that copy."""
    return embed(spec(), wish(arguments))


def library(row: Row) -> Sources:
    """The library as it stands here."""
    port = [ROOT / "runtime" / "ports" / row.port.name] if row.port else []
    return {"generated": GENERATED, "runtime": RUNTIME + ASSEMBLY}, port + INCLUDES


def copied(arguments: str, row: Row, folder: Path) -> Sources:
    """A copy with the types of the row's tree."""
    port = f" PORT={row.port.name}" if row.port else ""
    dest = folder / (arguments + port).replace(" ", "_").replace(",", "+")
    if not dest.exists():
        place(files(arguments + port), dest)
    sources = [path for path in sorted(dest.rglob("*")) if path.suffix in (".c", ".S")]
    return {"copy": sources}, [dest / "include" if "FORM=single" not in arguments else dest]
