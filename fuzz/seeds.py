# SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later
"""Seeds of every target, as files: seeds.py OUT [TARGET ...] writes OUT/TARGET/NAME, and what is in fuzz/corpus/; seeds.py --tables OUT TABLE 1.x [USAGE]
tables alone; seeds.py --targets names all targets.

A target names what it takes in a comment, "Seeds: KIND ..."; a kind is a table of generated/fuzz/seeds.txt, or a function of KINDS below.
Legal objects come from the description, the mistakes of others from tests/vectors/, conversations from tests/captures/.
"""
from __future__ import annotations

import csv
import itertools
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
VECTORS = ROOT / "tests" / "vectors"
CORPUS = ROOT / "fuzz" / "corpus"
VERSIONS = ("1.0", "1.1", "1.2", "1.3")
USAGES = ("share", "lend", "donate", "retrieve_req", "retrieve_resp", "hyp_retrieve_req")
WAIVERS = ("CONV", "WIDTH", "MBZ", "SBZ", "ENUM")
NO_VERSION = 4
MEMORY = {"device": 0x14, "normal": 0x2F}  # attributes: nGnRE; write-back and inner shareable
BY_OFFSET = 2 << 2  # contents_format of boot information
EVERY_KIND = 0xFE  # FUZZ_EVERY_KIND of fuzz/harness.h
LONGEST_TRACE = 6000  # bytes of a conversation that one seed takes


class Seed(NamedTuple):
    """The head of an input (fuzz/harness.h), and its body."""

    name: str
    version: int
    usage: int
    number: int
    body: bytes
    options: int = 0
    waive: int = 0

    @property
    def data(self) -> bytes:
        return bytes((self.version, self.usage, self.waive, self.options)) + self.number.to_bytes(4, "little") + self.body


@lru_cache
def generated() -> dict[str, list[Seed]]:
    found: dict[str, list[Seed]] = {}
    for line in (ROOT / "generated" / "fuzz" / "seeds.txt").read_text().splitlines()[1:]:
        kind, version, usage, number, *body = line.split()
        seeds = found.setdefault(kind, [])
        seeds.append(Seed(f"{kind}-{len(seeds)}", int(version), int(usage), int(number), bytes.fromhex("".join(body))))
    found["mem_transaction"] += of_attributes(found["mem_transaction"])
    return found


def of_attributes(seeds: list[Seed]) -> list[Seed]:
    """The shortest transaction of each version and usage, of Device and of Normal memory."""
    at = place("1_0_MEM_TRANSACTION_MEMORY_TYPE")
    shortest = {(seed.version, seed.usage): seed for seed in sorted(seeds, key=lambda seed: -len(seed.body))}
    return [seed._replace(name=f"{seed.name}-{kind}", body=seed.body[:at] + bytes((attributes,)) + seed.body[at + 1:])
            for seed in shortest.values() for kind, attributes in MEMORY.items()]


@lru_cache
def enumeration(header: str, prefix: str) -> list[str]:
    """The enumerators of a generated header that begin so, in their order."""
    text = (ROOT / "generated" / "include" / "ffabi" / header).read_text()
    return [name.lower() for name in re.findall(rf"\t{prefix}(\w+),", text)]


