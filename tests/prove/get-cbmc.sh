#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later
# Prints the directory that has the commands cbmc and goto-cc: the one on PATH, or build/tools/cbmc/bin with Debian 13's
# packages unpacked.  The system's packages and apt sources stay as they are; nothing is run as root.
# Usage: tests/prove/get-cbmc.sh [--unpacked]     --unpacked: take what is there already, download nothing
set -eu
cd "$(dirname "$0")/../.."

packages="cbmc libc6 libgcc-s1 libstdc++6"
release=trixie
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
tools=$PWD/build/tools/cbmc

if command -v cbmc >/dev/null && command -v goto-cc >/dev/null; then
	dirname "$(command -v cbmc)"
	exit 0
fi
if [ -x "$tools/bin/cbmc" ] && [ -x "$tools/bin/goto-cc" ]; then
	echo "$tools/bin"
	exit 0
fi
if [ "${1-}" = --unpacked ]; then
	echo "cbmc is neither on PATH nor unpacked: run tests/prove/get-cbmc.sh" >&2
	exit 1
fi
[ "$(dpkg --print-architecture 2>/dev/null)" = amd64 ] || {
	echo "cbmc is not on PATH, and this script only unpacks Debian's packages for amd64" >&2
	exit 1
}

# The mirror that this machine already uses, with a list, a cache and a status file of our own.
mirror=$(apt-get indextargets --format '$(SITE) $(COMPONENT)' | sed -n 's/ main$//p' | grep -v security | head -n 1)
[ -n "$mirror" ] || { echo "apt has no Debian source to take cbmc from" >&2; exit 1; }
mkdir -p "$tools/apt/lists/partial" "$tools/apt/cache/archives/partial" "$tools/bin"
: >"$tools/apt/status"
echo "deb [signed-by=$keyring] $mirror $release main" >"$tools/apt/sources.list"
own="-o Dir::Etc::sourcelist=$tools/apt/sources.list -o Dir::Etc::sourceparts=/nonexistent
     -o Dir::State=$tools/apt -o Dir::State::lists=$tools/apt/lists -o Dir::State::status=$tools/apt/status
     -o Dir::Cache=$tools/apt/cache -o APT::Sandbox::User= -o Debug::NoLocking=1"
# shellcheck disable=SC2086
(
	cd "$tools/apt"
	apt-get $own update -qq >&2
	# shellcheck disable=SC2046
	apt-get $own download -qq $packages $(apt-cache $own depends -i cbmc |
		sed -n 's/^ *Depends: \(lib[^ ]*\|minisat[^ ]*\|zlib[^ ]*\)$/\1/p') >&2
)
for package in "$tools"/apt/*.deb; do
	dpkg -x "$package" "$tools/root"
done

# The unpacked loader runs them with the unpacked libraries, whatever C library the system has.
loader=$(find "$tools/root" -name 'ld-linux-x86-64.so.2' | head -n 1)
libraries=$(find "$tools/root" -name '*.so*' -printf '%h\n' | sort -u | paste -s -d :)
for command in cbmc goto-cc; do
	cat >"$tools/bin/$command" <<WRAPPER
#!/bin/sh
exec "$loader" --library-path "$libraries" --argv0 $command "$tools/root/usr/bin/$command" "\$@"
WRAPPER
	chmod +x "$tools/bin/$command"
done
"$tools/bin/cbmc" --version >&2
echo "$tools/bin"
