//@ ld: undefined_weak_call_in_static_program_does_not_crash_at_link.o
//@ exit: 0
.globl _start
.weak maybe
.text
_start:
    mov $maybe, %eax
    test %eax, %eax
    jz 1f
    call maybe
1:  mov $60, %eax
    xor %edi, %edi
    syscall
