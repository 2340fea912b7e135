cat >a.s <<'S'
.section .gnu.linkonce.t.__x86.get_pc_thunk.bx,"ax",@progbits
.globl __x86.get_pc_thunk.bx
.hidden __x86.get_pc_thunk.bx
__x86.get_pc_thunk.bx: .byte 1
S
cat >b.s <<'S'
.section .text.__x86.get_pc_thunk.bx,"axG",@progbits,__x86.get_pc_thunk.bx,comdat
.globl __x86.get_pc_thunk.bx
.hidden __x86.get_pc_thunk.bx
__x86.get_pc_thunk.bx: .byte 2
S
printf '.globl _start\n_start: .quad __x86.get_pc_thunk.bx\n' >c.s
for n in a b c; do as $n.s -o $n.o; done
"$LD" a.o b.o c.o -o out
"$LD" b.o a.o c.o -o out
