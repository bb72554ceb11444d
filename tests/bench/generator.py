"""make bench-generator: what the generator costs, by stage and as the description grows, to build/bench-generator.tsv.

Times are CPU times of fresh processes.  Each is also given in units of a fixed loop that the same process ran before and
after: on a busy machine the ratio says more than the time.  Exit status 1 when a stage grows worse than its output.
"""
from __future__ import annotations

import argparse
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
RESULT = ROOT / "build" / "bench-generator.tsv"
RUNS = 3
TIMES = (1, 5, 10)  # how often the synthetic description has each call
WORSE = 1.6  # a call may cost so many times more between 5 and 10 copies than between 1 and 5
SMALL = 0.05  # a stage below this part of the whole, or that hardly grows, is not judged: it is noise
BUDGET_RUN, BUDGET_LINES = 0.3, 0.05  # seconds for a run, and for 1000 lines
ONCE = ("success", "error")  # answers to all calls: the generator knows them by name
REFERENCES = ("carrier", "fid_of", "replies", "call")  # keys that name calls
LOOP = 400_000
STAGES = ("start", "import", "load", "model", "check", "plan", "compile", "print", "break lines", "examples")


def loop() -> float:
    """CPU seconds of a fixed piece of Python."""
    start, total = time.process_time(), 0
    for number in range(LOOP):
        total += number & 7
    return time.process_time() - start


# -- a larger description --------------------------------------------------------------------------------------------


def copied(data: Any, calls: set[str], n: int, count: int, key: str = "") -> Any:
    """A call with other ids, whose references to calls lead to calls of the same copy."""
    if key in ("smc32", "smc64") and not isinstance(data, str):
        return moved(data, n, count)
    if isinstance(data, dict):
        return {below: copied(value, calls, n, count, below) for below, value in data.items()}
    if isinstance(data, list):
        return [copied(item, calls, n, count, key) for item in data]
    return f"{data}_{n}" if key in REFERENCES and data in calls else data


def moved(ids: Any, n: int, count: int) -> Any:
    return {version: fid + n * count for version, fid in ids.items()} if isinstance(ids, dict) else ids + n * count


def enlarged(to: Path, times: int) -> Path:
    """spec/ with every call of every chapter times over, and room for their ids."""
    shutil.copytree(ROOT / "spec", to)
    shared = yaml.safe_load((to / "ffa.yaml").read_text())
    count = shared["function_ids"]["count"]
    shared["function_ids"]["count"] = count * times
    (to / "ffa.yaml").write_text(yaml.safe_dump(shared, sort_keys=False))
    chapters = {name: yaml.safe_load((to / f"{name}.yaml").read_text()) for name in shared["chapters"]}
    calls = {key for chapter in chapters.values() for key in chapter.get("calls", {})} - set(ONCE)
    for name, chapter in chapters.items():
        own = dict(chapter.get("calls", {}))
        for n in range(1, times):
            for key, call in own.items():
                if key in calls:
                    again = copied(call, calls, n, count)
                    again["name"] = f"{call.get('name', 'FFA_' + key.upper())}_{n}"
                    chapter["calls"][f"{key}_{n}"] = again
        (to / f"{name}.yaml").write_text(yaml.safe_dump(chapter, sort_keys=False, width=1000))
    return to


# -- one run, in a process of its own --------------------------------------------------------------------------------


class Clock:
    """CPU seconds by stage; what runs inside of another stage is taken from that."""

    def __init__(self) -> None:
        self.stages = dict.fromkeys(STAGES, 0.0)
        self.at = time.process_time()
        self.stages["start"] = self.at

    def lap(self, stage: str) -> None:
        now = time.process_time()
        self.stages[stage] += now - self.at
        self.at = now

    def within(self, owner: Any, name: str, stage: str, outer: str) -> None:
        """Charges the calls of a function to a stage."""
        function = getattr(owner, name)

        def timed(*args: Any, **kwargs: Any) -> Any:
            start = time.process_time()
            made = function(*args, **kwargs)
            spent = time.process_time() - start
            self.stages[stage] += spent
            self.stages[outer] -= spent
            return made
        setattr(owner, name, timed)


def stages(spec_folder: Path, cache_folder: Path) -> dict[str, Any]:
    """Everything that a run does, but for writing the files."""
    clock = Clock()
    sys.path.insert(0, str(ROOT))
    import jinja2  # noqa: PLC0415  (what is imported is measured)
    from codegen import cache, checks, emit, fuzz, load, model, vectors  # noqa: PLC0415
    clock.lap("import")
    cache.FOLDER = cache_folder
    before = loop()
    clock.at = time.process_time()
    sources = load.load(spec_folder)
    clock.lap("load")
    spec = model.build(sources)
    clock.lap("model")
    problems = checks.run(spec)
    clock.lap("check")
    if problems:
        raise SystemExit("\n".join(map(str, problems[:10])))
    printer = emit.Printer(spec, spec.prefix, "bench")
    clock.lap("plan")
    clock.within(emit, "tidy", "break lines", "print")
    clock.within(jinja2.Environment, "compile", "compile", "print")
    clock.within(vectors, "text", "examples", "print")
    clock.within(fuzz, "seeds", "examples", "print")
    files = printer.files()
    clock.lap("print")
    return {"stages": clock.stages, "loop": (before + loop()) / 2, "lines": sum(text.count("\n") for text in files.values()), "calls": len(spec.calls)}


