# SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later
"""What the tests know that does not come from spec/, asked of a variant: which of it fails, and which calls or tables it is about.

The judges are those of the tests.  A failure is a pair: the name of the evidence, and the calls and tables (`table:KEY`) that it speaks of.
"""
from __future__ import annotations

import ctypes
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent.parent)]

import codec  # noqa: E402
import fact_tables  # noqa: E402
import test_descriptor_vectors as descriptors  # noqa: E402
import test_linux_witness as witness  # noqa: E402
import test_probe  # noqa: E402
import test_regressions as regressions  # noqa: E402
import test_status as status  # noqa: E402
import test_traces as traces  # noqa: E402
import test_transaction_traces as transactions  # noqa: E402
import transaction  # noqa: E402
from probe_table import load_rows  # noqa: E402
from variant import DoesNotCompile, Variant  # noqa: E402

from codegen.__main__ import ROOT  # noqa: E402

Failure = tuple[str, frozenset[str]]
FAMILY = frozenset(f"table:mem_{name}" for name in ("transaction", "access", "composite", "constituent", "hyp_retrieve"))
UNITS = ("boot_information", "callee", "describe", "lists", "names", "notification_lists", "replies", "resource_lists", "sizes", "status", "uuid")


def asker(driver: Path) -> Callable[[list[str]], list[str]]:
    def ask(lines: list[str]) -> list[str]:
        done = subprocess.run([driver], input="".join(f"{line}\n" for line in lines), capture_output=True, text=True, check=False, timeout=120)
        found = done.stdout.splitlines()
        return found + ["no CRASH none 0 0"] * (len(lines) - len(found))
    return ask


def parsed(lines: list[str], answers: list[str]) -> list[codec.Answer]:
    return [codec.parse(a, *q.split()[:2]) for q, a in zip(lines, answers)]


