"""The ffabi command on tables in memory: `decode TABLE`, and the buffers of traces under their calls.

The bytes are written out by hand after tests/facts and DEN0077A; no code of ours has made them.
"""
from __future__ import annotations

import json
import re
import subprocess
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from codec import BUILD, ROOT

CAPTURES = ROOT / "tests" / "captures"
BASE = {  # the vectors of base-vectors.md: one page at 0x80000000 shared by 1 with 0x8001
    "1.0": """
        0100 2f 00  00000000  0000000000000000  0000000000000000  00000000 01000000
        0180 02 00  30000000  0000000000000000
        01000000 01000000 0000000000000000
        0000008000000000 01000000 00000000""",
    "1.1": """
        0100 2f00  00000000  0000000000000000  0000000000000000  10000000 01000000
        30000000 000000000000000000000000
        0180 02 00  40000000  0000000000000000
        01000000 01000000 0000000000000000
        0000008000000000 01000000 00000000""",
    "1.2": """
        0100 2f00  00000000  0000000000000000  0000000000000000  20000000 01000000
        30000000 000000000000000000000000
        0180 02 00  50000000  00000000000000000000000000000000  0000000000000000
        01000000 01000000 0000000000000000
        0000008000000000 01000000 00000000""",
}
PLACES = {"1.0": (32, 48, 64, 80), "1.1": (48, 64, 80, 96), "1.2": (48, 80, 96, 112)}


