//@ ld: string_section_without_final_nul_is_an_error_or_kept.o
//@ exit: 0
.globl _start
.text
_start:
    lea text(%rip), %rax
    cmpb $'x', 2(%rax)
    jne fail
    mov $60, %eax
    xor %edi, %edi
    syscall
fail:
    ud2
.section .rodata.odd, "aMS", @progbits, 1
text: .ascii "abx"
