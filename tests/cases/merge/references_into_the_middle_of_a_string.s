//@ ld: references_into_the_middle_of_a_string.o b.o
//@ exit: 0
.globl _start
.text
_start:
    mov pointer(%rip), %rax
    cmpb $'e', (%rax)
    jne fail
    lea .Ltext+6(%rip), %rax
    cmpb $'w', (%rax)
    jne fail
    mov $60, %eax
    xor %edi, %edi
    syscall
fail:
    ud2
.section .rodata.str1.1, "aMS", @progbits, 1
.Lfiller: .asciz "filler"
.Ltext: .asciz "hello world"
.data
pointer: .quad .Ltext + 1
//@ file: b.s
.section .rodata.str1.1, "aMS", @progbits, 1
.asciz "other"
.asciz "hello world"