def child(*words: object) -> dict[str, Any]:
    done = subprocess.run([sys.executable, __file__, *map(str, words)], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"bench-generator: {' '.join(map(str, words))}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    made: dict[str, Any] = json.loads(done.stdout)
    return made


def measured(times: int, folder: Path) -> dict[str, Any]:
    """The median of a few runs with nothing kept from earlier ones; stages in units of the loop and in seconds."""
    spec = enlarged(folder / f"x{times}" / "spec", times)
    runs = [child("--stages", spec, folder / f"cache-{times}-{n}") for n in range(RUNS)]
    loops = {stage: statistics.median(run["stages"][stage] / run["loop"] for run in runs) for stage in STAGES}
    seconds = {stage: statistics.median(run["stages"][stage] for run in runs) for stage in STAGES}
    return {"lines": runs[0]["lines"], "calls": runs[0]["calls"], "loops": loops, "seconds": seconds}


COMMAND = """
import sys
from pathlib import Path
from codegen import cache
from codegen.__main__ import main
cache.FOLDER = Path(sys.argv[1])
sys.exit(main(["--out", sys.argv[2], "--spec", sys.argv[3]]))
"""


def changed(folder: Path, n: int) -> Path:
    """spec/ with one more comment: the same description in other bytes."""
    to = shutil.copytree(ROOT / "spec", folder / f"changed-{n}" / "spec")
    with (to / "ffa.yaml").open("a") as file:
        file.write(f"# {n}\n")
    return to


def whole(folder: Path) -> dict[str, tuple[float, float]]:
    """A run as make regen makes it, seconds and loops: nothing is kept; spec/ changed since the run before; nothing changed since."""
    found = {}
    spec = ROOT / "spec"
    for name, ways in (("first", [(folder / f"fresh-{n}", spec) for n in range(RUNS)]),
                       ("changed", [(folder / "fresh-0", changed(folder, n)) for n in range(RUNS)]),
                       ("again", [(folder / f"fresh-{n + 1}", spec) for n in range(RUNS - 1)])):
        seconds = []
        loops = []
        for kept, source in ways:
            before, used = loop(), resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run([sys.executable, "-c", COMMAND, kept, folder / "out", source], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
            now = resource.getrusage(resource.RUSAGE_CHILDREN)
            seconds.append(now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime)
            loops.append(2 * seconds[-1] / (before + loop()))
        found[name] = (statistics.median(seconds), statistics.median(loops))
    return found


# -- what it says ----------------------------------------------------------------------------------------------------


def growth(sizes: dict[int, dict[str, Any]], stage: str) -> float:
    """How many times more a call costs between 5 and 10 copies than between 1 and 5; 1 is linear."""
    one, five, ten = (sum(sizes[n]["loops"].values()) if stage == "all" else sizes[n]["loops"][stage] for n in TIMES)
    calls = [sizes[n]["calls"] for n in TIMES]
    first, second = (five - one) / (calls[1] - calls[0]), (ten - five) / (calls[2] - calls[1])
    return second / first if first > 0 else 0.0


def report(sizes: dict[int, dict[str, Any]], runs: dict[str, tuple[float, float]]) -> list[str]:
    """Shows and writes the numbers; returns what grows too fast."""
    base, total = sizes[1], sum(sizes[TIMES[-1]]["loops"].values())
    rows = [("stage", "seconds", "loops", *(f"loops_x{n}" for n in TIMES[1:]), "growth")]
    wrong = []
    for stage in (*STAGES, "all"):
        def of(unit: str, n: int, stage: str = stage) -> float:
            return sum(sizes[n][unit].values()) if stage == "all" else sizes[n][unit][stage]
        factor = growth(sizes, stage)
        judged = of("loops", TIMES[-1]) >= max(SMALL * total, 1.5 * of("loops", 1))
        rows.append((stage, f"{of('seconds', 1):.3f}", f"{of('loops', 1):.2f}", *(f"{of('loops', n):.2f}" for n in TIMES[1:]), f"{factor:.2f}" if judged else "-"))
        if judged and factor > WORSE:
            wrong.append(f"{stage}: a call costs {factor:.2f} times as much from {TIMES[1]} to {TIMES[2]} copies as from 1 to {TIMES[1]}; at most {WORSE}")
    rows += [(f"run, {name}", f"{seconds:.3f}", f"{loops:.2f}", *["-"] * len(TIMES)) for name, (seconds, loops) in runs.items()]
    rows += [(f"lines x{n}", str(sizes[n]["lines"]), *["-"] * (len(TIMES) + 1)) for n in TIMES]
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text("\n".join("\t".join(row) for row in rows) + "\n")
    for row in rows:
        print(f"{row[0]:14}" + "".join(f"{word:>11}" for word in row[1:]))
    for name, (seconds, _) in runs.items():
        print(f"run, {name}: {seconds:.3f} s of CPU, budget {BUDGET_RUN}; {1000 * seconds / base['lines']:.4f} s for 1000 lines, budget {BUDGET_LINES}")
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stages", nargs=2, type=Path, metavar=("SPEC", "CACHE"), help="one run in this process, as JSON")
    said = parser.parse_args()
    if said.stages:
        print(json.dumps(stages(*said.stages)))
        return 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wrong = report({times: measured(times, folder) for times in TIMES}, whole(folder))
    for line in wrong:
        print(f"bench-generator: {line}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
