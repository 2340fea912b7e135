//@ ld: no_relax_keeps_the_got_load.o --no-relax
//@ expect: bytes _start 48 8b 05
//@ exit: 0
.globl _start, value
.text
_start:
    movq value@GOTPCREL(%rip), %rax
    cmpl $77, (%rax)
    jne fail
    mov $60, %eax
    xor %edi, %edi
    syscall
fail:
    ud2
.data
value: .long 77