def base(version: str, **changes: str) -> bytes:
    """BASE with bytes replaced: at_24="20" puts 20 at byte 24."""
    data = bytearray.fromhex(BASE[version])
    for place, digits in changes.items():
        at = int(place.removeprefix("at_"))
        data[at : at + len(digits) // 2] = bytes.fromhex(digits)
    return bytes(data)


def ffabi(*args: str, data: bytes = b"") -> tuple[int, str, str]:
    done = subprocess.run([BUILD / "ffabi-san", "decode", *args], input=data, capture_output=True, check=False)
    text, errors = done.stdout.decode(), done.stderr.decode()
    assert "Sanitizer" not in errors and "runtime error" not in errors, errors[:2000]
    return done.returncode, text, errors


def transaction(version: str, usage: str, data: bytes, *options: str) -> tuple[int, str, str]:
    return ffabi("mem_transaction", "--version", version, "--usage", usage, *options, "-", data=data)


def as_json(*args: str, data: bytes, status: int = 0) -> dict[str, Any]:
    code, text, errors = ffabi(*args, "--json", "-", data=data)
    assert code == status, errors
    assert text.count("\n") == 1
    found: dict[str, Any] = json.loads(text)
    return found


def lines(text: str) -> list[str]:
    """Without the padding of columns."""
    return [re.sub(r" {2,}", "  ", line.strip()) for line in text.splitlines()]


@pytest.mark.parametrize("version", list(BASE))
def test_base_vectors(version: str) -> None:
    access, composite, constituent, length = PLACES[version]
    found = as_json("mem_transaction", "--version", version, "--usage", "share", data=base(version))
    header = {"sender_id": "0x1", "memory_type": "normal", "cacheability": "write_back", "shareability": "inner_shareable",
              "flags": [], "tag": "0x0", "access_count": 1}
    receiver = {"endpoint_id": "0x8001", "instruction_access": "not_specified", "data_access": "read_write", "flags": [],
                "composite_offset": composite}
    if version != "1.0":
        header |= {"access_size": composite - access, "access_offset": 48}
    if version == "1.2":
        receiver["implementation_defined"] = ["0x0", "0x0"]
    assert found == {
        "table": "mem_transaction", "version": version, "usage": "share", "length": length, "total": length, "at": 0,
        "fields": header, "access": [{"at": access, "fields": receiver}],
        "composite": {"at": composite, "fields": {"total_page_count": 1, "address_range_count": 1},
                      "constituents": [{"at": constituent, "fields": {"address": "0x80000000", "page_count": 1}}]},
        "strict": None}


def test_text_has_an_offset_beside_each_field() -> None:
    code, text, errors = transaction("1.1", "share", base("1.1"))
    assert (code, errors) == (0, "")
    assert lines(text)[0] == "Memory transaction descriptor, version 1.1, share, 96 bytes"
    for line in ("0x0000  sender_id  0x1", "0x0002[5:4]  memory_type  normal (2)", "0x0018  access_size  16 (0x10)",
                 "0x0032[1:0]  data_access  read_write (2)", "0x0040  total_page_count  1",
                 "0x0050  [0]  address 0x80000000  page_count 1"):
        assert line in lines(text), line
    assert "!" not in text and "handle" not in text and "transaction_type" not in text


def test_hexadecimal_text_and_bytes_are_the_same() -> None:
    data = base("1.1")
    dump = "# a comment, ünïcode too\n" + "".join(f"  {i:04x}: {data[i:i + 16].hex(' ')}\r\n" for i in range(0, 96, 16))
    expected = transaction("1.1", "share", data)
    for text in (dump, data.hex(), data.hex().upper(), "\n".join(data.hex(" ", 4).split())):
        assert transaction("1.1", "share", text.encode()) == expected


@pytest.mark.parametrize(("usage", "changes", "line", "strict"), [
    ("share", {"at_8": "3412"}, "! 0x0008 handle = 0x1234: no field of share", "MBZ handle at 0x0008 = 0x1234"),
    ("share", {"at_2": "6f"}, "! 0x0002[6] security = non_secure (1): no field of share", "MBZ security at 0x0002 = 0x6f"),
    ("share", {"at_4": "01"}, "0x0004  flags  bit 0", "MBZ flags at 0x0004 = 0x1"),
    ("lend", {"at_40": "07"}, "! SBZ 0x0024 = 00 00 00 00 07 00 00 00 00 00 00 00: should be zero", "SBZ reserved at 0x0028"),
    ("share", {"at_2": "3f"}, "! 0x0002 = 0x3f: no field describes 0xf", "ENUM memory_type at 0x0002 = 0x3"),
    ("donate", {"at_50": "42"}, "! SBZ 0x0032[7:4] = 0x4: should be zero", "SBZ reserved at 0x0032"),
    ("share", {"at_92": "01"}, "! SBZ 0x005c = 0x1: should be zero", "SBZ reserved at 0x005c = 0x1"),
    ("share", {"at_88": "00"}, "0x0050  [0]  address 0x80000000  page_count 0", "RANGE page_count at 0x0058 = 0x0"),
    ("share", {"at_64": "02"}, "0x0040  total_page_count  2", "RULE total_page_count"),
])
def test_what_is_wrong_is_called_out(usage: str, changes: dict[str, str], line: str, strict: str) -> None:
    code, text, errors = transaction("1.1", usage, base("1.1", **changes))
    assert (code, errors) == (0, "")
    assert line in lines(text)
    verdicts = [found for found in lines(text) if found.startswith("! strict: ")]
    assert len(verdicts) == 1 and verdicts[0].startswith(f"! strict: {strict}"), verdicts


def test_nothing_is_lost_in_json() -> None:
    found = as_json("mem_transaction", "--version", "1.1", "--usage", "share", data=base("1.1", at_8="3412", at_36="05"))
    assert found["others"] == {"0x8": "0x34", "0x9": "0x12", "0x24": "0x5"}
    assert found["strict"]["rule"] in ("MBZ", "SBZ") and found["strict"]["at"] in (8, 36)


def test_usages_have_fields_of_their_own() -> None:
    data = base("1.1", at_4="0b", at_8="c0ffffff", at_2="6f")
    fields = as_json("mem_transaction", "--version", "1.1", "--usage", "retrieve_resp", data=data)["fields"]
    assert (fields["handle"], fields["transaction_type"], fields["security"]) == ("0xffffffc0", "share", "non_secure")
    assert fields["flags"] == ["zero_memory", "time_slice"]


def test_long_arrays_are_abridged_in_text_alone() -> None:
    for count, shown in ((32, 32), (33, 20)):
        ranges = b"".join((0x80000000 + 0x2000 * i).to_bytes(8, "little") + b"\1" + bytes(7) for i in range(count))
        data = base("1.1", at_64=f"{count:02x}", at_68=f"{count:02x}")[:80] + ranges
        code, text, _ = transaction("1.1", "share", data)
        assert code == 0 and "strict" not in text
        rows = re.findall(r"0x(\w+)  \[(\d+)\]  address 0x(\w+)  page_count 1", text)
        assert len(rows) == shown and rows[-1] == (f"{80 + 16 * (count - 1):04x}", str(count - 1),
                                                   f"{0x80000000 + 0x2000 * (count - 1):x}")
        assert ("... 13 more" in text) == (count == 33)
        found = as_json("mem_transaction", "--version", "1.1", "--usage", "share", data=data)
        assert len(found["composite"]["constituents"]) == count


def test_a_first_fragment() -> None:
    data = base("1.1", at_64="03", at_68="03")
    code, text, errors = transaction("1.1", "share", data, "--total", "128")
    assert (code, errors) == (0, "")
    assert "96 of 128 bytes" in text and "0x0060  2 more, not in this part" in text and "strict" not in text
    code, text, errors = transaction("1.1", "share", data)
    assert code == 2 and errors == "standard input: too short: 3 constituents announced, 1 of them here\n"
    assert "! strict: SHORT" in text


def test_other_tables() -> None:
    info = "0180 2000 01010000 486178e0e7f811e3bc5e0002a5d5c51b"
    found = as_json("partition_info", "--version", "1.1", data=f"{info}\n{info.replace('0180', '0280')}".encode())
    assert [(e["at"], e["fields"]["partition_id"]) for e in found["elements"]] == [(0, "0x8001"), (24, "0x8002")]
    assert found["elements"][1]["fields"] == {
        "partition_id": "0x8002", "exec_ctx_count": 32, "id_type": "pe_endpoint", "properties": ["direct_req_recv"],
        "more_properties": ["aarch64"], "protocol_uuid": "486178e0-e7f8-11e3-bc5e-0002a5d5c51b"}
    found = as_json("mem_relinquish_descriptor", "--version", "1.0", data=b"c0ffffff00000000 02000000 02000000 0180 0280")
    assert found["fields"] == {"handle": "0xffffffc0", "flags": ["time_slice"], "endpoint_count": 2}
    assert found["endpoints"] == ["0x8001", "0x8002"]
    boot = "fa0f0000 01000100 60000000 20000000 01000000 20000000 0000000000000000" \
           "64740000000000000000000000000000 00 00 0400 08000000 efbeadde00000000"
    found = as_json("boot_info_header", "--version", "1.1", data=boot.encode())
    assert found["fields"]["signature"] == "0xffa" and found["fields"]["version"] == "1.1"
    assert found["descriptors"] == [{"at": 32, "fields": {
        "name": "dt", "type_class": "standard", "standard_type": "fdt", "contents_format": "value", "name_format": "string",
        "size": 8, "contents": "0xdeadbeef"}}]
    code, text, _ = ffabi("constituent", "--version", "1.1", "--at", "0x50", "-", data=base("1.1"))
    assert code == 0 and "0x0050  [0]  address 0x80000000  page_count 1" in text


def test_every_table_is_known_by_its_key() -> None:
    """The command holds a list of the tables that it can ask the library about: it is complete."""
    header = (ROOT / "generated" / "include" / "ffabi" / "calls.h").read_text()
    keys = [key.lower() for key in re.findall(r"\tFFABI_TABLE_(\w+),", header)]
    assert len(keys) > 10
    for key in keys:
        results = [ffabi(key, "--version", version, *usage, "-", data=bytes(256)) for version in ("1.0", "1.3")
                   for usage in ((), ("--usage", "share"))]
        assert any(code == 0 and text and "not checked" not in text for code, text, _ in results), (key, results)


@pytest.mark.parametrize(("args", "data", "message"), [
    (("mem_transactoin", "--version", "1.1"), b"00", "ffabi: no table 'mem_transactoin'; near it: mem_transaction\n"),
    (("xyzzy", "--version", "1.1"), b"00", "ffabi: no table 'xyzzy'; there are: endpoint_rxtx, "),
    (("part", "--version", "1.1"), b"00", "ffabi: 'part' is more than one table: partition_info, partition_message_header\n"),
    (("mem_transaction", "--usage", "share"), b"00", "ffabi: decode mem_transaction needs --version 1.x"),
    (("mem_transaction", "--version", "1.1"), b"00", "ffabi: decode mem_transaction needs --usage share, lend, donate, "),
    (("mem_access", "--version", "1.1", "--usage", "steal"), b"00", "ffabi: the usage is share, lend, donate, retrieve_req or "
                                                                   "retrieve_resp, not steal\n"),
    (("partition_info", "--version", "1.1", "--usage", "lend"), b"00", "ffabi: --usage is not for partition_info"),
    (("partition_info", "--version", "2.0"), b"00", "ffabi: the version is 1.0, 1.1, 1.2 or 1.3, not 2.0\n"),
    (("boot_info_header", "--version", "1.0"), b"00", "ffabi: version 1.0 has no boot_info_header; 1.1 to 1.3 have\n"),
    (("mem_composite", "--version", "1.1", "--at", "16"), bytes(16), "standard input: --at 0x10 is behind the end: there are 16"),
    (("mem_composite", "--version", "1.1"), b"\x01\0\0", "standard input: too short: mem_composite needs 16 bytes at 0x0000, and "
                                                         "there are 3 in all\n"),
    (("partition_info", "--version", "1.1"), bytes(47), "standard input: too short: partition_info needs 24 bytes at 0x0018, "),
    (("mem_composite", "--version", "1.1"), b"", "standard input: there are no bytes\n"),
    (("mem_composite", "--version", "1.1"), b"00 01\n\n02 0x03\n", "standard input:3: '0x03' is not hexadecimal\n"),
    (("mem_composite", "--version", "1.1"), b"00 01\n020\n", "standard input:2: '020' has an odd number of digits"),
    (("mem_composite", "--version", "1.1"), b"0000: 01\n0002: 02\n", "standard input:2: offset '0002', expected 0001\n"),
])
def test_mistakes_are_named(args: tuple[str, ...], data: bytes, message: str) -> None:
    code, _, errors = ffabi(*args, "-", data=data)
    assert code == 2
    assert errors.startswith(message), errors


def test_short_transaction(tmp_path: Path) -> None:
    file = tmp_path / "short.bin"
    for length, what in ((40, "mem_transaction needs 48 bytes"), (72, "composite needs 16 bytes at 0x0040"),
                         (88, "1 constituents announced, 0 of them here")):
        file.write_bytes(base("1.1")[:length])
        code, text, errors = ffabi("mem_transaction", "--version", "1.1", "--usage", "share", str(file))
        assert code == 2 and errors.startswith(f"{file}: too short: {what}"), errors
        assert "0x0000  sender_id" in re.sub(" {2,}", "  ", text) and "! strict: " in text
    code, _, errors = ffabi("mem_transaction", "--version", "1.1", "--usage", "share", str(tmp_path / "none"))
    assert code == 2 and "No such file" in errors


@lru_cache(maxsize=None)
def trace(name: str) -> dict[int, dict[str, Any]]:
    _, text, _ = ffabi("trace", "--json", str(CAPTURES / f"{name}.txt"))
    return {call["call"]: call for call in map(json.loads, text.splitlines())}


def test_buffers_of_traces() -> None:
    linux = trace("linux-emul-10000")
    assert linux[25]["tx"]["composite"]["constituents"] == [{"at": 64, "fields": {"address": "0x406df000", "page_count": 1}}]
    assert linux[25]["tx"]["usage"] == "share" and linux[25]["tx"]["version"] == "1.0"
    assert linux[13]["rx"]["table"] == "partition_info" and len(linux[13]["rx"]["elements"]) == 1
    assert (linux[51]["tx"]["length"], linux[51]["tx"]["total"]) == (4096, 4160)
    rest = linux[52]["tx"]
    assert rest["table"] == "mem_constituent" and [e["at"] for e in rest["elements"]] == [4096, 4112, 4128, 4144]
    whole = linux[52]["assembled"]["composite"]["constituents"]
    assert whole == linux[51]["tx"]["composite"]["constituents"] + rest["elements"] and len(whole) == 256
    for call in linux.values():
        assert all(call[kind]["strict"] is None for kind in ("tx", "rx") if kind in call)
    spmc = trace("el3spmc-optee-sp-linux")
    assert spmc[28]["tx"]["usage"] == "retrieve_req" and spmc[28]["tx"]["fields"]["handle"] == "0xffffffc0"
    assert spmc[28]["rx"]["usage"] == "retrieve_resp"
    assert spmc[28]["rx"]["composite"]["constituents"] == spmc[26]["tx"]["composite"]["constituents"]
    assert spmc[41]["tx"]["table"] == "mem_relinquish_descriptor" and spmc[41]["tx"]["endpoints"] == ["0x8001"]
    assert spmc[17]["rx"] is None  # only counted
    probe = trace("nwprobe-debian-tfa2.12-el3spmc")
    assert probe[246]["tx"]["strict"] == {"rule": "ENUM", "field": "data_access", "at": 50, "value": "0x3"}
    assert probe[285]["tx"] == {"table": None, "bytes": "0000000000000000d5ffffff00000000"}  # of no transfer under way


def block(number: int, request: list[int], reply: list[int], **buffers: bytes) -> str:
    def registers(values: list[int]) -> str:
        return " ".join(f"x{i}={value:x}" for i, value in enumerate(values + [0] * (8 - len(values))))

    held = {kind: f" {kind} pa=1000 len={len(data)}\n  0000: {data.hex(' ')}\n" for kind, data in buffers.items()}
    return f"call {number} smc X\n in {registers(request)}\n{held.get('tx', '')} out {registers(reply)}\n{held.get('rx', '')}"


def test_fragments_are_decoded_where_a_constituent_begins() -> None:
    first, rest = base("1.1", at_64="02", at_68="02"), b"\0\0\1\x80" + bytes(4) + b"\1" + bytes(7)
    retrieved = base("1.1", at_4="08", at_8="c7", at_64="02", at_68="02")
    frag_rx, frag_tx, done = 0x8400007A, 0x8400007B, [0x84000061, 0, 0xC7]
    text = block(1, [0x84000073, 112, 96], [frag_rx, 0xC7, 0, 96], tx=first) + block(2, [frag_tx, 0xC7, 0, 16], done, tx=rest)
    text += block(3, [0x84000073, 112, 88], [frag_rx, 0xC7, 0, 88], tx=first[:88])
    text += block(4, [frag_tx, 0xC7, 0, 24], done, tx=first[88:] + rest) + block(5, [frag_tx, 0xC7, 0, 16], done, tx=rest)
    text += block(6, [0x84000074, 64, 64], [0x84000075, 112, 96], rx=retrieved)
    text += block(7, [frag_rx, 0xC7, 0, 96], [frag_tx, 0xC7, 0, 16], rx=rest)
    code, out, errors = ffabi("trace", "--json", "--version", "1.1", "-", data=text.encode())
    assert (code, errors) == (0, "")
    calls = [json.loads(line) for line in out.splitlines()]
    for number, kind in ((2, "tx"), (7, "rx")):
        assert calls[number - 1][kind]["elements"] == [{"at": 96, "fields": {"address": "0x80010000", "page_count": 1}}]
    assert [calls[n - 1]["tx"] for n in (4, 5)] == [{"table": None, "bytes": data.hex()} for data in (first[88:] + rest, rest)]


def test_text_of_a_trace() -> None:
    code, text, _ = ffabi("trace", str(CAPTURES / "tinysp-debian-tfa2.12-el3spmc.txt"))
    call = lines(text.split("#9 ", 1)[1].split("#10 ", 1)[0])
    assert code == 0
    at = call.index("tx: Memory transaction descriptor, version 1.1, share, 96 bytes")
    assert call[1].startswith("total_length") and at < call.index("0x0050  [0]  address 0x68000000  page_count 2") < \
        call.index("-> FFA_SUCCESS")
