//@ link: text_relocations_with_notext.o -shared -Wl,-z,notext
//@ expect: dynamic TEXTREL
//@ no-run:
.globl f
.text
f:
    ret
    .quad f
