"""What the README says of embedding: both commands, a consumer each, run on aarch64, with the sizes that the README gives."""
from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text()
CC = ["aarch64-linux-gnu-gcc", "-std=c99", "-Os", "-mgeneral-regs-only", "-Wall", "-Wextra", "-Wno-missing-field-initializers", "-Werror"]
LEAN = ["-ffreestanding", "-ffunction-sections", "-fdata-sections"]
# A caller that finds 96 bytes in its buffer and handle 7 in the answer; a parser of the same bytes.
MAIN = {
    "share": """
static uint64_t page[512];
static void smc(struct ffabi_regs *regs)
{
	unsigned int i;
	ok = regs->x[0] == 0x84000073 && regs->x[1] == 96 && regs->x[2] == 96 && regs->x[3] == 0 && page[10] == 0x68000000;
	for (i = 0; i < 18; i++)
		regs->x[i] = i == 0 ? 0x84000061 : i == 2 ? 7 : 0;
}
int main(void)
{
	const struct ffabi_dst tx = { (uint8_t *)page, sizeof(page) };
	uint64_t handle = 0;
	return share(&tx, smc, &handle) == 0 && handle == 7 && ok ? 0 : 1;
}
""",
    "parse": """
/* tests/captures/tinysp-debian-tfa2.12-el3spmc.txt */
static const uint64_t sent[12] = { 0x2f0000, 0, 0, 0x100000010, 0x30, 0, 0x4000028001, 0, 0x100000002, 0, 0x68000000, 2 };
static uint64_t room[12];
int main(void)
{
	const struct ffabi_src tx = { (const uint8_t *)sent, sizeof(sent) };
	const struct ffabi_dst copy = { (uint8_t *)room, sizeof(room) };
	struct ffabi_mem_length length = { 96, 96 };
	struct ffabi_violation why;
	ok = parse(&tx, &length, &copy, &why) == 2;
	length.total = length.fragment = 104;
	return ok && parse(&tx, &length, &copy, &why) == 0 && why.rule == FFABI_E_SHORT ? 0 : 1;
}
""",
}


def commands() -> dict[str, str]:
    """consumer -> arguments of make embed, from the README."""
    found = re.findall(r"^    make embed (DEST=\S+ .*?) +# tests/package/(\w+)\.c$", README, re.M)
    return {name: re.sub(r"DEST=\S+ ", "", arguments) for arguments, name in found}


@pytest.mark.parametrize("name", MAIN)
def test_embedding(name: str, tmp_path: Path) -> None:
    dest = tmp_path / "ffabi"
    subprocess.run(["make", "-s", "embed", f"DEST={dest}", *commands()[name].split()], cwd=ROOT, check=True, capture_output=True)
    consumer = ROOT / "tests" / "package" / f"{name}.c"
    sources = [*sorted((dest / "src").glob("*.c")), consumer]
    main = tmp_path / "main.c"
    main.write_text(f"static int ok;\n#include \"{consumer}\"\n{MAIN[name]}")
    subprocess.run([*CC, "-static", f"-I{dest / 'include'}", *sources[:-1], main, "-o", tmp_path / "run"], check=True)
    assert subprocess.run(["qemu-aarch64", tmp_path / "run"], check=False).returncode == 0
    objects = []
    for source in sources:
        objects.append(tmp_path / f"{source.stem}.o")
        subprocess.run([*CC, *LEAN, f"-I{dest / 'include'}", "-c", source, "-o", objects[-1]], check=True)
    subprocess.run(["aarch64-linux-gnu-ld", "--gc-sections", "-e", name, "-o", tmp_path / "all.elf", *objects], check=True)
    text = int(subprocess.run(["size", tmp_path / "all.elf"], check=True, capture_output=True, text=True).stdout.split("\n")[1].split()[0])
    print(f"{name}: {text} bytes")
    said = re.search(rf"^\| tests/package/{name}\.c \| (\d+) \|", README, re.M)
    assert said
    version = subprocess.run(["aarch64-linux-gnu-gcc", "-dumpfullversion"], check=True, capture_output=True, text=True).stdout
    if version.startswith("12.2"):
        assert int(said[1]) == text
