#!/bin/sh
# Builds Linux from Debian's source package, once for each combination of package, configuration and compiler.
# Usage: build.sh FOLDER; leaves FOLDER/Image-DIGEST and the link FOLDER/Image.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
series=6.12
archive=/usr/src/linux-source-$series.tar.xz
[ -f "$archive" ] || { echo "$archive is missing; run tests/setup.sh qemu" >&2; exit 1; }
mkdir -p "$1"
folder=$(cd "$1" && pwd)

digest=$({ cat "$here/kernel.config" "$0"
	dpkg-query -W -f '${Version}' linux-source-$series
	aarch64-linux-gnu-gcc -dumpfullversion; } | sha256sum | cut -c1-16)
image=$folder/Image-$digest
if [ ! -f "$image" ]; then
	echo "building Linux $series (minutes, once)"
	work=$folder/linux
	rm -rf "$work"
	mkdir -p "$work"
	tar -xf "$archive" -C "$work" --strip-components=1
	cd "$work"
	export ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu- KBUILD_BUILD_TIMESTAMP=@0 KBUILD_BUILD_USER=ffabi KBUILD_BUILD_HOST=ffabi
	{ make tinyconfig
	scripts/kconfig/merge_config.sh -m .config "$here/kernel.config"
	make olddefconfig
	make -j2 Image; } >"$folder/linux.log" 2>&1 || { tail -n 20 "$folder/linux.log" >&2; exit 1; }
	for option in ARM_FFA_TRANSPORT OPTEE BLK_DEV_INITRD DEVTMPFS; do
		grep -q "^CONFIG_$option=y" .config || { echo "CONFIG_$option was not taken" >&2; exit 1; }
	done
	cp arch/arm64/boot/Image "$image.part"
	mv "$image.part" "$image"
	cd "$folder"
	rm -rf "$work"
fi
ln -sfn "Image-$digest" "$folder/Image"
