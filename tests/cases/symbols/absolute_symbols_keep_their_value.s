//@ variant: exec
//@ ld: absolute_symbols_keep_their_value.o user.o
//@ expect: symbol fixed GLOBAL ABS value 42
//@ exit: 42
.globl fixed
fixed = 42
.globl _start
.text
_start:
    jmp real_start
//@ file: user.s
.globl real_start
.text
real_start:
    mov $60, %eax
    mov $fixed, %edi
    syscall
