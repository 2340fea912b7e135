//@ link: numbered_ctors_are_sorted_into_init_array.o
//@ out: ctors-65000 init-00600 ctors-64000 plain
# .ctors.N has priority 65535 - N, .init_array.N has priority N.
.globl main
.text
main:
    xor %eax, %eax
    ret
a:  lea ta(%rip), %rdi
    jmp say
b:  lea tb(%rip), %rdi
    jmp say
c:  lea tc(%rip), %rdi
    jmp say
d:  lea td(%rip), %rdi
    jmp say
say:
    sub $8, %rsp
    xor %eax, %eax
    call printf@PLT
    add $8, %rsp
    ret
.section .init_array, "aw", @init_array
.quad d
.section .ctors.64000, "aw", @progbits
.quad c
.section .init_array.00600, "aw", @init_array
.quad b
.section .ctors.65000, "aw", @progbits
.quad a
.section .rodata
ta: .asciz "ctors-65000 "
tb: .asciz "init-00600 "
tc: .asciz "ctors-64000 "
td: .asciz "plain"
.section .note.GNU-stack, "", @progbits
