//@ ld: difference_of_symbols_across_sections.o
//@ exit: 0
.globl _start
.text
_start:
    lea b(%rip), %rax
    lea where(%rip), %rcx
    sub %rcx, %rax
    movslq where(%rip), %rdx
    cmp %rax, %rdx
    jne fail
    mov $60, %eax
    xor %edi, %edi
    syscall
fail: ud2
.data
where: .long b - .
.section .rodata
.zero 100
b: .long 0
