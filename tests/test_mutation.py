"""The machinery of tests/mutation/ works: a known-bad mutant is killed, and one that changes nothing is not."""
from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "mutation"))

import equivalence  # noqa: E402
import evidence  # noqa: E402
import generator  # noqa: E402
import spec_mutants  # noqa: E402
from schemata import Mutant, Schemata  # noqa: E402
from spec import attributed, batches  # noqa: E402

from codegen import checks  # noqa: E402
from codegen.load import load  # noqa: E402
from codegen.model import build  # noqa: E402

BODY = """#include <ffabi/x.h>

enum ffabi_rule ffabi_x_unpack(struct ffabi_ctx *c, const struct ffabi_regs *in)
{
	if ((x[1] & 0xff00u) != 0)
		return ffabi_fail(c, FFABI_E_MBZ, FFABI_F_RESERVED, 1, x[1]);
	out->id = (uint16_t)(x[1] >> 16);
	return FFABI_OK;
}
"""


def test_what_is_changed() -> None:
    """By hand: the condition, six numbers, the rule, the field and the store of a function."""
    made = Schemata()
    text = made.file("src/x.c", BODY)
    assert sorted(m.what for m in made.mutants if m.line == 5) == sorted([
        "never ((x[1] & 0xff00u) != 0)", "always ((x[1] & 0xff00u) != 0)", "1 + 1", "1 - 1", "0 + 1", "0 - 1",
        "0xff00u >> 1", "0xff00u << 1", "0xff00u is 0"])
    assert [m.what for m in made.mutants if m.line == 6].count("FFABI_E_MBZ + 1") == 1
    assert [m.what for m in made.mutants if m.line == 7].count("without out->id = (uint16_t)(x[1] >> 16);") == 1
    assert [m.id for m in made.mutants] == list(range(1, len(made.mutants) + 1))
    assert re.search(r"if \(DROP\(\d+, FORCE\(\d+, \(x\[SHIFTED\(\d+, 1\)\] & MASKED\(\d+, 0xff00u\)\) != SHIFTED\(\d+, 0\)\)\)\)", text)


SLOW = """#include <ffabi/x.h>

static enum ffabi_rule x_judge(struct ffabi_ctx *c, const uint64_t *x)
{
	static const struct ffabi_step steps[] = {
		{ 0, FFABI_F_RESERVED, 0, 0, FFABI_E_MBZ, 1, 0x0f },
		{ 0xffffffffu, FFABI_F_RESERVED, 1, 3, FFABI_E_MBZ, 1, 0x0e },
		{ 0xff00u, FFABI_F_RESERVED, 4, 4, FFABI_E_SBZ, 0, 0x0f },
	};

	return ffabi_judge(c, x, FFABI_SMC32, steps, sizeof(steps) / sizeof(*steps));
}

enum ffabi_rule ffabi_x_unpack(struct ffabi_ctx *c, const struct ffabi_regs *in)
{
	refused = x[2] | (x[3] & 0xffffffffffffff00ull) | (x[0] | x[1]) >> 32;
	if (c->version >= FFABI_V1_2 && (c->waive & FFABI_WAIVE_SBZ) == 0)
		refused |= x[4];
	if (refused != 0)
		return x_judge(c, x);
	return FFABI_OK;
}
"""


def test_what_is_no_mutant() -> None:
    """By hand, for a call of 1.0 to 1.2 with SMC32 alone, whose id is odd."""
    made = Schemata()
    made.file("src/x.c", SLOW)
    world = equivalence.World((0, 1, 2), (0,), (0,), (0x84000061,))
    none = sorted((m.line, m.what) for m in made.mutants if equivalence.excused(m, made.bodies[m.file, m.function], world))
    assert none == [
        (6, "0x0f >> 1"), (6, "1 + 1"),  # 1.3 is not spoken; 2 means the upper half in SMC32, which it always is
        (7, "1 + 1"),
        (8, "0 - 1"), (8, "0x0f >> 1"),  # only 1 and 2 say something about the upper half
        (16, "32 - 1"),  # bit 31 of every id is set: all go to the slow test
        (17, "FFABI_V1_2 - 1")]


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Mutant], set[Mutant]]:
    """The mutants of one call, and the survivors among them; none that is said to be no mutant is killed."""
    spec = generator.read_spec(ROOT / "spec")
    made = generator.build(spec, tmp_path_factory.mktemp("mutants"))
    mine = [m for m in made.mutants if generator.owner(m, list(spec.calls)) == "id_get" and m.file == "src/setup_reply.c"]
    left = set(generator.judge(spec, made, mine))
    none = {m for m in mine if equivalence.excused(m, made.bodies[m.file, m.function], generator.world(spec, m))}
    assert none and none <= left, none - left
    return mine, left


def test_a_dropped_check_is_killed(verdicts: tuple[list[Mutant], set[Mutant]]) -> None:
    mine, left = verdicts
    dropped = [m for m in mine if m.what.startswith("never (refused")]
    masks = [m for m in mine if m.what == "0xffff0000u is 0"]
    stores = [m for m in mine if m.what.startswith("without out->id")]
    assert dropped and masks and stores and not left & {*dropped, *masks, *stores}


