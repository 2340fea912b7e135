//@ link: init_section_fragments_are_joined_in_order.o
//@ exit: 5
.globl main
.text
main:
    mov flag(%rip), %eax
    ret
# A piece of _init: falls through into crtn.o's epilogue.
.section .init, "ax", @progbits
    movl $5, flag(%rip)
.data
flag: .long 0
.section .note.GNU-stack, "", @progbits