class Evidence:
    """Made once, with the library as it is; then asked about variants."""

    def __init__(self, original: Variant) -> None:
        spec = original.spec
        self.shared = {table.name: users(chapter, table.name) for chapter in spec.chapters for table in (*chapter.enums, *chapter.flags)}
        self.keys = list(original.spec.calls)
        self.tables = list(original.spec.descriptors)
        self.names = {call.name: key for key, call in original.spec.calls.items()}
        self.carriers = {key: call.carrier for key, call in original.spec.calls.items() if call.carrier}
        self.vectors = regressions.load_vectors()
        self.prepare_probe(asker(original.folder / "driver"))
        self.trace_lines, self.trace_labels = self.trace_questions()
        self.trace_answers = asker(original.folder / "driver")(self.trace_lines)
        self.expected: set[Failure] = set()
        self.expected = set(self.failures(original))

    # -- registers -------------------------------------------------------------------------------------------------------

    def prepare_probe(self, ask: Callable[[list[str]], list[str]]) -> None:
        real = test_probe.run
        test_probe.run = lambda lines: parsed(lines, ask(lines))
        try:
            self.probe = test_probe.Probe(load_rows())
        finally:
            test_probe.run = real
        self.asked: list[tuple[test_probe.Case, int, int]] = []
        self.lines: list[str] = []
        for case in self.probe.cases:
            for reg, bit in test_probe.BITS:
                row, below, above = (case.rows.get((reg, b)) for b in (bit, bit - 1, bit + 1))
                if bit < 32 or bit in (32, 63) or row is not below or row is not above:
                    self.asked.append((case, reg, bit))
                    self.lines.append(case.ask("U", case.flipped(reg, bit)))
        self.answers = ask(self.lines)
        self.packs = [case.ask("P", list(case.answer.values)) for case in self.probe.cases]
        self.packed = ask(self.packs)

    def about(self, case: Any) -> frozenset[str]:
        return frozenset({case.codec, case.spoken()} | ({"error"} if case.direction == "error" and case.codec != "version" else set()))

    def registers(self, ask: Callable[[list[str]], list[str]]) -> Iterator[Failure]:
        """Each bit that is no longer what it was goes to the judge of the probe."""
        probe = test_probe.Probe.__new__(test_probe.Probe)
        probe.__dict__.update(self.probe.__dict__, failures=[], used=set(), proved=set(), refused={}, probed={})
        real = test_probe.run
        test_probe.run = lambda lines: parsed(lines, ask(lines))
        try:
            for (case, reg, bit), question, before, now in zip(self.asked, self.lines, self.answers, ask(self.lines)):
                if before != now:
                    later: list[Any] = []
                    count = len(probe.failures)
                    if now.startswith("no CRASH"):
                        probe.failures.append("crash")
                    elif not probe.failures or self.last != self.about(case):
                        probe.judge(case, reg, bit, codec.parse(now, *question.split()[:2]), later)
                        probe.follow_up(later)
                    if len(probe.failures) > count:
                        self.last = self.about(case)
                        yield "registers.tsv", self.about(case)
            for case, before, now in zip(self.probe.cases, self.packed, ask(self.packs)):
                if before != now and any(row.strong for row in case.rows.values()):
                    got = codec.parse(now, "P", case.codec)
                    if not got.ok or any(v ^ w & 0xFFFFFFFF and any(r.strong for r in case.regs.get(n, ()))
                                         for n, (v, w) in enumerate(zip(got.values, case.base))):
                        yield "registers.tsv", self.about(case)
        finally:
            test_probe.run = real

    def register_vectors(self, ask: Callable[[list[str]], list[str]]) -> Iterator[Failure]:
        lines = [regressions.question(v) for v in self.vectors]
        for v, line, text in zip(self.vectors, lines, ask(lines)):
            got = codec.parse(text, *line.split()[:2])
            if regressions.verdict(v, got):
                key = v["codec"].removesuffix(".reply")
                told = {key, *v["expected"].replace(":", " ").split(), *got.words}
                words = told & {*self.keys, "status"}  # an error code that is judged is one of errors.yaml
                yield f"vector {v['id']}", frozenset(words | {self.carriers[w] for w in words if w in self.carriers} | {"version"} & words)

    # -- traces ----------------------------------------------------------------------------------------------------------

    def trace_questions(self) -> tuple[list[str], list[frozenset[str]]]:
        """Each call of the traces strictly read, as request and as reply, in the version in force."""
        lines, labels = [], []
        for trace in traces.CALLS:
            version = "1.2"
            for call in traces.registers(trace).values():
                x, out = call["in"], call.get("out")
                key = self.names.get(re.sub(r"(_32|_64)$", "", call["label"].split()[0]).replace("REQ64", "REQ"))
                if key is None:
                    continue
                conv = "smc64" if x[0] & 1 << 30 else "smc32"
                lines += [codec.line("I", "-", version, x), codec.line("U", key, version, x)]
                labels += [frozenset({key})] * 2
                if out:
                    lines.append(codec.line("U", f"{key}.reply", version, out, conv=conv))
                    number = out[0] & 0xFF
                    also = next((k for k in self.keys if k == {0x60: "error", 0x61: "success"}.get(number, "")), key)
                    labels.append(frozenset({key, also}))
                if key == "version" and out and not out[0] >> 31 & 1:
                    agreed = min(x[1] & 0x7FFFFFFF, out[0] & 0xFFFFFFFF)
                    version = next((name for name, n in codec.VERSIONS.items() if n == agreed), version)
        return lines, labels

    def conversations(self, ask: Callable[[list[str]], list[str]]) -> Iterator[Failure]:
        """What is accepted packs back, what is refused is refused for the same rule at the same place: test_traces.py says which."""
        again, places = [], []
        for n, (line, before, now) in enumerate(zip(self.trace_lines, self.trace_answers, ask(self.trace_lines))):
            op, key, version = line.split()[:3]
            if before.split()[:1 if op == "U" else 3] != now.split()[:1 if op == "U" else 3]:
                yield "traces", self.trace_labels[n]
            elif op == "U" and now.startswith("no"):
                if before.split()[1:4:2] != now.split()[1:4:2]:
                    yield "traces", self.trace_labels[n]
            elif op == "U" and not key.endswith(".reply") and now != before:
                words = line.split()
                again.append(" ".join(["P", *words[1:6], *now.split()[1:]]))
                places.append((n, [int(w, 16) for w in words[6:14]]))
        for (n, regs), text in zip(places, ask(again) if again else []):
            got = codec.parse(text, "P", "")
            if not got.ok or [v & 0xFFFFFFFF for v in got.values[:8]] != [v & 0xFFFFFFFF for v in regs]:
                yield "traces", self.trace_labels[n]

    # -- tables ----------------------------------------------------------------------------------------------------------

    def descriptor_vectors(self, program: Path) -> Iterator[Failure]:
        for row in descriptors.ROWS:
            try:
                wrong = descriptors.DOES[row["does"]](row, program)
            except (AssertionError, ValueError, TypeError, KeyError, IndexError) as error:
                wrong = str(error)
            if wrong:
                yield f"descriptor {row['id']}", FAMILY
                return
        real, transaction.BUILD = transaction.BUILD, program.parent
        try:
            for trace in transactions.COUNTS:
                transactions.test_descriptors_are_read_and_written_again(trace)
            transactions.test_malformed_calls_are_refused_for_what_they_are()
        except (AssertionError, ValueError, TypeError, KeyError, IndexError):
            yield "descriptors of traces", FAMILY
        finally:
            transaction.BUILD = real

    # -- C tests, tables of facts, Linux ---------------------------------------------------------------------------------

    def named(self, text: str) -> frozenset[str]:
        """Calls and tables that a piece of C speaks of."""
        low = text.lower()
        calls = {key for key in self.keys if re.search(rf"\b(ffabi_(call_|fid_|fn_)?|ffa_){key}(_(32|64|reply|pack|unpack|success|error)\w*)?\b", low)}
        tables = {f"table:{key}" for key in self.tables if f"ffabi_{key}" in low or f"_{key}_" in low}
        return frozenset(calls | tables)

    def unit(self, variant: Variant, name: str) -> Iterator[Failure]:
        source = ROOT / "tests" / "unit" / f"{name}.c"
        text = source.read_text(encoding="utf-8")
        try:
            program = variant.program(f"unit-{name}", source)
        except DoesNotCompile as error:
            yield f"unit {name}", self.named(str(error)[-2000:])
            return
        done = subprocess.run([program], capture_output=True, text=True, check=False, timeout=60)
        told = re.findall(rf"{name}\.c:(\d+): ", done.stdout)
        if done.returncode and not told:
            yield f"unit {name}", self.named(text)
        lines = text.splitlines()
        for number in dict.fromkeys(told):
            first = next(n for n in range(int(number) - 1, -1, -1) if lines[n].startswith("{") or n == 0)
            last = next(n for n in range(int(number) - 1, len(lines)) if lines[n].startswith("}"))
            own = self.named(lines[int(number) - 1] + lines[int(number) - 2])
            yield f"unit {name}", own or self.named("\n".join(lines[max(0, first - 6):last + 1])) or self.named(text)

    def legal(self, variant: Variant) -> Iterator[Failure]:
        library = ctypes.CDLL(str(variant.shared("status", ("legal", "status_violation", "linux_errno", "u_boot_errno", "calls", "text_call", "text_function"))))
        library.ffabi_call_name.restype = ctypes.c_char_p
        for test, about in ((lambda: status.test_legal_instances(library), None), (lambda: status.test_calls_of_versions(library), None),
                            (lambda: status.test_any_instance(library), None),
                            (lambda: status.test_errno(library, "linux", status.LINUX), {"errno:linux"}),
                            (lambda: status.test_errno(library, "u_boot", status.U_BOOT), {"errno:u_boot"}),
                            (lambda: status.test_answer_to_a_violation(library), {"violations"})):
            try:
                test()
            except AssertionError as error:
                each = [line.partition(":")[0] for line in str(error).splitlines() if ": more" in line]
                found = {self.names[name] for name in re.findall(r"\bFFA_\w+", str(error)) if name in self.names}
                for names in [{self.names[name]} for name in each if name in self.names] or [found]:
                    yield "instances and answers", frozenset(names | (about or set()))

    def linux(self, variant: Variant) -> Iterator[Failure]:
        folder = variant.folder / "witness"
        folder.mkdir(exist_ok=True)
        (folder / "offsets.h").write_text(variant.files["tests/offsets.h"], encoding="utf-8")
        (folder / "bits.h").write_text(witness.bits(variant.spec), encoding="utf-8")
        folders = [folder, witness.HERE / "shim", ROOT / "tests" / "ports" / "linux", ROOT / "runtime" / "ports" / "linux",
                   ROOT / "runtime" / "include", variant.folder / "include"]
        command = [witness.COMPILER, *witness.FLAGS, *(f"-I{path}" for path in folders), f"-isystem{witness.kernel()}", str(witness.HERE / "witness.c")]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        for failed in re.findall(r"error: (.*)$", done.stderr, re.MULTILINE):
            about = set(self.named(failed))
            about |= {f"table:{key}" for key in self.tables if re.search(rf"FFABI_(AT|SIZE|LO)_\d_\d_{key.upper()}(_|\b)", failed)}
            about |= {"status"} if "FFABI_STATUS" in failed else set()
            about |= self.users(failed)
            yield "Linux", frozenset(about)

    def facts(self, variant: Variant) -> Iterator[Failure]:
        texts = [text for path, text in variant.files.items() if path.startswith("include/") or path == "tests/offsets.h"]
        library = fact_tables.load(variant.shared("facts", fact_tables.LIBRARY))
        for what, about in fact_tables.judge(texts, library):
            if what in fact_tables.EXCEPTIONS:
                continue  # expected, and of the same call as what is not
            yield "fact tables", frozenset(self.shared.get(about[4:], ()) if about.startswith("set:") else {about, *({"status"} if "STATUS" in what else ())})

    def users(self, text: str) -> set[str]:
        """The calls and tables that use an enumeration or a flag set that is named."""
        return {user for name, users in self.shared.items() if f"FFABI_{name.upper()}_" in text or f"ffabi_{name}_" in text for user in users}

    # -- all -------------------------------------------------------------------------------------------------------------

    def failures(self, variant: Variant, registers: bool = True, tables: bool = True) -> list[Failure]:
        """What fails now and did not before; evidence on registers or on tables is left out where none of them has changed."""
        found = [*self.linux(variant), *self.facts(variant)]
        if registers:
            ask = asker(variant.folder / "driver")
            found += [*self.registers(ask), *self.register_vectors(ask), *self.conversations(ask), *self.legal(variant)]
        if tables:
            found += self.descriptor_vectors(variant.folder / "transaction-driver")
        for name in UNITS:
            found += self.unit(variant, name)
        return [failure for failure in dict.fromkeys(found) if failure not in self.expected]


def users(chapter: Any, name: str) -> set[str]:
    """The calls and tables of a chapter that use an enumeration or a flag set."""
    calls = {c.key for c in chapter.calls for part in (c.request, c.success, c.error) if part for e in part.entries if e.type_name == name}
    return calls | {f"table:{d.key}" for d in chapter.descriptors for f in d.fields if f.type_name == name}


def programs(variant: Variant, registers: bool = True, tables: bool = True) -> None:
    """What the evidence asks."""
    variant.library()
    if registers:
        variant.program("driver", variant.folder / "tests" / "driver.c")
    if not tables:
        return
    hooked = [variant.object(ROOT / "tests" / "transaction_driver.c", "-DFFABI_LOAD_HOOK")]
    hooked += [variant.object(source if source.is_relative_to(ROOT / "runtime") else variant.folder / "src" / source.name, "-DFFABI_LOAD_HOOK")
               for source in transaction.LIBRARY]
    subprocess.run(["cc", *hooked, "-o", variant.folder / "transaction-driver"], check=True)
