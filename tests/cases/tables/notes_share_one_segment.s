//@ ld: notes_share_one_segment.o --build-id
//@ expect: segment NOTE
//@ expect: note ABC 7 size 4
//@ expect: note GNU 3 size 20
.globl _start
.text
_start:
    mov $60, %eax
    xor %edi, %edi
    syscall
.section .note.mine, "a", @note
.balign 4
.long 4, 4, 7
.asciz "ABC"
.long 1
