//@ ld: signed_overflow_by_one_is_an_error.o --defsym=neg=0x80000000
//@ fail: R_X86_64_32S
//@ fail: neg
.globl _start
.text
_start:
    mov $neg, %rcx
