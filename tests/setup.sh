#!/bin/sh
# Sees to the Debian packages that a purpose needs: installs what is missing when run by root on Debian,
# otherwise names the command and stops.  Usage: tests/setup.sh build|test|fuzz|afl|cov|qemu|matrix
set -eu

build="gcc libc6-dev make python3-jinja2 python3-yaml python3-jsonschema"
fuzz="$build clang-14 libclang-rt-14-dev"
test="$build g++ python3-pytest python3-hypothesis mypy git binutils valgrind
      cmake meson ninja-build pkg-config gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user clang-19 libasan8 libubsan1
      clang-14 clang-format-14 libclang-rt-14-dev python3-pytest-xdist"
qemu="$build libc6-dev-arm64-cross gcc-aarch64-linux-gnu qemu-system-arm
      linux-source-6.12 flex bison bc libssl-dev libelf-dev xz-utils perl device-tree-compiler"
matrix="$build clang-19 binutils gcc-aarch64-linux-gnu g++-aarch64-linux-gnu libc6-dev-arm64-cross gcc-arm-none-eabi"
# Linux's own structures are a witness: any header package of that series serves, and its name changes with every update.
series=linux-headers-6.12

case ${1-} in
build) wanted=$build ;;
test) wanted=$test ;;
fuzz) wanted=$fuzz ;;
afl) wanted="$fuzz afl++" ;;
cov) wanted="$test gcovr" ;;
qemu) wanted=$qemu ;;
matrix) wanted=$matrix ;;
*) echo "usage: tests/setup.sh build|test|fuzz|afl|cov|qemu|matrix" >&2; exit 2 ;;
esac

missing=
for package in $wanted; do
	state=$(dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null || true)
	case $state in ii*) ;; *) missing="$missing $package" ;; esac
done
headers=no
if [ "$1" = test ] && ! ls -d /usr/src/$series.*-common >/dev/null 2>&1; then
	headers=yes
fi
[ -n "$missing" ] || [ $headers = yes ] || exit 0
if [ -f /etc/debian_version ] && [ "$(id -u)" = 0 ]; then
	export DEBIAN_FRONTEND=noninteractive
	apt-get update -qq
	if [ $headers = yes ]; then
		missing="$missing $(apt-cache pkgnames $series | grep -e '-common$' | grep -v -e '-rt-' | sort -V | tail -n 1)"
	fi
	echo "installing:$missing"
	# shellcheck disable=SC2086
	apt-get install -y -qq --no-install-recommends $missing >/dev/null
elif [ -n "$missing" ]; then
	echo "these packages are missing; as root on Debian run:" >&2
	echo "    apt-get install --no-install-recommends$missing" >&2
	exit 1
fi
