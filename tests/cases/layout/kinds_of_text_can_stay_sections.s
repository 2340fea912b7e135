//@ ld: kinds_of_text_can_stay_sections.o -z keep-text-section-prefix
//@ ref: lld
//@ needs: lld
//@ allow: *
//@ expect: section .text.hot
//@ expect: section .text.startup
//@ expect: section .text.unlikely
.globl _start
.section .text.hot.f,"ax"
f: ret
.section .text.startup,"ax"
g: ret
.section .text.unlikely.h,"ax"
h: ret
.text
_start:
    call f
    call g
    call h
    mov $60, %eax
    xor %edi, %edi
    syscall
