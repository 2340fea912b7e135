//@ ld: constants_of_4_8_16_and_32_bytes_are_merged.o b.o
//@ expect: same a4 b4
//@ expect: same a8 b8
//@ expect: same a16 b16
//@ expect: same a32 b32
.globl _start, a4, a8, a16, a32
.text
_start:
    mov $60, %eax
    xor %edi, %edi
    syscall
.section .rodata.cst4, "aM", @progbits, 4
.long 1
a4: .long 2
.section .rodata.cst8, "aM", @progbits, 8
.quad 1
a8: .quad 2
.section .rodata.cst16, "aM", @progbits, 16
.quad 1, 1
a16: .quad 2, 3
.section .rodata.cst32, "aM", @progbits, 32
a32: .quad 2, 3, 4, 5
//@ file: b.s
.globl b4, b8, b16, b32
.section .rodata.cst4, "aM", @progbits, 4
b4: .long 2
.section .rodata.cst8, "aM", @progbits, 8
b8: .quad 2
.section .rodata.cst16, "aM", @progbits, 16
b16: .quad 2, 3
.section .rodata.cst32, "aM", @progbits, 32
b32: .quad 2, 3, 4, 5
