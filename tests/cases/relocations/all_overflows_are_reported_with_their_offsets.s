//@ ld: all_overflows_are_reported_with_their_offsets.o --defsym=big=0x100000000
//@ fail: .text+0x1
//@ fail: .text+0x6
.globl _start
.text
_start:
    mov $big, %eax
    mov $big, %ecx
