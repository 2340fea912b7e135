//@ link: text_relocations_with_notext.o -shared -Wl,-z,notext
//@ expect: dynamic TEXTREL
//@ no-run:
.globl f
.section .note.GNU-stack,"",@progbits
.text
f:
    ret
    .quad f
