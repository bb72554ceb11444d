# SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later
"""Runs the proofs: every function prove_NAME of generated/proofs/*.c and tests/prove/*.c, by CBMC, some at a time.

A proof holds when CBMC finds all its claims and all of its own checks true and every REACHED() reached, within the bound
that the comment above the proof states.  Results go to build/prove.tsv; proofs of an unchanged program are not run again.
"""
from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
HOME = HERE.parent.parent
# union=struct: CBMC 6.6 was seen to lose what is written to one member of a union of structures; no codec reads another member.
FLAGS = ["-std=gnu11", "-Dunion=struct", "-DFFABI_NO_VOLATILE", "-DFFABI_LOAD_HOOK", "-Iruntime/include", "-Igenerated/include",
         "-Igenerated/proofs", "-Itests/prove"]
# Bounds, pointers, signed overflow, shifts, division and unwinding are on by default in version 6.
CHECKS = ["--pointer-overflow-check", "--unsigned-overflow-check", "--unwinding-assertions", "--drop-unused-functions"]
# Where unsigned numbers wrap on purpose: a negation, a range asked with one comparison, the proofs' own arithmetic, and a scan's
# sum of whole words, which counts only when each is zero above the member: then it is the sum of the members, proved in runs.c.
NEGATION = re.compile(r"arithmetic overflow on unsigned - in (\(unsigned [a-z ]+\))?0u? - .*")
WRAPS = re.compile(r"(ffabi_speaks|ffabi_call_exists|ffabi_desc_live|ffabi_load_hook|\w+_look|prove_\w+|spec_\w+)\.overflow\.\d+")
PROOF = re.compile(r"/\*\s(?P<what>[^;/]*?)(?:; (?P<bound>[^;/]*?))?\s+\*/\nvoid prove_(?P<name>\w+)\(void\)")
UNWIND = re.compile(r"^ \* unwind: (\d+)((?:(?:\n \*)? [a-z_]+\.\d+:\d+)*)$", re.MULTILINE)
OBJECTS = re.compile(r"^ \* object-bits: (\d+)$", re.MULTILINE)
MORE_FLAGS = re.compile(r"^ \* flags: (.+)$", re.MULTILINE)
VERDICT = re.compile(r"^\[(\S+)\] (?:line \d+ )?(.*): (SUCCESS|FAILURE|UNKNOWN|ERROR)$", re.MULTILINE)


@dataclass
class Program:
    """One file of proofs with what it is linked with."""

    path: Path
    sources: list[Path] = field(default_factory=list)
    digest: str = ""
    unwind: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass
class Proof:
    program: Program
    name: str
    what: str
    bound: str
    result: str = "skipped"
    properties: int = 0
    seconds: float = 0.0
    wrong: tuple[str, ...] = ()

    @property
    def row(self) -> list[str]:
        return [self.program.path.as_posix(), self.name, self.what, self.bound or "complete", str(self.properties), self.result,
                f"{self.seconds:.1f}"]


def plain(comment: str) -> str:
    """The words of a comment, without the stars of its lines."""
    return " ".join(word for word in comment.split() if word != "*")


def bound_of(text: str) -> tuple[str, ...]:
    """How often loops are unrolled, and single ones of them: function.number:times; how many objects there may be."""
    said, objects = UNWIND.search(text), OBJECTS.search(text)
    more = ("--object-bits", objects.group(1)) if objects else ()
    return (*unwound(said), *more)


def unwound(said: re.Match[str] | None) -> tuple[str, ...]:
    if said is None:
        return ("--unwind", "130")
    single = [word for word in said.group(2).split() if word != "*"]
    return ("--unwind", said.group(1), *(["--unwindset", ",".join(single)] if single else []))


def output(command: list[str], root: Path) -> str:
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout


