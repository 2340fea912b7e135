//@ ld: hot_and_unlikely_text_is_grouped.o b.o
//@ expect: order u1 u2 s1 s2 h1 h2 n1 n2
.globl _start, u1, s1, h1, n1
.text
_start:
n1: mov $60, %eax
    xor %edi, %edi
    syscall
.section .text.unlikely.x, "ax"
u1: nop
.section .text.hot.x, "ax"
h1: nop
.section .text.startup.x, "ax"
s1: nop
//@ file: b.s
.globl u2, s2, h2, n2
.text
n2: nop
.section .text.unlikely.y, "ax"
u2: nop
.section .text.hot.y, "ax"
h2: nop
.section .text.startup.y, "ax"
s2: nop
