//@ ld: plain_gotpcrel_load_works.o
//@ exit: 0
.globl _start, value
.text
_start:
    # push has no relaxed form.
    push value@GOTPCREL(%rip)
    pop %rax
    cmpl $77, (%rax)
    jne fail
    mov $60, %eax
    xor %edi, %edi
    syscall
fail:
    ud2
.data
value: .long 77
