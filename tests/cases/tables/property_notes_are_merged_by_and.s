//@ ld: property_notes_are_merged_by_and.o b.o
//@ expect: segment GNU_PROPERTY
//@ expect: section .note.gnu.property
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
# X86_FEATURE_1_AND: IBT and SHSTK
.long 0xc0000002, 4, 3, 0
//@ file: b.s
.section .note.gnu.property, "a", @note
.balign 8
.long 4, 16, 5
.asciz "GNU"
# SHSTK only: the output has SHSTK only
.long 0xc0000002, 4, 2, 0
