# DragonFly: FreeBSD's rules with a brand of its own. Haiku: a loader that refuses headers and relocations it does not know.
mkdir -p fly/usr/lib/gcc80 haiku/boot/system/lib haiku/boot/system/develop/lib
printf '.section .note.ident,"a",@note\n.balign 4\n.long 10, 4, 1\n.asciz "DragonFly"\n.balign 4\n.long 600000\n.text\n.globl _start\n_start: endbr64\ncall main\nhlt\n' >start.s
$CC -c start.s -o start.o
echo >nothing.s
$CC -c nothing.s -o nothing.o
echo 'int other = 5; void *__tls_get_addr(void *p) { return p; } __thread int mine = 6; void exit(int status) { for (;;); }' >libc.c
$CC -c -fPIC -fcf-protection libc.c
for name in crt1 Scrt1; do cp start.o fly/usr/lib/$name.o; done
cp start.o haiku/boot/system/develop/lib/start_dyn.o
for name in crti crtn crtbegin crtbeginS crtend crtendS init_term_dyn; do
    cp nothing.o fly/usr/lib/$name.o
    cp nothing.o haiku/boot/system/develop/lib/$name.o
done
"$LD" --wcc-target=x86_64-unknown-dragonfly -shared -soname libc.so.8 libc.o -o fly/usr/lib/libc.so
"$LD" --wcc-target=x86_64-unknown-haiku -shared -soname libroot.so libc.o -o haiku/boot/system/lib/libroot.so
ar rcs fly/usr/lib/libc.a libc.o
for lib in gcc gcc_eh gcc_pic; do ar rcs fly/usr/lib/lib$lib.a nothing.o; done
for lib in gcc gcc_s; do ar rcs haiku/boot/system/lib/lib$lib.a nothing.o; done
echo 'void exit(int); extern int other; extern __thread int mine; int *p = &other; int main(void) { exit(*p + mine); return 0; }' >m.c
$CC -c -fPIC -fcf-protection m.c
link() { # PLATFORM OUT ARG…
    local target=$1 root=$2 out=$3
    shift 3
    "$WCC" --target=x86_64-unknown-$target --sysroot=$PWD/$root m.o -o "$out" "$@"
    "$LD" --verify-load=$target "$out" | grep -x "$out: ok for $target"
}
link dragonfly fly fly.dynamic
link dragonfly fly fly.pie -pie
link dragonfly fly fly.static -static
link dragonfly fly fly.so -shared
"$LD" --verify-load=dragonfly fly/usr/lib/libc.so
readelf -lW fly.dynamic | grep -q '/usr/libexec/ld-elf.so.2'
# Neither packed relocations nor TLS descriptors: its run-time linker reads neither.
$CC -c -fPIC -mtls-dialect=gnu2 m.c -o desc.o
"$LD" --wcc-target=x86_64-unknown-dragonfly -shared -z pack-relative-relocs m.o -o packed.so 2>said
grep -q "dragonfly's run-time linker does not read DT_RELR" said
"$LD" --verify-load=dragonfly packed.so
must_fail "$LD" --wcc-target=x86_64-unknown-dragonfly -shared desc.o -o no.so 2>said
grep -q "TLSDESC.* against mine asks for something that the target's run-time linker does not have" said
"$LD" -shared -z pack-relative-relocs desc.o -o linux.so
must_fail "$LD" --verify-load=dragonfly linux.so >said
grep -q 'D13: the relocation at .* has type 36' said
link haiku haiku haiku.app
link haiku haiku haiku.so -shared
"$LD" --verify-load=haiku haiku/boot/system/lib/libroot.so
readelf -lW haiku.app >headers
must_fail grep -E 'INTERP|GNU_PROPERTY' headers
readelf -dW haiku.app | grep -q '(HASH)'
# What the loader would refuse: told at link time, and of files of others.
"$LD" -shared m.o -o linux.so
must_fail "$LD" --verify-load=haiku linux.so >said
grep -q 'H05: there is a program header of type 0x6474e553' said
$CC -c -fPIC -ftls-model=initial-exec m.c -o ie.o
must_fail "$LD" --wcc-target=x86_64-unknown-haiku -shared ie.o -o no.so 2>said
grep -q "mine is reached by the initial-exec model, which haiku's run-time linker does not know" said
"$LD" -shared ie.o -o linux.so
must_fail "$LD" --verify-load=haiku linux.so >said
grep -q 'H08: DT_FLAGS has DF_STATIC_TLS' said
grep -q 'H09: the relocation at .* has type 18' said
