//@ ld: property_is_lost_when_one_object_has_none.o b.o
//@ expect: no section .note.gnu.property
.globl _start
.text
_start:
    mov $60, %eax
    xor %edi, %edi
    syscall
.section .note.gnu.property, "a", @note
.balign 8
.long 4, 16, 5
.asciz "GNU"
.long 0xc0000002, 4, 3, 0
//@ file: b.s
.text
nop
