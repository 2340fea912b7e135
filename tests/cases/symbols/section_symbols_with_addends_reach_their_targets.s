//@ ld: section_symbols_with_addends_reach_their_targets.o b.o
//@ exit: 0
.globl _start
.text
_start:
    mov pointer(%rip), %rax
    cmpl $3, (%rax)
    jne fail
    cmpl $7, .data+8(%rip)
    jne fail
    mov $60, %eax
    xor %edi, %edi
    syscall
fail:
    ud2
.data
pointer: .quad .data.second + 4
.long 7
.section .data.second, "aw"
.long 2, 3
//@ file: b.s
.data
.quad 1, 2, 3
.section .data.second, "aw"
.long 9, 9
