"""Every way in which the fuzzers are built: OSS-Fuzz's script with stand-in variables, a parser of somebody else with our mutator, AFL++'s."""
from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from codec import BUILD, ROOT

sys.path.insert(0, str(ROOT / "fuzz"))
import seeds  # noqa: E402

FUZZ = BUILD / "fuzz"


def make(*arguments: str) -> None:
    done = subprocess.run(["make", "-s", "-j2", "-C", ROOT, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]


AFL = shutil.which("afl-clang-fast")
SOME = ["mem_check", "cli_trace", "mem_access_cursor"]  # of each kind one


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the script builds where the engine is AFL++, or, without it, a main() that runs files."""
    folder = tmp_path_factory.mktemp("oss-fuzz")
    compiler, engine, found = AFL or "gcc", folder / "engine.a", folder / "out"
    found.mkdir()
    (folder / "ffabi").symlink_to(ROOT)
    subprocess.run([compiler, "-c", ROOT / "fuzz" / "standalone.c", "-o", folder / "main.o"], check=True, capture_output=True)
    subprocess.run(["ar", "rcs", engine, folder / "main.o"], check=True)
    env = os.environ | {"CC": compiler, "CXX": compiler, "CFLAGS": "-O0 -w", "CXXFLAGS": "", "LIB_FUZZING_ENGINE": str(engine), "SRC": str(folder),
                        "OUT": str(found), "AFL_QUIET": "1"}
    done = subprocess.run(["bash", ROOT / "fuzz" / "oss-fuzz-build.sh", *SOME], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return found


def unpacked(out: Path, target: str, to: Path) -> Path:
    with zipfile.ZipFile(out / f"{target}_seed_corpus.zip") as packed:
        packed.extractall(to)
    return to


def test_oss_fuzz_script(out: Path, tmp_path: Path) -> None:
    """What is built runs the seeds that are packed beside it."""
    assert {p.name for p in out.iterdir() if not p.suffix} == set(SOME)
    for target in SOME:
        assert (out / f"{target}.dict").stat().st_size > 1000
        folder = unpacked(out, target, tmp_path / target)
        count = len(seeds.inputs(target)) + len(seeds.corpus(target))
        done = subprocess.run([out / target, folder], capture_output=True, text=True, errors="replace", check=False)
        assert done.returncode == 0 and count > 0 and done.stdout == f"{count} inputs\n", (target, done.stderr[-500:])


@pytest.mark.skipif(AFL is None, reason="afl++ is not installed: tests/setup.sh afl")
def test_afl_fuzzes(out: Path, tmp_path: Path) -> None:
    """In persistent mode, from the seeds: it finds paths beyond them, and no crash."""
    folder = unpacked(out, "mem_check", tmp_path / "seeds")
    for path in sorted(folder.iterdir())[20:]:
        path.unlink()
    env = os.environ | {"AFL_NO_UI": "1", "AFL_SKIP_CPUFREQ": "1", "AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES": "1", "AFL_NO_AFFINITY": "1"}
    done = subprocess.run(["afl-fuzz", "-i", folder, "-o", tmp_path / "work", "-s", "1", "-E", "3000", "-m", "none", "--", out / "mem_check"], env=env,
                          capture_output=True, text=True, errors="replace", check=False)
    assert done.returncode == 0, done.stdout[-1500:]
    told = dict(line.split(":", 1) for line in (tmp_path / "work" / "default" / "fuzzer_stats").read_text().splitlines())
    stats = {name.strip(): value.strip() for name, value in told.items()}
    assert int(stats["execs_done"]) >= 3000 and "persistent" in stats["target_mode"]
    assert int(stats["corpus_found"]) > 0 and int(stats["saved_crashes"]) == 0


def test_oss_fuzz_script_wants_its_variables(tmp_path: Path) -> None:
    env = {"PATH": os.environ["PATH"], "CC": "gcc", "CXX": "g++", "SRC": str(tmp_path), "OUT": str(tmp_path)}
    done = subprocess.run(["bash", ROOT / "fuzz" / "oss-fuzz-build.sh"], env=env, capture_output=True, text=True, check=False)
    assert done.returncode != 0 and "LIB_FUZZING_ENGINE" in done.stderr


# A mistake of the example parser that only a whole and consistent descriptor of three ranges reaches: found from a descriptor with one.
RUNS = 30000


def example(bug: bool) -> Path:
    subprocess.run(["rm", "-f", FUZZ / "example.o"], check=True)
    make("build/fuzz/example.o", f"EXAMPLE_FLAGS={'-DEXAMPLE_BUG' if bug else ''}")
    make("fuzz-theirs", "TARGET=build/fuzz/example.o")
    make("build/fuzz/plain/example")
    return FUZZ / "theirs" / "example"


def run(program: Path, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    folder = tmp_path / program.parent.name
    folder.mkdir()
    (folder / "seed").write_bytes(seeds.bodies("mem_transaction", 1, 0)[0])
    return subprocess.run([program, f"-runs={RUNS}", "-seed=1", "-max_len=2048", f"-artifact_prefix={tmp_path}/", folder], capture_output=True,
                          text=True, errors="replace", check=False)


def test_the_mutator_finds_a_mistake_in_a_parser_of_others(tmp_path: Path) -> None:
    program = example(bug=True)
    found, bytes_only = run(program, tmp_path), run(FUZZ / "plain" / "example", tmp_path)
    assert found.returncode != 0 and "out of bounds" in found.stderr, found.stderr[-800:]
    assert bytes_only.returncode == 0, "mutation of bytes finds it as fast: this shows nothing"


def test_and_none_where_none_is(tmp_path: Path) -> None:
    assert run(example(bug=False), tmp_path).returncode == 0


def test_fuzz_theirs_says_what_it_wants() -> None:
    done = subprocess.run(["make", "-s", "-C", ROOT, "fuzz-theirs"], capture_output=True, text=True, check=False)
    assert done.returncode != 0 and "usage: make fuzz-theirs TARGET=OBJECT" in done.stderr


def test_mutator_for_afl() -> None:
    """The interface that AFL++ calls: it changes the input, stays inside the room, and the same seed gives the same bytes."""
    make("fuzz-afl-mutator")
    library = ctypes.CDLL(str(FUZZ / "afl-mutator.so"))
    library.afl_custom_init.restype = ctypes.c_void_p
    library.afl_custom_fuzz.restype = ctypes.c_size_t
    library.afl_custom_fuzz.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t, ctypes.POINTER(ctypes.c_void_p), ctypes.c_char_p,
                                        ctypes.c_size_t, ctypes.c_size_t]
    body = seeds.bodies("mem_transaction", 1, 0)[1]

    def some(seed: int) -> list[bytes]:
        state, out, found = library.afl_custom_init(None, seed), ctypes.c_void_p(), []
        for i in range(200):
            n = library.afl_custom_fuzz(state, ctypes.create_string_buffer(body, len(body)), len(body), out, body, len(body), 300)
            assert n <= 300 and out.value is not None
            found.append(ctypes.string_at(out.value, n))
        return found

    first = some(7)
    assert first == some(7) != some(8)
    assert len(set(first)) > 150 and body not in first[:3]
