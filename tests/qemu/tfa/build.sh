#!/bin/sh
# Builds TF-A 2.12.1 of Debian 13 with its EL3 SPMC and our partition, once for each combination of package, partition and
# compiler.  The package comes from a source list and an apt state of its own: the system's lists stay as they are.
# Usage: build.sh FOLDER PARTITION MANIFEST; leaves FOLDER/tfa.bin, to be put at address 0.
set -eu

[ -f "$2" ] && [ -f "$3" ] || { echo "usage: build.sh FOLDER PARTITION MANIFEST" >&2; exit 2; }
mkdir -p "$1"
folder=$(cd "$1" && pwd)
partition=$(realpath "$2")
manifest=$(realpath "$3")
name=arm-trusted-firmware_2.12.1+dfsg-1.dsc
digest=$({ cat "$0" "$partition" "$manifest"; echo $name; aarch64-linux-gnu-gcc -dumpfullversion; } | sha256sum | cut -c1-16)
image=$folder/tfa-$digest.bin

fetch() {
	mkdir -p "$folder/apt/lists/partial" "$folder/apt/cache/archives/partial"
	echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian trixie main" >"$folder/apt/list"
	set -- -o Dir::Etc::sourcelist="$folder/apt/list" -o Dir::Etc::sourceparts=/dev/null -o Dir::State::lists="$folder/apt/lists" \
		-o Dir::Cache="$folder/apt/cache" -o APT::Sandbox::User=root
	apt-get "$@" -qq update
	apt-get "$@" -qq source --download-only arm-trusted-firmware=2.12.1+dfsg-1
	dpkg-source --no-check -x $name tfa
}

if [ ! -f "$image" ]; then
	echo "building TF-A"
	cd "$folder"
	[ -d tfa ] || fetch >"$folder/tfa.log" 2>&1 || { rm -rf tfa; tail -n 20 "$folder/tfa.log" >&2; exit 1; }
	cd tfa
	rm -rf build
	make -j2 CROSS_COMPILE=aarch64-linux-gnu- PLAT=qemu QEMU_USE_GIC_DRIVER=QEMU_GICV3 BL32_RAM_LOCATION=tdram DEBUG=1 LOG_LEVEL=20 \
		ENABLE_SVE_FOR_NS=2 ENABLE_SVE_FOR_SWD=1 ENABLE_FEAT_FGT=2 ENABLE_FEAT_HCX=2 ENABLE_FEAT_ECV=2 \
		ENABLE_SME_FOR_NS=0 ENABLE_SME_FOR_SWD=0 ARM_LINUX_KERNEL_AS_BL33=1 PRELOADED_BL33_BASE=0x60000000 \
		SPD=spmd SPMC_AT_EL3=1 SPMD_SPM_AT_SEL2=0 CTX_INCLUDE_EL2_REGS=0 \
		BL32="$partition" QEMU_TOS_FW_CONFIG_DTS="$manifest" all fip >"$folder/tfa.log" 2>&1 ||
		{ tail -n 20 "$folder/tfa.log" >&2; exit 1; }
	cp build/qemu/debug/bl1.bin "$image.part"
	dd if=build/qemu/debug/fip.bin of="$image.part" bs=4096 seek=64 conv=notrunc status=none
	mv "$image.part" "$image"
fi
ln -sfn "$(basename "$image")" "$folder/tfa.bin"
