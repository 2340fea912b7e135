//@ ld: overflow_of_a_pc_relative_call.o --defsym=far=0x7fff00000000
//@ fail: far
//@ fail: PC32
.globl _start
.text
_start:
    lea far(%rip), %rax
