#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later
# build.sh of OSS-Fuzz: builds every target, or those that are named, into $OUT, with its seeds and the dictionary.  It sets CC, CXX, CFLAGS, CXXFLAGS,
# LIB_FUZZING_ENGINE, SRC (the project is in $SRC/ffabi) and OUT; python3 is in its images, nothing else is needed.
set -euo pipefail
: "${CC:?}" "${CXX:?}" "${LIB_FUZZING_ENGINE:?}" "${SRC:?}" "${OUT:?}"
cd "$SRC/ffabi"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Words of CFLAGS and CXXFLAGS are options.
# shellcheck disable=SC2206
flags=(${CFLAGS-} -std=gnu11 -DFFABI_LOAD_HOOK -Ifuzz -Igenerated/fuzz -Iruntime/include -Igenerated/include)
compile() { # SOURCE OBJECT [OPTION ...]
	"$CC" "${flags[@]}" "${@:3}" -c "$1" -o "$2"
}

kit=()
for source in fuzz/*.c generated/fuzz/shapes.c runtime/*.c runtime/cli/*.c runtime/sandbox/*.c generated/src/*.c; do
	[ -f "$source" ] || continue # no sandbox
	case $source in */standalone.c | */theirs.c | */cli/main.c) continue ;; esac
	object=$work/${source//\//_}.o
	compile "$source" "$object"
	kit+=("$object")
done
ar rcs "$work/kit.a" "${kit[@]}"

link() { # TARGET OBJECT: mutator.o by name, or the archive would leave it out
	# shellcheck disable=SC2086
	"$CXX" ${CXXFLAGS-} "$2" "$work/fuzz_mutator.c.o" "$work/kit.a" $LIB_FUZZING_ENGINE -o "$OUT/$1"
	python3 fuzz/seeds.py "$work/seeds" "$1"
	python3 -m zipfile -c "$OUT/$1_seed_corpus.zip" "$work/seeds/$1"/*
	cp generated/fuzz/ffa.dict "$OUT/$1.dict"
}

[ $# != 0 ] || mapfile -t all < <(python3 fuzz/seeds.py --targets)
for target in "${@:-${all[@]}}"; do
	if [ -f "fuzz/target/$target.c" ]; then
		compile "fuzz/target/$target.c" "$work/$target.o"
	else # TABLE_STYLE
		compile "generated/fuzz/${target%_*}.c" "$work/$target.o" "-DFUZZ_STYLE=${target##*_}"
	fi
	link "$target" "$work/$target.o"
done
