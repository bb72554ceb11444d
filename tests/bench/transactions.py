"""Memory transactions: which are measured, the C cases, the budgets and the table."""
from __future__ import annotations

from collections import Counter

from rows import Block, on_both

VERSION = "1.1"
BUDGETED = ((1, 1), (1, 16), (1, 170), (4, 16))  # borrowers and constituents
LARGE = ((16, 16), (64, 16), (1, 4000), (16, 1000))  # is it still as much for each?
SHAPES = BUDGETED + LARGE

SEND = "&bench_ctx, FFABI_USAGE_SHARE"
CALLS = {  # op -> the call, and what looks at the result
    "write": (f"ffabi_mem_write({SEND}, &bench_tx.message, &bench_tx.dst, &bench_tx.written)", "bench_wrong_bytes"),
    "check": (f"ffabi_mem_check({SEND}, &bench_tx.src, &bench_tx.length, &limits, &bench_tx.view)", "bench_wrong_view"),
    "cursors": ("walk_cursors()", "bench_wrong_walk"),
    "bulk": ("walk_bulk()", "bench_wrong_bulk"),
    "copy_check": ("walk_copy()", "bench_wrong_copy"),
    "open": (f"ffabi_mem_open({SEND}, &bench_tx.src, &bench_tx.length, &bench_tx.cursor, &bench_tx.header)",
             "bench_wrong_header"),
    "memcpy": ("bench_copy(bench_tx.dst.base, (const void *)bench_tx.src.base, bench_tx.length.total) ? FFABI_OK : FFABI_E_RULE",
               "bench_wrong_bytes"),
    "minimal_write": ("minimal_write(&bench_tx.message, bench_tx.dst.base) ? FFABI_OK : FFABI_E_RULE", "bench_wrong_bytes"),
    "minimal_read": ("minimal_read((const uint8_t *)bench_tx.src.base, &bench_read)", "bench_wrong_read"),
}
OPS = tuple(CALLS)
LIMITS = ("memcpy", "minimal_write", "minimal_read")
WHAT = {
    "write": "encode", "check": "decode, all checks", "cursors": "decode with cursors", "bulk": "with cursors, many at once",
    "copy_check": "snapshot, all checks",
    "open": "header only", "memcpy": "memcpy", "minimal_write": "minimal encode", "minimal_read": "minimal decode",
}
BUDGET = {  # from DESIGN.md, for the shapes of BUDGETED
    "write": (80, 200, 1400, 230), "check": (145, 300, 1700, 400), "open": (130, 130, 130, 130)}
CASES = [(shape, op) for shape in SHAPES for op in OPS]


def name(shape: tuple[int, int]) -> str:
    return f"{shape[0]}x{shape[1]}"


def source() -> tuple[str, list[str]]:
    """The functions, and the rows of the table of cases."""
    out, table = ["\nstatic const struct ffabi_mem_limits limits = { 0 };\n"], []
    for shape, op in CASES:
        call, wrong = CALLS[op]
        function = f"bench_{op}_{name(shape)}"
        version = f"FFABI_V{VERSION.replace('.', '_')}"
        out.append(f"static void {function}(void)\n{{\n\tbench_rule = {call};\n}}\n")
        table.append(f'\t{{ "{op} {name(shape)}", {version}, {function}, 0, {shape[0]}, {shape[1]}, {wrong} }},\n')
    return "".join(out), table


def block(counts: dict[str, list[int]]) -> Block:
    """counts: for each machine's prefix the instructions of CASES."""
    made = Block(("transaction", "version", "shape"), on_both(list(OPS)), tuple(on_both(list(LIMITS))))
    for prefix, numbers in counts.items():
        for (shape, op), number in zip(CASES, numbers, strict=True):
            made.rows.setdefault(("share", VERSION, name(shape)), {})[prefix + op] = number
    return made


class Costs:
    """What one machine's column says of one op."""

    def __init__(self, rows: Block, column: str) -> None:
        self.of = {shape: rows.rows["share", VERSION, name(shape)][column] for shape in SHAPES}
        self.constituent = (self.of[1, 170] - self.of[1, 16]) / 154
        self.borrower = (self.of[4, 16] - self.of[1, 16]) / 3

    def part_of_line(self, shape: tuple[int, int]) -> float:
        """The number as a part of what the small shapes let expect."""
        expected = self.of[1, 16] + (shape[1] - 16) * self.constituent + (shape[0] - 1) * self.borrower
        return self.of[shape] / expected


def show(rows: Block) -> None:
    over = given = 0
    for prefix, machine in (("", "aarch64"), ("host_", "host")):
        print(f"\nFFA_MEM_SHARE {VERSION}, {machine}  " + "".join(f"{name(s):>8} " for s in BUDGETED)
              + " each range, borrower   " + "".join(f"{name(s):>8}       " for s in LARGE))
        for op in OPS:
            costs = Costs(rows, prefix + op)
            budgets = BUDGET.get(op, (1 << 30,) * 4) if not prefix else (1 << 30,) * 4
            marks = ["*" if costs.of[s] > budget else " " for s, budget in zip(BUDGETED, budgets)]
            over += marks.count("*")
            given += sum(budget < 1 << 30 for budget in budgets)
            print(f"{WHAT[op]:29}" + "".join(f"{costs.of[s]:>8}{m}" for s, m in zip(BUDGETED, marks))
                  + f"{costs.constituent:>12.2f}{costs.borrower:>10.2f}   "
                  + "".join(f"{costs.of[s]:>8} {costs.part_of_line(s):>5.0%} " for s in LARGE))
            if op in BUDGET and not prefix:
                print(f"{'  budget':29}" + "".join(f"{b:>8} " for b in BUDGET[op]))
    print(f"\ntransactions: {over} of {given} over budget (*); the percentage is of what the slopes from 1x16 let expect")


def show_functions(counts: list[Counter[str]]) -> None:
    """Where the instructions of one borrower and one constituent go."""
    for (shape, op), count in zip(CASES, counts, strict=True):
        if shape == (1, 1) and op in BUDGET:
            print(f"{WHAT[op]}, {name(shape)}, by function: " + ", ".join(f"{function} {n}" for function, n in count.most_common()))
