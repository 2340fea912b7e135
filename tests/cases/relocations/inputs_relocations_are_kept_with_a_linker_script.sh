# --emit-relocs with a script that lays out: the Linux kernel finds by them what to move when it is loaded somewhere else.
printf '.globl _start\n_start: call f\n mov x(%%rip),%%eax\n movl $_start, %%edi\n.data\nx: .quad f, _start + 8\n' >a.s
printf '.globl f\nf: ret\n .section .odd,"a"\n .quad _start\n' >b.s
$CC -c a.s b.s
printf 'SECTIONS { . = 0x400000; .text : { *(.text) } . = ALIGN(0x1000); .data : { *(.data) } /DISCARD/ : { *(.note*) } }\n' >s.ld
link="--emit-relocs -z noexecstack --no-warn-rwx-segments -T s.ld a.o b.o"
"$LD" $link -o ours
ld.bfd $link -o theirs 2>/dev/null || ld.bfd ${link/--no-warn-rwx-segments/} -o theirs
# One record each, with the same place, type and value.
records() { readelf -rW "$1" | awk '$3 ~ /^R_X86_64/ { print $1, $3, $4 }' | sort; }
[ "$(records ours | wc -l)" = 6 ]
diff <(records theirs) <(records ours)
"$LINKDIFF" --check ours
