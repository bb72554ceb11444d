#!/bin/sh
# Installs what has been built.  Usage: install.sh BUILD DESTDIR PREFIX RELEASE
set -eu
build=$1 root=$2$3 prefix=$3 release=$4
here=$(dirname "$0")

fill() {
	sed -e "s|@PREFIX@|$prefix|g" -e "s|@RELEASE@|$release|g" "$here/$1" >"$root/$2"
	chmod 644 "$root/$2"
}

install -d "$root/bin" "$root/include/ffabi" "$root/lib/pkgconfig" "$root/lib/cmake/ffabi" "$root/share/doc/ffabi"
install -m 755 "$build/ffabi" "$root/bin/ffabi"
install -m 644 "$build/libffabi.a" "$root/lib/libffabi.a"
install -m 644 "$here"/../include/ffabi/*.h "$here"/../../generated/include/ffabi/*.h "$root/include/ffabi/"
install -m 644 "$here/../../LICENSE" "$root/share/doc/ffabi/LICENSE"
fill ffabi.pc.in lib/pkgconfig/ffabi.pc
fill ffabiConfig.cmake.in lib/cmake/ffabi/ffabiConfig.cmake
fill ffabiConfigVersion.cmake.in lib/cmake/ffabi/ffabiConfigVersion.cmake
