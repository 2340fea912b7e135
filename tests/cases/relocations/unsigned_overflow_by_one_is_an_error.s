//@ ld: unsigned_overflow_by_one_is_an_error.o --defsym=big=0x100000000
//@ fail: R_X86_64_32
//@ fail: big
.globl _start
.text
_start:
    mov $big, %eax
