//@ ld: link_order_sections_follow_what_they_describe.o --gc-sections
//@ expect: symbol live_mark
//@ expect: no symbol dead_mark
.globl _start
.text
_start:
    call live
    mov $60, %eax
    xor %edi, %edi
    syscall
.section .text.live, "ax", @progbits
live: ret
.section .text.dead, "ax", @progbits
dead: ret
.section marks, "ao", @progbits, .text.live
.globl live_mark
live_mark: .quad live
.section marks, "ao", @progbits, .text.dead, unique, 1
.globl dead_mark
dead_mark: .quad dead
