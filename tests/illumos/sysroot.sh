#!/usr/bin/env bash
# Makes the illumos sysroot for tests and the loader model, laid out as on OmniOS.
#
#   tests/illumos/sysroot.sh DIR gnu|solaris COMPILER…
#
# COMPILER compiles C for illumos, e.g. `clang-19 --target=x86_64-pc-solaris2.11`, or `gcc`. The libraries are linked by
# ld.bfd, not by wcc, so that nothing under test vouches for itself; `solaris` leaves the last step, giving them the
# Solaris sections and tags, to `sunw` (tests/src/illumos). The C++ run-time libraries are the host's.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$1 flavour=$2 filtee=
shift 2
[ "$flavour" = gnu ] || filtee=/usr/lib/amd64/ld.so.1
compile() {
    "$@" -c -O1 -ffreestanding -fno-builtin -fno-stack-protector -fcf-protection=none -fno-asynchronous-unwind-tables \
        -nostdinc -isystem "$here/include" -isystem "$headers" -w
}
headers=$("$@" -print-file-name=include)
lib=$root/lib/amd64 usr=$root/usr/lib/amd64
gcc_dir=$root/opt/gcc-14/lib/gcc/x86_64-pc-solaris2.11/14.2.0
mkdir -p "$lib" "$usr" "$gcc_dir" "$root/opt/gcc-14/lib/amd64" "$root/usr/include"
ln -sfn amd64 "$root/lib/64"
ln -sfn amd64 "$root/usr/lib/64"
cp "$here"/include/*.h "$root/usr/include/"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Start files.
compile "$@" "$here/crt/crt1.S" -o "$work/crt1.o"
compile "$@" -fPIC "$here/crt/start.c" -o "$work/start.o"
ld.bfd -r "$work/crt1.o" "$work/start.o" -o "$usr/crt1.o"
cp "$usr/crt1.o" "$usr/gcrt1.o"
compile "$@" "$here/crt/crti.S" -o "$usr/crti.o"
compile "$@" "$here/crt/crtn.S" -o "$usr/crtn.o"
compile "$@" -DVERSION=1 "$here/crt/values.c" -o "$usr/values-Xa.o"
compile "$@" -DVERSION=0 "$here/crt/values.c" -o "$usr/values-Xc.o"
compile "$@" -DXPG4 "$here/crt/values.c" -o "$usr/values-xpg4.o"
compile "$@" -DXPG6 "$here/crt/values.c" -o "$usr/values-xpg6.o"
for s in '' S; do
    compile "$@" ${s:+-DSHARED} "$here/crt/crtbegin.S" -o "$gcc_dir/crtbegin$s.o"
    compile "$@" "$here/crt/crtend.S" -o "$gcc_dir/crtend$s.o"
done

# libc.so.1, and the libraries that only filter it.
shared="ld.bfd -shared --hash-style=sysv -z norelro -z noseparate-code --eh-frame-hdr -z defs"
compile "$@" -fPIC "$here/libc/libc.c" -o "$work/libc.o"
compile "$@" "$here/libc/filters.S" -o "$work/filters.o"
# The path is where sunw finds the text for DT_SUNW_FILTER.
$shared --unresolved-symbols=ignore-all -soname libc.so.1 ${filtee:+-rpath "$filtee"} --version-script "$here/libc/libc.map" \
    "$work/libc.o" "$work/filters.o" -o "$lib/libc.so.1"
stub() { # NAME VERSION SYMBOL…: a filter on libc.so.1 with these functions
    local name=$1 version=$2 symbol
    shift 2
    {
        for symbol in "$@"; do
            printf '.globl %s\n.type %s,@function\n.set %s,0\n' "$symbol" "$symbol" "$symbol"
        done
        printf '.section .note.GNU-stack,"",@progbits\n'
    } >"$work/$name.s"
    as "$work/$name.s" -o "$work/$name.o"
    $shared -F libc.so.1 -soname "$name.so.$version" "$work/$name.o" -o "$lib/$name.so.$version"
    ln -sf "../../../lib/amd64/$name.so.$version" "$usr/$name.so"
}
stub libpthread 1 pthread_mutex_lock pthread_mutex_unlock pthread_once
stub librt 1 clock_gettime
stub libdl 1 dlsym
stub libsocket 1 socket
stub libnsl 1 gethostbyname
ln -sf librt.so "$usr/libposix4.so"
ln -sf ../../../lib/amd64/libc.so.1 "$usr/libc.so"
printf 'double sqrt(double x) { double r; __asm__("sqrtsd %%1,%%0" : "=x"(r) : "x"(x)); return r; }' >"$work/m.c"
compile "$@" -fPIC "$work/m.c" -o "$work/m.o"
$shared -soname libm.so.2 "$work/m.o" -o "$lib/libm.so.2"
ln -sf ../../../lib/amd64/libm.so.2 "$usr/libm.so"
$shared -F libc.so.1 -soname libssp.so.0 "$work/libdl.o" -o "$usr/libssp.so.0"
ln -sf libssp.so.0 "$usr/libssp.so"
printf 'void *__stack_chk_fail_local;' >"$work/ssp.c"
compile "$@" -fPIC "$work/ssp.c" -o "$work/ssp.o"
ar rcs "$usr/libssp_nonshared.a" "$work/ssp.o"

# GCC's libraries: the host's, with what they miss on illumos.
host=$(dirname "$(g++ -print-file-name=libsupc++.a)")
compile "$@" -fPIC "$here/libc/host_shim.c" -o "$work/shim.o"
cp "$host/libgcc.a" "$gcc_dir/libgcc.a"
cp "$host/libgcc_eh.a" "$gcc_dir/libgcc_eh.a"
ar rs "$gcc_dir/libgcc_eh.a" "$work/shim.o" 2>/dev/null
if [ -f "$host/libsupc++.a" ]; then
    cp "$host/libsupc++.a" "$gcc_dir/libstdc++.a"
    ar rs "$gcc_dir/libstdc++.a" "$work/shim.o" 2>/dev/null
fi
# libgcc_s exports what libgcc_eh.a hides: each function under another name, with a jump in front of it.
nm -g --defined-only "$gcc_dir/libgcc_eh.a" 2>/dev/null | awk '$3 ~ /^_Unwind/ { print $3 }' | sort -u >"$work/names"
awk '{ print $1, "hidden" $1 }' "$work/names" >"$work/renamed"
objcopy --redefine-syms="$work/renamed" "$gcc_dir/libgcc_eh.a" "$work/eh.a"
awk '{ printf ".globl %s\n.type %s,@function\n%s: jmp hidden%s\n", $1, $1, $1, $1 }
    END { print ".section .note.GNU-stack,\"\",@progbits" }' "$work/names" >"$work/gcc_s.s"
as "$work/gcc_s.s" -o "$work/gcc_s.o"
$shared -soname libgcc_s.so.1 "$work/gcc_s.o" "$work/eh.a" "$gcc_dir/libgcc.a" "$lib/libc.so.1" \
    -o "$usr/libgcc_s.so.1"
ln -sf libgcc_s.so.1 "$usr/libgcc_s.so"

# The loader model, as ld.so.1 and as a command.
objects=()
for file in "$here"/ilx/*.c "$here/ilx/start.S"; do
    object=$work/ilx-$(basename "$file").o
    gcc -O1 -Wall -Wextra -ffreestanding -fno-stack-protector -fcf-protection=none -fpie -mgeneral-regs-only \
        -fno-asynchronous-unwind-tables -c "$file" -o "$object"
    objects+=("$object")
done
ld.bfd -static -Ttext-segment=0x7e0000000000 -z noexecstack "${objects[@]}" -o "$lib/ld.so.1"
