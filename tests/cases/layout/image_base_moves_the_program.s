//@ variant: image-base --image-base=0x10000000
//@ variant: text-segment -Ttext-segment=0x10000000
//@ ld: image_base_moves_the_program.o
//@ ref: none
//@ expect: symbol __executable_start value 0x10000000
.globl _start
.text
_start:
    lea __executable_start(%rip), %rdx
    mov $60, %eax
    xor %edi, %edi
    syscall
