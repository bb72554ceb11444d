"""Fact tables of tests/facts against generated C: offsets and sizes, flags and enumerators, function ids and versions, error codes of calls.

Each judge yields what is wrong and the call or table (`table:KEY`), flag set or enumeration (`set:NAME`) that it is about.
"""
from __future__ import annotations

import csv
import ctypes
import re
from collections.abc import Iterator
from pathlib import Path

FACTS = Path(__file__).resolve().parent / "facts"
VERSIONS = ("1.0", "1.1", "1.2", "1.3")
Wrong = tuple[str, str]
# Where we differ on purpose.
EXCEPTIONS = {"FFA_RXTX_UNMAP has no meaning of DENIED": "spec/decisions.md, Where sources differ: not adopted"}

# Table of facts -> ours, and fields that have another name with us.
STRUCTS = {
    "partition_info_descriptor": "partition_info", "memory_transaction_descriptor": "mem_transaction",
    "memory_access_permissions_descriptor": "mem_access", "endpoint_memory_access_descriptor": "mem_access",
    "composite_memory_region_descriptor": "mem_composite", "constituent_memory_region_descriptor": "mem_constituent",
    "relinquish_descriptor": "mem_relinquish_descriptor", "endpoint_rxtx_descriptor": "endpoint_rxtx",
    "partition_message_header": "partition_message_header", "boot_info_header": "boot_info_header", "boot_info_descriptor": "boot_info_descriptor",
}
FIELDS = {
    "exec_ctx_count_or_proxy_id": "exec_ctx_count", "attributes": "memory_type", "emad_size": "access_size", "emad_count": "access_count",
    "emad_array_offset": "access_offset", "permissions": "data_access", "desc_size": "descriptor_size", "desc_count": "descriptor_count",
    "desc_array_offset": "descriptor_offset", "ffa_version": "version",
}
# A flag set of the facts -> ours, and the bit at which ours begins.
SETS = {
    "transaction_flags_send": [("mem_send_flags", 0), ("mem_share_flags", 0)], "transaction_flags_retrieve_req": [("mem_retrieve_req_flags", 0)],
    "transaction_flags_retrieve_resp": [("mem_retrieve_resp_flags", 0)], "relinquish_flags": [("mem_relinquish_flags", 0)],
    "reclaim_flags": [("mem_reclaim_flags", 0)], "memory_access_permissions_flags": [("mem_access_flags", 0)],
    "notification_bind_flags": [("notification_bind_flags", 0)], "notification_set_flags": [("notification_set_flags", 0)],
    "notification_get_flags": [("notification_get_flags", 0)], "msg_send2_flags": [("msg_send2_flags", 0)],
    "msg_wait_flags": [("msg_wait_flags", 0)], "mem_retrieve_req_features_in": [("mem_retrieve_req_input", 0)],
    "mem_retrieve_req_features_out": [("mem_retrieve_req_properties", 0), ("mem_send_properties", 0)],
    "notification_features": [("notification_limits", 0)], "partition_properties": [("partition_properties", 0), ("partition_more_properties", 6)],
    "amd_permissions": [("address_map_permissions", 0)], "ns_res_flags": [("ns_res_info_get_flags", 0)],
}
# A field of the facts -> our enumeration, and what its words are called with us.
ENUMS: dict[tuple[str, str], tuple[str, dict[str, str]]] = {
    ("partition_properties", "id_type"): ("partition_id_type", {"PE endpoint": "pe_endpoint", "SEPID independent": "sepid_independent",
                                                                "SEPID dependent": "sepid_dependent", "auxiliary": "auxiliary"}),
    ("memory_region_attributes_16bit", "ns"): ("memory_security", {"secure": "secure", "non-secure": "non_secure"}),
    ("memory_region_attributes_16bit", "type"): ("memory_type", {"not specified": "not_specified", "device": "device", "normal": "normal"}),
    ("memory_region_attributes_16bit", "shareability"): ("shareability", {"non-shareable": "non_shareable", "outer": "outer_shareable",
                                                                          "inner": "inner_shareable"}),
    ("memory_access_permissions", "data_access"): ("data_access", {"not specified": "not_specified", "RO": "read_only", "RW": "read_write"}),
    ("memory_access_permissions", "instruction_access"): ("instruction_access", {
        "not specified": "not_specified", "not executable": "not_executable", "executable": "executable"}),
    ("transaction_flags_retrieve_req", "transaction_type"): ("transaction_type", {
        "unspecified": "unspecified", "share": "share", "lend": "lend", "donate": "donate"}),
    ("mem_perm", "data_perm"): ("data_access_permission", {"no access": "no_access", "RW": "read_write", "RO": "read_only"}),
    ("mem_perm", "xn"): ("instruction_access_permission", {"executable": "executable", "not executable": "not_executable"}),
    ("rxtx_map_features", "min_size_align"): ("rxtx_min_size", {"4K": "kib_4", "64K": "kib_64", "16K": "kib_16"}),
    ("boot_info_type", "implementation_defined"): ("boot_info_type_class", {"standard": "standard", "implementation defined": "implementation_defined"}),
    ("boot_info_flags", "name_format"): ("boot_info_name_format", {"null-terminated string": "string", "UUID": "uuid"}),
    ("boot_info_flags", "contents_format"): ("boot_info_contents_format", {"address": "address", "value": "value", "offset": "offset"}),
    ("warm_boot_req", "boot_type"): ("warm_boot_type", {"suspend to RAM": "suspend_to_ram", "not suspend to RAM": "low_power"}),
    ("ns_res_flags", "request_type"): ("ns_res_request", {"start": "start", "continue": "continuation"}),
}