class Runner:
    """Builds and runs the proofs of one tree."""

    def __init__(self, root: Path, tools: Path, options: argparse.Namespace) -> None:
        self.root, self.tools, self.options = root, tools, options
        self.build = root / "build" / "prove"
        self.cache = self.build / "cache"
        self.cache.mkdir(parents=True, exist_ok=True)
        self.version = output([str(tools / "cbmc"), "--version"], root).strip()
        self.deadline = time.monotonic() + options.time if options.time else 0.0
        os.environ["PATH"] = f"{tools}:{os.environ['PATH']}"

    # -- programs ----------------------------------------------------------------------------------------------------

    def symbols(self, source: Path) -> tuple[str, set[str], set[str]]:
        """Digest of the preprocessed text; what it defines; what it lacks."""
        text = output(["gcc", *FLAGS, "-E", "-P", str(source)], self.root)
        digest = hashlib.sha256(text.encode()).hexdigest()
        obj = self.build / "obj" / f"{digest}.o"
        if not obj.exists():
            obj.parent.mkdir(exist_ok=True)
            output(["gcc", *FLAGS, "-w", "-c", str(source), "-o", str(obj)], self.root)
        names = [line.split()[-2:] for line in output(["nm", str(obj)], self.root).splitlines()]
        return digest, {n for kind, n in names if kind in "TDRB"}, {n for kind, n in names if kind == "U"}

    def programs(self) -> list[Program]:
        """Each file of proofs with the sources that it needs, and nothing else."""
        paths = [p.relative_to(self.root) for folder in ("generated/proofs", "tests/prove") for p in sorted((self.root / folder).glob("*.c"))]
        library = [p.relative_to(self.root) for folder in ("runtime", "generated/src") for p in sorted((self.root / folder).glob("*.c"))]
        with ThreadPoolExecutor(2) as pool:
            known = dict(zip([*paths, *library], pool.map(self.symbols, [*paths, *library])))
        owner = {name: path for path in library for name in known[path][1]}
        found = []
        for path in paths:
            needed, queue = {path}, [path]
            while queue:  # what the proofs define themselves stands for the library's
                lacking = known[queue.pop()][2] - known[path][1]
                for source in {owner[n] for n in lacking if n in owner} - needed:
                    needed.add(source)
                    queue.append(source)
            sources = sorted(needed)
            text = (self.root / path).read_text()
            flags = MORE_FLAGS.search(text)
            more = tuple(flags.group(1).split()) if flags else ()
            digest = hashlib.sha256("".join([*(known[s][0] for s in sources), *more]).encode()).hexdigest()
            found.append(Program(path, sources, digest, bound_of(text), more))
        return found

    def link(self, program: Program) -> Path:
        out = self.build / f"{program.digest}.goto"
        if not out.exists():
            output([str(self.tools / "goto-cc"), *FLAGS, *program.flags, "-o", str(out), *map(str, program.sources)], self.root)
        return out

    def proofs(self, programs: list[Program]) -> list[Proof]:
        found = []
        for program in programs:
            text = (self.root / program.path).read_text()
            here = [Proof(program, m["name"], plain(m["what"]), plain(m["bound"] or "")) for m in PROOF.finditer(text)]
            if len(here) != len(re.findall(r"^void prove_", text, re.MULTILINE)):
                raise SystemExit(f"{program.path}: a proof without the comment that says what it proves")
            found += here
        return [p for p in found if re.search(self.options.only, p.name)]

    # -- one proof ---------------------------------------------------------------------------------------------------

    def command(self, proof: Proof) -> list[str]:
        """Seconds are the processor's: a busy machine refutes nothing."""
        return ["sh", "-c", f'ulimit -t {self.options.timeout}; exec "$@"', "sh", str(self.tools / "cbmc"), str(self.build / f"{proof.program.digest}.goto"), "--function", f"prove_{proof.name}",
                *proof.program.unwind, *CHECKS]

    def prove(self, proof: Proof) -> Proof:
        words = [proof.program.digest, self.version, *self.command(proof)[6:]]
        kept = self.cache / hashlib.sha256("\n".join(words).encode()).hexdigest()
        if kept.exists():
            properties, seconds = kept.read_text().split()
            proof.result, proof.properties, proof.seconds = "proved", int(properties), float(seconds)
            return proof
        if self.deadline and time.monotonic() > self.deadline:
            return proof
        with tempfile.TemporaryFile("w+") as out:
            run = subprocess.Popen(self.command(proof), cwd=self.root, stdout=out, stderr=subprocess.STDOUT)
            _, status, usage = os.wait4(run.pid, 0)
            run.returncode = os.waitstatus_to_exitcode(status)
            out.seek(0)
            proof.seconds = usage.ru_utime + usage.ru_stime
            if proof.seconds >= self.options.timeout or -run.returncode in (signal.SIGXCPU, signal.SIGKILL):
                proof.result = "timeout"
            else:
                self.judge(proof, out.read())
        if proof.result == "proved":
            kept.write_text(f"{proof.properties} {proof.seconds:.1f}")
        self.report(proof)
        return proof

    @staticmethod
    def judge(proof: Proof, text: str) -> None:
        verdicts = VERDICT.findall(text)
        reached = [v for v in verdicts if v[1].startswith("reached: ")]
        proof.properties = len(verdicts) - len(reached)
        verdicts = [v for v in verdicts if not NEGATION.fullmatch(v[1]) and not (WRAPS.fullmatch(v[0]) and "unsigned" in v[1])]
        wrong = [f"{name} {claim}" for name, claim, result in verdicts if result != "SUCCESS" and not claim.startswith("reached: ")]
        wrong += [f"{name} ({claim}: it is not)" for name, claim, result in reached if result != "FAILURE"]
        if not reached or "** " not in text:
            wrong.append(text.strip()[-2000:] or "no verdict")
        proof.result, proof.wrong = ("failed", tuple(wrong)) if wrong else ("proved", ())

    def report(self, proof: Proof) -> None:
        print(f"{proof.result:8} {proof.name}  {proof.properties} properties  {proof.seconds:.1f} s", flush=True)
        for name in proof.wrong:
            print(f"         {name}", flush=True)
        broken = [name.split()[0] for name in proof.wrong if re.match(r"\S+\.\d+ ", name) and not name.endswith("it is not)")]
        if broken:
            trace = subprocess.run([*self.command(proof), "--property", broken[0], "--trace", "--trace-hex"], cwd=self.root, capture_output=True,
                                   text=True, check=False).stdout
            kept = self.build / f"{proof.name}.trace"
            kept.write_text(trace[max(trace.find("Trace for"), 0):])
            print(f"... the end of {kept}:\n{trace[-self.options.trace:]}", flush=True)

    def run(self) -> list[Proof]:
        programs = self.programs()
        proofs = self.proofs(programs)
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(self.link, {id(p.program): p.program for p in proofs}.values()))
        # In an order that has nothing to do with the files: what fits into a limited time is a sample of all.
        proofs.sort(key=lambda p: hashlib.sha256(p.name.encode()).digest())
        with ThreadPoolExecutor(self.options.jobs) as pool:
            done = list(pool.map(self.prove, proofs))
        return sorted(done, key=lambda p: (p.program.path, p.name))


