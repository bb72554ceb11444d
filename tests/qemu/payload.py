# SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later
"""What the firmware starts: Linux with its device tree and its one process, or an image of our own."""
from __future__ import annotations

import subprocess
from pathlib import Path

from machine import IMAGES

RAM, RAM_NORMAL_WORLD = 0x40000000, 0x1E000000  # as firmware/level.h has it; the firmware lies above
ENTRY = 0x40200000
TREE, INITRAMFS = 0x44000000, 0x45000000
MEMORY = 512  # MiB

TREE_ADDITION = """
/ {{
	memory@40000000 {{ reg = <0x00 0x40000000 0x00 {normal_world:#x}>; }};
	psci {{ compatible = "arm,psci-1.0", "arm,psci-0.2"; method = "smc"; }};
	chosen {{
		bootargs = "console=ttyAMA0 panic=-1 {arguments}";
		linux,initrd-start = <{start:#x}>;
		linux,initrd-end = <{end:#x}>;
		/delete-property/ rng-seed;
		/delete-property/ kaslr-seed;
	}};
}};
"""


def archive(files: dict[str, bytes]) -> bytes:
    """A cpio archive as Linux's initramfs has it (newc): regular files that may be executed."""
    out = bytearray()
    for number, (name, content) in enumerate([*files.items(), ("TRAILER!!!", b"")], 1):
        mode = 0o100755 if content else 0
        fields = [number, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(name) + 1, 0]
        out += b"070701" + "".join(f"{field:08x}" for field in fields).encode() + name.encode() + b"\0"
        out += bytes(-len(out) % 4) + content
        out += bytes(-len(out) % 4)
    return bytes(out)


def device_tree(machine: str, cpu: str, initramfs: Path, arguments: str) -> Path:
    """QEMU's own tree for the machine, with what a boot loader adds: memory that is left, PSCI, where the initramfs is."""
    dumped, source, out = IMAGES / "qemu.dtb", IMAGES / "linux.dts", IMAGES / "linux.dtb"
    subprocess.run(["qemu-system-aarch64", "-M", f"virt,gic-version=3,acpi=off,{machine},dumpdtb={dumped}", "-cpu", cpu, "-m", str(MEMORY),
                    "-nographic", "-nic", "none"], check=True, capture_output=True, timeout=30)
    text = subprocess.run(["dtc", "-q", "-I", "dtb", "-O", "dts", dumped], check=True, capture_output=True, text=True).stdout
    addition = TREE_ADDITION.format(normal_world=RAM_NORMAL_WORLD, start=INITRAMFS, end=INITRAMFS + initramfs.stat().st_size,
                                    arguments=arguments)
    source.write_text(text + addition)
    subprocess.run(["dtc", "-q", "-I", "dts", "-O", "dtb", "-o", out, source], check=True)
    return out
