# The driver links for a target; the linker obeys that target's rules, static programs included.
note() { # NAME TYPE: the note by which the kernel knows its programs
    printf '.section .note.ident,"a",@note\n.balign 4\n.long 2f-1f, 4, %s\n1: .asciz "%s"\n2: .balign 4\n.long 1400000\n' "$2" "$1"
}
sysroot() { # DIR START NOTE
    mkdir -p "$1/usr/lib"
    { note "$3" 1; printf '.text\n.globl %s\n%s: endbr64\ncall main\nhlt\n' "$2" "$2"; } >start.s
    $CC -c start.s -o start.o
    for name in crt0 rcrt0 crt1 Scrt1; do cp start.o "$1/usr/lib/$name.o"; done
    echo >nothing.s
    $CC -c nothing.s -o nothing.o
    for name in crti crtn crtbegin crtbeginS crtbeginT crtend crtendS; do cp nothing.o "$1/usr/lib/$name.o"; done
    printf '.globl exit\n.type exit, @function\nexit: ret\n.section .openbsd.syscalls,"",@progbits\n.long exit, 1\n' >libc.s
    $CC -c libc.s -o libc.o
    rm -f "$1/usr/lib/libc.a"
    $AR rcs "$1/usr/lib/libc.a" libc.o
    for lib in gcc gcc_eh compiler_rt; do $AR rcs "$1/usr/lib/lib$lib.a" nothing.o; done
    $AS_LD -shared -soname libc.so.1 libc.o -o "$1/usr/lib/libc.so" 2>/dev/null || $CC -nostdlib -shared libc.o -Wl,-soname,libc.so.1 -o "$1/usr/lib/libc.so"
    cp "$1/usr/lib/libc.so" "$1/usr/lib/libgcc_s.so"
}
AR=${AR:-ar}
sysroot free _start FreeBSD
sysroot net _start NetBSD
sysroot open __start OpenBSD
echo 'void exit(int); int table = 3; int *p = &table; int main(void) { exit(*p); return 0; }' >m.c
$CC -c -fPIC -ffreestanding m.c
link() { # PLATFORM OUT ARG…
    local platform=$1 out=$2
    shift 2
    "$WCC" --target=x86_64-unknown-${platform}bsd --sysroot=$PWD/$platform m.o -o "$out" "$@"
    "$LD" --verify-load=${platform}bsd "$out" | grep -x "$out: ok for ${platform}bsd"
}
for platform in free net open; do
    link $platform $platform.dynamic
    link $platform $platform.pie -pie
    link $platform $platform.static -static
    link $platform $platform.so -shared
done
link net net.static-pie -static-pie
for file in free.dynamic free.static free.so; do readelf -hW $file | grep -q 'OS/ABI:.*FreeBSD'; done
readelf -lW open.dynamic | grep -q '/usr/libexec/ld.so'
# The opposite of illumos: PT_PHDR in a static program.
readelf -lW open.static | grep -q PHDR
readelf -hW open.static | grep -q 'Type:.*DYN'
readelf -lW open.static >segments
must_fail grep INTERP segments
grep -q 'LOOS+0x5a3dbe9 .*R ' segments
link open open.fixed -static -no-pie
# NetBSD's run-time linker of old reads the System V table.
readelf -dW net.dynamic | grep -q '(HASH)'
# What OpenBSD's kernel is told by program headers of its own.
printf '.section .openbsd.randomdata,"aw"\n.quad 0\n.section .openbsd.mutable,"aw"\n.zero 4096\n' >more.s
$CC -c more.s
link open open.more more.o -z wxneeded -z nobtcfi
readelf -lW open.more >segments
grep -q 'LOOS+0x5a3dbe5 .*0x001000 0x001000 RW ' segments
grep -q 'OPENBSD_RANDOM.*0x000008 0x000008 RW ' segments
grep -q 'OPENBSD_WXNEED.*  E ' segments
grep -q 'LOOS+0x5a3dbe8 .*  E ' segments
grep -q 'GNU_RELRO' segments
# The linker alone knows the target by its run-time linker.
"$LD" -pie -e __start -dynamic-linker /usr/libexec/ld.so open/usr/lib/crt0.o m.o -Lopen/usr/lib -lc -o alone
"$LD" --verify-load=openbsd alone
must_fail "$LD" --wcc-target=x86_64-none-elf m.o 2>says
grep -q 'wcc-target=x86_64-none-elf: nothing is known' says