HEAD = ("file", "proof", "functions", "bound", "properties", "result")


def committed(path: Path) -> dict[str, list[str]]:
    """The rows of proved.tsv, by proof."""
    if not path.exists():
        return {}
    return {row[1]: row for row in (line.split("\t") for line in path.read_text().splitlines()[1:])}


def summary(proofs: list[Proof], others: dict[str, list[str]]) -> str:
    """A line for each proof, without times; open: it was not run to its end, so nothing is known.  Other lines stay."""
    found = others | {p.name: [*p.row[:5], "proved"] if p.result == "proved" else [*p.row[:4], "-", "open"] for p in proofs}
    rows = sorted(found.values())
    return "".join("\t".join(row) + "\n" for row in [list(HEAD), *rows])


def differences(proofs: list[Proof], known: dict[str, list[str]], whole: bool) -> list[str]:
    """Where this run falls behind proved.tsv; the number of properties is the compiler's and CBMC's."""
    found = []
    for proof in proofs:
        row = known.get(proof.name)
        if proof.result == "skipped":
            continue
        if row is None or row[:4] != proof.row[:4]:
            found.append(f"{proof.name}: {'another line' if row else 'no line'} in proved.tsv")
        elif row[5] == "proved" and proof.result != "proved":
            found.append(f"{proof.name}: {proof.result}, and proved before")
    if whole:
        found += [f"{name}: a line of proved.tsv, and no proof" for name in known if name not in {p.name for p in proofs}]
    return found


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=HOME, help="the tree to prove")
    parser.add_argument("--only", default="", help="a regular expression: the proofs to run")
    parser.add_argument("--time", type=float, default=0, help="start no proof after so many seconds")
    parser.add_argument("--timeout", type=int, default=900, help="seconds of processor time for one proof")
    parser.add_argument("--jobs", type=int, default=2, help="proofs at a time")
    parser.add_argument("--trace", type=int, default=6000, help="characters of CBMC's trace of a failure")
    parser.add_argument("--update", action="store_true", help="write tests/prove/proved.tsv")
    return parser.parse_args()


def main() -> int:
    options = arguments()
    tools = output([str(HERE / "get-cbmc.sh")], HOME).strip()
    if not shutil.which("gcc") or not shutil.which("nm"):
        raise SystemExit("the proofs need gcc and nm (binutils)")
    root = options.root.resolve()
    proofs = Runner(root, Path(tools), options).run()
    rows = [[*HEAD, "seconds"], *(p.row for p in proofs)]
    (root / "build" / "prove.tsv").write_text("".join("\t".join(row) + "\n" for row in rows))
    counts = {result: sum(p.result == result for p in proofs) for result in ("proved", "failed", "timeout", "skipped")}
    print(", ".join(f"{n} {result}" for result, n in counts.items()) + f" of {len(proofs)}; build/prove.tsv")
    print(f"{sum(p.seconds for p in proofs):.0f} seconds of processor time, with what proofs took that were not run again")
    for proof in proofs:
        if proof.result == "skipped":
            print(f"skipped, out of time: {proof.name}")
    if counts["failed"] or not proofs:
        return 1
    table = root / "tests" / "prove" / "proved.tsv"
    whole = not options.only and not counts["skipped"]
    if options.update:
        table.write_text(summary(proofs, committed(table) if options.only else {}))
    wrong = differences(proofs, committed(table), whole)
    for line in wrong:
        print(f"not as committed: {line}")
    if wrong:
        print("tests/prove/proved.tsv says something else: run make prove PROVE_UPDATE=1 and commit it")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
