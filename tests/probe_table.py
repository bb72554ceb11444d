"""What test_probe.py compares: the register table of tests/facts/, and the names, calls and base values of ours that match it."""
from __future__ import annotations

import csv
import re
from dataclasses import dataclass

from codec import ROOT, VERSIONS

FACTS = ROOT / "tests" / "facts"

# Members that zero would make illegal, or that open other fields; several bases where one cannot reach every bit.
# "conv" and "since" say where a base applies.
SENT: list[dict[str, int | str]] = [
    {"total_length": 0x3000, "fragment_length": 0x1000}, {"total_length": 0xFFFFFFFF, "fragment_length": 0x80000001},
    {"total_length": 0x3000, "fragment_length": 0x1000, "buffer_address": 0x30000, "buffer_page_count": 3}]
BASES: dict[str, list[dict[str, int | str]]] = {
    "error.call": [{"status": 0xFFFFFFFF}],
    "version.success": [{"version": 0x10001}],
    "version.error": [{"status": 0xFFFFFFFF}],
    "console_log.error": [{"status": 0xFFFFFFF9}],
    "features_rxtx_map.call": [{"function_id": 0x84000066}],
    "features_mem_donate.call": [{"function_id": 0x84000071}],
    "features_mem_lend.call": [{"function_id": 0x84000072}],
    "features_mem_share.call": [{"function_id": 0x84000073}],
    "features_mem_retrieve_req.call": [{"function_id": 0x84000074}],
    "features_function.call": [{"function_id": 0x84000060}],
    "rxtx_map.call": [{"tx_address": 0x30000, "rx_address": 0x50000, "page_count": 3}],
    "partition_info_get_regs.call": [{}, {"start_index": 3}],
    "partition_info_get_regs.success": [{"descriptor_size": 0xFFF8, "last_index": 0xFFFF}, {"descriptor_size": 48}],
    "ns_res_info_get.call": [{}, {"flags": 1}],
    "msg_send_direct_req.call": [{}, {"since": "1.1", "framework": 1}],
    "msg_send_direct_resp.call": [{}, {"since": "1.1", "framework": 1}],
    "live_activation_start_req.call": [{"conv": "smc32", "new_instance_page_count": 3},
                                       {"conv": "smc64", "new_instance_page_count": 3, "new_instance_base": 0x30000}],
    "notification_bind.call": [{"bitmap": 3}],
    "notification_unbind.call": [{"bitmap": 3}],
    "notification_set.call": [{"bitmap": 3}, {"bitmap": 3, "flags": 1}],
    "notification_set2.call": [{}, {"flags": 1}],
    "mem_donate.call": SENT, "mem_lend.call": SENT, "mem_share.call": SENT, "mem_retrieve_req.call": SENT,
    "mem_retrieve_resp.call": SENT[:2],
    "mem_frag_tx.call": [{"fragment_length": 3}],
    "mem_perm_get.call": [{"page_count": 1}],
    "mem_perm_get.success": [{"page_count": 1}, {"page_count": 1, "data_access": 1}],
    "mem_perm_set.call": [{"page_count": 3, "data_access": 1, "instruction_access": 1},
                          {"page_count": 3, "data_access": 3, "instruction_access": 1}],
    "console_log.call": [{"conv": "smc32", "char_count": 24}, {"conv": "smc32", "char_count": 16},
                         {"conv": "smc64", "char_count": 128}, {"conv": "smc64", "char_count": 64}, {"conv": "smc64", "char_count": 32}],
}

# The table's sub-cases of FFA_FEATURES are messages of ours; the other sub-cases and calls are found by name.
FUNCTION, FEATURE = "FFA_FEATURES:function", "FFA_FEATURES:feature"
LAYERS: dict[str, list[list[str]]] = {
    "features.call": [[FUNCTION]], "features.success": [[FUNCTION]],
    "features_function.call": [[FUNCTION]], "features_function.success": [[FUNCTION]],
    "features_feature.call": [[FEATURE]],
    "features_mem_retrieve_req.call": [[FUNCTION + ":FFA_MEM_RETRIEVE_REQ", FUNCTION]],
    "features_notifications.call": [[FEATURE]], "features_notifications.success": [[FEATURE + ":NOTIFICATION"]],
    # The first descriptor is described twice: as a run of registers, and field by field.
    "partition_info_get_regs.success": [["FFA_PARTITION_INFO_GET_REGS"],
                                        ["FFA_PARTITION_INFO_GET_REGS:descriptor", "FFA_PARTITION_INFO_GET_REGS"]],
}
FEATURE_IDS = {"features_npi": 1, "features_sri": 2, "features_mei": 3, "features_notifications": 4}  # in the meaning of feature_id
for _key in ("rxtx_map", "mem_donate", "mem_lend", "mem_share", "mem_retrieve_req"):
    LAYERS.setdefault(f"features_{_key}.call", [[FUNCTION]])
    LAYERS[f"features_{_key}.success"] = [[f"{FUNCTION}:FFA_{_key.upper()}"]]
