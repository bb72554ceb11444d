#!/bin/sh
# Sees to the Debian packages that a purpose needs: installs what is missing when run by root on Debian,
# otherwise names the command and stops.  Usage: tests/setup.sh build|test
set -eu

build="gcc libc6-dev make python3-jinja2 python3-yaml python3-jsonschema"
test="$build python3-pytest python3-hypothesis mypy git binutils valgrind
      gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user clang-19 libasan8 libubsan1"

case ${1-} in
build) wanted=$build ;;
test) wanted=$test ;;
*) echo "usage: tests/setup.sh build|test" >&2; exit 2 ;;
esac

missing=
for package in $wanted; do
	state=$(dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null || true)
	case $state in ii*) ;; *) missing="$missing $package" ;; esac
done
[ -n "$missing" ] || exit 0
if [ -f /etc/debian_version ] && [ "$(id -u)" = 0 ]; then
	echo "installing:$missing"
	export DEBIAN_FRONTEND=noninteractive
	apt-get update -qq
	# shellcheck disable=SC2086
	apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
	echo "these packages are missing; as root on Debian run:" >&2
	echo "    apt-get install --no-install-recommends$missing" >&2
	exit 1
fi