def test_an_equivalent_mutant_survives(verdicts: tuple[list[Mutant], set[Mutant]]) -> None:
    """0 is the first register that is judged, and one below it there is none that could be."""
    mine, left = verdicts
    assert len(mine) > 50 and len(left) < len(mine) // 5
    spared = [m for m in left if m.function == "id_get_success_judge"]
    assert spared, "the mask of a step without a mask has no effect"


def test_a_mutant_of_the_description_is_known_by_its_line() -> None:
    """An enumerator, an exchange of places, and a boundary: with the line of spec/ that is changed, and the C that comes of it."""
    sources = load(ROOT / "spec")
    spec = build(sources)
    found = spec_mutants.all_mutants(sources, spec)
    changed, = (m for m in found if m.path == "calls.rx_acquire.request.regs[0]" and m.kind == "bits" and "bit 17" in m.what)
    line = (ROOT / changed.file).read_text(encoding="utf-8").splitlines()[changed.line - 1]
    assert "31:16" in line and changed.touches == {"rx_acquire"}
    other = build(spec_mutants.mutated(sources, [changed]))
    assert [(e.hi, e.lo) for e in other.calls["rx_acquire"].request.entries][:2] == [(31, 17), (16, 0)]
    assert [(e.hi, e.lo) for e in spec.calls["rx_acquire"].request.entries][:2] == [(31, 16), (15, 0)]
    swapped, = (m for m in found if m.path == "calls.msg_send_direct_req.request.regs[0]" and m.kind == "place")
    assert not checks.run(build(spec_mutants.mutated(sources, [swapped])))
    assert {m.status for m in found if ".notification_bind2" in m.path} <= {"alpha", "unconfirmed"}


def mutants_of(*calls: str) -> list[spec_mutants.Mutant]:
    return [spec_mutants.Mutant("spec/x.yaml", n, f"calls.{call}", "min", "min 1 -> 2", "", frozenset({call}), ()) for n, call in enumerate(calls)]


def test_mutants_of_one_build_do_not_excuse_each_other() -> None:
    """That one mutant is killed explains nothing about another one that the same failure may be about."""
    killed, other, untouched = batch = mutants_of("id_get", "rx_acquire", "rx_release")
    failures = [("vector", frozenset({"id_get"})), ("unit", frozenset({"id_get", "rx_acquire"}))]
    assert dict(attributed(batch, failures, alone=False)) == {
        killed: ("killed", "vector"), other: ("doubt", "unit"), untouched: ("survives", "")}
    assert {verdict for _, (verdict, _) in attributed(batch, [("crash", frozenset())], alone=False)} == {"doubt"}
    assert attributed([other], [("crash", frozenset())], alone=True) == [(other, ("killed", "crash"))]


def test_what_one_failure_named_is_built_apart() -> None:
    one, two, three = mutants_of("id_get", "rx_acquire", "rx_release")
    assert batches([one, two, three], {}, 3) == [[one, two, three]]
    assert batches([one, two, three], {one: "7: unit", two: "7: unit"}, 3) == [[one, three], [two]]
    assert batches([one, two, three], {}, 2) == [[one, two], [three]]


def test_evidence_names_what_it_is_about() -> None:
    """A failure of a C test or of the Linux header belongs to the calls and tables that it names."""
    known = evidence.Evidence.__new__(evidence.Evidence)
    known.keys, known.tables = ["mem_share", "mem_reclaim", "error"], ["mem_transaction"]
    assert known.named("ffabi_mem_share_unpack(&c, &r, &m)") == {"mem_share"}
    assert known.named("FFABI_FID_MEM_RECLAIM_32") == {"mem_reclaim"}
    assert known.named("offsetof(struct x, tag) is not FFABI_AT_1_1_MEM_TRANSACTION_TAG") == {"table:mem_transaction"}


def test_the_lists_that_are_kept_agree() -> None:
    """Each survivor of a complete run is counted once, as what it rests on."""
    def table(name: str) -> list[dict[str, str]]:
        lines = (ROOT / "tests" / "mutation" / name).read_text(encoding="utf-8").splitlines()
        return [dict(zip(lines[0].split("\t"), line.split("\t"))) for line in lines[1:]]

    counts = {(row["file"], row["kind"]): row for row in table("spec-summary.tsv")}
    survivors = table("spec-survivors.tsv")
    for rests_on in ("alpha", "unconfirmed", "word"):
        found = Counter((row["file"], row["kind"]) for row in survivors if row["rests on"] == rests_on)
        assert found == {key: int(row[rests_on]) for key, row in counts.items() if int(row[rests_on]) and key[0] != "all"}
        assert found.total() == int(counts["all", "all"][rests_on]) > 0
    assert int(counts["all", "all"]["doubt"]) == 0


def test_wrong_use_is_explained() -> None:
    done = subprocess.run([sys.executable, ROOT / "tests" / "mutation" / "generator.py", "--sample", "some"], capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "--sample" in done.stderr
