# The negative controls: the same object, linked as the system's own linkers and lld do it.
# The model would be worth nothing if it ran these.
cat >main.c <<'X'
#include <stdio.h>
_Thread_local int seven = 7;
int main(void) {
    printf("%d\n", seven);
    return 0;
}
X
cat >exit.s <<'X'
.globl _start
_start: mov $60, %eax
    mov $3, %edi
    syscall
    .section .note.GNU-stack,"",@progbits
X
$CC -c main.c
as exit.s -o exit.o
u=$S/usr/lib/amd64
g=$S/opt/gcc-14/lib/gcc/x86_64-pc-solaris2.11/14.2.0
objects="$u/crt1.o $u/crti.o $u/values-Xa.o $u/values-xpg6.o $g/crtbegin.o main.o $u/libc.so $g/crtend.o $u/crtn.o"
interp="-dynamic-linker /lib/amd64/ld.so.1 --eh-frame-hdr"
refused() { # RULE FILE
    must_fail "$LD" --verify-load=illumos "$2" >says
    grep -q " $1: " says
}
status() { local s=0; "$@" >out 2>err || s=$?; echo $s; }

# Right: ours, and GNU ld's with the sol2 emulation.
"$LD" -m elf_x86_64_sol2 $objects -o ours
"$LD" --verify-load=illumos ours
[ "$($ILX ./ours)" = 7 ]
if [ -n "$SOL2" ]; then
    $SOL2 -m elf_x86_64_sol2 $objects -o sol2
    "$LD" --verify-load=illumos sol2
    [ "$($ILX ./sol2)" = 7 ]
fi

# Linux' place for thread-local variables: wrong value.
ld.bfd $interp --hash-style=sysv $objects -o bfd
refused S03 bfd
[ "$($ILX ./bfd)" = 0 ]

# Only the GNU hash table.
ld.bfd $interp --hash-style=gnu $objects -o gnuhash
refused R05 gnuhash

# Packed relocations of a position-independent program: pointers stay what they were.
cat >pic.c <<'X'
#include <stdio.h>
static const char *volatile words[] = {"one", "two"};
int main(int argc, char **argv) {
    puts(words[argc - 1]);
    return 0;
}
X
$CC -fpie -c pic.c
pic="$u/crt1.o $u/crti.o $u/values-Xa.o $u/values-xpg6.o $g/crtbeginS.o pic.o $u/libc.so $g/crtendS.o $u/crtn.o"
"$LD" -m elf_x86_64_sol2 -pie $pic -o ours-pie
[ "$($ILX ./ours-pie)" = one ]
if ld.bfd -pie -z pack-relative-relocs $interp --hash-style=sysv $pic -o relr 2>/dev/null; then
    refused R07 relr
    [ "$(status $ILX ./relr)" != 0 ]
fi

# An interpreter that is not there.
ld.bfd --hash-style=sysv $objects -o linux
refused K15 linux
[ "$(status $ILX ./linux)" = 137 ]

# A static program is killed for its PT_PHDR, and runs without.
"$LD" -m elf_x86_64_sol2 exit.o -o static
[ "$(status $ILX ./static)" = 3 ]
lld=$(command -v ld.lld-19 || command -v ld.lld) || exit 0
$lld exit.o -o static-lld
refused K12 static-lld
[ "$(status $ILX ./static-lld)" = 137 ]
grep -q 'K12: PT_PHDR without PT_INTERP' err
$lld $interp --hash-style=sysv $objects -o lld
refused S03 lld
[ "$($ILX ./lld)" = 0 ]
$lld -pie --pack-dyn-relocs=relr $interp --hash-style=sysv $pic -o lld-relr
refused R07 lld-relr
[ "$(status $ILX ./lld-relr)" != 0 ]
