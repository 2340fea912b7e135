#!/usr/bin/env bash
# Makes the reference linker for Solaris and illumos: GNU ld with its sol2 emulations, which no Debian package has.
# Built from the package `binutils-source` into the user's cache; prints the directory that holds `ld`.
#
#   tests/illumos/reference.sh          build unless it is there, print the directory
#   tests/illumos/reference.sh --find   only print the directory; exit 1 when it is not built
#
# It is an oracle for tests and never needed to build or use wcc. Takes some minutes and 500 MB while it builds.
set -euo pipefail
cache=${WCC_SOL2_REFERENCE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/wcc-tests/binutils-sol2}
if [ -x "$cache/ld" ]; then
    echo "$cache"
    exit 0
fi
[ "${1:-}" != --find ] || exit 1

say() { echo "$@" >&2; }
source_tar() { ls /usr/src/binutils/binutils-*.tar.xz 2>/dev/null | tail -1; }
needs=()
[ -n "$(source_tar)" ] || needs+=(binutils-source)
for tool in flex bison m4 make; do
    command -v $tool >/dev/null || needs+=($tool)
done
if [ ${#needs[@]} -gt 0 ]; then
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null || [ -n "${WCC_NO_INSTALL:-}" ]; then
        say "the reference linker needs the packages: ${needs[*]}"
        exit 1
    fi
    DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "${needs[@]}" >&2 </dev/null
fi
build=$(mktemp -d "${TMPDIR:-/tmp}/wcc-sol2-XXXXXX")
trap 'rm -rf "$build"' EXIT
say "building GNU ld for Solaris in $build (once)"
tar -C "$build" -xf "$(source_tar)"
mkdir "$build/build"
cd "$build/build"
"$build"/binutils-*/configure --target=x86_64-pc-solaris2.11 \
    --enable-targets=i386-pc-solaris2.11,sparcv9-sun-solaris2.11 \
    --disable-gdb --disable-gprofng --disable-nls --disable-werror --disable-plugins --without-zstd \
    CFLAGS='-O1 -g0' >"$build/log" 2>&1 || { tail -20 "$build/log" >&2; exit 1; }
make -j"${WCC_TEST_JOBS:-2}" MAKEINFO=true all-ld all-binutils >>"$build/log" 2>&1 || { tail -30 "$build/log" >&2; exit 1; }
mkdir -p "$cache.new"
cp ld/ld-new "$cache.new/ld"
cp binutils/readelf binutils/objdump "$cache.new/"
# Other builds may have been quicker.
rm -rf "$cache"
mv "$cache.new" "$cache"
echo "$cache"
