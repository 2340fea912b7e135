//@ variant: fits --defsym=big=0xffffffff --defsym=neg=0x7fffffff
//@ ld: thirty_two_bit_signed_and_unsigned_limits_are_exact.o
//@ exit: 0
.globl _start
.text
_start:
    mov $big, %eax
    mov $neg, %rcx
    mov $60, %eax
    xor %edi, %edi
    syscall
