//@ link: linkonce_sections_are_kept_once.o b.o c.o -nostdlib -static
//@ expect: symbol only_in_the_first
//@ expect: no symbol only_in_the_second
//@ expect-wcc: no symbol old_thunk
.globl _start
.text
_start:
    call f
    sub $3, %eax
    mov %eax, %edi
    call thunk
    mov $60, %eax
    syscall
.section .gnu.linkonce.t.f,"ax",@progbits
.globl f
.weak f
f:
only_in_the_first:
    mov $3, %eax
    ret
.section .text.thunk,"axG",@progbits,thunk,comdat
.globl thunk
thunk: ret
.section .note.GNU-stack,"",@progbits
//@ file: b.s
.section .gnu.linkonce.t.f,"ax",@progbits
.globl f
.weak f
f:
only_in_the_second:
    mov $4, %eax
    ret
.section .gnu.linkonce.r.f,"a",@progbits
.long 1
.section .note.GNU-stack,"",@progbits
//@ file: c.s
.section .gnu.linkonce.t.thunk,"ax",@progbits
.globl thunk
.weak thunk
thunk:
old_thunk:
    mov $1, %edi
    ret
.section .note.GNU-stack,"",@progbits
