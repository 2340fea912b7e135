cat >a.s <<'E'
.globl _start
.text
_start: mov $60,%eax
 movabs $big, %rcx
 mov (%rcx), %edi
 sub value(%rip), %edi
 syscall
.section .rodata,"a"
value: .long 7
.section .ldata,"awl",@progbits
big: .long 7
E
as a.s -o a.o
"$LD" a.o -Trodata-segment=0x800000 -Tldata-segment=0x20000000 -o out
./out
addr() { readelf -SW out | sed -n "s/.* \\$1 *PROGBITS *\([0-9a-f]*\) .*/\1/p"; }
[ $((0x$(addr .rodata))) = $((0x800000)) ]
[ $((0x$(addr .ldata))) = $((0x20000000)) ]
