# A build with LD=ld.wcc links everything with it: the Linux kernel the code that starts in real mode, with -m elf_i386.
printf '.globl _start\n_start: ret\n.section .note.GNU-stack\n' >a.s
as --32 a.s -o a.o
for word in '-m elf_i386' -melf_i386; do
    rm -f a
    "$LD" $word a.o -o a 2>err
    [ ! -s err ]
    readelf -h a | grep -q 'Machine: *Intel 80386'
done
"$LD" -v -m elf_i386 a.o -o a 2>err
grep -q 'embedded linker does not make elf_i386' err
mkdir empty
must_fail env PATH="$PWD/empty" "$LD" -m elf64_s390 a.o -o b 2>err
grep -q 'no other linker for them was found (looked for .*s390x-linux-gnu-ld' err
[ ! -e b ]
