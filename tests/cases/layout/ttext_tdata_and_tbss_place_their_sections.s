//@ ld: ttext_tdata_and_tbss_place_their_sections.o -Ttext=0x1000000 -Tdata=0x2000000 -Tbss=0x3000000
//@ expect: section .text addr 0x1000000
//@ expect: section .data addr 0x2000000
//@ expect: section .bss addr 0x3000000
//@ exit: 4
.globl _start
.text
_start:
    mov value, %edi
    add zero, %edi
    mov $60, %eax
    syscall
.data
value: .long 4
.bss
zero: .zero 4
