//@ ld: aligned_strings_stay_aligned.o
//@ exit: 0
.globl _start
.text
_start:
    lea second(%rip), %rax
    test $15, %al
    jnz fail
    cmpb $'b', (%rax)
    jne fail
    mov $60, %eax
    xor %edi, %edi
    syscall
fail:
    ud2
.section .rodata.str1.16, "aMS", @progbits, 1
.balign 16
first: .asciz "aaaaaaaaaaaaaaaaaaaaaaaa"
.balign 16
second: .asciz "bbb"
