//@ ld: sections_of_odd_names_keep_their_names.o
//@ expect: section .my.own.section flags A
//@ expect: section other_section flags WA
//@ expect: section .text_more
//@ expect: no section .data.rel
.globl _start
.text
_start:
    mov $60, %eax
    xor %edi, %edi
    syscall
.section .my.own.section, "a"
.long 1
.section other_section, "aw"
.long 1
.section .text_more, "ax"
nop
.section .data.something, "aw"
.long 1
