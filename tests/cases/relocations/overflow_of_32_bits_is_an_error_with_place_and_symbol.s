//@ ld: overflow_of_32_bits_is_an_error_with_place_and_symbol.o --defsym=far_away=0x123456789a
//@ fail: far_away
//@ fail: overflow_of_32_bits_is_an_error_with_place_and_symbol.o
//@ fail: R_X86_64_32
.globl _start
.text
_start:
    mov $far_away, %eax
