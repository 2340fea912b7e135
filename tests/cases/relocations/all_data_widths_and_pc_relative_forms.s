//@ variant: exec
//@ ld: all_data_widths_and_pc_relative_forms.o other.o
//@ exit: 0
# Each check compares what a relocated word holds with what the processor computes.
.globl _start
.text
_start:
    lea target(%rip), %rax
    cmp %rax, abs64(%rip)
    jne fail
    mov abs32(%rip), %ecx
    cmp %rax, %rcx
    jne fail
    movslq abs32s(%rip), %rcx
    cmp %rax, %rcx
    jne fail
    lea pc32(%rip), %rdx
    movslq (%rdx), %rcx
    add %rdx, %rcx
    cmp %rax, %rcx
    jne fail
    lea pc64(%rip), %rdx
    mov (%rdx), %rcx
    add %rdx, %rcx
    cmp %rax, %rcx
    jne fail
    cmpw $0x1234, abs16(%rip)
    jne fail
    cmpb $0x56, abs8(%rip)
    jne fail
    cmpl $24, size32(%rip)
    jne fail
    cmpq $25, size64(%rip)
    jne fail
    mov $60, %eax
    xor %edi, %edi
    syscall
fail:
    mov $60, %eax
    mov $1, %edi
    syscall
.data
.balign 8
abs64: .quad target
pc64: .quad target - .
size64: .quad target@size + 1
abs32: .long target
abs32s: .long target
pc32: .long target - .
size32: .long target@size
abs16: .word small16
abs8: .byte small8
//@ file: other.s
.globl target, small16, small8
small16 = 0x1234
small8 = 0x56
.data
.zero 40
.type target, @object
.size target, 24
target: .zero 24