def rows(name: str) -> list[dict[str, str]]:
    with open(VECTORS / name, encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


# -- registers -----------------------------------------------------------------------------------------------------------


def registers(text: str) -> list[int]:
    found = [0] * 18
    for first, last, value in re.findall(r"\bx(\d+)(?:-x(\d+))?=(\w+)", text):
        for n in range(int(first), int(last or first) + 1):
            found[n] = int(value, 0)
    return found


def of_replies() -> Iterator[Seed]:
    """For fuzz/target/codec.c: bit 17 of the number asks for the reply."""
    for seed in generated()["reply"]:
        yield seed._replace(number=seed.number | 1 << 17)


def of_every_kind() -> Iterator[Seed]:
    """For fuzz/target/codec.c: every codec is asked for every kind and every function id."""
    yield Seed("all", 0, 0, 0, b"", EVERY_KIND)


def of_registers(reply: bool) -> Iterator[Seed]:
    calls = enumeration("calls.h", "FFABI_CALL_")
    for row in rows("registers.tsv"):
        codec, _, part = row["codec"].partition(".")
        if row["does"] == "pack" or bool(part) != reply or "x0=" not in row["input"]:
            continue
        body = b"".join(n.to_bytes(8, "little") for n in registers(row["input"]))
        number = (calls.index(codec) if codec in calls else 0) | (row["conv"] == "smc64") << 16
        waive = sum(1 << i for i, rule in enumerate(WAIVERS) if rule in row["waive"])
        version = VERSIONS.index(row["version"]) if row["version"] in VERSIONS else NO_VERSION
        yield Seed(row["id"], version, 0, number, body, waive=waive)


# -- memory transactions ---------------------------------------------------------------------------------------------------


@lru_cache
def bases() -> dict[str, bytes]:
    return {row["id"]: bytes.fromhex(row["input"].replace(" ", "")) for row in rows("descriptors.tsv") if row["id"].startswith("base")}


def piece(word: str) -> bytes:
    name, _, ends = word.partition("[")
    if word.endswith(":zeros"):
        return bytes(int(word.removesuffix(":zeros")))
    first, last = map(int, ends.rstrip("]").split(":")) if ends else (0, None)
    return bases()[name][first:last]


def bytes_of(text: str) -> bytes:
    """tests/vectors/README.md: plain bytes, or a base vector, OFFSET=BYTES over it and +BYTES behind it."""
    words = text.split()
    if not words[0].startswith("base"):
        return bytes.fromhex("".join(words))
    out = bytearray(piece(words[0]))
    for word in words[1:]:
        at, _, digits = word.partition("=") if "=" in word else (str(len(out)), "", word.removeprefix("+"))
        data = bytes.fromhex(digits)
        out[int(at):int(at) + len(data)] = data
    return bytes(out)


def of_memory() -> Iterator[Seed]:
    for row in rows("descriptors.tsv"):
        if row["does"] not in ("read", "walk", "convert"):
            continue
        body = bytes_of(re.sub(r"(?<!\S)[a-z_]+=\S+", "", row["input"]))
        total, fragment, limit = (re.split(r"/", row["lengths"]) + ["", ""])[:3] if row["lengths"] != "-" else ("", "", "")
        options = 4 if limit == "0" else 0
        if total:
            options |= 1 | (2 if int(fragment or total, 0) == int(total, 0) else 0)
        yield Seed(row["id"], VERSIONS.index(row["version"]), USAGES.index(row["usage"]), int(total or "0", 0), body, options)


def of_joins() -> Iterator[Seed]:
    for row in rows("descriptors.tsv"):
        if row["does"] != "join":
            continue
        named = {name: int(value, 0) for name, value in re.findall(r"(room|total)=(\w+)", row["input"])}
        pieces = [piece(word) for word in row["input"].split() if "=" not in word]
        body = b"".join(2 * len(p).to_bytes(4, "little") + p for p in pieces)
        yield Seed(row["id"], 1, 0, named["total"], body, min(named.get("room", 4096) // 64, 255))


# -- lists -------------------------------------------------------------------------------------------------------------


def of_entries() -> Iterator[Seed]:
    for seed in generated()["partition_info"]:
        for count in (1, 3):
            yield seed._replace(name=f"{seed.name}-{count}", number=count | len(seed.body) << 16, body=seed.body * count)


def count_of(seed: Seed) -> int:
    at = place("1_1_BOOT_INFO_HEADER_DESCRIPTOR_COUNT")
    return int.from_bytes(seed.body[at:at + 4], "little")


def point_at(body: bytearray, contents: int, size: int) -> None:
    """The first descriptor of a blob of 1.3 has those contents."""
    header = int.from_bytes(body[place("1_1_BOOT_INFO_HEADER_DESCRIPTOR_OFFSET"):][:4], "little")
    for name, value, n in (("CONTENTS", contents, 8), ("SIZE", size, 4), ("CONTENTS_FORMAT", BY_OFFSET, 2)):
        at = header + place(f"1_1_BOOT_INFO_DESCRIPTOR_{name}")
        body[at:at + n] = value.to_bytes(n, "little")


def of_ids() -> Iterator[Seed]:
    """With room for all ids."""
    for seed in generated()["mem_relinquish_descriptor"]:
        yield seed._replace(options=255)


def of_blobs() -> Iterator[Seed]:
    at = place("1_1_BOOT_INFO_HEADER_BLOB_SIZE")
    for seed in generated()["boot_info_header"]:
        for tail in (b"", bytes(range(16))):
            body = bytearray(seed.body + tail)
            body[at:at + 4] = len(body).to_bytes(4, "little")
            if tail and count_of(seed) and VERSIONS[seed.version] == "1.3":
                point_at(body, len(seed.body), 8)
            yield seed._replace(name=f"{seed.name}-{len(tail)}", body=bytes(body))


def place(name: str) -> int:
    found = re.search(rf"AT_{name} (\d+)", (ROOT / "generated" / "tests" / "offsets.h").read_text())
    assert found
    return int(found[1])


def of_buffers() -> Iterator[Seed]:
    """Endpoint RX/TX descriptors with the composite descriptors of both buffers, in either order."""
    for seed in generated()["endpoint_rxtx"][1:]:
        parts = [s.body for s in generated()["mem_composite"] if s.version == seed.version]
        for i, (rx, tx) in enumerate(itertools.product(parts, parts)):
            body = bytearray(-(-len(seed.body) // 8) * 8)
            body[:len(seed.body)] = seed.body
            for name, part in (("TX", tx), ("RX", rx)) if i % 2 else (("RX", rx), ("TX", tx)):
                at = place(f"1_1_ENDPOINT_RXTX_{name}_COMPOSITE_OFFSET")
                body[at:at + 4] = len(body).to_bytes(4, "little")
                body += part
            yield seed._replace(name=f"{seed.name}-{i}", body=bytes(body))


def of_hypervisors() -> Iterator[Seed]:
    for seed in generated()["mem_hyp_retrieve"]:
        yield seed._replace(usage=USAGES.index("hyp_retrieve_req"))


def of_extents() -> Iterator[Seed]:
    """Offset, count and room: all that is there, the rest from a place that is not aligned, too many, none."""
    shared = bytes(range(64))
    for name, at, n, room in (("whole", 0, 64, 64), ("rest", 3, 61, 100), ("long", 8, 64, 64), ("narrow", 0, 64, 63), ("none", 64, 0, 0)):
        yield Seed(name, 1, 0, room, at.to_bytes(8, "little") + n.to_bytes(8, "little") + shared)


def of_conversations() -> Iterator[Seed]:
    """For fuzz/target/sandbox.c: every request once by each endpoint; and memory that is shared, by way of the mapped buffers."""
    def call(who: int, *words: int) -> bytes:
        return bytes((who,)) + b"".join((words[i] if i < len(words) else 0).to_bytes(4, "little") for i in range(8))

    def write(who: int, at: int, data: bytes) -> bytes:
        return bytes((who | 8,)) + at.to_bytes(2, "little") + bytes((len(data),)) + data

    requests = [seed for seed in generated()["request"] if seed.version == 1]
    for first in range(0, len(requests), 12):
        body = b""
        for i, seed in enumerate(requests[first:first + 12]):
            words = [int.from_bytes(seed.body[at:at + 4], "little") for at in range(0, len(seed.body), 8)]
            body += call(i % 5, *words[:8])
        yield Seed(f"requests-{first}", 1, 0, 0, body)
    rxtx_map, share = (int.from_bytes(next(s for s in requests if s.name == name).body[:4], "little") for name in named("rxtx_map", "mem_share"))
    for version, base in enumerate(("base10", "base11", "base12", "base12")):
        data = bytearray(bases()[base])
        data[0:2] = b"\0\0"
        data[-16:-8] = (0x80003000).to_bytes(8, "little")
        body = call(0, rxtx_map, 0x80000000, 0x80001000, 1) + write(0, 0, bytes(data)) + call(0, share, len(data), len(data))
        yield Seed(f"share-{version}", version, 0, 0, body)


def named(*calls: str) -> list[str]:
    """The names of the seeds of those calls in 1.1."""
    numbers = enumeration("calls.h", "FFABI_CALL_")
    return [next(s.name for s in generated()["request"] if s.version == 1 and s.number & 0xFFFF == numbers.index(call)) for call in calls]


# -- the command -------------------------------------------------------------------------------------------------------


def of_captures() -> Iterator[Seed]:
    """Calls of a conversation as text, after a byte of options."""
    for path in sorted((ROOT / "tests" / "captures").glob("*.txt")):
        text = path.read_bytes()[:LONGEST_TRACE]
        text = text[:text.rfind(b"\ncall ") + 1]
        text = re.sub(rb"=0{2,15}(?=[0-9a-f])", b"=", text)
        for option in b"\0\1\2":
            yield Seed(f"{path.stem}-{option}", 0, 0, 0, bytes((option,)) + text)


def of_words() -> Iterator[Seed]:
    for i, seed in enumerate(generated()["request"][::7]):
        values = [int.from_bytes(seed.body[at:at + 8], "little") for at in range(0, len(seed.body), 8)]
        text = " ".join(f"x{n}={value:x}" for n, value in enumerate(values))
        yield Seed(f"request-{i}", 0, 0, 0, bytes((0x20 + i % 2,)) + text.encode())
    yield Seed("bare", 0, 0, 0, b"\x20" + b" ".join([b"84000063", b"10001"] + [b"0"] * 6))
    yield Seed("reply", 0, 0, 0, b"\x23mem_share w0=0x84000060 x2=ffff_fffa")


def of_tables() -> Iterator[Seed]:
    tables = enumeration("calls.h", "FFABI_TABLE_")
    for kind, seeds in generated().items():
        for seed in seeds[::4] if kind in tables else ():
            yield seed._replace(options=2 * tables.index(kind) + len(seed.body) // 16 % 2)


def of_hex() -> Iterator[Seed]:
    for seed in list(of_tables())[::8]:
        lines = [f"{at:04x}: {seed.body[at:at + 16].hex(' ')} # bytes" for at in range(0, len(seed.body), 16)]
        yield seed._replace(name=f"hex-{seed.name}", body="\n".join(lines).encode())


KINDS: dict[str, Callable[[], Iterator[Seed]]] = {
    "none": lambda: iter(()), "replies": of_replies, "every-kind": of_every_kind, "vectors-request": lambda: of_registers(False), "vectors-reply": lambda: of_registers(True),
    "vectors-memory": of_memory, "vectors-join": of_joins, "entries": of_entries, "blobs": of_blobs, "rxtx": of_buffers, "ids": of_ids,
    "hypervisors": of_hypervisors, "extents": of_extents, "conversations": of_conversations, "captures": of_captures, "registers": of_words, "tables": of_tables, "hex": of_hex}
TEXT = ("captures", "registers")  # without a head


def kinds_of(target: str) -> list[str]:
    source = ROOT / "fuzz" / "target" / f"{target}.c"
    if not source.exists():
        return [target.rpartition("_")[0]]
    found = re.search(r"Seeds:(.*?)\*/", source.read_text(), re.S)
    if not found:
        raise SystemExit(f"{source}: no line says which seeds it takes: Seeds: KIND ... or none")
    return found[1].replace("*", " ").split()


def inputs(target: str) -> dict[str, bytes]:
    """Name -> bytes."""
    found = {}
    for kind in kinds_of(target):
        if kind not in KINDS and kind not in generated():
            raise SystemExit(f"fuzz/target/{target}.c: no such kind of seeds: {kind}; there are {', '.join([*KINDS, *generated()])}")
        for seed in KINDS[kind]() if kind in KINDS else generated()[kind]:
            found[f"{kind}-{seed.name}"] = seed.body if kind in TEXT else seed.data
    return found


def bodies(kind: str, version: int, usage: int) -> list[bytes]:
    """Tables alone, for parsers of others."""
    return [seed.body for seed in generated().get(kind, []) if (seed.version, seed.usage) == (version, usage)]


def corpus(target: str) -> dict[str, bytes]:
    """What fuzzing found beyond the seeds: a line of hexadecimal digits each."""
    path = CORPUS / f"{target}.txt"
    lines = path.read_text(encoding="ascii").split() if path.exists() else []
    return {f"corpus-{i}": bytes.fromhex(line) for i, line in enumerate(lines)}


def targets() -> list[str]:
    tables = [p.stem for p in sorted((ROOT / "generated" / "fuzz").glob("*.c")) if p.stem != "shapes"]
    absent = () if (ROOT / "runtime" / "sandbox" / "sandbox.h").exists() else ("sandbox",)
    return sorted(p.stem for p in (ROOT / "fuzz" / "target").glob("*.c") if p.stem not in absent) + [f"{t}_{style}" for t in tables for style in ("check", "cursor")]


def write(out: Path, target: str, kept: bool = False) -> Path:
    """Seeds as files, and what is kept of fuzzing."""
    folder = out / target
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, data in (inputs(target) | (corpus(target) if kept else {})).items():
        (folder / name).write_bytes(data)
    return folder


def main() -> None:
    if sys.argv[1:2] == ["--tables"]:
        out, kind, version, *usage = sys.argv[2:]
        Path(out).mkdir(parents=True, exist_ok=True)
        for i, body in enumerate(bodies(kind, VERSIONS.index(version), USAGES.index(usage[0]) if usage else 0)):
            (Path(out) / f"{kind}-{i}").write_bytes(body)
        return
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    if sys.argv[1] == "--targets":
        print("\n".join(targets()))
        return
    for target in sys.argv[2:] or targets():
        write(Path(sys.argv[1]), target, kept=True)


if __name__ == "__main__":
    main()
