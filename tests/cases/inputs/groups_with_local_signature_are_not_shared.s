//@ ld: groups_with_local_signature_are_not_shared.o b.o
//@ expect: symbol one
//@ expect: symbol two
.globl _start, one
.text
_start:
    mov $60, %eax
    xor %edi, %edi
    syscall
.section .text.g, "axG", @progbits, g_one, comdat
one: ret
//@ file: b.s
.globl two
.section .text.g, "axG", @progbits, g_two, comdat
two: ret
