//@ variant: section-start --section-start=.far=0x20000000
//@ ld: section_start_places_a_section.o
//@ expect: section .far addr 0x20000000
//@ exit: 7
.globl _start
.text
_start:
    mov value, %edi
    mov $60, %eax
    syscall
.section .far, "aw"
value: .long 7