def rows(name: str) -> Iterator[dict[str, str]]:
    """Rows with a source that is code: neither a reading of the text by others (~) nor a guess (?)."""
    with open(FACTS / f"{name}.tsv", encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if code_sources(row):
                yield row


def code_sources(row: dict[str, str]) -> int:
    return sum(not source.endswith(("~", "?")) for source in row["sources"].split(","))


def expand(span: str) -> list[str]:
    first, _, last = span.rstrip("+").partition("-")
    return [v for v in VERSIONS if first <= v <= ("1.3" if span.endswith("+") else last or first)]


def numbers(texts: list[str]) -> dict[str, int]:
    """Every constant of C headers: macros and enumerators."""
    found = {}
    for text in texts:
        for name, value in re.findall(r"(?:#define )?\b(FFABI_\w+) (?:= )?(0x[0-9a-fA-F]+|-?\d+)[uUlL]*(?=[\s,]|$)", text):
            found[name] = int(value, 0)
    return found


def structs(known: dict[str, int], compared: list[str]) -> Iterator[Wrong]:
    for row in rows("structs"):
        table = STRUCTS.get(row["struct"])
        whole = row["field"] == "__size__"
        if table is None or row["mbz"] != "-" and "reserved" in row["field"] or row["offset"] == "-" and not whole or row["size"] == "var":
            continue
        if row["struct"] == "memory_access_permissions_descriptor" and whole or row["field"] in ("access_permissions", "attributes", "flags") \
                and table == "partition_message_header":
            continue
        for version in expand(row["version_range"]):
            field = FIELDS.get(row["field"], row["field"])
            name = f"SIZE_{version}_{table}" if whole else f"AT_{version}_{table}_{field}"
            name = "FFABI_" + name.replace(".", "_").upper()
            if name not in known:
                continue  # ours has it in parts, or under a name that the table does not know: compared counts those that it has
            compared.append(name)
            if known[name] != int(row["size"] if whole else row["offset"]):
                yield f"{name} is {known[name]}, not {row['size'] if whole else row['offset']}", f"table:{table}"


def flags(known: dict[str, int], compared: list[str]) -> Iterator[Wrong]:
    for row in rows("bitfields"):
        for ours, first in SETS.get(row["container"], ()):
            name = f"FFABI_{ours.upper()}_{row['field'].upper()}"
            if name in known and row["bit_hi"] == row["bit_lo"]:
                compared.append(name)
                if known[name] != 1 << int(row["bit_lo"]) - first:
                    yield f"{name} is {known[name]:#x}, not bit {row['bit_lo']}", f"set:{ours}"


def enumerators(known: dict[str, int], compared: list[str]) -> Iterator[Wrong]:
    for row in rows("bitfields"):
        enum = ENUMS.get((row["container"], row["field"]))
        if enum is None:
            continue
        for value, words in re.findall(r"(\d+) ([^,;()]+)", row["enum_values"]):
            ours = enum[1].get(words.strip())
            name = f"FFABI_{enum[0].upper()}_{(ours or '').upper()}"
            if ours and name in known:
                compared.append(name)
                if known[name] != int(value):
                    yield f"{name} is {known[name]}, not {value}", f"set:{enum[0]}"


def function_ids(known: dict[str, int], library: ctypes.CDLL, compared: list[str]) -> Iterator[Wrong]:
    """Ids, and the versions that have them."""
    calls = {name: n for n in range(300) if (text := library.ffabi_call_name(n)) is not None and (name := text.decode())}
    for row in rows("function_ids"):
        if row["name"] not in calls:
            continue
        late = re.search(r"64-bit: (1\.\d)", row["since"])
        last = "1.0" if row["until_or_legacy_note"].startswith("legacy: 1.0 only") else "1.3"
        for bits, column in ((32, "fid_smc32"), (64, "fid_smc64")):
            name = f"FFABI_FID_{row['name'].removeprefix('FFA_')}_{bits}"
            wanted = int(row[column], 16) if row[column] != "-" else None
            compared.append(name)
            key = row["name"].removeprefix("FFA_").lower()
            if known.get(name) != wanted:
                yield f"{name} is {known.get(name)}, not {row[column]}", key
            first = late[1] if late and bits == 64 else row["since"][:3]
            have = [v for v in VERSIONS if wanted is not None and first <= v <= last]
            got = [v for n, v in enumerate(VERSIONS) if library.ffabi_call_exists(calls[row["name"]], 0x10000 + n, 0x40000000 if bits == 64 else 0)]
            if have != got:
                yield f"{name} is in {got}, not {have}", key


def errors(known: dict[str, int], library: ctypes.CDLL, compared: list[str]) -> Iterator[Wrong]:
    """A code that two or more implementations return from a call has a meaning of its own in that call."""
    for row in rows("errors"):
        name = row["abi"].removeprefix("FFA_")
        fid = known.get(f"FFABI_FID_{name}_32", known.get(f"FFABI_FID_{name}_64"))
        code = known.get(f"FFABI_STATUS_{row['error_code']}")
        if fid is None or code is None or code_sources(row) < 2:
            continue
        compared.append(f"{name} {row['error_code']}")
        if library.ffabi_status_text(fid, code) == library.ffabi_status_text(0, code):
            yield f"FFA_{name} has no meaning of {row['error_code']}", name.lower()


LIBRARY = ("legal", "calls", "text_call", "text_function", "text_meaning", "text_status")


def load(path: Path) -> ctypes.CDLL:
    library = ctypes.CDLL(str(path))
    library.ffabi_call_name.restype = library.ffabi_status_text.restype = ctypes.c_char_p
    library.ffabi_status_text.argtypes = (ctypes.c_uint32, ctypes.c_int32)
    return library


def judge(headers: list[str], library: ctypes.CDLL, compared: dict[str, list[str]] | None = None) -> Iterator[Wrong]:
    """All tables."""
    known, told = numbers(headers), compared if compared is not None else {}
    yield from structs(known, told.setdefault("structs", []))
    yield from flags(known, told.setdefault("flags", []))
    yield from enumerators(known, told.setdefault("enumerators", []))
    yield from function_ids(known, library, told.setdefault("function ids", []))
    yield from errors(known, library, told.setdefault("errors", []))