for _key in ("npi", "sri", "mei"):
    LAYERS[f"features_{_key}.call"] = [[FEATURE]]
    LAYERS[f"features_{_key}.success"] = [[f"{FEATURE}:{_key.upper()}"]]


def expand(span: str) -> tuple[str, ...]:
    first, _, last = span.rstrip("+").partition("-")
    return tuple(v for v in VERSIONS if first <= v <= ("1.3" if span.endswith("+") else last or first))


@dataclass(frozen=True)
class Row:
    abi: str
    variant: str
    versions: tuple[str, ...]
    direction: str
    first: int
    last: int
    wide: bool  # x, not w
    hi: int
    lo: int
    field: str
    meaning: str
    rule: str  # MBZ, SBZ, - or a condition
    sources: tuple[str, ...]
    number: int

    @property
    def strong(self) -> bool:
        return sum(not s.endswith(("~", "?")) for s in self.sources) >= 2

    @property
    def reserved(self) -> bool:
        return self.rule in ("MBZ", "SBZ") or self.field == "reserved"

    def holds(self, version: str, conv: str) -> bool:
        return version in self.versions and self.variant in ("both", conv[3:])

    def __str__(self) -> str:
        regs = f"{'x' if self.wide else 'w'}{self.first}" + (f"-{self.last}" if self.last != self.first else "")
        return f"{self.number}: {self.abi} {self.direction} {regs}[{self.hi}:{self.lo}] {self.field}"


def load_rows() -> list[Row]:
    rows = []
    with open(FACTS / "registers.tsv", encoding="utf-8") as file:
        for number, r in enumerate(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE), 2):
            span = [int(n) for n in re.findall(r"\d+", r["register"])]
            # FFA_SUCCESS_64 is our success in the convention of the request.
            direction = "success" if r["direction"] == "other:FFA_SUCCESS_64" else r["direction"]
            rows.append(Row(r["abi"], r["variant"], expand(r["version_range"]), direction, span[0], span[-1], r["register"][0] == "x",
                            int(r["bit_hi"]), int(r["bit_lo"]), r["field"], r["meaning"], r["mbz_or_sbz"], tuple(r["sources"].split(",")), number))
    return rows


def load_members() -> tuple[list[str], dict[str, list[str]]]:
    """The keys of the calls and the members of each struct, in the order in which the driver speaks of them."""
    text = (ROOT / "generated" / "tests" / "driver.c").read_text(encoding="utf-8")
    table = re.search(r"keys\[\] = \{(.*?)\};", text, re.S)
    assert table
    members: dict[str, list[str]] = {}
    for name, body in re.findall(r"static void (\w+)_print\(const struct \w+ \*m\)\n\{(.*?)\n\}", text, re.S):
        names: list[str] = []
        count = 0
        for loop, member, index in re.findall(r"i < (\d+)|m->([\w.]+)(\[i\])?[),]", body):
            if loop:
                count = int(loop)
            else:
                names += [f"{member}[{i}]" for i in range(count)] if index else [member]
        members[name] = names
    return re.findall(r'"(\w+)"', table[1]), members


KEYS, MEMBERS = load_members()


@dataclass(frozen=True)
class Name:
    """One line of names.tsv: bits hi:lo of a table field are the bits of our member from `at` up; "-" is no member."""

    abi: str
    direction: str
    field: str
    hi: int
    lo: int
    member: str
    at: int
    bias: int


def load_names() -> list[Name]:
    with open(FACTS / "names.tsv", encoding="utf-8") as file:
        out = []
        for r in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            hi, _, lo = (r["bits"] if r["bits"] != "all" else "63:0").partition(":")
            assert r["why"], r
            out.append(Name(r["abi"], r["direction"], r["field"], int(hi), int(lo or hi), r["member"], int(r["at"]), int(r["bias"])))
    return out
