//@ ld: offsets_in_data_and_debug_sections.o
//@ exit: 0
.globl _start
.text
_start:
    mov offset(%rip), %rax
    cmp $-4, %rax
    jne 1f
    mov $60, %eax
    xor %edi, %edi
    syscall
1:  ud2
.data
.balign 8
offset: .quad variable@tpoff
.section .tdata, "awT", @progbits
.balign 4
variable: .long 7
