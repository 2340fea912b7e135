//@ ld: overflow_of_8_and_16_bits.o --defsym=big=0x12345
//@ fail: R_X86_64_16
//@ fail: R_X86_64_8
.globl _start
.text
_start:
    nop
.data
.word big
.byte big
