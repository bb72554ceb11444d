"""What is measured: for each call legal arguments, found by asking the C driver, and the C file that uses them."""
from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
for folder in (ROOT, ROOT / "tests"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

import codec as driver  # noqa: E402  (tests/codec.py; its folder is only now on the path)
from codegen.codec import Codec, Member  # noqa: E402
from codegen.model import Spec  # noqa: E402
from codegen.view import CallView, Library  # noqa: E402

MEASURED = ("1.1", "1.2")
OPS = ("pack", "unpack", "by_id", "reply")


@dataclass
class Search:
    """The search for values that one packer accepts: a refusal names the member to change."""

    spec: Spec
    codec: Codec
    target: str  # what the driver calls the codec
    version: str
    conv: str
    tries: dict[str, list[list[int]]] = field(default_factory=dict)
    at: dict[str, int] = field(default_factory=dict)
    regs: list[int] = field(default_factory=list)  # what the packer made of the values; empty until it accepted

    def __post_init__(self) -> None:
        for member in self.codec.members:
            self.tries[member.name] = self.candidates(member)
            self.at[member.name] = 0

    def candidates(self, member: Member) -> list[list[int]]:
        """Small numbers first, then what the description lists for the member; full arrays before empty ones."""
        if member.count:
            return [[1] * n + [0] * (member.count - n) for n in range(member.count, -1, -1)]
        if member.show == "UUID":
            return [[1, 1], [0, 0]]
        calls = [self.spec.calls[key.call] for key in self.codec.key_ids if key.member == member]
        fids = [fid for call in calls for given in call.fids.values() for _, fid in given]
        entries = [entry for entry in self.codec.layout.entries if entry.name == member.name]
        listed = [value.value for entry in entries if entry.enum for value in entry.enum.values]
        listed += [entry.min for entry in entries if entry.min is not None]
        numbers = [*fids, 1, 0, 2, member.neutral, 0x1000, *listed, 0x10001]
        return [[n & (1 << 64) - 1] for n in dict.fromkeys(numbers)]

    @property
    def values(self) -> dict[str, list[int]]:
        return {name: self.tries[name][self.at[name]] for name in self.tries}

    def line(self) -> str:
        numbers = [n for values in self.values.values() for n in values]
        kind = "success" if self.target.endswith(".reply") else ""
        return driver.line("P", self.target, self.version, numbers, conv=self.conv, kind=kind)

    def learn(self, answer: driver.Answer) -> None:
        if answer.ok:
            self.regs = list(answer.values)
            return
        name = answer.field.lower()
        if name not in self.tries:
            raise SystemExit(f"bench: {self.target} {self.version} {self.conv}: refused by {answer.rule} of {answer.field}")
        self.at[name] += 1
        if self.at[name] == len(self.tries[name]):
            raise SystemExit(f"bench: no value of {self.target}.{name} is legal in {self.version} {self.conv}: {answer.rule}")


def solve(searches: list[Search]) -> None:
    """All searches at once: each round is one run of the driver."""
    left = searches
    while left:
        for search, answer in zip(left, driver.run([s.line() for s in left])):
            search.learn(answer)
        left = [s for s in left if not s.regs]


@dataclass(frozen=True)
class Subject:
    """One call in one version and convention, with its request and its reply."""

    view: CallView
    version: str
    conv: str
    request: Search
    reply: Search | None

    @property
    def key(self) -> str:
        return self.view.key

    def ops(self) -> list[str]:
        return [op for op in OPS if op != "reply" or self.reply]


def subjects(library: Library) -> list[Subject]:
    """Each call in the measured versions, or, where it has none of them, in the version nearest to them."""
    spec = library.spec
    found = []
    for view in library.calls:
        life = view.call.life
        wanted = [v for v in MEASURED if spec.versions.index(v) in life]
        late = life.first > spec.versions.index(MEASURED[-1])
        for version in wanted or [spec.versions[life.first if late else life.last]]:
            index = spec.versions.index(version)
            conv = next(c for c in ("smc64", "smc32") if spec.fid(view.call, c, index) is not None)
            request = Search(spec, view.request.codec, view.key, version, conv)
            reply = Search(spec, view.success.codec, f"{view.key}.reply", version, conv) if view.success else None
            found.append(Subject(view, version, conv, request, reply))
    solve([s for subject in found for s in (subject.request, subject.reply) if s is not None])
    return found


# -- the C file -------------------------------------------------------------------------------------------------------


def registers(name: str, regs: list[int]) -> str:
    return f"static const struct ffabi_regs {name} = {{ {{ {', '.join(f'{x:#x}u' for x in regs)} }} }};\n"


def arguments(subject: Subject, index: int) -> str:
    """The host structure of the request."""
    if not subject.view.args:
        return ""
    parts = []
    for member in subject.view.request.members:
        numbers = [f"{n:#x}u" for n in subject.request.values[member.name]]
        if member.signed:
            numbers = [f"({member.ctype}){n}" for n in numbers]
        value = ", ".join(numbers)
        parts.append(f"\t.{member.name} = {f'{{ {value} }}' if member.count or member.show == 'UUID' else value},\n")
    return f"static const {subject.view.struct} in_{index} = {{\n{''.join(parts)}}};\n"


def expression(subject: Subject, op: str, index: int) -> str:
    """The call that is measured."""
    view, conv = subject.view, f"FFABI_{subject.conv.upper()}"
    function = f"ffabi_{view.key}"
    also = f", {conv}" if view.both else ""
    if op == "pack":
        return f"{function}_pack(&bench_ctx{also}{f', &in_{index}' if view.args else ''}, &bench_regs)"
    if op == "unpack":
        out = f", ({view.struct} *)&bench_out" if view.args else ""
        return f"{function}_unpack(&bench_ctx, &regs_{index}{out})"
    if op == "by_id":
        kind = "message" if view.call.carrier else "request"
        return f"ffabi_{kind}_unpack(&bench_ctx, &regs_{index}, &bench_out.{kind})"
    return f"{function}_reply_unpack(&bench_ctx{also}, &reply_{index}, (struct {function}_reply *)&bench_out)"


Minimal = tuple[str, str, str, str]  # call, version, convention, op


def minimal(found: list[Subject], calls: tuple[str, ...]) -> list[Minimal]:
    """What minimal.c does by hand."""
    return [(s.key, s.version, s.conv, op) for s in found if s.key in calls for op in ("pack", "unpack")]


def minimal_cases(found: list[Subject], wanted: list[Minimal]) -> tuple[str, list[str]]:
    """The functions, and the rows of the table of cases."""
    out, table = [], []
    for key, version, conv, op in wanted:
        index = next(i for i, s in enumerate(found) if (s.key, s.version, s.conv) == (key, version, conv))
        subject, number = found[index], version.replace(".", "_")
        name = f"bench_minimal_{op}_{index}"
        call = f"minimal_pack(&in_{index}, &bench_regs)" if op == "pack" else (
            f"minimal_unpack_{number}(&regs_{index}, ({subject.view.struct} *)&bench_out)")
        out.append(f"static void {name}(void)\n{{\n\tbench_rule = {call};\n}}\n")
        expect = f"&regs_{index}" if op == "pack" else "0"
        table.append(f'\t{{ "{key} minimal {op} {version}", FFABI_V{number}, {name}, {expect}, 0, 0, 0 }},\n')
    return "".join(out), table


def source(found: list[Subject], by_hand: list[Minimal], more: tuple[str, list[str]]) -> str:
    """The C file; its cases are in the order of the subjects and of their ops, after one that calls nothing."""
    out = ["/* Written by tests/bench/cases.py. */\n", '#include "harness.h"\n\n', "static void bench_nothing(void)\n{\n}\n"]
    table = ['\t{ "nothing", 0, bench_nothing, 0, 0, 0, 0 },\n']
    for index, subject in enumerate(found):
        out.append("\n" + registers(f"regs_{index}", subject.request.regs) + arguments(subject, index))
        if subject.reply:
            out.append(registers(f"reply_{index}", subject.reply.regs))
        for op in subject.ops():
            # The result is stored, so the call cannot become a jump that a profiler takes for a call by main.
            out.append(f"static void bench_{op}_{index}(void)\n{{\n\tbench_rule = {expression(subject, op, index)};\n}}\n")
            expect = f"&regs_{index}" if op == "pack" else "0"
            version = f"FFABI_V{subject.version.replace('.', '_')}"
            table.append(f'\t{{ "{subject.key} {op} {subject.version}", {version}, bench_{op}_{index}, {expect}, 0, 0, 0 }},\n')
    for text, lines in (minimal_cases(found, by_hand), more):
        out.append(text)
        table += lines
    out.append("\nconst struct bench_case bench_cases[] = {\n" + "".join(table) + "};\n")
    out.append("const unsigned int bench_count = sizeof(bench_cases) / sizeof(bench_cases[0]);\n")
    return "".join(out)
