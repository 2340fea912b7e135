#@ needs: bfd
cat >lib.c <<'X'
int puts(const char *s) { return 0; }
X
cat >main.c <<'X'
_Thread_local int seven = 7;
int puts(const char *);
void _start(void) { puts("x"); seven++; }
X
$CC -fno-stack-protector -fPIC -c lib.c
$CC -fno-stack-protector -fpie -c main.c
ld.bfd -shared lib.o -soname libc.so.1 --hash-style=sysv -o libc.so.1
linkers="ld.bfd"
command -v ld.lld-19 >/dev/null && linkers="$linkers ld.lld-19"
for linker in $linkers; do
    $linker main.o libc.so.1 --hash-style=sysv --eh-frame-hdr -dynamic-linker /lib/amd64/ld.so.1 -o theirs
    must_fail "$LD" --verify-load=illumos theirs >says
    grep -q 'S03: .*uses %fs:-0x4, but the variables lie at %fs:-0x10..-0xc' says
done
ld.bfd main.o libc.so.1 --hash-style=gnu -dynamic-linker /lib/amd64/ld.so.1 -o theirs
must_fail "$LD" --verify-load=solaris theirs | grep 'R05: there is no DT_HASH'
for kind in -no-pie -pie; do
    "$LD" -m elf_x86_64_sol2 $kind main.o libc.so.1 -o ours
    "$LD" --verify-load=illumos ours | grep -x 'ours: ok for illumos'
done
