//@ variant: plain
//@ variant: pie -pie --no-dynamic-linker
//@ variant: gc --gc-sections
//@ allow: dynamic-tags=DT_HASH
//@ ld: very_small_program_without_libc.o
//@ exit: 7
.globl _start
.text
_start:
    mov value(%rip), %edi
    mov $60, %eax
    syscall
.data
value: .long 7
