# As <sys/sdt.h> has it: a note that is not loaded names a section by which debuggers find how far the code was moved.
cat >a.s <<'S'
.globl _start
_start: nop
1: nop
.section .note.stapsdt,"",@note
.balign 4
.4byte 8, 29, 3
.asciz "stapsdt"
.8byte 1b, _.stapsdt.base, 0
.asciz "p"
.asciz "q"
.asciz ""
.balign 4
.section .stapsdt.base,"aG",@progbits,.stapsdt.base,comdat
.weak _.stapsdt.base
.hidden _.stapsdt.base
_.stapsdt.base: .space 1
.size _.stapsdt.base, 1
.section .text.dead,"ax"
dead: ret
S
as a.s -o a.o
"$LD" --gc-sections a.o -o out
readelf -SW out >sections
grep -q '\.stapsdt\.base' sections
readelf -n out >notes
grep -q 'Base: 0x0*[1-9a-f]' notes
nm out >symbols
must_fail grep -q dead symbols
