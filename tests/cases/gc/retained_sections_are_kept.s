//@ ld: retained_sections_are_kept.o --gc-sections
//@ expect: symbol kept
//@ expect: no symbol dropped
.globl _start, kept, dropped
.text
_start:
    mov $60, %eax
    xor %edi, %edi
    syscall
.section .data.kept, "awR", @progbits
kept: .long 1
.section .data.dropped, "aw", @progbits
dropped: .long 2
