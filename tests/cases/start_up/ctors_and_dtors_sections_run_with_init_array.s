//@ link: ctors_and_dtors_sections_run_with_init_array.o
//@ out: second first main dtor
# .ctors runs from its end to its start, the higher number first.
.globl main
.text
main:
    lea tm(%rip), %rdi
    jmp say
c1: lea t1(%rip), %rdi
    jmp say
c2: lea t2(%rip), %rdi
    jmp say
d1: lea td(%rip), %rdi
    jmp say
say:
    sub $8, %rsp
    xor %eax, %eax
    call printf@PLT
    xor %eax, %eax
    add $8, %rsp
    ret
.section .ctors, "aw", @progbits
.quad c1, c2
.section .dtors, "aw", @progbits
.quad d1
.section .rodata
tm: .asciz "main "
t1: .asciz "first "
t2: .asciz "second "
td: .asciz "dtor"
.section .note.GNU-stack, "", @progbits
