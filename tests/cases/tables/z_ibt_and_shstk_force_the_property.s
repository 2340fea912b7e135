//@ ld: z_ibt_and_shstk_force_the_property.o -z ibt -z shstk
//@ expect: segment GNU_PROPERTY
//@ expect: note GNU 5 size 16
.globl _start
.text
_start:
    mov $60, %eax
    xor %edi, %edi
    syscall
